//! Builds the tree in one pass over the tokens. Children come first, so a token's parts are always complete.

use std::borrow::Cow;
use std::mem;

use super::bare::quoted_quantifier;
use super::validate::{Counts, Depth, Joins, unquoted};
use super::{Problem, Rule, SyntaxError, Token};
use crate::ast::{self, Clause, Expr, Field, Predicate, Value};
use crate::filter::Comparison;
use crate::limits::Limits;
use crate::span::Span;

/// Builds the tree for a query's tokens; `None` for an empty query.
pub(super) fn build<'t>(text: &'t str, tokens: &[Token], limits: &Limits) -> Result<Option<Expr<'t>>, SyntaxError> {
    let mut builder = Builder {
        text,
        parts: Vec::with_capacity(FEW),
        depths: Vec::with_capacity(FEW),
        negations: Vec::new(),
        joins: Joins::with_capacity(FEW),
        counts: Counts { limits, clauses: 0 },
        values: Vec::with_capacity(FEW),
        head: Head::default(),
        operand: Operand::Value,
    };
    for token in tokens {
        builder.token(token.rule, token.span())?;
    }
    Ok(builder.parts.pop())
}

/// The capacity for the parts of a group, enough for most queries.
const FEW: usize = 6;

struct Builder<'t, 'l> {
    text: &'t str,
    /// The completed parts that do not belong to a group yet; likewise `negations` and `values`.
    parts: Vec<Expr<'t>>,
    /// The depth of each part.
    depths: Vec<Depth>,
    negations: Vec<Span>,
    joins: Joins,
    counts: Counts<'l>,
    values: Vec<Value<'t>>,
    head: Head<'t>,
    operand: Operand,
}

/// A clause without its value.
#[derive(Default)]
struct Head<'t> {
    field: Span,
    path: Cow<'t, str>,
    operator: Option<Span>,
    negated: bool,
    verb: Verb,
}

/// The operator, as far as it determines the predicate.
#[derive(Clone, Copy, Default)]
enum Verb {
    #[default]
    Natural,
    Compare(Comparison),
    Contains,
    ContainsAny,
    ContainsAll,
    In,
    Between,
}

/// The shape of what follows the operator.
#[derive(Clone, Copy)]
enum Operand {
    Value,
    List,
    Range(Span),
}

impl<'t> Builder<'t, '_> {
    fn token(&mut self, rule: Rule, span: Span) -> Result<(), SyntaxError> {
        match rule {
            Rule::Disjunction => return self.disjunction(span),
            Rule::Conjunction => return self.conjunction(span),
            Rule::Negation => return self.negation(span),
            Rule::Group => return self.group(span),
            Rule::Clause => return self.clause(span),
            Rule::Text => return self.text(span),
            Rule::All => self.part(Expr::All(span)),
            Rule::Not => self.negations.push(span),
            Rule::And => self.joins.and(span),
            Rule::Interval => self.joins.between(),

            Rule::Field => self.field(span),
            Rule::String => self.value(span, ast::Token::Quoted(unquoted(self.text, span)?)),
            Rule::Parameter => {
                let name = span.of(self.text).strip_prefix('$').unwrap_or_default();
                self.value(span, ast::Token::Parameter(name.into()));
            }
            Rule::Word | Rule::ItemWord | Rule::Bound | Rule::Bare => {
                self.value(span, ast::Token::Word(span.of(self.text).into()))
            }
            Rule::Values => return self.counts.list(&self.values),
            Rule::List => self.operand = Operand::List,
            Rule::Range => self.operand = Operand::Range(span),

            Rule::Equal => self.operator(span, Verb::Compare(Comparison::Eq), false),
            Rule::NotEqual => self.operator(span, Verb::Compare(Comparison::Eq), true),
            Rule::Less => self.operator(span, Verb::Compare(Comparison::Lt), false),
            Rule::LessOrEqual => self.operator(span, Verb::Compare(Comparison::Lte), false),
            Rule::Greater => self.operator(span, Verb::Compare(Comparison::Gt), false),
            Rule::GreaterOrEqual => self.operator(span, Verb::Compare(Comparison::Gte), false),
            Rule::Has => self.operator(span, Verb::Contains, false),
            Rule::Lacks => self.operator(span, Verb::Contains, true),
            Rule::Colon => self.operator(span, Verb::Natural, false),
            Rule::NotWord => self.operator(span, Verb::Natural, true),
            Rule::Contains => self.operator(span, Verb::Contains, false),
            Rule::AnyOf => self.operator(span, Verb::ContainsAny, false),
            Rule::AllOf => self.operator(span, Verb::ContainsAll, false),
            Rule::Within => self.operator(span, Verb::In, false),
            Rule::Between => self.operator(span, Verb::Between, false),

            // Their children were processed before.
            Rule::Query
            | Rule::Comparison
            | Rule::Natural
            | Rule::Search
            | Rule::Membership
            | Rule::Operator
            | Rule::Value
            | Rule::ListParameter
            | Rule::Item
            | Rule::Or
            | Rule::Comment => {}
        }
        Ok(())
    }

    fn part(&mut self, expr: Expr<'t>) {
        self.parts.push(expr);
        self.depths.push(Depth::default());
    }

    fn value(&mut self, span: Span, token: ast::Token<'t>) {
        self.values.push(Value { span, token });
    }

    /// Adds an operator, or a word of one.
    fn operator(&mut self, span: Span, verb: Verb, negated: bool) {
        let head = &mut self.head;
        head.operator = Some(head.operator.map_or(span, |before| before.to(span)));
        head.negated |= negated;
        head.verb = verb;
    }

    /// Begins a clause. Its field is bare, except for the strings in it.
    fn field(&mut self, span: Span) {
        let path = self.path(span);
        self.head = Head { field: span, path, ..Head::default() };
        self.operand = Operand::Value;
    }

    fn path(&mut self, span: Span) -> Cow<'t, str> {
        if self.values.is_empty() {
            return span.of(self.text).into();
        }
        let mut path = Cow::Borrowed("");
        let mut end = span.start();
        for Value { span, token } in self.values.drain(..) {
            path += Span::new(end, span.start()).of(self.text);
            end = span.end();
            let (ast::Token::Word(text) | ast::Token::Quoted(text) | ast::Token::Parameter(text)) = token;
            path += text;
        }
        path + Span::new(end, span.end()).of(self.text)
    }

    fn clause(&mut self, span: Span) -> Result<(), SyntaxError> {
        self.counts.clause(span)?;
        let predicate = self.predicate().ok_or(SyntaxError { problem: Problem::Unexpected, span })?;
        self.values.clear();
        let head = &mut self.head;
        let field = Field { span: head.field, path: mem::take(&mut head.path) };
        let (operator, negated) = (head.operator.unwrap_or_default(), head.negated);
        self.part(Expr::Clause(Clause { span, field, negated, operator, predicate }));
        Ok(())
    }

    /// Builds the predicate from the values; `None` if they do not suit the operator.
    fn predicate(&mut self) -> Option<Predicate<'t>> {
        let values = &mut self.values;
        Some(match (self.head.verb, self.operand) {
            (Verb::Natural, Operand::Value) => Predicate::Natural(values.pop()?),
            (Verb::Natural, Operand::Range(span)) => natural_range(values, span, self.text),
            (Verb::Compare(comparison), _) => Predicate::Compare(comparison, values.pop()?),
            (Verb::Contains, _) => quoted_quantifier(Predicate::Contains(values.pop()?)),
            (Verb::ContainsAny, _) => Predicate::ContainsAny(mem::take(values)),
            (Verb::ContainsAll, _) => Predicate::ContainsAll(mem::take(values)),
            (Verb::In, Operand::Range(span)) => range(values, span),
            (Verb::In, Operand::List | Operand::Value) => Predicate::In(mem::take(values)),
            (Verb::Between, _) => {
                let upper = values.pop()?;
                Predicate::Between(values.pop()?, upper)
            }
            (Verb::Natural, Operand::List) => return None,
        })
    }

    fn text(&mut self, span: Span) -> Result<(), SyntaxError> {
        self.counts.clause(span)?;
        let value = self.values.pop().ok_or(SyntaxError { problem: Problem::Unexpected, span })?;
        self.part(Expr::Text(value));
        Ok(())
    }

    fn negation(&mut self, span: Span) -> Result<(), SyntaxError> {
        let (Some(mut part), Some(depth)) = (self.parts.pop(), self.depths.last_mut()) else { return Ok(()) };
        let own = self.negations.iter().rposition(|not| not.start() < span.start()).map_or(0, |last| last + 1);
        *depth = depth.negated(self.negations.len() - own).check(span)?;
        for not in self.negations.drain(own..).rev() {
            part = Expr::Not(not.to(part.span()), Box::new(part));
        }
        self.parts.push(part);
        Ok(())
    }

    fn group(&mut self, span: Span) -> Result<(), SyntaxError> {
        if let (Some(part), Some(depth)) = (self.parts.last_mut(), self.depths.last_mut()) {
            *depth = depth.in_parentheses().check(span)?;
            part.set_span(span);
        }
        Ok(())
    }

    fn conjunction(&mut self, span: Span) -> Result<(), SyntaxError> {
        let first = self.first_inside(span);
        let parts = self.parts.get(first..).unwrap_or_default();
        if parts.len() > 1 {
            self.joins.conjunction(parts);
            self.join(first, Expr::And)?;
        }
        Ok(())
    }

    fn disjunction(&mut self, span: Span) -> Result<(), SyntaxError> {
        let first = self.first_inside(span);
        let alternatives = self.parts.len() - first;
        self.joins.disjunction(span.start(), alternatives)?;
        if alternatives > 1 { self.join(first, Expr::Or) } else { Ok(()) }
    }

    /// Returns the index of the first part inside a span.
    fn first_inside(&self, span: Span) -> usize {
        let outside = self.parts.iter().rposition(|part| part.span().start() < span.start());
        outside.map_or(0, |last| last + 1)
    }

    /// Combines the last parts to one.
    fn join(&mut self, first: usize, group: fn(Span, Vec<Expr<'t>>) -> Expr<'t>) -> Result<(), SyntaxError> {
        let deepest = self.depths.drain(first..).fold(Depth::default(), Depth::max);
        let parts =
            if first == 0 { mem::replace(&mut self.parts, Vec::with_capacity(1)) } else { self.parts.split_off(first) };
        let (Some(left), Some(right)) = (parts.first(), parts.last()) else { return Ok(()) };
        let span = left.span().to(right.span());
        self.depths.push(deepest.grouped().check(span)?);
        self.parts.push(group(span, parts));
        Ok(())
    }
}

/// Returns a range after a colon. Only a string or a parameter at one end makes it unambiguous: `a..b` may be a word.
fn natural_range<'t>(values: &mut Vec<Value<'t>>, span: Span, text: &'t str) -> Predicate<'t> {
    if values.iter().all(|value| matches!(value.token, ast::Token::Word(_))) {
        return Predicate::Natural(Value { span, token: ast::Token::Word(span.of(text).into()) });
    }
    range(values, span)
}

fn range<'t>(values: &mut Vec<Value<'t>>, span: Span) -> Predicate<'t> {
    let has_lower = values.first().is_some_and(|value| value.span.start() == span.start());
    let mut ends = values.drain(..);
    let lower = if has_lower { ends.next() } else { None };
    Predicate::Range(lower, ends.next())
}
