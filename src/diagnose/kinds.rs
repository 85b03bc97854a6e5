//! Sets of kinds of items.

use crate::sketch::Kind;

/// A set of kinds of items, one bit per kind.
pub(crate) type Kinds = u16;

pub(crate) const CLAUSE: Kinds = 1;
pub(crate) const HEAD: Kinds = 1 << 1;
pub(crate) const ALL: Kinds = 1 << 2;
pub(crate) const TEXT: Kinds = 1 << 3;
pub(crate) const JOIN: Kinds = 1 << 4;
pub(crate) const NOT: Kinds = 1 << 5;
pub(crate) const OPEN: Kinds = 1 << 6;
pub(crate) const CLOSE: Kinds = 1 << 7;
pub(crate) const SIGN: Kinds = 1 << 8;
pub(crate) const COMMA: Kinds = 1 << 9;
pub(crate) const SQUARE: Kinds = 1 << 10;
pub(crate) const WORD: Kinds = 1 << 11;
pub(crate) const UNCLOSED: Kinds = 1 << 12;
pub(crate) const END: Kinds = 1 << 13;

pub(crate) const ANY: Kinds = Kinds::MAX;
/// Items with a field and an operator.
pub(crate) const HEADED: Kinds = CLAUSE | HEAD;
/// Items without them.
pub(crate) const BARE: Kinds = TEXT | WORD;
pub(crate) const BRACKET: Kinds = OPEN | SQUARE;
/// Items that an operand may begin with.
pub(crate) const BEGINS: Kinds = HEADED | ALL | TEXT | NOT | OPEN;

/// Returns the set with one kind.
pub(crate) fn kinds(kind: Kind) -> Kinds {
    match kind {
        Kind::Clause(..) => CLAUSE,
        Kind::Head(_) => HEAD,
        Kind::All => ALL,
        Kind::Text => TEXT,
        Kind::Join(_) => JOIN,
        Kind::Not => NOT,
        Kind::Open => OPEN,
        Kind::Close => CLOSE,
        Kind::Sign => SIGN,
        Kind::Comma => COMMA,
        Kind::Square => SQUARE,
        Kind::Word => WORD,
        Kind::Unclosed => UNCLOSED,
        Kind::End => END,
    }
}
