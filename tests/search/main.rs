//! What the API answers.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "no test needs a server that misbehaves yet")]

mod responses;
mod world;
