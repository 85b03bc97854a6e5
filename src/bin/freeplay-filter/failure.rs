//! How the command ends when it does not end well.

use std::io;
use std::process::ExitCode;

use freeplay_filter::search::RequestError;

use crate::output::tell_error;
use crate::usage::tell_help;

pub(crate) enum Failure {
    /// The input was rejected, and it was told why.
    Told,
    /// The input was rejected, for this reason.
    Rejected(String),
    /// The command was used wrongly, or cannot do what it should.
    Usage(String),
    /// There is nothing to read from but a terminal.
    NoInput,
    Io(io::Error),
}

impl Failure {
    /// Tells of it where that was not done yet, and gives the exit status.
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
