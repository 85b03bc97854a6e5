//! Filters with groups that change nothing. The tests in the library's source include this file as well.

use freeplay_filter::Filter;

/// Wraps parts of a filter in groups that change nothing.
pub(crate) fn padded(filter: &Filter) -> Filter {
    match filter {
        Filter::All => Filter::And(vec![]),
        Filter::Field(_) => Filter::Or(vec![filter.clone()]),
        Filter::And(parts) => Filter::And(vec![Filter::And(parts.iter().map(padded).collect())]),
        Filter::Or(parts) => Filter::Or(vec![Filter::Or(parts.iter().map(padded).collect()), Filter::Or(vec![])]),
        Filter::Not(part) => !Filter::And(vec![padded(part)]),
    }
}
