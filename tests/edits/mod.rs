//! Applies several edits at once, and determines which parts of a text they leave unchanged.
#![allow(dead_code, reason = "each test uses some of it")]

use std::collections::BTreeSet;

use freeplay_filter::{Applicability, Diagnostic, Edit, Fix};

/// The machine-applicable fixes of a diagnostic: at most one.
pub(crate) fn sure_fixes(diagnostic: &Diagnostic) -> impl Iterator<Item = &Fix> {
    diagnostic.fixes.iter().filter(|fix| fix.applicability == Applicability::MachineApplicable)
}

/// All machine-applicable edits, in the order of the text.
pub(crate) fn sure_edits(diagnostics: &[Diagnostic]) -> Vec<Edit> {
    let fixes = diagnostics.iter().flat_map(sure_fixes);
    let mut edits: Vec<Edit> = fixes.flat_map(|fix| fix.edits.clone()).collect();
    edits.sort_by_key(|edit| edit.span);
    edits
}

/// Whether two edits share a byte or an insertion point.
pub(crate) fn overlap(edits: &[Edit]) -> bool {
    edits.windows(2).any(|pair| pair[1].span.start() < pair[0].span.end() || pair[1].span == pair[0].span)
}

/// Applies edits that are sorted and do not overlap.
pub(crate) fn applied(text: &str, edits: &[Edit]) -> String {
    let mut out = text.to_owned();
    for edit in edits.iter().rev() {
        out.replace_range(edit.span.range(), &edit.text);
    }
    out
}

/// Returns the position of a byte after the preceding edits.
pub(crate) fn moved(at: usize, edits: &[Edit]) -> usize {
    let before = edits.iter().filter(|edit| edit.span.end() <= at);
    let (removed, added) =
        before.fold((0, 0), |(removed, added), edit| (removed + edit.span.range().len(), added + edit.text.len()));
    at + added - removed
}

/// A text as a formula of its clauses. A hole is a part that is not a clause.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Formula {
    Hole,
    /// A clause: its start, and the filter that it compiles to.
    Clause(usize, String),
    Not(Box<Formula>),
    And(Vec<Formula>),
    Or(Vec<Formula>),
}

use Formula::{And, Clause, Hole, Not, Or};

impl Formula {
    /// The clauses, each with its position.
    pub(crate) fn clauses(&self) -> BTreeSet<(usize, String)> {
        match self {
            Hole => BTreeSet::new(),
            Clause(at, filter) => BTreeSet::from([(*at, filter.clone())]),
            Not(part) => part.clauses(),
            And(parts) | Or(parts) => parts.iter().flat_map(Formula::clauses).collect(),
        }
    }

    /// The formula with positions after the edits.
    pub(crate) fn moved(&self, edits: &[Edit]) -> Formula {
        match self {
            Hole => Hole,
            Clause(at, filter) => Clause(moved(*at, edits), filter.clone()),
            Not(part) => Not(Box::new(part.moved(edits))),
            And(parts) => And(parts.iter().map(|part| part.moved(edits)).collect()),
            Or(parts) => Or(parts.iter().map(|part| part.moved(edits)).collect()),
        }
    }

    /// The formula of only some clauses, with groups unwrapped and flattened; `None` if it has none of them.
    pub(crate) fn of_only(&self, clauses: &BTreeSet<(usize, String)>) -> Option<Formula> {
        let (parts, is_and) = match self {
            Hole => return None,
            Clause(at, filter) => return clauses.contains(&(*at, filter.clone())).then(|| self.clone()),
            Not(part) => return part.of_only(clauses).map(|part| Not(Box::new(part))),
            And(parts) => (parts, true),
            Or(parts) => (parts, false),
        };
        let mut left = Vec::new();
        for part in parts {
            match part.of_only(clauses) {
                Some(And(inner)) if is_and => left.extend(inner),
                Some(Or(inner)) if !is_and => left.extend(inner),
                Some(part) => left.push(part),
                None => {}
            }
        }
        match left.len() {
            0 => None,
            1 => left.pop(),
            _ => Some(if is_and { And(left) } else { Or(left) }),
        }
    }
}

/// Builds a formula from left to right.
pub(crate) struct FormulaBuilder {
    group: Group,
    around: Vec<Group>,
}

#[derive(Default)]
struct Group {
    /// The parts before each `| where`, which joins all of them with all that follows.
    piped: Vec<Formula>,
    alternatives: Vec<Formula>,
    operands: Vec<Formula>,
    negations: usize,
}

impl Group {
    fn or(&mut self) {
        self.negations = 0;
        self.alternatives.push(And(std::mem::take(&mut self.operands)));
    }

    fn pipe(&mut self) {
        self.or();
        self.piped.push(Or(std::mem::take(&mut self.alternatives)));
    }

    fn formula(mut self) -> Formula {
        self.pipe();
        And(self.piped)
    }
}

impl FormulaBuilder {
    pub(crate) fn new() -> FormulaBuilder {
        FormulaBuilder { group: Group::default(), around: Vec::new() }
    }

    /// Adds a clause, a hole or a group.
    pub(crate) fn operand(&mut self, mut operand: Formula) {
        for _ in 0..std::mem::take(&mut self.group.negations) {
            operand = Not(Box::new(operand));
        }
        self.group.operands.push(operand);
    }

    pub(crate) fn not(&mut self) {
        self.group.negations += 1;
    }

    /// After a negation it joins nothing, and is the name of a function: `not or(model = a, env = b)`.
    pub(crate) fn or(&mut self) {
        if self.group.negations == 0 {
            self.group.or();
        }
    }

    pub(crate) fn pipe(&mut self) {
        self.group.pipe();
    }

    pub(crate) fn open(&mut self) {
        self.around.push(std::mem::take(&mut self.group));
    }

    /// Ends a group; `false` if none is open.
    pub(crate) fn close(&mut self) -> bool {
        let Some(outer) = self.around.pop() else { return false };
        let formula = std::mem::replace(&mut self.group, outer).formula();
        self.operand(formula);
        true
    }

    /// Returns the formula; open groups end with the text.
    pub(crate) fn build(mut self) -> Formula {
        while self.close() {}
        self.group.formula()
    }
}
