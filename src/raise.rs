//! Raising: converts the API's filter to a query.

use std::borrow::Cow;

use jiff::SignedDuration;

use crate::ast::{Clause, Expr, Field, Predicate, Query, Token, Value};
use crate::catalog::Type;
use crate::check::{self, Settings};
use crate::checked::Checked;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Kind, excerpt};
use crate::filter::{Comparison, Condition, FieldFilter, Filter, Number, Op, Scalar};
use crate::limits::MAX_DEPTH;
use crate::lower::lower;
use crate::span::Span;
use crate::syntax::{After, in_list};
use crate::types::time::{self, Clock, Moment};
use crate::types::{duration, money, number};

/// Returns the query that lowers to the filter's canonical form, or a diagnostic for each part that
/// cannot be expressed as a query.
pub(crate) fn raise(filter: &Filter, settings: Settings) -> Result<Query<'static>, Vec<Diagnostic>> {
    let mut raiser = Raiser { settings, pointer: String::new(), diagnostics: Diagnostics::default() };
    if filter.depth() > MAX_DEPTH {
        return Err(vec![Diagnostic::in_json(Kind::TooDeep { limit: MAX_DEPTH }, String::new())]);
    }
    let expr = raiser.expr(filter);
    if !raiser.diagnostics.as_slice().is_empty() {
        return Err(raiser.diagnostics.into_vec());
    }
    Ok(Query { text: Cow::Borrowed(""), expr, comments: Vec::new() })
}

struct Raiser<'s> {
    settings: Settings<'s>,
    /// The JSON pointer of the current filter.
    pointer: String,
    diagnostics: Diagnostics,
}

const NOWHERE: Span = Span::NOWHERE;

impl Raiser<'_> {
    fn expr(&mut self, filter: &Filter) -> Expr<'static> {
        match filter {
            Filter::All => Expr::All(NOWHERE),
            Filter::Field(field) => Expr::Clause(self.clause(field)),
            Filter::Not(part) => {
                let part = self.at("/not", |raiser| raiser.expr(part));
                negate(part)
            }
            Filter::And(_) => {
                let mut parts = Vec::new();
                self.gather(filter, &mut parts);
                match parts.len() {
                    0 => Expr::All(NOWHERE),
                    _ => Expr::joined(join(parts, joined_by_and), Expr::And),
                }
            }
            Filter::Or(_) => {
                let mut parts = Vec::new();
                self.gather(filter, &mut parts);
                match parts.len() {
                    0 => negate(Expr::All(NOWHERE)),
                    _ => Expr::joined(join(parts, joined_by_or), Expr::Or),
                }
            }
        }
    }

    /// Collects the parts of a group, including those of nested groups of the same kind.
    fn gather(&mut self, filter: &Filter, parts: &mut Vec<Expr<'static>>) {
        let name = if matches!(filter, Filter::And(_)) { "and" } else { "or" };
        for (index, child) in filter.children().iter().enumerate() {
            let same_kind =
                matches!((filter, child), (Filter::And(_), Filter::And(_)) | (Filter::Or(_), Filter::Or(_)));
            self.at(&format!("/{name}/{index}"), |raiser| {
                if same_kind && !child.children().is_empty() {
                    raiser.gather(child, parts);
                    return;
                }
                // A group with one part is raised as that part, which may be a group of this kind.
                match (filter, raiser.expr(child)) {
                    (Filter::And(_), Expr::And(_, more)) | (Filter::Or(_), Expr::Or(_, more)) => parts.extend(more),
                    (_, part) => parts.push(part),
                }
            });
        }
    }

    fn at<T>(&mut self, step: &str, inside: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push_str(step);
        let result = inside(self);
        self.pointer.truncate(length);
        result
    }

    /// Returns the clause for a field filter, after checking that it compiles to the same filter.
    fn clause(&mut self, filter: &FieldFilter) -> Clause<'static> {
        let ty = self.settings.catalog.resolve(&filter.field).map_or(Type::Any, |resolved| resolved.field.ty());
        let value = |token| Value { span: NOWHERE, token };
        let predicate = match &filter.condition {
            Condition::Compare(comparison, scalar) => {
                Predicate::Compare(*comparison, value(token(scalar, ty, After::Other)))
            }
            Condition::Contains(scalar) => Predicate::Contains(value(token(scalar, ty, After::Contains))),
            Condition::Between(lower, upper) => {
                Predicate::Between(value(number(*lower, ty)), value(number(*upper, ty)))
            }
        };
        let field = Field { span: NOWHERE, path: Cow::Owned(filter.field.to_string()) };
        let clause = Clause { span: NOWHERE, field, negated: false, operator: NOWHERE, predicate };
        let (test, found) = check::check_clause(&clause, self.settings);
        let problem = found.iter().find(|diagnostic| diagnostic.is_error());
        let lowered = test.map(|test| lower(Checked::Test(test)));
        if problem.is_some() || !matches!(&lowered, Some(Filter::Field(same)) if same == filter) {
            self.reject(filter, problem, ty);
        }
        clause
    }

    fn reject(&mut self, filter: &FieldFilter, problem: Option<&Diagnostic>, ty: Type) {
        let value = match &filter.condition {
            Condition::Compare(_, Scalar::String(text)) | Condition::Contains(Scalar::String(text)) => {
                format!("the string `{}`", excerpt(text))
            }
            Condition::Compare(_, Scalar::Number(number)) | Condition::Contains(Scalar::Number(number)) => {
                format!("the number {number}")
            }
            Condition::Between(..) => "two numbers".to_owned(),
        };
        let (step, reason) = match problem.map(|problem| (problem.code(), problem)) {
            Some((Code::UnknownField | Code::MissingKey | Code::UnexpectedKey, problem)) => {
                ("/field", problem.to_string())
            }
            Some((Code::UnsupportedOperator | Code::UnlistedOperator, problem)) => ("/op", problem.to_string()),
            None if !self.is_api_name(&filter.field) => {
                ("/field", format!("`{}` is an alias, not a name of the API", excerpt(&filter.field)))
            }
            _ => ("/value", format!("`{}` takes {}, but this is {value}", excerpt(&filter.field), ty.describe())),
        };
        let mut diagnostic = Diagnostic::in_json(Kind::NotExpressible { reason }, format!("{}{step}", self.pointer));
        let of_query = || problem.and_then(|problem| problem.help.clone());
        diagnostic.help = if step == "/value" { in_json(&filter.condition, ty).or_else(of_query) } else { of_query() };
        self.diagnostics.push(diagnostic);
    }

    /// Whether a path is the API's name of a field, or is not in the catalog.
    fn is_api_name(&self, path: &str) -> bool {
        self.settings.catalog.resolve(path).is_none_or(|resolved| {
            let key = path.strip_prefix(resolved.field.name());
            key.is_some_and(|key| key.is_empty() || key.starts_with('.'))
        })
    }
}

/// Returns the JSON to write for a value of the wrong type.
fn in_json(condition: &Condition, ty: Type) -> Option<String> {
    let (Condition::Compare(_, value) | Condition::Contains(value)) = condition else { return None };
    match (value, ty) {
        (Scalar::String(text), Type::Time) => Some(match api_time(text, condition) {
            Some(time) => format!("write `\"{time}\"`, in UTC"),
            None => "write an instant in UTC, such as `\"2024-06-01 00:00:00\"`".to_owned(),
        }),
        (Scalar::Number(_), Type::Time) => {
            Some("write an instant in UTC, such as `\"2024-06-01 00:00:00\"`".to_owned())
        }
        (Scalar::String(text), Type::Number | Type::Usd | Type::Seconds) => {
            let read = match ty {
                Type::Usd if money::is_money(text) => money::read(text),
                Type::Seconds if duration::is_duration(text) => duration::read(text),
                _ => number::read(text),
            };
            Some(
                read.map_or_else(|_| "write a number".to_owned(), |number| format!("write `{number}`, without quotes")),
            )
        }
        (Scalar::Number(number), Type::Text | Type::Uuid) => Some(format!("write `\"{number}\"`, in quotes")),
        (_, Type::Text | Type::Uuid | Type::Number | Type::Usd | Type::Seconds | Type::Score | Type::Any) => None,
    }
}

/// Converts a time from another notation to the API's. A date has a form only as a bound of a period.
fn api_time(text: &str, condition: &Condition) -> Option<String> {
    // A relative time has no form without a clock.
    if !text.starts_with(|char: char| char.is_ascii_digit()) {
        return None;
    }
    let read = |text: &str| Moment::read(text, &Clock::epoch());
    let moment = read(text).or_else(|error| match (&error.kind, &error.fix) {
        (Kind::FractionalSecond, Some(whole)) => read(whole),
        _ => Err(error),
    });
    let at = match (moment.ok()?, condition.op()) {
        (Moment::Instant(at), _) => at,
        (Moment::Period(begin, _), Op::Gte | Op::Lt) => begin?,
        (Moment::Period(_, end), Op::Lte) => end?.checked_sub(SignedDuration::from_secs(1)).ok()?,
        (Moment::Period(..), _) => return None,
    };
    Some(time::format(at))
}

/// Returns the bare word or quoted string that a field of the type reads as the value.
pub(crate) fn token(scalar: &Scalar, ty: Type, after: After) -> Token<'static> {
    let text = match scalar {
        Scalar::Number(scalar) => return number(*scalar, ty),
        Scalar::String(text) => text,
    };
    let instant = if ty == Type::Time { time::literal(text) } else { None };
    if let Some(instant) = instant {
        return Token::Word(Cow::Owned(instant));
    }
    // A string that looks like a number is quoted where a bare number is a number.
    let numeric =
        matches!(ty, Type::Score | Type::Any) && !matches!(number::read(text), Err(Kind::InvalidNumber { .. }));
    let text = Cow::Owned(text.clone());
    if check::is_bare(&text, after) && !numeric { Token::Word(text) } else { Token::Quoted(text) }
}

fn number(number: Number, ty: Type) -> Token<'static> {
    let seconds = format!("{number}s");
    let exact = ty == Type::Seconds && duration::read(&seconds).is_ok_and(|read| read == number);
    Token::Word(Cow::Owned(if exact { seconds } else { number.to_string() }))
}

fn negate(mut part: Expr<'static>) -> Expr<'static> {
    if let Expr::Clause(clause) = &mut part
        && !clause.negated
    {
        let has_negative = match &clause.predicate {
            Predicate::Compare(comparison, _) => *comparison == Comparison::Eq,
            Predicate::Natural(_) => false,
            Predicate::Contains(_)
            | Predicate::ContainsAny(_)
            | Predicate::ContainsAll(_)
            | Predicate::In(_)
            | Predicate::Range(..)
            | Predicate::Between(..) => true,
        };
        if has_negative {
            clause.negated = true;
            return part;
        }
    }
    Expr::Not(NOWHERE, Box::new(part))
}

/// Joins neighboring clauses on one field into one if that lowers to the same filter.
fn join(
    parts: Vec<Expr<'static>>,
    joined: fn(Predicate<'static>, Predicate<'static>) -> Result<Predicate<'static>, Apart>,
) -> Vec<Expr<'static>> {
    let mut out: Vec<Expr<'static>> = Vec::with_capacity(parts.len());
    for part in parts {
        let part = match (out.pop(), part) {
            (Some(Expr::Clause(mut left)), Expr::Clause(mut right))
                if left.field == right.field && !left.negated && !right.negated =>
            {
                match joined(left.predicate, right.predicate) {
                    Ok(predicate) => {
                        left.predicate = predicate;
                        Expr::Clause(left)
                    }
                    Err(apart) => {
                        (left.predicate, right.predicate) = *apart;
                        out.push(Expr::Clause(left));
                        Expr::Clause(right)
                    }
                }
            }
            (left, part) => {
                out.extend(left);
                part
            }
        };
        out.push(part);
    }
    out
}

/// Two predicates that cannot be joined.
type Apart = Box<(Predicate<'static>, Predicate<'static>)>;

fn joined_by_and(left: Predicate<'static>, right: Predicate<'static>) -> Result<Predicate<'static>, Apart> {
    match (left, right) {
        (Predicate::Compare(Comparison::Gte, lower), Predicate::Compare(Comparison::Lte, upper)) => {
            Ok(Predicate::Range(Some(lower), Some(upper)))
        }
        (Predicate::Contains(first), Predicate::Contains(second)) => {
            Ok(Predicate::ContainsAll(vec![in_list(first), in_list(second)]))
        }
        (Predicate::ContainsAll(mut values), Predicate::Contains(next)) => {
            values.push(in_list(next));
            Ok(Predicate::ContainsAll(values))
        }
        apart => Err(Box::new(apart)),
    }
}

fn joined_by_or(left: Predicate<'static>, right: Predicate<'static>) -> Result<Predicate<'static>, Apart> {
    match (left, right) {
        (Predicate::Compare(Comparison::Eq, first), Predicate::Compare(Comparison::Eq, second)) => {
            Ok(Predicate::In(vec![in_list(first), in_list(second)]))
        }
        (Predicate::In(mut values), Predicate::Compare(Comparison::Eq, next)) => {
            values.push(in_list(next));
            Ok(Predicate::In(values))
        }
        (Predicate::Contains(first), Predicate::Contains(second)) => {
            Ok(Predicate::ContainsAny(vec![in_list(first), in_list(second)]))
        }
        (Predicate::ContainsAny(mut values), Predicate::Contains(next)) => {
            values.push(in_list(next));
            Ok(Predicate::ContainsAny(values))
        }
        apart => Err(Box::new(apart)),
    }
}
