//! Checks what the grammar does not: unknown escapes, clauses joined without a connective next to an `or`, and
//! limits.

use std::borrow::Cow;

use super::string::unescape;
use super::{Problem, SyntaxError};
use crate::ast::Expr;
use crate::limits::{Limits, MAX_DEPTH};
use crate::span::Span;

/// Returns the content of a quoted string, with its escapes resolved.
pub(super) fn unquoted<'t>(text: &'t str, span: Span) -> Result<Cow<'t, str>, SyntaxError> {
    let quote = span.of(text).chars().next().map_or(0, char::len_utf8);
    let inside = Span::new(span.start() + quote, span.end().saturating_sub(quote));
    unescape(inside.of(text)).map_err(|escape| {
        let start = inside.start() + escape.start;
        SyntaxError { problem: Problem::UnknownEscape { literal: span }, span: Span::new(start, start + escape.len) }
    })
}

/// The depth of a part: in parentheses and negations as written, and in the tree.
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

    /// Returns the depth of a group whose deepest part has this depth.
    pub(super) fn grouped(self) -> Depth {
        Depth { tree: self.tree + 1, ..self }
    }

    pub(super) fn max(self, other: Depth) -> Depth {
        Depth { written: self.written.max(other.written), tree: self.tree.max(other.tree) }
    }

    /// Checks the limit before a part of this depth is created.
    pub(super) fn check(self, span: Span) -> Result<Depth, SyntaxError> {
        if self.written.max(self.tree) > MAX_DEPTH {
            return Err(SyntaxError { problem: Problem::TooDeep, span });
        }
        Ok(self)
    }
}

/// The connectives so far: each `and`, and where clauses are joined without one.
pub(super) struct Joins {
    /// The `and`s that do not belong to a completed conjunction.
    ands: Vec<Span>,
    /// For each conjunction that does not belong to a completed disjunction, the first two adjacent parts.
    implicit: Vec<Span>,
}

impl Joins {
    pub(super) fn with_capacity(ands: usize) -> Joins {
        Joins { ands: Vec::with_capacity(ands), implicit: Vec::new() }
    }

    pub(super) fn and(&mut self, span: Span) {
        self.ands.push(span);
    }

    /// Removes the `and` of a `between`.
    pub(super) fn between(&mut self) {
        self.ands.pop();
    }

    /// Combines parts to a conjunction.
    pub(super) fn conjunction(&mut self, parts: &[Expr]) {
        let Some(first) = parts.first() else { return };
        let own = self.ands.iter().rposition(|and| and.start() < first.span().start()).map_or(0, |last| last + 1);
        if self.ands.len() - own + 1 < parts.len() {
            let mut ands = self.ands.iter().skip(own).peekable();
            let mut pairs = parts.iter().zip(parts.iter().skip(1)).map(|(left, right)| (left.span(), right.span()));
            let implicit = pairs.find(|(_, right)| ands.next_if(|and| and.start() < right.start()).is_none());
            self.implicit.extend(implicit.map(|(left, right)| left.to(right)));
        }
        self.ands.truncate(own);
    }

    /// Combines conjunctions to a disjunction that begins at `start`. With only one, nothing is mixed.
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

/// The counters for the limits.
pub(super) struct Counts<'l> {
    pub(super) limits: &'l Limits,
    pub(super) clauses: usize,
}

impl Counts<'_> {
    /// Counts a clause or a term.
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
