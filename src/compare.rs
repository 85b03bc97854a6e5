//! Comparison of values by the API's guide, shared by evaluation and warnings.

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

/// The relation of a field's value to a filter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// Less, equal or greater.
    Ordered(Ordering),
    /// Not equal. The guide does not define which is greater.
    Different,
    /// Of different kinds, so no comparison holds.
    Unrelated,
    /// Not defined by the guide.
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

/// Compares the value of a field with the value of a filter.
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
        // An example in the guide compares a score with the string "4".
        (Operand::Number(held), Operand::String(wanted)) if ty == Type::Score => {
            number::read(wanted).map_or(Relation::Unrelated, |wanted| order(held, wanted))
        }
        // Comparisons on scores only see numbers.
        (Operand::String(_), _) if ty == Type::Score => Relation::Unrelated,
        (Operand::String(held), Operand::String(wanted)) if held == wanted => Relation::Ordered(Ordering::Equal),
        // The API does not document whether the letter case of a UUID matters.
        (Operand::String(held), Operand::String(wanted)) if ty == Type::Uuid && held.eq_ignore_ascii_case(wanted) => {
            Relation::Unknown
        }
        (Operand::String(_), Operand::String(_)) => Relation::Different,
        (Operand::String(_), Operand::Number(_)) | (Operand::Number(_), Operand::String(_)) => Relation::Unrelated,
    }
}

/// Parses an instant in UTC from a string with an offset, or from one without, which is in UTC.
pub(crate) fn instant(text: &str) -> Option<DateTime> {
    let pieces = Pieces::parse(text).ok()?;
    let local = pieces.date().to_datetime(pieces.time().unwrap_or_default());
    let offset = pieces.to_numeric_offset().unwrap_or(Offset::UTC);
    local.checked_sub(SignedDuration::from_secs(offset.seconds().into())).ok()
}

/// Splits a string into lower-case words, as `contains` compares them: `user@freeplay.ai` is `user`,
/// `freeplay`, `ai`. A value without words matches nothing.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}
