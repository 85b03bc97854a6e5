//! Nothing hangs, and nothing overflows a stack of 2 MiB, for input that is deeply nested, repetitive,
//! truncated or very long, both with the default limits and with limits raised as far as possible.
//!
//! In release mode the long texts have 10 MB; in debug mode they are shorter, as the code is slower.

mod common;
#[path = "targets/tokens.rs"]
mod tokens;

use std::cell::RefCell;
use std::fmt::Write;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};
use std::{hint, thread};

use common::case_files::{COMPILE, FIELDS, FIELDS_REJECTED, REJECTED, cases, filters, mistakes, ordinary};
use freeplay_filter::span::Unit;
use freeplay_filter::{Code, Compiler, Error, Filter, Limits, MAX_DEPTH, Query, parse};
use tokens::generated::Rule;
use tokens::scan;

/// The length of a long text in bytes.
const LONG: usize = if cfg!(debug_assertions) { 20_000 } else { 10_000_000 };
const TIME: Duration = Duration::from_secs(60);
const STACK: usize = 2 << 20;

const RAISED: Limits =
    Limits { bytes: 1 << 30, clauses: 1 << 30, values: 1 << 30, json_bytes: 1 << 30, filters: 1 << 30 };

thread_local! {
    /// The number of cases of a test so far, and the slowest ones.
    static CASES: RefCell<(usize, Duration, String)> = const { RefCell::new((0, Duration::ZERO, String::new())) };
}

/// Prints what hardening/run sums up, at the end of a test.
fn print_cases() {
    CASES.with_borrow(|(cases, longest, what)| println!("{cases} cases, the longest of {longest:.1?}: {what}"));
}

fn count(cases: usize, time: Duration, what: &str) {
    CASES.with_borrow_mut(|(sum, longest, slowest)| {
        *sum += cases;
        if time > *longest {
            *longest = time;
            what.clone_into(slowest);
        }
    });
}

/// Runs a function on a small stack and in bounded time. An overflow ends the whole process.
fn bounded<T: Send + 'static>(what: &str, run: impl FnOnce() -> T + Send + 'static) -> T {
    let start = Instant::now();
    let result = on_small_stack(what, run);
    count(1, start.elapsed(), what);
    result
}

fn on_small_stack<T: Send + 'static>(what: &str, run: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, is_done) = mpsc::channel();
    let running = thread::Builder::new().stack_size(STACK).spawn(move || {
        let result = run();
        let _ = done.send(());
        result
    });
    match is_done.recv_timeout(TIME) {
        Ok(()) | Err(RecvTimeoutError::Disconnected) => {
            running.unwrap().join().unwrap_or_else(|_| panic!("it panicked: {what}"))
        }
        Err(RecvTimeoutError::Timeout) => panic!("still running after {TIME:?}: {what}"),
    }
}

/// Returns the start of a text, and its length.
fn about(text: &str) -> String {
    format!("{:?}… of {} bytes", text.chars().take(60).collect::<String>(), text.len())
}

/// Runs a text through the whole pipeline and uses all results. Returns the error, under raised limits if the text
/// exceeds the default ones.
fn survive(text: &str) -> Option<Error> {
    let what = about(text);
    let text = text.to_owned();
    bounded(&what, move || {
        let error = compile(&text, Limits::default());
        if exceeds_limits(error.as_ref()) { compile(&text, RAISED) } else { error }
    })
}

fn compile(text: &str, limits: Limits) -> Option<Error> {
    let compiler = Compiler::new().limits(limits);
    hint::black_box(compiler.highlight(text, Unit::Utf16));
    hint::black_box(compiler.complete(text, text.len() / 2, Unit::Bytes, &()));
    // An invalid text is diagnosed when it is compiled.
    if scan::tokens(Rule::Query, text, MAX_DEPTH, usize::MAX).is_ok()
        && let Ok(query) = compiler.parse(text)
    {
        use_query(query);
    }
    match compiler.compile(text) {
        Ok(compiled) => {
            use_filter(&compiler, &compiled.filter);
            None
        }
        Err(error) => {
            use_error(&error);
            Some(error)
        }
    }
}

fn exceeds_limits(error: Option<&Error>) -> bool {
    has(error, Code::TooLong) || has(error, Code::TooMany)
}

fn use_query(query: Query) {
    hint::black_box((query.to_string(), query.pretty(), write_debug(&query)));
    assert!(query == query.clone());
    hint::black_box(query.into_owned().expr.without_spans());
}

fn use_filter(compiler: &Compiler, filter: &Filter) {
    assert!(*filter == filter.clone());
    assert!(filter.canonical() == *filter);
    hint::black_box(write_debug(filter));
    let json = serde_json::to_string(filter).unwrap();
    assert!(Filter::from_json_within(&json, &RAISED).unwrap() == *filter);
    hint::black_box(compiler.raise(filter).map(|query| query.to_string().len()).ok());
}

fn use_error(error: &Error) {
    assert!(*error == error.clone());
    hint::black_box((write_debug(error), error.to_json()));
    assert!(error.to_string().len() < 500_000);
    #[cfg(feature = "render")]
    hint::black_box(error.render(true));
}

/// Returns the length of the `Debug` output, without storing it.
fn write_debug(value: &impl std::fmt::Debug) -> usize {
    struct Length(usize);
    impl Write for Length {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            self.0 += text.len();
            Ok(())
        }
    }
    let mut length = Length(0);
    write!(length, "{value:?}").unwrap();
    length.0
}

fn has(error: Option<&Error>, code: Code) -> bool {
    error.is_some_and(|error| error.diagnostics().iter().any(|found| found.code() == code))
}

/// Constructs that add a level each time, with what closes them. Nesting up to the limit compiles; one more
/// level does not.
#[test]
fn recursive_constructs_stop_at_the_limit() {
    for (open, close) in [
        ("(", ")"),
        ("not ", ""),
        ("NOT\n", ""),
        ("!", ""),
        ("-(", ")"),
        ("not (", ")"),
        ("! ! (", ")"),
        ("(model = b or ", ")"),
        ("(model = b and ", ")"),
        ("model = b and (", ")"),
        ("model = b or (", ")"),
        ("not (model = b or ", ")"),
        ("model:b -(", ")"),
    ] {
        let levels_each = open.matches(['(', '!', '-']).count() + open.to_lowercase().matches("not").count();
        // Groups next to another part are a level even without parentheses.
        let far = if open.len() < 5 { 100_000 } else { (LONG / 10).min(100_000) };
        for levels in [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, MAX_DEPTH + far] {
            let count = levels / levels_each;
            let text = format!("{}model = a{}", open.repeat(count), close.repeat(count));
            let error = survive(&text);
            let too_deep = has(error.as_ref(), Code::TooDeep);
            if count * levels_each < MAX_DEPTH {
                assert!(error.is_none(), "{open:?} × {count}: {error:?}");
            } else if count * levels_each > MAX_DEPTH + 2 {
                assert!(too_deep, "{open:?} × {count}");
            }
            if matches!(open, "(" | "not " | "!") {
                assert_eq!(too_deep, levels > MAX_DEPTH, "{open:?} × {count}");
            }
            // Never closed, and closed too often.
            survive(&open.repeat(count));
            survive(&format!("model = a{}", close.repeat(count)));
            survive(&format!("{}model", open.repeat(count)));
        }
    }
    print_cases();
}

#[test]
fn unclosed_constructs_terminate() {
    for unit in [
        "(",
        "[",
        "{",
        "\"",
        "'",
        "“",
        "‘",
        "/",
        "/*",
        "<!--",
        "model in (",
        "model in (a,",
        "model in [",
        "meta.\"",
        "meta.'a",
        "model = \"",
        "model = '\\",
        "output contains any (",
        "cost in 1..",
        "cost between ",
        "cost between 1 and ",
        "model = (",
        "a:(",
        "((a ",
        "not(",
        "\"\\u",
        "$",
        "${",
        "{{",
    ] {
        survive(unit);
        survive(&unit.repeat(LONG / unit.len() / 10));
        survive(&format!("{unit}{}", "a ".repeat(LONG / 20)));
        survive(&format!("{}{unit}", "model = a ".repeat(LONG / 100)));
    }
    print_cases();
}

#[test]
fn long_runs_terminate() {
    for unit in [
        "not ",
        "-",
        "- ",
        "!",
        "! ",
        "\\",
        "#",
        "# ",
        "#\n",
        "\u{301}",
        "e\u{301}",
        "\u{200b}",
        "\u{202e}",
        "\u{feff}",
        "\u{a0}",
        "\u{2028}",
        "\r",
        "\r\n",
        "and ",
        "or ",
        "and or ",
        "&&",
        "||",
        ", ",
        "..",
        ". ",
        ": ",
        "= ",
        "== ",
        "~ ",
        "!~",
        "<> ",
        "* ",
        "*",
        "$ ",
        "$a ",
        "“",
        "” ",
        "’",
        "\"\" ",
        "'' ",
        "\"a\"",
        "a.“x y”.",
        "a",
        "a ",
        "a.",
        "a.\"b\".",
        "a=1 ",
        "a=1,",
        "a=1;",
        "a:1 or ",
        "a=1 and b=2 or ",
        "a=1 b=2 or ",
        "(a=1 b=2) or ",
        "(a=1 or b=2) ",
        "() ",
        "(a) ",
        "model = a ",
        "modle = a ",
        "model = a and ",
        "cost = x ",
        "cost > 1 and cost < 1 and ",
        "model like 'a' ",
        "model is null ",
        "model = a b ",
        "has:a ",
        "model = gpt-* ",
        "model = /a/ ",
        "model in (a) ",
        "model in () ",
        "model in (a,,b) ",
        "model in (a b) ",
        "meta.a:b ",
        "time = now-7d ",
        "latency > 500 ",
        "eval.a = \"x\" ",
        "cost in 5..1 ",
        "select ",
        "where ",
        "{\"and\":[",
        "日本",
        "👩‍👩‍👧",
        "\0",
        "\u{7f}",
        "model = a # c\n",
        "0",
        "1_",
        "1e",
        "0.",
        "-1",
        "9h",
        "9h9m",
        "2024-",
        "+1",
    ] {
        let count = LONG / unit.len();
        let clauses = unit.contains(['=', ':', '>', 'a']);
        let count = if clauses { count / 20 } else { count / 5 };
        survive(&unit.repeat(count));
        for (before, after) in [
            ("model = ", ""),
            ("model = \"", "\""),
            ("model in (", ")"),
            ("meta.", " = 1"),
            ("cost > ", ""),
            ("time > ", ""),
            ("latency > ", "s"),
            ("cost in 1..", ""),
            ("# ", "\nmodel = a"),
            ("(", ")"),
            ("trace_id = ", ""),
        ] {
            survive(&format!("{before}{}{after}", unit.repeat(count / 20)));
        }
    }
    print_cases();
}

#[test]
fn megabytes_of_one_character_terminate() {
    for char in (0..128_u8).map(char::from) {
        survive(&char.to_string().repeat(LONG));
    }
    print_cases();
}

/// Many kinds of diagnostics in a text of the maximum length: each drawing is small.
#[test]
fn many_diagnostics_in_a_long_text_are_drawn() {
    let most = if cfg!(debug_assertions) { 50_000 } else { Limits::default().bytes };
    for unit in
        ["modle = a ", "modle = a\n", "model = “a” ", "a=1 b=1 or ", "a=1 and b=1 or\n", "model = a b\t", "cost = é "]
    {
        let text = unit.repeat(most / unit.len());
        survive(&text);
        survive(&format!("{}{text}", "x".repeat(most / 2)));
    }
    print_cases();
}

/// Returns every prefix of a text, and the text with each character removed, doubled, and swapped with
/// the next one.
fn variations(text: &str) -> impl Iterator<Item = String> {
    text.char_indices().flat_map(move |(place, char)| {
        let (before, rest) = text.split_at(place);
        let after = &rest[char.len_utf8()..];
        let mut following = after.chars();
        let swapped = following.next().map(|next| format!("{before}{next}{char}{}", following.as_str()));
        [before.to_owned(), format!("{before}{after}"), format!("{before}{char}{char}{after}")]
            .into_iter()
            .chain(swapped)
    })
}

/// Compiles the variations of queries, and counts them.
fn survive_variations(queries: impl Iterator<Item = String> + Send + 'static) -> usize {
    let read = bounded("changes to the queries of the cases", || {
        let compiler = common::compiler();
        let mut read = 0;
        for query in queries {
            for text in variations(&query) {
                match compiler.compile(&text) {
                    Ok(compiled) => assert!(serde_json::to_string(&compiled.filter).is_ok(), "{text:?}"),
                    Err(error) => assert!(!error.to_string().is_empty(), "{text:?}"),
                }
                if let Ok(query) = parse(&text) {
                    assert_eq!(
                        parse(&query.to_string()).unwrap().expr.without_spans(),
                        query.expr.without_spans(),
                        "{text:?}"
                    );
                }
                read += 1;
            }
        }
        read
    });
    count(read - 1, Duration::ZERO, "");
    print_cases();
    read
}

#[test]
fn mutated_queries_terminate() {
    let step = if cfg!(debug_assertions) { 2 } else { 1 };
    let cases = [COMPILE, FIELDS, FIELDS_REJECTED, REJECTED].into_iter().flat_map(cases).map(|case| case.query);
    let read = survive_variations(cases.chain(ordinary().map(str::to_owned)).step_by(step));
    assert!(read > 10_000, "{read}");
}

/// In debug mode, only some of them.
#[test]
fn mutated_mistakes_terminate() {
    let step = if cfg!(debug_assertions) { 20 } else { 1 };
    let read = survive_variations(mistakes().into_iter().map(|case| case.query).step_by(step));
    assert!(read > 3_000, "{read}");
}

#[test]
fn mutated_json_terminates() {
    let read = bounded("changes to the JSON of the cases", || {
        let mut read = 0;
        let step = if cfg!(debug_assertions) { 4 } else { 1 };
        for json in filters().step_by(step) {
            for text in variations(&json) {
                match Filter::from_json(&text) {
                    Ok(filter) => assert!(serde_json::to_string(&filter).is_ok(), "{text:?}"),
                    Err(error) => assert!(!error.to_string().is_empty(), "{text:?}"),
                }
                read += 1;
            }
        }
        read
    });
    assert!(read > 10_000, "{read}");
    count(read - 1, Duration::ZERO, "");
    print_cases();
}

/// Parses JSON, with raised limits if it exceeds the default ones.
fn survive_json(text: &str) -> Option<Error> {
    let what = about(text);
    let text = text.to_owned();
    bounded(&what, move || {
        let _ = serde_json::from_str::<Filter>(&text).map_err(|error| error.to_string().len());
        let error = read(&text, &Limits::default());
        if exceeds_limits(error.as_ref()) { read(&text, &RAISED) } else { error }
    })
}

fn read(json: &str, limits: &Limits) -> Option<Error> {
    match Filter::from_json_within(json, limits) {
        Ok(filter) => {
            assert!(filter == filter.clone());
            hint::black_box((filter.canonical(), filter.depth(), write_debug(&filter)));
            assert!(Filter::from_json_within(&serde_json::to_string(&filter).unwrap(), &RAISED).unwrap() == filter);
            match Compiler::new().allow_unknown_fields(true).raise(&filter) {
                Ok(query) => use_query(query),
                Err(error) => use_error(&error),
            }
            None
        }
        Err(error) => {
            use_error(&error);
            Some(error)
        }
    }
}

#[test]
fn deep_json_stops_at_the_limit() {
    for (open, close, inner) in [
        (r#"{"not":"#, "}", "{}"),
        (r#"{"and":["#, "]}", "{}"),
        (r#"{"or":[{},"#, "]}", "{}"),
        (r#"{"and":["#, ",{}]}", "{}"),
        (r#"{"not":{"or":["#, "]}}", "{}"),
        ("[", "]", ""),
        (r#"{"a":"#, "}", "1"),
        (r#"{"filters":"#, "}", "{}"),
        (r#"{"field":"#, "}", "1"),
        (r#"{"value":["#, "]}", "1"),
    ] {
        for levels in [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, MAX_DEPTH + 100_000] {
            let error = survive_json(&format!("{}{inner}{}", open.repeat(levels), close.repeat(levels)));
            if open.contains("not") ^ open.contains("and") ^ open.contains("or") {
                assert_eq!(has(error.as_ref(), Code::TooDeep), levels > MAX_DEPTH, "{open} × {levels}");
                assert_eq!(error.is_some(), levels > MAX_DEPTH, "{open} × {levels}");
            } else {
                assert!(error.is_some(), "{open} × {levels}");
            }
            survive_json(&open.repeat(levels));
            survive_json(&close.repeat(levels));
            survive_json(&format!(
                r#"{{"field":"a","op":"eq","value":{}{}}}"#,
                open.repeat(levels),
                close.repeat(levels)
            ));
            survive_json(&format!(r#"{{"x":{}{inner}{}}}"#, open.repeat(levels), close.repeat(levels)));
        }
    }
    print_cases();
}

#[test]
fn long_and_wide_json_terminates() {
    let of = |value: &str| format!(r#"{{"field":"a","op":"eq","value":{value}}}"#);
    for unit in ["a", "9", "\\u0000", "\\\\", "/", "~", "é", "\u{301}", " ", "\\ud83d\\ude00"] {
        let long = unit.repeat(LONG / unit.len() / 2);
        survive_json(&of(&format!("\"{long}\"")));
        survive_json(&format!(r#"{{"field":"{long}","op":"eq","value":1}}"#));
        survive_json(&format!(r#"{{"field":"a","op":"{long}","value":1}}"#));
        survive_json(&format!(r#"{{"{long}":1}}"#));
        survive_json(&format!(r#"{{"and":[{{"{long}":1}}]}}"#));
    }
    for number in ["9", "0", "0.", "1e", "1e-", "-", "9.9"] {
        survive_json(&of(&format!("{number}{}", "9".repeat(LONG / 2))));
    }
    let many = |unit: &str| vec![unit; LONG / 10 / unit.len()].join(",");
    let filter = of("1");
    for text in [
        format!(r#"{{"and":[{}]}}"#, many("{}")),
        format!(r#"{{"or":[{}]}}"#, many(&filter)),
        format!(r#"{{"or":[{}]}}"#, many(r#"{"not":{"and":[]}}"#)),
        format!(r#"{{"field":"a","op":"between","value":[{}]}}"#, many("1")),
        format!("{{{}}}", many(r#""a":1"#)),
        format!("{{{}}}", many(r#""and":[]"#)),
        format!("[{}]", many("{}")),
        "\n".repeat(LONG / 2),
        format!("{}x", "\n".repeat(LONG / 2)),
        format!("{}{filter}", " ".repeat(LONG / 2)),
        format!("{filter}{}x", "\n ".repeat(LONG / 4)),
    ] {
        survive_json(&text);
    }
    print_cases();
}

/// An application may pass a value that is nested deeper than any text could be.
#[test]
fn deep_values_are_rejected() {
    use serde_json::{Map, Value, json};
    let object = |key: &str, value: Value| Value::Object(Map::from_iter([(key.to_owned(), value)]));
    for wrap in [
        &(|value| object("not", value)) as &dyn Fn(Value) -> Value,
        &|value| object("and", Value::Array(vec![json!({}), value])),
        &|value| Value::Array(vec![value]),
        &|value| object("value", value),
        &|value| object("unknown", value),
    ] {
        // Such a value can be neither cloned nor dropped on a small stack.
        let deep = || (0..100_000).fold(json!({}), |value, _| wrap(value));
        let tested =
            [("field".to_owned(), json!("a")), ("op".to_owned(), json!("between")), ("value".to_owned(), deep())];
        for whole in [deep(), object("or", Value::Array(vec![deep()])), Value::Object(Map::from_iter(tested))] {
            bounded("a deep value", move || {
                assert!(Filter::from_value(&whole).is_err());
                std::mem::forget(whole);
            });
        }
    }
    print_cases();
}

/// Applications may also build filters in loops over untrusted input.
#[test]
fn deep_filters_are_rejected_or_used() {
    bounded("a deep filter", || {
        let clause = || Filter::field("model").eq("a");
        let deep = (0..LONG / 10).fold(clause(), |filter, level| match level % 3 {
            0 => !filter,
            1 => filter & clause(),
            _ => clause() | filter,
        });
        assert!(serde_json::to_string(&deep).is_err());
        assert!(Compiler::new().raise(&deep).is_err_and(|error| has(Some(&error), Code::TooDeep)));
        assert!(deep.clone() == deep && deep.canonical() == deep);
        assert!(write_debug(&deep) < 100_000);
        #[cfg(feature = "matches")]
        assert!(deep.matches(&serde_json::json!({"model": "a"})).known().is_some());
        hint::black_box(deep.scoped(&clause()));
    });
    print_cases();
}
