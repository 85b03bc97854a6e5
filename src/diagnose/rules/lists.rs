//! Rules for unexpected and malformed lists.

use crate::catalog::Type;
use crate::check;
use crate::diagnose::site::{AHEAD, Site};
use crate::diagnose::{Answer, example, phrases};
use crate::diagnostic::{Edit, Fix, Kind as Said, excerpt};
use crate::filter::Op;
use crate::foreign::Meaning;
use crate::sketch::{Head, Join, Kind, Shape, Verb};
use crate::span::Span;
use crate::syntax::quote;

use super::clause::operator;
use super::range;

/// The content of brackets, however it is separated.
pub(super) struct List<'s> {
    /// The values, without separators.
    pub(super) values: Vec<&'s str>,
    /// The item after the list.
    pub(super) end: usize,
    pub(super) is_closed: bool,
    /// Whether the closing bracket matches the opening one.
    pub(super) is_matched: bool,
    /// The first item at which a comma or a value is missing.
    pub(super) malformed: Option<(Missing, usize)>,
    /// The connective that is used instead of commas.
    pub(super) join: Option<Join>,
    /// A keyword in place of a value.
    pub(super) keyword: Option<usize>,
    /// A sign in place of a comma.
    pub(super) sign: Option<usize>,
}

impl List<'_> {
    /// Creates an unclosed list without values, up to an item.
    fn empty(end: usize) -> Self {
        List {
            values: Vec::new(),
            end,
            is_closed: false,
            is_matched: true,
            malformed: None,
            join: None,
            keyword: None,
            sign: None,
        }
    }

    /// Returns the list with commas, also for `(a; b)`.
    fn written(&self) -> String {
        let is_separated = self.values.iter().rev().skip(1).all(|value| value.ends_with(';'));
        let value = |value: &&str| if is_separated { value.trim_end_matches(';') } else { value }.to_owned();
        format!("({})", self.values.iter().map(value).collect::<Vec<_>>().join(", "))
    }
}

/// What is missing in a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    Comma,
    ValueBefore,
    LastValue,
}

impl Missing {
    fn message(self) -> &'static str {
        match self {
            Missing::Comma => "there is no comma before this value",
            Missing::ValueBefore => "there is no value before this comma",
            Missing::LastValue => "there is no value after the last comma",
        }
    }
}

/// Reads the list after an operator if it is closed. Most rules need no more, and looking for the end is cheaper.
pub(super) fn closed_list<'s>(site: &Site<'s>) -> Option<List<'s>> {
    let mut kinds = (2..AHEAD).map(|n| site.kind(n)).take_while(|kind| *kind != Kind::End);
    let is_closed = kinds.any(|kind| matches!(kind, Kind::Close | Kind::Square));
    if is_closed { list(site, 1).filter(|list| list.is_closed) } else { None }
}

/// Reads a list from its opening bracket; `None` if it contains something other than values.
pub(super) fn list<'s>(site: &Site<'s>, open: usize) -> Option<List<'s>> {
    if !site.is_opening(open) {
        return None;
    }
    let mut reader = Reader { site, list: List::empty(open + 1), after_value: false };
    loop {
        let at = reader.list.end;
        let everything = (site.kind(at) == Kind::All).then_some(at + 1);
        if let Some(end) = site.value(at).or(everything) {
            reader.take_value(end);
        } else if site.is_closing(at) {
            return Some(reader.take_closing(open));
        } else if !reader.take_separator() && !reader.take_keyword() {
            let is_unclosed =
                matches!(site.kind(at), Kind::Join(_) | Kind::End | Kind::Clause(..) | Kind::Head(_) | Kind::Not);
            return is_unclosed.then_some(reader.list);
        }
    }
}

/// A list that has been read up to its `end`.
struct Reader<'r, 's> {
    site: &'r Site<'s>,
    list: List<'s>,
    /// Whether a value, not a separator, is before the end.
    after_value: bool,
}

impl<'s> Reader<'_, 's> {
    /// Takes a value, which ends before an item.
    fn take_value(&mut self, end: usize) {
        let at = self.list.end;
        if self.after_value {
            self.list.malformed.get_or_insert((Missing::Comma, at));
        }
        self.list.values.push(self.site.text(at..end));
        self.list.end = end;
        self.after_value = true;
    }

    /// Takes the next item if it is a comma, or a connective or sign in its place.
    fn take_separator(&mut self) -> bool {
        let (site, list) = (self.site, &mut self.list);
        let at = list.end;
        let is_between_values = || self.after_value && site.value(at + 1).is_some();
        match site.kind(at) {
            Kind::Comma if self.after_value => {}
            Kind::Comma => {
                list.malformed.get_or_insert((Missing::ValueBefore, at));
            }
            Kind::Join(join) if is_between_values() => {
                list.malformed.get_or_insert((Missing::Comma, at));
                list.join.get_or_insert(join);
                if matches!(site.of(at), "&&" | "||") {
                    list.sign.get_or_insert(at);
                }
            }
            Kind::Sign if matches!(site.of(at), "|" | "&") && is_between_values() => {
                list.sign.get_or_insert(at);
            }
            _ => return false,
        }
        self.after_value = false;
        list.end += 1;
        true
    }

    /// Takes the next item if it is a keyword in place of a value.
    fn take_keyword(&mut self) -> bool {
        let at = self.list.end;
        let is_value = !self.after_value && (self.site.is_closing(at + 1) || self.site.kind(at + 1) == Kind::Comma);
        let is_keyword = is_value && matches!(self.site.kind(at), Kind::Join(_) | Kind::Not);
        if is_keyword {
            self.list.keyword.get_or_insert(at);
            self.list.end += 1;
            self.after_value = true;
        }
        is_keyword
    }

    /// Takes the closing bracket, and returns the list.
    fn take_closing(mut self, open: usize) -> List<'s> {
        let at = self.list.end;
        self.list.is_closed = true;
        self.list.is_matched = (self.site.of(open) == "[") == (self.site.of(at) == "]");
        if !self.after_value && !self.list.values.is_empty() {
            self.list.malformed.get_or_insert((Missing::LastValue, at));
        }
        self.list.end += 1;
        self.list
    }
}

/// Returns the list operator for an operator that takes a single value.
pub(super) fn operator_for_list(site: &Site, head: Head) -> Option<&'static str> {
    let field = site.field(site.name(head));
    let by_words = field.is_some_and(|field| !field.takes(Op::Eq) && field.ty() == Type::Text);
    // A search for a part of a value is different from a comparison with all of it.
    let has_words = field.is_none_or(|field| field.takes(Op::Contains));
    let by_part = matches!(head.verb, Verb::Has | Verb::Lacks | Verb::Contains);
    if by_part && !has_words && field.is_some_and(|field| field.ty() == Type::Text) {
        return None;
    }
    let negated = head.negated || matches!(head.verb, Verb::NotEqual | Verb::Lacks);
    let as_whole = match head.verb {
        Verb::Equal | Verb::NotEqual | Verb::Natural => !by_words,
        Verb::Has | Verb::Lacks | Verb::Contains => !has_words,
        _ => return None,
    };
    Some(match (as_whole, negated) {
        (true, false) => "in",
        (true, true) => "not in",
        (false, false) => "contains any",
        (false, true) => "not contains any",
    })
}

/// Returns a fix that replaces the operator and the rest of a clause by an operator and a list.
fn list_fix(site: &Site, head: Head, ours: &str, values: &[&str], end: usize) -> Option<Fix> {
    let list = format!("{ours} ({})", values.join(", "));
    let place = site.until(head.operator, end);
    site.accepts(&format!("{} {list}", site.name(head))).then(|| site.edits().write(place, &list))
}

/// `model = a, b`
pub(super) fn unlisted_values(site: &Site) -> Option<Answer> {
    let (head, operand) = site.clause()?;
    if !matches!(operand.shape, Shape::Word | Shape::String | Shape::Parameter) || site.kind(1) != Kind::Comma {
        return None;
    }
    let mut values = vec![site.slice(operand.span)];
    let mut end = 1;
    while site.kind(end) == Kind::Comma {
        let Some(next) = site.value(end + 1) else {
            if site.kind(end + 1) == Kind::Comma || site.ends_at(end + 1) && values.len() > 1 {
                end += 1;
                continue;
            }
            break;
        };
        if site.names_field(end + 1) {
            break;
        }
        values.push(site.text(end + 1..next));
        end = next;
    }
    if values.len() == 1
        || !matches!(
            site.kind(end),
            Kind::Join(_) | Kind::Close | Kind::End | Kind::Clause(..) | Kind::Not | Kind::Comma
        )
    {
        return None;
    }
    let answer = site.unexpected(1..2, 0..end);
    let Some(ours) = operator_for_list(site, head) else {
        return Some(answer.help("write several values as a list: `in (a, b)`"));
    };
    let fix = list_fix(site, head, ours, &values, end).map(|fix| {
        let list = format!("{} {ours} ({})", site.name(head), values.join(", "));
        Fix::new(format!("write `{}`", excerpt(&list)), fix.edits)
    });
    Some(match fix {
        Some(fix) => answer.help("write several values as a list").fix(fix),
        None => answer,
    })
}

/// `env=prod|staging`
pub(super) fn alternatives(site: &Site) -> Option<Answer> {
    let (head, operand) = site.clause()?;
    if !matches!(operand.shape, Shape::Word | Shape::String) || site.of(1) != "|" {
        return None;
    }
    let mut values = vec![site.slice(operand.span)];
    let mut end = 1;
    while site.of(end) == "|"
        && let Some(next) = site.value(end + 1).filter(|_| !site.names_field(end + 1))
    {
        let is_preamble = phrases::is_preamble(&site.word(end + 1)) && site.begins_clause(end + 2);
        if is_preamble || phrases::is_epilogue(site, end + 1) {
            break;
        }
        values.push(site.text(end + 1..next));
        end = next;
    }
    let ours =
        operator_for_list(site, head).filter(|_| values.len() > 1 && (site.ends_at(end) || site.begins_clause(end)))?;
    let fix = list_fix(site, head, ours, &values, end)?;
    Some(site.unexpected(1..2, 0..end).help("write several values as a list").fix(fix))
}

/// `contains any a, b` without parentheses.
pub(super) fn quantifier_without_list(site: &Site) -> Option<Answer> {
    let (head, operand) = site.clause()?;
    let quantifier = site.slice(operand.span).to_ascii_lowercase();
    let is_quantifier = head.verb == Verb::Contains && matches!(quantifier.as_str(), "any" | "all");
    if !is_quantifier || !site.is_value(1) || site.names_field(1) {
        return None;
    }
    if site.is_word(1, &["of"]) && site.is_opening(2) {
        let place = head.operator.to(site.span(1..2));
        let ours = format!("{} {quantifier}", operator(site, head.operator));
        let kind = Said::UnknownOperator { found: excerpt(site.slice(place)) };
        let answer = site.answer_at(kind, place, 0..site.closed(2)?);
        return Some(answer.fix(site.edits().write(place, &ours).sure()));
    }
    let (values, end) = spread(site, 1, quantifier == "any");
    let shown = format!("{} {quantifier}", operator(site, head.operator));
    let place = site.span(1..end);
    let answer = site.answer_at(Said::ExpectedList { operator: shown, range: false }, place, 0..end);
    let list = format!("({})", values.join(", "));
    let is_good = site.accepts(&format!("{} {list}", site.slice(head.field.to(operand.span))));
    Some(answer.fix_if(is_good.then(|| site.edits().write(place, &list))))
}

/// Reads values with or without commas, up to the start of something else. With `or`, it may be between them too.
fn spread<'s>(site: &Site<'s>, from: usize, with_or: bool) -> (Vec<&'s str>, usize) {
    let mut values = Vec::new();
    let mut end = from;
    loop {
        let is_separator = match site.kind(end) {
            Kind::Comma => true,
            Kind::Join(Join::Or) => with_or,
            Kind::Sign => with_or && site.of(end) == "|",
            _ => false,
        };
        let comma = usize::from(end > from && is_separator);
        let is_own =
            !site.names_field(end + comma) && !site.is_joiner(end + comma) && !phrases::is_epilogue(site, end + comma);
        let Some(next) = site.value(end + comma).filter(|_| is_own) else { return (values, end) };
        values.push(site.text(end + comma..next));
        end = next;
    }
}

/// `model in ()`
pub(super) fn empty_list(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|head| head.takes_list())?;
    let is_empty = site.is_opening(1) && site.is_closing(2);
    let answer = site.answer(Said::EmptyList, 1..3, 0..3).help("an empty list would match nothing");
    is_empty.then(|| answer.fix_if(example::listed(site, head)))
}

/// `model = (a, b)`, `model:(a OR b)`
pub(super) fn list_for_a_value(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|head| !head.takes_list() && head.verb != Verb::Between)?;
    if !site.is_opening(1) {
        return None;
    }
    let kind = || Said::UnexpectedList { operator: operator(site, head.operator) };
    let Some(list) = closed_list(site).filter(|list| !list.values.is_empty()) else {
        let end = site.closed(1)?;
        return Some(site.answer(kind(), 1..end, 0..end));
    };
    if let Some(answer) = separated_by_sign(site, head, &list) {
        return Some(answer);
    }
    let answer = site.answer(kind(), 1..list.end, 0..list.end);
    if let Some(range) = range::to_range(&list.values) {
        let operator = if head.negated || head.verb == Verb::NotEqual { "not in " } else { "in " };
        let place = head.operator.to(site.span(1..list.end));
        if site.accepts(&format!("{} {operator}{range}", site.name(head))) {
            return Some(range::write_range(site, answer, place, (site.name(head), operator), &range, true));
        }
    }
    let joins = || {
        (2..list.end).filter_map(|at| match site.kind(at) {
            Kind::Join(join) => Some(join),
            _ => None,
        })
    };
    let Some(ours) = operator_for_list(site, head) else { return Some(answer) };
    if joins().any(|join| Some(join) != list.join) {
        return Some(answer.help("repeat the field for each value"));
    }
    let is_all = list.join == Some(Join::And);
    if is_all && ours.ends_with("in") && !ours.ends_with("contains") && list.values.len() > 1 {
        // No value equals two values at once.
        return Some(answer.help("a field has one value; `in (a, b)` finds either"));
    }
    let all = if is_all { ours.replace("any", "all") } else { ours.to_owned() };
    let fix = list_fix(site, head, &all, &list.values, list.end);
    // In other languages, `:(a or b)` is a list.
    let is_spelling = head.verb == Verb::Natural && list.join.is_some() && joins().count() + 1 == list.values.len();
    Some(answer.fix_if(fix.map(|fix| fix.sure_if(is_spelling))))
}

/// `(prod|staging)`, `(a || b)`
fn separated_by_sign(site: &Site, head: Head, list: &List) -> Option<Answer> {
    let sign = list.sign?;
    let found = site.of(sign).chars().take(1).collect();
    let start = site.span(sign..sign + 1).start();
    let answer = site.answer_at(Said::Unexpected { found }, Span::new(start, start + 1), 0..list.end);
    let answer = answer.help("separate the values of a list with commas");
    let ours = if head.takes_list() { Some(site.slice(head.operator)) } else { operator_for_list(site, head) };
    Some(answer.fix_if(ours.and_then(|ours| list_fix(site, head, ours, &list.values, list.end))))
}

/// `model in (a | b)`
pub(super) fn separated_by_signs(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|head| head.takes_list())?;
    let list = closed_list(site)?;
    separated_by_sign(site, head, &list)
}

/// `model in (a, or)`
pub(super) fn keyword_in_list(site: &Site) -> Option<Answer> {
    site.broken()?;
    let list = closed_list(site)?;
    let keyword = list.keyword?;
    let answer =
        site.answer(Said::KeywordAsValue { keyword: site.of(keyword).to_owned() }, keyword..keyword + 1, 0..list.end);
    let title = "to search for the word itself, put it in quotes";
    Some(answer.fix(site.edits().replace(title, site.span(keyword..keyword + 1), &quote(site.of(keyword)))))
}

/// `model in (a b)`, `model in (a,,b)`, `model in (a,)`
pub(super) fn malformed_list(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|head| head.takes_list())?;
    let list = closed_list(site).filter(|list| list.is_matched)?;
    let (missing, at) = list.malformed?;
    let answer = site.answer(Said::MalformedList { what: missing.message() }, at..at + 1, 0..list.end);
    if let Some(range) = range::to_range(&list.values).filter(|_| head.verb == Verb::In) {
        let answer = range::write_range(site, answer, site.span(1..list.end), (site.start(head), ""), &range, true);
        let has_fix = !answer.diagnostic.fixes.is_empty();
        return Some(if has_fix { answer.help("write a range with two dots") } else { answer });
    }
    let text = list.written();
    let is_good = site.accepts(&format!("{} {text}", site.start(head)));
    let fix = site.edits().write(site.span(1..list.end), &text);
    Some(answer.fix_if(is_good.then(|| fix.sure_if(missing == Missing::LastValue))))
}

/// `model__in = ["a", "b"]`
pub(super) fn operator_in_name(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|head| matches!(head.verb, Verb::Equal | Verb::Natural) && !head.negated)?;
    let (name, word) = site.name(head).rsplit_once("__")?;
    let Some(Meaning::In { negated }) = phrases::function(word) else { return None };
    let end = site.closed(1)?;
    let text = format!("{name} {} {}", if negated { "not in" } else { "in" }, site.text(1..end));
    let answer = site.answer_at(Said::UnknownField { field: excerpt(site.name(head)) }, head.field, 0..end);
    let is_good = site.accepts(&text);
    is_good.then(|| answer.help(check::OPERATOR_IN_NAME).fix(site.edits().write(site.span(0..end), &text)))
}

/// `model in (a, b]`
pub(super) fn closed_by_another_bracket(site: &Site) -> Option<Answer> {
    site.broken()?;
    let list = closed_list(site).filter(|list| !list.is_matched)?;
    let closing = list.end - 1;
    let wanted = if site.of(1) == "[" { "]" } else { ")" };
    let answer = site.unexpected(closing..closing + 1, 0..list.end).label(site.span(1..2), "opened here");
    Some(answer.fix(site.edits().write(site.span(closing..closing + 1), wanted).sure()))
}

pub(super) const CLOSED_IN_COMMENT: &str =
    "`#` begins a comment, which contains the closing bracket; put the value in quotes";

/// `model in (a, b and cost > 1`: the list ends where a join follows a value.
pub(super) fn unclosed_list(site: &Site) -> Option<Answer> {
    site.broken().filter(|_| site.is_opening(1))?;
    let list = list(site, 1).filter(|list| !list.is_closed)?;
    let opener = site.of(1).to_owned();
    let closer = if opener == "[" { "]" } else { ")" };
    let answer = site.answer(Said::Unclosed { opener }, 1..2, 0..list.end);
    if site.sketch.closes_in_comment(site.at + 1..site.at + list.end) {
        return Some(answer.help(CLOSED_IN_COMMENT));
    }
    if list.values.is_empty() || list.keyword.is_some() {
        return Some(answer);
    }
    // The bracket replaces commas without a value after them.
    let mut last = list.end;
    while site.kind(last - 1) == Kind::Comma {
        last -= 1;
    }
    let place = Span::new(site.span(last - 1..last).end(), site.span(list.end - 1..list.end).end());
    let fix = Fix::new(format!("add `{closer}`"), vec![Edit { span: place, text: closer.to_owned() }]);
    // A bracket at the end would close this list, not a group around it.
    let is_joined = matches!(site.kind(list.end), Kind::Join(_)) && site.begins_clause(list.end + 1);
    let is_sure = site.groups.is_empty() && (site.kind(list.end) == Kind::End || is_joined);
    Some(answer.fix(fix.sure_if(is_sure)))
}

/// `model in a, b`, `model in {a, b}`
pub(super) fn value_for_a_list(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|head| head.takes_list() && !site.is_opening(1) && !site.is_call(1))?;
    let kind = Said::ExpectedList { operator: operator(site, head.operator), range: head.verb == Verb::In };
    if site.of(1).starts_with('{') {
        let end = (1..40).find(|n| site.of(*n).ends_with('}') || site.kind(*n) == Kind::End)? + 1;
        let place = site.span(1..end);
        let inside = site.slice(place).trim_start_matches('{').trim_end_matches('}');
        let values: Vec<&str> = inside.split(',').map(str::trim).filter(|value| !value.is_empty()).collect();
        let text = format!("({})", values.join(", "));
        let is_good = !values.is_empty() && site.accepts(&format!("{} {text}", site.start(head)));
        let answer = site.answer_at(kind, place, 0..end);
        return Some(answer.fix_if(is_good.then(|| site.edits().write(place, &text).sure())));
    }
    let (values, end) = spread(site, 1, true);
    let (_, first_end) = (values.first()?, site.value(1)?);
    // After a comma, the next clause begins.
    let end = if site.begins_clause(end) && site.kind(end) != Kind::Open { end } else { end.max(first_end) };
    let place = site.span(1..end);
    let answer = site.answer_at(kind, place, 0..end);
    if let Some(range) = range::hyphenated(site.slice(place))
        && site.accepts(&format!("{} {range}", site.start(head)))
    {
        return Some(answer.fix(site.edits().write(place, &range)));
    }
    let text = format!("({})", values.join(", "));
    let are_words = values.iter().all(|value| value.contains(char::is_alphanumeric));
    let is_good = are_words && site.accepts(&format!("{} {text}", site.start(head)));
    Some(answer.fix_if(is_good.then(|| site.edits().write(place, &text))))
}
