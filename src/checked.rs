//! The checked tree: a query with resolved names and typed values.
//!
//! Only [`check`](crate::check) creates one, so every checked tree can be lowered.

use std::ops::Deref;
use std::sync::Arc;

use crate::ast::Clause;
use crate::catalog::Field;
use crate::filter::{Comparison, Number, Scalar};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Checked<'q> {
    All,
    Test(Test<'q>),
    Not(Box<Checked<'q>>),
    And(Vec<Checked<'q>>),
    Or(Vec<Checked<'q>>),
}

/// A clause after checking: its field and its condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Test<'q> {
    /// The clause as written; for text without a field, the clause that it stands for.
    pub(crate) clause: Asked<'q>,
    /// The field in the catalog; `None` for an unknown field.
    pub(crate) known: Option<&'q Field>,
    /// The API's name of the field, with the key.
    pub(crate) field: Arc<str>,
    pub(crate) condition: Condition,
}

/// The clause of a test.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Asked<'q> {
    Clause(&'q Clause<'q>),
    Text(Box<Clause<'q>>),
}

impl<'q> Deref for Asked<'q> {
    type Target = Clause<'q>;

    fn deref(&self) -> &Clause<'q> {
        match self {
            Asked::Clause(clause) => clause,
            Asked::Text(clause) => clause,
        }
    }
}

/// What the value of the field must be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    Compare(Comparison, Scalar),
    Contains(Scalar),
    Between(Number, Number),
    /// A lower bound, an upper bound, or both.
    Within(Option<Bound>, Option<Bound>),
    /// Any of these; never empty.
    Any(Vec<Condition>),
    /// All of these; never empty.
    Every(Vec<Condition>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) comparison: Comparison,
    pub(crate) value: Scalar,
}

impl Condition {
    /// The depth of the groups that it lowers to.
    pub(crate) fn height(&self) -> usize {
        match self {
            Condition::Compare(..) | Condition::Contains(_) | Condition::Between(..) => 0,
            Condition::Within(lower, upper) => usize::from(lower.is_some() && upper.is_some()),
            Condition::Any(parts) | Condition::Every(parts) => {
                usize::from(parts.len() > 1) + parts.iter().map(Condition::height).max().unwrap_or(0)
            }
        }
    }
}
