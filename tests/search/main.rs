//! Searches over real HTTP on loopback, with a server that is independent of the library.

#![cfg_attr(not(feature = "client"), allow(dead_code, reason = "only the client needs a server that misbehaves"))]

#[cfg(feature = "client")]
mod client;
#[cfg(all(feature = "client", feature = "cli"))]
mod command;
#[cfg(unix)]
mod curl;
mod errors;
mod responses;
mod schema;
mod server;
mod world;
