//! Bare words: which strings can be written without quotes, and what is read in one.

use super::string::split;
use super::{Rule, is_one};
use crate::ast::{Predicate, Token, Value};
use crate::keyword;
use crate::types::text;
use crate::visible::is_hidden;

/// Whether a text is one bare value.
pub(crate) fn is_value(text: &str) -> bool {
    (!text.is_empty() && is_plainest(text) || is_one(Rule::Word, text)) && keyword::reserved(text).is_none()
}

/// Whether a bare text is read as the value it looks like: a keyword, a parameter, a pattern, or what
/// is warned of is not.
pub(crate) fn is_bare_value(text: &str) -> bool {
    is_plain(text) && is_value(text)
}

/// The same for the name of a field, or for a part of it between dots.
pub(crate) fn is_bare_name(text: &str) -> bool {
    let is_plainest = !text.is_empty() && is_plainest(text) && !text.contains(':');
    // After a dot a keyword is a key like any other.
    is_plain(text) && !text.starts_with('-') && (is_plainest || is_one(Rule::Field, &format!("x.{text}")))
}

/// Whether there is nothing in a text but what most words are made of: no quote, no escape, nothing
/// invisible, nothing that means more than itself.
fn is_plainest(text: &str) -> bool {
    text.bytes().all(|byte| PLAINEST.get(usize::from(byte)) == Some(&true))
}

/// Looked up, which is quicker than to ask.
static PLAINEST: [bool; 256] = {
    let mut table = [false; 256];
    let mut rest: &mut [bool] = &mut table;
    let mut byte = 0_u8;
    while let [is_plainest, others @ ..] = rest {
        *is_plainest = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'@' | b'+');
        byte = byte.wrapping_add(1);
        rest = others;
    }
    table
};

/// Whether a bare text is the value it looks like: no parameter, no pattern, nothing that is warned of.
fn is_plain(text: &str) -> bool {
    !text.starts_with(['$', '{', '/'])
        && !text.contains(['"', '\'', '*'])
        && !text.contains("..")
        && !text.eq_ignore_ascii_case("null")
        && text::doubtful(text).is_none()
        && !text.chars().any(|char| is_hidden(char) || matches!(char, '“' | '”' | '‘'))
}

/// Where a value is written: after `contains`, some words are read as a part of the operator.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    AfterContains,
    Elsewhere,
}

impl Place {
    /// The place of the value after an operator as it is written.
    pub(crate) fn after(operator: &str) -> Place {
        const CONTAINS: &str = "contains";
        let word = operator.len().checked_sub(CONTAINS.len()).and_then(|start| operator.get(start..));
        let is_contains = word.is_some_and(|word| word.eq_ignore_ascii_case(CONTAINS));
        if is_contains { Place::AfterContains } else { Place::Elsewhere }
    }

    /// Whether a word remains a value there, whatever follows it: `any` and `all` are none before a
    /// bracket, and `any$x` never is.
    pub(crate) fn takes(self, word: &str) -> bool {
        let is_read_as_quantifier = || {
            word.split_at_checked(3).is_some_and(|(quantifier, rest)| {
                let is_quantifier = ["any", "all"].iter().any(|known| known.eq_ignore_ascii_case(quantifier));
                is_quantifier && (rest.is_empty() || rest.starts_with(['(', '[', '$']))
            })
        };
        self == Place::Elsewhere || !is_read_as_quantifier()
    }
}

/// Keeps a word as the string that is printed for it where `contains` takes no such word.
pub(super) fn quoted_after_contains(predicate: Predicate) -> Predicate {
    match predicate {
        Predicate::Contains(Value { span, token: Token::Word(word) })
            if !Place::AfterContains.takes(&word) && is_bare_value(&word) =>
        {
            Predicate::Contains(Value { span, token: Token::Quoted(word) })
        }
        predicate => predicate,
    }
}

/// Where the two dots of a range are, outside quotes.
pub(crate) fn dots(text: &str) -> Option<usize> {
    match split(text) {
        Some((_, rest)) => rest.starts_with("..").then_some(text.len() - rest.len()),
        None => text.find(".."),
    }
}

/// Whether a value is `$` and a name, and not an amount of money.
pub(crate) fn is_parameter(text: &str) -> bool {
    let is_name_start = |char: char| char.is_ascii_alphabetic() || char == '_';
    text.strip_prefix('$').is_some_and(|name| name.starts_with(is_name_start))
}
