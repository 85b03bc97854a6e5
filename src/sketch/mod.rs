//! The sketch: a flat, error-tolerant reading of any text, on which highlighting, completion and
//! diagnosis are based.
//!
//! It is created in one pass from left to right, which never fails. Clauses, fields, strings and text
//! are matched by the grammar's own generated rules, so the language is not defined a second time. The
//! sketch adds only brackets, joins, and pieces that cannot be read. The items cover the whole text
//! except white space and comments.
//!
//! *Invariant*: the grammar accepts a text exactly if its sketch [is whole](Sketch::is_whole). Debug builds, and so the
//! fuzz targets, check it for each text that is compiled.

mod read;
mod tokens;

pub(crate) use read::read;
pub(crate) use tokens::{Terminal, Token, name_len, symbol_len, tokens, value_len};

use std::ops::Range;

use crate::span::Span;
use crate::syntax;

/// All items of a text, in order. The last one is the end of the text.
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
    /// Whether the item directly follows the previous one.
    pub(crate) touches: bool,
    /// The index of its first token. Its tokens end where those of the next item begin.
    tokens: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A complete clause.
    Clause(Head, Operand),
    /// A field and an operator without a readable value.
    Head(Head),
    /// `*`.
    All,
    /// A bare word or a string in place of a clause.
    Text,
    Join(Join),
    Not,
    Open,
    Close,
    /// `=>`: a run of signs outside a clause.
    Sign,
    Comma,
    /// `[` or `]`.
    Square,
    /// A run of other characters, or a string directly next to something else.
    Word,
    /// An unclosed quote, and the rest of the text.
    Unclosed,
    End,
}

/// How clauses are joined. Adjacent clauses are joined by `and`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    And,
    Or,
}

/// A field with its operator: a clause without its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Head {
    pub(crate) field: Span,
    /// The operator, including a `not` before it, and `any` or `all` after it.
    pub(crate) operator: Span,
    pub(crate) verb: Verb,
    /// Whether `not` precedes the operator, as in `not in`. `!=` is a verb of its own.
    pub(crate) negated: bool,
    /// Whether the operator is `contains any` or `contains all`.
    pub(crate) quantified: bool,
}

/// An operator, whatever its spelling.
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
    /// One bare value.
    Word,
    /// One quoted value.
    String,
    Parameter,
    List,
    /// `1..5`.
    Range,
    /// `1 and 5`.
    Interval,
}

impl Verb {
    /// Whether it is `<`, `<=`, `>` or `>=`.
    pub(crate) fn is_comparison_by_size(self) -> bool {
        matches!(self, Verb::Less | Verb::LessOrEqual | Verb::Greater | Verb::GreaterOrEqual)
    }
}

impl Head {
    /// Whether a list in brackets may follow.
    pub(crate) fn takes_list(self) -> bool {
        self.verb == Verb::In || self.quantified
    }

    /// Whether the clause looks like one word, as `10:00` does.
    pub(crate) fn is_tight(self, operand: Operand) -> bool {
        self.verb == Verb::Natural
            && self.field.end() == self.operator.start()
            && self.operator.end() == operand.span.start()
    }
}

impl Kind {
    /// Whether it cannot be part of a valid query.
    pub(crate) fn is_unread(self) -> bool {
        matches!(self, Kind::Head(_) | Kind::Sign | Kind::Comma | Kind::Square | Kind::Word | Kind::Unclosed)
    }
}

impl<'a> Sketch<'a> {
    pub(crate) fn kind(&self, at: usize) -> Kind {
        self.items.get(at).map_or(Kind::End, |item| item.kind)
    }

    /// Returns the span of an item, or the end of the text if there is none.
    pub(crate) fn span(&self, at: usize) -> Span {
        self.items.get(at).map_or(Span::at(self.text.len()), |item| item.span)
    }

    pub(crate) fn of(&self, at: usize) -> &'a str {
        self.span(at).of(self.text)
    }

    pub(crate) fn touches(&self, at: usize) -> bool {
        self.items.get(at).is_some_and(|item| item.touches)
    }

    /// Whether a comment after one of some items contains a closing bracket.
    pub(crate) fn closes_in_comment(&self, mut items: Range<usize>) -> bool {
        items.any(|at| {
            let gap = Span::new(self.span(at).end(), self.span(at + 1).start()).of(self.text);
            gap.contains('#') && gap.contains([')', ']'])
        })
    }

    /// Returns the grammar's tokens of a clause.
    pub(crate) fn tokens(&self, at: usize) -> &[syntax::Token] {
        let begin = |at: usize| self.items.get(at).map_or(self.tokens.len(), |item| item.tokens);
        self.tokens.get(begin(at)..begin(at + 1)).unwrap_or_default()
    }

    /// Whether the grammar accepts the text: all items are readable and correctly joined.
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
