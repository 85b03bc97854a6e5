//! `freeplay-filter man`: writes manual pages.

use clap::{Args, CommandFactory};
use clap_mangen::Man as Page;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output::Console;

/// Write the manual page
#[derive(Args)]
pub(crate) struct Man {
    /// Write the page of this command instead, such as search
    #[arg(value_name = "COMMAND")]
    name: Option<String>,
}

impl Man {
    pub(crate) fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let mut command = Arguments::command();
        command.build();
        if let Some(name) = &self.name {
            let found = command.find_subcommand(name).cloned();
            command = found.ok_or_else(|| Failure::Usage(format!("there is no command `{name}`")))?;
        }
        let mut page = Vec::new();
        Page::new(command).render(&mut page)?;
        Ok(console.line(String::from_utf8_lossy(&page).trim_end())?)
    }
}
