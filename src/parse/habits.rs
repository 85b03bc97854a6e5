//! What else may have been meant: guesses from what people write in other query languages, made
//! only once something is wrong.

use std::mem;

use super::clause::{List, Verb};
use super::fold::{Fold, LastClause};
use super::string::{closer, quote};
use super::{Rule, Token};
use crate::ast::{Predicate, Value};
use crate::diagnostic::{Diagnostic, Edit, Findings, Fix, Kind, excerpt, is_invisible};
use crate::filter::Comparison;
use crate::keyword;
use crate::span::Span;

impl<'a> Fold<'a, '_> {
    /// A field, or a word that is none, without anything behind it.
    pub(super) fn missing_operator(&mut self, field: Span, before: Option<LastClause>) {
        let text = self.slice(field);
        if text.starts_with('-') {
            let next = self.ahead().find(|token| token.rule != Rule::comment);
            let mut diagnostic = Diagnostic::new(Kind::LoneMinus, field);
            if let (1, Some(next)) = (text.len(), next.filter(|next| matches!(next.rule, Rule::field | Rule::opening)))
            {
                let gap = Span::new(field.end(), next.span.start());
                diagnostic = diagnostic.fix(Fix::replace("remove the space", gap, ""));
            }
            self.report(diagnostic);
            return;
        }
        let kind = Kind::ExpectedOperator { field: excerpt(text) };
        let mut diagnostic = Diagnostic::new(kind, field);
        let known = self.catalog.knows(text);
        let words = self.bare_words_ahead();
        if let (Some(last), false) = (before, known) {
            let whole = last.value.to(words.last().copied().unwrap_or(field));
            let value = self.slice(whole);
            diagnostic = diagnostic
                .help(format!("if `{}` is one value, put it in quotes", excerpt(value)))
                .fix(Fix::write(whole, quote(value)));
        } else if let (true, Some(word)) = (known, words.first()) {
            let whole = field.to(*word);
            diagnostic = diagnostic.fix(Fix::write(whole, format!("{text}:{}", self.slice(*word))));
        } else if !known {
            let whole = field.to(words.last().copied().unwrap_or(field));
            if let Some(name) = self.catalog.text_field() {
                let value = if text.starts_with(['"', '\'']) || words.is_empty() {
                    self.slice(whole).to_owned()
                } else {
                    quote(self.slice(whole))
                };
                diagnostic =
                    diagnostic.help(format!("texts are searched by field: `{name} contains {}`", excerpt(&value)));
            }
        }
        self.report(diagnostic);
    }

    /// The fields without an operator that follow: words of a text, as it seems.
    fn bare_words_ahead(&self) -> Vec<Span> {
        const MOST: usize = 20;
        let mut words = Vec::new();
        let mut ahead = self.ahead().peekable();
        while let Some(token) = ahead.next() {
            let alone = ahead.peek().is_none_or(|next| {
                matches!(next.rule, Rule::field | Rule::connective | Rule::opening | Rule::closing | Rule::EOI)
            });
            if token.rule != Rule::field || !alone || words.len() == MOST || self.catalog.knows(self.slice(token.span))
            {
                break;
            }
            words.push(token.span);
        }
        words
    }

    pub(super) fn missing_value(&mut self, operator: Span) {
        let kind = Kind::ExpectedValue { operator: self.slice(operator).to_owned() };
        let mut diagnostic = Diagnostic::new(kind, operator);
        let rest = self.text.get(operator.end()..).unwrap_or_default().trim_start();
        if let Some(next) = rest.chars().next().filter(|char| matches!(char, '&' | '|' | '#' | ',')) {
            diagnostic = diagnostic.help(format!("a value that begins with `{next}` is put in quotes"));
        }
        self.recovering = true;
        self.report(diagnostic);
    }

    /// A keyword stands where a value should: the value was forgotten, or the word itself is meant.
    pub(super) fn keyword_as_value(&mut self, keyword: &str, operator: Span, span: Span) {
        let found = self.slice(span);
        let continues = self.peek().is_some_and(|token| {
            matches!(token.rule, Rule::field | Rule::opening | Rule::all) || token.rule == Rule::connective
        });
        if keyword != keyword::NOT && continues {
            let kind = Kind::ExpectedValue { operator: self.slice(operator).to_owned() };
            self.report(
                Diagnostic::new(kind, operator)
                    .help(format!("to search for the word `{found}` itself, put it in quotes")),
            );
            self.deferred = Some((keyword == keyword::OR, span));
        } else {
            self.recovering = true;
            self.quote_keyword(span);
        }
    }

    pub(super) fn quote_keyword(&mut self, span: Span) {
        let keyword = self.slice(span).to_owned();
        let quoted = quote(&keyword);
        self.report(
            Diagnostic::new(Kind::KeywordAsValue { keyword }, span)
                .help("to search for the word itself, put it in quotes")
                .fix(Fix::write(span, quoted)),
        );
    }

    /// `=>`, `===` and their like.
    pub(super) fn foreign_symbol(&mut self, span: Span, ours: Option<&'static str>) -> Option<Predicate<'a>> {
        let kind = Kind::UnknownOperator { found: excerpt(self.slice(span)) };
        let diagnostic = Diagnostic::new(kind, span);
        self.report(match ours {
            // A word does not stand against the field and the value as a sign does.
            Some(ours) if ours.starts_with(char::is_alphabetic) => {
                diagnostic.fix(Fix::replace(format!("write `{ours}`"), span, format!(" {ours} ")))
            }
            Some(ours) => diagnostic.fix(Fix::write(span, ours)),
            None => diagnostic.help("the operators are = != < <= > >= : contains in between"),
        });
        self.skip_operand();
        None
    }

    /// `is`, `like` and their like.
    pub(super) fn foreign(&mut self, field: Span, operator: Span) -> Option<Predicate<'a>> {
        let found = self.slice(operator);
        let words: Vec<String> = found.split_whitespace().map(str::to_ascii_lowercase).collect();
        let words = words.join(" ");
        let operand = self.skip_operand();
        let value = operand.map(|span| self.slice(span)).unwrap_or_default();
        let is_null = ["null", "none", "empty", "nil", "undefined", "missing"]
            .iter()
            .any(|null| null.eq_ignore_ascii_case(value));
        if words == "exists" || (words.starts_with("is") && is_null) {
            let kind = Kind::ExistenceTest { field: excerpt(self.slice(field)) };
            self.report(
                Diagnostic::new(kind, operator.to(operand.unwrap_or(operator)))
                    .help("search for the values themselves, or exclude known ones with `!=`"),
            );
            return None;
        }
        let ours = keyword::foreign(&words);
        let mut edits = vec![Edit { span: operator, text: ours.to_owned() }];
        if let (Some(span), true) = (operand, value.contains('%')) {
            let text = value.trim_matches(['\'', '"']).trim_matches('%').replace('%', " ");
            edits.push(Edit { span, text: quote(&text) });
        }
        let kind = Kind::UnknownOperator { found: excerpt(found) };
        let fix = Fix { title: format!("write `{ours}`"), edits };
        self.report(Diagnostic::new(kind, operator).fix(fix));
        None
    }

    /// A list behind an operator that takes a single value.
    pub(super) fn unexpected_list(&mut self, field: Span, operator: Span, negated: bool, verb: Verb, list: &List<'a>) {
        let kind = Kind::UnexpectedList { operator: self.slice(operator).to_owned() };
        let diagnostic = Diagnostic::new(kind, list.span);
        let not = if negated { "not " } else { "" };
        let text = match (verb, list.values.as_slice()) {
            (Verb::Compare(Comparison::Eq) | Verb::Natural, [lower, middle, upper])
                if list.malformed.is_some() && middle.text().eq_ignore_ascii_case("to") =>
            {
                format!("{not}in {}..{}", self.slice(lower.span), self.slice(upper.span))
            }
            (Verb::Compare(Comparison::Eq) | Verb::Natural, values) => format!("{not}in {}", self.listing(values)),
            (Verb::Contains, values) => format!("{not}contains any {}", self.listing(values)),
            _ => {
                self.report(diagnostic);
                return;
            }
        };
        let title = format!("write `{}`", excerpt(&text));
        let place = Span::new(field.end(), list.span.end());
        let _ = operator;
        self.report(diagnostic.fix(Fix::replace(title, place, format!(" {text}"))));
    }

    fn listing(&self, values: &[Value<'a>]) -> String {
        let values: Vec<&str> = values.iter().map(|value| self.slice(value.span)).collect();
        format!("({})", values.join(", "))
    }

    /// The values of a list, or an error where its commas are not in order.
    pub(super) fn well_formed(&mut self, operator: Span, list: List<'a>) -> Option<Vec<Value<'a>>> {
        let Some((what, place)) = list.malformed else { return Some(list.values) };
        let mut diagnostic = Diagnostic::new(Kind::MalformedList { what }, place);
        let is_range = self.slice(operator).to_ascii_lowercase().ends_with("in");
        diagnostic = match list.values.as_slice() {
            [lower, middle, upper] if is_range && middle.text().eq_ignore_ascii_case("to") => {
                let range = format!("{}..{}", self.slice(lower.span), self.slice(upper.span));
                diagnostic.help("a range is written with two dots").fix(Fix::write(list.span, range))
            }
            values => diagnostic.fix(Fix::write(list.span, self.listing(values))),
        };
        self.report(diagnostic);
        None
    }

    pub(super) fn unclosed_list(&mut self, opening: Span) {
        if let Some(Token { rule: Rule::unclosed, span }) = self.peek() {
            self.next();
            self.unclosed_quote(span);
            return;
        }
        self.recovering = true;
        let opener = self.slice(opening).to_owned();
        let closer = if opener == "(" { ")" } else { "]" };
        let place = Span::at(self.consumed);
        self.report(Diagnostic::new(Kind::Unclosed { opener }, opening).fix(Fix::replace(
            format!("add `{closer}`"),
            place,
            closer,
        )));
    }

    /// `between 1`, `between 1..5`, `between (1, 5)`; `operand` is what stands behind `between`.
    pub(super) fn incomplete_between(&mut self, field: Span, operator: Span, operand: Span, values: &[Value<'a>]) {
        self.recovering = true;
        let diagnostic = Diagnostic::new(Kind::IncompleteBetween, operator.to(operand));
        let whole = Span::new(field.end(), operand.end());
        self.report(match values {
            [lower, upper] => {
                let text = format!("{} and {}", self.slice(lower.span), self.slice(upper.span));
                diagnostic.fix(Fix::write(operand, text))
            }
            [range] if range.text().contains("..") => {
                let text = format!(" in {}", self.slice(range.span));
                diagnostic.fix(Fix::replace(format!("write `{}`", text.trim_start()), whole, text))
            }
            _ => diagnostic.help("write `between 1 and 5`; both are included"),
        });
    }

    pub(super) fn adjoining_quote(&mut self, span: Span) {
        self.recovering = true;
        let text: String = self.slice(span).chars().filter(|char| !matches!(char, '"' | '\'')).collect();
        self.report(
            Diagnostic::new(Kind::AdjoiningQuote, span)
                .help("quotes go around the whole value, and white space follows them")
                .fix(Fix::write(span, quote(&text))),
        );
    }

    pub(super) fn warn_curly(&mut self, span: Span, text: &str) {
        if self.slice(span).starts_with(['“', '‘']) {
            self.report(Diagnostic::new(Kind::CurlyQuotes, span).fix(Fix::write(span, quote(text))));
        }
    }

    pub(super) fn warn_invisible(&mut self, span: Span) {
        let text = self.slice(span);
        if text.is_ascii() {
            return;
        }
        if let Some((place, char)) = text.char_indices().find(|(_, char)| is_invisible(*char)) {
            let start = span.start() + place;
            let visible: String = text.chars().filter(|char| !is_invisible(*char)).collect();
            self.report(
                Diagnostic::new(Kind::InvisibleCharacter { char }, Span::new(start, start + char.len_utf8()))
                    .fix(Fix::replace("remove what is invisible", span, visible)),
            );
        }
    }

    /// `start_time > 2024-06-01 10:00`, where the time was read as a field, a colon and a value.
    pub(super) fn is_time_of_day(&self, last: LastClause, field: Span) -> bool {
        let hour = self.slice(field);
        hour.len() <= 2
            && hour.bytes().all(|byte| byte.is_ascii_digit())
            && self.text.get(field.end()..).is_some_and(|rest| rest.starts_with(':'))
            && self.slice(last.value).matches('-').count() == 2
    }

    pub(super) fn split_time(&mut self, last: LastClause, field: Span) {
        self.skip_operand();
        let time = Span::new(field.start(), self.consumed);
        let gap = Span::new(last.value.end(), field.start());
        self.report(
            Diagnostic::new(Kind::Unexpected { found: excerpt(self.slice(time)) }, time)
                .help("a date and its time are joined by a `T`, or put in quotes together")
                .fix(Fix::replace("join them by a `T`", gap, "T")),
        );
    }

    /// A text that is JSON has only this one thing wrong with it.
    pub(super) fn recognise_json(&mut self) {
        let text = self.text.trim_start();
        let inside = text.strip_prefix('{').map(str::trim_start);
        if inside.is_some_and(|inside| inside.is_empty() || inside.starts_with(['"', '}']))
            && self.findings.as_slice().iter().any(Diagnostic::is_error)
        {
            let whole = Span::new(self.text.len() - text.len(), self.text.trim_end().len());
            self.findings = Findings::default();
            self.report(
                Diagnostic::new(Kind::JsonAsQuery, whole)
                    .help("`freeplay-filter --reverse`, or `Compiler::raise`, makes a query of it"),
            );
        }
    }

    pub(super) fn unclosed_quote(&mut self, span: Span) {
        let opener = self.slice(span).chars().next().unwrap_or('"');
        let mark = closer(opener).unwrap_or(opener);
        let quote = Span::new(span.start(), span.start() + opener.len_utf8());
        let diagnostic = Diagnostic::new(Kind::UnclosedQuote, quote);
        let word = self.last.take().filter(|last| last.value.end() == span.start());
        let diagnostic = if let (Some(last), false) = (word, self.recovering) {
            let whole = self.word_from(last.value.start());
            let help = "an apostrophe inside a value needs quotes around the value";
            diagnostic.help(help).fix(Fix::write(whole, super::quote(self.slice(whole))))
        } else {
            diagnostic.fix(Fix::replace("close it at the end", self.end(), mark.to_string()))
        };
        self.recovering = true;
        self.report(diagnostic);
    }

    pub(super) fn stray(&mut self, span: Span) {
        let last = self.last.take();
        if mem::replace(&mut self.recovering, true) {
            return;
        }
        let found = self.slice(span);
        let kind = Kind::Unexpected { found: excerpt(found) };
        let diagnostic = match (found, last) {
            (",", Some(last)) => self.comma_after(last, span, kind),
            ("&", _) => Diagnostic::new(kind, span).help("`and` joins clauses").fix(Fix::write(span, "and")),
            ("|", _) => Diagnostic::new(kind, span).help("`or` joins clauses").fix(Fix::write(span, "or")),
            (_, Some(last)) if last.value.end() == span.start() => {
                let whole = self.word_from(last.value.start());
                Diagnostic::new(kind, span)
                    .help("a value that holds this character is put in quotes")
                    .fix(Fix::write(whole, quote(self.slice(whole))))
            }
            _ => Diagnostic::new(kind, span),
        };
        self.report(diagnostic);
    }

    /// From a place up to the white space or parenthesis that follows.
    fn word_from(&self, start: usize) -> Span {
        let rest = self.text.get(start..).unwrap_or_default();
        let len = rest.find(|char: char| char.is_whitespace() || char == ')').unwrap_or(rest.len());
        Span::new(start, start + len)
    }

    /// `a = 1,000` and `a = x, y`.
    fn comma_after(&mut self, last: LastClause, comma: Span, kind: Kind) -> Diagnostic {
        let mut values = vec![last.value];
        let mut end = comma;
        while let Some(token) = self
            .peek()
            .filter(|token| token.rule == Rule::field || (token.rule == Rule::stray && self.slice(token.span) == ","))
        {
            self.next();
            end = token.span;
            if token.rule == Rule::field {
                values.push(token.span);
            }
        }
        let is_digits = |span: &Span| self.slice(*span).bytes().all(|byte| byte.is_ascii_digit());
        let whole = last.value.to(end);
        let tight = !self.slice(whole).contains(char::is_whitespace);
        let first_is_number =
            self.slice(last.value).trim_start_matches(['-', '$']).bytes().all(|byte| byte.is_ascii_digit());
        if tight
            && first_is_number
            && values.len() > 1
            && values.iter().skip(1).all(|span| span.end() - span.start() == 3 && is_digits(span))
        {
            let number = self.slice(whole).replace(',', "_");
            let kind = Kind::InvalidNumber { text: self.slice(whole).to_owned() };
            return Diagnostic::new(kind, whole).help("digits are grouped by `_`").fix(Fix::write(whole, number));
        }
        let operator = self.slice(last.operator);
        let diagnostic = Diagnostic::new(kind, comma).help("several values are written as a list, with `in`");
        if values.len() > 1 && matches!(operator, "=" | "==" | ":") {
            let list: Vec<&str> = values.iter().map(|span| self.slice(*span)).collect();
            let place = Span::new(last.field.end(), whole.end());
            let text = format!(" in ({})", list.join(", "));
            return diagnostic.fix(Fix::replace(
                format!("write `{}{}`", self.slice(last.field), excerpt(&text)),
                place,
                text,
            ));
        }
        diagnostic
    }
}
