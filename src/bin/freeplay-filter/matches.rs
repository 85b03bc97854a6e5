//! `freeplay-filter matches`: filters fetched results by a query.

use std::io::BufReader;

use clap::{Args, ValueEnum};
use freeplay_filter::explain::Line;
use freeplay_filter::jiff::Timestamp;
use freeplay_filter::{Limits, Truth};
use serde::Serialize;

use crate::compile::compile_text;
use crate::failure::Failure;
use crate::input::{FlushFirst, Input, read_raw_line};
use crate::output::{Console, tell_error};
use crate::record::{MOST, record};
use crate::settings::Settings;

/// Keep the search results that match a query, from lines of JSON on standard input
///
/// Each line is a result, as `search` writes it, or an object keyed by the API's fields. A line that
/// is kept is written as it is.
///
/// A result contains only part of the data that can be searched: none has its cost, and a session has
/// its models only with its children (`search --include-children`). If the answer depends on missing
/// data, it is unknown, and the result is kept (see --unknown).
///
/// Lines that are not results are reported by their numbers. The exit status is then 1.
#[derive(Args)]
#[command(mut_args(Input::beside_results))]
pub(crate) struct Matches {
    #[command(flatten)]
    input: Input,

    /// What to do with results for which the match is unknown
    #[arg(long, value_name = "WHAT", default_value = "keep")]
    unknown: Unknown,

    /// Write for each result whether it matches and why: {"line": …, "matches": …, "why": […]}
    ///
    /// Every result is explained, whether it matches or not; with `--unknown only`, only those that are
    /// unknown.
    /// `matches` is true, false, or null for unknown. `why` has the parts of the query, each with its
    /// span in the query, what it means, whether it holds, and the reason.
    #[arg(long)]
    why: bool,

    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Unknown {
    /// Keep it
    Keep,
    /// Drop it
    Drop,
    /// Keep it, and drop all others
    Only,
}

impl Matches {
    pub(crate) fn run(&self, console: &mut Console) -> Result<(), Failure> {
        if self.input.is_standard() {
            let message = "standard input has the results; give the query as an argument or with --file";
            return Err(Failure::Usage(message.to_owned()));
        }
        // The same current time for all results, however long they take.
        let compiler = self.settings.compiler()?.now(self.settings.now.unwrap_or_else(Timestamp::now));
        let query = self.input.read(Limits::default().bytes)?;
        let filter = compile_text(console, &compiler, &query)?;

        let mut unknown = 0_u64;
        let mut is_rejected = false;
        let mut number = 0_u64;
        let mut line = Vec::new();
        let mut input = BufReader::with_capacity(1 << 16, FlushFirst::new(console));
        while read_raw_line(&mut input, &mut line, MOST)? {
            number += 1;
            line.pop_if(|last| *last == b'\n');
            if line.trim_ascii().is_empty() {
                continue;
            }
            let (text, record) = match record(&line) {
                Ok(read) => read,
                Err(reason) => {
                    is_rejected = true;
                    tell_error(&format!("line {number}: {reason}"));
                    continue;
                }
            };
            let console = input.get_mut().console();
            if self.why {
                let why = compiler.why(&query, &record).map_err(|error| console.reject(&error))?;
                let matches = why.lines.first().and_then(|whole| whole.holds).unwrap_or(Truth::Unknown);
                if self.unknown != Unknown::Only || matches == Truth::Unknown {
                    let answer = Answer { line: number, matches, why: &why.lines };
                    console.line(&serde_json::to_string(&answer)?)?;
                }
            } else {
                let matches = filter.matches(&record);
                unknown += u64::from(matches == Truth::Unknown);
                if self.keeps(matches) {
                    console.line(text)?;
                }
            }
        }
        self.tell_unknown(console, unknown);
        if is_rejected { Err(Failure::Told) } else { Ok(()) }
    }

    fn keeps(&self, matches: Truth) -> bool {
        match self.unknown {
            Unknown::Keep => matches.is_possible(),
            Unknown::Drop => matches.is_certain(),
            Unknown::Only => matches == Truth::Unknown,
        }
    }

    fn tell_unknown(&self, console: &Console, count: u64) {
        let done = match self.unknown {
            Unknown::Keep => "kept",
            Unknown::Drop => "dropped",
            Unknown::Only => return,
        };
        let message = match count {
            0 => return,
            1 => format!("for 1 result the match is unknown; it is {done} (--why shows what it lacks)"),
            _ => format!("for {count} results the match is unknown; they are {done} (--why shows what they lack)"),
        };
        console.warn(&message);
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    line: u64,
    matches: Truth,
    why: &'a [Line],
}
