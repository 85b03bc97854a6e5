//! The units of durations and times, in one table.

/// A unit of time, ordered by size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TimeUnit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// Each unit with its symbol and its other names, in lower case.
const UNITS: [(TimeUnit, &str, &[&str]); 8] = [
    (TimeUnit::Millisecond, "ms", &["msec", "msecs", "millis", "millisecond", "milliseconds"]),
    (TimeUnit::Second, "s", &["sec", "secs", "second", "seconds"]),
    (TimeUnit::Minute, "m", &["min", "mins", "minute", "minutes"]),
    (TimeUnit::Hour, "h", &["hr", "hrs", "hour", "hours"]),
    (TimeUnit::Day, "d", &["day", "days"]),
    (TimeUnit::Week, "w", &["wk", "week", "weeks"]),
    (TimeUnit::Month, "mo", &["mon", "month", "months"]),
    (TimeUnit::Year, "y", &["yr", "year", "years"]),
];

impl TimeUnit {
    #[cfg(test)]
    pub(crate) fn all() -> impl Iterator<Item = TimeUnit> {
        UNITS.iter().map(|(unit, ..)| *unit)
    }

    /// Returns the unit with this symbol.
    pub(super) fn of_symbol(text: &str) -> Option<TimeUnit> {
        UNITS.iter().find(|(_, symbol, _)| *symbol == text).map(|(unit, ..)| *unit)
    }

    /// Returns the unit for a word in lower case.
    pub(crate) fn of_word(word: &str) -> Option<TimeUnit> {
        UNITS.iter().find(|(_, symbol, words)| *symbol == word || words.contains(&word)).map(|(unit, ..)| *unit)
    }

    pub(crate) fn symbol(self) -> &'static str {
        UNITS.iter().find(|(unit, ..)| *unit == self).map_or("", |(_, symbol, _)| symbol)
    }

    /// Returns the unit's length in milliseconds; `None` if it depends on the calendar.
    pub(super) fn milliseconds(self) -> Option<u128> {
        match self {
            TimeUnit::Millisecond => Some(1),
            TimeUnit::Second => Some(1_000),
            TimeUnit::Minute => Some(60_000),
            TimeUnit::Hour => Some(3_600_000),
            TimeUnit::Day | TimeUnit::Week | TimeUnit::Month | TimeUnit::Year => None,
        }
    }

    /// Returns a span of `count` units; `None` if that is out of range.
    pub(super) fn times(self, count: i64) -> Option<jiff::Span> {
        let span = jiff::Span::new();
        match self {
            TimeUnit::Millisecond => span.try_milliseconds(count),
            TimeUnit::Second => span.try_seconds(count),
            TimeUnit::Minute => span.try_minutes(count),
            TimeUnit::Hour => span.try_hours(count),
            TimeUnit::Day => span.try_days(count),
            TimeUnit::Week => span.try_weeks(count),
            TimeUnit::Month => span.try_months(count),
            TimeUnit::Year => span.try_years(count),
        }
        .ok()
    }
}
