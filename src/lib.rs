//! A query language for Freeplay's Search API.

mod filter;
mod limits;
pub mod search;

pub use filter::{Comparison, Condition, FieldBuilder, FieldFilter, Filter, Number, Op, Scalar};
pub use limits::MAX_DEPTH;
