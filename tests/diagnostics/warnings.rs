//! Warnings about valid queries, and the queries that have none.

use freeplay_filter::{Code, Diagnostic};

use super::common::case_files::ordinary;
use super::{assert_fixes_work, compiler, diagnostics, fixed};

#[test]
fn ordinary_queries_have_no_warnings() {
    let queries: Vec<&str> = ordinary().collect();
    assert!(queries.len() >= 40, "{} queries", queries.len());
    for query in queries {
        let compiled = compiler().compile(query).unwrap_or_else(|error| panic!("{query}\n{error}"));
        assert!(compiled.warnings.is_empty(), "{query}\n{}", compiled.warnings_to_string());
    }
}

#[test]
fn contradictions() {
    for (query, underlined) in [
        ("cost > 5 and cost < 3", "cost < 3"),
        ("cost > 5 and cost < 5", "cost < 5"),
        ("cost >= 5 and cost < 5", "cost < 5"),
        ("cost in 1..2 and cost in 3..4", "cost in 3..4"),
        ("cost = 5 and cost > 6", "cost > 6"),
        ("cost = 5 and cost = 6", "cost = 6"),
        ("cost < 1 and env = prod and (model = a and cost > 2)", "cost > 2"),
        ("cost > 18446744073709551614 and cost < 18446744073709551614", "cost < 18446744073709551614"),
        ("cost >= 18446744073709551615 and cost <= 18446744073709551614", "cost <= 18446744073709551614"),
        ("model = a and model = b", "model = b"),
        ("model in (a, b) and model in (c, d)", "model in (c, d)"),
        ("cost in (1, 2) and cost in (3, 4)", "cost in (3, 4)"),
        ("cost >= 5 and cost > 5 and cost <= 5", "cost <= 5"),
        ("cost > 5 and cost >= 5 and cost <= 5", "cost <= 5"),
        ("model in (a, b) and model = c", "model = c"),
        ("model = a and not model = a", "model = a"),
        ("model != a and model = a", "model = a"),
        ("output contains a and not output contains a", "output contains a"),
        ("not not model = a and model = b", "model = b"),
        ("start_time >= 2024-06-01 and start_time < 2024-05-01", "start_time < 2024-05-01"),
        ("start_time > now-1d and start_time < now-7d", "start_time < now-7d"),
        ("start_time = 2024-05 and start_time = 2024-06", "start_time = 2024-06"),
        ("env = prod or (cost > 5 and cost < 3)", "cost < 3"),
        ("not (cost > 5 and cost < 3)", "cost < 3"),
    ] {
        let found = diagnostics(&compiler(), query);
        let [found] = found.as_slice() else { panic!("{query}: {found:?}") };
        assert_eq!(found.code(), Code::Contradiction, "{query}");
        let span = found.span().unwrap();
        assert_eq!(span.of(query), underlined, "{query}");
        assert!(span.start() > found.labels[0].span.start(), "{query}: the second is pointed at");
        assert_fixes_work(&compiler(), query);
    }
}

#[test]
fn tautologies() {
    for (query, underlined) in [
        ("model = a or not model = a", "model = a"),
        ("model != a or model != b", "model != b"),
        ("model not in (a, b) or model != c", "model != c"),
        ("cost > 1 or env = prod or not cost > 1", "cost > 1"),
        ("not cost > 5 or not cost < 3", "cost < 3"),
        ("not start_time < 2024-06 or not start_time > 2024-06", "start_time > 2024-06"),
    ] {
        let found = diagnostics(&compiler(), query);
        let [found] = found.as_slice() else { panic!("{query}: {found:?}") };
        assert_eq!((found.code(), found.span().unwrap().of(query)), (Code::Tautology, underlined), "{query}");
        assert_fixes_work(&compiler(), query);
    }
}

#[test]
fn duplicate_clauses_and_values() {
    for (query, code, fixed_query) in [
        ("model = a and env = b and model = a", Code::DuplicateClause, Some("model = a and env = b")),
        ("model = a or model = a", Code::DuplicateClause, Some("model = a")),
        ("model = a env = b env = b", Code::DuplicateClause, Some("model = a env = b")),
        ("not model = a and not model = a", Code::DuplicateClause, Some("not model = a")),
        ("model != a and not model = a", Code::DuplicateClause, Some("model != a")),
        ("cost > 1 and cost > 1.0", Code::DuplicateClause, Some("cost > 1")),
        ("model = a and (env = b or cost > 1) and model = a", Code::DuplicateClause, None),
        ("model in (a, b) or model in (a, b)", Code::DuplicateClause, Some("model in (a, b)")),
        ("model in (a) and model = a", Code::DuplicateClause, Some("model in (a)")),
        ("model = a or (env = b or model = a)", Code::DuplicateClause, Some("model = a or (env = b)")),
        ("model in (a, b, a)", Code::DuplicateValue, Some("model in (a, b)")),
        ("model in (a, \"a\")", Code::DuplicateValue, Some("model in (a)")),
        ("output contains any (refund, refund)", Code::DuplicateValue, Some("output contains any (refund)")),
    ] {
        let found = diagnostics(&compiler(), query);
        assert_eq!(found.iter().map(Diagnostic::code).collect::<Vec<_>>(), [code], "{query}");
        assert_eq!(fixed(&compiler(), query).as_deref(), fixed_query, "{query}");
        assert_fixes_work(&compiler(), query);
    }
}

#[test]
fn uncertain_cases_have_no_warning() {
    for query in [
        "cost >= 5 and cost <= 5",
        "cost > 3 and cost < 5",
        "cost in 1..5 and cost in 5..9",
        "cost > 3 and cost > 5",
        "cost > 3 or cost > 5",
        "cost < 1 or cost > 5",
        "cost < 1 or cost > 1",
        // A record without a cost fails the first two but matches the third.
        "cost > 1 or cost <= 1",
        "start_time < 2024-06 or start_time > 2024-05",
        "not cost > 1 and not cost <= 1",
        "cost > 5 and latency < 3s",
        "model = a or model = b",
        "model != a and model != b",
        "model = a and model != b",
        "model in (a, b) and model in (b, c)",
        "(model = a and env = x) or (model = b and env = x)",
        "model = a or (model = b and env = x)",
        "model in (a, b) or model in (a, c)",
        "cost > 1.2 and cost > 1.4",
        // The float may be the rounded value of a different integer.
        "cost > 9007199254740992 and cost > 9007199254740993.0",
        "output contains a and output contains b",
        "output contains a and not output contains b",
        "meta.a contains x and meta.b contains x",
        "trace_eval.a = 4 and trace_eval.b = 5",
        // It is not documented whether the API distinguishes these.
        "session_id = 3c90c3cc-0d44-4b50-8888-8dd25736052a and session_id = 3C90C3CC-0D44-4B50-8888-8DD25736052A",
        "start_time >= 2024-05 and start_time <= 2024-05",
        "not (model = a) or env = b",
        "* and * or *",
    ] {
        let warnings = diagnostics(&compiler(), query);
        let said: Vec<_> = warnings.iter().filter(|found| found.code() != Code::MixedAndOr).collect();
        assert!(said.is_empty(), "{query}\n{said:?}");
    }
}

/// The order of strings is defined by the API and not documented.
#[test]
fn unordered_bounds_are_not_compared() {
    let open = compiler().allow_unknown_fields(true);
    for query in ["size in 1..b or size < 5", "size in a..2 or size > 1", "size in a..b and size in c..d"] {
        assert_eq!(diagnostics(&open, query), [], "{query}");
    }
}
