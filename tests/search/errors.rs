//! Errors of requests: what is wrong, and what to write instead.

use freeplay_filter::Filter;
use freeplay_filter::search::{BaseUrl, Endpoint, RequestBuilder, RequestError, SearchRequest, Token};

fn request(project: &str) -> RequestBuilder {
    SearchRequest::builder(Endpoint::Traces, project, &Filter::field("model").eq("a"))
}

#[test]
fn invalid_requests_are_explained() {
    let infinite = SearchRequest::builder(Endpoint::Traces, "p", &Filter::field("cost").gt(f64::INFINITY));
    for (error, message, help) in [
        (
            "session".parse::<Endpoint>().unwrap_err(),
            "there is no endpoint `session`",
            "write sessions, traces or completions",
        ),
        (
            Token::new("").unwrap_err(),
            "the API key is missing",
            "set the environment variable FREEPLAY_API_KEY to an API key",
        ),
        (
            Token::new("a key").unwrap_err(),
            "the API key contains a space",
            "give the key alone, as Freeplay shows it: no quotes, no `Bearer`, no line break",
        ),
        (
            request(" p").build().unwrap_err(),
            "` p` is not a project ID",
            "give the ID alone, without white space around it",
        ),
        (request("p").page(0).build().unwrap_err(), "there is no page 0", "pages are counted from 1"),
        (
            request("p").page_size(101).build().unwrap_err(),
            "a page cannot have 101 results",
            "choose a page size from 1 to 100",
        ),
    ] {
        assert_eq!((error.to_string().as_str(), error.help().as_str()), (message, help));
    }
    let error = infinite.build().unwrap_err();
    assert!(error.to_string().starts_with("the filter cannot be sent: "), "{error}");
    assert_eq!(error.help(), "use finite numbers, and fewer groups inside one another");
}

#[test]
fn invalid_base_urls_are_explained() {
    for (base, problem, help) in [
        (
            "app.freeplay.ai",
            "`app.freeplay.ai` is not a base URL: it does not begin with https://",
            "write it in full, such as https://app.freeplay.ai",
        ),
        (
            "http://a.example",
            "`http://a.example` is not a base URL: http:// would send the API key unencrypted",
            "begin it with https://",
        ),
        // It may contain a password, so it is not repeated.
        (
            "https://me@a.example",
            "what was given is not a base URL: it contains a user name or a password",
            "remove everything before the `@`; the API key is given on its own",
        ),
        (
            "https://a.example?x",
            "`https://a.example?x` is not a base URL: it has a query or a fragment",
            "remove everything from the `?` or `#` on",
        ),
        (
            "https://a_b!.example",
            "`https://a_b!.example` is not a base URL: it has no valid host",
            "write the host in ASCII after the scheme, such as https://app.freeplay.ai",
        ),
        (
            "https://a.example:0",
            "`https://a.example:0` is not a base URL: it has no valid port",
            "write a port from 1 to 65535 after the `:`, or leave out the `:`",
        ),
        (
            "https://a.example/a/../b",
            "`https://a.example/a/../b` is not a base URL: its path is not valid",
            "percent-encode what a URL cannot contain, and remove `.` and `..` segments",
        ),
    ] {
        let error: RequestError = base.parse::<BaseUrl>().unwrap_err();
        assert_eq!((error.to_string().as_str(), error.help().as_str()), (problem, help));
    }
}
