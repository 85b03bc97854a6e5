//! The keywords as they are printed, and how operators relate. The grammar accepts keywords in any letter case.

pub(crate) const AND: &str = "and";
pub(crate) const OR: &str = "or";
pub(crate) const NOT: &str = "not";

/// The words that need quotes as a value.
const RESERVED: [&str; 3] = [AND, OR, NOT];

/// Returns the reserved word for a bare word in any letter case.
pub(crate) fn reserved(word: &str) -> Option<&'static str> {
    RESERVED.into_iter().find(|keyword| keyword.eq_ignore_ascii_case(word))
}

/// Whether a run of signs is an operator.
pub(crate) fn is_symbol(text: &str) -> bool {
    matches!(
        text,
        "=" | "==" | ":=" | ":" | ">" | ":>" | ">=" | ":>=" | "<" | ":<" | "<=" | ":<=" | "!=" | "<>" | "~" | "!~"
    )
}

/// Returns the comparison for exchanged sides: `>` for `<`.
pub(crate) fn turned(text: &str) -> Option<&'static str> {
    Some(match text {
        ">" => "<",
        ">=" => "<=",
        "<" => ">",
        "<=" => ">=",
        _ => return None,
    })
}
