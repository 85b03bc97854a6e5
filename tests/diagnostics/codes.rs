//! The codes: each has an example, a message and a drawing, and its fixes work.

use std::collections::BTreeSet;

use freeplay_filter::diagnostic::Severity;
use freeplay_filter::jiff::tz::TimeZone;
use freeplay_filter::{Code, Compiler, Diagnostic, Filter, Limits, Parameters};

use super::common::case_files::MISTAKES;
use super::{assert_fixes_work, compiler, diagnostics, lines};

/// Returns an example of a code: its own, or one that the documentation cannot show.
fn wrong(code: Code) -> String {
    match code {
        Code::TooLong => "model = gpt-4o and cost > 1".to_owned(),
        Code::TooMany => "a = 1 b = 2 c = 3".to_owned(),
        Code::TooDeep => format!("{}model = a{}", "(".repeat(61), ")".repeat(61)),
        _ => code.wrong().unwrap().to_owned(),
    }
}

/// Returns the compiler for a code's examples.
fn setting(code: Code, query: &str) -> Compiler {
    let parameters = match code {
        Code::WrongValue if query.contains("cheap") => Parameters::new().with("min", "cheap"),
        Code::WrongValue => Parameters::new().with("min", 0.01),
        Code::UnusedParameter => Parameters::new().with("model", "gpt-4o"),
        Code::ParameterName if query.contains("my_model") => Parameters::new().with("my_model", "gpt-4o"),
        Code::ListParameter => Parameters::new().with("models", ["gpt-4o", "o1"]),
        _ => Parameters::new(),
    };
    let limits = match code {
        Code::TooLong => Limits { bytes: 20, ..Limits::default() },
        Code::TooMany => Limits { clauses: 2, ..Limits::default() },
        _ => Limits::default(),
    };
    let zone = if code == Code::RepeatedTime { TimeZone::get("Europe/Berlin").unwrap() } else { TimeZone::UTC };
    let compiler = compiler().parameters(parameters).limits(limits).zone(zone);
    match code {
        Code::NoClock => compiler.clock(|| None),
        Code::TextAfterValue => compiler.text_field("completion_output").unwrap(),
        _ => compiler,
    }
}

/// Whether the examples of a code are filters in JSON.
fn is_of_json(code: Code) -> bool {
    matches!(code, Code::InvalidJson | Code::UnexpectedJson | Code::DuplicateKey | Code::NotExpressible)
}

fn example(code: Code, text: &str) -> (String, Vec<Diagnostic>) {
    if is_of_json(code) {
        let read = Filter::from_json(text).and_then(|filter| compiler().raise(&filter));
        return match read {
            Ok(_) => (text.to_owned(), Vec::new()),
            Err(error) => (error.text().to_owned(), error.diagnostics().to_vec()),
        };
    }
    (text.to_owned(), diagnostics(&setting(code, text), text))
}

#[test]
fn every_code_has_examples_that_show_it() {
    for &code in Code::ALL {
        let wrong = wrong(code);
        let found: Vec<Code> = example(code, &wrong).1.iter().map(Diagnostic::code).collect();
        assert_eq!(found, [code], "{wrong}");
        let Some(right) = code.right() else {
            assert!(matches!(code, Code::TooLong | Code::TooMany | Code::TooDeep), "{code} has no example");
            continue;
        };
        let corrected = example(code, right).1;
        let others: Vec<&Diagnostic> =
            corrected.iter().filter(|found| found.severity == Severity::Error || found.code() == code).collect();
        assert!(others.is_empty(), "{code}: {right}\n{others:?}");
    }
}

#[test]
fn severities_match_the_reference() {
    for &code in Code::ALL {
        let found = example(code, &wrong(code)).1;
        assert_eq!(found[0].severity, code.severity(), "{code}");
        assert_eq!(Code::from_name(code.as_str()), Some(code));
    }
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}

/// The text that the diagnostic of each example underlines.
const UNDERLINED: &[(Code, &str)] = &[
    (Code::ExpectedOperator, "model"),
    (Code::ExpectedValue, ">"),
    (Code::ExpectedClause, "and"),
    (Code::Unexpected, ","),
    (Code::UnknownOperator, "=>"),
    (Code::LoneMinus, "-"),
    (Code::EmptyGroup, "()"),
    (Code::Unclosed, "("),
    (Code::Unopened, ")"),
    (Code::UnclosedQuote, "\""),
    (Code::AdjoiningQuote, "\"gpt\"-4o"),
    (Code::UnknownEscape, "\\d"),
    (Code::ExpectedList, "gpt-4o"),
    (Code::UnexpectedList, "(gpt-4o, gpt-4o-mini)"),
    (Code::UnexpectedRange, "\"0.01\"..\"0.05\""),
    (Code::EmptyList, "()"),
    (Code::MalformedList, "gpt-4o-mini"),
    (Code::IncompleteBetween, "between 1"),
    (Code::EndlessRange, ".."),
    (Code::KeywordAsValue, "and"),
    (Code::ParameterName, "$my-model"),
    (Code::MixedImplicitAnd, "env = prod model = a"),
    (Code::MixedAndOr, "env = prod and model = a"),
    (Code::JsonAsQuery, "{\"field\": \"cost\", \"op\": \"gt\", \"value\": 1}"),
    (Code::CurlyQuotes, "“gpt-4o”"),
    (Code::InvisibleCharacter, "\u{200B}"),
    (Code::TooLong, ""),
    (Code::TooDeep, "("),
    (Code::TooMany, "c = 3"),
    (Code::UnknownField, "modle"),
    (Code::MissingKey, "session_custom_metadata"),
    (Code::UnexpectedKey, "model.name"),
    (Code::UnsupportedOperator, "="),
    (Code::UnlistedOperator, "between"),
    (Code::InvalidNumber, "cheap"),
    (Code::NumberRange, "1e400"),
    (Code::WrongUnit, "500ms"),
    (Code::InvalidDuration, "5parsecs"),
    (Code::AssumedSeconds, "500"),
    (Code::InvalidUuid, "42"),
    (Code::InvalidTime, "01/06/2024"),
    (Code::NoSuchTime, "2024-02-30"),
    (Code::RepeatedTime, "2024-10-27T02:30"),
    (Code::TimeRange, "now-9999y"),
    (Code::NoClock, "now-7d"),
    (Code::FractionalSecond, "2024-06-01T00:00:00.5Z"),
    (Code::Wildcard, "gpt-*"),
    (Code::RegularExpression, "/refund.*/"),
    (Code::ExistenceTest, "null"),
    (Code::WrongValue, "$min"),
    (Code::MissingParameter, "$model"),
    (Code::UnusedParameter, ""),
    (Code::ListParameter, "$models"),
    (Code::TextEquality, "good"),
    (Code::ReversedRange, "5..1"),
    (Code::SingleInstant, "now-7d"),
    (Code::ThreeDots, "..."),
    (Code::Contradiction, "cost < 3"),
    (Code::Tautology, "model = a"),
    (Code::DuplicateClause, "model = a"),
    (Code::DuplicateValue, "gpt-4o"),
    (Code::NoWords, "\"?!\""),
    (Code::PartOfWord, "refun-"),
    (Code::MinusInValue, "-refund"),
    (Code::DoubtfulValue, "{{model}}"),
    (Code::TextAfterValue, "staging"),
    (Code::CommentAfterClause, "#123"),
];

#[test]
fn spans_cover_the_problem() {
    let covered: Vec<Code> = UNDERLINED.iter().map(|(code, _)| *code).collect();
    let all: Vec<Code> = Code::ALL.iter().copied().filter(|code| !is_of_json(*code)).collect();
    let missing: Vec<&Code> = all.iter().filter(|code| !covered.contains(code)).collect();
    assert!(covered == all, "UNDERLINED needs a row for each code, in the order of the table; missing: {missing:?}");
    for &(code, underlined) in UNDERLINED {
        let (text, found) = example(code, &wrong(code));
        let [found] = found.as_slice() else { panic!("{code}") };
        let slice = found.span().unwrap().of(&text);
        assert_eq!(slice, underlined, "{code}");
        // For a diagnostic about the second of two equal parts, the second one.
        if matches!(code, Code::DuplicateClause | Code::DuplicateValue | Code::Tautology) {
            assert_eq!(found.span().unwrap().start(), text.rfind(underlined).unwrap(), "{code}");
        }
    }
}

/// The diagnostics of examples that cannot be in the file of mistakes: they need settings, low limits or JSON.
const LINES: &[(Code, &str)] = &[
    (Code::TooLong, "1:1: error[too-long]: the query is longer than 20 bytes; the application can raise this limit"),
    (Code::TooDeep, "1:61: error[too-deep]: nested deeper than 60 levels; flatten the groups, or split the query"),
    (Code::TooMany, "1:13: error[too-many]: more than 2 clauses; the application can raise this limit"),
    (Code::NumberRange, "1:8: error[number-range]: the number `1e400` is out of range"),
    (
        Code::RepeatedTime,
        "1:14: error[repeated-time]: `2024-10-27T02:30 (+02 or +01)` is ambiguous: it occurs twice when clocks go back in \
            Europe/Berlin; say which one is meant with an offset, as in 2024-10-27T02:30+02:00",
    ),
    (Code::TimeRange, "1:14: error[time-range]: `now-9999y` is outside the years 1 to 9999"),
    (
        Code::NoClock,
        "1:14: error[no-clock]: `now-7d` is relative to the current time, which is not available here; write an \
            absolute time, as in 2024-06-01T12:00Z",
    ),
    (
        Code::WrongValue,
        "1:8: error[wrong-value]: `cost` takes an amount in US dollars, but `$min` is a string; pass it as a number",
    ),
    (
        Code::MissingParameter,
        "1:9: error[missing-parameter]: the parameter `$model` has no value; put a string that begins with `$` in \
            quotes",
    ),
    (Code::UnusedParameter, "1:1: error[unused-parameter]: the parameter `$model` is not used"),
    (
        Code::ListParameter,
        "1:9: error[list-parameter]: the parameter `$models` is a list; use lists with `in` and `contains any`",
    ),
    (
        Code::TextAfterValue,
        "1:23: warning[text-after-value]: `staging` is searched for as text; it is not part of the value before it; \
            repeat the field: `environment = staging` or to search for it as text, put it in quotes",
    ),
    (Code::InvalidJson, "1:10: error[invalid-json]: this is not JSON: it ends where a value is expected"),
    (
        Code::UnexpectedJson,
        "/op: error[unexpected-json]: expected an operator: eq, gt, gte, lt, lte, contains or between, found `neq`; \
            write `{\"not\":{\"field\":\"cost\",\"op\":\"eq\",\"value\":1}}`",
    ),
    (Code::DuplicateKey, "error[duplicate-key]: duplicate key `value`"),
    (
        Code::NotExpressible,
        "/value: error[not-expressible]: cannot be expressed as a query: `cost` takes an amount in US dollars, but \
            this is the string `much`; write a number",
    ),
];

#[test]
fn every_code_has_its_message_in_a_case() {
    for &code in Code::ALL {
        match LINES.iter().find(|(shown, _)| *shown == code) {
            Some((_, line)) => {
                let (text, found) = example(code, &wrong(code));
                assert_eq!(lines(&text, &found), format!("{line}\n"));
            }
            None => {
                assert!(MISTAKES.contains(&format!("[{code}]: ")), "no query in tests/cases/mistakes.txt shows {code}")
            }
        }
    }
}

/// A drawing contains all texts of the diagnostic, and the text that it is about.
#[test]
fn every_code_is_drawn_in_full() {
    for &code in Code::ALL {
        let (text, found) = example(code, &wrong(code));
        let [found] = found.as_slice() else { panic!("{code}") };
        let drawn = found.render(&text, false);
        assert!(drawn.starts_with(&format!("{}[{code}]: {found}\n", found.severity)), "{drawn}");
        let help = found.help.iter().map(|help| format!("= help: {help}\n"));
        let labels = found.labels.iter().map(|label| format!(" {}\n", label.text));
        let fixes = found.fixes.iter().map(|fix| format!(": {}\n", fix.title));
        for part in help.chain(labels).chain(fixes) {
            assert!(drawn.contains(&part), "{part:?} is not in\n{drawn}");
        }
        if !matches!(code, Code::InvisibleCharacter) && found.span().is_some_and(|span| !span.of(&text).is_empty()) {
            assert!(drawn.contains(&format!("\n1 | {text}\n")), "{drawn}");
        }
    }
}

#[test]
fn fixes_of_every_code_work() {
    for &code in Code::ALL.iter().filter(|code| !is_of_json(**code)) {
        let wrong = wrong(code);
        assert_fixes_work(&setting(code, &wrong), &wrong);
    }
}

#[test]
fn explanations_are_sentences() {
    for code in Code::ALL {
        assert!(code.explanation().ends_with('.'), "{code}: {}", code.explanation());
    }
}
