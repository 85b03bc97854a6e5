//! Values of Python as the library takes them: parameters, instants and time zones.

use freeplay_filter::filter::{Number, Scalar};
use freeplay_filter::jiff::Timestamp;
use freeplay_filter::jiff::tz::{Offset, TimeZone};
use freeplay_filter::{Parameter, Parameters};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDate, PyDateTime, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple, PyTzInfo};

/// The parameters of a mapping.
pub(crate) fn parameters(values: &Bound<PyAny>) -> PyResult<Parameters> {
    let Ok(mapping) = values.cast::<PyMapping>() else {
        return Err(PyTypeError::new_err(format!("params is a mapping of names to values, not {}", type_of(values)?)));
    };
    let mut parameters = Parameters::new();
    for item in mapping.items()? {
        let (name, value) = item.extract::<(Bound<PyAny>, Bound<PyAny>)>()?;
        let Ok(name) = name.cast::<PyString>() else {
            return Err(PyTypeError::new_err(format!("the name of a parameter is a str, not {}", type_of(&name)?)));
        };
        let name = name.to_str()?;
        parameters.set(name, parameter(&value, &format!("`${name}`"))?);
    }
    Ok(parameters)
}

fn parameter(value: &Bound<PyAny>, what: &str) -> PyResult<Parameter> {
    let list = |values: Vec<Bound<PyAny>>| {
        let values = values.iter().map(|value| single(value, &format!("an item of {what}")));
        values.collect::<PyResult<_>>().map(Parameter::List)
    };
    if let Ok(values) = value.cast::<PyList>() {
        list(values.iter().collect())
    } else if let Ok(values) = value.cast::<PyTuple>() {
        list(values.iter().collect())
    } else {
        single(value, what)
    }
}

/// A parameter that is no list. `what` is what an error calls it.
fn single(value: &Bound<PyAny>, what: &str) -> PyResult<Parameter> {
    if let Some(scalar) = scalar(value, what)? {
        return Ok(match scalar {
            Scalar::String(text) => Parameter::String(text),
            Scalar::Number(number) => Parameter::Number(number),
        });
    }
    // A datetime is a date as well.
    if let Ok(value) = value.cast::<PyDateTime>() {
        return instant(value, what).map(Parameter::Time);
    }
    if value.is_instance_of::<PyDate>() {
        return value.str()?.extract().map(Parameter::String);
    }
    let expected = "a str, int, float, Decimal, UUID, datetime or date, or a list of them";
    Err(PyTypeError::new_err(format!("{what} is {}, and must be {expected}", type_of(value)?)))
}

/// A string or a number; `None` for what is neither.
pub(crate) fn scalar(value: &Bound<PyAny>, what: &str) -> PyResult<Option<Scalar>> {
    let py = value.py();
    static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static UUID: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if let Ok(text) = value.cast::<PyString>() {
        let wrong = |error| PyValueError::new_err(format!("{what}: {error}"));
        text.to_str().map(|text| Some(Scalar::String(text.to_owned()))).map_err(wrong)
    } else if value.is_instance_of::<PyBool>() {
        Ok(None)
    } else if value.is_instance_of::<PyInt>() {
        let number = value.extract::<i64>().map(Number::from).or_else(|_| value.extract::<u64>().map(Number::from));
        let beyond = |_| PyValueError::new_err(format!("{what} is an integer beyond 64 bits"));
        number.map(Scalar::Number).map(Some).map_err(beyond)
    } else if let Ok(number) = value.cast::<PyFloat>() {
        let number = number.value();
        if !number.is_finite() {
            return Err(PyValueError::new_err(format!("{what} is {number}, which JSON cannot represent")));
        }
        Ok(Some(Scalar::Number(number.into())))
    } else if value.is_instance(DECIMAL.import(py, "decimal", "Decimal")?)? {
        let text: String = value.str()?.extract()?;
        match Parameter::from_json(&text) {
            Ok(Parameter::Number(number)) => Ok(Some(Scalar::Number(number))),
            _ => Err(PyValueError::new_err(format!("{what} is {text}, which is not a 64-bit number"))),
        }
    } else if value.is_instance(UUID.import(py, "uuid", "UUID")?)? {
        Ok(Some(Scalar::String(value.str()?.extract()?)))
    } else {
        Ok(None)
    }
}

/// The instant of an aware datetime.
pub(crate) fn instant(value: &Bound<PyDateTime>, what: &str) -> PyResult<Timestamp> {
    if value.call_method0("utcoffset")?.is_none() {
        let help = "give it a time zone, as in `.replace(tzinfo=timezone.utc)` or `.astimezone()`";
        return Err(PyValueError::new_err(format!("{what} is a datetime without a time zone; {help}")));
    }
    let utc = value.call_method1("astimezone", (PyTzInfo::utc(value.py())?,))?;
    let text: String = utc.call_method0("isoformat")?.extract()?;
    let range = || format!("{what} is not between {} and {}", Timestamp::MIN, Timestamp::MAX);
    text.parse().map_err(|_| PyValueError::new_err(range()))
}

/// The zone of a `zoneinfo.ZoneInfo` or a `datetime.timezone`.
pub(crate) fn zone(value: &Bound<PyAny>) -> PyResult<TimeZone> {
    let wrong = |found: &str| {
        PyTypeError::new_err(format!("zone is {found}, and must be a zoneinfo.ZoneInfo or a datetime.timezone"))
    };
    if !value.is_instance_of::<PyTzInfo>() {
        return Err(wrong(&type_of(value)?));
    }
    if let Some(key) = value.getattr_opt("key")? {
        let Ok(key) = key.extract::<String>() else { return Err(wrong("a ZoneInfo without a key")) };
        return TimeZone::get(&key).map_err(|error| PyValueError::new_err(format!("zone: {error}")));
    }
    let offset = value.call_method1("utcoffset", (value.py().None(),))?;
    if offset.is_none() {
        return Err(wrong(&type_of(value)?));
    }
    let seconds: f64 = offset.call_method0("total_seconds")?.extract()?;
    if seconds.fract() != 0.0 {
        return Err(PyValueError::new_err("zone: its offset has a fraction of a second"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "a whole number, and less than a day")]
    let offset = Offset::from_seconds(seconds as i32);
    offset.map(TimeZone::fixed).map_err(|error| PyValueError::new_err(format!("zone: {error}")))
}

/// What an error calls the type of a value: `a bool`, `an int`.
fn type_of(value: &Bound<PyAny>) -> PyResult<String> {
    if value.is_none() {
        return Ok("None".to_owned());
    }
    let name: String = value.get_type().name()?.extract()?;
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O']) { "an" } else { "a" };
    Ok(format!("{article} {name}"))
}
