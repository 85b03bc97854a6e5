//! Numbers, with integers kept apart from floats.

use std::cmp::Ordering;
use std::fmt;

use serde::ser::{Error as _, Serialize, Serializer};

/// A number that keeps its kind: integers are exact in the whole 64-bit range, signed and unsigned, and
/// are never converted to floats.
#[derive(Clone, Copy, PartialEq)]
pub struct Number(Repr);

/// `Negative` only holds numbers below zero, so that an integer has one representation.
#[derive(Clone, Copy, PartialEq)]
enum Repr {
    Unsigned(u64),
    Negative(i64),
    Float(f64),
}

impl Number {
    /// Returns the number as a float. An integer above 2^53 may lose precision.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "documented")]
    pub fn as_f64(self) -> f64 {
        match self.0 {
            Repr::Unsigned(number) => number as f64,
            Repr::Negative(number) => number as f64,
            Repr::Float(number) => number,
        }
    }

    /// Returns the number if it is an integer.
    #[must_use]
    pub fn as_integer(self) -> Option<i128> {
        match self.0 {
            Repr::Unsigned(number) => Some(number.into()),
            Repr::Negative(number) => Some(number.into()),
            Repr::Float(_) => None,
        }
    }

    /// Compares two numbers; integers exactly, whatever their size.
    pub(crate) fn order(self, other: Number) -> Option<Ordering> {
        match (self.as_integer(), other.as_integer()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => self.as_f64().partial_cmp(&other.as_f64()),
        }
    }

    /// Returns the number as JSON; `None` for NaN and the infinities.
    pub(super) fn json(self) -> Option<serde_json::Number> {
        match self.0 {
            Repr::Unsigned(number) => Some(number.into()),
            Repr::Negative(number) => Some(number.into()),
            Repr::Float(number) => serde_json::Number::from_f64(number),
        }
    }

    /// Whether the number is neither NaN nor infinite, which JSON cannot represent.
    #[must_use]
    pub fn is_finite(self) -> bool {
        match self.0 {
            Repr::Unsigned(_) | Repr::Negative(_) => true,
            Repr::Float(number) => number.is_finite(),
        }
    }
}

/// Formats as JSON: `8`, `0.01`, `1e300`.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Repr::Unsigned(number) => write!(f, "{number}"),
            Repr::Negative(number) => write!(f, "{number}"),
            Repr::Float(number) => write!(f, "{number:?}"),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Negative zero becomes zero, since JSON parsers differ in whether they distinguish them.
impl From<f64> for Number {
    fn from(number: f64) -> Number {
        Number(Repr::Float(number + 0.0))
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Number {
        Number(Repr::Unsigned(number))
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Number {
        Number(u64::try_from(number).map_or(Repr::Negative(number), Repr::Unsigned))
    }
}

impl From<i32> for Number {
    fn from(number: i32) -> Number {
        i64::from(number).into()
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Number {
        u64::from(number).into()
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Repr::Unsigned(number) => serializer.serialize_u64(number),
            Repr::Negative(number) => serializer.serialize_i64(number),
            Repr::Float(number) if number.is_finite() => serializer.serialize_f64(number),
            Repr::Float(number) => Err(S::Error::custom(format_args!("{number} is not a JSON number"))),
        }
    }
}
