//! Finds the word under the cursor, which a completion replaces.

use crate::sketch::{self, Terminal, Token};
use crate::span::Span;

/// A word that ends at the cursor.
#[derive(Clone, Copy)]
pub(super) struct Word {
    pub(super) span: Span,
    pub(super) terminal: Terminal,
    /// Whether it contains an unclosed quote.
    pub(super) unclosed: bool,
}

/// Removes the word at the end of the text from its tokens.
pub(super) fn take_word(tokens: &mut Vec<Token>, text: &str) -> Option<Word> {
    let last = *tokens.last()?;
    let written = last.span.of(text);
    let is_word = match last.terminal {
        Terminal::Connective => written.starts_with(|char: char| char.is_ascii_alphabetic()),
        Terminal::Field | Terminal::Text => written != "-",
        // The first half of `&&` or `||`.
        Terminal::Stray => matches!(written, "&" | "|"),
        Terminal::Value
        | Terminal::Symbol
        | Terminal::Negation
        | Terminal::Contains
        | Terminal::Quantifier
        | Terminal::Within
        | Terminal::Between
        | Terminal::Unclosed => true,
        _ => false,
    };
    if last.span.end() < text.len() || !is_word {
        return None;
    }
    tokens.pop();
    let mut word = Word { span: last.span, terminal: last.terminal, unclosed: last.terminal == Terminal::Unclosed };
    // An unclosed quote is part of the word before it.
    if let Some(&before) = tokens.last()
        && word.unclosed
        && before.span.end() == last.span.start()
        && matches!(before.terminal, Terminal::Field | Terminal::Value | Terminal::Text)
    {
        tokens.pop();
        word = Word { span: before.span.to(last.span), terminal: before.terminal, unclosed: true };
    }
    Some(word)
}

/// Returns the end of the word, which may be after the cursor.
pub(super) fn word_end(word: Word, is_value: bool, text: &str, cursor: usize) -> usize {
    let rest = text.get(cursor..).unwrap_or_default();
    // With an unclosed quote, it is unclear which quotes belong together.
    if word.unclosed && sketch::tokens(text).iter().any(|token| token.terminal == Terminal::Unclosed) {
        let ends = |char: char| char.is_whitespace() || matches!(char, '(' | ')' | '[' | ']' | ',' | '"' | '\'');
        return cursor + rest.find(ends).unwrap_or(rest.len());
    }
    let whole = text.get(word.span.start()..).unwrap_or_default();
    let len = match word.terminal {
        Terminal::Value | Terminal::Unclosed => sketch::value_len(whole),
        Terminal::Text if is_value => sketch::value_len(whole),
        Terminal::Symbol => sketch::symbol_len(whole),
        _ => sketch::name_len(whole),
    };
    cursor.max(word.span.start() + len)
}

/// Whether a token can be followed by something without white space.
pub(super) fn is_tight(token: Token, text: &str) -> bool {
    match token.terminal {
        Terminal::Opening | Terminal::Comma => true,
        Terminal::Connective | Terminal::Field | Terminal::Text => {
            matches!(token.span.of(text), "!" | "&&" | "||" | "-")
        }
        _ => false,
    }
}
