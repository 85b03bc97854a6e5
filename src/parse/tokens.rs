//! The grammar's tokens, as one flat run.

use pest::Parser;
use pest::iterators::Pairs;

use super::{Grammar, Rule};
use crate::span::Span;

/// A token with its place.
#[derive(Clone, Copy)]
pub(crate) struct Token {
    pub(crate) terminal: Terminal,
    pub(crate) span: Span,
}

/// What a token is, by the grammar's rules of the same names.
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
    Conjunction,
    Foreign,
    Value,
    Unclosed,
    Stray,
    Comment,
    /// The end of the text.
    End,
}

impl Terminal {
    /// Whether it begins an operator of the language's own.
    pub(crate) fn is_operator(self) -> bool {
        match self {
            Terminal::Symbol | Terminal::Negation | Terminal::Contains | Terminal::Within | Terminal::Between => true,
            Terminal::Connective
            | Terminal::All
            | Terminal::Opening
            | Terminal::Closing
            | Terminal::Comma
            | Terminal::Field
            | Terminal::Quantifier
            | Terminal::Conjunction
            | Terminal::Foreign
            | Terminal::Value
            | Terminal::Unclosed
            | Terminal::Stray
            | Terminal::Comment
            | Terminal::End => false,
        }
    }

    /// What the tokens of a rule are; `None` for the rules that make none.
    fn of(rule: Rule) -> Option<Terminal> {
        Some(match rule {
            // `&&` is `and` in all but its spelling.
            Rule::connective | Rule::sign => Terminal::Connective,
            Rule::all => Terminal::All,
            Rule::opening => Terminal::Opening,
            Rule::closing => Terminal::Closing,
            Rule::comma => Terminal::Comma,
            Rule::field => Terminal::Field,
            Rule::symbol => Terminal::Symbol,
            Rule::negation => Terminal::Negation,
            Rule::contains => Terminal::Contains,
            Rule::quantifier => Terminal::Quantifier,
            Rule::within => Terminal::Within,
            Rule::between => Terminal::Between,
            Rule::conjunction => Terminal::Conjunction,
            Rule::foreign => Terminal::Foreign,
            Rule::value => Terminal::Value,
            Rule::unclosed => Terminal::Unclosed,
            Rule::stray => Terminal::Stray,
            Rule::comment => Terminal::Comment,
            // The whole, and what is silent or stands inside a token.
            Rule::query
            | Rule::gap
            | Rule::boundary
            | Rule::minus
            | Rule::star
            | Rule::predicate
            | Rule::test
            | Rule::contents
            | Rule::operator
            | Rule::operand
            | Rule::list
            | Rule::keyword
            | Rule::value_part
            | Rule::string
            | Rule::quote
            | Rule::value_char
            | Rule::name_char
            | Rule::plain
            | Rule::name_part
            | Rule::end
            | Rule::inside
            | Rule::special => return None,
        })
    }
}

/// Hands out the tokens in `query`, which was read from `text`.
pub(super) fn each(text: &str, query: Pairs<Rule>, mut take: impl FnMut(Token)) {
    run(query, 0, |token| {
        let Token { terminal, span } = token;
        let follows_space =
            || text.get(..span.start()).is_none_or(|before| before.is_empty() || before.ends_with(char::is_whitespace));
        if terminal != Terminal::Comment || follows_space() {
            take(token);
            return;
        }
        // A `#` that something stands against begins no comment, so what follows it is read as well.
        let inside = span.start() + 1;
        take(Token { terminal: Terminal::Stray, span: Span::new(span.start(), inside) });
        if let Ok(query) = Grammar::parse(Rule::query, text.get(inside..span.end()).unwrap_or_default()) {
            run(query, inside, &mut take);
        }
    });
}

/// The tokens in `query`, none of which holds another; `offset` is where its text stands.
fn run(query: Pairs<Rule>, offset: usize, mut take: impl FnMut(Token)) {
    let mut start = 0;
    for end in query.tokens() {
        match end {
            pest::Token::Start { pos, .. } => start = offset + pos.pos(),
            pest::Token::End { rule, pos } => {
                if let Some(terminal) = Terminal::of(rule) {
                    take(Token { terminal, span: Span::new(start, offset + pos.pos()) });
                }
            }
        }
    }
}
