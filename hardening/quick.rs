//! The library's tests as one binary: each mutant needs one to be compiled and linked, instead of ten.

#[path = "../tests/cases.rs"]
mod cases;
#[path = "../tests/catalog.rs"]
mod catalog;
#[path = "../tests/diagnostics/main.rs"]
mod diagnostics;
#[path = "../tests/editor/main.rs"]
mod editor;
#[path = "../tests/explain.rs"]
mod explain;
#[path = "../tests/format.rs"]
mod format;
#[path = "../tests/json.rs"]
mod json;
#[path = "../tests/laws.rs"]
mod laws;
#[path = "../tests/limits.rs"]
mod limits;
#[path = "../tests/lints.rs"]
mod lints;
#[path = "../tests/matches.rs"]
mod matches;
#[path = "../tests/results.rs"]
mod results;
#[path = "../tests/text.rs"]
mod text;
#[path = "../tests/values/main.rs"]
mod values;
