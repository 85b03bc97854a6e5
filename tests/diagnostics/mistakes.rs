//! Common mistakes: their diagnostics, and the queries that their fixes make of them.
//!
//! In tests/cases/mistakes.txt the lines of a query begin with `| `. They are followed by the diagnostics, one per
//! line; after `= `, the query after all machine-applicable fixes; after `? `, the query after the first fix of each
//! diagnostic if it is a different one, or after `_ ` if one of these contains a placeholder; and after `> `, the JSON
//! it compiles to. `\u{…}` is an invisible character. A section `## rule …` has what the rule of that name
//! reports.

use std::fmt::Write as _;

use freeplay_filter::{Applicability, Code, Diagnostic};

use super::common::case_files::{Case, MISTAKES, mistakes};
use super::{assert_fixes_work, compiler, diagnostics, fixed, fixed_by};

fn actual(query: &str) -> Vec<String> {
    let found = diagnostics(&compiler(), query);
    let mut lines: Vec<String> = found.iter().map(|found| found.to_line(query)).collect();
    let mut add = |mark: &str, text: &str| {
        lines.extend(text.lines().map(|line| format!("{mark} {line}")));
        let compiled = compiler().compile(text).ok();
        lines.extend(compiled.map(|compiled| format!("> {}", serde_json::to_string(&compiled.filter).unwrap())));
    };
    let sure = fixed_by(&compiler(), query, |fix| fix.applicability == Applicability::MachineApplicable);
    let likely = fixed(&compiler(), query);
    if let Some(sure) = &sure {
        add("=", sure);
    }
    if let Some(likely) = likely.filter(|likely| Some(likely) != sure.as_ref()) {
        let first = found.iter().filter_map(|found| found.fixes.first());
        let has_placeholders = first.into_iter().any(|fix| fix.applicability == Applicability::HasPlaceholders);
        add(if has_placeholders { "_" } else { "?" }, &likely);
    }
    lines
}

/// The file with the current results, written to the test's output folder for comparison.
fn rewritten() -> String {
    let mut out = String::new();
    let mut mistakes = mistakes().into_iter();
    let mut in_query = false;
    for line in MISTAKES.lines() {
        if line.is_empty() || line.starts_with("## ") || line.starts_with("| ") {
            writeln!(out, "{line}").unwrap();
        }
        let ends = in_query && !line.starts_with("| ");
        in_query = line.starts_with("| ");
        if ends {
            let rest = if line.is_empty() { out.pop() } else { None };
            for line in actual(&mistakes.next().unwrap().query) {
                writeln!(out, "{line}").unwrap();
            }
            out.extend(rest);
        }
    }
    out
}

/// What fixes write; they suggest nothing that the field would reject.
#[test]
fn fixes_are_valid_for_the_field() {
    for (query, expected) in [
        ("cost between 1 o 5", None),
        ("cost between 1 to 5", Some("cost in 1..5")),
        ("meta.a between last 7 days", None),
        ("cost:[1 O 2]", None),
        ("cost in [1 O 2]", None),
        ("cost:[1 TO 2]", Some("cost in 1..2")),
        ("model:[1 TO 2]", Some("model in (1, TO, 2)")),
        ("cost in cheap", None),
        ("cost in 1", Some("cost in (1)")),
        ("cost in last 7 days", None),
        ("model in 1-5", Some("model in (1-5)")),
        ("cost = 1 or x", None),
        ("cost = 1 or 2", Some("cost = 1 or cost = 2")),
        ("cost:{ TO 5}", None),
        ("latency:{1s TO 5}", Some("(latency > 1s and latency < 5)")),
        ("env => d", None),
        ("output => d", None),
        ("output === d", Some("output contains d")),
        ("output = x, y", Some("output contains any (x, y)")),
        ("model = a and > b", None),
        ("cost > 1 and < x", None),
        ("x < cost < 5", None),
        ("env < cost", None),
        ("start_time <= 7d", Some("start_time <= now-7d")),
        ("5 < cost", Some("cost > 5")),
        ("5 <= cost", Some("cost >= 5")),
        ("start_time > datetime(2024, 6, 1, 12, 30)", Some("start_time > 2024-06-01T12:30:00")),
        ("start_time > datetime(2024, 6, 1, 12, 30, 15)", Some("start_time > 2024-06-01T12:30:15")),
        ("cost > and", None),
        ("model = and", Some("model = \"and\"")),
        ("cost > <x>", None),
        ("model = <x>", Some("model = \"<x>\"")),
        ("model = \"C:\\bin\\files\"", Some("model = \"C:\\\\bin\\\\files\"")),
        ("cost > 1=2", None),
        ("session_id = a b", None),
        ("model = nul\u{200b}l", None),
        ("model = nul\u{200b}ls", Some("model = nulls")),
        // After `contains`, these would be part of the operator.
        ("output = any$words", Some("output contains \"any$words\"")),
        ("output = all", Some("output contains \"all\"")),
        ("output like any$x", Some("output contains \"any$x\"")),
        ("output.contains(any$x)", Some("output contains \"any$x\"")),
        ("output contains x or ALL$y", Some("output contains x or output contains \"ALL$y\"")),
        ("output contains /any/", Some("output contains \"any\"")),
        ("output contains %any%", Some("output contains \"any\"")),
        ("output contains an\u{200b}y$x", None),
        ("trace_eval.a = any$x", Some("trace_eval.a contains \"any$x\"")),
        // A minus after the colon does not negate.
        ("env:-a", Some("-env:a")),
        ("output:-refund", Some("-output:refund")),
        ("not env: -a", Some("not -env: a")),
        ("cost > 1 (env:-and)", Some("cost > 1 (-env:\"and\")")),
        ("!env:-a", Some("!env:\"-a\"")),
        ("-env:-a", Some("-env:\"-a\"")),
        ("eval.x:-good", Some("-eval.x:good")),
        ("output:-\"refund policy\"", Some("-output:\"refund policy\"")),
        ("-output:-\"refund policy\"", Some("-output:\"-refund policy\"")),
        ("model = a 10:00", None),
        ("(model in (a", Some("(model in (a))")),
        ("model in (a,", Some("model in (a)")),
        ("model in (", None),
        ("& & model = a", Some("model = a")),
        ("model = a||&&env = b", Some("model = a||env = b")),
        ("(//x\nmodel = a)", Some("( #x\nmodel = a)")),
    ] {
        assert!(!diagnostics(&compiler(), query).is_empty(), "{query}");
        assert_eq!(fixed(&compiler(), query).as_deref(), expected, "{query}");
    }
}

#[test]
fn long_lists_are_read_whole() {
    let values: Vec<String> = (0..200).map(|number| format!("m{number}")).collect();
    let list = values.join(", ");
    for query in [format!("model in ({list},)"), format!("model in ({})", values.join(" "))] {
        assert_eq!(fixed(&compiler(), &query), Some(format!("model in ({list})")), "{query}");
    }
}

#[test]
fn mistakes_have_the_expected_results() {
    let mistakes = mistakes();
    assert!(mistakes.len() >= 60, "{} mistakes", mistakes.len());
    let wrong: Vec<String> = mistakes
        .iter()
        .filter(|mistake| actual(&mistake.query) != mistake.expected)
        .map(|mistake| format!("{}: | {}\n{}\n", mistake.line, mistake.query, actual(&mistake.query).join("\n")))
        .collect();
    if !wrong.is_empty() {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes.txt");
        std::fs::write(&path, rewritten()).unwrap();
        panic!("other than in tests/cases/mistakes.txt, see {}:\n{}", path.display(), wrong.join("\n"));
    }
}

#[test]
fn fixes_of_mistakes_work() {
    for Case { query, .. } in mistakes() {
        assert_fixes_work(&compiler(), &query);
        if let Some(fixed) = fixed(&compiler(), &query) {
            let errors: Vec<Diagnostic> = match compiler().compile(&fixed) {
                Ok(_) => Vec::new(),
                Err(error) => error.diagnostics().to_vec(),
            };
            // The rest has no fix, as only its author knows what was meant.
            assert!(errors.iter().all(|found| found.fixes.is_empty()), "{query}\n{fixed}\n{errors:?}");
        }
    }
}

/// Signs of other keyboards and of mathematics, each with its replacement.
#[test]
fn lookalike_signs_are_replaced() {
    for (query, fixed_query) in [
        ("model＝a", "model=a"),
        ("model ≡ a", "model = a"),
        ("cost ≤ 5", "cost <= 5"),
        ("cost ⩽ 5", "cost <= 5"),
        ("cost ⩾ 5", "cost >= 5"),
        ("cost＞5", "cost>5"),
        ("cost＜5", "cost<5"),
        ("cost > 1 ∧ model = a", "cost > 1 and model = a"),
        ("cost > 1 ∨ model = a", "cost > 1 or model = a"),
        ("¬model = a", "not model = a"),
        // None in quotes.
        ("model＝\"it's＝x\" and env＝'＝'", "model=\"it's＝x\" and env='＝'"),
    ] {
        assert_eq!(fixed(&compiler(), query).as_deref(), Some(fixed_query), "{query}");
    }
}

#[test]
fn signs_before_a_name_are_replaced() {
    for (query, first) in [
        ("model = a ，env = b", "model = a and env = b"),
        ("model = a 、env = b", "model = a and env = b"),
        ("＂model＂ = a", "\"model\" = a"),
    ] {
        let found = diagnostics(&compiler(), query);
        assert_eq!(found[0].fixes[0].apply(query), first, "{query}");
        assert!(compiler().compile(&fixed(&compiler(), query).unwrap()).is_ok(), "{query}");
    }
}

#[test]
fn mixed_groups_are_parenthesized() {
    for (query, of_runs, of_alternatives) in [
        ("a = 1 b = 2 or c = 3", "(a = 1 b = 2) or c = 3", "a = 1 (b = 2 or c = 3)"),
        (
            "a = 1 b = 2 or c = 3 or d = 4 e = 5",
            "(a = 1 b = 2) or c = 3 or (d = 4 e = 5)",
            "a = 1 (b = 2 or c = 3 or d = 4) e = 5",
        ),
        ("a = 1 or b = 2 c = 3 or d = 4", "a = 1 or (b = 2 c = 3) or d = 4", "(a = 1 or b = 2) (c = 3 or d = 4)"),
    ] {
        let error = freeplay_filter::parse(query).unwrap_err();
        let [found] = error.diagnostics() else { panic!("{query}: {error}") };
        assert_eq!(found.code(), Code::MixedImplicitAnd, "{query}");
        let fixed: Vec<String> = found.fixes.iter().map(|fix| fix.apply(query)).collect();
        assert_eq!(fixed, [of_runs, of_alternatives], "{query}");
    }
}
