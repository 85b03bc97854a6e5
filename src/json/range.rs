//! Numbers in JSON that a reader would make others of.

use crate::diagnostic::Kind;
use crate::span::Span;
use crate::types::number;

/// What serde_json says of a number that is too large for a float.
pub(super) const OUT_OF_RANGE: &str = "number out of range";

/// A number beyond the range of numbers, in a text that is JSON: an integer that 64 bits do not hold,
/// one that is too large for a float, or so near to zero that a float would be zero.
pub(crate) fn number_beyond(text: &str) -> Option<Span> {
    let bytes = text.as_bytes();
    let mut place = 0;
    let mut in_string = false;
    while let Some(&byte) = bytes.get(place) {
        match byte {
            b'\\' if in_string => place += 1,
            b'"' => in_string = !in_string,
            b'-' | b'0'..=b'9' if !in_string => {
                let rest = text.get(place..)?;
                let is_part = |char| matches!(char, '0'..='9' | '-' | '+' | '.' | 'e' | 'E');
                let end = rest.find(|char| !is_part(char)).unwrap_or(rest.len());
                let number = rest.get(..end)?;
                if matches!(number::read(number), Err(Kind::NumberRange { .. })) {
                    return Some(Span::new(place, place + end));
                }
                place += end;
                continue;
            }
            _ => {}
        }
        place += 1;
    }
    None
}
