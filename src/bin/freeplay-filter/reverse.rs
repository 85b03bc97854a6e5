//! `freeplay-filter reverse`: converts a filter to a query.

use clap::Args;
use freeplay_filter::{Compiler, Filter, Limits};

use crate::failure::Failure;
use crate::input::{Input, without_mark};
use crate::output::Console;

/// Turn a filter, or the body of a request, into a query
#[derive(Args)]
#[command(mut_args(Input::of_filters))]
pub(crate) struct Reverse {
    #[command(flatten)]
    input: Input,

    /// Write the query over several lines
    #[arg(short, long)]
    pretty: bool,
}

impl Reverse {
    pub(crate) fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let json = self.input.read(Limits::default().json_bytes)?;
        let query = Filter::from_body(without_mark(&json)).and_then(|filter| Compiler::new().raise(&filter));
        let query = query.map_err(|error| console.reject(&error))?;
        let text = if self.pretty { query.pretty() } else { query.to_string() };
        Ok(console.line(&text)?)
    }
}
