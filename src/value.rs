//! Numbers, money and durations: the values that a field reads from a word.

use crate::diagnostic::{Kind, excerpt};
use crate::filter::Number;

/// A decimal number as it was written: an integer with the place of its point.
struct Decimal {
    /// The digits, without the point; never empty.
    digits: u128,
    /// How many of the digits stand behind the point.
    scale: u32,
}

/// Reads `12`, `-0.5`, `.5`, `1e-3`, `1_000`.
pub(crate) fn number(text: &str) -> Result<Number, Kind> {
    let invalid = || Kind::InvalidNumber { text: excerpt(text) };
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if !is_number(unsigned) {
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

/// Whether a text without its sign has the form of a number.
fn is_number(text: &str) -> bool {
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

/// Splits off the digits that a text begins with, and single underscores between them.
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

/// Reads a number where it is written as JSON writes it, and so as it is written back: `5`, `0.95`.
pub(crate) fn canonical(text: &str) -> Option<Number> {
    number(text).ok().filter(|number| number.to_string() == text)
}

/// Whether a word is a range of numbers: `1..5`, `1..`, `..5`.
pub(crate) fn is_range(text: &str) -> bool {
    let is_end = |end: &str| end.is_empty() || number(end).is_ok();
    text != ".." && text.split_once("..").is_some_and(|(lower, upper)| is_end(lower) && is_end(upper))
}

/// Whether a word looks like an amount of money.
pub(crate) fn is_money(text: &str) -> bool {
    text.strip_prefix('-').unwrap_or(text).starts_with('$')
}

/// Reads `$0.01`, or a number without the sign.
pub(crate) fn money(text: &str) -> Result<Number, Kind> {
    match text.strip_prefix("-$") {
        Some(amount) if !amount.starts_with('-') => number(&format!("-{amount}")),
        _ => number(text.strip_prefix('$').unwrap_or(text)),
    }
    .map_err(|kind| match kind {
        Kind::NumberRange { .. } => Kind::NumberRange { text: excerpt(text) },
        _ => Kind::InvalidNumber { text: excerpt(text) },
    })
}

/// The units of durations, with how many milliseconds each has.
const UNITS: [(&str, u128); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// Whether a word is a number with a unit of time behind it.
pub(crate) fn is_duration(text: &str) -> bool {
    text.ends_with(['s', 'm', 'h']) && duration(text).is_ok()
}

/// The first unit of a duration.
pub(crate) fn unit(text: &str) -> Option<&str> {
    let amount = |char: char| matches!(char, '0'..='9' | '.' | '_' | '-');
    let rest = text.trim_start_matches(amount);
    is_duration(text).then(|| rest.split(amount).next()).flatten()
}

/// Reads `500ms`, `8s`, `1.5m`, `1h30m` in seconds; exactly, so `500ms` is 0.5 and `8s` the
/// integer 8.
pub(crate) fn duration(text: &str) -> Result<Number, Kind> {
    let invalid = || Kind::InvalidDuration { text: excerpt(text) };
    let range = || Kind::NumberRange { text: excerpt(text) };
    let negative = text.starts_with('-');
    let mut rest = text.strip_prefix('-').unwrap_or(text);
    let mut total = Decimal { digits: 0, scale: 3 };
    let mut last_unit = u128::MAX;
    loop {
        let end = rest.find(|char: char| !matches!(char, '0'..='9' | '.' | '_')).ok_or_else(invalid)?;
        let (amount, after) = rest.split_at_checked(end).ok_or_else(invalid)?;
        let end = after.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end).ok_or_else(invalid)?;
        let &(_, milliseconds) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(invalid)?;
        // From the largest unit to the smallest, each once: 1h30m, not 30m1h.
        if !is_number(amount) || milliseconds >= last_unit {
            return Err(invalid());
        }
        last_unit = milliseconds;
        let amount = Decimal::read(amount).and_then(|amount| amount.times(milliseconds)).ok_or_else(range)?;
        total = total.plus(amount).ok_or_else(range)?;
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    total.number(negative).ok_or_else(range)
}

impl Decimal {
    /// Reads a number without sign and exponent.
    fn read(text: &str) -> Option<Decimal> {
        let mut decimal = Decimal { digits: 0, scale: 0 };
        let mut behind_point = false;
        for byte in text.bytes().filter(|byte| *byte != b'_') {
            if byte == b'.' {
                behind_point = true;
                continue;
            }
            decimal.digits = decimal.digits.checked_mul(10)?.checked_add(u128::from(byte.checked_sub(b'0')?))?;
            decimal.scale += u32::from(behind_point);
        }
        Some(decimal)
    }

    /// A number of milliseconds as seconds.
    fn times(self, milliseconds: u128) -> Option<Decimal> {
        Some(Decimal { digits: self.digits.checked_mul(milliseconds)?, scale: self.scale + 3 })
    }

    fn plus(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.max(other.scale);
        let raise = |decimal: Decimal| decimal.digits.checked_mul(10_u128.checked_pow(scale - decimal.scale)?);
        Some(Decimal { digits: raise(self)?.checked_add(raise(other)?)?, scale })
    }

    /// An integer where it is one, else the nearest float.
    fn number(self, negative: bool) -> Option<Number> {
        // Two integers up to here are exact floats, so that their quotient is the nearest one.
        const EXACT: u64 = 1 << 53;
        if let (Ok(digits), Some(unit)) = (u64::try_from(self.digits), 10_u64.checked_pow(self.scale))
            && digits <= EXACT
            && unit <= EXACT
            && !digits.is_multiple_of(unit)
        {
            let number = digits as f64 / unit as f64;
            return Some(if negative { -number } else { number }.into());
        }
        let whole = match 10_u128.checked_pow(self.scale) {
            Some(unit) if self.digits.is_multiple_of(unit) => self.digits / unit,
            _ => {
                let sign = if negative { "-" } else { "" };
                let number: f64 = format!("{sign}{}e-{}", self.digits, self.scale).parse().ok()?;
                return (number != 0.0).then(|| number.into());
            }
        };
        if negative {
            return i64::try_from(0_i128.checked_sub_unsigned(whole)?).ok().map(Number::from);
        }
        u64::try_from(whole).ok().map(Number::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: Result<Number, Kind>) -> String {
        number.map_or_else(|kind| kind.to_string(), |number| number.to_string())
    }

    #[test]
    fn numbers() {
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
            assert_eq!(shown(number(text)), value, "{text}");
        }
        for text in [
            "", "-", ".", "1.", "+1", "1__0", "_1", "1_", "1e", "1e+", "1e1_0", "--1", "0x10", "1,5", "inf", "NaN",
            "１",
        ] {
            assert_eq!(shown(number(text)), format!("`{text}` is not a number"));
        }
        for text in ["18446744073709551616", "-9223372036854775809", "1e400", "-1e400", "1e-400"] {
            assert_eq!(shown(number(text)), format!("`{text}` is beyond the range of numbers"));
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
    fn ranges() {
        for text in ["1..5", "1..", "..5", "-1..0.5", "0...5"] {
            assert!(is_range(text), "{text}");
        }
        for text in ["..", "a..b", "1..b", "1.5", "1..2..3", "gpt..5"] {
            assert!(!is_range(text), "{text}");
        }
    }

    #[test]
    fn amounts() {
        for (text, value) in [("$0.01", "0.01"), ("$5", "5"), ("-$1_000", "-1000"), ("0.003", "0.003"), ("$-5", "-5")] {
            assert_eq!(shown(money(text)), value, "{text}");
        }
        for text in ["$", "$$5", "5$", "$five", "-$-5"] {
            assert_eq!(shown(money(text)), format!("`{text}` is not a number"));
        }
        for text in ["$1e400", "-$1e400", "18446744073709551616"] {
            assert_eq!(shown(money(text)), format!("`{text}` is beyond the range of numbers"));
        }
    }

    #[test]
    fn durations() {
        for (text, value) in [
            ("500ms", "0.5"),
            ("8s", "8"),
            ("8000ms", "8"),
            ("1.5m", "90"),
            ("1h", "3600"),
            ("1h30m", "5400"),
            ("1m0.25s", "60.25"),
            ("0.1ms", "0.0001"),
            ("1_500ms", "1.5"),
            ("-5s", "-5"),
            ("100ms", "0.1"),
            ("0.30s", "0.3"),
        ] {
            assert_eq!(shown(duration(text)), value, "{text}");
        }
        for text in ["5", "s", "5d", "5 s", "30m1h", "1s1s", "1.s", "5ss", "1h30", "", "1e3s", "5S"] {
            assert_eq!(shown(duration(text)), format!("`{text}` is not a duration"));
        }
        let long = format!("{}s", "9".repeat(60));
        assert_eq!(shown(duration(&long)), format!("`{}…` is beyond the range of numbers", "9".repeat(60)));
        assert_eq!(
            ["5m", "1h30m", "-1.5s", "500ms", "5", "gpts"].map(unit),
            [Some("m"), Some("h"), Some("s"), Some("ms"), None, None]
        );
        assert!(is_duration("500ms") && !is_duration("500") && !is_duration("gpts") && !is_duration("gpt-4o"));
    }
}
