//! Runs the command as a process.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::thread;

/// Returns the command, with empty standard input and without the environment variables that it reads.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_freeplay-filter"));
    for variable in ["FREEPLAY_API_KEY", "FREEPLAY_BASE_URL", "FREEPLAY_PROJECT_ID", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs the command with an input.
pub(crate) fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child =
        command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    thread::scope(|scope| {
        // Rejected input is not read to its end.
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().unwrap()
    })
}

/// Runs the command, checks the exit status, and returns standard output.
pub(crate) fn out(status: i32, arguments: &[&str], input: &str) -> String {
    let output = run(arguments, input.as_bytes());
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs the command, checks the exit status and that standard output is empty, and returns standard
/// error.
pub(crate) fn err(status: i32, arguments: &[&str], input: &str) -> String {
    let output = run(arguments, input.as_bytes());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {stderr}");
    assert!(output.stdout.is_empty(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    stderr
}
