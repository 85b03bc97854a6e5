//! The command: what goes where, and how it ends.

#![cfg(feature = "cli")]

use std::io::{Read, Write};
use std::process::{Command, Output, Stdio};

fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_freeplay-filter"))
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child =
        command().args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not read its input may be gone before it is written.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// Runs the command and gives standard output; the exit status must be as said.
fn out(status: i32, arguments: &[&str], input: &str) -> String {
    let output = run(arguments, input.as_bytes());
    assert_eq!(output.status.code(), Some(status), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn err(status: i32, arguments: &[&str], input: &[u8]) -> String {
    let output = run(arguments, input);
    assert_eq!(output.status.code(), Some(status));
    assert!(output.stdout.is_empty(), "nothing goes to standard output beside an error");
    String::from_utf8(output.stderr).unwrap()
}

const COST: &str = r#"{"field":"cost","op":"gte","value":0.01}"#;

#[test]
fn a_query_comes_from_the_arguments_or_from_standard_input() {
    let and = r#"{"and":[{"field":"cost","op":"gte","value":0.01},{"field":"model","op":"eq","value":"gpt-4o"}]}"#;
    assert_eq!(out(0, &[r#"cost >= 0.01 and model = "gpt-4o""#], ""), format!("{and}\n"));
    assert_eq!(out(0, &["cost", ">=", "0.01", "model:gpt-4o"], ""), format!("{and}\n"));
    assert_eq!(out(0, &[], "cost >= 0.01\n# and\nmodel = gpt-4o\n"), format!("{and}\n"));
    assert_eq!(
        out(0, &["--", "-env:prod"], ""),
        "{\"not\":{\"field\":\"environment\",\"op\":\"eq\",\"value\":\"prod\"}}\n"
    );
    assert_eq!(out(0, &[], ""), "{}\n");
    assert_eq!(out(0, &["environment = 2024"], ""), "{\"field\":\"environment\",\"op\":\"eq\",\"value\":\"2024\"}\n");
}

#[test]
fn the_forms_of_output() {
    assert_eq!(out(0, &["--body", "cost >= 0.01"], ""), format!("{{\"filters\":{COST}}}\n"));
    let pretty = "{\n  \"field\": \"cost\",\n  \"op\": \"gte\",\n  \"value\": 0.01\n}\n";
    assert_eq!(out(0, &["--pretty", "cost >= 0.01"], ""), pretty);
    let body = out(0, &["--pretty", "--body", "cost >= 0.01"], "");
    assert!(body.starts_with("{\n  \"filters\": {\n"), "{body}");
}

#[test]
fn a_refused_query_ends_with_1_and_wrong_usage_with_2() {
    let refused = err(1, &["session_custom_metadata.user_type = premium"], b"");
    assert!(refused.contains("does not take `=`") && refused.contains("user_type contains premium"), "{refused}");
    let usage = err(2, &["--no-such-flag"], b"");
    assert!(usage.contains("--no-such-flag"), "{usage}");
    assert!(err(2, &["--param", "x", "model = $x"], b"").contains("NAME=TEXT"));
    assert!(err(2, &["--param", "x:=tru", "model = $x"], b"").contains("not JSON"));
    assert!(err(2, &["--param", "x:=true", "model = $x"], b"").contains("a boolean"));
    assert!(err(2, &["--text-field", "cost", "*"], b"").contains("--text-field cost: "));
    assert!(err(2, &["--tz", "Nowhere/Else", "*"], b"").contains("Nowhere/Else"));
    assert!(err(2, &["--explain", "no-such-code"], b"").contains("unknown-field"));
    assert!(err(2, &["--check", "*"], b"").contains("--fmt"));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let refused = err(1, &[], b"model = a\xff");
    assert!(refused.contains("not UTF-8") && refused.contains("byte 9"), "{refused}");
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let argument = std::ffi::OsStr::from_bytes(b"model = a\xff");
        let output = command().arg(argument).stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn warnings_go_to_standard_error_and_do_not_stop() {
    let output = run(&["latency > 500"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "{\"field\":\"latency\",\"op\":\"gt\",\"value\":500}\n");
    assert!(String::from_utf8(output.stderr).unwrap().contains("warning[assumed-seconds]"));
    assert_eq!(out(0, &["cost between 1 and 2"], ""), "{\"field\":\"cost\",\"op\":\"between\",\"value\":[1,2]}\n");
    assert!(err(1, &["--strict", "cost between 1 and 2"], b"").contains("error[unlisted-operator]"));
}

#[test]
fn a_query_in_plain_english() {
    let arguments =
        ["--explain-query", "--now", "2024-03-31T12:00:00Z", "--tz", "Europe/Berlin", "time >= today and env:prod"];
    assert_eq!(
        out(0, &arguments, ""),
        "all of these:\n  start_time is at or after 2024-03-30 23:00:00 UTC (today)\n  environment is \"prod\"\n"
    );
    assert!(err(1, &["--explain-query", "modle = x"], b"").contains("unknown-field"));
    assert!(err(2, &["--explain-query", "--reverse"], b"").contains("cannot be used with"));
}

#[test]
fn completions_for_shells() {
    for (shell, sign) in
        [("bash", "complete -F"), ("zsh", "#compdef freeplay-filter"), ("fish", "complete -c freeplay-filter")]
    {
        let script = out(0, &["--completions", shell], "");
        assert!(script.contains(sign) && script.contains("explain-query"), "{script}");
    }
}

#[test]
fn findings_in_each_format() {
    let human = err(1, &["modle = a"], b"");
    assert!(human.contains("1 | modle = a\n  | ^^^^^\n"), "{human}");
    assert!(!human.contains('\u{1b}'), "colours go to terminals only");
    let short = err(1, &["--message-format", "short", "modle = a"], b"");
    assert_eq!(short, "1:1: error[unknown-field]: unknown field `modle`; did you mean `model`?\n");
    let json: serde_json::Value =
        serde_json::from_str(&err(1, &["--message-format", "json", "modle = a"], b"")).unwrap();
    assert_eq!(json[0]["code"], "unknown-field");
    assert_eq!(json[0]["span"]["utf16_end"], 5);
    assert_eq!(json[0]["fixes"][0]["edits"][0]["text"], "model");
}

#[test]
fn batches_give_a_line_for_a_line() {
    let lines = out(1, &["--batch"], "model:gpt-4o env:prod\ncost >\n\r\ncost >= 0.01");
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[0],
        r#"{"and":[{"field":"model","op":"eq","value":"gpt-4o"},{"field":"environment","op":"eq","value":"prod"}]}"#
    );
    let error: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
    assert!(error["error"].as_str().unwrap().contains("expected a value after `>`"));
    assert_eq!(error["diagnostics"][0]["span"]["start"], 5);
    assert_eq!(lines[2], "{}");
    assert_eq!(lines[3], COST);
    assert_eq!(out(0, &["--batch", "--body"], "cost >= 0.01\n"), format!("{{\"filters\":{COST}}}\n"));
    assert_eq!(out(0, &["--batch", "--reverse"], &format!("{COST}\n")), "\"cost >= 0.01\"\n");
    let output = run(&["--batch"], b"\xff\ncost >= 0.01\n");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().nth(1), Some(COST));
    assert_eq!(out(0, &["--batch"], ""), "");
}

/// A program at the other end of two pipes gets each answer before it asks the next.
#[test]
fn batches_answer_at_once() {
    let mut child = command().arg("--batch").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    for _ in 0..3 {
        stdin.write_all(b"cost >= 0.01\n").unwrap();
        let mut line = vec![0; COST.len() + 1];
        stdout.read_exact(&mut line).unwrap();
        assert_eq!(line, format!("{COST}\n").as_bytes());
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn filters_are_reversed() {
    let filter = r#"{"filters": {"and": [{"field":"cost","op":"gte","value":0.01},
        {"not": {"field":"environment","op":"eq","value":"prod"}}]}}"#;
    assert_eq!(out(0, &["--reverse"], filter), "cost >= 0.01 and environment != prod\n");
    assert_eq!(out(0, &["--reverse", COST], ""), "cost >= 0.01\n");
    assert!(err(1, &["--reverse"], b"{\"and\": [1]}").contains("/and/0"));
    assert!(err(1, &["--reverse", "cost > 1"], b"").contains("invalid-json"));
    assert!(err(1, &[COST], b"").contains("--reverse"));
}

#[test]
fn queries_are_formatted() {
    assert_eq!(out(0, &["--fmt"], "cost>1 # why\nAND env='prod'"), "cost > 1  # why\nand env = \"prod\"\n");
    assert_eq!(out(0, &["--fmt", "--check"], "cost > 1  # why\nand env = \"prod\"\n"), "");
    assert!(err(1, &["--fmt", "--check"], b"cost>1").contains("usual form"));
    assert!(err(1, &["--fmt"], b"cost >").contains("expected-value"));
}

#[test]
fn parameters_time_and_zone() {
    let now = "2024-03-31T12:00:00Z";
    assert_eq!(
        out(0, &["--now", now, "start_time >= now-1mo"], ""),
        "{\"field\":\"start_time\",\"op\":\"gte\",\"value\":\"2024-02-29 12:00:00\"}\n"
    );
    assert_eq!(
        out(0, &["--now", now, "--tz", "Europe/Berlin", "start_time < today"], ""),
        "{\"field\":\"start_time\",\"op\":\"lt\",\"value\":\"2024-03-30 23:00:00\"}\n"
    );
    let query = "model in $models and cost > $min";
    assert_eq!(
        out(0, &["--param", "models:=[\"a\", \"b=c\"]", "--param", "min:=0.5", query], ""),
        concat!(
            r#"{"and":[{"or":[{"field":"model","op":"eq","value":"a"},{"field":"model","op":"eq","value":"b=c"}]},"#,
            r#"{"field":"cost","op":"gt","value":0.5}]}"#,
            "\n"
        )
    );
    assert_eq!(
        out(0, &["--param", "m=a\" or env = \"b", "model = $m"], ""),
        "{\"field\":\"model\",\"op\":\"eq\",\"value\":\"a\\\" or env = \\\"b\"}\n"
    );
}

#[test]
fn fields_are_listed() {
    let table = out(0, &["--fields"], "");
    let starts: Vec<_> = table.lines().take(35).map(|line| line.find(" eq ").or(line.find("  usd"))).collect();
    assert!(starts[1].is_some());
    assert!(table.contains("cost                                    usd      eq gt gte lt lte between*"), "{table}");
    let json: serde_json::Value = serde_json::from_str(&out(0, &["--fields", "--json"], "")).unwrap();
    assert_eq!(json[0]["name"], "cost");
    assert_eq!(json[0]["operators"], serde_json::json!(["eq", "gt", "gte", "lt", "lte"]));
    // The catalog that is shown is one that can be read.
    let catalog: freeplay_filter::Catalog = serde_json::from_value(json).unwrap();
    assert_eq!(&catalog, &*freeplay_filter::Catalog::builtin());
}

#[test]
fn codes_are_explained() {
    for code in freeplay_filter::Code::ALL {
        let page = out(0, &["--explain", code.as_str()], "");
        assert!(page.contains(code.explanation()), "{page}");
    }
}

#[test]
#[cfg(unix)]
fn a_reader_that_leaves_is_no_error() {
    let mut child =
        command().arg("--fields").arg("--json").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
