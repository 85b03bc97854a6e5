//! Rules for values with spaces or commas: numbers, durations and times in other notations.

use crate::catalog::{Field, Type};
use crate::check;
use crate::diagnose::site::Site;
use crate::diagnose::{Answer, BesideText, phrases};
use crate::diagnostic::{Kind as Said, excerpt};
use crate::sketch::{self, Head, Join, Kind, Shape, Verb};
use crate::span::Span;
use crate::syntax::keyword;
use crate::types::time;

use super::clause::operator;
use super::range;

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
    if let Some(answer) = range::spaced_range(site).filter(|_| site.is_word(1, &["to"])) {
        return Some(answer);
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
    (from + 2..=last).rev().find_map(|end| {
        let place = Span::new(start, site.span(end - 1..end).end());
        as_one_value(site, head, ty, place, end)
    })
}

/// Answers for a value with spaces, which ends before an item, if it is one value of the type.
fn as_one_value(site: &Site, head: Head, ty: Type, place: Span, end: usize) -> Option<Answer> {
    let text = site.slice(place);
    // A sign at the end belongs to what follows.
    if text.ends_with(['-', '+', ',']) {
        return None;
    }
    let meant = ty.guess(text)?;
    let (kind, help) = ty.invalid(excerpt(text));
    let answer = site.answer_at(kind, place, 0..end);
    let with_operator = |sign: &str| site.edits().write(head.operator.to(place), &format!("{sign} {meant}"));
    let is_eq = matches!(head.verb, Verb::Equal | Verb::Natural) && !head.negated;
    if meant.starts_with("now-") && is_eq {
        return Some(answer.fix(with_operator(">=")));
    }
    if !site.accepts(&format!("{} {meant}", site.start(head))) {
        return None;
    }
    // It would exclude a single second.
    if head.verb == Verb::NotEqual && meant.starts_with("now-") {
        return Some(answer.help(help));
    }
    let given = phrases::comparison(head.verb);
    if let Some(given) = given.filter(|_| is_age(text, &meant)) {
        let sign = given.op().written();
        let answer = answer.help(check::newer_or_older(text, &meant)).fix(with_operator(sign));
        return Some(keyword::turned(sign).map(with_operator).into_iter().fold(answer, Answer::fix));
    }
    let ours = given.map(|given| ty.comparison_with_guess(text, given));
    let fix = match ours.filter(|_| ours != given) {
        Some(ours) => with_operator(ours.op().written()),
        None => site.edits().write(place, &meant),
    };
    let is_doubtful = is_doubtful(head, ty, text, &meant) || is_digits(text) && site.context.has_text();
    Some(answer.fix(fix.sure_if(!is_doubtful)))
}

/// Whether the guess for a value with spaces may be wrong. A decimal comma may separate list values, a missing unit is
/// assumed, and for some the last month is the one that ends now.
fn is_doubtful(head: Head, ty: Type, text: &str, meant: &str) -> bool {
    text.contains(',') && !text.contains('(')
        || ty == Type::Time && text.ends_with(|char: char| char.is_ascii_digit())
        || time::is_calendar_word(meant)
        || text.split(|char: char| !char.is_alphabetic()).any(|word| word == "M")
        || head.verb == Verb::NotEqual
        || head.negated
        || time::is_boundary(text) && !matches!(head.verb, Verb::GreaterOrEqual | Verb::Less)
        || meant == "yesterday" && !text.eq_ignore_ascii_case(meant)
        || is_compared_by_start(head.verb, text, meant)
        || is_period_by_its_end(head.verb, text, meant)
}

/// Whether a time is given as an age, as in `30 days`: a smaller age is a later time.
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

/// `start_time > 2024-06-01 10:00 UTC`, where the hour was read as a field.
fn date_and_time(site: &Site, head: Head) -> Option<Answer> {
    let (_, operand) = site.clause()?;
    let value = site.slice(operand.span);
    let is_hour = matches!(site.kind(1), Kind::Clause(next, _) if site.name(next).len() <= 2) && site.is_value(1);
    if !is_hour || value.matches(['-', '/', '.']).count() != 2 {
        return None;
    }
    let is_zone = |zone: &str| (1..=4).contains(&zone.len()) && zone.bytes().all(|byte| byte.is_ascii_uppercase());
    let zone = if site.kind(2) == Kind::Text { Some(site.of(2)).filter(|zone| is_zone(zone)) } else { None };
    let end = if zone.is_some() { 3 } else { 2 };
    let place = site.until(operand.span, end);
    let answer = site.answer_at(Said::InvalidTime { text: excerpt(site.slice(place)) }, place, 0..end);
    let zone = match zone {
        None => "",
        Some("UTC" | "GMT" | "Z") => "Z",
        Some(_) => return Some(answer.help("write the time zone as an offset, as in `2024-06-01T10:00+02:00`")),
    };
    let joined = format!("{value}T{}{zone}", site.of(1));
    let meant = Type::Time.guess(&joined).unwrap_or(joined);
    let answer = answer.help("join the date and the time with a `T`, or put both in quotes");
    let is_good = site.accepts(&format!("{} {meant}", site.start(head)));
    // `2024-06-01 10:00 (UTC)` has the zone in brackets.
    let is_apart = site.ends_at(end) || site.kind(end) != Kind::Open && site.begins_clause(end);
    Some(answer.fix_if(is_good.then(|| site.edits().write(place, &meant).sure_if(is_apart))))
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
        Kind::Head(head) if matches!(head.verb, Verb::In | Verb::Between) && site.kind(1) == Kind::Text => {
            (2, site.span(1..2))
        }
        _ => return None,
    };
    let mut end = after_commas(site, from);
    if head.verb == Verb::Between && site.broken().is_some() {
        let upper = site.value(end + 1).filter(|_| site.kind(end) == Kind::Join(Join::And))?;
        end = after_commas(site, upper);
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

/// Returns the end of the numbers that follow commas without spaces.
fn after_commas(site: &Site, from: usize) -> usize {
    let is_comma = |n: usize| site.kind(n) == Kind::Comma && site.touches(n);
    let mut end = from;
    while is_comma(end) && site.touches(end + 1) && site.kind(end + 1) == Kind::Text {
        end += 2;
    }
    end
}

/// `1,000`, `$1,000.50`
fn is_grouped(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '$']);
    let mut groups = digits.split('.').next().unwrap_or_default().split(',');
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
    let grouped = first && groups.clone().count() > 0 && groups.all(|group| group.len() == 3);
    grouped && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'))
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
