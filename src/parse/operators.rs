//! Operators of other languages, and the ones that are meant by them.

use super::fold::Fold;
use super::foreign::{self, Meaning};
use super::string::quote;
use super::{Place, Terminal, Token};
use crate::ast::Predicate;
use crate::diagnostic::{Diagnostic, Edit, Fix, Kind, excerpt};
use crate::filter::Op;
use crate::keyword::{self, Symbol};
use crate::span::Span;

/// What is written for an operator of another language.
struct Translation {
    /// The operator, where the field takes one that says the same or nearly so.
    ours: Option<&'static str>,
    /// The value, where it changes too.
    value: Option<String>,
    help: Option<String>,
}

impl<'a> Fold<'a, '_> {
    /// `=>`, `===` and their like.
    pub(super) fn foreign_symbol(
        &mut self,
        field: Span,
        span: Span,
        ours: Option<&'static str>,
    ) -> Option<Predicate<'a>> {
        let (span, ours) = match ours {
            Some(ours) => (span, Some(ours)),
            None => self.split_symbol(span).map_or((span, None), |(whole, ours)| (whole, Some(ours))),
        };
        match ours {
            Some(ours) => self.answer_symbol(field, span, ours),
            None => {
                let kind = Kind::UnknownOperator { found: excerpt(self.slice(span)) };
                let help = "the operators are = != < <= > >= : contains in between";
                self.report(Diagnostic::new(kind, span).help(help));
                self.skip_foreign_operand();
            }
        }
        None
    }

    /// Answers a symbol that is no operator with the one that is meant, or with what the field takes
    /// instead of that.
    pub(super) fn answer_symbol(&mut self, field: Span, span: Span, ours: &'static str) {
        let meaning = match ours {
            "contains" => Some(Meaning::Pattern { negated: false }),
            _ if self.takes(field, ours) => None,
            "!~" => Some(Meaning::Words { negated: true }),
            _ => Some(Meaning::Sign(ours)),
        };
        if let Some(meaning) = meaning {
            self.translate(field, span, meaning);
            return;
        }
        let kind = Kind::UnknownOperator { found: excerpt(self.slice(span)) };
        self.report(Diagnostic::new(kind, span).fix(Fix::write(span, ours)));
        self.skip_to(span.end());
        self.skip_foreign_operand();
    }

    /// `> =` and `! =`: an operator with a space in it.
    pub(super) fn split_symbol(&self, first: Span) -> Option<(Span, &'static str)> {
        let rest = self.text.get(first.end()..)?;
        let second = rest.trim_start();
        let len = second.find(|char| !matches!(char, '<' | '=' | '>' | '!' | '~')).unwrap_or(second.len());
        let (second, after) = second.split_at_checked(len).filter(|(second, _)| !second.is_empty())?;
        let whole = Span::new(first.start(), self.text.len() - after.len());
        let joined = format!("{}{second}", self.slice(first));
        let ours = match keyword::symbol(&joined) {
            Symbol::Compare(comparison) => keyword::operator(comparison.op()),
            Symbol::NotEqual => "!=",
            Symbol::NotContains => "!~",
            Symbol::Foreign(ours) => ours,
            Symbol::Contains | Symbol::Natural | Symbol::Unknown => return None,
        };
        Some((whole, ours))
    }

    /// `is`, `like` and their like, which the grammar knows.
    pub(super) fn foreign(&mut self, field: Span, operator: Span) -> Option<Predicate<'a>> {
        let rest = self.nearby(operator.start());
        let (len, meaning) = foreign::phrase(rest).unwrap_or((0, Meaning::Sign("=")));
        let phrase = operator.to(Span::new(operator.start(), operator.start() + len));
        self.translate(field, phrase, meaning);
        None
    }

    /// Answers an operator of another language with the one that is meant, if the field takes it.
    pub(super) fn translate(&mut self, field: Span, phrase: Span, meaning: Meaning) {
        self.skip_to(phrase.end());
        let operand = self.skip_foreign_operand();
        self.recovering = true;
        let value = operand.map(|span| self.slice(span)).unwrap_or_default();
        let is_null = ["null", "none", "nil", "undefined"].iter().any(|null| null.eq_ignore_ascii_case(value));
        if meaning == Meaning::Existence || (is_null && matches!(meaning, Meaning::Sign("=" | "!="))) {
            self.report_existence(field, phrase.to(operand.filter(|_| is_null).unwrap_or(phrase)));
            return;
        }
        let Translation { ours, value: new_value, help } = self.translation(field, phrase, meaning, value);
        let text = self.slice(phrase);
        // `model.contains("a")`
        let is_method = text.starts_with('.');
        let is_pattern = matches!(meaning, Meaning::Pattern { .. }) && !value.is_empty() && !is_words(value);
        let mut diagnostic = if is_pattern {
            let kind = Kind::RegularExpression { text: excerpt(value) };
            Diagnostic::new(kind, phrase.to(operand.unwrap_or(phrase)))
        } else {
            let found = if is_method { format!("{}(…)", excerpt(text)) } else { excerpt(text) };
            Diagnostic::new(Kind::UnknownOperator { found }, phrase)
        };
        diagnostic.help = help;
        if let Some(ours) = ours {
            let mut edits = vec![Edit { span: phrase, text: self.pad(phrase, ours) }];
            let is_string = !value.starts_with('$') && !super::string::is_quoted(value);
            let quoted = || (is_string && !Place::after(ours).takes(value)).then(|| quote(value));
            let new_value = new_value.or_else(quoted);
            edits.extend(new_value.zip(operand).map(|(text, span)| Edit { span, text }));
            if let (Some(operand), Some(first), true, false) =
                (operand, edits.first_mut(), is_method, matches!(meaning, Meaning::In { .. }))
            {
                *first = Edit { span: Span::new(phrase.start(), operand.start()), text: format!(" {ours} ") };
                edits.push(Edit::remove(Span::new(operand.end(), self.consumed())));
            }
            diagnostic = diagnostic.fix(Fix { title: format!("write `{ours}`"), edits });
        }
        self.report(diagnostic);
    }

    fn translation(&self, field: Span, phrase: Span, meaning: Meaning, value: &str) -> Translation {
        let known = self.field_at(field);
        let takes = |op| known.is_none_or(|field| field.takes(op));
        let by_words = takes(Op::Contains);
        let as_whole = known.is_none_or(|field| field.compares(Op::Eq));
        let contains = |negated| if negated { "not contains" } else { "contains" };
        let not = |negated, with, without| if negated { with } else { without };
        let text = value.trim_matches(['\'', '"', '/', '%']);
        let name = excerpt(self.slice(field));
        let list = || Some(format!("`{name}` is compared as a whole; list the values that are meant: `in (a, b)`"));
        let (ours, new_value, help) = match meaning {
            Meaning::Sign(sign @ ("=" | "!=")) if as_whole => (Some(sign), None, None),
            Meaning::Sign(sign @ ("=" | "!=")) => (Some(contains(sign == "!=")).filter(|_| by_words), None, None),
            Meaning::Sign(sign) if takes(if sign.starts_with('<') { Op::Lt } else { Op::Gt }) => {
                (Some(sign), None, None)
            }
            Meaning::Sign(_) => (None, None, Some(format!("`{name}` has no order"))),
            Meaning::Words { negated } if by_words => (Some(contains(negated)), None, None),
            Meaning::Part { negated } if by_words => {
                let mended = (value.contains('%') && !text.is_empty()).then(|| quote(&text.replace('%', " ")));
                let help = "`contains` finds whole words, wherever they stand";
                (Some(contains(negated)), mended, Some(help.to_owned()))
            }
            // `like` without a wildcard is only another way to compare.
            Meaning::Part { negated }
                if !value.contains('%') && self.slice(phrase).to_ascii_lowercase().ends_with("like") =>
            {
                (Some(not(negated, "!=", "=")).filter(|_| as_whole), None, None)
            }
            Meaning::Pattern { negated } if by_words => {
                let text = text.strip_suffix("/i").unwrap_or(text);
                let ours = Some(contains(negated)).filter(|_| is_words(text));
                (
                    ours,
                    Some(crate::print::text(text, Place::AfterContains)),
                    Some("`contains` finds whole words".to_owned()),
                )
            }
            Meaning::Words { .. } | Meaning::Part { .. } | Meaning::Pattern { .. } => (None, None, list()),
            Meaning::In { negated } => (Some(not(negated, "not in", "in")), None, None),
            Meaning::Between { negated } => (Some(not(negated, "not between", "between")), None, None),
            Meaning::Existence => (None, None, None),
        };
        Translation { ours, value: new_value, help }
    }

    /// Takes what stands behind an operator of another language: for the grammar it may have been a
    /// field, or a list a group. Gives the span of a single value.
    pub(super) fn skip_foreign_operand(&mut self) -> Option<Span> {
        self.recovering = true;
        match self.peek()? {
            Token { terminal: Terminal::Value | Terminal::Field, span } => {
                self.next();
                Some(span)
            }
            Token { terminal: Terminal::Opening, .. } => {
                self.next();
                let mut first = None;
                let mut closed = false;
                while let Some(token) = self.peek() {
                    let belongs = matches!(
                        token.terminal,
                        Terminal::Value | Terminal::Field | Terminal::Comma | Terminal::Closing
                    ) || token.terminal == Terminal::Stray && self.slice(token.span) == ",";
                    if !belongs {
                        break;
                    }
                    self.next();
                    closed = token.terminal == Terminal::Closing;
                    if closed {
                        break;
                    }
                    first.get_or_insert(token.span);
                }
                self.swallowed |= !closed;
                first
            }
            _ => None,
        }
    }
}

/// Whether a text is made of words, without the signs of a pattern.
fn is_words(text: &str) -> bool {
    let text = text.trim_matches(['\'', '"']);
    !text.is_empty() && text.chars().all(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_'))
}
