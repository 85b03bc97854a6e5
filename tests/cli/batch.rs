//! `batch`: answers each line with a line of JSON.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::COST;
use crate::process::{command, out, run};

/// Returns the answers to lines, each with whether it is an error, and checks the exit status.
fn answers(arguments: &[&str], lines: &[&str]) -> Vec<Value> {
    let arguments = [&["batch"], arguments].concat();
    let output = run(&arguments, (lines.join("\n") + "\n").as_bytes());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let stdout = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), lines.len(), "{stdout}");
    let is_rejected = answers.iter().any(|answer| answer.get("error").is_some());
    assert_eq!(output.status.code(), Some(i32::from(is_rejected)), "{stdout}");
    answers
}

fn answer(arguments: &[&str], line: &str) -> Value {
    answers(arguments, &[line]).remove(0)
}

fn filter(query: &str) -> Value {
    json!(freeplay_filter::compile(query).unwrap())
}

#[test]
fn lines_are_queries_or_objects() {
    for (line, expected) in [
        ("cost >= 0.01", json!({"filter": filter("cost >= 0.01"), "warnings": []})),
        ("cost >= 0.01\r", json!({"filter": filter("cost >= 0.01"), "warnings": []})),
        ("", json!({"filter": {}, "warnings": []})),
        (r#"{"query": "cost >= 0.01"}"#, json!({"filter": filter("cost >= 0.01"), "warnings": []})),
        ("\u{feff}cost >= 0.01", json!({"filter": filter("cost >= 0.01"), "warnings": []})),
        ("\u{feff}{\"query\": \"cost >= 0.01\"}", json!({"filter": filter("cost >= 0.01"), "warnings": []})),
        (r#" {"query": "env:prod", "id": 7} "#, json!({"id": 7, "filter": filter("env:prod"), "warnings": []})),
        (r#"{"id": {"a": [null, 1e400]}, "query": ""}"#, Value::Null),
        (
            r#"{"id": "x", "query": "model in $m and cost > $c", "params": {"m": ["a", "b"], "c": 0.5}}"#,
            json!({"id": "x", "filter": filter("model in (a, b) and cost > 0.5"), "warnings": []}),
        ),
        (
            r#"{"query": "start_time >= now-1d", "now": "2024-03-31T12:00:00Z"}"#,
            json!({"filter": filter("start_time >= 2024-03-30T12:00:00"), "warnings": []}),
        ),
        (r#"{"query": "\u0063ost > 1", "params": {}}"#, json!({"filter": filter("cost > 1"), "warnings": []})),
    ] {
        if expected.is_null() {
            // The id is repeated as it was written.
            let answer = out(0, &["batch"], line);
            assert_eq!(answer, "{\"id\":{\"a\": [null, 1e400]},\"filter\":{},\"warnings\":[]}\n");
        } else {
            assert_eq!(answer(&[], line), expected, "{line}");
        }
    }
    assert_eq!(out(0, &["batch"], "cost >= 0.01"), format!("{{\"filter\":{COST},\"warnings\":[]}}\n"));
    assert_eq!(out(0, &["batch"], ""), "");
}

#[test]
fn warnings_and_errors_are_data() {
    let warned = answer(&[], "latency > 500");
    assert_eq!(warned["filter"], filter("latency > 500"));
    assert_eq!(warned["warnings"][0]["code"], "assumed-seconds");

    let [right, wrong, with_id] =
        answers(&[], &["cost > 1", "modle = a", r#"{"id": "q1", "query": "cost >"}"#]).try_into().unwrap();
    assert_eq!(right["warnings"], json!([]));
    assert_eq!(wrong.as_object().unwrap().len(), 1);
    let diagnostic = &wrong["error"]["diagnostics"][0];
    assert_eq!((&diagnostic["code"], &diagnostic["candidates"]), (&json!("unknown-field"), &json!(["model"])));
    assert_eq!(with_id["id"], "q1");
    // Positions refer to the query.
    assert_eq!(with_id["error"]["diagnostics"][0]["span"]["start"], 5);
    // A problem of the line has the members of a diagnostic.
    let of_line = answer(&[], "{");
    let members = |diagnostic: &Value| diagnostic.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let of_json = answer(&["--reverse"], r#"{"and": 1}"#);
    assert_eq!(members(&of_line["error"]["diagnostics"][0]), members(&of_json["error"]["diagnostics"][0]));
    assert_eq!(answer(&["--strict"], "cost between 1 and 2")["error"]["diagnostics"][0]["code"], "unlisted-operator");
}

#[test]
fn objects_are_read_strictly() {
    for (line, id, code, pointer, message) in [
        (r#"{"id": 1, "query": "#, json!(null), "invalid-json", "", "it ends where a value is expected, at column 19"),
        (r#"{"id": 1} x"#, json!(null), "invalid-json", "", "there is more after the value, at column 11"),
        (r#"{"qurey": "a", "id": 1}"#, json!(1), "unexpected-json", "", "found `qurey`"),
        (r#"{"id": 1}"#, json!(1), "unexpected-json", "", "expected the key `query`"),
        (r#"{"id": 1, "query": 5}"#, json!(1), "unexpected-json", "/query", "expected a string, found a number"),
        (r#"{"id": 1, "query": "\ud800"}"#, json!(1), "invalid-json", "/query", "not JSON"),
        (r#"{"id": 1, "query": "", "query": ""}"#, json!(1), "duplicate-key", "", "`query`"),
        (r#"{"id": 1, "id": 2, "query": ""}"#, json!(null), "duplicate-key", "", "`id`"),
        (r#"{"id": 1, "query": "", "params": []}"#, json!(1), "unexpected-json", "/params", "an object"),
        (
            r#"{"id": 1, "query": "", "params": {"a/b": true}}"#,
            json!(1),
            "unexpected-json",
            "/params/a~1b",
            "a name consists",
        ),
        (r#"{"id": 1, "query": "", "params": {"a": true}}"#, json!(1), "unexpected-json", "/params/a", "a boolean"),
        (r#"{"id": 1, "query": "", "params": {"a": 1e-400}}"#, json!(1), "unexpected-json", "/params/a", "range"),
        (r#"{"id": 1, "query": "", "params": {"a": 1, "a": 2}}"#, json!(1), "duplicate-key", "/params", "`a`"),
        (
            r#"{"id": 1, "query": "", "params": {"a b": 1}}"#,
            json!(1),
            "unexpected-json",
            "/params/a b",
            "a name consists",
        ),
        (r#"{"id": 1, "query": "", "now": 5}"#, json!(1), "unexpected-json", "/now", "a string"),
        (r#"{"id": 1, "query": "", "now": "now"}"#, json!(1), "unexpected-json", "/now", "2024-03-31T12:00:00Z"),
    ] {
        let answer = answer(&[], line);
        assert_eq!(answer["id"], id, "{line}");
        assert!(answer.as_object().unwrap().contains_key("id"), "{line}");
        let [diagnostic] = answer["error"]["diagnostics"].as_array().unwrap().as_slice() else { panic!("{answer}") };
        assert_eq!(diagnostic["code"], code, "{line}: {answer}");
        assert_eq!(diagnostic["pointer"], pointer, "{line}: {answer}");
        assert_eq!(diagnostic["severity"], "error");
        assert!(diagnostic["message"].as_str().unwrap().contains(message), "{line}: {answer}");
    }
    // An object without an id has an answer without one.
    assert_eq!(answer(&[], r#"{"query": 5}"#).get("id"), None);
    let filter = answer(&[], COST);
    assert!(filter["error"]["diagnostics"][0]["help"].as_str().unwrap().contains("batch --reverse"), "{filter}");
}

#[test]
fn command_line_parameters_may_be_unused() {
    let shared = ["--param", "m=a", "--param", "c:=0.5"];
    let lines = [
        "model = $m",
        "cost > $c",
        "env = prod",
        r#"{"query": "model = $m and cost > $c", "params": {"m": "b"}}"#,
        "model = \"$m\"",
        "model = $other",
        r#"{"query": "model = $m", "params": {"x": 1}}"#,
    ];
    let answers = answers(&shared, &lines);
    let expected = ["model = a", "cost > 0.5", "env = prod", "model = b and cost > 0.5", "model = \"$m\""];
    for (answer, expected) in answers.iter().zip(expected) {
        assert_eq!(answer["filter"], filter(expected), "{answer}");
        assert_eq!(answer["warnings"], json!([]), "{answer}");
    }
    assert_eq!(answers[5]["error"]["diagnostics"][0]["code"], "missing-parameter");
    // One that the line itself contains is probably misspelled.
    assert_eq!(answers[6]["error"]["diagnostics"][0]["code"], "unused-parameter");
}

#[test]
fn filters_are_reversed() {
    let body = format!(r#"{{"filters": {COST}}}"#);
    let named = format!(r#"{{"id": [1], "filter": {COST}}}"#);
    let of_body = format!(r#"{{"filter": {body}}}"#);
    let marked = format!("\u{feff}{COST}");
    for line in [COST, &body, &of_body, &marked] {
        assert_eq!(answer(&["--reverse"], line), json!({"query": "cost >= 0.01", "warnings": []}), "{line}");
    }
    assert_eq!(answer(&["--reverse"], &named), json!({"id": [1], "query": "cost >= 0.01", "warnings": []}));
    assert_eq!(answer(&["--reverse"], "{}"), json!({"query": "*", "warnings": []}));
    for (line, id, code) in [
        (r#"{"id": 3, "filter": {"and": [1]}}"#, Some(json!(3)), "unexpected-json"),
        (r#"{"id": 3, "filter": {"field": "cost", "op": "gt", "value": 1e400}}"#, Some(json!(3)), "number-range"),
        (r#"{"id": 3, "filtre": {}}"#, Some(json!(3)), "unexpected-json"),
        (r#"{"id": 3, "filter": {}, "query": ""}"#, Some(json!(3)), "unexpected-json"),
        (r#"{"filter": {}, "filter": {}}"#, None, "duplicate-key"),
        (r#"{"id": 3, "filter": {"#, Some(json!(null)), "invalid-json"),
        ("cost > 1", None, "invalid-json"),
        ("", None, "invalid-json"),
        (r#"{"field": "color", "op": "eq", "value": "red"}"#, None, "not-expressible"),
    ] {
        let answer = answer(&["--reverse"], line);
        assert_eq!(answer["error"]["diagnostics"][0]["code"], code, "{line}: {answer}");
        assert_eq!(answer.get("id"), id.as_ref(), "{line}: {answer}");
    }
    let conflict = run(&["batch", "--reverse", "--param", "a=b"], b"");
    assert_eq!(conflict.status.code(), Some(2));
}

#[test]
fn invalid_lines_affect_only_their_own_answer() {
    let output = run(&["batch"], b"\xff\ncost >= 0.01\n");
    assert_eq!(output.status.code(), Some(1));
    let stdout = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = stdout.lines().collect();
    let broken: Value = serde_json::from_str(lines[0]).unwrap();
    assert_eq!(broken["error"]["diagnostics"][0]["code"], "invalid-utf-8");
    assert_eq!(lines[1], format!("{{\"filter\":{COST},\"warnings\":[]}}"));
    for line in [&b"{\"id\": 1, \"query\": \"\xff\"}"[..], b" {\xff", b"\xef\xbb\xbf{\xff"] {
        let broken: Value = serde_json::from_slice(&run(&["batch"], line).stdout).unwrap();
        assert_eq!(broken.get("id"), Some(&Value::Null), "{broken}");
    }

    const MOST: usize = 1 << 20;
    let query = |bytes: usize| format!("model = {}", "x".repeat(bytes - "model = ".len()));
    let of_object = |bytes: usize| format!("{{\"query\": \"{}\"}}", query(bytes));
    let lines = [
        ("cost > 1".to_owned(), true),
        (query(MOST), true),
        (query(MOST + 1), false),
        (query(MOST) + "\r", true),
        // Cut within a character.
        (query(16 * MOST - 7) + &"天".repeat(MOST), false),
        (of_object(MOST), true),
        (of_object(MOST + 1), false),
        (of_object(17 * MOST), false),
        ("cost > 2".to_owned(), true),
    ];
    let input: Vec<&str> = lines.iter().map(|(line, _)| line.as_str()).collect();
    let output = run(&["batch"], input.join("\n").as_bytes());
    assert_eq!(output.status.code(), Some(1));
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(stdout.lines().count(), lines.len());
    for (number, ((_, fits), answer)) in lines.iter().zip(stdout.lines()).enumerate() {
        let value: Value = serde_json::from_str(answer).unwrap();
        assert_eq!(value.get("filter").is_some(), *fits, "line {number}");
        if !fits {
            assert!(answer.len() < 1000, "line {number}");
            assert_eq!(value["error"]["diagnostics"][0]["code"], "too-long", "line {number}: {answer}");
        }
    }
}

/// Each answer is written before more input is read, whether the input is flushed at line breaks or
/// not.
#[test]
fn lines_are_answered_immediately() {
    let mut child = command(&["batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut answer = || {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, format!("{{\"filter\":{COST},\"warnings\":[]}}\n"));
    };
    for _ in 0..3 {
        stdin.write_all(b"cost >= 0.01\n").unwrap();
        answer();
    }
    // Two lines and the start of a third, in one write.
    stdin.write_all(b"cost >= 0.01\ncost >= 0.01\ncost").unwrap();
    answer();
    answer();
    stdin.write_all(b" >= 0.01\n").unwrap();
    answer();
    drop(stdin);
    assert!(child.wait().unwrap().success());
}
