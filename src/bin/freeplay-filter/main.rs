//! Compiles queries to filters for Freeplay's Search API, and converts filters back to queries.

// Untrusted input must never cause a panic.
#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::todo,
    clippy::unreachable,
    clippy::unwrap_used
)]

mod arguments;
mod batch;
mod codes;
mod compile;
mod completions;
mod diagnostics;
mod explain;
mod failure;
mod fields;
mod fmt;
mod input;
// The module with which the library describes the syntax errors of JSON.
#[path = "../../json/words.rs"]
mod json;
mod man;
mod matches;
mod output;
mod record;
mod request;
mod reverse;
mod search;
mod settings;
// The module with which the library quotes the arguments of curl.
#[path = "../../search/shell.rs"]
mod shell;
mod usage;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use failure::Failure;
use output::Console;

fn main() -> ExitCode {
    let result = match usage::arguments() {
        Ok(arguments) => run(&arguments),
        Err(error) if error.use_stderr() => {
            // If standard error is closed, the error cannot be reported.
            let _ = error.print();
            return ExitCode::from(2);
        }
        // Help, or the version.
        Err(page) => page.print().map_err(Failure::Io),
    };
    result.map_or_else(Failure::end, |()| ExitCode::SUCCESS)
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let messages = &arguments.messages;
    usage::set_color(messages.color);
    let mut console = Console::new(messages.message_format);
    let result = match (&arguments.command, &arguments.explain) {
        (Some(Command::Reverse(command)), _) => command.run(&mut console),
        (Some(Command::Fmt(command)), _) => command.run(&mut console),
        (Some(Command::Explain(command)), _) => command.run(&mut console),
        (Some(Command::Fields(command)), _) => command.run(&mut console),
        (Some(Command::Batch(command)), _) => command.run(&mut console),
        (Some(Command::Search(command)), _) => command.run(&mut console),
        (Some(Command::Matches(command)), _) => command.run(&mut console),
        (Some(Command::Completions(command)), _) => command.run(&mut console),
        (Some(Command::Man(command)), _) => command.run(&mut console),
        (None, Some(code)) => codes::explain(&mut console, code.as_deref()),
        (None, None) => arguments.compile.run(&mut console),
    };
    // Output written before a failure is kept.
    console.flush()?;
    result
}
