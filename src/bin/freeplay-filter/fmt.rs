//! `freeplay-filter fmt`: formats a query.

use clap::Args;
use freeplay_filter::Limits;

use crate::failure::Failure;
use crate::input::Input;
use crate::output::Console;

/// Format a query; comments are kept
#[derive(Args)]
pub(crate) struct Fmt {
    #[command(flatten)]
    input: Input,

    /// Write nothing, and exit with status 1 if the query is not formatted
    #[arg(long)]
    check: bool,
}

impl Fmt {
    pub(crate) fn run(&self, console: &mut Console) -> Result<(), Failure> {
        if let Some(path) = self.input.path_as_query() {
            let path = path.display();
            return Err(Failure::Usage(format!("`{path}` is a file; to read it, write --file {path}")));
        }
        let text = self.input.read(Limits::default().bytes)?;
        let query = freeplay_filter::parse(&text).map_err(|error| console.reject(&error))?;
        let formatted = query.pretty();
        if !self.check {
            return Ok(console.line(&formatted)?);
        }
        if formatted == text.strip_suffix('\n').unwrap_or(&text) {
            return Ok(());
        }
        let name = self.input.file().map_or("the query".into(), |file| file.to_string_lossy());
        Err(Failure::Rejected(format!("{name} is not formatted; `freeplay-filter fmt` prints it formatted")))
    }
}
