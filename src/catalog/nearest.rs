//! The names that an unknown one was likely meant to be.

use super::{Catalog, Field};

/// The names nearest to one that is unknown, nearest first; none rather than a silly one.
fn nearest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    const MOST: usize = 3;
    // Long texts are no typing errors, and distances cost their product.
    const LONGEST: usize = 60;
    if typed.len() > LONGEST {
        return Vec::new();
    }
    let typed = typed.to_lowercase().replace([' ', '-'], "_");
    let allowed = typed.chars().count().div_ceil(4).clamp(1, 3);
    let mut near: Vec<(usize, &str)> = names
        .filter(|name| name.len().abs_diff(typed.len()) <= allowed)
        .map(|name| (strsim::osa_distance(&typed, name), name))
        // An error in each letter is another word.
        .filter(|(distance, name)| *distance <= allowed && *distance * 2 < name.len())
        .collect();
    near.sort_unstable();
    // Far candidates beside a near one only distract.
    let best = near.first().map_or(0, |(distance, _)| *distance);
    near.into_iter().take_while(|(distance, _)| *distance <= best + 1).map(|(_, name)| name).take(MOST).collect()
}

/// What other tools call the fields.
const SYNONYMS: &[(&str, &str)] = &[
    ("answer", "completion_output"),
    ("author", "evaluation_notes.author"),
    ("completion", "completion_output"),
    ("created", "start_time"),
    ("created_at", "start_time"),
    ("date", "start_time"),
    ("deployment", "environment"),
    ("duration", "latency"),
    ("elapsed", "latency"),
    ("engine", "model"),
    ("evaluation", "completion_evaluation_results"),
    ("evaluations", "completion_evaluation_results"),
    ("evals", "completion_evaluation_results"),
    ("llm", "model"),
    ("message", "completion_output"),
    ("notes", "evaluation_notes.content"),
    ("owner", "assignee"),
    ("price", "cost"),
    ("response", "completion_output"),
    ("response_time", "latency"),
    ("reviewer", "assignee"),
    ("score", "completion_evaluation_results"),
    ("scores", "completion_evaluation_results"),
    ("spend", "cost"),
    ("stage", "environment"),
    ("text", "completion_output"),
    ("timestamp", "start_time"),
    ("variables", "completion_inputs"),
    ("vendor", "provider"),
];

/// Paths like one whose field is unknown: its first part, or its first two, replaced by a name.
pub(super) fn fields(path: &str, catalog: &Catalog) -> Vec<String> {
    // A sign before a name is another language's way to mark it as one.
    let path = path.trim_start_matches(['@', '$', '.', '+', '?', '`', '{', '[']).trim_end_matches(['`', '}', ']']);
    let ends = || path.match_indices('.').map(|(dot, _)| dot).take(2).chain(std::iter::once(path.len()));
    let replaced = |names: &dyn Fn(&str) -> Vec<String>| {
        ends().map(|end| path.split_at_checked(end).unwrap_or((path, ""))).find_map(|(name, key)| {
            let near = names(name).into_iter();
            let fitting = near.filter(|near| catalog.get(near).is_some_and(Field::is_keyed) != key.is_empty());
            let found: Vec<String> = fitting.map(|near| format!("{near}{key}")).collect();
            (!found.is_empty()).then_some(found)
        })
    };
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
    replaced(&|name| owned(nearest(name, catalog.names())))
        .or_else(|| {
            replaced(&|name| {
                let known = SYNONYMS.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
                let ours = known.map(|(_, ours)| *ours);
                let others = holding(name, catalog).into_iter().filter(|other| Some(*other) != ours);
                owned(ours.into_iter().chain(others).collect())
            })
        })
        .unwrap_or_default()
}

/// Names of which a name is a part: `metadata` of `session_custom_metadata`.
fn holding<'c>(part: &str, catalog: &'c Catalog) -> Vec<&'c str> {
    const SHORTEST: usize = 5;
    const MOST: usize = 3;
    if part.len() < SHORTEST {
        return Vec::new();
    }
    let part = part.to_lowercase().replace(['-', ' '], "_");
    let is_part = |name: &&str| {
        let padded = format!("_{}_", name.replace('.', "_"));
        padded.contains(&format!("_{part}_"))
    };
    let names = catalog.fields().iter().map(Field::name);
    let found: Vec<&str> = names.filter(is_part).collect();
    // Where many fit, none was meant more than another.
    if found.len() > MOST { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_recognised() {
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
        ] {
            assert_eq!(fields(typed, &catalog).first().map(String::as_str), Some(meant), "{typed}");
        }
    }

    #[test]
    fn near_names_are_near_for_their_length() {
        let near = |typed: &str, names: &[&'static str]| nearest(typed, names.iter().copied());
        assert_eq!(near("abx", &["abc"]), ["abc"]);
        assert_eq!(near("ax", &["ab"]), [""; 0], "an error in two letters");
        assert_eq!(near("abcdefghijkl", &["abcdxxxxijkl"]), [""; 0]);
        // One that is a little farther is offered too, and one that is much farther is not.
        assert_eq!(near("abcdefghi", &["abcdefgxx", "abcdefghx", "abcdefxxx"]), ["abcdefghx", "abcdefgxx"]);
        assert_eq!(near("abcde", &["abcdx", "abcxe", "abxde", "axcde"]), ["abcdx", "abcxe", "abxde"]);
        let name: &'static str = "a_name_of_exactly_sixty_characters_which_is_still_a_good_one";
        assert_eq!(near(&name.replace("good", "goof"), &[name]), [name]);
        assert_eq!(near(&name.replace("good", "goood"), &[name]), [""; 0]);
    }

    #[test]
    fn parts_of_names_are_found_where_few_hold_them() {
        let catalog = Catalog::builtin();
        assert_eq!(holding("Custom-Metadata", &catalog), ["session_custom_metadata", "trace_custom_metadata"]);
        assert_eq!(holding("inputs", &catalog), ["completion_inputs"]);
        assert_eq!(holding("input", &catalog), ["trace_input"]);
        assert_eq!(holding("evaluation_notes", &catalog).len(), 3);
        assert_eq!(holding("completion", &catalog), [""; 0], "too many");
        assert_eq!(holding("name", &catalog), [""; 0], "too short");
    }

    #[test]
    fn silly_suggestions_are_not_made() {
        let catalog = Catalog::builtin();
        for typed in
            ["user", "foo", "x", "temperature", "", "status_code", "has", "name", "time.zone", &"model".repeat(100)]
        {
            assert_eq!(fields(typed, &catalog), Vec::<String>::new(), "{typed}");
        }
    }
}
