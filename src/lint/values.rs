//! Lints on each test: values that were probably not meant.

use std::cmp::Ordering;

use crate::ast::{Clause, Predicate, Token, Value};
use crate::catalog::Type;
use crate::check;
use crate::check::{instead_of_existence, natural_range, write_operator};
use crate::checked::{Checked, Condition, Test};
use crate::compare::{Operand, Relation, relation, words};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix, Kind, excerpt};
use crate::filter::{Comparison, Op, Scalar};
use crate::parameters::{Parameter, Parameters};
use crate::print;
use crate::span::Span;
use crate::syntax::{After, quote};
use crate::types::text::Doubt;
use crate::types::{duration, number, text};

pub(super) fn lint(checked: &Checked, source: &str, parameters: &Parameters, found: &mut Diagnostics) {
    match checked {
        Checked::All => {}
        Checked::Test(test) => {
            super::doubts::lint(test, source, found);
            let ty = test.known.map_or(Type::Any, |field| field.ty());
            Linter { test, clause: &test.clause, ty, source, found }.test(parameters);
        }
        Checked::Not(part) => lint(part, source, parameters, found),
        Checked::And(parts) | Checked::Or(parts) => {
            parts.iter().for_each(|part| lint(part, source, parameters, found));
        }
    }
}

struct Linter<'t> {
    test: &'t Test<'t>,
    clause: &'t Clause<'t>,
    ty: Type,
    source: &'t str,
    found: &'t mut Diagnostics,
}

/// A range with a unit at one end only.
struct LoneUnit<'v> {
    /// The end without the unit.
    bare: &'v Value<'v>,
    /// The end with it.
    end: &'v Value<'v>,
    unit: &'v str,
}

impl LoneUnit<'_> {
    fn kind(&self) -> Kind {
        Kind::LoneUnit { end: excerpt(self.end.text()), bare: excerpt(self.bare.text()) }
    }

    /// Returns the fix that adds a unit to the end without one.
    fn write(&self, unit: &str) -> Fix {
        Fix::write(self.bare.span, format!("{}{unit}", self.bare.text()))
    }
}

impl<'t> Linter<'t> {
    fn test(&mut self, parameters: &Parameters) {
        let predicate = &self.clause.predicate;
        let natural = match predicate {
            Predicate::Natural(value) => natural_range(value, self.ty, self.test.known),
            _ => None,
        };
        let ends = match (&natural, predicate) {
            (Some((lower, upper)), _) => Some((lower.as_ref(), upper.as_ref())),
            (None, Predicate::Range(lower, upper)) => Some((lower.as_ref(), upper.as_ref())),
            (None, Predicate::Between(lower, upper)) => Some((Some(lower), Some(upper))),
            _ => None,
        };
        if let Some((lower, upper)) = ends {
            lower.into_iter().chain(upper).for_each(|end| self.value(end, true));
            if let (Some(lower), Some(upper)) = (lower, upper) {
                self.range(lower, upper);
            }
            return;
        }
        let has_order = matches!(predicate, Predicate::Compare(comparison, _) if *comparison != Comparison::Eq);
        predicate.values().for_each(|value| self.value(value, has_order));
        if self.ty == Type::Time && !has_order {
            predicate.values().for_each(|value| self.instant(value));
        }
        let conditions = match &self.test.condition {
            Condition::Any(parts) | Condition::Every(parts) => parts.as_slice(),
            condition => std::slice::from_ref(condition),
        };
        if self.ty == Type::Score || matches!(conditions, [Condition::Contains(_), ..]) {
            self.conditions(conditions, parameters);
        }
        if let Predicate::In(values) | Predicate::ContainsAny(values) | Predicate::ContainsAll(values) = predicate
            && conditions.len() == values.len()
            && values.len() > 1
        {
            self.duplicates(values, conditions);
        }
    }

    /// Reports `start_time = now-7d`: it probably means the time since then.
    fn instant(&mut self, value: &Value) {
        let Token::Word(word) = &value.token else { return };
        if !word.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("now")) {
            return;
        }
        let diagnostic = Diagnostic::new(Kind::SingleInstant { text: excerpt(word) }, value.span);
        let is_single = !matches!(self.clause.predicate, Predicate::In(_)) && !self.clause.negated;
        self.found.push(if is_single && word.len() > 3 {
            let place = self.clause.operator.to(value.span);
            let since = if self.clause.field.span.end() == place.start() { " >= " } else { ">= " };
            diagnostic.fix(Fix::replace(format!("write `>= {}`", excerpt(word)), place, format!("{since}{word}")))
        } else {
            diagnostic.help("write a range: `in now-7d..now`")
        });
    }

    /// Checks each condition together with its value.
    fn conditions(&mut self, conditions: &[Condition], parameters: &Parameters) {
        // A parameter may have several values.
        let count = |value: &Value| match &value.token {
            Token::Parameter(name) => match parameters.get(name) {
                Some((_, Parameter::List(items))) => items.len(),
                _ => 1,
            },
            Token::Word(_) | Token::Quoted(_) => 1,
        };
        let filled = self.clause.predicate.values().flat_map(|value| std::iter::repeat_n(value, count(value)));
        for (value, condition) in filled.zip(conditions) {
            self.condition(value, condition);
        }
    }

    /// Checks a value of any type.
    fn value(&mut self, value: &Value, has_order: bool) {
        match (self.ty, &value.token) {
            (Type::Text | Type::Score | Type::Any, Token::Word(word)) => {
                if self.ty == Type::Text || self.ty == Type::Score && !has_order {
                    self.doubtful(value.span, word);
                }
                if let Some(rest) = self.after_minus(word) {
                    self.minus(value.span, word, rest);
                }
            }
            (Type::Seconds, Token::Word(text) | Token::Quoted(text)) => self.seconds(value.span, text),
            _ => {}
        }
    }

    fn condition(&mut self, value: &Value, condition: &Condition) {
        match condition {
            Condition::Contains(Scalar::String(text)) => self.words(value.span, text),
            Condition::Compare(Comparison::Eq, Scalar::String(_)) if self.ty == Type::Score => self.equality(value),
            _ => {}
        }
    }

    fn place(&self) -> After {
        After::operator(self.clause.predicate.operator(false))
    }

    /// Reports `{{model}}`, `None`, `x;`: a part of another language.
    fn doubtful(&mut self, span: Span, word: &str) {
        let Some(doubt) = text::doubtful(word) else { return };
        let quoted = || super::literally(span, quote(word));
        let diagnostic = Diagnostic::new(Kind::DoubtfulValue { text: excerpt(word) }, span);
        if let Some(value) = word.strip_prefix(':').filter(|_| self.clause.operator.end() == span.start()) {
            let value = check::literal(value, self.place());
            let fix = Fix::replace(format!("write `{}`", excerpt(&value)), span, format!(" {value}"));
            self.found.push(diagnostic.fix(fix));
            return;
        }
        self.found.push(match doubt {
            Doubt::Wrapped(inside) => diagnostic.fix(Fix::write(span, check::literal(inside, self.place()))),
            Doubt::Placeholder if word.starts_with(char::is_alphabetic) => {
                diagnostic.help(instead_of_existence(self.test.known)).fix(quoted())
            }
            Doubt::Placeholder => diagnostic.help("it looks like a placeholder that was not filled in").fix(quoted()),
        });
    }

    /// Reports an unusually long duration, which is probably in milliseconds.
    fn seconds(&mut self, span: Span, text: &str) {
        const UNLIKELY: f64 = 100.0;
        let is_bare = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'_'));
        let is_unlikely = || number::read(text).is_ok_and(|number| number.as_f64() >= UNLIKELY);
        if !is_bare || !is_unlikely() {
            return;
        }
        let kind = Kind::AssumedSeconds { field: excerpt(&self.clause.field.path) };
        self.found.push(
            Diagnostic::new(kind, span)
                .fix(Fix::replace(format!("write `{text}ms` for milliseconds"), span, format!("{text}ms")))
                .fix(Fix::replace(format!("write `{text}s` for seconds"), span, format!("{text}s"))),
        );
    }

    /// Returns what follows the minus at the start of a word after a colon, unless the word is a number.
    fn after_minus<'w>(&self, word: &'w str) -> Option<&'w str> {
        let rest = word.strip_prefix('-')?;
        let is_word = match self.ty {
            Type::Text => rest.starts_with(char::is_alphanumeric),
            Type::Score | Type::Any => rest.starts_with(char::is_alphabetic),
            Type::Number | Type::Usd | Type::Seconds | Type::Time | Type::Uuid => false,
        };
        (is_word && matches!(self.clause.predicate, Predicate::Natural(_))).then_some(rest)
    }

    /// Reports `output:-refund`, with the edit `-output:refund`.
    fn minus(&mut self, span: Span, word: &str, rest: &str) {
        let clause = self.clause;
        let start = clause.field.span.start();
        let mut diagnostic = Diagnostic::new(Kind::MinusInValue { text: excerpt(word) }, span);
        // A second minus directly before the first would not negate.
        if self.source.get(..start).is_some_and(|before| before.ends_with(['-', '!'])) {
            diagnostic = diagnostic.help("write the minus before the field to negate");
        } else {
            let value = check::literal(rest, After::Other);
            let operator = if clause.operator.end() == span.start() { ":" } else { ": " };
            let title = format!("write `-{}{operator}{}`", print::field(&clause.field.path), excerpt(&value));
            let edits = vec![Edit::insert(start, "-"), Edit { span, text: value }];
            diagnostic = diagnostic.fix(Fix::new(title, edits));
        }
        self.found.push(diagnostic.fix(super::literally(span, quote(word))));
    }

    /// Checks a value of `contains`.
    fn words(&mut self, span: Span, text: &str) {
        if words(text).next().is_none() {
            self.found.push(
                Diagnostic::new(Kind::NoWords { text: excerpt(text) }, span)
                    .help("punctuation and special characters only separate words"),
            );
            return;
        }
        if text.bytes().any(|byte| matches!(byte, b'|' | b'*' | b'+')) && self.pattern(span, text) {
            return;
        }
        let is_part = |char: char| matches!(char, '-' | '_' | '%' | '…');
        let is_negative =
            text.strip_prefix('-').is_some_and(|rest| rest.starts_with(|char: char| char.is_ascii_digit()));
        let is_percentage = text.trim_end_matches('%').ends_with(|char: char| char.is_ascii_digit());
        let looks_cut = text.starts_with(is_part) || text.ends_with(is_part) && !is_percentage || text.ends_with("...");
        if is_negative || !looks_cut || self.after_minus(text).is_some() {
            return;
        }
        let diagnostic = Diagnostic::new(Kind::PartOfWord { text: excerpt(text) }, span).help("write the whole word");
        // A substring pattern of SQL probably is a whole word.
        let trimmed = text.trim_matches('%');
        let is_word = trimmed.len() < text.len() && trimmed.chars().all(|char| char.is_alphanumeric() || char == ' ');
        self.found.push(if is_word {
            diagnostic.fix(Fix::write(span, check::literal(trimmed, self.place())))
        } else {
            diagnostic
        });
    }

    /// Reports `refund|policy` and `refund.*policy`, and returns whether it is one.
    #[cold]
    fn pattern(&mut self, span: Span, text: &str) -> bool {
        let clause = self.clause;
        let alternatives: Vec<&str> = text.split('|').collect();
        let is_word = |part: &&str| !part.is_empty() && part.chars().all(|char| char.is_alphanumeric() || char == '_');
        let are_words = alternatives.len() > 1 && alternatives.iter().all(is_word);
        let is_pattern = [".*", ".+"].iter().any(|pattern| text.contains(pattern));
        if !is_pattern && !are_words {
            return false;
        }
        let diagnostic = Diagnostic::new(Kind::DoubtfulValue { text: excerpt(text) }, span);
        let diagnostic = diagnostic.help("the API has no regular expressions; punctuation only separates words");
        let list = alternatives.iter().map(|part| check::literal(part, After::Other)).collect::<Vec<_>>().join(", ");
        let not = if clause.negated { "not " } else { "" };
        let any = format!("{not}contains any ({list})");
        let fix = Fix::replace(format!("write `{}`", excerpt(&any)), clause.operator.to(span), any);
        let is_one = matches!(clause.predicate, Predicate::Contains(_)) && !is_pattern;
        self.found.push(if is_one { diagnostic.fix(fix) } else { diagnostic });
        true
    }

    /// Reports `eval.Quality = good`: `eq` only compares numbers there.
    fn equality(&mut self, value: &Value) {
        let clause = self.clause;
        let diagnostic = Diagnostic::new(Kind::TextEquality { field: excerpt(&clause.field.path) }, value.span);
        self.found.push(match &value.token {
            Token::Quoted(text) if number::read(text).is_ok() => {
                diagnostic.help("without quotes it is a number").fix(Fix::write(value.span, &**text))
            }
            _ if self.test.known.is_some_and(|field| field.takes(Op::Contains))
                && matches!(clause.predicate, Predicate::Compare(..) | Predicate::Natural(_)) =>
            {
                let not = if clause.negated { "not " } else { "" };
                diagnostic
                    .help("a string or a boolean result is found with `contains`")
                    .fix(write_operator(clause, &format!("{not}contains")))
            }
            _ => diagnostic.help("`contains` finds a string, but the API's guide does not list it for this field"),
        });
    }

    fn range(&mut self, lower: &Value, upper: &Value) {
        self.three_dots(lower, upper);
        let lone = self.lone_unit(lower, upper);
        if self.is_reversed() {
            self.reversed(lower, upper, lone);
        } else if let Some(lone) = lone {
            self.one_unit(&lone);
        }
    }

    /// Reports `1...5`.
    fn three_dots(&mut self, lower: &Value, upper: &Value) {
        let Token::Word(word) = &upper.token else { return };
        let is_fraction =
            word.strip_prefix('.').is_some_and(|rest| rest.starts_with(|char: char| char.is_ascii_digit()));
        if is_fraction && lower.span.end() + "..".len() == upper.span.start() {
            let dots = Span::new(lower.span.end(), upper.span.start() + 1);
            let kind = Kind::ThreeDots { upper: excerpt(word) };
            self.found.push(Diagnostic::new(kind, dots).fix(Fix::write(dots, "..")).fix(Fix::write(dots, "..0.")));
        }
    }

    /// Returns what is lone in `1..5m`, if the other end may have been meant in the same unit.
    fn lone_unit<'v>(&self, lower: &'v Value<'v>, upper: &'v Value<'v>) -> Option<LoneUnit<'v>> {
        let (Type::Seconds, Token::Word(low), Token::Word(high)) = (self.ty, &lower.token, &upper.token) else {
            return None;
        };
        // A value with a unit ends in a letter.
        let has_unit = |word: &str| word.ends_with(|char: char| char.is_ascii_alphabetic());
        if has_unit(low) == has_unit(high) {
            return None;
        }
        let (bare, end, unit, low, high) = match (duration::unit(low), duration::unit(high)) {
            (None, Some(unit)) => (lower, upper, unit, format!("{low}{unit}"), high.to_string()),
            (Some(unit), None) => (upper, lower, unit, low.to_string(), format!("{high}{unit}")),
            _ => return None,
        };
        let (low, high) = (duration::read(&low).ok()?, duration::read(&high).ok()?);
        let meant = if bare.span == lower.span { low } else { high };
        let is_same = meant.as_f64() == number::read(bare.text()).ok()?.as_f64();
        (!is_same && low.as_f64() <= high.as_f64()).then_some(LoneUnit { bare, end, unit })
    }

    /// Reports `1..5m`: a unit applies to one end only.
    fn one_unit(&mut self, lone: &LoneUnit) {
        let span = lone.bare.span;
        // A large number was reported already.
        let is_doubted =
            |found: &Diagnostic| matches!(found.kind, Kind::AssumedSeconds { .. }) && found.span() == Some(span);
        if !self.found.as_slice().iter().any(is_doubted) {
            self.found.push(Diagnostic::new(lone.kind(), span).fix(lone.write("s")).fix(lone.write(lone.unit)));
        }
    }

    /// Whether a range contains nothing, as in `5..1`.
    fn is_reversed(&self) -> bool {
        let (begin, end, is_open) = match &self.test.condition {
            Condition::Between(begin, end) => (Operand::Number(*begin), Operand::Number(*end), false),
            // For periods: the month before June ends where June begins.
            Condition::Within(Some(begin), Some(end)) => {
                ((&begin.value).into(), (&end.value).into(), end.comparison == Comparison::Lt)
            }
            _ => return false,
        };
        match relation(begin, end, self.ty) {
            Relation::Ordered(Ordering::Greater) => true,
            Relation::Ordered(Ordering::Equal) => is_open,
            Relation::Ordered(_) | Relation::Different | Relation::Unrelated | Relation::Unknown => false,
        }
    }

    /// Reports `5..1`, and `1m..5`, which is 60 to 5 seconds.
    fn reversed(&mut self, lower: &Value, upper: &Value, lone: Option<LoneUnit>) {
        let mut diagnostic = Diagnostic::new(Kind::ReversedRange, lower.span.to(upper.span));
        if let Some(lone) = lone {
            diagnostic = diagnostic.help(lone.kind().to_string()).fix(lone.write(lone.unit));
        }
        if let (Token::Word(first), Token::Word(second)) = (&lower.token, &upper.token) {
            let edit = |span, text: &str| Edit { span, text: text.to_owned() };
            let edits = vec![edit(lower.span, second), edit(upper.span, first)];
            diagnostic = diagnostic.fix(Fix::new("swap the ends", edits));
        }
        self.found.push(diagnostic);
    }

    fn duplicates(&mut self, values: &[Value], conditions: &[Condition]) {
        for (second, first) in super::groups::duplicates(conditions.iter()) {
            let span = |index: usize| values.get(index).map(|value| value.span);
            let (Some(first), Some(before), Some(span)) = (span(first), span(second.saturating_sub(1)), span(second))
            else {
                continue;
            };
            let with_comma = Span::new(before.end(), span.end());
            self.found.push(
                Diagnostic::new(Kind::DuplicateValue, span).label(first, "first occurrence").fix(Fix::replace(
                    "remove it",
                    with_comma,
                    "",
                )),
            );
        }
    }
}
