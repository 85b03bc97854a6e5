//! The names of fields.

use std::sync::Arc;

use super::Checker;
use crate::ast::{self, Clause, Predicate, Token};
use crate::catalog::Field;
use crate::diagnostic::{Diagnostic, Fix, Kind, excerpt};
use crate::filter::{Comparison, Op};
use crate::parse::Place;
use crate::{keyword, print};

impl<'c> Checker<'c> {
    /// The catalog's field, if it has one, and the API's name with the key.
    pub(super) fn resolve(
        &mut self,
        written: &ast::Field,
        clause: Option<&Clause>,
    ) -> Option<(Option<&'c Field>, Arc<str>)> {
        let path: &str = &written.path;
        let Some(resolved) = self.settings.catalog.resolve(path) else {
            if self.settings.unknown_fields {
                return Some((None, Arc::from(path)));
            }
            self.unknown_field(written, clause);
            return None;
        };
        let field = resolved.field;
        match resolved.key {
            None if field.is_keyed() => {
                let kind = Kind::MissingKey { field: excerpt(path) };
                let help = format!("a key follows the name: `{}`", field.sample());
                self.report(Diagnostic::new(kind, written.span).help(help));
                None
            }
            Some(_) if !field.is_keyed() => {
                let name_len = path.len() - resolved.key.map_or(0, |key| key.len() + 1);
                let name = path.get(..name_len).unwrap_or(path);
                let kind = Kind::UnexpectedKey { field: excerpt(name) };
                self.report(Diagnostic::new(kind, written.span).fix(Fix::write(written.span, name)));
                None
            }
            None => Some((Some(field), field.shared_name())),
            Some(key) => {
                let is_alias = path.strip_prefix(field.name()).is_none_or(|rest| rest.len() != key.len() + 1);
                let name = is_alias.then(|| [field.name(), ".", key].concat());
                Some((Some(field), Arc::from(name.as_deref().unwrap_or(path))))
            }
        }
    }

    fn unknown_field(&mut self, written: &ast::Field, clause: Option<&Clause>) {
        let path: &str = &written.path;
        let value = match clause.map(|clause| &clause.predicate) {
            Some(Predicate::Natural(value) | Predicate::Compare(_, value)) => Some(value),
            _ => None,
        };
        let named = value.and_then(|value| self.settings.catalog.resolve(value.text()));
        if let (Some(clause), Some(value), Some(named)) = (clause, value, named) {
            if is_existence_test(path) {
                let kind = Kind::ExistenceTest { field: excerpt(value.text()) };
                let help = instead_of_existence(Some(named.field));
                self.report(Diagnostic::new(kind, clause.span).help(help));
                return;
            }
            if let (Predicate::Compare(comparison, _), Token::Word(name)) = (&clause.predicate, &value.token) {
                let turned = keyword::turned(keyword::operator(comparison.op())).unwrap_or("=");
                let turned = if clause.negated { "!=" } else { turned };
                let diagnostic = Diagnostic::new(Kind::UnknownField { field: excerpt(path) }, written.span)
                    .help("the field stands on the left");
                let mended = format!("{name} {turned} {}", print::text(path, Place::Elsewhere));
                let field = named.field;
                let ty = if *comparison == Comparison::Eq { field.ty() } else { field.ty().by_size() };
                let takes = field.compares(comparison.op()) && ty.fits(path);
                let fix = Fix::write(clause.span, mended);
                // It may be a misspelt field too.
                let is_doubtful =
                    path.starts_with(char::is_alphabetic) && !self.settings.catalog.nearest(path).is_empty();
                let fix = if is_doubtful { fix } else { fix.sure() };
                self.report(if takes { diagnostic.fix(fix) } else { diagnostic });
                return;
            }
        }
        let mut diagnostic = Diagnostic::new(Kind::UnknownField { field: excerpt(path) }, written.span);
        if self.findings.has_enough(diagnostic.code()) {
            self.report(diagnostic);
            return;
        }
        let near: Vec<String> = self.settings.catalog.nearest(path).iter().map(|path| print::field(path)).collect();
        if near.is_empty() {
            diagnostic = diagnostic.help("`freeplay-filter --fields` lists the fields");
        }
        self.report(diagnostic.rename(written.span, near));
    }
}

/// What can be written where a test for a value was meant.
pub(crate) fn instead_of_existence(field: Option<&Field>) -> &'static str {
    if field.is_none_or(|field| field.compares(Op::Eq)) {
        "search for the values that are meant, or exclude known ones with `!=`"
    } else {
        "search for words that are meant, or exclude known ones with `not contains`"
    }
}

/// Whether other languages test with this name whether a field has a value.
fn is_existence_test(path: &str) -> bool {
    matches!(path.to_ascii_lowercase().as_str(), "has" | "exists" | "is" | "_exists_" | "missing" | "no" | "_missing_")
}
