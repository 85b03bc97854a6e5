//! For search boxes: what may be typed next, what each token is, and edits as a user interface makes
//! them.
//!
//! [`Compiler::highlight`](crate::Compiler::highlight) and
//! [`Compiler::complete`](crate::Compiler::complete) take any text, however broken, and read it by
//! the parser's own grammar; places are given in bytes, and in UTF-16 code units for editors in
//! JavaScript. [`Compiler::explain`](crate::Compiler::explain) says in words what a query means.
//! [`Query::toggle`](crate::Query::toggle) and its neighbours change a part of a query, and leave the
//! rest, its comments and its line breaks, as it was typed.
//!
//! Each costs a time linear in the text. Everything here serialises, for callers in other languages.

mod complete;
mod edit;
mod highlight;
mod scan;

use std::borrow::Cow;

pub use complete::{Completion, CompletionKind, Provider};
pub use edit::Join;
pub use highlight::{Token, TokenKind};

use crate::syntax::string::{closer, is_quoted, split, unescape};

/// The path that a field names, without its quotes; of one that is still being typed, as far as it
/// goes.
pub(crate) fn path(written: &str) -> Cow<'_, str> {
    let mut path = Cow::Borrowed("");
    let mut rest = written;
    while let Some(place) = rest.find(|char| closer(char).is_some()) {
        let (bare, quoted) = rest.split_at_checked(place).unwrap_or((rest, ""));
        path += bare;
        let (inside, after) = split(quoted).unwrap_or_else(|| (without_quote(quoted), ""));
        path += unescape(inside).unwrap_or(Cow::Borrowed(inside));
        rest = after;
    }
    path += rest;
    path
}

/// The value that a word stands for, without its quotes; likewise.
fn content(written: &str) -> Cow<'_, str> {
    if !is_quoted(written) {
        return Cow::Borrowed(written);
    }
    let inside = split(written).map_or_else(|| without_quote(written), |(inside, _)| inside);
    unescape(inside).unwrap_or(Cow::Borrowed(inside))
}

fn without_quote(quoted: &str) -> &str {
    let mut chars = quoted.chars();
    chars.next();
    chars.as_str()
}
