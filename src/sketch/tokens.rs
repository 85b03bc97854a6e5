//! The flat run of tokens of any text, for colours and for what may be typed: the items of its sketch,
//! with clauses taken apart, and the comments between them.

use super::read::verb;
use super::{Head, Item, Kind, Sketch, read};
use crate::limits::MAX_DEPTH;
use crate::span::Span;
use crate::syntax::{self, Rule, Scan};

/// A token with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) terminal: Terminal,
    pub(crate) span: Span,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Terminal {
    /// In letters or in signs.
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
    /// A word or a string that is no part of a whole clause: a field or a value that is not yet one.
    Text,
    Unclosed,
    Stray,
    Comment,
}

impl Terminal {
    /// What a token of the grammar is; `None` for what is made of others, or is part of one.
    fn of(rule: Rule) -> Option<Terminal> {
        Some(match rule {
            Rule::Field => Terminal::Field,
            Rule::NotWord => Terminal::Negation,
            Rule::Contains => Terminal::Contains,
            Rule::AnyOf | Rule::AllOf => Terminal::Quantifier,
            Rule::Within => Terminal::Within,
            Rule::Between => Terminal::Between,
            Rule::And => Terminal::Connective,
            Rule::Value | Rule::Range | Rule::ListParameter => Terminal::Value,
            other if verb(other).is_some() => Terminal::Symbol,
            _ => return None,
        })
    }
}

/// The tokens of a text, one after another; what is between two is white space.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let sketch = read(text);
    let mut reader = Tokens { text, tokens: Vec::new(), end: 0 };
    for (at, item) in sketch.items.iter().enumerate() {
        // What a list took.
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

/// Whether nothing is against an item on its right.
fn is_alone(sketch: &Sketch, at: usize) -> bool {
    sketch.kind(at + 1) == Kind::End || !sketch.touches(at + 1)
}

/// What an item is that is one token.
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

/// Whether a list is what comes after an item.
fn takes_list(before: Option<Kind>) -> bool {
    matches!(before, Some(Kind::Head(head)) if head.takes_list())
}

/// How much of the start of a text is one value.
pub(crate) fn value_len(text: &str) -> usize {
    let read = syntax::len(Rule::Value, text).max(syntax::len(Rule::Range, text));
    if read > 0 { read } else { super::read::word_len(text) }
}

/// How much of the start of a text is one operator in signs.
pub(crate) fn symbol_len(text: &str) -> usize {
    text.find(|char| !"=<>!~:".contains(char)).unwrap_or(text.len())
}

/// How much of the start of a text is one field, or one keyword.
pub(crate) fn name_len(text: &str) -> usize {
    let read = syntax::len(Rule::Field, text);
    let word = || super::read::word_len(text).min(text.find(':').unwrap_or(text.len()));
    if read > 0 { read } else { word() }
}

/// A word that is part of no clause: one of an operator, or any.
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
    /// The end of the last one.
    end: usize,
}

impl Tokens<'_> {
    fn push(&mut self, terminal: Terminal, span: Span) {
        self.tokens.push(Token { terminal, span });
        self.end = span.end();
    }

    /// The values and commas of a list that cannot be read as a whole, as far as they go.
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

    /// Makes the last token longer.
    fn extend(&mut self, end: usize) {
        if let Some(last) = self.tokens.last_mut() {
            last.span = Span::new(last.span.start(), end);
        }
        self.end = end;
    }

    /// Makes the last token a field that ends here.
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

    /// The tokens that a rule reads at a place, which hold no other.
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
            // The ends of a range are in its own token.
            if token.span.start() >= self.end && token.span.end() <= end {
                self.gap(token.span.start());
                self.push(token.terminal, token.span);
            }
        }
    }

    /// What is between two tokens: comments, and in a clause the brackets and commas of its list.
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
