//! Converts errors to Python exceptions.

use freeplay_filter::Error;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A `ValueError` about an argument.
pub(crate) fn wrong(argument: &str, error: &impl std::fmt::Display) -> PyErr {
    PyValueError::new_err(format!("{argument}: {error}"))
}

/// The `QueryError` for an error.
pub(crate) fn rejected(py: Python, error: &Error) -> PyErr {
    let made = || {
        let make = py.import("freeplay_filter._diagnostics")?.getattr("query_error")?;
        make.call1((error.text(), error.to_json(), error.render(false).trim_end()))
    };
    made().map_or_else(|error| error, PyErr::from_value)
}
