//! What stands between a field and the end of its value.

use std::borrow::Cow;
use std::mem;

use super::fold::{Fold, LastClause};
use super::string::{closer, is_quoted, split, unescape};
use super::{Place, Terminal, Token, is_bare_value, is_plainest};
use crate::ast::{self, Clause, Field, Predicate, Value};
use crate::diagnostic::{Diagnostic, Fix, Kind, excerpt};
use crate::filter::Comparison;
use crate::keyword::{self, Symbol};
use crate::span::Span;
use crate::types::text;
use crate::visible::is_hidden;

/// What came of a field and what follows it.
pub(super) enum Clausal<'a> {
    Clause(Clause<'a>),
    /// Something is wrong with it, and was reported.
    Broken,
    /// It is a part of what was reported before.
    Swallowed,
}

/// An operator that waits for its operand.
#[derive(Clone, Copy)]
pub(super) enum Verb {
    Compare(Comparison),
    Natural,
    Contains,
    ContainsAny,
    ContainsAll,
    In,
}

/// What stands behind an operator.
enum Operand<'a> {
    Value(Span),
    List(List<'a>),
    /// Nothing, or something that was reported.
    Missing,
}

pub(super) struct List<'a> {
    /// With its parentheses.
    pub(super) span: Span,
    pub(super) values: Vec<Value<'a>>,
    /// The first place where a comma or a value is missing.
    pub(super) malformed: Option<(&'static str, Span)>,
    /// Whether `and` stands where a comma should.
    pub(super) joined_by_and: bool,
}

impl<'a> Fold<'a, '_> {
    pub(super) fn clause(&mut self, field: Span) -> Clausal<'a> {
        let before = self.last.take();
        let begins = |token: &Token| token.terminal.is_operator() || token.terminal == Terminal::Foreign;
        let Some(mut first) = self.peek().filter(begins) else {
            if mem::replace(&mut self.recovering, true) {
                return Clausal::Swallowed;
            }
            return self.missing_operator(field, before);
        };
        self.next();
        if let Some(last) = before
            && self.is_time_of_day(last, field)
        {
            self.split_time(last, field);
            return Clausal::Swallowed;
        }
        self.recovering = false;
        self.field = field;
        let path = self.path(field);
        let mut operator = first.span;
        let mut negated = first.terminal == Terminal::Negation;
        if negated && let Some(verb) = self.next() {
            operator = operator.to(verb.span);
            first = verb;
        }
        let predicate = match first.terminal {
            Terminal::Within => self.predicate(field, operator, negated, Verb::In),
            Terminal::Between => self.between(field, operator),
            Terminal::Foreign => self.foreign(field, operator),
            Terminal::Contains => {
                let mut verb = Verb::Contains;
                if let Some(quantifier) = self.peek().filter(|token| token.terminal == Terminal::Quantifier) {
                    self.next();
                    operator = operator.to(quantifier.span);
                    let any = self.slice(quantifier.span).eq_ignore_ascii_case("any");
                    verb = if any { Verb::ContainsAny } else { Verb::ContainsAll };
                }
                self.predicate(field, operator, negated, verb)
            }
            _ => match keyword::symbol(self.slice(operator)) {
                Symbol::Compare(comparison) => self.predicate(field, operator, false, Verb::Compare(comparison)),
                Symbol::Natural => self.predicate(field, operator, false, Verb::Natural),
                Symbol::Contains => self.predicate(field, operator, false, Verb::Contains),
                Symbol::NotEqual => {
                    negated = true;
                    self.predicate(field, operator, true, Verb::Compare(Comparison::Eq))
                }
                Symbol::NotContains => {
                    negated = true;
                    self.predicate(field, operator, true, Verb::Contains)
                }
                Symbol::Foreign(ours) => self.foreign_symbol(field, operator, Some(ours)),
                Symbol::Unknown => self.foreign_symbol(field, operator, None),
            },
        };
        let (path, predicate) = match (path, predicate) {
            (Some(path), Some(predicate)) => (path, predicate),
            (path, _) => {
                self.broken.extend(path.map(|path| Field { span: field, path }));
                return Clausal::Broken;
            }
        };
        if let Predicate::Natural(value) | Predicate::Compare(_, value) | Predicate::Contains(value) = &predicate {
            let is_bare = matches!(value.token, ast::Token::Word(_));
            self.last = Some(LastClause { field, operator, value: value.span, is_bare, joined: None });
        }
        let span = Span::new(field.start(), self.consumed());
        let field = Field { span: field, path };
        Clausal::Clause(Clause { span, field, negated, operator, predicate: quoted_after_contains(predicate) })
    }

    /// The name and key without their quotes.
    fn path(&mut self, field: Span) -> Option<Cow<'a, str>> {
        let text = self.slice(field);
        if text.starts_with('-') {
            self.report(Diagnostic::new(Kind::LoneMinus, Span::new(field.start(), field.start() + 1)));
            return None;
        }
        if is_plainest(text) && !text.ends_with('.') {
            return Some(Cow::Borrowed(text));
        }
        let mut path = Cow::Borrowed("");
        let mut rest = text;
        while let Some(place) = rest.find(|char| closer(char).is_some()) {
            let (bare, quoted) = rest.split_at_checked(place)?;
            path += bare;
            let start = field.end() - quoted.len();
            let Some((inside, after)) = split(quoted) else {
                self.unclosed_name(Span::new(start, field.end()));
                return None;
            };
            let span = Span::new(start, field.end() - after.len());
            if !(path.is_empty() || path.ends_with('.')) || !(after.is_empty() || after.starts_with('.')) {
                self.report(
                    Diagnostic::new(Kind::AdjoiningQuote, span)
                        .help("a key in quotes follows a dot, as in meta.\"user type\""),
                );
                return None;
            }
            path += self.unquoted(inside, span)?;
            rest = after;
            if rest.is_empty() {
                return Some(path);
            }
        }
        path += rest;
        if let Some(name) = path.strip_suffix('.') {
            let kind = Kind::MissingKey { field: excerpt(name) };
            self.report(Diagnostic::new(kind, field).help("a key that is empty is written `\"\"`"));
            return None;
        }
        Some(path)
    }

    fn predicate(&mut self, field: Span, operator: Span, negated: bool, verb: Verb) -> Option<Predicate<'a>> {
        match (verb, self.operand(operator)) {
            (_, Operand::Missing) => None,
            (Verb::Compare(comparison), Operand::Value(value)) if self.is_certain_range(value) => {
                self.unexpected_range(field, operator, negated, comparison, value);
                None
            }
            (Verb::Compare(comparison), Operand::Value(value)) => {
                Some(Predicate::Compare(comparison, self.value(value)?))
            }
            (Verb::Contains, Operand::Value(value)) => Some(Predicate::Contains(self.value(value)?)),
            (Verb::Natural | Verb::In, Operand::Value(value)) if self.grouped_range(value) => None,
            (Verb::Natural, Operand::Value(value)) if self.is_certain_range(value) => self.range(operator, value),
            (Verb::Natural, Operand::Value(value)) => Some(Predicate::Natural(self.value(value)?)),
            (Verb::In, Operand::Value(value)) => self.range(operator, value),
            (Verb::ContainsAny, Operand::Value(value)) => {
                Some(Predicate::ContainsAny(self.parameter(operator, value)?))
            }
            (Verb::ContainsAll, Operand::Value(value)) => {
                Some(Predicate::ContainsAll(self.parameter(operator, value)?))
            }
            (Verb::In, Operand::List(list)) if self.grouped_digits(&list) => None,
            (Verb::In, Operand::List(list)) => Some(Predicate::In(self.well_formed(operator, list)?)),
            (Verb::ContainsAny, Operand::List(list)) => Some(Predicate::ContainsAny(self.well_formed(operator, list)?)),
            (Verb::ContainsAll, Operand::List(list)) => Some(Predicate::ContainsAll(self.well_formed(operator, list)?)),
            (Verb::Compare(_) | Verb::Contains | Verb::Natural, Operand::List(list)) => {
                self.unexpected_list(field, operator, negated, verb, &list);
                None
            }
        }
    }

    /// `lower..upper`, or a parameter that is a list.
    fn range(&mut self, operator: Span, span: Span) -> Option<Predicate<'a>> {
        let text = self.slice(span);
        let Some(dots) = dots(text) else {
            return Some(Predicate::In(self.parameter(operator, span)?));
        };
        let dots = Span::new(span.start() + dots, span.start() + dots + 2);
        let mut end = |start: usize, end: usize| {
            let span = Span::new(start, end);
            if keyword::reserved(self.slice(span)).is_some() {
                self.quote_keyword(span);
                return None;
            }
            if span.is_empty() { Some(None) } else { self.value(span).map(Some) }
        };
        let lower = end(span.start(), dots.start())?;
        let upper = end(dots.end(), span.end())?;
        if lower.is_none() && upper.is_none() {
            self.report(Diagnostic::new(Kind::EndlessRange, span).help("write 1..5, 1.. or ..5"));
            return None;
        }
        Some(Predicate::Range(lower, upper))
    }

    /// A parameter where a list may stand; anything else lacks its parentheses.
    fn parameter(&mut self, operator: Span, span: Span) -> Option<Vec<Value<'a>>> {
        if self.slice(span).starts_with('{') {
            self.unlisted_values(operator, span);
            return None;
        }
        let value = self.value(span)?;
        if matches!(value.token, ast::Token::Parameter(_)) {
            return Some(vec![value]);
        }
        self.unlisted_values(operator, span);
        None
    }

    fn between(&mut self, field: Span, operator: Span) -> Option<Predicate<'a>> {
        let lower = match self.operand(operator) {
            Operand::Value(lower) => lower,
            Operand::List(list) => {
                self.incomplete_between(field, operator, list.span, &list.values);
                return None;
            }
            Operand::Missing => return None,
        };
        if self.grouped_between(lower) {
            return None;
        }
        let conjunction = self.peek().filter(|token| token.terminal == Terminal::Conjunction);
        if conjunction.is_none() {
            let value = self.value(lower)?;
            self.incomplete_between(field, operator, lower, &[value]);
            return None;
        }
        self.next();
        let Operand::Value(upper) = self.operand(operator) else { return None };
        let lower = self.value(lower)?;
        Some(Predicate::Between(lower, self.value(upper)?))
    }

    /// Reads the operand of an operator, and says so where there is none.
    fn operand(&mut self, operator: Span) -> Operand<'a> {
        match self.peek() {
            Some(Token { terminal: Terminal::Value, span }) => {
                self.next();
                match keyword::reserved(self.slice(span)) {
                    Some(keyword) => {
                        self.keyword_as_value(keyword, operator, span);
                        Operand::Missing
                    }
                    None => Operand::Value(span),
                }
            }
            Some(Token { terminal: Terminal::Opening, span }) => {
                self.next();
                self.list(operator, span).map_or(Operand::Missing, Operand::List)
            }
            Some(Token { terminal: Terminal::Unclosed, span }) => {
                self.next();
                self.unclosed_quote(span);
                Operand::Missing
            }
            _ => {
                self.missing_value(operator);
                Operand::Missing
            }
        }
    }

    /// Takes the operand of an operator that was refused.
    pub(super) fn skip_operand(&mut self) -> Option<Span> {
        let start = self.peek().map(|token| token.span.start());
        self.recovering = true;
        match self.peek()?.terminal {
            Terminal::Value => {
                self.next();
            }
            Terminal::Opening => {
                while let Some(token) = self.next() {
                    let next = self.peek().map(|next| next.terminal);
                    let closed = token.terminal == Terminal::Closing;
                    if closed || !matches!(next, Some(Terminal::Value | Terminal::Comma | Terminal::Closing)) {
                        self.swallowed |= !closed;
                        break;
                    }
                }
            }
            _ => return None,
        }
        start.map(|start| Span::new(start, self.consumed()))
    }

    /// Reads a list from behind its opening bracket.
    fn list(&mut self, operator: Span, opening: Span) -> Option<List<'a>> {
        let mut values = Vec::new();
        let mut malformed: Option<(&'static str, Span)> = None;
        let mut after_value = false;
        let mut joined_by_and = false;
        let mut sound = true;
        let closing = loop {
            match self.peek() {
                Some(Token { terminal: Terminal::Value, span }) => {
                    self.next();
                    if values.len() == self.limits.values {
                        let kind = Kind::TooMany { what: "values in a list", limit: self.limits.values };
                        self.report(Diagnostic::new(kind, span).help("`Limits::values` raises the limit"));
                        self.skip_list();
                        return None;
                    }
                    if after_value {
                        malformed.get_or_insert(("there is no comma before this value", span));
                        if let Some(keyword) = keyword::reserved(self.slice(span)) {
                            joined_by_and |= keyword == keyword::AND;
                            after_value = false;
                            continue;
                        }
                    }
                    match keyword::reserved(self.slice(span)) {
                        Some(_) => {
                            self.quote_keyword(span);
                            sound = false;
                        }
                        None => match self.value(span) {
                            Some(value) => values.push(value),
                            None => sound = false,
                        },
                    }
                    after_value = true;
                }
                Some(Token { terminal: Terminal::Comma, span }) => {
                    self.next();
                    if !after_value {
                        malformed.get_or_insert(("there is no value before this comma", span));
                    }
                    after_value = false;
                }
                Some(Token { terminal: Terminal::Closing, span }) => {
                    self.next();
                    break span;
                }
                _ => {
                    self.unclosed_list(operator, opening);
                    return None;
                }
            }
        };
        let span = opening.to(closing);
        let wanted = super::closing(self.slice(opening));
        if self.slice(closing) != wanted {
            let kind = Kind::Unexpected { found: self.slice(closing).to_owned() };
            self.report(Diagnostic::new(kind, closing).label(opening, "opened here").fix(Fix::write(closing, wanted)));
            sound = false;
        }
        if sound && values.is_empty() {
            self.report(Diagnostic::new(Kind::EmptyList, span).help("an empty list would match nothing"));
        }
        if !after_value && !values.is_empty() {
            malformed.get_or_insert(("there is no value behind the last comma", closing));
        }
        (sound && !values.is_empty()).then_some(List { span, values, malformed, joined_by_and })
    }

    fn skip_list(&mut self) {
        while self.peek().is_some_and(|token| matches!(token.terminal, Terminal::Value | Terminal::Comma)) {
            self.next();
        }
        if self.peek().is_some_and(|token| token.terminal == Terminal::Closing) {
            self.next();
        }
    }

    /// Reads a value, or one end of a range.
    fn value(&mut self, span: Span) -> Option<Value<'a>> {
        let text = self.slice(span);
        if is_plainest(text) {
            return Some(Value { span, token: ast::Token::Word(Cow::Borrowed(text)) });
        }
        let token = if is_quoted(text) {
            let Some((inside, rest)) = split(text) else {
                self.unclosed_quote(span);
                return None;
            };
            if !rest.is_empty() {
                self.adjoining_quote(span);
                return None;
            }
            let text = self.unquoted(inside, span)?;
            ast::Token::Quoted(text)
        } else if let Some(name) = text.strip_prefix('$').filter(|_| is_parameter(text)) {
            if !name.chars().all(|char| is_name_start(char) || char.is_ascii_digit()) {
                let diagnostic = Diagnostic::new(Kind::ParameterName { name: excerpt(name) }, span)
                    .help("a text that begins with `$` is put in quotes");
                let diagnostic = self.offer_quotes(diagnostic, self.field, span, text);
                self.report(diagnostic);
                return None;
            }
            ast::Token::Parameter(Cow::Borrowed(name))
        } else if text.contains(['"', '\'']) {
            self.adjoining_quote(span);
            return None;
        } else {
            ast::Token::Word(Cow::Borrowed(text))
        };
        Some(Value { span, token })
    }

    /// The inside of a quoted string with its escapes undone; `span` covers the quotes as well.
    fn unquoted(&mut self, inside: &'a str, span: Span) -> Option<Cow<'a, str>> {
        match unescape(inside) {
            Ok(text) => Some(text),
            Err(escape) => {
                // The opening quote is as long as the closing one.
                let start = span.start() + (span.end() - span.start() - inside.len()) / 2 + escape.start;
                let place = Span::new(start, start + escape.len);
                self.report(
                    Diagnostic::new(Kind::UnknownEscape { escape: excerpt(self.slice(place)) }, place)
                        .help("a backslash itself is written `\\\\`")
                        .fix(Fix::replace("write the backslash twice", Span::at(start), "\\")),
                );
                None
            }
        }
    }

    /// Whether two dots make a range whatever the field is: one of its ends is in quotes or a
    /// parameter, so the whole is not a word.
    fn is_certain_range(&self, span: Span) -> bool {
        let text = self.slice(span);
        let delimited = |end: &str| is_quoted(end) || is_parameter(end);
        let ends = dots(text).and_then(|dots| Some((text, text.get(dots + 2..)?)));
        ends.is_some_and(|(lower, upper)| delimited(lower) || delimited(upper))
    }
}

/// Keeps a word as the string that is printed for it where `contains` takes no such word.
pub(crate) fn quoted_after_contains(predicate: Predicate) -> Predicate {
    match predicate {
        Predicate::Contains(Value { span, token: ast::Token::Word(word) })
            if !Place::AfterContains.takes(&word) && is_bare_value(&word) =>
        {
            Predicate::Contains(Value { span, token: ast::Token::Quoted(word) })
        }
        predicate => predicate,
    }
}

/// Where the two dots of a range stand, outside quotes.
pub(crate) fn dots(text: &str) -> Option<usize> {
    match split(text) {
        Some((_, rest)) => rest.starts_with("..").then_some(text.len() - rest.len()),
        None => text.find(".."),
    }
}

/// Whether a value is `$` and a name, and not an amount of money.
pub(crate) fn is_parameter(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|name| name.starts_with(is_name_start))
}

fn is_name_start(char: char) -> bool {
    char.is_ascii_alphabetic() || char == '_'
}

/// Whether a bare text is the value it looks like: no parameter, no pattern, nothing that is
/// warned of.
pub(super) fn is_plain(text: &str) -> bool {
    !text.starts_with(['$', '{', '/'])
        && !text.contains(['"', '\'', '*'])
        && !text.contains("..")
        && !text.eq_ignore_ascii_case("null")
        && text::doubtful(text).is_none()
        && !text.chars().any(|char| is_hidden(char) || matches!(char, '“' | '”' | '‘'))
}
