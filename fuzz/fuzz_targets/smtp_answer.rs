//! What a server answers over SMTP.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mail::smtp::fuzzing::read(bytes));
