//! Highlighting: the tokens of a text with their kinds.

use std::ops::Range;

use super::scan::{Role, Scan, State};
use crate::catalog::Type;
use crate::compiler::Compiler;
use crate::limits::MAX_BYTES;
use crate::sketch;
use crate::span::{Counter, Span, Unit};
use crate::syntax::string::{self, is_quoted};
use crate::syntax::{dots, is_parameter};
use crate::types::number;

/// A token of a text, or the white space between two tokens.
///
/// In JSON it is `{"kind": "field", "start": 0, "end": 5}`, with `partner` for a matched bracket.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Token {
    /// The kind of token.
    pub kind: TokenKind,
    /// The start offset, in the requested unit.
    pub start: usize,
    /// The end offset, which is the start of the next token.
    pub end: usize,
    /// For a bracket, the index of the token with the matching bracket. It is `None` if there is no
    /// matching bracket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<usize>,
}

impl Token {
    /// Returns the token's range. In bytes, it can be used to slice the text.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TokenKind {
    /// White space between tokens.
    WhiteSpace,
    /// `# …`.
    Comment,
    /// A field's name or alias, known or not.
    Field,
    /// The key after a field's name, including quotes.
    Key,
    /// `=`, `not in`, `contains`; the dots of a range.
    Operator,
    /// `and`, `or`, `not`, also as `&&`, `||`, `!` and `-`; `*`.
    Keyword,
    /// A value of a string field, quoted or bare, or text without a field if there is a text field.
    String,
    /// A value of a field of numbers, amounts or durations.
    Number,
    /// A value of a time field.
    Time,
    /// `$name`.
    Parameter,
    /// `(`, `)`, `[`, `]`.
    Bracket,
    /// A comma, or the dot before a key.
    Punctuation,
    /// What is invalid at its position: an unexpected character, an unclosed quote, or an operator of
    /// another language.
    Error,
}

impl Compiler {
    /// Returns the tokens of any text, valid or not, with offsets in `unit`. They cover the whole text,
    /// in order. The kind of a value is determined by its field.
    ///
    /// The tokens come from the parser's grammar, in one pass. Other errors in the text are reported
    /// by [`Compiler::compile`].
    ///
    /// ```
    /// use freeplay_filter::Compiler;
    /// use freeplay_filter::editor::TokenKind::*;
    /// use freeplay_filter::span::Unit;
    ///
    /// let text = "meta.tier contains gold and cost in 1..5";
    /// let tokens = Compiler::new().highlight(text, Unit::Bytes);
    /// let seen: Vec<_> = tokens.iter().filter(|token| token.kind != WhiteSpace).map(|token| (&text[token.range()], token.kind)).collect();
    /// assert_eq!(seen[..6], [
    ///     ("meta", Field), (".", Punctuation), ("tier", Key), ("contains", Operator), ("gold", String), ("and", Keyword),
    /// ]);
    /// assert_eq!(seen[7..], [("in", Operator), ("1", Number), ("..", Operator), ("5", Number)]);
    /// ```
    #[must_use]
    pub fn highlight(&self, text: &str, unit: Unit) -> Vec<Token> {
        let counter = Counter::new(text, unit);
        let mut painter = Painter { text, compiler: self, ty: Type::Any, at: 0, counter, tokens: Vec::new() };
        if text.len() <= self.limits.bytes.min(MAX_BYTES) {
            painter.paint(&sketch::tokens(text));
            painter.push(TokenKind::WhiteSpace, text.len());
        } else {
            painter.push(TokenKind::Error, text.len());
        }
        painter.tokens
    }
}

struct Painter<'a> {
    text: &'a str,
    compiler: &'a Compiler,
    /// The type of the last field.
    ty: Type,
    /// The end of the last token, in bytes.
    at: usize,
    counter: Counter<'a>,
    tokens: Vec<Token>,
}

impl Painter<'_> {
    fn paint(&mut self, tokens: &[sketch::Token]) {
        let mut scan = Scan::new(self.text, self.compiler);
        // The open brackets, and whether each belongs to a list.
        let mut open: Vec<(usize, bool)> = Vec::new();
        for &token in tokens {
            let span = token.span;
            self.push(TokenKind::WhiteSpace, span.start());
            let in_list = matches!(scan.state, State::List { .. });
            let role = scan.feed(token);
            let still_in_list = matches!(scan.state, State::List { .. });
            if in_list && !still_in_list && role != Role::Closing && open.last().is_some_and(|(_, list)| *list) {
                open.pop();
            }
            match role {
                Role::Keyword | Role::All => self.push(TokenKind::Keyword, span.end()),
                Role::Operator => self.push(TokenKind::Operator, span.end()),
                Role::Comma => self.push(TokenKind::Punctuation, span.end()),
                Role::Comment => self.push(TokenKind::Comment, span.end()),
                Role::Error => self.push(TokenKind::Error, span.end()),
                Role::Field => self.field(span),
                Role::Text => self.push(TokenKind::String, span.end()),
                Role::Value => self.value(span),
                Role::Opening => {
                    open.push((self.tokens.len(), still_in_list));
                    self.push(TokenKind::Bracket, span.end());
                }
                Role::Closing => {
                    let closing = self.tokens.len();
                    self.push(TokenKind::Bracket, span.end());
                    if let Some((opening, _)) = open.pop() {
                        self.pair(opening, closing);
                        self.pair(closing, opening);
                    }
                }
            }
        }
    }

    fn pair(&mut self, bracket: usize, partner: usize) {
        if let Some(token) = self.tokens.get_mut(bracket) {
            token.partner = Some(partner);
        }
    }

    /// Adds a token up to `end`, unless the text is already covered up to there.
    fn push(&mut self, kind: TokenKind, end: usize) {
        if end <= self.at {
            return;
        }
        let start = self.counter.count(self.at);
        self.at = end;
        self.tokens.push(Token { kind, start, end: self.counter.count(end), partner: None });
    }

    fn field(&mut self, span: Span) {
        let written = span.of(self.text);
        let path = string::path(written);
        let resolved = self.compiler.catalog.resolve(&path);
        self.ty = resolved.as_ref().map_or(Type::Any, |resolved| resolved.field.ty());
        // The text begins with the name and its dot, unless they contain quotes or escapes.
        let name = resolved.and_then(|resolved| resolved.key).map(|key| path.len() - key.len() - 1);
        let dot = name.filter(|&name| path.get(..=name).is_some_and(|start| written.starts_with(start)));
        if let Some(dot) = dot {
            self.push(TokenKind::Field, span.start() + dot);
            self.push(TokenKind::Punctuation, span.start() + dot + 1);
            self.push(TokenKind::Key, span.end());
        } else {
            self.push(TokenKind::Field, span.end());
        }
    }

    fn value(&mut self, span: Span) {
        let written = span.of(self.text);
        let ordered = self.ty.is_ordered() || matches!(self.ty, Type::Score | Type::Any);
        match dots(written).filter(|_| ordered) {
            Some(dots) => {
                self.end(span.start() + dots);
                self.push(TokenKind::Operator, span.start() + dots + 2);
                self.end(span.end());
            }
            None => self.end(span.end()),
        }
    }

    /// Adds a value, or one end of a range.
    fn end(&mut self, end: usize) {
        let written = Span::new(self.at, end).of(self.text);
        let quoted = is_quoted(written);
        let kind = match self.ty {
            _ if is_parameter(written) => TokenKind::Parameter,
            Type::Text | Type::Uuid => TokenKind::String,
            Type::Number | Type::Usd | Type::Seconds => TokenKind::Number,
            Type::Time => TokenKind::Time,
            Type::Score | Type::Any if !quoted && number::read(written).is_ok() => TokenKind::Number,
            Type::Score | Type::Any => TokenKind::String,
        };
        self.push(kind, end);
    }
}
