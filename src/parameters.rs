//! Values that are filled in after parsing.

use std::collections::BTreeMap;

use jiff::Timestamp;
use thiserror::Error;

use crate::filter::Number;
use crate::json::number_beyond;

/// Values for the parameters of a query, by name.
///
/// A value is put in place after the query was parsed, so nothing in it can become syntax: it
/// reaches the filter unchanged, or is refused where its field does not take it.
///
/// ```
/// use freeplay_filter::{Compiler, Filter, Parameters};
///
/// let query = freeplay_filter::parse("model = $model and cost > $min")?;
/// let parameters = Parameters::new().with("model", "x\" or env = \"prod").with("min", 0.5);
/// let compiled = Compiler::new().lower(&query, &parameters)?;
/// assert_eq!(
///     compiled.filter,
///     Filter::field("model").eq("x\" or env = \"prod") & Filter::field("cost").gt(0.5),
/// );
/// # Ok::<(), freeplay_filter::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters {
    values: BTreeMap<String, Parameter>,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Parameter {
    /// A text. A time may be given as a text too, in any form that the language has.
    String(String),
    /// An integer or a floating-point number.
    Number(Number),
    /// An instant.
    Time(Timestamp),
    /// Several values, for `in $name` and `contains any $name`.
    List(Vec<Parameter>),
}

impl Parameters {
    /// No values.
    #[must_use]
    pub fn new() -> Parameters {
        Parameters::default()
    }

    /// Gives a parameter its value, in place of one that it had. The name is without the `$`.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Parameter>) -> Parameters {
        self.set(name, value);
        self
    }

    /// Gives a parameter its value, in place of one that it had. The name is without the `$`.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Parameter>) {
        self.values.insert(name.into(), value.into());
    }

    /// A parameter, with its name as it is kept here.
    pub(crate) fn get(&self, name: &str) -> Option<(&str, &Parameter)> {
        self.values.get_key_value(name).map(|(name, value)| (name.as_str(), value))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }
}

/// What a number is that no [`Number`] holds.
const BEYOND: &str = "a number beyond its range";

impl Parameter {
    /// Reads a value from JSON: a string, a number or an array of them.
    ///
    /// ```
    /// use freeplay_filter::Parameter;
    ///
    /// assert_eq!(Parameter::from_json("0.5")?, Parameter::from(0.5));
    /// assert!(Parameter::from_json("1e-400").is_err());
    /// # Ok::<(), freeplay_filter::ParameterError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What is not JSON, or no parameter, or holds a number beyond its range, which would be another
    /// number.
    pub fn from_json(text: &str) -> Result<Parameter, ParameterError> {
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| ParameterError { message: format!("not JSON: {error}") })?;
        if number_beyond(text).is_some() {
            return Err(ParameterError::not(BEYOND));
        }
        Parameter::try_from(value)
    }

    /// What it is, for a message.
    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Parameter::String(_) => "a text",
            Parameter::Number(_) => "a number",
            Parameter::Time(_) => "an instant",
            Parameter::List(_) => "a list",
        }
    }
}

/// JSON that no parameter can be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ParameterError {
    message: String,
}

impl ParameterError {
    fn not(found: &str) -> ParameterError {
        ParameterError { message: format!("a parameter is a text, a number, or a list of them, not {found}") }
    }
}

/// Strings, numbers and arrays of them; integers stay integers. A number beyond its range may be
/// another one by then; [`Parameter::from_json`] sees it.
impl TryFrom<serde_json::Value> for Parameter {
    type Error = ParameterError;

    fn try_from(value: serde_json::Value) -> Result<Parameter, ParameterError> {
        let refused = |found| Err(ParameterError::not(found));
        match value {
            serde_json::Value::Null => refused("null"),
            serde_json::Value::Bool(_) => refused("a boolean"),
            serde_json::Value::Object(_) => refused("an object"),
            serde_json::Value::String(text) => Ok(Parameter::String(text)),
            serde_json::Value::Number(number) => match crate::types::number::read(&number.to_string()) {
                Ok(number) => Ok(Parameter::Number(number)),
                Err(_) => refused(BEYOND),
            },
            serde_json::Value::Array(values) if values.iter().any(serde_json::Value::is_array) => {
                refused("a list of lists")
            }
            serde_json::Value::Array(values) => {
                values.into_iter().map(Parameter::try_from).collect::<Result<_, _>>().map(Parameter::List)
            }
        }
    }
}

impl From<&str> for Parameter {
    fn from(text: &str) -> Parameter {
        Parameter::String(text.to_owned())
    }
}

impl From<String> for Parameter {
    fn from(text: String) -> Parameter {
        Parameter::String(text)
    }
}

impl<N: Into<Number>> From<N> for Parameter {
    fn from(number: N) -> Parameter {
        Parameter::Number(number.into())
    }
}

impl From<Timestamp> for Parameter {
    fn from(time: Timestamp) -> Parameter {
        Parameter::Time(time)
    }
}

impl<T: Into<Parameter>> From<Vec<T>> for Parameter {
    fn from(values: Vec<T>) -> Parameter {
        Parameter::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Parameter>, const N: usize> From<[T; N]> for Parameter {
    fn from(values: [T; N]) -> Parameter {
        Parameter::List(values.into_iter().map(Into::into).collect())
    }
}
