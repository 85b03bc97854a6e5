//! Certifies fixes: decides which are offered, and which are machine-applicable.
//!
//! A fix is offered only if it turns the items that its diagnostic takes into complete clauses that
//! check. It is machine-applicable only if that window also begins and ends where the surrounding text
//! allows, so that nothing else changes.

use std::ops::Range;

use super::check::Context;
use super::{Answer, Leaves, phrases};
use crate::diagnostic::{Edit, Fix, apply_within};
use crate::sketch::{self, Head, Join, Kind, Operand, Shape, Sketch, Verb};
use crate::span::Span;

/// The context of the items that an answer takes.
#[derive(Clone, Copy)]
pub(crate) struct Around {
    /// Where edits may begin: at the end of the preceding item.
    pub(crate) from: usize,
    /// Whether something may begin here, given what is before.
    pub(crate) begins: bool,
    /// Whether a join or a negation before them still needs its operand.
    pub(crate) waits: bool,
    /// Whether a clause is expected: at the start of a group, or if a join or a negation needs it.
    pub(crate) wants: bool,
    /// Whether their meaning depends on a guess.
    pub(crate) rests_on_guess: bool,
}

/// The last answer: where it ends, and what follows there.
#[derive(Default)]
pub(crate) struct Last {
    pub(crate) end: usize,
    /// `None` before the first answer.
    leaves: Option<Leaves>,
    is_fixed: bool,
    is_sure: bool,
}

impl Last {
    pub(crate) fn of(answer: &Answer) -> Last {
        let is_fixed = !answer.diagnostic.fixes.is_empty();
        Last { end: answer.takes.end, leaves: Some(answer.leaves), is_fixed, is_sure: answer.is_sure() }
    }

    /// Whether something may begin at an item, given what is before it.
    pub(crate) fn begins(&self, sketch: &Sketch, at: usize) -> bool {
        match self.leaves.filter(|_| self.end == at) {
            Some(Leaves::Nothing) if self.is_fixed => !sketch.touches(at),
            Some(Leaves::Join(_)) if self.is_sure => !sketch.touches(at),
            // The operand may extend further than the answer takes.
            Some(Leaves::Operand) => self.is_sure && begins(sketch, at),
            _ => begins(sketch, at),
        }
    }

    /// Whether a fix removes the text before an item.
    pub(crate) fn is_removed_before(&self, sketch: &Sketch, at: usize) -> bool {
        self.end == at && self.leaves == Some(Leaves::Nothing) && self.is_fixed && !sketch.touches(at)
    }
}

/// The last clause after applying a fix, with the text that contains it.
pub(crate) struct Remade {
    pub(crate) source: String,
    pub(crate) head: Head,
    pub(crate) operand: Operand,
}

/// Lowers the applicability of an answer's fixes, drops those that do not hold, and stores the result of the first
/// remaining one.
pub(crate) fn certify(answer: &mut Answer, sketch: &Sketch, context: &Context, around: Around) {
    let items = window(sketch, answer);
    let window = Span::new(around.from, items.end());
    let (leaves, takes) = (answer.leaves, &answer.takes);
    if leaves == Leaves::Operand && is_part_of_a_neighbor(sketch, takes) {
        answer.diagnostic.fixes.clear();
    }
    let is_certain = is_closed(sketch, answer, context, around) && !around.rests_on_guess;
    let ends = matches!(sketch.kind(takes.end), Kind::Join(_) | Kind::Close | Kind::End);
    let mut has_sure = false;
    let mut first = None;
    let mut title = None;
    answer.diagnostic.fixes.retain_mut(|fix| {
        let made = if is_inside(fix, window) {
            Made::of(fix, window, sketch.text, leaves, context, around.wants)
        } else {
            Made::Unknown
        };
        let stays = match &made {
            Made::Broken => {
                title.get_or_insert_with(|| std::mem::take(&mut fix.title));
                return false;
            }
            Made::Unknown => false,
            Made::Whole(remade) if !ends && remade.as_ref().is_some_and(may_go_on) => false,
            Made::Whole(_) => is_certain && (leaves != Leaves::Operand || !takes_structure(fix, sketch.text)),
            // Its negation or join would apply to what follows.
            Made::Nothing => is_certain && !around.waits,
        };
        if !stays || has_sure {
            fix.doubt();
        }
        has_sure |= fix.is_sure();
        first.get_or_insert_with(|| match made {
            Made::Whole(remade) if is_inside(fix, items) && !fix.has_placeholders() => remade,
            _ => None,
        });
        true
    });
    // Something else is wrong there, too; the title still says what to write.
    if answer.diagnostic.fixes.is_empty() && answer.diagnostic.help.is_none() && !answer.rule.is_empty() {
        answer.diagnostic.help = title;
    }
    answer.made = first.flatten();
}

/// Whether the items that an answer takes begin and end where the surrounding text allows.
fn is_closed(sketch: &Sketch, answer: &Answer, context: &Context, around: Around) -> bool {
    let takes = &answer.takes;
    let begins = around.begins || answer.leaves == Leaves::Close;
    let mut last_items = [takes.start, takes.end].into_iter().filter_map(|at| at.checked_sub(1));
    begins
        && is_boundary(sketch, takes.end)
        && !is_part_of_time(sketch, takes.end, context)
        && !last_items.any(|last| waits_for_list(sketch, last))
        && !follows_between(sketch, takes.start)
}

/// Whether what looks like a clause may be part of the value before it, as in `2024-06-01 a:b`.
fn is_part_of_time(sketch: &Sketch, at: usize, context: &Context) -> bool {
    match sketch.kind(at) {
        Kind::Clause(head, operand) => {
            let name = head.field.of(sketch.text).trim_start_matches('+');
            head.is_tight(operand) && context.field(name).is_none()
        }
        _ => false,
    }
}

/// Whether an operand in place of some items would be read as part of an item next to them.
fn is_part_of_a_neighbor(sketch: &Sketch, takes: &Range<usize>) -> bool {
    let preceding = takes.start.checked_sub(1).map(|at| sketch.kind(at));
    // `cost in model 5`: it would be read as the missing value.
    matches!(preceding, Some(Kind::Head(_))) || is_glued(sketch, takes.end)
}

fn is_inside(fix: &Fix, window: Span) -> bool {
    fix.edits.iter().all(|edit| window.start() <= edit.span.start() && edit.span.end() <= window.end())
}

/// Whether a fix removes only one of two brackets from a value, which may have grouped what follows, or a sign
/// that may have been a connective.
fn takes_structure(fix: &Fix, text: &str) -> bool {
    let count = |edit: &Edit, bracket| edit.span.of(text).matches(bracket).count();
    let opened = fix.edits.iter().map(|edit| count(edit, '(')).sum::<usize>();
    let closed = fix.edits.iter().map(|edit| count(edit, ')')).sum::<usize>();
    opened > closed || fix.edits.iter().any(|edit| edit.span.of(text).trim_end().ends_with(['|', '&']))
}

/// Returns the span from the first item taken up to the next item.
pub(crate) fn window(sketch: &Sketch, answer: &Answer) -> Span {
    Span::new(sketch.span(answer.takes.start).start(), sketch.span(answer.takes.end).start())
}

/// The result of applying a fix to its window.
enum Made {
    /// What the answer leaves: an operand, whose last clause is kept, or a join.
    Whole(Option<Remade>),
    /// Nothing, as the answer states.
    Nothing,
    /// Something that does not check.
    Broken,
    /// Unknown, as the fix extends beyond its window.
    Unknown,
}

impl Made {
    fn of(fix: &Fix, window: Span, text: &str, leaves: Leaves, context: &Context, wants: bool) -> Made {
        let after = apply_within(&fix.edits, text, window);
        let mut sketch = sketch::read(&after);
        // After a complete operand, it may begin with a join.
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

/// Whether a text is not empty, and closes nothing that it did not open.
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

/// Whether a bare value is an operator word of this language or another, so that it is probably not a value.
fn holds_operator_word(sketch: &Sketch) -> bool {
    let is_end = |char: char| char.is_whitespace() || "()[],".contains(char);
    let holds = |text: &str| match text.contains(['"', '\'', '“', '‘']) {
        // Quoted strings are literal.
        true => false,
        false => text.split(is_end).any(phrases::is_operator_word),
    };
    sketch.items.iter().any(|item| match item.kind {
        Kind::Clause(_, Operand { shape: Shape::Interval | Shape::String, .. }) => false,
        Kind::Clause(_, operand) => holds(operand.span.of(sketch.text)),
        _ => false,
    })
}

/// Whether some items contain an unmatched bracket, so that it is unknown which brackets belong together.
pub(crate) fn leaves_open(sketch: &Sketch, items: &Range<usize>) -> bool {
    let count = |brackets: [&str; 2]| items.clone().filter(|at| brackets.contains(&sketch.of(*at))).count();
    count(["(", "["]) > count([")", "]"])
}

/// Whether an answer takes an `or` of the group, or a sign that may be one.
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

/// Whether the text before an item ends there: with white space, a bracket or the end of the text.
pub(crate) fn is_boundary(sketch: &Sketch, at: usize) -> bool {
    let touches = sketch.touches(at);
    match sketch.kind(at) {
        Kind::Close | Kind::End => true,
        // `10:00` may continue a preceding value.
        Kind::Clause(..) => !touches && !sketch.of(at).starts_with(|char: char| char.is_ascii_digit()),
        Kind::Join(_) | Kind::Open | Kind::All => !touches,
        Kind::Not if sketch.of(at) == "-" => {
            !touches && sketch.touches(at + 1) && matches!(sketch.kind(at + 1), Kind::Clause(..))
        }
        Kind::Not => !touches && matches!(sketch.kind(at + 1), Kind::Clause(..) | Kind::Open | Kind::All | Kind::Not),
        Kind::Head(_) | Kind::Text | Kind::Sign | Kind::Comma | Kind::Square | Kind::Word | Kind::Unclosed => false,
    }
}

/// Whether a following list or bracket would be read as part of the clause: `contains any`, `= {`.
fn may_go_on(remade: &Remade) -> bool {
    let value = remade.operand.span.of(&remade.source);
    let is_open = value.matches('{').count() != value.matches('}').count();
    remade.operand.shape == Shape::Word && (is_quantifier(value) || is_open)
}

fn is_quantifier(word: &str) -> bool {
    ["any", "all"].iter().any(|other| word.eq_ignore_ascii_case(other))
}

/// Whether a list may follow an item, as in `contains any (…`, `contains any env = b`.
fn waits_for_list(sketch: &Sketch, at: usize) -> bool {
    match sketch.kind(at) {
        Kind::Head(_) => sketch.kind(at + 1) == Kind::Open,
        Kind::Clause(_, operand) if is_quantifier(operand.span.of(sketch.text)) => {
            !matches!(sketch.kind(at + 1), Kind::Join(_) | Kind::Close | Kind::End)
        }
        _ => false,
    }
}

/// Whether an item may be the upper end of a range, as in `latency between 0 and …`.
fn follows_between(sketch: &Sketch, at: usize) -> bool {
    const MOST: usize = 4;
    let before = |back: usize| at.checked_sub(back).map_or(Kind::End, |at| sketch.kind(at));
    let is_range = |kind: Kind| matches!(kind, Kind::Head(head) if head.verb == Verb::Between);
    before(1) == Kind::Join(Join::And)
        && (2..MOST).map(before).take_while(|kind| !matches!(kind, Kind::Join(_))).any(is_range)
}

/// Whether an item directly after another would be read as part of it.
fn is_glued(sketch: &Sketch, at: usize) -> bool {
    let is_part = matches!(
        sketch.kind(at),
        Kind::Clause(..) | Kind::Head(_) | Kind::Text | Kind::Sign | Kind::Word | Kind::Unclosed
    );
    // A sign between two clauses is an item of its own.
    sketch.touches(at) && is_part && !matches!(sketch.of(at), "&" | "|")
}

/// Whether something may begin at an item, with nothing unread before it.
fn begins(sketch: &Sketch, at: usize) -> bool {
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
