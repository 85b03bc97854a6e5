//! The client, with a server that behaves and one that does not.

use std::collections::HashSet;
use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use freeplay_filter::Filter;
use freeplay_filter::jiff::Timestamp;
use freeplay_filter::search::{
    Child, Client, CompletionResult, Endpoint, Page, RawResult, RequestBuilder, Results, SearchError, SearchErrorKind,
    SearchRequest, SearchResult, SessionResult, Token, TraceResult,
};
use serde_json::{Value, json};

use crate::responses::is_kept;
use crate::server::{KEY, Mischief, PROJECT, Server};
use crate::world::{self, Session};

const COUNT: u32 = 250;

/// A server with a few hundred sessions, and a client that does not wait before retries.
struct Scene {
    server: Server,
    client: Client,
    waits: Arc<Mutex<Vec<Duration>>>,
}

impl Scene {
    fn new() -> Scene {
        let waits = Arc::<Mutex<Vec<Duration>>>::default();
        let waited = Arc::clone(&waits);
        let client = Client::builder(Token::new(KEY).unwrap())
            .timeout(Duration::from_secs(10))
            .wait(move |retry| waited.lock().unwrap().push(retry.after))
            .build();
        Scene { server: Server::start(world::sessions(COUNT)), client, waits }
    }

    fn with_mischief(mischief: impl IntoIterator<Item = Mischief>) -> Scene {
        let scene = Scene::new();
        scene.server.misbehave(mischief);
        scene
    }

    fn request(
        &self,
        filter: &Filter,
        endpoint: Endpoint,
        settings: fn(RequestBuilder) -> RequestBuilder,
    ) -> SearchRequest {
        let builder = SearchRequest::builder(endpoint, PROJECT, filter).base(self.server.base().parse().unwrap());
        settings(builder).build().unwrap()
    }

    fn sessions(&self, filter: &Filter, page_size: u32) -> Results<SessionResult> {
        let builder =
            SearchRequest::builder(Endpoint::Sessions, PROJECT, filter).base(self.server.base().parse().unwrap());
        self.client.search(&builder.page_size(page_size).build().unwrap())
    }

    /// Runs a search that must fail, and must then have ended.
    fn failure(&self) -> SearchError {
        let mut results = self.sessions(&Filter::All, 100);
        let error = loop {
            match results.next() {
                Some(Ok(_)) => {}
                Some(Err(error)) => break error,
                None => panic!("the search ends well"),
            }
        };
        assert!(results.next().is_none(), "an error ends the search");
        assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{error:?}");
        error
    }

    fn requests(&self) -> usize {
        self.server.seen().len()
    }
}

fn ids(results: impl Iterator<Item = Result<SessionResult, SearchError>>) -> Vec<String> {
    results.map(|result| result.unwrap().session_id).collect()
}

fn expected(is_found: impl Fn(&Session) -> bool) -> Vec<String> {
    world::sessions(COUNT).iter().filter(|session| is_found(session)).map(|session| session.id("sessions")).collect()
}

#[test]
fn all_matches_are_returned_once_and_in_order() {
    let field = Filter::field;
    type Case = (Filter, fn(&Session) -> bool);
    let cases: [Case; 10] = [
        (Filter::All, |_| true),
        (field("cost").gt(0.5), |s| s.cost > 0.5),
        (field("cost").between(0.25, 0.5), |s| (0.25..=0.5).contains(&s.cost)),
        (field("latency").lte(8), |s| s.latency <= 8),
        (field("model").eq("gpt-4o"), |s| s.model == "gpt-4o"),
        (field("model").eq("it's `$HOME`!"), |s| s.model == "it's `$HOME`!"),
        // Neither parts of words (`re-FUND POLICY`) nor another order (`policy refund`) match.
        (field("completion_output").contains("REFUND policy"), |s| s.output == "Refund policy: none"),
        (field("start_time").gte("2024-06-16 00:00:00"), |s| s.number % 30 >= 15),
        (
            field("cost").gte(0.1)
                & (field("model").eq("gpt-4o") | field("model").eq("claude-3-opus"))
                & !field("environment").eq("prod"),
            |s| s.cost >= 0.1 && matches!(s.model, "gpt-4o" | "claude-3-opus") && s.environment != "prod",
        ),
        (field("cost").gt(5), |_| false),
    ];
    for (filter, is_found) in cases {
        for page_size in [1, 7, 50, 100] {
            let scene = Scene::new();
            let expected = expected(is_found);
            assert_eq!(ids(scene.sessions(&filter, page_size)), expected, "{filter:?}, {page_size} a page");
            // One request per page, including one for an empty result.
            let pages = expected.len().div_ceil(page_size as usize).max(1);
            let asked: Vec<String> = scene.server.seen().into_iter().map(|seen| seen.target).collect();
            let all: Vec<String> = (1..=pages)
                .map(|page| format!("/api/v2/projects/it%27s%20a%2Fproject%3F/search/sessions?page={page}&page_size={page_size}&include_children=false"))
                .collect();
            assert_eq!(asked, all);
        }
    }
}

#[test]
fn pages_are_requested_lazily() {
    let scene = Scene::new();
    let mut results = scene.sessions(&Filter::All, 5);
    assert_eq!(scene.requests(), 0);
    assert_eq!(ids(results.by_ref().take(0)).len(), 0);
    assert_eq!(scene.requests(), 0);
    assert_eq!(ids(results.by_ref().take(10)), expected(|session| session.number < 10));
    assert_eq!(scene.requests(), 2);
    assert_eq!((results.progress().pages, results.progress().results), (2, 10));
    assert_eq!(ids(results.by_ref().take(1)), expected(|session| session.number == 10));
    assert_eq!(scene.requests(), 3);
}

#[test]
fn limits_request_no_unneeded_pages() {
    for (limit, requests) in [(0, 0), (1, 1), (5, 1), (6, 2), (250, 50), (9_999, 50)] {
        let scene = Scene::new();
        let mut results = scene.sessions(&Filter::All, 5).limit(limit);
        let found = ids(results.by_ref());
        assert_eq!(found, expected(|session| (session.number as usize) < limit));
        assert!(results.next().is_none());
        assert_eq!(scene.requests(), requests, "for {limit} results");
        assert_eq!(results.progress().results, found.len() as u64);
    }
}

#[test]
fn progress_is_displayed() {
    let scene = Scene::new();
    let mut results = scene.sessions(&Filter::All, 50);
    assert_eq!(results.progress().to_string(), "0 results from 0 pages");
    results.next();
    assert_eq!(results.progress().to_string(), "1 result from 1 page");
    results.by_ref().for_each(drop);
    assert_eq!(results.progress().to_string(), "250 results from 5 pages");
}

/// Through a proxy, plain HTTP would send the key to another machine.
#[test]
fn local_requests_use_no_proxy() {
    let nowhere = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    // The environment of a running process cannot be changed safely, so another process runs a test.
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "client::single_pages_can_be_requested"]).env_remove("NO_PROXY").env_remove("no_proxy");
    for name in ["ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"] {
        again.env(name, &nowhere);
    }
    let output = again.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn searches_may_begin_at_any_page() {
    let scene = Scene::new();
    let request = scene.request(&Filter::All, Endpoint::Sessions, |request| request.page(3).page_size(100));
    assert_eq!(ids(scene.client.search(&request)), expected(|session| session.number >= 200));
}

#[test]
fn endpoints_return_results_with_children() {
    fn typed<R: SearchResult>(scene: &Scene, endpoint: Endpoint) -> Vec<R> {
        let filter = Filter::field("latency").eq(3);
        let request = scene.request(&filter, endpoint, |request| request.include_children(true).page_size(4));
        scene.client.search(&request).collect::<Result<_, _>>().unwrap()
    }
    let scene = Scene::new();
    let found: Vec<Session> = world::sessions(COUNT).into_iter().filter(|session| session.latency == 3).collect();
    assert!(found.len() > 4, "more than a page");

    let sessions: Vec<SessionResult> = typed(&scene, Endpoint::Sessions);
    let shown: Vec<Value> = found.iter().map(|session| session.result("sessions", true)).collect();
    assert!(is_kept(&json!(shown), &serde_json::to_value(&sessions).unwrap()));
    assert!(matches!(sessions[0].children.as_ref().unwrap()[..], [Child::Trace(_), Child::Completion(_)]));
    let traces: Vec<TraceResult> = typed(&scene, Endpoint::Traces);
    let shown: Vec<Value> = found.iter().map(|session| session.result("traces", true)).collect();
    assert!(is_kept(&json!(shown), &serde_json::to_value(&traces).unwrap()));
    let completions: Vec<CompletionResult> = typed(&scene, Endpoint::Completions);
    let shown: Vec<Value> = found.iter().map(|session| session.result("completions", true)).collect();
    assert!(is_kept(&json!(shown), &serde_json::to_value(&completions).unwrap()));

    for (endpoint, kind) in Endpoint::ALL.into_iter().zip(world::KINDS) {
        let lines: Vec<RawResult> = typed(&scene, endpoint);
        let shown: Vec<String> = found.iter().map(|session| session.result(kind, true).to_string()).collect();
        assert_eq!(lines.iter().map(RawResult::as_str).collect::<Vec<_>>(), shown);
    }
}

#[test]
fn single_pages_can_be_requested() {
    let scene = Scene::new();
    let request = scene.request(&Filter::All, Endpoint::Sessions, |request| request.page(9));
    let page: Page<SessionResult> = scene.client.page(&request).unwrap();
    assert_eq!((page.data.len(), page.pagination.page, page.pagination.page_size), (10, 9, 30));
    assert!(!page.pagination.has_next);
    assert_eq!(scene.requests(), 1);
}

#[test]
fn other_result_types_are_rejected_before_sending() {
    let scene = Scene::new();
    let request = scene.request(&Filter::All, Endpoint::Traces, |request| request);
    let error = scene.client.search::<SessionResult>(&request).next().unwrap().unwrap_err();
    assert!(matches!(error.kind(), SearchErrorKind::ResultType { endpoint: Endpoint::Traces }));
    assert_eq!(error.help(), None);
    assert!(scene.client.page::<SessionResult>(&request).is_err());
    assert_eq!(scene.requests(), 0);
}

fn failing() -> Mischief {
    Mischief::Answer(500, "application/json", json!({"message": "out of order"}).to_string())
}

#[test]
fn a_500_is_retried_three_times_after_five_seconds_each() {
    // On the second page, so that a retry must neither lose nor repeat the first.
    for failures in 1..=3 {
        let scene = Scene::with_mischief([Mischief::None].into_iter().chain(vec![failing(); failures]));
        assert_eq!(ids(scene.sessions(&Filter::All, 100)), expected(|_| true));
        assert_eq!(scene.requests(), 3 + failures);
        assert_eq!(*scene.waits.lock().unwrap(), vec![Duration::from_secs(5); failures]);
        let targets: HashSet<String> = scene.server.seen().into_iter().map(|seen| seen.target).collect();
        assert_eq!(targets.len(), 3, "a retry asks for the same page");
    }

    let scene = Scene::with_mischief(vec![failing(); 4]);
    let error = scene.failure();
    assert!(matches!(error.kind(), SearchErrorKind::Failed { attempts: 4, .. }), "{error:?}");
    assert_eq!(error.kind().to_string(), "the API returned 500 to all 4 attempts: out of order");
    assert_eq!(scene.requests(), 4);
    assert_eq!(scene.waits.lock().unwrap().len(), 3);
}

#[test]
fn retries_are_displayed() {
    let said = Arc::<Mutex<Vec<String>>>::default();
    let told = Arc::clone(&said);
    let scene = Scene::with_mischief([failing(), too_many("1")]);
    let client =
        Client::builder(Token::new(KEY).unwrap()).wait(move |retry| told.lock().unwrap().push(retry.to_string()));
    let request = scene.request(&Filter::All, Endpoint::Sessions, |request| request);
    client.build().page::<SessionResult>(&request).unwrap();
    assert_eq!(
        *said.lock().unwrap(),
        [
            "the API returned 500 (out of order); retry 1 of 3 in 5 s",
            "the API returned 429 (slow down); retry 2 of 3 in 1 s"
        ]
    );
}

fn too_many(retry_after: &str) -> Mischief {
    Mischief::TooManyRequests(format!("Retry-After: {retry_after}\r\n"))
}

#[test]
fn a_429_is_retried_after_the_requested_wait() {
    let date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After";
    for (headers, seconds) in [
        ("Retry-After: 0", 0),
        ("retry-after:  7 ", 7),
        ("Retry-After: 60", 60),
        // The three date formats of HTTP.
        (&*format!("{date}: Sun, 06 Nov 1994 08:50:07 GMT"), 30),
        (&*format!("{date}: Sunday, 06-Nov-94 08:50:37 GMT"), 60),
        (&*format!("{date}: Sun Nov  6 08:49:38 1994"), 1),
        (&*format!("{date}: Sun, 06 Nov 1994 08:00:00 GMT"), 0),
        // By the clock of this machine.
        ("Retry-After: Sun, 06 Nov 1994 08:50:07 GMT", 0),
    ] {
        let scene = Scene::with_mischief([Mischief::TooManyRequests(format!("{headers}\r\n"))]);
        assert_eq!(ids(scene.sessions(&Filter::All, 100)), expected(|_| true));
        assert_eq!(*scene.waits.lock().unwrap(), [Duration::from_secs(seconds)], "{headers}");
        assert_eq!(scene.requests(), 4);
    }
    let soon = (Timestamp::now() + Duration::from_secs(30)).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let scene = Scene::with_mischief([too_many(&soon)]);
    assert_eq!(ids(scene.sessions(&Filter::All, 100)), expected(|_| true));
    let waits = scene.waits.lock().unwrap();
    assert!((25..=30).contains(&waits[0].as_secs()), "{waits:?}");
}

#[test]
fn a_429_is_final_without_a_wait_or_with_a_long_one() {
    let date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:50:38 GMT";
    for (headers, asked) in [
        ("", None),
        ("Retry-After: \r\n", None),
        ("Retry-After: soon\r\n", None),
        ("Retry-After: -1\r\n", None),
        ("Retry-After: +1\r\n", None),
        ("Retry-After: 1.5\r\n", None),
        ("Retry-After: 61\r\n", Some(61)),
        (&*format!("{date}\r\n"), Some(61)),
        ("Retry-After: 99999999999999999999\r\n", Some(u64::MAX)),
    ] {
        let scene = Scene::with_mischief([Mischief::TooManyRequests(headers.to_owned())]);
        let error = scene.failure();
        let SearchErrorKind::TooManyRequests { attempts: 1, retry_after, message } = error.kind() else {
            panic!("{headers}: {error:?}")
        };
        assert_eq!((*retry_after, message.as_str()), (asked.map(Duration::from_secs), "slow down"), "{headers}");
        assert_eq!(scene.requests(), 1);
        assert!(scene.waits.lock().unwrap().is_empty());
        assert_eq!(error.help(), Some("try again later"));
    }
    let said = |mischief| Scene::with_mischief([mischief]).failure().kind().to_string();
    assert_eq!(said(too_many("")), "the API received too many requests: slow down");
    assert_eq!(said(too_many("90")), "the API received too many requests and asks to wait 90 s: slow down");
}

#[test]
fn pages_are_retried_at_most_three_times() {
    let scene = Scene::with_mischief(vec![too_many("2"); 4]);
    let error = scene.failure();
    assert!(matches!(error.kind(), SearchErrorKind::TooManyRequests { attempts: 4, .. }), "{error:?}");
    assert_eq!(*scene.waits.lock().unwrap(), vec![Duration::from_secs(2); 3]);

    let scene = Scene::with_mischief([failing(), too_many("2"), failing(), too_many("2")]);
    let error = scene.failure();
    assert!(matches!(error.kind(), SearchErrorKind::TooManyRequests { attempts: 4, .. }), "{error:?}");
    assert_eq!(scene.requests(), 4);

    // The next page has its own retries.
    let three = [too_many("1"), failing(), too_many("1"), Mischief::None];
    let scene = Scene::with_mischief(three.clone().into_iter().chain(three));
    assert_eq!(ids(scene.sessions(&Filter::All, 100)), expected(|_| true));
    assert_eq!(scene.requests(), 9);
}

#[test]
fn a_4xx_is_final_and_has_the_message() {
    for status in [400, 401, 404, 422] {
        let body = json!({"message": "no\u{1b}[2J such\nthing\u{9b}\u{202e}"}).to_string();
        let scene = Scene::with_mischief([Mischief::Answer(status, "application/json", body)]);
        let error = scene.failure();
        let SearchErrorKind::Rejected { status: given, message } = error.kind() else { panic!("{error:?}") };
        assert_eq!((*given, message.as_str()), (status, r"no\u001b[2J such\nthing\u009b\u202e"));
        assert_eq!(scene.requests(), 1);
        assert!(scene.waits.lock().unwrap().is_empty());
    }
}

#[test]
fn errors_contain_the_search_shortened() {
    let scene = Scene::new();
    let request = |filter: &Filter| {
        SearchRequest::builder(Endpoint::Sessions, "another", filter)
            .base(scene.server.base().parse().unwrap())
            .build()
            .unwrap()
    };
    let error = scene.client.page::<SessionResult>(&request(&Filter::field("cost").gt(0.5))).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "the API rejected the search with 404: there is no such project; searched {}/api/v2/projects/another/search/sessions\
             ?page=1&page_size=30&include_children=false for {}",
            scene.server.base(),
            r#"{"field":"cost","op":"gt","value":0.5}"#,
        )
    );
    assert_eq!(error.help(), Some("check the project's ID and the base URL"));
    assert!(error.url().ends_with("/another/search/sessions?page=1&page_size=30&include_children=false"), "{error}");
    assert_eq!(error.filter(), r#"{"field":"cost","op":"gt","value":0.5}"#);

    let long = Filter::field("model").eq("天".repeat(100_000));
    let error = scene.client.page::<SessionResult>(&request(&long)).unwrap_err();
    assert!(error.to_string().contains(r#"for {"field":"model","op":"eq","value":"天天天"#));
    assert!(error.to_string().chars().count() < 700, "{error}");
}

#[test]
fn key_is_hidden_even_if_the_server_repeats_it() {
    let scene = Scene::new();
    assert!(!format!("{:?} {:?}", scene.client, scene.sessions(&Filter::All, 1)).contains("s3cr3t"));
    let echoes = [
        Mischief::Answer(401, "application/json", json!({"message": format!("{KEY} is no key")}).to_string()),
        Mischief::Answer(403, "text/plain", format!("{KEY} is no key")),
        Mischief::Answer(200, "text/plain", format!("{KEY} is no key")),
        Mischief::Answer(200, "application/json", json!({"data": KEY}).to_string()),
        Mischief::Answer(302, "text/plain", format!("{KEY} is no key")),
    ];
    for echo in echoes {
        let scene = Scene::with_mischief([echo]);
        // `failure` checks it.
        assert!(scene.failure().to_string().contains("***"));
    }
}

#[test]
fn wrong_keys_are_rejected() {
    let scene = Scene::new();
    let request = scene.request(&Filter::All, Endpoint::Sessions, |request| request);
    let error = Client::new(Token::new("another").unwrap()).page::<SessionResult>(&request).unwrap_err();
    assert_eq!(error.kind().to_string(), "the API rejected the search with 401: the key is not known");
    assert_eq!(error.help(), Some("check the API key"));
}

#[test]
fn other_statuses_are_errors() {
    let html = "<html>\n<h1>Bad gateway</h1>".to_owned();
    for (status, body) in [(502, html), (302, String::new()), (204, String::new())] {
        let scene = Scene::with_mischief([Mischief::Answer(status, "text/html", body)]);
        let error = scene.failure();
        assert!(matches!(error.kind(), SearchErrorKind::Status { status: given, .. } if *given == status), "{error:?}");
        assert_eq!(error.help(), Some("check the base URL and the network"));
        assert_eq!(scene.requests(), 1, "it is neither retried nor followed");
    }
}

#[test]
fn hanging_servers_cause_a_timeout() {
    for mischief in [Mischief::Silence, Mischief::Drip] {
        let scene = Scene::with_mischief([mischief]);
        let request = scene.request(&Filter::All, Endpoint::Sessions, |request| request);
        let client = Client::builder(Token::new(KEY).unwrap()).timeout(Duration::from_millis(300)).build();
        // Without the limit, this would take hours.
        let error = client.page::<SessionResult>(&request).unwrap_err();
        assert_eq!(error.kind().to_string(), "no complete response within 0.3 s");
        assert_eq!(error.help(), Some("ask for a smaller page, or leave the children out"));
        assert_eq!(scene.requests(), 1);
    }
}

#[test]
fn broken_connections_are_errors() {
    for mischief in [Mischief::Truncate, Mischief::HangUp] {
        // On the second page, after the results of the first.
        let scene = Scene::with_mischief([Mischief::None, mischief]);
        let mut results = scene.sessions(&Filter::All, 100);
        assert_eq!(ids(results.by_ref().take(100)).len(), 100);
        let error = results.next().unwrap().unwrap_err();
        assert!(matches!(error.kind(), SearchErrorKind::Connection { .. }), "{error:?}");
        assert!(results.next().is_none());
    }

    // A port on which nothing listens any more.
    let gone = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let builder = SearchRequest::builder(Endpoint::Sessions, PROJECT, &Filter::All).base(gone.parse().unwrap());
    let request = builder.build().unwrap();
    let error = Client::new(Token::new(KEY).unwrap()).page::<SessionResult>(&request).unwrap_err();
    assert!(matches!(error.kind(), SearchErrorKind::Connection { .. }), "{error:?}");
}

#[test]
fn servers_without_tls_are_rejected() {
    let scene = Scene::new();
    let base = scene.server.base().replace("http://", "https://");
    let builder = SearchRequest::builder(Endpoint::Sessions, PROJECT, &Filter::All).base(base.parse().unwrap());
    let error = scene.client.page::<SessionResult>(&builder.build().unwrap()).unwrap_err();
    assert!(matches!(error.kind(), SearchErrorKind::Connection { .. }), "{error:?}");
    assert_eq!(scene.requests(), 0);
}

#[test]
fn response_length_is_limited() {
    let scene = Scene::new();
    let request = scene.request(&Filter::All, Endpoint::Sessions, |request| request.page_size(100));
    let client = Client::builder(Token::new(KEY).unwrap()).max_response_bytes(1000).build();
    let error = client.page::<SessionResult>(&request).unwrap_err();
    assert_eq!(error.kind().to_string(), "the response is longer than 1000 bytes");
}

#[test]
fn malformed_responses_are_errors() {
    let end = json!({"page": 1, "page_size": 100, "has_next": false});
    let session = Session::numbered(1).result("sessions", false);
    let mut nameless = session.clone();
    nameless.as_object_mut().unwrap().remove("session_id");
    let mut numbered = session.clone();
    numbered["session_id"] = json!(7);
    let mut useless = session.clone();
    useless["usage"] = json!(null);
    for (content_type, body, reason) in [
        ("text/html", "<html><h1>Welcome</h1></html>".to_owned(), "a value is expected, at column 1"),
        ("application/json", String::new(), "it ends where a value is expected"),
        ("application/json", "[]".to_owned(), "invalid"),
        ("application/json", json!({"data": []}).to_string(), "missing field `pagination`"),
        ("application/json", json!({"data": null, "pagination": end}).to_string(), "invalid type: null"),
        ("application/json", json!({"data": [7], "pagination": end}).to_string(), "invalid type: integer `7`"),
        ("application/json", json!({"data": [nameless], "pagination": end}).to_string(), "missing field `session_id`"),
        ("application/json", json!({"data": [numbered], "pagination": end}).to_string(), "expected a string"),
        ("application/json", json!({"data": [useless], "pagination": end}).to_string(), "invalid type: null"),
        ("application/json", json!({"data": [], "pagination": end}).to_string() + "x", "there is more after the value"),
        ("application/json", "[".repeat(1_000_000), "invalid"),
    ] {
        let scene = Scene::with_mischief([Mischief::Answer(200, content_type, body.clone())]);
        let error = scene.failure();
        let SearchErrorKind::Malformed { reason: given, start } = error.kind() else { panic!("{error:?}") };
        assert!(given.contains(reason), "{given}");
        assert!(start.chars().count() <= 501);
        assert!(error.to_string().len() < 1500, "{error}");
        assert_eq!(error.help(), Some("check that the base URL is Freeplay's"));
    }
}

#[test]
fn results_before_a_malformed_one_are_returned() {
    let mut results: Vec<Value> = (0..5).map(|number| Session::numbered(number).result("sessions", false)).collect();
    results[3]["usage"] = json!("none");
    let body = json!({"data": results, "pagination": {"page": 1, "page_size": 100, "has_next": true}}).to_string();
    let scene = Scene::with_mischief([Mischief::Answer(200, "application/json", body)]);
    let mut results = scene.sessions(&Filter::All, 100);
    assert_eq!(ids(results.by_ref().take(3)), expected(|session| session.number < 3));
    let error = results.next().unwrap().unwrap_err();
    assert!(error.to_string().contains("00000000-0000-4000-8000-000000000003"), "{error}");
    assert!(results.next().is_none());
    assert_eq!(results.progress().results, 3);
}

#[test]
fn repeated_pages_end_the_search() {
    let cases = [
        (Mischief::FirstPage, "requested page 2, but the server returned page 1"),
        (Mischief::FirstResults, "page 2 contains no new results"),
        (Mischief::EmptyButMore, "page 2 contains no new results"),
    ];
    for (mischief, said) in cases {
        let scene = Scene::with_mischief([Mischief::None, mischief]);
        let mut results = scene.sessions(&Filter::All, 100);
        assert_eq!(ids(results.by_ref().take(100)), expected(|session| session.number < 100));
        let error = results.next().unwrap().unwrap_err();
        assert_eq!(error.kind().to_string(), said);
        assert!(error.help().unwrap().starts_with("results may be coming in faster than pages"), "{error}");
        assert!(results.next().is_none());
        assert_eq!(scene.requests(), 2);
    }
}

#[test]
fn moved_results_are_returned_once() {
    let scene = Scene::new();
    let mut results = scene.sessions(&Filter::All, 100);
    let mut found = ids(results.by_ref().take(100));
    scene.server.insert(Session::numbered(9_000));
    scene.server.insert(Session::numbered(9_001));
    found.extend(ids(results.by_ref()));
    assert_eq!(found, expected(|_| true));
    assert_eq!(results.progress().results, u64::from(COUNT));
}

/// Collects everything logged while the tests run, except by the part of the HTTP library that is
/// documented to log every byte.
struct Log(Mutex<String>);

static LOG: Log = Log(Mutex::new(String::new()));

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        if !record.target().starts_with("ureq_proto") {
            self.0.lock().unwrap().push_str(&format!("{} {}\n", record.target(), record.args()));
        }
    }

    fn flush(&self) {}
}

#[test]
fn logs_do_not_show_the_key() {
    log::set_logger(&LOG).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let scene = Scene::with_mischief([failing()]);
    assert_eq!(ids(scene.sessions(&Filter::All, 100)).len(), COUNT as usize);
    log::set_max_level(log::LevelFilter::Off);
    let log = LOG.0.lock().unwrap();
    assert!(log.contains("POST"), "the HTTP library does log: {log}");
    assert!(!log.contains("s3cr3t"), "{log}");
}
