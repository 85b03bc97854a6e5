//! `freeplay-filter completions`: writes shell completions.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output::Console;

/// Write the completions for a shell
#[derive(Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, console: &mut Console) -> Result<(), Failure> {
        // Buffered, as clap panics if it cannot write.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), env!("CARGO_BIN_NAME"), &mut script);
        Ok(console.line(String::from_utf8_lossy(&script).trim_end())?)
    }
}
