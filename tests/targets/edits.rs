//! The law of edits: machine-applicable edits leave everything else as it was, and a query that is no
//! worse.
//!
//! The law is tested from inside the crate as well, where it is known which items a diagnostic takes. Here a
//! clause counts as untouched where nothing that is said or edited meets it.

use std::collections::BTreeSet;

use freeplay_filter::diagnostic::Severity;
use freeplay_filter::editor::{Token, TokenKind};
use freeplay_filter::span::Unit;
use freeplay_filter::{Applicability, Code, Compiler, Diagnostic, Edit};

use super::COMPILER;

/// The most that is looked at: rounds of edits are read again and again.
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

/// The text with all machine-applicable edits made; `None` where there are none.
fn round(text: &str) -> Option<String> {
    let before = errors(&COMPILER, text);
    let edits = sure_edits(text, &before);
    if edits.is_empty() {
        return None;
    }
    let after_text = applied(text, &edits);
    assert_ne!(after_text, text);
    let after = errors(&COMPILER, &after_text);
    // Of many alike only some are kept, so that they cannot be counted.
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
    let moved = |at: usize| {
        let before = edits.iter().filter(|edit| edit.span.end() <= at);
        before.fold(at, |at, edit| at + edit.text.len() - (edit.span.end() - edit.span.start()))
    };
    let old = formula(text, Some(&meets));
    let mut kept = BTreeSet::new();
    let old = keep(&old, &mut |at, filter| {
        kept.insert((moved(at), filter.to_owned()));
        Some(moved(at))
    });
    let new = formula(&after_text, None);
    let new = keep(&new, &mut |at, filter| kept.contains(&(at, filter.to_owned())).then_some(at));
    assert!(old == new, "{text:?}\n{after_text:?}\n{old:?}\n{new:?}");
    Some(after_text)
}

fn errors(compiler: &Compiler, text: &str) -> Vec<Diagnostic> {
    let found = compiler.compile(text).err().map(|error| error.diagnostics().to_vec()).unwrap_or_default();
    found.into_iter().filter(|found| found.severity == Severity::Error).collect()
}

/// Whether a query is taken out of something else, and so read for the first time.
fn takes_out(found: &Diagnostic) -> bool {
    const TITLES: [&str; 3] = ["take the query out", "remove the backticks", "write `not`"];
    found.code() == Code::JsonAsQuery || found.fixes.iter().any(|fix| TITLES.contains(&fix.title.as_str()))
}

/// All errors but those of whole groups, which are said only where nothing else is wrong.
fn alone(found: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    found.iter().filter(|found| found.code() != Code::MixedImplicitAnd)
}

/// The machine-applicable edits: one fix a diagnostic at most, and none meets another.
fn sure_edits(text: &str, found: &[Diagnostic]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for diagnostic in found {
        let sure = |applicability| applicability == Applicability::MachineApplicable;
        let mut fixes = diagnostic.fixes.iter().filter(|fix| sure(fix.applicability));
        edits.extend(fixes.next().into_iter().flat_map(|fix| fix.edits.clone()));
        assert!(fixes.next().is_none(), "{text:?}\n{diagnostic:?}");
    }
    edits.sort_by_key(|edit| edit.span);
    let apart = |pair: &[Edit]| pair[0].span.end() <= pair[1].span.start() && pair[0].span != pair[1].span;
    assert!(edits.windows(2).all(apart), "{text:?}\n{edits:?}");
    edits
}

fn applied(text: &str, edits: &[Edit]) -> String {
    let mut out = text.to_owned();
    for edit in edits.iter().rev() {
        out.replace_range(edit.span.range(), &edit.text);
    }
    out
}

/// A text as a formula of its clauses; a hole is what is none.
#[derive(Clone, Debug, PartialEq)]
enum Formula {
    Hole,
    /// Where a clause begins, and what it compiles to.
    Clause(usize, String),
    Not(Box<Formula>),
    And(Vec<Formula>),
    Or(Vec<Formula>),
}

use Formula::{And, Clause, Hole, Not, Or};

struct Level {
    /// What stands before each `| where`, which joins all of it to all that follows.
    piped: Vec<Formula>,
    alternatives: Vec<Vec<Formula>>,
    nots: usize,
}

impl Level {
    fn new() -> Level {
        Level { piped: vec![], alternatives: vec![vec![]], nots: 0 }
    }

    fn push(&mut self, mut formula: Formula) {
        for _ in 0..std::mem::take(&mut self.nots) {
            formula = Not(Box::new(formula));
        }
        self.alternatives.last_mut().unwrap().push(formula);
    }

    fn pipe(&mut self) {
        self.nots = 0;
        let before = std::mem::replace(&mut self.alternatives, vec![vec![]]);
        self.piped.push(Or(before.into_iter().map(And).collect()));
    }

    fn formula(mut self) -> Formula {
        self.pipe();
        And(self.piped)
    }
}

/// The formula of a text; what something meets is a hole, and what may go on.
fn formula(text: &str, meets: Option<&dyn Fn(usize, usize) -> bool>) -> Formula {
    let is_blank = |kind| matches!(kind, TokenKind::WhiteSpace | TokenKind::Comment);
    let tokens: Vec<Token> =
        COMPILER.highlight(text, Unit::Bytes).into_iter().filter(|token| !is_blank(token.kind)).collect();
    let mut stack = vec![Level::new()];
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let written = &text[token.range()];
        at += 1;
        match (token.kind, written) {
            (TokenKind::Bracket, "(") => stack.push(Level::new()),
            (TokenKind::Bracket, ")") if stack.len() > 1 => {
                let formula = stack.pop().unwrap().formula();
                stack.last_mut().unwrap().push(formula);
            }
            // As other languages join and negate.
            // Where something else is expected it is one still.
            (TokenKind::Error, word)
                if ["and", "or", "not", "&&", "||"].iter().any(|join| word.eq_ignore_ascii_case(join)) =>
            {
                keyword(stack.last_mut().unwrap(), word);
            }
            (TokenKind::Error, "|") => {
                let is_pipe = tokens.get(at).is_some_and(|next| text[next.range()].eq_ignore_ascii_case("where"));
                let level = stack.last_mut().unwrap();
                if is_pipe { level.pipe() } else { keyword(level, "or") }
            }
            (TokenKind::Error, "&") => keyword(stack.last_mut().unwrap(), "and"),
            (TokenKind::Error, "~") => keyword(stack.last_mut().unwrap(), "not"),
            (TokenKind::Keyword, "*") => stack.last_mut().unwrap().push(Hole),
            (TokenKind::Keyword, word) => keyword(stack.last_mut().unwrap(), word),
            // `x not model = a`: a word without an operator is before it.
            (TokenKind::Operator, "not") => keyword(stack.last_mut().unwrap(), "not"),
            (TokenKind::Field, _) => {
                let end = clause_end(text, &tokens, at);
                let span = token.start..tokens[end - 1].end;
                at = end;
                let is_free = meets.is_none_or(|meets| is_edge(tokens.get(end)) && !meets(span.start, span.end));
                let filter = COMPILER.compile(&text[span.clone()]).ok().filter(|_| is_free);
                let filter =
                    filter.map(|compiled| Clause(span.start, serde_json::to_string(&compiled.filter).unwrap()));
                stack.last_mut().unwrap().push(filter.unwrap_or(Hole));
            }
            _ => stack.last_mut().unwrap().push(Hole),
        }
    }
    while stack.len() > 1 {
        let formula = stack.pop().unwrap().formula();
        stack.last_mut().unwrap().push(formula);
    }
    stack.pop().unwrap().formula()
}

fn keyword(level: &mut Level, word: &str) {
    match word.to_ascii_lowercase().as_str() {
        "or" | "||" => {
            level.nots = 0;
            level.alternatives.push(vec![]);
        }
        "and" | "&&" => level.nots = 0,
        _ => level.nots += 1,
    }
}

/// The token after the clause whose field is the token before `at`.
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
        // A list holds no brackets.
        let closes = |token: &Token| matches!(&text[token.range()], ")" | "]");
        return tokens[at..].iter().position(closes).map_or(at + 1, |len| at + len + 1);
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

/// Takes out the clauses that have no place, unwraps groups of one and flattens; `None` where nothing is left.
fn keep(formula: &Formula, place: &mut dyn FnMut(usize, &str) -> Option<usize>) -> Option<Formula> {
    let (parts, is_and) = match formula {
        Hole => return None,
        Clause(at, filter) => return place(*at, filter).map(|at| Clause(at, filter.clone())),
        Not(part) => return keep(part, place).map(|part| Not(Box::new(part))),
        And(parts) => (parts, true),
        Or(parts) => (parts, false),
    };
    let mut left = Vec::new();
    for part in parts {
        match keep(part, place) {
            Some(And(inner)) if is_and => left.extend(inner),
            Some(Or(inner)) if !is_and => left.extend(inner),
            Some(part) => left.push(part),
            None => {}
        }
    }
    match left.len() {
        0 => None,
        1 => left.pop(),
        _ => Some(if is_and { And(left) } else { Or(left) }),
    }
}
