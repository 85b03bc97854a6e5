//! The units of durations and times, in one table.

/// A unit of time, ordered by size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unit {
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
const UNITS: [(Unit, &str, &[&str]); 8] = [
    (Unit::Millisecond, "ms", &["msec", "msecs", "millis", "millisecond", "milliseconds"]),
    (Unit::Second, "s", &["sec", "secs", "second", "seconds"]),
    (Unit::Minute, "m", &["min", "mins", "minute", "minutes"]),
    (Unit::Hour, "h", &["hr", "hrs", "hour", "hours"]),
    (Unit::Day, "d", &["day", "days"]),
    (Unit::Week, "w", &["wk", "week", "weeks"]),
    (Unit::Month, "mo", &["mon", "month", "months"]),
    (Unit::Year, "y", &["yr", "year", "years"]),
];

impl Unit {
    #[cfg(test)]
    pub(crate) fn all() -> impl Iterator<Item = Unit> {
        UNITS.iter().map(|(unit, ..)| *unit)
    }

    /// Returns the unit with this symbol.
    pub(super) fn of_symbol(text: &str) -> Option<Unit> {
        UNITS.iter().find(|(_, symbol, _)| *symbol == text).map(|(unit, ..)| *unit)
    }

    /// Returns the unit for a word in lower case.
    pub(crate) fn of_word(word: &str) -> Option<Unit> {
        UNITS.iter().find(|(_, symbol, words)| *symbol == word || words.contains(&word)).map(|(unit, ..)| *unit)
    }

    pub(crate) fn symbol(self) -> &'static str {
        UNITS.iter().find(|(unit, ..)| *unit == self).map_or("", |(_, symbol, _)| symbol)
    }

    /// Returns the unit's length in milliseconds; `None` if it depends on the calendar.
    pub(super) fn milliseconds(self) -> Option<u128> {
        match self {
            Unit::Millisecond => Some(1),
            Unit::Second => Some(1_000),
            Unit::Minute => Some(60_000),
            Unit::Hour => Some(3_600_000),
            Unit::Day | Unit::Week | Unit::Month | Unit::Year => None,
        }
    }

    /// Returns a span of `count` units; `None` if that is out of range.
    pub(super) fn times(self, count: i64) -> Option<jiff::Span> {
        let span = jiff::Span::new();
        match self {
            Unit::Millisecond => span.try_milliseconds(count),
            Unit::Second => span.try_seconds(count),
            Unit::Minute => span.try_minutes(count),
            Unit::Hour => span.try_hours(count),
            Unit::Day => span.try_days(count),
            Unit::Week => span.try_weeks(count),
            Unit::Month => span.try_months(count),
            Unit::Year => span.try_years(count),
        }
        .ok()
    }
}
