//! Reads values by the type of their field.

use super::edits::literal;
use super::{Checker, Subject, instead_of_existence};
use crate::ast::{Clause, Predicate, Token, Value};
use crate::catalog::{Field, Type};
use crate::diagnostic::{Diagnostic, Fix, Kind, excerpt};
use crate::filter::{Comparison, Number, Op, Scalar};
use crate::parameters::Parameter;
use crate::span::Span;
use crate::syntax::After;
use crate::syntax::keyword;
use crate::types::time::{self, Edge, Moment, TimeError};
use crate::types::{duration, money, number, text as strings, uuid};

/// The help for a string in a parameter where only numbers are ordered.
const PASS_NUMBER: &str = "pass it as a number";

/// A value with its parameter resolved.
#[derive(Clone, Copy)]
pub(super) enum Input<'v> {
    Word(&'v str),
    Quoted(&'v str),
    Parameter(&'v str, &'v Parameter),
}

/// The meaning of a bare word in another language.
#[derive(Clone, Copy)]
enum Foreign {
    /// `*`, `null`: a test for existence.
    Test,
    /// `/refund.*/i`
    Expression,
    /// `gpt-*`
    Wildcard,
}

impl Foreign {
    fn of(word: &str) -> Option<Foreign> {
        if word == "*" || word.eq_ignore_ascii_case("null") {
            Some(Foreign::Test)
        } else if word.len() > 1 && word.starts_with('/') && (word.ends_with('/') || word.ends_with("/i")) {
            Some(Foreign::Expression)
        } else {
            word.bytes().any(|byte| byte == b'*').then_some(Foreign::Wildcard)
        }
    }
}

impl<'c> Checker<'c> {
    /// Resolves a value's parameter.
    pub(super) fn resolve_value<'v>(&mut self, subject: &Subject, value: &'v Value) -> Option<Input<'v>>
    where
        'c: 'v,
    {
        match &value.token {
            Token::Word(word) => match Foreign::of(word) {
                Some(foreign) => {
                    self.reject(subject, word, foreign, value.span);
                    None
                }
                None => Some(Input::Word(word)),
            },
            Token::Quoted(text) => Some(Input::Quoted(text)),
            Token::Parameter(name) => {
                let parameter = self.parameter(name);
                if parameter.is_none() {
                    let kind = Kind::MissingParameter { name: excerpt(name) };
                    self.report(Diagnostic::new(kind, value.span).help("put a string that begins with `$` in quotes"));
                }
                if let Some(Parameter::List(_)) = parameter {
                    let kind = Kind::ListParameter { name: excerpt(name) };
                    self.report(Diagnostic::new(kind, value.span).help("use lists with `in` and `contains any`"));
                    return None;
                }
                parameter.map(|parameter| Input::Parameter(name, parameter))
            }
        }
    }

    pub(super) fn parameter(&mut self, name: &str) -> Option<&'c Parameter> {
        let (name, parameter) = self.settings.parameters.get(name)?;
        self.used.insert(name);
        Some(parameter)
    }

    /// Rejects a bare word that is a pattern or an existence test in another language.
    #[cold]
    fn reject(&mut self, subject: &Subject, word: &str, foreign: Foreign, span: Span) {
        let searched_by_words = subject.field.is_some_and(|field| field.takes(Op::Contains));
        let has_order = match &subject.clause.predicate {
            Predicate::Compare(comparison, _) => *comparison != Comparison::Eq,
            Predicate::Range(..) | Predicate::Between(..) => true,
            _ => false,
        };
        let is_text = subject.ty == Type::Text || subject.ty == Type::Score && !has_order;
        let place = After::operator(subject.clause.predicate.operator(false));
        let diagnostic = match foreign {
            Foreign::Test => {
                let kind = Kind::ExistenceTest { field: subject.name() };
                let values = known_values(subject);
                Diagnostic::new(kind, span).help(instead_of_existence(subject.field)).candidates(values)
            }
            Foreign::Expression => {
                let kind = Kind::RegularExpression { text: excerpt(word) };
                let inside = word.trim_start_matches('/').trim_end_matches('i').trim_end_matches('/');
                let diagnostic = Diagnostic::new(kind, span);
                let is_word = !inside.is_empty() && inside.chars().all(|char| char.is_alphanumeric() || char == '-');
                match (searched_by_words, is_word) {
                    (true, true) => diagnostic.fix(Fix::write(span, literal(inside, place))),
                    (true, false) => {
                        diagnostic.help("`contains` finds whole words, next to one another and in this order")
                    }
                    (false, _) => diagnostic.help("list the values, as in `in (a, b)`"),
                }
            }
            Foreign::Wildcard => {
                let diagnostic = Diagnostic::new(Kind::Wildcard { text: excerpt(word) }, span);
                let inside = word.trim_matches('*');
                if searched_by_words {
                    let diagnostic = diagnostic.help("`contains` finds whole words");
                    let is_word = !inside.contains('*') && inside.chars().any(char::is_alphanumeric);
                    let trimmed = inside.trim_end_matches(['-', '_']);
                    if is_word { diagnostic.fix(Fix::write(span, literal(trimmed, place))) } else { diagnostic }
                } else {
                    let values = known_values(subject);
                    let literally = if is_text { "; in quotes the asterisk is literal" } else { "" };
                    diagnostic.help(format!("list the values, as in `in (a, b)`{literally}")).candidates(values)
                }
            }
        };
        self.report(diagnostic);
    }

    pub(super) fn words(&mut self, subject: &Subject, value: &Value) -> Option<Scalar> {
        let input = self.resolve_value(subject, value)?;
        self.words_value(subject, input, value.span)
    }

    /// Reads a value for `contains`.
    pub(super) fn words_value(&mut self, subject: &Subject, input: Input, span: Span) -> Option<Scalar> {
        self.scalar(subject, Op::Contains, input, span)
    }

    /// Reads a value by the field's type. Times are read by `moment`.
    pub(super) fn scalar(&mut self, subject: &Subject, op: Op, input: Input, span: Span) -> Option<Scalar> {
        match subject.ty {
            Type::Text => self.text(subject, input, span).map(Scalar::String),
            Type::Uuid => {
                let text = self.text(subject, input, span)?;
                if uuid::is_uuid(&text) {
                    return Some(Scalar::String(text));
                }
                match input {
                    Input::Parameter(..) => self.invalid_parameter(subject, &text, span),
                    Input::Word(_) | Input::Quoted(_) => self.invalid_value(subject, &text, span),
                }
                None
            }
            Type::Number | Type::Usd | Type::Seconds | Type::Time => {
                self.number(subject, input, span).map(Scalar::Number)
            }
            Type::Score | Type::Any => self.score(subject, op, input, span),
        }
    }

    fn text(&mut self, subject: &Subject, input: Input, span: Span) -> Option<String> {
        match input {
            Input::Word(text) | Input::Quoted(text) => Some(text.to_owned()),
            Input::Parameter(_, Parameter::String(text)) => Some(text.clone()),
            Input::Parameter(_, Parameter::Number(number)) if number.as_integer().is_some() => Some(number.to_string()),
            Input::Parameter(name, parameter) => self.wrong_value(subject, name, parameter, span),
        }
    }

    fn wrong_value<T>(&mut self, subject: &Subject, name: &str, parameter: &Parameter, span: Span) -> Option<T> {
        let found = format!("`${}` is {}", excerpt(name), parameter.describe());
        let kind = Kind::WrongValue { field: subject.name(), expected: subject.ty.describe(), found };
        let help = match subject.ty {
            Type::Text | Type::Uuid => "pass it as a string",
            Type::Number | Type::Usd => PASS_NUMBER,
            Type::Seconds => "pass it as a number of seconds, or as a string with its unit, such as `500ms`",
            Type::Time => "pass it as an instant, or as a string, such as `2024-06-01T12:00:00Z`",
            Type::Score | Type::Any => "pass it as a string or a finite number",
        };
        self.report(Diagnostic::new(kind, span).help(help));
        None
    }

    fn number(&mut self, subject: &Subject, input: Input, span: Span) -> Option<Number> {
        let text = match input {
            Input::Word(text) | Input::Quoted(text) => text,
            Input::Parameter(_, Parameter::Number(number)) if number.is_finite() => return Some(*number),
            Input::Parameter(name, parameter) => return self.number_in(subject, name, parameter, span),
        };
        let read = match subject.ty {
            Type::Usd if money::is_money(text) => money::read(text),
            Type::Seconds => match duration::read(text) {
                Ok(number) => return Some(number),
                Err(_) => number::read(text),
            },
            _ => number::read(text),
        };
        match read {
            Ok(number) => Some(number),
            Err(Kind::InvalidNumber { .. }) => {
                self.invalid_number(subject, text, span);
                None
            }
            Err(kind) => {
                self.report(Diagnostic::new(kind, span));
                None
            }
        }
    }

    /// Reads a number from a parameter of another type. A string must have only one reading: a duration
    /// needs a unit.
    fn number_in(&mut self, subject: &Subject, name: &str, parameter: &Parameter, span: Span) -> Option<Number> {
        let Parameter::String(text) = parameter else { return self.wrong_value(subject, name, parameter, span) };
        let read = match subject.ty {
            Type::Usd if money::is_money(text) => money::read(text),
            Type::Seconds => duration::read(text),
            _ => number::read(text),
        };
        match read {
            Ok(number) => Some(number),
            Err(kind @ Kind::NumberRange { .. }) => {
                self.report(Diagnostic::new(kind, span));
                None
            }
            Err(_) => self.wrong_value(subject, name, parameter, span),
        }
    }

    fn invalid_number(&mut self, subject: &Subject, text: &str, span: Span) {
        let wrong = |kind, home: Type| {
            let field = self.settings.catalog.of_type(home).map(|field| format!("{kind} goes with `{}`", field.name()));
            let kind =
                Kind::WrongUnit { text: excerpt(text), kind, field: subject.name(), expected: subject.ty.describe() };
            let diagnostic = Diagnostic::new(kind, span);
            field.map_or(diagnostic.clone(), |help| diagnostic.help(help))
        };
        let diagnostic = if duration::is_duration(text) && subject.ty != Type::Seconds {
            wrong("a duration", Type::Seconds)
        } else if money::is_money(text) && subject.ty != Type::Usd {
            wrong("an amount of money", Type::Usd)
        } else if let Some(Kind::NumberRange { .. }) =
            duration::read(text).err().filter(|_| subject.ty == Type::Seconds)
        {
            Diagnostic::new(Kind::NumberRange { text: excerpt(text) }, span)
        } else {
            self.invalid_value(subject, text, span);
            return;
        };
        self.report(diagnostic);
    }

    /// Reports an invalid value, with a suggestion.
    fn invalid_value(&mut self, subject: &Subject, text: &str, span: Span) {
        let (kind, help) = subject.ty.invalid(excerpt(text));
        let diagnostic = Diagnostic::new(kind, span);
        let clause = subject.clause;
        let is_eq = is_equality(clause, span);
        let (is_list, is_list_of_one) = match &clause.predicate {
            Predicate::In(values) => (true, values.len() == 1),
            _ => (false, false),
        };
        let hyphened = strings::with_hyphens(text).map(|(hyphened, _)| hyphened);
        let range = range_ends(hyphened.as_deref().unwrap_or(text), subject.ty);
        self.report(match (range, subject.ty.guess(text)) {
            (Some(ends), _) if takes_range(subject.field) && is_list_of_one => {
                diagnostic.help("write a range without parentheses").fix(range_for_list(clause, ends))
            }
            (Some((lower, upper)), _) if takes_range(subject.field) && is_eq => {
                let not = if clause.negated { "not " } else { "" };
                diagnostic.fix(with_operator(clause, span, format!("{not}in {lower}..{upper}")))
            }
            (Some(_), _) if subject.ty == Type::Score && (is_eq || is_list) => {
                diagnostic.help("in quotes it is a string")
            }
            (_, Some(meant)) => with_suggestion(diagnostic, subject, text, span, meant),
            (_, None) => diagnostic.help(help),
        });
    }

    /// Reports an invalid string in a parameter. There is no fix, as the string is not in the query.
    fn invalid_parameter(&mut self, subject: &Subject, text: &str, span: Span) {
        let (kind, help) = subject.ty.invalid(excerpt(text));
        let meant = subject.ty.guess(text).map(|meant| format!("did you mean `{}`?", excerpt(&meant)));
        self.report(Diagnostic::new(kind, span).help(meant.unwrap_or_else(|| help.to_owned())));
    }

    fn score(&mut self, subject: &Subject, op: Op, input: Input, span: Span) -> Option<Scalar> {
        let read = match input {
            // The value of `contains` is never rewritten.
            Input::Word(word) if op == Op::Contains => {
                number::canonical(word).map_or_else(|| Scalar::String(word.to_owned()), Scalar::Number)
            }
            Input::Word(word) if subject.ty == Type::Score && number::is_range(word) => {
                self.invalid_value(subject, word, span);
                return None;
            }
            Input::Word(word) => match number::read(word) {
                Ok(number) => Scalar::Number(number),
                Err(kind @ Kind::NumberRange { .. }) => {
                    self.report(Diagnostic::new(kind, span).help("in quotes it is a string"));
                    return None;
                }
                Err(_) => Scalar::String(word.to_owned()),
            },
            Input::Quoted(text) => Scalar::String(text.to_owned()),
            Input::Parameter(_, Parameter::String(text)) => Scalar::String(text.clone()),
            Input::Parameter(_, Parameter::Number(number)) if number.is_finite() => Scalar::Number(*number),
            Input::Parameter(name, parameter) => return self.wrong_value(subject, name, parameter, span),
        };
        match (&read, op) {
            (Scalar::String(text), Op::Gt | Op::Gte | Op::Lt | Op::Lte | Op::Between) if subject.ty == Type::Score => {
                self.not_a_number(input, text, span);
                None
            }
            _ => Some(read),
        }
    }

    pub(super) fn not_a_number(&mut self, input: Input, text: &str, span: Span) {
        let diagnostic = Diagnostic::new(Kind::InvalidNumber { text: excerpt(text) }, span);
        self.report(match number::read(text) {
            Ok(_) if matches!(input, Input::Parameter(..)) => diagnostic.help(PASS_NUMBER),
            Ok(_) => diagnostic.help("in quotes it is a string").fix(Fix::write(span, text)),
            Err(_) => diagnostic.help("only numbers can be compared here"),
        });
    }

    pub(super) fn moment(&mut self, subject: &Subject, input: Input, span: Span) -> Option<Moment> {
        let (text, read) = match input {
            Input::Word(text) | Input::Quoted(text) => (text, Moment::read(text, &self.clock)),
            Input::Parameter(_, Parameter::String(text)) => {
                // The value of a parameter is not in the query, so there is no edit.
                let read = Moment::read(text, &self.clock);
                (text.as_str(), read.map_err(|error| TimeError { fix: None, ..error }))
            }
            Input::Parameter(_, Parameter::Time(at)) => ("", Moment::at(*at, &at.to_string())),
            Input::Parameter(name, parameter) => return self.wrong_value(subject, name, parameter, span),
        };
        match read {
            Ok(moment) => Some(moment),
            Err(error) => {
                let is_invalid = matches!(error.kind, Kind::InvalidTime { .. });
                let has_fix = || Type::Time.guess(text).is_some() || range_ends(text, Type::Time).is_some();
                if is_invalid && matches!(input, Input::Parameter(..)) {
                    self.invalid_parameter(subject, text, span);
                } else if is_invalid && has_fix() {
                    self.invalid_value(subject, text, span);
                } else {
                    let mut diagnostic = Diagnostic::new(error.kind, span);
                    diagnostic.help = error.help.map(str::to_owned);
                    diagnostic.fixes.extend(error.fix.map(|time| Fix::write(span, literal(&time, After::Other))));
                    self.report(diagnostic);
                }
                None
            }
        }
    }

    /// Returns the start or end of a period if the API can represent it.
    pub(super) fn edge(&mut self, input: Input, edge: Edge, span: Span) -> Option<Scalar> {
        if edge.is_none() {
            let text = match input {
                Input::Word(text) | Input::Quoted(text) => text,
                Input::Parameter(_, Parameter::String(text)) => text,
                Input::Parameter(name, _) => name,
            };
            let kind = Kind::TimeRange { text: excerpt(text) };
            let help = "it begins or ends outside them; 9999-12-31T23:59:59Z is the last second";
            self.report(Diagnostic::new(kind, span).help(help));
        }
        edge.map(|at| Scalar::String(time::format(at)))
    }
}

/// Whether a clause compares with a value by equality. One end of a range is not a complete value.
fn is_equality(clause: &Clause, value: Span) -> bool {
    matches!(clause.predicate, Predicate::Compare(Comparison::Eq, _) | Predicate::Natural(_))
        && clause.predicate.values().any(|whole| whole.span == value)
}

/// Replaces a list by a range.
fn range_for_list(clause: &Clause, (lower, upper): (&str, &str)) -> Fix {
    let list = Span::new(clause.operator.end(), clause.span.end());
    let text = format!("{lower}..{upper}");
    Fix::replace(format!("write `{text}`"), list, format!(" {text}"))
}

/// Adds the fixes for an invalid value that was probably meant as another one.
fn with_suggestion(diagnostic: Diagnostic, subject: &Subject, text: &str, span: Span, meant: String) -> Diagnostic {
    let clause = subject.clause;
    let with_sign = |sign: &str| with_operator(clause, span, format!("{sign} {meant}"));
    // Probably the time since then was meant, not that instant.
    if is_equality(clause, span) && !clause.negated && meant.starts_with("now-") {
        return diagnostic.fix(with_sign(">="));
    }
    if is_age(text) && subject.ty == Type::Time {
        let Predicate::Compare(comparison, _) = &clause.predicate else {
            return diagnostic.fix(Fix::write(span, meant));
        };
        let sign = comparison.op().written();
        let diagnostic = diagnostic.help(newer_or_older(text, &meant)).fix(with_sign(sign));
        return keyword::turned(sign).map(with_sign).into_iter().fold(diagnostic, Diagnostic::fix);
    }
    // Another character for a minus sign is also only a spelling.
    let is_hyphened = || strings::with_hyphens(text).is_some_and(|(hyphened, _)| hyphened == meant);
    let is_spelling = subject.ty.has_one_reading(text) || is_hyphened();
    // `!= -7d` would exclude a single second.
    let is_likely = !clause.negated || subject.ty != Type::Time;
    diagnostic.fix(guessed(subject, text, span, meant).sure_if(is_spelling && is_likely))
}

/// Replaces the operator and the value of a clause.
fn with_operator(clause: &Clause, value: Span, ours: String) -> Fix {
    let touches = clause.operator.start() == clause.field.span.end();
    let title = format!("write `{ours}`");
    let text = if touches { format!(" {ours}") } else { ours };
    Fix::replace(title, clause.operator.to(value), text)
}

/// Replaces a value by the suggested one, with an equivalent operator.
fn guessed(subject: &Subject, text: &str, span: Span, meant: String) -> Fix {
    if let Predicate::Compare(input, _) = &subject.clause.predicate {
        let ours = subject.ty.comparison_with_guess(text, *input);
        if ours != *input {
            return with_operator(subject.clause, span, format!("{} {meant}", ours.op().written()));
        }
    }
    Fix::write(span, meant)
}

/// Splits a range of values of a type: `1..5`, `1..`, `..5`, or `1-5`.
fn range_ends(text: &str, ty: Type) -> Option<(&str, &str)> {
    let is_end = |end: &str| ty.by_size().fits(end);
    match text.split_once("..") {
        Some(("", "")) => None,
        Some((lower, upper)) => {
            (lower.is_empty() || is_end(lower)).then_some((lower, upper)).filter(|_| upper.is_empty() || is_end(upper))
        }
        None => text.split_once('-').filter(|(lower, upper)| is_end(lower) && is_end(upper)),
    }
}

/// Whether a field is ordered, so that two dots form a range.
fn takes_range(field: Option<&Field>) -> bool {
    field.is_none_or(|field| field.takes(Op::Gte) && field.takes(Op::Lte))
}

/// Splits a range after a colon, where the field decides whether two dots form a range.
pub(crate) fn natural_range<'v>(
    value: &'v Value,
    ty: Type,
    field: Option<&Field>,
) -> Option<(Option<Value<'v>>, Option<Value<'v>>)> {
    let Token::Word(word) = &value.token else { return None };
    if !(ty.is_ordered() || ty == Type::Score && number::is_range(word) && takes_range(field)) {
        return None;
    }
    let (lower, upper) = word.split_once("..")?;
    let end =
        |text: &'v str, start| Value { span: Span::new(start, start + text.len()), token: Token::Word(text.into()) };
    let lower_end = (!lower.is_empty()).then(|| end(lower, value.span.start()));
    Some((lower_end, (!upper.is_empty()).then(|| end(upper, value.span.end() - upper.len()))))
}

/// Returns the known values of a field, as they are written in a query.
fn known_values(subject: &Subject) -> Vec<String> {
    const MOST: usize = 20;
    let values = subject.field.map_or(&[][..], Field::values).iter().take(MOST);
    values
        .map(|value| match value {
            Scalar::String(text) => literal(text, After::Other),
            Scalar::Number(number) => number.to_string(),
        })
        .collect()
}

/// Explains how to compare a time that is given as an age.
pub(crate) fn newer_or_older(age: &str, since: &str) -> String {
    format!("`{age}` ago is `{since}`; use `>` for newer, `<` for older")
}

/// Whether a string is an age such as `7d`, not a time.
fn is_age(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_digit())
        && text.ends_with(|char: char| char.is_ascii_alphabetic())
        && !text.contains(' ')
}
