//! Formatting of queries: where lines break, and where comments are placed.

mod strategies;

use freeplay_filter::ast::{Clause, Expr, Predicate, Token};
use freeplay_filter::parse;
use proptest::prelude::*;

/// Each text and its formatted form. Formatting is idempotent.
const FORMS: &[(&str, &str)] = &[
    ("", "*"),
    ("  *  ", "*"),
    ("# nothing else", "# nothing else"),
    ("\n\n# one\n\n   # two\n", "# one\n# two"),
    ("# all\n*", "# all\n*"),
    ("MODEL=a AND   cost>1", "MODEL = a and cost > 1"),
    ("a==1&&!b:2||-c<>'x'", "(a = 1 and not b:2) or not c != \"x\""),
    ("((a = 1) and ((b = 2)))", "a = 1 and b = 2"),
    ("(a=1 and b=2) and c=3", "(a = 1 and b = 2) and c = 3"),
    ("a in [1,2 , 3]", "a in (1, 2, 3)"),
    ("a NOT IN ( 'x' )", "a not in (\"x\")"),
    ("a Contains ANY $words", "a contains any ($words)"),
    ("a BETWEEN 1 AND 2", "a between 1 and 2"),
    ("m.'x y'.z ~ \"\\u0041\"", "m.\"x y.z\" contains \"A\""),
    ("m.'not' ~ x and m.\"a-b\" ~ y", "m.not contains x and m.a-b contains y"),
    ("m.'a*' ~ x", "m.a* contains x"),
    ("m.'größe' ~ x and m.'a:b' ~ y", "m.größe contains x and m.\"a:b\" contains y"),
    // What would otherwise be read differently, or would be invisible, is quoted.
    ("a = \"“x”\"", "a = \"“x”\""),
    ("a = 'x\\u200by' or a = 'x\\u0007y'", "a = \"x\\u200by\" or a = \"x\\u0007y\""),
    // After `contains` it would be a list.
    (
        "a ~ any$x and a !~ ALL$y and a contains any",
        "a contains \"any$x\" and a not contains \"ALL$y\" and a contains \"any\"",
    ),
    // In a list it would be an error.
    ("a in ('b，c', d) and a = b，c", "a in (\"b，c\", d) and a = b，c"),
    ("a ~ any$* and a ~ anything", "a contains \"any$*\" and a contains anything"),
    ("a ~ 'any$x' and a contains 'all'", "a contains \"any$x\" and a contains \"all\""),
    ("start_time >= now-7d", "start_time >= now-7d"),
    ("a = 1 # why\nand b = 2", "a = 1  # why\nand b = 2"),
    ("a = 1 and # why\nb = 2", "a = 1  # why\nand b = 2"),
    ("# first\na = 1\n# second\nand b = 2\n# last", "# first\na = 1\n# second\nand b = 2\n# last"),
    ("a = # here\n 1", "# here\na = 1"),
    ("a in (1, # one\n2,\n# three\n3)", "a in (\n    1,  # one\n    2,\n    # three\n    3\n)"),
    ("a = 1 and (b = 2 # two\nor c = 3)", "a = 1\nand (\n    b = 2  # two\n    or c = 3\n)"),
    (
        "a = 1 and not ( # open\nb = 2 or c = 3 # close\n)",
        "a = 1\nand not (  # open\n    b = 2\n    or c = 3  # close\n)",
    ),
    ("a = 1 and not (b = 2 or c = 3\n# last\n)", "a = 1\nand not (\n    b = 2\n    or c = 3\n    # last\n)"),
    // Comments in parentheses that are not printed.
    ("(a = 1 and b = 2 # why\n)", "a = 1 and b = 2  # why"),
    ("( # open\na = 1 and b = 2)", "# open\na = 1 and b = 2"),
    ("a = 1 and (b = 2 # why\n)", "a = 1 and b = 2  # why"),
    ("(a = 1 # one\n) and ((b in (2, 3)) # two\n)", "a = 1  # one\nand b in (2, 3)  # two"),
    ("(not (a = 1 or b = 2) # why\n)", "not (a = 1 or b = 2)  # why"),
    ("(a in 1.. # why\n)", "a in 1..  # why"),
    ("(* # why\n)", "*  # why"),
    ("(refund # why\n) ((“x” # quoted\n))", "refund  # why\nand \"x\"  # quoted"),
    ("a = 'x#y' # why\nand b = 2", "a = \"x#y\"  # why\nand b = 2"),
    ("a in (1, 2\n# last\n)", "a in (\n    1,\n    2\n    # last\n)"),
    ("a in # why\n(1, # one\n2)", "# why\na in (\n    1,  # one\n    2\n)"),
    (
        "completion_output contains \"a rather long phrase\" and session_custom_metadata.user_type contains premium",
        "completion_output contains \"a rather long phrase\"\nand session_custom_metadata.user_type contains premium",
    ),
    (
        "env = prod and (completion_output contains \"a rather long phrase\" or session_custom_metadata.user_type:premium)",
        "env = prod\nand (\n    completion_output contains \"a rather long phrase\"\n    or session_custom_metadata.user_type:premium\n)",
    ),
    (
        "model in (gpt-4o, gpt-4o-mini, claude-3-opus, claude-3.5-sonnet, gemini-1.5-pro, llama-3)",
        "model in (\n    gpt-4o,\n    gpt-4o-mini,\n    claude-3-opus,\n    claude-3.5-sonnet,\n    gemini-1.5-pro,\n    llama-3\n)",
    ),
];

#[test]
fn formatted_queries() {
    for &(text, usual) in FORMS {
        assert_eq!(parse(text).unwrap().pretty(), usual, "{text}");
        assert_eq!(parse(usual).unwrap().pretty(), usual);
        assert_eq!(parse(usual).unwrap().expr.without_spans(), parse(text).unwrap().expr.without_spans(), "{text}");
    }
}

/// A line is broken if it would have more than 80 characters, including what precedes a part.
#[test]
fn lines_are_filled() {
    for len in 70..=80 {
        let list = format!("model in ({}, b)", "ä".repeat(len - "model in (, b)".len()));
        let lines = |text: &str| parse(text).unwrap().pretty().lines().count();
        assert_eq!(lines(&list), 1, "{list}");
        assert_eq!(lines(&format!("env = prod and {list}")), if len + "and ".len() <= 80 { 2 } else { 5 }, "{list}");
        assert_eq!(lines(&format!("not {list}")), if len + "not ".len() <= 80 { 1 } else { 4 }, "{list}");
    }
}

/// A modified tree may contain what no text can, but is still printed as an equivalent query.
#[test]
fn modified_trees_are_printed_as_queries() {
    let changed = |text: &str, change: &dyn Fn(&mut Clause)| {
        let mut query = parse(text).unwrap();
        let Expr::Clause(clause) = &mut query.expr else { panic!("{text}") };
        change(clause);
        query.to_string()
    };
    let negated = |text: &str| changed(text, &|clause| clause.negated = true);
    assert_eq!(negated("model:a"), "not model:a");
    assert_eq!(negated("cost > 1"), "not cost > 1");
    assert_eq!(negated("model = a"), "model != a");
    let words = changed("model = a", &|clause| {
        let Predicate::Compare(_, value) = &mut clause.predicate else { panic!("{clause:?}") };
        value.token = Token::Word("a b".into());
    });
    assert_eq!(words, "model = \"a b\"");
    // After `contains`, this word would be part of the operator.
    let quantifier = changed("output contains a", &|clause| {
        let Predicate::Contains(value) = &mut clause.predicate else { panic!("{clause:?}") };
        value.token = Token::Word("any".into());
    });
    assert_eq!(quantifier, "output contains \"any\"");
    let list = changed("model in (a, b)", &|clause| {
        let Predicate::In(values) = &mut clause.predicate else { panic!("{clause:?}") };
        values[0].token = Token::Word("x，y".into());
    });
    assert_eq!(list, "model in (\"x，y\", b)");
}

/// Writes an expression with redundant parentheses around some of its parts, and a space wherever one may stand.
fn with_parentheses(expr: &Expr, places: &mut impl Iterator<Item = bool>) -> String {
    let mut joined = |parts: &[Expr], connective: &str| {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| {
                let text = with_parentheses(part, places);
                if matches!(part, Expr::And(..) | Expr::Or(..)) { format!("( {text} )") } else { text }
            })
            .collect();
        parts.join(connective)
    };
    let text = match expr {
        Expr::And(_, parts) => joined(parts, " and "),
        Expr::Or(_, parts) => joined(parts, " or "),
        Expr::Not(_, part) => format!("not {}", joined(std::slice::from_ref(part), "")),
        Expr::All(_) | Expr::Clause(_) | Expr::Text(_) => expr.to_string(),
    };
    if places.next().unwrap() { format!("( {text} )") } else { text }
}

/// Returns a text with a comment after some of its spaces.
fn with_comments(text: &str, places: &[bool]) -> (String, Vec<String>) {
    let mut out = String::new();
    let mut comments = Vec::new();
    let mut quoted = false;
    let mut escaped = false;
    let mut places = places.iter().cycle();
    for char in text.chars() {
        out.push(char);
        quoted ^= char == '"' && !escaped;
        escaped = quoted && char == '\\' && !escaped;
        if char == ' ' && !quoted && *places.next().unwrap() {
            comments.push(format!("# comment {}", comments.len()));
            out.push_str(comments.last().unwrap());
            out.push('\n');
        }
    }
    (out, comments)
}

proptest! {
    #![proptest_config(strategies::config(2000))]

    #[test]
    fn comments_are_kept(
        expr in strategies::expr_with_text(),
        parentheses in proptest::collection::vec(prop::bool::weighted(0.2), 1..40),
        places in proptest::collection::vec(prop::bool::weighted(0.3), 1..40),
    ) {
        let text = with_parentheses(&expr, &mut parentheses.into_iter().cycle());
        let (text, comments) = with_comments(&format!(" {text} "), &places);
        let query = parse(&text).unwrap();
        let pretty = query.pretty();
        let again = parse(&pretty).unwrap();
        let kept: Vec<_> = again.comments.iter().map(|comment| comment.text.to_string()).collect();
        prop_assert_eq!(kept, comments, "{}\n{}", text, pretty);
        prop_assert_eq!(again.pretty(), pretty.clone(), "{}", text);
        prop_assert_eq!(again.expr.without_spans(), expr);
    }
}
