//! `freeplay-filter search`: results as lines of JSON.

use std::io::{self, IsTerminal, Write};

use freeplay_filter::search::{BaseUrl, Client, RawResult, SearchError, SearchRequest, Token};

use super::arguments::{Search, Settings};
use super::{Failure, compile, compiler, read_input};

pub(crate) fn run(out: &mut impl Write, search: &Search, settings: &Settings) -> Result<(), Failure> {
    let input = read_input(&search.words)?;
    let filter = compile(&compiler(settings)?, settings.message_format, &input)?;
    let request = SearchRequest::builder(search.endpoint, &search.project, &filter)
        .base(BaseUrl::from_env()?)
        .page_size(SearchRequest::page_size_for(search.limit))
        .include_children(search.include_children)
        .build()?;
    let client = Client::builder(Token::from_env()?)
        .wait(|retry| {
            // Nobody is left to tell where standard error is gone.
            let _ = writeln!(io::stderr(), "{retry}");
            std::thread::sleep(retry.after);
        })
        .build();
    let mut results = client.search::<RawResult>(&request).limit(search.limit.unwrap_or(usize::MAX));
    let progress = io::stderr().is_terminal() && !io::stdout().is_terminal();
    while let Some(result) = results.next() {
        writeln!(out, "{}", result?)?;
        if progress {
            write!(io::stderr(), "\r{}", results.progress())?;
        }
    }
    if progress {
        writeln!(io::stderr())?;
    }
    out.flush()?;
    Ok(())
}

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Failure {
        match error.help() {
            Some(help) => Failure::Usage(format!("{error}; {help}")),
            None => Failure::Usage(error.to_string()),
        }
    }
}
