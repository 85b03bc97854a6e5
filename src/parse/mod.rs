//! Text to tree: the grammar makes tokens, `fold` makes the tree, `clause` reads what stands
//! between a field and the end of its value.

pub(crate) mod clause;
mod digits;
mod fit;
mod fold;
mod foreign;
mod habits;
mod operators;
mod punctuation;
pub(crate) mod string;
mod tokens;

use pest::Parser;

use crate::ast::{Expr, Field, Query};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Kind};
use crate::keyword;
use crate::limits::{Limits, MAX_BYTES};
use crate::span::Span;

pub use string::quote;
pub(crate) use tokens::{Terminal, Token};

/// The parser that pest derives stays private, and so do its types.
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/tolerant.pest"]
    pub(crate) struct Grammar;
}
use grammar::Grammar;
use grammar::Rule;

/// What was read of a text: a tree in any case, with everything in place of what is wrong with it.
pub(crate) struct Parsed<'a> {
    pub(crate) query: Query<'a>,
    /// Errors and warnings; the query's own warnings are not yet among its own.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The fields of clauses that cannot be read: their names can still be checked.
    pub(crate) broken: Vec<Field<'a>>,
}

/// Reads any text. The catalog only helps to guess what was meant.
pub(crate) fn read<'a>(text: &'a str, limits: &Limits, catalog: &Catalog) -> Parsed<'a> {
    let limit = limits.bytes.min(MAX_BYTES);
    if text.len() > limit {
        let kind = Kind::TooLong { what: "query", limit };
        return refused(text, Diagnostic::new(kind, Span::at(0)));
    }
    match Grammar::parse(Rule::query, text) {
        Ok(pairs) => fold::fold(text, pairs, limits, catalog),
        // `query` matches every text, so only a limit that the host set in pest for its whole
        // process can stop it.
        Err(error) => {
            let place = match error.location {
                pest::error::InputLocation::Pos(place) | pest::error::InputLocation::Span((place, _)) => place,
            };
            let kind = Kind::TooMany { what: "bytes before the parser's own limit", limit: place };
            let help = "a limit on pest's calls is set for this whole process";
            refused(text, Diagnostic::new(kind, Span::at(place)).help(help))
        }
    }
}

/// The grammar's tokens of any text, comments among them, one after another; what lies between two is
/// white space. None of a text that is too long, or that a limit of the host's in pest stops.
pub(crate) fn tokens(text: &str, limits: &Limits) -> Option<Vec<Token>> {
    if text.len() > limits.bytes.min(MAX_BYTES) {
        return None;
    }
    let mut tokens = Vec::new();
    tokens::each(text, Grammar::parse(Rule::query, text).ok()?, |token| tokens.push(token));
    Some(tokens)
}

/// How much of the start of a text the grammar reads as one value.
pub(crate) fn value_len(text: &str) -> usize {
    len(Rule::value, text).unwrap_or(0)
}

/// How much of the start of a text the grammar reads as one operator in signs.
pub(crate) fn symbol_len(text: &str) -> usize {
    len(Rule::symbol, text).unwrap_or(0)
}

/// How much of the start of a text the grammar reads as one field, or as one keyword.
pub(crate) fn name_len(text: &str) -> usize {
    len_of_name(text).unwrap_or(0)
}

fn len_of_name(text: &str) -> Option<usize> {
    len(Rule::field, text).or_else(|| len(Rule::connective, text))
}

fn len(rule: Rule, text: &str) -> Option<usize> {
    Some(Grammar::parse(rule, text).ok()?.next()?.as_span().end())
}

/// The bracket that closes what this one opens.
pub(crate) fn closing(opening: &str) -> &'static str {
    if opening == "[" { "]" } else { ")" }
}

fn refused(text: &str, diagnostic: Diagnostic) -> Parsed<'_> {
    let query = Query { text: text.into(), expr: Expr::All(Span::default()), comments: Vec::new() };
    Parsed { query, diagnostics: vec![diagnostic], broken: Vec::new() }
}

/// Whether the grammar reads a text as one bare value.
pub(crate) fn is_value(text: &str) -> bool {
    (!text.is_empty() && is_plainest(text) || len(Rule::value, text) == Some(text.len()))
        && keyword::reserved(text).is_none()
}

/// Whether there is nothing in a text but what most words are made of: no quote, no escape, nothing
/// invisible, nothing that means more than itself.
fn is_plainest(text: &str) -> bool {
    text.bytes().all(|byte| PLAINEST.get(usize::from(byte)) == Some(&true))
}

/// Looked up, which is quicker than to ask.
static PLAINEST: [bool; 256] = {
    let mut table = [false; 256];
    let mut rest: &mut [bool] = &mut table;
    let mut byte = 0_u8;
    while let [is_plainest, others @ ..] = rest {
        *is_plainest = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'@' | b'+');
        byte = byte.wrapping_add(1);
        rest = others;
    }
    table
};

/// Whether a bare text is read as the value it looks like: a keyword, a parameter, a pattern, or
/// what is warned of is not.
pub(crate) fn is_bare_value(text: &str) -> bool {
    clause::is_plain(text) && is_value(text)
}

/// Where a value is written: after `contains`, some words are read as a part of the operator.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    AfterContains,
    Elsewhere,
}

impl Place {
    /// The place of the value after an operator as it is written.
    pub(crate) fn after(operator: &str) -> Place {
        const CONTAINS: &str = "contains";
        let word = operator.len().checked_sub(CONTAINS.len()).and_then(|start| operator.get(start..));
        let is_contains = word.is_some_and(|word| word.eq_ignore_ascii_case(CONTAINS));
        if is_contains { Place::AfterContains } else { Place::Elsewhere }
    }

    /// Whether a word remains a value there, whatever follows it: `any` and `all` are none before a
    /// bracket, and `any$x` never is.
    pub(crate) fn takes(self, word: &str) -> bool {
        let is_read_as_quantifier = || len(Rule::quantifier, &format!("{word}(")).is_some();
        self == Place::Elsewhere || !word.starts_with(['a', 'A']) || !is_read_as_quantifier()
    }
}

/// The same for the name of a field, or for a part of it between dots.
pub(crate) fn is_bare_name(text: &str) -> bool {
    let is_plainest = !text.is_empty() && is_plainest(text) && !text.contains(':');
    clause::is_plain(text)
        && !text.starts_with('-')
        && !text.contains('`')
        && (is_plainest || len_of_name(text) == Some(text.len()))
}
