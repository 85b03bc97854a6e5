//! Numbers whose digits are grouped by commas.

use super::clause::List;
use super::fold::Fold;
use crate::ast::{Token, Value};
use crate::catalog::Type;
use crate::diagnostic::{Diagnostic, Fix, Kind, excerpt};
use crate::keyword;
use crate::span::Span;

impl<'a> Fold<'a, '_> {
    /// The number that is meant by one with a comma.
    pub(super) fn number_with_comma(&self, word: Span, ty: Type) -> Option<(String, &'static str)> {
        let text = self.slice(word);
        let digits = text.trim_start_matches(['-', '$']);
        let mut groups = digits.split('.').next().unwrap_or_default().split(',');
        let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
        let grouped = first && groups.clone().count() > 0 && groups.all(|group| group.len() == 3);
        if grouped && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.')) {
            let mended = text.replace(',', "_");
            return ty.fits(&mended).then_some((mended, "digits are grouped by `_`"));
        }
        let mended = (if ty == Type::Usd { ty } else { Type::Number }).guess(text)?;
        Some((mended, "a decimal fraction follows a point"))
    }

    /// Reports `1,500` in a list of numbers, where nobody can know whether it is one or two.
    pub(super) fn grouped_digits(&mut self, list: &List<'a>) -> bool {
        let ty = self.field_at(self.field).map(|field| field.ty());
        let Some(ty) = ty.filter(|ty| is_numeric(*ty)) else { return false };
        let mut found = false;
        let mut rest = list.values.as_slice();
        while let [first, others @ ..] = rest {
            let groups = self.groups(first, others);
            rest = others.get(groups.len()..).unwrap_or_default();
            if let Some(last) = groups.last() {
                self.report_grouped(first.span.to(last.span), ty);
                found = true;
            }
        }
        found
    }

    /// `1,000..2,000`, of which the grammar reads only what stands before a comma.
    pub(super) fn grouped_range(&mut self, value: Span) -> bool {
        if !self.nearby(value.end()).starts_with(',') {
            return false;
        }
        let run = Span::new(value.start(), value.start() + word_len(self.nearby(value.start())));
        let plain = self.slice(run).split_once("..").and_then(|ends| self.ungrouped(ends));
        plain.is_some_and(|(lower, upper)| {
            self.report_range(run, format!("{lower}..{upper}"));
            true
        })
    }

    /// `between 1,000 and 2,000`.
    pub(super) fn grouped_between(&mut self, lower: Span) -> bool {
        let rest = self.nearby(lower.start());
        let Some((first, behind)) = rest.split_at_checked(word_len(rest)) else { return false };
        let word = behind.trim_start();
        let is_and = |and: &&str| and.eq_ignore_ascii_case(keyword::AND);
        let Some(second) = word.get(..3).filter(is_and).and_then(|_| word.get(3..)).map(str::trim_start) else {
            return false;
        };
        let Some((end, _)) = second.split_at_checked(word_len(second)) else { return false };
        let run = Span::new(lower.start(), lower.start() + (rest.len() - second.len()) + end.len());
        self.ungrouped((first, end)).is_some_and(|(lower, upper)| {
            self.report_range(run, format!("{lower} {} {upper}", keyword::AND));
            true
        })
    }

    /// The ends of a range of numbers with `_` for the commas between groups of digits, where there
    /// are any.
    fn ungrouped(&self, (lower, upper): (&str, &str)) -> Option<(String, String)> {
        let is_sound = |end: &str| end.is_empty() || self.end_fits(self.field, end);
        let ends = [lower, upper].map(|end| if is_grouped(end) { end.replace(',', "_") } else { end.to_owned() });
        let is_numeric = self.field_at(self.field).is_some_and(|field| is_numeric(field.ty()));
        let found = is_numeric && (is_grouped(lower) || is_grouped(upper)) && ends.iter().all(|end| is_sound(end));
        let [lower, upper] = ends;
        found.then_some((lower, upper))
    }

    fn report_range(&mut self, span: Span, plain: String) {
        let kind = Kind::InvalidNumber { text: excerpt(self.slice(span)) };
        self.report(Diagnostic::new(kind, span).help("digits are grouped by `_`").fix(Fix::write(span, plain)));
        self.skip_to(span.end());
        self.recovering = true;
    }

    /// The values right behind a number that can be further groups of its digits.
    fn groups<'v>(&self, first: &Value<'a>, others: &'v [Value<'a>]) -> &'v [Value<'a>] {
        let mut before = first;
        let mut len = 0;
        let leads = bare(first).trim_start_matches(['-', '$']);
        if (1..=3).contains(&leads.len()) && leads.bytes().all(|byte| byte.is_ascii_digit()) {
            for value in others {
                let digits = bare(value).bytes().take_while(u8::is_ascii_digit).count();
                let touches = self.slice(Span::new(before.span.end(), value.span.start())) == ",";
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

    fn report_grouped(&mut self, span: Span, ty: Type) {
        let text = self.slice(span);
        let apart = text.replace(',', ", ");
        let joined = text.replace(',', "");
        let kind = Kind::InvalidNumber { text: excerpt(text) };
        let diagnostic = Diagnostic::new(kind, span).fix(Fix::write(span, apart));
        self.report(if ty.fits(&joined) { diagnostic.fix(Fix::write(span, joined)) } else { diagnostic });
    }
}

fn is_numeric(ty: Type) -> bool {
    matches!(ty, Type::Number | Type::Usd | Type::Seconds | Type::Score)
}

/// How long a word is that commas do not end.
fn word_len(text: &str) -> usize {
    text.find(|char: char| char.is_whitespace() || matches!(char, '(' | ')' | '[' | ']')).unwrap_or(text.len())
}

/// Whether a text is one to three digits, and behind commas exactly three each time; a fraction or a
/// unit may end it.
fn is_grouped(text: &str) -> bool {
    let mut groups = text.trim_start_matches(['-', '$']).split(',').peekable();
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let leads = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && is_digits(first));
    if !leads || groups.peek().is_none() {
        return false;
    }
    while let Some(group) = groups.next() {
        let digits = group.bytes().take_while(u8::is_ascii_digit).count();
        if digits != 3 || groups.peek().is_some() && group.len() > 3 {
            return false;
        }
    }
    true
}

/// A bare word, or nothing for what is none.
fn bare<'v>(value: &'v Value) -> &'v str {
    match &value.token {
        Token::Word(word) => word,
        Token::Quoted(_) | Token::Parameter(_) => "",
    }
}
