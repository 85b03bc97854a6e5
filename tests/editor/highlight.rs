use freeplay_filter::editor::TokenKind::{self, *};
use freeplay_filter::span::Unit;
use freeplay_filter::{Compiler, Limits};

use super::compiler;

/// Returns the tokens without white space.
fn seen(text: &str) -> Vec<(&str, TokenKind)> {
    let tokens = compiler().highlight(text, Unit::Bytes).into_iter().filter(|token| token.kind != WhiteSpace);
    tokens.map(|token| (&text[token.range()], token.kind)).collect()
}

/// Returns each bracket with its partner, by their start offsets in bytes.
fn pairs(text: &str) -> Vec<(usize, Option<usize>)> {
    let tokens = compiler().highlight(text, Unit::Bytes);
    let place = |index: usize| tokens[index].start;
    let brackets = tokens.iter().filter(|token| token.kind == Bracket);
    brackets.map(|token| (token.start, token.partner.map(place))).collect()
}

#[test]
fn kinds_follow_the_field() {
    assert_eq!(
        seen("cost >= $0.01 && latency:500ms..8s OR not time = now-7d # why"),
        [
            ("cost", Field),
            (">=", Operator),
            ("$0.01", Number),
            ("&&", Keyword),
            ("latency", Field),
            (":", Operator),
            ("500ms", Number),
            ("..", Operator),
            ("8s", Number),
            ("OR", Keyword),
            ("not", Keyword),
            ("time", Field),
            ("=", Operator),
            ("now-7d", Time),
            ("# why", Comment),
        ]
    );
    assert_eq!(
        seen("time:last-month..2024-W23"),
        [("time", Field), (":", Operator), ("last-month", Time), ("..", Operator), ("2024-W23", Time)]
    );
    assert_eq!(
        seen(r#"meta."user type" not contains any ('a b', $x) -env != 2024"#),
        [
            ("meta", Field),
            (".", Punctuation),
            ("\"user type\"", Key),
            ("not", Operator),
            ("contains", Operator),
            ("any", Operator),
            ("(", Bracket),
            ("'a b'", String),
            (",", Punctuation),
            ("$x", Parameter),
            (")", Bracket),
            ("-", Keyword),
            ("env", Field),
            ("!=", Operator),
            ("2024", String),
        ]
    );
    // On scores, a quoted value is a string.
    assert_eq!(
        seen("eval.k in (4, \"4\", yes)")[4..10],
        [("(", Bracket), ("4", Number), (",", Punctuation), ("\"4\"", String), (",", Punctuation), ("yes", String)]
    );
    assert_eq!(
        seen("cost between 1 and 2")[1..],
        [("between", Operator), ("1", Number), ("and", Keyword), ("2", Number)]
    );
    assert_eq!(seen("evaluation_notes.content ~ x")[0], ("evaluation_notes.content", Field));
    // Dots in a string are not a range.
    assert_eq!(seen("model in (a..b)")[3], ("a..b", String));
    assert_eq!(seen("* or no.such"), [("*", Keyword), ("or", Keyword), ("no.such", Field)]);
}

/// A quote inside a name is not a dot, and a dot in quotes does not begin a key.
#[test]
fn quotes_inside_names_are_kept_whole() {
    for name in ["meta“.x”", "meta\".x\"", "meta‘.’x", "“meta.”x"] {
        let text = format!("{name} contains 😀");
        assert_eq!(seen(&text), [(name, Field), ("contains", Operator), ("😀", String)], "{text}");
    }
    assert_eq!(seen("meta.“x” ~ y")[..3], [("meta", Field), (".", Punctuation), ("“x”", Key)]);
    let tokens = compiler().highlight("meta“.x” ~ y", Unit::Bytes);
    assert_eq!(tokens.last().unwrap().range(), 15..16);
}

#[test]
fn unexpected_tokens_are_errors() {
    for (text, wrong) in [
        ("env is prod", "is"),
        ("cost => 1", "=>"),
        ("cost > 1 & env = prod", "&"),
        ("env = \"prod", "\"prod"),
        ("cost > 1, env = prod", ","),
        ("env = not", "not"),
        ("- env = prod", "-"),
    ] {
        let errors: Vec<_> = seen(text).into_iter().filter(|(_, kind)| *kind == Error).map(|(text, _)| text).collect();
        assert_eq!(errors, if wrong == "-" { vec![] } else { vec![wrong] }, "{text}");
    }
}

#[test]
fn brackets_have_partners() {
    assert_eq!(
        pairs("(a = 1 and (b in [c, d]))"),
        [(0, Some(24)), (11, Some(23)), (17, Some(22)), (22, Some(17)), (23, Some(11)), (24, Some(0))]
    );
    assert_eq!(pairs("((a = 1)"), [(0, None), (1, Some(7)), (7, Some(1))]);
    assert_eq!(pairs("a = 1)"), [(5, None)]);
    // The list is not closed; the bracket closes the group around it, as in the parser.
    assert_eq!(pairs("(a in (b and c = 1)"), [(0, Some(18)), (6, None), (18, Some(0))]);
}

#[test]
fn positions_are_in_the_requested_unit() {
    let text = "env = 'a😀' or (env = π)";
    for (unit, range, end) in [(Unit::Bytes, 14..16, 27), (Unit::Utf16, 12..14, 24), (Unit::Chars, 11..13, 23)] {
        let tokens = compiler().highlight(text, unit);
        let or = tokens.iter().find(|token| token.kind == Keyword).unwrap();
        assert_eq!(or.range(), range, "{unit:?}");
        let json = serde_json::json!({"kind": "keyword", "start": range.start, "end": range.end});
        assert_eq!(serde_json::to_value(or).unwrap(), json);
        let last = tokens.last().unwrap();
        let json = serde_json::json!({"kind": "bracket", "start": end - 1, "end": end, "partner": 8});
        assert_eq!(serde_json::to_value(last).unwrap(), json);
    }
}

#[test]
fn text_beyond_the_limit_is_one_error() {
    let of = |bytes| Compiler::new().limits(Limits { bytes, ..Limits::default() });
    assert_eq!(of(8).highlight("cost > 1", Unit::Bytes).len(), 5, "white space counts");
    let compiler = of(7);
    let kinds: Vec<_> =
        compiler.highlight("cost > 1", Unit::Bytes).into_iter().map(|token| (token.kind, token.range())).collect();
    assert_eq!(kinds, [(Error, 0..8)]);
    assert!(compiler.complete("cost > 1", 8, Unit::Bytes, &()).is_empty());
}
