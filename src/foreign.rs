//! Words of other languages: the names of operators with their meaning, in one table for queries and for
//! filters in JSON; and words that are hardly ever names or terms.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The meaning of an operator of another language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A comparison, by its sign in this language.
    Sign(&'static str),
    /// A search for words, or, negated, for their absence.
    Words {
        negated: bool,
    },
    /// A match of the beginning or end of a string, or with a `%` pattern.
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
    /// A test for whether the field has a value.
    Existence,
}

use Meaning::{Between, Existence, In, Part, Pattern, Sign, Words};

/// The phrases, in lower case and without spaces, underscores and apostrophes: `is not`, `is_not`,
/// `isNot` and `isn't` are spellings of one phrase.
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
         isslowerthan isnewerthan exceeding wasover wasabove wasafter wasmorethan notatmost \
         isnotatmost isntatmost notlte notlessthanorequalto isnotlessthanorequalto",
    ),
    (
        Sign(">="),
        "gte ge atleast isatleast greaterthanorequalto isgreaterthanorequalto since \
         greaterthanorequal greaterthanorequals greaterorequal greaterorequalto greaterthanequal \
         greaterthanequals greaterthanequalto nolessthan notlessthan onorafter isnolessthan \
         isnotlessthan notbelow isnotbelow notunder isnotunder notbefore isnotbefore notolderthan \
         isnotolderthan notearlierthan isnotearlierthan notshorterthan isnotshorterthan \
         isntlessthan isntbelow isntunder isntbefore isntolderthan isntearlierthan isntshorterthan \
         notlt",
    ),
    (
        Sign("<"),
        "lt less lessthan islessthan smallerthan issmallerthan lowerthan islowerthan shorterthan \
         fasterthan below isbelow under isunder before isbefore olderthan earlierthan islt \
         isolderthan isshorterthan isfasterthan isearlierthan wasunder wasbelow wasbefore \
         waslessthan notatleast isnotatleast isntatleast notgte notgreaterthanorequalto \
         isnotgreaterthanorequalto",
    ),
    (
        Sign("<="),
        "lte le atmost isatmost upto lessthanorequalto islessthanorequalto until lessthanorequal \
         lessthanorequals lessorequal lessorequalto lessthanequal lessthanequals lessthanequalto \
         nomorethan notmorethan onorbefore isnomorethan isnotmorethan notgreaterthan \
         isnotgreaterthan notabove isnotabove notover isnotover notafter isnotafter notlaterthan \
         isnotlaterthan notnewerthan isnotnewerthan notlongerthan isnotlongerthan isntgreaterthan \
         isntmorethan isntabove isntover isntafter isntlaterthan isntnewerthan isntlongerthan notgt",
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
        "like ilike islike startswith beginswith endswith prefix startwith endwith suffix substring",
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
    (Between { negated: true }, "isnotbetween isntbetween notbetween"),
    (
        Existence,
        "exists notexists doesnotexist isset isnotset isnull isnotnull notnull isnone isnotnone \
         isnil isnotnil isempty isnotempty isundefined isnotundefined ismissing isnotmissing \
         notempty notset missing ispresent present isnotdefined isdefined defined empty isblank \
         blank isnan isna notna hasvalue hasnovalue isntnull isntempty isntset doesntexist isunset \
         unset anyvalue isanything",
    ),
];

/// Returns the meaning of a phrase, spelled as in the table.
pub(crate) fn meaning(compact: &str) -> Option<Meaning> {
    static MEANINGS: LazyLock<HashMap<&str, Meaning>> = LazyLock::new(|| {
        let phrases = |(meaning, phrases): &(Meaning, &'static str)| {
            let meaning = *meaning;
            phrases.split_whitespace().map(move |phrase| (phrase, meaning))
        };
        PHRASES.iter().flat_map(phrases).collect()
    });
    MEANINGS.get(compact).copied()
}

/// Returns the meaning of the phrase that a text is probably a misspelling of.
pub(crate) fn misspelled(compact: &str) -> Option<Meaning> {
    const SHORTEST: usize = 5;
    const LONG: usize = 8;
    const OWN: &[(Meaning, &str)] = &[
        (Words { negated: false }, "contains"),
        (Words { negated: true }, "notcontains"),
        (Between { negated: false }, "between"),
    ];
    let len = compact.chars().count();
    let allowed = if len < LONG { 1 } else { 2 };
    let near = OWN.iter().chain(PHRASES).flat_map(|(meaning, phrases)| {
        let phrases = phrases.split_whitespace().filter(|phrase| phrase.len().abs_diff(len) <= allowed);
        phrases.map(|phrase| (strsim::osa_distance(phrase, compact), *meaning))
    });
    let (distance, meaning) = near.min_by_key(|(distance, _)| *distance)?;
    (len >= SHORTEST && (1..=allowed).contains(&distance)).then_some(meaning)
}

/// Returns the keyword that a word is probably a misspelling of.
pub(crate) fn misspelled_keyword(word: &str) -> Option<&'static str> {
    const KEYWORDS: [(&str, &[&str]); 3] = [
        ("and", &["aand", "adn", "andd", "annd", "nad"]),
        ("not", &["no", "noot", "nott", "nto", "ont"]),
        ("or", &["orr", "ro"]),
    ];
    let is_one = |(_, misspelled): &&(&str, &[&str])| misspelled.iter().any(|known| known.eq_ignore_ascii_case(word));
    KEYWORDS.iter().find(is_one).map(|(keyword, _)| *keyword)
}

/// Returns the operator for a function or method of another language: `contains(output, 'x')`,
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

/// Words that are almost always parts of another query language. With a text field, they must be quoted as
/// terms.
const FOREIGN: &[&str] = &[
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

/// Whether a bare word is one of [`FOREIGN`].
pub(crate) fn is_foreign(word: &str) -> bool {
    FOREIGN.iter().any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn misspelled_phrases_are_recognized() {
        for (word, meaning) in [
            ("constains", Some(Words { negated: false })),
            ("conatinz", Some(Words { negated: false })),
            ("betwen", Some(Between { negated: false })),
            ("greterthan", Some(Sign(">"))),
            ("equls", Some(Sign("="))),
            // Two errors in a short word, a word of four letters, and words that are spelled correctly.
            ("bewen", None),
            ("liek", None),
            ("contains", None),
            ("equals", None),
            ("refund", None),
        ] {
            assert_eq!(misspelled(word), meaning, "{word}");
        }
    }

    #[test]
    fn phrases_have_one_meaning() {
        let mut seen = BTreeSet::new();
        for (meaning, phrases) in PHRASES {
            for phrase in phrases.split_whitespace() {
                assert!(seen.insert(phrase), "{phrase}");
                assert_eq!(super::meaning(phrase), Some(*meaning));
                assert!(phrase.chars().all(|char| char.is_lowercase() || char == '='), "{phrase}");
            }
        }
    }

    #[test]
    fn foreign_words_match_the_reference() {
        let reference = include_str!("language.rs");
        let (_, section) = reference.split_once("a word of another language, in any letter case:").unwrap();
        let (section, _) = section.split_once("\n//! - ").unwrap();
        let listed: Vec<&str> = section.split('`').skip(1).step_by(2).collect();
        assert_eq!(listed, FOREIGN);
    }
}
