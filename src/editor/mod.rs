//! For search boxes: what may be typed next, what each token is, and edits as a user interface makes
//! them.
//!
//! [`Compiler::highlight`](crate::Compiler::highlight) and
//! [`Compiler::complete`](crate::Compiler::complete) take any text, however broken, and read it by
//! the parser's own grammar; cursors and positions are counted in the [`Unit`](crate::span::Unit) that
//! is asked for: bytes, UTF-16 code units for editors in JavaScript, or characters. [`Compiler::explain`](crate::Compiler::explain) says in words what a query means.
//! [`Query::toggle`](crate::Query::toggle) and its neighbours change a part of a query, and leave the
//! rest, its comments and its line breaks, as it was typed.
//!
//! Each costs a time linear in the text. Tokens and completions serialise, for callers in other
//! languages.

mod complete;
mod edit;
mod highlight;
mod scan;

pub use complete::{Completion, CompletionKind, Provider};
pub use edit::Join;
pub use highlight::{Token, TokenKind};
