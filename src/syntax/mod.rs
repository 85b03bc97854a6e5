//! Text to tree, for texts that are queries: what grammar/filter.pest matches, and nothing else.
//!
//! `generated` is that grammar, compiled by grammar/compile.rs; `scan` is what it stands on.

#[rustfmt::skip]
mod generated;
mod scan;

pub(crate) use generated::{Rule, read, skip};
pub(crate) use scan::Scan;
#[cfg(test)]
pub(crate) use scan::tokens;
