//! What the grammar allows and the language does not: unknown escapes, clauses that are joined without a word beside
//! an `or`, and more than the limits allow.

use std::borrow::Cow;

use super::string::unescape;
use super::{Problem, SyntaxError};
use crate::limits::{Limits, MAX_DEPTH};
use crate::span::Span;

/// What a string in quotes holds, its escapes undone.
pub(super) fn unquoted<'t>(text: &'t str, span: Span) -> Result<Cow<'t, str>, SyntaxError> {
    let quote = span.of(text).chars().next().map_or(0, char::len_utf8);
    let inside = Span::new(span.start() + quote, span.end().saturating_sub(quote));
    unescape(inside.of(text)).map_err(|escape| {
        let start = inside.start() + escape.start;
        SyntaxError { problem: Problem::UnknownEscape { literal: span }, span: Span::new(start, start + escape.len) }
    })
}

/// How deep a part is: in parentheses and negations, as it was written, and in the tree.
#[derive(Clone, Copy, Default)]
pub(super) struct Depth {
    written: usize,
    tree: usize,
}

impl Depth {
    pub(super) fn in_parentheses(self) -> Depth {
        Depth { written: self.written + 1, ..self }
    }

    pub(super) fn negated(self, times: usize) -> Depth {
        Depth { written: self.written + times, tree: self.tree + times }
    }

    /// That of a group of parts, of which this is the deepest.
    pub(super) fn grouped(self) -> Depth {
        Depth { tree: self.tree + 1, ..self }
    }

    pub(super) fn max(self, other: Depth) -> Depth {
        Depth { written: self.written.max(other.written), tree: self.tree.max(other.tree) }
    }

    /// Before a part is made that is so deep.
    pub(super) fn check(self, span: Span) -> Result<Depth, SyntaxError> {
        if self.written.max(self.tree) > MAX_DEPTH {
            return Err(SyntaxError { problem: Problem::TooDeep, span });
        }
        Ok(self)
    }
}

/// How parts are joined: where an `and` is, and where there is none.
#[derive(Default)]
pub(super) struct Joins {
    /// Each `and` that is not yet part of a conjunction.
    ands: Vec<Span>,
    /// In each conjunction that is not yet part of a disjunction, the first two parts that no word joins.
    implicit: Vec<Span>,
}

impl Joins {
    pub(super) fn and(&mut self, span: Span) {
        self.ands.push(span);
    }

    /// Forgets the `and` of a `between`.
    pub(super) fn between(&mut self) {
        self.ands.pop();
    }

    /// Parts become a conjunction.
    pub(super) fn conjunction(&mut self, parts: impl Iterator<Item = Span> + Clone) {
        let Some(first) = parts.clone().next() else { return };
        let own = self.ands.iter().rposition(|and| and.start() < first.start()).map_or(0, |last| last + 1);
        let mut ands = self.ands.iter().skip(own).peekable();
        let mut pairs = parts.clone().zip(parts.skip(1));
        let implicit = pairs.find(|(_, right)| ands.next_if(|and| and.start() < right.start()).is_none());
        self.implicit.extend(implicit.map(|(left, right)| left.to(right)));
        self.ands.truncate(own);
    }

    /// Conjunctions become a disjunction that begins at `start`; of one alone, nothing is mixed.
    pub(super) fn disjunction(&mut self, start: usize, alternatives: usize) -> Result<(), SyntaxError> {
        let own = self.implicit.iter().rposition(|pair| pair.start() < start).map_or(0, |last| last + 1);
        let first = self.implicit.get(own).copied();
        self.implicit.truncate(own);
        match first.filter(|_| alternatives > 1) {
            Some(span) => Err(SyntaxError { problem: Problem::MixedImplicitAnd, span }),
            None => Ok(()),
        }
    }
}

/// Counts what the limits bound.
pub(super) struct Counts<'l> {
    pub(super) limits: &'l Limits,
    pub(super) clauses: usize,
}

impl Counts<'_> {
    /// One more clause, or text.
    pub(super) fn clause(&mut self, span: Span) -> Result<(), SyntaxError> {
        self.clauses += 1;
        if self.clauses > self.limits.clauses {
            return Err(SyntaxError { problem: Problem::TooManyClauses, span });
        }
        Ok(())
    }

    pub(super) fn list(&self, values: &[crate::ast::Value]) -> Result<(), SyntaxError> {
        match values.get(self.limits.values) {
            Some(value) => Err(SyntaxError { problem: Problem::TooManyValues, span: value.span }),
            None => Ok(()),
        }
    }
}
