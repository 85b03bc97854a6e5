//! The size of a filter, computed before the filter is created.

use crate::checked::Condition;
use crate::filter::{Scalar, json_len};

/// An upper bound for the size of a filter.
#[derive(Clone, Copy, Default)]
pub(super) struct Size {
    pub(super) filters: usize,
    pub(super) json: usize,
}

/// `{"and":[]}`, followed by a comma.
pub(super) const GROUP: Size = Size { filters: 1, json: 11 };

impl Size {
    pub(super) fn plus(self, other: Size) -> Size {
        Size { filters: self.filters.saturating_add(other.filters), json: self.json.saturating_add(other.json) }
    }

    pub(super) fn times(self, count: usize) -> Size {
        Size { filters: self.filters.saturating_mul(count), json: self.json.saturating_mul(count) }
    }
}

/// The length of the longest number in JSON.
const NUMBER_LEN: usize = "-2.2250738585072014e-308".len();

impl Condition {
    /// Returns the size of a condition for a field whose name has this length in JSON. The parts of lists
    /// are counted separately.
    #[inline]
    pub(super) fn size(&self, name_len: usize) -> Size {
        let of = |value_len: usize| Size {
            filters: 1,
            json: r#"{"field":,"op":"contains","value":},"#.len() + name_len + value_len,
        };
        let with = |value: &Scalar| match value {
            Scalar::String(text) => of(json_len(text)),
            Scalar::Number(_) => of(NUMBER_LEN),
        };
        match self {
            Condition::Compare(_, value) | Condition::Contains(value) => with(value),
            Condition::Between(..) => of("[,]".len() + 2 * NUMBER_LEN),
            Condition::Within(lower, upper) => {
                lower.iter().chain(upper).fold(GROUP, |size, bound| size.plus(with(&bound.value)))
            }
            Condition::Any(_) | Condition::Every(_) => Size::default(),
        }
    }
}
