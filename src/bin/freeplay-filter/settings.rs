//! The options for compiling queries.

use std::collections::BTreeMap;

use clap::Args;
use freeplay_filter::jiff::{Timestamp, tz::TimeZone};
use freeplay_filter::{Compiler, Parameter};

use crate::failure::Failure;

#[derive(Args)]
pub(crate) struct Settings {
    /// Reject operators that the API's guide does not list
    #[arg(long)]
    strict: bool,

    /// The value of $NAME: NAME=STRING, or NAME:=JSON for a number or a list, such as 'm:=["a", "b"]'
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,

    /// Current time for `now-7d` and `today` [default: system clock]
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<Timestamp>,

    /// Time zone of times without one, such as Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = |name: &str| TimeZone::get(name))]
    tz: Option<TimeZone>,

    /// Search words without a field in this one, such as completion_output
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

fn read_parameter(argument: &str) -> Result<(&str, Parameter), String> {
    let (name, value) = argument.split_once('=').ok_or("write NAME=STRING or NAME:=JSON")?;
    let (name, value) = match name.strip_suffix(':') {
        Some(name) => (name, Parameter::from_json(value).map_err(|error| error.to_string())?),
        None => (name, value.into()),
    };
    if name.starts_with('$') {
        return Err("write the name without its `$`".to_owned());
    }
    Ok((name, value))
}
