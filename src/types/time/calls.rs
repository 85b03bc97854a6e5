//! Times written as functions and typed literals of other languages.

use super::fits;
use super::guess::{ago, digits};

/// Returns the time for `datetime(2024, 6, 1)`, `DATE '2024-06-01'`, `ISODate("2024-06-01")`,
/// `startOfDay(-7d)`. In these notations a date is its first instant.
pub(in crate::types) fn guess(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let name_len = lower.find(|char: char| !(char.is_ascii_alphanumeric() || matches!(char, '_' | '.')))?;
    let (name, argument) = lower.split_at_checked(name_len)?;
    let argument = argument.trim().trim_start_matches('(').trim_end_matches(')').trim();
    match name {
        "date" => date(argument),
        "datetime" | "timestamp" | "todatetime" | "isodate" | "to_timestamp" | "datetime.datetime" => {
            // JavaScript's and Kusto's are in UTC, others in the zone of the compiler.
            let is_utc = matches!(name, "isodate" | "todatetime") || name == "datetime" && !argument.contains(',');
            instant(argument, if is_utc { "Z" } else { "" })
        }
        "startofday" if argument.starts_with('-') => Some(format!("today{argument}")),
        "date_sub" | "datesub" => {
            let (now, step) = argument.split_once(',')?;
            before_now(now, step)
        }
        "datetime.now" | "datetime.utcnow" | "current_timestamp" | "now" => {
            let (now, step) = lower.split_once('-')?;
            before_now(now, step)
        }
        _ => None,
    }
}

/// Returns the date for `2024-06-01` in quotes, or for numbers: `2024, 6, 1`.
fn date(argument: &str) -> Option<String> {
    let instant = instant(argument, "")?;
    instant.strip_suffix("T00:00:00").map(str::to_owned)
}

/// Returns the instant for `2024-06-01` in quotes, or for numbers: `2024, 6, 1, 12, 30`.
fn instant(argument: &str, zone: &str) -> Option<String> {
    let bare = argument.trim_matches(['"', '\'']).trim();
    let numbers: Option<Vec<u32>> = bare.split(',').map(|number| number.trim().parse().ok()).collect();
    let time = match numbers.as_deref() {
        Some([year, month, day]) => format!("{year}-{month:02}-{day:02}T00:00:00{zone}"),
        Some([year, month, day, hour, minute]) => format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:00{zone}"),
        Some([year, month, day, hour, minute, second]) => {
            format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
        }
        _ if bare.contains(',') => return None,
        _ => {
            let written = bare.to_ascii_uppercase().replacen(' ', "T", 1);
            let time = if fits(&written) { written } else { digits(bare)? };
            if time.contains(':') { time } else { format!("{time}T00:00:00{zone}") }
        }
    };
    fits(&time).then_some(time)
}

/// Returns the time for `now()` and a step such as `interval '7 days'` or `timedelta(days=7)`.
fn before_now(now: &str, step: &str) -> Option<String> {
    let now = now.trim().trim_end_matches("()");
    if !matches!(now, "now" | "current_timestamp" | "datetime.now" | "datetime.utcnow") {
        return None;
    }
    let step = step.trim();
    let step = step.strip_prefix("interval").or_else(|| step.strip_prefix("timedelta"))?;
    let step = step.trim_matches(|char: char| matches!(char, '(' | ')' | '\'' | '"' | ' '));
    // A negative step is in the future.
    if step.contains('-') {
        return None;
    }
    match step.split_once('=') {
        Some((unit, amount)) => ago(&format!("{amount} {unit}")),
        None => ago(&step.replace(['\'', '"'], " ")),
    }
}
