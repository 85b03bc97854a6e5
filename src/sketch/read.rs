//! The pass itself, and all of its contact with the generated parser.

use super::{Head, Item, Join, Kind, Operand, Shape, Sketch, Verb};
use crate::span::Span;
use crate::syntax::generated as rules;
use crate::syntax::scan::Scan;

/// Reads any text.
pub(crate) fn read(text: &str) -> Sketch<'_> {
    let mut reader = Reader { text, scan: Scan::new(text) };
    let mut items = Vec::with_capacity(text.len() / 8 + 4);
    let mut end = 0;
    loop {
        rules::skip(&mut reader.scan);
        let start = reader.scan.pos;
        let kind = if start < text.len() { reader.item() } else { Kind::End };
        let span = Span::new(start, reader.scan.pos);
        items.push(Item { kind, span, touches: start == end && start > 0 });
        end = span.end();
        if kind == Kind::End {
            return Sketch { text, items };
        }
    }
}

/// What the sketch knows tokens for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Field,
    NotWord,
    Verb(Verb),
    Quantifier,
    Value,
    Parameter,
    String,
    List,
    Sequence,
    Range,
    And,
    Other,
}

type Rule = for<'s, 'a> fn(&'s mut Scan<'a>) -> bool;

/// Signs of operators and joins: a run of them is one piece.
const SIGNS: &str = "=<>!~:|&";
/// What ends a run of other characters.
const ENDS: &str = "()[],\"'=<>!~|&";

struct Reader<'a> {
    text: &'a str,
    scan: Scan<'a>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.scan.pos..).unwrap_or_default()
    }

    /// Reads one rule of the grammar here, or nothing.
    fn rule(&mut self, rule: Rule) -> bool {
        self.scan.toks.clear();
        let start = self.scan.pos;
        let is_read = rule(&mut self.scan);
        if !is_read {
            self.scan.pos = start;
        }
        is_read
    }

    fn item(&mut self) -> Kind {
        let bracket = match self.rest().as_bytes().first() {
            Some(b'(') => Some(Kind::Open),
            Some(b')') => Some(Kind::Close),
            _ => None,
        };
        if let Some(kind) = bracket {
            self.scan.pos += 1;
            return kind;
        }
        if self.rule(rules::and_Spaced) {
            return Kind::Join(Join::And);
        }
        if self.rule(rules::or_Spaced) {
            return Kind::Join(Join::Or);
        }
        if self.rule(rules::not_Spaced) {
            return Kind::Not;
        }
        if self.rule(rules::all_Spaced) {
            return Kind::All;
        }
        let start = self.scan.pos;
        if self.rule(rules::clause_Spaced)
            && let Some((head, operand)) = self.clause()
        {
            // `cost > model = a`: a word before an operator is the field of the next clause. To read on
            // from that word is the only step back, and at most a word long.
            if operand.shape == Shape::Word && self.is_before_operator() {
                self.scan.pos = head.operator.end();
                return Kind::Head(head);
            }
            return Kind::Clause(head, operand);
        }
        self.scan.pos = start;
        if self.rule(head_rule)
            && let Some(head) = self.head()
        {
            return Kind::Head(head);
        }
        self.scan.pos = start;
        if self.rule(rules::text_Spaced) {
            return Kind::Text;
        }
        self.piece()
    }

    /// Whether an operator follows, so that the word just read is a field.
    fn is_before_operator(&mut self) -> bool {
        let end = self.scan.pos;
        rules::skip(&mut self.scan);
        let follows = self.rule(rules::operator_Spaced);
        self.scan.pos = end;
        follows
    }

    fn tokens(&self) -> impl Iterator<Item = (TokenKind, Span)> {
        self.scan.toks.iter().map(|token| (kind_of(token.rule), Span::new(token.start as usize, token.end as usize)))
    }

    fn find(&self, kind: TokenKind) -> Option<Span> {
        self.tokens().find(|(found, _)| *found == kind).map(|(_, span)| span)
    }

    /// The field and the operator of what was just read.
    fn head(&self) -> Option<Head> {
        let field = self.find(TokenKind::Field)?;
        let (verb, span) = self.tokens().find_map(|(kind, span)| match kind {
            TokenKind::Verb(verb) => Some((verb, span)),
            _ => None,
        })?;
        let not = self.find(TokenKind::NotWord);
        let quantifier = self.find(TokenKind::Quantifier);
        let operator = not.unwrap_or(span).to(quantifier.unwrap_or(span));
        Some(Head { field, operator, verb, negated: not.is_some(), quantified: quantifier.is_some() })
    }

    /// The whole clause that was just read.
    fn clause(&self) -> Option<(Head, Operand)> {
        let head = self.head()?;
        let after = || self.tokens().filter(|(_, span)| span.start() >= head.operator.end());
        let start = after().map(|(_, span)| span.start()).min()?;
        let has = |wanted: TokenKind| after().any(|(kind, _)| kind == wanted);
        let shape = if head.verb == Verb::Between {
            Shape::Interval
        } else if has(TokenKind::Range) {
            Shape::Range
        } else if has(TokenKind::List) {
            Shape::List
        } else if has(TokenKind::String) {
            Shape::String
        } else if has(TokenKind::Parameter) {
            Shape::Parameter
        } else {
            Shape::Word
        };
        Some((head, Operand { span: Span::new(start, self.scan.pos), shape }))
    }

    /// What is part of no clause.
    fn piece(&mut self) -> Kind {
        let rest = self.rest();
        let run = |ends: &dyn Fn(char) -> bool| rest.find(ends).unwrap_or(rest.len());
        let start = self.scan.pos;
        let first = rest.chars().next().unwrap_or_default();
        let (kind, len) = match first {
            ',' => (Kind::Comma, 1),
            '[' | ']' => (Kind::Square, 1),
            '#' => (Kind::Sign, 1),
            '"' | '\'' | '“' | '‘' if self.rule(rules::string_Spaced) => (Kind::Word, self.scan.pos - start),
            '"' | '\'' => (Kind::Unclosed, rest.len()),
            _ if SIGNS.contains(first) => (Kind::Sign, run(&|char| !SIGNS.contains(char))),
            _ => {
                let len = run(&|char| char.is_whitespace() || ENDS.contains(char));
                (Kind::Word, len.max(first.len_utf8()))
            }
        };
        self.scan.pos = start + len;
        kind
    }
}

fn head_rule(scan: &mut Scan) -> bool {
    rules::field_Spaced(scan) && rules::skip(scan) && rules::operator_Spaced(scan)
}

fn kind_of(rule: u8) -> TokenKind {
    match rule {
        rules::R_FIELD => TokenKind::Field,
        rules::R_NOT_WORD => TokenKind::NotWord,
        rules::R_EQUAL => TokenKind::Verb(Verb::Equal),
        rules::R_NOT_EQUAL => TokenKind::Verb(Verb::NotEqual),
        rules::R_LESS => TokenKind::Verb(Verb::Less),
        rules::R_LESS_OR_EQUAL => TokenKind::Verb(Verb::LessOrEqual),
        rules::R_GREATER => TokenKind::Verb(Verb::Greater),
        rules::R_GREATER_OR_EQUAL => TokenKind::Verb(Verb::GreaterOrEqual),
        rules::R_HAS => TokenKind::Verb(Verb::Has),
        rules::R_LACKS => TokenKind::Verb(Verb::Lacks),
        rules::R_COLON => TokenKind::Verb(Verb::Natural),
        rules::R_CONTAINS => TokenKind::Verb(Verb::Contains),
        rules::R_WITHIN => TokenKind::Verb(Verb::In),
        rules::R_BETWEEN => TokenKind::Verb(Verb::Between),
        rules::R_ANY_OF | rules::R_ALL_OF => TokenKind::Quantifier,
        rules::R_VALUE => TokenKind::Value,
        rules::R_PARAMETER => TokenKind::Parameter,
        rules::R_STRING => TokenKind::String,
        rules::R_LIST => TokenKind::List,
        rules::R_SEQUENCE => TokenKind::Sequence,
        rules::R_RANGE => TokenKind::Range,
        rules::R_AND => TokenKind::And,
        _ => TokenKind::Other,
    }
}
