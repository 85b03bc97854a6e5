//! The words of the language, as the printer writes them; the grammar reads them in any case.

use crate::filter::{Comparison, Op};

pub(crate) const AND: &str = "and";
pub(crate) const OR: &str = "or";
pub(crate) const NOT: &str = "not";

/// The words that cannot be a bare value.
pub(crate) const RESERVED: [&str; 3] = [AND, OR, NOT];

/// The reserved word that a bare word is, in any letter case.
pub(crate) fn reserved(word: &str) -> Option<&'static str> {
    RESERVED.into_iter().find(|keyword| keyword.eq_ignore_ascii_case(word))
}

/// How an operator of the API is written in a query.
pub(crate) fn operator(op: Op) -> &'static str {
    match op {
        Op::Eq => "=",
        Op::Gt => ">",
        Op::Gte => ">=",
        Op::Lt => "<",
        Op::Lte => "<=",
        Op::Contains => "contains",
        Op::Between => "between",
    }
}

/// What a run of operator characters means: a comparison, and whether it is negated.
pub(crate) enum Symbol {
    Compare(Comparison),
    NotEqual,
    Contains,
    NotContains,
    Natural,
    /// Another language's operator, with what is written here instead.
    Foreign(&'static str),
    Unknown,
}

pub(crate) fn symbol(text: &str) -> Symbol {
    match text.as_bytes() {
        b"=" | b"==" | b":=" => Symbol::Compare(Comparison::Eq),
        b":" => Symbol::Natural,
        b">" | b":>" => Symbol::Compare(Comparison::Gt),
        b">=" | b":>=" => Symbol::Compare(Comparison::Gte),
        b"<" | b":<" => Symbol::Compare(Comparison::Lt),
        b"<=" | b":<=" => Symbol::Compare(Comparison::Lte),
        b"!=" | b"<>" => Symbol::NotEqual,
        b"~" => Symbol::Contains,
        b"!~" => Symbol::NotContains,
        b"=>" => Symbol::Foreign(">="),
        b"=<" => Symbol::Foreign("<="),
        b"===" | b"::" | b"<=>" => Symbol::Foreign("="),
        b"!==" | b"=!" | b"=!=" | b"><" | b"~=" | b"!:" | b":!" | b":!=" => Symbol::Foreign("!="),
        b"=~" | b"~~" | b":~" => Symbol::Foreign("contains"),
        _ => Symbol::Unknown,
    }
}

/// The comparison that holds between two sides exchanged: `1 < cost` is `cost > 1`.
pub(crate) fn turned(text: &str) -> Option<&'static str> {
    Some(match text {
        "=" | "==" => "=",
        "!=" | "<>" => "!=",
        ">" => "<",
        ">=" => "<=",
        "<" => ">",
        "<=" => ">=",
        _ => return None,
    })
}
