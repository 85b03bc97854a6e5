//! Rules for anything else where a clause is expected.

use crate::catalog::Type;
use crate::check;
use crate::diagnose::site::{AHEAD, Site};
use crate::diagnose::{Answer, BesideText, Leaves, example, phrases};
use crate::diagnostic::{Edit, Fix, Kind as Said, excerpt};
use crate::filter::Op;
use crate::print;
use crate::sketch::{Head, Join, Kind, Shape, Verb};
use crate::span::Span;
use crate::syntax::{After, quote};
use crate::types::time;

use super::quotes;

/// Reports what no rule recognizes: everything up to the next clause, join or bracket, in one answer.
pub(crate) fn unexpected(site: &Site) -> Answer {
    if site.kind(0) == Kind::Word
        && let Some(answer) = quotes::signs_in_text(site)
    {
        return answer;
    }
    let mut end = 1;
    loop {
        end = match site.kind(end) {
            Kind::Text if !site.names_field(end) && !site.is_joiner(end) => end + 1,
            Kind::Sign | Kind::Comma | Kind::Word | Kind::Unclosed | Kind::Square => end + 1,
            // An adjacent bracket, or one after an operator, belongs to the unread items.
            Kind::Open if site.touches(end) || end == 1 && matches!(site.kind(0), Kind::Head(_)) => {
                match site.closed(end) {
                    Some(end) => end,
                    None => break,
                }
            }
            _ => break,
        };
    }
    let found = excerpt(site.of(0));
    let in_quotes = |answer: Answer| answer.fix_if(site.may_be_text(end).then(|| site.in_quotes(0..end)));
    match site.kind(0) {
        Kind::Join(_) | Kind::Close | Kind::Not => {
            let kind = Said::ExpectedClause { place: "before", found };
            site.answer(kind, 0..1, 0..1).leaves(Leaves::Nothing)
        }
        Kind::Open => {
            let end = site.closed(0).unwrap_or_else(|| opens(site));
            let help = "queries have no functions; put a value that contains a parenthesis in quotes";
            site.answer(Said::Unexpected { found }, 0..1, 0..end).help(help).leaves(Leaves::Nothing)
        }
        Kind::Text => site.answer(Said::ExpectedOperator { field: found }, 0..1, 0..end),
        Kind::Head(head) => {
            let kind = Said::ExpectedValue { operator: operator(site, head.operator) };
            in_quotes(site.answer_at(kind, head.operator, 0..end).names(head.field))
        }
        Kind::Unclosed => site.answer_at(Said::UnclosedQuote, first_char(site.span(0..1), site), 0..end),
        Kind::Clause(..) | Kind::All | Kind::Sign | Kind::Comma | Kind::Square | Kind::Word | Kind::End => {
            let leaves = if site.wants() { Leaves::Operand } else { Leaves::Nothing };
            let is_term = site.kind(0) == Kind::Word && end == 1 && site.ends_at(1) && !site.context.has_text();
            let help = is_term.then(|| name_the_field(site, site.of(0))).flatten();
            in_quotes(site.answer(Said::Unexpected { found }, 0..1, 0..end).leaves(leaves).help_if(help))
        }
    }
}

/// Returns the number of opening brackets in a row.
fn opens(site: &Site) -> usize {
    (1..AHEAD).find(|n| site.kind(*n) != Kind::Open).unwrap_or(AHEAD)
}

/// Returns an operator for messages: on one line, however it is written.
pub(super) fn operator(site: &Site, span: Span) -> String {
    excerpt(&site.slice(span).split_whitespace().collect::<Vec<_>>().join(" "))
}

pub(super) fn first_char(span: Span, site: &Site) -> Span {
    let len = site.slice(span).chars().next().map_or(0, char::len_utf8);
    Span::new(span.start(), span.start() + len)
}

/// `{model="a", env="b"}`
pub(super) fn selector_braces(site: &Site) -> Option<Answer> {
    if !site.of(0).starts_with('{') {
        return None;
    }
    let mut commas = Vec::new();
    let mut clauses = 0;
    let mut end = 0;
    loop {
        match site.kind(end) {
            Kind::End | Kind::Join(_) | Kind::Open | Kind::Close => return None,
            Kind::Comma => commas.push(site.span(end..end + 1)),
            Kind::Clause(..) | Kind::Head(_) => clauses += 1,
            _ => {}
        }
        end += 1;
        if site.of(end - 1).ends_with('}') {
            break;
        }
    }
    if clauses != commas.len() + 1 {
        return None;
    }
    let span = site.span(0..end);
    let needs_group = !commas.is_empty() && site.operand("", Some(Join::And), end) == "()";
    let (open, close) = if needs_group { ("(", ")") } else { ("", "") };
    let brace = |start: usize, text: &str| Edit { span: Span::new(start, start + 1), text: text.to_owned() };
    let mut edits = vec![brace(span.start(), open)];
    edits.extend(commas.into_iter().map(|span| Edit { span, text: " and".to_owned() }));
    edits.push(brace(span.end() - 1, close));
    let kind = Said::Unexpected { found: "{".to_owned() };
    let place = Span::new(span.start(), span.start() + 1);
    Some(site.answer_at(kind, place, 0..end).fix(Fix::new("remove the braces", edits).sure()))
}

/// `model ≠ a`, `model：a`, `（model = a）`: signs that look like those of the language. All those of one clause are
/// reported at once.
pub(super) fn look_alike(site: &Site) -> Option<Answer> {
    let first = look_alike_place(site)?;
    let end = look_alike_end(site);
    let window = site.span(0..end);
    let edits: Vec<(Span, &str)> = marks(site, window)
        .into_iter()
        .map(|(place, char)| (place, phrases::look_alike(char).unwrap_or_default()))
        .collect();
    let char = site.slice(first).chars().next()?;
    if phrases::look_alike(char) == Some(",") && first.start() == window.start() && !site.wants() {
        // `model = a ，env = b`
        let answer = site.answer_at(Said::Unexpected { found: char.to_string() }, first, 0..1);
        return Some(answer.help("join clauses with `and`").fix(site.edits().write(first, "and")));
    }
    let title = format!("write `{}`", phrases::look_alike(char)?.trim());
    let answer = site.answer_at(Said::Unexpected { found: char.to_string() }, first, 0..end);
    // After the name of a field such a sign is an operator, and elsewhere a character of a term.
    let name = site.slice(Span::new(window.start(), first.start()));
    let is_clause = site.kind(0) == Kind::Text && site.field(name).is_some();
    let answer = if is_clause { answer.beside_text(BesideText::Keep) } else { answer };
    Some(answer.fix(site.edits().all(title, &edits).sure()))
}

/// Returns the signs outside quotes that look like those of the language.
fn marks(site: &Site, window: Span) -> Vec<(Span, char)> {
    let mut found = Vec::new();
    if site.slice(window).is_ascii() {
        return found;
    }
    let mut quoted = None;
    for (place, char) in site.slice(window).char_indices() {
        match quoted {
            Some(mark) if mark == char => quoted = None,
            Some(_) => {}
            None if matches!(char, '"' | '\'') => quoted = Some(char),
            None if phrases::look_alike(char).is_some() => {
                let start = window.start() + place;
                found.push((Span::new(start, start + char.len_utf8()), char));
            }
            None => {}
        }
    }
    found
}

/// Returns where the first of them is: in a name, between a name and a value, or around a list.
fn look_alike_place(site: &Site) -> Option<Span> {
    let in_span = |span: Span| marks(site, span).first().map(|(place, _)| *place);
    match site.kind(0) {
        Kind::Text | Kind::Word if !site.is_quoted(0) => in_span(site.span(0..1)).or_else(|| {
            // `model ≠ a`
            let is_sign = site.names_field(0) && site.kind(1) == Kind::Text && site.of(1).chars().count() <= 2;
            is_sign.then(|| in_span(site.span(1..2))).flatten()
        }),
        Kind::Clause(head, _) | Kind::Head(head) => in_span(head.field).or_else(|| {
            // `model in （a， b）`; a list that is already valid is left as it is.
            if !head.takes_list() || site.broken().is_none() {
                return None;
            }
            in_span(Span::new(head.operator.end(), site.span(0..look_alike_end(site)).end()))
        }),
        _ => None,
    }
}

/// Returns the end of what may contain such signs: a join or the next clause.
fn look_alike_end(site: &Site) -> usize {
    let mut end = 1;
    let mut depth = usize::from(site.of(0).contains('（')).saturating_sub(usize::from(site.of(0).contains('）')));
    let is_list = site.broken().is_some_and(Head::takes_list);
    while end < 40 {
        let is_part = match site.kind(end) {
            Kind::Text | Kind::Word | Kind::Comma => true,
            Kind::Open | Kind::Square if site.is_opening(end) => is_list && end == 1,
            Kind::Close | Kind::Square => is_list,
            Kind::Join(_) | Kind::Clause(..) | Kind::Not => depth > 0,
            _ => false,
        };
        if !is_part || site.is_joiner(end) {
            break;
        }
        depth += site.of(end).matches('（').count();
        depth = depth.saturating_sub(site.of(end).matches('）').count());
        end += 1;
        if is_list && site.is_closing(end - 1) {
            break;
        }
    }
    end
}

/// Reads an operator of this language among unread items. Returns the number of its items, and its spelling.
pub(super) fn operator_at(site: &Site, n: usize) -> Option<(usize, String)> {
    let word = |n: usize| site.of(n).to_ascii_lowercase();
    match site.kind(n) {
        Kind::Sign => Some((1, site.of(n).to_owned())),
        Kind::Word if matches!(word(n).as_str(), "contains" | "in" | "between") => Some((1, word(n))),
        Kind::Not if matches!(word(n + 1).as_str(), "contains" | "in" | "between") => {
            Some((2, format!("not {}", word(n + 1))))
        }
        _ => None,
    }
}

/// Returns the end of a value or list among unread items.
pub(super) fn operand_end(site: &Site, n: usize) -> Option<usize> {
    if site.is_opening(n) { site.closed(n) } else { site.value(n) }
}

/// `[model] = a`
pub(super) fn bracketed_name(site: &Site) -> Option<Answer> {
    let is_name = site.of(0) == "[" && site.of(2) == "]" && matches!(site.kind(1), Kind::Text);
    site.field(site.of(1)).filter(|_| is_name)?;
    let mut end = 3;
    if let Some((len, _)) = operator_at(site, end) {
        end = operand_end(site, end + len).unwrap_or(end + len);
    }
    let kind = Said::Unexpected { found: "[".to_owned() };
    let answer = site.answer(kind, 0..1, 0..end).help("put a name with spaces in quotes");
    let fix = site.edits().all("remove the brackets", &[(site.span(0..1), ""), (site.span(2..3), "")]);
    Some(answer.fix(fix.sure()))
}

/// `meta. contains x`
pub(super) fn missing_key(site: &Site) -> Option<Answer> {
    let name = site.of(0).strip_suffix('.')?;
    let field = site.field(name)?;
    let mut end = 1;
    if let Some((len, _)) = operator_at(site, end) {
        end = operand_end(site, end + len).unwrap_or(end + len);
    }
    if !field.is_keyed() {
        let dot = Span::new(site.span(0..1).end() - 1, site.span(0..1).end());
        let answer = site.answer_at(Said::Unexpected { found: ".".to_owned() }, dot, 0..end);
        return Some(answer.fix(site.edits().write(site.span(0..1), name)));
    }
    let kind = Said::MissingKey { field: excerpt(name) };
    Some(site.answer(kind, 0..1, 0..end).fix_if(example::key(site, field)))
}

/// `1 < cost < 5`, `-1 < cost < 5`
pub(super) fn chained_comparison(site: &Site) -> Option<Answer> {
    let n = minus(site);
    let (Kind::Head(left), Kind::Clause(right, _)) = (site.kind(n), site.kind(n + 1)) else { return None };
    let (name, ours) = (site.name(right), phrases::turned(left.verb)?);
    let found = excerpt(site.slice(right.operator));
    let answer = site.answer_at(Said::Unexpected { found }, right.operator, 0..n + 2);
    let answer = answer.help("repeat the field in each comparison");
    if site.field(name).is_none() {
        return Some(answer.names(if site.field(site.name(left)).is_some() { right.field } else { left.field }));
    }
    let sign = if n == 1 { "-" } else { "" };
    let text = format!("{name} {ours} {sign}{} and {}", site.slice(left.field), site.of(n + 1));
    let text = site.operand(&text, Some(Join::And), n + 2);
    let fix = site.edits().write(site.span(0..n + 2), &text);
    // The minus may also negate the clause.
    Some(answer.fix(fix.sure_if(n != 1)))
}

/// `5 >= latency`, `-5 >= cost`
pub(super) fn field_on_the_right(site: &Site) -> Option<Answer> {
    let n = minus(site);
    let Kind::Clause(head, operand) = site.kind(n) else { return None };
    let name = site.slice(operand.span);
    let value = site.slice(head.field);
    let ours = phrases::turned(head.verb)?;
    // A word of another language is not a value.
    if operand.shape != Shape::Word || site.field(name).is_none() || phrases::is_operator_word(value) {
        return None;
    }
    // For a score, quotes choose a string.
    let is_score = site.field(name).is_some_and(|field| field.ty() == Type::Score);
    let path = match is_score {
        true => value.to_owned(),
        false => check::literal(value.trim_matches(['"', '\'']), After::Other),
    };
    let text = format!("{name} {ours} {}{path}", if n == 1 { "-" } else { "" });
    let answer = site.answer_at(Said::UnknownField { field: excerpt(value) }, head.field, 0..n + 1);
    let answer = answer.help("write the field on the left");
    // `null = model`, `gpt* = model`
    if !site.accepts(&format!("{name} {ours} {value}")) {
        return Some(answer);
    }
    let fix = site.edits().write(site.span(0..n + 1), &text);
    // It may also be a misspelled field.
    let is_doubtful =
        n == 1 || value.starts_with(char::is_alphabetic) && !site.context.catalog().nearest(value).paths.is_empty();
    Some(answer.fix(fix.sure_if(!is_doubtful)))
}

/// Returns the number of items of a minus before a number. The driver asks at a minus only there.
fn minus(site: &Site) -> usize {
    usize::from(site.kind(0) == Kind::Not && site.of(0) == "-")
}

/// `output contains x and not contains y`, `cost > 1 and < 5`, `model = a or is b`
pub(super) fn operator_repeated(site: &Site) -> Option<Answer> {
    let (len, ours, items) = repeated_operator(site)?;
    let found = excerpt(site.text(0..items));
    let begins = site.group.is_empty();
    let answer = |end| {
        let answer = site.answer(Said::Unexpected { found: found.clone() }, 0..items, 0..end);
        answer.help(if begins { "write a field before the operator" } else { "repeat the field in each comparison" })
    };
    let previous = site.previous.filter(|previous| previous.join.is_some());
    let Some(end) = operand_end(site, len) else {
        return (site.kind(0) == Kind::Sign || previous.is_some()).then(|| answer(len));
    };
    let Some(previous) = previous else { return (site.kind(0) == Kind::Sign).then(|| answer(end)) };
    let name = previous.name();
    let text = format!("{name} {ours} {}", site.text(len..end));
    let fix = site.edits().write(site.span(0..end), &text);
    // With a preceding `not` it is unclear how far it applies, and words that follow may be part of the value.
    let is_open = previous.negations_before > 0 || matches!(site.kind(end), Kind::Text | Kind::Word);
    // `model != a or != b` matches everything, and in `latency > 500 and < 1000ms` the unit may be meant twice.
    let is_negative = matches!(ours.as_str(), "!=" | "!~") || ours.starts_with("not ");
    let is_or = previous.join == Some(Join::Or);
    let is_tautology = is_negative && is_or;
    let has_unit = |text: &str| text.ends_with(char::is_alphabetic);
    let is_ordered = site.field(name).is_some_and(|field| field.ty().is_ordered());
    let is_half = is_ordered && has_unit(previous.value()) != has_unit(site.text(len..end));
    // `cost < 1 or > 5 and model = a` probably compares the cost with both.
    let is_mixed =
        is_or && (site.group.has_and() || matches!(site.kind(end), Kind::Join(Join::And)) || !site.ends_at(end));
    Some(answer(end).fix(fix.sure_if(!is_open && !is_tautology && !is_half && !is_mixed)))
}

/// Returns the items of the operator, its spelling in this language, and the number of items to show.
fn repeated_operator(site: &Site) -> Option<(usize, String, usize)> {
    if let Some((len, ours)) = operator_at(site, 0).filter(|_| site.kind(0) != Kind::Not) {
        if matches!(ours.as_str(), "|" | "&" | "#") {
            return None;
        }
        let quantified = matches!(site.word(len).as_str(), "any" | "all") && site.is_opening(len + 1);
        let more = usize::from(quantified);
        let ours = if quantified { format!("{ours} {}", site.word(len)) } else { ours };
        return Some((len + more, phrases::sign(&ours).map_or(ours.clone(), str::to_owned), len));
    }
    if site.kind(0) != Kind::Text || site.is_quoted(0) || site.names_field(0) || site.previous.is_none() {
        return None;
    }
    let (len, meaning) = phrases::phrase(site, 0)?;
    let ours = phrases::ours(meaning)?;
    site.value(len)?;
    Some((len, ours.to_owned(), len))
}

/// `model = a or b or c`, `env = prod and not staging`. With a text field, the words may be terms, so no fix is certain.
pub(super) fn value_repeated(site: &Site) -> Option<Answer> {
    let previous = site.previous?;
    let join = previous.join?;
    if !site.is_value(0) || previous.head.quantified || !matches!(previous.operand.shape, Shape::Word | Shape::String) {
        return None;
    }
    let end = site.words_end(0).max(1);
    let whole = site.span(0..end);
    // `contains any$x` would be a list.
    let is_bare = end == 1 && (site.is_quoted(0) || After::operator("contains").takes(site.of(0)));
    let value = if is_bare { site.of(0).to_owned() } else { quote(site.slice(whole)) };
    let kind = Said::ExpectedOperator { field: excerpt(site.of(0)) };
    let answer = site.answer(kind, 0..1, 0..end).beside_text(BesideText::Warn);
    let is_equality = matches!(
        previous.head.verb,
        Verb::Equal | Verb::NotEqual | Verb::Natural | Verb::Has | Verb::Lacks | Verb::Contains
    );
    let is_bool = matches!(site.of(0), "true" | "false");
    let takes = || site.is_apart(end) && site.accepts(&format!("{}{value}", previous.start()));
    if !is_equality || is_bool || !takes() {
        return Some(answer.help("write the field and the operator before each value"));
    }
    Some(repetitions(site, previous, join, &value, whole).into_iter().fold(answer, Answer::fix))
}

/// Returns what may be meant by a second value: the clause repeated, or a list.
fn repetitions(site: &Site, previous: &crate::diagnose::Previous, join: Join, value: &str, whole: Span) -> Vec<Fix> {
    let verb = previous.head.verb;
    let is_negative = matches!(verb, Verb::NotEqual | Verb::Lacks) || previous.head.negated;
    // `model is not a and not b`: repeated, it would be negated twice.
    if is_negative && previous.negations_after > 0 {
        return Vec::new();
    }
    let name = previous.name();
    let by_words = matches!(verb, Verb::Has | Verb::Lacks | Verb::Contains)
        || site.field(name).is_some_and(|field| !field.takes(Op::Eq));
    let text = format!("{}{value}", previous.start());
    let again = site.edits().replace(format!("repeat the field: `{}`", excerpt(&text)), whole, &text);
    // `a = x and a = y` is a contradiction, and `a != x or a != y` a tautology.
    let is_senseless = if is_negative { join == Join::Or } else { join == Join::And && !by_words };
    // A list would lose the negation.
    let plain = previous.negations_after == 0 && previous.item.is_some();
    let list = previous.item.filter(|_| plain).map(|item| {
        let place = site.sketch.span(item).to(whole);
        let ours = match (by_words, is_negative) {
            (false, false) => "in",
            (false, true) => "not in",
            (true, false) => "contains any",
            (true, true) => "not contains any",
        };
        site.edits().write(place, &format!("{name} {ours} ({}, {value})", previous.value()))
    });
    match list {
        Some(list) if is_senseless => vec![list],
        Some(list) if previous.negations_before > 0 && join == Join::Or && !is_negative => vec![list, again],
        _ if is_senseless && plain => Vec::new(),
        _ => vec![again],
    }
}

/// `Response Quality > 3`: a name with spaces that is not in the catalog.
pub(super) fn spaced_name(site: &Site) -> Option<Answer> {
    const MOST: usize = 6;
    let last = (1..MOST).find(|n| !matches!(site.kind(*n), Kind::Text) || site.names_field(*n))?;
    let (Kind::Clause(head, _) | Kind::Head(head)) = site.kind(last) else { return None };
    let are_words = (0..last).all(|n| phrases::is_wordlike(site.of(n))) && phrases::is_wordlike(site.name(head));
    if site.kind(0) != Kind::Text || !are_words || site.field(site.name(head)).is_some() {
        return None;
    }
    let whole = site.span(0..1).to(head.field);
    let name = site.slice(whole);
    let near = site.context.catalog().nearest(name);
    let mut answer = site.answer_at(Said::UnknownField { field: excerpt(name) }, whole, 0..last + 1);
    if near.paths.is_empty()
        && let Some(keyed) =
            site.context.catalog().fields().iter().find(|field| field.ty() == Type::Score && field.is_keyed())
    {
        let path = print::field(&format!("{}.{name}", keyed.name()));
        answer = answer.help(format!("write an evaluation result as `{}`", excerpt(&path)));
    }
    Some(answer.rename(whole, &near))
}

/// `refund policy`
pub(super) fn text_without_field(site: &Site) -> Option<Answer> {
    if site.kind(0) != Kind::Text {
        return None;
    }
    if site.context.has_text() {
        return reserved_text(site);
    }
    // A string is a term of its own, so that a `not` before it does not negate the words after it.
    let last = if site.is_quoted(0) { 1 } else { site.words_end(0).max(1) };
    let end = (1..last).find(|n| site.is_quoted(*n)).unwrap_or(last);
    let whole = site.span(0..end);
    let kind = Said::ExpectedOperator { field: excerpt(site.of(0)) };
    let answer = site.answer(kind, 0..1, 0..end);
    let words = site.slice(whole);
    // `5s` alone is probably a duration.
    let begins_with_amount = words.trim_start_matches(['"', '\'']).starts_with(|char: char| char.is_ascii_digit());
    let is_duration = begins_with_amount && !words.ends_with("ago");
    // A dash after a value may begin a range.
    let is_step = matches!(site.of(0), "-" | "–" | "—");
    let compared = Type::Time.guess(words).filter(|_| !is_step).and_then(|time| match time.starts_with("now-") {
        true => (!is_duration).then(|| format!(">= {time}")),
        false => (end > 1 && time::is_calendar_word(&time)).then(|| format!("= {time}")),
    });
    if let (Some(compared), Some(field)) =
        (compared.filter(|_| site.is_apart(end)), site.context.catalog().of_type(Type::Time))
    {
        return Some(answer.fix(site.edits().write(whole, &format!("{} {compared}", field.name()))));
    }
    let is_word = phrases::is_wordlike(site.of(0)) || site.is_quoted(0);
    let Some(name) = site.context.catalog().text_field().filter(|_| is_word) else {
        return Some(answer.help_if(name_the_field(site, words)));
    };
    let value = match site.is_quoted(0) {
        true => site.of(0).to_owned(),
        false => check::literal(site.slice(whole), After::operator("contains")),
    };
    // Before a bracket they would begin a list.
    let is_quantifier = site.is_word(0, &["any", "all"]) && end == 1;
    let value = if is_quantifier { quote(&value) } else { value };
    let text = format!("{name} contains {value}");
    Some(if site.is_apart(end) {
        answer.help("name the field to search").fix(site.edits().write(whole, &text))
    } else {
        answer.help(format!("name the field to search, as in `{}`", excerpt(&text)))
    })
}

/// Returns help that shows how to search for words.
fn name_the_field(site: &Site, words: &str) -> Option<String> {
    let name = site.context.catalog().text_field()?;
    let words = words.trim_matches(|char: char| !char.is_alphanumeric());
    let text = format!("{name} contains {}", check::literal(words, After::operator("contains")));
    (!words.is_empty()).then(|| format!("name the field to search, as in `{}`", excerpt(&text)))
}

/// `refund last 7 days`, where `refund` alone would be searched for.
fn reserved_text(site: &Site) -> Option<Answer> {
    let end = site.words_end(0).max(1);
    let word = (0..end).find(|n| site.context.is_reserved(site.of(*n)))?;
    let answer = site.unexpected(word..word + 1, 0..end);
    let answer = answer.help("put a word of another query language in quotes to search for it");
    Some(answer.fix(site.in_quotes(0..end)))
}

/// `+model:a +env:b`, as in Lucene
pub(super) fn required_clause(site: &Site) -> Option<Answer> {
    let (head, _) = site.clause()?;
    site.name(head).strip_prefix('+').and_then(|name| site.field(name))?;
    let plus = Span::new(head.field.start(), head.field.start() + 1);
    let answer = site.answer_at(Said::Unexpected { found: "+".to_owned() }, plus, 0..1);
    let answer = answer.help("clauses next to one another are joined by `and`");
    let fix = site.edits().remove(plus).sure_if(site.is_signed_throughout());
    Some(answer.fix(fix))
}

impl Site<'_> {
    /// Whether all operands of the group have a sign, except those after a join. In Lucene, an operand without
    /// one is optional next to one with a sign.
    fn is_signed_throughout(&self) -> bool {
        const MOST: usize = 40;
        let start = self.group.opener.map_or(0, |opener| opener + 1);
        let mut depth = 0_usize;
        // Whether the operand before has a sign, if there is no join after it.
        let mut before = None;
        for at in start..start + MOST {
            let kind = self.sketch.kind(at);
            match kind {
                Kind::Close if depth > 0 => depth -= 1,
                Kind::Close | Kind::End => return true,
                _ if depth > 0 => depth += usize::from(kind == Kind::Open),
                Kind::Join(Join::And) => before = None,
                Kind::Not => {}
                Kind::Clause(..) | Kind::Open => {
                    let is_negated = at > start && self.sketch.kind(at - 1) == Kind::Not;
                    let is_signed = is_negated || self.sketch.of(at).starts_with('+');
                    if before.is_some_and(|before: bool| !before || !is_signed) {
                        return false;
                    }
                    before = Some(is_signed);
                    depth += usize::from(kind == Kind::Open);
                }
                _ => return false,
            }
        }
        false
    }
}
