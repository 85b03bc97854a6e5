//! Texts of any length, to measure how the cost grows with it.

use crate::cases::{list, wide};

/// A kind of text, with about the given length.
pub(crate) type Text = (&'static str, fn(usize) -> String);

pub(crate) const TEXTS: &[Text] = &[
    ("wide", |len| wide(len / 36).text),
    ("list", |len| list(len / 14).text),
    ("a long string", |len| format!("model = \"{}\"", "lorem ipsum ".repeat(len / 12))),
    ("escapes", |len| format!("model = \"{}\"", r#"\" \\ \u00e9 "#.repeat(len / 13))),
    ("a long comment", |len| format!("model = a # {}", "lorem ipsum ".repeat(len / 12))),
    ("white space", |len| format!("model = {}a", " ".repeat(len))),
    ("a long word", |len| format!("model = {}", "a".repeat(len))),
    ("beyond ASCII", |len| format!("model = {}", "é".repeat(len / 2))),
    ("invalid: the last clause", |len| format!("{} and model =", wide(len / 36).text)),
    ("invalid: the last value of a list", |len| format!("{}, ", list(len / 14).text.trim_end_matches(')'))),
    ("invalid: every name", |len| "modle = a and ".repeat(len / 14)),
    ("invalid: every value", |len| "cost = cheap and ".repeat(len / 17)),
    ("invalid: words alone", |len| "lorem ipsum ".repeat(len / 12)),
    ("unclosed parentheses", |len| "(".repeat(len)),
    ("unopened parentheses", |len| ")".repeat(len)),
    ("unclosed groups", |len| "(model = a or ".repeat(len / 14)),
    ("unclosed lists", |len| "model in (a, b and ".repeat(len / 19)),
    ("unclosed lists of alternatives", |len| "model in (a|b and ".repeat(len / 18)),
    ("lists in lists", |len| "model in (".repeat(len / 10)),
    ("unclosed brackets in a list", |len| format!("model in ({}", "[a,".repeat(len / 3))),
    ("a quote unclosed", |len| format!("model = \"{}", "lorem ipsum ".repeat(len / 12))),
    ("double quotes", |len| "\"".repeat(len)),
    ("double and single quotes", |len| "\"'".repeat(len / 2)),
    ("apostrophes", |len| "model = it's ".repeat(len / 13)),
    ("curly quotes unclosed", |len| "“ ".repeat(len / 4)),
    ("curly quotes as values", |len| "model = “a ".repeat(len / 13)),
    ("curly quotes in a list", |len| format!("model in ({}", "“a, ".repeat(len / 6))),
    ("backslashes", |len| format!("model = \"{}", "\\".repeat(len))),
    ("signs in a row", |len| "model=a=b".repeat(len / 9)),
    ("commas in a row", |len| "model=a,b,".repeat(len / 10)),
    ("commas alone", |len| ",".repeat(len)),
    ("ampersands", |len| "model=a&b".repeat(len / 9)),
    ("connectives", |len| "and or ".repeat(len / 7)),
    ("negations", |len| "not ".repeat(len / 4)),
    ("hyphens", |len| "- ".repeat(len / 2)),
    ("foreign operators", |len| "model like a% ".repeat(len / 14)),
    ("between without end", |len| "cost between 1 and ".repeat(len / 19)),
    ("ranges", |len| "cost:1..2..3 ".repeat(len / 13)),
    ("comments against words", |len| "(#a\n".repeat(len / 4)),
    ("JSON", |len| format!("{{\"and\":[{}", "{\"field\":\"a\"},".repeat(len / 14))),
];
