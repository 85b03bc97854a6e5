//! Lowering: converts the checked tree to the API's filter. It cannot fail.

use crate::checked::{Bound, Checked, Condition, Test};
use crate::filter::{self, FieldFilter, Filter};

/// Returns the filter for a checked query.
///
/// Directly nested groups of one kind are merged, and a group with one part is replaced by the part.
/// Nothing else changes: no comparison is inverted under a `not`.
pub(crate) fn lower(checked: Checked) -> Filter {
    match checked {
        Checked::All => Filter::All,
        Checked::Test(test) => lower_test(test),
        Checked::Not(part) => !lower(*part),
        Checked::And(parts) => Filter::all_of(parts.into_iter().map(lower)),
        Checked::Or(parts) => Filter::any_of(parts.into_iter().map(lower)),
    }
}

fn lower_test(test: Test) -> Filter {
    let filter = lower_condition(test.condition, &|condition| {
        Filter::Field(FieldFilter { field: test.field.clone(), condition })
    });
    if test.clause.negated { !filter } else { filter }
}

fn lower_condition(condition: Condition, field: &impl Fn(filter::Condition) -> Filter) -> Filter {
    let bound = |bound: Bound| field(filter::Condition::Compare(bound.comparison, bound.value));
    match condition {
        Condition::Compare(comparison, value) => field(filter::Condition::Compare(comparison, value)),
        Condition::Contains(value) => field(filter::Condition::Contains(value)),
        Condition::Between(lower, upper) => field(filter::Condition::Between(lower, upper)),
        Condition::Within(lower, upper) => Filter::all_of(lower.into_iter().chain(upper).map(bound)),
        Condition::Any(parts) => Filter::any_of(parts.into_iter().map(|part| lower_condition(part, field))),
        Condition::Every(parts) => Filter::all_of(parts.into_iter().map(|part| lower_condition(part, field))),
    }
}
