//! Usage errors.

use crate::process::{err, out};

#[test]
fn queries_are_one_argument() {
    let error = err(2, &["cost", ">=", "0.01"], "");
    assert!(error.starts_with("error: the query must be one argument, but `>=` is another\n"), "{error}");
    for (arguments, quoted) in [
        (&["cost", ">=", "0.01"][..], "'cost >= 0.01'"),
        (&["output", "contains", "refund policy"], "'output contains \"refund policy\"'"),
        (&["cost > 1", "model:a"], "'cost > 1 model:a'"),
        (&["model", "=", "it's"], "'model = it'\\''s'"),
        (&["env:prod", "-model:a"], "'env:prod -model:a'"),
        (&["-env:prod", "model:a"], "-- '-env:prod model:a'"),
        (&["--strict", "cost", ">", "1"], "'cost > 1'"),
        (&["model", "fields"], "'model fields'"),
        (&["search", "sessions", "cost", ">", "1", "--project", "x"], "'cost > 1'"),
        (&["fmt", "cost>1", "and", "model=a"], "'cost>1 and model=a'"),
    ] {
        let error = err(2, arguments, "");
        assert!(error.contains(&format!("\n  tip: quote the whole query: {quoted}\n")), "{arguments:?}: {error}");
    }
}

#[test]
fn queries_with_a_leading_minus_need_two() {
    // Some of them begin with the letters of options.
    for query in ["-env:prod", "-environment:prod", "-prompt_template:x", "-feedback.rating:bad", "-refund", "-(a:b)"] {
        for command in [&[][..], &["explain"], &["search", "traces"]] {
            let error = err(2, &[command, &[query]].concat(), "");
            assert!(
                error.contains(&format!("tip: write a query that begins with `-` after `--`: -- '{query}'\n")),
                "{error}"
            );
        }
    }
    assert_eq!(
        out(0, &["--", "-env:prod"], ""),
        "{\"not\":{\"field\":\"environment\",\"op\":\"eq\",\"value\":\"prod\"}}\n"
    );
}

#[test]
fn misspelled_commands_are_recognized() {
    assert!(err(2, &["revers", "{}"], "").contains("for the command `reverse`, write: freeplay-filter reverse\n"));
    assert!(err(2, &["serach", "sessions", "cost > 1"], "").contains("for the command `search`"));
}

#[test]
fn first_words_may_be_commands_or_queries() {
    assert!(err(1, &["--", "explain"], "").contains("expected-operator"));
    assert!(err(1, &["--", "fields"], "").contains("expected-operator"));
    assert!(err(1, &["fieldz"], "").contains("expected-operator"));
}

#[test]
fn query_options_before_commands_are_rejected() {
    let error = err(2, &["--strict", "explain", "cost > 1"], "");
    assert!(error.contains("`--strict` goes after the command: freeplay-filter explain --strict"), "{error}");
    assert!(err(2, &["--body", "fmt", "cost > 1"], "").contains("`--body` cannot be used with `fmt`"));
    assert!(err(2, &["--explain", "unclosed", "fields"], "").contains("`--explain` cannot be used with `fields`"));
    assert!(err(2, &["fields", "--strict"], "").contains("--strict"));
    assert_eq!(out(0, &["--color", "never", "fmt", "cost>1"], ""), "cost > 1\n");
}

#[test]
fn unknown_options_are_rejected() {
    assert!(err(2, &["--prety", "*"], "").contains("'--pretty'"));
    let error = err(2, &["--reverse", "{}"], "");
    assert!(
        error.contains("`--reverse` is not an option\n\n  tip: it is a command: freeplay-filter reverse"),
        "{error}"
    );
    assert!(err(2, &["-x", "*"], "").contains("unexpected argument '-x'"));
}

/// Help fits terminals of 80 columns or more.
#[test]
fn help_fits_its_width() {
    let commands = ["reverse", "fmt", "explain", "fields", "batch", "search", "matches", "completions", "man"];
    let pages = commands.iter().map(|name| vec![*name]).chain([vec![]]);
    for page in pages.flat_map(|page| [[&page[..], &["-h"]].concat(), [&page[..], &["--help"]].concat()]) {
        for width in [80, 100] {
            let output = crate::process::command(&page).env("COLUMNS", width.to_string()).output().unwrap();
            let help = String::from_utf8(output.stdout).unwrap();
            assert!(help.contains("Usage: freeplay-filter"), "{help}");
            let longest = help.lines().max_by_key(|line| line.chars().count()).unwrap();
            assert!(longest.chars().count() <= width, "{page:?} at {width}: {longest}");
            let mut examples = help.lines().filter(|line| line.starts_with("  freeplay-filter"));
            assert!(examples.all(|example| example.matches('\'').count() % 2 == 0), "a query is broken: {help}");
        }
    }
}
