//! Rules for text before, after and around clauses, and for texts that are no filters at all.

use crate::diagnose::site::Site;
use crate::diagnose::{Answer, BesideText, Leaves, phrases};
use crate::diagnostic::{Edit, Fix, Kind as Said, excerpt};
use crate::sketch::{Join, Kind, Verb};
use crate::span::Span;

use super::spaced::compares_day_by_its_end;

/// `SELECT * FROM sessions WHERE`
pub(super) fn selection(site: &Site) -> Option<Answer> {
    const MOST: usize = 60;
    if !matches!(site.word(0).as_str(), "select" | "from") || site.kind(0) != Kind::Text {
        return None;
    }
    let is_part = |n: &usize| !matches!(site.kind(*n), Kind::End | Kind::Join(_) | Kind::Unclosed);
    let before = (1..MOST).take_while(is_part).find(|n| site.word(*n) == "where")?;
    let end = before + 1;
    if site.kind(end) == Kind::End {
        return None;
    }
    let answer = site.answer(Said::Unexpected { found: excerpt(site.of(0)) }, 0..end, 0..end);
    let answer = answer.help("only the part after `where` is a query").leaves(Leaves::Nothing);
    let query = Span::new(site.span(end..end + 1).start(), site.sketch.text.len()).of(site.sketch.text);
    let is_sure = selects_plainly(site, before) && !compares_day_by_its_end(site, query);
    // A bracket may contain a query of its own.
    let has_bracket = (1..before).any(|n| site.is_opening(n) && site.closed(n).is_none_or(|closed| closed > before));
    Some(answer.fix_if((!has_bracket).then(|| site.edits().remove(site.span(0..end)).sure_if(is_sure))))
}

/// Whether the words before `where` only list columns and a table: `select a, b from c`, `from c |`. Joins, functions,
/// limits and other stages select or change something, too.
fn selects_plainly(site: &Site, before: usize) -> bool {
    let end = before - usize::from(site.of(before - 1) == "|");
    let Some(from) = (0..end).find(|n| site.word(*n) == "from") else { return false };
    let is_name = |n: usize| matches!(site.kind(n), Kind::Text | Kind::Comma | Kind::All) && site.word(n) != "top";
    // A table may have a second name.
    matches!(end - from, 2 | 3) && (1..end).all(is_name)
}

/// `*:*`
pub(super) fn everything(site: &Site) -> Option<Answer> {
    let is_all = site.kind(0) == Kind::All && site.of(1) == ":" && site.touches(1) && site.kind(2) == Kind::All;
    let kind = Said::Unexpected { found: ":".to_owned() };
    is_all.then(|| {
        let answer = site.answer(kind, 1..2, 0..3).help("`*` matches everything");
        answer.fix(site.edits().write(site.span(0..3), "*").sure())
    })
}

/// `// …`, `-- …` and `/* … */`
pub(super) fn foreign_comment(site: &Site) -> Option<Answer> {
    let text = site.of(0);
    let mark = ["//", "--", "/*"].into_iter().find(|mark| text.starts_with(mark))?;
    if !matches!(site.kind(0), Kind::Text | Kind::Word | Kind::Clause(..) | Kind::Head(_)) {
        return None;
    }
    let start = site.span(0..1).start();
    if mark == "--" && text.len() > 2 {
        return None;
    }
    let place = Span::new(start, start + mark.len());
    let kind = Said::Unexpected { found: mark.to_owned() };
    let kept = |answer: Answer| answer.beside_text(BesideText::Keep);
    let rest = Span::new(start, site.sketch.text.len()).of(site.sketch.text);
    if mark == "/*" {
        let close = rest.find("*/");
        let len = close.map_or(rest.len(), |close| close + 2);
        let end = site.items_before(start + len);
        let answer = kept(site.answer_at(kind, place, 0..end)).leaves(Leaves::Nothing);
        let answer = answer.help("a comment starts with `#` and ends at the end of the line");
        let fix = site.edits().remove(Span::new(start, start + len));
        // Other items are only unaffected if the comment ends where an item does.
        let is_whole = site.span(end - 1..end).end() == start + len;
        return Some(answer.fix_if(is_whole.then(|| fix.sure_if(close.is_some()))));
    }
    let end = site.items_before(start + rest.find('\n').unwrap_or(rest.len()));
    let begins = start == 0 || !site.touches(0);
    let mark = if begins { "#" } else { " #" };
    let fix = Fix::new("write a comment with `#`", vec![Edit { span: place, text: mark.to_owned() }]);
    let answer = kept(site.answer_at(kind, place, 0..end)).leaves(Leaves::Nothing);
    Some(answer.fix_if((!site.wants() || site.kind(end) != Kind::End).then_some(fix)))
}

/// `where model = a`
pub(super) fn preamble(site: &Site) -> Option<Answer> {
    let is_first = site.kind(0) == Kind::Text && phrases::is_preamble(&site.word(0)) && site.wants();
    if !is_first || !site.begins_clause(1) || site.group.negations > 0 {
        return None;
    }
    let answer = site.unexpected(0..1, 0..1).help("start the query with its first clause").leaves(Leaves::Nothing);
    let fix = site.edits().remove(site.span(0..1));
    // After a clause, or with a text field, it may be a term.
    Some(answer.fix(fix.sure_if(site.group.is_empty() && !site.context.has_text())))
}

/// `filter: cost > 5`, `Query: cost > 5`
pub(super) fn label(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|head| head.verb == Verb::Natural && site.at == 0)?;
    let name = site.name(head);
    let is_label = phrases::is_preamble(&name.to_lowercase()) && site.field(name).is_none();
    let answer = site.unexpected(0..1, 0..1).help("start the query with its first clause").leaves(Leaves::Nothing);
    (is_label && site.begins_clause(1) && !site.touches(1)).then(|| answer.fix(site.edits().remove(site.span(0..1))))
}

/// `ORDER BY cost DESC`, `LIMIT 10`, `| head 10`
pub(super) fn epilogue(site: &Site) -> Option<Answer> {
    let pipe = usize::from(site.of(0) == "|");
    let mut len = pipe + phrases::epilogue_len(site, pipe)?;
    if site.wants() {
        return None;
    }
    while matches!(site.kind(len), Kind::Text | Kind::Comma | Kind::Word) && !site.begins_next(len) {
        len += 1;
    }
    while let Some(next) = phrases::epilogue_len(site, len) {
        len += next;
    }
    // `ORDER BY cost and latency`
    while matches!(site.kind(len), Kind::Join(Join::And)) && matches!(site.kind(len + 1), Kind::Text) && {
        matches!(site.kind(len + 2), Kind::End | Kind::Close | Kind::Text | Kind::Join(Join::And))
    } {
        len += 2;
    }
    let answer = site.answer(Said::Unexpected { found: excerpt(site.of(0)) }, 0..len, 0..len).leaves(Leaves::Nothing);
    let answer = answer.help("a query only selects results; their order and number are not part of it");
    let fix = site.edits().remove(site.span(0..len));
    // Removing it selects more results than was asked for.
    let is_apart = site.ends_at(len) || matches!(site.kind(len), Kind::Clause(..));
    Some(answer.fix_if(is_apart.then_some(fix)))
}

impl Site<'_> {
    /// Whether a clause or a joining word begins at an item, so that it does not belong to what precedes it.
    fn begins_next(&self, n: usize) -> bool {
        self.is_joiner(n) || self.kind(n) == Kind::Text && self.kind(n + 1) == Kind::Open && self.touches(n + 1)
    }
}
