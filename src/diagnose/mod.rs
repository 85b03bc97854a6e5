//! What was meant by a text that is no query.
//!
//! The [driver](driver) goes over the [sketch](crate::sketch) once, from left to right, and asks the
//! [rules](rules) at four anchors: of the whole text, and where a clause, an operator or a value is
//! expected. A rule looks at a [`Site`] and answers or not; it changes nothing. The driver alone moves
//! on, to the end of what the answer takes, so no two answers share an item, and nothing is said
//! twice. Clauses that no rule takes are checked like those of a valid query. What an edit makes of
//! its place is read and checked before it is offered, and decides whether it [is sure](certify).
//!
//! To add a rule: an entry in [`rules::RULES`], a function, and a section of
//! `tests/cases/mistakes.txt`. The entry says at which items the rule is asked; `[ANY, ANY]` is right and
//! slow.

mod certify;
mod check;
mod driver;
mod edits;
mod group;
mod json;
mod kinds;
#[cfg(test)]
mod law;
mod phrases;
mod rules;
mod site;

use std::borrow::Cow;
use std::ops::Range;

use certify::Remade;
pub(crate) use check::{Context, of_syntax};
pub(crate) use driver::{Diagnosed, diagnose};
use kinds::Kinds;
use site::Site;

use crate::diagnostic::{Diagnostic, Fix};
use crate::sketch::{Head, Join, Operand, Shape};
use crate::span::Span;

/// Where a rule is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Anchor {
    /// Before anything is read.
    Text,
    /// At what is no clause, or one on an unknown field; at a join, a bracket or the end where a
    /// clause is wanted.
    Clause,
    /// At a field without an operator.
    Operator,
    /// At each clause or head of a known field: its value may go on.
    Value,
}

/// One habit or slip, and what is said of it.
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) at: Anchor,
    /// What the item may be, and the one after it: at others it has no answer, and is not asked.
    pub(crate) on: [Kinds; 2],
    pub(crate) find: fn(&Site) -> Option<Answer>,
}

/// What a rule says.
pub(crate) struct Answer {
    /// The rule that answers; the driver writes it.
    pub(crate) rule: &'static str,
    pub(crate) diagnostic: Diagnostic,
    /// The items that it speaks of, from the site on; nobody else speaks of them.
    pub(crate) takes: Range<usize>,
    pub(crate) leaves: Leaves,
    /// A field among them whose name is still checked.
    pub(crate) field: Option<Span>,
    pub(crate) beside_text: BesideText,
    /// What its first fix makes; the driver writes it.
    made: Option<Remade>,
}

/// What becomes of an answer where there is a text field, and what it speaks of is a query as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BesideText {
    /// It is not given.
    Yields,
    /// Its fixes are the other reading of the text, of which is warned.
    Warns,
    /// It stands.
    Stands,
}

/// What is left in place of the items taken, for what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaves {
    Operand,
    Join(Join),
    /// A text that was inside something else, which is then read for the first time. What is wrong
    /// with it is said then.
    Anew,
    /// The end of the group.
    Close,
    Nothing,
}

impl Answer {
    /// Whether a fix of it is sure.
    pub(crate) fn is_sure(&self) -> bool {
        self.diagnostic.fixes.iter().any(Fix::is_sure)
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Answer {
        self.diagnostic.help = Some(help.into());
        self
    }

    pub(crate) fn candidates(mut self, candidates: Vec<String>) -> Answer {
        self.diagnostic.candidates = candidates;
        self
    }

    /// Offers an edit that may be incorrect, or one that is [sure](Fix::sure).
    pub(crate) fn fix(mut self, fix: Fix) -> Answer {
        self.diagnostic.fixes.push(fix);
        self
    }

    /// Offers an edit if there is one.
    pub(crate) fn fix_if(self, fix: Option<Fix>) -> Answer {
        match fix {
            Some(fix) => self.fix(fix),
            None => self,
        }
    }

    pub(crate) fn label(mut self, span: Span, text: &str) -> Answer {
        self.diagnostic = self.diagnostic.label(span, text);
        self
    }

    pub(crate) fn leaves(mut self, leaves: Leaves) -> Answer {
        self.leaves = leaves;
        self
    }

    pub(crate) fn beside_text(mut self, beside: BesideText) -> Answer {
        self.beside_text = beside;
        self
    }

    /// The name of a field whose clause is not checked.
    pub(crate) fn names(mut self, field: Span) -> Answer {
        self.field = Some(field);
        self
    }
}

/// The clause before the site, in the same group, with nothing but joins and negations between. It is
/// what was read, or what a fix makes of it, so that what follows is judged alike before and after.
pub(crate) struct Previous<'s> {
    /// What the spans of the clause are places of.
    source: Cow<'s, str>,
    pub(crate) head: Head,
    pub(crate) operand: Operand,
    /// The clause itself, where it is in the text.
    pub(crate) item: Option<usize>,
    /// Whether a fix that may be incorrect makes it: nothing sure can rest on it.
    pub(crate) is_guess: bool,
    /// Negations directly before it.
    pub(crate) negations: usize,
    /// The join after it, and the negations after that.
    pub(crate) join: Option<Join>,
    pub(crate) nots: usize,
}

/// Whether words after a clause may be meant as a part of its value, which is bare and apart from its operator.
pub(crate) fn may_go_on(head: Head, operand: Operand) -> bool {
    operand.shape == Shape::Word && head.operator.end() < operand.span.start()
}

impl<'s> Previous<'s> {
    pub(crate) fn may_go_on(&self) -> bool {
        may_go_on(self.head, self.operand)
    }

    /// What it is to what follows a text after it.
    pub(crate) fn before_text(self) -> Previous<'s> {
        Previous { item: None, is_guess: true, join: None, nots: 0, ..self }
    }

    pub(crate) fn name(&self) -> &str {
        self.head.field.of(&self.source)
    }

    /// The field and the operator, up to the value.
    pub(crate) fn start(&self) -> &str {
        Span::new(self.head.field.start(), self.operand.span.start()).of(&self.source)
    }

    pub(crate) fn value(&self) -> &str {
        self.operand.span.of(&self.source)
    }
}
