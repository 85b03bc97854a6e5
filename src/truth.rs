//! Three-valued truth: a condition may be unknown for a record.

use std::fmt;
use std::ops;

use serde::ser::{Serialize, Serializer};

/// Whether a condition holds for a record. It may be unknown, as search results contain only some of
/// the data that can be searched.
///
/// `!`, `&` and `|` follow Kleene's logic: the result is unknown only if it depends on an unknown
/// operand. In JSON it is `true`, `false` or `null`.
///
/// ```
/// use freeplay_filter::Truth;
///
/// assert_eq!(Truth::Unknown & Truth::False, Truth::False);
/// assert_eq!(Truth::Unknown | Truth::False, Truth::Unknown);
/// assert_eq!(!Truth::Unknown, Truth::Unknown);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// The record does not contain enough data.
    Unknown,
}

impl Truth {
    /// Whether the condition certainly holds: unknown counts as false.
    ///
    /// ```
    /// use freeplay_filter::Truth;
    ///
    /// assert_eq!([Truth::True, Truth::False, Truth::Unknown].map(Truth::is_certain), [true, false, false]);
    /// ```
    #[must_use]
    pub fn is_certain(self) -> bool {
        self == Truth::True
    }

    /// Whether the condition may hold: unknown counts as true.
    ///
    /// ```
    /// use freeplay_filter::Truth;
    ///
    /// assert_eq!([Truth::True, Truth::False, Truth::Unknown].map(Truth::is_possible), [true, false, true]);
    /// ```
    #[must_use]
    pub fn is_possible(self) -> bool {
        self != Truth::False
    }

    /// Returns whether the condition holds, if that is known.
    ///
    /// ```
    /// use freeplay_filter::Truth;
    ///
    /// let known = [Truth::True, Truth::False, Truth::Unknown].map(Truth::known);
    /// assert_eq!(known, [Some(true), Some(false), None]);
    /// ```
    #[must_use]
    pub fn known(self) -> Option<bool> {
        match self {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown => None,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Truth {
        if holds { Truth::True } else { Truth::False }
    }
}

/// Converts `None` to unknown.
impl From<Option<bool>> for Truth {
    fn from(known: Option<bool>) -> Truth {
        known.map_or(Truth::Unknown, Truth::from)
    }
}

impl ops::Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

impl ops::BitAnd for Truth {
    type Output = Truth;

    fn bitand(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
            (Truth::True, Truth::True) => Truth::True,
        }
    }
}

impl ops::BitOr for Truth {
    type Output = Truth;

    fn bitor(self, other: Truth) -> Truth {
        !(!self & !other)
    }
}

/// Writes `true`, `false` or `unknown`.
impl fmt::Display for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Truth::True => "true",
            Truth::False => "false",
            Truth::Unknown => "unknown",
        })
    }
}

impl Serialize for Truth {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.known().serialize(serializer)
    }
}
