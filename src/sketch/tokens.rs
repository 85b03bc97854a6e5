//! The tokens of any text, for highlighting and completion: the items of its sketch, with clauses split
//! into tokens, and comments.

use super::read::verb;
use super::{Head, Item, Kind, Sketch, read};
use crate::limits::MAX_DEPTH;
use crate::span::Span;
use crate::syntax::{self, Rule, Scan};

/// A token with its span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) terminal: Terminal,
    pub(crate) span: Span,
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Terminal {
    /// A connective, as a word or a sign.
    Connective,
    All,
    Opening,
    Closing,
    Comma,
    Field,
    Symbol,
    Negation,
    Contains,
    Quantifier,
    Within,
    Between,
    Value,
    /// A word or a string outside a complete clause: possibly a field or a value.
    Text,
    Unclosed,
    Stray,
    Comment,
}

impl Terminal {
    /// Returns the kind for a token of the grammar; `None` for one that consists of others, or is part of one.
    fn of(rule: Rule) -> Option<Terminal> {
        Some(match rule {
            Rule::Field => Terminal::Field,
            Rule::NotWord => Terminal::Negation,
            Rule::Contains => Terminal::Contains,
            Rule::AnyOf | Rule::AllOf => Terminal::Quantifier,
            Rule::Within => Terminal::Within,
            Rule::Between => Terminal::Between,
            Rule::And => Terminal::Connective,
            Rule::Value | Rule::Item | Rule::Range | Rule::ListParameter => Terminal::Value,
            other if verb(other).is_some() => Terminal::Symbol,
            _ => return None,
        })
    }
}

/// Returns the tokens of a text in order, with only white space between them.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let sketch = read(text);
    let mut reader = Tokens { text, tokens: Vec::new(), end: 0 };
    for (at, item) in sketch.items.iter().enumerate() {
        // Skips the items of a list.
        if item.span.start() < reader.end {
            continue;
        }
        let before = at.checked_sub(1).map(|before| sketch.kind(before));
        reader.gap(item.span.start());
        let wants_value = matches!(before, Some(Kind::Head(_)));
        match item.kind {
            Kind::Open | Kind::Square if takes_list(before) => {
                reader.push(terminal(item, text), item.span);
                reader.values();
            }
            Kind::Clause(head, operand) if wants_value && head.is_tight(operand) => {
                reader.push(Terminal::Text, item.span);
            }
            Kind::Clause(head, _) | Kind::Head(head) if item.touches && reader.last() == Some(Terminal::Text) => {
                reader.become_field(head.field.end());
                reader.leaves(Rule::Clause, head.field.start(), item.span.end());
                reader.leaves(Rule::Operator, head.operator.start(), head.operator.end());
                reader.gap(item.span.end());
            }
            Kind::Clause(head, _) => {
                reader.leaves(Rule::Clause, head.field.start(), item.span.end());
                reader.gap(item.span.end());
            }
            Kind::Head(head) => reader.head(head),
            Kind::Text | Kind::Word if item.touches && reader.last() == Some(Terminal::Text) => {
                reader.extend(item.span.end());
            }
            Kind::Not if wants_value && item.span.of(text) == "-" => reader.push(Terminal::Text, item.span),
            // `model !`, which may become `!=`.
            Kind::Not if before == Some(Kind::Text) && item.span.of(text) == "!" && is_alone(&sketch, at) => {
                reader.push(Terminal::Symbol, item.span);
            }
            Kind::End => {}
            _ => reader.push(terminal(item, text), item.span),
        }
    }
    reader.tokens
}

/// Whether the next item does not directly follow.
fn is_alone(sketch: &Sketch, at: usize) -> bool {
    sketch.kind(at + 1) == Kind::End || !sketch.touches(at + 1)
}

/// Returns the kind of an item that is one token.
fn terminal(item: &Item, text: &str) -> Terminal {
    let written = item.span.of(text);
    match item.kind {
        Kind::Join(_) | Kind::Not => Terminal::Connective,
        Kind::All => Terminal::All,
        Kind::Open => Terminal::Opening,
        Kind::Close => Terminal::Closing,
        Kind::Comma => Terminal::Comma,
        Kind::Square if written == "[" => Terminal::Opening,
        Kind::Square => Terminal::Closing,
        Kind::Word => word(written),
        Kind::Unclosed => Terminal::Unclosed,
        Kind::Sign if !written.starts_with(['|', '&', '#']) => Terminal::Symbol,
        Kind::Sign | Kind::End => Terminal::Stray,
        Kind::Text | Kind::Clause(..) | Kind::Head(_) => Terminal::Text,
    }
}

/// Whether the item after this one may be its list.
fn takes_list(before: Option<Kind>) -> bool {
    matches!(before, Some(Kind::Head(head)) if head.takes_list())
}

/// Returns the length of the value at the start of a text.
pub(crate) fn value_len(text: &str) -> usize {
    let read = syntax::len(Rule::Value, text).max(syntax::len(Rule::Range, text));
    if read > 0 { read } else { super::read::word_len(text) }
}

/// Returns the length of the operator of signs at the start of a text.
pub(crate) fn symbol_len(text: &str) -> usize {
    text.find(|char| !"=<>!~:".contains(char)).unwrap_or(text.len())
}

/// Returns the length of the field or keyword at the start of a text.
pub(crate) fn name_len(text: &str) -> usize {
    let read = syntax::len(Rule::Field, text);
    let word = || super::read::word_len(text).min(text.find(':').unwrap_or(text.len()));
    if read > 0 { read } else { word() }
}

/// Returns the kind of a word outside a clause: part of an operator, or any other word.
fn word(text: &str) -> Terminal {
    match text.to_ascii_lowercase().as_str() {
        "contains" => Terminal::Contains,
        "in" => Terminal::Within,
        "between" => Terminal::Between,
        _ => Terminal::Text,
    }
}

struct Tokens<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// The end of the last token.
    end: usize,
}

impl Tokens<'_> {
    fn push(&mut self, terminal: Terminal, span: Span) {
        self.tokens.push(Token { terminal, span });
        self.end = span.end();
    }

    /// Adds the values and commas of an incomplete list, as far as it can be read.
    fn values(&mut self) {
        loop {
            let rest = self.text.get(self.end..).unwrap_or_default();
            let start = self.text.len() - rest.trim_start().len();
            let rest = rest.trim_start();
            let value = syntax::len(Rule::Value, rest);
            if rest.starts_with(',') {
                self.push(Terminal::Comma, Span::new(start, start + 1));
            } else if rest.starts_with('#') {
                self.gap(start + rest.find(['\n', '\r']).unwrap_or(rest.len()));
            } else if value > 0 {
                self.push(Terminal::Value, Span::new(start, start + value));
            } else {
                return;
            }
        }
    }

    fn last(&self) -> Option<Terminal> {
        self.tokens.last().map(|token| token.terminal)
    }

    /// Extends the last token.
    fn extend(&mut self, end: usize) {
        if let Some(last) = self.tokens.last_mut() {
            last.span = Span::new(last.span.start(), end);
        }
        self.end = end;
    }

    /// Changes the last token to a field that ends here.
    fn become_field(&mut self, end: usize) {
        self.extend(end);
        if let Some(last) = self.tokens.last_mut() {
            last.terminal = Terminal::Field;
        }
    }

    fn head(&mut self, head: Head) {
        self.push(Terminal::Field, head.field);
        self.gap(head.operator.start());
        self.leaves(Rule::Operator, head.operator.start(), head.operator.end());
    }

    /// Adds the tokens without children that a rule matches at a position.
    fn leaves(&mut self, rule: Rule, start: usize, end: usize) {
        let mut scan = Scan::new(self.text, MAX_DEPTH, (end - start).saturating_mul(2) + 16);
        scan.position = start;
        syntax::read(rule, &mut scan);
        let mut leaves: Vec<Token> = scan
            .tokens
            .iter()
            .filter_map(|token| Some(Token { terminal: Terminal::of(token.rule)?, span: token.span() }))
            .collect();
        leaves.sort_by_key(|token| (token.span.start(), std::cmp::Reverse(token.span.end())));
        for token in leaves {
            // The ends of a range are covered by its token.
            if token.span.start() >= self.end && token.span.end() <= end {
                self.gap(token.span.start());
                self.push(token.terminal, token.span);
            }
        }
    }

    /// Adds what is between two tokens: comments, and, in a clause, the brackets and commas of its list.
    fn gap(&mut self, to: usize) {
        while self.end < to {
            let rest = Span::new(self.end, to).of(self.text);
            let space = rest.len() - rest.trim_start().len();
            let start = self.end + space;
            let Some(first) = rest.get(space..).and_then(|rest| rest.chars().next()) else {
                self.end = to;
                return;
            };
            let (terminal, len) = match first {
                '#' => {
                    let rest = Span::new(start, to).of(self.text);
                    (Terminal::Comment, rest.find(['\n', '\r']).unwrap_or(rest.len()))
                }
                ',' => (Terminal::Comma, 1),
                '(' | '[' => (Terminal::Opening, 1),
                ')' | ']' => (Terminal::Closing, 1),
                _ => (Terminal::Stray, first.len_utf8()),
            };
            self.push(terminal, Span::new(start, start + len));
        }
    }
}
