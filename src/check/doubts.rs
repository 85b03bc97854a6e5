//! Values that are taken as they are, and are likely not what was meant.

use super::{Checker, Subject};
use crate::ast::{self, Clause, Predicate};
use crate::diagnostic::{Diagnostic, Fix, Kind, excerpt};
use crate::filter::{Comparison, Op};
use crate::parse::{Place, quote};
use crate::print;
use crate::span::Span;
use crate::types::text;

impl Checker<'_> {
    /// Whether the value of a clause is compared character by character.
    pub(super) fn is_exact(&self, subject: &Subject) -> bool {
        match subject.clause.predicate {
            Predicate::Natural(_) => subject.field.is_none_or(|field| field.compares(Op::Eq)),
            Predicate::Compare(..) | Predicate::In(_) => true,
            Predicate::Contains(_)
            | Predicate::ContainsAny(_)
            | Predicate::ContainsAll(_)
            | Predicate::Range(..)
            | Predicate::Between(..) => false,
        }
    }

    /// `europe\-west3`, where other languages escape, and dashes that look like a hyphen.
    pub(super) fn warn_foreign_characters(&mut self, word: &str, span: Span) {
        let (plain, help) = if let Some(plain) = text::without_backslashes(word) {
            (plain, "outside quotes a backslash is a character like any other".to_owned())
        } else if let Some((plain, dash)) = text::with_hyphens(word) {
            (plain, format!("U+{:04X} in it only looks like a hyphen", u32::from(dash)))
        } else {
            return;
        };
        let diagnostic = Diagnostic::new(Kind::DoubtfulValue { text: excerpt(word) }, span).help(help);
        let literal = Fix::replace("take it literally, in quotes", span, quote(word));
        self.report(diagnostic.fix(Fix::write(span, print::text(&plain, Place::Elsewhere))).fix(literal));
    }

    /// `meta.user\-type`: outside quotes the backslash is a part of the key.
    pub(super) fn warn_escaped_name(&mut self, written: &ast::Field) {
        let path: &str = &written.path;
        // A name in quotes is longer than what it says.
        let is_bare = written.span.end() - written.span.start() == path.len();
        let Some(plain) = text::without_backslashes(path).filter(|_| is_bare) else { return };
        let diagnostic = Diagnostic::new(Kind::DoubtfulValue { text: excerpt(path) }, written.span)
            .help("outside quotes a backslash is a character like any other")
            .fix(Fix::write(written.span, print::field(&plain)))
            .fix(Fix::replace("take it literally, in quotes", written.span, print::field(path)));
        self.report(diagnostic);
    }

    /// `"C:\temp"`: a tab is hardly a part of a value that is compared as a whole.
    pub(super) fn warn_control(&mut self, text: &str, span: Span) {
        let is_escaped = span.end() - span.start() > text.len() + 2;
        let Some(char) = text.chars().find(|char| text::letter_of_escape(*char).is_some()).filter(|_| is_escaped)
        else {
            return;
        };
        let mut written = String::with_capacity(text.len() + 8);
        for char in text.chars() {
            match text::letter_of_escape(char) {
                Some(letter) => written.extend(['\\', letter]),
                None => written.push(char),
            }
        }
        let diagnostic = Diagnostic::new(Kind::InvisibleCharacter { char }, span)
            .help("a backslash and a letter are an escape in quotes; a backslash itself is written twice");
        self.report(diagnostic.fix(Fix::write(span, quote(&written))));
    }

    /// `status = error`: of a call, many expect, and it is the status of a review.
    pub(super) fn warn_run_status(&mut self, subject: &Subject, text: &str, span: Span) {
        let field = subject.field.filter(|field| field.name() == "review_status");
        let written = &subject.clause.field;
        if written.path != "status" || !text::is_run_status(text) {
            return;
        }
        let Some(field) = field else { return };
        let kind = Kind::RunStatus { field: field.name().to_owned(), text: excerpt(text) };
        let help =
            format!("the API cannot search by whether a call failed; `{}` says that the review is meant", field.name());
        let fix = Fix::write(written.span, field.name());
        self.report(Diagnostic::new(kind, span).help(help).fix(fix));
    }
}

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
