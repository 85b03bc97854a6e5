//! Completions, with what the host knows of its own data.
//!
//! The host is asked between two requests rather than during one, so that it may take its time.

use std::cell::RefCell;

use freeplay_filter::Compiler;
use freeplay_filter::catalog::Field;
use freeplay_filter::editor::{Completion, Provider};
use freeplay_filter::filter::{Number, Scalar};
use freeplay_filter::span::Unit;
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
struct Answer {
    completions: Vec<Completion>,
    /// What the host may know; `None` if only the catalog is asked.
    asked: Option<Asked>,
}

#[derive(Serialize)]
struct Asked {
    what: &'static str,
    field: String,
    key: Option<String>,
    prefix: String,
}

/// The completions at a position, as JSON. `known` is what the host answered when it was asked.
pub fn complete(
    compiler: &Compiler,
    query: &str,
    cursor: usize,
    known: Vec<Value>,
) -> Result<String, serde_json::Error> {
    let host = Host { known, asked: RefCell::default() };
    let completions = compiler.complete(query, cursor, Unit::Utf16, &host);
    serde_json::to_string(&Answer { completions, asked: host.asked.into_inner() })
}

struct Host {
    known: Vec<Value>,
    asked: RefCell<Option<Asked>>,
}

impl Host {
    fn ask(&self, what: &'static str, field: &Field, key: Option<&str>, prefix: &str) -> &[Value] {
        let (field, key, prefix) = (field.name().to_owned(), key.map(str::to_owned), prefix.to_owned());
        self.asked.replace(Some(Asked { what, field, key, prefix }));
        &self.known
    }
}

impl Provider for Host {
    fn values(&self, field: &Field, key: Option<&str>, prefix: &str) -> Vec<Scalar> {
        self.ask("values", field, key, prefix).iter().filter_map(scalar).collect()
    }

    fn keys(&self, field: &Field, prefix: &str) -> Vec<String> {
        let known = self.ask("keys", field, None, prefix);
        known.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// A string or a number; types/index.d.ts allows nothing else.
fn scalar(value: &Value) -> Option<Scalar> {
    let unsigned = || value.as_u64().map(Number::from);
    let negative = || value.as_i64().map(Number::from);
    let float = || value.as_f64().map(Number::from);
    let number = || unsigned().or_else(negative).or_else(float).map(Scalar::from);
    value.as_str().map(Scalar::from).or_else(number)
}
