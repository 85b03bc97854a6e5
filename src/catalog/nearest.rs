//! Finds the known names that an unknown one may mean: by spelling, as a synonym, and as a part of a name.

use std::borrow::Cow;
use std::ops::Range;

use super::{Catalog, Field};

/// The names that an unknown name is compared with, prepared once.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spellings {
    /// Each name and alias with the set of its [`letters`].
    names: Vec<(Cow<'static, str>, u32)>,
    /// Each synonym with the index of its field, sorted.
    synonyms: Vec<(String, usize)>,
    /// Each field's name, enclosed in underscores and with underscores for dots.
    parts: Vec<String>,
}

impl Spellings {
    pub(super) fn of(fields: &[Field]) -> Spellings {
        let synonyms_of = |(index, field): (usize, &Field)| {
            let synonyms: Vec<_> = field.synonyms().map(|synonym| (compact(synonym), index)).collect();
            synonyms
        };
        let mut synonyms: Vec<_> = fields.iter().enumerate().flat_map(synonyms_of).collect();
        synonyms.sort_unstable();
        synonyms.dedup();
        Spellings {
            names: fields.iter().flat_map(Field::names).map(|name| (name.clone(), letters(name))).collect(),
            synonyms,
            parts: fields.iter().map(|field| format!("_{}_", field.name().replace('.', "_"))).collect(),
        }
    }

    /// Returns the range of the entries for a synonym.
    fn same(&self, synonym: &str) -> Range<usize> {
        let end = self.synonyms.partition_point(|(other, _)| other.as_str() <= synonym);
        self.synonyms.partition_point(|(other, _)| other.as_str() < synonym)..end
    }
}

/// Returns the names nearest to an unknown one, nearest first, or none if all are too different. Each
/// name comes with its letters.
fn nearest<'n>(typed: &str, names: impl Iterator<Item = (&'n str, u32)>) -> Vec<&'n str> {
    const MOST: usize = 3;
    // A longer string is not a misspelled name, and the distance takes quadratic time.
    const LONGEST: usize = 60;
    if typed.len() > LONGEST {
        return Vec::new();
    }
    let typed = typed.to_lowercase().replace([' ', '-'], "_");
    let allowed = typed.chars().count().div_ceil(4).clamp(1, 3);
    let typed_letters = letters(&typed);
    // Rules out most names, and is much cheaper than the distance.
    let may_be_near = |(name, letters): &(&str, u32)| {
        name.len().abs_diff(typed.len()) <= allowed && (letters ^ typed_letters).count_ones() as usize <= 2 * allowed
    };
    let mut near: Vec<(usize, &str)> = names
        .filter(may_be_near)
        .map(|(name, _)| (strsim::osa_distance(&typed, name), name))
        // With an error in half of the letters it is a different word.
        .filter(|(distance, name)| *distance <= allowed && *distance * 2 < name.len())
        .collect();
    near.sort_unstable();
    // Candidates much farther than the best one only distract.
    let best = near.first().map_or(0, |(distance, _)| *distance);
    near.into_iter().take_while(|(distance, _)| *distance <= best + 1).map(|(_, name)| name).take(MOST).collect()
}

/// Suggestions for an unknown path.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Nearest {
    /// Paths in the catalog, likeliest first.
    pub(crate) paths: Vec<String>,
    /// Whether the path is a misspelling with only one candidate. A synonym, or a part of a name, is
    /// only a guess.
    pub(crate) is_misspelled: bool,
}

impl Nearest {
    fn guessed(paths: Vec<String>) -> Option<Nearest> {
        (!paths.is_empty()).then_some(Nearest { paths, is_misspelled: false })
    }
}

/// Returns paths like one whose field is unknown: with its first part, or its first two, replaced by
/// a name, or without the first, which is a table name in other languages.
pub(super) fn fields(path: &str, catalog: &Catalog) -> Nearest {
    let is_in_brackets = path.contains(['{', '[']);
    // Other languages mark names with such a sign.
    let path = path.trim_start_matches(['@', '$', '.', '+', '?', '`', '{', '[']).trim_end_matches(['`', '}', ']']);
    let misspelled = || {
        let names = || catalog.spellings.names.iter().map(|(name, letters)| (&**name, *letters));
        let paths = replaced(path, catalog, |name| nearest(name, names()));
        let is_misspelled = matches!(paths.as_slice(), [only] if is_slip(path, only)) && !is_in_brackets;
        (!paths.is_empty()).then_some(Nearest { is_misspelled, paths })
    };
    let mut guessed = without_table(path, catalog);
    guessed.extend(with_dots(path, catalog));
    guessed.extend(replaced(path, catalog, |name| synonymous(name, catalog)));
    Nearest::guessed(guessed)
        .or_else(misspelled)
        .or_else(|| Nearest::guessed(replaced(path, catalog, |name| holding(name, catalog))))
        .unwrap_or_default()
}

/// Words that differ from a name in one letter, and may be names in other data.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "assigned", "assigner", "cast", "coat", "cos", "evil", "meat", "metal", "modal", "mode", "modes", "node_author",
    "provide", "provided", "stats", "timer", "times",
];

/// Whether a path can only be a typing error for another one: close to it, with the same first letter, and
/// without a sign or a prefix that may mean something.
fn is_slip(path: &str, meant: &str) -> bool {
    const LONG: usize = 9;
    // The distance takes quadratic time.
    const LONGEST: usize = 100;
    let first = path.split('.').next().unwrap_or(path);
    if path.len() > LONGEST || WORDS.iter().any(|word| word.eq_ignore_ascii_case(first)) {
        return false;
    }
    let allowed = if meant.len() < LONG { 1 } else { 2 };
    let path = path.to_lowercase();
    meant.len() > 3
        && path.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '.' | '-' | ' '))
        && path.chars().next() == meant.chars().next()
        && strsim::osa_distance(&path.replace([' ', '-'], "_"), meant) <= allowed
}

fn replaced<'c>(path: &str, catalog: &Catalog, names: impl Fn(&str) -> Vec<&'c str>) -> Vec<String> {
    let dots = path.match_indices('.').map(|(dot, _)| dot).take(2);
    let mut parts = dots.chain(std::iter::once(path.len())).filter_map(|end| path.split_at_checked(end));
    let found = parts.find_map(|(name, key)| {
        let near = names(name).into_iter();
        let fitting = near.filter(|near| catalog.get(near).is_some_and(Field::is_keyed) != key.is_empty());
        let found: Vec<String> = fitting.map(|near| format!("{near}{key}")).collect();
        (!found.is_empty()).then_some(found)
    });
    found.unwrap_or_default()
}

/// Returns the fields with this synonym, in any spelling: `modelName`, `Model Name`.
fn synonymous<'c>(name: &str, catalog: &'c Catalog) -> Vec<&'c str> {
    const LONGEST: usize = 60;
    if name.len() > LONGEST {
        return Vec::new();
    }
    let spellings = &catalog.spellings;
    let same = spellings.synonyms.get(spellings.same(&compact(name))).unwrap_or_default();
    same.iter().filter_map(|(_, field)| catalog.fields().get(*field)).map(Field::name).collect()
}

/// Returns a name in lower case, without underscores, hyphens and spaces.
fn compact(name: &str) -> String {
    name.chars().filter(|char| !matches!(char, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// Returns the set of the bytes of a name as bits. One edit changes at most two of them.
fn letters(name: &str) -> u32 {
    name.bytes().fold(0, |set, byte| set | 1 << (byte & 31))
}

/// Returns what follows the first part of `sessions.cost` if that is a valid field.
fn without_table(path: &str, catalog: &Catalog) -> Vec<String> {
    let rest = path.split_once('.').map(|(_, rest)| rest);
    let is_field =
        |rest: &&str| catalog.resolve(rest).is_some_and(|found| found.field.is_keyed() == found.key.is_some());
    rest.filter(is_field).map(str::to_owned).into_iter().collect()
}

/// Returns `meta.tenant` for `meta/tenant`.
fn with_dots(path: &str, catalog: &Catalog) -> Option<String> {
    let dotted = path.contains('/').then(|| path.replace('/', "."))?;
    catalog.resolve(&dotted).is_some_and(|found| found.field.is_keyed() && found.key.is_some()).then_some(dotted)
}

/// Returns paths of which an unknown name is the key: `user_type` of `session_custom_metadata.user_type`.
pub(super) fn as_key(name: &str, is_possible: impl Fn(&Field) -> bool, catalog: &Catalog) -> Vec<String> {
    const LONGEST: usize = 60;
    // A shorter one is more likely a word of another language, such as `is`.
    const SHORTEST: usize = 3;
    let is_name = (SHORTEST..=LONGEST).contains(&name.len())
        && name.starts_with(char::is_alphabetic)
        && name.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '-' | ' '));
    let takes_any = |field: &&Field| field.is_keyed() && field.synonyms().any(|synonym| synonym == "*");
    let fields = catalog.fields().iter().filter(takes_any).filter(|field| is_name && is_possible(field));
    fields.map(|field| format!("{}.{name}", field.name())).collect()
}

/// Returns the names that contain a name as a part: `metadata` of `session_custom_metadata`.
fn holding<'c>(part: &str, catalog: &'c Catalog) -> Vec<&'c str> {
    const SHORTEST: usize = 5;
    const MOST: usize = 3;
    if part.len() < SHORTEST {
        return Vec::new();
    }
    let part = format!("_{}_", part.to_lowercase().replace(['-', ' '], "_"));
    let parts = catalog.fields().iter().zip(&catalog.spellings.parts);
    let found: Vec<&str> = parts.filter(|(_, name)| name.contains(&part)).map(|(field, _)| field.name()).collect();
    // With many candidates, none is likelier than the others.
    if found.len() > MOST { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspellings_are_recognized() {
        let catalog = Catalog::builtin();
        for (typed, meant) in [
            ("modle", "model"),
            ("cots", "cost"),
            ("latancy", "latency"),
            ("Model", "model"),
            ("start-time", "start_time"),
            ("enviroment", "environment"),
            ("evn", "env"),
            ("mta.user_type", "meta.user_type"),
            ("evaluation_notes.contnt", "evaluation_notes.content"),
            ("trace_evaluation_result.Quality Score", "trace_evaluation_results.Quality Score"),
            ("@start_time", "start_time"),
            ("duration", "latency"),
            ("score.Quality", "completion_evaluation_results.Quality"),
            ("custom_metadata.plan", "session_custom_metadata.plan"),
            ("content", "evaluation_notes.content"),
            ("meta/tenant", "meta.tenant"),
        ] {
            assert_eq!(fields(typed, &catalog).paths.first().map(String::as_str), Some(meant), "{typed}");
        }
    }

    #[test]
    fn allowed_distance_depends_on_length() {
        let near =
            |typed: &str, names: &[&'static str]| nearest(typed, names.iter().map(|name| (*name, letters(name))));
        assert_eq!(near("abx", &["abc"]), ["abc"]);
        assert_eq!(near("ax", &["ab"]), [""; 0], "an error in two letters");
        assert_eq!(near("abcdefghijkl", &["abcdxxxxijkl"]), [""; 0]);
        // A slightly worse candidate is offered too; a much worse one is not.
        assert_eq!(near("abcdefghi", &["abcdefgxx", "abcdefghx", "abcdefxxx"]), ["abcdefghx", "abcdefgxx"]);
        assert_eq!(near("abcde", &["abcdx", "abcxe", "abxde", "axcde"]), ["abcdx", "abcxe", "abxde"]);
        let name: &'static str = "a_name_of_exactly_sixty_characters_which_is_still_a_good_one";
        assert_eq!(near(&name.replace("good", "goof"), &[name]), [name]);
        assert_eq!(near(&name.replace("good", "goood"), &[name]), [""; 0]);
    }

    #[test]
    fn parts_of_few_names_are_found() {
        let catalog = Catalog::builtin();
        assert_eq!(holding("Custom-Metadata", &catalog), ["session_custom_metadata", "trace_custom_metadata"]);
        assert_eq!(holding("inputs", &catalog), ["completion_inputs"]);
        assert_eq!(holding("input", &catalog), ["trace_input"]);
        assert_eq!(holding("evaluation_notes", &catalog).len(), 3);
        assert_eq!(holding("completion", &catalog), [""; 0], "too many");
        assert_eq!(holding("name", &catalog), [""; 0], "too short");
    }

    #[test]
    fn distant_names_are_not_suggested() {
        let catalog = Catalog::builtin();
        for typed in
            ["user", "foo", "x", "temperature", "", "status_code", "has", "name", "time.zone", &"model".repeat(100)]
        {
            assert_eq!(fields(typed, &catalog), Nearest::default(), "{typed}");
        }
    }
}
