//! The grammar's tokens, as one flat run.

use pest::Parser;
use pest::iterators::Pairs;

use super::{Grammar, Rule, Token};
use crate::span::Span;

/// The tokens in `query`, which was read from `text`; the last is the end of the text.
pub(super) fn flatten(text: &str, query: Pairs<Rule>) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(query.clone().tokens().len() / 2);
    for token in run(query, 0) {
        let Token { rule, span } = token;
        let follows_space =
            || text.get(..span.start()).is_none_or(|before| before.is_empty() || before.ends_with(char::is_whitespace));
        if rule != Rule::comment || follows_space() {
            tokens.push(token);
            continue;
        }
        // A `#` that something stands against begins no comment, so what follows it is read as well.
        let inside = span.start() + 1;
        tokens.push(Token { rule: Rule::stray, span: Span::new(span.start(), inside) });
        if let Ok(query) = Grammar::parse(Rule::query, text.get(inside..span.end()).unwrap_or_default()) {
            tokens.extend(run(query, inside).filter(|token| token.rule != Rule::EOI));
        }
    }
    tokens
}

/// The tokens in `query`, none of which holds another; `offset` is where its text stands.
fn run(query: Pairs<Rule>, offset: usize) -> impl Iterator<Item = Token> {
    let mut start = 0;
    query.tokens().filter_map(move |end| match end {
        pest::Token::Start { pos, .. } => {
            start = offset + pos.pos();
            None
        }
        pest::Token::End { rule: Rule::query, .. } => None,
        pest::Token::End { rule, pos } => {
            // `&&` is `and` in all but its spelling.
            let rule = if rule == Rule::sign { Rule::connective } else { rule };
            Some(Token { rule, span: Span::new(start, offset + pos.pos()) })
        }
    })
}
