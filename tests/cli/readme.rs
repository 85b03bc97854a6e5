//! The commands of README.md and examples/command.md print what these pages say.
use std::path::Path;
use std::process::{Command, Stdio};

/// The commands of the console blocks, each with its output.
fn commands(page: &str) -> Vec<(&str, String)> {
    let mut commands: Vec<(&str, String)> = Vec::new();
    let blocks = page.split("```console\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block);
    for line in blocks.flat_map(str::lines) {
        match line.strip_prefix("$ ") {
            Some(command) => commands.push((command, String::new())),
            None => {
                let (_, output) = commands.last_mut().expect("a command comes first");
                output.push_str(line);
                output.push('\n');
            }
        }
    }
    commands
}

#[test]
fn documented_commands_print_their_output() {
    let mut commands = commands(include_str!("../../README.md"));
    commands.extend(self::commands(include_str!("../../examples/command.md")));
    assert!(commands.len() >= 10);
    let directory = Path::new(env!("CARGO_BIN_EXE_freeplay-filter")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(directory.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    for (command, expected) in commands {
        let output = Command::new("sh")
            .args(["-c", &format!("{{ {command}\n}} 2>&1")])
            .env("PATH", path.as_ref().unwrap())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{command}");
    }
}
