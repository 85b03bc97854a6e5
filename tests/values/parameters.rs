//! Parameters, as values of each type.

use std::collections::{BTreeMap, HashMap};

use freeplay_filter::jiff::Timestamp;
use freeplay_filter::{Code, Compiler, Filter, Parameter, Parameters, Query, compile, parse};
use proptest::prelude::*;
use serde_json::json;

use super::{codes, strategies};

proptest! {
    #![proptest_config(strategies::config(2000))]

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
        ("cost > $p", Parameter::from("x"), "`$p` is a string", "pass it as a number"),
        (
            "latency > $p",
            Parameter::from("500"),
            "`$p` is a string",
            "pass it as a number of seconds, or as a string with its unit, such as `500ms`",
        ),
        (
            "start_time > $p",
            Parameter::from(5),
            "`$p` is a number",
            "pass it as an instant, or as a string, such as `2024-06-01T12:00:00Z`",
        ),
        ("model = $p", Parameter::from(0.5), "`$p` is a number", "pass it as a string"),
        ("model = $p", Parameter::from(at), "`$p` is an instant", "pass it as a string"),
        ("model in $p", lists, "`$p` is a list", "pass it as a string"),
        ("trace_eval.q = $p", Parameter::from(at), "`$p` is an instant", "pass it as a string or a finite number"),
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
    let compiler = super::common::compiler();
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
        ("trace_eval.q > $p", "0.8", "pass it as a number"),
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
