//! Stand-in until the generated parser arrives.
#[allow(clippy::all, clippy::indexing_slicing, clippy::string_slice, dead_code, non_snake_case, unused, unreachable_pub)]
pub(crate) mod generated;
#[allow(clippy::all, clippy::indexing_slicing, clippy::string_slice, dead_code, unused, unreachable_pub)]
pub(crate) mod scan;
