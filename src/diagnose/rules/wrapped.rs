//! Rules for a query inside something else: a fenced block, a pipeline, a URL parameter, a call or a
//! selection in Python. The query is extracted, and then read for the first time.

use crate::diagnose::json::{self, Json};
use crate::diagnose::site::Site;
use crate::diagnose::{Answer, Leaves, phrases};
use crate::diagnostic::{Edit, Fix, Kind as Said, apply_within, excerpt};
use crate::print;
use crate::sketch::{Join, Kind, Verb};
use crate::span::Span;

use super::json as filters;
use super::spaced::compares_day_by_its_end;

/// The maximum number of items to search.
const MOST: usize = 400;

/// Replaces a string by the query in it. A query with a comment is excluded, as the comment could hide what follows.
pub(super) fn unwrapped(site: &Site, place: Span, text: &str, end: usize) -> Option<Fix> {
    let is_alone =
        starts(site) && matches!(site.sketch.kind(site.at + end), Kind::Close | Kind::End) && site.group.negations == 0;
    let text = if is_alone { text.to_owned() } else { format!("({text})") };
    (!text.contains('#')).then(|| site.edits().replace("keep only the query", place, &text))
}

/// Whether the site is at the start of the text or the group.
fn starts(site: &Site) -> bool {
    const MOST: usize = 8;
    let mut before = site.sketch.items.get(..site.at).unwrap_or_default().iter().rev().take(MOST);
    let opener = before.find(|item| !matches!(item.kind, Kind::Join(_)));
    opener.is_none_or(|item| item.kind == Kind::Open) && site.group.is_empty()
}

/// Returns the end of the text or the group that begins at the site.
fn end_of_group(site: &Site) -> Option<usize> {
    let mut depth = 0_usize;
    let kinds = (0..MOST).map(|n| (n, site.sketch.kind(site.at + n)));
    for (n, kind) in kinds {
        match kind {
            Kind::Open => depth += 1,
            Kind::Close if depth == 0 => return Some(n),
            Kind::Close => depth -= 1,
            Kind::End => return Some(n),
            _ => {}
        }
    }
    None
}

/// Answers with the rest of a text or a group after removing parts of it.
fn taken_out(site: &Site, shown: usize, end: usize, out: Vec<(Span, String)>, help: &str) -> Answer {
    let answer = site.answer(Said::Unexpected { found: excerpt(site.text(0..shown)) }, 0..shown, 0..end);
    let edits: Vec<Edit> = out.into_iter().map(|(span, text)| Edit { span, text }).collect();
    let query = apply_within(&edits, site.sketch.text, site.span(0..end));
    let is_sure = !compares_day_by_its_end(site, &query);
    answer.help(help).leaves(Leaves::Anew).fix(Fix::new("keep only the query", edits).sure_if(is_sure))
}

fn gap(site: &Site, from: usize, to: usize) -> (Span, String) {
    (Span::new(site.span(from..from + 1).start(), site.span(to..to + 1).start()), String::new())
}

/// Returns the removal of everything from the end of what precedes an item to the end of another.
fn tail(site: &Site, from: usize, to: usize) -> (Span, String) {
    (Span::new(site.span(from - 1..from).end(), site.span(to..to + 1).end()), String::new())
}

/// A fence around the whole text, possibly with the name of a language.
pub(super) fn fenced(site: &Site) -> Option<Answer> {
    const FENCE: &str = "```";
    let text = site.sketch.text.trim();
    let inside = text.strip_prefix(FENCE)?.strip_suffix(FENCE)?;
    let language = inside.find('\n').and_then(|line| inside.get(..=line)).unwrap_or_default();
    let is_language = language.chars().all(|char| char.is_ascii_alphanumeric() || char.is_whitespace());
    if inside.trim().is_empty() || inside.contains(FENCE) || !is_language {
        return None;
    }
    enclosed(site, FENCE, FENCE.len() + language.len(), "remove the backticks")
}

/// `"cost > 1 and model = a"`: quotes around the whole query.
pub(super) fn quoted_query(site: &Site) -> Option<Answer> {
    const QUOTES: [(&str, &str); 4] = [("\"", "\""), ("'", "'"), ("“", "”"), ("`", "`")];
    let text = site.sketch.text.trim();
    let (open, close) = QUOTES.into_iter().find(|(open, _)| text.starts_with(open))?;
    let inside = text.strip_prefix(open)?.strip_suffix(close)?;
    if inside.contains("\\\"") && open == "\"" {
        return escaped_query(site, inside);
    }
    let title = if open == "`" { "remove the backticks" } else { "remove the quotes" };
    let is_query = !inside.contains(open) && !inside.contains(close) && site.accepts(inside);
    if is_query { enclosed(site, open, open.len(), title).map(Answer::doubted) } else { None }
}

/// `"model = \"gpt-4o\""`
fn escaped_query(site: &Site, inside: &str) -> Option<Answer> {
    let query = inside.replace("\\\"", "\"");
    let end = site.sketch.items.len().checked_sub(1)?;
    let answer = site.unexpected(0..1, 0..end).leaves(Leaves::Anew);
    let is_query = !query.contains('\\') && site.accepts(&query);
    is_query.then(|| answer.fix(site.edits().replace("remove the quotes", site.span(0..end), &query)))
}

/// `model = 'a';`
pub(super) fn final_semicolon(site: &Site) -> Option<Answer> {
    let query = site.sketch.text.trim_end().strip_suffix(';')?;
    let place = Span::new(query.len(), query.len() + 1);
    let end = site.sketch.items.len().checked_sub(1)?;
    let answer = site.answer_at(Said::Unexpected { found: ";".to_owned() }, place, 0..end).leaves(Leaves::Anew);
    site.accepts(query).then(|| answer.fix(site.edits().remove(place).sure()))
}

/// `cost &gt;= 5 &amp;&amp; model = a`: characters as HTML writes them.
pub(super) fn html_entities(site: &Site) -> Option<Answer> {
    const ENTITIES: [(&str, &str); 6] =
        [("&gt;", ">"), ("&lt;", "<"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&")];
    let text = site.sketch.text;
    text.find('&')?;
    let (at, first) = ENTITIES.iter().filter_map(|(entity, _)| Some((text.find(entity)?, *entity))).min()?;
    let query = ENTITIES.iter().fold(text.to_owned(), |text, (entity, char)| text.replace(entity, char));
    let end = site.sketch.items.len().checked_sub(1)?;
    let place = Span::new(at, at + first.len());
    let answer = site.answer_at(Said::Unexpected { found: first.to_owned() }, place, 0..end).leaves(Leaves::Anew);
    let fix = site.edits().replace("write the characters themselves", site.span(0..end), query.trim());
    site.accepts(&query).then(|| answer.fix(fix))
}

/// Answers that marks are around the whole text. The first one is removed up to `opening`.
fn enclosed(site: &Site, mark: &str, opening: usize, title: &str) -> Option<Answer> {
    let last = site.sketch.items.len().checked_sub(2)?;
    let (start, end) = (site.span(0..1).start(), site.span(0..last + 1).end());
    if end != start + site.sketch.text.trim().len() {
        return None;
    }
    let remove = |start: usize, end: usize| Edit { span: Span::new(start, end), text: String::new() };
    let edits = vec![remove(start, start + opening), remove(end - mark.len(), end)];
    let place = Span::new(start, start + mark.len());
    let answer = site.answer_at(Said::Unexpected { found: mark.to_owned() }, place, 0..last + 1);
    Some(answer.leaves(Leaves::Anew).fix(Fix::new(title, edits).sure()))
}

/// What a query in another language selects from.
const TABLES: &[&str] = &["completion", "completions", "session", "sessions", "trace", "traces", "data", "records"];

/// `completions | where cost > 1 | where latency > 5`
pub(super) fn pipeline(site: &Site) -> Option<Answer> {
    let first = usize::from(site.kind(0) == Kind::Text && site.of(1) == "|");
    if !starts(site) || site.of(first) != "|" || site.word(first + 1) != "where" {
        return None;
    }
    let end = end_of_group(site)?;
    let of = |n: usize| site.sketch.of(site.at + n);
    let kind = |n: usize| site.sketch.kind(site.at + n);
    let bars: Vec<usize> = (first..end).filter(|n| of(*n) == "|" && kind(*n) == Kind::Sign).collect();
    let help = "only the part after `where` is a query";
    if let Some(other) = bars.iter().find(|bar| !of(*bar + 1).eq_ignore_ascii_case("where")) {
        let answer = site.unexpected(0..first + 2, 0..end).label(site.span(*other..other + 2), "not part of a query");
        return Some(answer.help("a query only selects results; it does not process them").leaves(Leaves::Anew));
    }
    let ends = bars.iter().skip(1).copied().chain([end]);
    let stages: Vec<&str> = bars.iter().zip(ends).map(|(from, to)| site.text(from + 2..to)).collect();
    let text = match stages.as_slice() {
        [stage] => (*stage).to_owned(),
        stages => format!("({})", stages.join(") and (")),
    };
    let whole = site.span(0..end);
    if site.slice(whole).contains('#') {
        return None;
    }
    let answer = taken_out(site, first + 2, end, vec![(whole, text)], help);
    // Other words before the pipe may be searched for.
    let is_table = first == 0 || TABLES.contains(&site.word(0).as_str());
    Some(if is_table && !site.is_quoted(0) { answer } else { answer.doubted() })
}

/// `$filter=cost gt 1`, `/completions?$filter=cost gt 1`
pub(super) fn parameter_of_address(site: &Site) -> Option<Answer> {
    let (Kind::Head(head) | Kind::Clause(head, _)) = site.kind(0) else { return None };
    if !starts(site) || head.verb != Verb::Equal || !site.name(head).ends_with("$filter") {
        return None;
    }
    let end = end_of_group(site)?;
    let whole = site.span(0..end);
    let help = "only the part after `$filter=` is a query";
    if site.slice(whole).contains("&$") {
        let answer = site.answer_at(Said::Unexpected { found: excerpt(site.name(head)) }, head.field, 0..end);
        return Some(answer.help("only `$filter` is a query; the order and number of results are not part of it"));
    }
    let place = head.field.to(head.operator);
    let answer = site.answer_at(Said::Unexpected { found: excerpt(site.slice(place)) }, place, 0..end);
    let fix = Fix::new("keep only the query", vec![Edit { span: place, text: String::new() }]);
    Some(answer.help(help).leaves(Leaves::Anew).fix(fix.sure()))
}

/// `df[df.cost > 1]`, `df.loc[(df["cost"] > 1) & (df.latency > 5)]`
pub(super) fn data_frame(site: &Site) -> Option<Answer> {
    if !starts(site) || site.kind(0) != Kind::Word || site.of(1) != "[" || !site.touches(1) {
        return None;
    }
    let end = end_of_group(site)?;
    let name = site.of(0).trim_end_matches(".loc");
    let is_subscript = site.kind(2) == Kind::Text && site.of(3) == "]";
    if !phrases::is_wordlike(name)
        || is_subscript
        || end < 4
        || site.sketch.of(site.at + end - 1) != "]"
        || site.field(name).is_some()
    {
        return None;
    }
    let mut out = vec![gap(site, 0, 2)];
    out.extend(prefixes(site, 2, end - 1, name));
    out.push(tail(site, end - 1, end - 1));
    Some(taken_out(site, 2, end, out, "only the condition is a query"))
}

/// `[c for c in completions if c.cost > 1]`
pub(super) fn comprehension(site: &Site) -> Option<Answer> {
    const LONGEST: usize = 9;
    if !starts(site) || site.of(0) != "[" || !site.is_word(2, &["for"]) {
        return None;
    }
    let end = end_of_group(site)?;
    let condition = (3..LONGEST).find(|n| site.is_word(*n, &["if"]))? + 1;
    if site.sketch.of(site.at + end - 1) != "]" || condition + 1 >= end {
        return None;
    }
    let mut out = vec![gap(site, 0, condition)];
    out.extend(prefixes(site, condition, end - 1, site.of(1)));
    out.push(tail(site, end - 1, end - 1));
    Some(taken_out(site, condition, end, out, "only the condition is a query"))
}

/// `lambda c: c.cost > 1`, `filter(lambda c: c.cost > 1, completions)`
pub(super) fn lambda(site: &Site) -> Option<Answer> {
    let called = site.is_word(0, &["filter"]) && site.kind(1) == Kind::Open;
    let first = if called { 2 } else { 0 };
    // A body that is not a comparison is part of this item, and cannot be searched for.
    let Kind::Head(head) = site.kind(first + 1) else { return None };
    if !starts(site) || !site.is_word(first, &["lambda"]) || head.verb != Verb::Natural {
        return None;
    }
    let end = end_of_group(site)?;
    let body = first + 2;
    let to = if called { last_argument(site, end)? } else { end };
    let mut out = vec![gap(site, 0, body)];
    out.extend(prefixes(site, body, to, site.name(head)));
    if called {
        out.push(tail(site, to, end - 1));
    }
    Some(taken_out(site, body, end, out, "only the condition is a query"))
}

/// Returns the comma before the last argument of a call that ends the group, if that argument is a name.
fn last_argument(site: &Site, end: usize) -> Option<usize> {
    let comma = end.checked_sub(3)?;
    let kind = |n: usize| site.sketch.kind(site.at + n);
    let is_name = matches!(kind(end - 2), Kind::Text | Kind::Word);
    (kind(comma) == Kind::Comma && is_name && kind(end - 1) == Kind::Close).then_some(comma)
}

/// Returns the edits that remove a name and a dot before fields: `c.cost`, `c["cost"]`.
fn prefixes(site: &Site, from: usize, to: usize, name: &str) -> Vec<(Span, String)> {
    let at = |n: usize| site.sketch.of(site.at + n);
    let mut edits = Vec::new();
    for n in from..to {
        let span = site.sketch.span(site.at + n);
        let dot = span.start() + name.len() + 1;
        if at(n).strip_prefix(name).is_some_and(|rest| rest.starts_with('.')) {
            edits.push((Span::new(span.start(), dot), String::new()));
        } else if at(n) == name && at(n + 1) == "[" && at(n + 3) == "]" && n + 3 < to {
            let key = at(n + 2).trim_matches(['"', '\'']);
            edits.push((span.to(site.sketch.span(site.at + n + 3)), print::field(key)));
        }
    }
    edits
}

/// `df.query("cost > 1")`, `client.list_runs(filter='gt(latency, 5)')`, `db.completions.find({…})`
pub(super) fn argument(site: &Site) -> Option<Answer> {
    let (_, method) = site.of(0).rsplit_once('.').filter(|_| starts(site) && site.is_call(0))?;
    let end = end_of_group(site)?;
    if end < 4 || site.sketch.kind(site.at + end - 1) != Kind::Close || site.closed(1) != Some(end) {
        return None;
    }
    let help = "only the function's argument is a query";
    let inside = Span::new(site.span(1..2).end(), site.span(end - 1..end).start());
    let is_json = site.slice(inside).trim_start().starts_with(['{', '[']);
    match method {
        "find" | "findOne" | "aggregate" | "count" | "countDocuments" if is_json => {
            let out = vec![gap(site, 0, 2), tail(site, end - 1, end - 1)];
            Some(taken_out(site, 1, end, out, help))
        }
        "query" | "list_runs" | "filter" | "search" | "find" => {
            let value = match site.kind(2) {
                Kind::Clause(head, operand) if matches!(site.name(head), "filter" | "query" | "expr") && end == 4 => {
                    operand.span
                }
                Kind::Text | Kind::Word if end == 4 && site.is_quoted(2) => site.span(2..3),
                _ => return None,
            };
            let (Json::Text(query), len) = json::read(site.slice(value))? else { return None };
            let answer = site.unexpected(0..1, 0..end).help(help).leaves(Leaves::Anew);
            let fix = unwrapped(site, site.span(0..end), &query, end).filter(|_| len == value.range().len());
            let is_sure = !compares_day_by_its_end(site, &query);
            Some(answer.fix_if(fix.map(|fix| fix.sure_if(is_sure))))
        }
        _ => None,
    }
}

/// `Comparison(comparator=Comparator.GT, attribute="cost", value=1)`
pub(super) fn comparison_object(site: &Site) -> Option<Answer> {
    if site.of(0) != "Comparison" || !site.is_call(0) || site.closed(1) != Some(8) {
        return None;
    }
    let argument = |name: &str| {
        [2, 4, 6].into_iter().find_map(|n| match site.kind(n) {
            Kind::Clause(head, operand) if site.name(head) == name => Some(site.slice(operand.span)),
            _ => None,
        })
    };
    let comparator = argument("comparator")?.rsplit('.').next()?.trim_matches(['"', '\'']);
    let (Json::Text(name), _) = json::read(argument("attribute")?)? else { return None };
    let (value, _) = json::read(argument("value")?)?;
    let answer = site.unexpected(0..1, 0..8).help("write the operator between the field and the value");
    Some(match filters::test(site, &name, &comparator.to_lowercase(), &value) {
        Ok((text, sure)) => {
            let fix = site.edits().write(site.span(0..8), &text);
            answer.fix(fix.sure_if(sure))
        }
        Err(why) => answer.help(why),
    })
}

/// `cost > 1;`
pub(super) fn semicolon(site: &Site) -> Option<Answer> {
    let (head, operand) = site.clause()?;
    let value = site.slice(operand.span).strip_suffix(';').filter(|value| !value.is_empty())?;
    let is_last = matches!(site.kind(1), Kind::End | Kind::Close) && site.field(site.name(head))?.ty().is_ordered();
    let place = Span::new(operand.span.start() + value.len(), operand.span.end());
    let fix = Fix::new("remove `;`", vec![Edit { span: place, text: String::new() }]);
    is_last.then(|| site.answer_at(Said::Unexpected { found: ";".to_owned() }, place, 0..1).fix(fix.sure()))
}

/// `~(environment = prod)`, as NumPy and pandas negate arrays.
pub(super) fn tilde(site: &Site) -> Option<Answer> {
    let is_not = site.of(0) == "~" && site.kind(1) == Kind::Open && site.touches(1) && site.wants();
    let end = if is_not { site.closed(1)? } else { return None };
    let answer = site.unexpected(0..1, 0..end).help("use `not` to negate a group").leaves(Leaves::Anew);
    Some(answer.fix(site.edits().write(site.span(0..1), "not").sure()))
}

/// `output : (refund and not policy)`, `output:(+refund -policy)`: words of one field with signs.
pub(super) fn words_of_field(site: &Site) -> Option<Answer> {
    let head = site
        .broken()
        .filter(|head| matches!(head.verb, Verb::Natural | Verb::Has | Verb::Contains) && !head.negated)?;
    let end = if site.kind(1) == Kind::Open { site.closed(1)? } else { return None };
    let (name, operator) = (site.name(head), site.slice(head.operator));
    let (mut text, mut join, mut not, mut is_signed) = (String::new(), None, "", false);
    for n in 2..end - 1 {
        match site.kind(n) {
            Kind::Not if not.is_empty() => {
                is_signed = true;
                not = "not ";
            }
            Kind::Join(next) if join.is_none_or(|join| join == next) && not.is_empty() => join = Some(next),
            Kind::Text => {
                let value = site.of(n).strip_prefix('+').unwrap_or(site.of(n));
                is_signed |= value.len() < site.of(n).len();
                let joined = match (text.is_empty(), join) {
                    (true, _) => "",
                    (false, Some(Join::Or)) => " or ",
                    (false, _) => " and ",
                };
                let space = if operator == ":" { "" } else { " " };
                text += &format!("{joined}{not}{name}{space}{operator}{space}{value}");
                not = "";
            }
            _ => return None,
        }
    }
    if !is_signed || !not.is_empty() || !site.accepts(&text) {
        return None;
    }
    // Words without a sign or a join may or may not be alternatives.
    let has_plain = join.is_none()
        && (2..end - 1)
            .any(|n| site.kind(n) == Kind::Text && !site.of(n).starts_with('+') && site.kind(n - 1) != Kind::Not);
    let kind = Said::UnexpectedList { operator: excerpt(operator) };
    let answer = site.answer(kind, 1..end, 0..end).help("repeat the field for each value");
    let fix = site.edits().write(site.span(0..end), &format!("({text})"));
    Some(answer.fix(fix.sure_if(!has_plain)))
}
