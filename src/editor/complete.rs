//! What may be typed at a place of a text.

use std::collections::HashSet;
use std::ops::Range;

use super::scan::{Clause, Joint, Scan, State, Verb};
use super::{content, path};
use crate::ast::{self, Expr, Value};
use crate::catalog::{Field, Type};
use crate::check;
use crate::compiler::Compiler;
use crate::diagnostic::{self, Diagnostic, Edit};
use crate::filter::{Op, Scalar};
use crate::keyword::{AND, NOT, OR};
use crate::parse::clause::{dots, is_parameter};
use crate::parse::string::closer;
use crate::parse::{self, Rule, Token, quote, read};
use crate::span::Span;
use crate::time::{Clock, Moment, format};
use crate::{print, raise, suggest, value};

/// Something that may be typed at the cursor.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Completion {
    /// What a list of choices shows: `model`, `not in`, a value without its quotes.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// What it does or holds; empty where there is nothing to say.
    pub documentation: String,
    /// What puts it in place. It replaces the word under the cursor, or inserts something behind
    /// it, with the quotes and the white space that are needed; the cursor goes to its end.
    pub edit: Edit,
    /// The edit's span in UTF-16 code units, as JavaScript counts.
    pub utf16: Range<usize>,
}

/// What a [`Completion`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CompletionKind {
    /// The name or alias of a field.
    Field,
    /// A key behind the name of a field.
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

/// Knows values and keys that no catalog lists: the models in use, the environments, the keys of
/// the metadata.
///
/// What it gives is narrowed down to what begins with the prefix or holds it, whatever the letter
/// case, so the prefix is only there to save work. It is asked once for one completion.
///
/// ```
/// use freeplay_filter::catalog::Field;
/// use freeplay_filter::editor::Provider;
/// use freeplay_filter::{Compiler, Scalar};
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
/// let completions = Compiler::new().complete("model = o1", 10, &Models);
/// assert_eq!(completions[0].label, "o1 mini");
/// assert_eq!(completions[0].apply("model = o1"), "model = \"o1 mini\" ");
/// ```
pub trait Provider {
    /// Values of a field, with its key where it has keys.
    fn values(&self, field: &Field, key: Option<&str>, prefix: &str) -> Vec<Scalar> {
        let _ = (field, key, prefix);
        Vec::new()
    }

    /// Keys of a field that has keys.
    fn keys(&self, field: &Field, prefix: &str) -> Vec<String> {
        let _ = (field, prefix);
        Vec::new()
    }
}

/// Knows nothing.
impl Provider for () {}

impl Completion {
    /// The text with the edit made.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        diagnostic::apply(std::slice::from_ref(&self.edit), text)
    }
}

impl Compiler {
    /// What may be typed at a byte of a text, the likeliest first: fields, keys, the operators that
    /// the field takes, values, keywords, brackets.
    ///
    /// The text may be broken, before the cursor and behind it. Where what stands before the cursor
    /// can still become a query that compiles, so can the result of each completion. A cursor that
    /// is inside a character, or behind the text, counts as the place before it.
    ///
    /// ```
    /// use freeplay_filter::Compiler;
    ///
    /// let labels = |text: &str| -> Vec<String> {
    ///     Compiler::new().complete(text, text.len(), &()).into_iter().map(|item| item.label).collect()
    /// };
    /// assert_eq!(labels("mod")[0], "model");
    /// assert!(labels("model ").contains(&"=".to_owned()) && !labels("model ").contains(&">".to_owned()));
    /// assert!(labels("start_time >= ye").contains(&"yesterday".to_owned()));
    /// ```
    #[must_use]
    pub fn complete(&self, text: &str, cursor: usize, provider: &dyn Provider) -> Vec<Completion> {
        let cursor = (0..=cursor.min(text.len())).rev().find(|&place| text.is_char_boundary(place)).unwrap_or(0);
        let (before, after) = text.split_at_checked(cursor).unwrap_or((text, ""));
        let Some(tokens) = parse::tokens(before, &self.limits) else { return Vec::new() };
        let mut tokens: Vec<Token> = tokens.collect();
        if tokens.last().is_some_and(|token| token.rule == Rule::comment && token.span.end() == cursor) {
            return Vec::new();
        }
        let word = take_word(&mut tokens, before);
        let mut scan = Scan::new(before);
        for &token in &tokens {
            scan.feed(token);
        }
        let last = tokens.last().copied();
        let end = word.map_or(cursor, |word| word_end(self, word, text, cursor));
        let start = word.map_or(cursor, |word| word.span.start());
        let place = Place {
            span: Span::new(start, end),
            // White space is needed where a token that is not made of signs stands right before.
            tight: word.is_some_and(|word| word.rule != Rule::stray)
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
        completer.finish(text)
    }
}

/// A word that ends at the cursor.
#[derive(Clone, Copy)]
struct Word {
    span: Span,
    rule: Rule,
    unclosed: bool,
}

/// Takes the word that ends at the end of the text off its tokens.
fn take_word(tokens: &mut Vec<Token>, text: &str) -> Option<Word> {
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
fn word_end(compiler: &Compiler, word: Word, text: &str, cursor: usize) -> usize {
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
fn is_tight(token: Token, text: &str) -> bool {
    match token.rule {
        Rule::opening | Rule::comma => true,
        Rule::connective | Rule::field => {
            matches!(token.span.of(text), "!" | "&&" | "||" | "-")
        }
        _ => false,
    }
}

/// Where completions go.
#[derive(Clone, Copy)]
struct Place {
    span: Span,
    /// Whether a word may stand there with nothing before it.
    tight: bool,
    /// The rank of the best.
    rank: u8,
}

/// A completion before it is put in place.
struct Item<'i> {
    label: &'i str,
    kind: CompletionKind,
    documentation: String,
    /// What is written, without white space around it.
    text: String,
    lead: Lead,
    trail: Trail,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// A word, which stands apart from a word before it.
    Apart,
    /// Nothing need stand before it.
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
    /// The text up to the cursor, and from the end of the word under it.
    before: &'c str,
    after: &'c str,
    cursor: usize,
    /// The end of the last token before the word.
    last_end: usize,
    scan: Scan<'c>,
    place: Place,
    /// The part of the word that was typed.
    typed: &'c str,
    found: Vec<(u8, Completion)>,
}

impl<'c> Completer<'c> {
    /// What may stand where the word is, or at the cursor.
    fn next(&mut self) {
        match self.scan.state {
            State::Start => self.starts(),
            State::Field(field) => self.operators(field, false),
            State::Negated(field) => self.operators(field, true),
            State::Operator(clause) => self.operands(clause),
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
                // Clauses side by side do not mix with `or`.
                if !self.scan.group.has_or {
                    self.starts();
                }
            }
        }
    }

    /// What may follow the word that ends at the cursor, right behind it.
    fn after_word(&mut self, word: Word) {
        if word.unclosed || self.place.span.end() > self.cursor {
            return;
        }
        let before = self.scan.state;
        self.scan.feed(Token { rule: word.rule, span: word.span });
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
            (State::Field(_), State::Operator(clause)) if clause.verb == Verb::Sign => {
                // The operator may be longer; a value is likelier.
                for (rank, _) in &mut self.found {
                    *rank += 5;
                }
                let apart =
                    self.before.get(..word.span.start()).is_some_and(|text| text.ends_with(char::is_whitespace));
                self.place = Place { tight: !apart, rank: 0, ..self.place };
                self.operands(clause);
            }
            (State::Operator(clause), _) if matches!(clause.verb, Verb::In | Verb::Sign) => {
                let head = self.head(clause);
                let range = format!("{written}..");
                let new = self.found.iter().all(|(_, item)| item.edit.text != range);
                if new && self.is_ranged(clause) && dots(written).is_none() && self.accepts(&format!("{head}{range}")) {
                    self.punctuation("..", "a range, up to the end that follows");
                }
                if self.accepts(&format!("{head}{written}")) {
                    self.closer();
                }
            }
            (State::Operator(clause), State::Done) => {
                let head = self.head(clause);
                if self.accepts(&format!("{head}{written}")) {
                    self.closer();
                }
            }
            (State::Upper(clause, lower), State::Done) => {
                let head = self.head(clause);
                if self.accepts(&format!("{head}{} and {written}", lower.of(self.before))) {
                    self.closer();
                }
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

    /// In the order of their ranks, with the places that JavaScript counts.
    fn finish(mut self, text: &str) -> Vec<Completion> {
        self.found.sort_by_key(|(rank, _)| *rank);
        let mut seen = HashSet::new();
        let mut known: Vec<(usize, usize)> = Vec::new();
        let mut utf16 = |place: usize| match known.iter().find(|(known, _)| *known == place) {
            Some(&(_, units)) => units,
            None => {
                let units = text.get(..place).unwrap_or(text).encode_utf16().count();
                known.push((place, units));
                units
            }
        };
        let found = self.found.into_iter().map(|(_, item)| item);
        let found = found.filter(|item| seen.insert((item.edit.span, item.edit.text.clone())));
        found
            .map(|mut item| {
                item.utf16 = utf16(item.edit.span.start())..utf16(item.edit.span.end());
                item
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
            edit: Edit { span, text },
            utf16: 0..0,
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

    /// `and` and `or` behind something complete.
    fn connectives(&mut self) {
        if self.scan.clauses >= self.compiler.limits.clauses {
            return;
        }
        if self.scan.has_room_for_clause(Joint::And) {
            self.keyword(AND, "both hold");
        }
        if !self.scan.group.implicit && self.scan.has_room_for_clause(Joint::Or) {
            self.keyword(OR, "at least one of them holds");
        }
    }

    /// The bracket that ends the group.
    fn closer(&mut self) {
        if let Some(opener) = self.scan.group.opener {
            self.close(opener, "ends the group");
        }
    }

    /// A bracket stands right behind what it closes.
    fn close(&mut self, opener: Span, documentation: &str) {
        let place = self.place;
        let gap = self.before.get(self.last_end..self.cursor).unwrap_or_default();
        if self.typed.is_empty() && gap.bytes().all(|byte| byte == b' ') {
            self.place.span = Span::new(self.last_end, place.span.end());
        }
        let bracket = if opener.of(self.before) == "[" { "]" } else { ")" };
        self.punctuation(bracket, documentation);
        self.place = place;
    }

    /// What a clause begins with.
    fn starts(&mut self) {
        if self.scan.clauses < self.compiler.limits.clauses && self.scan.has_room_for_clause(Joint::And) {
            self.fields();
            if self.scan.has_room_for_clause(Joint::Not) {
                self.keyword(NOT, "what follows does not hold");
            }
            if self.scan.has_room_for_clause(Joint::Group) {
                self.punctuation("(", "begins a group");
            }
        }
        if self.typed.is_empty() {
            self.keyword("*", "everything");
        }
    }

    fn fields(&mut self) {
        let compiler = self.compiler;
        let path = path(self.typed);
        if let Some((field, key)) = compiler.catalog.resolve(&path).and_then(|found| Some((found.field, found.key?)))
            && field.is_keyed()
        {
            let name = path.get(..path.len() - key.len() - 1).unwrap_or_default();
            self.keys(field, name, key);
        }
        let before = self.found.len();
        for field in compiler.catalog.fields() {
            if let Some(rank) = matches(field.name(), &path) {
                self.field(field, field.name(), rank);
            }
            for alias in field.aliases() {
                if let Some(rank) = matches(alias, &path) {
                    self.field(field, alias, rank.max(1));
                }
            }
        }
        if self.found.len() == before && !path.is_empty() {
            for near in suggest::fields(&path, &compiler.catalog) {
                if let Some(field) = compiler.catalog.get(&near) {
                    self.field(field, &near, 4);
                }
            }
        }
    }

    fn field(&mut self, field: &Field, name: &str, rank: u8) {
        let mut documentation = field.summary().to_owned();
        if name != field.name() {
            documentation = format!("{}: {documentation}", field.pattern());
        }
        if !field.sample().is_empty() {
            documentation = format!("{documentation}\n{}", field.sample());
        }
        let mut text = print::field(name);
        let mut label = name.to_owned();
        let mut trail = Trail::Space;
        if field.is_keyed() {
            text.push('.');
            label.push_str(".*");
            trail = Trail::Nothing;
        }
        let kind = CompletionKind::Field;
        self.push(Item { label: &label, kind, documentation, text, lead: Lead::Apart, trail }, rank);
    }

    fn keys(&mut self, field: &Field, name: &str, typed: &str) {
        for key in self.provider.keys(field, typed) {
            let path = format!("{name}.{key}");
            // Behind some names, what looks like a key is another field's name.
            let same = self
                .compiler
                .catalog
                .resolve(&path)
                .is_some_and(|found| found.field == field && found.key == Some(&key));
            if let (Some(rank), true) = (matches(&key, typed), same) {
                let documentation = field.summary().to_owned();
                let text = print::field(&path);
                let kind = CompletionKind::Key;
                self.push(
                    Item { label: &key, kind, documentation, text, lead: Lead::Apart, trail: Trail::Space },
                    rank,
                );
            }
        }
    }

    /// The operators that a field takes; behind a `not`, those that it may stand before.
    fn operators(&mut self, field: Span, negated: bool) {
        let compiler = self.compiler;
        let written = field.of(self.before);
        let path = path(written);
        let resolved = compiler.catalog.resolve(&path);
        let field = match &resolved {
            // An empty key is written `""`.
            _ if written.ends_with('.') => return,
            Some(found) if found.key.is_some() == found.field.is_keyed() => Some(found.field),
            None if compiler.settings(&compiler.parameters).unknown_fields => None,
            _ => return,
        };
        let settings = compiler.settings(&compiler.parameters);
        let takes = |op| {
            field.is_none_or(|field| field.listed().contains(op) || !settings.strict && field.unlisted().contains(op))
        };
        let time = field.is_some_and(|field| field.ty() == Type::Time);
        // A period is compared by its ends.
        let equal = takes(Op::Eq) || time && takes(Op::Gte) && takes(Op::Lt);
        let range = takes(Op::Gte) && takes(Op::Lte);
        let offered = [
            ("=", equal, "is equal"),
            ("!=", equal, "is not equal"),
            (
                "contains",
                takes(Op::Contains),
                "holds these words, next to one another and in this order, in any letter case",
            ),
            ("in", equal || takes(Op::Gte) || takes(Op::Lte), "is one of a list, or in a range"),
            ("<", takes(Op::Lt), "is less, or before"),
            ("<=", takes(Op::Lte) || time && takes(Op::Lt), "is at most, or not after"),
            (">", takes(Op::Gt) || time && takes(Op::Gte), "is greater, or after"),
            (">=", takes(Op::Gte), "is at least, or not before"),
            ("between", takes(Op::Between) || range, "is in a range, with both ends"),
            (
                ":",
                equal || takes(Op::Contains),
                "the field's natural operator: `=` where it takes that, else `contains`",
            ),
            ("contains any", takes(Op::Contains), "holds at least one of a list of texts"),
            ("contains all", takes(Op::Contains), "holds every one of a list of texts"),
            ("not in", equal || takes(Op::Gte) || takes(Op::Lte), "is none of a list, or outside a range"),
            ("not contains", takes(Op::Contains), "does not hold these words"),
            ("not between", takes(Op::Between) || range, "is outside a range"),
            ("not contains any", takes(Op::Contains), "holds none of a list of texts"),
            ("not contains all", takes(Op::Contains), "does not hold every one of a list of texts"),
        ];
        // What was typed in letters of any case, with any white space.
        let typed: Vec<&str> = self.typed.split_whitespace().collect();
        let typed = typed.join(" ");
        for (operator, taken, documentation) in offered {
            let (label, is_negative) = match operator.strip_prefix("not ") {
                Some(verb) if negated => (verb, true),
                Some(_) => (operator, true),
                None if negated => continue,
                None => (operator, operator == "!="),
            };
            if !taken || !label.to_ascii_lowercase().starts_with(&typed.to_ascii_lowercase()) {
                continue;
            }
            if !self.scan.has_room(Joint::And, usize::from(is_negative)) {
                continue;
            }
            let quantified = label.ends_with("any") || label.ends_with("all");
            let text = if quantified { format!("{label} (") } else { label.to_owned() };
            let lead = if label == ":" { Lead::Close } else { Lead::Apart };
            let trail = if quantified || label == ":" { Trail::Nothing } else { Trail::Space };
            let documentation = documentation.to_owned();
            self.push(Item { label, kind: CompletionKind::Operator, documentation, text, lead, trail }, 0);
        }
    }

    /// A clause up to its value.
    fn head(&self, clause: Clause) -> String {
        let not = match clause.verb {
            Verb::Sign | Verb::Foreign => "",
            Verb::Contains | Verb::ContainsSome | Verb::In | Verb::Between if clause.negated => "not ",
            Verb::Contains | Verb::ContainsSome | Verb::In | Verb::Between => "",
        };
        format!("{} {not}{} ", clause.field.of(self.before), clause.operator.of(self.before))
    }

    /// What stands behind an operator.
    fn operands(&mut self, clause: Clause) {
        let head = self.head(clause);
        match clause.verb {
            Verb::Sign => {
                if !self.upper_ends(clause, &head) {
                    self.values(clause, &|text| format!("{head}{text}"), Trail::Space);
                }
            }
            Verb::Contains => {
                self.values(clause, &|text| format!("{head}{text}"), Trail::Space);
                self.quantifiers(&head);
            }
            Verb::ContainsSome => {
                self.punctuation("(", "begins the list");
                self.values(clause, &|text| format!("{head}{text}"), Trail::Space);
            }
            Verb::In => {
                if self.upper_ends(clause, &head) {
                    return;
                }
                if self.takes(clause, Op::Eq) || self.accepts(&format!("{head}(today)")) {
                    self.punctuation("(", "begins the list");
                }
                for mut candidate in self.candidates(clause) {
                    // A parameter may be the list; anything else is the lower end of a range.
                    if self.accepts(&format!("{head}{}", candidate.text)) {
                        self.offer(candidate, Trail::Space);
                        continue;
                    }
                    candidate.label.push_str("..");
                    candidate.text.push_str("..");
                    if self.accepts(&format!("{head}{}", candidate.text)) {
                        self.offer(candidate, Trail::Nothing);
                    }
                }
                if self.takes(clause, Op::Lte) || self.accepts(&format!("{head}..today")) {
                    self.punctuation("..", "a range from the least, up to the end that follows");
                }
            }
            Verb::Between => {
                self.values(clause, &|text| format!("{head}{text} and {text}"), Trail::Space);
            }
            Verb::Foreign => {}
        }
    }

    /// `any` and `all` behind `contains`.
    fn quantifiers(&mut self, head: &str) {
        for (quantifier, documentation) in
            [("any", "holds at least one of a list"), ("all", "holds every one of a list")]
        {
            let Some(rank) = matches(quantifier, self.typed) else { continue };
            let mut push = |label: &str, text: String, trail| {
                let documentation = documentation.to_owned();
                self.push(
                    Item { label, kind: CompletionKind::Operator, documentation, text, lead: Lead::Apart, trail },
                    rank.max(1),
                );
            };
            push(quantifier, format!("{quantifier} ("), Trail::Nothing);
        }
        let lists: Vec<&str> = self.compiler.parameters.names().collect();
        for name in lists {
            for quantifier in ["any", "all"] {
                let text = format!("{quantifier} ${name}");
                if matches(quantifier, self.typed).is_some() && self.accepts(&format!("{head}{text}")) {
                    let documentation = "the parameter's list".to_owned();
                    let (lead, trail) = (Lead::Apart, Trail::Space);
                    self.push(
                        Item {
                            label: &text.clone(),
                            kind: CompletionKind::Parameter,
                            documentation,
                            text,
                            lead,
                            trail,
                        },
                        2,
                    );
                }
            }
        }
    }

    /// Behind the two dots of a range, its upper ends; says whether there are two dots.
    fn upper_ends(&mut self, clause: Clause, head: &str) -> bool {
        let Some(dots) = dots(self.typed).filter(|_| self.is_ranged(clause)) else { return false };
        let (whole, place) = (self.typed, self.place);
        // Only the upper end is matched and replaced.
        self.typed = whole.get(dots + 2..).unwrap_or_default();
        self.place.span = Span::new(place.span.start() + dots + 2, place.span.end());
        self.place.tight = true;
        let lower = whole.get(..dots).unwrap_or_default();
        self.values(clause, &|upper| format!("{head}{lower}..{upper}"), Trail::Space);
        (self.typed, self.place) = (whole, place);
        true
    }

    /// Whether two dots make a range behind the operator.
    fn is_ranged(&self, clause: Clause) -> bool {
        let path = path(clause.field.of(self.before));
        let found = self.compiler.catalog.resolve(&path);
        match (clause.verb, found.map_or(Type::Any, |found| found.field.ty())) {
            (_, Type::Text | Type::Uuid) => false,
            (Verb::In, _) => true,
            (_, Type::Score | Type::Any) => false,
            _ => clause.operator.of(self.before) == ":",
        }
    }

    fn takes(&self, clause: Clause, op: Op) -> bool {
        let compiler = self.compiler;
        let settings = compiler.settings(&compiler.parameters);
        match compiler.catalog.resolve(&path(clause.field.of(self.before))) {
            Some(found) => {
                found.field.ty() != Type::Time
                    && (found.field.listed().contains(op) || !settings.strict && found.field.unlisted().contains(op))
            }
            None => settings.unknown_fields,
        }
    }

    fn list_values(&mut self, clause: Clause, values: usize) {
        let head = self.head(clause);
        if values < self.compiler.limits.values {
            self.values(clause, &|text| format!("{head}({text})"), Trail::Nothing);
        }
    }

    /// What follows a value in a list.
    fn list_goes_on(&mut self, opener: Span, values: usize) {
        if values < self.compiler.limits.values {
            let place = self.place;
            self.place.span = Span::new(self.last_end, place.span.end());
            let gap = self.before.get(self.last_end..self.cursor).unwrap_or_default();
            if !gap.bytes().all(|byte| byte == b' ') {
                self.place = place;
            }
            self.punctuation(",", "another value follows");
            self.place = place;
        }
        self.close(opener, "ends the list");
    }

    /// The values that the clause takes as `clause` puts it together.
    fn values(&mut self, clause: Clause, whole: &dyn Fn(&str) -> String, trail: Trail) {
        for candidate in self.candidates(clause) {
            if self.accepts(&whole(&candidate.text)) {
                self.offer(candidate, trail);
            }
        }
    }

    fn offer(&mut self, candidate: Candidate, trail: Trail) {
        let Candidate { label, kind, documentation, text, rank } = candidate;
        self.push(Item { label: &label, kind, documentation, text, lead: Lead::Apart, trail }, rank);
    }

    /// Values that begin with what was typed, or hold it; whether they fit is not looked at.
    fn candidates(&self, clause: Clause) -> Vec<Candidate> {
        let compiler = self.compiler;
        let path = path(clause.field.of(self.before));
        let resolved = compiler.catalog.resolve(&path);
        let ty = resolved.as_ref().map_or(Type::Any, |found| found.field.ty());
        let typed = content(self.typed);
        let quoted = self.typed.starts_with(|char| closer(char).is_some());
        let mut candidates = Vec::new();
        let mut scalars: Vec<Scalar> = Vec::new();
        if let Some(found) = &resolved {
            scalars.extend(found.field.values().iter().cloned());
            scalars.extend(self.provider.values(found.field, found.key, &typed));
        }
        for scalar in scalars {
            let label = match &scalar {
                Scalar::Text(text) => text.clone(),
                Scalar::Number(number) => number.to_string(),
            };
            let Some(rank) = matches(&label, &typed) else { continue };
            let text = match (&scalar, quoted) {
                (Scalar::Number(_), true) if matches!(ty, Type::Score | Type::Any) => continue,
                (_, true) => quote(&label),
                (Scalar::Text(_), false) if ty == Type::Usd && value::money(&label).is_ok() => label.clone(),
                (_, false) => print::literal(&Value { span: Span::NOWHERE, token: raise::token(&scalar, ty) }),
            };
            let documentation = String::new();
            candidates.push(Candidate { label, kind: CompletionKind::Value, documentation, text, rank });
        }
        if ty == Type::Time && !quoted {
            let settings = compiler.settings(&compiler.parameters);
            let clock = Clock { now: settings.now.unwrap_or_else(jiff::Timestamp::now), zone: settings.zone.clone() };
            for word in ["today", "yesterday", "now", "now-1h", "now-24h", "now-7d", "now-30d", "today-1w", "today-1mo"]
            {
                let Some(rank) = matches(word, &typed) else { continue };
                let documentation = match Moment::read(word, &clock) {
                    Ok(Moment::Instant(at)) => format!("{} UTC", format(at)),
                    Ok(Moment::Period(begin, end)) => format!("{} UTC up to {} UTC", format(begin), format(end)),
                    Err(_) => continue,
                };
                let (label, text) = (word.to_owned(), word.to_owned());
                candidates.push(Candidate { label, kind: CompletionKind::Value, documentation, text, rank });
            }
        }
        for name in compiler.parameters.names() {
            let label = format!("${name}");
            if let Some(rank) = matches(&label, self.typed)
                && is_parameter(&label)
            {
                let (kind, text) = (CompletionKind::Parameter, label.clone());
                let documentation = compiler.parameters.get(name).map_or("", |value| value.describe()).to_owned();
                candidates.push(Candidate { label, kind, documentation, text, rank: rank.max(1) });
            }
        }
        candidates
    }

    /// Whether a clause compiles, and still fits the limit of depth where it goes.
    fn accepts(&self, clause: &str) -> bool {
        // Many are tried, and no name or value that is offered is long.
        const LONGEST: usize = 10_000;
        if clause.len() > LONGEST {
            return false;
        }
        let compiler = self.compiler;
        let parsed = read(clause, &compiler.limits, &compiler.catalog);
        let Expr::Clause(clause) = &parsed.query.expr else { return false };
        let clause: &ast::Clause = clause;
        if parsed.diagnostics.iter().any(Diagnostic::is_error) {
            return false;
        }
        let (test, found) = check::check_clause(clause, compiler.settings(&compiler.parameters));
        !found.iter().any(Diagnostic::is_error)
            && test
                .is_some_and(|test| self.scan.has_room(Joint::And, test.condition.height() + usize::from(test.negated)))
    }
}

/// A value that may be offered.
struct Candidate {
    label: String,
    kind: CompletionKind,
    documentation: String,
    text: String,
    rank: u8,
}

/// How well a name fits what was typed of it: 0 where it begins with it, more where it does in
/// another letter case, where a part of it does, or where it only holds it.
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
