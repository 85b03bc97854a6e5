//! The grammar, and the parser compiled from it.

#[path = "../common/mod.rs"]
mod common;
mod texts;
#[path = "../targets/tokens.rs"]
mod tokens;

use texts::Texts;
use tokens::generated::Rule;
use tokens::scan::{self, Limit, Stop};

const GRAMMAR: &str = include_str!("../../grammar/filter.pest");

/// The rules that create tokens, each with its examples and counterexamples.
fn examples() -> Vec<(&'static str, Vec<&'static str>, Vec<&'static str>)> {
    let mut rules = Vec::new();
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for line in GRAMMAR.lines() {
        if let Some(comment) = line.strip_prefix("/// ") {
            let (list, comment) = match comment.strip_prefix("Not: ") {
                Some(comment) => (&mut wrong, comment),
                None => (&mut right, comment),
            };
            list.extend(comment.split('`').skip(1).step_by(2));
        } else if let Some((name, body)) = line.split_once('=')
            && !line.starts_with([' ', '/'])
            && !body.trim_start().starts_with("_{")
        {
            rules.push((name.trim(), std::mem::take(&mut right), std::mem::take(&mut wrong)));
        } else if !line.starts_with("//") {
            assert!(right.is_empty() && wrong.is_empty(), "examples of no rule: {line}");
        }
    }
    rules
}

#[test]
fn rules_match_their_examples() {
    let examples = examples();
    assert_eq!(examples.len(), Rule::ALL.len());
    for ((name, right, wrong), rule) in examples.into_iter().zip(Rule::ALL) {
        assert_eq!(format!("{rule:?}").to_lowercase(), name.replace('_', ""));
        assert!(!right.is_empty(), "`{name}` has no example");
        for (text, expected) in right.iter().map(|text| (text, true)).chain(wrong.iter().map(|text| (text, false))) {
            let ours = scan::tokens(*rule, text, 60, 1000).ok();
            let ends = |tokens: &Vec<scan::Token>| tokens.last().is_some_and(|last| last.end as usize == text.len());
            assert_eq!(ours.as_ref().is_some_and(ends), expected, "{name}: `{text}`");
            assert_eq!(ours, tokens::pest_tokens(*rule, text), "{name}: `{text}`");
        }
    }
}

#[test]
fn parser_agrees_with_pest() {
    agree(1, 30_000);
}

/// `TEXTS=10000000 cargo test --release --test grammar -- --ignored`
#[test]
#[ignore = "takes as long as it is told to"]
fn parser_agrees_with_pest_on_many_texts() {
    let number = |name| std::env::var(name).ok().and_then(|number: String| number.parse().ok());
    agree(number("SEED").unwrap_or(2), number("TEXTS").unwrap_or(1_000_000));
}

fn agree(seed: u64, count: u64) {
    let mut texts = Texts::new(seed);
    let mut accepted = 0;
    for _ in 0..count {
        let text = texts.next();
        tokens::agree(&text);
        accepted += u64::from(scan::tokens(Rule::Query, &text, tokens::DEPTH, usize::MAX).is_ok());
    }
    println!("{accepted} of {count} texts are queries");
    assert!(accepted > count / 10 && accepted < count / 10 * 9, "{accepted} of {count}");
}

#[test]
fn depth_and_tokens_are_limited() {
    let deep = |levels: usize| format!("{}a{}", "(".repeat(levels), ")".repeat(levels));
    let read = |text: &str, depth, count| scan::tokens(Rule::Query, text, depth, count);
    assert!(read(&deep(60), 60, usize::MAX).is_ok());
    let too_deep = |position| Stop { position, limit: Some(Limit::Depth) };
    assert_eq!(read(&deep(61), 60, usize::MAX), Err(too_deep(61)));
    // Neither a choice nor a repetition tries an alternative after the limit is exceeded.
    assert_eq!(read("a = b (c) or (d) * not ((e))", 1, usize::MAX), Err(too_deep(25)));
    let all = read("a = b c", 60, usize::MAX).unwrap().len();
    assert!(read("a = b c", 60, all).is_ok());
    assert_eq!(read("a = b c", 60, all - 1), Err(Stop { position: 7, limit: Some(Limit::Tokens) }));
}

#[test]
fn errors_are_where_parsing_stopped() {
    for (text, position) in [
        ("model = ", 8),
        ("model = a, b", 9),
        ("model = and", 8),
        ("(model = a", 10),
        ("model = a)", 9),
        ("model in (a b)", 12),
        ("cost between 1", 14),
        ("model = \"a\"b", 11),
        ("model = now()", 11),
        ("model => a", 7),
        ("model = \"a", 10),
    ] {
        let stop = scan::tokens(Rule::Query, text, 60, usize::MAX).unwrap_err();
        assert_eq!(stop, Stop { position, limit: None }, "{text}");
    }
}
