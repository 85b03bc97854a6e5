//! `matches`: keeps the lines that match a query.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::process::{command, err, out, run};

const PREMIUM: &str = r#"{"session_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a","custom_metadata":{"tier":"premium"}}"#;
const BASIC: &str = r#"{ "custom_metadata":{"tier":"basic"}, "session_id":"3c90c3cc-0d44-4b50-8888-8dd25736052b" }"#;
const COSTLY: &str = r#"{"cost":5.0,"session_custom_metadata":{"tier":"basic"}}"#;

fn lines(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Returns standard output and standard error.
fn kept(status: i32, arguments: &[&str], input: &[u8]) -> (String, String) {
    let output = run(&[&["matches"], arguments].concat(), input);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {stderr}");
    (String::from_utf8(output.stdout).unwrap(), stderr)
}

#[test]
fn matching_lines_are_kept_unchanged() {
    let input = lines(&[PREMIUM, BASIC, COSTLY]);
    let matches = |query: &str| out(0, &["matches", query], &input);
    assert_eq!(matches("meta.tier ~ premium"), lines(&[PREMIUM]));
    assert_eq!(matches("not meta.tier ~ premium"), lines(&[BASIC, COSTLY]));
    assert_eq!(matches("*"), input);
    assert_eq!(matches("not *"), "");
    // Spaces, the order of keys, and carriage returns are kept; a missing last line break is added.
    let odd = format!("\n{BASIC}\r\n \t\n{COSTLY}");
    assert_eq!(kept(0, &["meta.tier ~ basic"], odd.as_bytes()).0, format!("{BASIC}\r\n{COSTLY}\n"));
    assert_eq!(kept(0, &["*"], b""), (String::new(), String::new()));
    // A byte order mark is no part of the line.
    assert_eq!(kept(0, &["*"], format!("\u{feff}{PREMIUM}").as_bytes()).0, lines(&[PREMIUM]));
}

#[test]
fn unknown_results_are_kept_or_dropped() {
    let input = lines(&[PREMIUM, BASIC, COSTLY]);
    let query = "cost > 1 or meta.tier ~ premium";
    for (arguments, expected, remark) in [
        (&[][..], vec![PREMIUM, BASIC, COSTLY], "for 1 result the match is unknown; it is kept"),
        (&["--unknown", "keep"], vec![PREMIUM, BASIC, COSTLY], "it is kept"),
        (&["--unknown", "drop"], vec![PREMIUM, COSTLY], "it is dropped"),
        (&["--unknown", "only"], vec![BASIC], ""),
    ] {
        let (stdout, stderr) = kept(0, &[&[query], arguments].concat(), input.as_bytes());
        assert_eq!(stdout, lines(&expected), "{arguments:?}");
        assert_eq!(stderr.is_empty(), remark.is_empty(), "{stderr}");
        assert!(stderr.contains(remark), "{stderr}");
    }
    let (_, stderr) = kept(0, &["cost > 1"], input.as_bytes());
    assert_eq!(stderr, "warning: for 2 results the match is unknown; they are kept (--why shows what they lack)\n");
    assert!(err(2, &["matches", "--unknown", "maybe", "*"], "").contains("keep, drop, only"));
}

#[test]
fn results_are_explained() {
    let query = "cost > 1 and meta.tier ~ premium";
    let why = |arguments: &[&str]| -> Vec<Value> {
        let (stdout, stderr) =
            kept(0, &[&[query, "--why"], arguments].concat(), lines(&[PREMIUM, "", BASIC, COSTLY]).as_bytes());
        assert_eq!(stderr, "");
        stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let all = why(&[]);
    let seen: Vec<_> = all.iter().map(|answer| (&answer["line"], &answer["matches"])).collect();
    assert_eq!(seen, [(&json!(1), &json!(null)), (&json!(3), &json!(false)), (&json!(4), &json!(false))]);
    assert_eq!(
        all[0]["why"],
        json!([
            {"span": {"start": 0, "end": 32}, "depth": 0, "text": "all of these:", "holds": null},
            {"span": {"start": 0, "end": 8}, "depth": 1, "text": "cost is more than 1 US dollar", "holds": null, "reason": "results do not contain it"},
            {
                "span": {"start": 13, "end": 32}, "depth": 1, "holds": true, "reason": "it has \"premium\"",
                "text": "session_custom_metadata.tier contains the word premium, in any letter case",
            },
        ])
    );
    assert_eq!(why(&["--unknown", "drop"]), all);
    assert_eq!(why(&["--unknown", "only"]), all[..1]);
}

#[test]
fn invalid_lines_are_reported_by_number() {
    let page = json!({"data": [{"session_id": "x"}], "pagination": {"page": 1, "page_size": 30, "has_next": false}});
    let deep = "[".repeat(500);
    let twice = r#"{"cost": 1, "cost": 2}"#;
    let twice_inside = r#"{"session_id": "x", "custom_metadata": {"a": [{"b": 1, "b": 1}]}}"#;
    let input = [
        PREMIUM.as_bytes(),
        b"{\"session_id\": ",
        b"model = a",
        b"[1]",
        b"\xff{}",
        b"",
        page.to_string().as_bytes(),
        b"{\"env\": \"prod\"}",
        b"{}",
        deep.as_bytes(),
        twice.as_bytes(),
        twice_inside.as_bytes(),
        BASIC.as_bytes(),
    ]
    .join(&b'\n');
    let (stdout, stderr) = kept(1, &["*"], &input);
    assert_eq!(stdout, lines(&[PREMIUM, BASIC]), "the others are read");
    let expected = [
        "error: line 2: not JSON: it ends where a value is expected, at column 15",
        "error: line 3: not JSON: a value is expected, at column 1",
        "error: line 4: not an object",
        "error: line 5: not UTF-8: invalid at byte 0",
        "error: line 7: a page of results; write each result in its `data` on a line of its own",
        "error: line 8: neither a search result nor an object keyed by fields",
        "error: line 9: neither a search result nor an object keyed by fields",
        "error: line 10: not JSON: it is nested too deeply, at column 128",
        "error: line 11: duplicate key `cost`, at column 18",
        "error: line 12: duplicate key `b`, at column 58",
    ];
    assert_eq!(stderr.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn query_is_checked_first() {
    assert!(err(1, &["matches", "modle = a"], PREMIUM).contains("did you mean `model`?"));
    assert!(err(2, &["matches"], PREMIUM).contains("<QUERY>"));
    for arguments in [&["-"][..], &["--file", "-"]] {
        let error = err(2, &[&["matches"], arguments].concat(), PREMIUM);
        assert!(error.contains("standard input has the results"), "{error}");
    }
    let now = ["matches", "--now", "2024-03-31T12:00:00Z", "--param", "t=premium", "time > now-1d or meta.tier ~ $t"];
    assert_eq!(out(0, &now, &lines(&[PREMIUM])), lines(&[PREMIUM]));
    let warned = run(&["matches", "latency > 500"], b"");
    assert!(String::from_utf8(warned.stderr).unwrap().contains("assumed-seconds"));
}

/// Each result is answered before more input is read.
#[test]
fn results_are_streamed() {
    let mut child =
        command(&["matches", "meta.tier ~ premium"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        writeln!(stdin, "{BASIC}\n{PREMIUM}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, lines(&[PREMIUM]));
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}
