//! Words and signs of other languages, with their equivalents.

use super::site::Site;
use crate::filter::Comparison;
use crate::foreign::Meaning::{Between, Existence, In, Part, Pattern, Sign, Words};
use crate::foreign::{self, Meaning};
pub(crate) use crate::foreign::{function, is_foreign, meaning, misspelled_keyword};
use crate::sketch::{Kind, Verb};
use crate::syntax::keyword;

/// Returns the operator for a meaning, if the value stays the same.
pub(crate) fn ours(meaning: Meaning) -> Option<&'static str> {
    Some(match meaning {
        Sign(sign) => sign,
        Words { negated: false } => "contains",
        Words { negated: true } => "not contains",
        In { negated: false } => "in",
        In { negated: true } => "not in",
        Between { negated: false } => "between",
        Between { negated: true } => "not between",
        Part { .. } | Pattern { .. } | Existence => return None,
    })
}

/// Finds the longest phrase that begins at an item. Returns its number of items and its meaning.
pub(crate) fn phrase(site: &Site, from: usize) -> Option<(usize, Meaning)> {
    const MOST: usize = 8;
    let mut compact = String::new();
    let mut longest = None;
    for len in 1..=MOST {
        let at = from + len - 1;
        match site.kind(at) {
            Kind::Not if site.of(at) == "-" => break,
            Kind::Not => compact.push_str("not"),
            Kind::Text | Kind::Word | Kind::Join(_) => compact.push_str(&site.word(at)),
            Kind::Sign if matches!(site.of(at), "=" | "==") => compact.push_str(site.of(at)),
            _ => break,
        }
        longest = meaning(&compact).map(|meaning| (len, meaning)).or(longest);
    }
    longest
}

/// Finds a misspelled phrase that begins at an item. Returns its number of items and its meaning.
pub(crate) fn misspelled(site: &Site, from: usize) -> Option<(usize, Meaning)> {
    const MOST: usize = 3;
    (1..=MOST).rev().find_map(|len| {
        let is_word = |n: usize| match site.kind(n) {
            Kind::Text | Kind::Word => !site.is_quoted(n),
            Kind::Not => site.is_word(n, &["not"]),
            _ => false,
        };
        let words = from..from + len;
        let compact: String = words.clone().map(|n| site.word(n)).collect();
        let has_value = site.value(words.end).is_some() || site.is_opening(words.end);
        let is_phrase = has_value && words.clone().all(is_word);
        is_phrase.then(|| foreign::misspelled(&compact)).flatten().map(|meaning| (len, meaning))
    })
}

/// Whether a bare value is an operator word of this language or another, so that it is probably not a value.
pub(crate) fn is_operator_word(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "and", "between", "contains", "contain", "eq", "equals", "has", "in", "includes", "is", "like", "ilike",
        "matches", "ne", "not", "or",
    ];
    const LONGEST: usize = 8;
    let may_begin = |byte: &u8| b"abcehilmno".contains(&byte.to_ascii_lowercase());
    word.len() <= LONGEST
        && word.as_bytes().first().is_some_and(may_begin)
        && WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Returns the comparison by size of an operator.
pub(crate) fn comparison(verb: Verb) -> Option<Comparison> {
    Some(match verb {
        Verb::Less => Comparison::Lt,
        Verb::LessOrEqual => Comparison::Lte,
        Verb::Greater => Comparison::Gt,
        Verb::GreaterOrEqual => Comparison::Gte,
        Verb::Equal
        | Verb::NotEqual
        | Verb::Has
        | Verb::Lacks
        | Verb::Natural
        | Verb::Contains
        | Verb::In
        | Verb::Between => return None,
    })
}

/// Returns the sign of an operator.
pub(crate) fn sign_of(verb: Verb) -> Option<&'static str> {
    match verb {
        Verb::Equal | Verb::Natural => Some("="),
        Verb::NotEqual => Some("!="),
        _ => comparison(verb).map(|comparison| comparison.op().written()),
    }
}

/// Returns the comparison for exchanged sides: `1 < cost` is `cost > 1`.
pub(crate) fn turned(verb: Verb) -> Option<&'static str> {
    match verb {
        Verb::Natural => None,
        Verb::Equal | Verb::NotEqual => sign_of(verb),
        _ => keyword::turned(sign_of(verb)?),
    }
}

/// Returns the operator for a run of signs that is not an operator.
pub(crate) fn sign(text: &str) -> Option<&'static str> {
    Some(match text {
        "=>" => ">=",
        "=<" => "<=",
        "===" | "::" | "<=>" => "=",
        "!==" | "=!" | "=!=" | "!:" | ":!" | ":!=" => "!=",
        "=~" | "~~" | ":~" => "contains",
        _ => return None,
    })
}

/// Returns the sign for a character that looks like it.
pub(crate) fn look_alike(char: char) -> Option<&'static str> {
    Some(match char {
        '＝' | '≡' => "=",
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
        '∧' => "and",
        '∨' => "or",
        '¬' => "not ",
        _ => return None,
    })
}

/// Whether a text begins like a word of prose, and contains no signs.
pub(crate) fn is_wordlike(text: &str) -> bool {
    text.starts_with(|char: char| char.is_alphanumeric() || matches!(char, '_' | '@'))
        && !text.contains(|char| look_alike(char).is_some())
}

/// A misspelled join, or one of another language.
#[derive(Clone, Copy)]
pub(crate) enum Joiner {
    And,
    AndNot,
    Or,
    /// `xor`, which has no equivalent.
    Foreign,
}

pub(crate) fn joiner(word: &str) -> Option<Joiner> {
    match word {
        "also" | "but" | "plus" | "then" | "where" | "with" | "when" | "if" | "while" | "∧" => Some(Joiner::And),
        "except" | "unless" | "without" | "excluding" => Some(Joiner::AndNot),
        "∨" => Some(Joiner::Or),
        "xor" | "nor" | "nand" => Some(Joiner::Foreign),
        _ => match misspelled_keyword(word)? {
            "and" => Some(Joiner::And),
            "or" => Some(Joiner::Or),
            _ => None,
        },
    }
}

/// Whether a word may begin a query of another language without changing its meaning.
pub(crate) fn is_preamble(word: &str) -> bool {
    matches!(
        word,
        "where" | "filter" | "search" | "find" | "show" | "get" | "list" | "having" | "query" | "when" | "if"
    )
}

/// Whether a clause that orders, groups or limits results begins at an item.
pub(crate) fn is_epilogue(site: &Site, at: usize) -> bool {
    epilogue_len(site, at).is_some()
}

/// Returns the number of items of its first words.
pub(crate) fn epilogue_len(site: &Site, at: usize) -> Option<usize> {
    if site.kind(at) != Kind::Text {
        return None;
    }
    let next = site.of(at + 1);
    let is_number = !next.is_empty() && next.bytes().all(|byte| byte.is_ascii_digit());
    match site.word(at).as_str() {
        "order" | "sort" | "group" => next.eq_ignore_ascii_case("by").then_some(2),
        "limit" | "offset" | "head" | "take" | "top" | "tail" => is_number.then_some(2),
        _ => None,
    }
}

/// Whether a word means "no value" in other languages.
pub(crate) fn is_null(word: &str) -> bool {
    ["null", "none", "nil", "undefined"].iter().any(|null| null.eq_ignore_ascii_case(word))
}
