//! Parameters: values that are substituted after parsing.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use thiserror::Error;

use crate::diagnostic::excerpt;
use crate::filter::Number;
use crate::json::{message, number_beyond};
use crate::syntax::{Rule, is_one};

/// Values for the parameters of a query, by name.
///
/// A value is substituted after the query is parsed, so nothing in it can become syntax: it is
/// either a valid value of its field or rejected.
///
/// The field decides the type. A string is read as a value of its field if only one reading is
/// possible: `"500ms"` for a latency, `"$0.01"` or `"0.01"` for a cost, `"now-7d"` for a time. A
/// latency without a unit is ambiguous, so it is rejected. On string fields and scores, a string
/// stays a string.
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
///
/// Parameters can be read from JSON, or collected from pairs and maps:
///
/// ```
/// use freeplay_filter::Parameters;
///
/// let parameters = Parameters::from_json(r#"{"model": "gpt-4o", "min": 0.5}"#)?;
/// assert_eq!(parameters, Parameters::new().with("model", "gpt-4o").with("min", 0.5));
///
/// let models = [("first", "gpt-4o"), ("second", "o1")];
/// assert_eq!(Parameters::from_iter(models), Parameters::new().with("first", "gpt-4o").with("second", "o1"));
/// # Ok::<(), freeplay_filter::ParameterError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters {
    values: BTreeMap<String, Parameter>,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Parameter {
    /// A string. Times, durations and amounts of money may be given as strings, in any form of the
    /// language.
    String(String),
    /// An integer or a floating-point number.
    Number(Number),
    /// An instant.
    Time(Timestamp),
    /// Several values, for `in $name` and `contains any $name`.
    List(Vec<Parameter>),
}

impl Parameters {
    /// Returns an empty set of parameters.
    #[must_use]
    pub fn new() -> Parameters {
        Parameters::default()
    }

    /// Adds a parameter, or replaces its value. The name is given without the `$`.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Parameter>) -> Parameters {
        self.set(name, value);
        self
    }

    /// Sets a parameter, replacing any previous value. The name is given without the `$`.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Parameter>) {
        self.values.insert(name.into(), value.into());
    }

    /// Reads parameters from a JSON object whose values are strings, numbers or arrays of them.
    ///
    /// # Errors
    ///
    /// JSON that is not an object, a name that no query can contain, a duplicate name, a value of an
    /// unsupported type, or a number out of range, which would silently become a different number.
    pub fn from_json(text: &str) -> Result<Parameters, ParameterError> {
        let parameters = serde_json::from_str(text).map_err(|error| match text.trim_start().starts_with('{') {
            false if error.is_data() => ParameterError { message: "expected an object of parameters".to_owned() },
            _ => ParameterError::json(&error),
        })?;
        match number_beyond(text) {
            Some(span) => Err(ParameterError::beyond(span.of(text))),
            None => Ok(parameters),
        }
    }

    /// Returns a parameter and its name.
    pub(crate) fn get(&self, name: &str) -> Option<(&str, &Parameter)> {
        self.values.get_key_value(name).map(|(name, value)| (name.as_str(), value))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }
}

/// What the name of a parameter is.
pub(crate) const NAME: &str = "a name consists of ASCII letters, digits and `_`, and does not begin with a digit";

/// Whether a query can contain a parameter of this name.
pub(crate) fn is_name(name: &str) -> bool {
    is_one(Rule::Parameter, &format!("${name}"))
}

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
    /// Invalid JSON, a value of an unsupported type, or a number out of range, which would silently
    /// become a different number.
    pub fn from_json(text: &str) -> Result<Parameter, ParameterError> {
        let value: serde_json::Value = serde_json::from_str(text).map_err(|error| ParameterError::json(&error))?;
        match number_beyond(text) {
            Some(span) => Err(ParameterError::beyond(span.of(text))),
            None => Parameter::try_from(value),
        }
    }

    /// Describes the value's type for a message.
    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Parameter::String(_) => "a string",
            Parameter::Number(_) => "a number",
            Parameter::Time(_) => "an instant",
            Parameter::List(_) => "a list",
        }
    }
}

/// The error for JSON that cannot be a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ParameterError {
    message: String,
}

impl ParameterError {
    fn json(error: &serde_json::Error) -> ParameterError {
        ParameterError { message: message(error) }
    }

    fn not(found: &str) -> ParameterError {
        ParameterError { message: format!("a parameter is a string, a number, or a list of them, not {found}") }
    }

    /// Returns the error for a number that [`Number`] cannot represent.
    fn beyond(number: &str) -> ParameterError {
        ParameterError { message: format!("the number `{}` is out of range", excerpt(number)) }
    }
}

/// Converts strings, numbers and arrays of them; integers stay integers. A number out of range may
/// already have been changed by `serde_json`; [`Parameter::from_json`] detects it.
impl TryFrom<serde_json::Value> for Parameter {
    type Error = ParameterError;

    fn try_from(value: serde_json::Value) -> Result<Parameter, ParameterError> {
        let rejected = |found| Err(ParameterError::not(found));
        match value {
            serde_json::Value::Null => rejected("null"),
            serde_json::Value::Bool(_) => rejected("a boolean"),
            serde_json::Value::Object(_) => rejected("an object"),
            serde_json::Value::String(text) => Ok(Parameter::String(text)),
            serde_json::Value::Number(number) => match crate::types::number::read(&number.to_string()) {
                Ok(number) => Ok(Parameter::Number(number)),
                Err(_) => Err(ParameterError::beyond(&number.to_string())),
            },
            serde_json::Value::Array(values) if values.iter().any(serde_json::Value::is_array) => {
                rejected("a list of lists")
            }
            serde_json::Value::Array(values) => {
                values.into_iter().map(Parameter::try_from).collect::<Result<_, _>>().map(Parameter::List)
            }
        }
    }
}

/// Deserializes as [`Parameter::try_from`] converts a JSON value.
impl<'de> Deserialize<'de> for Parameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Parameter, D::Error> {
        Parameter::try_from(serde_json::Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Deserializes as [`Parameters::from_json`] does, except that a number out of range may already have been changed.
impl<'de> Deserialize<'de> for Parameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Parameters, D::Error> {
        deserializer.deserialize_map(Values)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Parameters;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object of parameters")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parameters, A::Error> {
        let mut parameters = Parameters::new();
        while let Some((name, value)) = map.next_entry::<String, serde_json::Value>()? {
            let of = |what: &dyn fmt::Display| A::Error::custom(format_args!("`${}`: {what}", excerpt(&name)));
            if !is_name(&name) {
                return Err(of(&NAME));
            }
            if parameters.get(&name).is_some() {
                return Err(of(&"it has two values"));
            }
            let value = Parameter::try_from(value).map_err(|error| of(&error))?;
            parameters.set(name, value);
        }
        Ok(parameters)
    }
}

impl<K: Into<String>, V: Into<Parameter>> Extend<(K, V)> for Parameters {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        pairs.into_iter().for_each(|(name, value)| self.set(name, value));
    }
}

/// If a name occurs twice, the last value is used.
impl<K: Into<String>, V: Into<Parameter>> FromIterator<(K, V)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Parameters {
        let mut parameters = Parameters::new();
        parameters.extend(pairs);
        parameters
    }
}

impl<K: Into<String>, V: Into<Parameter>> From<BTreeMap<K, V>> for Parameters {
    fn from(values: BTreeMap<K, V>) -> Parameters {
        values.into_iter().collect()
    }
}

impl<K: Into<String>, V: Into<Parameter>, S> From<HashMap<K, V, S>> for Parameters {
    fn from(values: HashMap<K, V, S>) -> Parameters {
        values.into_iter().collect()
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
