//! Rules for ranges, intervals, and values with spaces: numbers, durations and times in other notations.

use crate::catalog::{Field, Type};
use crate::check;
use crate::diagnose::site::Site;
use crate::diagnose::{Answer, BesideText};
use crate::diagnostic::{Kind as Said, excerpt};
use crate::filter::Comparison;
use crate::sketch::{self, Head, Join, Kind, Shape, Verb};
use crate::span::Span;
use crate::syntax::keyword;
use crate::types::time;

use super::clause::operator;
use super::lists;

/// `latency > 5 seconds`, `start_time >= today - 30d`, `cost > 5 USD`
pub(super) fn spaced_value(site: &Site) -> Option<Answer> {
    let (head, operand) = site.clause()?;
    let ty = site.context.likely_field(site.name(head))?.ty();
    if !ty.is_ordered() || operand.shape != Shape::Word || site.kind(1) == Kind::Comma && !site.touches(2) {
        return None;
    }
    if let Some(answer) = spaced(site, 0, ty) {
        return Some(answer.beside_text(BesideText::Keep));
    }
    let begins_word = site.of(1).starts_with(char::is_alphanumeric);
    let end = site.words_end(1);
    if end == 1 || !begins_word {
        return None;
    }
    let place = site.until(operand.span, end);
    let (kind, help) = ty.invalid(excerpt(site.slice(place)));
    Some(site.answer_at(kind, place, 0..end).help(help))
}

/// `latency in 1..5 minutes`, `cost between 1 and 1 000`, `start_time in yesterday..now - 1h`
pub(super) fn spaced_values(site: &Site) -> Option<Answer> {
    let (head, operand) = site.clause()?;
    let ty = site.context.likely_field(site.name(head)).map(Field::ty).filter(|ty| ty.is_ordered())?;
    let is_list = match operand.shape {
        Shape::List => true,
        Shape::Range | Shape::Interval => false,
        Shape::Word | Shape::String | Shape::Parameter => return None,
    };
    let values = site.context.words(site.sketch, site.at);
    let last = *values.last().filter(|last| is_list || last.end() == operand.span.end())?;
    for end in (2..=site.run_end(1)).rev() {
        let rest = site.slice(site.span(1..end));
        let is_unit = rest.starts_with(|char: char| !char.is_ascii_digit() && !matches!(char, '-' | '+'));
        let with_rest = |value: Span| ty.guess(&format!("{} {rest}", site.slice(value)));
        if is_list && !is_unit || with_rest(last).is_none() {
            continue;
        }
        let mut made = String::new();
        let mut copied = operand.span.start();
        // A unit may be meant for all values without one.
        for value in values.iter().filter(|value| is_unit || **value == last) {
            made += site.slice(Span::new(copied, value.start()));
            made += with_rest(*value).as_deref().unwrap_or(site.slice(*value));
            copied = value.end();
        }
        made += site.slice(Span::new(copied, operand.span.end()));
        let answer = if is_list {
            site.unexpected(1..end, 0..end)
        } else {
            let place = site.until(last, end);
            site.answer_at(ty.invalid(excerpt(site.slice(place))).0, place, 0..end)
        };
        let fix = site.edits().write(site.until(operand.span, end), &made);
        return Some(answer.beside_text(BesideText::Keep).fix(fix));
    }
    None
}

/// Finds the longest run that is one value of a type in another notation.
pub(super) fn spaced(site: &Site, from: usize, ty: Type) -> Option<Answer> {
    let head = site.head()?;
    let start = match site.kind(0) {
        Kind::Clause(_, operand) => operand.span.start(),
        _ => site.span(from..from + 1).start(),
    };
    if let Some(answer) = date_and_time(site, head) {
        return Some(answer);
    }
    let last = site.run_end(from + 1);
    for end in (from + 2..=last).rev() {
        let place = Span::new(start, site.span(end - 1..end).end());
        let text = site.slice(place);
        // A sign at the end belongs to what follows.
        if text.ends_with(['-', '+', ',']) {
            continue;
        }
        let Some(meant) = ty.guess(text) else { continue };
        let (kind, _) = ty.invalid(excerpt(text));
        let is_eq = matches!(head.verb, Verb::Equal | Verb::Natural) && !head.negated;
        let is_since = meant.starts_with("now-") && is_eq;
        let answer = site.answer_at(kind, place, 0..end);
        if is_since {
            let fix = site.edits().write(head.operator.to(place), &format!(">= {meant}"));
            return Some(answer.fix(fix));
        }
        if !site.accepts(&format!("{} {meant}", site.start(head))) {
            continue;
        }
        // It would exclude a single second.
        if head.verb == Verb::NotEqual && meant.starts_with("now-") {
            return Some(answer.help(ty.invalid(String::new()).1));
        }
        if let Some(given) = comparison(head.verb).filter(|_| is_age(text, &meant)) {
            let sign = given.op().written();
            let fix = |sign: &str| site.edits().write(head.operator.to(place), &format!("{sign} {meant}"));
            let answer = answer.help(check::newer_or_older(text, &meant)).fix(fix(sign));
            return Some(keyword::turned(sign).map(fix).into_iter().fold(answer, Answer::fix));
        }
        let fix = match comparison(head.verb).map(|given| (given, ty.comparison_with_guess(text, given))) {
            Some((given, ours)) if ours != given => {
                let sign = ours.op().written();
                site.edits().write(head.operator.to(place), &format!("{sign} {meant}"))
            }
            _ => site.edits().write(place, &meant),
        };
        // A decimal comma may separate list values, a missing unit is assumed, and for some the last month is the
        // one that ends now.
        let is_doubtful = text.contains(',') && !text.contains('(')
            || ty == Type::Time && text.ends_with(|char: char| char.is_ascii_digit())
            || time::is_calendar_word(&meant)
            || text.split(|char: char| !char.is_alphabetic()).any(|word| word == "M")
            || head.verb == Verb::NotEqual
            || head.negated
            || is_digits(text) && site.context.has_text()
            || is_compared_by_start(head.verb, text, &meant)
            || is_period_by_its_end(head.verb, text, &meant);
        return Some(answer.fix(fix.sure_if(!is_doubtful)));
    }
    None
}

/// Whether a time is given as an age, as in `30 days`, which is less the newer something is.
fn is_age(text: &str, meant: &str) -> bool {
    let is_ago = text.get(text.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("ago"));
    meant.starts_with("now-") && text.starts_with(|char: char| char.is_ascii_digit()) && !is_ago
}

/// Whether a text consists of groups of digits, of which the last may be a term.
fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ')
}

/// Whether a period up to now is compared by its start: `start_time < last 7 days`.
fn is_compared_by_start(verb: Verb, text: &str, meant: &str) -> bool {
    let begins = |word: &str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    meant.starts_with("now-")
        && (begins("last") || begins("past"))
        && !matches!(verb, Verb::Greater | Verb::GreaterOrEqual)
}

fn comparison(verb: Verb) -> Option<Comparison> {
    Some(match verb {
        Verb::Less => Comparison::Lt,
        Verb::LessOrEqual => Comparison::Lte,
        Verb::Greater => Comparison::Gt,
        Verb::GreaterOrEqual => Comparison::Gte,
        Verb::Equal
        | Verb::NotEqual
        | Verb::Has
        | Verb::Lacks
        | Verb::Natural
        | Verb::Contains
        | Verb::In
        | Verb::Between => return None,
    })
}

/// Whether a period is compared by its end, as in `<= startOfDay()`: elsewhere, a function is an instant, and here
/// the whole period.
fn is_period_by_its_end(verb: Verb, text: &str, meant: &str) -> bool {
    let is_period = !meant.contains(':') && !meant.starts_with("now");
    text.contains(['(', '\'', '"']) && is_period && !matches!(verb, Verb::GreaterOrEqual | Verb::Less)
}

/// Whether a query from another language compares a day by its end. There a date is its first instant.
pub(super) fn compares_day_by_its_end(site: &Site, text: &str) -> bool {
    let sketch = sketch::read(text);
    let is_day = |part: &str| part.contains(|char: char| char.is_ascii_digit()) && !part.contains(':');
    sketch.items.iter().any(|item| match item.kind {
        Kind::Clause(head, operand) => {
            let is_time = || site.field(head.field.of(text)).is_some_and(|field| field.ty() == Type::Time);
            let value = operand.span.of(text);
            !matches!(head.verb, Verb::GreaterOrEqual | Verb::Less)
                && is_day(value)
                && !value.contains("now")
                && is_time()
        }
        _ => false,
    })
}

/// `start_time > 2024-06-01 10:00`, where the hour was read as a field.
fn date_and_time(site: &Site, head: Head) -> Option<Answer> {
    let (_, operand) = site.clause()?;
    let value = site.slice(operand.span);
    let is_hour = matches!(site.kind(1), Kind::Clause(next, _) if site.name(next).len() <= 2) && site.is_value(1);
    if !is_hour || value.matches(['-', '/', '.']).count() != 2 {
        return None;
    }
    let place = site.until(operand.span, 2);
    let joined = format!("{value}T{}", site.of(1));
    let meant = Type::Time.guess(&joined).unwrap_or(joined);
    let answer = site.answer_at(Said::InvalidTime { text: excerpt(site.slice(place)) }, place, 0..2);
    let answer = answer.help("join the date and the time with a `T`, or put both in quotes");
    let is_good = site.accepts(&format!("{} {meant}", site.start(head)));
    Some(answer.fix_if(is_good.then(|| site.edits().write(place, &meant).sure())))
}

/// `cost > 1,000`, `cost > 1,5`
pub(super) fn number_with_comma(site: &Site) -> Option<Answer> {
    let head = site.head()?;
    let ty = site.field(site.name(head))?.ty();
    let is_number = matches!(ty, Type::Number | Type::Usd | Type::Seconds | Type::Score);
    let (from, start) = match site.kind(0) {
        Kind::Clause(_, operand) if matches!(operand.shape, Shape::Word | Shape::Range | Shape::Interval) => {
            (1, operand.span)
        }
        Kind::Head(head) if head.verb == Verb::In && site.kind(1) == Kind::Text => (2, site.span(1..2)),
        _ => return None,
    };
    let mut end = from;
    while site.kind(end) == Kind::Comma
        && site.touches(end)
        && site.touches(end + 1)
        && site.kind(end + 1) == Kind::Text
    {
        end += 2;
    }
    if !is_number || end == from {
        return None;
    }
    let place = site.until(start, end);
    let text = site.slice(place);
    let ends: Vec<&str> = match text.split_once("..") {
        Some((lower, upper)) => vec![lower, upper],
        None => text.split(" and ").collect(),
    };
    if ends.len() > 1 {
        let meant = text.replace(',', "_");
        let are_grouped = ends.iter().all(|end| !end.contains(',') || is_grouped(end));
        let is_good = are_grouped && site.accepts(&format!("{} {meant}", site.start(head)));
        let answer = site.answer_at(Said::InvalidNumber { text: text.to_owned() }, place, 0..end);
        return is_good.then(|| answer.help("use `_` to group digits").fix(site.edits().write(place, &meant)));
    }
    if !text.starts_with(|char: char| char.is_ascii_digit() || matches!(char, '-' | '$')) {
        return None;
    }
    let (meant, help) = if is_grouped(text) {
        (text.replace(',', "_"), "use `_` to group digits")
    } else {
        let ty = if ty == Type::Usd { ty } else { Type::Number };
        (ty.guess(text)?, "write decimals with a point")
    };
    if !site.accepts(&format!("{} {meant}", site.start(head))) {
        return None;
    }
    let answer = site.answer_at(Said::InvalidNumber { text: text.to_owned() }, place, 0..end);
    Some(answer.help(help).fix(site.edits().write(place, &meant)))
}

/// `1,000`, `$1,000.50`
fn is_grouped(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '$']);
    let mut groups = digits.split('.').next().unwrap_or_default().split(',');
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
    let grouped = first && groups.clone().count() > 0 && groups.all(|group| group.len() == 3);
    grouped && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'))
}

/// `cost = "1".."5"`
pub(super) fn range_for_a_value(site: &Site) -> Option<Answer> {
    let head = site.head().filter(|head| !head.takes_list() && head.verb != Verb::Between)?;
    let end = matches!(site.kind(0), Kind::Head(_)).then(|| site.touching_end(1))?;
    let place = site.span(1..end);
    let text = site.slice(place);
    if !is_range(text) {
        return None;
    }
    let not = if head.negated || head.verb == Verb::NotEqual { "not " } else { "" };
    let range = format!("{not}in {text}");
    let answer = site.answer_at(Said::UnexpectedRange { operator: operator(site, head.operator) }, place, 0..end);
    let is_eq = matches!(head.verb, Verb::Equal | Verb::NotEqual | Verb::Natural);
    let is_good = is_eq && site.accepts(&format!("{} {range}", site.name(head)));
    Some(answer.fix_if(is_good.then(|| site.edits().write(site.until(head.operator, end), &range))))
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
    Some(answer.fix_if(site.accepts(&text).then(|| fix.sure())))
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

/// Returns the range for a list value `1 TO 5`, of which one end may be `*`.
pub(super) fn to_range(values: &[&str]) -> Option<String> {
    let [lower, middle, upper] = values else { return None };
    let is_open = |end: &str| end == "*";
    if !middle.eq_ignore_ascii_case("to") || is_open(lower) && is_open(upper) {
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
    let fix = range.and_then(|range| {
        let not = if head.negated { "not " } else { "" };
        let text = format!("{not}in {range}");
        let is_good = site.accepts(&format!("{} {text}", site.name(head)));
        // `between 1 500 and 2 000` is probably two numbers with spaces.
        let goes_on = site.kind(end) == Kind::Join(Join::And) && !site.begins_clause(end + 1);
        is_good.then(|| site.edits().write(site.until(head.operator, end), &text).sure_if(!goes_on))
    });
    match fix {
        Some(fix) => answer.fix(fix),
        None => answer.help("write `between 1 and 5` or `in 1..5`; both ends are included"),
    }
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

/// `cost in 5 .. 10`, `cost in 5.. 10`, `cost in 5 to 10`
pub(super) fn spaced_range(site: &Site) -> Option<Answer> {
    let head = site.head().filter(|head| head.verb == Verb::In)?;
    let (start, first) = match site.kind(0) {
        Kind::Clause(_, operand) if operand.shape == Shape::Range => (operand.span.start(), 1),
        Kind::Head(_) => (site.span(1..2).start(), 2),
        _ => return None,
    };
    let (place, range, has_dots) = (first + 1..=first + 2).rev().find_map(|end| {
        let place = Span::new(start, site.span(0..end).end());
        let words: Vec<&str> = site.slice(place).split_whitespace().collect();
        let joined = words.concat();
        let range = match words.as_slice() {
            [lower, "to", upper] => format!("{lower}..{upper}"),
            [lower, upper] if lower.ends_with("..") || upper.starts_with("..") => joined,
            [lower, "..", "*"] => format!("{lower}.."),
            [_, "..", _] => joined,
            _ => return None,
        };
        let is_good = site.accepts(&format!("{} {range}", site.start(head)));
        is_good.then(|| (place, range, !words.contains(&"to")))
    })?;
    let end = site.items_before(place.end());
    let kind = Said::ExpectedList { operator: operator(site, head.operator), range: true };
    let answer = site.answer_at(kind, place, 0..end).help("write a range with two dots and without spaces");
    Some(answer.fix(site.edits().write(place, &range).sure_if(has_dots)))
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
    let head = site.broken().filter(|head| comparison(head.verb).is_some() && !head.negated)?;
    let Kind::Clause(next, _) = site.kind(1) else { return None };
    if comparison(next.verb).is_none() || site.field(site.name(next)).is_some() {
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

/// `start_time in last 7 days`, `start_time in last month`
pub(super) fn since(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|head| head.verb == Verb::In && !head.negated)?;
    site.field(site.name(head)).filter(|field| field.ty() == Type::Time)?;
    let end = site.run_end(1);
    let place = site.span(1..end);
    let time = Type::Time.guess(site.slice(place)).filter(|_| end > 1)?;
    let kind = Said::ExpectedList { operator: operator(site, head.operator), range: true };
    let ours = if time.starts_with("now-") { ">=" } else { "=" };
    let fix = site.edits().write(head.operator.to(place), &format!("{ours} {time}"));
    Some(site.answer_at(kind, place, 0..end).fix(fix))
}
