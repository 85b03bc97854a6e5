//! Classifies each token by its context, for highlighting and completion. Nothing is an error here:
//! unexpected tokens are skipped.

use crate::catalog::Catalog;
use crate::compiler::Compiler;
use crate::limits::MAX_DEPTH;
use crate::sketch::{Terminal, Token};
use crate::span::Span;
use crate::syntax::keyword;
use crate::syntax::string::{self, is_quoted};

/// What a token is in its context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// `and`, `or`, `not`, as words or signs.
    Keyword,
    /// `*`.
    All,
    Field,
    Operator,
    Value,
    /// Text without a field.
    Text,
    Comma,
    Opening,
    Closing,
    Comment,
    /// Invalid at its position.
    Error,
}

/// The state of the current clause, which determines what may follow.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    /// A clause may begin.
    Start,
    /// After a field, before its operator.
    Field(Span),
    /// After `field not`, before `in`, `contains` or `between`.
    Negated(Span),
    /// After an operator, before its value.
    Operator(Clause),
    /// Inside a list.
    List { clause: Clause, opener: Span, values: usize, after_value: bool },
    /// After `between 1`, before `and`.
    Lower(Clause, Span),
    /// After `between 1 and`, before the upper end.
    Upper(Clause, Span),
    /// After a complete clause or group.
    Done,
}

/// A clause with a known operator.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clause {
    pub(super) field: Span,
    /// The span of the operator, without a preceding `not`.
    pub(super) operator: Span,
    pub(super) negated: bool,
    pub(super) verb: Verb,
}

/// The kind of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// An operator of signs, such as `=` and `<`.
    Sign,
    Contains,
    /// `contains any`, `contains all`.
    ContainsSome,
    In,
    Between,
    /// An operator of another language.
    Foreign,
}

/// The state of one group.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Group {
    pub(super) opener: Option<Span>,
    /// Pending negations.
    negations: usize,
    /// The alternatives before the last `or`, and the maximum depth among them.
    alternatives: usize,
    tallest_alternative: usize,
    /// The parts after the last `or`, and the maximum depth among them.
    parts: usize,
    tallest_part: usize,
    /// Whether any parts are joined without a connective.
    pub(super) implicit: bool,
    pub(super) has_or: bool,
    /// Whether a connective follows the last part.
    joined: bool,
}

pub(super) struct Scan<'a> {
    text: &'a str,
    /// The catalog, which distinguishes terms from fields; `None` without a text field.
    text_terms: Option<&'a Catalog>,
    pub(super) state: State,
    stack: Vec<Group>,
    pub(super) group: Group,
    /// The number of clauses so far.
    pub(super) clauses: usize,
}

/// The maximum depth that a clause lowers to: a negation of a list of periods with two ends each. Near
/// the depth limit, completion is conservative rather than exact.
const CLAUSE_HEIGHT: usize = 3;

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str, compiler: &'a Compiler) -> Scan<'a> {
        let text_terms = compiler.has_text_field().then_some(&*compiler.catalog);
        Scan { text, text_terms, state: State::Start, stack: Vec::new(), group: Group::default(), clauses: 0 }
    }

    /// Whether a value is expected next.
    pub(super) fn wants_value(&self) -> bool {
        matches!(self.state, State::Operator(_) | State::List { .. } | State::Upper(..))
    }

    /// Whether text in place of a clause is a search term.
    fn is_term(&self, written: &str) -> bool {
        self.text_terms.is_some_and(|catalog| {
            written != "-" && (is_quoted(written) || catalog.resolve(&string::path(written)).is_none())
        })
    }

    /// Processes the next token.
    pub(super) fn feed(&mut self, token: Token) -> Role {
        match self.state {
            State::Start | State::Done => self.at_clause(token),
            State::Field(field) => self.after_field(field, token),
            State::Negated(field) => self.after_not(field, token),
            State::Operator(clause) => self.after_operator(clause, token),
            State::List { clause, opener, values, .. } => self.in_list(clause, opener, values, token),
            State::Lower(clause, lower) => self.after_lower_end(clause, lower, token),
            State::Upper(..) => self.at_upper_end(token),
        }
    }

    fn at_clause(&mut self, token: Token) -> Role {
        match token.terminal {
            Terminal::Text if self.is_term(token.span.of(self.text)) => {
                self.begin();
                self.clauses += 1;
                self.complete(0);
                Role::Text
            }
            _ => self.anywhere(token),
        }
    }

    fn after_field(&mut self, field: Span, token: Token) -> Role {
        let Token { terminal, span } = token;
        let text = span.of(self.text);
        let clause = |negated, verb| State::Operator(Clause { field, operator: span, negated, verb });
        match terminal {
            Terminal::Connective if keyword::reserved(text) != Some(keyword::NOT) => self.anywhere(token),
            Terminal::Connective | Terminal::Negation => {
                self.state = State::Negated(field);
                Role::Operator
            }
            // `model is a`: an operator of another language, or a value without an operator.
            Terminal::Text => {
                self.state = clause(false, Verb::Foreign);
                Role::Error
            }
            Terminal::Symbol => {
                let ours = keyword::is_symbol(text);
                let negated = matches!(text, "!=" | "<>" | "!~");
                self.state = clause(negated, if ours { Verb::Sign } else { Verb::Foreign });
                if ours { Role::Operator } else { Role::Error }
            }
            _ => self.operator_word(field, false, token),
        }
    }

    fn after_not(&mut self, field: Span, token: Token) -> Role {
        self.operator_word(field, true, token)
    }

    /// Processes `contains`, `in` or `between`.
    fn operator_word(&mut self, field: Span, negated: bool, token: Token) -> Role {
        let verb = match token.terminal {
            Terminal::Contains => Verb::Contains,
            Terminal::Within => Verb::In,
            Terminal::Between => Verb::Between,
            _ => return self.anywhere(token),
        };
        self.state = State::Operator(Clause { field, operator: token.span, negated, verb });
        Role::Operator
    }

    fn after_operator(&mut self, clause: Clause, token: Token) -> Role {
        let Token { terminal, span } = token;
        match terminal {
            Terminal::Connective => self.missing_value(span),
            Terminal::Quantifier => {
                let operator = clause.operator.to(span);
                self.state = State::Operator(Clause { operator, verb: Verb::ContainsSome, ..clause });
                Role::Operator
            }
            Terminal::Opening => {
                self.state = State::List { clause, opener: span, values: 0, after_value: false };
                Role::Opening
            }
            Terminal::Value | Terminal::Text if clause.verb == Verb::Between => {
                self.state = State::Lower(clause, span);
                Role::Value
            }
            Terminal::Value | Terminal::Text => self.last_value(),
            _ => self.anywhere(token),
        }
    }

    fn in_list(&mut self, clause: Clause, opener: Span, values: usize, token: Token) -> Role {
        match token.terminal {
            Terminal::Value | Terminal::Text => {
                self.state = State::List { clause, opener, values: values + 1, after_value: true };
                Role::Value
            }
            Terminal::Comma => {
                self.state = State::List { clause, opener, values, after_value: false };
                Role::Comma
            }
            Terminal::Closing => {
                self.complete(CLAUSE_HEIGHT);
                Role::Closing
            }
            Terminal::Comment | Terminal::Unclosed => self.anywhere(token),
            // Any other token ends the list, as in the grammar.
            _ => {
                self.complete(CLAUSE_HEIGHT);
                self.anywhere(token)
            }
        }
    }

    fn after_lower_end(&mut self, clause: Clause, lower: Span, token: Token) -> Role {
        match token.terminal {
            Terminal::Connective => {
                self.state = State::Upper(clause, lower);
                Role::Keyword
            }
            _ => self.anywhere(token),
        }
    }

    fn at_upper_end(&mut self, token: Token) -> Role {
        match token.terminal {
            Terminal::Connective => self.missing_value(token.span),
            Terminal::Value | Terminal::Text => self.last_value(),
            _ => self.anywhere(token),
        }
    }

    /// Processes a token that has no other meaning in the current state.
    fn anywhere(&mut self, token: Token) -> Role {
        let Token { terminal, span } = token;
        let text = span.of(self.text);
        match terminal {
            Terminal::Comment => Role::Comment,
            Terminal::Connective => {
                self.connective(text);
                Role::Keyword
            }
            Terminal::All => {
                self.begin();
                self.complete(0);
                Role::All
            }
            // A lone `-` that nothing follows yet.
            Terminal::Text if text == "-" => {
                self.connective(text);
                Role::Keyword
            }
            Terminal::Field | Terminal::Text => {
                self.begin();
                self.clauses += 1;
                self.state = State::Field(span);
                if text.starts_with('-') { Role::Error } else { Role::Field }
            }
            Terminal::Value => self.last_value(),
            Terminal::Opening => {
                self.open_group(span);
                Role::Opening
            }
            Terminal::Closing => {
                self.close_group();
                Role::Closing
            }
            Terminal::Unclosed => {
                self.complete(CLAUSE_HEIGHT);
                Role::Error
            }
            Terminal::Symbol
            | Terminal::Negation
            | Terminal::Contains
            | Terminal::Within
            | Terminal::Between
            | Terminal::Quantifier
            | Terminal::Comma
            | Terminal::Stray => Role::Error,
        }
    }

    /// Processes the value that completes a clause.
    fn last_value(&mut self) -> Role {
        self.complete(CLAUSE_HEIGHT);
        Role::Value
    }

    /// Processes a connective in place of a value. It joins what follows.
    fn missing_value(&mut self, connective: Span) -> Role {
        self.complete(CLAUSE_HEIGHT);
        self.connective(connective.of(self.text));
        Role::Error
    }

    fn open_group(&mut self, opener: Span) {
        self.begin();
        let inner = Group { opener: Some(opener), ..Group::default() };
        self.stack.push(std::mem::replace(&mut self.group, inner));
        self.state = State::Start;
    }

    fn close_group(&mut self) {
        if let Some(outer) = self.stack.pop() {
            let height = self.group.height(None);
            self.group = outer;
            self.complete(height);
        }
    }

    /// Processes `and`, `or` or `not`, as a word or a sign.
    fn connective(&mut self, text: &str) {
        match text.as_bytes() {
            [b'a' | b'A' | b'&', ..] => self.group.joined = true,
            [b'o' | b'O' | b'|', ..] => {
                let tallest = self.group.run_height();
                let group = &mut self.group;
                group.tallest_alternative = group.tallest_alternative.max(tallest);
                group.alternatives += usize::from(group.parts > 0);
                (group.parts, group.tallest_part) = (0, 0);
                group.has_or = true;
                group.joined = true;
            }
            _ => {
                self.begin();
                self.group.negations += 1;
            }
        }
        self.state = State::Start;
    }

    /// Begins a part that is joined to what precedes it.
    fn begin(&mut self) {
        let group = &mut self.group;
        if group.parts > 0 && !group.joined && group.negations == 0 {
            group.implicit = true;
        }
        if group.negations == 0 {
            group.joined = false;
        }
    }

    /// Completes a clause or group of the given depth.
    fn complete(&mut self, height: usize) {
        let group = &mut self.group;
        group.tallest_part = group.tallest_part.max(height + group.negations);
        group.parts += 1;
        group.negations = 0;
        self.state = State::Done;
    }

    /// Whether any clause can follow within the depth limit.
    pub(super) fn has_room_for_clause(&self, joint: Joint) -> bool {
        self.has_room(joint, CLAUSE_HEIGHT)
    }

    /// Whether something of the given depth can follow within the depth limit.
    pub(super) fn has_room(&self, joint: Joint, height: usize) -> bool {
        let mut group = self.group;
        let mut below = height;
        match joint {
            Joint::Or => {
                group.tallest_alternative = group.tallest_alternative.max(group.run_height());
                group.alternatives += usize::from(group.parts > 0);
                (group.parts, group.tallest_part) = (0, 0);
            }
            Joint::Not => group.negations += 1,
            Joint::And | Joint::Group => {}
        }
        let open = self.stack.iter().chain([&group]).map(|group| group.negations).sum::<usize>()
            + self.stack.len()
            + usize::from(joint == Joint::Group);
        for group in std::iter::once(&group).chain(self.stack.iter().rev()) {
            below = group.height(Some(below));
        }
        open <= MAX_DEPTH && below <= MAX_DEPTH
    }
}

/// How the next part is joined to the preceding ones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// By `and`, or without a connective.
    And,
    Or,
    /// As a negated part.
    Not,
    /// As a part of a nested group.
    Group,
}

impl Group {
    fn run_height(&self) -> usize {
        self.tallest_part + usize::from(self.parts > 1)
    }

    /// Returns the depth of the group's tree, with one more part of the given depth if there is one.
    fn height(mut self, part: Option<usize>) -> usize {
        if let Some(height) = part {
            self.tallest_part = self.tallest_part.max(height + self.negations);
            self.parts += 1;
        }
        let alternatives = self.alternatives + usize::from(self.parts > 0);
        self.tallest_alternative.max(self.run_height()) + usize::from(alternatives > 1)
    }
}
