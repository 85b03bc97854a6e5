//! Values and keys that are valid, but look like something else.

use crate::ast::{Clause, Predicate, Token, Value};
use crate::catalog::{Field, Type};
use crate::check;
use crate::checked::{Asked, Test};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix, Kind, excerpt};
use crate::filter::{Comparison, Op};
use crate::print;
use crate::span::Span;
use crate::syntax::{After, quote};
use crate::types::text;

const BACKSLASH: &str = "outside quotes a backslash is an ordinary character";

pub(super) fn lint(test: &Test, source: &str, found: &mut Diagnostics) {
    let has_key = test.known.is_none_or(Field::is_keyed);
    if let Asked::Clause(clause) = &test.clause
        && has_key
    {
        found_in_key(clause, source, found);
    }
    let ty = test.known.map_or(Type::Any, |field| field.ty());
    if !matches!(ty, Type::Text | Type::Score) {
        return;
    }
    let is_exact = is_exact(test);
    for value in test.clause.predicate.values() {
        match &value.token {
            Token::Word(word) if is_exact => {
                if !word.bytes().all(|byte| byte.is_ascii() && !matches!(byte, b'\\' | b':')) {
                    foreign_characters(value.span, word, found);
                    second_clause(value.span, word, found);
                }
                if word.starts_with(['e', 'n']) && test.clause.operator.end() == value.span.start() {
                    operator_in_value(&test.clause, value.span, word, found);
                }
                run_status(test, value, word, found);
            }
            Token::Quoted(text) if ty == Type::Text => {
                match is_exact {
                    true => control(value.span, text, source, found),
                    false => {
                        word_boundary(value.span, text, found);
                        quantifier(value.span, source, found);
                    }
                }
                run_status(test, value, text, found);
            }
            Token::Word(word) => second_clause(value.span, word, found),
            Token::Quoted(_) | Token::Parameter(_) => {}
        }
    }
}

/// Whether the value of a clause is compared exactly.
fn is_exact(test: &Test) -> bool {
    match test.clause.predicate {
        Predicate::Natural(_) => test.known.is_none_or(|field| field.compares(Op::Eq)),
        Predicate::Compare(..) | Predicate::In(_) => true,
        Predicate::Contains(_)
        | Predicate::ContainsAny(_)
        | Predicate::ContainsAll(_)
        | Predicate::Range(..)
        | Predicate::Between(..) => false,
    }
}

/// Reports `meta.user\-type`, `meta.*` and `meta.$user`: outside quotes, such signs are part of the key.
fn found_in_key(clause: &Clause, source: &str, found: &mut Diagnostics) {
    let field = &clause.field;
    let (name, key) = field.path.split_once('.').unwrap_or(("", &field.path));
    let plain = text::without_backslashes(&field.path);
    let help = match plain {
        Some(_) => BACKSLASH,
        None if key.contains('*') => "an asterisk in a key is literal: a clause searches one key",
        None if ends_with_operator(key) => "the operator is written after the name",
        None if key.starts_with('$') => "a parameter is only a value, not a key",
        None => return,
    };
    if field.span.of(source).contains(['"', '\'', '“', '‘']) {
        return;
    }
    let diagnostic = Diagnostic::new(Kind::DoubtfulValue { text: excerpt(&field.path) }, field.span).help(help);
    let name = if name.is_empty() { String::new() } else { format!("{}.", print::field(name)) };
    let literal = super::literally(field.span, name + &quote(key));
    let plain = plain.map(|plain| Fix::write(field.span, print::field(&plain)));
    found.push(plain.into_iter().chain([literal]).fold(diagnostic, Diagnostic::fix));
}

/// Whether a key ends like the names of other tools that contain an operator: `cost.gt`, `cost__gte`.
fn ends_with_operator(key: &str) -> bool {
    const OPERATORS: [&str; 8] = ["gt", "gte", "lt", "lte", "ne", "in", "contains", "icontains"];
    let name = |operator: &&str| key.strip_suffix(operator);
    OPERATORS.iter().filter_map(name).any(|name| name.ends_with("__") || name.ends_with('.'))
}

/// Reports `europe\-west3`, with an escape of other languages, and dashes that look like a hyphen.
fn foreign_characters(span: Span, word: &str, found: &mut Diagnostics) {
    let (plain, help) = if let Some(plain) = text::without_backslashes(word) {
        (plain, BACKSLASH.to_owned())
    } else if let Some((plain, dash)) = text::with_hyphens(word) {
        (plain, format!("it contains U+{:04X}, which looks like a hyphen but is not one", u32::from(dash)))
    } else {
        return;
    };
    let diagnostic = Diagnostic::new(Kind::DoubtfulValue { text: excerpt(word) }, span).help(help);
    let literal = super::literally(span, quote(word));
    found.push(diagnostic.fix(Fix::write(span, check::literal(&plain, After::Other))).fix(literal));
}

/// Reports `model=eq.gpt-4o` and `model:not:gpt-4o`: the operator is not part of a value.
fn operator_in_value(clause: &Clause, span: Span, word: &str, found: &mut Diagnostics) {
    let (is_negative, rest) = if let Some(rest) = word.strip_prefix("eq") {
        (false, rest)
    } else if let Some(rest) = word.strip_prefix("neq").or_else(|| word.strip_prefix("not")) {
        (true, rest)
    } else {
        return;
    };
    let is_comparison = matches!(clause.predicate, Predicate::Compare(Comparison::Eq, _) | Predicate::Natural(_));
    let Some(value) = rest.strip_prefix(['.', ':']).filter(|value| is_comparison && !value.is_empty()) else { return };
    let (ours, value) = match (is_negative, clause.negated) {
        (false, false) => ("=", value),
        (false, true) => ("!=", value),
        (true, false) => ("!=", value.trim_start_matches("eq.").trim_start_matches("eq:")),
        (true, true) => return,
    };
    let mut fix = check::write_operator(clause, ours);
    fix.title = format!("write `{ours} {}`", excerpt(value));
    fix.edits.retain(|edit| edit.span != span);
    fix.edits.push(Edit { span, text: check::literal(value, After::Other) });
    let diagnostic = Diagnostic::new(Kind::DoubtfulValue { text: excerpt(word) }, span);
    let diagnostic = diagnostic.help("the operator is written between the field and the value");
    found.push(diagnostic.fix(fix).fix(super::literally(span, quote(word))));
}

/// Reports `model:gpt-4o;env:prod`: a sign that joins two clauses elsewhere is part of the value.
fn second_clause(span: Span, word: &str, found: &mut Diagnostics) {
    let Some((value, clause)) = word.split_once([';', '+']).or_else(|| word.split_once("%20")) else { return };
    let is_name = |name: &str| {
        name.starts_with(char::is_alphabetic)
            && name.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '.'))
    };
    if value.is_empty() || !clause.split_once(':').is_some_and(|(name, value)| is_name(name) && !value.is_empty()) {
        return;
    }
    let diagnostic = Diagnostic::new(Kind::DoubtfulValue { text: excerpt(word) }, span).help("join clauses with `and`");
    let fix = Fix::write(span, format!("{value} and {clause}"));
    found.push(diagnostic.fix(fix).fix(super::literally(span, quote(word))));
}

/// Reports `output contains any`: a list follows these words, and nothing else.
fn quantifier(span: Span, source: &str, found: &mut Diagnostics) {
    let word = span.of(source);
    if word.len() == 3 && (word.eq_ignore_ascii_case("any") || word.eq_ignore_ascii_case("all")) {
        let diagnostic = Diagnostic::new(Kind::DoubtfulValue { text: excerpt(word) }, span);
        let diagnostic = diagnostic.help(format!("a list follows it: `contains {} (a, b)`", word.to_lowercase()));
        found.push(diagnostic.fix(super::literally(span, quote(word))));
    }
}

/// Reports `output contains "\brefund\b"`: in a regular expression, `\b` is the boundary of a word.
fn word_boundary(span: Span, text: &str, found: &mut Diagnostics) {
    const BACKSPACE: char = '\u{8}';
    if !text.bytes().any(|byte| char::from(byte) == BACKSPACE) {
        return;
    }
    let words = text.replace(BACKSPACE, "");
    if !words.trim().is_empty() {
        let help = "the API has no regular expressions; words are always compared as a whole";
        let diagnostic = Diagnostic::new(Kind::InvisibleCharacter { char: BACKSPACE }, span).help(help);
        found.push(diagnostic.fix(Fix::write(span, quote(&words))));
    }
}

/// Reports `"C:\temp"`: a tab is unlikely in a value that is compared exactly.
fn control(span: Span, text: &str, source: &str, found: &mut Diagnostics) {
    if !text.contains(char::is_control) {
        return;
    }
    let letters: Vec<char> = ['b', 'f', 'n', 'r', 't']
        .into_iter()
        .filter(|letter| span.of(source).contains(&format!("\\{letter}")))
        .collect();
    let escape = |char: char| text::letter_of_escape(char).filter(|letter| letters.contains(letter));
    let Some(char) = text.chars().find(|char| escape(*char).is_some()) else { return };
    let mut written = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        match escape(char) {
            Some(letter) => written.extend(['\\', letter]),
            None => written.push(char),
        }
    }
    let help = "in quotes a backslash and a letter are an escape; write a backslash twice";
    let diagnostic = Diagnostic::new(Kind::InvisibleCharacter { char }, span).help(help);
    found.push(diagnostic.fix(Fix::write(span, quote(&written))));
}

/// Reports `status = error`: `status` is the status of a review, but many expect that of a call.
fn run_status(test: &Test, value: &Value, text: &str, found: &mut Diagnostics) {
    let field = test.known.filter(|field| field.name() == "review_status");
    let written = &test.clause.field;
    let Some(field) = field.filter(|_| written.path == "status" && text::is_run_status(text)) else { return };
    let kind = Kind::RunStatus { field: field.name().to_owned(), text: excerpt(text) };
    let name = field.name();
    let help = format!("the API cannot search for failed calls; write `{name}` for the review");
    found.push(Diagnostic::new(kind, value.span).help(help).fix(Fix::write(written.span, name)));
}
