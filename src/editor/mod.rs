//! Support for search boxes: completion, highlighting, and edits made in a user interface.
//!
//! [`Compiler::highlight`](crate::Compiler::highlight) and
//! [`Compiler::complete`](crate::Compiler::complete) accept any text, valid or not, and read it by the
//! parser's own grammar. Cursors and positions are counted in a [`Unit`](crate::span::Unit): bytes,
//! UTF-16 code units for editors in JavaScript, or characters.
//! [`Compiler::explain`](crate::Compiler::explain) describes in words what a query means.
//! [`Query::toggle`](crate::Query::toggle) and related methods change a part of a query and keep the
//! rest, its comments and its line breaks as they were typed.
//!
//! Each takes time linear in the text. Tokens and completions can be serialized, for callers in other
//! languages.

mod complete;
mod edit;
mod highlight;
mod scan;

pub use complete::{Completion, CompletionKind, Provider};
pub use edit::Join;
pub use highlight::{Token, TokenKind};
