//! Completion after an operator: values that compile in the clause, lists and ranges.

use super::{Completer, CompletionKind, Item, Lead, Trail, matches};
use crate::ast::{Expr, Value};
use crate::catalog::Type;
use crate::check;
use crate::diagnostic::Diagnostic;
use crate::editor::scan::{Clause, Joint, Verb};
use crate::filter::{Op, Scalar};
use crate::span::Span;
use crate::syntax::string::is_quoted;
use crate::syntax::string::{content, path};
use crate::syntax::{self, After, is_item, is_word, quote};
use crate::syntax::{dots, is_parameter};
use crate::types::money;
use crate::types::time::{Clock, Moment, PERIODS, format};
use crate::{print, raise};

/// A candidate value.
struct Candidate {
    label: String,
    kind: CompletionKind,
    documentation: String,
    text: String,
    rank: u8,
}

impl Completer<'_> {
    /// Returns the text of a clause up to its value.
    pub(super) fn head(&self, clause: Clause) -> String {
        let not = match clause.verb {
            Verb::Sign | Verb::Foreign => "",
            Verb::Contains | Verb::ContainsSome | Verb::In | Verb::Between if clause.negated => "not ",
            Verb::Contains | Verb::ContainsSome | Verb::In | Verb::Between => "",
        };
        format!("{} {not}{} ", clause.field.of(self.before), clause.operator.of(self.before))
    }

    /// Adds what can follow an operator.
    pub(super) fn operands(&mut self, clause: Clause) {
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
                    // A parameter can be the list; any other value is the lower end of a range.
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

    /// Adds `any` and `all` after `contains`.
    fn quantifiers(&mut self, head: &str) {
        for (quantifier, documentation) in
            [("any", "contains at least one of a list"), ("all", "contains every one of a list")]
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

    /// Adds upper ends after the two dots of a range. Returns whether there are two dots.
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

    /// Whether two dots form a range after the operator.
    pub(super) fn is_ranged(&self, clause: Clause) -> bool {
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
            Some(found) => found.field.ty() != Type::Time && settings.takes(Some(found.field), op),
            None => settings.unknown_fields,
        }
    }

    pub(super) fn list_values(&mut self, clause: Clause, values: usize) {
        let head = self.head(clause);
        if values < self.compiler.limits.values {
            for mut candidate in self.candidates(clause) {
                if is_word(&candidate.text) && !is_item(&candidate.text) {
                    candidate.text = quote(&candidate.text);
                }
                if self.accepts(&format!("{head}({})", candidate.text)) {
                    self.offer(candidate, Trail::Nothing);
                }
            }
        }
    }

    /// Adds what can follow a value in a list.
    pub(super) fn list_goes_on(&mut self, opener: Span, values: usize) {
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

    /// Adds the values with which the clause, as written by `whole`, compiles.
    pub(super) fn values(&mut self, clause: Clause, whole: &dyn Fn(&str) -> String, trail: Trail) {
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

    /// Returns values that contain what was typed, without checking whether they are valid.
    fn candidates(&self, clause: Clause) -> Vec<Candidate> {
        let path = path(clause.field.of(self.before));
        let found = self.compiler.catalog.resolve(&path);
        let ty = found.as_ref().map_or(Type::Any, |found| found.field.ty());
        let typed = content(self.typed);
        let mut candidates = Vec::new();
        if let Some(found) = &found {
            let place = if clause.verb == Verb::Contains { After::Contains } else { After::Other };
            let provided = self.provider.values(found.field, found.key, &typed);
            let scalars = found.field.values().iter().chain(&provided);
            candidates.extend(scalars.filter_map(|scalar| self.known_value(scalar, &typed, ty, place)));
        }
        if ty == Type::Time && !is_quoted(self.typed) {
            let clock = self.compiler.settings(&self.compiler.parameters).clock();
            // Logged times are not in the future.
            let periods = PERIODS.into_iter().filter(|(.., count)| *count <= 0).map(|(name, ..)| name);
            let others = ["now", "now-1h", "now-24h", "now-7d", "now-30d", "today-1w", "today-1mo"];
            candidates.extend(periods.chain(others).filter_map(|word| self.relative_time(word, &clock)));
        }
        candidates.extend(self.compiler.parameters.names().filter_map(|name| self.parameter(name)));
        candidates
    }

    /// Returns a value of the catalog or the provider, if it contains what was typed.
    fn known_value(&self, scalar: &Scalar, typed: &str, ty: Type, place: After) -> Option<Candidate> {
        let label = scalar.text().into_owned();
        let rank = matches(&label, typed)?;
        let text = match (scalar, is_quoted(self.typed)) {
            (Scalar::Number(_), true) if matches!(ty, Type::Score | Type::Any) => return None,
            (_, true) => quote(&label),
            (Scalar::String(_), false) if ty == Type::Usd && money::read(&label).is_ok() => label.clone(),
            (_, false) => print::literal(&Value { span: Span::NOWHERE, token: raise::token(scalar, ty, place) }),
        };
        Some(Candidate { label, kind: CompletionKind::Value, documentation: String::new(), text, rank })
    }

    /// Returns a period or a time relative to now, if it contains what was typed.
    fn relative_time(&self, word: &str, clock: &Clock) -> Option<Candidate> {
        let rank = matches(word, self.typed)?;
        let documentation = match Moment::read(word, clock) {
            Ok(Moment::Instant(at)) => format!("{} UTC", format(at)),
            Ok(Moment::Period(Some(begin), Some(end))) => format!("{} UTC up to {} UTC", format(begin), format(end)),
            Ok(Moment::Period(..)) | Err(_) => return None,
        };
        let (label, text) = (word.to_owned(), word.to_owned());
        Some(Candidate { label, kind: CompletionKind::Value, documentation, text, rank })
    }

    /// Returns a parameter, if it contains what was typed and can be written in a query.
    fn parameter(&self, name: &str) -> Option<Candidate> {
        let label = format!("${name}");
        let rank = matches(&label, self.typed).filter(|_| is_parameter(&label))?;
        let documentation = self.compiler.parameters.get(name).map_or("", |(_, value)| value.describe()).to_owned();
        let text = label.clone();
        Some(Candidate { label, kind: CompletionKind::Parameter, documentation, text, rank: rank.max(1) })
    }

    /// Whether a clause compiles, and can be inserted within the depth limit.
    pub(super) fn accepts(&self, clause: &str) -> bool {
        // Many clauses are tried, and names and values that are offered are short.
        const LONGEST: usize = 10_000;
        if clause.len() > LONGEST {
            return false;
        }
        let compiler = self.compiler;
        let Ok(query) = syntax::parse(clause, &compiler.limits) else { return false };
        let Expr::Clause(clause) = &query.expr else { return false };
        let (test, found) = check::check_clause(clause, compiler.settings(&compiler.parameters));
        !found.iter().any(Diagnostic::is_error)
            && test.is_some_and(|test| {
                self.scan.has_room(Joint::And, test.condition.height() + usize::from(test.clause.negated))
            })
    }
}
