//! The command, with a server on loopback.

use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::server::{KEY, Mischief, PROJECT, Server};
use crate::world;

fn search(server: &Server, arguments: &[&str], key: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_freeplay-filter"));
    command.args(["search", "sessions", "--project", PROJECT]).args(arguments);
    command.env("FREEPLAY_BASE_URL", server.base()).env_remove("FREEPLAY_API_KEY").stdin(Stdio::null());
    if let Some(key) = key {
        command.env("FREEPLAY_API_KEY", key);
    }
    command.output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn results_are_printed_as_lines_of_json() {
    let sessions = world::sessions(250);
    let filter = serde_json::json!({"and": [
        {"field": "cost", "op": "gt", "value": 0.5},
        {"not": {"field": "environment", "op": "eq", "value": "prod"}},
    ]});
    let expected: Vec<String> =
        sessions.iter().filter(|session| session.matches(&filter)).map(|session| session.id("sessions")).collect();
    assert!((30..250).contains(&expected.len()), "{}", expected.len());
    let server = Server::start(sessions);

    let output = search(&server, &["cost > $0.5 and not env = prod"], Some(KEY));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "", "progress is for terminals");
    let lines = String::from_utf8(output.stdout).unwrap();
    let found: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["session_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(found, expected);

    let output = search(&server, &["cost > $0.5 and not env = prod", "--limit", "7", "--include-children"], Some(KEY));
    let lines = String::from_utf8(output.stdout).unwrap();
    assert_eq!(lines.lines().count(), 7);
    assert!(serde_json::from_str::<Value>(lines.lines().next().unwrap()).unwrap()["children"].is_array());
}

#[test]
fn failures_are_reported_without_the_key() {
    let server = Server::start(world::sessions(3));
    let missing = search(&server, &["*"], None);
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("FREEPLAY_API_KEY"));

    let rejected = search(&server, &["*"], Some("a-wrong-key"));
    assert_eq!(rejected.status.code(), Some(2));
    assert!(stderr(&rejected).contains("401") && !stderr(&rejected).contains("a-wrong-key"), "{}", stderr(&rejected));

    let mistyped = search(&server, &["modle = a"], Some(KEY));
    assert_eq!(mistyped.status.code(), Some(1));
    assert!(stderr(&mistyped).contains("did you mean `model`?"));

    server.misbehave([Mischief::Answer(404, "application/json", r#"{"message": "no such project"}"#.to_owned())]);
    let absent = search(&server, &["*"], Some(KEY));
    assert_eq!(absent.status.code(), Some(2));
    assert!(stderr(&absent).contains("no such project"), "{}", stderr(&absent));
}

/// A retry is reported, and the search continues even if standard error cannot be written.
#[test]
#[cfg(target_os = "linux")]
fn a_full_standard_error_does_not_end_a_search() {
    let server = Server::start(world::sessions(3));
    server.misbehave([Mischief::TooManyRequests("Retry-After: 0\r\n".to_owned())]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_freeplay-filter"));
    command.args(["search", "sessions", "--project", PROJECT, "*"]).stdin(Stdio::null());
    command.env("FREEPLAY_BASE_URL", server.base()).env("FREEPLAY_API_KEY", KEY);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = command.stdout(Stdio::piped()).stderr(full).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 3);
    assert_eq!(server.seen().len(), 2);
}
