//! The parser in src/syntax/generated.rs is made from grammar/filter.pest.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "../grammar/compile.rs"]
mod compile;

use std::fs;

use compile::compile;

const GRAMMAR: &str = include_str!("../grammar/filter.pest");
const GENERATED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/syntax/generated.rs");

/// `UPDATE=1 cargo test --test generated` writes the parser.
#[test]
fn the_parser_is_the_grammar_compiled() {
    let code = compile(GRAMMAR).unwrap_or_else(|error| panic!("{error}"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(GENERATED, &code).unwrap();
    }
    assert!(fs::read_to_string(GENERATED).unwrap() == code, "run `UPDATE=1 cargo test --test generated`");
}
