//! What a server tells over IMAP.

#![no_main]

libfuzzer_sys::fuzz_target!(init: fuzz::forgive("/imap-proto-"), |bytes: &[u8]| mail::imap::fuzzing::read(bytes));
