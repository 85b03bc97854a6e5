//! The options for compiling queries.

use std::collections::BTreeMap;

use clap::Args;
use freeplay_filter::jiff::{Timestamp, tz::TimeZone};
use freeplay_filter::{Compiler, Parameter, Parameters};
use serde_json::json;

use crate::failure::Failure;

#[derive(Args)]
pub(crate) struct Settings {
    /// Reject operators that the API's guide does not list
    #[arg(long)]
    strict: bool,

    /// Set parameter $NAME: NAME=STRING, or NAME:=JSON for a number or a list, such as 'm:=["a", "b"]'
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,

    /// Current time for `now-7d` and `today` [default: system clock]
    #[arg(long, value_name = "TIME", value_parser = read_now)]
    pub(crate) now: Option<Timestamp>,

    /// Time zone for times written without one, such as Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = read_zone)]
    tz: Option<TimeZone>,

    /// Field to search for words without a field, such as completion_output
    #[arg(long, value_name = "FIELD")]
    text_field: Option<String>,
}

impl Settings {
    /// Returns the compiler, with the parameters.
    pub(crate) fn compiler(&self) -> Result<Compiler, Failure> {
        let mut compiler = Compiler::new().strict(self.strict).parameters(self.parameters()?.into());
        if let Some(now) = self.now {
            compiler = compiler.now(now);
        }
        if let Some(zone) = &self.tz {
            compiler = compiler.zone(zone.clone());
        }
        if let Some(name) = &self.text_field {
            let usage = |error| Failure::Usage(format!("--text-field {name}: {error}"));
            compiler = compiler.text_field(name).map_err(usage)?;
        }
        Ok(compiler)
    }

    /// Returns the parameters by name.
    pub(crate) fn parameters(&self) -> Result<BTreeMap<String, Parameter>, Failure> {
        let mut parameters = BTreeMap::new();
        for argument in &self.parameters {
            let usage = |reason: String| Failure::Usage(format!("--param {argument}: {reason}"));
            let (name, value) = read_parameter(argument).map_err(usage)?;
            if parameters.insert(name.to_owned(), value).is_some() {
                return Err(usage(format!("`{name}` was given before")));
            }
        }
        Ok(parameters)
    }
}

/// The times that [`read_now`] accepts.
pub(crate) const NOW: &str = "a time with an offset, such as 2024-03-31T12:00:00Z, up to 9999-12-30T22:00:00Z";

pub(crate) fn read_now(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("expected {NOW}"))
}

fn read_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| "there is no such zone; write a name such as Europe/Berlin".to_owned())
}

fn read_parameter(argument: &str) -> Result<(&str, Parameter), String> {
    let (name, value) = argument.split_once('=').ok_or("write NAME=STRING or NAME:=JSON")?;
    let (name, json) = match name.strip_suffix(':') {
        Some(name) => (name, true),
        None => (name, false),
    };
    if name.starts_with('$') {
        return Err("write the name without its `$`".to_owned());
    }
    check_name(name)?;
    let value = if json { Parameter::from_json(value).map_err(|error| error.to_string())? } else { value.into() };
    Ok((name, value))
}

/// Checks a parameter's name, as the library does when it reads parameters from JSON.
pub(crate) fn check_name(name: &str) -> Result<(), String> {
    match serde_json::from_value::<Parameters>(json!({ name: 0 })) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}
