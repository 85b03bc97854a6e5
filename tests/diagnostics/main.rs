//! Diagnostics of invalid and doubtful queries: the diagnostics of each code, how they are drawn, and
//! that their fixes work. The tests in this file are about several diagnostics of one query, and about levels.

mod any_text;
mod codes;
#[path = "../common/mod.rs"]
mod common;
mod drawing;
mod mistakes;
#[path = "../strategies/mod.rs"]
mod strategies;
#[path = "../targets/mod.rs"]
mod targets;
mod warnings;

use freeplay_filter::diagnostic::{Kind, Severity};
use freeplay_filter::{Code, Compiler, Diagnostic, Edit, Error, Fix, Level, Parameters};

use common::compiler;
use targets::edits::applied;

/// Returns all diagnostics of a query: its errors or its warnings.
fn diagnostics(compiler: &Compiler, query: &str) -> Vec<Diagnostic> {
    match compiler.compile(query) {
        Ok(compiled) => compiled.warnings,
        Err(error) => error.diagnostics().to_vec(),
    }
}

fn error(query: &str) -> Error {
    compiler().compile(query).unwrap_err()
}

/// Formats each diagnostic on a line.
fn lines(query: &str, found: &[Diagnostic]) -> String {
    found.iter().map(|found| found.to_line(query) + "\n").collect()
}

/// Draws the diagnostics as an error or a compiled query does.
fn render(query: &str, found: &[Diagnostic]) -> String {
    found.iter().map(|found| found.render(query, false)).collect::<Vec<_>>().join("\n")
}

fn codes(compiler: &Compiler, query: &str) -> Vec<&'static str> {
    diagnostics(compiler, query).iter().map(|found| found.code().as_str()).collect()
}

fn count(compiler: &Compiler, query: &str, kind: &Kind) -> usize {
    diagnostics(compiler, query).iter().filter(|found| found.kind == *kind).count()
}

/// Checks that every fix, applied alone, removes its diagnostic.
fn assert_fixes_work(compiler: &Compiler, query: &str) {
    for found in diagnostics(compiler, query) {
        let span = found.span().unwrap();
        assert!(query.get(span.range()).is_some(), "{query}: {span:?} does not fit it");
        for fix in &found.fixes {
            let fixed = fix.apply(query);
            assert_ne!(fixed, query, "{query}: {} changes nothing", fix.title);
            let (before, after) = (count(compiler, query, &found.kind), count(compiler, &fixed, &found.kind));
            assert!(after < before, "{query}\n{fixed}\n{}", lines(&fixed, &diagnostics(compiler, &fixed)));
        }
    }
}

/// Applies the first fix of every diagnostic, repeatedly.
fn fixed(compiler: &Compiler, query: &str) -> Option<String> {
    fixed_by(compiler, query, |_| true)
}

/// Applies the first fix of each diagnostic that `takes` accepts, repeatedly.
fn fixed_by(compiler: &Compiler, query: &str, takes: impl Fn(&Fix) -> bool) -> Option<String> {
    let mut text = query.to_owned();
    for _ in 0..6 {
        let found = diagnostics(compiler, &text);
        let fixes = found.iter().filter_map(|found| found.fixes.iter().find(|fix| takes(fix)));
        let mut edits: Vec<Edit> = fixes.flat_map(|fix| fix.edits.clone()).collect();
        if edits.is_empty() {
            break;
        }
        // Of overlapping fixes only the last is applied.
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
        let mut start = usize::MAX;
        edits.retain(|edit| {
            let fits = edit.span.end() <= start;
            start = if fits { edit.span.start() } else { start };
            fits
        });
        edits.reverse();
        text = applied(&text, &edits);
    }
    (text != query).then_some(text)
}

#[test]
fn levels_are_applied_by_code() {
    let query = "cost > 5 and cost < 3 and latency > 500";
    assert_eq!(codes(&compiler(), query), ["contradiction", "assumed-seconds"]);
    let allowed = compiler().level(Code::Contradiction, Level::Allow);
    assert_eq!(codes(&allowed, query), ["assumed-seconds"]);
    let denied = compiler().level(Code::Contradiction, Level::Deny);
    let error = denied.compile(query).unwrap_err();
    let severities: Vec<Severity> = error.diagnostics().iter().map(|found| found.severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Warning]);
    // The level of an error cannot be lowered.
    let error = compiler().level(Code::UnknownField, Level::Allow).compile("modle = a").unwrap_err();
    assert_eq!(error.diagnostics()[0].code(), Code::UnknownField);
}

#[test]
fn all_errors_are_reported_at_once() {
    let query = "modle = gpt-4o and cots > 1 and latency contains 5";
    assert_eq!(codes(&compiler(), query), ["unknown-field", "unknown-field", "unsupported-operator"]);
    assert_eq!(fixed(&compiler(), query).unwrap(), "model = gpt-4o and cost > 1 and latency = 5");
    // The fields of unreadable clauses are checked too, and those after them.
    let query = "modle is gpt-4o and cots => 1 and latancy > 5 sec and (env = prod";
    assert_eq!(
        codes(&compiler(), query),
        [
            "unknown-field",
            "unknown-operator",
            "unknown-field",
            "unknown-operator",
            "unknown-field",
            "invalid-duration",
            "unclosed",
        ],
    );
    // No diagnostic about a parameter that a broken clause uses.
    let given = compiler().parameters(Parameters::new().with("model", "a"));
    assert_eq!(codes(&given, "model is $model"), ["unknown-operator"]);
    assert_eq!(codes(&given, "modle = $model"), ["unknown-field"]);
}

#[test]
fn unused_parameters_have_a_level() {
    let compile = |level: Option<Level>| {
        let compiler = compiler().parameters(Parameters::new().with("model", "a").with("cost", 1));
        let compiler = level.into_iter().fold(compiler, |compiler, level| compiler.level(Code::UnusedParameter, level));
        compiler.compile("cost > $cost").map(|compiled| compiled.warnings_to_string())
    };
    let unused = |severity| format!("1:1: {severity}[unused-parameter]: the parameter `$model` is not used");
    for level in [None, Some(Level::Deny)] {
        assert_eq!(compile(level).unwrap_err().to_string(), unused("error"));
    }
    assert_eq!(compile(Some(Level::Warn)).unwrap(), unused("warning"));
    assert_eq!(compile(Some(Level::Allow)).unwrap(), "");
}

#[test]
fn diagnostics_are_data() {
    let query = "# ü\nmodle = \"é😀\" and cost > 5 USD";
    let error = compiler().compile(query).unwrap_err();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&error.to_json()).unwrap(),
        serde_json::json!([
            {
                "code": "unknown-field",
                "severity": "error",
                "message": "unknown field `modle`",
                "span": {
                    "start": 5, "end": 10, "line": 2, "column": 1, "end_line": 2, "end_column": 6,
                    "utf16_start": 4, "utf16_end": 9, "char_start": 4, "char_end": 9,
                },
                "labels": [],
                "help": null,
                "candidates": ["model"],
                "fixes": [{
                    "title": "did you mean `model`?",
                    "applicability": "machine-applicable",
                    "edits": [{
                        "span": {
                            "start": 5, "end": 10, "line": 2, "column": 1, "end_line": 2, "end_column": 6,
                            "utf16_start": 4, "utf16_end": 9, "char_start": 4, "char_end": 9,
                        },
                        "text": "model",
                    }],
                }],
            },
            {
                "code": "invalid-number",
                "severity": "error",
                "message": "`5 USD` is not a number",
                "span": {
                    "start": 33, "end": 38, "line": 2, "column": 25, "end_line": 2, "end_column": 30,
                    "utf16_start": 29, "utf16_end": 34, "char_start": 28, "char_end": 33,
                },
                "labels": [],
                "help": null,
                "candidates": [],
                "fixes": [{
                    "title": "write `$5`",
                    "applicability": "machine-applicable",
                    "edits": [{
                        "span": {
                            "start": 33, "end": 38, "line": 2, "column": 25, "end_line": 2, "end_column": 30,
                            "utf16_start": 29, "utf16_end": 34, "char_start": 28, "char_end": 33,
                        },
                        "text": "$5",
                    }],
                }],
            },
        ]),
    );
    assert_eq!(
        error.to_string(),
        "2:1: error[unknown-field]: unknown field `modle`; did you mean `model`?\n\
         2:25: error[invalid-number]: `5 USD` is not a number; write `$5`",
    );
}
