//! Parses valid queries: the texts that grammar/filter.pest matches and `validate` accepts.
//!
//! ```text
//! text ─ tokens (generated, scan) ─► tokens ─ tree, validate ─► Query
//! ```
//!
//! `generated` is the grammar compiled by grammar/compile.rs, and `scan` has the functions that it calls. `tree`
//! builds the tree in one pass over the tokens, and `validate` checks what the grammar cannot express. The parser
//! stops at the first error and only reports its position; it makes no guesses.
//!
//! *Invariant:* this module depends on no catalog and creates no diagnostics.

mod bare;
#[rustfmt::skip]
mod generated;
pub(crate) mod keyword;
mod scan;
pub(crate) mod string;
#[cfg(test)]
mod tests;
mod tree;
mod validate;

use crate::ast::{Clause, Comment, Expr, Query, Value};
use crate::limits::{Limits, MAX_BYTES, MAX_DEPTH};
use crate::span::Span;

pub(crate) use bare::{After, dots, in_list, is_item, is_name, is_parameter, is_term, is_word};
pub(crate) use generated::{Rule, read, skip};
pub(crate) use scan::{Limit, Scan, Stop, Token, tokens};
pub use string::quote;

/// A syntax error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) problem: Problem,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The text does not match the grammar.
    Unexpected,
    UnknownEscape {
        literal: Span,
    },
    /// Clauses joined without a connective next to an `or`.
    MixedImplicitAnd,
    TooLong,
    TooDeep,
    TooManyClauses,
    TooManyValues,
}

/// Parses a query.
pub(crate) fn parse<'t>(text: &'t str, limits: &Limits) -> Result<Query<'t>, SyntaxError> {
    let limit = limits.bytes.min(MAX_BYTES);
    if text.len() > limit {
        return Err(SyntaxError { problem: Problem::TooLong, span: Span::at(limit) });
    }
    // The number of tokens is bounded by the length of the text.
    let tokens = tokens(Rule::Query, text, MAX_DEPTH, usize::MAX)?;
    let expr = tree::build(text, &tokens, limits)?.unwrap_or(Expr::All(Span::default()));
    Ok(Query { text: text.into(), expr, comments: comments(text, &tokens) })
}

/// Builds the clause for its tokens.
pub(crate) fn clause<'t>(text: &'t str, tokens: &[Token], limits: &Limits) -> Result<Clause<'t>, SyntaxError> {
    match tree::build(text, tokens, limits)? {
        Some(Expr::Clause(clause)) => Ok(clause),
        _ => {
            Err(SyntaxError { problem: Problem::Unexpected, span: tokens.last().map(Token::span).unwrap_or_default() })
        }
    }
}

/// Parses text without a field at a position of a text.
pub(crate) fn text_at<'t>(text: &'t str, place: Span, limits: &Limits) -> Result<Value<'t>, SyntaxError> {
    let until = text.get(..place.end()).unwrap_or(text);
    // There are fewer than two tokens per byte.
    let mut scan = Scan::new(until, MAX_DEPTH, place.range().len().saturating_mul(2) + 16);
    scan.position = place.start();
    let expr = if read(Rule::Text, &mut scan) { tree::build(until, &scan.tokens, limits)? } else { None };
    match expr {
        Some(Expr::Text(term)) => Ok(term),
        _ => Err(SyntaxError { problem: Problem::Unexpected, span: place }),
    }
}

/// Returns the length of the prefix of a text that a rule matches.
pub(crate) fn len(rule: Rule, text: &str) -> usize {
    // Names and values consist of fewer tokens.
    const MOST: usize = 1_000;
    let mut scan = Scan::new(text, MAX_DEPTH, MOST);
    if read(rule, &mut scan) { scan.position } else { 0 }
}

/// Returns the position after the white space and comments at a position.
pub(crate) fn after_gap(text: &str, position: usize) -> usize {
    let mut scan = Scan::new(text, 0, 0);
    scan.position = position;
    skip(&mut scan);
    scan.position
}

/// Returns the span of what a rule matches inside the parentheses of a span.
pub(crate) fn inside_parentheses(rule: Rule, text: &str, span: Span) -> Span {
    let mut start = span.start();
    while text.get(start..span.end()).is_some_and(|rest| rest.starts_with('(')) {
        start = after_gap(text, start + 1);
    }
    Span::new(start, start + len(rule, Span::new(start, span.end()).of(text)))
}

/// Whether a rule matches the whole text.
pub(crate) fn is_one(rule: Rule, text: &str) -> bool {
    // The token of the rule itself comes last.
    let last = tokens(rule, text, MAX_DEPTH, usize::MAX).ok().and_then(|tokens| tokens.last().copied());
    last.is_some_and(|token| token.span().end() == text.len())
}

impl From<Stop> for SyntaxError {
    fn from(stop: Stop) -> SyntaxError {
        let problem = match stop.limit {
            Some(Limit::Depth) => Problem::TooDeep,
            Some(Limit::Tokens) | None => Problem::Unexpected,
        };
        SyntaxError { problem, span: Span::at(stop.position) }
    }
}

/// Returns the comments of a query, which have no tokens. As in the grammar, a `#` outside a string begins a comment
/// at the start of the text or after white space.
fn comments<'t>(text: &'t str, tokens: &[Token]) -> Vec<Comment<'t>> {
    let mut comments = Vec::new();
    if !text.contains('#') {
        return comments;
    }
    let strings = tokens.iter().filter(|token| token.rule == Rule::String).map(Token::span);
    let mut start = 0;
    for string in strings.chain([Span::at(text.len())]) {
        while let Some(place) = Span::new(start, string.start()).of(text).find('#') {
            let sign = start + place;
            let before = Span::new(0, sign).of(text);
            start = sign + 1;
            if before.is_empty() || before == BYTE_ORDER_MARK || before.ends_with(char::is_whitespace) {
                let rest = Span::new(sign, string.start()).of(text);
                let span = Span::new(sign, sign + rest.find(['\n', '\r']).unwrap_or(rest.len()));
                comments.push(Comment { span, text: span.of(text).into() });
                start = span.end();
            }
        }
        start = string.end();
    }
    comments
}

const BYTE_ORDER_MARK: &str = "\u{feff}";

impl Token {
    pub(crate) fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }
}
