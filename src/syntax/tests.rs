//! Tests of the parser.

use super::{Problem, SyntaxError, parse};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::{Limits, MAX_DEPTH};
use crate::span::Span;
use crate::{Compiler, Parameters};

#[path = "../../tests/grammar/texts.rs"]
mod texts;

use texts::Texts;

/// A printed query is parsed as the same tree.
#[test]
fn printed_queries_are_parsed_as_the_same_tree() {
    let mut texts = Texts::new(1);
    let mut accepted = 0;
    for _ in 0..10_000 {
        let text = texts.next();
        let Ok(query) = parse(&text, &Limits::default()) else { continue };
        accepted += 1;
        for printed in [query.to_string(), query.pretty()] {
            let again = parse(&printed, &Limits::default()).map(|query| query.expr.without_spans());
            assert_eq!(again.as_ref(), Ok(&query.expr.clone().without_spans()), "{text:?}\n{printed:?}");
        }
    }
    assert!(accepted > 500, "{accepted}");
}

#[test]
fn comments_are_found_between_tokens() {
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
fn errors_have_a_position() {
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
    // A nested group, or explicit connectives, mix nothing.
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

/// Parentheses, negations, and groups without parentheses count.
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
            // With a stack of half a megabyte: deeper nesting must not use the stack.
            let result = std::thread::Builder::new().stack_size(1 << 19).spawn(run).unwrap().join().unwrap();
            let expected = if count * levels > MAX_DEPTH { Err(Problem::TooDeep) } else { Ok(()) };
            assert_eq!(result, expected, "{open} × {count}");
        }
    }
}

#[test]
fn text_is_printed_as_written() {
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

/// Strings that would be read differently without quotes keep them.
#[test]
fn necessary_quotes_are_kept() {
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
