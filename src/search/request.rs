//! Search requests.

use std::fmt;
use std::io;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::base::BaseUrl;
use super::error::RequestError;
use super::token::Token;
use super::{DEFAULT_PAGE_SIZE, Endpoint, MAX_PAGE_SIZE};
use crate::filter::Filter;

/// The characters to percent-encode in a path segment: all but RFC 3986's unreserved ones.
const NOT_IN_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request for one page of a search, validated and ready to be sent by any HTTP client.
///
/// It does not contain the API key, which [`headers`](SearchRequest::headers) takes. Cloning is cheap.
///
/// ```
/// use freeplay_filter::Filter;
/// use freeplay_filter::search::{Endpoint, SearchRequest, Token};
///
/// let filter = Filter::field("model").eq("gpt-4o");
/// let request = SearchRequest::builder(Endpoint::Traces, "my-project", &filter)
///     .base("https://acme.freeplay.ai".parse()?)
///     .page(2)
///     .include_children(true)
///     .build()?;
///
/// assert_eq!(
///     request.url(),
///     concat!(
///         "https://acme.freeplay.ai/api/v2/projects/my-project/search/traces",
///         "?page=2&page_size=30&include_children=true",
///     ),
/// );
/// let token = Token::new("fp-0123456789")?;
/// let [authorization, content_type] = request.headers(&token);
/// assert_eq!((authorization.name(), authorization.value()), ("authorization", "Bearer fp-0123456789"));
/// assert_eq!((content_type.name(), content_type.value()), ("content-type", "application/json"));
/// # Ok::<(), freeplay_filter::search::RequestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchRequest {
    endpoint: Endpoint,
    /// The URL before the `?`.
    address: Arc<str>,
    page: u32,
    page_size: u32,
    include_children: bool,
    body: Arc<str>,
}

impl SearchRequest {
    /// Returns a builder for a search of a project. By default it requests the first page, with 30
    /// results, without children, from Freeplay's cloud.
    pub fn builder(endpoint: Endpoint, project: impl Into<String>, filter: &Filter) -> RequestBuilder {
        RequestBuilder {
            endpoint,
            project: project.into(),
            filter: printable_json(filter).map_err(|error| RequestError::Filter(error.to_string())),
            base: BaseUrl::default(),
            page: 1,
            page_size: DEFAULT_PAGE_SIZE,
            include_children: false,
        }
    }

    /// Returns the page size that fetches `limit` results in the fewest pages.
    ///
    /// ```
    /// use freeplay_filter::search::SearchRequest;
    ///
    /// assert_eq!(SearchRequest::page_size_for(Some(7)), 7);
    /// assert_eq!(SearchRequest::page_size_for(Some(2_000)), 100);
    /// assert_eq!(SearchRequest::page_size_for(None), 100);
    /// assert_eq!(SearchRequest::page_size_for(Some(0)), 1);
    /// ```
    #[must_use]
    pub fn page_size_for(limit: Option<usize>) -> u32 {
        let limit = limit.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(MAX_PAGE_SIZE);
        limit.clamp(1, MAX_PAGE_SIZE)
    }

    /// Returns the request for the next page of the search. After page 4,294,967,295, the last
    /// possible one, it returns the same page.
    ///
    /// ```
    /// use freeplay_filter::Filter;
    /// use freeplay_filter::search::{Endpoint, SearchRequest};
    ///
    /// let request = SearchRequest::builder(Endpoint::Sessions, "my-project", &Filter::All).build()?;
    /// assert_eq!(request.next_page().page(), 2);
    /// # Ok::<(), freeplay_filter::search::RequestError>(())
    /// ```
    #[must_use]
    pub fn next_page(&self) -> SearchRequest {
        SearchRequest { page: self.page.saturating_add(1), ..self.clone() }
    }

    /// Returns the endpoint.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// Returns the page number, counted from 1.
    #[must_use]
    pub fn page(&self) -> u32 {
        self.page
    }

    /// Returns the number of results per page, from 1 to 100.
    #[must_use]
    pub fn page_size(&self) -> u32 {
        self.page_size
    }

    /// Whether results include their traces and completions.
    #[must_use]
    pub fn include_children(&self) -> bool {
        self.include_children
    }

    /// Returns the HTTP method: `POST`.
    #[must_use]
    pub fn method(&self) -> &'static str {
        "POST"
    }

    /// Returns the full URL, percent-encoded, with all query parameters.
    #[must_use]
    pub fn url(&self) -> String {
        let SearchRequest { address, page, page_size, include_children, .. } = self;
        format!("{address}?page={page}&page_size={page_size}&include_children={include_children}")
    }

    /// Returns the headers to send. The first one contains the API key.
    #[must_use]
    pub fn headers(&self, token: &Token) -> [Header; 2] {
        [
            Header { name: "authorization", value: format!("Bearer {}", token.expose()), secret: true },
            Header { name: "content-type", value: "application/json".to_owned(), secret: false },
        ]
    }

    /// Returns the body: the filter's JSON in `{"filters": …}`, on one line and without control
    /// characters.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Returns the filter's JSON as it is in the body.
    #[must_use]
    pub fn filter_json(&self) -> &str {
        self.body.strip_prefix(BODY_START).and_then(|rest| rest.strip_suffix(BODY_END)).unwrap_or(&self.body)
    }
}

const BODY_START: &str = r#"{"filters":"#;
const BODY_END: &str = "}";

/// A builder for a [`SearchRequest`], created by [`SearchRequest::builder`].
#[derive(Clone, Debug)]
#[must_use = "nothing is checked or made before `build`"]
pub struct RequestBuilder {
    endpoint: Endpoint,
    project: String,
    /// The filter's JSON, or why there is none.
    filter: Result<String, RequestError>,
    base: BaseUrl,
    page: u32,
    page_size: u32,
    include_children: bool,
}

impl RequestBuilder {
    /// Sets the base URL; Freeplay's cloud by default.
    pub fn base(self, base: BaseUrl) -> Self {
        RequestBuilder { base, ..self }
    }

    /// Sets the page number, counted from 1; 1 by default.
    pub fn page(self, page: u32) -> Self {
        RequestBuilder { page, ..self }
    }

    /// Sets the number of results per page, from 1 to 100; 30 by default, as in the API.
    pub fn page_size(self, page_size: u32) -> Self {
        RequestBuilder { page_size, ..self }
    }

    /// Sets whether results include their traces and completions; `false` by default, as in the API.
    pub fn include_children(self, include_children: bool) -> Self {
        RequestBuilder { include_children, ..self }
    }

    /// Validates the settings and builds the request.
    ///
    /// # Errors
    ///
    /// A project ID that is empty, has leading or trailing white space, or is `.` or `..` (which a URL
    /// cannot contain); page 0; a page size outside 1 to 100; and a filter that has no JSON (see
    /// [`Filter`]).
    ///
    /// ```
    /// use freeplay_filter::Filter;
    /// use freeplay_filter::search::{Endpoint, SearchRequest};
    ///
    /// let too_many = SearchRequest::builder(Endpoint::Sessions, "my-project", &Filter::All).page_size(500);
    /// let error = too_many.build().unwrap_err();
    /// assert_eq!(error.to_string(), "a page cannot have 500 results");
    /// assert_eq!(error.help(), "choose a page size from 1 to 100");
    /// ```
    pub fn build(self) -> Result<SearchRequest, RequestError> {
        let RequestBuilder { endpoint, project, filter, base, page, page_size, include_children } = self;
        // Clients resolve dot segments, even percent-encoded ones.
        if project.is_empty() || project.trim() != project || project == "." || project == ".." {
            return Err(RequestError::Project(project));
        }
        if page == 0 {
            return Err(RequestError::Page);
        }
        if page_size == 0 || page_size > MAX_PAGE_SIZE {
            return Err(RequestError::PageSize(page_size));
        }
        let project = utf8_percent_encode(&project, NOT_IN_SEGMENT);
        let address = format!("{base}/api/v2/projects/{project}/search/{endpoint}").into();
        let body = format!("{BODY_START}{}{BODY_END}", filter?).into();
        Ok(SearchRequest { endpoint, address, page, page_size, include_children, body })
    }
}

/// A header of a request. `Debug` does not show the value of the header with the API key.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    name: &'static str,
    value: String,
    secret: bool,
}

impl Header {
    /// Returns the name, in lower case.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the value.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Whether the value contains the API key.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.secret
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, if self.secret { "***" } else { &self.value })
    }
}

fn printable_json(filter: &Filter) -> serde_json::Result<String> {
    let mut json = Vec::new();
    filter.serialize(&mut serde_json::Serializer::with_formatter(&mut json, Printable))?;
    String::from_utf8(json).map_err(serde::ser::Error::custom)
}

/// Formats compact JSON that also escapes the control characters that JSON permits, DEL and U+0080 to
/// U+009F, since a terminal into which the body is pasted would act on them.
struct Printable;

impl serde_json::ser::Formatter for Printable {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((before, control, after)) = split_at_control(rest) {
            write!(writer, "{before}\\u{:04x}", u32::from(control))?;
            rest = after;
        }
        writer.write_all(rest.as_bytes())
    }
}

fn split_at_control(text: &str) -> Option<(&str, char, &str)> {
    let (at, control) = text.char_indices().find(|(_, char)| char.is_control())?;
    let (before, rest) = text.split_at_checked(at)?;
    let mut after = rest.chars();
    after.next();
    Some((before, control, after.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(project: &str) -> Result<String, RequestError> {
        SearchRequest::builder(Endpoint::Completions, project, &Filter::All).build().map(|request| request.url())
    }

    #[test]
    fn defaults_are_those_of_the_api() {
        let request = SearchRequest::builder(Endpoint::Completions, "p", &Filter::All).build().unwrap();
        assert_eq!((request.page(), request.page_size(), request.include_children()), (1, 30, false));
        assert_eq!(request.endpoint(), Endpoint::Completions);
        assert_eq!(
            request.url(),
            "https://app.freeplay.ai/api/v2/projects/p/search/completions?page=1&page_size=30&include_children=false"
        );
        assert_eq!(request.body(), r#"{"filters":{}}"#);
        assert_eq!(request.filter_json(), "{}");
    }

    #[test]
    fn projects_are_one_path_segment() {
        for (project, segment) in [
            ("3c90c3cc-0d44-4b50-8888-8dd25736052a", "3c90c3cc-0d44-4b50-8888-8dd25736052a"),
            ("a/b?c#d&e=f", "a%2Fb%3Fc%23d%26e%3Df"),
            ("a b%20c", "a%20b%2520c"),
            ("it's [1-9] {a,b}", "it%27s%20%5B1-9%5D%20%7Ba%2Cb%7D"),
            ("ü", "%C3%BC"),
            ("...", "..."),
            ("a.b_c~d", "a.b_c~d"),
        ] {
            let url = url(project).unwrap();
            let expected = format!("/projects/{segment}/search/completions?page=1&");
            assert!(url.contains(&expected), "{url} has no {expected}");
        }
        for project in ["", " ", ".", "..", " p", "p\n"] {
            assert_eq!(url(project), Err(RequestError::Project(project.to_owned())));
        }
    }

    #[test]
    fn pages_and_their_sizes_are_checked() {
        let builder = || SearchRequest::builder(Endpoint::Sessions, "p", &Filter::All);
        assert_eq!(builder().page(0).build(), Err(RequestError::Page));
        assert_eq!(builder().page_size(0).build(), Err(RequestError::PageSize(0)));
        assert_eq!(builder().page_size(101).build(), Err(RequestError::PageSize(101)));
        for (page, page_size) in [(1, 1), (u32::MAX, 100)] {
            let request = builder().page(page).page_size(page_size).build().unwrap();
            let expected = format!("?page={page}&page_size={page_size}&");
            assert!(request.url().contains(&expected), "{}", request.url());
        }
    }

    #[test]
    fn next_page_is_the_same_search() {
        let filter = Filter::field("cost").gt(1);
        let builder = || SearchRequest::builder(Endpoint::Sessions, "p", &filter).page_size(7).include_children(true);
        let first = builder().build().unwrap();
        assert_eq!(first.next_page(), builder().page(2).build().unwrap());
        let last = builder().page(u32::MAX).build().unwrap();
        assert_eq!(last.next_page(), last);
    }

    #[test]
    fn filters_without_json_are_rejected() {
        let endless = Filter::field("cost").gt(f64::INFINITY);
        let error = SearchRequest::builder(Endpoint::Sessions, "p", &endless).build().unwrap_err();
        assert_eq!(error.to_string(), "the filter cannot be sent: inf is not a JSON number");
        assert_eq!(error.help(), "use finite numbers, and fewer groups inside one another");
    }

    #[test]
    fn bodies_escape_control_characters() {
        let all: String = ('\0'..='\u{100}').chain(['\u{2028}', '天', '🎈']).collect();
        let filter = Filter::field(all.as_str()).contains(all.as_str());
        let request = SearchRequest::builder(Endpoint::Sessions, "p", &filter).build().unwrap();
        assert_eq!(request.body().chars().find(|char| char.is_control()), None);
        let body: serde_json::Value = serde_json::from_str(request.body()).unwrap();
        assert_eq!(body, serde_json::json!({"filters": {"field": all, "op": "contains", "value": all}}));
        assert!(request.body().contains("\u{ff}\u{100}\u{2028}天🎈\""), "what can be read stays readable");
    }

    #[test]
    fn key_is_in_the_header_but_not_in_debug() {
        let request = SearchRequest::builder(Endpoint::Sessions, "p", &Filter::All).build().unwrap();
        let headers = request.headers(&Token::new("secret").unwrap());
        assert_eq!(format!("{headers:?}"), "[authorization: ***, content-type: application/json]");
        assert_eq!(headers[0].value(), "Bearer secret");
    }
}
