//! Writes output.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use clap::builder::styling::AnsiColor;
use freeplay_filter::visible_lines;
use terminal_size::{Width, terminal_size_of};

use crate::arguments::MessageFormat;

/// Writes results to standard output, and messages to standard error.
pub(crate) struct Console {
    out: BufWriter<StdoutLock<'static>>,
    is_terminal: bool,
    pub(crate) format: MessageFormat,
}

impl Console {
    pub(crate) fn new(format: MessageFormat) -> Console {
        let out = io::stdout().lock();
        Console { is_terminal: out.is_terminal(), out: BufWriter::with_capacity(1 << 16, out), format }
    }

    /// Writes a result of one or more lines, with a line break at its end. It is buffered.
    ///
    /// It is written unchanged, except on a terminal, where control characters and other hidden characters
    /// are escaped.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        let text = if self.is_terminal { visible_lines(text) } else { text.into() };
        self.out.write_all(text.as_bytes())?;
        self.out.write_all(b"\n")
    }

    /// Returns the maximum width of prose: that of the terminal, but never so wide that it is hard to
    /// read.
    pub(crate) fn columns(&self) -> usize {
        const MOST: usize = 100;
        terminal_size_of(io::stdout()).map_or(MOST, |(Width(columns), _)| MOST.min(columns.into()))
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes text, which may be styled but has no hidden characters from input, to standard error. Write errors
/// are ignored, so that the command continues if standard error is closed or full.
pub(crate) fn tell(text: &str) {
    let _ = write!(anstream::stderr(), "{text}");
}

/// Reports why the command fails on standard error.
pub(crate) fn tell_error(message: &str) {
    tell_remark("error", AnsiColor::BrightRed, message);
}

/// Writes a message of the command itself, styled like a diagnostic.
pub(crate) fn tell_remark(level: &str, color: AnsiColor, message: &str) {
    let style = color.on_default().bold();
    tell(&format!("{style}{level}{style:#}: {}\n", visible_lines(message)));
}

/// Writes JSON to standard error as [`tell`] does. It is escaped only on a terminal.
pub(crate) fn tell_json(json: &str) {
    let mut err = io::stderr();
    let _ = if err.is_terminal() { writeln!(err, "{}", visible_lines(json)) } else { writeln!(err, "{json}") };
}
