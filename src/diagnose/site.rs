//! A position in the sketch, as a rule sees it, and what rules ask about it.

use std::borrow::Cow;
use std::ops::Range;

use super::check::Context;
use super::edits::Edits;
use super::group::Group;
use super::{Answer, BesideText, Leaves, Previous, phrases};
use crate::catalog::Field;
use crate::diagnostic::{Diagnostic, Fix, Kind as Said, excerpt};
use crate::sketch::{Head, Join, Kind, Operand, Sketch};
use crate::span::Span;
use crate::syntax::quote;
use crate::syntax::string::is_quoted;

/// How many items a rule can look ahead, so that the cost of each item is bounded.
pub(crate) const AHEAD: usize = 512;

/// A position in the sketch, and what precedes it. Items are counted from this position.
#[derive(Clone, Copy)]
pub(crate) struct Site<'s> {
    pub(crate) sketch: &'s Sketch<'s>,
    pub(crate) at: usize,
    pub(crate) context: Context<'s>,
    pub(crate) previous: Option<&'s Previous<'s>>,
    /// The current group, and those around it.
    pub(crate) group: &'s Group,
    pub(crate) groups: &'s [Group],
}

impl<'s> Site<'s> {
    /// Whether a clause is expected: the group is empty, or a join or a negation is pending.
    pub(crate) fn wants(&self) -> bool {
        self.group.wants()
    }

    /// Returns the kind of an item; the end for one that is too far ahead.
    pub(crate) fn kind(&self, n: usize) -> Kind {
        if n < AHEAD { self.sketch.kind(self.at + n) } else { Kind::End }
    }

    /// Returns the text of an item.
    pub(crate) fn of(&self, n: usize) -> &'s str {
        self.sketch.of(self.at + n)
    }

    /// Returns an item in lower case, without apostrophes and underscores; only the start of a long one.
    pub(crate) fn word(&self, n: usize) -> String {
        const LONGEST: usize = 24;
        let chars = self.of(n).chars().filter(|char| !matches!(char, '_' | '\'' | '’'));
        chars.flat_map(char::to_lowercase).take(LONGEST).collect()
    }

    pub(crate) fn is_word(&self, n: usize, words: &[&str]) -> bool {
        matches!(self.kind(n), Kind::Text | Kind::Word | Kind::Join(_) | Kind::Not)
            && words.iter().any(|word| word.eq_ignore_ascii_case(self.of(n)))
    }

    /// Whether nothing is between an item and the one before it.
    pub(crate) fn touches(&self, n: usize) -> bool {
        self.sketch.touches(self.at + n)
    }

    /// Returns the span of some items; of the first if the range is empty.
    pub(crate) fn span(&self, items: Range<usize>) -> Span {
        let last = self.sketch.span(self.at + items.end.saturating_sub(1).max(items.start));
        self.sketch.span(self.at + items.start).to(last)
    }

    /// Returns the span from a position to the end of the item before `end`.
    pub(crate) fn until(&self, from: Span, end: usize) -> Span {
        Span::new(from.start(), self.span(0..end).end())
    }

    /// Returns the text of some items, with what is between them.
    pub(crate) fn text(&self, items: Range<usize>) -> &'s str {
        self.slice(self.span(items))
    }

    /// Returns the text of a span.
    pub(crate) fn slice(&self, span: Span) -> &'s str {
        span.of(self.sketch.text)
    }

    pub(crate) fn edits(&self) -> Edits<'s> {
        Edits::new(self.sketch.text)
    }

    pub(crate) fn head(&self) -> Option<Head> {
        match self.kind(0) {
            Kind::Head(head) | Kind::Clause(head, _) => Some(head),
            _ => None,
        }
    }

    /// Returns the head of a clause whose value cannot be read.
    pub(crate) fn broken(&self) -> Option<Head> {
        match self.kind(0) {
            Kind::Head(head) => Some(head),
            _ => None,
        }
    }

    pub(crate) fn clause(&self) -> Option<(Head, Operand)> {
        match self.kind(0) {
            Kind::Clause(head, operand) => Some((head, operand)),
            _ => None,
        }
    }

    pub(crate) fn name(&self, head: Head) -> &'s str {
        self.slice(head.field)
    }

    /// Returns the field and the operator of a clause, as written.
    pub(crate) fn start(&self, head: Head) -> &'s str {
        self.slice(head.field.to(head.operator))
    }

    pub(crate) fn field(&self, written: &str) -> Option<&'s Field> {
        self.context.field(written)
    }

    /// Whether a bare item is the name of a field.
    pub(crate) fn names_field(&self, n: usize) -> bool {
        let text = self.of(n);
        self.kind(n) == Kind::Text && !self.is_quoted(n) && self.field(text).is_some()
    }

    /// Whether some items may be text although they begin like a clause: `error:timeout`, `refund in transit`.
    pub(crate) fn may_be_text(&self, end: usize) -> bool {
        let is_operator = |head: Head| {
            let operator = self.slice(head.operator);
            operator.starts_with(char::is_alphabetic)
                || operator == ":" && !self.text(0..end).contains(char::is_whitespace)
        };
        self.context.has_text()
            && match self.kind(0) {
                Kind::Clause(head, _) | Kind::Head(head) => self.field(self.name(head)).is_none() && is_operator(head),
                Kind::Word => phrases::is_operator_word(self.of(0)),
                _ => false,
            }
    }

    /// Returns a fix that encloses some items in quotes.
    pub(crate) fn in_quotes(&self, items: Range<usize>) -> Fix {
        let text = self.text(items.clone());
        let title = "to search for it as text, put it in quotes";
        self.edits().replace(title, self.span(items), &quote(&text.replace(['"', '\'', '“', '”', '‘', '’'], "")))
    }

    /// Whether a text consists of complete clauses that check.
    pub(crate) fn accepts(&self, text: &str) -> bool {
        self.context.accepts(text)
    }

    /// Whether the field takes a value after an operator.
    pub(crate) fn takes(&self, name: &str, operator: &str, value: &str) -> bool {
        self.accepts(&format!("{name} {operator} {value}"))
    }

    /// Returns the item after the bracket that closes the one at `n`.
    pub(crate) fn closed(&self, n: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for item in n..n + AHEAD {
            match self.kind(item) {
                Kind::Open => depth += 1,
                Kind::Square if self.of(item) == "[" => depth += 1,
                Kind::Square | Kind::Close => depth = depth.checked_sub(1)?,
                Kind::End => return None,
                Kind::Clause(..)
                | Kind::Head(_)
                | Kind::All
                | Kind::Text
                | Kind::Join(_)
                | Kind::Not
                | Kind::Sign
                | Kind::Comma
                | Kind::Word
                | Kind::Unclosed => {}
            }
            if depth == 0 {
                return Some(item + 1);
            }
        }
        None
    }

    /// Returns how many items begin before a position; at least one.
    pub(crate) fn items_before(&self, place: usize) -> usize {
        let ahead = self.sketch.items.get(self.at..).unwrap_or_default();
        ahead.iter().take_while(|item| item.span.start() < place && item.kind != Kind::End).count().max(1)
    }

    pub(crate) fn is_opening(&self, n: usize) -> bool {
        self.kind(n) == Kind::Open || self.kind(n) == Kind::Square && self.of(n) == "["
    }

    pub(crate) fn is_closing(&self, n: usize) -> bool {
        self.kind(n) == Kind::Close || self.kind(n) == Kind::Square && self.of(n) == "]"
    }

    /// Whether the text before an item ends there.
    pub(crate) fn ends_at(&self, n: usize) -> bool {
        matches!(self.kind(n), Kind::Join(_) | Kind::Close | Kind::End)
    }

    /// Whether nothing unread is before the site, or after the items up to `end`.
    pub(crate) fn is_apart(&self, end: usize) -> bool {
        let before = self.at.checked_sub(1).map(|before| self.sketch.kind(before));
        let begins = before.is_none_or(|before| !before.is_unread() && before != Kind::Text);
        begins && (self.ends_at(end) || self.begins_clause(end) && !self.touches(end))
    }

    /// Returns an answer about some items, which takes others. Both ranges are counted from the site; the answer
    /// stores indices in the sketch.
    pub(crate) fn answer(&self, kind: Said, items: Range<usize>, takes: Range<usize>) -> Answer {
        self.answer_at(kind, self.span(items), takes)
    }

    /// Returns an answer about any span.
    pub(crate) fn answer_at(&self, kind: Said, span: Span, takes: Range<usize>) -> Answer {
        Answer {
            rule: "",
            diagnostic: Diagnostic::new(kind, span),
            takes: self.at + takes.start..self.at + takes.end,
            leaves: Leaves::Operand,
            field: None,
            beside_text: BesideText::Drop,
            made: None,
        }
    }

    /// Returns an answer that some items are unexpected.
    pub(crate) fn unexpected(&self, items: Range<usize>, takes: Range<usize>) -> Answer {
        let found = excerpt(self.text(items.clone()));
        self.answer(Said::Unexpected { found }, items, takes)
    }

    /// Returns an expression to replace one operand, in parentheses if its joins would mix with those around
    /// it.
    pub(crate) fn operand<'t>(&self, text: &'t str, join: Option<Join>, next: usize) -> Cow<'t, str> {
        let after = match self.sketch.kind(self.at + next) {
            Kind::Join(join) => Some(join),
            Kind::End | Kind::Close => None,
            _ => Some(Join::And),
        };
        let before = self.group.joined.or((!self.group.is_empty()).then_some(Join::And));
        let mixes = [before, after].into_iter().flatten().any(|around| Some(around) != join);
        if join.is_some() && (self.group.negations > 0 || mixes) { format!("({text})").into() } else { text.into() }
    }
}

/// Values, and runs of words that may be a value.
impl<'s> Site<'s> {
    pub(crate) fn is_quoted(&self, n: usize) -> bool {
        is_quoted(self.of(n))
    }

    /// Whether an item can be a value: a word or a string, or a word with a colon.
    pub(crate) fn is_value(&self, n: usize) -> bool {
        match self.kind(n) {
            Kind::Text => true,
            Kind::Clause(head, operand) => head.is_tight(operand) && self.field(self.slice(head.field)).is_none(),
            _ => false,
        }
    }

    /// Returns the end of a value's items, which may include a minus before it.
    pub(crate) fn value(&self, n: usize) -> Option<usize> {
        if self.is_value(n) {
            return Some(n + 1);
        }
        (self.of(n) == "-" && self.touches(n + 1) && self.is_value(n + 1)).then_some(n + 2)
    }

    /// Whether another clause, or a group, begins at an item.
    pub(crate) fn begins_clause(&self, n: usize) -> bool {
        match self.kind(n) {
            Kind::Clause(..) => !self.is_value(n),
            Kind::Head(_) | Kind::Open | Kind::All => true,
            Kind::Not => self.begins_clause(n + 1),
            Kind::Text => self.names_field(n),
            _ => false,
        }
    }

    /// Whether an item is a word directly before a bracket: `and(`, `lower(`.
    pub(crate) fn is_call(&self, n: usize) -> bool {
        let is_name = match self.kind(n) {
            Kind::Word | Kind::Text | Kind::Join(_) => true,
            Kind::Not => self.of(n) != "-" && self.of(n) != "!",
            _ => false,
        };
        is_name && self.kind(n + 1) == Kind::Open && self.touches(n + 1)
    }

    /// Whether an item is a word that joins clauses in another language: `but not env = prod`.
    pub(crate) fn is_joiner(&self, n: usize) -> bool {
        self.kind(n) == Kind::Text && phrases::joiner(&self.word(n)).is_some() && self.begins_clause(n + 1)
    }

    /// Returns the end of the words from an item on, up to a field or something other than a word.
    pub(crate) fn words_end(&self, from: usize) -> usize {
        const MOST: usize = 20;
        let is_part = |n: &usize| {
            self.kind(*n) == Kind::Text
                && !self.names_field(*n)
                && !phrases::is_epilogue(self, *n)
                && !self.is_joiner(*n)
        };
        from + (from..from + MOST).take_while(is_part).count()
    }

    /// Returns the end of the adjacent items from an item on, which look like one word.
    pub(crate) fn touching_end(&self, from: usize) -> usize {
        let mut end = from + 1;
        while self.touches(end) && !matches!(self.kind(end), Kind::Close | Kind::Comma | Kind::End) {
            end += 1;
        }
        end
    }

    /// Returns the end of what may belong to a value from an item on: up to a join, a closing bracket, or the
    /// next clause.
    pub(crate) fn run_end(&self, from: usize) -> usize {
        const MOST: usize = 24;
        let mut end = from;
        while end < from + MOST {
            end = match self.kind(end) {
                Kind::Text if self.names_field(end) || phrases::is_epilogue(self, end) || self.is_joiner(end) => break,
                Kind::Text | Kind::Word | Kind::Comma | Kind::Sign => end + 1,
                Kind::Not if self.of(end) == "-" && !self.begins_clause(end + 1) => end + 1,
                Kind::Clause(..) if self.is_value(end) => end + 1,
                Kind::Open if self.touches(end) => match self.closed(end) {
                    Some(closed) => closed,
                    None => break,
                },
                _ => break,
            };
        }
        end
    }
}
