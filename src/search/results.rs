//! The results of a search across pages.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::iter::FusedIterator;
use std::marker::PhantomData;
use std::vec;

use serde::de::{Deserialize, Error as _};
use serde_json::value::RawValue;

use super::Endpoint;
use super::client::Client;
use super::failure::{SearchError, SearchErrorKind};
use super::request::SearchRequest;
use super::response::{Page, SearchResult};

/// An iterator over the results of a search, created by [`Client::search`]. Needs the feature
/// `client`.
///
/// Pages are requested lazily, each when its first result is needed: `take(10)` never requests more
/// pages than ten results need. The first error ends the iteration.
///
/// No result is returned twice. While a search runs, new results may push older ones onto the next
/// page; these duplicates are skipped. A page with only duplicates, which means that the server
/// ignores the page number, is an error, and so is an empty page that claims to have a next one, so
/// the iteration always ends. To detect duplicates, the iterator keeps the IDs of all results, which
/// takes about a hundred bytes each.
#[derive(Debug)]
pub struct Results<R> {
    client: Client,
    /// The request for the next page.
    next: Option<SearchRequest>,
    /// The remaining results of the current page, and its request.
    page: vec::IntoIter<Box<RawValue>>,
    current: SearchRequest,
    given: HashSet<Box<str>>,
    progress: Progress,
    /// The maximum number of results.
    limit: Option<u64>,
    result: PhantomData<fn() -> R>,
}

/// The progress of a search. It is displayed as `250 results from 3 pages`. Needs the feature `client`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of pages received.
    pub pages: u32,
    /// The number of results returned.
    pub results: u64,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |one: bool| if one { "" } else { "s" };
        let Progress { pages, results } = *self;
        write!(f, "{results} result{} from {pages} page{}", plural(results == 1), plural(pages == 1))
    }
}

impl Client {
    /// Returns an iterator over the results of a search, from the request's page to the last. See
    /// [`Results`].
    #[must_use]
    pub fn search<R: SearchResult>(&self, request: &SearchRequest) -> Results<R> {
        Results::new(self.clone(), request.clone())
    }
}

impl<R: SearchResult> Results<R> {
    pub(super) fn new(client: Client, first: SearchRequest) -> Results<R> {
        Results {
            client,
            next: Some(first.clone()),
            page: Vec::new().into_iter(),
            current: first,
            given: HashSet::new(),
            progress: Progress::default(),
            limit: None,
            result: PhantomData,
        }
    }

    /// Limits the number of results, without requesting pages that are not needed. Unlike with
    /// [`take`](Iterator::take), [`progress`](Results::progress) can still be called.
    #[must_use]
    pub fn limit(self, limit: usize) -> Results<R> {
        Results { limit: Some(limit as u64), ..self }
    }

    /// Returns the progress of the search.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    fn turn_to(&mut self, request: SearchRequest) -> Result<(), SearchError> {
        let fail = |kind| Err(SearchError::new(&request, kind));
        let endpoint = request.endpoint();
        if !R::ENDPOINTS.contains(&endpoint) {
            return fail(SearchErrorKind::ResultType { endpoint });
        }
        let Page { mut data, pagination, .. }: Page<Box<RawValue>> = self.client.parse_page(&request)?;
        if pagination.page != u64::from(request.page()) {
            return fail(SearchErrorKind::WrongPage { asked: request.page(), given: pagination.page });
        }
        let ids: Vec<Box<str>> = data
            .iter()
            .map(|result| {
                id_of(result, id_key(endpoint)).map_err(|error| self.client.malformed(&request, &error, result.get()))
            })
            .collect::<Result<_, _>>()?;
        let came = data.len();
        let mut ids = ids.into_iter();
        data.retain(|_| ids.next().is_some_and(|id| self.given.insert(id)));
        if data.is_empty() && (came > 0 || pagination.has_next) {
            return fail(SearchErrorKind::NothingNew { page: request.page() });
        }
        self.progress.pages += 1;
        self.next = pagination.has_next.then(|| request.next_page());
        self.page = data.into_iter();
        self.current = request;
        Ok(())
    }
}

impl<R: SearchResult> Iterator for Results<R> {
    type Item = Result<R, SearchError>;

    fn next(&mut self) -> Option<Result<R, SearchError>> {
        if self.limit.is_some_and(|limit| self.progress.results >= limit) {
            return None;
        }
        loop {
            if let Some(result) = self.page.next() {
                let parsed = serde_json::from_str(result.get());
                if parsed.is_ok() {
                    self.progress.results += 1;
                } else {
                    self.next = None;
                    self.page = Vec::new().into_iter();
                }
                return Some(parsed.map_err(|error| self.client.malformed(&self.current, &error, result.get())));
            }
            // Taken first, so that an error ends the iteration.
            let request = self.next.take()?;
            if let Err(error) = self.turn_to(request) {
                return Some(Err(error));
            }
        }
    }
}

impl<R: SearchResult> FusedIterator for Results<R> {}

fn id_of(result: &RawValue, key: &'static str) -> serde_json::Result<Box<str>> {
    let keys: HashMap<String, &RawValue> = serde_json::from_str(result.get())?;
    let id = keys.get(key).ok_or_else(|| serde_json::Error::missing_field(key))?;
    Box::deserialize(*id)
}

/// Returns the key of a result's ID.
fn id_key(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Sessions => "session_id",
        Endpoint::Traces => "trace_id",
        Endpoint::Completions => "completion_id",
    }
}
