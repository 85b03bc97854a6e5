//! Spans of time where a time is wanted.

use crate::ast::{Clause, Predicate};
use crate::diagnostic::{Diagnostic, Fix};
use crate::filter::Comparison;
use crate::span::Span;

/// Whether a string is a span of time and does not say from when: `7d`, but not `7 days ago`.
pub(super) fn is_age(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_digit()) && !text.to_ascii_lowercase().ends_with("ago")
}

/// `start_time < 7d` may mean less than seven days ago, or before that.
pub(super) fn readings_of_age(diagnostic: Diagnostic, clause: &Clause, span: Span, since: &str) -> Diagnostic {
    let Predicate::Compare(comparison, _) = &clause.predicate else {
        return diagnostic.fix(Fix::write(span, since));
    };
    if clause.negated || !since.starts_with("now-") {
        return diagnostic.fix(Fix::write(span, since));
    }
    let (later, earlier) = match comparison {
        Comparison::Gte | Comparison::Lte => (">=", "<="),
        Comparison::Gt | Comparison::Lt | Comparison::Eq => (">", "<"),
    };
    let place = clause.operator.to(span);
    let before = if clause.operator.start() == clause.field.span.end() { " " } else { "" };
    let write = |operator: &str, means: &str| {
        let text = format!("{operator} {since}");
        Fix::replace(format!("write `{text}` for {means}"), place, format!("{before}{text}"))
    };
    let (recent, old) = (write(later, "since then"), write(earlier, "before then"));
    diagnostic.help("a time is compared with a time, not with an age").fix(recent).fix(old)
}
