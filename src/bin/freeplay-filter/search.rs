//! `freeplay-filter search`: writes results as lines of JSON, or the command that fetches them.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use freeplay_filter::search::{BaseUrl, Endpoint, SearchRequest};

use crate::compile::compile;
use crate::failure::Failure;
use crate::input::Input;
use crate::output::Console;
use crate::settings::Settings;

/// Search, and write each result as a line of JSON
///
/// The API key is read from FREEPLAY_API_KEY; FREEPLAY_BASE_URL names a private instance.
#[derive(Args)]
pub(crate) struct Search {
    /// What to search
    #[arg(value_name = "ENDPOINT", value_parser = endpoint())]
    endpoint: Endpoint,

    #[command(flatten)]
    input: Input,

    /// The ID of the project to search
    #[arg(long, value_name = "ID", env = "FREEPLAY_PROJECT_ID", hide_env_values = true)]
    project: Option<String>,

    /// Write a curl command that fetches one page of the results instead of searching
    #[arg(long)]
    curl: bool,

    /// At most this many results [default: all; with --curl, one page of at most 100]
    #[arg(long, value_name = "N", value_parser = read_limit)]
    limit: Option<usize>,

    /// Include the traces and completions of each result
    #[arg(long)]
    include_children: bool,

    #[command(flatten)]
    settings: Settings,
}

fn endpoint() -> impl TypedValueParser<Value = Endpoint> {
    PossibleValuesParser::new(Endpoint::ALL.map(Endpoint::as_str)).try_map(|name| name.parse())
}

fn read_limit(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|limit| *limit > 0).ok_or_else(|| "expected a number of results, at least 1".to_owned())
}

impl Search {
    pub(crate) fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let project = self.project.as_deref().filter(|id| !id.is_empty()).ok_or_else(|| {
            Failure::Usage("there is no project; give its ID with --project, or set FREEPLAY_PROJECT_ID".to_owned())
        })?;
        let compiler = self.settings.compiler()?;
        let filter = compile(console, &compiler, &self.input)?;
        let request = SearchRequest::builder(self.endpoint, project, &filter)
            .base(BaseUrl::from_env()?)
            .page_size(SearchRequest::page_size_for(self.limit))
            .include_children(self.include_children)
            .build()?;
        if self.curl { Ok(console.line(&request.curl())?) } else { self.send(console, &request) }
    }

    #[cfg(not(feature = "client"))]
    fn send(&self, _: &mut Console, _: &SearchRequest) -> Result<(), Failure> {
        Err(Failure::Usage(
            "this build cannot send searches; install it with the feature `client`, or run what --curl writes"
                .to_owned(),
        ))
    }

    #[cfg(feature = "client")]
    fn send(&self, console: &mut Console, request: &SearchRequest) -> Result<(), Failure> {
        use std::io::{self, IsTerminal};

        use freeplay_filter::search::{Client, RawResult, Token};

        use crate::output::tell;

        let client = Client::builder(Token::from_env()?)
            .wait(|retry| {
                tell(&format!("{retry}\n"));
                std::thread::sleep(retry.after);
            })
            .build();
        let mut results = client.search::<RawResult>(request).limit(self.limit.unwrap_or(usize::MAX));
        let progress = io::stderr().is_terminal() && !io::stdout().is_terminal();
        while let Some(result) = results.next() {
            console.line(result?.as_str())?;
            console.flush()?;
            if progress {
                // The next message, a retry or an error, overwrites it.
                tell(&format!("{}\r", results.progress()));
            }
        }
        if progress {
            tell("\n");
        }
        Ok(())
    }
}
