//! Text to tree: grammar/filter.pest is the language, and `generated` its parser.

#[rustfmt::skip]
mod generated;
mod scan;

pub(crate) use generated::{Rule, read, skip};
#[allow(unused_imports)]
pub(crate) use scan::{Scan, Token, tokens};
