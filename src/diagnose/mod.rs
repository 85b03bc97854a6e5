//! Diagnoses invalid texts: what is wrong, and what was probably meant.
//!
//! The [driver](driver) walks over the [sketch](crate::sketch) once, from left to right, and asks the
//! [rules](rules) at four anchors: at the start of the text, and where a clause, an operator or a value is
//! expected. A rule looks at a [`Site`] and returns an answer or not; it changes nothing. Only the driver
//! advances, to the end of the items that the answer takes, so no two answers share an item, and nothing
//! is reported twice. Clauses that no rule takes are checked like those of a valid query. The result of
//! each fix is parsed and checked before it is offered, which decides whether it is
//! [machine-applicable](certify); and so is the result of all machine-applicable fixes [together].
//!
//! To add a rule, add an entry to [`rules::RULES`], a function, and a section to
//! `tests/cases/mistakes.txt`. The entry specifies at which items the rule is asked; `[ANY, ANY]` is
//! correct but slow.

mod certify;
mod check;
mod driver;
mod edits;
mod example;
mod group;
mod json;
mod kinds;
#[cfg(test)]
mod law;
mod phrases;
mod rules;
mod site;
mod together;

use std::borrow::Cow;
use std::ops::Range;

use certify::Remade;
pub(crate) use check::{Context, of_syntax};
pub(crate) use driver::{Diagnosed, diagnose};
use kinds::Kinds;
use site::Site;

use crate::catalog::Nearest;
use crate::diagnostic::{Diagnostic, Fix};
use crate::print;
use crate::sketch::{Head, Join, Operand, Shape};
use crate::span::Span;

/// Where a rule is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Anchor {
    /// Once, before anything is read.
    Start,
    /// At an item that is not a clause, or a clause on an unknown field; and at a join, a bracket or the end
    /// where a clause is expected.
    Clause,
    /// At a field without an operator.
    Operator,
    /// At each clause or head of a known field, and at a clause with an unknown field if the next item may
    /// continue its value.
    Value,
}

/// A rule: it recognizes one habit or mistake.
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) at: Anchor,
    /// The possible kinds of the item and the next one. At others the rule has no answer, and is not asked.
    pub(crate) on: [Kinds; 2],
    pub(crate) find: fn(&Site) -> Option<Answer>,
}

/// The answer of a rule.
pub(crate) struct Answer {
    /// The rule that answers; set by the driver.
    pub(crate) rule: &'static str,
    pub(crate) diagnostic: Diagnostic,
    /// The items that the answer covers, by their index in the sketch (not counted from the site). No other
    /// answer covers them.
    pub(crate) takes: Range<usize>,
    pub(crate) leaves: Leaves,
    /// A field among them whose name is still checked.
    pub(crate) field: Option<Span>,
    pub(crate) beside_text: BesideText,
    /// The result of its first fix; set by the driver.
    made: Option<Remade>,
}

/// What the driver does with an answer about items that form a valid query because of the text field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BesideText {
    /// Drops it, and asks the next rule.
    Drop,
    /// Makes it a warning, whose fixes are the other reading of the text.
    Warn,
    /// Keeps it.
    Keep,
}

/// How the driver treats an answer's items when it continues after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaves {
    Operand,
    Join(Join),
    /// A text inside something else, which is read for the first time after the fix. Its errors are
    /// reported then.
    Anew,
    /// The end of the group.
    Close,
    Nothing,
}

impl Answer {
    /// Whether a fix is machine-applicable.
    pub(crate) fn is_sure(&self) -> bool {
        self.diagnostic.fixes.iter().any(Fix::is_sure)
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Answer {
        self.diagnostic.help = Some(help.into());
        self
    }

    /// Adds help if there is some, and none yet.
    pub(crate) fn help_if(mut self, help: Option<String>) -> Answer {
        self.diagnostic.help = self.diagnostic.help.or(help);
        self
    }

    pub(crate) fn candidates(mut self, candidates: Vec<String>) -> Answer {
        self.diagnostic.candidates = candidates;
        self
    }

    /// Adds a fix, which may be incorrect or [machine-applicable](Fix::sure).
    pub(crate) fn fix(mut self, fix: Fix) -> Answer {
        self.diagnostic.fixes.push(fix);
        self
    }

    /// Adds a fix if there is one.
    pub(crate) fn fix_if(self, fix: Option<Fix>) -> Answer {
        match fix {
            Some(fix) => self.fix(fix),
            None => self,
        }
    }

    /// Lowers its machine-applicable fixes to ones that may be incorrect.
    pub(crate) fn doubted(mut self) -> Answer {
        self.diagnostic.doubt();
        self
    }

    pub(crate) fn label(mut self, span: Span, text: &str) -> Answer {
        self.diagnostic = self.diagnostic.label(span, text);
        self
    }

    /// Suggests the names that an unknown one may mean.
    pub(crate) fn rename(mut self, span: Span, near: &Nearest) -> Answer {
        let names = near.paths.iter().map(|path| print::field(path)).collect();
        self.diagnostic = self.diagnostic.rename(span, names, near.is_misspelled);
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

    /// Sets the name of a field whose clause is not checked.
    pub(crate) fn names(mut self, field: Span) -> Answer {
        self.field = Some(field);
        self
    }
}

/// The clause before the site, in the same group, with only joins and negations in between. After a fix it is
/// the fixed clause, so that what follows is treated alike before and after the fix.
pub(crate) struct Previous<'s> {
    /// The text that the clause's spans refer to.
    source: Cow<'s, str>,
    pub(crate) head: Head,
    pub(crate) operand: Operand,
    /// The index of the clause, if it is in the text.
    pub(crate) item: Option<usize>,
    /// Whether it results from a fix that may be incorrect, so that nothing certain can depend on it.
    pub(crate) is_guess: bool,
    /// The number of negations directly before it.
    pub(crate) negations_before: usize,
    /// The join after it.
    pub(crate) join: Option<Join>,
    /// The number of negations after it, and after the join.
    pub(crate) negations_after: usize,
}

/// Whether words after a clause may be meant as part of its value, which is bare and separate from its operator.
pub(crate) fn may_go_on(head: Head, operand: Operand) -> bool {
    matches!(operand.shape, Shape::Word | Shape::Range | Shape::Interval) && head.operator.end() < operand.span.start()
}

impl<'s> Previous<'s> {
    pub(crate) fn may_go_on(&self) -> bool {
        may_go_on(self.head, self.operand)
    }

    /// Returns the clause as it precedes a text.
    pub(crate) fn before_text(self) -> Previous<'s> {
        Previous { item: None, is_guess: true, join: None, negations_after: 0, ..self }
    }

    pub(crate) fn name(&self) -> &str {
        self.head.field.of(&self.source)
    }

    /// Returns the field and the operator, up to the value.
    pub(crate) fn start(&self) -> &str {
        Span::new(self.head.field.start(), self.operand.span.start()).of(&self.source)
    }

    pub(crate) fn value(&self) -> &str {
        self.operand.span.of(&self.source)
    }
}
