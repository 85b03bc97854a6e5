//! A search as a shell command.

use super::request::SearchRequest;
use super::shell::quote;

/// The maximum length of a body that is passed to curl as an argument, in bytes. Linux limits an
/// argument to 128 KiB.
const MAX_ARGUMENT: usize = 100_000;

impl SearchRequest {
    /// Returns a `curl` command that sends the search, for a POSIX shell such as `sh`, `bash` or
    /// `zsh`.
    ///
    /// The API key is written as `$FREEPLAY_API_KEY`, which the shell expands: while the command runs,
    /// other users of the machine may see the key among its arguments. Everything else is
    /// quoted, so nothing in it has a meaning for the shell. The command sends exactly
    /// [`body`](SearchRequest::body); a body too long for an argument is sent through a pipe.
    ///
    /// ```
    /// use freeplay_filter::Filter;
    /// use freeplay_filter::search::{Endpoint, SearchRequest};
    ///
    /// let filter = Filter::field("completion_output").contains("it's $5");
    /// let request = SearchRequest::builder(Endpoint::Completions, "my-project", &filter).build()?;
    /// assert_eq!(
    ///     request.curl(),
    ///     r#"curl --request POST \
    ///   --url 'https://app.freeplay.ai/api/v2/projects/my-project/search/completions?page=1&page_size=30&include_children=false' \
    ///   --header "Authorization: Bearer $FREEPLAY_API_KEY" \
    ///   --header 'Content-Type: application/json' \
    ///   --data-raw '{"filters":{"field":"completion_output","op":"contains","value":"it'\''s $5"}}'"#,
    /// );
    /// # Ok::<(), freeplay_filter::search::RequestError>(())
    /// ```
    #[must_use]
    pub fn curl(&self) -> String {
        let url = quote(&self.url());
        let body = quote(self.body());
        // `printf` is built into the shell, so its arguments are not limited. `--data-raw` and
        // `--data-binary` send the data unchanged, while `--data` reads a file after a leading `@`.
        let (before, data) = if self.body().len() <= MAX_ARGUMENT {
            (String::new(), format!("--data-raw {body}"))
        } else {
            (format!("printf %s {body} |\n"), "--data-binary @-".to_owned())
        };
        format!(
            "{before}curl --request {} \\\n  --url {url} \\\n  \
             --header \"Authorization: Bearer $FREEPLAY_API_KEY\" \\\n  \
             --header 'Content-Type: application/json' \\\n  {data}",
            self.method(),
        )
    }
}
