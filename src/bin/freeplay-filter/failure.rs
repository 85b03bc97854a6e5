//! How the command fails.

use std::io;
use std::process::ExitCode;

use freeplay_filter::search::RequestError;

use crate::output::tell_error;
use crate::usage::tell_help;

pub(crate) enum Failure {
    /// The input was rejected, and the reason was reported.
    Told,
    /// The input was rejected, for this reason.
    Rejected(String),
    /// The command was used incorrectly, or cannot do what was asked for.
    Usage(String),
    /// There is no input: standard input is a terminal.
    NoInput,
    Io(io::Error),
}

impl Failure {
    /// Reports the failure unless that was done already, and returns the exit status.
    pub(crate) fn end(self) -> ExitCode {
        match self {
            Failure::Told => ExitCode::from(1),
            Failure::Rejected(message) => {
                tell_error(&message);
                ExitCode::from(1)
            }
            Failure::Usage(message) => {
                tell_error(&message);
                ExitCode::from(2)
            }
            Failure::NoInput => {
                tell_help();
                ExitCode::from(2)
            }
            // The reader closed the pipe.
            Failure::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Failure::Io(error) => {
                tell_error(&error.to_string());
                ExitCode::from(2)
            }
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Io(error)
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Failure {
        Failure::Usage(format!("{error}; {}", error.help()))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Failure {
        Failure::Io(error.into())
    }
}

#[cfg(feature = "client")]
impl From<freeplay_filter::search::SearchError> for Failure {
    fn from(error: freeplay_filter::search::SearchError) -> Failure {
        match error.help() {
            Some(help) => Failure::Usage(format!("{error}; {help}")),
            None => Failure::Usage(error.to_string()),
        }
    }
}
