//! What the command writes.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use clap::builder::styling::AnsiColor;
use freeplay_filter::visible_lines;
use terminal_size::{Width, terminal_size_of};

use crate::arguments::MessageFormat;

/// Where the command writes: results to standard output, messages to standard error.
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

    /// Writes a result of one or more lines, and ends the last. It is buffered.
    ///
    /// It is written byte for byte, except that a terminal, which would obey them or hide them, is
    /// shown control characters and their like as escapes.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        let text = if self.is_terminal { visible_lines(text) } else { text.into() };
        self.out.write_all(text.as_bytes())?;
        self.out.write_all(b"\n")
    }

    /// How many columns prose may take: those of the terminal, and never so many that lines are hard to
    /// read.
    pub(crate) fn columns(&self) -> usize {
        const MOST: usize = 100;
        terminal_size_of(io::stdout()).map_or(MOST, |(Width(columns), _)| MOST.min(columns.into()))
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes what may be styled, and holds no hidden character of others, to standard error. Where
/// that is gone or full, nobody is left to tell, and what the command is for goes on.
pub(crate) fn tell(text: &str) {
    let _ = write!(anstream::stderr(), "{text}");
}

/// Says on standard error why the command fails.
pub(crate) fn tell_error(message: &str) {
    tell_remark("error", AnsiColor::BrightRed, message);
}

/// Writes a message of the command's own, styled as diagnostics are.
pub(crate) fn tell_remark(level: &str, color: AnsiColor, message: &str) {
    let style = color.on_default().bold();
    tell(&format!("{style}{level}{style:#}: {}\n", visible_lines(message)));
}

/// [`tell`] for JSON, which is changed for a terminal only.
pub(crate) fn tell_json(json: &str) {
    let mut err = io::stderr();
    let _ = if err.is_terminal() { writeln!(err, "{}", visible_lines(json)) } else { writeln!(err, "{json}") };
}
