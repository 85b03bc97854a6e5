//! The shell command, run in a real shell.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use freeplay_filter::Filter;
use freeplay_filter::search::{BaseUrl, Endpoint, SearchRequest};
use proptest::prelude::*;

use crate::server::{KEY, PROJECT, Server};
use crate::world;

/// Generates strings with everything that is special in a shell, a terminal, curl or JSON.
const HOSTILE: &str = "it's \"$HOME\" `id` $(id) !! !$ \\ \\' \n\r\t\0 \u{1b}[2J\u{7f}\u{9b} %s %n {a,b} [1-9] * ? ~ # & | ; < > @/etc/passwd 天🎈''";

fn request(base: &str, project: &str, filter: &Filter) -> SearchRequest {
    SearchRequest::builder(Endpoint::Sessions, project, filter)
        .base(base.parse().unwrap())
        .page_size(100)
        .build()
        .unwrap()
}

/// Runs a script in `sh`, with the key and empty standard input. The script is a file, as it may be longer
/// than an argument.
fn run(script: &str) -> Vec<u8> {
    static SCRIPTS: AtomicUsize = AtomicUsize::new(0);
    let number = SCRIPTS.fetch_add(1, Ordering::Relaxed);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("search-{}-{number}.sh", std::process::id()));
    fs::write(&path, script).unwrap();
    let output = Command::new("sh").arg(&path).env("FREEPLAY_API_KEY", KEY).stdin(Stdio::null()).output().unwrap();
    fs::remove_file(&path).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn is_installed(program: &str) -> bool {
    let installed = Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok();
    if !installed {
        eprintln!("SKIPPED: {program} is not installed");
    }
    installed
}

/// Returns the arguments of curl, each terminated by a NUL, and then the input from the pipe. A shell
/// function replaces curl and prints them.
fn arguments(request: &SearchRequest) -> Vec<String> {
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; cat; }}\n{}\n", request.curl());
    let output = String::from_utf8(run(&script)).unwrap();
    output.split('\0').map(str::to_owned).collect()
}

fn expected_arguments(request: &SearchRequest, body: [&str; 3]) -> Vec<String> {
    let authorization = format!("Authorization: Bearer {KEY}");
    let url = request.url();
    let common =
        ["--request", "POST", "--url", &url, "--header", &authorization, "--header", "Content-Type: application/json"];
    common.into_iter().chain(body).map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn shells_pass_every_byte(
        field in ".{1,20}",
        value in prop_oneof![any::<String>(), r#"['"$!`\\\n\r\t\u{7f}\u{80}-\u{9f}%@(){}~ -]{0,40}"#],
        project in r#"[a-z'"$!`\\ ()%-]{1,12}x"#,
        path in "(/[-._~!$&'()*+,;=:@a-z]{1,5}x){0,2}",
    ) {
        let filter = Filter::field(field).contains(value);
        let request = request(&format!("https://a.example{path}"), project.trim(), &filter);
        prop_assert_eq!(arguments(&request), expected_arguments(&request, ["--data-raw", request.body(), ""]));
    }
}

/// Returns a filter with a body of the given length in bytes.
fn filter_of(body_length: usize) -> Filter {
    let filter = |filler: usize| Filter::field("model").eq(HOSTILE.to_owned() + &"x".repeat(filler));
    let unfilled = request(BaseUrl::CLOUD, PROJECT, &filter(0)).body().len();
    filter(body_length - unfilled)
}

#[test]
fn long_bodies_use_a_pipe() {
    for (length, piped) in [(100_000, false), (100_001, true), (3_000_000, true)] {
        let request = request(BaseUrl::CLOUD, PROJECT, &filter_of(length));
        assert_eq!(request.body().len(), length);
        let body = if piped { ["--data-binary", "@-", request.body()] } else { ["--data-raw", request.body(), ""] };
        assert!(arguments(&request) == expected_arguments(&request, body), "a body of {length} bytes");
    }
}

#[test]
fn curl_sends_the_exact_body() {
    if !is_installed("curl") {
        return;
    }
    // The longest argument, for which curl first asks the server whether to send the body.
    for length in [1_000, 100_000, 2_000_000] {
        let filter = !filter_of(length - r#"{"not":}"#.len());
        let server = Server::start(world::sessions(9));
        let request = request(&server.base(), PROJECT, &filter);
        let answer = run(&format!("{} --silent --noproxy '*'", request.curl()));

        let [seen] = server.seen().try_into().unwrap();
        assert_eq!(seen.body.len(), length);
        assert!(seen.body == request.body().as_bytes());
        let body: serde_json::Value = serde_json::from_slice(&seen.body).unwrap();
        let value = body["filters"]["not"]["value"].as_str().unwrap();
        assert_eq!(value.trim_end_matches('x'), HOSTILE);
        assert_eq!(
            seen.target,
            "/api/v2/projects/it%27s%20a%2Fproject%3F/search/sessions?page=1&page_size=100&include_children=false"
        );
        // The server accepted the key and received the body.
        let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer["data"].as_array().map(Vec::len), Some(9), "{answer}");
    }
}

/// In an interactive shell, an unquoted `!` recalls earlier commands.
#[test]
fn interactive_bash_expands_no_history() {
    if !is_installed("bash") {
        return;
    }
    let filter = Filter::field("model").eq(HOSTILE) | Filter::field("model").eq("'!!' !1 it's!x '!'");
    let request = request(BaseUrl::CLOUD, PROJECT, &filter);
    // Commands are read from standard input, like a paste: `-c` would not expand history.
    let script =
        format!("set -o history -o histexpand\ncurl() {{ printf '%s\\0' \"$@\"; }}\n{}\necho !!:0\n", request.curl());
    let mut bash = Command::new("bash")
        .args(["--norc", "--noprofile", "-i"])
        .env("FREEPLAY_API_KEY", KEY)
        .env("HISTFILE", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut bash.stdin.take().unwrap(), script.as_bytes()).unwrap();
    let output = String::from_utf8(bash.wait_with_output().unwrap().stdout).unwrap();
    let mut arguments: Vec<_> = output.split('\0').collect();
    // The last line shows that history expansion was active.
    assert_eq!(arguments.pop(), Some("curl\n"));
    assert_eq!(arguments, expected_arguments(&request, ["--data-raw", request.body(), ""])[..10]);
}
