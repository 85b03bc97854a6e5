//! A flat reading of any text, valid or broken: what highlighting, completion and diagnosis start
//! from.
//!
//! One pass from left to right, which never fails. Clauses, fields, strings and text are read by the
//! functions of the grammar's own rules, anchored at a byte, so there is no second reading of the
//! language. Added here are only brackets, joins, and the pieces of what cannot be read. The items
//! cover all of the text but white space and comments.
//!
//! *Invariant*: the grammar accepts a text exactly when its sketch [is whole](Sketch::is_whole).

mod read;
mod tokens;

pub(crate) use read::read;
pub(crate) use tokens::{Terminal, Token, name_len, symbol_len, tokens, value_len};

use crate::span::Span;
use crate::syntax;

/// Everything in a text, in its order. The last item is its end.
pub(crate) struct Sketch<'a> {
    pub(crate) text: &'a str,
    pub(crate) items: Vec<Item>,
    /// The grammar's tokens of all clauses.
    tokens: Vec<syntax::Token>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    /// Nothing lies between it and the item before.
    pub(crate) touches: bool,
    /// Where its tokens begin. They end where those of the next item begin.
    tokens: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A whole clause.
    Clause(Head, Operand),
    /// A field and an operator without a value that can be read.
    Head(Head),
    /// `*`.
    All,
    /// A bare word or a string where a clause may begin.
    Text,
    Join(Join),
    Not,
    Open,
    Close,
    /// `=>`: a run of signs that belongs to no clause.
    Sign,
    Comma,
    /// `[` or `]`.
    Square,
    /// A run of other characters, or a string that something touches.
    Word,
    /// A quote without its partner, and the rest of the text.
    Unclosed,
    End,
}

/// How clauses are joined. Side by side, they are joined by `and`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    And,
    Or,
}

/// A field with its operator: all of a clause but its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Head {
    pub(crate) field: Span,
    /// With the `not` before it, and the `any` or `all` after it.
    pub(crate) operator: Span,
    pub(crate) verb: Verb,
    /// `not in`: with the word. `!=` has a verb of its own.
    pub(crate) negated: bool,
    /// `contains any`, `contains all`.
    pub(crate) quantified: bool,
}

/// An operator, however it is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// `~`
    Has,
    /// `!~`
    Lacks,
    /// `:`
    Natural,
    Contains,
    In,
    Between,
}

/// What follows the operator of a clause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Operand {
    pub(crate) span: Span,
    pub(crate) shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One value without quotes.
    Word,
    /// One value in quotes.
    String,
    Parameter,
    List,
    /// `1..5`.
    Range,
    /// `1 and 5`.
    Interval,
}

impl Verb {
    /// `<`, `<=`, `>`, `>=`.
    pub(crate) fn is_comparison_by_size(self) -> bool {
        matches!(self, Verb::Less | Verb::LessOrEqual | Verb::Greater | Verb::GreaterOrEqual)
    }
}

impl Head {
    /// Whether a list may follow it, in brackets.
    pub(crate) fn takes_list(self) -> bool {
        self.verb == Verb::In || self.quantified
    }

    /// `10:00`: whether it is one word with its operand, as whoever typed it may see it.
    pub(crate) fn is_tight(self, operand: Operand) -> bool {
        self.verb == Verb::Natural
            && self.field.end() == self.operator.start()
            && self.operator.end() == operand.span.start()
    }
}

impl Kind {
    /// Whether it is part of no query.
    pub(crate) fn is_unread(self) -> bool {
        matches!(self, Kind::Head(_) | Kind::Sign | Kind::Comma | Kind::Square | Kind::Word | Kind::Unclosed)
    }
}

impl<'a> Sketch<'a> {
    pub(crate) fn kind(&self, at: usize) -> Kind {
        self.items.get(at).map_or(Kind::End, |item| item.kind)
    }

    /// Where an item is; the end of the text where there is none.
    pub(crate) fn span(&self, at: usize) -> Span {
        self.items.get(at).map_or(Span::at(self.text.len()), |item| item.span)
    }

    pub(crate) fn of(&self, at: usize) -> &'a str {
        self.span(at).of(self.text)
    }

    pub(crate) fn touches(&self, at: usize) -> bool {
        self.items.get(at).is_some_and(|item| item.touches)
    }

    /// The grammar's tokens of a clause.
    pub(crate) fn tokens(&self, at: usize) -> &[syntax::Token] {
        let begin = |at: usize| self.items.get(at).map_or(self.tokens.len(), |item| item.tokens);
        self.tokens.get(begin(at)..begin(at + 1)).unwrap_or_default()
    }

    /// Whether the grammar accepts the text: everything is read, and the items join.
    pub(crate) fn is_whole(&self) -> bool {
        let mut depth = 0_usize;
        let mut wants = false;
        let mut is_empty = true;
        for item in &self.items {
            match item.kind {
                Kind::Clause(..) | Kind::All | Kind::Text => wants = false,
                Kind::Open => {
                    depth += 1;
                    wants = true;
                }
                Kind::Close if wants || depth == 0 => return false,
                Kind::Close => depth -= 1,
                Kind::Join(_) if wants || is_empty => return false,
                Kind::Join(_) | Kind::Not => wants = true,
                Kind::End => return depth == 0 && !wants,
                Kind::Head(_) | Kind::Sign | Kind::Comma | Kind::Square | Kind::Word | Kind::Unclosed => return false,
            }
            is_empty = false;
        }
        false
    }
}
