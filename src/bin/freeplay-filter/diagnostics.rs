//! Reports diagnostics.

use std::io;

use clap::builder::styling::AnsiColor;
use freeplay_filter::diagnostic::{Code, Diagnostic, Error};
use freeplay_filter::{Compiled, Drawing, Filter};
use terminal_size::{Width, terminal_size_of};

use crate::arguments::MessageFormat;
use crate::failure::Failure;
use crate::input::without_mark;
use crate::output::{Console, tell, tell_json, tell_remark};

impl Console {
    /// Reports why a query or a filter was rejected.
    pub(crate) fn reject(&self, error: &Error) -> Failure {
        match self.format {
            MessageFormat::Human => tell(&error.render(drawing())),
            MessageFormat::Short => tell(&format!("{error}\n")),
            MessageFormat::Json => tell_json(&error.to_json()),
        }
        // Advice about the command's own options, which the library does not know.
        let any = |is: fn(&Diagnostic) -> bool| error.diagnostics().iter().any(is);
        if any(|found| found.code() == Code::JsonAsQuery) && Filter::from_body(without_mark(error.text())).is_ok() {
            self.help("`freeplay-filter reverse` turns a filter in JSON into a query");
        }
        let is_query = || freeplay_filter::parse(error.text()).is_ok();
        if any(|found| found.code() == Code::InvalidJson && found.help.is_some()) && is_query() {
            self.help("`freeplay-filter QUERY` compiles a query to a filter");
        }
        if any(|found| found.code() == Code::UnknownField && found.candidates.is_empty()) {
            self.help("`freeplay-filter fields` lists the fields");
        }
        Failure::Told
    }

    /// Reports the warnings of a query that compiled.
    pub(crate) fn tell_warnings(&self, compiled: &Compiled) {
        if compiled.warnings.is_empty() {
            return;
        }
        match self.format {
            MessageFormat::Human => tell(&compiled.render_warnings(drawing())),
            MessageFormat::Short => tell(&format!("{}\n", compiled.warnings_to_string())),
            MessageFormat::Json => tell_json(&compiled.warnings_to_json()),
        }
    }

    /// Reports a warning that is not a diagnostic of the library. Programs see it in the result.
    pub(crate) fn warn(&self, message: &str) {
        self.remark("warning", AnsiColor::BrightYellow, message);
    }

    /// Reports advice about the command.
    pub(crate) fn help(&self, message: &str) {
        self.remark("help", AnsiColor::BrightCyan, message);
    }

    fn remark(&self, level: &str, color: AnsiColor, message: &str) {
        match self.format {
            MessageFormat::Human | MessageFormat::Short => tell_remark(level, color, message),
            MessageFormat::Json => {}
        }
    }
}

/// Draws in color, which [`tell`] removes if necessary, and as wide as the terminal.
fn drawing() -> Drawing {
    let drawing = Drawing::styled();
    terminal_size_of(io::stderr()).map_or(drawing, |(Width(columns), _)| drawing.columns(columns.into()))
}
