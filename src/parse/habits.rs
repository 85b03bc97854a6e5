//! What was meant by words that do not fit: guesses from what people write in other query
//! languages, made only once something is wrong.

use super::clause::Clausal;
use super::fold::{Fold, LastClause};
use super::foreign;
use super::string::quote;
use super::{Terminal, Token};
use crate::catalog::{self, Type};
use crate::check;
use crate::diagnostic::{Diagnostic, Fix, Kind, excerpt};
use crate::keyword;
use crate::span::Span;

impl<'a> Fold<'a, '_> {
    /// A field, or a word that is none, without an operator behind it.
    pub(super) fn missing_operator(&mut self, field: Span, before: Option<LastClause>) -> Clausal<'a> {
        let text = self.slice(field);
        let known = self.catalog.knows(text);
        if let Some(quote) =
            self.peek().filter(|next| next.terminal == Terminal::Unclosed && next.span.start() == field.end())
        {
            self.unclosed_name(quote.span);
            self.next();
            return Clausal::Broken;
        }
        if let Some(last) = before.filter(|_| !known)
            && self.spaced_value(last, field)
        {
            return Clausal::Swallowed;
        }
        if self.foreign_comment(field) || self.selection(field) || self.epilogue(field) {
            return self.left_out();
        }
        if text.starts_with('-') {
            self.lone_minus(field);
            return Clausal::Broken;
        }
        if self.foreign_sign(field) || self.existence_word(field) {
            return Clausal::Broken;
        }
        if known {
            self.operator_in_words(field);
            return Clausal::Broken;
        }
        match before {
            Some(last) if last.joined.is_some() => {
                self.repeat_field(last, field);
                return Clausal::Broken;
            }
            Some(last)
                if self.misplaced_joiner(field) || self.spaced_list(last, field) || self.spaced_text(last, field) =>
            {
                return Clausal::Swallowed;
            }
            _ => {}
        }
        if !self.preamble(field) && !self.function_of_field(field) && !self.spaced_name(field) {
            self.text_alone(field);
        }
        self.left_out()
    }

    /// What stands in for a word that is no clause: nothing, but where a clause must be.
    fn left_out(&self) -> Clausal<'a> {
        if self.wants_clause() { Clausal::Broken } else { Clausal::Swallowed }
    }

    /// Takes the tokens that begin before a place.
    pub(super) fn skip_to(&mut self, end: usize) {
        let mut open = 0_usize;
        while let Some(token) = self.peek().filter(|token| token.span.start() < end && token.terminal != Terminal::End)
        {
            self.next();
            match token.terminal {
                Terminal::Opening => open += 1,
                Terminal::Closing => open = open.saturating_sub(1),
                _ => {}
            }
        }
        self.swallowed |= open > 0;
    }

    /// The text from a place up to a connective, a parenthesis that closes, or the line's end.
    pub(super) fn run_from(&self, start: usize) -> Span {
        const LONGEST: usize = 200;
        let rest = self.nearby(start);
        let mut depth = 0_usize;
        let mut before = ' ';
        let mut end = rest.len();
        for (place, char) in rest.char_indices() {
            let word = rest.get(place..).unwrap_or_default();
            let stops = match char {
                '(' | '[' => {
                    depth += 1;
                    false
                }
                ')' | ']' if depth > 0 => {
                    depth -= 1;
                    false
                }
                ')' | ']' | '\n' => true,
                _ => before.is_whitespace() && begins_with_connective(word),
            };
            if stops || place > LONGEST {
                end = place;
                break;
            }
            before = char;
        }
        let run = rest.get(..end).unwrap_or_default().trim_end();
        Span::new(start, start + run.len())
    }

    /// An edit that takes a span out, with the white space behind it, or at the text's end before it.
    pub(super) fn remove(&self, span: Span) -> Fix {
        let after = self.text.get(span.end()..).unwrap_or_default();
        let before = self.text.get(..span.start()).unwrap_or_default();
        let end = self.text.len() - after.trim_start().len();
        let start = if end == self.text.len() { before.trim_end().len() } else { span.start() };
        // Two words that it stood between do not become one.
        let glues = !before.is_empty() && !before.ends_with(|char: char| char.is_whitespace() || "([".contains(char));
        let gap = if glues && end < self.text.len() { " " } else { "" };
        Fix::replace(format!("remove `{}`", excerpt(self.slice(span))), Span::new(start, end), gap)
    }

    /// A word for a place, apart from what touches it.
    pub(super) fn pad(&self, place: Span, word: &str) -> String {
        let before = self.text.get(..place.start()).unwrap_or_default();
        let after = self.text.get(place.end()..).unwrap_or_default();
        let left = if before.is_empty() || before.ends_with(char::is_whitespace) { "" } else { " " };
        let right = if after.is_empty() || after.starts_with(char::is_whitespace) { "" } else { " " };
        format!("{left}{word}{right}")
    }

    /// `5 seconds`, `7 days ago`, `now - 7d`, `5 USD`: one value of its field's type, with spaces.
    fn spaced_value(&mut self, last: LastClause, field: Span) -> bool {
        let near =
            || self.catalog.nearest(self.slice(last.field)).paths.first().and_then(|near| self.catalog.get(near));
        let Some(ty) = self.field_at(last.field).or_else(near).map(catalog::Field::ty) else { return false };
        let minus = last.joined.is_some_and(|joined| self.slice(joined) == "-");
        if !ty.is_ordered() || !last.is_bare || (last.joined.is_some() && !minus) {
            return false;
        }
        let run = self.run_from(last.value.start());
        if self.exclusive_range(last, run, ty) {
            return true;
        }
        let mut end = run.end();
        while end >= field.end() {
            let span = Span::new(last.value.start(), end);
            if let Some(mended) = ty.guess(self.slice(span)) {
                self.report_value(last, span, ty, Some(&mended));
                if minus {
                    self.forget_negation();
                }
                self.skip_to(end);
                return true;
            }
            let shorter = self.slice(span).trim_end().rfind(char::is_whitespace);
            end = shorter.map_or(0, |place| {
                last.value.start() + self.slice(span).get(..place).map_or(0, |text| text.trim_end().len())
            });
        }
        let is_word = self.slice(field).starts_with(char::is_alphanumeric);
        if minus || !is_word || foreign::joiner(self.slice(field)).is_some() || self.is_epilogue(field) {
            return false;
        }
        let words = self.bare_words_ahead();
        let whole = last.value.to(words.last().copied().unwrap_or(field));
        self.report_value(last, whole, ty, None);
        true
    }

    /// `{1 TO 5}`, without its ends.
    fn exclusive_range(&mut self, last: LastClause, run: Span, ty: Type) -> bool {
        let text = self.slice(run);
        let inside = text.strip_prefix('{').and_then(|text| text.split_once('}'));
        let ends = inside.and_then(|(inside, _)| inside.split_once(" TO "));
        let fit = |ends: &(&str, &str)| ty.fits(ends.0.trim()) && ty.fits(ends.1.trim());
        let Some((lower, upper)) = ends.filter(fit) else { return false };
        let whole = Span::new(run.start(), run.start() + lower.len() + upper.len() + 6);
        let name = self.slice(last.field);
        let fix =
            Fix::write(last.field.to(whole), format!("({name} > {} and {name} < {})", lower.trim(), upper.trim()));
        let (kind, _) = ty.invalid(excerpt(self.slice(whole)));
        self.retract();
        self.report(Diagnostic::new(kind, whole).help("`in 1..5` includes both ends").fix(fix));
        self.skip_to(whole.end());
        true
    }

    /// Reports a value that is none of its field's type, in place of its clause.
    pub(super) fn report_value(&mut self, last: LastClause, span: Span, ty: Type, mended: Option<&str>) {
        let text = excerpt(self.slice(span));
        let (kind, help) = ty.invalid(text);
        let mut diagnostic = Diagnostic::new(kind, span);
        match mended {
            Some(mended) => {
                let since = mended.starts_with("now-") && matches!(self.slice(last.operator), "=" | "==" | ":");
                diagnostic = diagnostic.fix(if since {
                    Fix::replace(
                        format!("write `>= {mended}`"),
                        last.operator.to(span),
                        self.pad_left(last.operator, &format!(">= {mended}")),
                    )
                } else {
                    Fix::write(span, mended)
                });
            }
            None => diagnostic = diagnostic.help(help),
        }
        self.retract();
        self.report(diagnostic);
    }

    /// A text for a place, apart from what touches it on the left.
    pub(super) fn pad_left(&self, place: Span, text: &str) -> String {
        let touches = !self.text.get(..place.start()).unwrap_or_default().ends_with(char::is_whitespace);
        format!("{}{text}", if touches { " " } else { "" })
    }

    /// `// …`, `-- …` and `/* … */` behind a query.
    fn foreign_comment(&mut self, field: Span) -> bool {
        let text = self.slice(field);
        let Some(mark) = ["//", "--", "/*"].into_iter().find(|mark| text.starts_with(mark)) else { return false };
        let place = Span::new(field.start(), field.start() + mark.len());
        let mut diagnostic = Diagnostic::new(Kind::Unexpected { found: mark.to_owned() }, place);
        let rest = self.slice(Span::new(field.start(), self.text.len()));
        let close = if mark == "/*" { rest.find("*/").map(|close| close + 2) } else { rest.find('\n') };
        let end = field.start() + close.unwrap_or(rest.len());
        if mark == "/*" {
            let whole = Span::new(field.start(), end);
            diagnostic = diagnostic.help("a comment begins with `#` and ends with its line").fix(self.remove(whole));
        } else {
            let begins = field.start() == 0
                || self.text.get(..field.start()).is_some_and(|before| before.ends_with(char::is_whitespace));
            let text = if begins { "#" } else { " #" };
            diagnostic = diagnostic.fix(Fix::replace("write a comment with `#`", place, text));
        }
        self.report(diagnostic);
        self.skip_to(end);
        self.swallowed = true;
        self.recovering = mark != "/*";
        true
    }

    /// `SELECT … FROM … WHERE`.
    fn selection(&mut self, field: Span) -> bool {
        let before = self.text.get(..field.start()).unwrap_or_default();
        let rest = self.nearby(field.start());
        let Some(len) = foreign::selection(rest).filter(|_| before.trim().is_empty()) else { return false };
        let whole = Span::new(field.start(), field.start() + rest.get(..len).unwrap_or_default().trim_end().len());
        let fix = self.remove(whole);
        self.report(
            Diagnostic::new(Kind::Unexpected { found: excerpt(self.slice(field)) }, whole)
                .help("a query is only what stands behind `where`")
                .fix(fix),
        );
        self.skip_to(whole.end());
        self.recovering = false;
        true
    }

    pub(super) fn is_epilogue(&self, field: Span) -> bool {
        foreign::is_epilogue(self.nearby(field.start()))
    }

    /// `ORDER BY …`, `LIMIT 10`.
    fn epilogue(&mut self, field: Span) -> bool {
        if !self.is_epilogue(field) || self.wants_clause() {
            return false;
        }
        self.report_epilogue(field, field.start());
        true
    }

    /// Reports what orders or cuts off the results, from a place to the text's end.
    pub(super) fn report_epilogue(&mut self, word: Span, start: usize) {
        let end = if self.in_group() { self.run_from(start).end() } else { self.text.trim_end().len() };
        let whole = Span::new(start, end);
        let fix = self.remove(whole);
        self.report(
            Diagnostic::new(Kind::Unexpected { found: excerpt(self.slice(word)) }, whole)
                .help("a query says what is found; the order and the number of results are no part of it")
                .fix(fix),
        );
        self.skip_to(whole.end());
    }

    fn lone_minus(&mut self, field: Span) {
        let next = self.peek();
        let mut diagnostic = Diagnostic::new(Kind::LoneMinus, field);
        let is_alone = field.end() - field.start() == 1;
        let negates = |next: &Token| next.terminal == Terminal::Field || self.slice(next.span) == "(";
        if let (true, Some(next)) = (is_alone, next.filter(negates)) {
            let gap = Span::new(field.end(), next.span.start());
            diagnostic = diagnostic.fix(Fix::replace("remove the space", gap, ""));
        }
        self.report(diagnostic);
    }

    /// Signs that only look like those of the language: `≥`, `：`, `（`.
    pub(super) fn foreign_sign(&mut self, field: Span) -> bool {
        let next = self.peek().filter(|token| token.terminal == Terminal::Field).map(|token| token.span);
        let begins = |span: Span| {
            let slice = self.slice(span);
            let found = slice.char_indices().find(|(_, char)| foreign::sign(*char).is_some());
            found.map(|(place, char)| (span.start() + place, char))
        };
        let next = next.filter(|next| self.slice(*next).starts_with(|char| foreign::sign(char).is_some()));
        let found = |span: Span| begins(span).map(|(start, char)| (span, start, char));
        let Some((token, start, char)) = found(field).or_else(|| next.and_then(found)) else { return false };
        let Some(diagnostic) = foreign::signs(self.text, token, start, char) else { return false };
        self.report(diagnostic);
        let run = self.run_from(field.start());
        self.skip_to(run.end());
        self.recovering = true;
        true
    }

    /// `exists model`, `missing(model)`.
    fn existence_word(&mut self, field: Span) -> bool {
        let word = self.slice(field);
        let is_test = ["exists", "missing", "has", "defined"].iter().any(|test| test.eq_ignore_ascii_case(word));
        let opened = self.ahead().take_while(|token| token.terminal == Terminal::Opening).count();
        let named = self.ahead().nth(opened).filter(|token| token.terminal == Terminal::Field);
        let Some(named) = named.map(|token| token.span) else { return false };
        if !is_test || !self.catalog.knows(self.slice(named)) {
            return false;
        }
        self.report_existence(named, field.to(named));
        self.skip_to(named.end());
        for _ in 0..opened {
            if self.peek().is_some_and(|token| token.terminal == Terminal::Closing) {
                self.next();
            }
        }
        self.recovering = true;
        true
    }

    pub(super) fn report_existence(&mut self, field: Span, place: Span) {
        let help = check::instead_of_existence(self.field_at(field));
        self.report(Diagnostic::new(Kind::ExistenceTest { field: excerpt(self.slice(field)) }, place).help(help));
    }

    /// A field that is known, and behind it no operator: likely one in words.
    fn operator_in_words(&mut self, field: Span) {
        let rest = self.nearby(field.end());
        if let Some((len, meaning)) = foreign::phrase(rest) {
            let space = rest.len() - rest.trim_start().len();
            self.translate(field, Span::new(field.end() + space, field.end() + len), meaning);
            return;
        }
        if rest.starts_with('(')
            && let Some((dot, meaning)) = foreign::method(self.slice(field))
        {
            let name = Span::new(field.start(), field.start() + dot);
            if self.catalog.knows(self.slice(name)) {
                self.translate(name, Span::new(name.end(), field.end()), meaning);
                return;
            }
        }
        let kind = Kind::ExpectedOperator { field: excerpt(self.slice(field)) };
        let diagnostic = Diagnostic::new(kind, field);
        let keyed = self
            .catalog
            .resolve(self.slice(field))
            .is_some_and(|resolved| resolved.key.is_some() && resolved.field.is_keyed());
        if let (true, Some(last)) = (keyed, self.words_before_operator()) {
            let whole = field.to(last);
            let mended = crate::print::field(self.slice(whole));
            self.report(diagnostic.help("a key with spaces is put in quotes").fix(Fix::write(whole, mended)));
            self.skip_clause(last);
            return;
        }
        let words = self.bare_words_ahead();
        self.report(match words.as_slice() {
            [word] => {
                let is_text = self.field_at(field).is_none_or(|field| field.ty() == Type::Text);
                let opens = self.ahead().nth(1).is_some_and(|next| next.terminal == Terminal::Opening);
                let takes_value = is_text && !opens && is_wordlike(self.slice(*word));
                let whole = field.to(*word);
                let mended = format!("{}:{}", self.slice(field), self.slice(*word));
                if takes_value { diagnostic.fix(Fix::write(whole, mended)) } else { diagnostic }
            }
            _ => diagnostic,
        });
    }

    /// Where words follow of which the last has an operator: that last one.
    fn words_before_operator(&self) -> Option<Span> {
        const MOST: usize = 6;
        let mut ahead = self.ahead().take(MOST).peekable();
        loop {
            let token = ahead.next().filter(|token| token.terminal == Terminal::Field)?;
            if self.catalog.knows(self.slice(token.span)) {
                return None;
            }
            match ahead.peek()?.terminal {
                Terminal::Field => {}
                operator if operator.is_operator() => return Some(token.span),
                _ => return None,
            }
        }
    }

    /// Takes the tokens up to a field, and its operator and operand.
    fn skip_clause(&mut self, field: Span) {
        self.skip_to(field.end());
        while self.peek().is_some_and(|token| token.terminal.is_operator() || token.terminal == Terminal::Quantifier) {
            self.next();
        }
        self.skip_operand();
    }

    /// `env = prod or staging`: the field is said once for both.
    fn repeat_field(&mut self, last: LastClause, field: Span) {
        let words = self.bare_words_ahead();
        let whole = field.to(words.last().copied().unwrap_or(field));
        let operator = self.slice(last.operator).to_ascii_lowercase();
        let is_value = words.is_empty() && super::Place::after(&operator).takes(self.slice(whole));
        let value = if is_value { self.slice(whole).to_owned() } else { quote(self.slice(whole)) };
        let diagnostic = Diagnostic::new(Kind::ExpectedOperator { field: excerpt(self.slice(field)) }, field);
        let joined = last.joined.map(|joined| self.slice(joined)).unwrap_or_default();
        let is_or = joined.starts_with(['o', 'O', '|']);
        let repeats =
            matches!(operator.as_str(), "=" | "==" | ":" | "!=" | "<>" | "~" | "!~" | "contains" | "not contains");
        let name = self.slice(last.field);
        let is_negative = operator.starts_with(['!', '<', 'n']);
        let is_words = operator.ends_with('~') || operator.ends_with("contains") || self.is_by_words(last.field);
        // `a = x and a = y` is true of nothing, and `a != x or a != y` of everything.
        let is_senseless = if is_negative { is_or } else { !is_or && !is_words };
        let fits = self.written_fits(last.field, self.slice(whole));
        let diagnostic = if !repeats || !fits || ["true", "false"].contains(&self.slice(field)) {
            diagnostic
        } else if is_senseless {
            let ours = self.list_operator(last.field, last.operator).unwrap_or("in");
            let text = format!("{name} {ours} ({}, {value})", self.slice(last.value));
            diagnostic.fix(Fix::write(last.field.to(whole), text))
        } else {
            let start = self.slice(Span::new(last.field.start(), last.value.start()));
            let text = format!("{start}{value}");
            diagnostic.fix(Fix::replace(format!("repeat the field: `{}`", excerpt(&text)), whole, text))
        };
        self.report(diagnostic);
        self.skip_to(whole.end());
        self.last = Some(LastClause { joined: None, ..last });
    }

    /// `a = x but not b = y`, where `but` is no connective.
    fn misplaced_joiner(&mut self, field: Span) -> bool {
        let Some(ours) = foreign::joiner(self.slice(field)) else { return false };
        let next = self.ahead().next();
        let negated = next.is_some_and(|next| next.terminal == Terminal::Connective);
        let begins = next.is_some_and(|next| {
            matches!(next.terminal, Terminal::Opening | Terminal::Connective)
                || self.catalog.knows(self.slice(next.span))
        });
        if !begins {
            return false;
        }
        let diagnostic = Diagnostic::new(Kind::Unexpected { found: excerpt(self.slice(field)) }, field)
            .help("clauses are joined by `and` and `or`");
        self.report(match ours {
            Some(_) if negated => diagnostic.fix(Fix::write(field, "and")),
            Some(ours) => diagnostic.fix(Fix::write(field, ours)),
            None => diagnostic,
        });
        self.recovering = false;
        self.connect(false, field);
        true
    }

    /// `contains any a, b` without parentheses.
    fn spaced_list(&mut self, last: LastClause, field: Span) -> bool {
        let quantifier = self.slice(last.value).to_ascii_lowercase();
        let operator = self.slice(last.operator).to_ascii_lowercase();
        if !operator.ends_with("contains") || !matches!(quantifier.as_str(), "any" | "all") || !last.is_bare {
            return false;
        }
        let run = self.run_from(field.start());
        let values: Vec<&str> = self.slice(run).split(',').map(str::trim).filter(|value| !value.is_empty()).collect();
        let operator = format!("{operator} {quantifier}");
        let mut diagnostic = Diagnostic::new(Kind::ExpectedList { operator, range: false }, run);
        if values.iter().all(|value| super::is_bare_value(value) || value.starts_with('"')) {
            diagnostic = diagnostic.fix(Fix::write(run, format!("({})", values.join(", "))));
        }
        self.report(diagnostic);
        self.skip_to(run.end());
        true
    }

    /// A value of several words that lacks its quotes.
    fn spaced_text(&mut self, last: LastClause, field: Span) -> bool {
        let is_ordering = self.slice(last.operator).contains(['<', '>']);
        if !last.is_bare || is_ordering || !is_wordlike(self.slice(field)) {
            return false;
        }
        let words = self.bare_words_ahead();
        let whole = last.value.to(words.last().copied().unwrap_or(field));
        let diagnostic = Diagnostic::new(Kind::ExpectedOperator { field: excerpt(self.slice(field)) }, field);
        let help = "a value of several words is put in quotes";
        let diagnostic = self.offer_quotes(diagnostic.help(help), last.field, whole, self.slice(whole));
        self.report(diagnostic);
        true
    }

    /// `where model = a`.
    fn preamble(&mut self, field: Span) -> bool {
        let follows = self
            .ahead()
            .next()
            .is_some_and(|next| matches!(next.terminal, Terminal::Field | Terminal::Opening | Terminal::Connective));
        if !follows || !foreign::is_preamble(self.slice(field)) || !self.wants_clause() {
            return false;
        }
        let fix = self.remove(field);
        self.report(
            Diagnostic::new(Kind::Unexpected { found: excerpt(self.slice(field)) }, field)
                .help("a query begins with its first clause")
                .fix(fix),
        );
        self.recovering = false;
        true
    }

    /// `lower(model) = a`, `count(model) > 5`.
    fn function_of_field(&mut self, function: Span) -> bool {
        let rest = self.nearby(function.end());
        let inside = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inside, _)| inside);
        let Some(inside) = inside.filter(|inside| self.catalog.knows(inside.trim())) else { return false };
        let whole = Span::new(function.start(), function.end() + inside.len() + 2);
        let name = self.slice(function).to_ascii_lowercase();
        let diagnostic = Diagnostic::new(Kind::Unexpected { found: excerpt(self.slice(whole)) }, whole)
            .help("there are no functions");
        // Those that change what is compared, not what is found.
        let is_form =
            matches!(name.as_str(), "lower" | "upper" | "lcase" | "ucase" | "trim" | "date" | "tolower" | "string");
        self.report(if is_form { diagnostic.fix(Fix::write(whole, inside.trim())) } else { diagnostic });
        self.skip_to(whole.end());
        self.recovering = true;
        true
    }

    /// `Response Quality > 3`, a name with a space that is none of the catalog's.
    fn spaced_name(&mut self, field: Span) -> bool {
        let Some(last) = self.words_before_operator() else { return false };
        let whole = field.to(last);
        let name = self.slice(whole);
        let mut diagnostic = Diagnostic::new(Kind::UnknownField { field: excerpt(name) }, whole);
        let near = self.catalog.nearest(name).paths;
        if near.is_empty() {
            let keyed = self.catalog.fields().iter().find(|field| field.ty() == Type::Score && field.is_keyed());
            if let Some(keyed) = keyed {
                let path = crate::print::field(&format!("{}.{name}", keyed.name()));
                diagnostic = diagnostic.help(format!("an evaluation result is written `{}`", excerpt(&path)));
            }
        }
        let near = near.iter().map(|path| crate::print::field(path)).collect();
        self.report(diagnostic.rename(whole, near, false));
        self.skip_clause(last);
        true
    }

    /// A text without a field.
    fn text_alone(&mut self, field: Span) {
        let text = self.slice(field);
        let words = self.bare_words_ahead();
        let whole = field.to(words.last().copied().unwrap_or(field));
        let mut diagnostic = Diagnostic::new(Kind::ExpectedOperator { field: excerpt(text) }, field);
        let next = self.ahead().nth(words.len());
        let ends =
            next.is_none_or(|next| matches!(next.terminal, Terminal::Connective | Terminal::Closing | Terminal::End));
        let since = Type::Time.guess(self.slice(whole)).filter(|time| ends && time.starts_with("now-"));
        if let (Some(since), Some(field)) = (since, self.catalog.of_type(Type::Time)) {
            diagnostic = diagnostic.fix(Fix::write(whole, format!("{} >= {since}", field.name())));
        } else if let Some(name) =
            self.catalog.text_field().filter(|_| is_wordlike(text) || text.starts_with(['"', '\'']))
        {
            let is_quoted = text.starts_with(['"', '\'']) || words.is_empty();
            let value = if is_quoted { self.slice(whole).to_owned() } else { quote(self.slice(whole)) };
            diagnostic = diagnostic.help(format!("texts are searched by field: `{name} contains {}`", excerpt(&value)));
        }
        self.report(diagnostic);
    }

    /// The fields without an operator that follow: words of a text, as it seems.
    pub(super) fn bare_words_ahead(&self) -> Vec<Span> {
        const MOST: usize = 20;
        let mut words = Vec::new();
        let mut ahead = self.ahead().peekable();
        while let Some(token) = ahead.next() {
            let alone = ahead.peek().is_none_or(|next| {
                matches!(
                    next.terminal,
                    Terminal::Field | Terminal::Connective | Terminal::Opening | Terminal::Closing | Terminal::End
                )
            });
            let ends = token.terminal != Terminal::Field || !alone || words.len() == MOST;
            if ends || self.catalog.knows(self.slice(token.span)) || self.is_epilogue(token.span) {
                break;
            }
            words.push(token.span);
        }
        words
    }
}

/// Whether a text begins like a word of prose, and not with a sign.
fn is_wordlike(text: &str) -> bool {
    text.starts_with(|char: char| char.is_alphanumeric() || matches!(char, '_' | '@'))
}

fn begins_with_connective(text: &str) -> bool {
    let word = text.split(|char: char| char.is_whitespace() || char == '(').next().unwrap_or_default();
    keyword::reserved(word).is_some() || text.starts_with("&&") || text.starts_with("||")
}
