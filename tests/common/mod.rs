//! What several tests use: the case files.
#![allow(dead_code, reason = "each test uses some of it")]

pub(crate) mod case_files;
