//! Makes untrusted text safe to display.
//!
//! Everything that the library writes for people is escaped here: messages, drawn source lines,
//! explanations, and text from a server.

use std::borrow::Cow;
use std::fmt::Write;

/// Escapes hidden characters so that a string is displayed on one line and as it is. Control
/// characters, including line breaks, and characters that are invisible or change the order of
/// others are written as JSON escapes, which the query language shares.
///
/// Unescaped, such a character in a value could control a terminal or make a message read
/// differently.
///
/// ```
/// use freeplay_filter::visible;
///
/// assert_eq!(visible("gpt\u{1b}[2J\n4\u{202e}o"), r"gpt\u001b[2J\n4\u202eo");
/// ```
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, |_, _| false)
}

/// Escapes as [`visible`] does, but keeps line breaks and tabs, for text of several lines. JSON
/// remains the same JSON, and a printed query the same query.
///
/// ```
/// let json = "{\n  \"value\": \"4\u{202e}o\"\n}";
/// assert_eq!(freeplay_filter::visible_lines(json), "{\n  \"value\": \"4\\u202eo\"\n}");
/// ```
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escape(text, |char, rest| matches!(char, '\n' | '\t') || char == '\r' && rest.starts_with('\n'))
}

/// Escapes hidden characters, except those that `stays` accepts. It is given what follows each.
fn escape(text: &str, stays: impl Fn(char, &str) -> bool) -> Cow<'_, str> {
    // Most text is printable ASCII, which is the fastest to detect.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if is_hidden(char) && !stays(char, chars.as_str()) {
            push_escape(&mut out, char);
        } else {
            out.push(char);
        }
    }
    Cow::Owned(out)
}

/// Returns the first `longest` characters of a string, escaped as by [`visible`], with `…` if there are more.
pub(crate) fn beginning(text: &str, longest: usize) -> String {
    // A string never has more characters than bytes.
    let end = if text.len() > longest { text.char_indices().nth(longest) } else { None };
    match end {
        Some((end, _)) => visible(text.get(..end).unwrap_or_default()).into_owned() + "…",
        None => visible(text).into_owned(),
    }
}

/// Appends a character as an escape of JSON and of the query language.
pub(crate) fn push_escape(out: &mut String, char: char) {
    match char {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ => {
            for unit in char.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
}

/// Whether a character is hidden and must be escaped.
pub(crate) fn is_hidden(char: char) -> bool {
    char.is_control() || is_invisible(char)
}

/// Whether a character has no width, looks like a space, breaks a line, or changes the order of
/// others: Unicode's default-ignorable characters, such as bidirectional controls and the byte order
/// mark, and its line separators and annotations. Variation selectors are excluded, as emoji need
/// them.
pub(crate) fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hidden_characters_are_escaped() {
        for (text, shown) in [
            ("", ""),
            ("a \"b\" \\ é 天 ❤\u{fe0f}", "a \"b\" \\ é 天 ❤\u{fe0f}"),
            ("\0\u{1b}\u{7f}\u{85}\u{9b}", r"\u0000\u001b\u007f\u0085\u009b"),
            ("\r\n\ta\rb", r"\r\n\ta\rb"),
            ("\u{200e}\u{200f}\u{202a}\u{202e}\u{2066}\u{2069}\u{61c}", r"\u200e\u200f\u202a\u202e\u2066\u2069\u061c"),
            ("\u{2028}\u{2029}\u{feff}\u{e0041}", r"\u2028\u2029\ufeff\udb40\udc41"),
        ] {
            assert_eq!(visible(text), shown);
            assert_eq!(visible(shown), shown);
        }
        assert_eq!(visible_lines("a\r\n\tb\rc\u{9b}\r\r\n"), "a\r\n\tb\\rc\\u009b\\r\r\n");
    }

    #[test]
    fn beginning_counts_characters() {
        assert_eq!(beginning("é\n\u{1b}", 3), "é\\n\\u001b");
        assert_eq!(beginning("é\n\u{1b}x", 3), "é\\n\\u001b…");
    }
}
