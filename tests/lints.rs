//! What warnings claim about the records that a query matches is true.
#![cfg(feature = "matches")]
mod common;
mod strategies;

use std::collections::BTreeMap;

use freeplay_filter::ast::Expr;
use freeplay_filter::diagnostic::Kind;
use freeplay_filter::{Code, Compiled, Compiler, Diagnostic, Filter, Span, Truth, parse};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use strategies::results::result;
use strategies::{config, likely_group, record};

fn compile(text: &str) -> Compiled {
    common::compiler().compile(text).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

/// Whether a complete record matches.
fn known(filter: &Filter, record: &Value) -> bool {
    filter.matches(record).known().unwrap()
}

/// Returns the part of a group that contains a position.
fn part_at<'e>(parts: &'e [Expr<'static>], place: Span) -> &'e Expr<'static> {
    let covers = |part: &&Expr| part.span().start() <= place.start() && place.end() <= part.span().end();
    parts.iter().find(covers).unwrap()
}

/// Checks each warning of a flat group against the records, and counts them by code.
fn check(text: &str, records: &[Value], said: &mut BTreeMap<Code, usize>) {
    let query = parse(text).unwrap().into_owned();
    let (Expr::And(_, parts) | Expr::Or(_, parts)) = &query.expr else { panic!("{text}") };
    let finds = |expr: &Expr| {
        let filter: Filter = compile(&expr.to_string()).filter;
        records.iter().map(|record| known(&filter, record)).collect::<Vec<bool>>()
    };
    for warning in &compile(text).warnings {
        let second = part_at(parts, warning.span().unwrap());
        let first = warning.labels.first().map(|label| part_at(parts, label.span));
        let pair = || vec![first.unwrap().clone(), second.clone()];
        let is_so = match warning.code() {
            Code::Contradiction => finds(&Expr::And(Span::default(), pair())).iter().all(|found| !found),
            Code::Tautology => finds(&Expr::Or(Span::default(), pair())).iter().all(|found| *found),
            Code::DuplicateClause => finds(first.unwrap()) == finds(second),
            Code::ReversedRange => {
                let mut positive = second;
                while let Expr::Not(_, part) = positive {
                    positive = part;
                }
                let Expr::Clause(clause) = positive else { panic!("{text}") };
                let mut clause = clause.clone();
                clause.negated = false;
                finds(&Expr::Clause(clause)).iter().all(|found| !found)
            }
            _ => continue,
        };
        assert!(is_so, "{text}\n{warning}\n{records:?}");
        *said.entry(warning.code()).or_default() += 1;
    }
}

proptest! {
    #![proptest_config(config(4000))]

    #[test]
    fn warnings_are_true(group in likely_group(), records in vec(record(), 30)) {
        check(&group.to_string(), &records, &mut BTreeMap::new());
    }
}

proptest! {
    #![proptest_config(config(300))]

    /// Warnings that assume nothing about the number of values are also true for incomplete results: a
    /// contradiction never matches, and a tautology never fails.
    #[test]
    fn warnings_are_true_of_results(group in likely_group(), results in vec(result(), 10)) {
        let text = group.to_string();
        let query = parse(&text).unwrap().into_owned();
        let (Expr::And(_, parts) | Expr::Or(_, parts)) = &query.expr else { panic!("{text}") };
        let truths = |expr: &Expr| {
            let filter = compile(&expr.to_string()).filter;
            results.iter().map(|result| filter.matches(result)).collect::<Vec<Truth>>()
        };
        for warning in &compile(&text).warnings {
            let pair = || {
                let first = part_at(parts, warning.labels[0].span).clone();
                vec![first, part_at(parts, warning.span().unwrap()).clone()]
            };
            let is_so = match warning.kind {
                Kind::Contradiction { opposite: true, .. } => {
                    !truths(&Expr::And(Span::default(), pair())).contains(&Truth::True)
                }
                Kind::Tautology { opposite: true, .. } => !truths(&Expr::Or(Span::default(), pair())).contains(&Truth::False),
                Kind::DuplicateClause => truths(&pair()[0]) == truths(&pair()[1]),
                _ => continue,
            };
            prop_assert!(is_so, "{}\n{}\n{:?}", text, warning, results);
        }
    }
}

/// The property above is not vacuous: the generated groups have each of the warnings.
#[test]
fn warnings_are_generated() {
    let mut runner = TestRunner::deterministic();
    let mut said = BTreeMap::new();
    for _ in 0..2000 {
        let group = likely_group().new_tree(&mut runner).unwrap().current();
        check(&group.to_string(), &[json!({})], &mut said);
    }
    for code in [Code::Contradiction, Code::Tautology, Code::DuplicateClause, Code::ReversedRange] {
        assert!(said.get(&code).is_some_and(|&count| count >= 20), "{said:?}");
    }
}

fn lints(text: &str) -> Vec<Diagnostic> {
    let warnings = compile(text).warnings.into_iter();
    warnings.filter(|found| matches!(found.code(), Code::Contradiction | Code::Tautology)).collect()
}

/// Alternatives that cover all values still distinguish records with a value from those without.
#[test]
fn missing_values_are_considered() {
    let (with, without) = (json!({"latency": 5}), json!({}));
    for text in ["not latency >= 2 and not latency < 2", "not latency in 0..9 and not latency > 3"] {
        let filter = compile(text).filter;
        assert_eq!((known(&filter, &with), known(&filter, &without)), (false, true), "{text}");
        assert_eq!(lints(text), [], "{text}");
    }
    for text in ["latency >= 2 or latency < 2", "latency > 1 or latency < 5", "latency <= 5 or latency > 5"] {
        let filter = compile(text).filter;
        assert_eq!((known(&filter, &with), known(&filter, &without)), (true, false), "{text}");
        assert_eq!(lints(text), [], "{text}");
    }
}

/// The assumption that a record has at most one value is stated, but only where it is made.
#[test]
fn assumptions_are_stated() {
    let several = json!({"model": ["a", "b"]});
    for (text, opposite) in [
        ("model = a and model = b", false),
        ("model = a and not model = a", true),
        ("model != a or model != b", false),
        ("model = a or model != a", true),
    ] {
        let found = lints(text);
        let [found] = found.as_slice() else { panic!("{text}: {found:?}") };
        assert_eq!(found.to_string().contains("with at most one value of `model`"), !opposite, "{text}");
        let is_so = known(&compile(text).filter, &several) == matches!(found.kind, Kind::Tautology { .. });
        assert_eq!(is_so, opposite, "{text}");
    }
}

/// Each two of these lists have a common value, so no two of them contradict each other.
#[test]
fn lists_are_compared_pairwise() {
    let three = "model in (a, b) and model in (b, c) and model in (a, c)";
    assert_eq!(lints(three), []);
    let found = lints("model in (a, b) and model in (b, c) and model in (c, d)");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].labels[0].span.start(), 0, "the first and the third");
    assert_eq!(lints("model in (A, B) and model in (b, a)"), []);
}

/// A range is reversed by the values that are compared, in whatever unit or form they were written.
#[test]
fn reversed_ranges_are_reported() {
    let is_reported = |text: &str| compile(text).warnings.iter().any(|found| found.code() == Code::ReversedRange);
    for (lower, upper, field) in [
        ("5", "1", "cost"),
        ("$0.5", "$0.1", "cost"),
        ("5m", "1m", "latency"),
        ("1m", "5", "latency"),
        ("500", "1m", "latency"),
        ("1h", "59m", "latency"),
        ("5.5", "5.4", "latency"),
        ("1s", "999ms", "latency"),
        ("5", "1", "trace_evaluation_results.Quality"),
        ("2024-06", "2024-05", "start_time"),
        ("2024-06-02", "2024-06-01", "start_time"),
        ("today", "yesterday", "start_time"),
        ("now", "now-1d", "evaluation_notes.created_at"),
    ] {
        for (reversed, straight) in [
            (format!("{field} in {lower}..{upper}"), format!("{field} in {upper}..{lower}")),
            (format!("{field}:{lower}..{upper}"), format!("{field}:{upper}..{lower}")),
            (format!("{field} between {lower} and {upper}"), format!("{field} between {upper} and {lower}")),
            (format!("not {field} in {lower}..{upper}"), format!("not {field} in {upper}..{lower}")),
        ] {
            assert!(is_reported(&reversed), "{reversed}");
            assert!(!is_reported(&straight), "{straight}");
        }
    }
    assert!(!is_reported("start_time in yesterday..yesterday"));
    assert!(!is_reported("latency in 1m..60"));
}

/// The fixes of a range that is reversed only because a unit applies to one end.
#[test]
fn reversed_ranges_with_a_lone_unit_get_it_at_both_ends() {
    let fixed = |text: &str| {
        let warnings = compile(text).warnings;
        let [found] = warnings.as_slice() else { panic!("{warnings:?}") };
        assert_eq!(found.code(), Code::ReversedRange);
        found.fixes.iter().map(|fix| fix.apply(text)).collect::<Vec<_>>()
    };
    assert_eq!(fixed("latency in 1m..5"), ["latency in 1m..5m", "latency in 5..1m"]);
    assert_eq!(fixed("latency in 5m..1"), ["latency in 1..5m"]);
}

/// A list parameter has several values, and the warnings about the values after it stay at their places.
#[test]
fn values_after_a_list_parameter_keep_their_warnings() {
    let words = freeplay_filter::Parameters::new().with("words", ["refund", "policy"]);
    let compiler = Compiler::new().parameters(words);
    let query = r#"output contains any ($words, "?!")"#;
    let warnings = compiler.compile(query).unwrap().warnings;
    let found: Vec<(Code, &str)> =
        warnings.iter().map(|found| (found.code(), &query[found.span().unwrap().range()])).collect();
    assert_eq!(found, [(Code::NoWords, "\"?!\"")]);
}
