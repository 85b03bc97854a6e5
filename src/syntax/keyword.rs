//! The words of the language, as the printer writes them; the grammar reads them in any case.

use crate::filter::Op;

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

/// Whether a run of signs is an operator.
pub(crate) fn is_symbol(text: &str) -> bool {
    matches!(
        text,
        "=" | "==" | ":=" | ":" | ">" | ":>" | ">=" | ":>=" | "<" | ":<" | "<=" | ":<=" | "!=" | "<>" | "~" | "!~"
    )
}

/// The comparison with its sides exchanged: `>` of `<`.
pub(crate) fn turned(text: &str) -> Option<&'static str> {
    Some(match text {
        ">" => "<",
        ">=" => "<=",
        "<" => ">",
        "<=" => ">=",
        _ => return None,
    })
}
