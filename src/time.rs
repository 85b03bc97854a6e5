//! Times as people write them, and the instants and periods they stand for.

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};

use crate::diagnostic::{Kind, excerpt};

/// What a time stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Moment {
    /// A second.
    Instant(Timestamp),
    /// From the first instant up to the second, which lies outside.
    Period(Timestamp, Timestamp),
}

/// What relative times are relative to, and the zone in which days begin.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    pub(crate) now: Timestamp,
    pub(crate) zone: TimeZone,
}

impl Clock {
    /// For texts whose form alone matters, not what they are relative to.
    pub(crate) const EPOCH: Clock = Clock { now: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC };
}

/// Why a text is no time, with what to write instead.
#[derive(Debug)]
pub(crate) struct TimeError {
    pub(crate) kind: Kind,
    pub(crate) help: Option<&'static str>,
}

impl From<Kind> for TimeError {
    fn from(kind: Kind) -> TimeError {
        TimeError { kind, help: None }
    }
}

/// How times are written, for messages.
pub(crate) const FORMS: &str = "write 2024-06-01, 2024-06, 2024-06-01T12:30:00Z, today, yesterday, now or now-7d";

impl Moment {
    /// Reads a time in any of the language's forms.
    pub(crate) fn read(text: &str, clock: &Clock) -> Result<Moment, TimeError> {
        let unreadable = || TimeError { kind: Kind::InvalidTime { text: excerpt(text) }, help: Some(FORMS) };
        if text.starts_with(|char: char| char.is_ascii_digit()) {
            return calendar(text, clock).unwrap_or_else(|| Err(unreadable()));
        }
        let word_end = text.find(['+', '-']).unwrap_or(text.len());
        let (word, offsets) = text.split_at_checked(word_end).ok_or_else(unreadable)?;
        let beyond = |_| Kind::TimeRange { text: excerpt(text) };
        let now = clock.now.to_zoned_datetime(clock.zone.clone());
        let days = match word.to_ascii_lowercase().as_str() {
            "now" => {
                let moved = shift(now, offsets, true, text)?;
                return Moment::instant(moved.timestamp(), text);
            }
            "today" => 0_i64,
            "yesterday" => -1,
            "tomorrow" => 1,
            _ => return Err(unreadable()),
        };
        let noon = now.date().at(12, 0, 0, 0).to_zoned_datetime(TimeZone::UTC).map_err(beyond)?;
        let day = shift(noon, offsets, false, text)?.date();
        let day = day.checked_add(jiff::Span::new().try_days(days).map_err(beyond)?).map_err(beyond)?;
        Moment::period(day, jiff::Span::new().days(1), clock, text)
    }

    fn instant(at: Timestamp, text: &str) -> Result<Moment, TimeError> {
        // Fractions come only from the clock, and the API has whole seconds.
        let whole = Timestamp::from_second(at.as_second() - i64::from(at.subsec_nanosecond() < 0));
        let whole = whole.map_err(|_| Kind::TimeRange { text: excerpt(text) })?;
        check_year(whole, text)?;
        Ok(Moment::Instant(whole))
    }

    /// The days from `first` on, in the clock's zone: from where the first begins to where the
    /// last ends.
    fn period(first: Date, length: jiff::Span, clock: &Clock, text: &str) -> Result<Moment, TimeError> {
        let beyond = |_| Kind::TimeRange { text: excerpt(text) };
        let begin = |date: Date| {
            let begin = date.to_zoned_datetime(clock.zone.clone()).map_err(beyond)?.timestamp();
            check_year(begin, text).map(|()| begin)
        };
        let next = first.checked_add(length).map_err(beyond)?;
        Ok(Moment::Period(begin(first)?, begin(next)?))
    }
}

/// An instant as the API writes it: `2024-06-01 00:00:00`, in UTC.
pub(crate) fn format(at: Timestamp) -> String {
    let at = at.to_zoned_datetime(TimeZone::UTC).datetime();
    format!("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute(), at.second())
}

/// The literal for a text in the API's form: `2024-06-01T00:00:00Z`, the same in every zone.
pub(crate) fn literal(api: &str) -> Option<String> {
    if api.len() != "2024-06-01 00:00:00".len() {
        return None;
    }
    match Moment::read(api, &Clock::EPOCH) {
        Ok(Moment::Instant(at)) if format(at) == api => Some(format!("{}Z", api.replacen(' ', "T", 1))),
        _ => None,
    }
}

fn check_year(at: Timestamp, text: &str) -> Result<(), TimeError> {
    match at.to_zoned_datetime(TimeZone::UTC).year() {
        1..=9999 => Ok(()),
        _ => Err(Kind::TimeRange { text: excerpt(text) }.into()),
    }
}

/// `2024`, `2024-06`, `2024-06-01` and what begins like the last; `None` where it is none of them.
fn calendar(text: &str, clock: &Clock) -> Option<Result<Moment, TimeError>> {
    let mut rest = text;
    let year = digits(&mut rest, 4)?;
    let span = jiff::Span::new();
    let (month, day, length) = if rest.is_empty() {
        (1, 1, span.years(1))
    } else {
        let month = digits(separated(&mut rest, '-')?, 2)?;
        if rest.is_empty() {
            (month, 1, span.months(1))
        } else {
            (month, digits(separated(&mut rest, '-')?, 2)?, span.days(1))
        }
    };
    let date = match date(year, month, day, text) {
        Ok(date) => date,
        Err(error) => return Some(Err(error)),
    };
    if rest.is_empty() {
        return Some(Moment::period(date, length, clock, text));
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

/// `12:30`, `12:30:00`, each with `Z`, an offset such as `+02:00`, or without a zone.
fn time_of_day(date: Date, time: &str, text: &str, clock: &Clock) -> Option<Result<Moment, TimeError>> {
    let mut rest = time;
    let hour = digits(&mut rest, 2)?;
    let minute = digits(separated(&mut rest, ':')?, 2)?;
    let second = if rest.starts_with(':') { digits(separated(&mut rest, ':')?, 2)? } else { 0 };
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
        (24.., _, _) => return no_such("a day has the hours 0 to 23"),
        (_, 60.., _) => return no_such("an hour has the minutes 0 to 59"),
        (_, _, 60) => return no_such("the API has no leap seconds"),
        (_, _, 61..) => return no_such("a minute has the seconds 0 to 59"),
        _ => {}
    }
    if fraction {
        let help = Some("leave the fraction out");
        return Some(Err(TimeError { kind: Kind::FractionalSecond, help }));
    }
    let of = |number: i16| i8::try_from(number).ok();
    let local = date.at(of(hour)?, of(minute)?, of(second)?, 0);
    Some(place(local, offset, text, clock))
}

/// The instant of a local time.
fn place(local: DateTime, offset: Option<i32>, text: &str, clock: &Clock) -> Result<Moment, TimeError> {
    let beyond = |_| TimeError::from(Kind::TimeRange { text: excerpt(text) });
    let zone = match offset {
        Some(seconds) => TimeZone::fixed(Offset::from_seconds(seconds).map_err(beyond)?),
        None => clock.zone.clone(),
    };
    let name = || zone.iana_name().unwrap_or("this zone").to_owned();
    let placed = zone.to_ambiguous_timestamp(local);
    match placed.offset() {
        AmbiguousOffset::Unambiguous { .. } => {}
        AmbiguousOffset::Gap { .. } => {
            let reason = format!("clocks go forward over it in {}", name());
            return Err(Kind::NoSuchTime { text: excerpt(text), reason }.into());
        }
        AmbiguousOffset::Fold { before, after } => {
            return Err(TimeError {
                kind: Kind::RepeatedTime { text: format!("{} ({before} or {after})", excerpt(text)), zone: name() },
                help: Some("say which one is meant with an offset, as in 2024-10-27T02:30+02:00"),
            });
        }
    }
    Moment::instant(placed.compatible().map_err(beyond)?, text)
}

/// `+02:00`, `-0530`, `+02`.
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

/// Takes so many digits.
fn digits(rest: &mut &str, count: usize) -> Option<i16> {
    let (digits, after) = rest.split_at_checked(count)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    *rest = after;
    digits.parse().ok()
}

/// Takes a separator.
fn separated<'r, 't>(rest: &'r mut &'t str, separator: char) -> Option<&'r mut &'t str> {
    *rest = rest.strip_prefix(separator)?;
    Some(rest)
}

/// Moves a time by `-7d+12h` and the like, one step after another, by the calendar of its zone.
fn shift(from: ZonedDateTime, offsets: &str, clock_units: bool, text: &str) -> Result<ZonedDateTime, TimeError> {
    let unreadable = |help| TimeError { kind: Kind::InvalidTime { text: excerpt(text) }, help: Some(help) };
    let beyond = |_| TimeError::from(Kind::TimeRange { text: excerpt(text) });
    let mut at = from;
    let mut rest = offsets;
    while !rest.is_empty() {
        let negative = rest.starts_with('-');
        let step = rest.get(1..).unwrap_or_default();
        let unit_start = step.find(|char: char| !char.is_ascii_digit()).unwrap_or(step.len());
        let (number, after) = step.split_at_checked(unit_start).unwrap_or((step, ""));
        let unit_end = after.find(['+', '-']).unwrap_or(after.len());
        let (unit, next) = after.split_at_checked(unit_end).unwrap_or((after, ""));
        if number.is_empty() {
            return Err(unreadable("a number and a unit follow the sign, as in now-7d"));
        }
        let number: i64 = number.parse().map_err(|_| TimeError::from(Kind::TimeRange { text: excerpt(text) }))?;
        let number = if negative { -number } else { number };
        let span = jiff::Span::new();
        let span = match unit {
            "d" => span.try_days(number),
            "w" => span.try_weeks(number),
            "mo" => span.try_months(number),
            "y" => span.try_years(number),
            "s" if clock_units => span.try_seconds(number),
            "m" if clock_units => span.try_minutes(number),
            "h" if clock_units => span.try_hours(number),
            "s" | "m" | "h" => {
                return Err(unreadable("a day moves by d, w, mo and y; hours go with `now`, as in now-3h"));
            }
            "" => return Err(unreadable("the unit is missing: s, m, h, d, w, mo or y")),
            _ => return Err(unreadable("the units are s, m, h, d, w, mo and y; a month is `mo`, a minute is `m`")),
        };
        at = at.checked_add(span.map_err(beyond)?).map_err(beyond)?;
        rest = next;
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(zone: &str) -> Clock {
        Clock { now: "2024-03-31T12:00:00.75Z".parse().unwrap(), zone: TimeZone::get(zone).unwrap() }
    }

    /// The API's form of an instant, or of the two ends of a period.
    fn read(text: &str, zone: &str) -> String {
        match Moment::read(text, &clock(zone)) {
            Ok(Moment::Instant(at)) => format(at),
            Ok(Moment::Period(begin, end)) => format!("{} .. {}", format(begin), format(end)),
            Err(error) => error.kind.to_string(),
        }
    }

    #[test]
    fn instants() {
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
    fn periods() {
        assert_eq!(read("2024", "UTC"), "2024-01-01 00:00:00 .. 2025-01-01 00:00:00");
        assert_eq!(read("2024-02", "UTC"), "2024-02-01 00:00:00 .. 2024-03-01 00:00:00");
        assert_eq!(read("2024-02-29", "UTC"), "2024-02-29 00:00:00 .. 2024-03-01 00:00:00");
        assert_eq!(read("today", "UTC"), "2024-03-31 00:00:00 .. 2024-04-01 00:00:00");
        assert_eq!(read("Yesterday", "UTC"), "2024-03-30 00:00:00 .. 2024-03-31 00:00:00");
        assert_eq!(read("today-1mo", "UTC"), "2024-02-29 00:00:00 .. 2024-03-01 00:00:00");
        // The day on which Berlin's clocks went forward has 23 hours.
        assert_eq!(read("2024-03-31", "Europe/Berlin"), "2024-03-30 23:00:00 .. 2024-03-31 22:00:00");
        // Clocks in Beirut went forward at midnight: the day began at one.
        assert_eq!(read("2022-03-27", "Asia/Beirut"), "2022-03-26 22:00:00 .. 2022-03-27 21:00:00");
    }

    #[test]
    fn relative_times() {
        assert_eq!(read("now", "UTC"), "2024-03-31 12:00:00");
        assert_eq!(read("now-1mo", "UTC"), "2024-02-29 12:00:00");
        assert_eq!(read("now-1y", "UTC"), "2023-03-31 12:00:00");
        assert_eq!(read("now-90m", "UTC"), "2024-03-31 10:30:00");
        assert_eq!(read("now-90s", "UTC"), "2024-03-31 11:58:30");
        assert_eq!(read("now-1w+12h", "UTC"), "2024-03-25 00:00:00");
        // A day ago in Berlin, over the change of clocks, is 23 hours ago; 24 hours are 24 hours.
        assert_eq!(read("now-1d", "Europe/Berlin"), "2024-03-30 13:00:00");
        assert_eq!(read("now-24h", "Europe/Berlin"), "2024-03-30 12:00:00");
        // A fraction is left out on the side of the past, before 1970 as well.
        let early = Clock { now: "1969-12-31T23:59:58.5Z".parse().unwrap(), zone: TimeZone::UTC };
        let now = Moment::read("now", &early).unwrap();
        assert_eq!(now, Moment::Instant("1969-12-31T23:59:58Z".parse().unwrap()));
    }

    #[test]
    fn offsets_that_cannot_be_read_are_explained() {
        let hours = "a day moves by d, w, mo and y; hours go with `now`, as in now-3h";
        for (text, help) in [
            ("today-1s", hours),
            ("today-1m", hours),
            ("today-1h", hours),
            ("now-7", "the unit is missing: s, m, h, d, w, mo or y"),
            ("now-7days", "the units are s, m, h, d, w, mo and y; a month is `mo`, a minute is `m`"),
            ("now-d", "a number and a unit follow the sign, as in now-7d"),
            ("soon", FORMS),
        ] {
            assert_eq!(Moment::read(text, &clock("UTC")).unwrap_err().help, Some(help), "{text}");
        }
    }

    #[test]
    fn times_that_are_none() {
        for (text, zone, message) in [
            ("2024-02-30", "UTC", "`2024-02-30` does not exist: 2024-02 has no day 30"),
            ("2023-13", "UTC", "`2023-13` does not exist: there is no month 13"),
            ("0000", "UTC", "`0000` does not exist: there is no year 0"),
            ("2024-06-01T24:00", "UTC", "`2024-06-01T24:00` does not exist: a day has the hours 0 to 23"),
            ("2016-12-31T23:59:60Z", "UTC", "`2016-12-31T23:59:60Z` does not exist: the API has no leap seconds"),
            ("2024-06-01T10:60", "UTC", "`2024-06-01T10:60` does not exist: an hour has the minutes 0 to 59"),
            ("2024-06-01T10:00:61", "UTC", "`2024-06-01T10:00:61` does not exist: a minute has the seconds 0 to 59"),
            ("2024-06-01T00:00:00.Z", "UTC", "`2024-06-01T00:00:00.Z` is not a time"),
            ("2024-06-01T00:00:00.5Z", "UTC", "the API's times have no fractions of a second"),
            ("10000", "UTC", "`10000` is not a time"),
            ("10000-01-01", "UTC", "`10000-01-01` is not a time"),
            ("9999", "UTC", "`9999` is beyond the years 1 to 9999"),
            ("9999-12-31", "UTC", "`9999-12-31` is beyond the years 1 to 9999"),
            ("0001-01-01T00:00+10:00", "UTC", "`0001-01-01T00:00+10:00` is beyond the years 1 to 9999"),
            ("now-9999y", "UTC", "`now-9999y` is beyond the years 1 to 9999"),
            ("now-99999999999999999999d", "UTC", "`now-99999999999999999999d` is beyond the years 1 to 9999"),
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
                "`2024-03-31T02:30` does not exist: clocks go forward over it in Europe/Berlin",
            ),
            (
                "2024-10-27T02:30",
                "Europe/Berlin",
                "the time `2024-10-27T02:30 (+02 or +01)` is ambiguous: clocks go back over it in Europe/Berlin",
            ),
        ] {
            assert_eq!(read(text, zone), message);
        }
    }

    #[test]
    fn literals_come_back() {
        assert_eq!(literal("2024-06-01 00:00:00").unwrap(), "2024-06-01T00:00:00Z");
        for text in ["2024-06-01", "2024-06-01T00:00:00", "2024-06-01T00:00:00Z", "2024-06-31 00:00:00", "now", ""] {
            assert_eq!(literal(text), None, "{text}");
        }
    }
}
