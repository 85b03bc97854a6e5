//! Rules for misplaced joins, negations and brackets.

use crate::diagnose::phrases::Joiner;
use crate::diagnose::site::{AHEAD, Site};
use crate::diagnose::{Answer, Leaves, phrases};
use crate::diagnostic::{Edit, Fix, Kind as Said, excerpt};
use crate::sketch::{Item, Join, Kind};
use crate::span::Span;

/// `model = a and`, `and model = a`, `model = a and or env = b`
pub(super) fn join_without_clause(site: &Site) -> Option<Answer> {
    let Kind::Join(_) = site.kind(0) else { return None };
    let found = excerpt(site.of(0));
    let run = (0..8).take_while(|n| matches!(site.kind(*n), Kind::Join(_))).count();
    if site.kind(run) == Kind::Open && site.touches(run) && run == 1 && !site.wants() {
        return None;
    }
    let dangles = !site.wants() && matches!(site.kind(run), Kind::Close | Kind::End);
    if site.wants() || dangles {
        let place = if site.wants() { "before" } else { "after" };
        let answer = site.answer(Said::ExpectedClause { place, found }, 0..1, 0..run).leaves(Leaves::Nothing);
        let fix = site.edits().remove(site.span(0..run));
        // At the start `and` does not join anything. But `or` may lack a clause, or be meant for all that follow.
        let begins = site.group.is_empty() && (site.at == 0 || site.sketch.kind(site.at - 1) == Kind::Open);
        let is_and = (0..run).all(|n| site.kind(n) == Kind::Join(Join::And));
        return Some(answer.fix(fix.sure_if(begins && site.begins_clause(run) && is_and)));
    }
    None
}

/// `not`, `model = a and not`
pub(super) fn not_without_clause(site: &Site) -> Option<Answer> {
    let ends = matches!(site.kind(1), Kind::Join(_) | Kind::Close | Kind::End) && !site.is_call(1);
    let is_alone = site.kind(0) == Kind::Not && ends;
    let kind = Said::ExpectedClause { place: "after", found: excerpt(site.of(0)) };
    is_alone.then(|| site.answer(kind, 0..1, 0..1).leaves(Leaves::Nothing))
}

/// `()`
pub(super) fn empty_group(site: &Site) -> Option<Answer> {
    if site.kind(0) != Kind::Open || site.kind(1) != Kind::Close {
        return None;
    }
    let answer = site.answer(Said::EmptyGroup, 0..2, 0..2);
    let is_all = site.at == 0 && site.kind(2) == Kind::End;
    Some(if is_all {
        let fix = site.edits().replace("to find everything, write `*`", site.span(0..2), "*");
        answer.fix(fix)
    } else {
        answer.help("write a clause between them, or remove them")
    })
}

/// `model = a)`
pub(super) fn unopened_group(site: &Site) -> Option<Answer> {
    let is_unopened = site.kind(0) == Kind::Close && site.groups.is_empty();
    if !is_unopened {
        return None;
    }
    let found = site.of(0).to_owned();
    let answer = site.answer(Said::Unopened { found }, 0..1, 0..1).leaves(Leaves::Nothing);
    let is_apart = site.ends_at(1) || site.begins_clause(1) && !site.touches(1);
    Some(answer.fix_if(is_apart.then(|| site.edits().remove(site.span(0..1)))))
}

/// `(model = a]`
pub(super) fn closed_by_another_bracket(site: &Site) -> Option<Answer> {
    let opener = site.group.opener.filter(|_| site.of(0) == "]" && !site.wants())?;
    let answer = site.unexpected(0..1, 0..1).label(site.sketch.span(opener), "opened here");
    // A later bracket may close the group.
    Some(answer.leaves(Leaves::Close).fix(site.edits().write(site.span(0..1), ")")))
}

/// `(model = a and (cost > 1`: all unclosed groups in one answer.
pub(super) fn unclosed_group(site: &Site) -> Option<Answer> {
    if site.kind(0) != Kind::End {
        return None;
    }
    let openers = site.groups.iter().chain([site.group]).filter_map(|group| group.opener);
    let openers: Vec<Span> = openers.map(|opener| site.sketch.span(opener)).collect();
    let (first, others) = openers.split_first()?;
    let kind = Said::Unclosed { opener: "(".to_owned() };
    let mut answer = site.answer_at(kind, *first, 0..1);
    if site.sketch.closes_in_comment(0..site.at) {
        return Some(answer.help(super::lists::CLOSED_IN_COMMENT));
    }
    for other in others {
        answer = answer.label(*other, "also unclosed");
    }
    let last = site.sketch.span(site.at.checked_sub(1)?).end();
    let closers = ")".repeat(openers.len());
    let fix = Fix::new(format!("add `{closers}` at the end"), vec![Edit::insert(last, closers.clone())]);
    let fix = fix.sure_if(closes_anywhere(site));
    Some(answer.fix_if(is_certain(site, openers.len()).then_some(fix)))
}

/// Whether no bracket that may close a group was taken for something else.
fn is_certain(site: &Site, open: usize) -> bool {
    let count = |kind| site.sketch.items.iter().filter(|item| item.kind == kind).count();
    let unclosed = count(Kind::Unclosed) + count(Kind::Square) > 0;
    let is_comment = |at: usize| ["//", "/*", "--"].iter().any(|mark| site.sketch.of(at).starts_with(mark));
    let has_comment = (0..site.at).any(is_comment);
    let is_drawn_otherwise = site.sketch.text.contains(['（', '）']);
    // A bracket after unread items is taken with them.
    let items = site.sketch.items.get(..site.at).unwrap_or_default();
    let mut last = items.iter().rev().take_while(|item| !matches!(item.kind, Kind::Join(_) | Kind::Open));
    !site.wants()
        && !last.any(|item| item.kind.is_unread())
        && !leaves_call_open(&site.sketch.items)
        && !unclosed
        && !is_drawn_otherwise
        && !has_comment
        && site.sketch.text.matches('{').count() == site.sketch.text.matches('}').count()
        && unclosed_brackets(&site.sketch.items) == open
}

fn unclosed_brackets(items: &[Item]) -> usize {
    items.iter().fold(0, |depth, item| match item.kind {
        Kind::Open => depth + 1,
        Kind::Close => depth.saturating_sub(1),
        _ => depth,
    })
}

/// Whether a call is open, whose bracket would be closed first: `(x((x)`.
fn leaves_call_open(items: &[Item]) -> bool {
    let mut are_calls = Vec::new();
    let mut before = None;
    for item in items {
        match item.kind {
            Kind::Open => are_calls.push(item.touches && matches!(before, Some(Kind::Text | Kind::Word))),
            Kind::Close => are_calls.truncate(are_calls.len().saturating_sub(1)),
            _ => {}
        }
        before = Some(item.kind);
    }
    are_calls.contains(&true)
}

/// Whether it makes no difference where the groups close: everything after the first bracket is joined by the
/// same connective, and nothing is negated.
fn closes_anywhere(site: &Site) -> bool {
    let Some(first) = site.groups.get(1).unwrap_or(site.group).opener else { return false };
    let items = site.sketch.items.get(first..).unwrap_or_default();
    let mut joins = items.iter().filter_map(|item| match item.kind {
        Kind::Join(join) => Some(join),
        _ => None,
    });
    let before = site.groups.iter().filter_map(|group| group.joined);
    let one = joins.next();
    let alike = joins.chain(before).all(|join| Some(join) == one);
    let is_operand = |kind: Kind| matches!(kind, Kind::Clause(..) | Kind::Close | Kind::All);
    let side_by_side = items.windows(2).any(|pair| match pair {
        [left, right] => {
            is_operand(left.kind) && matches!(right.kind, Kind::Clause(..) | Kind::Open | Kind::All | Kind::Not)
        }
        _ => false,
    });
    let negated = site.groups.iter().any(|group| group.negations > 0);
    let unread = items.iter().any(|item| item.kind.is_unread() || item.kind == Kind::Text);
    alike && !side_by_side && !negated && !unread
}

/// `[model = a]`
pub(super) fn square_group(site: &Site) -> Option<Answer> {
    let begins = site.of(0) == "[" && site.kind(0) == Kind::Square && site.begins_clause(1) && site.wants();
    if !begins {
        return None;
    }
    let kind = Said::Unexpected { found: "[".to_owned() };
    let help = "use parentheses to group clauses; square brackets are for the values of `in`";
    let Some(end) = site.closed(0).filter(|end| site.of(end - 1) == "]") else {
        return Some(site.answer(kind, 0..1, 0..1).help(help).leaves(Leaves::Nothing));
    };
    let (open, close) = (site.span(0..1), site.span(end - 1..end));
    let fix = site.edits().all("write parentheses", &[(open, "("), (close, ")")]);
    Some(site.answer(kind, 0..1, 0..end).help(help).fix(fix.sure()))
}

/// `- env:prod`, `--env = prod`, `model = a -`
pub(super) fn lone_minus(site: &Site) -> Option<Answer> {
    if site.kind(0) != Kind::Word || !site.of(0).starts_with('-') {
        return None;
    }
    let start = site.span(0..1).start();
    let minus = Span::new(start, start + 1);
    let is_alone = site.of(0) == "-";
    if is_alone && site.begins_clause(1) && !site.touches(1) {
        let operand = if site.kind(1) == Kind::Open { site.closed(1) } else { Some(2) };
        // It is unknown how far it applies.
        let Some(end) = operand else {
            return Some(site.answer_at(Said::LoneMinus, minus, 0..1).leaves(Leaves::Nothing));
        };
        let gap = Span::new(minus.end(), site.span(1..2).start());
        let fix = Fix::replace("remove the space", gap, "");
        return Some(site.answer_at(Said::LoneMinus, minus, 0..end).fix(fix));
    }
    let mut end = 1;
    while matches!(site.kind(end), Kind::Sign | Kind::Text | Kind::Word) && !is_alone {
        end += 1;
    }
    let leaves = if site.wants() { Leaves::Operand } else { Leaves::Nothing };
    Some(site.answer_at(Said::LoneMinus, minus, 0..end).leaves(leaves))
}

/// `model = a, env = b`
pub(super) fn comma(site: &Site) -> Option<Answer> {
    if site.kind(0) != Kind::Comma {
        return None;
    }
    if site.wants() {
        let answer = site.unexpected(0..1, 0..1).leaves(Leaves::Nothing);
        return Some(answer.fix_if(site.begins_clause(1).then(|| site.edits().remove(site.span(0..1)))));
    }
    if !site.begins_clause(1) {
        let answer = site.unexpected(0..1, 0..1).leaves(Leaves::Nothing);
        return Some(answer.fix_if(site.ends_at(1).then(|| site.edits().remove(site.span(0..1)))));
    }
    let answer = site.unexpected(0..1, 0..1).help("join clauses with `and`");
    Some(answer.leaves(Leaves::Join(Join::And)).fix(site.edits().replace("write `and`", site.span(0..1), "and")))
}

/// Commands that process results, after a pipe.
const STAGES: &[&str] = &[
    "count",
    "dedup",
    "extend",
    "fields",
    "head",
    "limit",
    "order",
    "project",
    "rename",
    "sort",
    "stats",
    "summarize",
    "table",
    "tail",
    "take",
    "timechart",
    "top",
];

/// `model = a & env = b`, `| where cost > 1`, `| stats count by model`
pub(super) fn single_sign(site: &Site) -> Option<Answer> {
    let join = match site.of(0) {
        "|" => Join::Or,
        "&" => Join::And,
        _ => return None,
    };
    if site.wants() {
        let mut end = 1;
        while matches!(site.of(end), "&" | "|") {
            end += 1;
        }
        let answer = site.unexpected(0..1, 0..end).leaves(Leaves::Nothing);
        return Some(answer.fix(site.edits().remove(site.span(0..end))));
    }
    if join == Join::Or && site.kind(1) == Kind::Text && phrases::is_preamble(&site.word(1)) && site.begins_clause(2) {
        let answer = site.unexpected(0..1, 0..2).leaves(Leaves::Join(Join::And));
        // `|` joins everything before it with everything after it, but `and` only its neighbors.
        return Some(if site.group.has_or() || leads_to_or(site) {
            answer.help("join them with `and`, with parentheses around each `or`")
        } else {
            answer.fix(site.edits().write(site.span(0..2), "and").sure())
        });
    }
    if join == Join::Or && site.kind(1) == Kind::Text && STAGES.contains(&site.word(1).as_str()) {
        let end = (2..AHEAD).find(|n| matches!(site.kind(*n), Kind::Close | Kind::End))?;
        let answer = site.unexpected(0..2, 0..end).leaves(Leaves::Nothing);
        let answer = answer.help("a query only selects results; it does not process them");
        return Some(answer.fix(site.edits().remove(site.span(0..end))));
    }
    let ours = if join == Join::Or { "or" } else { "and" };
    let fix = site.edits().write(site.span(0..1), ours);
    let is_negated = site.of(1) == "~" && site.kind(2) == Kind::Open;
    // Between clauses without brackets, a pipe may be one of a pipeline.
    let is_pipe = join == Join::Or && site.kind(1) != Kind::Open && !is_negated;
    let fix = fix.sure_if((site.begins_clause(1) || is_negated) && !is_pipe);
    Some(site.unexpected(0..1, 0..1).leaves(Leaves::Join(join)).fix(fix))
}

/// Whether an `or`, or a `|` that may be one, may follow in this or another group.
fn leads_to_or(site: &Site) -> bool {
    /// Looking further at each of many pipes would take quadratic time.
    const MOST: usize = 500;
    let sketch = site.sketch;
    let after = site.at + 1..sketch.items.len();
    after.len() > MOST
        || after.into_iter().any(|at| match sketch.kind(at) {
            Kind::Join(join) => join == Join::Or,
            Kind::Sign => sketch.of(at) == "|" && !phrases::is_preamble(&sketch.of(at + 1).to_lowercase()),
            _ => false,
        })
}

/// `model = a but not env = b`, `except env = b`, `xor env = b`, `model = a adn env = b`
pub(super) fn joiner(site: &Site) -> Option<Answer> {
    if site.wants() || !site.is_joiner(0) {
        return None;
    }
    let answer = site.unexpected(0..1, 0..1).help("join clauses with `and` or `or`");
    let (join, ours) = match phrases::joiner(&site.word(0))? {
        Joiner::AndNot if site.kind(1) != Kind::Not => (Join::And, "and not"),
        Joiner::And | Joiner::AndNot => (Join::And, "and"),
        Joiner::Or => (Join::Or, "or"),
        Joiner::Foreign => return Some(answer.leaves(Leaves::Join(Join::And))),
    };
    // Between two clauses it may be a term.
    Some(answer.leaves(Leaves::Join(join)).fix(site.edits().write(site.span(0..1), ours)))
}

/// `nto model = a`, `env = b and nto model = a`
pub(super) fn misspelled_not(site: &Site) -> Option<Answer> {
    let end = match site.kind(1) {
        Kind::Clause(..) if site.begins_clause(1) => 2,
        Kind::Open => site.closed(1)?,
        _ => return None,
    };
    let is_not = phrases::misspelled_keyword(site.of(0)) == Some("not");
    is_not.then(|| site.unexpected(0..1, 0..end).fix(site.edits().write(site.span(0..1), "not")))
}
