//! How much a filter will hold, counted before it is made.

use crate::checked::Condition;
use crate::filter::{Scalar, json_len};

/// How much a filter holds, at most.
#[derive(Clone, Copy, Default)]
pub(super) struct Size {
    pub(super) filters: usize,
    pub(super) json: usize,
}

/// `{"and":[]}`, with a comma behind it.
pub(super) const GROUP: Size = Size { filters: 1, json: 11 };

impl Size {
    pub(super) fn plus(self, other: Size) -> Size {
        Size { filters: self.filters.saturating_add(other.filters), json: self.json.saturating_add(other.json) }
    }

    pub(super) fn times(self, count: usize) -> Size {
        Size { filters: self.filters.saturating_mul(count), json: self.json.saturating_mul(count) }
    }
}

/// The longest number in JSON.
const NUMBER_LEN: usize = "-2.2250738585072014e-308".len();

impl Condition {
    /// What it lowers to for a field whose name has so many bytes in JSON; the parts of lists are
    /// counted one by one.
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
