//! Edits of a clause.

use crate::ast::{Clause, Predicate, Token, Value};
use crate::diagnostic::{Edit, Fix};
use crate::syntax::{Place, quote};

/// Replaces a clause's operator; a word stands apart from what is left and right of it.
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
        && !Place::after(ours).takes(word)
    {
        fix.edits.push(Edit { span: value.span, text: quote(word) });
    }
    fix
}
