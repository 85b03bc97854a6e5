//! The native half of the Python package: settings and strings in, JSON out.
//!
//! The Python half turns the JSON into classes. Positions in it are in code points.

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

mod compiler;
mod errors;
mod functions;
mod provider;
mod values;

/// The native half of the package.
#[pyo3::pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::compiler::Compiler;
    #[pymodule_export]
    use crate::functions::{builtin_fields, matches, quote, search_request};
}
