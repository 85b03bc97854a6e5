//! Signs, quotes and brackets that are out of place, and what was meant by them.

use std::mem;

use super::clause::{List, Verb, dots, is_parameter};
use super::fold::{Fold, LastClause};
use super::foreign;
use super::string::{closer, quote};
use super::{Terminal, Token};
use crate::ast::Value;
use crate::catalog::{Field, Type};
use crate::diagnostic::{Diagnostic, Edit, Findings, Fix, Kind, excerpt};
use crate::filter::Comparison;
use crate::keyword;
use crate::span::Span;

impl<'a> Fold<'a, '_> {
    pub(super) fn missing_value(&mut self, operator: Span) {
        self.recovering = true;
        let kind = Kind::ExpectedValue { operator: self.named(operator) };
        let mut diagnostic = Diagnostic::new(kind, operator);
        let behind = self.nearby(operator.end());
        let rest = behind.trim_start();
        let start = operator.end() + (behind.len() - rest.len());
        if let Some(inside) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')).map(|(inside, _)| inside)
            && !inside.is_empty()
            && !inside.contains(char::is_whitespace)
        {
            let place = Span::new(start, start + inside.len() + 2);
            let diagnostic = diagnostic.help("a value that holds this character is put in quotes");
            let diagnostic = self.offer_quotes(diagnostic, self.field, place, self.slice(place));
            self.report(diagnostic);
            self.skip_to(place.end());
            return;
        }
        if let Some((whole, ours)) = self.split_symbol(operator) {
            self.answer_symbol(self.field, whole, ours);
            return;
        }
        if let Some(next) = rest.chars().next().filter(|char| matches!(char, '&' | '|' | '#' | ',')) {
            diagnostic = diagnostic.help(format!("a value that begins with `{next}` is put in quotes"));
        }
        self.report(diagnostic);
    }

    /// An operator as messages name it: in one line, however it is written.
    fn named(&self, operator: Span) -> String {
        excerpt(&self.slice(operator).split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// A keyword stands where a value should: the value was forgotten, or the word itself is meant.
    pub(super) fn keyword_as_value(&mut self, keyword: &str, operator: Span, span: Span) {
        let found = self.slice(span);
        let continues = self.peek().is_some_and(|token| {
            matches!(token.terminal, Terminal::Field | Terminal::Opening | Terminal::All)
                || token.terminal == Terminal::Connective
        });
        if keyword != keyword::NOT && continues {
            let kind = Kind::ExpectedValue { operator: self.named(operator) };
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
        let fits = self.fits(self.field, &keyword);
        let diagnostic = Diagnostic::new(Kind::KeywordAsValue { keyword }, span);
        self.report(if fits {
            diagnostic.fix(Fix::replace("to search for the word itself, put it in quotes", span, quoted))
        } else {
            diagnostic
        });
    }

    /// A list behind an operator that takes a single value.
    pub(super) fn unexpected_list(&mut self, field: Span, operator: Span, negated: bool, verb: Verb, list: &List<'a>) {
        let kind = Kind::UnexpectedList { operator: self.named(operator) };
        let diagnostic = Diagnostic::new(kind, list.span);
        let not = if negated { "not " } else { "" };
        let by_words = self.is_by_words(field);
        let all = list.joined_by_and;
        // A field that has no words is compared as a whole.
        let verb = if matches!(verb, Verb::Contains) && !self.takes(field, "~") { Verb::Natural } else { verb };
        let range = self.as_range(field, list);
        if range.is_none() && !list.values.iter().all(|value| self.value_fits(field, value)) {
            self.report(diagnostic);
            return;
        }
        let text = match (verb, range) {
            (Verb::Compare(Comparison::Eq) | Verb::Natural, Some(range)) => format!("{not}in {range}"),
            (Verb::Compare(Comparison::Eq) | Verb::Natural, None) if !by_words => {
                // No field is equal to two values at once.
                if all && list.values.len() > 1 {
                    self.report(diagnostic.help("a field has one value; `in (a, b)` finds either"));
                    return;
                }
                format!("{not}in {}", self.listing(&list.values))
            }
            (Verb::Compare(Comparison::Eq) | Verb::Natural | Verb::Contains, _) => {
                let quantifier = if all { "all" } else { "any" };
                format!("{not}contains {quantifier} {}", self.listing(&list.values))
            }
            _ => {
                self.report(diagnostic);
                return;
            }
        };
        let title = format!("write `{}`", excerpt(&text));
        let place = Span::new(field.end(), list.span.end());
        self.report(diagnostic.fix(Fix::replace(title, place, format!(" {text}"))));
    }

    /// `= $low..$high`: a range behind an operator that takes a single value.
    pub(super) fn unexpected_range(
        &mut self,
        field: Span,
        operator: Span,
        negated: bool,
        comparison: Comparison,
        range: Span,
    ) {
        let kind = Kind::UnexpectedRange { operator: self.named(operator) };
        let diagnostic = Diagnostic::new(kind, range);
        let text = self.slice(range);
        let ends = dots(text).and_then(|dots| Some([text.get(..dots)?, text.get(dots + 2..)?]));
        let fit = |end: &str| end.is_empty() || is_parameter(end) || self.end_fits(field, end);
        let has_order = self.takes(field, ">=") && self.takes(field, "<=");
        let sound = comparison == Comparison::Eq && has_order && ends.is_some_and(|ends| ends.into_iter().all(fit));
        self.report(if sound {
            let not = if negated { "not " } else { "" };
            let place = Span::new(field.end(), range.end());
            let title = format!("write `{}`", excerpt(&format!("{not}in {text}")));
            diagnostic.fix(Fix::replace(title, place, format!(" {not}in {text}")))
        } else if self.fits(field, text) {
            diagnostic.help("in quotes it is a text")
        } else {
            diagnostic
        });
    }

    /// `1 TO 5`, of which an end may be `*`, as a range.
    fn as_range(&self, field: Span, list: &List<'a>) -> Option<String> {
        let [lower, middle, upper] = list.values.as_slice() else { return None };
        let is_range = list.malformed.is_some() && middle.text().eq_ignore_ascii_case("to");
        let is_open = |end: &Value| self.slice(end.span) == "*";
        let fit = [lower, upper].into_iter().all(|end| is_open(end) || self.end_fits(field, self.slice(end.span)));
        if !is_range || !fit || is_open(lower) && is_open(upper) {
            return None;
        }
        let end = |end: &Value| if is_open(end) { "" } else { self.slice(end.span) };
        Some(format!("{}..{}", end(lower), end(upper)))
    }

    /// `in a, b`, `in {a, b}`, `in 1-5` and `in last 7 days`: no list, and no range.
    pub(super) fn unlisted_values(&mut self, operator: Span, span: Span) {
        self.recovering = true;
        let name = self.named(operator);
        let range = name.to_ascii_lowercase().ends_with("in");
        let run = self.run_from(span.start());
        let text = self.slice(run);
        let kind = Kind::ExpectedList { operator: name, range };
        let ty = self.field_at(self.field).map(Field::ty);
        let is_time = ty.is_none_or(|ty| ty == Type::Time);
        let since = Type::Time.guess(text).filter(|time| range && is_time && time.starts_with("now-"));
        if let Some(time) = since {
            let place = operator.to(run);
            self.report(Diagnostic::new(kind, run).fix(Fix::write(place, format!(">= {time}"))));
            self.skip_to(run.end());
            return;
        }
        let word = self.slice(span);
        let ends = word.split_once('-').filter(|(lower, upper)| {
            range && [lower, upper].into_iter().all(|end| is_number(end) && self.end_fits(self.field, end))
        });
        if let Some((lower, upper)) = ends {
            self.report(Diagnostic::new(kind, span).fix(Fix::write(span, format!("{lower}..{upper}"))));
            return;
        }
        let braces = text.strip_prefix('{').and_then(|text| text.split_once('}'));
        let (inside, place) = match braces {
            Some((inside, _)) => (inside, Span::new(span.start(), span.start() + inside.len() + 2)),
            None if !self.bare_words_ahead().is_empty() => {
                let words = self.bare_words_ahead();
                let whole = words.last().map_or(span, |last| span.to(*last));
                (self.slice(whole), whole)
            }
            // What has an operator behind it is the next clause.
            None if text.contains(['=', '<', '>', ':', '(', '!', '~']) || !text.contains(',') => (word, span),
            None => (text, run),
        };
        let mut diagnostic = Diagnostic::new(kind, place);
        let values: Vec<&str> =
            inside.split(|char: char| char == ',' || char.is_whitespace()).filter(|value| !value.is_empty()).collect();
        let is_sound = |value: &&str| super::is_value(value) && self.written_fits(self.field, value);
        if !values.is_empty() && values.iter().all(is_sound) {
            diagnostic = diagnostic.fix(Fix::write(place, format!("({})", values.join(", "))));
        }
        self.report(diagnostic);
        self.skip_to(place.end());
    }

    fn listing(&self, values: &[Value<'a>]) -> String {
        let values: Vec<&str> = values.iter().map(|value| self.slice(value.span)).collect();
        format!("({})", values.join(", "))
    }

    /// The values of a list, or an error where its commas are not in order.
    pub(super) fn well_formed(&mut self, operator: Span, list: List<'a>) -> Option<Vec<Value<'a>>> {
        let is_in = self.slice(operator).to_ascii_lowercase().ends_with("in");
        let Some((what, place)) = list.malformed else { return Some(list.values) };
        let diagnostic = Diagnostic::new(Kind::MalformedList { what }, place);
        let fit = list.values.iter().all(|value| self.value_fits(self.field, value));
        self.report(match self.as_range(self.field, &list).filter(|_| is_in) {
            Some(range) => diagnostic.help("a range is written with two dots").fix(Fix::write(list.span, range)),
            None if fit => diagnostic.fix(Fix::write(list.span, self.listing(&list.values))),
            None => diagnostic,
        });
        None
    }

    /// A list that stops before its closing parenthesis.
    pub(super) fn unclosed_list(&mut self, operator: Span, opening: Span) {
        if let Some(Token { terminal: Terminal::Unclosed, span }) = self.peek() {
            self.next();
            self.recovering = true;
            let text = self.slice(span);
            let mark = text.chars().next().unwrap_or('"');
            let diagnostic = Diagnostic::new(Kind::UnclosedQuote, Span::new(span.start(), span.start() + 1));
            let end =
                text.find([',', ')', ']']).filter(|end| !text.get(..*end).is_some_and(|value| value.ends_with('\\')));
            let end = end.map(|end| Span::at(span.start() + end));
            self.report(match end {
                Some(end) => diagnostic.fix(Fix::replace("close it behind the value", end, mark.to_string())),
                None => diagnostic,
            });
            return;
        }
        let is_broken = mem::replace(&mut self.recovering, true);
        if self.list_of_alternatives(operator, opening) {
            return;
        }
        let opener = self.slice(opening).to_owned();
        let closer = super::closing(&opener);
        let diagnostic = Diagnostic::new(Kind::Unclosed { opener }, opening);
        // The parenthesis takes the place of commas that no value follows.
        let read = self.slice(Span::new(opening.end(), self.consumed()));
        let kept = read.trim_end_matches(|char: char| char == ',' || char.is_whitespace());
        let place = Span::new(opening.end() + kept.len(), self.consumed());
        self.report(if kept.is_empty() || is_broken || self.swallowed {
            diagnostic
        } else {
            diagnostic.fix(Fix::replace(format!("add `{closer}`"), place, closer))
        });
        // A bracket at the text's end would close this list, and no group around it.
        self.swallowed = true;
    }

    /// `(a|b)`, `(a || b)` and `(a; b)`.
    fn list_of_alternatives(&mut self, operator: Span, opening: Span) -> bool {
        let stops_at_separator = self.peek().is_some_and(|next| self.slice(next.span).starts_with(['|', '&']));
        let rest = self.nearby(opening.end());
        let Some(end) = rest.find([')', ']', '\n']).filter(|_| stops_at_separator) else { return false };
        let inside = rest.get(..end).unwrap_or_default();
        let is_separator = |char| matches!(char, '|' | ',' | '&');
        let Some(separator) =
            inside.find(['|', '&']).map(|place| Span::new(opening.end() + place, opening.end() + place + 1))
        else {
            return false;
        };
        let values: Vec<&str> = inside.split(is_separator).map(str::trim).filter(|value| !value.is_empty()).collect();
        if values.is_empty()
            || !values.iter().all(|value| super::is_value(value) && self.written_fits(self.field, value))
        {
            return false;
        }
        let end = opening.end() + end + 1;
        let list = format!("({})", values.join(", "));
        let diagnostic = Diagnostic::new(Kind::Unexpected { found: self.slice(separator).to_owned() }, separator)
            .help("the values of a list are separated by commas");
        self.report(diagnostic.fix(match self.list_operator(self.field, operator) {
            Some(ours) => {
                let text = format!("{ours} {list}");
                Fix::replace(
                    format!("write `{}`", excerpt(&text)),
                    Span::new(self.field.end(), end),
                    format!(" {text}"),
                )
            }
            None => Fix::write(Span::new(opening.start(), end), list),
        }));
        self.skip_to(end);
        true
    }

    /// `between 1`, `between 1..5`, `between (1, 5)`, `between 1 to 5`; `operand` is what stands
    /// behind `between`.
    pub(super) fn incomplete_between(&mut self, field: Span, operator: Span, operand: Span, values: &[Value<'a>]) {
        self.recovering = true;
        let range = match values {
            [lower, upper] if [lower, upper].iter().all(|end| self.end_fits(field, self.slice(end.span))) => {
                Some((format!("{}..{}", self.slice(lower.span), self.slice(upper.span)), operand.end()))
            }
            [range] if self.is_range(field, range.text()) => Some((self.slice(range.span).to_owned(), operand.end())),
            [lower] => {
                let rest = self.nearby(operand.end());
                let word = rest.trim_start();
                let separators = [",", "to ", "TO ", "- ", "– ", "& ", "and "];
                let upper = separators.iter().find_map(|separator| word.strip_prefix(separator)).unwrap_or(word);
                let upper = upper.trim_start();
                let len = upper.find(|char: char| char.is_whitespace() || char == ')').unwrap_or(upper.len());
                let end = operand.end() + (rest.len() - upper.len()) + len;
                let upper = upper.get(..len).unwrap_or_default();
                let is_upper =
                    upper.starts_with(|char: char| char.is_alphanumeric() || matches!(char, '$' | '.' | '-'));
                let is_upper =
                    is_upper && super::is_value(upper) && !self.catalog.knows(upper) && !upper.contains("..");
                let ends = [self.slice(lower.span), upper];
                let is_upper = is_upper && ends.iter().all(|end| self.end_fits(field, end));
                is_upper.then(|| (format!("{}..{upper}", self.slice(lower.span)), end))
            }
            _ => None,
        };
        let diagnostic = Diagnostic::new(Kind::IncompleteBetween, operator.to(operand));
        if let Some((_, end)) = &range {
            self.skip_to(*end);
        } else if self.peek().is_some_and(|next| matches!(next.terminal, Terminal::Connective | Terminal::Conjunction))
            && self.ahead().nth(1).is_some_and(|next| next.terminal == Terminal::End)
        {
            // The `and` of `between 1 and` is a part of it.
            self.next();
        }
        self.report(match range {
            Some((range, end)) => {
                let text = format!(" in {range}");
                let not = if self.slice(operator).to_ascii_lowercase().starts_with("not") { " not" } else { "" };
                let place = Span::new(field.end(), end);
                diagnostic.fix(Fix::replace(
                    format!("write `{}in {range}`", not.trim_start()),
                    place,
                    format!("{not}{text}"),
                ))
            }
            None => diagnostic.help("write `between 1 and 5` or `in 1..5`; both ends are included"),
        });
    }

    /// A value that is in quotes only in part.
    pub(super) fn adjoining_quote(&mut self, span: Span) {
        self.recovering = true;
        let slice = self.slice(span);
        // `'don't'` and `'I don't know'`: the apostrophe ended the string.
        if slice.starts_with('\'') {
            let rest = self.nearby(span.start() + 1);
            let ends = |place: usize| {
                self.text
                    .get(span.start() + 1 + place + 1..)
                    .is_none_or(|after| after.is_empty() || after.starts_with([' ', ')', ',', '\n', '\t']))
            };
            let end = rest.match_indices('\'').map(|(place, _)| place).find(|place| ends(*place));
            if let Some((inside, end)) = end.and_then(|end| Some((rest.get(..end)?, span.start() + end + 2))) {
                let whole = Span::new(span.start(), end);
                let diagnostic = Diagnostic::new(Kind::AdjoiningQuote, whole)
                    .help("a value that holds an apostrophe is put in double quotes");
                let diagnostic = self.offer_quotes(diagnostic, self.field, whole, inside);
                self.report(diagnostic);
                self.skip_to(end);
                return;
            }
        }
        let text: String = slice.chars().filter(|char| !matches!(char, '"' | '\'')).collect();
        let diagnostic = Diagnostic::new(Kind::AdjoiningQuote, span)
            .help("quotes go around the whole value, and white space follows them");
        let before = self.text.get(..span.start()).unwrap_or_default();
        let after = self.text.get(span.end()..).unwrap_or_default();
        let touches = before.ends_with(char::is_alphanumeric)
            || !(after.is_empty() || after.starts_with(|char: char| char.is_whitespace() || "),]".contains(char)));
        let negated = self.negated_before_quote(span).filter(|_| !touches);
        let diagnostic = negated.into_iter().fold(diagnostic, Diagnostic::fix);
        let diagnostic = if touches { diagnostic } else { self.offer_quotes(diagnostic, self.field, span, &text) };
        self.report(diagnostic);
    }

    /// `output:-"refund policy"` as `-output:"refund policy"`.
    fn negated_before_quote(&self, span: Span) -> Option<Fix> {
        let quoted = self.slice(span).strip_prefix('-')?;
        let (inside, rest) = super::string::split(quoted)?;
        let until = |place: usize| self.text.get(..place).unwrap_or_default();
        let is_natural = until(span.start()).trim_end().ends_with(':');
        let is_sound = rest.is_empty() && self.fits(self.field, inside) && super::string::unescape(inside).is_ok();
        if !is_natural || !is_sound || until(self.field.start()).ends_with('-') {
            return None;
        }
        let title = format!("write `-{}:{}`", self.slice(self.field), excerpt(quoted));
        let minus = Span::new(span.start(), span.start() + 1);
        Some(Fix::new(title, vec![Edit::insert(self.field.start(), "-"), Edit::remove(minus)]))
    }

    /// `start_time > 2024-06-01 10:00`, where the time was read as a field, a colon and a value.
    pub(super) fn is_time_of_day(&self, last: LastClause, field: Span) -> bool {
        let hour = self.slice(field);
        last.joined.is_none()
            && last.is_bare
            && hour.len() <= 2
            && hour.bytes().all(|byte| byte.is_ascii_digit())
            && self.text.get(field.end()..).is_some_and(|rest| rest.starts_with(':'))
            && self.slice(last.value).matches(['-', '/', '.']).count() == 2
    }

    pub(super) fn split_time(&mut self, last: LastClause, field: Span) {
        self.skip_operand();
        let whole = last.value.to(Span::new(field.start(), self.consumed()));
        let mended = self.slice(last.value).to_owned() + "T" + self.slice(Span::new(field.start(), self.consumed()));
        let mended = Type::Time.guess(&mended).unwrap_or(mended);
        let kind = Kind::InvalidTime { text: excerpt(self.slice(whole)) };
        let diagnostic =
            Diagnostic::new(kind, whole).help("a date and its time are joined by a `T`, or put in quotes together");
        let is_time = Type::Time.fits(&mended) && self.fits(last.field, &mended);
        self.retract();
        self.report(if is_time { diagnostic.fix(Fix::write(whole, mended)) } else { diagnostic });
    }

    /// A text that is JSON has only this one thing wrong with it.
    pub(super) fn recognise_json(&mut self) -> bool {
        let text = self.text.trim_start();
        let end = self.text.trim_end().len();
        let start = self.text.len() - text.len();
        let Some(inside) = text.strip_prefix(['{', '[']).map(str::trim_start) else { return false };
        let object = text.starts_with('{');
        let is_json =
            if object { inside.is_empty() || inside.starts_with(['"', '}']) } else { inside.starts_with('{') };
        if is_json {
            self.findings = Findings::default();
            self.report(Diagnostic::new(Kind::JsonAsQuery, Span::new(start, end)));
            return true;
        }
        // `{model: a}`
        if let Some(bare) =
            self.text.trim_end().strip_suffix('}').filter(|_| object && inside.starts_with(char::is_alphabetic))
        {
            let brace = |place| Edit::remove(Span::new(place, place + 1));
            let edits = vec![brace(start), brace(bare.len())];
            let kind = Kind::Unexpected { found: "{".to_owned() };
            let title = "remove the braces".to_owned();
            self.findings = Findings::default();
            self.report(Diagnostic::new(kind, Span::new(start, start + 1)).fix(Fix::new(title, edits)));
            return true;
        }
        false
    }

    pub(super) fn unclosed_quote(&mut self, span: Span) {
        let opener = self.slice(span).chars().next().unwrap_or('"');
        let mark = closer(opener).unwrap_or(opener);
        let quote_span = Span::new(span.start(), span.start() + opener.len_utf8());
        let diagnostic = Diagnostic::new(Kind::UnclosedQuote, quote_span);
        let word = self.last.take().filter(|last| last.value.end() == span.start() && last.is_bare);
        if mem::replace(&mut self.recovering, true) {
            return;
        }
        let diagnostic = if let Some(last) = word {
            let whole = self.run_from(last.value.start());
            let help = "a value that holds an apostrophe is put in double quotes";
            self.offer_quotes(diagnostic.help(help), last.field, whole, self.slice(whole))
        } else if matches!(opener, '"' | '\'') && !self.text.trim_end().ends_with('\\') {
            diagnostic.fix(Fix::replace("close it at the end", Span::at(self.text.trim_end().len()), mark.to_string()))
        } else {
            diagnostic
        };
        self.report(diagnostic);
    }

    /// A quote in a name or key that is never closed; where it should be, nobody knows.
    pub(super) fn unclosed_name(&mut self, span: Span) {
        let len = self.slice(span).chars().next().map_or(0, char::len_utf8);
        let mark = Span::new(span.start(), span.start() + len);
        self.report(Diagnostic::new(Kind::UnclosedQuote, mark).help("close it behind the name or the key"));
    }

    /// A call as of a function, `now()`, where a value ends and a parenthesis begins.
    pub(super) fn call(&mut self, last: LastClause, opening: Span) {
        self.swallowed = true;
        let run = self.run_from(last.value.start());
        let word = self.slice(run).split_whitespace().next().unwrap_or_default();
        let word = Span::new(last.value.start(), last.value.start() + word.len());
        let ty = self.field_at(last.field).map(Field::ty);
        self.recovering = true;
        for span in [run, word] {
            if let (Some(ty @ Type::Time), true) = (ty, span.end() > opening.start())
                && let Some(mended) = ty.guess(self.slice(span))
            {
                self.report_value(last, span, ty, Some(&mended));
                self.skip_to(span.end());
                return;
            }
        }
        let kind = Kind::Unexpected { found: "(".to_owned() };
        self.report(
            Diagnostic::new(kind, opening)
                .help("there are no functions; a value that holds a parenthesis is put in quotes"),
        );
        self.retract();
        self.skip_to(word.end());
        // `now( )`: only the first word was taken.
        let closes = |span| self.slice(span).contains(')');
        if closes(run) && !closes(word) && self.peek().is_some_and(|token| token.terminal == Terminal::Closing) {
            self.next();
        }
    }

    /// `[model] = a`.
    pub(super) fn bracketed_name(&mut self, opening: Span) -> bool {
        let rest = self.nearby(opening.end());
        let Some((name, _)) = rest.split_once(']').filter(|(name, _)| self.catalog.knows(name.trim())) else {
            return false;
        };
        let closing = Span::new(opening.end() + name.len(), opening.end() + name.len() + 1);
        let kind = Kind::Unexpected { found: "[".to_owned() };
        let fix = Fix::new("remove the brackets", vec![Edit::remove(opening), Edit::remove(closing)]);
        self.report(Diagnostic::new(kind, opening).help("a name with spaces is put in quotes").fix(fix));
        self.skip_to(closing.end());
        self.recovering = true;
        true
    }

    /// What stands where it does not belong. Gives whether it stands for a clause.
    pub(super) fn stray(&mut self, span: Span) -> bool {
        let last = self.last.take();
        if mem::replace(&mut self.recovering, true) {
            return false;
        }
        let found = self.slice(span);
        let kind = Kind::Unexpected { found: excerpt(found) };
        if self.text.trim() == "*:*" {
            let whole = Span::new(self.text.len() - self.text.trim_start().len(), self.text.trim_end().len());
            self.report(Diagnostic::new(kind, span).help("everything is written `*`").fix(Fix::write(whole, "*")));
            return false;
        }
        let is_symbol = found.starts_with(['<', '>', '=', '!', '~', ':']);
        match (found, last) {
            (",", Some(last)) if last.joined.is_none() => {
                let diagnostic = self.comma_after(last, span, kind);
                self.report(diagnostic);
            }
            ("&" | "|", last) => self.single_sign(last, span, kind),
            (_, Some(last)) if is_symbol && last.value.end() == span.start() && last.joined.is_none() => {
                self.sign_in_value(last, span, kind);
            }
            (_, Some(last)) if is_symbol => return self.comparison_alone(last, span, kind),
            (_, Some(last)) if last.value.end() == span.start() && last.is_bare => {
                self.sign_in_value(last, span, kind);
            }
            _ => self.report(Diagnostic::new(kind, span)),
        }
        false
    }

    /// A reserved character right behind a bare value.
    fn sign_in_value(&mut self, last: LastClause, span: Span, kind: Kind) {
        let diagnostic = Diagnostic::new(kind, span);
        let value = self.slice(last.value);
        // `a=x;b=y`
        let joined = value.rsplit_once([';', ',']).filter(|(_, name)| self.catalog.knows(name));
        if let Some((first, name)) = joined {
            let place = Span::new(last.value.start() + first.len(), last.value.end() - name.len());
            self.report(diagnostic.help("clauses are joined by `and`").fix(Fix::replace(
                "write `and`",
                place,
                " and ",
            )));
            return;
        }
        let diagnostic = diagnostic.help("a value that holds this character is put in quotes");
        let whole = self.word_from(last.value.start()).filter(|whole| !self.slice(*whole).contains(['"', '\'']));
        let diagnostic = match whole.filter(|_| last.is_bare) {
            Some(whole) => self.offer_quotes(diagnostic, last.field, whole, self.slice(whole)),
            None => diagnostic,
        };
        self.report(diagnostic);
    }

    /// `cost > 1 and < 5`, and `1 < cost < 5`: the second comparison has no field of its own.
    fn comparison_alone(&mut self, last: LastClause, span: Span, kind: Kind) -> bool {
        let stands_for_clause = self.wants_clause();
        let diagnostic = Diagnostic::new(kind, span).help("each comparison has a field of its own");
        let operand = self.skip_foreign_operand();
        let is_clause = self.peek().is_some_and(|token| matches!(token.terminal, Terminal::Symbol | Terminal::Stray));
        let value = operand.filter(|_| !is_clause).map(|operand| self.slice(operand)).unwrap_or_default();
        let turned = keyword::turned(self.slice(last.operator));
        let diagnostic = match (turned, self.catalog.knows(self.slice(last.field))) {
            _ if value.is_empty() => diagnostic,
            (_, true) if self.takes(last.field, self.slice(span)) && self.written_fits(last.field, value) => {
                let name = self.slice(last.field);
                let text = if last.joined.is_some() { format!("{name} ") } else { format!("and {name} ") };
                let text = self.pad_left(span, &text);
                diagnostic.fix(Fix::replace(
                    format!("write `{} {} {value}`", text.trim(), self.slice(span)),
                    Span::at(span.start()),
                    text,
                ))
            }
            (Some(turned), false)
                if last.joined.is_none()
                    && self.catalog.knows(self.slice(last.value))
                    && [turned, self.slice(span)].into_iter().all(|sign| self.takes(last.value, sign))
                    && [self.slice(last.field), value].into_iter().all(|end| self.written_fits(last.value, end)) =>
            {
                let (number, name) = (self.slice(last.field), self.slice(last.value));
                let text = format!("{name} {turned} {number} and {name} {} {value}", self.slice(span));
                self.retract();
                // What it names was no field, and is no error either.
                self.broken.pop();
                diagnostic.fix(Fix::write(last.field.to(operand.unwrap_or(span)), text))
            }
            _ => diagnostic,
        };
        self.report(diagnostic);
        stands_for_clause
    }

    /// A single `&` or `|`.
    fn single_sign(&mut self, last: Option<LastClause>, span: Span, kind: Kind) {
        let is_or = self.slice(span) == "|";
        let behind = self.nearby(span.end());
        let rest = behind.trim_start();
        let next = Span::at(span.end() + behind.len() - rest.len());
        if is_or && foreign::is_epilogue(rest) {
            self.report_epilogue(span, span.start());
            return;
        }
        let word_len = rest.find(|char: char| !char.is_alphabetic()).unwrap_or(rest.len());
        let word = Span::new(next.start(), next.start() + word_len);
        if is_or && foreign::is_preamble(self.slice(word)) {
            self.report(Diagnostic::new(kind, span).fix(Fix::write(span.to(word), "and")));
            self.skip_to(word.end());
            self.go_on(false, span);
            return;
        }
        // `env=prod|staging`
        if let Some(last) = last.filter(|last| is_or && last.joined.is_none())
            && let Some(ours) = self.list_operator(last.field, last.operator)
            && !self.bare_words_ahead().is_empty()
        {
            let run = self.run_from(last.value.start());
            let values: Vec<&str> = self.slice(run).split(['|', ',']).map(str::trim).collect();
            if values.iter().all(|value| super::is_value(value) && self.written_fits(last.field, value)) {
                let place = Span::new(last.field.end(), run.end());
                let text = format!("{ours} ({})", values.join(", "));
                self.report(
                    Diagnostic::new(kind, span).help("several values are written as a list").fix(Fix::replace(
                        format!("write `{}`", excerpt(&text)),
                        place,
                        format!(" {text}"),
                    )),
                );
                self.skip_to(run.end());
                return;
            }
        }
        if self.wants_clause() {
            // Another one behind it would be the next to be unexpected.
            let more = behind.trim_start_matches(|char: char| matches!(char, '&' | '|') || char.is_whitespace());
            let len = behind.get(..behind.len() - more.len()).unwrap_or_default().trim_end().len();
            let fix = self.remove(Span::new(span.start(), span.end() + len));
            self.report(Diagnostic::new(kind, span).fix(fix));
            return;
        }
        let ours = if is_or { keyword::OR } else { keyword::AND };
        let text = self.pad(span, ours);
        self.report(Diagnostic::new(kind, span).fix(Fix::replace(format!("write `{ours}`"), span, text)));
        self.go_on(is_or, span);
    }

    /// Takes a sign for the connective that it stands for.
    fn go_on(&mut self, is_or: bool, span: Span) {
        self.recovering = false;
        if !self.wants_clause() {
            self.connect(is_or, span);
        }
    }

    /// From a place up to the white space or parenthesis that follows; `None` where that is far.
    fn word_from(&self, start: usize) -> Option<Span> {
        let rest = self.nearby(start);
        let len = rest.find(|char: char| char.is_whitespace() || char == ')');
        let len = len.or_else(|| (start + rest.len() == self.text.len()).then_some(rest.len()))?;
        Some(Span::new(start, start + len))
    }

    /// `a = 1,000`, `a = 1,5`, `a = x, y` and `a = x, b = y`.
    fn comma_after(&mut self, last: LastClause, comma: Span, kind: Kind) -> Diagnostic {
        let ty = self.field_at(last.field).map(Field::ty);
        let word = self.word_from(last.value.start()).unwrap_or(last.value);
        let is_number = matches!(ty, Some(Type::Number | Type::Usd | Type::Seconds | Type::Score));
        if let Some(ty) = ty.filter(|_| {
            is_number && self.slice(word).starts_with(|char: char| char.is_ascii_digit() || matches!(char, '-' | '$'))
        }) && word.end() >= comma.end()
            && let Some((mended, help)) = self.number_with_comma(word, ty)
        {
            self.skip_to(word.end());
            self.retract();
            let kind = Kind::InvalidNumber { text: self.slice(word).to_owned() };
            return Diagnostic::new(kind, word).help(help).fix(Fix::write(word, mended));
        }
        let mut values = vec![last.value];
        let mut end = comma;
        loop {
            let mut ahead = self.ahead();
            let Some(token) = ahead.next() else { break };
            let is_value = token.terminal == Terminal::Field
                && ahead.next().is_none_or(|next| {
                    matches!(next.terminal, Terminal::End | Terminal::Connective | Terminal::Closing)
                        || next.terminal == Terminal::Stray && self.slice(next.span) == ","
                });
            let is_comma = token.terminal == Terminal::Stray && self.slice(token.span) == ",";
            if !is_value && !is_comma {
                break;
            }
            drop(ahead);
            self.next();
            end = token.span;
            if is_value {
                values.push(token.span);
            }
        }
        let diagnostic = Diagnostic::new(kind, comma);
        if values.len() == 1 {
            let follows =
                self.peek().is_some_and(|token| matches!(token.terminal, Terminal::Field | Terminal::Opening));
            if follows {
                self.recovering = false;
                self.connect(false, comma);
                let text = " and".to_owned()
                    + if self.slice(Span::new(comma.end(), comma.end() + 1)) == " " { "" } else { " " };
                return diagnostic.help("clauses are joined by `and`").fix(Fix::replace("write `and`", comma, text));
            }
            return diagnostic.fix(self.remove(comma));
        }
        let list: Vec<&str> = values.iter().map(|span| self.slice(*span)).collect();
        let ours = self.list_operator(last.field, last.operator);
        let Some(ours) = ours.filter(|_| list.iter().all(|value| self.written_fits(last.field, value))) else {
            return diagnostic;
        };
        let text = format!(" {ours} ({})", list.join(", "));
        let place = Span::new(last.field.end(), last.value.to(end).end());
        let title = format!("write `{}{}`", self.slice(last.field), excerpt(&text));
        diagnostic.help("several values are written as a list").fix(Fix::replace(title, place, text))
    }
}

fn is_number(text: &str) -> bool {
    crate::types::number::read(text.strip_prefix('$').unwrap_or(text)).is_ok()
}
