//! The word under the cursor.

use crate::compiler::Compiler;
use crate::parse::{self, Rule, Token};
use crate::span::Span;

/// A word that ends at the cursor.
#[derive(Clone, Copy)]
pub(super) struct Word {
    pub(super) span: Span,
    pub(super) rule: Rule,
    /// Whether a quote in it is still open.
    pub(super) unclosed: bool,
}

/// Takes the word that ends at the end of the text off its tokens.
pub(super) fn take_word(tokens: &mut Vec<Token>, text: &str) -> Option<Word> {
    let last = *tokens.last()?;
    let written = last.span.of(text);
    let is_word = match last.rule {
        Rule::connective => written.starts_with(|char: char| char.is_ascii_alphabetic()),
        Rule::field => written != "-",
        // The half of a connective in signs.
        Rule::stray => matches!(written, "&" | "|"),
        Rule::value
        | Rule::symbol
        | Rule::negation
        | Rule::contains
        | Rule::quantifier
        | Rule::within
        | Rule::between
        | Rule::conjunction
        | Rule::foreign
        | Rule::unclosed => true,
        _ => false,
    };
    if last.span.end() < text.len() || !is_word {
        return None;
    }
    tokens.pop();
    let mut word = Word { span: last.span, rule: last.rule, unclosed: last.rule == Rule::unclosed };
    // A quote that is still open is a part of the word that it stands in.
    if let Some(&before) = tokens.last()
        && word.unclosed
        && before.span.end() == last.span.start()
        && matches!(before.rule, Rule::field | Rule::value)
    {
        tokens.pop();
        word = Word { span: before.span.to(last.span), rule: before.rule, unclosed: true };
    }
    Some(word)
}

/// Where the word goes on to behind the cursor.
pub(super) fn word_end(compiler: &Compiler, word: Word, text: &str, cursor: usize) -> usize {
    let rest = text.get(cursor..).unwrap_or_default();
    // With a quote open somewhere, which of them belong together is anybody's guess.
    if word.unclosed
        && parse::tokens(text, &compiler.limits)
            .is_none_or(|mut tokens| tokens.any(|token| token.rule == Rule::unclosed))
    {
        let ends = |char: char| char.is_whitespace() || matches!(char, '(' | ')' | '[' | ']' | ',' | '"' | '\'');
        return cursor + rest.find(ends).unwrap_or(rest.len());
    }
    let rule = match word.rule {
        Rule::value | Rule::unclosed => Rule::value,
        Rule::symbol => Rule::symbol,
        _ => Rule::field,
    };
    let whole = text.get(word.span.start()..).unwrap_or_default();
    cursor.max(word.span.start() + parse::token_len(rule, whole))
}

/// Whether something may follow a token with nothing between them.
pub(super) fn is_tight(token: Token, text: &str) -> bool {
    match token.rule {
        Rule::opening | Rule::comma => true,
        Rule::connective | Rule::field => {
            matches!(token.span.of(text), "!" | "&&" | "||" | "-")
        }
        _ => false,
    }
}
