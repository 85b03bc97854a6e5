//! Data that the API's results contain but its search does not support.

/// A name, or a group of names, that is returned but cannot be searched.
pub(crate) struct Returned {
    /// How messages refer to it.
    pub(crate) shown: &'static str,
    /// Fields that can be searched instead.
    pub(crate) instead: &'static [&'static str],
}

const RETURNED: &[(&[&str], Returned)] = &[
    (
        &[
            "total_tokens",
            "prompt_tokens",
            "completion_tokens",
            "input_tokens",
            "output_tokens",
            "token_count",
            "tokens",
            "usage",
        ],
        Returned { shown: "token counts", instead: &[] },
    ),
    (&["test_run_id"], Returned { shown: "`test_run_id`", instead: &[] }),
    (&["review_queue_id"], Returned { shown: "`review_queue_id`", instead: &[] }),
    (&["end_time"], Returned { shown: "`end_time`", instead: &["start_time", "latency"] }),
    (
        &["prompt_template_version_id", "prompt_version_id"],
        Returned { shown: "`prompt_template_version_id`", instead: &["prompt_version", "prompt_template_id"] },
    ),
    (&["prompt_version_description"], Returned { shown: "`prompt_version_description`", instead: &["prompt_version"] }),
    (&["messages"], Returned { shown: "`messages`", instead: &["completion_output"] }),
    (&["children"], Returned { shown: "`children`", instead: &[] }),
];

/// The objects of a result that contain such names.
const OBJECTS: &[&str] = &["usage", "session_metadata", "trace_metadata", "completion_metadata"];

/// Returns the entry for a path that names data in a result but cannot be searched.
pub(crate) fn returned(path: &str) -> Option<&'static Returned> {
    let name = match path.split_once('.') {
        Some((object, name)) if OBJECTS.contains(&object) => name,
        _ => path,
    };
    RETURNED
        .iter()
        .find(|(names, _)| names.iter().any(|known| known.eq_ignore_ascii_case(name)))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn returned_names_are_not_fields_but_alternatives_are() {
        let catalog = Catalog::builtin();
        for (names, known) in RETURNED {
            assert!(names.iter().all(|name| catalog.resolve(name).is_none()), "{names:?}");
            assert!(known.instead.iter().all(|name| catalog.resolve(name).is_some()), "{names:?}");
        }
    }

    #[test]
    fn names_are_found_in_objects_of_results() {
        assert!(returned("usage.prompt_tokens").is_some());
        assert!(returned("session_metadata.end_time").is_some());
        assert!(returned("tier.end_time").is_none());
    }
}
