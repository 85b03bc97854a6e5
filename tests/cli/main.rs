//! The command: inputs, outputs and exit statuses.

#![cfg(feature = "cli")]

mod batch;
mod matches;
mod process;
#[cfg(unix)]
mod readme;
#[cfg(target_os = "linux")]
mod streams;
mod usage;

use std::process::Stdio;

use process::{command, err, out, run};

const COST: &str = r#"{"field":"cost","op":"gte","value":0.01}"#;

#[test]
fn queries_are_read_from_argument_file_or_stdin() {
    let and = r#"{"and":[{"field":"cost","op":"gte","value":0.01},{"field":"model","op":"eq","value":"gpt-4o"}]}"#;
    assert_eq!(out(0, &[r#"cost >= 0.01 and model = "gpt-4o""#], ""), format!("{and}\n"));
    let text = "cost >= 0.01\n# and\nmodel = gpt-4o\n";
    assert_eq!(out(0, &[], text), format!("{and}\n"));
    assert_eq!(out(0, &["-"], text), format!("{and}\n"));
    assert_eq!(out(0, &["--file", "-"], text), format!("{and}\n"));
    let file = temporary("query", text);
    assert_eq!(out(0, &["--file", &file], ""), format!("{and}\n"));
    assert_eq!(out(0, &["-f", &file], "cost > 1"), format!("{and}\n"), "the input is not read");
    assert_eq!(out(0, &["environment = 2024"], ""), "{\"field\":\"environment\",\"op\":\"eq\",\"value\":\"2024\"}\n");
    assert!(err(2, &["-f", &file, "cost > 1"], "").contains("cannot be used with"));
    let missing = err(2, &["-f", "/no/such/file"], "");
    assert!(missing.starts_with("error: cannot read /no/such/file: "), "{missing}");
}

/// Creates a file with a text, and returns its path.
fn temporary(name: &str, text: &str) -> String {
    let path = format!("{}/cli-{}-{name}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn empty_queries_have_a_warning() {
    for (arguments, input) in [(&[][..], ""), (&[], " \n"), (&[""], "")] {
        let output = run(arguments, input.as_bytes());
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(output.stdout, b"{}\n");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.starts_with("warning: the query is empty"), "{stderr}");
    }
    assert!(run(&["*"], b"").stderr.is_empty());
}

#[test]
fn output_formats() {
    assert_eq!(out(0, &["--body", "cost >= 0.01"], ""), format!("{{\"filters\":{COST}}}\n"));
    let pretty = "{\n  \"field\": \"cost\",\n  \"op\": \"gte\",\n  \"value\": 0.01\n}\n";
    assert_eq!(out(0, &["-p", "cost >= 0.01"], ""), pretty);
    let body = out(0, &["--pretty", "--body", "cost >= 0.01"], "");
    assert!(body.starts_with("{\n  \"filters\": {\n"), "{body}");
}

#[test]
fn rejected_queries_exit_with_1() {
    let rejected = err(1, &["session_custom_metadata.user_type = premium"], "");
    assert!(rejected.contains("does not take `=`") && rejected.contains("user_type contains premium"), "{rejected}");
    let rejected = run(&[], b"model = a\xff");
    assert_eq!(rejected.status.code(), Some(1));
    assert_eq!(String::from_utf8(rejected.stderr).unwrap(), "error: the input is not UTF-8: invalid at byte 9\n");
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let argument = std::ffi::OsStr::from_bytes(b"model = a\xff");
        let output = command(&[]).arg(argument).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn warnings_are_written_to_stderr() {
    let output = run(&["latency > 500"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "{\"field\":\"latency\",\"op\":\"gt\",\"value\":500}\n");
    assert!(String::from_utf8(output.stderr).unwrap().contains("warning[assumed-seconds]"));
    assert_eq!(out(0, &["cost between 1 and 2"], ""), "{\"field\":\"cost\",\"op\":\"between\",\"value\":[1,2]}\n");
    assert!(err(1, &["--strict", "cost between 1 and 2"], "").contains("error[unlisted-operator]"));
}

#[test]
fn diagnostics_in_each_format() {
    let human = err(1, &["modle = a"], "");
    assert!(human.contains("1 | modle = a\n  | ^^^^^\n"), "{human}");
    let short = err(1, &["--message-format", "short", "modle = a"], "");
    assert_eq!(short, "1:1: error[unknown-field]: unknown field `modle`; did you mean `model`?\n");
    let json = err(1, &["--message-format", "json", "modle = a"], "");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["code"], "unknown-field");
    assert_eq!(json[0]["fixes"][0]["edits"][0]["text"], "model");
    // Other errors are text.
    assert!(err(2, &["--message-format", "json", "--unknown-option"], "").starts_with("error: unexpected argument"));
    assert!(err(2, &["--message-format", "json", "--param", "x", "*"], "").starts_with("error: --param x: "));
    let warnings = String::from_utf8(run(&["--message-format", "json", "latency > 500"], b"").stderr).unwrap();
    let warnings: serde_json::Value = serde_json::from_str(&warnings).unwrap();
    assert_eq!(warnings[0]["severity"], "warning");
}

#[test]
fn colors_are_for_terminals_by_default() {
    const ESCAPE: char = '\u{1b}';
    assert!(!err(1, &["modle = a"], "").contains(ESCAPE));
    assert!(err(1, &["--color", "always", "modle = a"], "").contains(ESCAPE));
    assert!(err(1, &["reverse", "--color=always", "{"], "").contains(ESCAPE));
    assert!(err(2, &["--color", "always", "--no-such-option"], "").contains(ESCAPE), "clap's own errors too");
    assert!(!err(2, &["--color", "never", "--no-such-option"], "").contains(ESCAPE));
    assert!(out(0, &["--color", "always", "--help"], "").contains(ESCAPE));
    let forced = command(&["modle = a"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(String::from_utf8(forced.stderr).unwrap().contains(ESCAPE));
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
    assert!(err(2, &["--param", "x", "model = $x"], "").contains("NAME=STRING"));
    assert!(err(2, &["--param", "$x=1", "model = $x"], "").contains("without its `$`"));
    assert!(err(2, &["--param", "x=1", "--param", "x=2", "model = $x"], "").contains("`x` was given before"));
    assert!(err(2, &["--param", "x:=tru", "model = $x"], "").contains("not JSON"));
    assert!(err(2, &["--param", "x:=true", "model = $x"], "").contains("a boolean"));
    for parameter in ["a b=1", "=x", "1=2", "ä:=2", "a-b=1"] {
        let error = err(2, &["--param", parameter, "*"], "");
        assert!(error.starts_with(&format!("error: --param {parameter}: ")), "{error}");
        let names = ": a name consists of ASCII letters, digits and `_`, and does not begin with a digit\n";
        assert!(error.ends_with(names), "{error}");
    }
    assert!(err(2, &["--text-field", "cost", "*"], "").contains("--text-field cost: "));
    for zone in ["Nowhere/Else", "", "+25:00"] {
        let error = err(2, &["--tz", zone, "*"], "");
        assert!(error.contains(&format!("'{zone}'")) && error.contains("a name such as Europe/Berlin"), "{error}");
    }
    for time in ["now", "2024", "2024-01-01T00:00:00", "9999-12-31T23:59:59Z", "99999-01-01T00:00:00Z", ""] {
        let error = err(2, &["--now", time, "*"], "");
        let allowed = "expected a time with an offset, such as 2024-03-31T12:00:00Z, up to 9999-12-30T22:00:00Z\n";
        assert!(error.starts_with(&format!("error: invalid value '{time}' for '--now <TIME>': {allowed}")), "{error}");
    }
    out(0, &["--now", "9999-12-30T22:00:00Z", "*"], "");
}

#[test]
fn queries_are_explained() {
    let arguments = ["explain", "--now", "2024-03-31T12:00:00Z", "--tz", "Europe/Berlin", "time >= today and env:prod"];
    assert_eq!(
        out(0, &arguments, ""),
        "all of these:\n  start_time is at or after 2024-03-30 23:00:00 UTC (today)\n  environment is \"prod\"\n"
    );
    assert!(err(1, &["explain", "modle = x"], "").contains("unknown-field"));
    let code = err(1, &["explain", "unknown-field"], "");
    assert!(code.ends_with("help: `freeplay-filter --explain unknown-field` explains the code\n"), "{code}");
}

#[test]
fn filters_are_reversed() {
    let filter = r#"{"filters": {"and": [{"field":"cost","op":"gte","value":0.01},
        {"not": {"field":"environment","op":"eq","value":"prod"}}]}}"#;
    assert_eq!(out(0, &["reverse"], filter), "cost >= 0.01 and environment != prod\n");
    let long = format!(r#"{{"or": [{COST}, {{"field": "model", "op": "eq", "value": "{}"}}]}}"#, "x".repeat(100));
    assert_eq!(out(0, &["reverse", &long], "").lines().count(), 1);
    assert_eq!(out(0, &["reverse", "--pretty", &long], "").lines().count(), 2);
    assert_eq!(out(0, &["reverse", COST], ""), "cost >= 0.01\n");
    let marked = temporary("filter", &format!("\u{feff}{COST}"));
    assert_eq!(out(0, &["reverse", "-f", &marked], ""), "cost >= 0.01\n");
    assert!(err(1, &["-f", &marked], "").contains("`freeplay-filter reverse`"));
    assert!(err(1, &["reverse"], "{\"and\": [1]}").contains("/and/0"));
    let query = err(1, &["reverse", "cost > 1"], "");
    assert!(query.contains("invalid-json") && query.contains("this is a query, not a filter in JSON"), "{query}");
    assert!(query.ends_with("help: `freeplay-filter QUERY` compiles a query to a filter\n"), "{query}");
    for other in ["", "{\"and\": ", "refund", "null x"] {
        assert!(!err(1, &["reverse"], other).contains("a query"), "{other}");
    }
    assert!(err(1, &[COST], "").contains("`freeplay-filter reverse`"));
}

#[test]
fn queries_are_formatted() {
    let formatted = "cost > 1  # why\nand env = \"prod\"\n";
    assert_eq!(out(0, &["fmt"], "cost>1 # why\nAND env='prod'"), formatted);
    assert_eq!(out(0, &["fmt", "--check"], formatted), "");
    assert_eq!(out(0, &["fmt", "--check"], formatted.trim_end()), "");
    assert_eq!(
        err(1, &["fmt", "--check"], "cost>1"),
        "error: the query is not formatted; `freeplay-filter fmt` prints it formatted\n"
    );
    let file = temporary("unformatted", "cost>1");
    assert!(err(1, &["fmt", "--check", "--file", &file], "").contains(&format!("{file} is not formatted")));
    assert!(err(1, &["fmt"], "cost >").contains("expected-value"));
}

#[test]
fn fields_are_listed() {
    let table = out(0, &["fields"], "");
    let cost = table.lines().find(|line| line.starts_with("cost ")).unwrap();
    assert!(cost.contains(" usd ") && cost.ends_with(" = > >= < <= between*"), "{cost}");
    let output = table.lines().find(|line| line.starts_with("completion_output ")).unwrap();
    assert!(output.contains(" contains ") && output.ends_with(" output"), "{output}");
    assert!(table.contains("\n    The model's answer\n"), "{table}");
    let longest = table.lines().map(|line| line.chars().count()).max();
    assert!(longest <= Some(100), "{table}");
    let json: serde_json::Value = serde_json::from_str(&out(0, &["fields", "--json"], "")).unwrap();
    assert_eq!(json[0]["name"], "cost");
    assert_eq!(json[0]["operators"][1], serde_json::json!({"operator": ">", "api": "gt", "listed": true}));
    assert_eq!(json[0]["operators"][5], serde_json::json!({"operator": "between", "api": "between", "listed": false}));
    assert_eq!(json.as_array().unwrap().len(), freeplay_filter::Catalog::builtin().fields().len());
}

#[test]
fn codes_are_explained() {
    let list = out(0, &["--explain"], "");
    // The last one is that of a line of `batch` that is not text.
    assert_eq!(list.lines().count(), freeplay_filter::Code::ALL.len() + 1);
    assert!(list.lines().last().unwrap().starts_with("invalid-utf-8 "), "{list}");
    assert!(out(0, &["--explain", "error[invalid-utf-8]"], "").starts_with("invalid-utf-8 (error)\n\nThe line "));
    for (code, line) in freeplay_filter::Code::ALL.iter().zip(list.lines()) {
        assert!(line.starts_with(&format!("{code} ")) && line.chars().count() <= 100, "{line}");
        let page = out(0, &["--explain", code.as_str()], "");
        assert!(page.starts_with(code.as_str()), "{page}");
        assert!(
            words(&page).contains(&words(code.explanation())) && page.contains(code.right().unwrap_or_default()),
            "{page}"
        );
    }
    let page = out(0, &["--explain", "unknown-field"], "");
    for spelling in
        ["error[unknown-field]", "warning[unknown-field]", "UNKNOWN_FIELD", "UnknownField", "Error[unknown-field"]
    {
        assert_eq!(out(0, &["--explain", spelling], ""), page, "{spelling}");
    }
}

/// Returns the words of a text, however its lines are broken.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn unknown_codes_suggest_the_nearest() {
    assert_eq!(
        err(2, &["--explain", "unknwon-field"], ""),
        "error: there is no code `unknwon-field`; did you mean `unknown-field`?\n"
    );
    assert!(err(2, &["--explain", "escape"], "").contains("did you mean `unknown-escape`?"));
    assert!(err(2, &["--explain", "qqq"], "").contains("`freeplay-filter --explain` lists the codes"));
    assert!(err(2, &["--explain", "cost > 1"], "").contains("`freeplay-filter explain QUERY` explains a query"));
    assert!(err(2, &["--explain", "unclosed", "cost > 1"], "").contains("cannot be used with"));
}

#[test]
fn curl_commands_need_no_feature() {
    let arguments = ["search", "traces", "cost >= 0.01", "--curl"];
    let curl = out(0, &[&arguments[..], &["--project", "my project", "--limit", "7"]].concat(), "");
    assert!(curl.contains("/projects/my%20project/search/traces?page=1&page_size=7&include_children=false'"), "{curl}");
    assert!(curl.contains(&format!("--data-raw '{{\"filters\":{COST}}}'")), "{curl}");
    let of_environment = command(&arguments).env("FREEPLAY_PROJECT_ID", "my project").output().unwrap();
    let of_environment = String::from_utf8(of_environment.stdout).unwrap();
    assert_eq!(of_environment, curl.replace("page_size=7", "page_size=100"));
    for limit in ["0", "-1", "many", "1.5", ""] {
        let error = err(2, &[&arguments[..], &["--project", "x", &format!("--limit={limit}")]].concat(), "");
        assert!(error.contains("expected a number of results, at least 1"), "{error}");
    }
    let missing = err(2, &arguments, "");
    assert!(missing.contains("--project") && missing.contains("FREEPLAY_PROJECT_ID"), "{missing}");
    let empty = command(&arguments).env("FREEPLAY_PROJECT_ID", "").output().unwrap();
    assert_eq!(String::from_utf8(empty.stderr).unwrap(), missing);
    let endpoint = err(2, &["search", "trace", "*"], "");
    assert!(endpoint.contains("sessions, traces, completions"), "{endpoint}");
    #[cfg(not(feature = "client"))]
    {
        let unable = err(2, &["search", "traces", "*", "--project", "x"], "");
        assert!(unable.contains("`client`") && unable.contains("--curl"), "{unable}");
    }
}

#[test]
fn shell_completions() {
    for (shell, sign) in
        [("bash", "complete -F"), ("zsh", "#compdef freeplay-filter"), ("fish", "complete -c freeplay-filter")]
    {
        let script = out(0, &["completions", shell], "");
        assert!(script.contains(sign) && script.contains("include-children"), "{script}");
    }
}

#[test]
fn manual_pages() {
    let page = out(0, &["man"], "");
    assert!(page.contains(".TH freeplay-filter 1") && page.contains("freeplay\\-filter\\-search(1)"), "{page}");
    let page = out(0, &["man", "search"], "");
    assert!(page.contains(".TH freeplay-filter-search 1") && page.contains("include\\-children"), "{page}");
    assert!(err(2, &["man", "nothing"], "").contains("there is no command `nothing`"));
}

#[test]
#[cfg(unix)]
fn closed_pipes_are_no_error() {
    let mut child = command(&["fields", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
