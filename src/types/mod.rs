//! The types of values: what a field holds.

use crate::filter::Op;

/// What kind of value a field holds. The type decides how a value is read, never its look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Type {
    /// A string: `environment = 2024` compares with the text `2024`.
    Text,
    /// A UUID in its hyphenated form.
    Uuid,
    /// A number without a unit.
    Number,
    /// An amount in US dollars; may be written `$0.01`.
    Usd,
    /// A duration in seconds; may be written `500ms`, `8s`, `1.5m`, `1h`.
    Seconds,
    /// An instant, searched by instants and periods: `2024-06-01T12:00Z`, `2024-06`, `now-7d`.
    Time,
    /// An evaluation result: a bare number is a number, anything else a text.
    Score,
    /// Unknown: like a score, and without advice. Fields that are not in the catalog have it where
    /// they are allowed.
    Any,
}

impl Type {
    /// Whether the operator has a meaning for values of the type.
    pub(crate) fn suits(self, op: Op) -> bool {
        match op {
            Op::Eq => true,
            Op::Contains => matches!(self, Type::Text | Type::Score | Type::Any),
            Op::Gt | Op::Gte | Op::Lt | Op::Lte => !matches!(self, Type::Text | Type::Uuid),
            Op::Between => !matches!(self, Type::Text | Type::Uuid | Type::Time),
        }
    }

    /// Its name in JSON: `text`, `usd`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Type::Text => "text",
            Type::Uuid => "uuid",
            Type::Number => "number",
            Type::Usd => "usd",
            Type::Seconds => "seconds",
            Type::Time => "time",
            Type::Score => "score",
            Type::Any => "any",
        }
    }

    /// Whether all values of the type are in an order, so that two dots make a range.
    pub(crate) fn is_ordered(self) -> bool {
        matches!(self, Type::Number | Type::Usd | Type::Seconds | Type::Time)
    }

    /// The type of what is compared by size: there, a score is a number.
    pub(crate) fn by_size(self) -> Type {
        if self == Type::Score { Type::Number } else { self }
    }

    /// What it is called: `a text`, `an amount in US dollars`.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Type::Text => "a text",
            Type::Uuid => "a UUID",
            Type::Number => "a number",
            Type::Usd => "an amount in US dollars",
            Type::Seconds => "a duration in seconds",
            Type::Time => "a time",
            Type::Score | Type::Any => "a number or a text",
        }
    }
}
