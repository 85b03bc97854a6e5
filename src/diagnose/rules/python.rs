//! Rules for subscripts and membership tests of Python.

use crate::diagnose::site::Site;
use crate::diagnose::{Answer, phrases};
use crate::diagnostic::{Kind as Said, excerpt};
use crate::filter::Op;
use crate::print;
use crate::sketch::{Kind, Verb};
use crate::syntax::string;

use super::clause::{operand_end, operator, operator_at};
use super::names::by_words;

/// Reads `meta["tier"]` as a field with a key, or as the field that the key names.
fn subscripted(site: &Site, n: usize) -> Option<String> {
    if !is_subscript(site, n) {
        return None;
    }
    let key = string::path(site.of(n + 2));
    match site.field(site.of(n)) {
        Some(field) => field.is_keyed().then(|| print::field(&format!("{}.{key}", site.of(n)))),
        None => site.field(&key).map(|_| print::field(&key)),
    }
}

fn is_subscript(site: &Site, n: usize) -> bool {
    site.kind(n) == Kind::Word
        && site.of(n + 1) == "["
        && site.touches(n + 1)
        && site.kind(n + 2) == Kind::Text
        && site.is_quoted(n + 2)
        && site.of(n + 3) == "]"
}

/// `eval["Answer Relevance"] < 0.8`, `row["cost"] > 1`, `meta["tier"] has "gold"`
pub(super) fn subscript(site: &Site) -> Option<Answer> {
    if !is_subscript(site, 0) {
        return None;
    }
    let foreign = phrases::phrase(site, 4).filter(|_| operator_at(site, 4).is_none());
    let (len, ours) = match foreign.map(|(len, meaning)| (len, phrases::ours(meaning))) {
        Some((len, Some(ours))) => (len, Some(ours)),
        Some((_, None)) => return None,
        None => (operator_at(site, 4).map_or(0, |(len, _)| len), None),
    };
    let end = if len > 0 { operand_end(site, 4 + len)? } else { 4 };
    let theirs = site.span(4..4 + len);
    let Some(path) = subscripted(site, 0) else { return Some(by_words(site, unknown(site, end), theirs)) };
    let answer = site.unexpected(1..4, 0..end).help("write a dot before the key");
    let fix = match ours {
        Some(ours) => {
            let head = format!("{path} {ours}");
            site.edits().write(site.span(0..4 + len), &head)
        }
        None => site.edits().write(site.span(0..4), &path),
    };
    Some(by_words(site, answer.fix(fix.sure()), theirs))
}

/// `metadata["tenant"]`
fn unknown(site: &Site, end: usize) -> Answer {
    let path = format!("{}.{}", site.of(0), string::path(site.of(2)));
    let answer = site.answer(Said::UnknownField { field: excerpt(site.of(0)) }, 0..1, 0..end);
    answer.rename(site.span(0..4), &site.context.catalog().nearest(&path))
}

/// `"refund" in output`, `'x' not in output`, `"gold" in meta["tier"]`
pub(super) fn member(site: &Site) -> Option<Answer> {
    let Kind::Head(head) = site.kind(0) else { return None };
    let value = site.slice(head.field);
    if head.verb != Verb::In || !value.starts_with(['"', '\'']) {
        return None;
    }
    let (name, end) = match subscripted(site, 1) {
        Some(name) => (name, 5),
        None if site.kind(1) == Kind::Text => (site.of(1).to_owned(), 2),
        None => return None,
    };
    let field = site.field(&name)?;
    let found = excerpt(&format!("{value} {}", operator(site, head.operator)));
    let answer = site.answer(Said::UnknownOperator { found }, 0..1, 0..end).help("write the field on the left");
    let not = if head.negated { "not " } else { "" };
    let text = format!("{name} {not}contains {value}");
    let takes = field.takes(Op::Contains);
    Some(answer.fix_if(takes.then(|| site.edits().write(site.span(0..end), &text).sure())))
}

/// `model = ANY(ARRAY['a', 'b'])`, as in PostgreSQL.
pub(super) fn any_of_array(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|head| head.verb == Verb::Equal && !head.negated)?;
    let is_array = usize::from(site.is_word(3, &["array"]));
    let list = 3 + is_array;
    let end = site.closed(2).filter(|_| site.is_word(1, &["any"]) && site.kind(2) == Kind::Open)?;
    let inner = site.closed(list).filter(|inner| site.is_opening(list) && inner + 1 == end)?;
    let text = format!("{} in {}", site.name(head), site.text(list..inner));
    let answer = site.answer(Said::UnknownOperator { found: "= ANY".to_owned() }, 1..2, 0..end);
    Some(answer.fix(site.edits().write(site.span(0..end), &text).sure()))
}
