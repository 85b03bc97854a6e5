//! Text to tree, for texts that are queries: what grammar/filter.pest matches, and nothing else.
//!
//! ```text
//! text ─ tokens (generated, scan) ─► tokens ─ tree, validate ─► Query
//! ```
//!
//! `generated` is the grammar compiled by grammar/compile.rs, and `scan` is what it is made of. `tree` builds the tree
//! in one pass through the tokens; `validate` rejects what is no matter of grammar. The first thing that is wrong ends
//! the parse: there is one error, which says where it is and makes no guess.
//!
//! *Invariant:* nothing here knows a catalog or makes a diagnostic.

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

pub(crate) use bare::{After, dots, is_name, is_parameter, is_term, is_word};
pub(crate) use generated::{Rule, read, skip};
pub(crate) use scan::{Limit, Scan, Stop, Token, tokens};
pub use string::quote;

/// The one thing that is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) problem: Problem,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The grammar cannot be followed any further.
    Unexpected,
    UnknownEscape {
        literal: Span,
    },
    /// Clauses that are joined without a word, beside an `or`.
    MixedImplicitAnd,
    TooLong,
    TooDeep,
    TooManyClauses,
    TooManyValues,
}

/// Reads a query.
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

/// The clause that its tokens are of.
pub(crate) fn clause<'t>(text: &'t str, tokens: &[Token], limits: &Limits) -> Result<Clause<'t>, SyntaxError> {
    match tree::build(text, tokens, limits)? {
        Some(Expr::Clause(clause)) => Ok(clause),
        _ => {
            Err(SyntaxError { problem: Problem::Unexpected, span: tokens.last().map(Token::span).unwrap_or_default() })
        }
    }
}

/// Reads the text without a field at a place of a text.
pub(crate) fn text_at<'t>(text: &'t str, place: Span, limits: &Limits) -> Result<Value<'t>, SyntaxError> {
    let until = text.get(..place.end()).unwrap_or(text);
    // It makes fewer tokens than twice its bytes.
    let mut scan = Scan::new(until, MAX_DEPTH, place.range().len().saturating_mul(2) + 16);
    scan.position = place.start();
    let expr = if read(Rule::Text, &mut scan) { tree::build(until, &scan.tokens, limits)? } else { None };
    match expr {
        Some(Expr::Text(term)) => Ok(term),
        _ => Err(SyntaxError { problem: Problem::Unexpected, span: place }),
    }
}

/// How much of the start of a text a rule matches.
pub(crate) fn len(rule: Rule, text: &str) -> usize {
    // No name and no value is made of more.
    const MOST: usize = 1_000;
    let mut scan = Scan::new(text, MAX_DEPTH, MOST);
    if read(rule, &mut scan) { scan.position } else { 0 }
}

/// Whether a text is one of what a rule matches, as a whole.
pub(crate) fn is_one(rule: Rule, text: &str) -> bool {
    // The token of the rule itself is the last one.
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

/// The comments of a query: they make no tokens. Outside its strings, a `#` begins one at the start and after white
/// space, as the grammar has it.
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
