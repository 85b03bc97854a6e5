//! Comments that were probably meant as part of the preceding value.

use crate::ast::{Comment, Expr, Predicate, Query, Token, Value};
use crate::catalog::Type;
use crate::checked::{Checked, Test};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix, Kind};
use crate::span::Span;
use crate::syntax::quote;

/// Reports `output ~ refund #123`: a `#` directly before a word, after a clause on the same line; and `#123`, if
/// the query consists of such comments.
pub(super) fn lint(query: &Query, checked: &Checked, found: &mut Diagnostics) {
    let begins_word = |text: &str| text.starts_with(|char: char| char.is_alphanumeric() || char == '_');
    let is_tight = |comment: &&Comment| comment.text.strip_prefix('#').is_some_and(begins_word);
    let mut tight = query.comments.iter().filter(is_tight).peekable();
    if tight.peek().is_none() {
        return;
    }
    let mut tests = Vec::new();
    collect(checked, &mut tests);
    tight.filter_map(|comment| doubt(query, comment, &tests)).for_each(|diagnostic| found.push(diagnostic));
}

/// Collects the tests in the order of the text.
fn collect<'q>(checked: &'q Checked<'q>, into: &mut Vec<&'q Test<'q>>) {
    match checked {
        Checked::All => {}
        Checked::Test(test) => into.push(test),
        Checked::Not(part) => collect(part, into),
        Checked::And(parts) | Checked::Or(parts) => parts.iter().for_each(|part| collect(part, into)),
    }
}

fn doubt(query: &Query, comment: &Comment, tests: &[&Test]) -> Option<Diagnostic> {
    let after_sign = Span::at(comment.span.start() + 1);
    let spaced =
        Fix::new("put a space after the `#` of a comment", vec![Edit { span: after_sign, text: " ".to_owned() }]);
    let diagnostic = Diagnostic::new(Kind::CommentAfterClause, comment.span);
    let is_empty = matches!(query.expr, Expr::All(span) if span.is_empty());
    if is_empty {
        return Some(diagnostic.help("a query without clauses finds everything").fix(spaced));
    }
    let before = query.text.get(..comment.span.start())?;
    let end = before.trim_end().len();
    if before.get(end..)?.contains(['\n', '\r']) {
        return None;
    }
    let found = tests.binary_search_by_key(&end, |test| test.clause.span.end()).ok()?;
    let test = tests.get(found)?;
    let ty = test.known.map_or(Type::Any, |field| field.ty());
    let value = match &test.clause.predicate {
        Predicate::Natural(value) | Predicate::Compare(_, value) | Predicate::Contains(value) => Some(value),
        _ => None,
    };
    let value = value.filter(|_| matches!(ty, Type::Text | Type::Score | Type::Any));
    let quoted = value.and_then(|value| with_comment(value, before.get(end..)?, comment));
    Some(quoted.into_iter().fold(diagnostic, Diagnostic::fix).fix(spaced))
}

/// Returns the value with the comment inside its quotes.
fn with_comment(value: &Value, gap: &str, comment: &Comment) -> Option<Fix> {
    let text = match &value.token {
        Token::Word(text) | Token::Quoted(text) => text,
        Token::Parameter(_) => return None,
    };
    let text = quote(&format!("{text}{gap}{}", comment.text.trim_end()));
    Some(Fix::write(value.span.to(comment.span), text))
}
