//! `freeplay-filter explain`: a query in words.

use clap::Args;
use freeplay_filter::Limits;

use crate::codes;
use crate::failure::Failure;
use crate::input::Input;
use crate::output::Console;
use crate::settings::Settings;

/// Explain a query in words
///
/// A diagnostic is explained by its code: freeplay-filter --explain CODE.
#[derive(Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    settings: Settings,
}

impl Explain {
    pub(crate) fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let compiler = self.settings.compiler()?;
        let text = self.input.read(Limits::default().bytes)?;
        match compiler.explain(&text) {
            Ok(explanation) => Ok(console.line(&explanation.to_string())?),
            Err(error) => {
                let failure = console.reject(&error);
                if let Some(code) = codes::find(&text) {
                    console.help(&format!("`freeplay-filter --explain {code}` explains the code"));
                }
                Err(failure)
            }
        }
    }
}
