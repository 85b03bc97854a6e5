//! Reads numbers, and suggests a number for another notation.

use crate::diagnostic::{Kind, excerpt};
use crate::filter::Number;

/// Parses `12`, `-0.5`, `.5`, `1e-3`, `1_000`.
pub(crate) fn read(text: &str) -> Result<Number, Kind> {
    let invalid = || Kind::InvalidNumber { text: excerpt(text) };
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if !has_form(unsigned) {
        return Err(invalid());
    }
    let plain = without_separators(text);
    let range = || Kind::NumberRange { text: excerpt(text) };
    if unsigned.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
        if let Ok(number) = plain.parse::<u64>() {
            return Ok(number.into());
        }
        return plain.parse::<i64>().map(Number::from).map_err(|_| range());
    }
    let number: f64 = plain.parse().map_err(|_| invalid())?;
    let vanished = || {
        let mut mantissa = plain.bytes().take_while(|byte| !matches!(byte, b'e' | b'E'));
        mantissa.any(|byte| matches!(byte, b'1'..=b'9'))
    };
    if number.is_finite() && !(number == 0.0 && vanished()) { Ok(number.into()) } else { Err(range()) }
}

/// Whether a string without a sign has the form of a number.
pub(super) fn has_form(text: &str) -> bool {
    let (whole, rest) = split_digits(text.as_bytes());
    let rest = match rest {
        [b'.', fraction @ ..] => match split_digits(fraction) {
            ([], _) => return false,
            (_, rest) => rest,
        },
        _ if whole.is_empty() => return false,
        _ => rest,
    };
    match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => {
            !exponent.is_empty() && exponent.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// Splits off the leading digits, with single underscores between them.
fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let mut end = 0;
    for (place, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => end = place + 1,
            b'_' if end == place && place > 0 => {}
            _ => break,
        }
    }
    text.split_at_checked(end).unwrap_or((text, &[]))
}

fn without_separators(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('_') { text.replace('_', "").into() } else { text.into() }
}

/// Parses a number that is written as JSON writes it, so that it is printed unchanged: `5`, `0.95`.
pub(crate) fn canonical(text: &str) -> Option<Number> {
    read(text).ok().filter(|number| number.to_string() == text)
}

/// Whether a word is a range of numbers: `1..5`, `1..`, `..5`.
pub(crate) fn is_range(text: &str) -> bool {
    let is_end = |end: &str| end.is_empty() || read(end).is_ok();
    text != ".." && text.split_once("..").is_some_and(|(lower, upper)| is_end(lower) && is_end(upper))
}

/// What separates groups of digits in other notations.
const SEPARATORS: [char; 5] = [',', ' ', '\'', '\u{A0}', '\u{202F}'];

/// Whether the digits are in groups as thousands or lakhs are: of three at the end, and of two or three before.
fn has_groups(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let groups: Vec<usize> = whole.trim_end_matches(['k', 'K']).split(SEPARATORS).map(str::len).collect();
    let is_zero = whole.starts_with('0') && groups.len() > 1;
    let are_groups = !is_zero
        && match groups.as_slice() {
            [_, between @ .., last] => *last == 3 && between.iter().all(|len| matches!(len, 2 | 3)),
            _ => true,
        };
    are_groups && !fraction.contains(SEPARATORS)
}

/// Returns the number for another notation: `1,000.5`, `+5`, `5k`.
pub(super) fn guess(text: &str) -> Option<String> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let plain = match (text.split_once(','), text.split_once('.')) {
        // 1,000.5, and 1,000 if the comma is not a decimal comma.
        (Some((_, fraction)), None) if fraction.len() != 3 && !fraction.contains(',') => text.replace(',', "."),
        (Some(_), Some((whole, fraction))) if fraction.contains(',') && !whole.contains(',') => {
            text.replace('.', "").replace(',', ".")
        }
        _ if has_groups(text) => text.replace(SEPARATORS, ""),
        _ => text.to_owned(),
    };
    let plain = match plain.strip_suffix(['k', 'K']) {
        Some(thousands) if read(thousands).is_ok_and(|number| number.as_integer().is_some()) => {
            format!("{thousands}000")
        }
        _ => plain,
    };
    read(&plain).is_ok().then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: Result<Number, Kind>) -> String {
        number.map_or_else(|kind| kind.to_string(), |number| number.to_string())
    }

    #[test]
    fn numbers_are_read_exactly() {
        for (text, value) in [
            ("12", "12"),
            ("-0.5", "-0.5"),
            (".5", "0.5"),
            ("1e-3", "0.001"),
            ("1_000", "1000"),
            ("1_000.000_1", "1000.0001"),
            ("1E3", "1000.0"),
            ("0.1", "0.1"),
            ("007", "7"),
            ("-0", "0"),
            ("-0.0", "0.0"),
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("1.5777777777770001", "1.5777777777770001"),
            ("1.0", "1.0"),
            ("0e999", "0.0"),
        ] {
            assert_eq!(shown(read(text)), value, "{text}");
        }
        for text in [
            "", "-", ".", "1.", "+1", "1__0", "_1", "1_", "1e", "1e+", "1e1_0", "--1", "0x10", "1,5", "inf", "NaN",
            "１",
        ] {
            assert_eq!(shown(read(text)), format!("`{text}` is not a number"));
        }
        for text in ["18446744073709551616", "-9223372036854775809", "1e400", "-1e400", "1e-400"] {
            assert_eq!(shown(read(text)), format!("the number `{text}` is out of range"));
        }
    }

    #[test]
    fn numbers_as_json_writes_them() {
        for text in ["5", "0.95", "-5", "1e-7", "1e300", "18446744073709551615"] {
            assert_eq!(canonical(text).unwrap().to_string(), text);
        }
        for text in ["1.10", "007", "1_000", "1e3", ".5", "-0", "1e400", "five"] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_have_numbers_as_ends() {
        for text in ["1..5", "1..", "..5", "-1..0.5", "0...5"] {
            assert!(is_range(text), "{text}");
        }
        for text in ["..", "a..b", "1..b", "1.5", "1..2..3", "gpt..5"] {
            assert!(!is_range(text), "{text}");
        }
    }
}
