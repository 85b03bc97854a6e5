//! A search as a command to paste into a shell.

use super::request::SearchRequest;
use super::shell::quote;

/// The longest body that is passed to curl as an argument, in bytes. Linux takes no argument of
/// more than 128 KiB.
const MAX_ARGUMENT: usize = 100_000;

impl SearchRequest {
    /// The search as a command for a POSIX shell such as `sh`, `bash` or `zsh`, that runs it with
    /// `curl`.
    ///
    /// The API key stands in it as `$FREEPLAY_API_KEY`, which the shell replaces; everything else
    /// is quoted, so that nothing in it means anything to a shell. The command sends exactly
    /// [`body`](SearchRequest::body); a body too long for an argument goes through a pipe.
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
        // `printf` is a part of the shell, and so has no longest argument; `--data-raw` and
        // `--data-binary` change nothing, while `--data` would read a file for a leading `@`.
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
