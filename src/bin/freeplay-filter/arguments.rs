//! What the command takes.

use std::ffi::OsString;

#[cfg(feature = "client")]
use clap::Subcommand;
use clap::{Args, Parser, ValueEnum};
use clap_complete::Shell;
use freeplay_filter::jiff::{Timestamp, tz::TimeZone};
use freeplay_filter::search::Endpoint;

/// Compile a query to the filter JSON of Freeplay's Search API.
///
/// The query is read from the arguments, joined by spaces, or from standard input where there are
/// none. The filter goes to standard output, findings to standard error.
#[derive(Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  freeplay-filter 'cost >= $0.01 and model in (gpt-4o, claude-3.5-sonnet) and not env = prod'
  freeplay-filter --reverse --pretty < filter.json
  freeplay-filter --fields

Exit status: 0 if all went well, 1 if a query or filter was refused, 2 for wrong usage and failures."
)]
pub(crate) struct Arguments {
    #[cfg(feature = "client")]
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// The query; begin with `--` where it starts with a minus
    #[arg(value_name = "QUERY")]
    pub(crate) words: Vec<OsString>,

    /// Write the JSON, or with --reverse the query, in several lines
    #[arg(long)]
    pub(crate) pretty: bool,

    /// Write the body of a request: {"filters": …}
    #[arg(long, conflicts_with_all = ["reverse", "fmt"])]
    pub(crate) body: bool,

    /// Write a curl command that searches: sessions, traces or completions
    #[arg(long, value_name = "ENDPOINT", requires = "project", conflicts_with_all = ["reverse", "fmt", "body", "pretty", "batch"])]
    pub(crate) curl: Option<Endpoint>,

    /// With --curl: the id of the project that is searched
    #[arg(long, value_name = "ID", requires = "curl")]
    pub(crate) project: Option<String>,

    /// Take one query a line, and write one line of JSON for each: the filter, or {"error": …}
    #[arg(long, conflicts_with_all = ["words", "pretty", "fmt"])]
    pub(crate) batch: bool,

    /// Turn a filter, or the body of a request, into a query
    #[arg(long, conflicts_with = "fmt")]
    pub(crate) reverse: bool,

    /// Write the query in its usual form, with its comments
    #[arg(long)]
    pub(crate) fmt: bool,

    /// With --fmt: write nothing, and fail where the query is not in its usual form
    #[arg(long, requires = "fmt")]
    pub(crate) check: bool,

    /// Say in plain English what the query means
    #[arg(long, conflicts_with_all = ["reverse", "fmt", "batch", "body", "pretty", "curl"])]
    pub(crate) explain_query: bool,

    /// List the fields that a query may name
    #[arg(long, conflicts_with_all = ["words", "batch", "reverse", "fmt"])]
    pub(crate) fields: bool,

    /// With --fields: as JSON
    #[arg(long, requires = "fields")]
    pub(crate) json: bool,

    /// Explain a finding by its code, as in error[CODE]
    #[arg(long, value_name = "CODE", conflicts_with_all = ["words", "batch", "reverse", "fmt", "fields"])]
    pub(crate) explain: Option<String>,

    /// Write the completions of this command for a shell
    #[arg(long, value_name = "SHELL", conflicts_with_all = ["words", "batch", "reverse", "fmt", "fields", "explain", "explain_query"])]
    pub(crate) completions: Option<Shell>,

    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// How queries are compiled, and what is wrong with them is told.
#[derive(Args)]
pub(crate) struct Settings {
    /// Refuse operators that the API's guide does not list
    #[arg(long, global = true)]
    pub(crate) strict: bool,

    /// Give a parameter a value: NAME=TEXT, or NAME:=JSON for a number or a list
    #[arg(long = "param", value_name = "NAME=VALUE", global = true)]
    pub(crate) parameters: Vec<String>,

    /// What relative times are relative to: 2024-03-31T12:00:00Z
    #[arg(long, value_name = "TIME", global = true)]
    pub(crate) now: Option<Timestamp>,

    /// The zone of times without one: Europe/Berlin
    #[arg(long, value_name = "ZONE", value_parser = |name: &str| TimeZone::get(name), global = true)]
    pub(crate) tz: Option<TimeZone>,

    /// Search for text without a field in this one: completion_output
    #[arg(long, value_name = "FIELD", global = true)]
    pub(crate) text_field: Option<String>,

    /// How findings are written
    #[arg(long, value_name = "FORMAT", default_value = "human", global = true)]
    pub(crate) message_format: MessageFormat,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum MessageFormat {
    /// Drawn under the query
    Human,
    /// A line for each
    Short,
    /// A JSON array
    Json,
}

#[cfg(feature = "client")]
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Search, and write each result as a line of JSON
    ///
    /// The key is read from FREEPLAY_API_KEY; FREEPLAY_BASE_URL names a private instance.
    Search(Search),
}

#[cfg(feature = "client")]
#[derive(Args)]
pub(crate) struct Search {
    /// What is searched: sessions, traces or completions
    #[arg(value_name = "ENDPOINT")]
    pub(crate) endpoint: Endpoint,

    /// The query, or none for standard input
    #[arg(value_name = "QUERY")]
    pub(crate) words: Vec<OsString>,

    /// The id of the project that is searched
    #[arg(long, value_name = "ID")]
    pub(crate) project: String,

    /// The most results to write
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,

    /// Have each result carry its traces and completions
    #[arg(long)]
    pub(crate) include_children: bool,
}
