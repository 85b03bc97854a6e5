//! The command's streams: input is limited, output that cannot be written changes nothing else, and
//! nothing written to a terminal controls it.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use freeplay_filter::{Filter, visible};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::json;

use crate::process::{command, run};

const HIDDEN: &str = "\u{1b}]0;x\u{7}\u{7f}\u{85}\u{9b}31m\u{202e}\u{2028}\u{2066}\u{200f}\u{61c}";

fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

/// Returns a pipe without a reader.
fn broken() -> io::PipeWriter {
    io::pipe().unwrap().1
}

#[test]
fn stderr_errors_are_ignored() {
    let now = "2024-03-31T12:00:00Z";
    for arguments in [
        &["latency > 500"][..],
        &["cost >"],
        &["--message-format", "json", "modle = a"],
        &["--message-format", "short", "latency > 500"],
        &["fmt", "--check", "cost>1"],
        &["fmt", "cost >"],
        &["reverse", "{"],
        &["--explain", "nothing"],
        &["explain", "modle = a"],
        &["--now", now, "start_time = yesterday and latency > 500"],
        &["--no-such-flag"],
        &["--param", "x", "*"],
    ] {
        let right = command(arguments).output().unwrap();
        assert!(!right.stderr.is_empty(), "{arguments:?}");
        for stderr in [Stdio::from(full()), Stdio::from(broken())] {
            let output = command(arguments).stdout(Stdio::piped()).stderr(stderr).output().unwrap();
            assert_eq!(output.status.code(), right.status.code(), "{arguments:?}");
            assert_eq!(output.stdout, right.stdout, "{arguments:?}");
        }
    }
}

#[test]
fn full_stdout_is_a_failure() {
    for arguments in [
        &["cost > 1"][..],
        &["fields"],
        &["completions", "bash"],
        &["--explain", "unknown-field"],
        &["man"],
        &["--help"],
        &["--version"],
    ] {
        let output = command(arguments).stdout(full()).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("No space left"), "{arguments:?}");
        let output = command(arguments).stdout(full()).stderr(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let output = command(arguments).stdout(broken()).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((output.status.code(), output.stderr), (Some(0), vec![]), "{arguments:?}: the reader has enough");
    }
}

/// Returns a query of the given length in bytes.
fn query(bytes: usize) -> String {
    format!("model = {}", "x".repeat(bytes - "model = ".len()))
}

const MOST: usize = 1 << 20;

#[test]
fn input_may_be_as_long_as_the_limit() {
    for (input, status) in [
        (query(MOST), 0),
        (query(MOST - 1) + "\n", 0),
        (query(MOST + 1), 1),
        (query(MOST + 2), 1),
        (query(MOST + 100), 1),
        // Cut within a character.
        (query(MOST - 7) + &"天".repeat(10), 1),
    ] {
        let output = run(&[], input.as_bytes());
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{} bytes: {stderr}", input.len());
        assert_eq!(stderr.contains("error[too-long]: the query is longer than 1048576 bytes"), status == 1, "{stderr}");
        assert_eq!(output.stdout.is_empty(), status == 1);
    }
    let output = run(&["reverse"], json!("x".repeat(16 << 20)).to_string().as_bytes());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("the JSON is longer than 16777216 bytes"));
}

/// Returns the peak memory of a process in KiB.
fn peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn memory_does_not_grow_with_a_line() {
    let mut child = command(&["batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut ask = |megabytes: usize| {
        for _ in 0..megabytes {
            stdin.write_all(&vec![b'x'; 1 << 20]).unwrap();
        }
        stdin.write_all(b"\n").unwrap();
        let mut answer = String::new();
        stdout.read_line(&mut answer).unwrap();
        assert!(answer.contains("too-long"), "{answer}");
        peak(&child)
    };
    let before = ask(20);
    let after = ask(100);
    assert!(after < before + 8 * 1024, "{before} KiB, then {after} KiB");
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// Endless input is rejected as soon as it is too long.
#[test]
fn endless_input_is_rejected() {
    for arguments in [&[][..], &["reverse"], &["fmt"], &["explain"], &["--file", "-"]] {
        let zero = File::open("/dev/zero").unwrap();
        let output = command(arguments).stdin(zero).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("too-long"), "{arguments:?}");
    }
}

/// Returns both ends of a terminal: the terminal's and the command's.
fn terminal() -> (File, File) {
    let main = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&main).unwrap();
    unlockpt(&main).unwrap();
    let name = ptsname(&main, Vec::new()).unwrap();
    let end = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    (File::from(main), end)
}

/// Returns what the command writes to a terminal, on standard output or on standard error.
fn on_terminal(arguments: &[&str], stdin: &str, is_output: bool) -> String {
    let (terminal, end) = terminal();
    let mut command = command(arguments);
    command.env("TERM", "xterm").env("COLUMNS", "200").stdin(Stdio::piped());
    if is_output {
        command.stdout(end).stderr(Stdio::null());
    } else {
        command.stdout(Stdio::null()).stderr(end);
    }
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    shown(terminal, command, child)
}

fn shown(mut terminal: File, command: Command, mut child: Child) -> String {
    // Its copy of the terminal would keep it open.
    drop(command);
    let mut shown = Vec::new();
    // On Linux, the end of the stream is an error.
    let _ = terminal.read_to_end(&mut shown);
    child.wait().unwrap();
    String::from_utf8(shown).unwrap().replace("\r\n", "\n")
}

#[test]
fn terminals_show_help_without_a_query() {
    for (arguments, usage) in [
        (&[][..], "Usage: freeplay-filter [OPTIONS] [QUERY]"),
        (&["reverse"], "Usage: freeplay-filter reverse [OPTIONS] [FILTER]"),
        (&["search", "sessions", "--project", "x"], "Usage: freeplay-filter search [OPTIONS]"),
    ] {
        let (_terminal, end) = terminal();
        let output = command(arguments).stdin(end).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let help = String::from_utf8(output.stderr).unwrap();
        assert!(help.contains(usage), "{help}");
    }
}

#[test]
fn json_on_a_terminal_is_escaped() {
    let filter = Filter::field("model").eq(HIDDEN);
    let json = serde_json::to_string(&filter).unwrap() + "\n";
    let query = format!("model = {}", freeplay_filter::quote(HIDDEN));
    for (arguments, input) in [
        (&[&*query][..], ""),
        (&["--pretty", &query], ""),
        (&["--body", &query], ""),
        (&["batch"], &*query),
        (&["search", "sessions", "--curl", "--project", "x", &query], ""),
        (&["fmt"], &format!("cost > 1 # {HIDDEN}")),
    ] {
        let plain = String::from_utf8(run(arguments, input.as_bytes()).stdout).unwrap();
        assert!(plain.contains('\u{202e}'), "byte for byte: {plain}");
        let shown = on_terminal(arguments, input, true);
        assert_eq!(visible(&shown).replace("\\n", "\n"), shown, "nothing hidden is left");
        assert!(shown.contains("\\u009b31m\\u202e\\u2028\\u2066\\u200f\\u061c"), "{shown}");
    }
    let shown = on_terminal(&[&query], "", true);
    assert_ne!(shown, json);
    assert_eq!(Filter::from_json(&shown).unwrap(), filter);
}

/// Returns the text without the command's own styles.
fn without_styles(shown: &str) -> String {
    let mut plain = String::new();
    let mut rest = shown;
    while let Some((before, style)) = rest.split_once("\u{1b}[") {
        let (codes, after) = style.split_once('m').unwrap();
        assert!(codes.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'), "{shown:?}");
        plain.push_str(before);
        rest = after;
    }
    plain + rest
}

#[test]
fn diagnostics_on_a_terminal_are_escaped() {
    // Escapes in the input are different from the command's own styles.
    let hidden = HIDDEN.replace('\u{1b}', "\u{9d}");
    let query = format!("modle = \"{hidden}\" and \"x{hidden}y\" = \"{hidden}\"");
    let json = format!("{{\"{}\": 1}}", hidden.replace('\u{7}', "\\u0007"));
    let flag = format!("--x{hidden}");
    for arguments in [
        &[&*query][..],
        &["--message-format", "short", &query],
        &["--message-format", "json", &query],
        &["explain", &query],
        &["reverse", &json],
        &["--param", &flag, "*"],
        &["--explain", &flag],
        &["--tz", &hidden, "*"],
        &["--now", &hidden, "*"],
        &["search", &hidden, "*"],
        &["man", &hidden],
        &["a", &hidden],
        &["-f", &hidden],
        &[&flag],
    ] {
        let shown = on_terminal(arguments, "", false);
        let plain = without_styles(&shown);
        assert!(plain.contains("\\u202e"), "{arguments:?}: {plain}");
        assert_eq!(visible(&plain).replace("\\n", "\n"), plain, "{arguments:?}");
    }
}
