//! Writes a value or an operator into a clause, with the quotes and the white space that it needs there.

use crate::ast::{Clause, Predicate, Token, Value};
use crate::diagnostic::{Edit, Fix};
use crate::syntax::{After, is_word, quote};
use crate::types::text::is_literal;

/// Whether a string needs no quotes: as a bare word it is read as the same string.
pub(crate) fn is_bare(text: &str, after: After) -> bool {
    is_literal(text) && is_word(text) && after.takes(text)
}

/// Returns a string as a value, quoted if necessary.
pub(crate) fn literal(text: &str, after: After) -> String {
    if is_bare(text, after) { text.to_owned() } else { quote(text) }
}

/// Replaces a clause's operator, with white space around an operator of letters.
pub(crate) fn write_operator(clause: &Clause, ours: &str) -> Fix {
    let is_word = ours.ends_with(char::is_alphabetic);
    let before = is_word && clause.field.span.end() == clause.operator.start();
    let touches = |value: &Value| value.span.start() == clause.operator.end();
    let after = is_word
        && match &clause.predicate {
            Predicate::Natural(value) | Predicate::Compare(_, value) | Predicate::Contains(value) => touches(value),
            _ => false,
        };
    let text = format!("{}{ours}{}", if before { " " } else { "" }, if after { " " } else { "" });
    let mut fix = Fix::replace(format!("write `{ours}`"), clause.operator, text);
    let (Predicate::Natural(value) | Predicate::Compare(_, value)) = &clause.predicate else { return fix };
    if let Token::Word(word) = &value.token
        && !After::operator(ours).takes(word)
    {
        fix.edits.push(Edit { span: value.span, text: quote(word) });
    }
    fix
}
