//! Explanations of queries in plain English, and of why records match them.

#![cfg(feature = "matches")]

mod common;
mod strategies;

use freeplay_filter::{Compiler, Parameters};
use proptest::prelude::*;
use serde_json::json;

use strategies::results::{expr_on_results, result};
use strategies::{likely_expr, record, valid_expr};

fn compiler() -> Compiler {
    let parameters = Parameters::new().with("min", 2).with("models", ["o1", "o3"]);
    common::compiler().parameters(parameters)
}

fn explained(text: &str) -> String {
    // A parameter that is not used is an error.
    let compiler = if text.contains("$m") { compiler() } else { compiler().parameters(Parameters::new()) };
    compiler.explain(text).unwrap_or_else(|error| panic!("{error}")).to_string()
}

/// Values can neither inject a line nor control a terminal.
#[test]
fn values_cannot_inject_lines() {
    let query = r#"eval."a\nenvironment is \"prod\"\u001b[2J\u009b\u202e" = 1 and model = "b\nc\u2028""#;
    let explanation = compiler().parameters(Parameters::new()).explain(query).unwrap();
    let lines = [
        "all of these:",
        r#"  completion_evaluation_results.a\nenvironment is "prod"\u001b[2J\u009b\u202e is 1"#,
        r#"  model is "b\nc\u2028""#,
    ];
    assert_eq!(explanation.to_string(), lines.join("\n"));
    assert_eq!(explanation.lines[1].text, lines[1].trim_start());
}

#[test]
fn clauses_in_words() {
    for (text, words) in [
        ("", "everything"),
        ("*", "everything"),
        ("not *", "nothing"),
        ("env = prod", r#"environment is "prod""#),
        ("env:prod", r#"environment is "prod""#),
        ("env != prod", r#"environment is not "prod""#),
        ("not env = prod", r#"environment is not "prod""#),
        ("not env != prod", r#"not: environment is not "prod""#),
        ("not not env = prod", "not:\n  environment is not \"prod\""),
        ("cost >= $0.01", "cost is at least 0.01 US dollars"),
        ("cost < 1", "cost is less than 1 US dollar"),
        ("latency:1.5m", "latency is 90 seconds"),
        // Not inverted, since a record without a latency matches as well.
        ("not latency > 8s", "latency is not more than 8 seconds"),
        ("latency in 500ms..8s", "latency is from 0.5 seconds to 8 seconds"),
        ("latency in ..8s", "latency is at most 8 seconds"),
        ("cost between 1 and 2", "cost is from 1 US dollar to 2 US dollars"),
        ("cost not between 1 and 2", "cost is not from 1 US dollar to 2 US dollars"),
        ("model in (a, 'b c')", r#"model is one of "a", "b c""#),
        ("model not in (a, b)", r#"model is none of "a", "b""#),
        ("model in (a)", r#"model is "a""#),
        ("output ~ weather", "completion_output contains the word weather, in any letter case"),
        (
            "output !~ user@freeplay.ai",
            "completion_output does not contain the words user, freeplay, ai next to one another, in any letter case",
        ),
        (
            "input.topic contains any (sun, 'light rain')",
            "completion_inputs.topic contains at least one of the word sun; the words light, rain next to one another, \
             in any letter case",
        ),
        (
            "output not contains any (sun, rain)",
            "completion_output contains none of the word sun; the word rain, in any letter case",
        ),
        ("output contains '?!'", r#"completion_output contains "?!", which contains no word, in any letter case"#),
        ("trace_eval.'Quality Score' >= 5", "trace_evaluation_results.Quality Score is at least 5"),
        ("eval.k = yes", r#"completion_evaluation_results.k is "yes""#),
        ("time >= now-7d", "start_time is at or after 2024-03-24 12:00:00 UTC (now-7d)"),
        (
            "time = yesterday",
            "start_time is from 2024-03-30 00:00:00 UTC up to, but not at, 2024-03-31 00:00:00 UTC (yesterday)",
        ),
        ("time > 2024-03", "start_time is at or after 2024-04-01 00:00:00 UTC"),
        (
            "time = last-quarter",
            "start_time is from 2023-10-01 00:00:00 UTC up to, but not at, 2024-01-01 00:00:00 UTC (last-quarter)",
        ),
        ("time < 2024-W23", "start_time is before 2024-06-03 00:00:00 UTC (2024-W23)"),
        ("time >= 2024-06-01T10:00Z", "start_time is at or after 2024-06-01 10:00:00 UTC"),
        (
            "time in today-1w..now",
            "start_time is from 2024-03-24 00:00:00 UTC to 2024-03-31 12:00:00 UTC (today-1w, now)",
        ),
        (
            "cost > $min and model in $models",
            "all of these:\n  cost is more than 2 US dollars ($min)\n  model is one of \"o1\", \"o3\" ($models)",
        ),
        (
            "not (env = a or not (env = b and cost > 1))",
            "none of these:\n  environment is \"a\"\n  not all of these:\n    environment is \"b\"\n    cost is more than 1 US dollar",
        ),
    ] {
        assert_eq!(explained(text), words, "{text}");
    }
}

#[test]
fn errors_equal_those_of_compile() {
    let text = "modle = x and cost = abc";
    assert_eq!(Compiler::new().explain(text).unwrap_err(), Compiler::new().compile(text).unwrap_err());
}

#[test]
fn spans_identify_the_parts() {
    let text = "cost > 1 and (env = dev or not env = prod)";
    let why = Compiler::new().why(text, &json!({"cost": 2, "environment": "prod"})).unwrap();
    let seen: Vec<_> =
        why.lines.iter().map(|line| (line.span.of(text), line.holds.unwrap().known().unwrap())).collect();
    assert_eq!(
        seen,
        [
            (text, false),
            ("cost > 1", true),
            ("(env = dev or not env = prod)", false),
            ("env = dev", false),
            ("not env = prod", false),
        ]
    );
}

/// The reason is the record's value of each field, or why it is unknown.
#[test]
fn reasons_are_explained() {
    let completion = json!({
        "completion_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "completion_metadata": {"model": "gpt-4o", "environment": null, "start_time": "<string>"},
        "evaluation_results": {"auto_evaluations": {"a": 4, "b": {"score": 1}}, "human_labels": {"a": "good"}},
        "messages": [{"role": "assistant", "content": format!("{}\u{1b}[2J", "long ".repeat(20))}],
    });
    for (query, line) in [
        ("model = gpt-4o", r#"yes      model is "gpt-4o": it has "gpt-4o""#),
        ("env != prod", r#"yes      environment is not "prod": it has no value"#),
        ("cost > 1", "unknown  cost is more than 1 US dollar: results do not contain it"),
        ("provider = x", r#"unknown  provider is "x": the result has no `completion_metadata.provider`"#),
        ("agent = x", r#"unknown  agent_name is "x": a completion does not contain it"#),
        ("time < 2024", "unknown  start_time is before 2024-01-01 00:00:00 UTC: `<string>` is not a time"),
        ("latency > 1", "unknown  latency is more than 1 second: the result lacks its start or end time"),
        ("eval.a = 5", r#"no       completion_evaluation_results.a is 5: it has 4, "good""#),
        (
            "eval.b = 5",
            "unknown  completion_evaluation_results.b is 5: it is nested, and how the API compares that is not documented",
        ),
        (
            "output ~ long",
            r#"yes      completion_output contains the word long, in any letter case: it has "long long long long long long long long "…"#,
        ),
        ("*", "yes      everything"),
    ] {
        assert_eq!(Compiler::new().why(query, &completion).unwrap().to_string(), line, "{query}");
    }
    let many = json!({"model": ["a", "b\u{202e}", true, 4, 5], "cost": [1, {}]});
    let why = Compiler::new().why("model = x and cost > 1", &many).unwrap();
    assert_eq!(why.lines[1].reason.as_deref(), Some(r#"it has "a", "b\u202e", true, 2 more"#));
    let nested = "it is nested, and how the API compares that is not documented";
    assert_eq!(why.lines[2].reason, Some(format!("it has 1, and perhaps more: {nested}")));
}

#[test]
fn reasons_are_data() {
    let session = json!({"session_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a", "custom_metadata": {"a": 5}});
    let why = Compiler::new().why("meta.a ~ 5 and not model = x", &session).unwrap();
    assert_eq!(
        serde_json::to_value(&why.lines).unwrap(),
        json!([
            {"span": {"start": 0, "end": 28}, "depth": 0, "text": "all of these:", "holds": null},
            {
                "span": {"start": 0, "end": 10}, "depth": 1, "holds": true,
                "text": "session_custom_metadata.a contains the word 5, in any letter case", "reason": "it has 5",
            },
            {
                "span": {"start": 15, "end": 28}, "depth": 1, "holds": null,
                "text": "model is not \"x\"", "reason": "a session contains it only with its children",
            },
        ])
    );
    // Without a record there is neither.
    let told = serde_json::to_value(Compiler::new().explain("model = x").unwrap()).unwrap();
    assert_eq!(told, json!({"lines": [{"span": {"start": 0, "end": 9}, "depth": 0, "text": "model is \"x\""}]}));
}

proptest! {
    #![proptest_config(strategies::config(500))]

    /// The result for the whole query is that of its filter, and the result of each part is that of the part alone.
    #[test]
    fn results_equal_those_of_filters(
        (expr, record) in prop_oneof![
            (likely_expr().boxed(), record().boxed()),
            (expr_on_results().boxed(), result().boxed()),
        ],
    ) {
        let text = expr.to_string();
        let compiler = common::compiler();
        let why = compiler.why(&text, &record).unwrap();
        for line in &why.lines {
            let alone = compiler.compile(line.span.of(&text)).unwrap().filter;
            // Below `not:`, a line describes the negation of the part's text.
            if !why.to_string().contains("not:") {
                prop_assert_eq!(line.holds, Some(alone.matches(&record)), "{}\n{}", text, why);
            }
        }
        prop_assert_eq!(why.lines[0].holds, Some(compiler.compile(&text).unwrap().filter.matches(&record)), "{}", text);
    }

    /// Each clause has a line whose span is the clause.
    #[test]
    fn every_clause_has_a_line(expr in valid_expr()) {
        let text = expr.to_string();
        let told = Compiler::new().explain(&text).unwrap();
        prop_assert!(told.lines.iter().all(|line| line.holds.is_none() && !line.text.is_empty()));
        let operators = Compiler::new().highlight(&text, freeplay_filter::span::Unit::Bytes).into_iter().filter(|token| token.kind == freeplay_filter::editor::TokenKind::Field).count();
        let clauses = told.lines.iter().filter(|line| !line.text.ends_with(':') && !matches!(line.text.as_str(), "everything" | "nothing")).count();
        prop_assert_eq!(operators, clauses, "{}\n{}", text, told);
    }
}
