//! The law of edits: machine-applicable edits leave the rest of the query unchanged, and the query no
//! worse.
//!
//! The law is tested inside the crate as well, where it is known which items belong to a diagnostic. Here a
//! clause counts as unaffected if no diagnostic or edit overlaps it.

use std::collections::BTreeSet;

use freeplay_filter::diagnostic::Severity;
use freeplay_filter::editor::{Token, TokenKind};
use freeplay_filter::span::Unit;
use freeplay_filter::{Code, Compiler, Diagnostic, Filter};

use super::COMPILER;
use super::edits::Formula::{self, Clause, Hole};
use super::edits::{FormulaBuilder, applied, overlap, sure_edits, sure_fixes};

/// The maximum size: the text is read again after each round of edits.
const LONGEST: usize = 2_000;

pub(super) fn edits(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    if text.len() > LONGEST {
        return;
    }
    let mut current = text.to_owned();
    for _ in 0..12 {
        match round(&current) {
            Some(next) => current = next,
            None => return,
        }
    }
    panic!("{text:?} is edited without end: {current:?}");
}

/// Applies all machine-applicable edits; `None` if there are none.
fn round(text: &str) -> Option<String> {
    let before = errors(&COMPILER, text);
    let edits = sure_edits(&before);
    assert!(before.iter().all(|found| sure_fixes(found).count() <= 1), "{text:?}\n{before:?}");
    assert!(!overlap(&edits), "{text:?}\n{edits:?}");
    if edits.is_empty() {
        return None;
    }
    let after_text = applied(text, &edits);
    assert_ne!(after_text, text);
    let after = errors(&COMPILER, &after_text);
    // Only some of many equal diagnostics are reported, so they cannot be counted.
    let is_counted = before.len().max(after.len()) < 20 && !before.iter().any(takes_out);
    if !after.is_empty() && is_counted {
        let about = || format!("{text:?}\n{after_text:?}\n{before:?}\n{after:?}");
        assert!(alone(&after).count() < alone(&before).count(), "{}", about());
        let codes = |found: &[Diagnostic]| alone(found).map(Diagnostic::code).collect::<BTreeSet<_>>();
        assert!(codes(&after).is_subset(&codes(&before)), "{}", about());
    }
    let meets = |start: usize, end: usize| {
        let said = before.iter().filter_map(Diagnostic::span).any(|span| span.start() < end && start < span.end());
        said || edits.iter().any(|edit| edit.span.start() <= end && start <= edit.span.end())
    };
    let old = formula(text, Some(&meets)).moved(&edits);
    let new = formula(&after_text, None);
    let kept = old.clauses();
    let (old, new) = (old.of_only(&kept), new.of_only(&kept));
    assert!(old == new, "{text:?}\n{after_text:?}\n{old:?}\n{new:?}");
    Some(after_text)
}

fn errors(compiler: &Compiler, text: &str) -> Vec<Diagnostic> {
    let found = compiler.compile(text).err().map(|error| error.diagnostics().to_vec()).unwrap_or_default();
    found.into_iter().filter(|found| found.severity == Severity::Error).collect()
}

/// Whether the edits extract a query from something else, so that it is read for the first time.
fn takes_out(found: &Diagnostic) -> bool {
    const TITLES: [&str; 3] = ["keep only the query", "remove the backticks", "write `not`"];
    found.code() == Code::JsonAsQuery || found.fixes.iter().any(|fix| TITLES.contains(&fix.title.as_str()))
}

/// All errors except those about whole groups, which are only reported without other errors.
fn alone(found: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    found.iter().filter(|found| found.code() != Code::MixedImplicitAnd)
}

/// Returns the formula of a text. What a diagnostic or edit overlaps is a hole.
fn formula(text: &str, meets: Option<&dyn Fn(usize, usize) -> bool>) -> Formula {
    let is_blank = |kind| matches!(kind, TokenKind::WhiteSpace | TokenKind::Comment);
    let tokens: Vec<Token> =
        COMPILER.highlight(text, Unit::Bytes).into_iter().filter(|token| !is_blank(token.kind)).collect();
    let mut builder = FormulaBuilder::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let written = &text[token.range()];
        at += 1;
        match (token.kind, written) {
            // A bracket after a sign holds values, `cost > (5`, whatever they look like.
            (_, "(" | "[") if at > 1 && is_sign(&text[tokens[at - 2].range()]) => {
                at = closed(text, &tokens, at);
                builder.operand(Hole);
            }
            // Square brackets around clauses are read like round ones.
            (_, "(" | "[") => builder.open(),
            (_, ")" | "]") if builder.close() => {}
            // An unexpected keyword has another kind, but still joins or negates.
            (_, word) if KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword)) => {
                keyword(&mut builder, word);
            }
            (TokenKind::Error, "|") => {
                if begins_stage(text, &tokens[at..]) {
                    builder.pipe()
                } else {
                    builder.or()
                }
            }
            (TokenKind::Error, "&") => {}
            (_, "~") => builder.not(),
            (TokenKind::Field, _) => {
                let end = clause_end(text, &tokens, at);
                let span = token.start..tokens[end - 1].end;
                at = end;
                let is_free = meets.is_none_or(|meets| is_edge(tokens.get(end)) && !meets(span.start, span.end));
                let compiled = COMPILER.compile(&text[span.clone()]).ok();
                // A byte order mark alone is the empty query.
                let compiled = compiled.filter(|compiled| is_free && compiled.filter != Filter::All);
                builder.operand(
                    compiled
                        .map_or(Hole, |compiled| Clause(span.start, serde_json::to_string(&compiled.filter).unwrap())),
                );
            }
            _ => builder.operand(Hole),
        }
    }
    builder.build()
}

/// Whether a token is the sign of an operator; `!` and `~` may negate a group.
fn is_sign(text: &str) -> bool {
    text.contains(['=', '<', '>', ':']) && text.bytes().all(|byte| b"=<>!~:".contains(&byte))
}

/// Returns the token after the bracket that closes the one before `at`, or the end.
fn closed(text: &str, tokens: &[Token], mut at: usize) -> usize {
    let mut depth = 1;
    while depth > 0 && at < tokens.len() {
        match &text[tokens[at].range()] {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    at
}

const KEYWORDS: [&str; 7] = ["and", "or", "not", "&&", "||", "!", "-"];

/// Whether a word after `|` begins a stage of a pipeline: `| where cost > 1`.
fn begins_stage(text: &str, tokens: &[Token]) -> bool {
    const WORDS: [&str; 11] =
        ["where", "filter", "search", "find", "show", "get", "list", "having", "query", "when", "if"];
    let Some((word, after)) = tokens.split_first() else { return false };
    let is_field = after.first().is_some_and(|next| next.kind == TokenKind::Operator);
    !is_field && WORDS.iter().any(|other| text[word.range()].eq_ignore_ascii_case(other))
}

fn keyword(builder: &mut FormulaBuilder, word: &str) {
    match word.to_ascii_lowercase().as_str() {
        "or" | "||" => builder.or(),
        "and" | "&&" => {}
        _ => builder.not(),
    }
}

/// Returns the token after the clause whose field precedes `at`.
fn clause_end(text: &str, tokens: &[Token], mut at: usize) -> usize {
    let kind = |at: usize| tokens.get(at).map(|token| token.kind);
    while matches!(kind(at), Some(TokenKind::Punctuation | TokenKind::Key)) {
        at += 1;
    }
    let mut is_between = false;
    while kind(at) == Some(TokenKind::Operator) {
        let is_not = text[tokens[at].range()].eq_ignore_ascii_case("not");
        if is_not && kind(at + 1) != Some(TokenKind::Operator) {
            return at;
        }
        is_between |= text[tokens[at].range()].eq_ignore_ascii_case("between");
        at += 1;
    }
    if kind(at) == Some(TokenKind::Bracket) && at > 0 && kind(at - 1) == Some(TokenKind::Operator) {
        // A list contains no brackets; an unclosed one contains no clauses either.
        let is_bracket = |token: &Token| matches!(&text[token.range()], "(" | "[" | ")" | "]");
        let begins = |token: &Token| matches!(token.kind, TokenKind::Field | TokenKind::Keyword);
        let values = tokens[at + 1..].iter().take_while(|token| !is_bracket(token));
        let end = at + 1 + values.clone().count();
        let is_closed = tokens.get(end).is_some_and(|token| matches!(&text[token.range()], ")" | "]"));
        let before_clause = values.take_while(|token| !begins(token)).count();
        return if is_closed { end + 1 } else { at + 1 + before_clause };
    }
    let is_value =
        |at| matches!(kind(at), Some(TokenKind::String | TokenKind::Number | TokenKind::Time | TokenKind::Parameter));
    while is_value(at) || kind(at) == Some(TokenKind::Operator) {
        at += 1;
    }
    if is_between && kind(at) == Some(TokenKind::Keyword) && is_value(at + 1) {
        at += 2;
    }
    at
}

/// Whether a clause may end before a token.
fn is_edge(token: Option<&Token>) -> bool {
    token.is_none_or(|token| matches!(token.kind, TokenKind::Keyword | TokenKind::Bracket | TokenKind::Field))
}
