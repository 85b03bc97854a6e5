//! Times: periods, instants, zones and the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use freeplay_filter::jiff::civil::Weekday;
use freeplay_filter::jiff::{Timestamp, ToSpan, tz::TimeZone};
use freeplay_filter::{Code, Compiler, Filter, Parameters, compile};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::{codes, strategies};

fn zones() -> impl Strategy<Value = TimeZone> {
    // Half-hour offsets, daylight saving time in both hemispheres, at midnight, and a skipped day.
    select(vec![
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
        "Asia/Beirut",
        "Australia/Lord_Howe",
        "America/Sao_Paulo",
        "Pacific/Apia",
        "Africa/Casablanca",
    ])
    .prop_map(|name| TimeZone::get(name).unwrap())
}

fn periods() -> impl Strategy<Value = String> {
    prop_oneof![
        (1990..2040).prop_map(|year| format!("{year}")),
        (1990..2040, 1..=12).prop_map(|(year, month)| format!("{year}-{month:02}")),
        (1990..2040, 1..=12, 1..=28).prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")),
        Just("2011-12-30".to_owned()), // the day that Apia left out
        (1990..2040, 1..=52).prop_map(|(year, week)| format!("{year}-W{week:02}")),
        select(LONG_YEARS.to_vec()).prop_map(|year| format!("{year}-W53")),
        (1990..2040, 1..=4).prop_map(|(year, quarter)| format!("{year}-Q{quarter}")),
        select(vec!["today", "yesterday", "today-1mo", "today+1w", "tomorrow"]).prop_map(str::to_owned),
        calendar_word(),
    ]
}

/// The years from 1990 to 2039 with 53 weeks: those that begin on a Thursday, or leap years that begin on a Wednesday.
const LONG_YEARS: [i16; 9] = [1992, 1998, 2004, 2009, 2015, 2020, 2026, 2032, 2037];

/// Generates `this-week`, `last-quarter-3mo` and the like.
fn calendar_word() -> impl Strategy<Value = String> {
    (
        select(vec!["this", "last"]),
        select(vec![("week", 1, "w"), ("month", 1, "mo"), ("quarter", 3, "mo"), ("year", 1, "y")]),
        -9..9,
    )
        .prop_map(|(which, (period, length, unit), count)| match count {
            0 => format!("{which}-{period}"),
            _ => format!("{which}-{period}{:+}{unit}", count * length),
        })
}

/// Generates current times: any time, and the first and last seconds of weeks, quarters and years of 53 weeks in UTC.
fn nows() -> impl Strategy<Value = i64> {
    let boundaries = ["2020-12-28", "2021-01-01", "2021-01-04", "2015-12-28", "2016-01-04", "2024-04-01", "2024-12-30"];
    let seconds = boundaries.map(|day| format!("{day}T00:00:00Z").parse::<Timestamp>().unwrap().as_second());
    prop_oneof![
        1_000_000_000..2_000_000_000_i64,
        (select(seconds.to_vec()), -1..=1_i64).prop_map(|(at, later)| at + later)
    ]
}

/// Whether a filter of bounds on one field holds for an instant, comparing the API's strings.
fn holds(filter: &Value, at: &str) -> bool {
    if let Some(parts) = filter["and"].as_array() {
        return parts.iter().all(|part| holds(part, at));
    }
    if filter["not"].is_object() {
        return !holds(&filter["not"], at);
    }
    let value = filter["value"].as_str().unwrap();
    match filter["op"].as_str().unwrap() {
        "gte" => at >= value,
        "gt" => at > value,
        "lt" => at < value,
        "lte" => at <= value,
        "eq" => at == value,
        other => panic!("{other} in a filter of times"),
    }
}

fn api_form(at: Timestamp) -> String {
    at.to_string().replace('T', " ").trim_end_matches('Z').to_owned()
}

proptest! {
    #![proptest_config(strategies::config(2000))]

    /// `<`, `=` and `>` divide time into three parts without a gap or an overlap, and the others are consistent.
    #[test]
    fn periods_divide_time(
        period in periods(),
        zone in zones(),
        now in nows(),
        instants in proptest::collection::vec(600_000_000..2_300_000_000_i64, 4),
    ) {
        let left_out = period == "2011-12-30" && zone.iana_name() == Some("Pacific/Apia");
        let compiler = Compiler::new().zone(zone).now(Timestamp::from_second(now).unwrap());
        if left_out {
            let error = compiler.compile(&format!("start_time = {period}")).unwrap_err();
            prop_assert_eq!(codes(&error), [Code::NoSuchTime]);
            return Ok(());
        }
        let filter = |operator: &str| {
            let compiled = compiler.compile(&format!("start_time {operator} {period}")).unwrap();
            serde_json::to_value(compiled.filter).unwrap()
        };
        let [before, inside, after] = ["<", "=", ">"].map(filter);
        let [until, from, outside] = ["<=", ">=", "!="].map(filter);
        // The ends of the period and their neighbors are the edge cases.
        let ends = inside["and"].as_array().unwrap().iter().map(|bound| bound["value"].as_str().unwrap());
        let ends = ends.map(|end| format!("{}Z", end.replace(' ', "T")).parse::<Timestamp>().unwrap());
        let near = ends.flat_map(|end| [end - 1.second(), end, end + 1.second()]);
        let instants: Vec<_> = near.chain(instants.into_iter().map(|second| Timestamp::from_second(second).unwrap())).collect();
        for at in instants {
            let at = api_form(at);
            let is = [&before, &inside, &after].map(|filter| holds(filter, &at));
            prop_assert_eq!(is.iter().filter(|&&is| is).count(), 1, "{} {:?}", at, is);
            prop_assert_eq!(holds(&until, &at), is[0] || is[1]);
            prop_assert_eq!(holds(&from, &at), is[1] || is[2]);
            prop_assert_eq!(holds(&outside, &at), !is[1]);
        }
    }

    /// The current instant is in the current week, month, quarter and year of its zone. The previous period ends
    /// where the current one begins, and a step shifts to the neighbor.
    #[test]
    fn calendar_periods_follow_one_another(zone in zones(), now in nows()) {
        let compiler = Compiler::new().zone(zone.clone()).now(Timestamp::from_second(now).unwrap());
        let ends = |period: &str| {
            let filter = compiler.compile(&format!("start_time = {period}")).unwrap().filter;
            let filter = serde_json::to_value(filter).unwrap();
            [0, 1].map(|end| filter["and"][end]["value"].as_str().unwrap().to_owned())
        };
        let at = api_form(Timestamp::from_second(now).unwrap());
        for (period, step) in [("week", "1w"), ("month", "1mo"), ("quarter", "3mo"), ("year", "1y")] {
            let [begin, end] = ends(&format!("this-{period}"));
            prop_assert!(begin <= at && at < end, "{} {} {}", begin, at, end);
            let [_, last_end] = ends(&format!("last-{period}"));
            prop_assert_eq!(&last_end, &begin);
            prop_assert_eq!(ends(&format!("last-{period}")), ends(&format!("this-{period}-{step}")));
            let [next_begin, _] = ends(&format!("this-{period}+{step}"));
            prop_assert_eq!(&next_begin, &end);
        }
        // A year is its four quarters, one of which is the current quarter.
        let [begin, end] = ends("this-quarter");
        let year = ends("this-year");
        let today = Timestamp::from_second(now).unwrap().to_zoned_datetime(zone.clone()).year();
        let quarters = [1, 2, 3, 4].map(|quarter| ends(&format!("{today}-Q{quarter}")));
        prop_assert!(quarters.contains(&[begin, end]));
        prop_assert_eq!(&quarters[0][0], &year[0]);
        prop_assert_eq!(&quarters[3][1], &year[1]);
        prop_assert!(quarters.windows(2).all(|pair| pair[0][1] == pair[1][0]));
    }

    /// Each week is seven days from its Monday, and the last week of a year ends where the next one begins.
    #[test]
    fn weeks_are_seven_days(year in 1990..2040_i16, zone in zones()) {
        let long = LONG_YEARS.contains(&year);
        let compiler = Compiler::new().zone(zone.clone());
        let of = |period: String| compiler.compile(&format!("start_time = {period}"));
        let ends = |period: String| {
            let filter = serde_json::to_value(of(period).unwrap().filter).unwrap();
            [0, 1].map(|end| filter["and"][end]["value"].as_str().unwrap().to_owned())
        };
        prop_assert_eq!(of(format!("{year}-W53")).is_ok(), long);
        let weeks = if long { 53 } else { 52 };
        let next = ends(format!("{}-W01", year + 1));
        prop_assert_eq!(&ends(format!("{year}-W{weeks}"))[1], &next[0]);
        for week in 1..=weeks {
            let [begin, end] = ends(format!("{year}-W{week:02}"));
            let local = |text: &str| {
                let at: Timestamp = format!("{}Z", text.replace(' ', "T")).parse().unwrap();
                at.to_zoned_datetime(zone.clone()).date()
            };
            prop_assert_eq!(local(&begin).weekday(), Weekday::Monday);
            prop_assert_eq!(local(&begin).checked_add(7.days()).unwrap(), local(&end));
        }
    }

    /// A step shifts the named day: `yesterday` is `today` as of the day before.
    #[test]
    fn steps_shift_the_day(
        now in 1_000_000_000..2_000_000_000_i64,
        steps in "([+-][1-9][0-9]?(d|w|mo|y)){1,2}",
    ) {
        let of = |now, day: &str| {
            let compiler = Compiler::new().now(Timestamp::from_second(now).unwrap());
            compiler.compile(&format!("start_time = {day}{steps}")).unwrap().filter
        };
        prop_assert_eq!(of(now, "yesterday"), of(now - 86_400, "today"));
        prop_assert_eq!(of(now, "tomorrow"), of(now + 86_400, "today"));
    }

    /// Each instant that the API can represent survives the round trip through JSON.
    #[test]
    fn instants_round_trip(
        year in prop_oneof![1..=9999, Just(1), Just(9999)],
        (month, day) in prop_oneof![(1..=12, 1..=28), Just((1, 1)), Just((12, 31))],
        (hour, minute, second) in (0..24, 0..60, 0..60),
    ) {
        let text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
        let filter = Filter::field("start_time").lte(text.as_str());
        for zone in ["UTC", "Asia/Kolkata", "America/New_York"] {
            let compiler = Compiler::new().zone(TimeZone::get(zone).unwrap());
            let query = compiler.raise(&filter).unwrap().to_string();
            prop_assert_eq!(&compiler.compile(&query).unwrap().filter, &filter);
        }
    }
}

/// A day that a zone skips is an error, instead of a search that silently finds nothing.
#[test]
fn skipped_days_are_rejected() {
    let apia = Compiler::new().zone(TimeZone::get("Pacific/Apia").unwrap());
    for query in ["start_time = 2011-12-30", "start_time >= 2011-12-30", "start_time in 2011-12-30..2012"] {
        let error = apia.compile(query).unwrap_err();
        assert_eq!(codes(&error), [Code::NoSuchTime], "{query}");
    }
    let filter = apia.compile("start_time = 2011-12-31").unwrap().filter;
    let time = || Filter::field("start_time");
    assert_eq!(filter, time().gte("2011-12-30 10:00:00") & time().lt("2011-12-31 10:00:00"));
}

#[test]
fn local_times_use_the_zone() {
    let berlin = Compiler::new().zone(TimeZone::get("Europe/Berlin").unwrap());
    let of = |query: &str| berlin.compile(query).map(|compiled| compiled.filter);
    assert_eq!(of("start_time > 2024-06-01T12:00"), Ok(Filter::field("start_time").gt("2024-06-01 10:00:00")));
    assert_eq!(of("start_time > 2024-06-01T12:00Z"), Ok(Filter::field("start_time").gt("2024-06-01 12:00:00")));
    assert_eq!(of("start_time < 2024-06-01"), Ok(Filter::field("start_time").lt("2024-05-31 22:00:00")));
    assert_eq!(codes(&of("start_time > 2024-03-31T02:30").unwrap_err()), [Code::NoSuchTime]);
    assert_eq!(codes(&of("start_time > 2024-10-27T02:30").unwrap_err()), [Code::RepeatedTime]);
    // A raised query is the same in every zone.
    let filter = of("start_time > 2024-06-01T12:00").unwrap();
    assert_eq!(of(&berlin.raise(&filter).unwrap().to_string()), Ok(filter));
}

/// Some systems write the last possible second for "never"; it survives the round trip through JSON.
#[test]
fn last_second_round_trips() {
    let json = r#"{"field":"start_time","op":"lt","value":"9999-12-31 23:59:59"}"#;
    let filter = Filter::from_json(json).unwrap();
    let query = Compiler::new().raise(&filter).unwrap().to_string();
    assert_eq!(query, "start_time < 9999-12-31T23:59:59Z");
    assert_eq!(compile(&query).unwrap(), filter);
    let time = || Filter::field("start_time");
    assert_eq!(compile("start_time >= 9999"), Ok(time().gte("9999-01-01 00:00:00")));
    assert_eq!(codes(&compile("start_time <= 9999").unwrap_err()), [Code::TimeRange]);
    #[cfg(feature = "matches")]
    assert!(filter.matches(&serde_json::json!({"start_time": "9999-12-31T23:59:58Z"})).is_certain());
}

/// The whole second is suggested as a fix for a time in the query, and in the help for one in a parameter.
#[test]
fn fractions_of_a_second_suggest_whole_seconds() {
    for (query, edited) in [
        ("start_time >= 2024-06-01T00:00:00.123Z", "start_time >= 2024-06-01T00:00:00Z"),
        ("start_time >= \"2024-06-01 00:00:00.5\"", "start_time >= \"2024-06-01 00:00:00\""),
        ("start_time in 2024-06-01T00:00:00.5Z..", "start_time in 2024-06-01T00:00:00Z.."),
        ("start_time:2024-06-01T00:00:00.5Z..now", "start_time:2024-06-01T00:00:00Z..now"),
    ] {
        let error = compile(query).unwrap_err();
        assert_eq!(codes(&error), [Code::FractionalSecond], "{query}");
        assert_eq!(error.diagnostics()[0].fixes[0].apply(query), edited);
        compile(edited).unwrap();
    }
    let parameters = Parameters::new().with("at", "2024-06-01T00:00:00.5Z");
    let error = Compiler::new().parameters(parameters).compile("start_time > $at").unwrap_err();
    assert_eq!(codes(&error), [Code::FractionalSecond]);
    assert_eq!(error.diagnostics()[0].fixes, []);
    // The whole second would be invalid too.
    let error = compile("start_time >= 2024-06-01T24:00:00.5Z").unwrap_err();
    assert_eq!(codes(&error), [Code::NoSuchTime]);
}

/// The clock is read at most once, and only for a relative time.
#[test]
fn clock_is_only_read_for_relative_times() {
    let failing = Compiler::new().clock(|| panic!("nobody needs the time"));
    let absolute = "start_time >= 2024-06-01 and start_time < 2024-06-30T12:00Z and latency > 5s and model = now";
    failing.compile(absolute).unwrap();
    failing.explain(absolute).unwrap();
    failing.parse("start_time >= now-7d").unwrap();
    failing.raise(&Filter::field("start_time").gte("2024-06-01 00:00:00")).unwrap();

    let none = Compiler::new().clock(|| None);
    none.compile(absolute).unwrap();
    let query = "cost > 1 and start_time in today-1w..now";
    let error = none.compile(query).unwrap_err();
    let found: Vec<_> =
        error.diagnostics().iter().map(|found| (found.code(), found.span().unwrap().of(query))).collect();
    assert_eq!(found, [(Code::NoClock, "today-1w")]);

    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let clock = Compiler::new().clock(move || {
        count.fetch_add(1, Ordering::Relaxed);
        Timestamp::from_second(1_711_886_400).ok()
    });
    clock.compile("start_time in yesterday..now or start_time > now-1h").unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}
