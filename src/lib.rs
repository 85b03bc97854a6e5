//! A query language for Freeplay's Search API.

// The strategies of the tests name the crate from outside.
#[cfg(test)]
extern crate self as freeplay_filter;

pub mod ast;
pub mod catalog;
mod check;
mod compiler;
mod diagnostic;
mod filter;
mod json;
mod keyword;
mod limits;
mod lower;
#[cfg(feature = "matches")]
mod matches;
#[cfg(test)]
#[cfg(feature = "matches")]
mod oracle;
mod parameters;
mod parse;
mod print;
mod raise;
#[cfg(feature = "render")]
mod render;
pub mod search;
mod span;
mod suggest;
mod time;
mod value;

pub use ast::Query;
pub use catalog::Catalog;
pub use compiler::{Compiled, Compiler, Level, compile, parse};
pub use diagnostic::{Code, Diagnostic, Edit, Error, Fix, Kind, Label, Location, Severity, diagnostics_to_json, short};
pub use filter::{Comparison, Condition, FieldBuilder, FieldFilter, Filter, Number, Op, Scalar};
pub use jiff;
pub use limits::{Limits, MAX_DEPTH};
#[cfg(feature = "matches")]
pub use matches::{Record, Stored};
pub use parameters::{Parameter, ParameterError, Parameters};
pub use parse::quote;
#[cfg(feature = "render")]
pub use render::render;
pub use span::{Position, Span};
