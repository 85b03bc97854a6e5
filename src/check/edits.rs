//! Edits of a clause: another operator, and a minus before the field where one is after the colon.

use super::{Checker, Subject};
use crate::ast::{Clause, Predicate, Token, Value};
use crate::catalog::Type;
use crate::diagnostic::{Diagnostic, Edit, Fix, Kind, excerpt};
use crate::parse::{Place, quote};
use crate::print;
use crate::span::Span;

impl Subject<'_> {
    /// What follows the minus that a word after a colon begins with, unless it is a number's.
    pub(super) fn after_minus<'w>(&self, word: &'w str) -> Option<&'w str> {
        let rest = word.strip_prefix('-')?;
        let is_word = match self.ty {
            Type::Text => rest.starts_with(char::is_alphanumeric),
            Type::Score | Type::Any => rest.starts_with(char::is_alphabetic),
            Type::Number | Type::Usd | Type::Seconds | Type::Time | Type::Uuid => false,
        };
        (is_word && matches!(self.clause.predicate, Predicate::Natural(_))).then_some(rest)
    }
}

impl Checker<'_> {
    /// `output:-refund`, with the edit `-output:refund`.
    pub(super) fn warn_minus(&mut self, subject: &Subject, span: Span, word: &str, rest: &str) {
        let clause = subject.clause;
        let mut diagnostic = Diagnostic::new(Kind::MinusInValue { text: excerpt(word) }, span);
        // A second minus against the first would be none.
        if self.signed {
            diagnostic = diagnostic.help("a minus before the field negates");
        } else {
            let value = print::text(rest, Place::Elsewhere);
            let operator = if clause.operator.end() == span.start() { ":" } else { ": " };
            let title = format!("write `-{}{operator}{}`", print::field(&clause.field.path), excerpt(&value));
            let edits = vec![Edit::insert(clause.field.span.start(), "-"), Edit { span, text: value }];
            diagnostic = diagnostic.fix(Fix { title, edits });
        }
        self.report(diagnostic.fix(Fix::replace("take it literally, in quotes", span, quote(word))));
    }
}

/// Replaces a clause's operator; a word stands apart from what is left and right of it.
pub(super) fn write_operator(clause: &Clause, ours: &str) -> Fix {
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
