//! The strict parser against the reader that answers users today.

use super::{Problem, SyntaxError, parse};
use crate::ast::{Clause, Expr};
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::{Limits, MAX_DEPTH};
use crate::span::Span;
use crate::{Compiler, Parameters};

#[path = "../../tests/grammar/texts.rs"]
mod texts;

use texts::Texts;

#[test]
fn it_agrees_with_the_tolerant_reader() {
    agree(1, 10_000);
}

/// `TEXTS=1000000 cargo test --lib syntax -- --ignored`
#[test]
#[ignore = "takes as long as it is told to"]
fn it_agrees_with_the_tolerant_reader_on_many_texts() {
    let number = |name| std::env::var(name).ok().and_then(|number: String| number.parse().ok());
    agree(number("SEED").unwrap_or(2), number("TEXTS").unwrap_or(100_000));
}

fn agree(seed: u64, count: u64) {
    let mut texts = Texts::new(seed);
    let mut accepted = 0;
    let mut rejected = 0;
    for _ in 0..count {
        match compare(&texts.next()) {
            Some(true) => accepted += 1,
            Some(false) => rejected += 1,
            None => {}
        }
    }
    println!("of {count} texts both accept {accepted} and reject {rejected}");
    assert!(accepted > count / 20 && rejected > count / 20, "{accepted} and {rejected} of {count}");
}

/// Whether both accept a text; none where they differ as they should.
fn compare(text: &str) -> Option<bool> {
    let limits = Limits::default();
    let tolerant = crate::parse::read(text, &limits, &Catalog::builtin());
    let errors: Vec<&Diagnostic> = tolerant.diagnostics.iter().filter(|found| found.is_error()).collect();
    // A byte order mark was a part of the first name.
    if text.starts_with('\u{feff}') {
        return None;
    }
    if let Ok(query) = parse(text, &limits) {
        for printed in [query.to_string(), query.pretty()] {
            let again = parse(&printed, &limits).map(|query| query.expr.without_spans());
            assert_eq!(again.as_ref(), Ok(&query.expr.clone().without_spans()), "{text:?}\n{printed:?}");
        }
    }
    // A curly quote inside a word is a character, and begins none; a key in curly quotes may hold spaces.
    let curly = text.contains(['“', '”', '‘', '’']);
    match parse(text, &limits) {
        Ok(query) if errors.is_empty() => {
            assert_eq!(query.expr, tolerant.query.expr, "{text:?}");
            assert_eq!(query.comments, tolerant.query.comments, "{text:?}");
            Some(true)
        }
        Ok(query) => {
            let text_alone = any(&query.expr, &|part| matches!(part, Expr::Text(_)));
            assert!(
                text_alone || curly || errors.iter().all(|error| is_for_the_checker(error)),
                "{text:?}\n{errors:?}"
            );
            None
        }
        Err(error) if errors.is_empty() => {
            let clause = |found: &dyn Fn(&Clause) -> bool| {
                any(&tolerant.query.expr, &|part| matches!(part, Expr::Clause(clause) if found(clause)))
            };
            let named = clause(&|clause| is_no_name(clause.field.span.of(text)));
            // `a!b = c`: a value ends before white space or a closing bracket.
            let touches = text.get(error.span.start()..).is_some_and(|rest| rest.starts_with(['!', '(']));
            // No value begins with a `#`, and none has two dots and a parameter in it, that of a range included.
            let end_of_range = text.contains("..#") || text.contains("..$");
            assert!(named || curly || touches || end_of_range, "{text:?}\n{error:?}");
            None
        }
        Err(_) => Some(false),
    }
}

/// What the grammar allows and a clause does not mean: it is found where names and types are known.
fn is_for_the_checker(error: &Diagnostic) -> bool {
    match error.code() {
        // `(1,500)`; a time of day after a date.
        Code::InvalidNumber | Code::InvalidTime => true,
        // `{model` is a name.
        Code::JsonAsQuery | Code::Unexpected => true,
        _ => false,
    }
}

/// The words of operators are no names, and no name begins with a dot.
fn is_no_name(field: &str) -> bool {
    field.starts_with('.') || ["in", "contains", "between"].iter().any(|word| word.eq_ignore_ascii_case(field))
}

fn any(expr: &Expr, found: &dyn Fn(&Expr) -> bool) -> bool {
    found(expr)
        || match expr {
            Expr::All(_) | Expr::Clause(_) | Expr::Text(_) => false,
            Expr::Not(_, part) => any(part, found),
            Expr::And(_, parts) | Expr::Or(_, parts) => parts.iter().any(|part| any(part, found)),
        }
}

#[test]
fn comments_are_found_between_the_tokens() {
    for (text, expected) in [
        ("", &[][..]),
        ("# one", &["# one"]),
        ("\u{feff}# one\na = b", &["# one"]),
        ("a#.\"b #\" = '# c' # one # two\r# three\n\n  #", &["# one # two", "# three", "#"]),
        ("a in (b, # one \"\n c#d) # '", &["# one \"", "# '"]),
    ] {
        let query = parse(text, &Limits::default()).unwrap();
        let comments: Vec<&str> = query.comments.iter().map(|comment| comment.span.of(text)).collect();
        assert_eq!(comments, expected, "{text:?}");
    }
}

#[test]
fn the_one_error_is_located() {
    for (text, problem, span) in [
        ("model = ", Problem::Unexpected, 8..8),
        (r#"model = "a\d\e""#, Problem::UnknownEscape { literal: Span::new(8, 15) }, 10..12),
        (r"meta.“\x” = 1", Problem::UnknownEscape { literal: Span::new(5, 13) }, 8..10),
        ("a = b (c = d e = f or g = h)", Problem::MixedImplicitAnd, 7..18),
        ("a = b c = d and e = f or g = h", Problem::MixedImplicitAnd, 0..11),
        ("a between 1 and 2 b = c or d = e", Problem::MixedImplicitAnd, 0..23),
    ] {
        let error = parse(text, &Limits::default()).unwrap_err();
        assert_eq!(error, SyntaxError { problem, span: Span::new(span.start, span.end) }, "{text}");
    }
    // A group of its own, and explicit words, mix nothing.
    for text in ["(a = b c = d) or e = f", "a = b and c = d or e = f", "a between 1 and 2 and b = c or d = e"] {
        assert!(parse(text, &Limits::default()).is_ok(), "{text}");
    }
}

#[test]
fn limits_are_exact() {
    let limits = Limits { bytes: 40, clauses: 3, values: 2, ..Limits::default() };
    let problem = |text: &str| parse(text, &limits).map(|_| ()).map_err(|error| error.problem);
    assert_eq!(problem(&" ".repeat(40)), Ok(()));
    assert_eq!(problem(&" ".repeat(41)), Err(Problem::TooLong));
    assert_eq!(problem("a = b c = d e"), Ok(()));
    assert_eq!(problem("a = b c = d e f"), Err(Problem::TooManyClauses));
    assert_eq!(problem("a in (b, c) and d contains any [e, f]"), Ok(()));
    assert_eq!(problem("a in (b, c, d)"), Err(Problem::TooManyValues));
}

/// Parentheses and negations count, and so do the groups that need no parentheses.
#[test]
fn depth_is_limited() {
    for (open, close, levels) in [
        ("(", ")", 1),
        ("not ", "", 1),
        ("!(", ")", 2),
        ("(a = b or ", ")", 1),
        ("(a = b or c = d and ", ")", 2),
        ("a = b or not (c = d and ", ")", 2),
    ] {
        for count in [MAX_DEPTH / levels - 1, MAX_DEPTH / levels + 1, 200_000] {
            let text = format!("{}a = b{}", open.repeat(count), close.repeat(count));
            let limits = Limits { bytes: usize::MAX, clauses: usize::MAX, ..Limits::default() };
            let run = move || parse(&text, &limits).map(|_| ()).map_err(|error| error.problem);
            // A stack of half a megabyte: what nests deeper than the limit must not use it.
            let result = std::thread::Builder::new().stack_size(1 << 19).spawn(run).unwrap().join().unwrap();
            let expected = if count * levels > MAX_DEPTH { Err(Problem::TooDeep) } else { Ok(()) };
            assert_eq!(result, expected, "{open} × {count}");
        }
    }
}

#[test]
fn text_is_printed_as_it_is_written_and_rejected_by_the_checker() {
    for text in ["refund", "env:prod and not \"timed out\"", "\"and\" or (a = b and 5)", "user@example.com now-7d"] {
        let query = parse(text, &Limits::default()).unwrap();
        let joined = text.replace("com now", "com and now");
        assert_eq!(query.to_string(), joined);
        let compiler = Compiler::new();
        let codes: Vec<Code> = compiler
            .lower(&query, &Parameters::new())
            .unwrap_err()
            .diagnostics()
            .iter()
            .map(Diagnostic::code)
            .collect();
        assert!(codes.contains(&Code::ExpectedOperator), "{text}: {codes:?}");
    }
}

/// What would be read as something else without its quotes keeps them.
#[test]
fn quotes_are_kept_where_they_are_needed() {
    for text in [
        r#""in" = 5"#,
        r#""Contains" = 5"#,
        r#""not" = 5"#,
        r#"".a" = 5"#,
        r##""#a" = 5"##,
        r#""-a" = 5"#,
        r#""“a" = 5"#,
        r##"a in 1.."#b""##,
        r#"a = "“b""#,
        r#"a contains "any""#,
        r#"a contains "all$b""#,
        r#""in""#,
        r##""#a" and "-b""##,
    ] {
        assert_eq!(parse(text, &Limits::default()).unwrap().to_string(), text);
    }
    for text in ["meta.in = 5", "Between.x = 5", "index = 5", "a = in"] {
        assert_eq!(parse(text, &Limits::default()).unwrap().to_string(), text);
    }
}
