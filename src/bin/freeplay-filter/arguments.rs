//! The command line: the query that is compiled, or a subcommand.

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};

use crate::batch::Batch;
use crate::compile::Compile;
use crate::completions::Completions;
use crate::explain::Explain;
use crate::fields::Fields;
use crate::fmt::Fmt;
use crate::man::Man;
use crate::matches::Matches;
use crate::reverse::Reverse;
use crate::search::Search;

/// Compile a query to the filter JSON of Freeplay's Search API
///
/// The filter goes to standard output, diagnostics to standard error.
///
/// If the first word is the name of a command, that command runs. After `--`, it is a query.
#[derive(Parser)]
#[command(
    version,
    max_term_width = 100,
    override_usage = "freeplay-filter [OPTIONS] [QUERY]\n       freeplay-filter [OPTIONS] <COMMAND>",
    after_help = "\
Examples:
  freeplay-filter 'cost >= $0.01 and model in (gpt-4o, o1) and not env = prod'
  freeplay-filter reverse < filter.json
  freeplay-filter search sessions 'start_time >= now-7d' --project ID --curl
  freeplay-filter fields",
    after_long_help = "\
Examples:
  freeplay-filter 'cost >= $0.01 and model in (gpt-4o, o1) and not env = prod'
  freeplay-filter -- '-env:prod'
  freeplay-filter --pretty --file query.txt
  freeplay-filter reverse < filter.json
  freeplay-filter search sessions 'start_time >= now-7d' --project ID --curl
  freeplay-filter fields

Exit status:
  0  success
  1  a query or filter was rejected, or is not formatted
  2  wrong usage, or a failure"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) compile: Compile,

    /// Explain a diagnostic by its code, as in error[CODE]; without CODE, list all codes
    #[arg(long, value_name = "CODE", num_args = 0..=1, conflicts_with_all = ["Compile", "Input", "Settings"])]
    pub(crate) explain: Option<Option<String>>,

    #[command(flatten)]
    pub(crate) messages: Messages,
}

/// Each subcommand has a file with its arguments and its code, which `run` in `main.rs` calls.
#[derive(Subcommand)]
pub(crate) enum Command {
    Reverse(Reverse),
    Fmt(Fmt),
    Explain(Explain),
    Fields(Fields),
    Batch(Batch),
    Search(Search),
    Matches(Matches),
    Completions(Completions),
    Man(Man),
}

/// How messages are written, with any command.
#[derive(Args)]
pub(crate) struct Messages {
    /// How diagnostics are written
    ///
    /// Errors that are not about a query or a filter, such as those of usage, are text in any format.
    #[arg(long, value_name = "FORMAT", default_value = "human", global = true)]
    pub(crate) message_format: MessageFormat,

    /// When messages are colored
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: ColorChoice,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum MessageFormat {
    /// Drawn under the query
    Human,
    /// One line each
    Short,
    /// A JSON array
    Json,
}
