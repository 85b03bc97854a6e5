//! Rules for names as other languages quote and escape them.

use crate::catalog::Field;
use crate::diagnose::Answer;
use crate::diagnose::site::Site;
use crate::diagnostic::{Edit, Fix, Kind as Said, excerpt};
use crate::filter::Op;
use crate::print;
use crate::sketch::Kind;
use crate::span::Span;
use crate::syntax::string;
use crate::types::text;

use super::clause::{operand_end, operator_at};

const MOST: usize = 8;

/// ``eval.`Response Quality` >= 4``
pub(super) fn backticks(site: &Site) -> Option<Answer> {
    let is_part = |n: &usize| matches!(site.kind(*n), Kind::Text | Kind::Word) && !site.is_quoted(*n);
    let is_open = |n: usize| !site.slice(site.span(0..n)).matches('`').count().is_multiple_of(2);
    let goes_on = |n: &usize| *n == 0 || site.touches(*n) || is_open(*n) && operator_at(site, *n).is_none();
    let parts = (0..MOST).take_while(is_part).take_while(goes_on).count();
    let whole = site.span(0..parts.max(1));
    let name = site.slice(whole);
    let first = name.find('`').filter(|_| parts > 0 && name.matches('`').count().is_multiple_of(2))?;
    let plain = name.replace('`', "");
    let is_field = || site.context.resolve(&plain).is_some();
    let end = end_of_clause(site, parts).or_else(|| is_field().then(|| site.run_end(parts)))?;
    let kind = Said::Unexpected { found: "`".to_owned() };
    let place = Span::new(whole.start() + first, whole.start() + first + 1);
    let mut answer = site.answer_at(kind, place, 0..end);
    if name.contains(char::is_whitespace) || !is_field() {
        answer = answer.help("put a name with spaces in double quotes");
    }
    if is_field() {
        let fix = site.edits().write(whole, &print::field(&plain));
        // The value may be in backticks too.
        let is_only = site.slice(site.span(0..end)).matches('`').count() == name.matches('`').count();
        return Some(answer.fix(fix.sure_if(is_one_path(name) && is_only)));
    }
    let near = site.context.catalog().nearest(&plain).paths;
    let rename = |path: &String| Fix::rename(whole, print::field(path));
    Some(near.iter().map(rename).fold(answer.candidates(near.clone()), Answer::fix))
}

/// Whether the names in backticks are separated only by dots, and what precedes them has no space.
fn is_one_path(name: &str) -> bool {
    let Some(open) = name.strip_suffix('`') else { return false };
    let mut outside = open.split('`').step_by(2);
    let first = outside.next().unwrap_or_default();
    !first.contains(char::is_whitespace) && outside.all(|between| between == ".")
}

/// `eval.Answer\ Relevance < 0.8`
pub(super) fn escaped_key(site: &Site) -> Option<Answer> {
    let is_keyed = site.context.resolve(site.of(0)).is_some_and(|found| found.key.is_some() && found.field.is_keyed());
    let escaped = (0..MOST).take_while(|n| site.kind(*n) == Kind::Text && site.of(*n).ends_with('\\')).count();
    if !is_keyed || escaped == 0 {
        return None;
    }
    let (last, end) = match site.kind(escaped) {
        Kind::Clause(head, _) | Kind::Head(head) => (head.field, escaped + 1),
        Kind::Text => (site.span(escaped..escaped + 1), end_of_clause(site, escaped + 1)?),
        _ => return None,
    };
    let whole = site.span(0..1).to(last);
    let kind = Said::ExpectedOperator { field: excerpt(site.of(0)) };
    let answer = site.answer(kind, 0..1, 0..end).help("put a key with spaces in quotes");
    let plain = text::without_backslashes(site.slice(whole))?;
    Some(answer.fix(site.edits().write(whole, &print::field(&plain)).sure()))
}

/// `metadata->>'tenant' = 'acme'`, `meta:tenant = 'acme'`: paths in JSON, as in PostgreSQL and Snowflake.
pub(super) fn json_path(site: &Site) -> Option<Answer> {
    let text = site.text(0..3);
    let parts = |separator| text.split_once(separator).map(|(name, rest)| (name, separator, rest));
    let (name, separator, rest) = ["->>", "->", ":"].into_iter().find_map(parts)?;
    let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '.');
    let len = match rest.chars().next()? {
        mark @ ('"' | '\'') => rest.get(1..)?.find(mark)? + 2,
        _ => rest.find(|char| !is_part(char)).unwrap_or(rest.len()),
    };
    let place = Span::new(site.span(0..1).start(), site.span(0..1).start() + name.len() + separator.len() + len);
    let items = site.items_before(place.end());
    let (operator, end) = match site.kind(items - 1) {
        Kind::Clause(head, _) if head.operator.start() >= place.end() => (head.operator, items),
        _ => (site.span(items..items + 1), end_of_clause(site, items)?),
    };
    let is_colon = separator == ":";
    // `model:env = prod` lacks a join.
    let is_field = || site.context.resolve(name).is_some_and(|found| !found.field.is_keyed());
    if !name.chars().all(is_part) || len == 0 || is_colon && site.broken().is_none() || is_field() {
        return None;
    }
    let path = format!("{name}.{}", string::path(rest.get(..len)?).trim_start_matches("$."));
    let start = place.start() + name.len();
    let found = excerpt(separator);
    let answer = site.answer_at(Said::Unexpected { found }, Span::new(start, start + separator.len()), 0..end);
    if site.context.resolve(&path).is_some() {
        let fix = site.edits().write(place, &print::field(&path)).sure_if(!is_colon);
        return Some(by_words(site, answer.help("write a dot before the key").fix(fix), operator));
    }
    let near = site.context.catalog().nearest(&path);
    let unknown = || site.answer_at(Said::UnknownField { field: excerpt(name) }, place, 0..end);
    (!near.paths.is_empty()).then(|| by_words(site, unknown().rename(place, &near), operator))
}

/// Lets the fixes that write a name replace the operator too, for fields that are only searched by words.
pub(super) fn by_words(site: &Site, mut answer: Answer, operator: Span) -> Answer {
    let written = site.slice(operator).to_ascii_lowercase();
    let ours = match written.split_whitespace().collect::<Vec<_>>().as_slice() {
        ["=" | "==" | "eq"] => "contains",
        ["!=" | "ne"] => "not contains",
        ["in"] => "contains any",
        ["not", "in"] => "not contains any",
        _ => return answer,
    };
    for fix in &mut answer.diagnostic.fixes {
        let [Edit { span, text }] = fix.edits.as_slice() else { continue };
        let takes_words = |field: &Field| !field.takes(Op::Eq) && field.takes(Op::Contains);
        if site.field(text).is_some_and(takes_words) {
            *fix = site.edits().write(span.to(operator), &format!("{text} {ours}"));
        }
    }
    answer
}

/// Returns the end of the clause whose operator is at an item.
fn end_of_clause(site: &Site, operator: usize) -> Option<usize> {
    let (len, _) = operator_at(site, operator)?;
    let value = operator + len;
    let is_quantified = matches!(site.word(value).as_str(), "any" | "all") && site.is_opening(value + 1);
    let value = value + usize::from(is_quantified);
    Some(operand_end(site, value).unwrap_or(value))
}
