//! Functions that need no compiler.

use std::collections::BTreeMap;

use freeplay_filter::Filter;
use freeplay_filter::catalog::Catalog;
use freeplay_filter::search::{BaseUrl, Endpoint, RequestError, SearchRequest, Token};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::errors::{rejected, wrong};

/// Writes any string as a literal of the language.
#[pyfunction]
pub(crate) fn quote(text: &str) -> String {
    freeplay_filter::quote(text)
}

/// The built-in fields as JSON.
#[pyfunction]
pub(crate) fn builtin_fields() -> PyResult<String> {
    serde_json::to_string(&*Catalog::builtin()).map_err(|error| wrong("catalog", &error))
}

/// Whether a record matches a filter, both in JSON; `None` if the record lacks the data.
#[pyfunction]
pub(crate) fn matches(py: Python, filter: &str, record: &str) -> PyResult<Option<bool>> {
    let filter = Filter::from_json(filter).map_err(|error| rejected(py, &error))?;
    let record: serde_json::Value = serde_json::from_str(record).map_err(|error| wrong("record", &error))?;
    Ok(filter.matches(&record).known())
}

/// A URL, headers and a body.
type Request = (String, BTreeMap<&'static str, String>, String);

/// A search for the filter in JSON.
#[pyfunction]
#[pyo3(signature = (*, endpoint, project, filter, token, base, page, page_size, include_children))]
#[expect(clippy::too_many_arguments, reason = "those of the Python function")]
pub(crate) fn search_request(
    py: Python,
    endpoint: &str,
    project: &str,
    filter: &str,
    token: &str,
    base: Option<&str>,
    page: u32,
    page_size: u32,
    include_children: bool,
) -> PyResult<Request> {
    let filter = Filter::from_json(filter).map_err(|error| rejected(py, &error))?;
    let built = || {
        let base = base.map(str::parse::<BaseUrl>).transpose()?.unwrap_or_default();
        let request = SearchRequest::builder(endpoint.parse::<Endpoint>()?, project, &filter)
            .base(base)
            .page(page)
            .page_size(page_size)
            .include_children(include_children)
            .build()?;
        let headers = request.headers(&Token::new(token)?);
        let headers = headers.iter().map(|header| (header.name(), header.value().to_owned())).collect();
        Ok((request.url(), headers, request.body().to_owned()))
    };
    built().map_err(|error: RequestError| PyValueError::new_err(format!("{error}; {}", error.help())))
}
