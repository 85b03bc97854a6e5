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
        let Token { terminal, span } = token;
        let text = span.of(self.text);
        // Any other token ends the list, as in the grammar.
        if matches!(self.state, State::List { .. })
            && !matches!(
                terminal,
                Terminal::Comma
                    | Terminal::Value
                    | Terminal::Text
                    | Terminal::Closing
                    | Terminal::Comment
                    | Terminal::Unclosed
            )
        {
            self.complete(CLAUSE_HEIGHT);
        }
        match (terminal, self.state) {
            (Terminal::Comment, _) => Role::Comment,
            (Terminal::Connective, State::Field(field)) if keyword::reserved(text) == Some(keyword::NOT) => {
                self.state = State::Negated(field);
                Role::Operator
            }
            (Terminal::Connective, State::Lower(clause, lower)) => {
                self.state = State::Upper(clause, lower);
                Role::Keyword
            }
            // With the value missing, this joins what follows.
            (Terminal::Connective, State::Operator(_) | State::Upper(..)) => {
                self.complete(CLAUSE_HEIGHT);
                self.connective(text);
                Role::Error
            }
            (Terminal::Connective, _) => {
                self.connective(text);
                Role::Keyword
            }
            (Terminal::All, _) => {
                self.begin();
                self.complete(0);
                Role::All
            }
            // A lone `-` that nothing follows yet.
            (Terminal::Text, state @ (State::Operator(_) | State::List { .. } | State::Upper(..))) => {
                self.value(state, span)
            }
            (Terminal::Text, State::Start | State::Done) if self.is_term(text) => {
                self.begin();
                self.clauses += 1;
                self.complete(0);
                Role::Text
            }
            // `model is a`: an operator of another language, or a value without an operator.
            (Terminal::Text, State::Field(field)) => {
                let verb = Verb::Foreign;
                self.state = State::Operator(Clause { field, operator: span, negated: false, verb });
                Role::Error
            }
            (Terminal::Text, _) if text == "-" => {
                self.connective(text);
                Role::Keyword
            }
            (Terminal::Field | Terminal::Text, _) => {
                self.begin();
                self.clauses += 1;
                self.state = State::Field(span);
                if text.starts_with('-') { Role::Error } else { Role::Field }
            }
            (Terminal::Negation, State::Field(field)) => {
                self.state = State::Negated(field);
                Role::Operator
            }
            (Terminal::Symbol, State::Field(field)) => {
                let ours = keyword::is_symbol(text);
                let negated = matches!(text, "!=" | "<>" | "!~");
                let verb = if ours { Verb::Sign } else { Verb::Foreign };
                self.state = State::Operator(Clause { field, operator: span, negated, verb });
                if ours { Role::Operator } else { Role::Error }
            }
            (
                Terminal::Contains | Terminal::Within | Terminal::Between,
                State::Field(field) | State::Negated(field),
            ) => {
                let negated = matches!(self.state, State::Negated(_));
                let verb = match terminal {
                    Terminal::Contains => Verb::Contains,
                    Terminal::Within => Verb::In,
                    _ => Verb::Between,
                };
                self.state = State::Operator(Clause { field, operator: span, negated, verb });
                Role::Operator
            }
            (Terminal::Quantifier, State::Operator(clause)) => {
                let operator = clause.operator.to(span);
                self.state = State::Operator(Clause { operator, verb: Verb::ContainsSome, ..clause });
                Role::Operator
            }
            (Terminal::Value, state) => self.value(state, span),
            (Terminal::Opening, State::Operator(clause)) => {
                self.state = State::List { clause, opener: span, values: 0, after_value: false };
                Role::Opening
            }
            (Terminal::Opening, _) => {
                self.begin();
                let inner = Group { opener: Some(span), ..Group::default() };
                self.stack.push(std::mem::replace(&mut self.group, inner));
                self.state = State::Start;
                Role::Opening
            }
            (Terminal::Closing, State::List { .. }) => {
                self.complete(CLAUSE_HEIGHT);
                Role::Closing
            }
            (Terminal::Closing, _) => {
                if let Some(outer) = self.stack.pop() {
                    let height = self.group.height(None);
                    self.group = outer;
                    self.complete(height);
                }
                Role::Closing
            }
            (Terminal::Comma, State::List { clause, opener, values, .. }) => {
                self.state = State::List { clause, opener, values, after_value: false };
                Role::Comma
            }
            (Terminal::Unclosed, _) => {
                self.complete(CLAUSE_HEIGHT);
                Role::Error
            }
            (
                Terminal::Symbol
                | Terminal::Negation
                | Terminal::Contains
                | Terminal::Within
                | Terminal::Between
                | Terminal::Quantifier
                | Terminal::Comma
                | Terminal::Stray,
                _,
            ) => Role::Error,
        }
    }

    fn value(&mut self, state: State, span: Span) -> Role {
        match state {
            State::List { clause, opener, values, .. } => {
                self.state = State::List { clause, opener, values: values + 1, after_value: true };
            }
            State::Operator(clause) if clause.verb == Verb::Between => self.state = State::Lower(clause, span),
            _ => self.complete(CLAUSE_HEIGHT),
        }
        Role::Value
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
