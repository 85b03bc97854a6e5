//! Bounds on what strangers may send.

/// How deep groups may nest: parentheses and `not` in a query, and `and`, `or` and `not` in a
/// filter, all count against this one number.
///
/// 60 levels of `and` or `or` are 120 levels of JSON; with a clause inside and a body around them
/// they stay under the 127 that `serde_json`, like other readers, accepts.
pub const MAX_DEPTH: usize = 60;
