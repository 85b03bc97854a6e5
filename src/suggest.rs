//! What was likely meant by a name that is not known.

use crate::catalog::Catalog;

/// The names nearest to one that is unknown, nearest first; none rather than a silly one.
pub(crate) fn nearest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
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

/// Paths like one whose field is unknown: its first part, or its first two, replaced by a name.
pub(crate) fn fields(path: &str, catalog: &Catalog) -> Vec<String> {
    let mut found = Vec::new();
    let ends = path.match_indices('.').map(|(dot, _)| dot).take(2).chain(std::iter::once(path.len()));
    for end in ends {
        let (name, key) = path.split_at_checked(end).unwrap_or((path, ""));
        for near in nearest(name, catalog.names()) {
            let keyed = catalog.get(near).is_some_and(crate::catalog::Field::is_keyed);
            if keyed != key.is_empty() {
                found.push(format!("{near}{key}"));
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found
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
        ] {
            assert_eq!(fields(typed, &catalog).first().map(String::as_str), Some(meant), "{typed}");
        }
    }

    #[test]
    fn silly_suggestions_are_not_made() {
        let catalog = Catalog::builtin();
        for typed in ["user", "foo", "x", "temperature", "", "status_code", "has", &"model".repeat(100)] {
            assert_eq!(fields(typed, &catalog), Vec::<String>::new(), "{typed}");
        }
    }
}
