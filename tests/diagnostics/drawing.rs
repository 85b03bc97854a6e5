//! How diagnostics are drawn.

use freeplay_filter::{Code, Filter, Parameters};

use super::{compiler, diagnostics, error, render};

fn drawn(query: &str) -> String {
    error(query).render(false)
}

/// Returns the underline of a drawing, without its margin.
fn underline(drawn: &str) -> &str {
    let line = drawn.lines().find(|line| line.contains('^')).unwrap();
    line.split_once("| ").unwrap().1
}

#[test]
fn columns_count_wide_characters() {
    for (query, before) in [
        ("modle = a", 0),
        ("env = prod and modle = a", 15),
        // Wide characters take two columns.
        ("env = \"日本語\" and modle = a", 19),
        ("env = \"😀\" and modle = a", 15),
        // A combining character takes none.
        ("env = \"e\u{301}\" and modle = a", 14),
        // A tab is drawn as four spaces.
        ("\tmodle = a", 4),
        ("env\t=\tprod and modle = a", 21),
        // Only the line of the diagnostic counts.
        ("env = prod\nand modle = a", 4),
        ("env = prod\r\nand modle = a", 4),
    ] {
        assert_eq!(underline(&drawn(query)), format!("{}^^^^^", " ".repeat(before)), "{query}\n{}", drawn(query));
    }
}

#[test]
fn lines_are_numbered() {
    let query = "# costly\ncost > 1\n\nand modle = a\nand env = prod";
    assert!(drawn(query).contains("\n4 | and modle = a\n"), "{}", drawn(query));
}

#[test]
fn invisible_characters_are_drawn_as_escapes() {
    let query = "model = gpt\u{202e}-4o and modle = a";
    let drawn = drawn(query);
    assert!(!drawn.contains('\u{202e}'), "{drawn}");
    for (invisible, shown) in [("\u{1b}", "\\u001b"), ("\u{202e}", "\\u202e")] {
        let error = error(&format!("x{invisible}y = a and model = b"));
        let found = error.diagnostics().iter().find(|found| found.code() == Code::UnknownField).unwrap();
        assert_eq!(found.to_string(), format!("unknown field `x{shown}y`"));
    }
}

#[test]
fn carets_are_aligned_with_escapes() {
    for (query, line, underlined) in [
        ("env = \"\u{1b}[31m\" and modle = a", r#"env = "\u001b[31m" and modle = a"#, "modle"),
        ("mo\u{9b}dle = a", r"mo\u009bdle = a", r"mo\u009bdle"),
        ("env = \"\u{e0041}\u{7f}\" and modle = a", r#"env = "\udb40\udc41\u007f" and modle = a"#, "modle"),
        ("env = \"\u{2028}\u{85}\" and\r\nmodle = a\r\nand cost > 1", "modle = a", "modle"),
        ("env = \"a\rb\" and modle = a", r#"env = "a\rb" and modle = a"#, "modle"),
        ("env = \"\t\u{202e}\" and modle = a", r#"env = "    \u202e" and modle = a"#, "modle"),
    ] {
        let error = error(query);
        let found = error.diagnostics().iter().find(|found| found.code() == Code::UnknownField).unwrap();
        let drawn = found.render(query, false);
        assert_eq!(
            underline(&drawn),
            " ".repeat(line.find(underlined).unwrap()) + &"^".repeat(underlined.len()),
            "{drawn}"
        );
        assert!(drawn.contains(&format!("| {line}\n")), "{drawn}");
        let fixed = line.replace("modle", "model").replace(r"mo\u009bdle", "model");
        assert!(drawn.contains(&format!("+ {fixed}\n")), "{drawn}");
        assert!(!drawn.chars().any(|char| char.is_control() && char != '\n'), "{drawn:?}");
    }
}

#[test]
fn values_cannot_fake_messages() {
    let error = Filter::from_json("{\"a\\n1:1: error[x]: y\\u009b\\u202e\": 1}").unwrap_err();
    for shown in [error.to_string(), error.render(false)] {
        assert!(shown.contains(r"a\n1:1: error[x]: y\u009b\u202e"), "{shown}");
        assert!(!shown.contains(['\u{9b}', '\u{202e}']) && !shown.contains("\n1:1"), "{shown}");
    }
}

#[test]
fn long_lines_are_cut_around_the_span() {
    let filler = "env = prod and ".repeat(2_000);
    let query = format!("{filler}modle = a and {filler}cost > 1");
    let drawn = drawn(&query);
    assert!(drawn.contains("modle = a"), "{drawn}");
    let widest = drawn.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(widest <= 200, "{widest}\n{drawn}");
    let underlined = drawn.lines().find(|line| line.contains('^')).unwrap();
    let above = drawn.lines().find(|line| line.contains("modle = a")).unwrap();
    assert_eq!(
        above.chars().skip(underlined.chars().position(|char| char == '^').unwrap()).take(5).collect::<String>(),
        "modle",
        "{drawn}",
    );
    // The line number is that in the whole text.
    let query = format!("{}modle = a", "env = prod and\n".repeat(2_000));
    assert!(self::drawn(&query).contains("\n2001 | modle = a\n"));
}

#[test]
fn fixes_are_drawn_in_context() {
    let (before, after) = ("env = prod and ".repeat(40), " and env = prod".repeat(40));
    let query = format!("{before}modle = a{after}");
    let rest = format!(" = a{after}");
    let line = format!("\n1 + …{}model{}…\n", &before[before.len() - 60..], &rest[..60]);
    assert!(drawn(&query).contains(&line), "{}", drawn(&query));
    let at_end = drawn(&format!("{before}modle = a"));
    assert!(at_end.contains(&format!("\n1 + …{}model = a\n", &before[before.len() - 60..])), "{at_end}");
    let at_start = drawn(&format!("modle{rest}"));
    assert!(at_start.contains(&format!("\n1 + model{}…\n", &rest[..60])), "{at_start}");
    // Only the line of the diagnostic counts, and a short line is not cut.
    let lines = drawn("env = prod\nand modle = a\nand cost > 1");
    assert!(lines.contains("\n2 + and model = a\n"), "{lines}");
    let exact = format!("{}modle = {}", &before[..60], "a".repeat(57));
    assert!(!drawn(&exact).contains('…'), "{}", drawn(&exact));
}

/// A fix too long to draw is still available as data.
#[test]
fn long_fixes_are_not_drawn() {
    for (len, is_drawn) in [(399, true), (400, true), (401, false), (402, false)] {
        let group = format!("env = {} and cost > 1", "x".repeat(len - "env =  and cost > 1".len()));
        let query = format!("{group} or cost > 2");
        let found = diagnostics(&compiler(), &query);
        assert_eq!(found[0].fixes[0].apply(&query), format!("({group}) or cost > 2"));
        let drawn = render(&query, &found);
        assert_eq!(drawn.contains("group the clauses joined by `and`"), is_drawn, "{len}\n{drawn}");
    }
}

/// Other labels are drawn if they are in the drawn part of the text.
#[test]
fn distant_labels_are_not_drawn() {
    for (clauses, is_drawn) in [(2, true), (100, false)] {
        let filler: String = (0..clauses).map(|cost| format!("cost > {cost} and ")).collect();
        let query = format!("model = a and {filler}model = a");
        let found = diagnostics(&compiler(), &query);
        let drawn = found[found.len() - 1].render(&query, false);
        assert_eq!(drawn.contains("first occurrence"), is_drawn, "{drawn}");
    }
    for (words, is_drawn) in [(100, true), (590, true), (600, false), (700, false)] {
        // The other parenthesis is near the end of the drawn part, or after it.
        let query = format!("(model = \"{}\" and (cost > 1", "word ".repeat(words));
        assert_eq!(drawn(&query).contains("also unclosed"), is_drawn, "{words}");
    }
}

#[test]
fn diagnostics_without_a_span_are_not_drawn() {
    let error = compiler().parameters(Parameters::new().with("model", "a")).compile("cost > 1").unwrap_err();
    assert_eq!(error.render(false), "error[unused-parameter]: the parameter `$model` is not used\n");
}

/// One drawing of each shape. The other tests check parts of drawings.
#[test]
fn shapes_of_drawings() {
    let query = |query| render(query, &diagnostics(&compiler(), query));
    let json = |text| Filter::from_json(text).unwrap_err().render(false);
    let long = format!("{}modle = a", "env = prod and ".repeat(40));
    let mut settings = insta::Settings::clone_current();
    // The tests are also part of the binary in hardening/quick.rs.
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        for (shape, drawn) in [
            ("without-fix", query("cost > 1e400")),
            ("placeholder", query("cost >")),
            ("several-diagnostics", query("modle = gpt-4o and cots > 1 and latency contains 5")),
            ("several-lines", query("env = prod\nand (model = a\nor (cost > 1")),
            ("several-fixes", query("prompt = a")),
            ("several-edits", query("env = prod and model = a or model = b")),
            ("label", query("model = a or model = a")),
            ("wide", query("env = \"日本語\" and model = a b")),
            ("long", query(&long)),
            ("json", json(r#"{"field": "cost", "op": "neq", "value": 1}"#)),
            ("invalid-json", json(r#"{"field": "#)),
        ] {
            insta::assert_snapshot!(shape, drawn);
        }
    });
}

/// The command uses color only on a terminal and as the user's settings say.
#[test]
#[cfg(feature = "cli")]
fn colors_follow_the_settings() {
    let stderr = |settings: &[(&str, &str)]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_freeplay-filter"));
        command.arg("modle = a").env_remove("NO_COLOR").env_remove("CLICOLOR").env_remove("CLICOLOR_FORCE");
        let output = command.envs(settings.iter().copied()).output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    let plain = error("modle = a").render(false);
    assert_eq!(stderr(&[]), plain, "a pipe is no terminal");
    assert_eq!(stderr(&[("CLICOLOR_FORCE", "1")]), error("modle = a").render(true));
    assert_eq!(stderr(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]), plain);
}
