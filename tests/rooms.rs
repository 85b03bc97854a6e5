//! Dependencies between the modules of the library have no cycle, nor do those between the modules of
//! `search`.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Each module with the modules that it uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// Returns the code of a file or of all files in a folder, without comments and tests.
fn code(path: &Path) -> String {
    if path.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        let root = fs::read_to_string(path.join("mod.rs")).unwrap_or_default();
        let name = |entry: &Path| entry.file_stem().unwrap().to_str().unwrap().to_owned();
        let is_test = |entry: &Path| root.contains(&format!("#[cfg(test)]\nmod {};", name(entry)));
        return entries.iter().filter(|entry| !is_test(entry)).map(|entry| code(entry)).collect();
    }
    let text = fs::read_to_string(path).unwrap();
    let mut tests = text.match_indices("#[cfg(test)]").map(|(start, _)| start);
    let first = tests.find(|start| text[*start..].lines().nth(1).is_some_and(|line| line.ends_with('{')));
    let code = &text[..first.unwrap_or(text.len())];
    code.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect()
}

/// Returns the names that follow a prefix such as `crate::`, including those in braces.
fn names_after(prefix: &str, code: &str) -> BTreeSet<String> {
    let is_part = |char: char| char.is_alphanumeric() || char == '_';
    let name = |text: &str| text.trim_start().chars().take_while(|char| is_part(*char)).collect::<String>();
    let mut names = BTreeSet::new();
    for (start, _) in code.match_indices(prefix).filter(|(start, _)| !code[..*start].ends_with(is_part)) {
        let rest = &code[start + prefix.len()..];
        match rest.strip_prefix('{') {
            None => drop(names.insert(name(rest))),
            Some(inside) => {
                let mut depth = 0;
                let mut at_name = true;
                for (place, char) in inside.char_indices() {
                    match char {
                        '}' if depth == 0 => break,
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 0 => at_name = true,
                        _ if at_name && is_part(char) => {
                            names.insert(name(&inside[place..]));
                            at_name = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    names
}

/// Returns the modules in a folder: its files and folders by name, without `roots`.
fn modules(folder: &str, prefix: &str, roots: &[&str]) -> Uses {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let paths: BTreeMap<String, _> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path))
        .filter(|(name, _)| !roots.contains(&name.as_str()))
        .collect();
    let uses = paths.iter().map(|(name, path)| {
        let mut used = names_after(prefix, &code(path));
        // A name at the crate's root would hide which module it is from.
        let is_root = |used: &String| prefix == "crate::" && used.starts_with(char::is_uppercase);
        assert!(!used.iter().any(is_root), "{name}: {used:?}");
        used.retain(|other| other != name && paths.contains_key(other));
        (name.clone(), used)
    });
    uses.collect()
}

/// Returns a cycle, as the list of its modules.
fn cycle(uses: &Uses) -> Option<Vec<String>> {
    fn visit(module: &str, uses: &Uses, path: &mut Vec<String>, done: &mut BTreeSet<String>) -> bool {
        if let Some(start) = path.iter().position(|other| other == module) {
            path.drain(..start);
            return true;
        }
        path.push(module.to_owned());
        if !done.contains(module) && uses[module].iter().any(|used| visit(used, uses, path, done)) {
            return true;
        }
        path.pop();
        done.insert(module.to_owned());
        false
    }
    let mut done = BTreeSet::new();
    let mut path = Vec::new();
    uses.keys().any(|module| visit(module, uses, &mut path, &mut done)).then_some(path)
}

#[test]
fn modules_have_no_cycle() {
    let uses = modules("src", "crate::", &["lib", "bin", "oracle"]);
    assert!(uses.len() > 15 && uses["compiler"].len() > 5, "{uses:#?}");
    assert_eq!(cycle(&uses), None, "{uses:#?}");
}

#[test]
fn search_modules_have_no_cycle() {
    let uses = modules("src/search", "super::", &["mod"]);
    assert!(uses.len() > 5 && !uses["http"].is_empty(), "{uses:#?}");
    assert_eq!(cycle(&uses), None, "{uses:#?}");
}

#[test]
fn cycles_are_found() {
    let uses = |pairs: &[(&str, &[&str])]| -> Uses {
        pairs
            .iter()
            .map(|(module, used)| ((*module).to_owned(), used.iter().map(|name| (*name).to_owned()).collect()))
            .collect()
    };
    assert_eq!(cycle(&uses(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])), None);
    let found = cycle(&uses(&[("a", &["b"]), ("b", &["c"]), ("c", &["d"]), ("d", &["b"])]));
    assert_eq!(found, Some(vec!["b".to_owned(), "c".to_owned(), "d".to_owned()]));
}

#[test]
fn all_forms_of_use_are_read() {
    let code = "use crate::a::B;\nuse crate::{c, d::{self, E}, f};\nlet x = crate::g::h(my_crate::i);\n";
    assert_eq!(names_after("crate::", code).into_iter().collect::<Vec<_>>(), ["a", "c", "d", "f", "g"]);
}
