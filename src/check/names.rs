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
                let diagnostic = Diagnostic::new(kind, written.span);
                if let Some(fix) = unknown::operator_in_name(written, clause, self.settings.catalog) {
                    self.report(diagnostic.help(unknown::OPERATOR_IN_NAME).fix(fix));
                    return None;
                }
                if let Some((field, unit)) = unknown::unit_in_name(path, self.settings.catalog) {
                    self.report(unknown::with_unit(diagnostic, written, clause, field, unit));
                    return None;
                }
                // `prompt_template.id`, `model.provider`, `model.name`
                let is_name = |name: &&str| self.settings.catalog.resolve(name).is_some();
                let (joined, key) = (path.replace('.', "_"), resolved.key.unwrap_or_default());
                let meant = [&joined, key].into_iter().find(is_name).unwrap_or(name);
                self.report(diagnostic.candidates(vec![meant.to_owned()]).fix(Fix::write(written.span, meant)));
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
