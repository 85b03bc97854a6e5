//! Functions that need a compiler.

use std::cell::RefCell;

use freeplay_filter::Filter;
use freeplay_filter::catalog::Catalog;
use freeplay_filter::span::Unit;
use pyo3::prelude::*;
use pyo3::types::PyDateTime;

use crate::errors::{rejected, wrong};
use crate::provider::Provider;
use crate::values;

/// A longer text is processed without the interpreter's lock. A shorter one takes microseconds, and to get the lock
/// back from a busy thread takes milliseconds.
const LONG: usize = 16 << 10;

/// The settings that queries are compiled with.
#[pyclass(frozen, module = "freeplay_filter._native")]
pub(crate) struct Compiler {
    compiler: freeplay_filter::Compiler,
}

/// The JSON, the warnings as JSON where there are any, and their drawing.
type Compiled = (String, Option<(String, String)>);

#[pymethods]
impl Compiler {
    #[new]
    #[pyo3(signature = (*, catalog, strict, allow_unknown_fields, now, zone, params, text_field))]
    fn new(
        catalog: Option<&str>,
        strict: bool,
        allow_unknown_fields: bool,
        now: Option<&Bound<PyDateTime>>,
        zone: Option<&Bound<PyAny>>,
        params: Option<&Bound<PyAny>>,
        text_field: Option<&str>,
    ) -> PyResult<Compiler> {
        let mut compiler = freeplay_filter::Compiler::new().strict(strict).allow_unknown_fields(allow_unknown_fields);
        if let Some(catalog) = catalog {
            let catalog: Catalog = serde_json::from_str(catalog).map_err(|error| wrong("catalog", &error))?;
            compiler = compiler.catalog(catalog);
        }
        if let Some(now) = now {
            compiler = compiler.now(values::instant(now, "now")?);
        }
        if let Some(zone) = zone {
            compiler = compiler.zone(values::zone(zone)?);
        }
        if let Some(params) = params {
            compiler = compiler.parameters(values::parameters(params)?);
        }
        if let Some(name) = text_field {
            compiler = compiler.text_field(name).map_err(|error| wrong("text_field", &error))?;
        }
        Ok(Compiler { compiler })
    }

    fn compile(&self, py: Python, query: &str, params: Option<&Bound<PyAny>>) -> PyResult<Compiled> {
        let changed =
            params.map(values::parameters).transpose()?.map(|params| self.compiler.clone().parameters(params));
        let compiler = changed.as_ref().unwrap_or(&self.compiler);
        let compiled = unlocked(py, query, || compiler.compile(query)).map_err(|error| rejected(py, &error))?;
        let drawing = || compiled.render_warnings(false).trim_end().to_owned();
        let warnings = (!compiled.warnings.is_empty()).then(|| (compiled.warnings_to_json(), drawing()));
        Ok((compiled.filter.to_json(), warnings))
    }

    fn to_query(&self, py: Python, filter: &str) -> PyResult<String> {
        let raised = unlocked(py, filter, || {
            let filter = Filter::from_json(filter)?;
            self.compiler.raise(&filter).map(|query| query.to_string())
        });
        raised.map_err(|error| rejected(py, &error))
    }

    fn format(&self, py: Python, query: &str) -> PyResult<String> {
        let formatted = unlocked(py, query, || self.compiler.parse(query).map(|query| query.pretty()));
        formatted.map_err(|error| rejected(py, &error))
    }

    fn explain(&self, py: Python, query: &str) -> PyResult<String> {
        let explanation = unlocked(py, query, || self.compiler.explain(query));
        explanation.map(|explanation| explanation.to_string()).map_err(|error| rejected(py, &error))
    }

    fn highlight(&self, py: Python, text: &str) -> PyResult<String> {
        let tokens = unlocked(py, text, || serde_json::to_string(&self.compiler.highlight(text, Unit::Chars)));
        tokens.map_err(|error| wrong("text", &error))
    }

    fn complete<'py>(
        &self,
        text: &str,
        cursor: isize,
        values: Option<Bound<'py, PyAny>>,
        keys: Option<Bound<'py, PyAny>>,
    ) -> PyResult<String> {
        let provider = Provider { values, keys, raised: RefCell::new(None) };
        let cursor = usize::try_from(cursor).map_err(|_| wrong("cursor", &"it counts from 0"))?;
        let completions = self.compiler.complete(text, cursor, Unit::Chars, &provider);
        match provider.raised.into_inner() {
            Some(error) => Err(error),
            None => serde_json::to_string(&completions).map_err(|error| wrong("text", &error)),
        }
    }
}

/// Does work without the interpreter's lock, where it is long.
fn unlocked<T: Send>(py: Python, text: &str, work: impl Send + FnOnce() -> T) -> T {
    if text.len() > LONG { py.detach(work) } else { work() }
}
