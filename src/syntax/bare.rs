//! Decides what needs no quotes, by the grammar's own rules. Used for printing, raising, completion and edits.

use super::{Rule, is_one};
use crate::ast::{Predicate, Token, Value};
use crate::syntax::keyword;
use crate::syntax::string::split;
use crate::visible::is_hidden;

/// Whether a string is parsed as one bare word in place of a value.
pub(crate) fn is_word(text: &str) -> bool {
    if has_common_chars(text) { keyword::reserved(text).is_none() } else { is_one(Rule::Word, text) }
}

/// Whether a string is parsed as one bare word in a list.
pub(crate) fn is_item(text: &str) -> bool {
    is_word(text) && (text.is_ascii() || is_one(Rule::ItemWord, text))
}

/// Marks a bare word that a list cannot contain as quoted, so that it is printed in quotes.
pub(crate) fn in_list(value: Value) -> Value {
    match value.token {
        Token::Word(word) if !word.is_ascii() && !is_item(&word) => Value { token: Token::Quoted(word), ..value },
        token => Value { token, ..value },
    }
}

/// Whether a string is parsed as one field without quotes. A lone `*` is not: it matches everything.
pub(crate) fn is_name(text: &str) -> bool {
    text != "*"
        && is_one(Rule::Field, text)
        && !text.chars().any(|char| is_hidden(char) || matches!(char, '"' | '\'' | '“' | '‘'))
}

/// Whether a string is parsed as one bare search term without a field.
pub(crate) fn is_term(text: &str) -> bool {
    is_one(Rule::Bare, text)
}

/// Whether a string consists of common characters of words only. A shortcut.
fn has_common_chars(text: &str) -> bool {
    let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'@' | b'+');
    !text.is_empty() && text.bytes().all(is_usual)
}

/// The kind of operator before a value. After `contains`, some words are part of the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    Contains,
    Other,
}

impl After {
    /// Returns the kind of an operator.
    pub(crate) fn operator(operator: &str) -> After {
        const CONTAINS: &str = "contains";
        let word = operator.len().checked_sub(CONTAINS.len()).and_then(|start| operator.get(start..));
        let is_contains = word.is_some_and(|word| word.eq_ignore_ascii_case(CONTAINS));
        if is_contains { After::Contains } else { After::Other }
    }

    /// Whether a word is read as a value after the operator, whatever follows: after `contains`, `any` and
    /// `all` are not before a bracket, and `any$x` never is.
    pub(crate) fn takes(self, word: &str) -> bool {
        let (quantifier, rest) = word.split_at_checked("any".len()).unwrap_or_default();
        let is_quantifier = || quantifier.eq_ignore_ascii_case("any") || quantifier.eq_ignore_ascii_case("all");
        self == After::Other || !(rest.is_empty() || rest.starts_with(['(', '[', '$'])) || !is_quantifier()
    }
}

/// Marks a bare word that could be read as a quantifier after `contains` as quoted, so that it is printed in quotes.
pub(super) fn quoted_quantifier(predicate: Predicate) -> Predicate {
    match predicate {
        Predicate::Contains(Value { span, token: Token::Word(word) }) if !After::Contains.takes(&word) => {
            Predicate::Contains(Value { span, token: Token::Quoted(word) })
        }
        predicate => predicate,
    }
}

/// Returns the position of the first two dots outside quotes.
pub(crate) fn dots(text: &str) -> Option<usize> {
    match split(text) {
        Some((_, rest)) => rest.starts_with("..").then_some(text.len() - rest.len()),
        None => text.find(".."),
    }
}

/// Whether a value is a parameter, and not an amount of money.
pub(crate) fn is_parameter(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|name| name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_'))
}
