//! Completion, highlighting and edits, on arbitrary text and on generated queries.

#[path = "../common/mod.rs"]
mod common;
mod complete;
mod edit;
mod highlight;
#[path = "../strategies/mod.rs"]
mod strategies;

use freeplay_filter::editor::TokenKind;
use freeplay_filter::span::Unit;

use common::compiler;

/// Returns an equivalent query with other spelling: signs for words, other white space, comments.
fn respelled(text: &str, spelling: &[u8]) -> String {
    let mut out = String::new();
    let mut choices = spelling.iter().cycle();
    for token in compiler().highlight(text, Unit::Bytes) {
        let written = &text[token.range()];
        let choice = choices.next().unwrap() % 8;
        out.push_str(match (token.kind, written, choice) {
            (TokenKind::Keyword, "and", 0) => "&&",
            (TokenKind::Keyword, "and", 1) => "AND",
            (TokenKind::Keyword, "or", 0) => "||",
            (TokenKind::Keyword, "not", 0) => "!",
            (TokenKind::Operator, "=", 0) => "==",
            (TokenKind::Operator, "!=", 0) => "<>",
            (TokenKind::WhiteSpace, _, 0) => "\n\t",
            (TokenKind::WhiteSpace, _, 1) => "  # one (\n",
            (TokenKind::WhiteSpace, _, 2) => " #two\n ",
            _ => written,
        });
    }
    match spelling[0] % 4 {
        0 => out.push_str(" # last"),
        1 => out.insert_str(0, "# first\n"),
        _ => {}
    }
    out
}
