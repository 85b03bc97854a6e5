//! Warnings about valid queries.
//!
//! Lints check the text ([text]), each test ([values], [doubts]), the comments ([comments]), and the tests
//! of a group ([groups]). They only run on queries without errors, so they never explain an error. A false
//! alarm is worse than a missing warning, as it teaches people to ignore warnings.

mod comments;
mod doubts;
mod groups;
mod text;
mod values;

use crate::ast::Query;
use crate::checked::Checked;
use crate::diagnostic::{Diagnostic, Diagnostics, Fix};
use crate::parameters::Parameters;
use crate::span::Span;

/// Returns the warnings for a valid query. Takes O(n log n) time, as it sorts the parts of groups.
pub(crate) fn lint(query: &Query, checked: &Checked, parameters: &Parameters) -> Vec<Diagnostic> {
    let mut found = Diagnostics::default();
    text::lint(query, &mut found);
    values::lint(checked, &query.text, parameters, &mut found);
    comments::lint(query, checked, &mut found);
    groups::lint(checked, &query.text, &mut found);
    found.into_vec()
}

/// Returns the fix that searches for a value or a key as it is written, in quotes.
fn literally(span: Span, quoted: String) -> Fix {
    Fix::replace("put it in quotes to search for it literally", span, quoted)
}
