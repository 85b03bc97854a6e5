//! The native module of the Python package: settings and strings in, JSON out.
//!
//! The Python code wraps the JSON in classes. Positions in it are in code points.

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

mod compiler;
mod errors;
mod functions;
mod provider;
mod values;

/// The native module of the package.
#[pyo3::pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::compiler::Compiler;
    #[pymodule_export]
    use crate::functions::{builtin_fields, matches, quote, search_request};
}
