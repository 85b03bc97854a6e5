//! A query language for the Search API of [Freeplay](https://freeplay.ai), which records the
//! sessions, traces and completions of LLM applications.
//!
//! The API takes filters as nested JSON: precise, but tedious to write by hand, hard to read in a
//! review, and out of reach for users of a search box. This crate compiles a readable query to that
//! JSON, explains what is wrong with an invalid query and how to fix it, and converts filters back
//! to queries.
//!
//! ```
//! let filter = freeplay_filter::compile("cost >= $0.01 and model in (gpt-4o, o1) and not env = prod")?;
//! assert_eq!(
//!     filter.to_json(),
//!     concat!(
//!         r#"{"and":[{"field":"cost","op":"gte","value":0.01},"#,
//!         r#"{"or":[{"field":"model","op":"eq","value":"gpt-4o"},{"field":"model","op":"eq","value":"o1"}]},"#,
//!         r#"{"not":{"field":"environment","op":"eq","value":"prod"}}]}"#,
//!     ),
//! );
//! # Ok::<(), freeplay_filter::Error>(())
//! ```
//!
//! # Pipeline
//!
//! ```text
//! text ─ parse ─► Query ─ check ─ lint ─ lower ─► Filter ─► JSON
//! JSON ─ json ─► Filter ─ raise ─► Query ─ print ─► text
//! ```
//!
//! - [`compile`] runs the whole pipeline with the default settings. A [`Compiler`] makes them
//!   configurable: the [catalog](Catalog) of fields, the clock and time zone,
//!   [parameters](Parameters), strictness, [limits](Limits), and the level of each warning.
//! - [`parse`] returns a [`Query`], which can be stored, printed, formatted, and compiled later with
//!   different parameters.
//! - [`Filter`] models the API's filters. It can be built in code, and reads and writes JSON, with
//!   or without serde.
//! - [`Error`] contains the problems of a query as [data](Diagnostic): a stable [code](Code), the
//!   position, help, and edits that fix it.
//! - [`language`] is the language reference.
//! - [`editor`] has what a search box needs: completion, highlighting and edits.
//! - [`search`] builds search requests and parses the responses.
//! - `Filter::matches` evaluates a filter on a search result. The answer is unknown where the result
//!   does not contain the data.
//!
//! # Three representations
//!
//! A query passes through three representations, each with its own purpose:
//!
//! - The **AST** ([`ast`]) is the query exactly as it was written, with the span of each part.
//!   Aliases, relative times and parameters are not resolved, and fields and values are not checked.
//!   Use it for tools that work on the text: printing, formatting, and edits from a user interface.
//! - The **checked tree** is private. It has the shape of the AST, with names resolved against the
//!   catalog and values typed. Only the checker creates one, so a checked tree can always be
//!   lowered. Warnings and explanations are computed from it.
//! - The **filter** ([`filter`]) is the API's own model, with absolute times and without spans,
//!   aliases or parameters. Use it to send searches, to build filters in code, and to evaluate them
//!   on records.
//!
//! [`Compiler::raise`] converts a filter back to an AST.
//!
//! # Untrusted input
//!
//! Queries and JSON may come from untrusted users. No input causes a panic, a stack overflow or
//! excessive work: nesting is [bounded](MAX_DEPTH) and length is [limited](Limits) before the work
//! that they would cause, and time and memory are linear in the length of the input. The value of a
//! [parameter](Parameters) or a [quoted](quote) string never becomes syntax, and a query cannot
//! escape the [scope](Filter::scoped) that its filter is placed in. Messages repeat at most one line
//! of the input.
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `cli` (default) | the `freeplay-filter` command |
//! | `render` (in `cli`) | `Error::render`, `Compiled::render_warnings`, `Drawing`: diagnostics drawn under the query |
//! | `matches` (in `cli`) | `Filter::matches`, `Compiler::why`: whether a search result or another record matches a filter, and why |
//! | `http` | a search as an `http::Request` |
//! | `client` | `search::Client`: a blocking client that sends searches over TLS |
//! | `time-zones` (in `cli`) | the system's zone and named zones for [`Compiler::zone`], from the system's database or a bundled one |
//!
//! Without default features the crate has no command-line or drawing dependencies.

#![cfg_attr(docsrs, feature(doc_cfg))]
// Untrusted input must never cause a panic.
#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::todo,
    clippy::unreachable,
    clippy::unwrap_used
)]

// Modules shared with the integration tests refer to the crate by its name.
#[cfg(test)]
extern crate self as freeplay_filter;

pub mod ast;
pub mod catalog;
mod check;
mod checked;
#[cfg(test)]
#[path = "../tests/common/mod.rs"]
mod common;
mod compare;
mod compiler;
mod diagnose;
pub mod diagnostic;
pub mod editor;
#[cfg(test)]
#[path = "../tests/edits/mod.rs"]
mod edits;
pub mod explain;
pub mod filter;
mod foreign;
mod json;
pub mod language;
mod limits;
mod lint;
mod lower;
#[cfg(feature = "matches")]
#[cfg_attr(docsrs, doc(cfg(feature = "matches")))]
pub mod matches;
#[cfg(test)]
#[cfg(feature = "matches")]
mod oracle;
mod parameters;
mod print;
mod raise;
#[cfg(feature = "render")]
mod render;
pub mod search;
mod sketch;
pub mod span;
#[cfg(test)]
#[path = "../tests/strategies/mod.rs"]
mod strategies;
mod syntax;
mod truth;
mod types;
mod visible;

#[doc(inline)]
pub use ast::Query;
#[doc(inline)]
pub use catalog::Catalog;
pub use compiler::{Compiled, Compiler, Level, compile, parse};
#[doc(inline)]
pub use diagnostic::{Applicability, Code, Diagnostic, Edit, Error, Fix};
#[doc(inline)]
pub use filter::{FieldBuilder, Filter};
pub use jiff;
pub use limits::{Limits, MAX_DEPTH};
pub use parameters::{Parameter, ParameterError, Parameters};
#[cfg(feature = "render")]
#[cfg_attr(docsrs, doc(cfg(feature = "render")))]
pub use render::Drawing;
#[doc(inline)]
pub use span::Span;
pub use syntax::quote;
pub use truth::Truth;
pub use visible::{visible, visible_lines};
