//! Checks clauses of a sketch against the catalog.

use super::phrases;
use crate::ast::Token;
use crate::catalog::{Catalog, Field, Resolved};
use crate::check::{self, Settings};
use crate::diagnostic::{Diagnostic, Fix, Kind as Said, excerpt};
use crate::limits::{Limits, MAX_BYTES, RAISED};
use crate::sketch::{self, Item, Kind, Sketch};
use crate::span::Span;
use crate::syntax::string;
use crate::syntax::string::{double_backslashes, is_quoted};
use crate::syntax::{self, Problem, SyntaxError};

/// What rules depend on besides the text: the catalog and the compiler's settings.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) settings: Settings<'c>,
}

impl<'c> Context<'c> {
    pub(crate) fn catalog(&self) -> &'c Catalog {
        self.settings.catalog
    }

    /// Returns the field, and the key, for a name as it is written.
    pub(crate) fn resolve<'p>(&self, path: &'p str) -> Option<Resolved<'c, 'p>> {
        self.catalog().resolve(path)
    }

    /// Returns the field for a name as it is written, even if its key is missing.
    pub(crate) fn field(&self, written: &str) -> Option<&'c Field> {
        let path = string::path(written);
        self.catalog().resolve(&path).map(|resolved| resolved.field)
    }

    /// Returns the field for a name, or the one that it is probably a misspelling of.
    pub(crate) fn likely_field(&self, written: &str) -> Option<&'c Field> {
        self.field(written).or_else(|| {
            let near = self.catalog().nearest(&string::path(written)).paths;
            self.catalog().resolve(near.first()?).map(|resolved| resolved.field)
        })
    }

    /// Checks a clause of a sketch.
    pub(crate) fn clause(&self, sketch: &Sketch, at: usize) -> Vec<Diagnostic> {
        match syntax::clause(sketch.text, sketch.tokens(at), self.settings.limits) {
            Ok(clause) => check::check_clause(&clause, self.settings).1,
            Err(error) => vec![of_syntax(&error, sketch.text, self.settings.limits)],
        }
    }

    /// Returns the values of a clause that are bare words.
    pub(crate) fn words(&self, sketch: &Sketch, at: usize) -> Vec<Span> {
        let clause = syntax::clause(sketch.text, sketch.tokens(at), self.settings.limits);
        let values = clause.iter().flat_map(|clause| clause.predicate.values());
        values.filter(|value| matches!(value.token, Token::Word(_))).map(|value| value.span).collect()
    }

    /// Whether there is a text field.
    pub(crate) fn has_text(&self) -> bool {
        self.settings.text_field.is_some()
    }

    /// Checks text without a field.
    pub(crate) fn text(&self, text: &str, span: Span) -> Vec<Diagnostic> {
        match syntax::text_at(text, span, self.settings.limits) {
            Ok(term) => check::check_text(&term, self.settings),
            Err(error) => vec![of_syntax(&error, text, self.settings.limits)],
        }
    }

    /// Whether text without a field is a valid term.
    pub(crate) fn takes_text(&self, text: &str, span: Span) -> bool {
        self.has_text() && !self.is_reserved(span.of(text)) && !self.text(text, span).iter().any(Diagnostic::is_error)
    }

    /// Whether a bare word is a field, or a word of another language, so that it must be quoted as a term.
    pub(crate) fn is_reserved(&self, written: &str) -> bool {
        !is_quoted(written) && (self.field(written).is_some() || phrases::is_foreign(written))
    }

    /// Checks the syntax of a clause, whatever its field is.
    pub(crate) fn syntax(&self, sketch: &Sketch, at: usize) -> Option<Diagnostic> {
        let error = syntax::clause(sketch.text, sketch.tokens(at), self.settings.limits).err()?;
        Some(of_syntax(&error, sketch.text, self.settings.limits))
    }

    /// Checks the name of a field whose clause cannot be read.
    pub(crate) fn name(&self, text: &str, span: Span) -> Vec<Diagnostic> {
        let path = string::path(span.of(text));
        check::check_name(&crate::ast::Field { span, path }, self.settings)
    }

    /// Whether a text consists of complete clauses that check.
    pub(crate) fn accepts(&self, text: &str) -> bool {
        let sketch = sketch::read(text);
        let is_text = |item: &Item| item.kind == Kind::Text;
        sketch.is_whole() && sketch.items.len() > 1 && !sketch.items.iter().any(is_text) && self.clauses_check(&sketch)
    }

    /// Whether the clauses of a sketch check. Text in it must be quoted, or be all there is, so that a part of
    /// something else is never taken for a term.
    pub(crate) fn clauses_check(&self, sketch: &Sketch) -> bool {
        sketch.items.iter().enumerate().all(|(at, item)| match item.kind {
            Kind::Text => {
                let written = item.span.of(sketch.text);
                (is_quoted(written) || sketch.items.len() == 2) && self.takes_text(sketch.text, item.span)
            }
            Kind::Clause(..) => !self.clause(sketch, at).iter().any(Diagnostic::is_error),
            Kind::Head(_)
            | Kind::All
            | Kind::Join(_)
            | Kind::Not
            | Kind::Open
            | Kind::Close
            | Kind::Sign
            | Kind::Comma
            | Kind::Square
            | Kind::Word
            | Kind::Unclosed
            | Kind::End => true,
        })
    }
}

/// Converts an error of the strict parser to a diagnostic.
pub(crate) fn of_syntax(error: &SyntaxError, text: &str, limits: &Limits) -> Diagnostic {
    let SyntaxError { problem, span } = *error;
    // An empty span is extended to the bracket or sign before it.
    let before = text.get(..span.start()).and_then(|before| before.chars().next_back()).map_or(0, char::len_utf8);
    let span = if span.is_empty() { Span::new(span.start() - before, span.start()) } else { span };
    let found = excerpt(span.of(text));
    let too_many = |what, limit| Diagnostic::new(Said::TooMany { what, limit }, span).help(RAISED);
    match problem {
        Problem::Unexpected => Diagnostic::new(Said::Unexpected { found }, span),
        Problem::UnknownEscape { literal } => Diagnostic::new(Said::UnknownEscape { escape: found }, span)
            .help("write a backslash itself as `\\\\`")
            .fix(Fix::write(literal, double_backslashes(literal.of(text)))),
        Problem::MixedImplicitAnd => Diagnostic::new(Said::MixedImplicitAnd, span),
        Problem::TooLong => {
            let kind = Said::TooLong { what: "query", limit: limits.bytes.min(MAX_BYTES) };
            Diagnostic::new(kind, Span::at(0)).help(RAISED)
        }
        Problem::TooDeep => Diagnostic::too_deep(span),
        Problem::TooManyClauses => too_many("clauses", limits.clauses),
        Problem::TooManyValues => too_many("values in a list", limits.values),
    }
}
