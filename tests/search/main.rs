//! Searches over real HTTP on loopback, against a server that knows nothing of the library.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "no test needs a server that misbehaves yet")]

mod curl;
mod responses;
mod schema;
mod server;
mod world;
