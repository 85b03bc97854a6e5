//! Parses times, and resolves them to instants and periods.

mod calls;
mod clock;
mod guess;
mod period;
mod words;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, Offset};
use jiff::{SignedDuration, Timestamp};

pub(crate) use clock::{Clock, Now};
pub(super) use guess::{guess, has_one_reading};
pub(crate) use period::PERIODS;
use period::Period;
pub(super) use words::comparison_with_period;
pub(crate) use words::is_boundary;

use super::unit::TimeUnit;
use crate::diagnostic::{Kind, excerpt};

/// A resolved time in UTC. It holds civil times, since jiff's timestamps end a day before the API's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Moment {
    /// An instant, in whole seconds.
    Instant(DateTime),
    /// A period from the first instant up to, but not including, the second.
    Period(Edge, Edge),
}

/// The start or end of a period; `None` outside the years 1 to 9999.
pub(crate) type Edge = Option<DateTime>;

/// Why a time is invalid, and what to write instead.
#[derive(Debug)]
pub(crate) struct TimeError {
    pub(crate) kind: Kind,
    pub(crate) help: Option<&'static str>,
    /// The nearest valid time.
    pub(crate) fix: Option<String>,
}

impl From<Kind> for TimeError {
    fn from(kind: Kind) -> TimeError {
        TimeError { kind, help: None, fix: None }
    }
}

/// The word for the current instant.
const NOW: &str = "now";

/// The help of messages about invalid times.
pub(super) const FORMS: &str = "write 2024-06-01, 2024-06, 2024-06-01T12:30:00Z, today, last-month, now or now-7d";

const NO_FRACTION: &str = "leave the fraction out";

impl Moment {
    /// Parses and resolves a time in any form of the language.
    pub(crate) fn read(text: &str, clock: &Clock) -> Result<Moment, TimeError> {
        let unreadable = || TimeError { help: Some(FORMS), ..Kind::InvalidTime { text: excerpt(text) }.into() };
        if text.starts_with(|char: char| char.is_ascii_digit()) {
            return calendar(text, clock).unwrap_or_else(|| Err(unreadable()));
        }
        if let Some(offsets) = period::after_word(text, NOW) {
            return Moment::from_now(offsets, clock, text);
        }
        let (period, count, offsets) = period::named(text).ok_or_else(unreadable)?;
        let steps = steps(offsets, Some(period), text)?;
        let today = clock.zone.to_datetime(clock.now(text)?).date();
        let first = period.first_day(today).zip(period.times(count));
        let first = first.and_then(|(day, later)| day.checked_add(later).ok());
        let first = steps.into_iter().fold(first, |day, step| day?.checked_add(step).ok());
        Moment::period(first.ok_or_else(|| beyond(text))?, period, clock, text)
    }

    /// Returns the instant of a timestamp; `text` is its name in messages.
    pub(crate) fn at(at: Timestamp, text: &str) -> Result<Moment, TimeError> {
        if at.subsec_nanosecond() != 0 {
            return Err(TimeError { help: Some(NO_FRACTION), ..Kind::FractionalSecond.into() });
        }
        within_years(Offset::UTC.to_datetime(at)).map(Moment::Instant).ok_or_else(|| beyond(text))
    }

    /// Resolves `now` with steps, in the calendar of the zone.
    fn from_now(offsets: &str, clock: &Clock, text: &str) -> Result<Moment, TimeError> {
        let steps = steps(offsets, None, text)?;
        let now = Some(clock.now(text)?.to_zoned_datetime(clock.zone.clone()));
        let moved = steps.into_iter().fold(now, |at, step| at?.checked_add(step).ok());
        let at = Offset::UTC.to_datetime(moved.ok_or_else(|| beyond(text))?.timestamp());
        // Only the clock can have a fraction of a second, which the API does not support.
        let whole = at.date().at(at.hour(), at.minute(), at.second(), 0);
        within_years(whole).map(Moment::Instant).ok_or_else(|| beyond(text))
    }

    /// Resolves a calendar period in the clock's zone: from the start of its first day to the start of
    /// the next period.
    fn period(first: Date, period: Period, clock: &Clock, text: &str) -> Result<Moment, TimeError> {
        let begin = clock.begin(first);
        let next = period.times(1).and_then(|length| first.checked_add(length).ok());
        let end = next.and_then(|next| clock.begin(next));
        if begin.is_some() && begin == end {
            return Err(skipped(text, clock));
        }
        Ok(Moment::Period(begin, end))
    }
}

fn beyond(text: &str) -> TimeError {
    Kind::TimeRange { text: excerpt(text) }.into()
}

fn skipped(text: &str, clock: &Clock) -> TimeError {
    let reason = format!("it is skipped when clocks go forward in {}", clock.zone_name());
    Kind::NoSuchTime { text: excerpt(text), reason }.into()
}

/// Converts a local time to UTC; `None` outside the API's range of years.
fn utc(local: DateTime, offset: Offset) -> Edge {
    let seconds = SignedDuration::from_secs(offset.seconds().into());
    local.checked_sub(seconds).ok().and_then(within_years)
}

fn within_years(at: DateTime) -> Edge {
    (1..=9999).contains(&at.year()).then_some(at)
}

/// Formats an instant in UTC as the API writes it: `2024-06-01 00:00:00`.
pub(crate) fn format(at: DateTime) -> String {
    format!("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute(), at.second())
}

/// Converts a time in the API's form to a literal, which is the same in every zone: `2024-06-01T00:00:00Z`.
pub(crate) fn literal(api: &str) -> Option<String> {
    if api.len() != "2024-06-01 00:00:00".len() {
        return None;
    }
    match Moment::read(api, &Clock::epoch()) {
        Ok(Moment::Instant(at)) if format(at) == api => Some(format!("{}Z", api.replacen(' ', "T", 1))),
        _ => None,
    }
}

/// Whether a time does not contain its dates: `now-7d`, `last-month`, `2024-W23`.
pub(crate) fn is_symbolic(text: &str) -> bool {
    text.contains(|char: char| char.is_ascii_alphabetic() && !matches!(char, 'T' | 't' | 'Z' | 'z'))
}

/// Whether a time is a word for a period of several days: `last-month`, `this-week-2w`.
pub(crate) fn is_calendar_word(text: &str) -> bool {
    period::named(text).is_some_and(|(period, ..)| period > Period::Day)
}

/// Whether a string is a valid time for every operator.
pub(super) fn fits(text: &str) -> bool {
    matches!(Moment::read(text, &Clock::epoch()), Ok(Moment::Instant(_) | Moment::Period(Some(_), Some(_))))
}

/// Parses an absolute period or instant; `None` if the string has neither form.
fn calendar(text: &str, clock: &Clock) -> Option<Result<Moment, TimeError>> {
    let (date, period, rest) = match period::dated(text)? {
        Ok(dated) => dated,
        Err(error) => return Some(Err(error)),
    };
    if rest.is_empty() {
        return Some(Moment::period(date, period, clock, text));
    }
    let time = rest.strip_prefix(['T', 't', ' '])?;
    time_of_day(date, time, text, clock)
}

fn date(year: i16, month: i16, day: i16, text: &str) -> Result<Date, TimeError> {
    let reason = match (year, month) {
        (0, _) => "there is no year 0".to_owned(),
        (_, 1..=12) => {
            let date = i8::try_from(month).ok().zip(i8::try_from(day).ok());
            match date.map(|(month, day)| Date::new(year, month, day)) {
                Some(Ok(date)) => return Ok(date),
                _ => format!("{year:04}-{month:02} has no day {day}"),
            }
        }
        _ => format!("there is no month {month}"),
    };
    Err(Kind::NoSuchTime { text: excerpt(text), reason }.into())
}

/// Parses `12:30` or `12:30:00`, with `Z`, an offset such as `+02:00`, or without a zone.
fn time_of_day(date: Date, time: &str, text: &str, clock: &Clock) -> Option<Result<Moment, TimeError>> {
    let mut rest = time;
    let hour = digits(&mut rest, 2)?;
    let minute = digits(separated(&mut rest, ':')?, 2)?;
    let second = if rest.starts_with(':') { digits(separated(&mut rest, ':')?, 2)? } else { 0 };
    let before_fraction = text.len() - rest.len();
    let mut fraction = false;
    if let Some(after) = rest.strip_prefix(['.', ',']) {
        let end = after.find(|char: char| !char.is_ascii_digit()).unwrap_or(after.len());
        fraction = after.get(..end)?.bytes().any(|digit| digit != b'0');
        rest = after.get(end..).filter(|_| end > 0)?;
    }
    let offset = match rest {
        "" => None,
        "Z" | "z" => Some(0),
        _ => Some(offset_seconds(rest)?),
    };
    let no_such = |reason: &str| Some(Err(Kind::NoSuchTime { text: excerpt(text), reason: reason.to_owned() }.into()));
    match (hour, minute, second) {
        (24.., _, _) => return no_such("hours go from 0 to 23"),
        (_, 60.., _) => return no_such("minutes go from 0 to 59"),
        (_, _, 60) => return no_such("the API has no leap seconds"),
        (_, _, 61..) => return no_such("seconds go from 0 to 59"),
        _ => {}
    }
    let of = |number: i16| i8::try_from(number).ok();
    let local = date.at(of(hour)?, of(minute)?, of(second)?, 0);
    let placed = place(local, offset, text, clock);
    if fraction && placed.is_ok() {
        let whole = Some(format!("{}{rest}", text.get(..before_fraction)?));
        return Some(Err(TimeError { kind: Kind::FractionalSecond, help: Some(NO_FRACTION), fix: whole }));
    }
    Some(placed)
}

/// Returns the instant of a local time.
fn place(local: DateTime, offset: Option<i32>, text: &str, clock: &Clock) -> Result<Moment, TimeError> {
    let offset = match offset {
        Some(seconds) => Offset::from_seconds(seconds).map_err(|_| beyond(text))?,
        None => match clock.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { .. } => return Err(skipped(text, clock)),
            AmbiguousOffset::Fold { before, after } => {
                let text = format!("{} ({before} or {after})", excerpt(text));
                return Err(TimeError {
                    help: Some("say which one is meant with an offset, as in 2024-10-27T02:30+02:00"),
                    ..Kind::RepeatedTime { text, zone: clock.zone_name() }.into()
                });
            }
        },
    };
    utc(local, offset).map(Moment::Instant).ok_or_else(|| beyond(text))
}

/// Parses the offset `+02:00`, `-0530` or `+02` as seconds.
fn offset_seconds(text: &str) -> Option<i32> {
    let negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['+', '-'])?;
    let hours = digits(&mut rest, 2)?;
    rest = rest.strip_prefix(':').unwrap_or(rest);
    let minutes = if rest.is_empty() && !text.ends_with(':') { 0 } else { digits(&mut rest, 2)? };
    if !rest.is_empty() || hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
    Some(if negative { -seconds } else { seconds })
}

/// Consumes `count` digits.
fn digits(rest: &mut &str, count: usize) -> Option<i16> {
    let (digits, after) = rest.split_at_checked(count)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    *rest = after;
    digits.parse().ok()
}

/// Consumes a separator.
fn separated<'r, 't>(rest: &'r mut &'t str, separator: char) -> Option<&'r mut &'t str> {
    *rest = rest.strip_prefix(separator)?;
    Some(rest)
}

/// Parses steps such as `-7d+12h` or `-1h30m`. They shift a whole period, or an instant if there is no
/// period.
fn steps(offsets: &str, period: Option<Period>, text: &str) -> Result<Vec<jiff::Span>, TimeError> {
    let unreadable = |help| TimeError { help: Some(help), ..Kind::InvalidTime { text: excerpt(text) }.into() };
    let mut steps = Vec::new();
    let mut negative = false;
    let mut rest = offsets;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(['+', '-']) {
            negative = rest.starts_with('-');
            rest = after;
        }
        let unit_start = rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(unit_start).unwrap_or((rest, ""));
        let unit_end = after.find(|char: char| matches!(char, '+' | '-' | '0'..='9')).unwrap_or(after.len());
        let (unit, next) = after.split_at_checked(unit_end).unwrap_or((after, ""));
        if number.is_empty() {
            return Err(unreadable("a number and a unit follow the sign, as in now-7d"));
        }
        let unit = match TimeUnit::of_symbol(unit).filter(|unit| *unit >= TimeUnit::Second) {
            Some(unit) => unit,
            None if unit.is_empty() => return Err(unreadable("the unit is missing: s, m, h, d, w, mo or y")),
            None => {
                return Err(unreadable("the units are s, m, h, d, w, mo and y; a month is `mo`, a minute is `m`"));
            }
        };
        let number = number.parse::<i64>().map_err(|_| beyond(text))?;
        if let Some(period) = period.filter(|period| !period.moves_by(number, unit)) {
            return Err(unreadable(period.steps()));
        }
        let number = if negative { -number } else { number };
        steps.push(unit.times(number).ok_or_else(|| beyond(text))?);
        rest = next;
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::tz::TimeZone;

    use super::*;

    /// Returns the API's form of an instant, or of both ends of a period.
    fn read(text: &str, zone: &str) -> String {
        read_at("2024-03-31T12:00:00.75Z", text, zone)
    }

    fn read_at(now: &str, text: &str, zone: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        let edge = |edge: Edge| edge.map_or("beyond".to_owned(), format);
        match Moment::read(text, &Clock::new(&Now::At(now.parse().unwrap()), &zone)) {
            Ok(Moment::Instant(at)) => format(at),
            Ok(Moment::Period(begin, end)) => format!("{} .. {}", edge(begin), edge(end)),
            Err(error) => error.kind.to_string(),
        }
    }

    #[test]
    fn instants_are_read_in_utc() {
        for text in [
            "2024-06-01T12:30:00Z",
            "2024-06-01T12:30Z",
            "2024-06-01 12:30",
            "2024-06-01t12:30:00.000z",
            "2024-06-01T14:30+02:00",
            "2024-06-01T14:30+02",
            "2024-06-02T12:29+23:59",
            "2024-06-01T07:00-0530",
        ] {
            assert_eq!(read(text, "UTC"), "2024-06-01 12:30:00", "{text}");
        }
        assert_eq!(read("2024-06-01T12:30", "Europe/Berlin"), "2024-06-01 10:30:00");
    }

    #[test]
    fn periods_are_read_with_their_start_and_end() {
        assert_eq!(read("2024", "UTC"), "2024-01-01 00:00:00 .. 2025-01-01 00:00:00");
        assert_eq!(read("2024-02", "UTC"), "2024-02-01 00:00:00 .. 2024-03-01 00:00:00");
        assert_eq!(read("2024-02-29", "UTC"), "2024-02-29 00:00:00 .. 2024-03-01 00:00:00");
        assert_eq!(read("today", "UTC"), "2024-03-31 00:00:00 .. 2024-04-01 00:00:00");
        assert_eq!(read("Yesterday", "UTC"), "2024-03-30 00:00:00 .. 2024-03-31 00:00:00");
        assert_eq!(read("today-1mo", "UTC"), "2024-02-29 00:00:00 .. 2024-03-01 00:00:00");
        // The day on which clocks in Berlin went forward has 23 hours.
        assert_eq!(read("2024-03-31", "Europe/Berlin"), "2024-03-30 23:00:00 .. 2024-03-31 22:00:00");
        // Clocks in Beirut went forward at midnight, so the day began at one o'clock.
        assert_eq!(read("2022-03-27", "Asia/Beirut"), "2022-03-26 22:00:00 .. 2022-03-27 21:00:00");
    }

    /// 2024-03-31 is a Sunday, and the last day of its month, quarter and week.
    #[test]
    fn calendar_periods() {
        for (text, period) in [
            ("this-week", "2024-03-25 00:00:00 .. 2024-04-01 00:00:00"),
            ("last-week", "2024-03-18 00:00:00 .. 2024-03-25 00:00:00"),
            ("this-month", "2024-03-01 00:00:00 .. 2024-04-01 00:00:00"),
            ("LAST-Month", "2024-02-01 00:00:00 .. 2024-03-01 00:00:00"),
            ("this-quarter", "2024-01-01 00:00:00 .. 2024-04-01 00:00:00"),
            ("last-quarter", "2023-10-01 00:00:00 .. 2024-01-01 00:00:00"),
            ("this-year", "2024-01-01 00:00:00 .. 2025-01-01 00:00:00"),
            ("last-year", "2023-01-01 00:00:00 .. 2024-01-01 00:00:00"),
            ("this-week-2w", "2024-03-11 00:00:00 .. 2024-03-18 00:00:00"),
            ("this-month+1mo", "2024-04-01 00:00:00 .. 2024-05-01 00:00:00"),
            ("last-month-1y", "2023-02-01 00:00:00 .. 2023-03-01 00:00:00"),
            ("this-quarter-3mo", "2023-10-01 00:00:00 .. 2024-01-01 00:00:00"),
            ("last-quarter-1y6mo", "2022-04-01 00:00:00 .. 2022-07-01 00:00:00"),
            ("last-year-3y", "2020-01-01 00:00:00 .. 2021-01-01 00:00:00"),
            ("2024-W01", "2024-01-01 00:00:00 .. 2024-01-08 00:00:00"),
            ("2024-w23", "2024-06-03 00:00:00 .. 2024-06-10 00:00:00"),
            ("2020-W53", "2020-12-28 00:00:00 .. 2021-01-04 00:00:00"),
            ("2021-W01", "2021-01-04 00:00:00 .. 2021-01-11 00:00:00"),
            ("2025-W01", "2024-12-30 00:00:00 .. 2025-01-06 00:00:00"),
            ("2024-Q1", "2024-01-01 00:00:00 .. 2024-04-01 00:00:00"),
            ("2024-q4", "2024-10-01 00:00:00 .. 2025-01-01 00:00:00"),
        ] {
            assert_eq!(read(text, "UTC"), period, "{text}");
        }
        // In Kiritimati it is already Monday, April 1st.
        assert_eq!(read("this-week", "Pacific/Kiritimati"), "2024-03-31 10:00:00 .. 2024-04-07 10:00:00");
        assert_eq!(read("last-quarter", "Pacific/Kiritimati"), "2023-12-31 10:00:00 .. 2024-03-31 10:00:00");
        assert_eq!(read("2024-Q1", "Europe/Berlin"), "2023-12-31 23:00:00 .. 2024-03-31 22:00:00");
    }

    #[test]
    fn relative_times() {
        assert_eq!(read("now", "UTC"), "2024-03-31 12:00:00");
        assert_eq!(read("now-1mo", "UTC"), "2024-02-29 12:00:00");
        assert_eq!(read("now-1y", "UTC"), "2023-03-31 12:00:00");
        assert_eq!(read("now-90m", "UTC"), "2024-03-31 10:30:00");
        assert_eq!(read("now-90s", "UTC"), "2024-03-31 11:58:30");
        assert_eq!(read("now-1w+12h", "UTC"), "2024-03-25 00:00:00");
        // Across the change of clocks in Berlin, `1d` is 23 hours and `24h` is 24 hours.
        assert_eq!(read("now-1d", "Europe/Berlin"), "2024-03-30 13:00:00");
        assert_eq!(read("now-24h", "Europe/Berlin"), "2024-03-30 12:00:00");
        // A fraction of a second is rounded down, also before 1970.
        assert_eq!(read_at("1969-12-31T23:59:58.5Z", "now", "UTC"), "1969-12-31 23:59:58");
        // A sign applies up to the next one.
        assert_eq!(read("now-1h30m", "UTC"), "2024-03-31 10:30:00");
        assert_eq!(read("now+1h30m-1d", "UTC"), "2024-03-30 13:30:00");
    }

    /// A step shifts the day that the word means, not today.
    #[test]
    fn steps_shift_the_named_day() {
        for (now, text, day) in [
            ("2024-05-01T12:00:00Z", "yesterday-1mo", "2024-03-30 00:00:00 .. 2024-03-31 00:00:00"),
            ("2024-01-30T12:00:00Z", "tomorrow+1mo", "2024-02-29 00:00:00 .. 2024-03-01 00:00:00"),
            ("2024-03-31T12:00:00Z", "yesterday-1mo", "2024-02-29 00:00:00 .. 2024-03-01 00:00:00"),
            ("2024-02-29T12:00:00Z", "today-1y", "2023-02-28 00:00:00 .. 2023-03-01 00:00:00"),
            ("2024-05-01T12:00:00Z", "yesterday-1mo+1d", "2024-03-31 00:00:00 .. 2024-04-01 00:00:00"),
            ("2024-05-01T12:00:00Z", "yesterday-1w", "2024-04-23 00:00:00 .. 2024-04-24 00:00:00"),
        ] {
            assert_eq!(read_at(now, text, "UTC"), day, "{text}");
        }
    }

    /// jiff's timestamps end on 9999-12-30, and the API's times a day later.
    #[test]
    fn first_and_last_day() {
        for (text, zone, shown) in [
            ("9999-12-31 23:59:59", "UTC", "9999-12-31 23:59:59"),
            ("9999-12-31T23:59:59Z", "Asia/Kolkata", "9999-12-31 23:59:59"),
            ("9999-12-31T23:59:59", "Asia/Kolkata", "9999-12-31 18:29:59"),
            ("9999-12-31T23:59:59-00:01", "UTC", "`9999-12-31T23:59:59-00:01` is outside the years 1 to 9999"),
            ("9999-12-31", "UTC", "9999-12-31 00:00:00 .. beyond"),
            ("9999-12-31", "America/New_York", "9999-12-31 05:00:00 .. beyond"),
            ("9999-12-30", "America/New_York", "9999-12-30 05:00:00 .. 9999-12-31 05:00:00"),
            ("9999", "UTC", "9999-01-01 00:00:00 .. beyond"),
            ("9999-W52", "UTC", "9999-12-27 00:00:00 .. beyond"),
            ("9999-Q4", "UTC", "9999-10-01 00:00:00 .. beyond"),
            ("0001-W01", "UTC", "0001-01-01 00:00:00 .. 0001-01-08 00:00:00"),
            ("0001-01-01 00:00:00", "UTC", "0001-01-01 00:00:00"),
            ("0001-01-01", "UTC", "0001-01-01 00:00:00 .. 0001-01-02 00:00:00"),
            ("0001", "Asia/Kolkata", "beyond .. 0001-12-31 18:06:32"),
        ] {
            assert_eq!(read(text, zone), shown, "{text}");
        }
        assert_eq!(literal("9999-12-31 23:59:59").unwrap(), "9999-12-31T23:59:59Z");
    }

    /// In Toronto in 1919, clocks went forward from 23:30 to 00:30.
    #[test]
    fn days_begin_when_clocks_go_forward() {
        assert_eq!(read("1919-03-31", "America/Toronto"), "1919-03-31 04:30:00 .. 1919-04-01 04:00:00");
        // In Newfoundland, clocks went back at 00:01; the day begins at the first midnight.
        assert_eq!(read("2008-11-02", "America/St_Johns"), "2008-11-02 02:30:00 .. 2008-11-03 03:30:00");
    }

    #[test]
    fn clock_is_read_only_if_needed() {
        let none = Now::Asked(Arc::new(|| None));
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let clock = Clock::new(&none, &zone);
        for text in ["2024", "2024-06-01", "2024-06-01T12:30", "2024-06-01T12:30Z", "2024-W23", "2024-Q2"] {
            assert!(Moment::read(text, &clock).is_ok(), "{text}");
        }
        for text in ["now", "now-7d", "today", "yesterday-1mo", "this-week", "last-quarter-3mo"] {
            let error = Moment::read(text, &clock).unwrap_err();
            assert_eq!(error.kind, Kind::NoClock { text: text.to_owned() });
        }
        // An invalid time is invalid without a clock as well.
        assert_eq!(Moment::read("now-7", &clock).unwrap_err().kind, Kind::InvalidTime { text: "now-7".to_owned() });
    }

    #[test]
    fn fractions_are_rounded_down() {
        for (text, whole) in [
            ("2024-06-01T00:00:00.123Z", "2024-06-01T00:00:00Z"),
            ("2024-06-01 00:00:00,5", "2024-06-01 00:00:00"),
            ("2024-06-01T00:00:00.000001+02:00", "2024-06-01T00:00:00+02:00"),
        ] {
            let error = Moment::read(text, &Clock::epoch()).unwrap_err();
            assert_eq!((error.kind, error.fix.as_deref()), (Kind::FractionalSecond, Some(whole)));
        }
    }

    #[test]
    fn invalid_offsets_are_explained() {
        let hours = "a day can be shifted by d, w, mo and y; for hours, use `now`, as in now-3h";
        for (text, help) in [
            ("today-1s", hours),
            ("today-1m", hours),
            ("today-1h", hours),
            ("this-week-1d", "a week can be shifted by w, as in this-week-2w"),
            ("this-week-1mo", "a week can be shifted by w, as in this-week-2w"),
            ("this-month-1d", "a month can be shifted by mo and y, as in this-month-2mo"),
            ("last-month+1w", "a month can be shifted by mo and y, as in this-month-2mo"),
            ("this-quarter-1mo", "a quarter can be shifted by 3mo, 6mo and so on, and by y, as in this-quarter-3mo"),
            ("this-year-1mo", "a year can be shifted by y, as in this-year-2y"),
            ("this-year-1", "the unit is missing: s, m, h, d, w, mo or y"),
            ("this-week2w", FORMS),
            ("next-week", FORMS),
            ("now-7", "the unit is missing: s, m, h, d, w, mo or y"),
            ("now-7days", "the units are s, m, h, d, w, mo and y; a month is `mo`, a minute is `m`"),
            ("now-d", "a number and a unit follow the sign, as in now-7d"),
            ("soon", FORMS),
        ] {
            assert_eq!(Moment::read(text, &Clock::epoch()).unwrap_err().help, Some(help), "{text}");
        }
    }

    #[test]
    fn invalid_times_are_rejected() {
        for (text, zone, message) in [
            ("2024-02-30", "UTC", "`2024-02-30` does not exist: 2024-02 has no day 30"),
            ("2023-13", "UTC", "`2023-13` does not exist: there is no month 13"),
            ("0000", "UTC", "`0000` does not exist: there is no year 0"),
            ("2024-W53", "UTC", "`2024-W53` does not exist: 2024 has weeks 1 to 52"),
            ("2020-W54", "UTC", "`2020-W54` does not exist: 2020 has weeks 1 to 53"),
            ("2024-W00", "UTC", "`2024-W00` does not exist: 2024 has weeks 1 to 52"),
            ("2024-Q5", "UTC", "`2024-Q5` does not exist: quarters go from 1 to 4"),
            ("0000-W01", "UTC", "`0000-W01` does not exist: there is no year 0"),
            ("2024-W5", "UTC", "`2024-W5` is not a time"),
            ("2024-Q02", "UTC", "`2024-Q02` is not a time"),
            ("2024-W23T10:00", "UTC", "`2024-W23T10:00` is not a time"),
            ("this-quarter-300000mo", "UTC", "`this-quarter-300000mo` is outside the years 1 to 9999"),
            (
                "this-year-9223372036854775807y",
                "UTC",
                "`this-year-9223372036854775807y` is outside the years 1 to 9999",
            ),
            ("2024-06-01T24:00", "UTC", "`2024-06-01T24:00` does not exist: hours go from 0 to 23"),
            ("2016-12-31T23:59:60Z", "UTC", "`2016-12-31T23:59:60Z` does not exist: the API has no leap seconds"),
            ("2024-06-01T10:60", "UTC", "`2024-06-01T10:60` does not exist: minutes go from 0 to 59"),
            ("2024-06-01T10:00:61", "UTC", "`2024-06-01T10:00:61` does not exist: seconds go from 0 to 59"),
            ("2024-06-01T00:00:00.Z", "UTC", "`2024-06-01T00:00:00.Z` is not a time"),
            ("2024-06-01T00:00:00.5Z", "UTC", "the API's times have no fractions of a second"),
            ("10000", "UTC", "`10000` is not a time"),
            ("10000-01-01", "UTC", "`10000-01-01` is not a time"),
            (
                "2011-12-30",
                "Pacific/Apia",
                "`2011-12-30` does not exist: it is skipped when clocks go forward in Pacific/Apia",
            ),
            (
                "1993-08-21",
                "Pacific/Kwajalein",
                "`1993-08-21` does not exist: it is skipped when clocks go forward in Pacific/Kwajalein",
            ),
            ("0001-01-01T00:00+10:00", "UTC", "`0001-01-01T00:00+10:00` is outside the years 1 to 9999"),
            ("now-9999y", "UTC", "`now-9999y` is outside the years 1 to 9999"),
            ("now-99999999999999999999d", "UTC", "`now-99999999999999999999d` is outside the years 1 to 9999"),
            ("now-7", "UTC", "`now-7` is not a time"),
            ("now-7days", "UTC", "`now-7days` is not a time"),
            ("today-1h", "UTC", "`today-1h` is not a time"),
            ("2024-6-1", "UTC", "`2024-6-1` is not a time"),
            ("20240601", "UTC", "`20240601` is not a time"),
            ("soon", "UTC", "`soon` is not a time"),
            ("2024-06-01T12:30:00+24:00", "UTC", "`2024-06-01T12:30:00+24:00` is not a time"),
            ("2024-06-01T12:30:00+25:00", "UTC", "`2024-06-01T12:30:00+25:00` is not a time"),
            ("2024-06-01T12:30:00+10:60", "UTC", "`2024-06-01T12:30:00+10:60` is not a time"),
            ("2024-06-01T12:30:00+10:61", "UTC", "`2024-06-01T12:30:00+10:61` is not a time"),
            (
                "2024-03-31T02:30",
                "Europe/Berlin",
                "`2024-03-31T02:30` does not exist: it is skipped when clocks go forward in Europe/Berlin",
            ),
            (
                "2024-10-27T02:30",
                "Europe/Berlin",
                "`2024-10-27T02:30 (+02 or +01)` is ambiguous: it occurs twice when clocks go back in Europe/Berlin",
            ),
        ] {
            assert_eq!(read(text, zone), message);
        }
    }

    #[test]
    fn literals_round_trip() {
        assert_eq!(literal("2024-06-01 00:00:00").unwrap(), "2024-06-01T00:00:00Z");
        for text in ["2024-06-01", "2024-06-01T00:00:00", "2024-06-01T00:00:00Z", "2024-06-31 00:00:00", "now", ""] {
            assert_eq!(literal(text), None, "{text}");
        }
    }
}
