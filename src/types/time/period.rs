//! Calendar periods, and the words and numbers that name them.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::{TimeError, date, digits, separated};
use crate::diagnostic::{Kind, excerpt};
use crate::types::unit::TimeUnit;

/// A kind of calendar period, ordered by size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Period {
    Day,
    /// An ISO week, which begins on Monday.
    Week,
    Month,
    Quarter,
    Year,
}

/// The named periods: the name, the kind, and the offset from the current period.
pub(crate) const PERIODS: [(&str, Period, i64); 11] = [
    ("today", Period::Day, 0),
    ("yesterday", Period::Day, -1),
    ("tomorrow", Period::Day, 1),
    ("this-week", Period::Week, 0),
    ("last-week", Period::Week, -1),
    ("this-month", Period::Month, 0),
    ("last-month", Period::Month, -1),
    ("this-quarter", Period::Quarter, 0),
    ("last-quarter", Period::Quarter, -1),
    ("this-year", Period::Year, 0),
    ("last-year", Period::Year, -1),
];

impl Period {
    /// Returns the length of the period.
    pub(super) fn length(self) -> (i64, TimeUnit) {
        match self {
            Period::Day => (1, TimeUnit::Day),
            Period::Week => (1, TimeUnit::Week),
            Period::Month => (1, TimeUnit::Month),
            Period::Quarter => (3, TimeUnit::Month),
            Period::Year => (1, TimeUnit::Year),
        }
    }

    /// Returns a span of `count` periods; `None` if that is out of range.
    pub(super) fn times(self, count: i64) -> Option<jiff::Span> {
        let (length, unit) = self.length();
        unit.times(count.checked_mul(length)?)
    }

    /// Returns the first day of the period that contains a day; `None` before the calendar begins.
    pub(super) fn first_day(self, day: Date) -> Option<Date> {
        Some(match self {
            Period::Day => day,
            Period::Week => day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()?,
            Period::Month => day.first_of_month(),
            Period::Quarter => Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).ok()?,
            Period::Year => day.first_of_year(),
        })
    }

    /// Whether a step shifts the period as a whole.
    pub(super) fn moves_by(self, count: i64, unit: TimeUnit) -> bool {
        match self {
            Period::Day => unit >= TimeUnit::Day,
            Period::Week => unit == TimeUnit::Week,
            Period::Month => unit >= TimeUnit::Month,
            Period::Quarter => unit == TimeUnit::Year || unit == TimeUnit::Month && count % 3 == 0,
            Period::Year => unit == TimeUnit::Year,
        }
    }

    /// Describes the steps that shift the period, for a message about one that does not.
    pub(super) fn steps(self) -> &'static str {
        match self {
            Period::Day => "a day can be shifted by d, w, mo and y; for hours, use `now`, as in now-3h",
            Period::Week => "a week can be shifted by w, as in this-week-2w",
            Period::Month => "a month can be shifted by mo and y, as in this-month-2mo",
            Period::Quarter => "a quarter can be shifted by 3mo, 6mo and so on, and by y, as in this-quarter-3mo",
            Period::Year => "a year can be shifted by y, as in this-year-2y",
        }
    }
}

/// Parses a named period in any letter case, and returns the steps that follow.
pub(super) fn named(text: &str) -> Option<(Period, i64, &str)> {
    PERIODS.into_iter().find_map(|(name, period, count)| {
        let steps = after_word(text, name)?;
        Some((period, count, steps))
    })
}

/// Returns what follows a word, in any letter case, if that is empty or begins with a sign.
pub(super) fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    let ends = rest.is_empty() || rest.starts_with(['+', '-']);
    (start.eq_ignore_ascii_case(word) && ends).then_some(rest)
}

/// Parses `2024`, `2024-06`, `2024-06-01`, `2024-W23`, `2024-Q2`. Returns the first day, the kind of
/// period, and what follows a date.
pub(super) fn dated(text: &str) -> Option<Result<(Date, Period, &str), TimeError>> {
    let mut rest = text;
    let year = digits(&mut rest, 4)?;
    let (date, period) = if rest.is_empty() {
        (date(year, 1, 1, text), Period::Year)
    } else {
        let marked = separated(&mut rest, '-')?;
        if let Some(week) = marked.strip_prefix(['W', 'w']) {
            rest = week;
            (week_of(year, digits(&mut rest, 2)?, text), Period::Week)
        } else if let Some(quarter) = marked.strip_prefix(['Q', 'q']) {
            rest = quarter;
            (quarter_of(year, digits(&mut rest, 1)?, text), Period::Quarter)
        } else {
            let month = digits(&mut rest, 2)?;
            if rest.is_empty() {
                (date(year, month, 1, text), Period::Month)
            } else {
                (date(year, month, digits(separated(&mut rest, '-')?, 2)?, text), Period::Day)
            }
        }
    };
    if period != Period::Day && !rest.is_empty() {
        return None;
    }
    Some(date.map(|date| (date, period, rest)))
}

/// Returns the Monday of a week.
fn week_of(year: i16, week: i16, text: &str) -> Result<Date, TimeError> {
    // January 4th is always in the first week.
    let weeks = date(year, 1, 4, text)?.iso_week_date().weeks_in_year();
    let week = i8::try_from(week).ok().and_then(|week| ISOWeekDate::new(year, week, Weekday::Monday).ok());
    week.map(ISOWeekDate::date).ok_or_else(|| none(text, format!("{year:04} has weeks 1 to {weeks}")))
}

fn quarter_of(year: i16, quarter: i16, text: &str) -> Result<Date, TimeError> {
    if !(1..=4).contains(&quarter) {
        return Err(none(text, "quarters go from 1 to 4".to_owned()));
    }
    date(year, quarter * 3 - 2, 1, text)
}

fn none(text: &str, reason: String) -> TimeError {
    Kind::NoSuchTime { text: excerpt(text), reason }.into()
}

#[cfg(test)]
mod tests {
    use super::super::{Clock, Moment};
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn messages_list_every_unit() {
        let lists = |message: &str, unit: TimeUnit| {
            message.split(|char: char| !char.is_alphabetic()).any(|word| word == unit.symbol())
        };
        let help = |text: &str| Moment::read(text, &Clock::epoch()).unwrap_err().help.unwrap();
        for unit in TimeUnit::all() {
            if unit.milliseconds().is_some() {
                assert!(lists(Code::InvalidDuration.explanation(), unit), "invalid-duration lacks {unit:?}");
            }
            if unit >= TimeUnit::Second {
                assert!(lists(Code::InvalidTime.explanation(), unit), "invalid-time lacks {unit:?}");
                assert!(lists(help("now-7"), unit) && lists(help("now-7x"), unit), "the help lacks {unit:?}");
            }
            for (_, period, _) in PERIODS.into_iter().filter(|(_, period, _)| period.moves_by(3, unit)) {
                assert!(lists(period.steps(), unit), "the steps of {period:?} lack {unit:?}");
            }
        }
    }
}
