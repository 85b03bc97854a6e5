//! Tokens to tree: precedence, groups and negation, with a stack of its own instead of recursion.

use std::mem;

use pest::iterators::Pairs;

use super::clause::Clausal;
use super::{Parsed, Rule, Terminal, Token, closing, tokens};
use crate::ast::{Comment, Expr, Field, Query};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Edit, Findings, Fix, Kind, Tally};
use crate::limits::{Limits, MAX_DEPTH};
use crate::span::Span;

pub(super) fn fold<'a>(text: &'a str, query: Pairs<'a, Rule>, limits: &Limits, catalog: &Catalog) -> Parsed<'a> {
    let mut tokens = Vec::with_capacity(query.clone().tokens().len() / 2);
    let mut comments = Vec::new();
    tokens::each(text, query, |token| match token.terminal {
        Terminal::Comment => comments.push(Comment { span: token.span, text: token.span.of(text).into() }),
        _ => tokens.push(token),
    });
    tokens.push(Token { terminal: Terminal::End, span: Span::at(text.len()) });
    let mut fold = Fold {
        text,
        tokens,
        taken: 0,
        limits,
        catalog,
        stack: Vec::new(),
        group: Group::default(),
        level: 0,
        clauses: 0,
        findings: Findings::default(),
        recovering: false,
        last: None,
        field: Span::default(),
        swallowed: false,
        deferred: None,
        broken: Vec::new(),
    };
    let mut expr = fold.run();
    if fold.recognise_json() {
        expr = Expr::All(Span::default());
        fold.broken.clear();
    }
    let Fold { findings, broken, .. } = fold;
    let query = Query { text: text.into(), expr, comments };
    Parsed { query, diagnostics: findings.into_vec(), broken }
}

pub(super) struct Fold<'a, 'c> {
    pub(super) text: &'a str,
    /// All but the comments; the last is the end of the text.
    tokens: Vec<Token>,
    /// How many of them were taken.
    taken: usize,
    pub(super) limits: &'c Limits,
    pub(super) catalog: &'c Catalog,
    /// The groups around the one that is being read.
    stack: Vec<Group<'a>>,
    group: Group<'a>,
    /// Open parentheses and waiting negations, in all groups.
    level: usize,
    clauses: usize,
    pub(super) findings: Findings,
    /// After an error, and before the next place that is sure to begin something new: what stands
    /// here is likely a part of what is wrong already.
    pub(super) recovering: bool,
    /// The last clause, where it has a single value: what comes after it may belong to it.
    pub(super) last: Option<LastClause>,
    /// The field of the clause that was begun last.
    pub(super) field: Span,
    /// Whether a quote that is never closed, a `#` that begins no comment, a comment of another
    /// language or a call may have taken in the end of a group.
    pub(super) swallowed: bool,
    /// A connective that stood where a value should; it joins once the broken clause is in place.
    pub(super) deferred: Option<(bool, Span)>,
    /// The fields of clauses in whose place `Expr::All` stands.
    pub(super) broken: Vec<Field<'a>>,
}

#[derive(Clone, Copy)]
pub(super) struct LastClause {
    pub(super) field: Span,
    pub(super) operator: Span,
    pub(super) value: Span,
    /// Whether the value is without quotes.
    pub(super) is_bare: bool,
    /// The first connective behind it, while nothing else is.
    pub(super) joined: Option<Span>,
}

/// What has been read of one group: alternatives, each a run of parts that hold together.
#[derive(Default)]
struct Group<'a> {
    opener: Option<Span>,
    /// How much had been found before it began.
    before: Tally,
    alternatives: Vec<Expr<'a>>,
    /// One for each alternative.
    runs: Vec<Run>,
    parts: Vec<Expr<'a>>,
    run: Run,
    /// Negations that wait for what they negate.
    negations: Vec<Span>,
    /// The `and` or `or` that waits for what follows it.
    pending: Option<Span>,
    first_or: Option<Span>,
    /// The greatest number of levels below any part, and below any alternative.
    height: usize,
}

/// Where the parts of a run stand and how they are joined.
#[derive(Clone, Copy, Default)]
struct Run {
    first: Span,
    last: Span,
    len: usize,
    /// The parts left and right of a place where two only stand side by side.
    implicit: Option<(Span, Span)>,
    height: usize,
}

/// The text nests too deep, or holds too much, to go on.
struct Stop;

impl<'a> Fold<'a, '_> {
    fn run(&mut self) -> Expr<'a> {
        while let Some(token) = self.next() {
            if self.token(token).is_err() {
                return Expr::All(Span::default());
            }
        }
        self.unclosed_groups();
        // The clauses in groups that are not closed are checked like any others.
        while let Some(outer) = self.stack.pop() {
            let inner = mem::replace(&mut self.group, outer);
            self.group.parts.extend(inner.alternatives.into_iter().chain(inner.parts));
        }
        match self.finish(Span::default()) {
            Ok((Some(expr), _)) => expr,
            Ok((None, _)) | Err(Stop) => Expr::All(Span::default()),
        }
    }

    /// Reports the groups that are open at the text's end, all in one.
    fn unclosed_groups(&mut self) {
        let openers = self.stack.iter().skip(1).filter_map(|group| group.opener).chain(self.group.opener);
        let openers: Vec<Span> = openers.collect();
        let Some((first, others)) = openers.split_first() else { return };
        let closers: String = openers.iter().rev().map(|opener| closing(self.slice(*opener))).collect();
        let mut diagnostic = Diagnostic::new(Kind::Unclosed { opener: self.slice(*first).to_owned() }, *first);
        for other in others {
            diagnostic = diagnostic.label(*other, "nor is this one");
        }
        if self.swallowed {
            self.report(diagnostic);
            return;
        }
        let written = self.tokens.iter().rfind(|token| token.terminal != Terminal::End);
        let place = Span::at(written.map_or(0, |last| last.span.end()));
        self.report(diagnostic.fix(Fix::replace(format!("add `{closers}` at the end"), place, closers)));
    }

    fn token(&mut self, token: Token) -> Result<(), Stop> {
        let Token { terminal, span } = token;
        match terminal {
            Terminal::Connective => {
                self.recovering = false;
                if let Some(last) = &mut self.last {
                    last.joined.get_or_insert(span);
                }
                match self.slice(span).as_bytes() {
                    [b'a' | b'A' | b'&', ..] => self.connect(false, span),
                    [b'o' | b'O' | b'|', ..] => self.connect(true, span),
                    _ => {
                        self.descend(span)?;
                        self.group.negations.push(span);
                    }
                }
                Ok(())
            }
            Terminal::All => {
                self.last = None;
                self.recovering = false;
                self.join(span);
                self.part(Expr::All(span), 0);
                Ok(())
            }
            Terminal::Field => {
                self.clauses += 1;
                if self.clauses > self.limits.clauses {
                    let kind = Kind::TooMany { what: "clauses", limit: self.limits.clauses };
                    self.report(Diagnostic::new(kind, span).help("`Limits::clauses` raises the limit"));
                    return Err(Stop);
                }
                // In place of a clause that cannot be read, everything: nothing else is said of it.
                match self.clause(span) {
                    Clausal::Clause(clause) => {
                        self.join(clause.span);
                        self.part(Expr::Clause(clause), 0);
                    }
                    Clausal::Broken => {
                        self.join(span);
                        self.part(Expr::All(span), 0);
                    }
                    Clausal::Swallowed => {}
                }
                if let Some((is_or, span)) = self.deferred.take() {
                    self.connect(is_or, span);
                }
                Ok(())
            }
            Terminal::Opening => {
                if let Some(last) = self.last.filter(|last| last.is_bare && last.value.end() == span.start()) {
                    self.call(last, span);
                    return Ok(());
                }
                if self.slice(span) == "[" && self.bracketed_name(span) {
                    self.join(span);
                    self.part(Expr::All(span), 0);
                    return Ok(());
                }
                if self.slice(span) == "[" {
                    self.report(
                        Diagnostic::new(Kind::Unexpected { found: "[".to_owned() }, span)
                            .help("clauses are grouped by parentheses; brackets hold the values of `in`"),
                    );
                }
                self.descend(span)?;
                self.join(span);
                let group = Group { opener: Some(span), before: self.findings.tally(), ..Group::default() };
                self.stack.push(mem::replace(&mut self.group, group));
                self.last = None;
                Ok(())
            }
            Terminal::Closing => {
                let closed = self.close(span);
                self.recovering = false;
                closed
            }
            Terminal::Unclosed => {
                self.unclosed_quote(span);
                Ok(())
            }
            Terminal::End => Ok(()),
            // Everything else stands inside a clause, where `clause` takes it; what is left over
            // stands where it does not belong.
            Terminal::Stray
            | Terminal::Comma
            | Terminal::Symbol
            | Terminal::Negation
            | Terminal::Contains
            | Terminal::Quantifier
            | Terminal::Within
            | Terminal::Between
            | Terminal::Conjunction
            | Terminal::Foreign
            | Terminal::Value
            | Terminal::Comment => {
                if self.stray(span) {
                    self.join(span);
                    self.part(Expr::All(span), 0);
                }
                Ok(())
            }
        }
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.taken += 1;
        let is_comment = || token.terminal == Terminal::Stray && self.slice(token.span).starts_with('#');
        self.swallowed |= token.terminal == Terminal::Unclosed || is_comment();
        Some(token)
    }

    pub(super) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.taken).copied()
    }

    /// The tokens that follow, without taking any.
    pub(super) fn ahead(&self) -> impl Iterator<Item = Token> + Clone {
        self.tokens.get(self.taken..).unwrap_or_default().iter().copied()
    }

    /// The end of the last token taken.
    pub(super) fn consumed(&self) -> usize {
        self.taken.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |token| token.span.end())
    }

    /// What a text holds from a place on, as far as a guess may look: there can be as many guesses as
    /// there are tokens, and all that follows is too much to look through for each.
    pub(super) fn nearby(&self, start: usize) -> &'a str {
        const FAR: usize = 1_000;
        let rest = self.text.get(start..).unwrap_or_default();
        let end = (FAR..FAR + char::MAX.len_utf8()).find(|end| rest.is_char_boundary(*end));
        end.and_then(|end| rest.get(..end)).unwrap_or(rest)
    }

    /// Whether nothing but white space lies around a span. White space is looked through once, at
    /// the last group that closes.
    fn is_all(&self, span: Span) -> bool {
        self.tokens.len() == self.taken + 1 && self.slice(span) == self.text.trim()
    }

    pub(super) fn slice(&self, span: Span) -> &'a str {
        span.of(self.text)
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.findings.push(diagnostic);
    }

    fn descend(&mut self, span: Span) -> Result<(), Stop> {
        self.level += 1;
        if self.level > MAX_DEPTH { self.too_deep(span) } else { Ok(()) }
    }

    fn too_deep(&mut self, span: Span) -> Result<(), Stop> {
        self.report(
            Diagnostic::new(Kind::TooDeep { limit: MAX_DEPTH }, span).help("flatten the groups, or split the query"),
        );
        Err(Stop)
    }

    /// `and` or `or`.
    pub(super) fn connect(&mut self, is_or: bool, span: Span) {
        if self.wants_clause() {
            let found = self.slice(span).to_owned();
            let fix = self.remove(span);
            self.report(Diagnostic::new(Kind::ExpectedClause { place: "before", found }, span).fix(fix));
            return;
        }
        if is_or {
            self.group.first_or.get_or_insert(span);
            self.end_run();
        }
        self.group.pending = Some(span);
    }

    /// Whether a clause must stand here: the group has none yet, or a connective waits for one.
    pub(super) fn wants_clause(&self) -> bool {
        self.group.parts.is_empty() || self.group.pending.is_some() || !self.group.negations.is_empty()
    }

    /// Whether a parenthesis is open.
    pub(super) fn in_group(&self) -> bool {
        !self.stack.is_empty()
    }

    /// Takes back the last negation, which was the minus of a value.
    pub(super) fn forget_negation(&mut self) {
        if self.group.negations.pop().is_some() {
            self.level -= 1;
        }
    }

    /// Takes back the last clause: its value is not what it seemed to be, so nothing else is said
    /// of it.
    pub(super) fn retract(&mut self) {
        let Some(part) = self.group.parts.last_mut() else { return };
        let mut bare = &mut *part;
        while let Expr::Not(_, inner) = bare {
            bare = inner;
        }
        if let Expr::Clause(clause) = bare {
            let span = clause.span;
            if let Expr::Clause(clause) = mem::replace(bare, Expr::All(span)) {
                self.broken.push(clause.field);
            }
        }
    }

    /// Something begins that is joined to what stands before it: by the connective in between, or
    /// by none.
    fn join(&mut self, next: Span) {
        let group = &mut self.group;
        let next = group.negations.first().map_or(next, |negation| negation.to(next));
        if group.pending.take().is_none() && group.run.len > 0 {
            group.run.implicit.get_or_insert((group.run.last, next));
        }
    }

    /// A part of a group is complete but for the negations before it.
    fn part(&mut self, mut expr: Expr<'a>, mut height: usize) {
        for negation in mem::take(&mut self.group.negations).into_iter().rev() {
            self.level -= 1;
            height += 1;
            expr = Expr::Not(negation.to(expr.span()), Box::new(expr));
        }
        /// Room for as many parts as most groups have: growing costs more than some room left over.
        const USUAL: usize = 6;
        let run = &mut self.group.run;
        if run.len == 0 {
            self.group.parts.reserve(USUAL);
            run.first = expr.span();
        }
        run.last = expr.span();
        run.len += 1;
        run.height = run.height.max(height);
        self.group.parts.push(expr);
    }

    fn end_run(&mut self) {
        let expr = self.take_run();
        self.group.alternatives.extend(expr);
    }

    /// The parts of the run in one; its place is only kept where there is an `or` to mix it up with.
    fn take_run(&mut self) -> Option<Expr<'a>> {
        let run = mem::take(&mut self.group.run);
        let expr = match self.group.parts.len() {
            0 => return None,
            1 => self.group.parts.pop(),
            _ => Some(Expr::And(run.first.to(run.last), mem::take(&mut self.group.parts))),
        };
        self.group.height = self.group.height.max(run.height + usize::from(run.len > 1));
        if self.group.first_or.is_some() {
            self.group.runs.push(run);
        }
        expr
    }

    /// Ends the group and gives its expression, which spans `around` where that is not empty, and
    /// its height.
    fn finish(&mut self, around: Span) -> Result<(Option<Expr<'a>>, usize), Stop> {
        let unanswered = self.group.negations.last().copied().or(self.group.pending);
        if let Some(span) = unanswered {
            self.level -= self.group.negations.len();
            let found = self.slice(span).to_owned();
            let mut diagnostic = Diagnostic::new(Kind::ExpectedClause { place: "after", found }, span);
            // Nothing at all would find everything.
            if !self.group.parts.is_empty() || !self.group.alternatives.is_empty() {
                diagnostic = diagnostic.fix(self.remove(span));
            }
            self.report(diagnostic);
        }
        let last = self.take_run();
        self.check_mixture();
        let mut height = self.group.height;
        let mut alternatives = mem::take(&mut self.group.alternatives);
        let mut expr = if alternatives.is_empty() {
            last
        } else {
            alternatives.extend(last);
            match alternatives.len() {
                1 => alternatives.pop(),
                _ => {
                    height += 1;
                    let span = |expr: Option<&Expr>| expr.map(Expr::span).unwrap_or_default();
                    Some(Expr::Or(span(alternatives.first()).to(span(alternatives.last())), alternatives))
                }
            }
        };
        match &mut expr {
            Some(expr) if !around.is_empty() => expr.set_span(around),
            None if !around.is_empty() && self.findings.tally() == self.group.before && !self.recovering => {
                let diagnostic = Diagnostic::new(Kind::EmptyGroup, around);
                self.report(if self.is_all(around) {
                    diagnostic.fix(Fix::replace("to find everything, write `*`", around, "*"))
                } else {
                    diagnostic.help("put a clause between them, or take them out")
                });
            }
            _ => {}
        }
        if height > MAX_DEPTH {
            self.too_deep(around)?;
        }
        Ok((expr, height))
    }

    fn close(&mut self, span: Span) -> Result<(), Stop> {
        self.last = None;
        let Some(outer) = self.stack.pop() else {
            let found = self.slice(span).to_owned();
            let fix = Fix::replace(format!("remove `{found}`"), span, "");
            self.report(Diagnostic::new(Kind::Unopened { found }, span).fix(fix));
            return Ok(());
        };
        let opener = self.group.opener.unwrap_or(span);
        let around = opener.to(span);
        let found = self.slice(span);
        if found == "]" && self.slice(opener) == "(" {
            self.report(
                Diagnostic::new(Kind::Unexpected { found: "]".to_owned() }, span)
                    .label(opener, "opened here")
                    .fix(Fix::write(span, ")")),
            );
        }
        let (expr, height) = self.finish(around)?;
        self.group = outer;
        self.level -= 1;
        self.part(expr.unwrap_or(Expr::All(around)), height);
        Ok(())
    }

    /// Beside an `or`, clauses joined by nothing are an error.
    fn check_mixture(&mut self) {
        let Some(first_or) = self.group.first_or.filter(|_| self.group.runs.len() > 1) else { return };
        // With an error among them it is not sure which clauses there are.
        if self.findings.tally().errors > self.group.before.errors {
            return;
        }
        let runs = mem::take(&mut self.group.runs);
        let of_several = |run: &&Run| run.len > 1;
        let group_runs = || {
            let edits = runs.iter().filter(of_several).flat_map(|run| insert_around(run.first, run.last));
            Fix::new("group what stands together", edits.collect())
        };
        if let Some((left, right)) = runs.iter().find_map(|run| run.implicit) {
            self.report(
                Diagnostic::new(Kind::MixedImplicitAnd, left.to(right))
                    .label(first_or, "this `or` could take in one of them or both")
                    .help("write parentheses around what belongs together")
                    .fix(group_runs())
                    .fix(Fix::new("group the alternatives", around_ors(&runs))),
            );
        }
    }
}

fn insert_around(first: Span, last: Span) -> [Edit; 2] {
    [Edit::insert(first.start(), "("), Edit::insert(last.end(), ")")]
}

/// Parentheses around each `or` and its direct neighbours.
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
