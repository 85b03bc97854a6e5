//! Reads input: never much more than the limits allow, however much there is.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Read, StdinLock};
use std::path::{Path, PathBuf};
use std::str;

use clap::{Arg, Args};

use crate::failure::Failure;
use crate::output::Console;

/// Where a query, or with `reverse` a filter, is read from.
#[derive(Args)]
pub(crate) struct Input {
    /// The query, as one argument [default: standard input, also as `-`]
    #[arg(value_name = "QUERY")]
    query: Option<OsString>,

    /// Read the query from a file
    #[arg(short, long, value_name = "FILE", conflicts_with = "query")]
    file: Option<PathBuf>,
}

impl Input {
    /// Changes the arguments for filters.
    pub(crate) fn of_filters(arg: Arg) -> Arg {
        match arg.get_id().as_str() {
            "query" => {
                arg.value_name("FILTER").help("The filter, as one argument [default: standard input, also as `-`]")
            }
            "file" => arg.help("Read the filter from a file"),
            _ => arg,
        }
    }

    /// Changes the arguments for commands that read something else from standard input.
    pub(crate) fn beside_results(arg: Arg) -> Arg {
        match arg.get_id().as_str() {
            "query" => arg.required_unless_present("file").help("The query, as one argument"),
            _ => arg,
        }
    }

    /// Whether standard input is read.
    pub(crate) fn is_standard(&self) -> bool {
        match (&self.query, &self.file) {
            (Some(query), _) => query == "-",
            (None, Some(path)) => path == Path::new("-"),
            (None, None) => true,
        }
    }

    /// Reads the text. Text beyond the limit is cut, but remains too long.
    pub(crate) fn read(&self, limit: usize) -> Result<String, Failure> {
        let bytes = match (&self.query, &self.file) {
            (Some(query), _) if query != "-" => query.as_encoded_bytes().to_vec(),
            (_, Some(path)) if path != Path::new("-") => {
                let unreadable = |error| Failure::Usage(format!("cannot read {}: {error}", path.display()));
                File::open(path).and_then(|file| read(file, limit)).map_err(unreadable)?
            }
            (None, None) if io::stdin().is_terminal() => return Err(Failure::NoInput),
            _ => read(io::stdin().lock(), limit)?,
        };
        text(&bytes, limit).map(str::to_owned).map_err(Failure::Rejected)
    }

    /// Returns the query if it is the path of a file, which was probably meant to be read.
    pub(crate) fn path_as_query(&self) -> Option<&Path> {
        self.query.as_ref().map(Path::new).filter(|path| path.is_file())
    }

    /// Returns the file's name, if any, for a message.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }
}

/// How much is read beyond a limit: enough for a line break and for a whole character, so that the text
/// is still detected as too long.
const BEYOND: usize = 8;

fn most(limit: usize) -> u64 {
    limit.saturating_add(BEYOND) as u64
}

fn read(source: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(most(limit)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads the next line, without its line break. A line beyond the limit is cut, but remains too long.
/// Returns whether there was a line.
pub(crate) fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>, limit: usize) -> io::Result<bool> {
    let is_read = read_raw_line(input, line, limit)?;
    if line.pop_if(|last| *last == b'\n').is_some() {
        line.pop_if(|last| *last == b'\r');
    }
    Ok(is_read)
}

/// Reads a line with its line break, as [`read_line`] does.
pub(crate) fn read_raw_line(input: &mut impl BufRead, line: &mut Vec<u8>, limit: usize) -> io::Result<bool> {
    line.clear();
    if input.by_ref().take(most(limit)).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if !line.ends_with(b"\n") {
        input.skip_until(b'\n')?;
    }
    Ok(true)
}

/// Standard input. Pending output is flushed before waiting for more input.
pub(crate) struct FlushFirst<'c> {
    stdin: StdinLock<'static>,
    console: &'c mut Console,
}

impl<'c> FlushFirst<'c> {
    pub(crate) fn new(console: &'c mut Console) -> FlushFirst<'c> {
        FlushFirst { stdin: io::stdin().lock(), console }
    }

    pub(crate) fn console(&mut self) -> &mut Console {
        self.console
    }
}

impl Read for FlushFirst<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.console.flush()?;
        self.stdin.read(buffer)
    }
}

/// Returns the bytes as text, which may have been cut within a character, or an error message.
pub(crate) fn text(bytes: &[u8], limit: usize) -> Result<&str, String> {
    str::from_utf8(bytes).or_else(|error| {
        let position = error.valid_up_to();
        let valid = bytes.get(..position).and_then(|valid| str::from_utf8(valid).ok());
        valid.filter(|_| position > limit).ok_or_else(|| format!("the input is not UTF-8: invalid at byte {position}"))
    })
}

/// Returns JSON without a byte order mark, which some programs write at the start of a file. In a query,
/// the language allows one.
pub(crate) fn without_mark(json: &str) -> &str {
    json.strip_prefix('\u{feff}').unwrap_or(json)
}
