//! Queries with the filters that they compile to, and queries that are rejected, as data.

mod common;

use freeplay_filter::catalog::Catalog;
use freeplay_filter::filter::Op;
use freeplay_filter::{Code, Error, Filter, Level};
use serde_json::Value;

use common::case_files::{COMPILE, Case, FIELDS, FIELDS_REJECTED, REJECTED, cases};
use common::compiler;

/// The JSON schema of the API's filters, written from the API's reference.
fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(include_str!("schema/filter.schema.json")).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn compiles(text: &'static str) {
    let schema = schema();
    let cases = cases(text);
    assert!(cases.len() > 20);
    for Case { line, query, expected, .. } in cases {
        let [expected] = expected.as_slice() else { panic!("line {line}: one filter for a query") };
        let filter = match compiler().compile(&query) {
            Ok(compiled) => compiled.filter,
            Err(error) => panic!("line {line}: {query}\n{error}"),
        };
        // Compared as text, so that the kinds of numbers and the order of keys must be equal.
        assert_eq!(&serde_json::to_string(&filter).unwrap(), expected, "line {line}: {query}");
        let json = serde_json::to_value(&filter).unwrap();
        assert!(schema.is_valid(&json), "line {line}: {query}\n{json}");
        assert_eq!(Filter::from_json(expected).unwrap(), filter, "line {line}: {query}");
        round_trip(line, &query, &filter);
    }
}

/// Every case is also a case for the printer and for raising.
fn round_trip(line: usize, query: &str, filter: &Filter) {
    let parsed = freeplay_filter::parse(query).unwrap();
    for printed in [parsed.to_string(), parsed.pretty(), compiler().raise(filter).unwrap().to_string()] {
        let again = compiler().compile(&printed);
        assert_eq!(again.map(|compiled| compiled.filter).as_ref(), Ok(filter), "line {line}: {query}\n{printed}");
    }
    assert_eq!(freeplay_filter::parse(&parsed.pretty()).unwrap().pretty(), parsed.pretty(), "line {line}");
}

fn are_rejected(text: &'static str) {
    let cases = cases(text);
    assert!(cases.len() > 20);
    for Case { line, query, expected, .. } in cases {
        let error = match compiler().compile(&query) {
            Ok(compiled) => panic!("line {line}: {query}\n{:?}", compiled.filter),
            Err(error) => error,
        };
        assert_eq!(diagnostics(&error), expected, "line {line}: {query}\n{error}");
    }
}

/// Returns each diagnostic's code and the text of its span.
fn diagnostics(error: &Error) -> Vec<String> {
    let shown = error
        .diagnostics()
        .iter()
        .filter_map(|found| Some(format!("{}: {}", found.code(), found.span()?.of(error.text()))));
    shown.collect()
}

#[test]
fn queries_compile() {
    compiles(COMPILE);
}

#[test]
fn every_field_takes_its_operators() {
    compiles(FIELDS);
}

#[test]
fn queries_are_rejected() {
    are_rejected(REJECTED);
}

#[test]
fn every_field_rejects_other_operators() {
    are_rejected(FIELDS_REJECTED);
}

#[test]
fn every_field_has_its_cases() {
    for field in Catalog::builtin().fields() {
        let pattern = field.pattern();
        let section = format!("## {pattern}: ");
        let has_section = FIELDS.lines().any(|line| line.starts_with(&section));
        assert!(has_section, "fields.txt needs a section `{section}…` with each operator that the field takes");
        let start = pattern.strip_suffix('*').map_or_else(|| format!("{pattern} "), str::to_owned);
        // `between` can be written as two comparisons.
        let takes_all = Op::ALL.iter().all(|op| field.takes(*op) || *op == Op::Between);
        let has_case = takes_all || FIELDS_REJECTED.lines().any(|line| line.starts_with(&start));
        assert!(has_case, "fields_rejected.txt needs a query with an operator that `{pattern}` does not take");
    }
}

/// An operator that the guide does not list compiles with a warning, and is an error in strict mode.
#[test]
fn unlisted_operators() {
    for (query, fix) in [
        ("cost between 1 and 5", Some("cost in 1..5")),
        ("trace_id = 3c90c3cc-0d44-4b50-8888-8dd25736052a", None),
        ("prompt_version = v2", None),
        ("eval.Accuracy >= 0.8", None),
        ("client_eval.Parseable contains no", None),
    ] {
        let warnings = compiler().compile(query).unwrap().warnings;
        assert_eq!(warnings.len(), 1, "{query}");
        assert_eq!(warnings[0].code(), Code::UnlistedOperator);
        assert_eq!(warnings[0].fixes.first().map(|fix| fix.apply(query)).as_deref(), fix, "{query}");
        let error = compiler().strict(true).compile(query).unwrap_err();
        assert_eq!(error.diagnostics()[0].code(), Code::UnlistedOperator);
    }
    // Each clause gets a warning, but an operator with a list gets only one.
    for (query, count) in [
        ("cost between 1 and 2 or cost between 3 and 4", 2),
        ("cost between 1 and 2 or latency between 3s and 4s", 2),
        ("prompt_version in (v1, v2)", 1),
    ] {
        assert_eq!(compiler().compile(query).unwrap().warnings.len(), count, "{query}");
    }
    assert_eq!(compiler().strict(true).compile("cost in 1..5 and eval.q = 4").unwrap().warnings, []);
}

/// The number of warnings never hides later errors.
#[test]
fn warnings_never_hide_errors() {
    let many = "latency > 500 and ".repeat(1000);
    let error = compiler().compile(&format!("{many} modle = a")).unwrap_err();
    assert!(error.diagnostics().iter().any(|found| found.code() == Code::UnknownField));
    assert!(error.diagnostics().len() <= 50, "{}", error.diagnostics().len());
    let denied = compiler().level(Code::TextEquality, Level::Deny).compile(&format!("{many} eval.a = good"));
    assert!(denied.is_err());
}
