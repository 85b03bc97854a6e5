//! Checks that the machine-applicable fixes of a text hold together: that applying all of them at once
//! leaves the rest of the query as it is.
//!
//! [`certify`](super::certify) considers only what is around each fix. But a fix can change how something
//! farther away is read. So the result of all fixes is diagnosed, too, and compared with the text: it has
//! fewer errors and no new kind of error, and the clauses that no answer takes are joined as before.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Answer, Leaves};
use crate::diagnostic::{Code, Diagnostics, Edit};
use crate::sketch::{Join, Kind, Sketch};

/// What the driver found in a text.
pub(super) struct Walk<'s> {
    pub(super) sketch: &'s Sketch<'s>,
    pub(super) found: Diagnostics,
    /// The items that are covered by answers and by errors of clauses, in the order of the text.
    pub(super) taken: Vec<Taken>,
}

/// The items that an answer covers.
#[derive(Debug, PartialEq)]
pub(crate) struct Taken {
    /// The rule that answered; empty for a clause with an error.
    pub(crate) rule: &'static str,
    pub(crate) items: Range<usize>,
    pub(crate) leaves: Leaves,
    pub(crate) is_sure: bool,
}

impl Taken {
    pub(super) fn by(answer: &Answer) -> Taken {
        let Answer { rule, takes, leaves, .. } = answer;
        Taken { rule, items: takes.clone(), leaves: *leaves, is_sure: answer.is_sure() }
    }
}

impl Walk<'_> {
    /// Returns all machine-applicable edits, in the order of the text.
    pub(super) fn sure_edits(&self) -> Vec<Edit> {
        let fixes = self.found.as_slice().iter().flat_map(|found| &found.fixes).filter(|fix| fix.is_sure());
        let mut edits: Vec<Edit> = fixes.flat_map(|fix| fix.edits.clone()).collect();
        edits.sort_by_key(|edit| edit.span);
        edits
    }

    /// Whether a text is no worse after its machine-applicable edits, and its other clauses are unchanged.
    pub(super) fn holds(&self, edits: &[Edit], after: &Walk) -> bool {
        let mut kept = BTreeSet::new();
        let old = self.formula(edits, |clause| {
            kept.insert(clause);
            true
        });
        let is_clear = !self.has_doubtful_text() && !after.has_doubtful_text();
        is_clear && self.is_improved(after) && old == after.formula(&[], |clause| kept.contains(&clause))
    }

    /// Whether a term may be meant as part of the value before it.
    fn has_doubtful_text(&self) -> bool {
        self.found.as_slice().iter().any(|found| found.code() == Code::TextAfterValue)
    }

    /// Whether there are fewer errors after the edits, and none with a new code. Text that is then read for
    /// the first time may have any.
    fn is_improved(&self, after: &Walk) -> bool {
        let is_anew = self.taken.iter().any(|taken| taken.is_sure && taken.leaves == Leaves::Anew);
        // Not counted: errors about the whole text, and those of a group that are reported only if it has no others.
        let counts = |walk: &Walk| -> BTreeMap<Code, usize> {
            let errors = walk.found.errors();
            errors.filter(|(code, _)| !matches!(code, Code::MixedImplicitAnd | Code::UnusedParameter)).collect()
        };
        let (old, new) = (counts(self), counts(after));
        let is_fewer = new.values().sum::<usize>() < old.values().sum();
        is_anew || new.is_empty() || is_fewer && new.keys().all(|code| old.contains_key(code))
    }

    /// Returns how some of the clauses that nothing takes are joined. Their positions are those after the edits.
    fn formula<'t>(&'t self, edits: &[Edit], mut keeps: impl FnMut(Clause<'t>) -> bool) -> Option<Formula<'t>> {
        let mut joins = Joins::default();
        let mut taken = self.taken.iter().peekable();
        let mut edits = edits.iter().peekable();
        let (mut at, mut added, mut removed) = (0, 0, 0);
        while let Some(item) = self.sketch.items.get(at) {
            while let Some(edit) = edits.next_if(|edit| edit.span.end() <= item.span.start()) {
                added += edit.text.len();
                removed += edit.span.range().len();
            }
            if let Some(Taken { items, leaves, .. }) = taken.next_if(|taken| taken.items.start <= at) {
                match *leaves {
                    Leaves::Operand | Leaves::Anew => joins.operand(None),
                    Leaves::Join(join) => joins.join(join),
                    Leaves::Close => joins.close(),
                    Leaves::Nothing => {}
                }
                at = items.end.max(at + 1);
                continue;
            }
            match item.kind {
                Kind::Clause(..) | Kind::Text | Kind::All => {
                    let clause = (item.span.start() + added - removed, self.sketch.of(at));
                    joins.operand(keeps(clause).then_some(Formula::Clause(clause)));
                }
                Kind::Join(join) => joins.join(join),
                Kind::Not => joins.group.negations += 1,
                Kind::Open => joins.open(),
                Kind::Close => joins.close(),
                Kind::Head(_) | Kind::Sign | Kind::Comma | Kind::Square | Kind::Word | Kind::Unclosed | Kind::End => {}
            }
            at += 1;
        }
        joins.formula()
    }
}

/// A clause: its position, and its text.
type Clause<'t> = (usize, &'t str);

/// How some clauses are joined, without the groups and negations of others.
#[derive(PartialEq)]
enum Formula<'t> {
    Clause(Clause<'t>),
    Not(Box<Formula<'t>>),
    /// Two or more, and none of them is an `All`.
    All(Vec<Formula<'t>>),
    /// Two or more, and none of them is an `Any`.
    Any(Vec<Formula<'t>>),
}

/// Builds a formula from left to right.
#[derive(Default)]
struct Joins<'t> {
    group: Group<'t>,
    /// The groups around it.
    groups: Vec<Group<'t>>,
}

#[derive(Default)]
struct Group<'t> {
    alternatives: Vec<Formula<'t>>,
    operands: Vec<Formula<'t>>,
    negations: usize,
}

impl<'t> Group<'t> {
    fn end_alternative(&mut self) {
        let operands = std::mem::take(&mut self.operands);
        match joined(operands, Formula::All) {
            Some(Formula::Any(inner)) => self.alternatives.extend(inner),
            alternative => self.alternatives.extend(alternative),
        }
    }
}

impl<'t> Joins<'t> {
    /// Adds a clause or a group; `None` if it is left out.
    fn operand(&mut self, operand: Option<Formula<'t>>) {
        let negations = std::mem::take(&mut self.group.negations);
        match operand.map(|operand| (0..negations).fold(operand, |operand, _| Formula::Not(Box::new(operand)))) {
            Some(Formula::All(inner)) => self.group.operands.extend(inner),
            operand => self.group.operands.extend(operand),
        }
    }

    fn join(&mut self, join: Join) {
        if join == Join::Or {
            self.group.end_alternative();
        }
    }

    fn open(&mut self) {
        let outer = std::mem::take(&mut self.group);
        self.groups.push(outer);
    }

    /// Ends a group, if one is open.
    fn close(&mut self) {
        if let Some(outer) = self.groups.pop() {
            let mut group = std::mem::replace(&mut self.group, outer);
            group.end_alternative();
            self.operand(joined(group.alternatives, Formula::Any));
        }
    }

    /// Ends all groups.
    fn formula(mut self) -> Option<Formula<'t>> {
        while !self.groups.is_empty() {
            self.close();
        }
        self.group.end_alternative();
        joined(self.group.alternatives, Formula::Any)
    }
}

/// Joins some parts; a single one stays as it is.
fn joined<'t>(mut parts: Vec<Formula<'t>>, join: fn(Vec<Formula<'t>>) -> Formula<'t>) -> Option<Formula<'t>> {
    if parts.len() > 1 { Some(join(parts)) } else { parts.pop() }
}
