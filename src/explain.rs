//! Explanations in plain English: what a query means, and why a record matches it or not.

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

/// An explanation of a query: one line for each clause and each group, outermost first.
///
/// `Display` writes the lines, indented by depth. With a record, each line begins with `yes`, `no`
/// or `unknown`, and each clause is followed by the reason.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The lines; the first describes the whole query.
    pub lines: Vec<Line>,
}

/// One line of an explanation.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Line {
    /// The part of the query that the line describes.
    pub span: Span,
    /// How many groups and negations enclose the part.
    pub depth: usize,
    /// The description: `cost is at least 0.01 US dollars`, `any of these:`.
    pub text: String,
    /// Whether the part holds for the record; `None` without a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<Truth>,
    /// For a clause, what the record contains for its field: `it has 0.5`, `results do not contain it`.
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
    /// Explains what a query means: with the API's names instead of aliases, times in UTC, and the
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
        let mut explainer =
            Explainer { compiler: self, evaluate: |_: &Test| None, everything: None, lines: Vec::new() };
        explainer.part(&query.expr, &checked, false, 0);
        Ok(Explanation { lines: explainer.lines })
    }

    /// Explains a query as [`Compiler::explain`] does, with whether each part holds for a record and
    /// what the record contains for each field. The first line has the result of
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
    /// unknown      environment is \"dev\": a session contains it only with its children
    /// unknown      cost is more than 1 US dollar: results do not contain it");
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
        let evaluate = |test: &Test| {
            // Evaluated without its negation, which the line accounts for.
            let holds = lower(Checked::Test(test.clone())).matches(record);
            Some((holds, record.answer(&test.field).in_words()))
        };
        let mut explainer = Explainer { compiler: self, evaluate, everything: Some(Truth::True), lines: Vec::new() };
        explainer.part(&query.expr, &checked, false, 0);
        Ok(Explanation { lines: explainer.lines })
    }
}

struct Explainer<'c, J> {
    compiler: &'c Compiler,
    /// Evaluates a test on the record, if there is one, and returns the reason.
    evaluate: J,
    /// The result of `*` for the record.
    everything: Option<Truth>,
    lines: Vec<Line>,
}

impl<J: Fn(&Test) -> Option<(Truth, String)>> Explainer<'_, J> {
    /// Explains a part, or its negation, and returns whether that holds for the record.
    fn part(&mut self, expr: &Expr, checked: &Checked, negated: bool, depth: usize) -> Option<Truth> {
        let mut reason = None;
        let line = self.lines.len();
        let mut push = |text: String| {
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
                push(self.compiler.clause(test, negated));
                (self.evaluate)(test).map(|(holds, why)| {
                    reason = Some(visible(&why).into_owned());
                    holds
                })
            }
            (Expr::Not(_, inside), Checked::Not(part)) => {
                if negated {
                    push("not:".to_owned());
                    self.part(inside, part, true, depth + 1)
                } else {
                    // Writes the line, including its `not`.
                    return self.negation(expr, inside, part, depth);
                }
            }
            (Expr::And(_, inside), Checked::And(parts)) => {
                push(if negated { "not all of these:" } else { "all of these:" }.to_owned());
                self.parts(inside, parts, depth, |left, right| left & right)
            }
            (Expr::Or(_, inside), Checked::Or(parts)) => {
                push(if negated { "none of these:" } else { "any of these:" }.to_owned());
                self.parts(inside, parts, depth, |left, right| left | right)
            }
            // Only `*` is left, as the two trees have the same shape.
            (Expr::All(_) | Expr::Clause(_) | Expr::Text(_) | Expr::Not(..) | Expr::And(..) | Expr::Or(..), _) => {
                push(if negated { "nothing" } else { "everything" }.to_owned());
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

    /// Explains `not …` by the line of the negated part, with the span of the whole.
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
        let results: Vec<_> =
            exprs.iter().zip(parts).map(|(expr, part)| self.part(expr, part, false, depth + 1)).collect();
        results.into_iter().flatten().reduce(join)
    }
}

impl Compiler {
    /// Describes a clause or its negation.
    fn clause(&self, test: &Test, negated: bool) -> String {
        let ty = self.catalog.resolve(&test.field).map_or(Type::Any, |found| found.field.ty());
        let predicate = predicate(&test.condition, ty, test.clause.negated || negated);
        // A negation of a negated clause is described as it is written, not inverted.
        let not = if test.clause.negated && negated { "not: " } else { "" };
        let text = format!("{not}{} {predicate}", test.field);
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

/// Describes what the clause requires of its field.
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

/// Describes a value, or a range of values, as it follows `is`.
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
        // Not in lists.
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

/// Formats a value with its unit.
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

/// Lists the words that `contains` looks for.
fn phrase(value: &Scalar) -> String {
    let text = value.text();
    let words: Vec<String> = words(&text).collect();
    match words.as_slice() {
        [] => format!("{}, which contains no word", quote(&text)),
        [word] => format!("the word {word}"),
        _ => format!("the words {} next to one another", words.join(", ")),
    }
}
