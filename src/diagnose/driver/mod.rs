//! The driver: walks over a sketch once. Only the driver advances, and always to the right.

mod terms;

use terms::SecondReading;

use crate::diagnose::certify::{Around, Last, Remade, certify, holds_or, leaves_open};
use crate::diagnose::check::Context;
use crate::diagnose::group::Group;
use crate::diagnose::kinds::kinds;
use crate::diagnose::rules::rules_at;
use crate::diagnose::site::Site;
use crate::diagnose::together::{Taken, Walk};
use crate::diagnose::{Anchor, Answer, BesideText, Leaves, Previous, Rule};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, apply_within};
use crate::limits::MAX_DEPTH;
use crate::sketch::{self, Head, Join, Kind, Operand, Sketch};
use crate::span::Span;

/// Returns all errors of an invalid text, and the warnings about its clauses.
pub(crate) fn diagnose(text: &str, context: Context, what: Diagnosed) -> Vec<Diagnostic> {
    let sketch = sketch::read(text);
    let driver = Driver::new(&sketch, context, what);
    driver.verified().found.into_vec()
}

/// Which diagnostics to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Diagnosed {
    /// Syntax errors.
    Syntax,
    /// Also those about names and values.
    All,
}

/// The result of a walk.
#[cfg(test)]
pub(crate) struct Report {
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The number of errors, including those that are dropped.
    pub(crate) errors: usize,
    /// What the rules took.
    pub(crate) taken: Vec<Taken>,
}

/// Diagnoses a text with one rule switched off.
#[cfg(test)]
pub(crate) fn report(text: &str, context: Context, off: Option<&'static str>) -> Report {
    report_with(text, context, |driver| driver.off = off)
}

/// Diagnoses a text with every rule asked at all items.
#[cfg(test)]
pub(crate) fn unguarded(text: &str, context: Context) -> Report {
    report_with(text, context, |driver| driver.is_guarded = false)
}

#[cfg(test)]
fn report_with(text: &str, context: Context, set: impl Fn(&mut Driver)) -> Report {
    let sketch = sketch::read(text);
    let mut driver = Driver::new(&sketch, context, Diagnosed::All);
    set(&mut driver);
    let Walk { found, taken, .. } = driver.verified();
    let taken = taken.into_iter().filter(|taken| !taken.rule.is_empty()).collect();
    Report { errors: found.tally().errors, diagnostics: found.into_vec(), taken }
}

struct Driver<'s> {
    sketch: &'s Sketch<'s>,
    /// Whether the grammar accepts the text.
    is_whole: bool,
    context: Context<'s>,
    what: Diagnosed,
    /// A rule that is switched off.
    off: Option<&'static str>,
    /// Whether rules are asked only at the items that they are on.
    is_guarded: bool,
    /// The index of the next item.
    at: usize,
    last: Last,
    /// The groups around the current one.
    groups: Vec<Group>,
    group: Group,
    /// Open brackets and pending negations, in all groups.
    level: usize,
    previous: Option<Previous<'s>>,
    second_reading: Option<SecondReading>,
    /// The end of the text for which a warning was reported.
    told_to: usize,
    found: Diagnostics,
    taken: Vec<Taken>,
}

impl<'s> Driver<'s> {
    fn new(sketch: &'s Sketch<'s>, context: Context<'s>, what: Diagnosed) -> Driver<'s> {
        Driver {
            sketch,
            is_whole: sketch.is_whole(),
            context,
            what,
            off: None,
            is_guarded: true,
            at: 0,
            last: Last::default(),
            groups: Vec::new(),
            group: Group::default(),
            level: 0,
            previous: None,
            second_reading: None,
            told_to: 0,
            found: Diagnostics::default(),
            taken: Vec::new(),
        }
    }

    /// Walks over the text. Its machine-applicable fixes remain so only if they hold together.
    fn verified(self) -> Walk<'s> {
        let (context, what) = (self.context, self.what);
        let mut walk = self.walked();
        // A correction within a clause changes nothing around it.
        if walk.taken.iter().any(|taken| taken.is_sure && !taken.rule.is_empty()) {
            let edits = walk.sure_edits();
            let after = apply_within(&edits, walk.sketch.text, Span::new(0, walk.sketch.text.len()));
            let after = sketch::read(&after);
            // A valid query is not diagnosed; and what the fixes make of their clauses was checked.
            let is_valid = after.is_whole() && !after.items.iter().any(|item| item.kind == Kind::Text);
            let after = match is_valid {
                true => Walk { sketch: &after, found: Diagnostics::default(), taken: Vec::new() },
                false => Driver::new(&after, context, what).walked(),
            };
            if !walk.holds(&edits, &after) {
                walk.found.doubt_all();
            }
        }
        walk
    }

    fn walked(mut self) -> Walk<'s> {
        self.run();
        Walk { sketch: self.sketch, found: self.found, taken: self.taken }
    }

    fn run(&mut self) {
        if let Some(answer) = self.ask(Anchor::Start) {
            self.take(answer);
        }
        loop {
            if self.level > MAX_DEPTH {
                self.found.push(Diagnostic::too_deep(self.sketch.span(self.at.saturating_sub(1))));
                return;
            }
            let kind = self.sketch.kind(self.at);
            if kind == Kind::End {
                self.end();
                return;
            }
            self.step(kind);
        }
    }

    fn step(&mut self, kind: Kind) {
        match kind {
            Kind::Clause(head, operand) => {
                let answer = if self.is_known(head.field) {
                    self.ask(Anchor::Value)
                } else {
                    self.ask(Anchor::Clause).or_else(|| self.ask_of_misspelled(head.field))
                };
                match answer {
                    Some(answer) => self.take(answer),
                    None => self.clause(head, operand),
                }
            }
            Kind::All if self.sketch.kind(self.at + 1) == Kind::Sign && self.sketch.of(self.at + 1) == ":" => {
                self.answer(Anchor::Clause);
            }
            Kind::All => {
                self.operand(self.sketch.span(self.at), None);
                self.at += 1;
            }
            Kind::Not => match self.ask_at_minus() {
                Some(answer) => self.take(answer),
                None => self.negation(),
            },
            Kind::Join(join) if !self.group.wants() => match self.ask_at_join() {
                Some(answer) => self.take(answer),
                None => self.join(join),
            },
            Kind::Open if !self.is_after_word() && self.sketch.kind(self.at + 1) != Kind::Close => self.open(),
            // The missing clause before the bracket was reported.
            Kind::Close if !self.groups.is_empty() => self.close(),
            Kind::Head(head) if self.is_known(head.field) => self.answer(Anchor::Value),
            Kind::Text if self.names_field() => self.answer(Anchor::Operator),
            Kind::Text if self.context.has_text() => match self.ask(Anchor::Clause) {
                Some(answer) => self.take(answer),
                None => self.text(),
            },
            Kind::Join(_)
            | Kind::Open
            | Kind::Close
            | Kind::Head(_)
            | Kind::Text
            | Kind::Sign
            | Kind::Comma
            | Kind::Square
            | Kind::Word
            | Kind::Unclosed
            | Kind::End => self.answer(Anchor::Clause),
        }
    }

    fn is_known(&self, field: Span) -> bool {
        self.context.field(field.of(self.sketch.text)).is_some()
    }

    fn names_field(&self) -> bool {
        self.site().names_field(0)
    }

    /// Whether a bracket directly follows something outside a clause, as in `now(…)`.
    fn is_after_word(&self) -> bool {
        let before = self.at.checked_sub(1).map(|before| self.sketch.kind(before));
        !self.group.wants()
            && self.sketch.touches(self.at)
            && !matches!(before, Some(Kind::Close | Kind::All | Kind::Join(_)))
    }

    fn site(&self) -> Site<'_> {
        Site {
            sketch: self.sketch,
            at: self.at,
            context: self.context,
            previous: self.previous.as_ref(),
            group: &self.group,
            groups: &self.groups,
        }
    }

    /// Asks the rules of an anchor, and returns the first answer.
    fn ask(&self, anchor: Anchor) -> Option<Answer> {
        if self.second_reading.as_ref().is_some_and(|reading| self.at < reading.end) {
            return None;
        }
        let site = self.site();
        let (item, next) = (kinds(site.kind(0)), kinds(site.kind(1)));
        let fits = |rule: &&Rule| {
            let [items, nexts] = rule.on;
            items & item != 0 && nexts & next != 0 || !self.is_guarded
        };
        let on = rules_at(anchor).iter().filter(fits).filter(|rule| Some(rule.name) != self.off);
        let mut answers = on.filter_map(|rule| Some(Answer { rule: rule.name, ..(rule.find)(&site)? }));
        answers.find(|answer| self.holds(answer))
    }

    /// Asks what follows a clause whose field is probably misspelled: `latancy > 5 sec`.
    fn ask_of_misspelled(&self, field: Span) -> Option<Answer> {
        let goes_on = matches!(self.sketch.kind(self.at + 1), Kind::Text | Kind::Comma | Kind::Word | Kind::Sign);
        let answer = if goes_on { self.ask(Anchor::Value) } else { None };
        answer.map(|answer| answer.names(field))
    }

    /// Asks at a minus that may begin a value: `-5 >= cost`.
    fn ask_at_minus(&self) -> Option<Answer> {
        let begins_number =
            |text: &str| text.starts_with(|char: char| char.is_ascii_digit() || matches!(char, '.' | '$'));
        let is_minus = self.sketch.of(self.at) == "-" && begins_number(self.sketch.of(self.at + 1));
        let next = self.sketch.kind(self.at + 1);
        let is_call = next == Kind::Open && self.sketch.touches(self.at + 1) && self.sketch.of(self.at) != "-";
        let is_alone = matches!(next, Kind::Join(_) | Kind::Close | Kind::End) && !self.site().is_call(1);
        if is_minus || is_call || is_alone { self.ask(Anchor::Clause) } else { None }
    }

    /// Asks at a join without a clause after it, or one that is a function: `and(…, …)`.
    fn ask_at_join(&self) -> Option<Answer> {
        match self.sketch.kind(self.at + 1) {
            Kind::Join(_) | Kind::Close | Kind::End => self.ask(Anchor::Clause),
            Kind::Open if self.sketch.touches(self.at + 1) => self.ask(Anchor::Clause),
            _ => None,
        }
    }

    /// Applies the answer of a rule, or reports the item as unexpected.
    fn answer(&mut self, anchor: Anchor) {
        let answer = self.ask(anchor).unwrap_or_else(|| super::rules::unexpected(&self.site()));
        self.take(answer);
    }

    fn negation(&mut self) {
        if let Some(previous) = &mut self.previous {
            previous.negations_after += 1;
        }
        self.group.negations += 1;
        self.level += 1;
        self.at += 1;
    }

    fn join(&mut self, join: Join) {
        self.group.join(join, self.sketch.span(self.at));
        self.at += 1;
        match &mut self.previous {
            Some(previous) if previous.join.is_none() => previous.join = Some(join),
            previous => *previous = None,
        }
    }

    fn open(&mut self) {
        let errors = self.found.tally().errors;
        let before = self.at.checked_sub(1).map(|before| self.sketch.kind(before));
        let is_of_value = !self.last.is_removed_before(self.sketch, self.at)
            && before.is_some_and(|before| before.is_unread() || before == Kind::Text);
        // In `or(or(a = 1`, `or` is the name of a function, as nothing precedes it.
        let is_call =
            self.group.joined.is_none() && self.sketch.touches(self.at) && matches!(before, Some(Kind::Join(_)));
        let inner = Group::new(self.at, errors, self.group.is_guess || is_of_value || is_call);
        self.groups.push(std::mem::replace(&mut self.group, inner));
        self.level += 1;
        self.previous = None;
        self.at += 1;
    }

    fn close(&mut self) {
        let opener = self.group.opener.unwrap_or(self.at);
        let span = self.sketch.span(opener).to(self.sketch.span(self.at));
        self.leave_group(span);
        self.at += 1;
    }

    /// Ends the current group, which becomes one operand of the enclosing group.
    fn leave_group(&mut self, span: Span) {
        self.mixture();
        let Some(outer) = self.groups.pop() else { return };
        self.group = outer;
        self.level -= 1;
        self.operand(span, None);
    }

    /// Reports mixed joins in a group, unless it has other errors, which make its clauses uncertain.
    fn mixture(&mut self) {
        if self.found.tally().errors == self.group.errors_before
            && let Some(diagnostic) = self.group.mixture()
        {
            self.found.push(diagnostic);
        }
    }

    fn operand(&mut self, span: Span, previous: Option<Previous<'s>>) {
        self.level -= self.group.negations;
        self.group.operand(span);
        self.previous = previous;
    }

    /// Checks a complete clause that no rule takes.
    fn clause(&mut self, head: Head, operand: Operand) {
        let span = self.sketch.span(self.at);
        let found = match self.what {
            Diagnosed::All => self.context.clause(self.sketch, self.at),
            Diagnosed::Syntax => self.context.syntax(self.sketch, self.at).into_iter().collect(),
        };
        let mut answers = self.certified(found);
        if self.site().may_be_text(1) {
            let unknown = answers.iter_mut().filter(|answer| answer.diagnostic.code() == Code::UnknownField);
            unknown.for_each(|answer| answer.diagnostic.fixes.push(self.site().in_quotes(0..1)));
        }
        let previous = answers.iter_mut().find(|answer| answer.is_sure()).and_then(|answer| self.made(answer));
        let previous = previous.unwrap_or_else(|| self.read(head, operand));
        self.operand(span, Some(previous));
        self.leave(answers);
    }

    /// Reports what is wrong with the current clause or text, and advances.
    fn leave(&mut self, answers: Vec<Answer>) {
        self.taken.extend(answers.iter().find(|answer| answer.diagnostic.is_error()).map(Taken::by));
        self.found_all(answers.into_iter().map(|answer| answer.diagnostic));
        self.at += 1;
    }

    /// Certifies the checker's diagnostics of the current clause or text.
    fn certified(&self, found: Vec<Diagnostic>) -> Vec<Answer> {
        let errors = found.iter().filter(|found| found.is_error()).count();
        found.into_iter().map(|diagnostic| self.certified_one(diagnostic, errors)).collect()
    }

    /// Certifies one diagnostic. `errors` is the number of errors of the clause.
    fn certified_one(&self, diagnostic: Diagnostic, errors: usize) -> Answer {
        let takes = self.at..self.at + 1;
        // With several errors, no single fix makes the clause valid; nor does a corrected name if the value is
        // invalid.
        let may_stay = errors > 1 || diagnostic.code() == Code::UnknownField;
        let fixes = may_stay.then(|| diagnostic.fixes.clone());
        let mut answer = Answer {
            diagnostic,
            takes,
            leaves: Leaves::Operand,
            field: None,
            beside_text: BesideText::Keep,
            rule: "",
            made: None,
        };
        certify(&mut answer, self.sketch, &self.context, self.around(self.at));
        // `modle = a or b`: the answer about `b` depends on the name.
        let site = self.site();
        let has_alternative = matches!(site.kind(1), Kind::Join(_)) && site.kind(2) == Kind::Text && site.ends_at(3);
        if has_alternative && answer.diagnostic.code() == Code::UnknownField {
            answer.diagnostic.doubt();
        }
        if answer.diagnostic.fixes.is_empty()
            && let Some(fixes) = fixes
        {
            answer.diagnostic.fixes = fixes;
            answer.diagnostic.doubt();
        }
        answer
    }

    fn found_all(&mut self, diagnostics: impl Iterator<Item = Diagnostic>) {
        diagnostics.for_each(|diagnostic| self.found.push(diagnostic));
    }

    fn around(&self, at: usize) -> Around {
        // Negations belong to their operand.
        let negations = (0..at).rev().take_while(|before| self.sketch.kind(*before) == Kind::Not).count();
        let first = at - negations;
        let is_free = self.last.end != at || at == 0;
        let before = at.checked_sub(1).filter(|_| is_free).map(|before| self.sketch.span(before).end());
        Around {
            from: before.unwrap_or(self.sketch.span(at).start()),
            begins: self.last.begins(self.sketch, first),
            wants: self.group.wants(),
            waits: at > 0 && (self.group.joined.is_some() || self.group.negations > 0),
            rests_on_guess: self.group.is_guess
                || self.previous.as_ref().is_some_and(|previous| previous.is_guess && previous.join.is_some()),
        }
    }

    fn take(&mut self, mut answer: Answer) {
        self.recover(&mut answer);
        certify(&mut answer, self.sketch, &self.context, self.around(self.at));
        let is_reading = self.context.has_text() && answer.beside_text == BesideText::Warn && self.holds_text(&answer);
        if is_reading {
            self.second_reading = Some(SecondReading { end: answer.takes.end, fixes: answer.diagnostic.fixes });
            return;
        }
        let span = Span::new(
            self.sketch.span(answer.takes.start).start(),
            self.sketch.span(answer.takes.end.saturating_sub(1)).end(),
        );
        self.taken.push(Taken::by(&answer));
        self.at = answer.takes.end;
        self.last = Last::of(&answer);
        if !answer.is_sure() && leaves_open(self.sketch, &answer.takes) {
            self.groups.iter_mut().chain([&mut self.group]).for_each(|group| group.is_guess = true);
        }
        self.group.takes_or |= holds_or(self.sketch, &answer);
        match answer.leaves {
            Leaves::Operand => {
                let previous = self.made(&mut answer);
                self.operand(span, previous);
            }
            Leaves::Anew => self.operand(span, None),
            Leaves::Join(join) => {
                self.previous = None;
                self.group.join(join, span);
            }
            Leaves::Close => {
                let opener = self.group.opener.unwrap_or(self.at);
                self.leave_group(self.sketch.span(opener).to(span));
            }
            Leaves::Nothing => self.previous = None,
        }
        if let Some(field) = answer.field.filter(|_| self.what == Diagnosed::All) {
            let mut named = self.context.name(self.sketch.text, field);
            // Whether a corrected name suffices is unknown while its clause is broken.
            named.iter_mut().flat_map(|found| &mut found.fixes).for_each(|fix| {
                fix.doubt();
            });
            self.found_all(named.into_iter());
        }
        self.found.push(answer.diagnostic);
    }

    /// Extends an answer over the unread items after it. So the end of an answer does not depend on the rule.
    /// Nothing else recovers from errors.
    fn recover(&self, answer: &mut Answer) {
        if answer.leaves != Leaves::Operand {
            return;
        }
        let is_unread = |at: usize| match self.sketch.kind(at) {
            Kind::Comma => !Site { at, ..self.site() }.begins_clause(1),
            Kind::Square => self.sketch.of(at) == "[" || self.groups.is_empty(),
            Kind::Sign => !matches!(self.sketch.of(at), "&" | "|"),
            Kind::Word | Kind::Unclosed => true,
            _ => false,
        };
        while is_unread(answer.takes.end) {
            answer.takes.end += 1;
            for fix in &mut answer.diagnostic.fixes {
                fix.doubt();
            }
        }
    }

    fn read(&self, head: Head, operand: Operand) -> Previous<'s> {
        Previous {
            source: self.sketch.text.into(),
            head,
            operand,
            item: Some(self.at),
            is_guess: false,
            negations_before: self.group.negations,
            join: None,
            negations_after: 0,
        }
    }

    /// Returns the clause that the first fix of an answer creates, if it is one.
    fn made(&self, answer: &mut Answer) -> Option<Previous<'s>> {
        let Remade { source, head, operand } = answer.made.take()?;
        let is_sure = answer.diagnostic.fixes.first().is_some_and(Fix::is_sure);
        let before = source.get(..head.field.start()).unwrap_or_default().trim();
        let item = (is_sure && before.is_empty()).then_some(answer.takes.start);
        let read = self.read(head, operand);
        let negations_before = read.negations_before + usize::from(before.ends_with("not"));
        Some(Previous { source: source.into(), is_guess: !is_sure, item, negations_before, ..read })
    }

    /// Ends all groups that are not closed.
    fn end(&mut self) {
        if let Some(mut answer) = self.ask(Anchor::Clause) {
            if self.group.is_guess {
                answer.diagnostic.doubt();
            }
            self.taken.push(Taken::by(&answer));
            self.found.push(answer.diagnostic);
        }
        while !self.groups.is_empty() {
            let opener = self.group.opener.unwrap_or(self.at);
            self.leave_group(self.sketch.span(opener).to(self.sketch.span(self.at)));
        }
        self.mixture();
    }
}
