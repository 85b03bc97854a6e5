//! A search as a request of the `http` crate, for any HTTP client.

use http::{HeaderValue, Method, Request};

use super::request::SearchRequest;
use super::token::Token;

impl SearchRequest {
    /// Returns the request for any client that uses `http`'s types. The header with the API key is
    /// marked as sensitive, so `Debug` does not show it. Needs the feature `http`.
    ///
    /// ```
    /// use freeplay_filter::Filter;
    /// use freeplay_filter::search::{Endpoint, SearchRequest, Token};
    ///
    /// let request = SearchRequest::builder(Endpoint::Sessions, "my-project", &Filter::All).build()?;
    /// let request = request.to_http(&Token::new("fp-0123456789")?)?;
    /// assert_eq!(request.method(), "POST");
    /// assert_eq!(request.uri().path(), "/api/v2/projects/my-project/search/sessions");
    /// assert_eq!(request.body(), r#"{"filters":{}}"#);
    /// assert!(!format!("{request:?}").contains("0123456789"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `http` limits a URL to 65534 bytes, which a very long project ID can exceed.
    #[cfg_attr(docsrs, doc(cfg(feature = "http")))]
    pub fn to_http(&self, token: &Token) -> Result<Request<String>, http::Error> {
        let mut request = Request::builder().method(Method::POST).uri(self.url());
        for header in self.headers(token) {
            let mut value = HeaderValue::from_str(header.value())?;
            value.set_sensitive(header.is_secret());
            request = request.header(header.name(), value);
        }
        request.body(self.body().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Filter;
    use crate::search::Endpoint;
    use proptest::prelude::*;

    proptest! {
        /// Every URL that the builder accepts is accepted by `http`, with the same meaning.
        #[test]
        fn every_request_converts(
            host in r"(https://[a-z0-9_-]{1,9}(\.[a-z0-9]{1,9}){0,3}(:[1-9][0-9]{0,3})?|http://127\.0\.0\.1|https://\[::1\]:80)",
            path in r"(/[-._~!$&'()*+,;=:@a-zA-Z0-9]{0,5}(%[0-9a-fA-F]{2})?){0,3}",
            project in any::<String>(),
            key in "[!-~]{1,40}",
            page in 1..=u32::MAX,
        ) {
            let Ok(base) = format!("{host}{path}").parse() else { return Ok(()) };
            let builder = SearchRequest::builder(Endpoint::Traces, project, &Filter::All).base(base).page(page);
            let Ok(request) = builder.build() else { return Ok(()) };
            let converted = request.to_http(&Token::new(key.clone()).unwrap()).unwrap();
            prop_assert_eq!(converted.uri().to_string(), request.url());
            prop_assert_eq!(converted.method().as_str(), request.method());
            prop_assert_eq!(converted.headers().len(), 2);
            prop_assert_eq!(&converted.headers()["authorization"], &format!("Bearer {key}"));
            prop_assert_eq!(&converted.headers()["content-type"], "application/json");
            let shown = format!("{converted:?}");
            prop_assert!(!shown.contains("Bearer"));
            prop_assert_eq!(converted.body(), request.body());
        }
    }
}
