//! How values compare, by the API's guide: what evaluation and warnings both rest on.

use std::cmp::Ordering;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;

use crate::catalog::Type;
use crate::filter::{Number, Scalar};
use crate::types::number;

/// A value on either side of a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operand<'a> {
    String(&'a str),
    Number(Number),
}

/// How a field's value relates to a filter's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// Less, equal or greater.
    Ordered(Ordering),
    /// Not equal. Which of them is greater, the guide does not say.
    Different,
    /// Of different kinds: no comparison holds.
    Unrelated,
    /// The guide does not say how they compare.
    Unknown,
}

impl<'a> From<&'a Scalar> for Operand<'a> {
    fn from(value: &'a Scalar) -> Operand<'a> {
        match value {
            Scalar::String(text) => Operand::String(text),
            Scalar::Number(number) => Operand::Number(*number),
        }
    }
}

/// How a value of a field of some type relates to a filter's value.
pub(crate) fn relation(held: Operand, wanted: Operand, ty: Type) -> Relation {
    let order = |left: Number, right: Number| left.order(right).map_or(Relation::Unrelated, Relation::Ordered);
    match (held, wanted) {
        (Operand::String(held), Operand::String(wanted)) if ty == Type::Time => {
            match (instant(held), instant(wanted)) {
                (Some(held), Some(wanted)) => Relation::Ordered(held.cmp(&wanted)),
                _ => Relation::Unknown,
            }
        }
        _ if ty == Type::Time => Relation::Unknown,
        (Operand::Number(held), Operand::Number(wanted)) => order(held, wanted),
        // The guide's own example compares a score with the string "4".
        (Operand::Number(held), Operand::String(wanted)) if ty == Type::Score => {
            number::read(wanted).map_or(Relation::Unrelated, |wanted| order(held, wanted))
        }
        // Comparisons see only the numbers among scores.
        (Operand::String(_), _) if ty == Type::Score => Relation::Unrelated,
        (Operand::String(held), Operand::String(wanted)) if held == wanted => Relation::Ordered(Ordering::Equal),
        // Whether the API tells the case of a UUID's letters apart is not documented.
        (Operand::String(held), Operand::String(wanted)) if ty == Type::Uuid && held.eq_ignore_ascii_case(wanted) => {
            Relation::Unknown
        }
        (Operand::String(_), Operand::String(_)) => Relation::Different,
        (Operand::String(_), Operand::Number(_)) | (Operand::Number(_), Operand::String(_)) => Relation::Unrelated,
    }
}

/// An instant in UTC, of a string with its offset, or without one and then in UTC already.
pub(crate) fn instant(text: &str) -> Option<DateTime> {
    let pieces = Pieces::parse(text).ok()?;
    let local = pieces.date().to_datetime(pieces.time().unwrap_or_default());
    let offset = pieces.to_numeric_offset().unwrap_or(Offset::UTC);
    local.checked_sub(SignedDuration::from_secs(offset.seconds().into())).ok()
}

/// The words that `contains` looks for, and looks among, in lower case: `user@freeplay.ai` is
/// `user`, `freeplay`, `ai`. A value without a word finds nothing.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}
