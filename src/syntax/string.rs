//! Quoted strings: writes and resolves escapes.

use std::borrow::Cow;

use crate::visible::{is_hidden, push_escape};

/// Quotes a string as a literal of the language: in double quotes, with JSON's escapes.
///
/// The literal is a single value whatever the string contains, so it can safely be inserted into a
/// query. [`Parameters`](crate::Parameters) are usually the better choice.
///
/// ```
/// use freeplay_filter::{compile, quote, Filter};
///
/// let untrusted = r#"x" or model = "y"#;
/// let filter = compile(&format!("model = {}", quote(untrusted)))?;
/// assert_eq!(filter, Filter::field("model").eq(untrusted));
/// # Ok::<(), freeplay_filter::Error>(())
/// ```
#[must_use]
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            _ if is_hidden(char) => push_escape(&mut out, char),
            _ => out.push(char),
        }
    }
    out.push('"');
    out
}

/// Splits a text that begins with a quoted string into the content of the quotes and the rest.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let closer = closer(text.chars().next()?)?;
    let opener_len = text.chars().next()?.len_utf8();
    let mut chars = text.char_indices().skip(1);
    while let Some((place, char)) = chars.next() {
        if char == '\\' {
            chars.next();
        } else if char == closer {
            return Some((text.get(opener_len..place)?, text.get(place + char.len_utf8()..)?));
        }
    }
    None
}

/// Whether a text begins with a quote.
pub(crate) fn is_quoted(text: &str) -> bool {
    text.starts_with(|char| closer(char).is_some())
}

/// Returns the closing quote for an opening one.
pub(super) fn closer(opener: char) -> Option<char> {
    match opener {
        '"' | '\'' => Some(opener),
        '“' => Some('”'),
        '‘' => Some('’'),
        _ => None,
    }
}

/// Returns the path of a field, without its quotes. A field that is not complete yet is read as far as
/// possible.
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

/// Returns the content of a value, without its quotes. An incomplete value is read as far as possible.
pub(crate) fn content(written: &str) -> Cow<'_, str> {
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

/// An invalid escape, with its position in the string and its length.
pub(super) struct UnknownEscape {
    pub(super) start: usize,
    pub(super) len: usize,
}

/// Doubles the backslashes of a literal, except those that are already doubled and those before a quote: if one
/// escape is invalid, the others are probably not meant as escapes either.
pub(crate) fn double_backslashes(literal: &str) -> String {
    let mut out = String::with_capacity(literal.len() + 8);
    let mut chars = literal.chars().peekable();
    while let Some(char) = chars.next() {
        out.push(char);
        if char == '\\' {
            let next = chars.next_if(|next| *next == '\\' || closer(*next).is_some());
            out.push(next.unwrap_or('\\'));
        }
    }
    out
}

/// Resolves the escapes in the content of a quoted string.
pub(super) fn unescape(inside: &str) -> Result<Cow<'_, str>, UnknownEscape> {
    let Some(first) = inside.bytes().position(|byte| byte == b'\\') else { return Ok(Cow::Borrowed(inside)) };
    let mut out = String::with_capacity(inside.len());
    let (plain, mut rest) = inside.split_at_checked(first).unwrap_or((inside, ""));
    out.push_str(plain);
    while let Some(escape) = rest.strip_prefix('\\') {
        let start = inside.len() - rest.len();
        let (char, after) = read_escape(escape).ok_or_else(|| UnknownEscape { start, len: escape_len(escape) })?;
        out.push(char);
        let (plain, next) = after.split_at_checked(after.find('\\').unwrap_or(after.len())).unwrap_or((after, ""));
        out.push_str(plain);
        rest = next;
    }
    Ok(Cow::Owned(out))
}

/// Reads the rest of an escape after its backslash.
fn read_escape(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    let char = match chars.next()? {
        char @ ('"' | '\'' | '\\' | '/') => char,
        'b' => '\u{08}',
        'f' => '\u{0C}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let (first, rest) = read_unit(chars.as_str())?;
            if let Some(char) = char::from_u32(first.into()) {
                return Some((char, rest));
            }
            let (second, rest) = read_unit(rest.strip_prefix("\\u")?)?;
            let char = char::decode_utf16([first, second]).next()?.ok()?;
            return Some((char, rest));
        }
        _ => return None,
    };
    Some((char, chars.as_str()))
}

fn read_unit(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    Some((u16::from_str_radix(digits, 16).ok()?, rest))
}

/// Returns the length of an invalid escape: the backslash and a letter, or `\u` with its digits.
fn escape_len(text: &str) -> usize {
    let Some(first) = text.chars().next() else { return 1 };
    if first == 'u' {
        2 + text.bytes().skip(1).take(4).take_while(u8::is_ascii_hexdigit).count()
    } else {
        1 + first.len_utf8()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(literal: &str) -> Option<String> {
        let (inside, rest) = split(literal)?;
        assert_eq!(rest, "");
        unescape(inside).ok().map(Cow::into_owned)
    }

    #[test]
    fn every_escape_is_resolved() {
        assert_eq!(read(r#""\"\'\\\/\b\f\n\r\tA\uD83D\uDE00""#).unwrap(), "\"'\\/\u{8}\u{c}\n\r\tA😀");
        assert_eq!(read("'it is \"so\"'").unwrap(), "it is \"so\"");
        assert_eq!(read("“curly”").unwrap(), "curly");
    }

    #[test]
    fn invalid_escapes_have_a_position() {
        for (inside, start, len) in [
            (r"C:\dir", 2, 2),
            (r"ab\u12", 2, 4),
            (r"\u+123", 0, 2),
            (r"\ud800x", 0, 6),
            (r"\udc00", 0, 6),
            (r"x\é", 1, 3),
        ] {
            let error = unescape(inside).unwrap_err();
            assert_eq!((error.start, error.len), (start, len), "{inside}");
        }
    }

    #[test]
    fn quoted_strings_round_trip() {
        for text in
            ["", "a\"b", "\\", "\\\\\"", "\u{0}\u{1f}\u{7f}", "\u{200b}\u{e0001}", "line\nbreak\r\u{2028}", "“curly”"]
        {
            assert_eq!(read(&quote(text)).unwrap(), text);
        }
        assert_eq!(quote("\n\r\t"), r#""\n\r\t""#);
        assert_eq!(quote("zero\u{200b}width"), r#""zero\u200bwidth""#);
    }
}
