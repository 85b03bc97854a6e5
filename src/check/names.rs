//! The names of fields.

use std::sync::Arc;

use super::Checker;
use crate::ast;
use crate::catalog::Field;
use crate::diagnostic::{Diagnostic, Fix, Kind, excerpt};
use crate::filter::Op;
use crate::print;

impl<'c> Checker<'c> {
    /// The catalog's field, if it has one, and the API's name with the key.
    pub(super) fn resolve(&mut self, written: &ast::Field) -> Option<(Option<&'c Field>, Arc<str>)> {
        let path: &str = &written.path;
        let Some(resolved) = self.settings.catalog.resolve(path) else {
            if self.settings.unknown_fields {
                return Some((None, Arc::from(path)));
            }
            self.unknown_field(written);
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

    fn unknown_field(&mut self, written: &ast::Field) {
        const FEW: usize = 12;
        let path: &str = &written.path;
        let diagnostic = Diagnostic::new(Kind::UnknownField { field: excerpt(path) }, written.span);
        if self.findings.has_enough(diagnostic.code()) {
            self.report(diagnostic);
            return;
        }
        let catalog = self.settings.catalog;
        let near: Vec<String> = catalog.nearest(path).iter().map(|path| print::field(path)).collect();
        self.report(if near.is_empty() && catalog.fields().len() <= FEW {
            diagnostic.candidates(catalog.fields().iter().map(|field| print::field(field.name())).collect())
        } else {
            diagnostic.rename(written.span, near)
        });
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
