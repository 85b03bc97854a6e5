//! Parses the command line, and reports usage errors.

use std::borrow::Cow;
use std::env;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, ColorChoice, Command, CommandFactory, Error, FromArgMatches};
use freeplay_filter::catalog::Catalog;
use freeplay_filter::visible;

use crate::arguments::Arguments;
use crate::output::tell;
use crate::shell;

/// Returns the arguments of the process.
pub(crate) fn arguments() -> Result<Arguments, Error> {
    let given: Vec<OsString> = env::args_os().collect();
    parse(&given).map_err(|error| {
        // The error may repeat any argument, so it is created again from escaped arguments.
        let shown = given.iter().map(|argument| visible(&argument.to_string_lossy()).into_owned().into());
        parse(&shown.collect::<Vec<OsString>>()).err().unwrap_or(error)
    })
}

fn parse(given: &[OsString]) -> Result<Arguments, Error> {
    let mut command = Arguments::command().color(color(given));
    if options(given).any(|argument| names_field(&argument)) {
        return Err(misread(&mut command, &words(given)));
    }
    let matches = match command.try_get_matches_from_mut(given) {
        Ok(matches) => matches,
        Err(error) => return Err(advise(error, &mut command, given)),
    };
    check_places(&mut command, &matches, given)?;
    Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// Returns the value of `--color`, even if other arguments are invalid.
fn color(given: &[OsString]) -> ColorChoice {
    let command = Arguments::command().ignore_errors(true).disable_help_flag(true).disable_version_flag(true);
    let matches = command.try_get_matches_from(given).ok();
    matches.and_then(|matches| matches.get_one("color").copied()).unwrap_or_default()
}

/// Sets whether standard error is colored.
pub(crate) fn set_color(choice: ColorChoice) {
    let choice = match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

/// Describes how to use the command, or the subcommand that was called.
pub(crate) fn tell_help() {
    let mut command = Arguments::command();
    command.build();
    let name =
        env::args_os().find_map(|argument| command.find_subcommand(argument).map(|found| found.get_name().to_owned()));
    let called = name.and_then(|name| command.find_subcommand(name)).cloned();
    tell(&called.unwrap_or(command).render_help().ansi().to_string());
}

/// Rejects options of the compiled query before a subcommand, which has its own.
fn check_places(command: &mut Command, matches: &ArgMatches, given: &[OsString]) -> Result<(), Error> {
    let Some(name) = matches.subcommand_name() else { return Ok(()) };
    let is_given = |arg: &&Arg| matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
    let Some(stray) = command.get_arguments().filter(|arg| !arg.is_global_set()).find(is_given) else { return Ok(()) };
    let Some(option) = stray.get_long().map(str::to_owned) else {
        return Err(misread(command, &words(given)));
    };
    let has_it = |found: &Command| found.get_arguments().any(|arg| arg.get_long() == Some(&option));
    let message = if command.find_subcommand(name).is_some_and(has_it) {
        format!("`--{option}` goes after the command: freeplay-filter {name} --{option}")
    } else {
        format!("`--{option}` cannot be used with `{name}`")
    };
    Err(command.error(ErrorKind::ArgumentConflict, message))
}

/// Adds advice on what to write instead, if it is known.
fn advise(error: Error, command: &mut Command, given: &[OsString]) -> Error {
    let of_word = error.get(ContextKind::InvalidArg).or(error.get(ContextKind::InvalidSubcommand));
    let (ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand, Some(ContextValue::String(unknown))) =
        (error.kind(), of_word)
    else {
        return error;
    };
    if let Some(name) = unknown.strip_prefix("--") {
        let Some(found) = command.find_subcommand(name) else { return error };
        let name = found.get_name();
        let is_global = command.get_arguments().any(|arg| arg.get_long() == Some(name));
        let tip = if is_global {
            format!("write it without a command: freeplay-filter --{name}")
        } else {
            format!("it is a command: freeplay-filter {name}")
        };
        let message = format!("`--{name}` is not an option\n\n  tip: {tip}");
        return command.error(ErrorKind::UnknownArgument, message);
    }
    // A single letter is more likely a misspelled option than a query.
    let is_letter = unknown.starts_with('-') && given.iter().any(|argument| *argument == **unknown);
    let words = words(given);
    if is_letter || words.is_empty() { error } else { misread(command, &words) }
}

/// Returns the error for a query that is not one argument, or was read as options.
fn misread(command: &mut Command, words: &[String]) -> Error {
    let joined = words.iter().map(|word| as_typed(word)).collect::<Vec<_>>().join(" ");
    let quoted = shell::quote(&joined);
    let dashes = if joined.starts_with('-') { "-- " } else { "" };
    let message = match words {
        [first, second, ..] => {
            let tip = match near_command(command, first) {
                Some(name) => format!("for the command `{name}`, write: freeplay-filter {name}"),
                None => format!("quote the whole query: {dashes}{quoted}"),
            };
            format!("the query must be one argument, but `{second}` is another\n\n  tip: {tip}")
        }
        _ => format!(
            "`{joined}` is read as options\n\n  tip: write a query that begins with `-` after `--`: -- {quoted}"
        ),
    };
    command.error(ErrorKind::UnknownArgument, message)
}

/// Returns the subcommand that a word is probably a misspelling of.
fn near_command<'c>(command: &'c Command, word: &str) -> Option<&'c str> {
    // `find` and `match` are not misspellings of `fields` and `batch`.
    let is_near = |name: &&str| name.len() > 4 && strsim::osa_distance(word, name) == 1;
    command.get_subcommands().map(Command::get_name).find(is_near)
}

/// Returns a word of a query as it was before the shell removed its quotes.
fn as_typed(word: &str) -> String {
    let is_string = word.contains(char::is_whitespace) && freeplay_filter::compile(word).is_err();
    if is_string { freeplay_filter::quote(word) } else { word.to_owned() }
}

/// Returns the words in place of a query, including those that begin with a minus.
fn words(given: &[OsString]) -> Vec<String> {
    // Replaces a minus that does not begin an option.
    const MINUS: &str = "\u{e000}";
    let many = |arg: Arg| match arg.get_id().as_str() {
        "query" => arg.num_args(1..).action(ArgAction::Append),
        _ => arg,
    };
    let command = Arguments::command().mut_args(many).mut_subcommands(|sub| sub.mut_args(many));
    let negated: Vec<String> = options(given).filter(|argument| !is_option(&command, argument)).collect();
    let given = given.iter().map(|argument| match argument.to_string_lossy() {
        word if negated.iter().any(|other| *other == word) => word.replacen('-', MINUS, 1).into(),
        _ => argument.clone(),
    });
    let Ok(mut matches) = command.try_get_matches_from(given) else { return Vec::new() };
    while let Some((_, inside)) = matches.remove_subcommand() {
        matches = inside;
    }
    let words = matches.try_get_many::<OsString>("query").ok().flatten().into_iter().flatten();
    words.map(|word| word.to_string_lossy().replace(MINUS, "-")).collect()
}

/// Returns the arguments with one minus before `--`, like short options.
fn options(given: &[OsString]) -> impl Iterator<Item = String> {
    let before = given.iter().skip(1).take_while(|argument| *argument != "--");
    let options = before.map(|argument| argument.to_string_lossy());
    options
        .filter(|option| option.len() > 1 && option.starts_with('-') && !option.starts_with("--"))
        .map(Cow::into_owned)
}

/// Whether the letters are those of options, up to one that takes the rest as its value.
fn is_option(command: &Command, argument: &str) -> bool {
    for letter in argument.chars().skip(1) {
        let option = command.get_arguments().find(|arg| arg.get_short() == Some(letter));
        match option {
            Some(option) if option.get_action().takes_values() => return !names_field(argument),
            Some(_) => {}
            // clap adds these when the command is built.
            None if matches!(letter, 'h' | 'V') => {}
            None => return false,
        }
    }
    true
}

/// Whether a field follows the minus, so that it is certainly a query even if its letters may be those of
/// options: `-feedback.rating:positive`.
fn names_field(argument: &str) -> bool {
    let is_part = |char: char| char.is_alphanumeric() || char == '_';
    let name = argument.strip_prefix('-').and_then(|clause| clause.split_once(|char| !is_part(char)));
    name.is_some_and(|(name, _)| Catalog::builtin().get(name).is_some())
}
