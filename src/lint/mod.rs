//! Warnings about queries that compile.
//!
//! Lints look at what was written ([text]), at each test ([values]) and at tests side by side
//! ([groups]). They see only queries without an error, so they never explain one, and a false alarm
//! is worse than none: it teaches people to overlook the others.

mod comments;
mod doubts;
mod groups;
mod text;
mod values;

use crate::ast::Query;
use crate::checked::Checked;
use crate::diagnostic::{Diagnostic, Findings};
use crate::parameters::Parameters;

/// Looks through a query that checked without an error. The time is that of sorting its parts.
pub(crate) fn lint(query: &Query, checked: &Checked, parameters: &Parameters) -> Vec<Diagnostic> {
    let mut found = Findings::default();
    text::lint(query, &mut found);
    values::lint(checked, &query.text, parameters, &mut found);
    comments::lint(query, checked, &mut found);
    groups::lint(checked, &query.text, &mut found);
    found.into_vec()
}
