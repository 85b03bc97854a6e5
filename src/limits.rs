//! Bounds on what strangers may send.

/// How deep groups may nest: parentheses and `not` in a query, and `and`, `or` and `not` in a
/// filter, all count against this one number.
///
/// 60 levels of `and` or `or` are 120 levels of JSON; with a clause inside and a body around them
/// they stay under the 127 that `serde_json`, like other readers, accepts. For that reason the
/// limit is fixed.
pub const MAX_DEPTH: usize = 60;

/// How much a query and a filter's JSON may hold. Each limit is checked before the work that it
/// bounds, and each refusal names the limit that raises it.
///
/// The defaults are far above what people and their tools write, and keep the time for a single
/// query or filter well under a second. [`Compiler::limits`](crate::Compiler::limits) and
/// [`Filter::from_json_within`](crate::Filter::from_json_within) take others; depth is always
/// bounded by [`MAX_DEPTH`], so no limit makes the stack grow.
///
/// What compiles within some limits has JSON within them, whatever was repeated in the query or
/// filled in for its parameters: a long list of long keys is no way to a thousand times its length.
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
    /// The length of a query's text in bytes: 1 MiB. At most 1 GiB counts.
    pub bytes: usize,
    /// Clauses in a query: 20,000.
    pub clauses: usize,
    /// Values in a list of a query, or in the list of a parameter: 20,000.
    pub values: usize,
    /// The length of a filter's JSON in bytes, where it is read and where a query compiles to it:
    /// 16 MiB. At most 1 GiB counts.
    pub json_bytes: usize,
    /// Filters in a filter's JSON, groups and their parts all counted: 100,000.
    pub filters: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 1 << 20, clauses: 20_000, values: 20_000, json_bytes: 16 << 20, filters: 100_000 }
    }
}

/// Spans count bytes in 32 bits; this keeps every place in a text below their end.
pub(crate) const MAX_BYTES: usize = 1 << 30;

/// Findings of one code reported for one text; more are noise to a reader, and time to whoever
/// draws them. Each code has its own count, so that no warning crowds out an error.
pub(crate) const MAX_FINDINGS: usize = 20;
