//! Reads amounts of money as numbers of US dollars, and suggests an amount for another notation.

use super::number;
use crate::diagnostic::{Kind, excerpt};
use crate::filter::Number;

/// Whether a word looks like an amount of money.
pub(crate) fn is_money(text: &str) -> bool {
    text.strip_prefix('-').unwrap_or(text).starts_with('$')
}

/// Parses `$0.01`, or a number without the `$`.
pub(crate) fn read(text: &str) -> Result<Number, Kind> {
    match text.strip_prefix("-$") {
        Some(amount) if !amount.starts_with('-') => number::read(&format!("-{amount}")),
        _ => number::read(text.strip_prefix('$').unwrap_or(text)),
    }
    .map_err(|kind| match kind {
        Kind::NumberRange { .. } => Kind::NumberRange { text: excerpt(text) },
        _ => Kind::InvalidNumber { text: excerpt(text) },
    })
}

/// Returns the amount for another notation: `5 USD`, `5 cents`, `1,5`.
pub(super) fn guess(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let cents = ["cents", "cent", "¢"].iter().find_map(|unit| lower.strip_suffix(unit));
    if let Some(cents) = cents {
        let cents: u32 = cents.trim_end().parse().ok()?;
        return Some(format!("${}.{:02}", cents / 100, cents % 100));
    }
    let bare = ["dollars", "dollar", "bucks", "usd", "us$", "$"]
        .iter()
        .find_map(|unit| lower.strip_suffix(unit).or_else(|| lower.strip_prefix(unit)))?;
    number::guess(bare.trim_matches([' ', '$'])).map(|amount| format!("${amount}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: Result<Number, Kind>) -> String {
        number.map_or_else(|kind| kind.to_string(), |number| number.to_string())
    }

    #[test]
    fn amounts_are_read_with_or_without_a_dollar_sign() {
        for (text, value) in [("$0.01", "0.01"), ("$5", "5"), ("-$1_000", "-1000"), ("0.003", "0.003"), ("$-5", "-5")] {
            assert_eq!(shown(read(text)), value, "{text}");
        }
        for text in ["$", "$$5", "5$", "$five", "-$-5"] {
            assert_eq!(shown(read(text)), format!("`{text}` is not a number"));
        }
        for text in ["$1e400", "-$1e400", "18446744073709551616"] {
            assert_eq!(shown(read(text)), format!("the number `{text}` is out of range"));
        }
    }
}
