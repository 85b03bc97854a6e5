//! `freeplay-filter search`: results as lines of JSON.

use std::io::{self, IsTerminal};

use freeplay_filter::Limits;
use freeplay_filter::search::{BaseUrl, Client, RawResult, SearchError, SearchRequest, Token};

use super::arguments::{Search, Settings};
use super::output::{Output, tell};
use super::{Failure, compile, compiler, read_input};

pub(crate) fn run(out: &mut Output, search: &Search, settings: &Settings) -> Result<(), Failure> {
    let input = read_input(&search.words, Limits::default().bytes)?;
    let filter = compile(&compiler(settings)?, settings.message_format, &input)?;
    let request = SearchRequest::builder(search.endpoint, &search.project, &filter)
        .base(BaseUrl::from_env()?)
        .page_size(SearchRequest::page_size_for(search.limit))
        .include_children(search.include_children)
        .build()?;
    let client = Client::builder(Token::from_env()?)
        .wait(|retry| {
            tell(&format!("{retry}\n"));
            std::thread::sleep(retry.after);
        })
        .build();
    let mut results = client.search::<RawResult>(&request).limit(search.limit.unwrap_or(usize::MAX));
    let progress = io::stderr().is_terminal() && !io::stdout().is_terminal();
    while let Some(result) = results.next() {
        out.line(result?.as_str())?;
        if progress {
            // Whatever is written next, a retry or an error, replaces it.
            tell(&format!("{}\r", results.progress()));
        }
    }
    if progress {
        tell("\n");
    }
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
