//! Reads durations as numbers of seconds, and suggests a duration for another notation.

use super::number;
use super::unit::TimeUnit;
use crate::diagnostic::{Kind, excerpt};
use crate::filter::Number;

/// A decimal number as it was written: an integer and the number of its decimal places.
struct Decimal {
    /// The digits without the decimal point.
    digits: u128,
    /// The number of digits after the decimal point.
    scale: u32,
}

/// Whether a word is a number followed by a unit of time.
pub(crate) fn is_duration(text: &str) -> bool {
    text.ends_with(['s', 'm', 'h']) && read(text).is_ok()
}

/// Returns the first unit of a duration.
pub(crate) fn unit(text: &str) -> Option<&str> {
    let amount = |char: char| matches!(char, '0'..='9' | '.' | '_' | '-');
    let rest = text.trim_start_matches(amount);
    is_duration(text).then(|| rest.split(amount).next()).flatten()
}

/// Parses `500ms`, `8s`, `1.5m`, `1h30m`. The result is in seconds and exact: `500ms` is 0.5, and `8s`
/// is the integer 8.
pub(crate) fn read(text: &str) -> Result<Number, Kind> {
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
        let milliseconds = TimeUnit::of_symbol(unit).and_then(TimeUnit::milliseconds).ok_or_else(invalid)?;
        // Units must descend, each at most once: 1h30m, not 30m1h.
        if !number::has_form(amount) || milliseconds >= last_unit {
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
    /// Parses a number without a sign or an exponent.
    fn read(text: &str) -> Option<Decimal> {
        let mut decimal = Decimal { digits: 0, scale: 0 };
        let mut after_point = false;
        for byte in text.bytes().filter(|byte| *byte != b'_') {
            if byte == b'.' {
                after_point = true;
                continue;
            }
            decimal.digits = decimal.digits.checked_mul(10)?.checked_add(u128::from(byte.checked_sub(b'0')?))?;
            decimal.scale += u32::from(after_point);
        }
        Some(decimal)
    }

    /// Multiplies by a unit in milliseconds and returns seconds.
    fn times(self, milliseconds: u128) -> Option<Decimal> {
        Some(Decimal { digits: self.digits.checked_mul(milliseconds)?, scale: self.scale + 3 })
    }

    fn plus(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.max(other.scale);
        let raise = |decimal: Decimal| decimal.digits.checked_mul(10_u128.checked_pow(scale - decimal.scale)?);
        Some(Decimal { digits: raise(self)?.checked_add(raise(other)?)?, scale })
    }

    /// Returns an integer if the number is one, otherwise the nearest float.
    fn number(self, negative: bool) -> Option<Number> {
        // Integers up to this bound are exact as floats, so the quotient is the nearest float.
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

/// Returns the duration for another notation: `1 minute 30 sec`.
pub(super) fn guess(text: &str) -> Option<String> {
    let mut out = String::new();
    for (amount, unit) in amounts(text)? {
        // Letter case is ignored, as `M` cannot be another unit here.
        let unit = TimeUnit::of_word(&unit.to_ascii_lowercase()).filter(|unit| unit.milliseconds().is_some())?;
        out.push_str(amount);
        out.push_str(unit.symbol());
    }
    is_duration(&out).then_some(out)
}

/// Splits `5 minutes 30s` into numbers and units.
fn amounts(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find(|char: char| !matches!(char, '0'..='9' | '.' | '_'))?;
        let (amount, after) = rest.split_at_checked(end)?;
        let after = after.trim_start();
        let end = after.find(|char: char| !char.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end)?;
        if amount.is_empty() || unit.is_empty() {
            return None;
        }
        found.push((amount, unit));
        rest = after.trim_start();
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: Result<Number, Kind>) -> String {
        number.map_or_else(|kind| kind.to_string(), |number| number.to_string())
    }

    #[test]
    fn durations_are_read_in_seconds() {
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
            assert_eq!(shown(read(text)), value, "{text}");
        }
        for text in ["5", "s", "5d", "5 s", "30m1h", "1s1s", "1.s", "5ss", "1h30", "", "1e3s", "5S"] {
            assert_eq!(shown(read(text)), format!("`{text}` is not a duration"));
        }
        let long = format!("{}s", "9".repeat(60));
        assert_eq!(shown(read(&long)), format!("the number `{}…` is out of range", "9".repeat(60)));
        assert_eq!(
            ["5m", "1h30m", "-1.5s", "500ms", "5", "gpts"].map(unit),
            [Some("m"), Some("h"), Some("s"), Some("ms"), None, None]
        );
        assert!(is_duration("500ms") && !is_duration("500") && !is_duration("gpts") && !is_duration("gpt-4o"));
    }
}
