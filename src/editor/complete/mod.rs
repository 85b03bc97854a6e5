//! Completion: what may be typed at a position of a text.

mod names;
mod values;
mod word;

use std::collections::HashSet;

use word::{Word, is_tight, take_word, word_end};

use super::scan::{Clause, Joint, Scan, State, Verb};
use crate::catalog::Field;
use crate::compiler::Compiler;
use crate::filter::Scalar;
use crate::limits::MAX_BYTES;
use crate::sketch::{self, Terminal, Token};
use crate::span::{Counter, Span, Unit};
use crate::syntax::dots;
use crate::syntax::keyword::{AND, OR};

/// A suggestion for what to type at the cursor.
///
/// In JSON it is `{"label": "model", "kind": "field", "documentation": "…", "start": 0, "end": 3, "text": "model "}`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Completion {
    /// The text to show in a list of suggestions: `model`, `not in`, a value without its quotes.
    pub label: String,
    /// The kind of suggestion.
    pub kind: CompletionKind,
    /// A description; may be empty.
    pub documentation: String,
    /// The start of the word under the cursor, which is replaced, in the requested unit.
    pub start: usize,
    /// The end of the replaced word; equal to `start` if nothing is replaced.
    pub end: usize,
    /// The text to insert, with any quotes and white space that are needed. The cursor is placed at
    /// its end.
    pub text: String,
    /// The unit of `start` and `end`.
    #[serde(skip)]
    unit: Unit,
}

/// The kind of a [`Completion`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CompletionKind {
    /// The name or alias of a field.
    Field,
    /// A key of a field.
    Key,
    /// `=`, `not in`, `contains any`.
    Operator,
    /// A value of the field.
    Value,
    /// A parameter that the compiler has a value for.
    Parameter,
    /// `and`, `or`, `not`, `*`.
    Keyword,
    /// A bracket, a comma, or the dots of a range.
    Punctuation,
}

/// A source of values and keys that the catalog does not list: models in use, environments, keys of
/// the metadata.
///
/// The results are filtered to those that contain the prefix, in any letter case, so a provider may
/// ignore the prefix; it is passed to save work. A provider is called once per completion.
///
/// ```
/// use freeplay_filter::catalog::Field;
/// use freeplay_filter::editor::Provider;
/// use freeplay_filter::Compiler;
/// use freeplay_filter::filter::Scalar;
/// use freeplay_filter::span::Unit;
///
/// struct Models;
///
/// impl Provider for Models {
///     fn values(&self, field: &Field, _key: Option<&str>, _prefix: &str) -> Vec<Scalar> {
///         match field.name() {
///             "model" => vec!["gpt-4o".into(), "o1 mini".into()],
///             _ => Vec::new(),
///         }
///     }
/// }
///
/// let completions = Compiler::new().complete("model = o1", 10, Unit::Bytes, &Models);
/// assert_eq!(completions[0].label, "o1 mini");
/// assert_eq!(completions[0].apply("model = o1"), "model = \"o1 mini\" ");
/// ```
pub trait Provider {
    /// Returns values of a field; `key` is the field's key if it has keys.
    fn values(&self, field: &Field, key: Option<&str>, prefix: &str) -> Vec<Scalar> {
        let _ = (field, key, prefix);
        Vec::new()
    }

    /// Returns keys of a field that has keys.
    fn keys(&self, field: &Field, prefix: &str) -> Vec<String> {
        let _ = (field, prefix);
        Vec::new()
    }
}

/// A provider without values and keys.
impl Provider for () {}

impl Completion {
    /// Inserts the completion into the text that was completed.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let before = text.get(..self.unit.to_bytes(text, self.start)).unwrap_or_default();
        let after = text.get(self.unit.to_bytes(text, self.end)..).unwrap_or_default();
        [before, &self.text, after].concat()
    }
}

impl Compiler {
    /// Returns completions at the cursor, likeliest first: fields, keys, operators of the field,
    /// values, keywords and brackets. The cursor and the positions in the results are in `unit`.
    ///
    /// The text may be incomplete or invalid, before the cursor and after it. If the text before the
    /// cursor is the start of a valid query, so is the result of each completion. A cursor inside a
    /// character is moved to its start, and one beyond the text to its end.
    ///
    /// ```
    /// use freeplay_filter::Compiler;
    /// use freeplay_filter::span::Unit;
    ///
    /// let labels = |text: &str| -> Vec<String> {
    ///     Compiler::new().complete(text, text.len(), Unit::Bytes, &()).into_iter().map(|item| item.label).collect()
    /// };
    /// assert_eq!(labels("mod")[0], "model");
    /// assert!(labels("model ").contains(&"=".to_owned()) && !labels("model ").contains(&">".to_owned()));
    /// assert!(labels("start_time >= ye").contains(&"yesterday".to_owned()));
    ///
    /// // In UTF-16, the emoji counts as 2.
    /// let completion = &Compiler::new().complete("env = 👩 and mod", 16, Unit::Utf16, &())[0];
    /// assert_eq!((completion.start, completion.end, completion.text.as_str()), (13, 16, "model "));
    /// ```
    #[must_use]
    pub fn complete(&self, text: &str, cursor: usize, unit: Unit, provider: &dyn Provider) -> Vec<Completion> {
        let cursor = unit.to_bytes(text, cursor);
        let (before, after) = text.split_at_checked(cursor).unwrap_or((text, ""));
        if text.len() > self.limits.bytes.min(MAX_BYTES) {
            return Vec::new();
        }
        let mut tokens = sketch::tokens(before);
        if tokens.last().is_some_and(|token| token.terminal == Terminal::Comment && token.span.end() == cursor) {
            return Vec::new();
        }
        let word = take_word(&mut tokens, before);
        let mut scan = Scan::new(before, self);
        for &token in &tokens {
            scan.feed(token);
        }
        let last = tokens.last().copied();
        let end = word.map_or(cursor, |word| word_end(word, scan.wants_value(), text, cursor));
        let start = word.map_or(cursor, |word| word.span.start());
        let place = Place {
            span: Span::new(start, end),
            // White space is needed directly after a token that is not made of signs.
            tight: word.is_some_and(|word| word.terminal != Terminal::Stray)
                || last.is_none_or(|last| last.span.end() < start || is_tight(last, before)),
            rank: 0,
        };
        let typed = word.map_or("", |word| word.span.of(before));
        let mut completer = Completer {
            compiler: self,
            provider,
            before,
            after: after.get(end.saturating_sub(cursor)..).unwrap_or_default(),
            cursor,
            last_end: last.map_or(cursor, |last| last.span.end()),
            scan,
            place,
            typed,
            found: Vec::new(),
        };
        completer.next();
        if let Some(word) = word {
            completer.after_word(word);
        }
        completer.finish(text, unit)
    }
}

/// Where and how completions are inserted.
#[derive(Clone, Copy)]
struct Place {
    span: Span,
    /// Whether a word can be inserted without white space before it.
    tight: bool,
    /// The rank of the best match.
    rank: u8,
}

/// A completion before its position is known.
struct Item<'i> {
    label: &'i str,
    kind: CompletionKind,
    documentation: String,
    /// The text, without white space around it.
    text: String,
    lead: Lead,
    trail: Trail,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// A word, which needs white space after another word.
    Apart,
    /// Needs no white space before it.
    Close,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Trail {
    Space,
    Nothing,
}

struct Completer<'c> {
    compiler: &'c Compiler,
    provider: &'c dyn Provider,
    /// The text before the cursor, and the text after the word under the cursor.
    before: &'c str,
    after: &'c str,
    cursor: usize,
    /// The end of the last token before the word.
    last_end: usize,
    scan: Scan<'c>,
    place: Place,
    /// The part of the word before the cursor.
    typed: &'c str,
    found: Vec<(u8, Completion)>,
}

impl<'c> Completer<'c> {
    /// Adds what can replace the word, or be inserted at the cursor.
    fn next(&mut self) {
        match self.scan.state {
            State::Start => self.starts(),
            State::Field(field) => self.operators(field, false),
            State::Negated(field) => self.operators(field, true),
            State::Operator(clause) => self.operands(clause),
            // A minus alone is no number yet.
            State::Lower(_, lower) if lower.of(self.before) == "-" => {}
            State::Lower(..) => self.keyword(AND, "the upper end follows, and lies inside"),
            State::Upper(clause, lower) => {
                let lower = lower.of(self.before);
                let head = self.head(clause);
                self.values(clause, &|end| format!("{head}{lower} and {end}"), Trail::Space);
            }
            State::List { clause, after_value: false, values, .. } => self.list_values(clause, values),
            State::List { clause, opener, values, .. } => {
                if self.typed.is_empty() {
                    self.list_goes_on(opener, values);
                } else {
                    self.list_values(clause, values);
                }
            }
            State::Done => {
                self.connectives();
                self.closer();
                // Adjacent clauses do not mix with `or`.
                if !self.scan.group.has_or {
                    self.starts();
                }
            }
        }
    }

    /// Adds what can directly follow the word that ends at the cursor.
    fn after_word(&mut self, word: Word) {
        if word.unclosed || self.place.span.end() > self.cursor {
            return;
        }
        let before = self.scan.state;
        self.scan.feed(Token { terminal: word.terminal, span: word.span });
        self.place = Place { span: Span::at(self.cursor), tight: false, rank: 10 };
        self.typed = "";
        self.last_end = self.cursor;
        let written = word.span.of(self.before);
        match (before, self.scan.state) {
            (_, State::Field(field)) => {
                let next = self.after.trim_start();
                if !next.starts_with(['=', '<', '>', ':', '!', '~']) {
                    self.operators(field, false);
                }
            }
            (State::Field(_), State::Operator(clause)) if clause.verb == Verb::Sign => self.after_sign(word, clause),
            (State::Operator(clause), _) if matches!(clause.verb, Verb::In | Verb::Sign) => {
                self.range_dots(written, clause);
                self.closer_after(clause, written);
            }
            (State::Operator(clause), State::Done) => self.closer_after(clause, written),
            (State::Upper(clause, lower), State::Done) => {
                self.closer_after(clause, &format!("{} and {written}", lower.of(self.before)));
            }
            (State::List { clause, .. }, State::List { opener, values, .. }) => {
                let head = self.head(clause);
                if self.accepts(&format!("{head}({written})")) {
                    self.list_goes_on(opener, values);
                }
            }
            _ => {}
        }
    }

    /// Adds the values after an operator of signs. The operator may be longer, but a value is likelier.
    fn after_sign(&mut self, sign: Word, clause: Clause) {
        for (rank, _) in &mut self.found {
            *rank += 5;
        }
        let apart = self.before.get(..sign.span.start()).is_some_and(|text| text.ends_with(char::is_whitespace));
        self.place = Place { tight: !apart, rank: 0, ..self.place };
        self.operands(clause);
    }

    /// Adds the dots of a range after its lower end.
    fn range_dots(&mut self, lower: &str, clause: Clause) {
        let head = self.head(clause);
        let range = format!("{lower}..");
        let new = self.found.iter().all(|(_, item)| item.text != range);
        if new && self.is_ranged(clause) && dots(lower).is_none() && self.accepts(&format!("{head}{range}")) {
            self.punctuation("..", "a range, up to the end that follows");
        }
    }

    /// Adds the bracket that closes the group after a clause that is complete with this value.
    fn closer_after(&mut self, clause: Clause, value: &str) {
        let head = self.head(clause);
        if self.accepts(&format!("{head}{value}")) {
            self.closer();
        }
    }

    /// Returns the completions in the order of their ranks, with positions in the unit.
    fn finish(mut self, text: &str, unit: Unit) -> Vec<Completion> {
        self.found.sort_by_key(|(rank, _)| *rank);
        let mut seen = HashSet::new();
        let mut counter = Counter::new(text, unit);
        let found = self.found.into_iter().map(|(_, item)| item);
        let found = found.filter(|item| seen.insert((item.start, item.end, item.text.clone())));
        found
            .map(|item| {
                let start = counter.count(item.start);
                Completion { start, end: counter.count(item.end), unit, ..item }
            })
            .collect()
    }

    fn push(&mut self, item: Item, rank: u8) {
        let Place { span, tight, rank: base } = self.place;
        let mut text = String::with_capacity(item.text.len() + 2);
        let sign_before = self.before.get(..span.start()).and_then(|text| text.chars().next_back());
        let merges =
            item.text.starts_with(':') && sign_before.is_some_and(|char| matches!(char, '<'..='>' | ':' | '!' | '~'));
        if item.lead == Lead::Apart && !tight || merges && item.kind != CompletionKind::Operator {
            text.push(' ');
        }
        text.push_str(&item.text);
        let follows = self.after.chars().next();
        let apart = |char: char| char.is_whitespace() || matches!(char, ')' | ']' | ',' | '<'..='>' | ':' | '!' | '~');
        if item.trail == Trail::Space && !follows.is_some_and(apart) {
            text.push(' ');
        }
        let completion = Completion {
            label: item.label.to_owned(),
            kind: item.kind,
            documentation: item.documentation,
            start: span.start(),
            end: span.end(),
            text,
            unit: Unit::Bytes,
        };
        self.found.push((base.saturating_add(rank), completion));
    }

    fn keyword(&mut self, word: &str, documentation: &str) {
        let typed = match self.typed {
            "&" => AND,
            "|" => OR,
            typed => typed,
        };
        if let Some(rank) = matches(word, typed) {
            let documentation = documentation.to_owned();
            let (lead, trail) = (Lead::Apart, Trail::Space);
            self.push(
                Item { label: word, kind: CompletionKind::Keyword, documentation, text: word.to_owned(), lead, trail },
                rank,
            );
        }
    }

    fn punctuation(&mut self, sign: &str, documentation: &str) {
        if self.typed.is_empty() {
            let trail = if sign == "," { Trail::Space } else { Trail::Nothing };
            let lead = if sign == "(" { Lead::Apart } else { Lead::Close };
            let documentation = documentation.to_owned();
            self.push(
                Item {
                    label: sign,
                    kind: CompletionKind::Punctuation,
                    documentation,
                    text: sign.to_owned(),
                    lead,
                    trail,
                },
                0,
            );
        }
    }

    /// Adds `and` and `or` after a complete part.
    fn connectives(&mut self) {
        if self.scan.clauses >= self.compiler.limits.clauses {
            return;
        }
        if self.scan.has_room_for_clause(Joint::And) {
            self.keyword(AND, "both must match");
        }
        if !self.scan.group.implicit && self.scan.has_room_for_clause(Joint::Or) {
            self.keyword(OR, "at least one must match");
        }
    }

    /// Adds the bracket that closes the group.
    fn closer(&mut self) {
        if let Some(opener) = self.scan.group.opener {
            self.close(opener, "ends the group");
        }
    }

    /// Adds a closing bracket, without white space before it.
    fn close(&mut self, opener: Span, documentation: &str) {
        let place = self.place;
        let gap = self.before.get(self.last_end..self.cursor).unwrap_or_default();
        if self.typed.is_empty() && gap.bytes().all(|byte| byte == b' ') {
            self.place.span = Span::new(self.last_end, place.span.end());
        }
        self.punctuation(closing(opener.of(self.before)), documentation);
        self.place = place;
    }
}

/// Ranks how well a name matches what was typed: 0 if it begins with it; then, a match at the
/// beginning in another letter case, at the beginning of a part, or anywhere else.
fn matches(name: &str, typed: &str) -> Option<u8> {
    if name.starts_with(typed) {
        return Some(0);
    }
    if typed.len() > name.len().saturating_mul(3) {
        return None;
    }
    let (name, typed) = (name.to_lowercase(), typed.to_lowercase());
    let place = name.find(&typed)?;
    let begins = name.get(..place).is_some_and(|before| before.ends_with(|char: char| !char.is_alphanumeric()));
    Some(match place {
        0 => 1,
        _ if begins => 2,
        _ => 3,
    })
}

/// Returns the closing bracket for an opening one.
fn closing(opening: &str) -> &'static str {
    if opening == "[" { "]" } else { ")" }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn beginnings_rank_before_other_parts() {
        for (typed, rank) in [
            ("", Some(0)),
            ("start", Some(0)),
            ("START_t", Some(1)),
            ("Time", Some(2)),
            ("art", Some(3)),
            ("tart_time_", None),
            ("start_times", None),
        ] {
            assert_eq!(matches("start_time", typed), rank, "{typed}");
        }
    }
}
