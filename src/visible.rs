//! Text of others, made fit to be shown to people.
//!
//! Whatever the library writes for people goes through here: messages, drawn source lines,
//! explanations, what a server says.

use std::borrow::Cow;
use std::fmt::Write;

/// Text on one line with nothing hidden in it: control characters, line breaks among them, and
/// characters that are invisible or change the order of others are written as JSON's escapes, which
/// are those of the query language too.
///
/// Such a character in a value may steer a terminal, or make a message read as another.
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

/// [`visible`] for what may be several lines: line breaks and tabs stay as they are. JSON remains
/// the same JSON, and a printed query the same query.
///
/// ```
/// let json = "{\n  \"value\": \"4\u{202e}o\"\n}";
/// assert_eq!(freeplay_filter::visible_lines(json), "{\n  \"value\": \"4\\u202eo\"\n}");
/// ```
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escape(text, |char, rest| matches!(char, '\n' | '\t') || char == '\r' && rest.starts_with('\n'))
}

/// Writes hidden characters as escapes, but those that stay, judged with what follows them.
fn escape(text: &str, stays: impl Fn(char, &str) -> bool) -> Cow<'_, str> {
    // Nearly all text is of the first kind, which is quicker to see.
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

/// The start of a text, [`visible`], with `…` where more follows than so many characters.
pub(crate) fn beginning(text: &str, longest: usize) -> String {
    // Its characters are no more than its bytes.
    let end = if text.len() > longest { text.char_indices().nth(longest) } else { None };
    match end {
        Some((end, _)) => visible(text.get(..end).unwrap_or_default()).into_owned() + "…",
        None => visible(text).into_owned(),
    }
}

/// Writes a character as JSON and the query language escape it.
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

/// Whether a character must be escaped to be seen.
pub(crate) fn is_hidden(char: char) -> bool {
    char.is_control() || is_invisible(char)
}

/// Characters that take no room, look like a space, break a line, or change the order of others:
/// what Unicode calls default-ignorable, such as bidirectional controls and the byte order mark,
/// with its line separators and annotations. Variation selectors are left out, as emoji need them.
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
    fn what_is_hidden_is_escaped_and_nothing_else() {
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
    fn a_beginning_counts_the_characters_of_the_text() {
        assert_eq!(beginning("é\n\u{1b}", 3), "é\\n\\u001b");
        assert_eq!(beginning("é\n\u{1b}x", 3), "é\\n\\u001b…");
    }
}
