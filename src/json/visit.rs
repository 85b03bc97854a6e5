//! Reads a filter from any of serde's formats. Each value is checked when it is read, and the first problem is kept with
//! its JSON pointer.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::meant;
use crate::diagnostic::{Diagnostic, Kind, excerpt};
use crate::filter::{Comparison, Condition, FieldFilter, Filter, Number, Op, Scalar};
use crate::limits::{Limits, MAX_DEPTH, RAISED};

/// The path from the root to a value, kept on the stack.
enum Path<'p> {
    Root,
    Key(&'p Path<'p>, &'p str),
    Index(&'p Path<'p>, usize),
}

/// Writes the path as a JSON pointer.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Key(parent, key) => write!(f, "{parent}/{}", key.replace('~', "~0").replace('/', "~1")),
            Path::Index(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// The state shared by all levels while a filter is read.
pub(super) struct Reading<'l> {
    limits: &'l Limits,
    /// The number of filters so far.
    filters: Cell<usize>,
    /// The complete diagnostic, since serde's errors contain only a message.
    pub(super) problem: RefCell<Option<Diagnostic>>,
}

impl<'l> Reading<'l> {
    pub(super) fn new(limits: &'l Limits) -> Reading<'l> {
        Reading { limits, filters: Cell::new(0), problem: RefCell::new(None) }
    }

    pub(super) fn root(&self, body: bool) -> FilterSeed<'_> {
        FilterSeed { path: &Path::Root, depth: 0, body, reading: self }
    }
}

fn fail<E: serde::de::Error>(reading: &Reading, path: &Path, kind: Kind, help: Option<&str>) -> E {
    let pointer = path.to_string();
    let error = match pointer.as_str() {
        "" => E::custom(&kind),
        _ => E::custom(format_args!("{pointer}: {kind}")),
    };
    let mut diagnostic = Diagnostic::in_json(kind, pointer);
    diagnostic.help = help.map(str::to_owned);
    reading.problem.replace(Some(diagnostic));
    error
}

fn unexpected(expected: impl Into<String>, found: impl Into<String>) -> Kind {
    Kind::UnexpectedJson { expected: expected.into(), found: found.into() }
}

#[derive(Clone, Copy)]
pub(super) struct FilterSeed<'p> {
    path: &'p Path<'p>,
    depth: usize,
    /// Whether a request body is also accepted.
    body: bool,
    reading: &'p Reading<'p>,
}

impl<'de> DeserializeSeed<'de> for FilterSeed<'_> {
    type Value = Filter;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Filter, D::Error> {
        if self.depth > MAX_DEPTH {
            return Err(fail(self.reading, self.path, Kind::TooDeep { limit: MAX_DEPTH }, None));
        }
        let limit = self.reading.limits.filters;
        self.reading.filters.set(self.reading.filters.get() + 1);
        if self.reading.filters.get() > limit {
            return Err(fail(self.reading, self.path, Kind::TooMany { what: "filters", limit }, Some(RAISED)));
        }
        deserializer.deserialize_any(self)
    }
}

/// Defines the visitor methods that reject a kind of value. `expected` describes the accepted ones.
macro_rules! reject {
    ($($what:ident)*) => { $(reject!(@ $what);)* };
    (@ boolean) => { reject!(@@ visit_bool(bool) "a boolean"); };
    (@ number) => {
        reject!(@@ visit_i64(i64) "a number");
        reject!(@@ visit_u64(u64) "a number");
        reject!(@@ visit_i128(i128) "a number");
        reject!(@@ visit_u128(u128) "a number");
        reject!(@@ visit_f64(f64) "a number");
    };
    (@ string) => { reject!(@@ visit_str(&str) "a string"); };
    (@@ $method:ident($type:ty) $found:literal) => {
        fn $method<E: serde::de::Error>(self, _: $type) -> Result<Self::Value, E> {
            Err(self.rejected($found))
        }
    };
    (@ null) => {
        fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Err(self.rejected("null"))
        }
    };
    (@ array) => {
        fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
            Err(self.rejected("an array"))
        }
    };
    (@ object) => {
        fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
            Err(self.rejected("an object"))
        }
    };
}

/// Implements a seed that is its own visitor, for any kind of value.
macro_rules! seed {
    ($seed:ident -> $value:ty, $expected:expr) => {
        impl<'de> DeserializeSeed<'de> for $seed<'_> {
            type Value = $value;

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<$value, D::Error> {
                deserializer.deserialize_any(self)
            }
        }

        impl $seed<'_> {
            fn rejected<E: serde::de::Error>(&self, found: &str) -> E {
                fail(self.reading, self.path, unexpected($expected(self), found), None)
            }
        }
    };
}

const A_FILTER: &str = "a filter: an object";
const KEYS: &str = "one of the keys `field`, `op`, `value`, `and`, `or` and `not`";

impl<'de> Visitor<'de> for FilterSeed<'_> {
    type Value = Filter;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(A_FILTER)
    }

    reject!(boolean number null);

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Filter, E> {
        let help = "write the filter as an object, as in {\"field\": \"model\", \"op\": \"eq\", \"value\": \"gpt-4o\"}";
        Err(fail(self.reading, self.path, unexpected(A_FILTER, "a string"), Some(help)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Filter, A::Error> {
        let help = match self.path {
            Path::Key(_, "not") => "`not` takes one filter; join several with `or` or `and` inside it",
            _ => "join filters with `and` or `or`",
        };
        Err(fail(self.reading, self.path, unexpected(A_FILTER, "an array"), Some(help)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Filter, A::Error> {
        let Some(first) = map.next_key::<String>()? else { return Ok(Filter::All) };
        let key_path = Path::Key(self.path, &first);
        let inside = FilterSeed { path: &key_path, depth: self.depth + 1, body: false, reading: self.reading };
        let parts = PartsSeed { path: &key_path, depth: self.depth + 1, reading: self.reading };
        let filter = match first.as_str() {
            "and" => Filter::And(map.next_value_seed(parts)?),
            "or" => Filter::Or(map.next_value_seed(parts)?),
            "not" => Filter::Not(Box::new(map.next_value_seed(inside)?)),
            "filters" if self.body => map.next_value_seed(FilterSeed { depth: self.depth, ..inside })?,
            _ => return self.field_filter(first, map),
        };
        if let Some(key) = map.next_key::<String>()? {
            let kind = if key == first {
                Kind::DuplicateKey { key }
            } else {
                unexpected(format!("no other key next to `{first}`"), format!("the key `{}`", excerpt(&key)))
            };
            let help = match first.as_str() {
                "filters" => "the body has `filters` alone; `page`, `page_size` and `include_children` go in the URL",
                _ => "join filters with `and` or `or`",
            };
            return Err(fail(self.reading, self.path, kind, Some(help)));
        }
        Ok(filter)
    }
}

impl FilterSeed<'_> {
    fn rejected<E: serde::de::Error>(&self, found: &str) -> E {
        fail(self.reading, self.path, unexpected(A_FILTER, found), None)
    }

    fn field_filter<'de, A: MapAccess<'de>>(self, first: String, mut map: A) -> Result<Filter, A::Error> {
        let mut entries = FieldEntries::default();
        let mut next = Some(first);
        while let Some(key) = next {
            let is_duplicate = self.field_entry(&key, &mut map, &mut entries)?;
            if is_duplicate {
                return Err(fail(self.reading, self.path, Kind::DuplicateKey { key }, None));
            }
            next = map.next_key()?;
        }
        match (entries.field, entries.op, entries.value) {
            (Some(field), Some(op), Some(value)) => {
                let condition = self.condition(op, value)?;
                Ok(Filter::Field(FieldFilter { field: field.into(), condition }))
            }
            (None, ..) => Err(self.missing_key("field")),
            (_, None, _) => Err(self.missing_key("op")),
            (_, _, None) => Err(self.missing_key("value")),
        }
    }

    /// Reads the value of a key, and returns whether there was one already.
    fn field_entry<'de, A: MapAccess<'de>>(
        self,
        key: &str,
        map: &mut A,
        entries: &mut FieldEntries,
    ) -> Result<bool, A::Error> {
        let FilterSeed { path, reading, .. } = self;
        let place = Path::Key(path, key);
        Ok(match key {
            "field" => {
                let expected = "a field's name: a string";
                let name = map.next_value_seed(TextSeed { path: &place, expected, reading })?;
                entries.field.replace(name).is_some()
            }
            "op" => {
                let expected = "an operator: eq, gt, gte, lt, lte, contains or between";
                let name = map.next_value_seed(TextSeed { path: &place, expected, reading })?;
                let Some(known) = Op::ALL.into_iter().find(|op| op.as_str() == name) else {
                    let help = meant::operator(&name);
                    return Err(fail(reading, &place, unexpected(expected, format!("`{}`", excerpt(&name))), help));
                };
                entries.op.replace(known).is_some()
            }
            "value" => {
                let value = map.next_value_seed(ValueSeed { path: &place, item: false, reading })?;
                entries.value.replace(value).is_some()
            }
            _ => {
                map.next_value::<IgnoredAny>()?;
                let kind = unexpected(KEYS, format!("the key `{}`", excerpt(key)));
                let help = meant::key(key).map(|ours| format!("write `{ours}` for `{}`", excerpt(key)));
                return Err(fail(reading, path, kind, help.as_deref()));
            }
        })
    }

    fn missing_key<E: serde::de::Error>(self, key: &str) -> E {
        let help = "a filter on a field needs `field`, `op` and `value`";
        let kind = unexpected(format!("the key `{key}`"), "an object without it");
        fail(self.reading, self.path, kind, Some(help))
    }

    fn condition<E: serde::de::Error>(self, op: Op, value: Operand) -> Result<Condition, E> {
        let place = Path::Key(self.path, "value");
        let compare = |comparison, scalar| Ok(Condition::Compare(comparison, scalar));
        match (op, value) {
            (Op::Eq, Operand::Scalar(scalar)) => compare(Comparison::Eq, scalar),
            (Op::Gt, Operand::Scalar(scalar)) => compare(Comparison::Gt, scalar),
            (Op::Gte, Operand::Scalar(scalar)) => compare(Comparison::Gte, scalar),
            (Op::Lt, Operand::Scalar(scalar)) => compare(Comparison::Lt, scalar),
            (Op::Lte, Operand::Scalar(scalar)) => compare(Comparison::Lte, scalar),
            (Op::Contains, Operand::Scalar(scalar)) => Ok(Condition::Contains(scalar)),
            (Op::Between, Operand::Numbers(Some((lower, upper)), 2)) => Ok(Condition::Between(lower, upper)),
            (Op::Between, Operand::Numbers(_, count)) => {
                let found = format!("an array of {count}");
                Err(fail(self.reading, &place, unexpected("two numbers for `between`", found), None))
            }
            (Op::Between, Operand::Scalar(_)) => {
                let kind = unexpected("an array of two numbers for `between`", "a single value");
                Err(fail(self.reading, &place, kind, None))
            }
            (_, Operand::Numbers(..)) => {
                let kind = unexpected(format!("a string or a number for `{op}`"), "an array");
                Err(fail(self.reading, &place, kind, Some("only `between` takes an array")))
            }
        }
    }
}

/// The entries of a field filter that have been read.
#[derive(Default)]
struct FieldEntries {
    field: Option<String>,
    op: Option<Op>,
    value: Option<Operand>,
}

/// Reads the array of `and` or `or`.
struct PartsSeed<'p> {
    path: &'p Path<'p>,
    depth: usize,
    reading: &'p Reading<'p>,
}

const FILTERS: &str = "an array of filters";

seed!(PartsSeed -> Vec<Filter>, |_: &Self| FILTERS);

impl<'de> Visitor<'de> for PartsSeed<'_> {
    type Value = Vec<Filter>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(FILTERS)
    }

    reject!(boolean number string null object);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut parts = Vec::new();
        loop {
            let path = Path::Index(self.path, parts.len());
            let seed = FilterSeed { path: &path, depth: self.depth, body: false, reading: self.reading };
            match seq.next_element_seed(seed)? {
                Some(part) => parts.push(part),
                None => return Ok(parts),
            }
        }
    }
}

/// Reads a string.
struct TextSeed<'p> {
    path: &'p Path<'p>,
    expected: &'static str,
    reading: &'p Reading<'p>,
}

seed!(TextSeed -> String, |seed: &Self| seed.expected);

impl<'de> Visitor<'de> for TextSeed<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.expected)
    }

    reject!(boolean number null array object);

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<String, E> {
        Ok(text)
    }
}

/// The value of a field filter.
enum Operand {
    Scalar(Scalar),
    /// An array: its first two elements if they are numbers, and its length.
    Numbers(Option<(Number, Number)>, usize),
}

struct ValueSeed<'p> {
    path: &'p Path<'p>,
    /// Whether this is an element of an array, where arrays are rejected without reading them.
    item: bool,
    reading: &'p Reading<'p>,
}

const A_VALUE: &str = "a string, a number, or an array of numbers";

seed!(ValueSeed -> Operand, |_: &Self| A_VALUE);

impl ValueSeed<'_> {
    /// Rejects an integer of 128 bits, which parsers only produce for one that does not fit 64 bits.
    fn beyond<E: serde::de::Error>(self, text: String) -> Result<Operand, E> {
        Err(fail(self.reading, self.path, Kind::NumberRange { text }, None))
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Operand;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(A_VALUE)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Operand, E> {
        let help = format!("a boolean result is found by its text: `contains` with \"{value}\"");
        Err(fail(self.reading, self.path, unexpected(A_VALUE, "a boolean"), Some(&help)))
    }

    reject!(null);

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Operand, E> {
        Ok(Operand::Scalar(number.into()))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Operand, E> {
        Ok(Operand::Scalar(number.into()))
    }

    fn visit_i128<E: serde::de::Error>(self, number: i128) -> Result<Operand, E> {
        self.beyond(number.to_string())
    }

    fn visit_u128<E: serde::de::Error>(self, number: u128) -> Result<Operand, E> {
        self.beyond(number.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Operand, E> {
        if !number.is_finite() {
            return Err(fail(self.reading, self.path, unexpected("a finite number", number.to_string()), None));
        }
        Ok(Operand::Scalar(number.into()))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Operand, E> {
        Ok(Operand::Scalar(text.into()))
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<Operand, E> {
        Ok(Operand::Scalar(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Operand, A::Error> {
        let rejected = |path: &Path, found| {
            let help = Some("only `between` takes an array, of two numbers");
            Err(fail(self.reading, path, unexpected("a number", found), help))
        };
        if self.item {
            return rejected(self.path, "an array");
        }
        let (mut first, mut both, mut count) = (None, None, 0);
        loop {
            let path = Path::Index(self.path, count);
            let number = match seq.next_element_seed(ValueSeed { path: &path, item: true, reading: self.reading })? {
                Some(Operand::Scalar(Scalar::Number(number))) => number,
                Some(Operand::Scalar(Scalar::String(_))) => return rejected(&path, "a string"),
                Some(Operand::Numbers(..)) => return rejected(&path, "an array"),
                None => return Ok(Operand::Numbers(both, count)),
            };
            both = both.or(first.map(|first| (first, number)));
            first = first.or(Some(number));
            count += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Operand, A::Error> {
        // With serde_json's feature `arbitrary_precision`, which any crate of a build can enable, a
        // number is passed as a map.
        let Ok(number) = serde_json::Number::deserialize(MapAccessDeserializer::new(map)) else {
            return Err(fail(self.reading, self.path, unexpected(A_VALUE, "an object"), None));
        };
        match crate::types::number::read(&number.to_string()) {
            Ok(number) => Ok(Operand::Scalar(number.into())),
            Err(kind) => Err(fail(self.reading, self.path, kind, None)),
        }
    }
}
