//! Text without a field, with and without a text field.

mod common;

use freeplay_filter::diagnostic::Severity;
use freeplay_filter::span::Unit;
use freeplay_filter::{Applicability, Code, Compiled, Compiler, Diagnostic, Error};

fn compiler() -> Compiler {
    common::compiler().text_field("completion_output").unwrap()
}

fn compile(query: &str) -> Compiled {
    compiler().compile(query).unwrap_or_else(|error| panic!("{query}: {error}"))
}

fn json(query: &str) -> String {
    serde_json::to_string(&compile(query).filter).unwrap()
}

/// Returns the only error of a query, and the result of its edits.
fn rejected(query: &str) -> (Diagnostic, Vec<String>) {
    let error: Error = compiler().compile(query).map(|compiled| compiled.filter).expect_err(query);
    let errors: Vec<&Diagnostic> =
        error.diagnostics().iter().filter(|found| found.severity == Severity::Error).collect();
    let [found] = errors.as_slice() else { panic!("{query}: {error}") };
    ((*found).clone(), made(query, found))
}

fn made(query: &str, found: &Diagnostic) -> Vec<String> {
    found.fixes.iter().map(|fix| fix.apply(query)).collect()
}

/// Queries, and the equivalent clauses.
#[track_caller]
fn means(query: &str, clauses: &str) {
    let clauses = common::compiler().compile(clauses).unwrap();
    assert_eq!(compile(query).filter, clauses.filter, "{query}");
}

#[track_caller]
fn is_rejected(query: &str, code: Code, edits: &[&str]) {
    let (found, mut made) = rejected(query);
    if code == Code::UnknownField {
        // Fields and keys that the words may refer to come before.
        made.drain(..made.len() - 1);
    }
    assert_eq!((found.code(), made), (code, edits.iter().map(|edit| (*edit).to_owned()).collect()), "{query}: {found}");
    for edit in edits {
        assert!(compiler().compile(edit).is_ok(), "{edit}");
    }
}

#[track_caller]
fn is_warned_of(query: &str, edits: &[&str]) {
    let found = compile(query).warnings;
    let [found] = found.as_slice() else { panic!("{query}: {found:?}") };
    assert_eq!(
        (found.code(), made(query, found)),
        (Code::TextAfterValue, edits.iter().map(|edit| (*edit).to_owned()).collect()),
        "{query}"
    );
    assert!(found.fixes.iter().all(|fix| fix.applicability != Applicability::MachineApplicable));
    for edit in edits {
        let again = compile(edit).warnings;
        assert!(again.iter().all(|found| found.code() != Code::TextAfterValue), "{edit}: {again:?}");
    }
}

#[test]
fn text_is_searched_for_in_the_text_field() {
    assert_eq!(
        json(r#"env:prod refund -"timed out""#),
        concat!(
            r#"{"and":[{"field":"environment","op":"eq","value":"prod"},"#,
            r#"{"field":"completion_output","op":"contains","value":"refund"},"#,
            r#"{"not":{"field":"completion_output","op":"contains","value":"timed out"}}]}"#,
        )
    );
    means("refund", "output contains refund");
    means("not refund", "not output contains refund");
    means("refund (return or -policy)", "output ~ refund and (output ~ return or not output ~ policy)");
    means(r#""a" "b""#, "output ~ a output ~ b");
    means("5 now-7d user@x", r#"output ~ "5" output ~ "now-7d" output ~ "user@x""#);
    means("你好，世界", "output ~ 你好，世界");
    means(r#"a (b model in ("¬"))"#, r#"output ~ a (output ~ b model in ("¬"))"#);
    means("any all", r#"output ~ "any" output ~ "all""#);
    means("'last 7 days'", r#"output ~ "last 7 days""#);
    means(r#""cost" "like""#, "output ~ cost output ~ like");
}

#[test]
fn a_key_may_be_the_text_field() {
    let compiler = Compiler::new().text_field(r#"meta."user type""#).unwrap();
    let clause = compiler.compile(r#"meta."user type" contains premium"#).unwrap();
    assert_eq!(compiler.compile("premium").unwrap(), clause);
    let scores = Compiler::new().text_field("trace_eval.Quality").unwrap();
    for (text, clause) in [("5", "contains 5"), ("007", "contains 007"), ("\"5\"", "contains \"5\"")] {
        let clause = scores.compile(&format!("trace_eval.Quality {clause}")).unwrap();
        assert_eq!(scores.compile(text).unwrap().filter, clause.filter);
    }
}

#[test]
fn the_text_field_takes_contains() {
    for (name, code) in [
        ("cost", Code::UnsupportedOperator),
        ("model", Code::UnsupportedOperator),
        ("meta", Code::MissingKey),
        ("output.x", Code::UnexpectedKey),
        ("complection_output", Code::UnknownField),
        ("", Code::UnknownField),
    ] {
        let error = Compiler::new().text_field(name).unwrap_err();
        assert_eq!(error.diagnostics()[0].code(), code, "{name}");
    }
}

#[test]
fn without_a_text_field_text_is_an_error() {
    for query in ["refund", "env:prod -\"timed out\"", "a or b"] {
        assert!(Compiler::new().compile(query).is_err(), "{query}");
    }
}

#[test]
fn other_words_are_rejected() {
    is_rejected("x*", Code::Wildcard, &["x"]);
    is_rejected("*x*", Code::Wildcard, &["x"]);
    is_rejected("env:prod -gpt*", Code::Wildcard, &["env:prod -gpt"]);
    is_rejected("/x/", Code::RegularExpression, &["x"]);
    is_rejected("a:b:c", Code::UnknownField, &["\"a:b:c\""]);
    is_rejected("https://x", Code::UnknownField, &["\"https://x\""]);
    is_rejected("env:prod -error:timeout", Code::UnknownField, &["env:prod -\"error:timeout\""]);
    is_rejected("model＝a", Code::Unexpected, &["model=a"]);
    is_rejected("cost ≥ 5", Code::Unexpected, &["cost >= 5"]);
    is_rejected("$q", Code::Unexpected, &[]);
    is_rejected("don't refund", Code::Unexpected, &["\"don't\" refund"]);
    is_rejected("env:prod it's", Code::Unexpected, &["env:prod \"it's\""]);
    is_rejected("refund!", Code::Unexpected, &["\"refund!\""]);
    is_rejected("refund\"", Code::Unexpected, &["\"refund\""]);
    is_rejected(r#""a""b""#, Code::AdjoiningQuote, &["\"ab\"", r#""a" "b""#]);
    is_rejected(r#"refund a"b""#, Code::AdjoiningQuote, &["refund \"ab\"", r#"refund "a" "b""#]);
    is_rejected(r#"-"a"b"#, Code::AdjoiningQuote, &["-\"ab\""]);
}

#[test]
fn words_of_other_languages_need_quotes() {
    is_rejected("refund like policy", Code::Unexpected, &["\"refund like policy\""]);
    is_rejected("env:prod refund last 7 days", Code::Unexpected, &["env:prod \"refund last 7 days\""]);
    is_rejected("cost", Code::ExpectedOperator, &["\"cost\"", "cost >= $0.003"]);
    is_rejected("meta.tenant", Code::ExpectedOperator, &["\"meta.tenant\"", "meta.tenant contains premium"]);
    is_rejected(
        "start_time last 7 days",
        Code::ExpectedOperator,
        &["start_time >= now-7d", "\"start_time last 7 days\""],
    );
    for query in ["contains", "in", "between", "refund in transit", "refund contains"] {
        let error = compiler().compile(query).unwrap_err();
        let made: Vec<String> = error.diagnostics().iter().flat_map(|found| made(query, found)).collect();
        assert_eq!(made.last(), Some(&format!("\"{query}\"")), "{error}");
    }
}

#[test]
fn continuations_of_values_are_rejected() {
    for query in [
        "latency > 5 seconds",
        "start_time >= now -7d",
        "start_time > 2024-06-01 10:00",
        "start_time > 7 days ago",
        "cost > 5 USD",
        "latency in 1..5 minutes",
        "latency between 1 and 5 minutes",
        "cost in (1, 2) USD",
        "start_time in yesterday..now -1h",
    ] {
        let without = common::compiler().compile(query).unwrap_err();
        let with = compiler().compile(query).unwrap_err();
        assert_eq!(with, without, "{query}");
    }
}

#[test]
fn text_after_a_value_has_a_warning() {
    is_warned_of("model = gpt-4o or claude", &["model = gpt-4o or model = claude", "model = gpt-4o or \"claude\""]);
    is_warned_of("env = prod and not staging", &["env = prod and not env = staging", "env = prod and not \"staging\""]);
    is_warned_of("env = prod -staging", &["env = prod -\"staging\""]);
    is_warned_of("model = gpt 4o", &["model = \"gpt 4o\"", "model = gpt \"4o\""]);
    is_warned_of("model = gpt 4o mini", &["model = \"gpt 4o mini\"", "model = gpt \"4o\" \"mini\""]);
    is_warned_of(
        "output contains refund policy",
        &["output contains \"refund policy\"", "output contains refund \"policy\""],
    );
    is_warned_of("cost > 1 or 2", &["cost > 1 or \"2\""]);
    is_warned_of("latency in 1..5 refund", &["latency in 1..5 \"refund\""]);
    is_warned_of("cost in 1..5 or 7", &["cost in 1..5 or \"7\""]);
    for query in [
        "model:gpt-4o or claude",
        "model=gpt-4o claude",
        "model:gpt 4o",
        "env:prod and not staging",
        "env:prod -staging",
        "model = \"gpt\" 4o",
        "refund policy",
        "(env = prod) refund",
        "refund env = prod",
        "model = gpt \"4o\"",
        "model in (a, b) refund",
    ] {
        assert_eq!(compile(query).warnings, [], "{query}");
    }
}

#[test]
fn no_fix_is_machine_applicable_beside_such_text() {
    let is_applicable = |query: &str| {
        let error = compiler().compile(query).unwrap_err();
        let mut fixes = error.diagnostics().iter().flat_map(|found| &found.fixes);
        fixes.any(|fix| fix.applicability == Applicability::MachineApplicable)
    };
    assert!(is_applicable("model is a"));
    for query in [
        "model is a or b",
        "model ≠ a or b",
        "eq(model, a) or b",
        "cost at least $5 and at most $10",
        "SELECT * FROM x WHERE model = a or b",
        r#"{"filter": "model = a or b"}"#,
    ] {
        assert!(!is_applicable(query), "{query}");
    }
}

#[test]
fn misspelled_keywords_have_a_warning() {
    for (query, meant) in [
        ("nto model = a", "not model = a"),
        ("env:prod no model = a", "env:prod not model = a"),
        ("noot (env = prod or env = dev)", "not (env = prod or env = dev)"),
        ("env:prod adn model = a", "env:prod and model = a"),
    ] {
        let found = compile(query).warnings;
        assert_eq!(found.iter().map(Diagnostic::code).collect::<Vec<_>>(), [Code::DoubtfulValue], "{query}");
        assert_eq!(made(query, &found[0])[0], meant);
    }
    for query in ["no refund", "no", "model = a no", "nothing model = a", "\"no\" model = a"] {
        assert!(compile(query).warnings.iter().all(|found| found.code() != Code::DoubtfulValue), "{query}");
    }
}

#[test]
fn every_further_term_has_a_warning() {
    let found = compile("model = a or b or c").warnings;
    assert_eq!(found.len(), 2);
    assert_eq!(made("model = a or b or c", &found[1])[0], "model = a or b or model = c");
}

#[test]
fn other_errors_do_not_invalidate_text() {
    let query = "model = gpt 4o refund cost = abc";
    let (found, _) = rejected(query);
    assert_eq!(found.code(), Code::InvalidNumber);
    let (found, _) = rejected("refund \"timed out\" (env:prod");
    assert_eq!(found.code(), Code::Unclosed);
    let (found, _) = rejected("cost = abc refund");
    assert_eq!(found.code(), Code::InvalidNumber);
}

#[test]
fn text_is_checked_as_its_clause() {
    let codes = |query: &str| -> Vec<Code> { compile(query).warnings.iter().map(Diagnostic::code).collect() };
    assert_eq!(codes("refund refund"), [Code::DuplicateClause]);
    assert_eq!(codes("\"?!\""), [Code::NoWords]);
    assert_eq!(codes("refun-"), [Code::PartOfWord]);
    assert_eq!(codes("refund #123"), [Code::CommentAfterClause]);
    assert_eq!(codes("#refund #policy"), [Code::CommentAfterClause]);
    let dash = &compile("env:prod \u{2013}refund").warnings;
    assert_eq!(dash.iter().map(Diagnostic::code).collect::<Vec<_>>(), [Code::DoubtfulValue]);
    assert_eq!(made("env:prod \u{2013}refund", &dash[0]), ["env:prod -refund", "env:prod \"\u{2013}refund\""]);
    assert_eq!(codes("a\u{2013}b"), []);
    assert_eq!(codes("“refund”"), [Code::CurlyQuotes]);
    assert_eq!(codes("a and b or c"), [Code::MixedAndOr]);
    assert_eq!(codes("refund -refund"), [Code::Contradiction]);
    let mixed = &compile("model = a and b or cost > 1").warnings[0];
    assert_eq!((mixed.code(), mixed.fixes[0].applicability), (Code::MixedAndOr, Applicability::MaybeIncorrect));
    let limits = freeplay_filter::Limits { clauses: 2, ..freeplay_filter::Limits::default() };
    let error = compiler().limits(limits).compile("a b c").unwrap_err();
    assert_eq!(error.diagnostics()[0].code(), Code::TooMany);
}

#[test]
fn text_is_explained_and_raised_as_its_clause() {
    assert_eq!(
        compiler().explain("-\"timed out\"").unwrap().to_string(),
        "completion_output does not contain the words timed, out next to one another, in any letter case"
    );
    let filter = compile("env:prod refund").filter;
    assert_eq!(
        compiler().raise(&filter).unwrap().to_string(),
        "environment = prod and completion_output contains refund"
    );
    assert_eq!(
        compiler().parse("env:prod AND -\"x\"").unwrap().to_string(),
        "environment:prod and not \"x\"".replace("environment", "env")
    );
}

#[test]
fn text_is_highlighted_as_a_string() {
    use freeplay_filter::editor::TokenKind::{Field, Keyword, Operator, String, WhiteSpace};
    let kinds = |compiler: &Compiler, text: &str| -> Vec<_> {
        let tokens = compiler.highlight(text, Unit::Bytes);
        tokens.iter().map(|token| token.kind).filter(|kind| *kind != WhiteSpace).collect()
    };
    let text = "env:prod refund policy -\"timed out\" or model";
    assert_eq!(kinds(&compiler(), text), [Field, Operator, String, String, String, Keyword, String, Keyword, Field]);
    assert_eq!(kinds(&compiler(), "refund = x"), [Field, Operator, String]);
}

#[test]
fn completion_works_next_to_text() {
    let labels = |text: &str| -> Vec<String> {
        compiler().complete(text, text.len(), Unit::Bytes, &()).into_iter().map(|item| item.label).collect()
    };
    assert!(labels("refund ").contains(&"and".to_owned()) && labels("refund ").contains(&"model".to_owned()));
    assert!(labels("refund mod").contains(&"model".to_owned()));
    assert!(labels("model ").contains(&"=".to_owned()) && !labels("model ").contains(&"and".to_owned()));
    assert!(labels("(refund ").contains(&")".to_owned()));
}

/// Parentheses around text are no part of it.
#[test]
fn curly_quotes_in_parentheses_are_reported() {
    let text = "(“x” or ( # why\n“y z”)) (‘w’)";
    let mut fixed = text.to_owned();
    let warnings = compile(text).warnings;
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    for warning in warnings.iter().rev() {
        assert_eq!(warning.code(), Code::CurlyQuotes);
        fixed = warning.fixes[0].apply(&fixed);
    }
    assert_eq!(fixed, "(\"x\" or ( # why\n\"y z\")) (\"w\")");
}
