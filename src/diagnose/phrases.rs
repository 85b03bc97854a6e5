//! The words and signs of other languages, and what is written for them here: the one table.

use super::site::Site;
use crate::sketch::{Join, Kind, Verb};

/// What an operator of another language asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
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

/// In lower case, without spaces, underscores and apostrophes: `is not`, `is_not`, `isNot` and
/// `isn't` are spellings of one phrase.
const PHRASES: &[(Meaning, &str)] = &[
    (
        Sign("="),
        "is eq equal equals equalto isequalto isexactly matchesexactly was on during equalsto \
         isequal are",
    ),
    (
        Sign("!="),
        "ne neq not not= not== noteq notequal notequals notequalto isnot isnt isnotequalto \
         isntequalto doesnotequal doesntequal wasnot isdifferentfrom isnotexactly wasnt \
         doesntequals doesnotequals notequalsto",
    ),
    (
        Sign(">"),
        "gt greater greaterthan isgreaterthan biggerthan isbiggerthan largerthan islargerthan \
         morethan ismorethan higherthan ishigherthan longerthan slowerthan above isabove over \
         isover exceeds after isafter newerthan laterthan isgt islaterthan islongerthan \
         isslowerthan isnewerthan exceeding",
    ),
    (
        Sign(">="),
        "gte ge atleast isatleast greaterthanorequalto isgreaterthanorequalto since \
         greaterthanorequal greaterthanorequals greaterorequal greaterorequalto greaterthanequal \
         greaterthanequals greaterthanequalto nolessthan notlessthan",
    ),
    (
        Sign("<"),
        "lt less lessthan islessthan smallerthan issmallerthan lowerthan islowerthan shorterthan \
         fasterthan below isbelow under isunder before isbefore olderthan earlierthan islt \
         isolderthan isshorterthan isfasterthan isearlierthan",
    ),
    (
        Sign("<="),
        "lte le atmost isatmost upto lessthanorequalto islessthanorequalto until lessthanorequal \
         lessthanorequals lessorequal lessorequalto lessthanequal lessthanequals lessthanequalto \
         nomorethan notmorethan",
    ),
    (
        Words { negated: false },
        "contain containing include includes including has have having mentions icontains \
         iscontaining mentioning",
    ),
    (
        Words { negated: true },
        "notcontain doesnotcontain doesnotcontains doesntcontain doesntcontains notinclude \
         notincludes doesnotinclude doesntinclude excludes notcontains notcontaining nothas \
         doesnothave doesnthave doesnotmention without lacks",
    ),
    (
        Part { negated: false },
        "like ilike islike startswith beginswith endswith prefix startwith endwith suffix \
         substring",
    ),
    (
        Part { negated: true },
        "notlike notilike isnotlike notstartswith doesnotstartwith doesntstartwith notendswith \
         doesnotendwith",
    ),
    (Pattern { negated: false }, "matches match matching matchesregex regex regexp rlike similarto matchespattern"),
    (Pattern { negated: true }, "notmatches doesnotmatch notregex notmatch doesnotmatches doesntmatch"),
    (In { negated: false }, "isin oneof isoneof anyof isanyof inlist"),
    (In { negated: true }, "notoneof isnotin isntin isnotoneof isnoneof notanyof noneof notin nin"),
    (Between { negated: false }, "isbetween"),
    (Between { negated: true }, "isnotbetween notbetween"),
    (
        Existence,
        "exists notexists doesnotexist isset isnotset isnull isnotnull notnull isnone isnotnone \
         isnil isnotnil isempty isnotempty isundefined isnotundefined ismissing isnotmissing \
         notempty notset missing ispresent present isnotdefined isdefined defined empty isblank \
         blank isnan isna notna hasvalue hasnovalue isntnull isntempty isntset doesntexist \
         isunset unset anyvalue isanything",
    ),
];

/// What a phrase asks for, in the form of the table.
pub(crate) fn meaning(compact: &str) -> Option<Meaning> {
    let known = |(_, phrases): &&(Meaning, &str)| phrases.split_whitespace().any(|phrase| phrase == compact);
    PHRASES.iter().find(known).map(|(meaning, _)| *meaning)
}

/// The operator of this language for a meaning, where it needs no other value.
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

/// The longest phrase that begins at an item: how many items it is long, and what it asks for.
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

/// Whether a bare value is an operator word of this language or another, so that it is likely none.
pub(crate) fn is_operator_word(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "and", "between", "contains", "contain", "eq", "equals", "has", "in", "includes", "is", "like", "ilike",
        "matches", "ne", "not", "or",
    ];
    WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Words that are hardly anything but parts of another query language: with a text field, they are searched for in
/// quotes only.
pub(crate) const FOREIGN: &[&str] = &[
    "is",
    "isnt",
    "are",
    "was",
    "equals",
    "equal",
    "eq",
    "ne",
    "neq",
    "gt",
    "gte",
    "ge",
    "lt",
    "lte",
    "le",
    "like",
    "ilike",
    "rlike",
    "matches",
    "matching",
    "regex",
    "regexp",
    "startswith",
    "endswith",
    "contain",
    "containing",
    "icontains",
    "includes",
    "including",
    "excludes",
    "excluding",
    "has",
    "have",
    "having",
    "exists",
    "isnull",
    "notnull",
    "isempty",
    "notempty",
    "isset",
    "notin",
    "nin",
    "null",
    "none",
    "nil",
    "undefined",
    "above",
    "below",
    "over",
    "under",
    "greater",
    "less",
    "than",
    "exceeds",
    "since",
    "until",
    "before",
    "after",
    "during",
    "within",
    "last",
    "past",
    "ago",
    "but",
    "except",
    "unless",
    "also",
    "plus",
    "then",
    "when",
    "while",
    "if",
    "with",
    "without",
    "where",
    "xor",
    "nor",
    "nand",
    "select",
    "from",
    "filter",
    "order",
    "sort",
    "group",
    "by",
    "limit",
    "offset",
    "asc",
    "desc",
];

/// Whether a bare word is one of these.
pub(crate) fn is_foreign(word: &str) -> bool {
    FOREIGN.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// What a comparison is with its sides exchanged: `1 < cost` is `cost > 1`.
pub(crate) fn turned(verb: Verb) -> Option<&'static str> {
    Some(match verb {
        Verb::Equal => "=",
        Verb::NotEqual => "!=",
        Verb::Less => ">",
        Verb::LessOrEqual => ">=",
        Verb::Greater => "<",
        Verb::GreaterOrEqual => "<=",
        Verb::Has | Verb::Lacks | Verb::Natural | Verb::Contains | Verb::In | Verb::Between => return None,
    })
}

/// What is meant by a run of signs that is no operator.
pub(crate) fn sign(text: &str) -> Option<&'static str> {
    Some(match text {
        "=>" => ">=",
        "=<" => "<=",
        "===" | "::" | "<=>" => "=",
        "!==" | "=!" | "=!=" | "><" | "!:" | ":!" | ":!=" => "!=",
        "=~" | "~~" | ":~" => "contains",
        _ => return None,
    })
}

/// What is written for a character that looks like a sign of the language.
pub(crate) fn look_alike(char: char) -> Option<&'static str> {
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
        '∧' => "and",
        '∨' => "or",
        '¬' => "not ",
        _ => return None,
    })
}

/// Whether a text begins like a word of prose, and holds no sign.
pub(crate) fn is_wordlike(text: &str) -> bool {
    text.starts_with(|char: char| char.is_alphanumeric() || matches!(char, '_' | '@'))
        && !text.contains(|char| look_alike(char).is_some())
}

/// What a word between two clauses stands for, where it joins them in another language; inside `None`
/// where nothing here does what it says.
pub(crate) fn joiner(word: &str) -> Option<Option<(Join, &'static str)>> {
    match word {
        "also" | "but" | "plus" | "then" | "where" | "with" | "when" | "if" | "while" => Some(Some((Join::And, "and"))),
        "except" | "unless" | "without" | "excluding" => Some(Some((Join::And, "and not"))),
        "∧" => Some(Some((Join::And, "and"))),
        "∨" => Some(Some((Join::Or, "or"))),
        "xor" | "nor" | "nand" => Some(None),
        _ => None,
    }
}

/// Whether a query of another language may begin with a word, with nothing said by it.
pub(crate) fn is_preamble(word: &str) -> bool {
    matches!(
        word,
        "where" | "filter" | "search" | "find" | "show" | "get" | "list" | "having" | "query" | "when" | "if"
    )
}

/// Whether what orders, groups or cuts off the results begins at an item.
pub(crate) fn is_epilogue(site: &Site, at: usize) -> bool {
    epilogue_len(site, at).is_some()
}

/// How many items the first words of it are.
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

/// Words that stand for no value in other languages.
pub(crate) fn is_null(word: &str) -> bool {
    ["null", "none", "nil", "undefined"].iter().any(|null| null.eq_ignore_ascii_case(word))
}

/// The operator that a function or method of another language stands for: `contains(output, 'x')`,
/// `output.contains('x')`.
pub(crate) fn function(name: &str) -> Option<Meaning> {
    let compact: String = name.chars().filter(|char| *char != '_').flat_map(char::to_lowercase).collect();
    match compact.as_str() {
        "contains" => Some(Words { negated: false }),
        "in" => Some(In { negated: false }),
        "between" => Some(Between { negated: false }),
        "test" | "search" => Some(Pattern { negated: false }),
        other => meaning(other),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn foreign_words_are_those_of_the_reference() {
        let reference = include_str!("../language.rs");
        let (_, section) = reference.split_once("a word of another language, in any letter case:").unwrap();
        let (section, _) = section.split_once("\n//! - ").unwrap();
        let listed: Vec<&str> = section.split('`').skip(1).step_by(2).collect();
        assert_eq!(listed, FOREIGN);
    }

    #[test]
    fn a_phrase_has_one_meaning() {
        let mut seen = BTreeSet::new();
        for (meaning, phrases) in PHRASES {
            for phrase in phrases.split_whitespace() {
                assert!(seen.insert(phrase), "{phrase}");
                assert_eq!(super::meaning(phrase), Some(*meaning));
                assert!(phrase.chars().all(|char| char.is_lowercase() || char == '='), "{phrase}");
            }
        }
    }
}
