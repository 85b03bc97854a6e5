//! Values and keys that a Python function knows.

use std::cell::RefCell;

use freeplay_filter::catalog::Field;
use freeplay_filter::editor;
use freeplay_filter::filter::Scalar;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyString};

use crate::values::scalar;

/// Asks Python functions, and keeps the first exception that one raises.
pub(crate) struct Provider<'py> {
    pub(crate) values: Option<Bound<'py, PyAny>>,
    pub(crate) keys: Option<Bound<'py, PyAny>>,
    pub(crate) raised: RefCell<Option<PyErr>>,
}

impl Provider<'_> {
    fn kept<T: Default>(&self, result: PyResult<T>) -> T {
        result.unwrap_or_else(|error| {
            self.raised.borrow_mut().get_or_insert(error);
            T::default()
        })
    }
}

impl editor::Provider for Provider<'_> {
    fn values(&self, field: &Field, key: Option<&str>, prefix: &str) -> Vec<Scalar> {
        let Some(values) = &self.values else { return Vec::new() };
        let value = |value: PyResult<Bound<PyAny>>| {
            let wrong = || PyTypeError::new_err("values must return strings and numbers");
            scalar(&value?, "a value")?.ok_or_else(wrong)
        };
        self.kept(values.call1((field.name(), key, prefix)).and_then(|found| items(&found)?.map(value).collect()))
    }

    fn keys(&self, field: &Field, prefix: &str) -> Vec<String> {
        let Some(keys) = &self.keys else { return Vec::new() };
        let found = keys.call1((field.name(), prefix));
        self.kept(found.and_then(|found| items(&found)?.map(|key| key?.extract()).collect()))
    }
}

/// The items of what a function returned. A string would be split into its characters.
fn items<'py>(found: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyIterator>> {
    if found.is_instance_of::<PyString>() {
        return Err(PyTypeError::new_err("a list is expected, not a str"));
    }
    found.try_iter()
}
