//! Which edits are offered, and which of them are sure.
//!
//! A fix is offered only if what it makes of the items that its diagnostic takes is whole clauses that
//! check. It is sure only if that place ends and begins where the text around it does, so that nothing
//! else changes.

use std::ops::Range;

use super::check::Context;
use super::{Answer, Leaves, phrases};
use crate::diagnostic::{Edit, Fix, apply_within};
use crate::sketch::{self, Head, Join, Kind, Operand, Shape, Sketch, Verb};
use crate::span::Span;

/// What the driver knows of a place beside its items.
#[derive(Clone, Copy)]
pub(crate) struct Around {
    /// Where edits may begin: at the end of what is before.
    pub(crate) from: usize,
    /// Whether nothing unread is before the items taken.
    pub(crate) begins: bool,
    /// Whether a negation or a join waits before them.
    pub(crate) waits: bool,
    /// Whether a clause is wanted there, and not a join.
    pub(crate) wants: bool,
    /// Whether what they mean rests on a guess.
    pub(crate) rests_on_guess: bool,
}

/// The last clause of what a fix makes, with the text that it is in.
pub(crate) struct Remade {
    pub(crate) source: String,
    pub(crate) head: Head,
    pub(crate) operand: Operand,
}

/// Lowers the applicability of the fixes of an answer, takes away those that do not hold, and keeps what the first
/// of the others makes.
pub(crate) fn certify(answer: &mut Answer, sketch: &Sketch, context: &Context, around: Around) {
    let items = window(sketch, answer);
    let window = Span::new(around.from, items.end());
    let begins = around.begins || answer.leaves == Leaves::Close;
    let waits_for_list = answer.takes.end.checked_sub(1).is_some_and(|last| waits_for_list(sketch, last));
    let is_bound = follows_between(sketch, answer.takes.start);
    let is_closed = begins && is_boundary(sketch, answer.takes.end) && !waits_for_list && !is_bound;
    let leaves = answer.leaves;
    let before = answer.takes.start.checked_sub(1).map(|before| sketch.kind(before));
    // `cost in model 5`: it would be read as the value that is missing.
    let is_value = matches!(before, Some(Kind::Head(_)));
    if leaves == Leaves::Operand && (is_value || is_glued(sketch, answer.takes.end)) {
        answer.diagnostic.fixes.clear();
    }
    let ends = matches!(sketch.kind(answer.takes.end), Kind::Join(_) | Kind::Close | Kind::End);
    let mut has_sure = false;
    let mut first = None;
    answer.diagnostic.fixes.retain_mut(|fix| {
        let made = if is_inside(fix, window) {
            Made::of(fix, window, sketch.text, leaves, context, around.wants)
        } else {
            Made::Unknown
        };
        let stays = match &made {
            Made::Broken => return false,
            Made::Unknown => false,
            Made::Whole(remade) if !ends && remade.as_ref().is_some_and(may_go_on) => false,
            Made::Whole(_) => {
                is_closed && !around.rests_on_guess && (leaves != Leaves::Operand || !takes_structure(fix, sketch.text))
            }
            // Its negation or join would go to what follows.
            Made::Nothing => is_closed && !around.waits && !around.rests_on_guess,
        };
        if !stays || has_sure {
            fix.doubt();
        }
        has_sure |= fix.is_sure();
        first.get_or_insert_with(|| match made {
            Made::Whole(remade) if is_inside(fix, items) => remade,
            _ => None,
        });
        true
    });
    answer.made = first.flatten();
}

fn is_inside(fix: &Fix, window: Span) -> bool {
    fix.edits.iter().all(|edit| window.start() <= edit.span.start() && edit.span.end() <= window.end())
}

/// Whether one bracket of two is taken away from a value, which may have grouped what follows, or a sign
/// that may have joined it.
fn takes_structure(fix: &Fix, text: &str) -> bool {
    let count = |edit: &Edit, bracket| edit.span.of(text).matches(bracket).count();
    let opened = fix.edits.iter().map(|edit| count(edit, '(')).sum::<usize>();
    let closed = fix.edits.iter().map(|edit| count(edit, ')')).sum::<usize>();
    opened > closed || fix.edits.iter().any(|edit| edit.span.of(text).trim_end().ends_with(['|', '&']))
}

/// From the first item taken up to the first that is not.
pub(crate) fn window(sketch: &Sketch, answer: &Answer) -> Span {
    Span::new(sketch.span(answer.takes.start).start(), sketch.span(answer.takes.end).start())
}

/// What a fix makes of its window.
enum Made {
    /// What its answer says: an operand, whose last clause is kept, or a join.
    Whole(Option<Remade>),
    /// Nothing, and it says so.
    Nothing,
    /// Something that does not check.
    Broken,
    /// It reaches out of its window.
    Unknown,
}

impl Made {
    fn of(fix: &Fix, window: Span, text: &str, leaves: Leaves, context: &Context, wants: bool) -> Made {
        let after = apply_within(&fix.edits, text, window);
        let mut sketch = sketch::read(&after);
        // Where something is complete, a join may begin it.
        if !wants && leaves == Leaves::Operand && matches!(sketch.kind(0), Kind::Join(_)) {
            sketch.items.remove(0);
        }
        let is_good = match leaves {
            Leaves::Operand => {
                sketch.is_whole()
                    && sketch.items.len() > 1
                    && !holds_operator_word(&sketch)
                    && context.clauses_check(&sketch)
            }
            Leaves::Anew => is_balanced(&sketch),
            Leaves::Join(join) => matches!(sketch.kind(0), Kind::Join(made) if made == join),
            Leaves::Close => sketch.kind(0) == Kind::Close && sketch.kind(1) == Kind::End,
            Leaves::Nothing => sketch.items.len() == 1,
        };
        let last = sketch.items.len().checked_sub(2).map(|last| sketch.kind(last));
        if !is_good || after == window.of(text) {
            return Made::Broken;
        }
        match (leaves, last) {
            (Leaves::Nothing, _) => Made::Nothing,
            (Leaves::Operand, Some(Kind::Clause(head, operand))) => {
                Made::Whole(Some(Remade { source: after, head, operand }))
            }
            (Leaves::Operand | Leaves::Anew | Leaves::Join(_) | Leaves::Close, _) => Made::Whole(None),
        }
    }
}

/// Whether a text is something, and ends nothing that it did not begin.
fn is_balanced(sketch: &Sketch) -> bool {
    let mut depth = 0_usize;
    for item in &sketch.items {
        match item.kind {
            Kind::Open => depth += 1,
            Kind::Close if depth == 0 => return false,
            Kind::Close => depth -= 1,
            Kind::Unclosed => return false,
            _ => {}
        }
    }
    depth == 0 && sketch.items.len() > 1
}

/// Whether a bare value is an operator word, of this language or another: then it is likely no value.
fn holds_operator_word(sketch: &Sketch) -> bool {
    let is_end = |char: char| char.is_whitespace() || "()[],".contains(char);
    let holds = |text: &str| match text.contains(['"', '\'', '“', '‘']) {
        // What is in quotes is what it is.
        true => false,
        false => text.split(is_end).any(phrases::is_operator_word),
    };
    sketch.items.iter().any(|item| match item.kind {
        Kind::Clause(_, Operand { shape: Shape::Interval | Shape::String, .. }) => false,
        Kind::Clause(_, operand) => holds(operand.span.of(sketch.text)),
        _ => false,
    })
}

/// Whether a bracket is among some items without its partner: then it is not known which brackets belong together.
pub(crate) fn leaves_open(sketch: &Sketch, items: &Range<usize>) -> bool {
    let count = |brackets: [&str; 2]| items.clone().filter(|at| brackets.contains(&sketch.of(*at))).count();
    count(["(", "["]) > count([")", "]"])
}

/// Whether an `or` of the group is among what an answer takes, or a sign that may be one.
pub(crate) fn holds_or(sketch: &Sketch, answer: &Answer) -> bool {
    let mut depth = 0_usize;
    let mut is_or = |at: usize| {
        match sketch.kind(at) {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Join(join) => return depth == 0 && join == Join::Or,
            Kind::Sign => return depth == 0 && sketch.of(at).contains('|'),
            _ => {}
        }
        false
    };
    !matches!(answer.leaves, Leaves::Join(_)) && answer.takes.clone().any(&mut is_or)
}

/// Whether what is before an item ends there: white space, a bracket or the end of the text.
pub(crate) fn is_boundary(sketch: &Sketch, at: usize) -> bool {
    let touches = sketch.touches(at);
    match sketch.kind(at) {
        Kind::Close | Kind::End => true,
        // `10:00` may go on a value before it.
        Kind::Clause(..) => !touches && !sketch.of(at).starts_with(|char: char| char.is_ascii_digit()),
        Kind::Join(_) | Kind::Open | Kind::All => !touches,
        Kind::Not if sketch.of(at) == "-" => {
            !touches && sketch.touches(at + 1) && matches!(sketch.kind(at + 1), Kind::Clause(..))
        }
        Kind::Not => !touches && matches!(sketch.kind(at + 1), Kind::Clause(..) | Kind::Open | Kind::All | Kind::Not),
        Kind::Head(_) | Kind::Text | Kind::Sign | Kind::Comma | Kind::Square | Kind::Word | Kind::Unclosed => false,
    }
}

/// `contains any`, `= {`: whether a list or a bracket that follows would be read as a part of a clause.
fn may_go_on(remade: &Remade) -> bool {
    let value = remade.operand.span.of(&remade.source);
    let is_open = value.matches('{').count() != value.matches('}').count();
    remade.operand.shape == Shape::Word && (is_quantifier(value) || is_open)
}

fn is_quantifier(word: &str) -> bool {
    ["any", "all"].iter().any(|other| word.eq_ignore_ascii_case(other))
}

/// `contains any (…`, `contains any env = b`: whether what follows an item may be its list.
fn waits_for_list(sketch: &Sketch, at: usize) -> bool {
    match sketch.kind(at) {
        Kind::Head(_) => sketch.kind(at + 1) == Kind::Open,
        Kind::Clause(_, operand) if is_quantifier(operand.span.of(sketch.text)) => {
            !matches!(sketch.kind(at + 1), Kind::Join(_) | Kind::Close | Kind::End)
        }
        _ => false,
    }
}

/// `latency between 0 and …`: whether an item may be the upper end of a range.
fn follows_between(sketch: &Sketch, at: usize) -> bool {
    const MOST: usize = 4;
    let before = |back: usize| at.checked_sub(back).map_or(Kind::End, |at| sketch.kind(at));
    let is_range = |kind: Kind| matches!(kind, Kind::Head(head) if head.verb == Verb::Between);
    before(1) == Kind::Join(Join::And)
        && (2..MOST).map(before).take_while(|kind| !matches!(kind, Kind::Join(_))).any(is_range)
}

/// Whether what touches what is before an item would be read as a part of it.
fn is_glued(sketch: &Sketch, at: usize) -> bool {
    let is_part = matches!(
        sketch.kind(at),
        Kind::Clause(..) | Kind::Head(_) | Kind::Text | Kind::Sign | Kind::Word | Kind::Unclosed
    );
    // A sign between two clauses is one of its own.
    sketch.touches(at) && is_part && !matches!(sketch.of(at), "&" | "|")
}

/// Whether something may begin at an item, with nothing unread before it.
pub(crate) fn begins(sketch: &Sketch, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    match sketch.kind(before) {
        Kind::Open | Kind::Not => true,
        Kind::Join(_) | Kind::Close | Kind::Clause(..) | Kind::All => !sketch.touches(at),
        Kind::Head(_)
        | Kind::Text
        | Kind::Sign
        | Kind::Comma
        | Kind::Square
        | Kind::Word
        | Kind::Unclosed
        | Kind::End => false,
    }
}
