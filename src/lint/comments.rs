//! Comments that were likely meant as a part of the value before them.

use crate::ast::{Clause, Comment, Expr, Predicate, Query, Token, Value};
use crate::catalog::{Catalog, Type};
use crate::diagnostic::{Diagnostic, Edit, Fix, Kind};
use crate::limits::MAX_FINDINGS;
use crate::parse::quote;
use crate::span::Span;

/// `output ~ refund #123`: a `#` directly before a word, after a clause of text on the same line.
pub(crate) fn comments(query: &Query, catalog: &Catalog) -> Vec<Diagnostic> {
    let is_tight = |comment: &&Comment| {
        comment
            .text
            .strip_prefix('#')
            .is_some_and(|text| text.starts_with(|char: char| char.is_alphanumeric() || char == '_'))
    };
    let mut tight = query.comments.iter().filter(is_tight).peekable();
    if tight.peek().is_none() {
        return Vec::new();
    }
    let mut clauses = Vec::new();
    collect(&query.expr, &mut clauses);
    tight.filter_map(|comment| doubt(query, comment, &clauses, catalog)).take(MAX_FINDINGS).collect()
}

/// The clauses, in the order of the text.
fn collect<'q>(expr: &'q Expr, into: &mut Vec<&'q Clause<'q>>) {
    match expr {
        Expr::All(_) => {}
        Expr::Clause(clause) => into.push(clause),
        Expr::Not(_, part) => collect(part, into),
        Expr::And(_, parts) | Expr::Or(_, parts) => parts.iter().for_each(|part| collect(part, into)),
    }
}

fn doubt(query: &Query, comment: &Comment, clauses: &[&Clause], catalog: &Catalog) -> Option<Diagnostic> {
    let before = query.text.get(..comment.span.start())?;
    let end = before.trim_end().len();
    if before.get(end..)?.contains(['\n', '\r']) {
        return None;
    }
    let found = clauses.binary_search_by_key(&end, |clause| clause.span.end()).ok()?;
    let clause = clauses.get(found)?;
    let field = catalog.resolve(&clause.field.path).map(|resolved| resolved.field.ty());
    let (Predicate::Natural(value) | Predicate::Compare(_, value) | Predicate::Contains(value)) = &clause.predicate
    else {
        return None;
    };
    if !matches!(field, Some(Type::Text | Type::Score | Type::Any) | None) {
        return None;
    }
    let after_sign = Span::at(comment.span.start() + 1);
    let spaced =
        Fix::new("put a space after the `#` of a comment", vec![Edit { span: after_sign, text: " ".to_owned() }]);
    let diagnostic = Diagnostic::new(Kind::CommentAfterClause, comment.span);
    let quoted = with_comment(value, before.get(end..)?, comment);
    Some(quoted.into_iter().fold(diagnostic, Diagnostic::fix).fix(spaced))
}

/// The value with the comment in its quotes.
fn with_comment(value: &Value, gap: &str, comment: &Comment) -> Option<Fix> {
    let text = match &value.token {
        Token::Word(text) | Token::Quoted(text) => text,
        Token::Parameter(_) => return None,
    };
    let text = quote(&format!("{text}{gap}{}", comment.text.trim_end()));
    Some(Fix::write(value.span.to(comment.span), text))
}
