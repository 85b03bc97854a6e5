//! Resolves the name of a field, and reports an unknown field, a missing key and an unexpected one.

use std::sync::Arc;

use super::{Checker, unknown};
use crate::ast::{self, Clause};
use crate::catalog::Field;
use crate::diagnostic::{Diagnostic, Fix, Kind, excerpt};
use crate::filter::Op;

impl<'c> Checker<'c> {
    /// Returns the field in the catalog, if any, and the API's name with the key.
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
                let help = format!("write a key after the name: `{}`", field.example());
                self.report(Diagnostic::new(kind, written.span).help(help));
                None
            }
            Some(_) if !field.is_keyed() => {
                let name_len = path.len() - resolved.key.map_or(0, |key| key.len() + 1);
                let name = path.get(..name_len).unwrap_or(path);
                let kind = Kind::UnexpectedKey { field: excerpt(name) };
                let diagnostic = Diagnostic::new(kind, written.span).candidates(vec![name.to_owned()]);
                self.report(diagnostic.fix(Fix::write(written.span, name)));
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
        let diagnostic = Diagnostic::new(Kind::UnknownField { field: excerpt(path) }, written.span);
        // A diagnostic that will be dropped needs no help.
        let diagnostic = if self.diagnostics.has_enough(diagnostic.code()) {
            diagnostic
        } else {
            unknown::explain(diagnostic, written, clause, self.settings.catalog)
        };
        self.report(diagnostic);
    }
}

/// Describes what to write instead of a test for existence.
pub(crate) fn instead_of_existence(field: Option<&Field>) -> &'static str {
    if field.is_none_or(|field| field.compares(Op::Eq)) {
        "search for specific values, or exclude known ones with `!=`"
    } else {
        "search for specific words, or exclude known ones with `not contains`"
    }
}
