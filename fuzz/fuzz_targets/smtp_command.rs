//! What a stranger says to our own SMTP port, and the message that follows.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mail::inbound::fuzzing::read(bytes));
