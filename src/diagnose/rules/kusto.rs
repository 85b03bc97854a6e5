//! Operators that only Kusto has.

use crate::diagnose::Answer;
use crate::diagnose::site::Site;
use crate::diagnostic::Kind as Said;
use crate::sketch::{Kind, Verb};

/// `cost between (1 .. 5)`, `start_time between (ago(7d) .. now())`
pub(super) fn between(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|head| head.verb == Verb::Between && site.kind(1) == Kind::Open)?;
    // `(1..5)` is a single item.
    let end = site.closed(1).filter(|end| *end > 4)?;
    let text = range(site, site.name(head), head.negated, 1, end)?;
    let answer = site.answer_at(Said::IncompleteBetween, site.until(head.operator, end), 0..end);
    Some(answer.fix(site.edits().write(site.until(head.operator, end), &text).sure()))
}

/// `cost !between (1 .. 5)`
pub(super) fn not_between(site: &Site) -> Option<Answer> {
    let is_sign = site.of(1) == "!" && site.is_word(2, &["between"]) && site.touches(2) && site.kind(3) == Kind::Open;
    let end = if is_sign { site.closed(3)? } else { return None };
    let text = range(site, site.of(0), true, 3, end)?;
    let answer = site.answer(Said::UnknownOperator { found: "!between".to_owned() }, 1..3, 0..end);
    Some(answer.fix(site.edits().write(site.span(1..end), &text).sure()))
}

/// Converts the range in parentheses to `in 1..5`.
fn range(site: &Site, name: &str, negated: bool, open: usize, end: usize) -> Option<String> {
    let ty = site.field(name)?.ty();
    let inside = site.text(open + 1..end - 1);
    let (lower, upper) = inside.split_once("..")?;
    let bound = |text: &str| {
        let text = text.trim();
        if ty.fits(text) { Some(text.to_owned()) } else { ty.guess(text) }
    };
    let text = format!("{}in {}..{}", if negated { "not " } else { "" }, bound(lower)?, bound(upper)?);
    site.accepts(&format!("{name} {text}")).then_some(text)
}
