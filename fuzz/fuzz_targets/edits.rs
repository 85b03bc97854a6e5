#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| freeplay_filter_fuzz::run("edits", data));
