//! Reports `1,500` in a list of numbers, which may be one number or two.

use super::{Checker, Subject};
use crate::ast::{Token, Value};
use crate::catalog::Type;
use crate::diagnostic::{Diagnostic, Fix, Kind, excerpt};

impl Checker<'_> {
    /// Reports numbers of a list that may be one number with digits grouped by commas.
    pub(super) fn grouped_digits(&mut self, subject: &Subject, values: &[Value]) -> Option<()> {
        let is_numeric = matches!(subject.ty, Type::Number | Type::Usd | Type::Seconds | Type::Score);
        let mut rest = if is_numeric { values } else { &[] };
        let mut found = false;
        while let [first, others @ ..] = rest {
            let groups = groups(first, others);
            rest = others.get(groups.len()..).unwrap_or_default();
            if !groups.is_empty() {
                self.report_grouped(subject.ty, first, groups);
                found = true;
            }
        }
        (!found).then_some(())
    }

    fn report_grouped(&mut self, ty: Type, first: &Value, groups: &[Value]) {
        let words: Vec<&str> = std::iter::once(first).chain(groups).map(bare).collect();
        let span = groups.last().map_or(first.span, |last| first.span.to(last.span));
        let kind = Kind::InvalidNumber { text: excerpt(&words.join(",")) };
        let diagnostic = Diagnostic::new(kind, span).fix(Fix::write(span, words.join(", ")));
        let joined = words.concat();
        self.report(if ty.fits(&joined) { diagnostic.fix(Fix::write(span, joined)) } else { diagnostic });
    }
}

/// Returns the values directly after a number that may be further groups of its digits.
fn groups<'v>(first: &Value, others: &'v [Value]) -> &'v [Value<'v>] {
    let mut before = first;
    let mut len = 0;
    let leads = bare(first).trim_start_matches(['-', '$']);
    if (1..=3).contains(&leads.len()) && leads.bytes().all(|byte| byte.is_ascii_digit()) {
        for value in others {
            let digits = bare(value).bytes().take_while(u8::is_ascii_digit).count();
            // A gap of one byte between two values can only be a comma.
            let touches = before.span.end() + 1 == value.span.start();
            // A fraction or a unit ends the number.
            let is_last = len > 0 && bare(before).len() > 3;
            if digits != 3 || !touches || is_last {
                break;
            }
            before = value;
            len += 1;
        }
    }
    others.get(..len).unwrap_or_default()
}

/// Returns a bare word, or an empty string for any other value.
fn bare<'v>(value: &'v Value) -> &'v str {
    match &value.token {
        Token::Word(word) => word,
        Token::Quoted(_) | Token::Parameter(_) => "",
    }
}
