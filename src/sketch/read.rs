//! Creates the sketch, with the parser's functions for single rules.

use super::{Head, Item, Join, Kind, Operand, Shape, Sketch, Verb};
use crate::limits::MAX_DEPTH;
use crate::span::Span;
use crate::syntax::{self, Rule, Scan, Token};

/// Reads any text.
pub(crate) fn read(text: &str) -> Sketch<'_> {
    // None of the rules used here is recursive.
    let mut reader = Reader { text, scan: Scan::new(text, MAX_DEPTH, usize::MAX), kept: 0, no_clause_before: 0 };
    let mut items = Vec::with_capacity(text.len() / 8 + 4);
    let mut end = 0;
    loop {
        syntax::skip(&mut reader.scan);
        let (start, tokens) = (reader.scan.position, reader.kept);
        let kind = if start < text.len() { reader.item() } else { Kind::End };
        let span = Span::new(start, reader.scan.position);
        items.push(Item { kind, span, touches: start == end && start > 0, tokens });
        end = span.end();
        if kind == Kind::End {
            reader.scan.tokens.truncate(reader.kept);
            return Sketch { text, items, tokens: reader.scan.tokens };
        }
    }
}

/// The signs of operators and joins: a run of them is one item.
const SIGNS: &str = "=<>!~:|&";
/// The characters that end a run of other characters.
const ENDS: &str = "()[],\"'=<>!~|&";

struct Reader<'a> {
    text: &'a str,
    scan: Scan<'a>,
    /// The number of tokens that belong to clauses. They are followed by those of the last rule.
    kept: usize,
    /// The end of a long name that begins no clause. Nothing that is a part of it does.
    no_clause_before: usize,
}

/// From this length on, the parts of a name are not read as names again. Reading each of many parts up to the end would
/// take quadratic time.
const LONG_NAME: usize = 256;

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.scan.position..).unwrap_or_default()
    }

    /// Matches a rule of the grammar at the current position.
    fn rule(&mut self, rule: Rule) -> bool {
        self.scan.tokens.truncate(self.kept);
        let start = self.scan.position;
        let is_read = syntax::read(rule, &mut self.scan);
        if !is_read {
            self.scan.position = start;
        }
        is_read
    }

    fn item(&mut self) -> Kind {
        match self.rest().as_bytes() {
            [bracket @ (b'(' | b')'), ..] => {
                self.scan.position += 1;
                return if *bracket == b'(' { Kind::Open } else { Kind::Close };
            }
            [b'a' | b'A' | b'&', ..] if self.rule(Rule::And) => return Kind::Join(Join::And),
            [b'o' | b'O' | b'|', ..] if self.rule(Rule::Or) => return Kind::Join(Join::Or),
            // Without a field, they are one sign.
            [b'!', b'=' | b'~', ..] => {}
            [b'n' | b'N' | b'!' | b'-', ..] if self.rule(Rule::Not) => return Kind::Not,
            [b'*', ..] if self.rule(Rule::All) => return Kind::All,
            _ => {}
        }
        let start = self.scan.position;
        let may_begin = start >= self.no_clause_before;
        if may_begin
            && self.rule(Rule::Clause)
            && let Some((head, operand)) = self.clause()
        {
            // `cost > model = a`: a word before an operator is the field of the next clause. Continuing at that
            // word is the only step back, by one word at most.
            let before = std::mem::replace(&mut self.kept, self.scan.tokens.len());
            if operand.shape == Shape::Word && self.is_before_operator() {
                self.kept = before;
                self.scan.position = head.operator.end();
                return Kind::Head(head);
            }
            return Kind::Clause(head, operand);
        }
        self.scan.position = start;
        if may_begin && let Some(head) = self.head_alone() {
            self.scan.position = head.operator.end();
            return Kind::Head(head);
        }
        self.scan.position = start;
        if self.rule(Rule::Text) {
            return Kind::Text;
        }
        self.piece()
    }

    /// Whether an operator follows, so that the last word is a field.
    fn is_before_operator(&mut self) -> bool {
        let end = self.scan.position;
        syntax::skip(&mut self.scan);
        let follows = self.rule(Rule::Operator);
        self.scan.position = end;
        follows
    }

    /// Returns the tokens of the last rule.
    fn tokens(&self) -> &[Token] {
        self.scan.tokens.get(self.kept..).unwrap_or_default()
    }

    fn find(&self, rules: &[Rule]) -> Option<Span> {
        let token = self.tokens().iter().find(|token| rules.contains(&token.rule))?;
        Some(Span::new(token.start as usize, token.end as usize))
    }

    /// Reads a field and an operator.
    fn head_alone(&mut self) -> Option<Head> {
        let start = self.scan.position;
        self.scan.furthest = start;
        let is_field = self.rule(Rule::Field);
        let end = self.scan.position.max(self.scan.furthest);
        if is_field {
            let field = self.find(&[Rule::Field])?;
            syntax::skip(&mut self.scan);
            if self.rule(Rule::Operator) {
                return self.head(field);
            }
        }
        if end - start > LONG_NAME {
            // Curly quotes do not end a word, so a clause may begin inside them.
            let name = Span::new(start, end).of(self.text);
            self.no_clause_before = start + name.find(['“', '‘']).unwrap_or(name.len());
        }
        None
    }

    /// Returns the field with the operator that was just read.
    fn head(&self, field: Span) -> Option<Head> {
        let (verb, span) = self
            .tokens()
            .iter()
            .find_map(|token| Some((verb(token.rule)?, Span::new(token.start as usize, token.end as usize))))?;
        let not = self.find(&[Rule::NotWord]);
        let quantifier = self.find(&[Rule::AnyOf, Rule::AllOf]);
        let operator = not.unwrap_or(span).to(quantifier.unwrap_or(span));
        Some(Head { field, operator, verb, negated: not.is_some(), quantified: quantifier.is_some() })
    }

    /// Returns the clause that was just read.
    fn clause(&self) -> Option<(Head, Operand)> {
        let head = self.head(self.find(&[Rule::Field])?)?;
        let after = || self.tokens().iter().filter(|token| token.start as usize >= head.operator.end());
        let start = after().map(|token| token.start).min()?;
        let has = |wanted: Rule| after().any(|token| token.rule == wanted);
        let shape = if head.verb == Verb::Between {
            Shape::Interval
        } else if has(Rule::Range) {
            Shape::Range
        } else if has(Rule::List) {
            Shape::List
        } else if has(Rule::String) {
            Shape::String
        } else if has(Rule::Parameter) {
            Shape::Parameter
        } else {
            Shape::Word
        };
        Some((head, Operand { span: Span::new(start as usize, self.scan.position), shape }))
    }

    /// Reads an item that is not part of a clause.
    fn piece(&mut self) -> Kind {
        let rest = self.rest();
        let run = |ends: &dyn Fn(char) -> bool| rest.find(ends).unwrap_or(rest.len());
        let start = self.scan.position;
        let first = rest.chars().next().unwrap_or_default();
        let (kind, len) = match first {
            ',' => (Kind::Comma, 1),
            '[' | ']' => (Kind::Square, 1),
            '#' => (Kind::Sign, 1),
            '"' | '\'' | '“' | '‘' if self.rule(Rule::String) => (Kind::Word, self.scan.position - start),
            '"' | '\'' => (Kind::Unclosed, rest.len()),
            _ if SIGNS.contains(first) => (Kind::Sign, run(&|char| !SIGNS.contains(char))),
            _ => (Kind::Word, word_len(rest).max(first.len_utf8())),
        };
        self.scan.position = start + len;
        kind
    }
}

/// Returns the operator for a token.
pub(super) fn verb(rule: Rule) -> Option<Verb> {
    Some(match rule {
        Rule::Equal => Verb::Equal,
        Rule::NotEqual => Verb::NotEqual,
        Rule::Less => Verb::Less,
        Rule::LessOrEqual => Verb::LessOrEqual,
        Rule::Greater => Verb::Greater,
        Rule::GreaterOrEqual => Verb::GreaterOrEqual,
        Rule::Has => Verb::Has,
        Rule::Lacks => Verb::Lacks,
        Rule::Colon => Verb::Natural,
        Rule::Contains => Verb::Contains,
        Rule::Within => Verb::In,
        Rule::Between => Verb::Between,
        Rule::Query
        | Rule::Disjunction
        | Rule::Conjunction
        | Rule::Negation
        | Rule::Group
        | Rule::Clause
        | Rule::Comparison
        | Rule::Natural
        | Rule::Search
        | Rule::Membership
        | Rule::Interval
        | Rule::Operator
        | Rule::Field
        | Rule::Text
        | Rule::Bare
        | Rule::Value
        | Rule::List
        | Rule::Values
        | Rule::Item
        | Rule::ItemWord
        | Rule::ListParameter
        | Rule::Range
        | Rule::Word
        | Rule::Bound
        | Rule::Parameter
        | Rule::String
        | Rule::And
        | Rule::Or
        | Rule::Not
        | Rule::All
        | Rule::NotWord
        | Rule::AnyOf
        | Rule::AllOf
        | Rule::Comment => return None,
    })
}

/// Returns the length of a run of other characters. It includes an apostrophe between two letters, which
/// does not begin a string.
pub(super) fn word_len(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, char)) = chars.next() {
        let is_apostrophe =
            char == '\'' && before.is_alphabetic() && chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
        if !is_apostrophe && (char.is_whitespace() || ENDS.contains(char)) {
            return at;
        }
        before = char;
    }
    text.len()
}
