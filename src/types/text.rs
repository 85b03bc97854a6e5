//! Strings.

/// Whether a bare word is likely no value but a part of another language, and what it is without
/// that: a placeholder that was not filled in, quotes that are none here, the end of a statement.
pub(crate) fn doubtful(word: &str) -> Option<Option<&str>> {
    let between = |open, close| word.strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close));
    let sound = |text: &&str| !text.is_empty();
    match (word.chars().next()?, word.chars().next_back()?) {
        ('`', '`') => between('`', '`').filter(sound).map(Some),
        ('«', '»') => between('«', '»').filter(sound).map(Some),
        (_, ';') => word.strip_suffix(';').filter(sound).map(Some),
        ('{' | '$', '}') => (word.starts_with('{') || word.starts_with("${")).then_some(None),
        ('%', 's') if word == "%s" => Some(None),
        ('?', '?') if word == "?" => Some(None),
        ('N' | 'n' | 'u', _) if matches!(word, "None" | "nil" | "undefined") => Some(None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_other_languages_are_doubted() {
        for (word, mended) in [("`x`", "x"), ("«x»", "x"), ("x;", "x")] {
            assert_eq!(doubtful(word), Some(Some(mended)), "{word}");
        }
        for word in ["{{model}}", "{model}", "${model}", "%s", "?", "None", "nil", "undefined"] {
            assert_eq!(doubtful(word), Some(None), "{word}");
        }
        for word in ["", ";", "``", "«»", "$x}", "%ops", "?x?", "none", "Nobody", "null", "unknown", "x}", "`x", "a;b"]
        {
            assert_eq!(doubtful(word), None, "{word}");
        }
    }
}
