//! What a field takes: nothing is offered that it would refuse.

use super::fold::Fold;
use super::string::quote;
use crate::ast::{self, Value};
use crate::catalog::{Field, Type};
use crate::diagnostic::{Diagnostic, Fix};
use crate::filter::Op;
use crate::keyword::{self, Symbol};
use crate::span::Span;

impl Fold<'_, '_> {
    /// The catalog's field that a span names.
    pub(super) fn field_at(&self, field: Span) -> Option<&Field> {
        self.catalog.resolve(self.slice(field).trim_matches(['"', '\''])).map(|resolved| resolved.field)
    }

    /// Whether a field takes an operator that is written as a symbol; one that is unknown takes any.
    pub(super) fn takes(&self, field: Span, symbol: &str) -> bool {
        let Some(field) = self.field_at(field) else { return true };
        match keyword::symbol(symbol) {
            Symbol::Compare(comparison) => field.compares(comparison.op()),
            Symbol::NotEqual => field.compares(Op::Eq),
            Symbol::Contains | Symbol::NotContains => field.takes(Op::Contains),
            Symbol::Natural | Symbol::Foreign(_) | Symbol::Unknown => true,
        }
    }

    /// Whether a text can be a value of a field; of one that is unknown, any can.
    pub(super) fn fits(&self, field: Span, text: &str) -> bool {
        let Some(ty) = self.field_at(field).map(Field::ty) else { return true };
        if self.is_ordering(field) { ty.by_size() } else { ty }.fits(text)
    }

    /// The same for a value as it is written, with or without quotes.
    pub(super) fn written_fits(&self, field: Span, written: &str) -> bool {
        self.fits(field, written.trim_matches(['"', '\'']))
    }

    /// Whether what is written can be an end of a range.
    pub(super) fn end_fits(&self, field: Span, written: &str) -> bool {
        let ty = self.field_at(field).map_or(Type::Any, |field| field.ty().by_size());
        (ty == Type::Any || ty.is_ordered()) && ty.fits(written.trim_matches(['"', '\'']))
    }

    /// The same for a value that was read.
    pub(super) fn value_fits(&self, field: Span, value: &Value) -> bool {
        match &value.token {
            ast::Token::Word(word) => {
                !word.contains('*') && !word.eq_ignore_ascii_case("null") && self.fits(field, word)
            }
            ast::Token::Quoted(text) => self.fits(field, text),
            ast::Token::Parameter(_) => true,
        }
    }

    /// Whether the operator behind a field asks for an order.
    fn is_ordering(&self, field: Span) -> bool {
        let behind = self.nearby(field.end()).trim_start().to_ascii_lowercase();
        let operator = behind.strip_prefix("not").map_or(&*behind, str::trim_start);
        let is_range = |operand: &str| operand.split_whitespace().next().is_some_and(|word| word.contains(".."));
        operator.starts_with(['<', '>']) && !operator.starts_with("<>")
            || [":<", ":>", "between"].iter().any(|ordering| operator.starts_with(ordering))
            || operator.strip_prefix("in").is_some_and(is_range)
    }

    /// Offers a text in quotes, where its field can hold it; else what the field holds.
    pub(super) fn offer_quotes(&self, diagnostic: Diagnostic, field: Span, place: Span, text: &str) -> Diagnostic {
        let refuses = |known: &&Field| {
            // What is in quotes is no number there.
            known.ty() == Type::Score && self.is_ordering(field) || !known.ty().fits(text)
        };
        match self.field_at(field).filter(refuses) {
            Some(known) => diagnostic.help(known.ty().invalid(String::new()).1),
            None => diagnostic.fix(Fix::write(place, quote(text))),
        }
    }

    /// The operator for a list in place of one for a single value.
    pub(super) fn list_operator(&self, field: Span, operator: Span) -> Option<&'static str> {
        let by_words = self.is_by_words(field);
        let has_words = self.takes(field, "~");
        Some(match self.slice(operator).to_ascii_lowercase().as_str() {
            "=" | "==" | ":" if !by_words => "in",
            "!=" | "<>" if !by_words => "not in",
            "contains" | "~" if !has_words => "in",
            "not contains" | "!~" if !has_words => "not in",
            "=" | "==" | ":" | "contains" | "~" => "contains any",
            "!=" | "<>" | "not contains" | "!~" => "not contains any",
            _ => return None,
        })
    }

    /// Whether a field is only searched by words.
    pub(super) fn is_by_words(&self, field: Span) -> bool {
        self.field_at(field).is_some_and(|field| !field.takes(Op::Eq) && field.ty() == Type::Text)
    }

    /// Whether a text is two values of a field with two dots between them.
    pub(super) fn is_range(&self, field: Span, text: &str) -> bool {
        text.split_once("..").is_some_and(|(lower, upper)| {
            [lower, upper].into_iter().all(|end| !end.is_empty() && self.end_fits(field, end))
        })
    }
}
