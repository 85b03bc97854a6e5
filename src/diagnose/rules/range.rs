//! Rules for ranges and intervals.

use std::ops::Range;

use crate::diagnose::site::Site;
use crate::diagnose::{Answer, BesideText, phrases};
use crate::diagnostic::{Fix, Kind as Said, excerpt};
use crate::sketch::{self, Head, Join, Kind, Shape, Verb};
use crate::span::Span;

use super::clause::operator;
use super::lists;

/// `cost = "1".."5"`, `cost > 1..5`
pub(super) fn range_for_a_value(site: &Site) -> Option<Answer> {
    let head = site.head().filter(|head| !head.takes_list() && head.verb != Verb::Between)?;
    let is_comparison = phrases::comparison(head.verb).is_some();
    let (place, end) = match site.kind(0) {
        Kind::Clause(_, operand) if is_comparison && operand.shape == Shape::Word => (operand.span, 1),
        Kind::Head(_) => {
            let end = site.touching_end(1);
            (site.span(1..end), end)
        }
        _ => return None,
    };
    let text = site.slice(place);
    if !is_range(text) {
        return None;
    }
    let not = if head.negated || head.verb == Verb::NotEqual { "not " } else { "" };
    let range = format!("{not}in {text}");
    let answer = site.answer_at(Said::UnexpectedRange { operator: operator(site, head.operator) }, place, 0..end);
    let is_eq = matches!(head.verb, Verb::Equal | Verb::NotEqual | Verb::Natural);
    let is_good = (is_eq || is_comparison) && site.accepts(&format!("{} {range}", site.name(head)));
    Some(answer.fix_if(is_good.then(|| site.edits().write(site.until(head.operator, end), &range))))
}

/// Returns the fix for `cost 5..10`.
pub(super) fn after_field(site: &Site) -> Option<Fix> {
    let text = format!("{} in {}", site.of(0), site.of(1));
    let is_good = site.kind(1) == Kind::Text && is_range(site.of(1)) && site.accepts(&text);
    is_good.then(|| site.edits().write(site.span(0..2), &text))
}

/// Whether the grammar matches a text as a range.
fn is_range(text: &str) -> bool {
    if !text.contains("..") {
        return false;
    }
    let clause = format!("x in {text}");
    matches!(sketch::read(&clause).kind(0), Kind::Clause(_, operand) if operand.shape == Shape::Range)
}

/// `cost:{1 TO 5}`, `cost:[0 TO 10}`, `cost:{0 TO *}`: braces exclude the end.
pub(super) fn lucene_range(site: &Site) -> Option<Answer> {
    const MOST: usize = 6;
    let head = site.head().filter(|head| matches!(head.verb, Verb::Natural | Verb::Equal) && !head.negated)?;
    let ty = site.field(site.name(head))?.ty();
    let end = (0..MOST).find(|n| site.of(*n).ends_with(['}', ']']) && *n > 0)? + 1;
    let from = match site.kind(0) {
        Kind::Clause(_, operand) => operand.span,
        _ => site.span(1..2),
    };
    let place = site.until(from, end);
    let text = site.slice(place);
    let inside = text.strip_prefix(['{', '['])?.strip_suffix(['}', ']'])?;
    let (lower, upper) = inside.split_once(" TO ")?;
    let has_brace = text.starts_with('{') || text.ends_with('}');
    let name = site.name(head);
    let bound = |end: &str, sign: &str| (end.trim() != "*").then(|| format!("{name} {sign} {}", end.trim()));
    let lower = bound(lower, if text.starts_with('{') { ">" } else { ">=" });
    let upper = bound(upper, if text.ends_with('}') { "<" } else { "<=" });
    let (text, join) = match (lower, upper) {
        (Some(lower), Some(upper)) if has_brace => (format!("({lower} and {upper})"), true),
        (Some(one), None) | (None, Some(one)) if has_brace => (one, false),
        _ => return None,
    };
    let (kind, _) = ty.invalid(excerpt(site.slice(place)));
    let answer = site.answer_at(kind, place, 0..end);
    let answer = if join { answer.help("`in 1..5` includes both ends") } else { answer };
    let fix = site.edits().write(site.span(0..end), &text);
    let is_sure = readings(&inside.replace(" TO ", "..")).len() == 1;
    Some(answer.fix_if(site.accepts(&text).then(|| fix.sure_if(is_sure))))
}

/// `latency in [5, 10)`. It may also be a malformed list, so the fix is not certain.
pub(super) fn half_open(site: &Site) -> Option<Answer> {
    let head =
        site.broken().filter(|head| matches!(head.verb, Verb::In | Verb::Natural | Verb::Equal) && !head.negated)?;
    let ty = site.field(site.name(head))?.ty();
    let list = lists::closed_list(site).filter(|list| !list.is_matched && list.malformed.is_none())?;
    let [lower, upper] = list.values.as_slice() else { return None };
    if !ty.by_size().is_ordered() {
        return None;
    }
    let (from, to) = if site.of(1) == "[" { (">=", "<") } else { (">", "<=") };
    let name = site.name(head);
    let text = format!("{name} {from} {lower} and {name} {to} {upper}");
    let closing = list.end - 1;
    let answer = site.unexpected(closing..closing + 1, 0..list.end).label(site.span(1..2), "opened here");
    let answer = answer.help("write a half-open interval as two comparisons");
    let is_good = site.accepts(&text);
    Some(answer.fix_if(is_good.then(|| site.edits().write(site.span(0..list.end), &format!("({text})")))))
}

/// `latency:(>5 AND <10)`
pub(super) fn two_bounds(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|head| matches!(head.verb, Verb::Natural | Verb::Equal) && !head.negated)?;
    let end = if site.is_opening(1) { site.closed(1)? } else { return None };
    let name = site.name(head);
    let mut text = String::new();
    let mut join = None;
    let mut at = 2;
    while at < end - 1 {
        match site.kind(at) {
            Kind::Sign => {
                let value = site.value(at + 1).filter(|next| *next < end)?;
                text += &format!("{name} {} {}", site.of(at), site.text(at + 1..value));
                at = value;
            }
            Kind::Join(next) if join.is_none_or(|join| join == next) && !text.is_empty() => {
                join = Some(next);
                text += if next == Join::And { " and " } else { " or " };
                at += 1;
            }
            _ => return None,
        }
    }
    if text.is_empty() || !site.accepts(&text) {
        return None;
    }
    let whole = site.span(0..end);
    let kind = Said::UnexpectedList { operator: operator(site, head.operator) };
    let answer = site.answer(kind, 1..end, 0..end).help("repeat the field in each comparison");
    let text = if join.is_some() { format!("({text})") } else { text };
    Some(answer.fix(site.edits().write(whole, &text).sure()))
}

/// Returns the range for the values of a list `1 TO 5` or `1 .. 5`, of which one end may be `*`.
pub(super) fn to_range(values: &[&str]) -> Option<String> {
    let [lower, middle, upper] = values else { return None };
    let is_open = |end: &str| end == "*";
    if !middle.eq_ignore_ascii_case("to") && *middle != ".." || is_open(lower) && is_open(upper) {
        return None;
    }
    let end = |end: &str| if is_open(end) { String::new() } else { end.to_owned() };
    Some(format!("{}..{}", end(lower), end(upper)))
}

/// Returns the range for `1-5`, `1s-5s`.
pub(super) fn hyphenated(text: &str) -> Option<String> {
    let (lower, upper) = text.split_once('-')?;
    let is_amount = |text: &str| {
        let amount = text.trim_start_matches('$').trim_end_matches(char::is_alphabetic);
        crate::types::number::read(amount).is_ok()
    };
    (is_amount(lower) && is_amount(upper)).then(|| format!("{lower}..{upper}"))
}

fn between(site: &Site) -> Option<Head> {
    site.broken().filter(|head| head.verb == Verb::Between)
}

/// Answers that `between` needs two values, and suggests a range in place of its operand.
pub(super) fn needs_two(site: &Site, head: Head, range: Option<String>, end: usize, shown: usize) -> Answer {
    let place = site.until(head.operator, shown);
    let answer = site.answer_at(Said::IncompleteBetween, place, 0..end);
    let answer = match range {
        Some(range) => {
            let operator = if head.negated { "not in " } else { "in " };
            // `between 1 500 and 2 000` is probably two numbers with spaces.
            let goes_on = site.kind(end) == Kind::Join(Join::And) && !site.begins_clause(end + 1);
            let is_sure = !goes_on && !has_tight_comma(site, head, end);
            write_range(site, answer, site.until(head.operator, end), (site.name(head), operator), &range, is_sure)
        }
        None => answer,
    };
    match answer.diagnostic.fixes.is_empty() {
        true => answer.help("write `between 1 and 5` or `in 1..5`; both ends are included"),
        false => answer,
    }
}

/// Whether a comma may be part of a number: `between 1,500`, `between (1,500)`, `between 0,5`.
fn has_tight_comma(site: &Site, head: Head, end: usize) -> bool {
    let text = site.slice(Span::new(head.operator.end(), site.span(0..end).end())).trim();
    let Some((_, upper)) =
        text.split_once(',').filter(|(_, upper)| upper.starts_with(|char: char| char.is_ascii_digit()))
    else {
        return false;
    };
    let digits = upper.bytes().take_while(u8::is_ascii_digit).count();
    digits == 3 || !text.starts_with(['(', '['])
}

/// `cost between (1, 5)`, `cost between (1..5)`
pub(super) fn between_values(site: &Site) -> Option<Answer> {
    let head = between(site).filter(|_| site.is_opening(1))?;
    let list = lists::closed_list(site)?;
    let range = match list.values.as_slice() {
        [lower, upper] => Some(format!("{lower}..{upper}")),
        [range] if range.split_once("..").is_some_and(|(lower, upper)| !lower.is_empty() && !upper.is_empty()) => {
            Some((*range).to_owned())
        }
        _ => None,
    };
    Some(needs_two(site, head, range, list.end, list.end))
}

/// `cost between 1`, `cost between 1 to 5`, `cost between 1..5`, `cost between 1, 5`
pub(super) fn incomplete_between(site: &Site) -> Option<Answer> {
    let head = between(site)?;
    if let Some(answer) = spaced_ends(site, head) {
        return Some(answer);
    }
    let lower = site.value(1).filter(|_| !site.names_field(1))?;
    let text = site.text(1..lower);
    if let Some((first, second)) = text.split_once("..") {
        let is_range = !first.is_empty() && !second.is_empty();
        return Some(needs_two(site, head, is_range.then(|| text.to_owned()), lower, lower));
    }
    let separator = match site.kind(lower) {
        Kind::Comma => 1,
        Kind::Text if site.is_word(lower, &["to", "-", "–"]) => 1,
        Kind::Word if matches!(site.of(lower), "-" | "–") => 1,
        Kind::Sign if site.of(lower) == "&" => 1,
        Kind::Join(Join::And) if site.kind(lower + 1) == Kind::End => {
            // The `and` of `between 1 and` belongs to it.
            return Some(needs_two(site, head, None, lower + 1, lower));
        }
        _ => 0,
    };
    // What follows is not a separate value.
    let rest = site.words_end(lower).max(lower);
    let upper = site.value(lower + separator).filter(|_| !site.names_field(lower + separator));
    Some(match upper {
        Some(end) => {
            let range = format!("{text}..{}", site.text(lower + separator..end));
            let answer = needs_two(site, head, Some(range), end, lower);
            if answer.diagnostic.fixes.is_empty() { needs_two(site, head, None, rest, lower) } else { answer }
        }
        None => needs_two(site, head, None, rest, lower),
    })
}

/// `start_time between 7 days ago and now`
fn spaced_ends(site: &Site, head: Head) -> Option<Answer> {
    let ty = site.field(site.name(head))?.ty();
    let join = site.run_end(1);
    let end = site.run_end(join + 1);
    let is_interval = site.kind(join) == Kind::Join(Join::And) && join > 1 && end > join + 1;
    let meant = |items: Range<usize>| ty.guess(site.text(items.clone())).unwrap_or(site.text(items).to_owned());
    let ends = is_interval.then(|| format!("{} and {}", meant(1..join), meant(join + 1..end)))?;
    let is_good = site.accepts(&format!("{} {ends}", site.start(head)));
    let spaced = if join > 2 { 1..join } else { join + 1..end };
    let (kind, _) = ty.invalid(excerpt(site.text(spaced.clone())));
    let answer = site.answer(kind, spaced, 0..end);
    is_good.then(|| answer.fix(site.edits().write(site.span(1..end), &ends)))
}

/// `cost in 5 .. 10`, `cost in 5.. 10`, `cost in 5 to 10`, `cost: 5 .. 10`, `cost = 5 .. 10`
pub(super) fn spaced_range(site: &Site) -> Option<Answer> {
    let is_ordered = |head: Head| site.field(site.name(head)).is_some_and(|field| field.ty().by_size().is_ordered());
    let takes_range = |head: &Head| match head.verb {
        Verb::In => true,
        Verb::Natural | Verb::Equal => is_ordered(*head),
        verb => phrases::comparison(verb).is_some() && !head.negated && is_ordered(*head),
    };
    let head = site.head().filter(takes_range)?;
    let has_range = matches!(head.verb, Verb::In | Verb::Natural);
    let (clause, before) = match has_range {
        true => (site.start(head), ""),
        false => (site.name(head), "in "),
    };
    let (start, first) = match site.kind(0) {
        Kind::Clause(_, operand) if matches!(operand.shape, Shape::Range | Shape::Word | Shape::String) => {
            (operand.span.start(), 1)
        }
        Kind::Head(_) => (site.span(1..2).start(), 2),
        _ => return None,
    };
    // A minus before the upper end is an item of its own.
    let (place, range, has_dots) = (first + 1..=first + 3).rev().find_map(|end| {
        let text = site.slice(Span::new(start, site.span(0..end).end())).trim_end();
        let place = Span::new(start, start + text.len());
        let words: Vec<&str> = text.split_whitespace().collect();
        let joined = words.concat();
        let range = match words.as_slice() {
            [lower, "to", upper] => format!("{lower}..{upper}"),
            [lower, upper] if lower.ends_with("..") || upper.starts_with("..") => joined,
            [lower, "..", "*"] => format!("{lower}.."),
            [_, "..", _] => joined,
            _ => return None,
        };
        let is_whole = !range.ends_with("..") || site.ends_at(end - usize::from(site.kind(end - 1) == Kind::End));
        let is_good = is_whole && site.accepts(&format!("{clause} {before}{range}"));
        is_good.then(|| (place, range, !words.contains(&"to")))
    })?;
    let end = site.items_before(place.end());
    let kind = match head.verb {
        Verb::In => Said::ExpectedList { operator: operator(site, head.operator), range: true },
        _ => Said::Unexpected { found: excerpt(site.slice(place)) },
    };
    let answer = site.answer_at(kind, place, 0..end).help("write a range with two dots and without spaces");
    let answer = if head.verb == Verb::In { answer } else { answer.beside_text(BesideText::Keep) };
    let place = if has_range { place } else { head.operator.to(place) };
    Some(write_range(site, answer, place, (clause, before), &range, has_dots && has_range))
}

/// Adds a fix for each reading of a range, after the start of a clause and an operator. Only a single one can be sure.
pub(super) fn write_range(
    site: &Site,
    answer: Answer,
    place: Span,
    (clause, operator): (&str, &str),
    range: &str,
    is_sure: bool,
) -> Answer {
    let readings = readings(range);
    let is_sure = is_sure && readings.len() == 1 && !is_reversed(range);
    let texts = readings.iter().map(|range| format!("{operator}{range}"));
    texts
        .filter(|text| site.accepts(&format!("{clause} {text}")))
        .fold(answer, |answer, text| answer.fix(site.edits().write(place, &text).sure_if(is_sure)))
}

/// Returns the ranges that may be meant. A unit at one end may be meant for both.
fn readings(range: &str) -> Vec<String> {
    let ends = range.split_once("..").and_then(|(lower, upper)| Some((amount(lower)?, amount(upper)?)));
    let with_unit = match ends {
        Some(((_, ""), (_, unit))) if !unit.is_empty() => range.replacen("..", &format!("{unit}.."), 1),
        Some(((_, unit), (_, ""))) if !unit.is_empty() => format!("{range}{unit}"),
        _ => return vec![range.to_owned()],
    };
    vec![with_unit, range.to_owned()]
}

/// Whether the lower end of a range of numbers is greater than the upper one.
fn is_reversed(range: &str) -> bool {
    let ends = range.split_once("..").and_then(|(lower, upper)| Some((amount(lower)?, amount(upper)?)));
    ends.is_some_and(|((lower, unit), (upper, other))| unit == other && lower > upper)
}

/// Splits `800ms` into a number and its unit.
fn amount(text: &str) -> Option<(f64, &str)> {
    let number = text.trim_end_matches(char::is_alphabetic);
    let unit = text.get(number.len()..)?;
    let number = number.replace(['$', '_'], "");
    Some((number.parse().ok()?, unit))
}

/// `cost:10..*`
pub(super) fn open_end(site: &Site) -> Option<Answer> {
    let (head, operand) = site.clause().filter(|(_, operand)| operand.shape == Shape::Range)?;
    let text = site.slice(operand.span);
    let (range, star) = match (text.strip_suffix("..*"), text.strip_prefix("*..")) {
        (Some(lower), None) => (format!("{lower}.."), operand.span.end() - 1),
        (None, Some(upper)) => (format!("..{upper}"), operand.span.start()),
        _ => return None,
    };
    let answer = site.answer_at(Said::Unexpected { found: "*".to_owned() }, Span::new(star, star + 1), 0..1);
    let answer = answer.help("leave out an end that has no limit");
    let is_good = site.accepts(&format!("{} {range}", site.start(head)));
    is_good.then(|| answer.fix(site.edits().write(operand.span, &range).sure()))
}

/// `cost > 5 < 10`, where the first value was read as a field.
pub(super) fn second_bound(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|head| phrases::comparison(head.verb).is_some() && !head.negated)?;
    let Kind::Clause(next, _) = site.kind(1) else { return None };
    if phrases::comparison(next.verb).is_none() || site.field(site.name(next)).is_some() {
        return None;
    }
    let name = site.name(head);
    let second = site.slice(Span::new(next.operator.start(), site.span(0..2).end()));
    let text = format!("{} {} and {name} {second}", site.start(head), site.name(next));
    let answer = site.answer_at(Said::Unexpected { found: operator(site, next.operator) }, next.operator, 0..2);
    let answer = answer.help("repeat the field in each comparison");
    let is_good = site.accepts(&text);
    is_good.then(|| answer.fix(site.edits().write(site.span(0..2), &site.operand(&text, Some(Join::And), 2))))
}

/// `cost in ..`, `start_time in not..b`
pub(super) fn endless_range(site: &Site) -> Option<Answer> {
    site.broken().filter(|head| head.verb == Verb::In)?;
    let text = site.of(1);
    if text == ".." {
        return Some(site.answer(Said::EndlessRange, 1..2, 0..2).help("write 1..5, 1.. or ..5"));
    }
    let (lower, upper) = text.split_once("..")?;
    let start = site.span(1..2).start();
    let keyword = |word: &str, at: usize| {
        let place = Span::new(start + at, start + at + word.len());
        crate::syntax::keyword::reserved(word)?;
        let kind = Said::KeywordAsValue { keyword: word.to_owned() };
        let title = "to search for the word itself, put it in quotes";
        let fix = site.edits().replace(title, place, &crate::syntax::quote(word));
        Some(site.answer_at(kind, place, 0..2).fix(fix))
    };
    keyword(lower, 0).or_else(|| keyword(upper, lower.len() + 2))
}
