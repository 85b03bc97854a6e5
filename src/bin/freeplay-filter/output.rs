//! What the command writes.

use std::io::{self, IsTerminal, StdoutLock, Write};

use freeplay_filter::visible_lines;

/// Standard output: byte for byte, except that a terminal, which would obey them or hide them, is
/// shown control characters and their like as escapes.
pub(crate) struct Output {
    out: StdoutLock<'static>,
    is_terminal: bool,
}

impl Output {
    pub(crate) fn new() -> Output {
        let out = io::stdout().lock();
        Output { is_terminal: out.is_terminal(), out }
    }

    /// Writes text of one or more lines, and ends the last.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        if self.is_terminal { writeln!(self.out, "{}", visible_lines(text)) } else { writeln!(self.out, "{text}") }
    }
}

/// Says on standard error why the command fails.
pub(crate) fn tell_error(message: &str) {
    tell(&format!("error: {}\n", visible_lines(message)));
}

/// Writes what may be styled, and holds no hidden character of others, to standard error. Where
/// that is gone or full, nobody is left to tell, and what the command is for goes on.
pub(crate) fn tell(text: &str) {
    let _ = write!(anstream::stderr(), "{text}");
}

/// [`tell`] for JSON, which is changed for a terminal only.
pub(crate) fn tell_json(json: &str) {
    let mut err = io::stderr();
    let _ = if err.is_terminal() { writeln!(err, "{}", visible_lines(json)) } else { writeln!(err, "{json}") };
}
