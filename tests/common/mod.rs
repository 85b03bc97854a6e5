//! What most tests use: a compiler and the case files.
#![allow(dead_code, reason = "each test uses some of it")]

pub(crate) mod case_files;

use freeplay_filter::Compiler;

/// Returns a compiler for which the time is noon on the last day of March 2024.
pub(crate) fn compiler() -> Compiler {
    Compiler::new().now("2024-03-31T12:00:00Z".parse().unwrap())
}
