//! `freeplay-filter QUERY`: the filter of a query.

use clap::Args;
use freeplay_filter::{Compiler, Filter, Limits};
use serde_json::json;

use crate::failure::Failure;
use crate::input::Input;
use crate::output::Console;
use crate::settings::Settings;

#[derive(Args)]
pub(crate) struct Compile {
    #[command(flatten)]
    input: Input,

    /// Write the JSON over several lines
    #[arg(short, long)]
    pretty: bool,

    /// Write the body of a request: {"filters": …}
    #[arg(long)]
    body: bool,

    #[command(flatten)]
    settings: Settings,
}

impl Compile {
    pub(crate) fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let compiler = self.settings.compiler()?;
        let filter = compile(console, &compiler, &self.input)?;
        let json = match (self.body, self.pretty) {
            (true, true) => serde_json::to_string_pretty(&json!({"filters": filter}))?,
            (true, false) => format!("{{\"filters\":{}}}", filter.to_json()),
            (false, true) => serde_json::to_string_pretty(&filter)?,
            (false, false) => filter.to_json(),
        };
        Ok(console.line(&json)?)
    }
}

/// Reads a query and compiles it, reporting errors and warnings.
pub(crate) fn compile(console: &Console, compiler: &Compiler, input: &Input) -> Result<Filter, Failure> {
    compile_text(console, compiler, &input.read(Limits::default().bytes)?)
}

/// Compiles a query that was read, as [`compile`] does.
pub(crate) fn compile_text(console: &Console, compiler: &Compiler, text: &str) -> Result<Filter, Failure> {
    let compiled = compiler.compile(text).map_err(|error| console.reject(&error))?;
    if text.trim().is_empty() {
        console.warn("the query is empty, which matches everything; `*` says so without this warning");
    }
    console.tell_warnings(&compiled);
    Ok(compiled.filter)
}
