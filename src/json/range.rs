//! Detects numbers in JSON that a parser would change.

use crate::diagnostic::Kind;
use crate::span::Span;
use crate::types::number;

/// Returns the span of the first number out of range in valid JSON: an integer that does not fit 64
/// bits, a number too large for a float, or one so close to zero that the float would be zero.
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
