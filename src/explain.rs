//! What a query means, in plain English, and why a record matches it or does not.

use std::fmt;

use crate::ast::{Expr, Token};
use crate::catalog::Type;
use crate::checked::{Bound, Checked, Condition, Test};
use crate::compare::words;
use crate::compiler::Compiler;
use crate::diagnose::Diagnosed;
use crate::diagnostic::Error;
use crate::filter::{Comparison, Scalar};
#[cfg(feature = "matches")]
use crate::lower::lower;
#[cfg(feature = "matches")]
use crate::matches::Record;
use crate::span::Span;
use crate::syntax::quote;
use crate::truth::Truth;
use crate::types::time;
use crate::visible::visible;

/// A query in words: a line for each clause and each group, from the outermost in.
///
/// Its `Display` is the lines, each indented by its depth; with a record, `yes`, `no` or `unknown`
/// stands before each, and the reason after each clause.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The first speaks of the whole.
    pub lines: Vec<Line>,
}

/// One part of a query in words.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Line {
    /// The part of the query's text.
    pub span: Span,
    /// How many groups and negations it stands in.
    pub depth: usize,
    /// What it says: `cost is at least 0.01 US dollars`, `any of these:`.
    pub text: String,
    /// Whether it holds of the record; `None` where there is no record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<Truth>,
    /// Of a clause, what the record says of its field: `it has 0.5`, `no result says it`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, line) in self.lines.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            f.write_str(match line.holds {
                Some(Truth::True) => "yes      ",
                Some(Truth::False) => "no       ",
                Some(Truth::Unknown) => "unknown  ",
                None => "",
            })?;
            write!(f, "{:indent$}{}", "", line.text, indent = 2 * line.depth)?;
            if let Some(reason) = &line.reason {
                write!(f, ": {reason}")?;
            }
        }
        Ok(())
    }
}

impl Compiler {
    /// Says in words what a query means: with the API's names for aliases, times in UTC, and the
    /// words that `contains` looks for.
    ///
    /// ```
    /// use freeplay_filter::Compiler;
    ///
    /// let compiler = Compiler::new().now("2024-03-31T12:00:00Z".parse()?);
    /// let explanation = compiler.explain("latency > 8s and (output ~ 'Refund policy' or time >= now-7d)")?;
    /// assert_eq!(explanation.to_string(), "\
    /// all of these:
    ///   latency is more than 8 seconds
    ///   any of these:
    ///     completion_output contains the words refund, policy next to one another, in any letter case
    ///     start_time is at or after 2024-03-24 12:00:00 UTC (now-7d)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Compiler::compile`].
    pub fn explain(&self, text: &str) -> Result<Explanation, Error> {
        let query = self.read(text, Diagnosed::All)?;
        let (checked, _) = self.checked(&query, &self.parameters)?;
        let mut teller = Teller { compiler: self, judge: |_: &Test| None, everything: None, lines: Vec::new() };
        teller.part(&query.expr, &checked, false, 0);
        Ok(Explanation { lines: teller.lines })
    }

    /// [`Compiler::explain`], with whether each part holds of a record, and what the record says of
    /// each field. The first line is that of the whole, as by
    /// [`Filter::matches`](crate::Filter::matches). Needs the feature `matches`.
    ///
    /// ```
    /// let result = serde_json::json!({
    ///     "session_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
    ///     "session_metadata": {"start_time": "2024-06-01 00:00:00", "end_time": "2024-06-01 00:00:09"},
    /// });
    /// let why = freeplay_filter::Compiler::new().why("latency > 8s and not (env = dev or cost > 1)", &result)?;
    /// assert_eq!(why.to_string(), "\
    /// unknown  all of these:
    /// yes        latency is more than 8 seconds: it has 9
    /// unknown    none of these:
    /// unknown      environment is \"dev\": a session says it only with its children
    /// unknown      cost is more than 1 US dollar: no result says it");
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Compiler::compile`].
    #[cfg(feature = "matches")]
    #[cfg_attr(docsrs, doc(cfg(feature = "matches")))]
    pub fn why(&self, text: &str, record: &(impl Record + ?Sized)) -> Result<Explanation, Error> {
        let query = self.read(text, Diagnosed::All)?;
        let (checked, _) = self.checked(&query, &self.parameters)?;
        let judge = |test: &Test| {
            // Whether the test is negated is told by the line.
            let holds = lower(Checked::Test(test.clone())).matches(record);
            Some((holds, record.answer(&test.field).in_words()))
        };
        let mut teller = Teller { compiler: self, judge, everything: Some(Truth::True), lines: Vec::new() };
        teller.part(&query.expr, &checked, false, 0);
        Ok(Explanation { lines: teller.lines })
    }
}

struct Teller<'c, J> {
    compiler: &'c Compiler,
    /// Whether a test holds of the record, and the reason, where there is a record.
    judge: J,
    /// What it says of `*`.
    everything: Option<Truth>,
    lines: Vec<Line>,
}

impl<J: Fn(&Test) -> Option<(Truth, String)>> Teller<'_, J> {
    /// Tells of a part, or of its opposite, and gives whether that holds of the record.
    fn part(&mut self, expr: &Expr, checked: &Checked, negated: bool, depth: usize) -> Option<Truth> {
        let mut reason = None;
        let line = self.lines.len();
        let mut tell = |text: String| {
            self.lines.push(Line {
                span: expr.span(),
                depth,
                text: visible(&text).into_owned(),
                holds: None,
                reason: None,
            });
        };
        let holds = match (expr, checked) {
            (Expr::Clause(_) | Expr::Text(_), Checked::Test(test)) => {
                tell(self.compiler.clause(test, negated));
                (self.judge)(test).map(|(holds, why)| {
                    reason = Some(visible(&why).into_owned());
                    holds
                })
            }
            (Expr::Not(_, inside), Checked::Not(part)) => {
                if negated {
                    tell("not so:".to_owned());
                    self.part(inside, part, true, depth + 1)
                } else {
                    // The line says `not` itself.
                    return self.negation(expr, inside, part, depth);
                }
            }
            (Expr::And(_, inside), Checked::And(parts)) => {
                tell(if negated { "not all of these:" } else { "all of these:" }.to_owned());
                self.parts(inside, parts, depth, |left, right| left & right)
            }
            (Expr::Or(_, inside), Checked::Or(parts)) => {
                tell(if negated { "none of these:" } else { "any of these:" }.to_owned());
                self.parts(inside, parts, depth, |left, right| left | right)
            }
            // What is left is `*`: the two trees have one shape.
            (Expr::All(_) | Expr::Clause(_) | Expr::Text(_) | Expr::Not(..) | Expr::And(..) | Expr::Or(..), _) => {
                tell(if negated { "nothing" } else { "everything" }.to_owned());
                self.everything
            }
        };
        let holds = if negated { holds.map(|holds| !holds) } else { holds };
        if let Some(line) = self.lines.get_mut(line) {
            line.holds = holds;
            line.reason = reason;
        }
        holds
    }

    /// `not …`: the line of what it negates, with the span of both.
    fn negation(&mut self, expr: &Expr, inside: &Expr, part: &Checked, depth: usize) -> Option<Truth> {
        let line = self.lines.len();
        let holds = self.part(inside, part, true, depth);
        if let Some(line) = self.lines.get_mut(line) {
            line.span = expr.span();
        }
        holds
    }

    fn parts(
        &mut self,
        exprs: &[Expr],
        parts: &[Checked],
        depth: usize,
        join: impl Fn(Truth, Truth) -> Truth,
    ) -> Option<Truth> {
        let told: Vec<_> =
            exprs.iter().zip(parts).map(|(expr, part)| self.part(expr, part, false, depth + 1)).collect();
        told.into_iter().flatten().reduce(join)
    }
}

impl Compiler {
    /// A clause, or its opposite, in words.
    fn clause(&self, test: &Test, negated: bool) -> String {
        let ty = self.catalog.resolve(&test.field).map_or(Type::Any, |found| found.field.ty());
        let predicate = predicate(&test.condition, ty, test.clause.negated || negated);
        // A negation of what is negative already is told as it is written: nothing is turned round.
        let not_so = if test.clause.negated && negated { "not so: " } else { "" };
        let text = format!("{not_so}{} {predicate}", test.field);
        let written: Vec<String> = test
            .clause
            .predicate
            .values()
            .filter(|value| match &value.token {
                Token::Word(word) => ty == Type::Time && time::is_symbolic(word),
                Token::Quoted(_) => false,
                Token::Parameter(_) => true,
            })
            .map(crate::print::literal)
            .collect();
        if written.is_empty() { text } else { format!("{text} ({})", written.join(", ")) }
    }
}

/// What is said of a field.
fn predicate(condition: &Condition, ty: Type, negated: bool) -> String {
    let is = if negated { "is not" } else { "is" };
    let contains = if negated { "does not contain" } else { "contains" };
    match condition {
        Condition::Compare(..) | Condition::Within(..) | Condition::Between(..) => {
            format!("{is} {}", place(condition, ty))
        }
        Condition::Contains(value) => format!("{contains} {}, in any letter case", phrase(value)),
        Condition::Any(parts) | Condition::Every(parts) => {
            let each = matches!(condition, Condition::Every(_));
            if parts.iter().all(|part| matches!(part, Condition::Contains(_))) {
                let phrases = parts.iter().filter_map(|part| match part {
                    Condition::Contains(value) => Some(phrase(value)),
                    _ => None,
                });
                let phrases: Vec<String> = phrases.collect();
                let (contains, quantity) = match (each, negated, parts.len()) {
                    (_, _, 1) => (contains, ""),
                    (true, _, _) => (contains, "each of "),
                    (false, true, _) => ("contains", "none of "),
                    (false, false, _) => (contains, "at least one of "),
                };
                return format!("{contains} {quantity}{}, in any letter case", phrases.join("; "));
            }
            let places: Vec<String> = parts.iter().map(|part| place(part, ty)).collect();
            match (places.len(), negated) {
                (1, _) => format!("{is} {}", places.join("")),
                (_, false) => format!("is one of {}", places.join(", ")),
                (_, true) => format!("is none of {}", places.join(", ")),
            }
        }
    }
}

/// A value, or where among the values it lies: what stands behind `is`.
fn place(condition: &Condition, ty: Type) -> String {
    match condition {
        Condition::Compare(comparison, value) => compared(*comparison, value, ty),
        Condition::Between(lower, upper) => {
            format!("from {} to {}", shown(&(*lower).into(), ty), shown(&(*upper).into(), ty))
        }
        Condition::Within(Some(lower), Some(upper)) => {
            let up_to = if upper.comparison == Comparison::Lt { "up to, but not at," } else { "to" };
            format!("from {} {up_to} {}", shown(&lower.value, ty), shown(&upper.value, ty))
        }
        Condition::Within(lower, upper) => {
            let bound = |bound: &Bound| compared(bound.comparison, &bound.value, ty);
            lower.iter().chain(upper).map(bound).collect()
        }
        // Lists hold none of these.
        Condition::Contains(value) => phrase(value),
        Condition::Any(parts) | Condition::Every(parts) => {
            let places: Vec<String> = parts.iter().map(|part| place(part, ty)).collect();
            places.join(", ")
        }
    }
}

fn compared(comparison: Comparison, value: &Scalar, ty: Type) -> String {
    let words = match (comparison, ty) {
        (Comparison::Eq, _) => "",
        (Comparison::Gt, Type::Time) => "after ",
        (Comparison::Gte, Type::Time) => "at or after ",
        (Comparison::Lt, Type::Time) => "before ",
        (Comparison::Lte, Type::Time) => "at or before ",
        (Comparison::Gt, _) => "more than ",
        (Comparison::Gte, _) => "at least ",
        (Comparison::Lt, _) => "less than ",
        (Comparison::Lte, _) => "at most ",
    };
    format!("{words}{}", shown(value, ty))
}

/// A value with its unit.
fn shown(value: &Scalar, ty: Type) -> String {
    match value {
        Scalar::String(text) if ty == Type::Time => format!("{text} UTC"),
        Scalar::String(text) => quote(text),
        Scalar::Number(number) => {
            let plural = if number.as_integer() == Some(1) { "" } else { "s" };
            match ty {
                Type::Usd => format!("{number} US dollar{plural}"),
                Type::Seconds => format!("{number} second{plural}"),
                Type::Text | Type::Uuid | Type::Number | Type::Time | Type::Score | Type::Any => number.to_string(),
            }
        }
    }
}

/// The words that `contains` looks for.
fn phrase(value: &Scalar) -> String {
    let text = value.text();
    let words: Vec<String> = words(&text).collect();
    match words.as_slice() {
        [] => format!("{}, which holds no word to look for", quote(&text)),
        [word] => format!("the word {word}"),
        _ => format!("the words {} next to one another", words.join(", ")),
    }
}
