//! What can be written in a place, as one types it.

use crate::catalog::Field;
use crate::filter::{Op, Scalar};
use crate::parse::Place;
use crate::{keyword, print};

/// The operators that a field takes.
pub(crate) fn typed_operators(field: &Field) -> Vec<String> {
    let taken = Op::ALL.into_iter().filter(|op| field.takes(*op));
    taken.map(|op| keyword::operator(op).to_owned()).collect()
}

/// Values that a field is known to hold.
pub(crate) fn typed_values(field: Option<&Field>) -> Vec<String> {
    const MOST: usize = 20;
    let values = field.map(Field::values).unwrap_or_default().iter().take(MOST);
    let typed = values.map(|value| match value {
        Scalar::Text(text) => print::text(text, Place::Elsewhere),
        Scalar::Number(number) => number.to_string(),
    });
    typed.collect()
}
