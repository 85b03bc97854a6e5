//! The phrases and signs of other languages, with what is written for them here.

use crate::diagnostic::{Diagnostic, Edit, Fix, Kind};
use crate::span::Span;

/// What a phrase of another language asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A comparison; here the sign for it.
    Sign(&'static str),
    /// Words in a text, or negated their absence.
    Words {
        negated: bool,
    },
    /// A text by its beginning, its end, or a pattern with `%`.
    Part {
        negated: bool,
    },
    /// A regular expression.
    Pattern {
        negated: bool,
    },
    In {
        negated: bool,
    },
    Between {
        negated: bool,
    },
    /// Whether there is a value at all.
    Existence,
}

use Meaning::{Between, Existence, In, Part, Pattern, Sign, Words};

/// In lower case, with single spaces and without apostrophes.
const PHRASES: &[(&str, Meaning)] = &[
    ("is", Sign("=")),
    ("eq", Sign("=")),
    ("equal", Sign("=")),
    ("equals", Sign("=")),
    ("equal to", Sign("=")),
    ("is equal to", Sign("=")),
    ("is exactly", Sign("=")),
    ("matches exactly", Sign("=")),
    ("was", Sign("=")),
    ("on", Sign("=")),
    ("during", Sign("=")),
    ("ne", Sign("!=")),
    ("neq", Sign("!=")),
    ("not", Sign("!=")),
    ("not =", Sign("!=")),
    ("not ==", Sign("!=")),
    ("not eq", Sign("!=")),
    ("not equal", Sign("!=")),
    ("not equals", Sign("!=")),
    ("not equal to", Sign("!=")),
    ("is not", Sign("!=")),
    ("isnt", Sign("!=")),
    ("is not equal to", Sign("!=")),
    ("isnt equal to", Sign("!=")),
    ("does not equal", Sign("!=")),
    ("doesnt equal", Sign("!=")),
    ("was not", Sign("!=")),
    ("gt", Sign(">")),
    ("greater", Sign(">")),
    ("greater than", Sign(">")),
    ("is greater than", Sign(">")),
    ("bigger than", Sign(">")),
    ("is bigger than", Sign(">")),
    ("larger than", Sign(">")),
    ("is larger than", Sign(">")),
    ("more than", Sign(">")),
    ("is more than", Sign(">")),
    ("higher than", Sign(">")),
    ("is higher than", Sign(">")),
    ("longer than", Sign(">")),
    ("slower than", Sign(">")),
    ("above", Sign(">")),
    ("is above", Sign(">")),
    ("over", Sign(">")),
    ("is over", Sign(">")),
    ("exceeds", Sign(">")),
    ("after", Sign(">")),
    ("is after", Sign(">")),
    ("newer than", Sign(">")),
    ("later than", Sign(">")),
    ("gte", Sign(">=")),
    ("ge", Sign(">=")),
    ("at least", Sign(">=")),
    ("is at least", Sign(">=")),
    ("greater than or equal to", Sign(">=")),
    ("is greater than or equal to", Sign(">=")),
    ("since", Sign(">=")),
    ("lt", Sign("<")),
    ("less", Sign("<")),
    ("less than", Sign("<")),
    ("is less than", Sign("<")),
    ("smaller than", Sign("<")),
    ("is smaller than", Sign("<")),
    ("lower than", Sign("<")),
    ("is lower than", Sign("<")),
    ("shorter than", Sign("<")),
    ("faster than", Sign("<")),
    ("below", Sign("<")),
    ("is below", Sign("<")),
    ("under", Sign("<")),
    ("is under", Sign("<")),
    ("before", Sign("<")),
    ("is before", Sign("<")),
    ("older than", Sign("<")),
    ("earlier than", Sign("<")),
    ("lte", Sign("<=")),
    ("le", Sign("<=")),
    ("at most", Sign("<=")),
    ("is at most", Sign("<=")),
    ("up to", Sign("<=")),
    ("less than or equal to", Sign("<=")),
    ("is less than or equal to", Sign("<=")),
    ("until", Sign("<=")),
    ("contain", Words { negated: false }),
    ("containing", Words { negated: false }),
    ("include", Words { negated: false }),
    ("includes", Words { negated: false }),
    ("including", Words { negated: false }),
    ("has", Words { negated: false }),
    ("have", Words { negated: false }),
    ("having", Words { negated: false }),
    ("mentions", Words { negated: false }),
    ("not contain", Words { negated: true }),
    ("does not contain", Words { negated: true }),
    ("does not contains", Words { negated: true }),
    ("doesnt contain", Words { negated: true }),
    ("doesnt contains", Words { negated: true }),
    ("not include", Words { negated: true }),
    ("not includes", Words { negated: true }),
    ("does not include", Words { negated: true }),
    ("doesnt include", Words { negated: true }),
    ("excludes", Words { negated: true }),
    ("like", Part { negated: false }),
    ("ilike", Part { negated: false }),
    ("is like", Part { negated: false }),
    ("startswith", Part { negated: false }),
    ("starts with", Part { negated: false }),
    ("begins with", Part { negated: false }),
    ("endswith", Part { negated: false }),
    ("ends with", Part { negated: false }),
    ("prefix", Part { negated: false }),
    ("not like", Part { negated: true }),
    ("not ilike", Part { negated: true }),
    ("is not like", Part { negated: true }),
    ("matches", Pattern { negated: false }),
    ("match", Pattern { negated: false }),
    ("matching", Pattern { negated: false }),
    ("matches regex", Pattern { negated: false }),
    ("regex", Pattern { negated: false }),
    ("regexp", Pattern { negated: false }),
    ("rlike", Pattern { negated: false }),
    ("similar to", Pattern { negated: false }),
    ("not matches", Pattern { negated: true }),
    ("does not match", Pattern { negated: true }),
    ("is in", In { negated: false }),
    ("one of", In { negated: false }),
    ("is one of", In { negated: false }),
    ("any of", In { negated: false }),
    ("is any of", In { negated: false }),
    ("not one of", In { negated: true }),
    ("is not in", In { negated: true }),
    ("isnt in", In { negated: true }),
    ("is not one of", In { negated: true }),
    ("is none of", In { negated: true }),
    ("is between", Between { negated: false }),
    ("is not between", Between { negated: true }),
    ("exists", Existence),
    ("not exists", Existence),
    ("does not exist", Existence),
    ("is set", Existence),
    ("is not set", Existence),
    ("is null", Existence),
    ("is not null", Existence),
    ("isnull", Existence),
    ("notnull", Existence),
    ("is none", Existence),
    ("is not none", Existence),
    ("is nil", Existence),
    ("is not nil", Existence),
    ("is empty", Existence),
    ("is not empty", Existence),
    ("is undefined", Existence),
    ("is not undefined", Existence),
    ("is missing", Existence),
    ("is not missing", Existence),
];

/// The longest phrase that a text begins with: how long it is there, and what it asks for.
pub(super) fn phrase(text: &str) -> Option<(usize, Meaning)> {
    const MOST_WORDS: usize = 6;
    let mut words = String::new();
    let mut longest = None;
    let mut rest = text;
    for _ in 0..MOST_WORDS {
        let word = rest.trim_start();
        let is_sign = word.starts_with('=');
        let belongs = |char: char| if is_sign { char == '=' } else { char.is_alphabetic() || is_apostrophe(char) };
        let len = word.find(|char| !belongs(char)).unwrap_or(word.len());
        let (word, after) = word.split_at_checked(len)?;
        let goes_on = !is_sign && after.starts_with(|char: char| char.is_alphanumeric() || char == '_');
        if word.is_empty() || word.len() > 20 || goes_on {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().filter(|char| !is_apostrophe(*char)).flat_map(char::to_lowercase));
        rest = after;
        if let Some((_, meaning)) = PHRASES.iter().find(|(phrase, _)| *phrase == words) {
            longest = Some((text.len() - rest.len(), *meaning));
        }
    }
    longest
}

fn is_apostrophe(char: char) -> bool {
    matches!(char, '\'' | '’')
}

/// The method of another language that a path ends with: where its dot is, and what it asks for.
pub(super) fn method(path: &str) -> Option<(usize, Meaning)> {
    let (name, method) = path.rsplit_once('.')?;
    let meaning = match method.to_ascii_lowercase().replace('_', "").as_str() {
        "contains" | "includes" | "include" | "has" => Words { negated: false },
        "startswith" | "endswith" | "like" | "ilike" => Part { negated: false },
        "match" | "matches" | "test" | "search" => Pattern { negated: false },
        "equals" | "eq" | "equal" | "is" => Sign("="),
        "ne" | "neq" => Sign("!="),
        "gt" => Sign(">"),
        "gte" => Sign(">="),
        "lt" => Sign("<"),
        "lte" => Sign("<="),
        "in" | "isin" | "anyof" => In { negated: false },
        "notin" => In { negated: true },
        "exists" | "isnull" | "isnone" | "isempty" => Existence,
        _ => return None,
    };
    Some((name.len(), meaning))
}

/// What is written for a sign that looks like one of the language's own.
pub(super) fn sign(char: char) -> Option<&'static str> {
    Some(match char {
        '＝' | '≡' | '→' | '⇒' => "=",
        '≠' => "!=",
        '≥' | '⩾' => ">=",
        '≤' | '⩽' => "<=",
        '＞' => ">",
        '＜' => "<",
        '：' => ":",
        '（' => "(",
        '）' => ")",
        '，' | '、' => ",",
        '＂' => "\"",
        '∧' => " and ",
        '∨' => " or ",
        '¬' => "not ",
        _ => return None,
    })
}

/// The finding for a sign that only looks like one of the language's own, at a place in a token of a
/// text; in quotes it is none.
pub(super) fn signs(text: &str, token: Span, start: usize, char: char) -> Option<Diagnostic> {
    // All of them at once: whoever typed one typed the others too. A text that is long may have so
    // many that they cannot all be gone through for each.
    const LONGEST: usize = 2_000;
    let (offset, text) = if text.len() <= LONGEST { (0, text) } else { (token.start(), token.of(text)) };
    let mut quoted = None;
    let mut edits = Vec::new();
    for (place, char) in text.char_indices() {
        let place = offset + place;
        match quoted {
            Some(mark) if mark == char => quoted = None,
            Some(_) => {}
            None if matches!(char, '"' | '\'') => quoted = Some(char),
            None => {
                let span = Span::new(place, place + char.len_utf8());
                edits.extend(sign(char).map(|ours| Edit { span, text: ours.to_owned() }));
            }
        }
    }
    let title = format!("write `{}`", sign(char).unwrap_or_default().trim());
    let place = Span::new(start, start + char.len_utf8());
    let diagnostic = Diagnostic::new(Kind::Unexpected { found: char.to_string() }, place);
    edits.iter().any(|edit| edit.span == place).then(|| diagnostic.fix(Fix::new(title, edits)))
}

/// The same for a field that is unknown because it holds such a sign: `（model = a）`.
pub(crate) fn sign_in_field(text: &str, field: Span) -> Option<Diagnostic> {
    let name = field.of(text);
    let (place, char) = name.char_indices().find(|(_, char)| sign(*char).is_some())?;
    signs(text, field, field.start() + place, char)
}

/// Whether a word between two clauses joins them elsewhere, and what it stands for.
pub(super) fn joiner(word: &str) -> Option<Option<&'static str>> {
    match word.to_ascii_lowercase().as_str() {
        "also" | "but" | "plus" | "then" | "where" | "with" | "when" | "if" | "while" => Some(Some("and")),
        "except" | "unless" | "without" | "excluding" => Some(Some("and not")),
        "xor" | "nor" | "nand" => Some(None),
        _ => None,
    }
}

/// Whether a query of another language may begin with the word, with nothing said by it.
pub(super) fn is_preamble(word: &str) -> bool {
    ["where", "filter", "search", "find", "show", "get", "list", "having", "query", "when", "if"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

/// How long the start of a text is that says what is selected, up to and with its `where`.
pub(super) fn selection(text: &str) -> Option<usize> {
    let first = text.split_whitespace().next()?;
    if !first.eq_ignore_ascii_case("select") && !first.eq_ignore_ascii_case("from") {
        return None;
    }
    let mut end = 0;
    // Far away it is no longer a part of it.
    for word in text.split_inclusive(char::is_whitespace).take(60) {
        end += word.len();
        if word.trim_end().eq_ignore_ascii_case("where") {
            return Some(end);
        }
    }
    None
}

/// Whether a text begins with what orders, groups or cuts off the results.
pub(super) fn is_epilogue(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default().to_ascii_lowercase();
    let second = words.next().unwrap_or_default();
    match first.as_str() {
        "order" | "sort" | "group" => second.eq_ignore_ascii_case("by"),
        "limit" | "offset" | "head" | "take" | "top" | "tail" => second.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_is_meant() {
        for (text, phrase_text, meaning) in [
            (" is 5", " is", Sign("=")),
            (" is not null", " is not null", Existence),
            (" IS NOT  IN (a)", " IS NOT  IN", In { negated: true }),
            (" isn't a", " isn't", Sign("!=")),
            (" isn’t a", " isn’t", Sign("!=")),
            (" greater than or equal to 5", " greater than or equal to", Sign(">=")),
            (" not = a", " not =", Sign("!=")),
            (" doesn't contain x", " doesn't contain", Words { negated: true }),
        ] {
            assert_eq!(phrase(text), Some((phrase_text.len(), meaning)), "{text}");
        }
        for text in ["", " ", " a", " island", " is_x", " 5", " \"is\""] {
            assert_eq!(phrase(text), None, "{text}");
        }
    }

    #[test]
    fn methods_are_known_by_their_names() {
        for (name, meaning) in [
            ("contains", Words { negated: false }),
            ("includes", Words { negated: false }),
            ("startsWith", Part { negated: false }),
            ("ends_with", Part { negated: false }),
            ("match", Pattern { negated: false }),
            ("test", Pattern { negated: false }),
            ("equals", Sign("=")),
            ("is", Sign("=")),
            ("ne", Sign("!=")),
            ("gt", Sign(">")),
            ("gte", Sign(">=")),
            ("lt", Sign("<")),
            ("lte", Sign("<=")),
            ("isin", In { negated: false }),
            ("any_of", In { negated: false }),
            ("notIn", In { negated: true }),
            ("isNull", Existence),
            ("exists", Existence),
        ] {
            assert_eq!(method(&format!("meta.plan.{name}")), Some(("meta.plan".len(), meaning)), "{name}");
        }
        assert_eq!(method("meta.plan"), None);
        assert_eq!(method("contains"), None);
    }

    #[test]
    fn phrases_are_written_as_they_are_looked_up() {
        for (phrase_text, meaning) in PHRASES {
            assert_eq!(phrase(phrase_text), Some((phrase_text.len(), *meaning)), "{phrase_text}");
        }
    }
}
