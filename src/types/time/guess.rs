//! Suggestions for times in other notations.

use jiff::Timestamp;

use super::{calls, fits, words};
use crate::types::unit::TimeUnit;

/// Returns the time for another notation: `7 days ago`, `2024/06/01`, `June 1st, 2024`.
pub(in crate::types) fn guess(text: &str) -> Option<String> {
    // Two dots, or a dash at the end, belong to a range.
    if text.contains("..") || text.ends_with(['-', '–', '—']) {
        return None;
    }
    let joined: String = text.chars().filter(|char| !char.is_whitespace() && !matches!(char, '(' | ')')).collect();
    let candidates = [
        calls::guess(text),
        words::rounded(&joined),
        shifted(&joined),
        joined.starts_with("now").then(|| joined.clone()),
        present(&joined),
        words::named(text),
        ago(text),
        words::numbered(text),
        digits(text),
        month(text),
    ];
    // Each candidate is checked, so that no suggestion is itself invalid.
    candidates.into_iter().flatten().find(|time| time != text && fits(time))
}

/// Whether an invalid time can only mean what is suggested: `2024/06/01`, `2024W23`, `-7d`, `now-7d/d`.
/// `/w` is excluded, since for some a week begins on Sunday.
pub(in crate::types) fn has_one_reading(text: &str) -> bool {
    let year = text.bytes().take_while(u8::is_ascii_digit).count();
    let marks = ['/', '-', 'W', 'w', 'Q', 'q'];
    let begins_with_year = year == 4 && text.get(4..).is_some_and(|rest| rest.starts_with(marks));
    let is_before_now = text.strip_prefix('-').is_some_and(|step| step.ends_with(char::is_alphabetic));
    let is_rounded = text.starts_with("now") && text.contains('/') && !text.ends_with("/w");
    begins_with_year || is_before_now || is_rounded
}

/// Returns the time for `today - 30d`, `today - 1 day`, `now + 1 hour`, `today() - 30`.
fn shifted(joined: &str) -> Option<String> {
    let lower = joined.to_ascii_lowercase();
    let base = ["now", "today", "yesterday", "tomorrow"].into_iter().find(|base| lower.starts_with(base))?;
    let step = joined.get(base.len()..)?;
    let sign = ["-", "+"].into_iter().find(|sign| step.starts_with(sign))?;
    let step = step.get(1..)?;
    let unit = step.trim_start_matches(|char: char| char.is_ascii_digit());
    let amount = step.strip_suffix(unit).filter(|amount| !amount.is_empty())?;
    // Without a unit, dates are shifted by days; instants have no default.
    let symbol = match unit {
        "" if base == "now" => return None,
        "" => TimeUnit::Day.symbol(),
        "M" => TimeUnit::Month.symbol(),
        unit => TimeUnit::of_word(&unit.to_ascii_lowercase()).filter(|unit| *unit >= TimeUnit::Second)?.symbol(),
    };
    Some(format!("{base}{sign}{amount}{symbol}"))
}

fn present(joined: &str) -> Option<String> {
    let time = match joined.to_ascii_lowercase().replace(['_', '-'], "").as_str() {
        "currentdate" | "curdate" | "today" => "today",
        "now" | "currenttimestamp" | "getdate" | "sysdate" | "datetime.now" | "datetime.utcnow" => "now",
        _ => return None,
    };
    Some(time.to_owned())
}

/// Returns the time for `7 days ago`, `an hour ago`, `last 7 days`, `past week`, `-7d`,
/// `now() - interval '7 days'`, `now-7days`. A plus would mean a time in the future.
pub(super) fn ago(text: &str) -> Option<String> {
    let (mut amount, mut unit) = (None, None);
    let mut minuses = 0;
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_alike = |char: char| char.is_ascii_digit() == first.is_ascii_digit() && char.is_alphanumeric();
        let len = rest.find(|char| !is_alike(char)).unwrap_or(rest.len()).max(first.len_utf8());
        let (word, after) = rest.split_at_checked(len)?;
        rest = after;
        minuses += usize::from(first == '-' && amount.is_none());
        // `2024-W` begins a week of the calendar.
        if first == '-' && amount.is_some() && unit.is_none() {
            return None;
        }
        if first.is_whitespace() || "-_'\"().,:".contains(first) {
            continue;
        }
        if !first.is_alphanumeric() {
            return None;
        }
        let lower = word.to_ascii_lowercase();
        // A second `now` is the end of a range.
        if words.contains(&lower) || lower == "now" && amount.is_some() {
            return None;
        }
        match lower.as_str() {
            "ago" | "last" | "past" | "previous" | "the" | "in" | "now" | "interval" | "a" | "an" => words.push(lower),
            // With two units, it is unclear which is meant.
            _ if unit.is_some() => return None,
            number if number.bytes().all(|byte| byte.is_ascii_digit()) && amount.is_none() => {
                amount = Some(word.to_owned());
            }
            // Grafana and Elasticsearch write months as `M`.
            _ if word == "M" => unit = Some(TimeUnit::Month),
            name => unit = Some(TimeUnit::of_word(name).filter(|unit| *unit >= TimeUnit::Second)?),
        }
    }
    let (has, unit) = (|word: &str| words.iter().any(|other| other == word), unit?);
    // `ago(-7d)`, `in 7 days` and `now(7d)` are in the future.
    let is_past = has("ago") || has("last") || has("past") || has("previous");
    if minuses > usize::from(!has("ago")) || has("in") && !is_past || has("now") && minuses == 0 && !is_past {
        return None;
    }
    // `last month` is the previous calendar month; `the last month` and `past month` end now.
    let is_one =
        has("ago") && (has("a") || has("an")) || has("past") || has("last") && (has("the") || unit < TimeUnit::Day);
    let amount = amount.or_else(|| is_one.then(|| "1".to_owned()))?;
    Some(format!("now-{amount}{}", unit.symbol()))
}

/// Returns the time for `2024/06/01`, `2024-6-1`, `20240601`, `2024-06-01T10`, `25/12/2024`, and seconds since 1970.
pub(super) fn digits(text: &str) -> Option<String> {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(text) && matches!(text.len(), 10 | 13) {
        let number: i64 = text.parse().ok()?;
        let at = if text.len() == 10 { Timestamp::from_second(number) } else { Timestamp::from_millisecond(number) };
        return at.ok().filter(|at| at.subsec_nanosecond() == 0).map(|at| at.to_string());
    }
    if let (true, Some((year, rest))) = (is_number(text) && text.len() == 8, text.split_at_checked(4)) {
        let (month, day) = rest.split_at_checked(2)?;
        return Some(format!("{year}-{month}-{day}"));
    }
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split(['-', '/', '.']).collect();
    let &[first, second, third] = parts.as_slice() else { return None };
    let beyond_months = |part: &str| part.parse().is_ok_and(|number: u8| number > 12);
    let (year, month, day) = match (first.len(), third.len()) {
        (4, 1 | 2) => (first, second, third),
        // The order is certain if the day is greater than 12.
        (1 | 2, 4) if beyond_months(first) => (third, second, first),
        (1 | 2, 4) if beyond_months(second) => (third, first, second),
        _ => return None,
    };
    let date = format!("{year}-{month:0>2}-{day:0>2}");
    Some(match time {
        Some(time) if time.contains(':') => format!("{date}T{time}"),
        Some(hour) => format!("{date}T{hour}:00"),
        None => date,
    })
}

/// Returns the time for `1 June 2024`, `June 1st, 2024`, `Jun 2024`.
fn month(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let (mut year, mut month, mut day) = (None, None, None);
    for word in text.split([' ', ',', '-', '/', '.']).filter(|word| !word.is_empty()) {
        let word = word.to_ascii_lowercase();
        let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending));
        let number = ordinal.unwrap_or(&word).to_owned();
        if word.bytes().all(|byte| byte.is_ascii_digit()) && word.len() == 4 {
            year = Some(word);
        } else if !number.is_empty() && number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit()) {
            day = Some(number);
        } else {
            let start = word.get(..3)?;
            month = Some(1 + MONTHS.iter().position(|month| *month == start)?);
        }
    }
    let (year, month) = (year?, month?);
    Some(day.map_or_else(|| format!("{year}-{month:02}"), |day| format!("{year}-{month:02}-{day:0>2}")))
}
