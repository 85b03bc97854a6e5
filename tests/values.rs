//! Times, units and parameters: what they mean, for generated values.

mod strategies;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use freeplay_filter::filter::{Condition, FieldFilter, Scalar};
use freeplay_filter::jiff::civil::Weekday;
use freeplay_filter::jiff::{Timestamp, ToSpan, tz::TimeZone};
use freeplay_filter::{Code, Compiler, Error, Filter, Parameter, Parameters, Query, Span, compile, parse};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

fn codes(error: &Error) -> Vec<Code> {
    error.diagnostics().iter().map(freeplay_filter::Diagnostic::code).collect()
}

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

    /// `contains` looks for exactly what was typed, on score fields as on string fields.
    #[test]
    fn contains_searches_for_what_was_typed(word in prop_oneof!["-?[0-9_.]{1,6}(e-?[0-9]{1,3})?", strategies::word()]) {
        for field in ["trace_eval.v", "output"] {
            let Ok(compiled) = compile(&format!("{field} contains {word}")) else { continue };
            let Filter::Field(FieldFilter { condition: Condition::Contains(value), .. }) = &compiled else {
                panic!("{compiled:?}")
            };
            let searched = match value {
                Scalar::String(text) => text.clone(),
                Scalar::Number(number) => number.to_string(),
            };
            prop_assert_eq!(searched, word.as_str());
            let raised = Compiler::new().raise(&compiled).unwrap().to_string();
            prop_assert_eq!(compile(&raised).unwrap(), compiled);
        }
    }

    /// A number in JSON is read exactly or rejected; it never silently becomes a different one.
    #[test]
    fn numbers_in_json_are_kept_or_rejected(number in "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,3})?") {
        let json = format!(r#"{{"field":"cost","op":"eq","value":{number}}}"#);
        let is_zero = !number.split(['e', 'E']).next().unwrap().contains(|char| matches!(char, '1'..='9'));
        match Filter::from_json(&json) {
            Ok(Filter::Field(FieldFilter { condition: Condition::Compare(_, Scalar::Number(read)), .. })) => {
                prop_assert_eq!(read.as_f64() == 0.0, is_zero);
                prop_assert!(read.is_finite());
                let is_integer = !number.contains(['.', 'e', 'E']);
                prop_assert!(!is_integer || is_zero || read.to_string() == number, "{}", read);
            }
            Ok(filter) => panic!("{filter:?}"),
            Err(error) => prop_assert_eq!(codes(&error), [Code::NumberRange]),
        }
        prop_assert_eq!(Parameter::from_json(&number).is_ok(), Filter::from_json(&json).is_ok());
    }

    /// An untrusted value reaches the filter unchanged, and the filter's shape never depends on it.
    #[test]
    fn parameters_never_become_syntax(text in strategies::hostile_text(), other in strategies::hostile_text()) {
        let query = parse("(model = $a or env in ($b, $list)) and output contains $a and meta.$b:x").unwrap();
        let parameters = Parameters::new().with("a", text.as_str()).with("b", other.as_str()).with("list", [text.as_str(), "z"]);
        let compiled = Compiler::new().lower(&query, &parameters).unwrap();
        prop_assert_eq!(serde_json::to_value(compiled.filter).unwrap(), json!({"and": [
            {"or": [
                {"field": "model", "op": "eq", "value": text},
                {"field": "environment", "op": "eq", "value": other},
                {"field": "environment", "op": "eq", "value": text},
                {"field": "environment", "op": "eq", "value": "z"},
            ]},
            {"field": "completion_output", "op": "contains", "value": text},
            // A `$` in a name is an ordinary character.
            {"field": "session_custom_metadata.$b", "op": "contains", "value": "x"},
        ]}));
    }

    /// A scope restricts every query.
    #[test]
    fn no_query_escapes_its_scope(text in strategies::hostile_text(), expr in strategies::valid_expr()) {
        let scope = Filter::field("environment").eq(text.as_str());
        let filter = compile(&expr.to_string()).unwrap();
        let scoped = filter.scoped(&scope);
        let Filter::And(parts) = &scoped else { panic!("{scoped:?}") };
        prop_assert_eq!(&parts[0], &scope);
        prop_assert_eq!(scoped.canonical(), scoped);
    }
}

#[test]
fn parameters_are_typed() {
    let at: Timestamp = "2024-06-01T00:00:00Z".parse().unwrap();
    let query =
        parse("cost > $min and latency in $low..$high and start_time >= $from and trace_eval.q = $score and trace_eval.p > $min").unwrap();
    let parameters =
        Parameters::new().with("min", 0.5).with("low", 1).with("high", 8_u64).with("from", at).with("score", "4");
    let filter = Compiler::new().lower(&query, &parameters).unwrap().filter;
    assert_eq!(
        filter,
        Filter::field("cost").gt(0.5)
            & Filter::field("latency").gte(1)
            & Filter::field("latency").lte(8)
            & Filter::field("start_time").gte("2024-06-01 00:00:00")
            & Filter::field("trace_evaluation_results.q").eq("4")
            & Filter::field("trace_evaluation_results.p").gt(0.5),
    );
}

#[test]
fn parameters_may_be_range_ends() {
    let ends = Parameters::new().with("low", 1).with("high", 8);
    let between = Filter::field("latency").gte(1) & Filter::field("latency").lte(8);
    for query in
        ["latency in $low..$high", "latency:$low..$high", "latency between $low and $high or latency:$low..$high"]
    {
        let filter = Compiler::new().parameters(ends.clone()).compile(query).unwrap().filter;
        assert!(
            filter == between || matches!(&filter, Filter::Or(parts) if parts[1] == between),
            "{query}: {filter:?}"
        );
    }
    let low = Parameters::new().with("low", 1);
    let filter = Compiler::new().parameters(low).compile("latency:$low..").unwrap().filter;
    assert_eq!(filter, Filter::field("latency").gte(1));
}

#[test]
fn invalid_parameters_are_rejected() {
    let half: Timestamp = "2024-06-01T00:00:00.5Z".parse().unwrap();
    for (query, parameters, code) in [
        ("model = $model", Parameters::new(), Code::MissingParameter),
        ("model = a", Parameters::new().with("model", "a"), Code::UnusedParameter),
        ("cost > $min", Parameters::new().with("min", "five"), Code::WrongValue),
        ("cost > $min", Parameters::new().with("min", "1,500"), Code::WrongValue),
        ("cost > $min", Parameters::new().with("min", "5 or cost > 0"), Code::WrongValue),
        ("cost > $min", Parameters::new().with("min", "1e400"), Code::NumberRange),
        ("latency > $min", Parameters::new().with("min", "500"), Code::WrongValue),
        ("latency > $min", Parameters::new().with("min", "$5"), Code::WrongValue),
        ("trace_eval.q > $min", Parameters::new().with("min", "0.8"), Code::InvalidNumber),
        ("cost > $min", Parameters::new().with("min", f64::NAN), Code::WrongValue),
        ("trace_eval.q > $min", Parameters::new().with("min", f64::NAN), Code::WrongValue),
        ("model = $model", Parameters::new().with("model", 0.5), Code::WrongValue),
        ("model = $models", Parameters::new().with("models", ["a"]), Code::ListParameter),
        ("model in $models", Parameters::new().with("models", Vec::<String>::new()), Code::EmptyList),
        ("session_id = $id", Parameters::new().with("id", "x"), Code::InvalidUuid),
        ("start_time > $at", Parameters::new().with("at", half), Code::FractionalSecond),
        ("start_time > $at", Parameters::new().with("at", 5), Code::WrongValue),
        ("start_time > $at", Parameters::new().with("at", "soon"), Code::InvalidTime),
        ("start_time > $at", Parameters::new().with("at", "now-9999y"), Code::TimeRange),
    ] {
        let error = Compiler::new().lower(&parse(query).unwrap(), &parameters).unwrap_err();
        assert_eq!(codes(&error), [code], "{query}: {error}");
    }
}

#[test]
fn invalid_parameters_are_named() {
    let at: Timestamp = "2024-06-01T00:00:00Z".parse().unwrap();
    let lists = Parameter::List(vec![Parameter::List(Vec::new())]);
    for (query, parameter, found, help) in [
        ("cost > $p", Parameter::from("x"), "`$p` is a string", "give it as a number"),
        (
            "latency > $p",
            Parameter::from("500"),
            "`$p` is a string",
            "give it as a number of seconds, or as a string with its unit, such as `500ms`",
        ),
        (
            "start_time > $p",
            Parameter::from(5),
            "`$p` is a number",
            "give it as an instant, or as a string, such as `2024-06-01T12:00:00Z`",
        ),
        ("model = $p", Parameter::from(0.5), "`$p` is a number", "give it as a string"),
        ("model = $p", Parameter::from(at), "`$p` is an instant", "give it as a string"),
        ("model in $p", lists, "`$p` is a list", "give it as a string"),
        ("trace_eval.q = $p", Parameter::from(at), "`$p` is an instant", "give it as a string or a finite number"),
    ] {
        let error = Compiler::new().parameters(Parameters::new().with("p", parameter)).compile(query).unwrap_err();
        let [diagnostic] = error.diagnostics() else { panic!("{error}") };
        assert!(diagnostic.to_string().contains(found), "{diagnostic}");
        assert_eq!((diagnostic.help.as_deref(), &diagnostic.fixes[..]), (Some(help), &[][..]), "{query}");
    }
}

/// The field decides how a string in a parameter is read.
#[test]
fn strings_in_parameters_are_read_by_their_field() {
    let field = |name: &str| Filter::field(name);
    let compiler = Compiler::new().now("2024-03-31T12:00:00Z".parse().unwrap());
    for (query, string, filter) in [
        ("latency > $p", "500ms", field("latency").gt(0.5)),
        ("latency in $p..", "1h30m", field("latency").gte(5400)),
        ("cost > $p", "$0.01", field("cost").gt(0.01)),
        ("cost in ($p)", "5", field("cost").eq(5)),
        ("start_time > $p", "now-7d", field("start_time").gt("2024-03-24 12:00:00")),
        ("environment = $p", "500ms", field("environment").eq("500ms")),
        ("environment = $p", "2024", field("environment").eq("2024")),
        ("trace_eval.q = $p", "4", field("trace_evaluation_results.q").eq("4")),
        ("output ~ $p", "1.10", field("completion_output").contains("1.10")),
    ] {
        let compiler = compiler.clone().parameters(Parameters::new().with("p", string));
        assert_eq!(compiler.compile(query).map(|compiled| compiled.filter), Ok(filter), "{query} {string}");
    }
}

/// The value of a parameter is not in the query, so no edit changes it.
#[test]
fn parameters_are_not_edited() {
    for (query, string, help) in [
        ("start_time > $p", "7 days ago", "did you mean `now-7d`?"),
        ("start_time = $p", "last week", "did you mean `last-week`?"),
        ("session_id = $p", "3c90c3cc0d444b5088888dd25736052a", "did you mean `3c90c3cc-0d44-4b50-8888-8dd25736052a`?"),
        ("trace_eval.q > $p", "0.8", "give it as a number"),
        ("trace_eval.q > $p", "high", "only numbers can be compared here"),
    ] {
        let error = Compiler::new().parameters(Parameters::new().with("p", string)).compile(query).unwrap_err();
        let [diagnostic] = error.diagnostics() else { panic!("{error}") };
        assert_eq!((diagnostic.help.as_deref(), &diagnostic.fixes[..]), (Some(help), &[][..]), "{query} {string}");
    }
    // A comment cannot become a part of a parameter, and a unit cannot be added to one.
    let compiler = Compiler::new().parameters(Parameters::new().with("p", 5));
    let warnings = compiler.compile("output contains $p #123").unwrap().warnings;
    let fixed: Vec<String> = warnings[0].fixes.iter().map(|fix| fix.apply("output contains $p #123")).collect();
    assert_eq!(fixed, ["output contains $p # 123"]);
    let error = compiler.compile("latency_ms > $p").unwrap_err();
    assert_eq!((error.diagnostics()[0].code(), error.diagnostics()[0].fixes.len()), (Code::UnknownField, 0));
}

#[test]
fn parameters_are_collected() {
    let expected = Parameters::new().with("a", "x").with("b", "y");
    let pairs = [("b", "y"), ("a", "x")];
    assert_eq!(Parameters::from_iter(pairs), expected);
    assert_eq!(Parameters::from(BTreeMap::from(pairs)), expected);
    assert_eq!(Parameters::from(HashMap::from(pairs)), expected);
    let mut extended = Parameters::new().with("a", 1);
    extended.extend(vec![("a".to_owned(), Parameter::from("x")), ("b".to_owned(), Parameter::from("y"))]);
    assert_eq!(extended, expected);
}

#[test]
fn parameters_are_read_from_a_json_object() {
    let expected = Parameters::new().with("model", "a").with("min", u64::MAX).with("ids", ["x", "y"]);
    let json = r#"{"model": "a", "min": 18446744073709551615, "ids": ["x", "y"]}"#;
    assert_eq!(Parameters::from_json(json), Ok(expected.clone()));
    assert_eq!(serde_json::from_str::<Parameters>(json).unwrap(), expected);
    assert_eq!(Parameters::from_json("{}"), Ok(Parameters::new()));
    for (json, message) in [
        (r#"{"a": 1, "a": 2}"#, "`$a`: it has two values"),
        (r#"{"a": null}"#, "`$a`: a parameter is a string, a number, or a list of them, not null"),
        (r#"{"a": 1e-400}"#, "the number `1e-400` is out of range"),
        (r#"{"a": 1e999}"#, "a number is out of range, at column "),
        (r#"{"a": [18446744073709551616]}"#, "the number `18446744073709551616` is out of range"),
        ("[]", "expected an object of parameters"),
        ("[", "expected an object of parameters"),
        ("{} {}", "not JSON: there is more after the value, at column 4"),
        ("{", "not JSON: it ends within an object, at column 1"),
    ] {
        let error = Parameters::from_json(json).unwrap_err().to_string();
        assert!(error.starts_with(message), "{json}: {error}");
    }
}

#[test]
fn parameter_names_are_checked() {
    let names = "a name consists of ASCII letters, digits and `_`, and does not begin with a digit";
    for name in ["", " ", "a b", "1", "$a", "a-b", "ä", "a.b", "a\n", "a and"] {
        let parameters = Parameters::new().with(name, 1);
        let error = Parameters::from_json(&json!({ name: 1 }).to_string()).unwrap_err().to_string();
        assert!(error.contains(names), "{name}: {error}");
        // Code can set any name, and the compiler reports that the query does not use it.
        let error = Compiler::new().parameters(parameters).compile("cost > 1").unwrap_err();
        let help = error.diagnostics()[0].help.as_deref();
        assert_eq!(help, Some(format!("no query can use it: {names}")).as_deref());
    }
    for name in ["a", "_", "A1_", "and", "contains"] {
        let parameters = Parameters::from_json(&json!({ name: 1 }).to_string()).unwrap();
        let compiled = Compiler::new().parameters(parameters).compile(&format!("cost > ${name}")).unwrap();
        assert_eq!(compiled.filter, Filter::field("cost").gt(1));
        let unused = Compiler::new().parameters(Parameters::new().with(name, 1)).compile("cost > 1").unwrap_err();
        assert_eq!(unused.diagnostics()[0].help, None);
    }
}

#[test]
fn parameters_are_read_from_json() {
    let list = Parameter::List(vec![Parameter::from("a"), Parameter::from(1)]);
    assert_eq!(Parameter::try_from(json!(["a", 1])), Ok(list.clone()));
    assert_eq!(serde_json::from_str::<Parameter>(r#"["a", 1]"#).unwrap(), list);
    for (value, found) in [
        (json!([["a"]]), "a list of lists"),
        (json!(null), "null"),
        (json!([true]), "a boolean"),
        (json!({}), "an object"),
    ] {
        let message = format!("a parameter is a string, a number, or a list of them, not {found}");
        assert_eq!(Parameter::try_from(value.clone()).unwrap_err().to_string(), message);
        assert_eq!(serde_json::from_value::<Parameter>(value).unwrap_err().to_string(), message);
    }
}

#[test]
fn list_parameters_are_used_in_lists() {
    let words = Parameters::new().with("words", ["a", "b"]);
    let either = Compiler::new()
        .parameters(words)
        .compile("output contains any $words or output not contains all $words")
        .unwrap();
    let output = |word: &str| Filter::field("completion_output").contains(word);
    assert_eq!(either.filter, output("a") | output("b") | !(output("a") & output("b")));
}

/// A warning about a duplicate value concerns what was written, not the values of a parameter.
#[test]
fn list_parameters_may_contain_duplicates() {
    let twice = Parameters::new().with("p", ["a", "a"]);
    let compiled = Compiler::new().parameters(twice).compile("model in ($p, b, c)").unwrap();
    assert_eq!(compiled.warnings, []);
    let model = |name: &str| Filter::field("model").eq(name);
    assert_eq!(compiled.filter, model("a") | model("a") | model("b") | model("c"));
}

/// One end of a range may be a parameter, and the other an invalid word.
#[test]
fn range_ends_may_be_parameters() {
    let low = Parameters::new().with("low", 1);
    let filter = Compiler::new().parameters(low).compile("cost:$low..$5").unwrap().filter;
    assert_eq!(filter, Filter::field("cost").gte(1) & Filter::field("cost").lte(5));
    let filter = compile("cost:$1..$5").unwrap();
    assert_eq!(filter, Filter::field("cost").gte(1) & Filter::field("cost").lte(5));
}

/// A parsed query can be compiled at other times and with other parameters.
#[test]
fn parsed_queries_can_be_compiled_repeatedly() {
    let query: Query<'static> = parse("start_time >= now-1mo and model = $model").unwrap().into_owned();
    assert_eq!(query.to_string(), "start_time >= now-1mo and model = $model");
    for (now, model, from) in
        [("2024-03-31T12:00:00Z", "a", "2024-02-29 12:00:00"), ("2024-05-31T00:00:00.9Z", "b", "2024-04-30 00:00:00")]
    {
        let compiler = Compiler::new().now(now.parse().unwrap());
        let filter = compiler.lower(&query, &Parameters::new().with("model", model)).unwrap().filter;
        assert_eq!(filter, Filter::field("start_time").gte(from) & Filter::field("model").eq(model));
    }
}

#[test]
fn shared_types_are_send_and_sync() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Query<'static>>();
    shared::<Compiler>();
    shared::<Filter>();
    shared::<Parameters>();
    shared::<Error>();
    shared::<freeplay_filter::Catalog>();
    shared::<freeplay_filter::Compiled>();
}

/// The unit is seconds; a value that looks like milliseconds gets a warning.
#[test]
fn long_latencies_have_a_warning() {
    let query = "latency > 500";
    let warnings = Compiler::new().compile(query).unwrap().warnings;
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].code(), Code::AssumedSeconds);
    assert_eq!(warnings[0].span().map(|span: Span| span.of(query)), Some("500"));
    assert_eq!(warnings[0].fixes[0].apply(query), "latency > 500ms");
    for query in ["latency > 500s", "latency > 99", "latency > 500ms", "cost > 500"] {
        assert_eq!(Compiler::new().compile(query).unwrap().warnings, [], "{query}");
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
    assert!(filter.matches(&json!({"start_time": "9999-12-31T23:59:58Z"})).is_certain());
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

/// A warning says that a unit at one end of a range applies only to that end, where the other may have been meant.
#[test]
fn units_at_one_end_have_a_warning() {
    for (query, edits) in [
        ("latency in 1..5m", ["latency in 1s..5m", "latency in 1m..5m"]),
        ("latency in 1..1h30m", ["latency in 1s..1h30m", "latency in 1h..1h30m"]),
        ("latency in 1m..90", ["latency in 1m..90s", "latency in 1m..90m"]),
        ("latency between 1m and 90", ["latency between 1m and 90s", "latency between 1m and 90m"]),
    ] {
        let warnings = Compiler::new().compile(query).unwrap().warnings;
        let doubts: Vec<_> = warnings.iter().filter(|found| found.code() == Code::AssumedSeconds).collect();
        assert_eq!(doubts.len(), 1, "{query}");
        let edited: Vec<_> = doubts[0].fixes.iter().map(|fix| fix.apply(query)).collect();
        assert_eq!(edited, edits);
        assert!(warnings.iter().all(|found| found.code() != Code::ReversedRange), "{query}");
    }
    // In seconds the range would be reversed, which the warning about that says.
    for (query, edits) in [
        ("latency between 1m and 5", ["latency between 1m and 5m", "latency between 5 and 1m"]),
        ("latency in 100..500ms", ["latency in 100ms..500ms", "latency in 500ms..100"]),
    ] {
        let warnings = Compiler::new().compile(query).unwrap().warnings;
        let reversed: Vec<_> = warnings.iter().filter(|found| found.code() == Code::ReversedRange).collect();
        assert_eq!(reversed.len(), 1, "{query}");
        let edited: Vec<_> = reversed[0].fixes.iter().map(|fix| fix.apply(query)).collect();
        assert_eq!(edited, edits);
        assert!(reversed[0].help.as_deref().unwrap().contains("applies to that end only"));
    }
    for query in ["latency in 1s..5m", "latency in 0..5m", "latency in 1..5s", "latency in 500ms..8", "latency in 1..5"]
    {
        assert_eq!(Compiler::new().compile(query).unwrap().warnings, [], "{query}");
    }
}

/// A number that would be changed is rejected, in the JSON of parameters as well.
#[test]
fn numbers_of_parameters_are_kept_or_rejected() {
    for (json, number) in [("18446744073709551615", u64::MAX.into()), ("-0", 0.0.into()), ("0e-400", 0.0.into())] {
        let Ok(Parameter::Number(read)) = Parameter::from_json(json) else { panic!("{json}") };
        assert_eq!(read.as_f64(), freeplay_filter::filter::Number::as_f64(number), "{json}");
    }
    for (json, number) in [
        ("18446744073709551616", "18446744073709551616"),
        ("-9223372036854775809", "-9223372036854775809"),
        ("1e-400", "1e-400"),
        ("-1e-400", "-1e-400"),
        ("[1, 1e-400]", "1e-400"),
    ] {
        let error = Parameter::from_json(json).unwrap_err();
        assert_eq!(error.to_string(), format!("the number `{number}` is out of range"), "{json}");
    }
    assert_eq!(Parameter::from_json(r#""1e-400""#), Ok(Parameter::from("1e-400")));
    for json in ["", "tru", "1e400", "01"] {
        assert!(Parameter::from_json(json).is_err(), "{json}");
    }
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
