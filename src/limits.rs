//! Limits on the size of untrusted input.

/// The maximum nesting depth. Parentheses and `not` in a query, and `and`, `or` and `not` in a
/// filter, all count against it.
///
/// 60 levels of `and` or `or` are 120 levels of JSON. With a clause inside and a request body around
/// them, they stay below the 127 levels that `serde_json`, like other parsers, accepts. The limit is
/// therefore fixed.
pub const MAX_DEPTH: usize = 60;

/// Limits on the size of a query and of a filter's JSON. Each limit is checked before the work that
/// it bounds, and the message of a rejected input says which limit was exceeded.
///
/// The defaults are far above what people and tools write, and keep the time for a single query or
/// filter well under a second. [`Compiler::limits`](crate::Compiler::limits) and
/// [`Filter::from_json_within`](crate::Filter::from_json_within) set other limits. Depth is always
/// bounded by [`MAX_DEPTH`], so no setting affects the use of the stack.
///
/// The limits on JSON also hold for the filter that a query compiles to, whatever the query repeats
/// and its parameters contain: a long list on a field with a long key cannot produce output a
/// thousand times the length of the input.
///
/// ```
/// use freeplay_filter::{Compiler, Limits};
///
/// let compiler = Compiler::new().limits(Limits { bytes: 20, ..Limits::default() });
/// let error = compiler.compile("model = gpt-4o and cost > 1").unwrap_err();
/// assert!(error.to_string().contains("longer than 20 bytes"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The length of a query in bytes; 1 MiB by default. Values above 1 GiB count as 1 GiB.
    pub bytes: usize,
    /// The number of clauses in a query; 20,000 by default.
    pub clauses: usize,
    /// The number of values in a list, in a query or a parameter; 20,000 by default.
    pub values: usize,
    /// The length of a filter's JSON in bytes, both when it is read and when a query compiles to it;
    /// 16 MiB by default. Values above 1 GiB count as 1 GiB.
    pub json_bytes: usize,
    /// The number of filters in a filter's JSON, counting groups and their parts; 100,000 by default.
    pub filters: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 1 << 20, clauses: 20_000, values: 20_000, json_bytes: 16 << 20, filters: 100_000 }
    }
}

/// Spans have 32-bit offsets; this bound keeps every offset in range.
pub(crate) const MAX_BYTES: usize = 1 << 30;

/// The maximum number of diagnostics of one code for one text; more are noise and take time to draw.
/// Each code is counted separately, so that warnings never displace errors.
pub(crate) const MAX_DIAGNOSTICS: usize = 20;

/// The help of a diagnostic about an exceeded limit.
pub(crate) const RAISED: &str = "the application can raise this limit";
