//! The parser in src/syntax/generated.rs is compiled from grammar/filter.pest.

#[path = "../grammar/compile.rs"]
mod compile;

use std::fs;

use compile::compile;

const GRAMMAR: &str = include_str!("../grammar/filter.pest");
const GENERATED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/syntax/generated.rs");

/// `UPDATE=1 cargo test --all-features --test generated` writes the parser.
#[test]
fn generated_parser_is_up_to_date() {
    let code = compile(GRAMMAR).unwrap_or_else(|error| panic!("{error}"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(GENERATED, &code).unwrap();
    }
    assert!(
        fs::read_to_string(GENERATED).unwrap() == code,
        "run `UPDATE=1 cargo test --all-features --test generated`"
    );
}

#[test]
fn unsupported_rules_are_rejected_by_name() {
    for (grammar, message) in [
        ("a = !{ \"a\" ~ \"b\" }", "rule `a`: `!{ }` is not supported"),
        ("a = { PUSH(\"a\") ~ POP }", "rule `a`: the stack is not supported"),
        ("a = { \"a\" ~ PEEK[0..1] }", "rule `a`: the stack is not supported"),
        ("a = { \"a\" ~ NEWLINE }", "rule `a`: `NEWLINE` is not supported"),
        ("a = { UPPERCASE_LETTER }", "rule `a`: `UPPERCASE_LETTER` is not supported"),
        ("a = { ^\"a1\" }", "rule `a`: `^` before other characters than ASCII letters is not supported"),
        ("a = { 'b'..'a' }", "rule `a`: an empty range is not supported"),
        ("a = { \"a\" }\nCOMMENT = _{ \"#\" }", "rule `COMMENT`: an implicit comment"),
        ("a = { \"a\" }\nWHITESPACE = { \" \" }", "rule `WHITESPACE`: white space that makes tokens"),
        ("a = { \"a\" }\nA = { \"b\" }", "rule `A`: a name that differs from another one"),
        ("skip = { \"a\" }", "rule `skip`: this name"),
        ("__ = { \"a\" }", "rule `__`: this name"),
        ("a_quiet = { \"a\" }", "rule `a_quiet`: this name"),
        ("a = @{ b }\nb = ${ \"b\" }", "rule `a`: a call of `b`, a `${ }` rule, is not supported"),
        ("a = @{ c }\nc = { b }\nb = ${ \"b\" }", "rule `a`: a call of `b`"),
        // White space would be skipped inside b, although b does not show it.
        ("a = { b ~ \"c\" }\nb = _{ \"a\" ~ \"b\" }", "rule `a`: a call of `b`, a `_{ }` rule with a sequence"),
        ("a = { c ~ \"c\" }\nc = _{ b | \"d\" }\nb = _{ \"b\"* ~ \"c\" }", "rule `a`: a call of `b`"),
        ("a = { a ~ \"b\" }", "left-recursive"),
        ("a = { (\"\")* }", "will repeat infinitely"),
        ("a = {", "expected"),
    ] {
        match compile(grammar) {
            Ok(code) => panic!("{grammar}\n{code}"),
            Err(error) => assert!(error.contains(message), "{grammar}\n{error}"),
        }
    }
    // Nothing is skipped inside an atomic rule.
    assert!(compile("a = @{ b ~ \"c\" }\nb = _{ \"a\" ~ \"b\" }").is_ok());
}

/// Mutated grammars: with a line added or removed, or another sign.
#[test]
fn odd_grammars_compile_or_are_rejected() {
    let lines: Vec<&str> = GRAMMAR.lines().filter(|line| !line.starts_with("//") && !line.is_empty()).collect();
    let signs =
        ["~", "|", "*", "+", "?", "!", "&", "^", "@{", "_{", "${", "!{", "{", "}", "(", ")", "ANY", "field", "\"\""];
    let (mut compiled, mut rejected) = (0, 0);
    for (index, line) in lines.iter().enumerate() {
        for (step, sign) in signs.iter().enumerate() {
            let places: Vec<usize> = line.match_indices(' ').map(|(place, _)| place).collect();
            let Some(place) = places.get((index * 7 + step * 3) % places.len().max(1)) else { continue };
            let changed = match step % 3 {
                0 => format!("{} {sign} {}", &line[..*place], &line[*place..]),
                1 => format!("{} {sign}", &line[..*place]),
                _ => line.replacen(&line[*place..], sign, 1) + " }",
            };
            let grammar = [&lines[..index], &[changed.as_str()], &lines[index + 1..]].concat().join("\n");
            match compile(&grammar) {
                Ok(_) => compiled += 1,
                Err(error) => {
                    assert!(!error.is_empty());
                    rejected += 1;
                }
            }
        }
    }
    assert!(compiled > 20 && rejected > 200, "{compiled} compiled, {rejected} rejected");
}
