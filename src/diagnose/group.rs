//! Tracks how the operands of one group are joined.

use crate::diagnostic::{Diagnostic, Edit, Fix, Kind};
use crate::sketch::Join;
use crate::span::Span;

/// The state of a group: its alternatives, each a run of operands joined by `and`.
#[derive(Default)]
pub(crate) struct Group {
    /// The item of its opening bracket; `None` for the outermost group.
    pub(crate) opener: Option<usize>,
    /// The number of errors before it.
    pub(crate) errors_before: usize,
    /// The alternatives before the last `or`.
    runs: Vec<Run>,
    run: Run,
    /// The pending negations and join.
    pub(crate) negations: usize,
    pub(crate) joined: Option<Join>,
    first_or: Option<Span>,
    /// Whether an answer took an `or`.
    pub(crate) takes_or: bool,
    /// Whether its bracket, or an unclosed one before it, may belong to a list or a call, so that its clauses
    /// are uncertain.
    pub(crate) is_guess: bool,
}

#[derive(Clone, Copy, Default)]
struct Run {
    first: Span,
    last: Span,
    len: usize,
    /// The operands on both sides of the first implicit `and`.
    implicit: Option<(Span, Span)>,
}

impl Group {
    pub(crate) fn new(opener: usize, errors_before: usize, is_guess: bool) -> Group {
        Group { opener: Some(opener), errors_before, is_guess, ..Group::default() }
    }

    /// Whether a clause is expected: there is none yet, or a join or negation is pending.
    pub(crate) fn wants(&self) -> bool {
        self.is_empty() || self.joined.is_some() || self.negations > 0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.run.len == 0 && self.runs.is_empty()
    }

    pub(crate) fn has_or(&self) -> bool {
        self.first_or.is_some() || self.takes_or
    }

    /// Whether one of its alternatives has several operands.
    pub(crate) fn has_and(&self) -> bool {
        self.runs.iter().chain([&self.run]).any(|run| run.len > 1)
    }

    pub(crate) fn join(&mut self, join: Join, span: Span) {
        self.joined = Some(join);
        if join == Join::Or {
            self.first_or.get_or_insert(span);
            self.runs.push(std::mem::take(&mut self.run));
        }
    }

    pub(crate) fn operand(&mut self, span: Span) {
        let run = &mut self.run;
        if run.len == 0 {
            run.first = span;
        } else if self.joined.is_none() {
            run.implicit.get_or_insert((run.last, span));
        }
        run.last = span;
        run.len += 1;
        self.negations = 0;
        self.joined = None;
    }

    /// Reports adjacent operands next to an `or`, which have more than one reading.
    pub(crate) fn mixture(&mut self) -> Option<Diagnostic> {
        let first_or = self.first_or?;
        self.runs.push(self.run);
        let runs = &self.runs;
        let (left, right) = runs.iter().find_map(|run| run.implicit)?;
        let of_runs = runs.iter().filter(|run| run.len > 1).flat_map(|run| insert_around(run.first, run.last));
        Some(
            Diagnostic::new(Kind::MixedImplicitAnd, left.to(right))
                .label(first_or, "it is unclear which clauses this `or` joins")
                .help("add parentheses around the clauses that belong together")
                .fix(Fix::new("group the clauses joined by `and`", of_runs.collect()))
                .fix(Fix::new("group the alternatives", around_ors(runs))),
        )
    }
}

fn insert_around(first: Span, last: Span) -> [Edit; 2] {
    [Edit::insert(first.start(), "("), Edit::insert(last.end(), ")")]
}

/// Returns edits that parenthesize each `or` with its direct neighbors.
fn around_ors(runs: &[Run]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut open: Option<Span> = None;
    for (index, run) in runs.iter().enumerate() {
        let last = index + 1 == runs.len();
        if let Some(start) = open
            && (run.len > 1 || last)
        {
            edits.extend(insert_around(start, run.first));
            open = None;
        }
        if !last {
            open.get_or_insert(run.last);
        }
    }
    edits
}
