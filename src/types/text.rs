//! Strings without quotes: which are meant literally, and which may mean something else.

use crate::visible::is_hidden;

/// Whether a bare word is plainly a string: not a parameter, a pattern or a range, and without a warning.
pub(crate) fn is_literal(word: &str) -> bool {
    !word.starts_with(['$', '{', '/'])
        && !word.contains(['"', '\'', '*', '“', '”', '‘'])
        && !word.contains("..")
        && !word.eq_ignore_ascii_case("null")
        && doubtful(word).is_none()
        && !word.chars().any(is_hidden)
}

/// Quotes that are characters in the language, with the closing one.
const QUOTES: &[(char, char)] = &[
    ('`', '`'),
    ('«', '»'),
    ('»', '«'),
    ('‹', '›'),
    ('›', '‹'),
    ('„', '“'),
    ('„', '”'),
    ('‚', '‘'),
    ('‚', '’'),
    ('”', '”'),
    ('”', '“'),
    ('´', '´'),
    ('′', '′'),
    ('″', '″'),
    ('’', '’'),
    ('「', '」'),
    ('『', '』'),
    ('＂', '＂'),
    ('＇', '＇'),
];

/// Why a bare word was probably not meant as a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt<'w> {
    /// Foreign quotes or the end of a statement are around this string.
    Wrapped(&'w str),
    /// It is a placeholder that was not filled in, or a word for no value.
    Placeholder,
}

/// Detects a bare word that was probably not meant as a string.
pub(crate) fn doubtful(word: &str) -> Option<Doubt<'_>> {
    let sound = |text: &&str| !text.is_empty();
    match (word.chars().next()?, word.chars().next_back()?) {
        (open, close) if QUOTES.contains(&(open, close)) => {
            word.strip_prefix(open)?.strip_suffix(close).filter(sound).map(Doubt::Wrapped)
        }
        (_, '”') => word.strip_suffix('”').filter(sound).map(Doubt::Wrapped),
        (_, '%') => {
            let text = word.strip_suffix('%').filter(|text| text.ends_with(char::is_alphabetic))?;
            Some(Doubt::Wrapped(text.trim_start_matches('%')))
        }
        (':', _) => {
            let name = word.strip_prefix(':')?;
            name.starts_with(char::is_alphabetic).then_some(Doubt::Placeholder)
        }
        (_, ';') => word.strip_suffix(';').filter(sound).map(Doubt::Wrapped),
        ('{' | '$', '}') => (word.starts_with('{') || word.starts_with("${")).then_some(Doubt::Placeholder),
        ('%', 's') if word == "%s" => Some(Doubt::Placeholder),
        ('?', '?') if word == "?" => Some(Doubt::Placeholder),
        ('N' | 'n' | 'u', _) if matches!(word, "None" | "nil" | "undefined") => Some(Doubt::Placeholder),
        _ => None,
    }
}

/// Removes the backslashes before punctuation: another language may write `a-b` as `a\-b`.
pub(crate) fn without_backslashes(word: &str) -> Option<String> {
    if !word.contains('\\') {
        return None;
    }
    let mut plain = String::with_capacity(word.len());
    let mut chars = word.chars().peekable();
    while let Some(char) = chars.next() {
        let escaped = chars.next_if(|next| char == '\\' && (next.is_ascii_punctuation() || next.is_whitespace()));
        plain.push(escaped.unwrap_or(char));
    }
    (plain.len() < word.len()).then_some(plain)
}

/// Whether a character looks like a hyphen or a minus but is another one.
fn is_dash(char: char) -> bool {
    matches!(char, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}')
}

/// Replaces characters that look like hyphens by hyphens, and returns the first of them.
pub(crate) fn with_hyphens(word: &str) -> Option<(String, char)> {
    let dash = if word.is_ascii() { None } else { word.chars().find(|char| is_dash(*char)) }?;
    Some((word.chars().map(|char| if is_dash(char) { '-' } else { char }).collect(), dash))
}

/// Returns the letter of a character's escape, if it has one.
pub(crate) fn letter_of_escape(char: char) -> Option<char> {
    Some(match char {
        '\u{8}' => 'b',
        '\u{C}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        _ => return None,
    })
}

/// Whether a word is a status of a call.
pub(crate) fn is_run_status(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "aborted",
        "canceled",
        "cancelled",
        "crashed",
        "error",
        "errored",
        "errors",
        "exception",
        "fail",
        "failed",
        "failure",
        "ok",
        "running",
        "succeeded",
        "success",
        "successful",
        "timed_out",
        "timeout",
    ];
    let is_http =
        word.len() == 3 && word.starts_with(['2', '4', '5']) && word.bytes().all(|byte| byte.is_ascii_digit());
    is_http || WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backslashes_before_signs_and_dashes_are_replaced() {
        assert_eq!(without_backslashes(r"a\-b\\c").as_deref(), Some(r"a-b\c"));
        for word in [r"C:\docs", "a-b", "\\", ""] {
            assert_eq!(without_backslashes(word), None, "{word}");
        }
        assert_eq!(with_hyphens("gpt\u{2011}4\u{2013}o"), Some(("gpt-4-o".to_owned(), '\u{2011}')));
        assert_eq!(with_hyphens("gpt-4o"), None);
    }

    #[test]
    fn status_codes_are_run_states() {
        for word in ["404", "503", "200", "Error", "timed_out"] {
            assert!(is_run_status(word), "{word}");
        }
        for word in ["4ab", "304", "4040", "abc", "approved"] {
            assert!(!is_run_status(word), "{word}");
        }
    }

    #[test]
    fn parts_of_other_languages_are_doubtful() {
        for (word, suggestion) in [("`x`", "x"), ("x;", "x"), ("„x“y“", "x“y"), ("x”", "x"), ("ops%", "ops")]
        {
            assert_eq!(doubtful(word), Some(Doubt::Wrapped(suggestion)), "{word}");
        }
        for (open, close) in QUOTES {
            assert_eq!(doubtful(&format!("{open}x{close}")), Some(Doubt::Wrapped("x")));
            assert_eq!(doubtful(&format!("{open}{close}")), None);
        }
        for close in ['`', '»', '’', '“'] {
            assert_eq!(doubtful(&format!("x{close}")), None);
        }
        for word in ["{{model}}", "{model}", "${model}", "%s", "?", "None", "nil", "undefined", ":model"] {
            assert_eq!(doubtful(word), Some(Doubt::Placeholder), "{word}");
        }
        for word in [
            "", ";", "``", "«»", "$x}", "%ops", "?x?", "none", "Nobody", "null", "unknown", "x}", "`x", "a;b", "50%",
            ":8080",
        ] {
            assert_eq!(doubtful(word), None, "{word}");
        }
    }
}
