//! Conditions: the API's operators with their values.

use std::borrow::Cow;
use std::fmt;

use super::Number;

/// An operator of the API with a value of the kind that it takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `eq`, `gt`, `gte`, `lt` or `lte` with a single value.
    Compare(Comparison, Scalar),
    /// `contains`: the field contains the words of the value, next to one another.
    Contains(Scalar),
    /// `between`: from the first number to the second, both included.
    Between(Number, Number),
}

/// The operators that compare a field with a single value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Comparison {
    /// `eq`: equal to.
    Eq,
    /// `gt`: greater or later than.
    Gt,
    /// `gte`: greater than or equal to, or not earlier than.
    Gte,
    /// `lt`: less or earlier than.
    Lt,
    /// `lte`: less than or equal to, or not later than.
    Lte,
}

/// The names of the API's operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// `eq`: equal to.
    Eq,
    /// `gt`: greater than.
    Gt,
    /// `gte`: greater than or equal to.
    Gte,
    /// `lt`: less than.
    Lt,
    /// `lte`: less than or equal to.
    Lte,
    /// `contains`: contains the words of the value, next to one another and in that order.
    Contains,
    /// `between`: between two numbers, both included.
    Between,
}

/// A single value: a string or a number. The API has no other values.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// A string; instants are strings of the form `2024-06-01 00:00:00`, in UTC.
    String(String),
    /// An integer or a floating-point number.
    Number(Number),
}

impl Condition {
    /// Returns the name of the operator.
    #[must_use]
    pub fn op(&self) -> Op {
        match self {
            Condition::Compare(comparison, _) => comparison.op(),
            Condition::Contains(_) => Op::Contains,
            Condition::Between(..) => Op::Between,
        }
    }
}

impl Comparison {
    /// Returns the API's operator for this comparison.
    #[must_use]
    pub fn op(self) -> Op {
        match self {
            Comparison::Eq => Op::Eq,
            Comparison::Gt => Op::Gt,
            Comparison::Gte => Op::Gte,
            Comparison::Lt => Op::Lt,
            Comparison::Lte => Op::Lte,
        }
    }
}

impl Op {
    /// All operators of the API, in the order of its reference.
    pub const ALL: [Op; 7] = [Op::Eq, Op::Gt, Op::Gte, Op::Lt, Op::Lte, Op::Contains, Op::Between];

    /// Returns the operator's name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Op::Eq => "eq",
            Op::Gt => "gt",
            Op::Gte => "gte",
            Op::Lt => "lt",
            Op::Lte => "lte",
            Op::Contains => "contains",
            Op::Between => "between",
        }
    }

    /// Returns the operator as it is written in a query.
    ///
    /// ```
    /// use freeplay_filter::filter::Op;
    ///
    /// assert_eq!(Op::Gte.written(), ">=");
    /// ```
    #[must_use]
    pub fn written(self) -> &'static str {
        match self {
            Op::Eq => "=",
            Op::Gt => ">",
            Op::Gte => ">=",
            Op::Lt => "<",
            Op::Lte => "<=",
            Op::Contains => "contains",
            Op::Between => "between",
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Scalar {
    /// Returns the value as a string, without quotes.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Scalar::String(text) => Cow::Borrowed(text),
            Scalar::Number(number) => Cow::Owned(number.to_string()),
        }
    }
}

impl<N: Into<Number>> From<N> for Scalar {
    fn from(number: N) -> Scalar {
        Scalar::Number(number.into())
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Scalar {
        Scalar::String(text.to_owned())
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Scalar {
        Scalar::String(text)
    }
}
