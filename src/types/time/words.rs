//! Names of calendar periods in other languages.

use jiff::civil::{ISOWeekDate, Weekday};

use super::period::{PERIODS, Period};
use crate::filter::Comparison;

/// Names for the first and the last instant of a period, in lower case and without separators.
const BEGINNINGS: [&str; 3] = ["startof", "beginningof", "tostartof"];
const ENDINGS: [&str; 1] = ["endof"];

/// Words for an offset from the current period.
const RELATIVE: [(&str, i64); 7] =
    [("this", 0), ("current", 0), ("last", -1), ("previous", -1), ("prev", -1), ("prior", -1), ("next", 1)];

/// A boundary of a period that a name may refer to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Boundary {
    Beginning,
    Ending,
}

/// Returns the comparison with a whole period that is equivalent to one with its boundary: after the
/// start of a month means from the beginning of the month on.
pub(in crate::types) fn comparison_with_period(text: &str, comparison: Comparison) -> Comparison {
    match (named_boundary(text), comparison) {
        (Some(Boundary::Beginning), Comparison::Gt) => Comparison::Gte,
        (Some(Boundary::Beginning), Comparison::Lte) => Comparison::Lt,
        (Some(Boundary::Ending), Comparison::Gte) => Comparison::Gt,
        (Some(Boundary::Ending), Comparison::Lt) => Comparison::Lte,
        (_, comparison) => comparison,
    }
}

/// Whether a text names the first or last instant of a period, as in `start of month`.
pub(crate) fn is_boundary(text: &str) -> bool {
    named_boundary(text).is_some()
}

fn named_boundary(text: &str) -> Option<Boundary> {
    let (name, _) = called(text)?;
    boundary(&name).map(|(boundary, _)| boundary)
}

/// Returns the period for `last month`, `previous_quarter`, `startOfMonth(-1)`, `toStartOfWeek(now())`, `MTD`.
pub(super) fn named(text: &str) -> Option<String> {
    let (letters, later) = called(text)?;
    let period = match letters.as_str() {
        "wtd" => Some(Period::Week),
        "mtd" => Some(Period::Month),
        "qtd" => Some(Period::Quarter),
        "ytd" => Some(Period::Year),
        letters => letters.strip_suffix("todate").and_then(of_word),
    };
    if let Some(period) = period {
        return written(period, 0);
    }
    let boundary = boundary(&letters).map(|(_, period)| period);
    let (period, count) = match boundary {
        Some(period) => of_word(period).map(|period| (period, 0)).or_else(|| relative(period))?,
        None => relative(&letters)?,
    };
    written(period, count.checked_add(later)?)
}

/// Returns the period for `now/d`, `now-1M/M`: rounded down, and compared as a whole in those notations.
pub(super) fn rounded(text: &str) -> Option<String> {
    let (time, unit) = text.split_once('/')?;
    let period = of_letter(unit)?;
    let step = time.strip_prefix("now")?;
    let (amount, unit) = step.split_at_checked(step.len().saturating_sub(1))?;
    if step.is_empty() || of_letter(unit) == Some(period) {
        return written(period, if step.is_empty() { 0 } else { amount.parse().ok()? });
    }
    Some(format!("{}{}", present(period)?, step.replace('M', "mo")))
}

/// Returns the period for `Q2 2024`, `2024W23`, `week 23 of 2024`, and the day for `2024-W23-5`.
pub(super) fn numbered(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let is_separator = |char: char| char.is_whitespace() || matches!(char, '-' | '_' | '/' | ',' | '.');
    let words = lower.split(is_separator).filter(|word| !word.is_empty() && *word != "of");
    let parts: Vec<&str> = words.flat_map(runs).collect();
    let (year, name, number, day) = match *parts.as_slice() {
        [name, number, year] if !name.starts_with(|char: char| char.is_ascii_digit()) => (year, name, number, None),
        [year, name, number] => (year, name, number, None),
        [year, name, number, day] => (year, name, number, Some(day)),
        _ => return None,
    };
    let (year, number): (i16, i8) = (Some(year).filter(|year| year.len() == 4)?.parse().ok()?, number.parse().ok()?);
    match (name, day) {
        ("q" | "qtr" | "quarter", None) => Some(format!("{year:04}-Q{number}")),
        ("w" | "wk" | "week", None) => Some(format!("{year:04}-W{number:02}")),
        ("w", Some(day)) => {
            let weekday = Weekday::from_monday_one_offset(day.parse().ok()?).ok()?;
            Some(ISOWeekDate::new(year, number, weekday).ok()?.date().to_string())
        }
        _ => None,
    }
}

/// Splits a word into runs of digits and runs of other characters.
fn runs(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let is_digit = rest.starts_with(|char: char| char.is_ascii_digit());
        let end = rest.find(|char: char| char.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(end)?;
        rest = after;
        (!run.is_empty()).then_some(run)
    })
}

/// Returns the letters of a name and its argument, the offset in periods.
fn called(text: &str) -> Option<(String, i64)> {
    let call = text.split_once('(').and_then(|(name, argument)| {
        let argument = argument.trim_matches([')', '"', '\'', ' ']);
        Some((name, argument.parse().ok()?))
    });
    let (name, later) = call.unwrap_or((text, 0));
    Some((letters(name)?, later))
}

/// Returns the letters of a name in lower case, without separators between its words.
fn letters(text: &str) -> Option<String> {
    let is_mark = |char: char| char.is_whitespace() || matches!(char, '_' | '-' | '(' | ')' | '\'' | '"' | ',');
    let letters = text.chars().filter(|&char| !is_mark(char));
    letters.map(|char| char.is_ascii_alphabetic().then(|| char.to_ascii_lowercase())).collect()
}

/// Splits a name into a boundary and the rest.
fn boundary(letters: &str) -> Option<(Boundary, &str)> {
    let begins = BEGINNINGS.into_iter().map(|name| (Boundary::Beginning, name));
    let ends = ENDINGS.into_iter().map(|name| (Boundary::Ending, name));
    let (boundary, of) =
        begins.chain(ends).find_map(|(boundary, name)| Some((boundary, letters.strip_prefix(name)?)))?;
    let of = of.strip_prefix("the").unwrap_or(of);
    // `toStartOfMonth(now())`
    let now = ["now", "currentdate", "currenttimestamp"].into_iter().find_map(|now| of.strip_suffix(now));
    Some((boundary, now.unwrap_or(of)))
}

/// Parses `today`, `lastmonth`, `currentweek`, `previouscalendarmonth`.
fn relative(letters: &str) -> Option<(Period, i64)> {
    let ours = PERIODS.into_iter().find(|(name, ..)| name.replace('-', "") == letters);
    ours.map(|(_, period, count)| (period, count)).or_else(|| {
        RELATIVE.into_iter().find_map(|(which, count)| {
            let period = letters.strip_prefix(which)?;
            Some((of_word(period.strip_prefix("calendar").unwrap_or(period))?, count))
        })
    })
}

fn of_word(word: &str) -> Option<Period> {
    Some(match word {
        "day" => Period::Day,
        "week" | "isoweek" => Period::Week,
        "month" => Period::Month,
        "quarter" => Period::Quarter,
        "year" => Period::Year,
        _ => return None,
    })
}

/// Returns the period for a letter of Elasticsearch and Grafana.
fn of_letter(letter: &str) -> Option<Period> {
    Some(match letter {
        "d" => Period::Day,
        "w" => Period::Week,
        "M" => Period::Month,
        "Q" => Period::Quarter,
        "y" => Period::Year,
        _ => return None,
    })
}

/// Writes a period with an offset from the current one in this language.
fn written(period: Period, count: i64) -> Option<String> {
    if let Some((name, ..)) = PERIODS.into_iter().find(|(_, of, at)| *of == period && *at == count) {
        return Some(name.to_owned());
    }
    let (length, unit) = period.length();
    Some(format!("{}{:+}{}", present(period)?, count.checked_mul(length)?, unit.symbol()))
}

fn present(period: Period) -> Option<&'static str> {
    PERIODS.into_iter().find(|(_, of, at)| *of == period && *at == 0).map(|(name, ..)| name)
}
