//! Rules for anything else where a value is expected, or directly after a value.

use crate::catalog::Type;
use crate::diagnose::site::Site;
use crate::diagnose::{Answer, BesideText, example, phrases};
use crate::diagnostic::{Kind as Said, excerpt};
use crate::sketch::{Head, Kind, Shape, Verb};
use crate::span::Span;
use crate::syntax::quote;

use super::clause::operator;
use super::range;

/// Suggests quotes around a text if its field takes strings; otherwise describes the field's values.
pub(super) fn offer_quotes(site: &Site, answer: Answer, head: Head, place: Span, text: &str) -> Answer {
    let quoted = quote(text);
    if site.accepts(&format!("{} {quoted}", site.start(head))) {
        return answer.fix(site.edits().write(place, &quoted));
    }
    match site.field(site.name(head)) {
        Some(field) => {
            let ty = field.ty().by_size();
            if ty == Type::Text { answer } else { answer.help(ty.invalid(String::new()).1) }
        }
        None => answer,
    }
}

/// `insight_name = Response Quality Issues`. With a text field, the words may be terms.
pub(super) fn unquoted_words(site: &Site) -> Option<Answer> {
    let (head, operand) = site.clause()?;
    let takes_words = !head.verb.is_comparison_by_size() && !matches!(head.verb, Verb::In | Verb::Between);
    if !takes_words || operand.shape != Shape::Word {
        return None;
    }
    let end = site.words_end(1);
    if end == 1 || !phrases::is_wordlike(site.of(1)) || (1..end).any(|n| site.is_quoted(n)) {
        return None;
    }
    let place = site.until(operand.span, end);
    let kind = Said::ExpectedOperator { field: excerpt(site.of(1)) };
    let answer = site.answer(kind, 1..2, 0..end).help("put a value of several words in quotes");
    let answer = answer.beside_text(BesideText::Warn);
    Some(offer_quotes(site, answer, head, place, site.slice(place)))
}

/// `output:refund~1`, `output:"refund policy"~2`, as in Lucene
pub(super) fn fuzzy(site: &Site) -> Option<Answer> {
    site.broken().filter(|head| head.verb == Verb::Natural)?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let (head, place) = match site.kind(1) {
        Kind::Clause(head, amount) if is_number(site.slice(amount.span)) => (head, head.operator.to(amount.span)),
        Kind::Head(head) if site.ends_at(2) || !site.touches(2) => (head, head.operator),
        _ => return None,
    };
    let is_fuzzy = site.slice(place).starts_with('~') && head.field.end() == place.start();
    let answer = site.answer_at(Said::Unexpected { found: excerpt(site.slice(place)) }, place, 0..2);
    let answer = answer.help("the API has no fuzzy search");
    is_fuzzy.then(|| answer.fix(site.edits().remove(place)))
}

/// `model = AT&T`: a sign inside a word.
pub(super) fn sign_in_value(site: &Site) -> Option<Answer> {
    let (head, operand) = site.clause()?;
    let touches = site.kind(1) == Kind::Sign && site.touches(1) && site.touches(2) && site.kind(2) == Kind::Text;
    if operand.shape != Shape::Word || !touches {
        return None;
    }
    let end = site.touching_end(1);
    let place = site.until(operand.span, end);
    let answer = site.unexpected(1..2, 0..end).help("put a value that contains this character in quotes");
    Some(offer_quotes(site, answer, head, place, site.slice(place)))
}

/// `cost > 1=2`, `model = a=b`, `model=a;env=b`
pub(super) fn signs_in_value(site: &Site) -> Option<Answer> {
    let head = site.broken()?;
    let end = site.touching_end(1);
    let place = site.span(1..end);
    let text = site.slice(place);
    let sign = text.find(['=', '<', '>', '!', '~', '|', '&'])?;
    let is_word = matches!(site.kind(1), Kind::Word | Kind::Text | Kind::Clause(..) | Kind::Head(_))
        && !text.contains(['"', '\'', '(', '[']);
    let start = place.start() + sign;
    if !is_word || text.starts_with(char::is_whitespace) || sign == 0 {
        return None;
    }
    if let Kind::Clause(next, _) | Kind::Head(next) = site.kind(1) {
        let name = site.name(next);
        if site.field(name).is_some() || site.slice(next.field.to(next.operator)).contains(char::is_whitespace) {
            return joined_by_semicolon(site, next);
        }
        if let Some(answer) = joined_by_semicolon(site, next) {
            return Some(answer);
        }
    }
    let len = text.get(sign..)?.find(|char| !"=<>!~|&:".contains(char)).unwrap_or(1).max(1);
    let kind = Said::Unexpected { found: excerpt(site.slice(Span::new(start, start + len))) };
    let answer = site.answer_at(kind, Span::new(start, start + len), 0..end);
    let answer = answer.help("put a value that contains this character in quotes");
    Some(offer_quotes(site, answer, head, place, text))
}

/// `model=a;env=b`
fn joined_by_semicolon(site: &Site, next: Head) -> Option<Answer> {
    let name = site.name(next);
    let (first, field) = name.rsplit_once([';', ','])?;
    site.field(field)?;
    let at = next.field.start() + first.len();
    let place = Span::new(at, at + 1);
    let operator = site.slice(next.operator);
    let kind = Said::Unexpected { found: operator.to_owned() };
    let answer = site.answer_at(kind, next.operator, 0..2).help("join clauses with `and`");
    Some(answer.fix(site.edits().replace("write `and`", place, " and ")))
}

/// `model = $a-b`
pub(super) fn parameter_name(site: &Site) -> Option<Answer> {
    let head = site.broken()?;
    let is_name = |n: &usize| site.kind(*n) == Kind::Word && site.of(*n).starts_with('$') && site.of(*n).len() > 1;
    let end = if site.is_opening(1) { site.closed(1)? } else { site.touching_end(1) };
    let at = if site.is_opening(1) { (2..end).find(is_name)? } else { Some(1).filter(is_name)? };
    let text = site.of(at);
    let word = text.split("..").next().unwrap_or(text);
    let start = site.span(at..at + 1).start();
    let place = Span::new(start, start + word.len());
    let name = excerpt(word.trim_start_matches('$'));
    let end = if head.verb == Verb::Between {
        site.value(end + 1).filter(|_| matches!(site.kind(end), Kind::Join(_))).unwrap_or(end)
    } else {
        end
    };
    let answer = site.answer_at(Said::ParameterName { name }, place, 0..end);
    let by_size = head.verb.is_comparison_by_size() || head.verb == Verb::Between || word.len() < text.len();
    let ty = site.field(site.name(head)).map(|field| if by_size { field.ty().by_size() } else { field.ty() });
    let holds = ty.is_none_or(|ty| matches!(ty, Type::Text | Type::Score | Type::Any));
    if !holds {
        return Some(answer.help(ty.unwrap_or(Type::Any).invalid(String::new()).1));
    }
    Some(answer.help("put a string that begins with `$` in quotes").fix(site.edits().write(place, &quote(word))))
}

/// `start_time > 2024-06-01T10:00Z[Europe/Berlin]`, `model = a[0]`
pub(super) fn brackets_in_value(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|_| !site.is_opening(1))?;
    let end = site.touching_end(1);
    let place = site.span(1..end);
    let text = site.slice(place);
    let (value, brackets) = text.split_at_checked(text.find('[')?)?;
    if !text.ends_with(']') || text.contains(['"', '\'', '(']) {
        return None;
    }
    let start = place.start() + value.len();
    let kind = Said::Unexpected { found: "[".to_owned() };
    let answer = site.answer_at(kind, Span::new(start, start + 1), 0..end);
    if site.accepts(&format!("{} {value}", site.start(head))) && site.field(site.name(head))?.ty() == Type::Time {
        let answer = answer.help("write the zone as an offset, such as `+02:00`");
        return Some(answer.fix(site.edits().remove(Span::new(start, start + brackets.len()))));
    }
    let answer = answer.help("put a value that contains this character in quotes");
    Some(offer_quotes(site, answer, head, place, text))
}

/// `output ~ {"status": "error"}`
pub(super) fn json_in_value(site: &Site) -> Option<Answer> {
    let head = site.broken()?;
    if site.kind(1) != Kind::Word || !site.of(1).starts_with('{') || !site.touches(2) {
        return None;
    }
    let end = (1..48).find(|n| site.of(*n).ends_with('}') && site.touching_end(*n) == *n + 1)? + 1;
    let place = site.span(1..end);
    let kind = Said::Unexpected { found: "{".to_owned() };
    let answer = site.answer_at(kind, Span::new(place.start(), place.start() + 1), 0..end);
    let answer = answer.help("put the value in quotes, with a backslash before each quote inside it");
    Some(offer_quotes(site, answer, head, place, site.slice(place)))
}

/// `model = <gpt-4o>`
pub(super) fn angle_brackets(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|_| site.of(1) == "<" && site.touches(2))?;
    let end = (2..6).find(|n| site.of(*n).ends_with('>') || site.of(*n).starts_with('>'))? + 1;
    let place = site.span(1..end);
    let text = site.slice(place);
    if text.contains(char::is_whitespace) {
        return None;
    }
    let kind = Said::ExpectedValue { operator: operator(site, head.operator) };
    let answer = site.answer_at(kind, head.operator, 0..end);
    let answer = answer.help("put a value that contains this character in quotes");
    Some(offer_quotes(site, answer, head, place, text))
}

/// `env = not prod`, `output ~ not found`
pub(super) fn negated_value(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|_| site.kind(1) == Kind::Not && site.of(1) != "-")?;
    let end = site.value(2).filter(|_| !site.names_field(2))?;
    let negative = match head.verb {
        Verb::Equal => "!=",
        Verb::Has | Verb::Contains => "not contains",
        Verb::Natural => ":",
        _ => return None,
    };
    let kind = Said::KeywordAsValue { keyword: site.of(1).to_owned() };
    let answer = site.answer(kind, 1..2, 0..end);
    let value = site.text(2..end);
    let text = match negative {
        ":" => format!("not {}:{value}", site.name(head)),
        _ => format!("{} {negative} {value}", site.name(head)),
    };
    let place = site.span(1..end);
    let quoted = quote(site.slice(place));
    let fix = |text: &str| site.edits().write(site.span(0..end), text);
    let answer = answer.fix_if(site.accepts(&text).then(|| fix(&text)));
    let literal = format!("{} {quoted}", site.start(head));
    let by_words = matches!(head.verb, Verb::Has | Verb::Contains) && site.accepts(&literal);
    Some(answer.fix_if(by_words.then(|| site.edits().write(place, &quoted))))
}

/// `model = or`, `cost > and env = b`
pub(super) fn keyword_as_value(site: &Site) -> Option<Answer> {
    let head = site.broken()?;
    let is_word = matches!(site.kind(1), Kind::Join(_) | Kind::Not) && site.of(1).starts_with(char::is_alphabetic);
    if !is_word || site.kind(1) != Kind::Not && !site.ends_at(2) {
        return None;
    }
    let keyword = site.of(1).to_owned();
    let answer = site.answer(Said::KeywordAsValue { keyword: keyword.clone() }, 1..2, 0..2);
    let quoted = quote(&keyword);
    let is_good = site.accepts(&format!("{} {quoted}", site.start(head)));
    let title = "to search for the word itself, put it in quotes";
    Some(answer.fix_if(is_good.then(|| site.edits().replace(title, site.span(1..2), &quoted))))
}

/// `cost >`, `cost > and model = a`, `cost > model = a`
pub(super) fn missing_value(site: &Site) -> Option<Answer> {
    let head = site.broken()?;
    let kind = Said::ExpectedValue { operator: operator(site, head.operator) };
    let answer = |end| match head.verb {
        Verb::Between => range::needs_two(site, head, None, end, 1),
        _ => site.answer_at(kind.clone(), head.operator, 0..end),
    };
    match site.kind(1) {
        Kind::Join(_) => {
            let found = site.of(1);
            let is_value = found.starts_with(char::is_alphabetic)
                && site.accepts(&format!("{} {}", site.start(head), quote(found)));
            let help = format!("to search for the word `{found}` itself, put it in quotes");
            let answer = answer(1).fix_if(example::value(site, head).filter(|_| site.begins_clause(2)));
            Some(if is_value { answer.help(help) } else { answer })
        }
        Kind::Sign | Kind::Comma => {
            let first = site.of(1).chars().next()?;
            let known = matches!(first, '&' | '|' | '#' | ',');
            let help = format!("put a value that begins with `{first}` in quotes");
            Some(if known { answer(2).help(help) } else { answer(2) })
        }
        Kind::Close | Kind::End => Some(match example::value(site, head) {
            Some(fix) => answer(1).fix(fix),
            None => answer(1).help_if(example::comparison(site, head.field).map(|fix| fix.title)),
        }),
        // Without a join, the next clause may be part of what was meant.
        Kind::Clause(..) | Kind::Head(_) => Some(answer(1).help_if(example::value(site, head).map(|fix| fix.title))),
        _ => None,
    }
}
