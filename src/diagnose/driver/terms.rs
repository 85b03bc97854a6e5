//! Text without a field: whether words are terms, or were meant as part of something else.

use super::Driver;
use crate::diagnose::{Answer, BesideText, Previous, may_go_on};
use crate::diagnostic::{Diagnostic, Fix, Kind as Said, excerpt};
use crate::sketch::Kind;
use crate::span::Span;
use crate::syntax::quote;
use crate::syntax::string::is_quoted;

/// Items that are valid clauses and terms, with another reading. No rule is asked at them again.
pub(super) struct SecondReading {
    pub(super) end: usize,
    pub(super) fixes: Vec<Fix>,
}

impl Driver<'_> {
    /// Whether an answer is kept, considering the text field.
    pub(super) fn holds(&self, answer: &Answer) -> bool {
        !self.context.has_text()
            || match answer.beside_text {
                BesideText::Keep => true,
                BesideText::Warn => self.may_go_on() && (!self.holds_text(answer) || self.is_query(answer)),
                BesideText::Drop => !self.is_query(answer),
            }
    }

    /// Whether words may be meant as part of the value here, or of the previous one.
    fn may_go_on(&self) -> bool {
        match self.sketch.kind(self.at) {
            Kind::Clause(head, operand) => may_go_on(head, operand),
            _ => self.previous.as_ref().is_some_and(Previous::may_go_on),
        }
    }

    /// Whether all text among the items of an answer consists of valid terms.
    pub(super) fn holds_text(&self, answer: &Answer) -> bool {
        let mut text = answer.takes.clone().filter(|at| self.sketch.kind(*at) == Kind::Text);
        text.all(|at| self.context.takes_text(self.sketch.text, self.sketch.span(at)))
    }

    /// Whether the items of an answer are valid clauses and terms.
    fn is_query(&self, answer: &Answer) -> bool {
        let checks = |at: usize| match self.sketch.kind(at) {
            Kind::Clause(..) => !self.context.clause(self.sketch, at).iter().any(Diagnostic::is_error),
            Kind::Text | Kind::Not => true,
            Kind::End => false,
            _ => self.is_whole,
        };
        let last = answer.takes.end.saturating_sub(1);
        let ends = self.is_whole || self.sketch.kind(last) != Kind::Not;
        ends && answer.takes.clone().all(checks) && self.holds_text(answer)
    }

    /// Checks text that is searched for in the text field.
    pub(super) fn text(&mut self) {
        let span = self.sketch.span(self.at);
        let found = self.context.text(self.sketch.text, span);
        let is_right = !found.iter().any(Diagnostic::is_error);
        let answers = self.certified(found);
        let is_bare = !is_quoted(span.of(self.sketch.text));
        let previous = self.previous.take().filter(|previous| is_bare && is_right && previous.may_go_on());
        if previous.is_some() && self.at >= self.told_to {
            self.warn_of_text();
        }
        self.operand(span, previous.map(Previous::before_text));
        self.leave(answers);
    }

    /// Warns of words that may be meant as part of the previous value: `model = gpt 4o`, `env = prod or staging`.
    fn warn_of_text(&mut self) {
        let site = self.site();
        let end = self.at + site.words_end(0).max(1);
        let words: Vec<Span> = (self.at..end).map(|at| self.sketch.span(at)).collect();
        let run = Span::new(self.sketch.span(self.at).start(), self.sketch.span(end - 1).end());
        let quoted: Vec<(Span, String)> = words
            .into_iter()
            .filter(|word| !is_quoted(word.of(self.sketch.text)))
            .map(|word| (word, quote(word.of(self.sketch.text))))
            .collect();
        let quoted: Vec<(Span, &str)> = quoted.iter().map(|(word, text)| (*word, text.as_str())).collect();
        let as_text = site.edits().all("to search for it as text, put it in quotes", &quoted);
        let found = Diagnostic::new(Said::TextAfterValue { text: excerpt(run.of(self.sketch.text)) }, run);
        let reading = self.second_reading.take().filter(|reading| self.at < reading.end);
        let fixes = reading.map(|reading| reading.fixes).unwrap_or_default();
        let mut found = fixes.into_iter().chain([as_text]).fold(found, Diagnostic::fix);
        for fix in &mut found.fixes {
            fix.doubt();
        }
        self.found.push(found);
        self.told_to = end;
    }
}
