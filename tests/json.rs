//! Reading filters from JSON: what is rejected, with its position, and what degenerate groups mean.

use freeplay_filter::diagnostic::Location;
use freeplay_filter::filter::{Condition, FieldFilter, Scalar};
use freeplay_filter::{Compiler, Filter};

/// The JSON, the pointer to the error, and the message.
const REJECTED: &[(&str, &str, &str)] = &[
    ("[]", "", "expected a filter: an object, found an array"),
    ("null", "", "expected a filter: an object, found null"),
    ("1", "", "expected a filter: an object, found a number"),
    (r#""cost > 1""#, "", "expected a filter: an object, found a string"),
    (r#"{"and": {}}"#, "/and", "expected an array of filters, found an object"),
    (r#"{"or": null}"#, "/or", "expected an array of filters, found null"),
    (r#"{"and": [{}, [], {}]}"#, "/and/1", "expected a filter: an object, found an array"),
    (r#"{"not": []}"#, "/not", "expected a filter: an object, found an array"),
    (r#"{"and": [{"not": true}]}"#, "/and/0/not", "expected a filter: an object, found a boolean"),
    (r#"{"and": [], "or": []}"#, "", "expected no other key next to `and`, found the key `or`"),
    (r#"{"and": [], "field": "a"}"#, "", "expected no other key next to `and`, found the key `field`"),
    (r#"{"and": [], "and": []}"#, "", "duplicate key `and`"),
    (
        r#"{"field": "a", "and": []}"#,
        "",
        "expected one of the keys `field`, `op`, `value`, `and`, `or` and `not`, found the key `and`",
    ),
    (
        r#"{"filters": {}}"#,
        "",
        "expected one of the keys `field`, `op`, `value`, `and`, `or` and `not`, found the key `filters`",
    ),
    (r#"{"field": "a", "op": "eq"}"#, "", "expected the key `value`, found an object without it"),
    (r#"{"field": "a", "value": 1}"#, "", "expected the key `op`, found an object without it"),
    (r#"{"op": "eq", "value": 1}"#, "", "expected the key `field`, found an object without it"),
    (r#"{"field": "a", "op": "eq", "value": 1, "value": 1}"#, "", "duplicate key `value`"),
    (r#"{"field": "a", "op": "eq", "op": "eq", "value": 1}"#, "", "duplicate key `op`"),
    (r#"{"field": 1, "op": "eq", "value": 1}"#, "/field", "expected a field's name: a string, found a number"),
    (
        r#"{"and": [{}, {"field": "a", "op": "neq", "value": 1}]}"#,
        "/and/1/op",
        "expected an operator: eq, gt, gte, lt, lte, contains or between, found `neq`",
    ),
    (
        r#"{"field": "a", "op": "EQ", "value": 1}"#,
        "/op",
        "expected an operator: eq, gt, gte, lt, lte, contains or between, found `EQ`",
    ),
    (
        r#"{"field": "a", "op": "eq", "value": true}"#,
        "/value",
        "expected a string, a number, or an array of numbers, found a boolean",
    ),
    (
        r#"{"field": "a", "op": "eq", "value": null}"#,
        "/value",
        "expected a string, a number, or an array of numbers, found null",
    ),
    (
        r#"{"field": "a", "op": "eq", "value": {"a": 1}}"#,
        "/value",
        "expected a string, a number, or an array of numbers, found an object",
    ),
    (
        r#"{"field": "a", "op": "eq", "value": [1, 2]}"#,
        "/value",
        "expected a string or a number for `eq`, found an array",
    ),
    (
        r#"{"field": "a", "op": "between", "value": 1}"#,
        "/value",
        "expected an array of two numbers for `between`, found a single value",
    ),
    (
        r#"{"value": [1], "op": "between", "field": "a"}"#,
        "/value",
        "expected two numbers for `between`, found an array of 1",
    ),
    (r#"{"field": "a", "op": "between", "value": [1, "2"]}"#, "/value/1", "expected a number, found a string"),
    (r#"{"field": "a", "op": "between", "value": [[1], 2]}"#, "/value/0", "expected a number, found an array"),
];

#[test]
fn errors_point_at_the_problem() {
    for &(json, pointer, message) in REJECTED {
        let error = Filter::from_json(json).unwrap_err();
        let [found] = error.diagnostics() else { panic!("{json}: {error}") };
        assert_eq!(found.to_string(), message, "{json}");
        assert_eq!(found.location, Location::Json(pointer.to_owned()), "{json}");
        let place = if pointer.is_empty() { String::new() } else { format!("{pointer}: ") };
        let shown = error.to_string();
        assert!(shown.starts_with(&format!("{place}error[{}]: {message}", found.code())), "{shown}");
        // The message of a serde error is the same.
        let plain = serde_json::from_str::<Filter>(json).unwrap_err().to_string();
        let begin = if pointer.is_empty() { message.to_owned() } else { format!("{pointer}: {message}") };
        assert!(plain.starts_with(&begin), "{plain}");
    }
}

/// Common mistakes of agents and other tools: the pointer to the mistake, and the intended filter.
const MEANT: &[(&str, &str, &str)] = &[
    // A filter as a string.
    (
        r#"{"filters": "{\"field\": \"cost\", \"op\": \"gt\", \"value\": 1}"}"#,
        "/filters",
        r#"{"field":"cost","op":"gt","value":1}"#,
    ),
    (
        r#"{"and": ["{\"field\": \"cost\", \"op\": \"gt\", \"value\": 1}"]}"#,
        "/and/0",
        r#"{"field":"cost","op":"gt","value":1}"#,
    ),
    (r#""```json\n{\"not\": {}}\n```""#, "", r#"{"not":{}}"#),
    // An array with one filter.
    (r#"[{"field": "cost", "op": "gt", "value": 1}]"#, "", r#"{"field":"cost","op":"gt","value":1}"#),
    (
        r#"{"not": [{"field": "model", "op": "eq", "value": "a"}]}"#,
        "/not",
        r#"{"not":{"field":"model","op":"eq","value":"a"}}"#,
    ),
    (r#"{"and": {"field": "cost", "op": "gt", "value": 1}}"#, "/and", r#"{"field":"cost","op":"gt","value":1}"#),
    // Other keys.
    (r#"{"field": "cost", "operator": "gt", "value": 1}"#, "", r#"{"field":"cost","op":"gt","value":1}"#),
    (r#"{"operator": ">=", "value": 1, "field": "cost"}"#, "", r#"{"field":"cost","op":"gte","value":1}"#),
    (r#"{"attribute": "model", "comparator": "eq", "value": "a"}"#, "", r#"{"field":"model","op":"eq","value":"a"}"#),
    (
        r#"{"OR": [{"field": "a", "op": "eq", "value": 1}, {"NOT": {"field": "b", "op": "eq", "value": 2}}]}"#,
        "",
        r#"{"or":[{"field":"a","op":"eq","value":1},{"not":{"field":"b","op":"eq","value":2}}]}"#,
    ),
    (
        r#"{"or": [{}, {"AND": [{"field": "a", "op": "eq", "value": 1}, {}]}]}"#,
        "/or/1",
        r#"{"and":[{"field":"a","op":"eq","value":1},{}]}"#,
    ),
    (
        r#"{"$and": [{"cost": {"$gte": 1, "$lt": 5}}, {"model": "a"}]}"#,
        "",
        r#"{"and":[{"field":"cost","op":"gte","value":1},{"field":"cost","op":"lt","value":5},{"field":"model","op":"eq","value":"a"}]}"#,
    ),
    (r#"{"filter": {"not": {}}}"#, "", r#"{"not":{}}"#),
    // Other operators.
    (
        r#"{"and": [{}, {"field": "model", "op": "neq", "value": "a"}]}"#,
        "/and/1/op",
        r#"{"not":{"field":"model","op":"eq","value":"a"}}"#,
    ),
    (r#"{"value": "a", "op": "!=", "field": "model"}"#, "/op", r#"{"not":{"field":"model","op":"eq","value":"a"}}"#),
    (
        r#"{"field": "model", "op": "in", "value": ["a", "b"]}"#,
        "/op",
        r#"{"or":[{"field":"model","op":"eq","value":"a"},{"field":"model","op":"eq","value":"b"}]}"#,
    ),
    // The array comes first, and so does the error in it.
    (
        r#"{"value": ["a", "b"], "field": "model", "op": "not_in"}"#,
        "/value/0",
        r#"{"not":{"or":[{"field":"model","op":"eq","value":"a"},{"field":"model","op":"eq","value":"b"}]}}"#,
    ),
    (
        r#"{"field": "cost", "op": "eq", "value": [1, 2]}"#,
        "/value",
        r#"{"or":[{"field":"cost","op":"eq","value":1},{"field":"cost","op":"eq","value":2}]}"#,
    ),
    (
        r#"{"field": "start_time", "op": "between", "value": ["2024-06-01 00:00:00", "2024-06-30 23:59:59"]}"#,
        "/value/0",
        r#"{"and":[{"field":"start_time","op":"gte","value":"2024-06-01 00:00:00"},{"field":"start_time","op":"lte","value":"2024-06-30 23:59:59"}]}"#,
    ),
    (
        r#"{"field": "completion_output", "op": "not_contains", "value": "a b"}"#,
        "/op",
        r#"{"not":{"field":"completion_output","op":"contains","value":"a b"}}"#,
    ),
    (r#"{"field": "cost", "op": "GTE", "value": 1.5}"#, "/op", r#"{"field":"cost","op":"gte","value":1.5}"#),
];

#[test]
fn mistakes_of_agents_suggest_the_filter() {
    for &(json, pointer, meant) in MEANT {
        // The intended filter is valid for the API.
        assert_eq!(Filter::from_json(meant).unwrap().to_json(), meant);
        let of_value = Filter::from_value(&serde_json::from_str(json).unwrap());
        let of_body = Filter::from_body(json);
        for error in [of_body.unwrap_err(), of_value.unwrap_err()] {
            let [found] = error.diagnostics() else { panic!("{json}: {error}") };
            assert_eq!(found.help.as_deref(), Some(format!("write `{meant}`").as_str()), "{json}");
        }
        let error = Filter::from_body(json).unwrap_err();
        assert_eq!(error.diagnostics()[0].location, Location::Json(pointer.to_owned()), "{json}");
    }
}

/// If more than one filter may be meant, each is named.
#[test]
fn arrays_suggest_both_readings() {
    let [a, b] = ["a", "b"].map(|model| format!(r#"{{"field":"model","op":"eq","value":"{model}"}}"#));
    for (json, help) in [
        (
            format!("[{a}, {b}]"),
            format!(r#"write `{{"and":[{a},{b}]}}`; if one match is enough, use `or` instead of `and`"#),
        ),
        (
            format!(r#"{{"not": [{a}, {b}]}}"#),
            format!(
                r#"write `{{"not":{{"or":[{a},{b}]}}}}`; to exclude only records that match all of them, use `and` instead of `or`"#
            ),
        ),
    ] {
        let error = Filter::from_json(&json).unwrap_err();
        assert_eq!(error.diagnostics()[0].help, Some(help), "{json}");
    }
}

/// If no filter can be suggested, the help is general.
#[test]
fn other_mistakes_have_general_help() {
    let long = format!("[{}]", [r#"{"field":"model","op":"eq","value":"a"}"#; 10].join(","));
    let negated = format!(r#"{{"not": {long}}}"#);
    let in_list = format!(r#"{{"field": "model", "op": "in", "value": ["{}"]}}"#, "a".repeat(300));
    let neq = format!(r#"{{"field": "model", "op": "neq", "value": "{}"}}"#, "a".repeat(300));
    for (json, help) in [
        (long.as_str(), Some("join filters with `and` or `or`")),
        (negated.as_str(), Some("`not` takes one filter; join several with `or` or `and` inside it")),
        (in_list.as_str(), Some(r#"write {"or": […]} with an `eq` filter per value"#)),
        (neq.as_str(), Some(r#"write {"not": {… "op": "eq" …}}"#)),
        (
            r#"{"field": "model", "op": "like", "value": "a%"}"#,
            Some("the API cannot search for a part of a word; `contains` finds whole words"),
        ),
        (r#"{"field": "model", "op": "exists", "value": 1}"#, Some("the API cannot test whether a field has a value")),
        // Without a value of the right kind, only the operator is known.
        (r#"{"field": "cost", "op": "<"}"#, Some("write `lt`")),
        (r#"{"field": "cost", "op": "<=", "value": {}}"#, Some("write `lte`")),
        (
            r#"{"field": "cost", "op": "not in", "value": {}}"#,
            Some(r#"write {"not": {"or": […]}} with an `eq` filter per value"#),
        ),
        (r#"{"field": "cost", "op": "not between", "value": 5}"#, Some(r#"write {"not": {… "op": "between" …}}"#)),
        (
            r#"{"field": "model", "op": "regex", "value": "a"}"#,
            Some("the API has no regular expressions; `contains` finds whole words"),
        ),
        (r#"{"field": "model", "op": "zip", "value": 1}"#, None),
        (r#"{"field": "model", "operator": "zip", "value": 1}"#, Some("write `op` for `operator`")),
        (r#"{"field": "model", "op": "eq", "value": "a", "name": 1}"#, Some("write `field` for `name`")),
        (r#"{"field": "model", "op": "eq", "value": "a", "boost": 1}"#, None),
        (
            r#""cost > 1""#,
            Some(r#"write the filter as an object, as in {"field": "model", "op": "eq", "value": "gpt-4o"}"#),
        ),
        (r#"{"and": [], "or": []}"#, Some("join filters with `and` or `or`")),
    ] {
        let error = Filter::from_json(json).unwrap_err();
        assert_eq!(error.diagnostics()[0].help.as_deref(), help, "{json}");
    }
    let error = Filter::from_body(r#"{"filters": {}, "page": 2}"#).unwrap_err();
    let help = "the body has `filters` alone; `page`, `page_size` and `include_children` go in the URL";
    assert_eq!(error.diagnostics()[0].help.as_deref(), Some(help));
}

#[test]
fn almost_json_is_recognized() {
    for (text, help) in [
        ("```json\n{\"filters\": {}}\n```\n", Some("leave the code fence out: write `{}`")),
        ("```\n{\"field\": 1}\n```", Some("leave the code fence out: only the JSON inside it is read")),
        ("{'field': 'model'}", Some("JSON has double quotes around names and strings")),
        ("model = a", Some("this is a query, not a filter in JSON")),
        ("*", Some("this is a query, not a filter in JSON")),
        ("refund", None),
        ("{model = a}", None),
        ("", None),
    ] {
        let error = Filter::from_json(text).unwrap_err();
        let [found] = error.diagnostics() else { panic!("{text}: {error}") };
        assert_eq!((found.code().as_str(), found.help.as_deref()), ("invalid-json", help), "{text}");
    }
}

/// Values that are valid in JSON but not for the field: the help shows JSON, not a query.
#[test]
fn values_of_another_type_have_help_in_json() {
    for (field, op, value, help) in [
        ("start_time", "gte", r#""2024-06-01T00:00:00Z""#, r#"write `"2024-06-01 00:00:00"`, in UTC"#),
        ("start_time", "gt", r#""2024-06-01T02:30:00+02:00""#, r#"write `"2024-06-01 00:30:00"`, in UTC"#),
        ("start_time", "lt", r#""2024-06-01T00:00:00.123Z""#, r#"write `"2024-06-01 00:00:00"`, in UTC"#),
        ("start_time", "gte", r#""2024-06-01""#, r#"write `"2024-06-01 00:00:00"`, in UTC"#),
        ("start_time", "lte", r#""2024-06-01""#, r#"write `"2024-06-01 23:59:59"`, in UTC"#),
        ("start_time", "gt", r#""2024-06-01""#, r#"write an instant in UTC, such as `"2024-06-01 00:00:00"`"#),
        ("start_time", "gt", r#""now-7d""#, r#"write an instant in UTC, such as `"2024-06-01 00:00:00"`"#),
        ("start_time", "gt", "1717200000", r#"write an instant in UTC, such as `"2024-06-01 00:00:00"`"#),
        ("cost", "gt", r#""0.5""#, "write `0.5`, without quotes"),
        ("cost", "gt", r#""$0.5""#, "write `0.5`, without quotes"),
        ("latency", "gt", r#""500ms""#, "write `0.5`, without quotes"),
        ("latency", "gt", r#""long""#, "write a number"),
        ("environment", "eq", "2024", r#"write `"2024"`, in quotes"#),
    ] {
        let json = format!(r#"{{"and": [{{"field": "{field}", "op": "{op}", "value": {value}}}, {{}}]}}"#);
        let error = Compiler::new().raise(&Filter::from_json(&json).unwrap()).unwrap_err();
        let [found] = error.diagnostics() else { panic!("{json}: {error}") };
        assert_eq!(found.location, Location::Json("/and/0/value".to_owned()));
        assert_eq!(found.help.as_deref(), Some(help), "{json}");
    }
}

/// A value that was parsed before has lost duplicate keys, and nothing else.
#[test]
fn parsed_values_are_rejected_alike() {
    for &(json, pointer, _) in REJECTED.iter().filter(|(_, _, message)| !message.starts_with("duplicate key")) {
        let error = Filter::from_value(&serde_json::from_str(json).unwrap()).unwrap_err();
        // Which of two shapes comes first depends on the application's serde_json, and so does the message.
        assert_eq!(error.diagnostics()[0].location, Location::Json(pointer.to_owned()), "{json}");
    }
}

#[test]
fn invalid_json_has_a_position() {
    for (text, rest) in [
        ("", ""),
        (r#"{"field": "#, ""),
        (r#"{"field": "a" "op"}"#, r#""op"}"#),
        ("{} {}", "{}"),
        ("model = a", "model = a"),
        ("{\n  \"and\": [,]\n}", ",]\n}"),
        (r#"{"field": "a", "op": "eq", "value": 01}"#, "1}"),
    ] {
        let error = Filter::from_json(text).unwrap_err();
        let found = &error.diagnostics()[0];
        assert_eq!(found.code().as_str(), "invalid-json", "{text}");
        let start = found.span().unwrap().start();
        assert!(text[start..].trim_start().starts_with(rest), "{text}: {:?}", &text[start..]);
    }
}

#[test]
fn numbers_are_exact_or_rejected() {
    let of = |number: &str| format!(r#"{{"field":"a","op":"eq","value":{number}}}"#);
    for number in ["18446744073709551615", "-9223372036854775808", "1.5777777777770001", "0.1", "8.0", "5e-324"] {
        let filter = Filter::from_json(&of(number)).unwrap();
        assert_eq!(serde_json::to_string(&filter).unwrap(), of(number));
    }
    for number in [
        "18446744073709551616",
        "-9223372036854775809",
        "100000000000000000000000",
        "1e400",
        "-1E+400",
        "1e-400",
        "-1e-400",
        "0.1e-399",
    ] {
        let error = Filter::from_json(&of(number)).unwrap_err();
        let found = &error.diagnostics()[0];
        assert_eq!(found.code().as_str(), "number-range");
        assert_eq!(found.span().unwrap().of(&of(number)), number);
    }
    // Digits in a string are not a number.
    for text in [r#""18446744073709551616""#, r#""\" 18446744073709551616""#, r#""\\\" 18446744073709551616""#] {
        assert!(Filter::from_json(&of(text)).is_ok(), "{text}");
    }
    // Zero stays zero, however it is written.
    for number in ["-0", "0e-400", "-0.0", "0.000e99999"] {
        let filter = Filter::from_json(&of(number)).unwrap();
        let Filter::Field(FieldFilter { condition: Condition::Compare(_, Scalar::Number(read)), .. }) = filter else {
            panic!("{number}")
        };
        assert_eq!(read.as_f64(), 0.0, "{number}");
        assert!(["0", "0.0"].contains(&read.to_string().as_str()), "{number}: {read}");
    }
    let error = Filter::from_json(r#"{"field":"cost","op":"between","value":[0, 1e-400]}"#).unwrap_err();
    assert_eq!(error.diagnostics()[0].code().as_str(), "number-range");
}

#[test]
fn keys_may_be_in_any_order() {
    let filter = Filter::field("cost").between(1, 2.5);
    for json in [
        r#"{"field":"cost","op":"between","value":[1,2.5]}"#,
        r#"{"value":[1,2.5],"op":"between","field":"cost"}"#,
        r#"{"op":"between","value":[1,2.5],"field":"cost"}"#,
    ] {
        assert_eq!(Filter::from_json(json).unwrap(), filter);
    }
}

#[test]
fn bodies_are_only_unwrapped_by_from_body() {
    let filter = Filter::field("cost").gt(1);
    let body = r#"{"filters": {"field": "cost", "op": "gt", "value": 1}}"#;
    assert_eq!(Filter::from_body(body).unwrap(), filter);
    assert_eq!(Filter::from_body(&serde_json::to_string(&filter).unwrap()).unwrap(), filter);
    let error = Filter::from_body(r#"{"filters": {"field": "cost", "op": "gt", "value": null}}"#).unwrap_err();
    assert_eq!(error.diagnostics()[0].location, Location::Json("/filters/value".to_owned()));
    assert!(Filter::from_body(r#"{"filters": {}, "page": 1}"#).is_err());
    assert!(Filter::from_body(r#"{"filters": {"filters": {}}}"#).is_err());
}

#[test]
fn depth_is_limited_consistently() {
    let nested = |open: &str, close: &str, levels: usize| {
        format!("{}{{\"field\":\"cost\",\"op\":\"gt\",\"value\":1}}{}", open.repeat(levels), close.repeat(levels))
    };
    for (open, close) in [(r#"{"not":"#, "}"), (r#"{"and":["#, "]}"), (r#"{"or":["#, "]}")] {
        let deepest = nested(open, close, 60);
        let filter = Filter::from_json(&deepest).unwrap();
        assert_eq!(serde_json::to_string(&filter).unwrap(), deepest);
        // A JSON parser accepts the deepest filter, in a request body as well.
        let body = format!("{{\"filters\":{deepest}}}");
        assert!(serde_json::from_str::<serde_json::Value>(&body).is_ok());
        assert_eq!(Filter::from_body(&body).unwrap(), filter);
        let query = Compiler::new().raise(&filter).unwrap().to_string();
        assert_eq!(Compiler::new().compile(&query).unwrap().filter, filter.canonical());
        let error = Filter::from_json(&nested(open, close, 61)).unwrap_err();
        assert_eq!(error.diagnostics()[0].code().as_str(), "too-deep", "{error}");
        assert!(Filter::from_json(&nested(open, close, 100_000)).is_err());
    }
}

/// An application may pass a value that is nested deeper than any text could be.
#[test]
fn deep_values_are_rejected_without_recursion() {
    let mut value = serde_json::json!({});
    for _ in 0..100_000 {
        value = serde_json::Map::from_iter([("not".to_owned(), value)]).into();
    }
    let error = Filter::from_value(&value).unwrap_err();
    assert_eq!(error.diagnostics()[0].code().as_str(), "too-deep");
    // Such a value cannot even be dropped on a small stack.
    std::mem::forget(value);
}

/// Degenerate groups and the query for each.
#[test]
fn degenerate_groups_have_a_meaning() {
    for (json, canonical, query) in [
        ("{}", "{}", "*"),
        (r#"{"and":[]}"#, "{}", "*"),
        (r#"{"or":[]}"#, r#"{"not":{}}"#, "not *"),
        (r#"{"not":{"or":[]}}"#, r#"{"not":{"not":{}}}"#, "not not *"),
        (r#"{"and":[{}]}"#, "{}", "*"),
        (r#"{"and":[{},{}]}"#, r#"{"and":[{},{}]}"#, "* and *"),
        (r#"{"or":[{"or":[]},{}]}"#, r#"{"or":[{"not":{}},{}]}"#, "not * or *"),
        (r#"{"and":[{"or":[{"and":[{},{"not":{}}]}]}]}"#, r#"{"and":[{},{"not":{}}]}"#, "* and not *"),
        (r#"{"and":[{"and":[]},{"and":[{},{}]}]}"#, r#"{"and":[{},{},{}]}"#, "* and * and *"),
    ] {
        let filter = Filter::from_json(json).unwrap();
        assert_eq!(serde_json::to_string(&filter.canonical()).unwrap(), canonical, "{json}");
        assert_eq!(Compiler::new().raise(&filter).unwrap().to_string(), query, "{json}");
    }
}

/// Clauses are written in the shortest form with exactly the same meaning.
#[test]
fn shorter_forms_are_used() {
    for (json, query) in [
        (r#"{"not":{"field":"model","op":"eq","value":"a"}}"#, "model != a"),
        (r#"{"not":{"field":"cost","op":"gt","value":1}}"#, "not cost > 1"),
        (r#"{"not":{"not":{"field":"model","op":"eq","value":"a"}}}"#, "not model != a"),
        (
            r#"{"not":{"field":"completion_output","op":"contains","value":"a b"}}"#,
            r#"completion_output not contains "a b""#,
        ),
        (
            r#"{"or":[{"field":"model","op":"eq","value":"a"},{"field":"model","op":"eq","value":"and"}]}"#,
            r#"model in (a, "and")"#,
        ),
        (
            r#"{"not":{"or":[{"field":"model","op":"eq","value":"a"},{"field":"model","op":"eq","value":"b"}]}}"#,
            "model not in (a, b)",
        ),
        (
            r#"{"or":[{"field":"model","op":"eq","value":"a"},{"field":"model","op":"eq","value":"b"},{"field":"environment","op":"eq","value":"b"}]}"#,
            "model in (a, b) or environment = b",
        ),
        (
            r#"{"and":[{"field":"cost","op":"gte","value":1},{"field":"cost","op":"lte","value":5},{"field":"cost","op":"lte","value":6}]}"#,
            "cost in 1..5 and cost <= 6",
        ),
        (
            r#"{"and":[{"field":"cost","op":"lte","value":5},{"field":"cost","op":"gte","value":1}]}"#,
            "cost <= 5 and cost >= 1",
        ),
        (
            r#"{"or":[{"field":"completion_output","op":"contains","value":"a"},{"field":"completion_output","op":"contains","value":"b"}]}"#,
            "completion_output contains any (a, b)",
        ),
        (
            r#"{"and":[{"field":"completion_output","op":"contains","value":"a"},{"field":"completion_output","op":"contains","value":"b"}]}"#,
            "completion_output contains all (a, b)",
        ),
        (
            r#"{"and":[{"field":"start_time","op":"gte","value":"2024-06-01 00:00:00"},{"field":"start_time","op":"lte","value":"2024-06-30 23:59:59"}]}"#,
            "start_time in 2024-06-01T00:00:00Z..2024-06-30T23:59:59Z",
        ),
        (
            r#"{"field":"completion_output","op":"contains","value":"any$words"}"#,
            r#"completion_output contains "any$words""#,
        ),
        (r#"{"field":"completion_output","op":"contains","value":"ALL"}"#, r#"completion_output contains "ALL""#),
        (r#"{"field":"completion_output","op":"contains","value":"anything"}"#, "completion_output contains anything"),
        (r#"{"field":"environment","op":"eq","value":"any$words"}"#, "environment = any$words"),
        (
            r#"{"or":[{"field":"completion_output","op":"contains","value":"any$x"},{"field":"completion_output","op":"contains","value":"b"}]}"#,
            r#"completion_output contains any ("any$x", b)"#,
        ),
        (r#"{"field":"latency","op":"gt","value":500}"#, "latency > 500s"),
        (r#"{"field":"latency","op":"gt","value":0.5}"#, "latency > 0.5s"),
        (r#"{"field":"latency","op":"gt","value":8.0}"#, "latency > 8.0"),
        (r#"{"field":"environment","op":"eq","value":"2024"}"#, "environment = 2024"),
        (r#"{"field":"environment","op":"eq","value":"“x”"}"#, r#"environment = "“x”""#),
        (r#"{"field":"environment","op":"eq","value":"x\u200by"}"#, r#"environment = "x\u200by""#),
        (r#"{"field":"environment","op":"eq","value":"x\u0007y"}"#, r#"environment = "x\u0007y""#),
        (r#"{"field":"environment","op":"eq","value":"gpt-*"}"#, r#"environment = "gpt-*""#),
        (
            r#"{"field":"trace_evaluation_results.Quality Score","op":"eq","value":"4"}"#,
            r#"trace_evaluation_results."Quality Score" = "4""#,
        ),
        (r#"{"field":"trace_evaluation_results.q","op":"eq","value":4}"#, "trace_evaluation_results.q = 4"),
        (
            r#"{"field":"session_custom_metadata.","op":"contains","value":""}"#,
            r#"session_custom_metadata."" contains """#,
        ),
    ] {
        let filter = Filter::from_json(json).unwrap();
        let raised = Compiler::new().raise(&filter).unwrap().to_string();
        assert_eq!(raised, query, "{json}");
        assert_eq!(Compiler::new().compile(&raised).unwrap().filter, filter, "{json}");
    }
}

#[test]
fn inexpressible_filters_are_rejected_with_a_pointer() {
    for (json, pointer, message) in [
        (r#"{"field":"nope","op":"eq","value":1}"#, "/field", "cannot be expressed as a query: unknown field `nope`"),
        (
            r#"{"field":"env","op":"eq","value":"a"}"#,
            "/field",
            "cannot be expressed as a query: `env` is an alias, not a name of the API",
        ),
        (
            r#"{"field":"meta.a","op":"contains","value":"a"}"#,
            "/field",
            "cannot be expressed as a query: `meta.a` is an alias, not a name of the API",
        ),
        (
            r#"{"and":[{},{"field":"model","op":"contains","value":"a"}]}"#,
            "/and/1/op",
            "cannot be expressed as a query: `model` does not take `contains`",
        ),
        (
            r#"{"not":{"field":"cost","op":"eq","value":"much"}}"#,
            "/not/value",
            "cannot be expressed as a query: `cost` takes an amount in US dollars, but this is the string `much`",
        ),
        (
            r#"{"field":"cost","op":"eq","value":"1"}"#,
            "/value",
            "cannot be expressed as a query: `cost` takes an amount in US dollars, but this is the string `1`",
        ),
        (
            r#"{"field":"environment","op":"eq","value":2024}"#,
            "/value",
            "cannot be expressed as a query: `environment` takes a string, but this is the number 2024",
        ),
        (
            r#"{"field":"start_time","op":"gt","value":"2024-06-01"}"#,
            "/value",
            "cannot be expressed as a query: `start_time` takes a time, but this is the string `2024-06-01`",
        ),
        (
            r#"{"field":"session_custom_metadata","op":"contains","value":"a"}"#,
            "/field",
            "cannot be expressed as a query: `session_custom_metadata` needs a key",
        ),
    ] {
        let error = Compiler::new().raise(&Filter::from_json(json).unwrap()).unwrap_err();
        let [found] = error.diagnostics() else { panic!("{json}: {error}") };
        assert_eq!(
            (found.to_string().as_str(), &found.location),
            (message, &Location::Json(pointer.to_owned())),
            "{json}"
        );
    }
    let several = r#"{"or":[{"field":"nope","op":"eq","value":1},{"field":"model","op":"gt","value":"a"}]}"#;
    let error = Compiler::new().raise(&Filter::from_json(several).unwrap()).unwrap_err();
    assert_eq!(error.diagnostics().len(), 2);
}
