//! A query language for the Search API of [Freeplay](https://freeplay.ai), where teams watch their
//! LLM applications: sessions, traces and completions.
//!
//! The API takes filters as nested JSON: precise, and miserable to write by hand, to read in a
//! review, or to get from a person in a search box. This crate compiles a readable query to that
//! JSON, tells what is wrong with one and what to write instead, and turns filters back into
//! queries.
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
//! # The way through
//!
//! ```text
//! text ─ parse ─► Query ─ check ─ lower ─► Filter ─ serde ─► JSON
//! JSON ─ serde ─► Filter ─ raise ─► Query ─ print ─► text
//! ```
//!
//! - [`compile`] goes the whole way with the built-in settings. A [`Compiler`] has settings for all
//!   of them: the [catalog](Catalog) of fields, the clock and the zone, [parameters](Parameters),
//!   strictness, [limits](Limits), and what becomes of each warning.
//! - [`parse`] gives the [`Query`], which can be kept, printed, formatted, and compiled again at
//!   another time with other parameters.
//! - [`Filter`] is the API's own model. It is a builder too, and reads and writes JSON, with serde or without.
//! - [`Error`] holds everything that is wrong, as [data](Diagnostic): a stable [code](Code), the
//!   place, help, and edits that mend it.
//! - [`language`] is the reference of the language.
//! - [`editor`] has what a search box needs: completion, highlighting, edits.
//! - [`search`] sends a filter and understands the answer.
//! - `Filter::matches` tests a filter on what a search returned, and says unknown where the results do not say enough.
//!
//! # Input from strangers
//!
//! Queries and JSON may come from anybody. Whatever they hold, nothing panics, overflows the stack
//! or runs away: depth is [bounded](MAX_DEPTH) before the work it causes, length by [`Limits`], and
//! time and memory grow with the length alone. Nothing in a [parameter](Parameters) or a
//! [quoted](quote) text becomes syntax, and no query reaches out of the
//! [scope](Filter::scoped) that its filter is put in. Messages repeat at most a line of the input.
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `cli` (default) | the `freeplay-filter` command |
//! | `render` | `Error::render`, `Compiled::render_warnings`, `Drawing`: diagnostics drawn under the query |
//! | `matches` | `Filter::matches`, `Compiler::why`: whether a search result or another record matches a filter, and why |
//! | `http` | a search as an `http::Request` |
//! | `client` | `search::Client`: sends searches, blocking, over TLS |
//! | `time-zones` (in `cli`) | the system's zone and named zones for [`Compiler::zone`], by the system's database or a bundled one |
//!
//! Without default features the crate needs no command-line or drawing library.

#![cfg_attr(docsrs, feature(doc_cfg))]
// What a stranger sends must not panic.
#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::todo,
    clippy::unreachable,
    clippy::unwrap_used
)]

// What is shared with the tests names the crate from outside.
#[cfg(test)]
extern crate self as freeplay_filter;

pub mod ast;
pub mod catalog;
mod check;
mod checked;
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
