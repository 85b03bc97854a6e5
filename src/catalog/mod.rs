//! The fields that a query may name: their types, operators and aliases, as data.

mod builtin;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, LazyLock};

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use thiserror::Error;

use crate::filter::{Op, Scalar};
use crate::value;

/// The fields that queries are checked against; never changed once it is built.
///
/// [`Catalog::builtin`] holds the fields that the API's guide documents. Extend or replace it
/// with a builder, or read one from JSON: an array of fields as [`Field`] shows them.
///
/// ```
/// use freeplay_filter::catalog::{Catalog, Field, Type};
/// use freeplay_filter::{Compiler, Filter};
///
/// let catalog = Catalog::builtin()
///     .to_builder()
///     .field(Field::new("tenant", Type::Text).alias("customer").doc("Whose session it is"))
///     .build()?;
/// let compiled = Compiler::new().catalog(catalog).compile("customer = acme")?;
/// assert_eq!(compiled.filter, Filter::field("tenant").eq("acme"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Catalog {
    fields: Vec<Field>,
    /// Every name and alias with its digest and the index of its field, sorted.
    index: Vec<(Digest, Cow<'static, str>, usize)>,
    /// The most dots in a name or alias: no key begins after more.
    most_dots: usize,
}

/// What kind of value a field holds. The type decides how a value is read, never its look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Type {
    /// A string: `environment = 2024` compares with the text `2024`.
    Text,
    /// A UUID in its hyphenated form.
    Uuid,
    /// A number without a unit.
    Number,
    /// An amount in US dollars; may be written `$0.01`.
    Usd,
    /// A duration in seconds; may be written `500ms`, `8s`, `1.5m`, `1h`.
    Seconds,
    /// An instant, searched by instants and periods: `2024-06-01T12:00Z`, `2024-06`, `now-7d`.
    Time,
    /// An evaluation result: a bare number is a number, anything else a text.
    Score,
    /// Unknown: like a score, and without advice. Fields that are not in the catalog have it where
    /// they are allowed.
    Any,
}

/// A field of the catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    name: Cow<'static, str>,
    shared_name: Arc<str>,
    keyed: bool,
    ty: Type,
    listed: Operators,
    unlisted: Operators,
    aliases: Vec<Cow<'static, str>>,
    values: Vec<Scalar>,
    doc: Cow<'static, str>,
    example: Cow<'static, str>,
}

/// A set of the API's operators.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Operators(u8);

/// Why a catalog cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// A name or alias is empty.
    #[error("a field has an empty name or alias")]
    EmptyName,
    /// Two fields share a name or alias.
    #[error("the name `{name}` is taken twice")]
    DuplicateName {
        /// The name or alias.
        name: String,
    },
    /// A field of this type cannot have this operator.
    #[error("the field `{field}` cannot take `{op}`: its type has no use for it")]
    UnsuitableOperator {
        /// The field.
        field: String,
        /// The operator.
        op: Op,
    },
}

/// A field that a path names.
#[derive(Clone, Copy)]
pub(crate) struct Resolved<'c, 'p> {
    pub(crate) field: &'c Field,
    /// What the path gives as the key, if it goes on after the name.
    pub(crate) key: Option<&'p str>,
}

impl Catalog {
    /// The fields of the API's guide to search operators, with the operators that it lists for
    /// each and those that only the vendor's own client uses.
    #[must_use]
    pub fn builtin() -> Arc<Catalog> {
        static BUILTIN: LazyLock<Arc<Catalog>> = LazyLock::new(|| Arc::new(builtin::catalog()));
        Arc::clone(&BUILTIN)
    }

    fn unchecked(fields: Vec<Field>) -> Catalog {
        let mut index: Vec<_> = fields
            .iter()
            .enumerate()
            .flat_map(|(place, field)| field.names().map(move |name| (Digest::of(name), name.clone(), place)))
            .collect();
        index.sort_unstable();
        let most_dots = index.iter().map(|(_, name, _)| name.matches('.').count()).max().unwrap_or(0);
        Catalog { fields, index, most_dots }
    }

    /// A builder without any field.
    pub fn builder() -> CatalogBuilder {
        CatalogBuilder { fields: Vec::new() }
    }

    /// A builder that begins with these fields.
    pub fn to_builder(&self) -> CatalogBuilder {
        CatalogBuilder { fields: self.fields.clone() }
    }

    /// The fields, in the order in which they were given.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field of that name or alias, without a key.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Field> {
        let digest = Digest::of(name);
        let first = self.index.partition_point(|(known, ..)| *known < digest);
        let mut alike = self.index.get(first..)?.iter().take_while(|(known, ..)| *known == digest);
        let (_, _, place) = alike.find(|(_, known, _)| known == name)?;
        self.fields.get(*place)
    }

    /// The field that a path begins with: the longest name that a dot or the path's end follows.
    pub(crate) fn resolve<'p>(&self, path: &'p str) -> Option<Resolved<'_, 'p>> {
        if let Some(field) = self.get(path) {
            return Some(Resolved { field, key: None });
        }
        let mut longest = None;
        for (dot, _) in path.match_indices('.').take(self.most_dots + 1) {
            let (name, key) = path.split_at_checked(dot)?;
            if let Some(field) = self.get(name) {
                longest = Some(Resolved { field, key: key.strip_prefix('.') });
            }
        }
        longest
    }

    /// Whether a path begins with a field's name.
    pub(crate) fn knows(&self, path: &str) -> bool {
        self.resolve(path).is_some()
    }

    /// Every name and alias.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().flat_map(Field::names).map(|name| &**name)
    }

    /// A field that is searched by words and needs no key, to show how texts are searched.
    pub(crate) fn text_field(&self) -> Option<&str> {
        let found = self.fields.iter().find(|field| !field.keyed && field.listed.contains(Op::Contains))?;
        Some(found.name())
    }

    /// A field of a type, to show where a value of that type goes.
    pub(crate) fn of_type(&self, ty: Type) -> Option<&Field> {
        self.fields.iter().find(|field| field.ty == ty)
    }
}

/// A number that hardly two names share: made of all bytes of a short one, and of those at both ends
/// of a long one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Digest(u64);

impl Digest {
    fn of(name: &str) -> Digest {
        let bytes = name.as_bytes();
        Digest(match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(4),
            _ => bytes.iter().fold(0, |digest, byte| digest << 8 | u64::from(*byte)),
        })
    }
}

impl Default for Catalog {
    fn default() -> Catalog {
        builtin::catalog()
    }
}

/// Puts a [`Catalog`] together.
#[derive(Clone, Debug)]
#[must_use = "a catalog is made by `build`"]
pub struct CatalogBuilder {
    fields: Vec<Field>,
}

impl CatalogBuilder {
    /// Adds a field, in place of one of the same name.
    pub fn field(mut self, field: Field) -> CatalogBuilder {
        match self.fields.iter_mut().find(|other| other.name == field.name) {
            Some(other) => *other = field,
            None => self.fields.push(field),
        }
        self
    }

    /// Takes a field out, by its name.
    pub fn remove(mut self, name: &str) -> CatalogBuilder {
        self.fields.retain(|field| field.name != name);
        self
    }

    /// The catalog.
    ///
    /// # Errors
    ///
    /// Names and aliases must be unique and not empty, and operators must suit the field's type.
    pub fn build(self) -> Result<Catalog, CatalogError> {
        let mut names = HashSet::new();
        for field in &self.fields {
            for name in field.names() {
                if name.is_empty() {
                    return Err(CatalogError::EmptyName);
                }
                if !names.insert(name.clone()) {
                    return Err(CatalogError::DuplicateName { name: name.to_string() });
                }
            }
            let unsuitable = field.listed.iter().chain(field.unlisted.iter()).find(|op| !field.ty.suits(*op));
            if let Some(op) = unsuitable {
                return Err(CatalogError::UnsuitableOperator { field: field.name.to_string(), op });
            }
        }
        Ok(Catalog::unchecked(self.fields))
    }
}

impl Field {
    /// A field with the operators that are usual for its type: `eq` for texts and UUIDs, `eq` and
    /// the comparisons for numbers and times.
    ///
    /// A name that ends in `.*` is one with keys: `meta.*` is written `meta.user_type`.
    #[must_use]
    pub fn new(name: impl Into<Cow<'static, str>>, ty: Type) -> Field {
        let name = name.into();
        let (name, keyed) = match name.strip_suffix(".*") {
            Some(stem) => (Cow::Owned(stem.to_owned()), true),
            None => (name, false),
        };
        let listed = match ty {
            Type::Text | Type::Uuid | Type::Score => Operators::from_iter([Op::Eq]),
            Type::Number | Type::Usd | Type::Seconds | Type::Time => {
                Operators::from_iter([Op::Eq, Op::Lt, Op::Gt, Op::Lte, Op::Gte])
            }
            Type::Any => Operators::from_iter(Op::ALL),
        };
        Field {
            shared_name: Arc::from(&*name),
            name,
            keyed,
            ty,
            listed,
            unlisted: Operators::default(),
            aliases: Vec::new(),
            values: Vec::new(),
            doc: Cow::Borrowed(""),
            example: Cow::Borrowed(""),
        }
    }

    /// Sets the operators that the field takes.
    #[must_use]
    pub fn operators(mut self, operators: impl IntoIterator<Item = Op>) -> Field {
        self.listed = operators.into_iter().collect();
        self
    }

    /// Sets further operators, which compile with a warning, and not at all in strict mode.
    #[must_use]
    pub fn unlisted_operators(mut self, operators: impl IntoIterator<Item = Op>) -> Field {
        self.unlisted = operators.into_iter().collect();
        self
    }

    /// Adds another name for it, for queries alone: the API sees the field's own.
    #[must_use]
    pub fn alias(mut self, alias: impl Into<Cow<'static, str>>) -> Field {
        self.aliases.push(alias.into());
        self
    }

    /// Adds a value that it is known to hold, to be offered while a query is typed; others stay
    /// allowed.
    ///
    /// ```
    /// use freeplay_filter::catalog::{Field, Type};
    ///
    /// let field = ["prod", "staging"].into_iter().fold(Field::new("environment", Type::Text), Field::value);
    /// assert_eq!(field.values().len(), 2);
    /// ```
    #[must_use]
    pub fn value(mut self, value: impl Into<Scalar>) -> Field {
        self.values.push(value.into());
        self
    }

    /// Says in a line what it holds.
    #[must_use]
    pub fn doc(mut self, doc: impl Into<Cow<'static, str>>) -> Field {
        self.doc = doc.into();
        self
    }

    /// Shows a query that uses it.
    #[must_use]
    pub fn example(mut self, example: impl Into<Cow<'static, str>>) -> Field {
        self.example = example.into();
        self
    }

    /// The name in the API, without a key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name and the aliases.
    fn names(&self) -> impl Iterator<Item = &Cow<'static, str>> {
        std::iter::once(&self.name).chain(&self.aliases)
    }

    pub(crate) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.shared_name)
    }

    /// Whether a key follows the name.
    #[must_use]
    pub fn is_keyed(&self) -> bool {
        self.keyed
    }

    /// The name, with `.*` behind it where a key follows.
    #[must_use]
    pub fn pattern(&self) -> String {
        format!("{}{}", self.name, if self.keyed { ".*" } else { "" })
    }

    /// What it holds.
    #[must_use]
    pub fn ty(&self) -> Type {
        self.ty
    }

    /// The operators that the guide lists.
    #[must_use]
    pub fn listed(&self) -> Operators {
        self.listed
    }

    /// The operators that the guide does not list and the vendor's own client uses.
    #[must_use]
    pub fn unlisted(&self) -> Operators {
        self.unlisted
    }

    /// Whether the field takes an operator, listed or not.
    #[must_use]
    pub fn takes(&self, op: Op) -> bool {
        self.listed.contains(op) || self.unlisted.contains(op)
    }

    /// Whether a query may compare the field with an operator. A time with any: a period is compared
    /// by its ends.
    pub(crate) fn compares(&self, op: Op) -> bool {
        self.takes(op) || self.ty == Type::Time
    }

    /// Its other names in queries.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        self.aliases.iter().map(|alias| &**alias)
    }

    /// The values that it is known to hold; none in the built-in catalog, as the API's guide gives
    /// no closed set.
    #[must_use]
    pub fn values(&self) -> &[Scalar] {
        &self.values
    }

    /// What it holds, in a line.
    #[must_use]
    pub fn summary(&self) -> &str {
        &self.doc
    }

    /// A query that uses it.
    #[must_use]
    pub fn sample(&self) -> &str {
        &self.example
    }
}

impl Type {
    /// Whether the operator has a meaning for values of the type.
    fn suits(self, op: Op) -> bool {
        match op {
            Op::Eq => true,
            Op::Contains => matches!(self, Type::Text | Type::Score | Type::Any),
            Op::Gt | Op::Gte | Op::Lt | Op::Lte => !matches!(self, Type::Text | Type::Uuid),
            Op::Between => !matches!(self, Type::Text | Type::Uuid | Type::Time),
        }
    }

    /// Its name in JSON: `text`, `usd`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Type::Text => "text",
            Type::Uuid => "uuid",
            Type::Number => "number",
            Type::Usd => "usd",
            Type::Seconds => "seconds",
            Type::Time => "time",
            Type::Score => "score",
            Type::Any => "any",
        }
    }

    /// Whether all values of the type are in an order, so that two dots make a range.
    pub(crate) fn is_ordered(self) -> bool {
        matches!(self, Type::Number | Type::Usd | Type::Seconds | Type::Time)
    }

    /// The type of what is compared by size: there, a score is a number.
    pub(crate) fn by_size(self) -> Type {
        if self == Type::Score { Type::Number } else { self }
    }

    /// What it is called: `a text`, `an amount in US dollars`.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Type::Text => "a text",
            Type::Uuid => "a UUID",
            Type::Number => "a number",
            Type::Usd => "an amount in US dollars",
            Type::Seconds => "a duration in seconds",
            Type::Time => "a time",
            Type::Score | Type::Any => "a number or a text",
        }
    }
}

impl Operators {
    /// Whether the operator is among them.
    #[must_use]
    pub fn contains(self, op: Op) -> bool {
        self.0 & Operators::bit(op) != 0
    }

    /// The operators, in the order of the API's reference.
    pub fn iter(self) -> impl Iterator<Item = Op> {
        Op::ALL.into_iter().filter(move |op| self.contains(*op))
    }

    fn bit(op: Op) -> u8 {
        1 << op as u8
    }
}

impl FromIterator<Op> for Operators {
    fn from_iter<I: IntoIterator<Item = Op>>(ops: I) -> Operators {
        Operators(ops.into_iter().fold(0, |set, op| set | Operators::bit(op)))
    }
}

impl fmt::Debug for Operators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Catalog {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Catalog {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Catalog, D::Error> {
        CatalogBuilder { fields: Vec::deserialize(deserializer)? }.build().map_err(D::Error::custom)
    }
}

impl Serialize for Operators {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Field", 8)?;
        out.serialize_field("name", &self.pattern())?;
        out.serialize_field("type", &self.ty)?;
        out.serialize_field("operators", &self.listed)?;
        out.serialize_field("unlisted_operators", &self.unlisted)?;
        out.serialize_field("aliases", &self.aliases)?;
        out.serialize_field("values", &self.values)?;
        out.serialize_field("doc", &self.doc)?;
        out.serialize_field("example", &self.example)?;
        out.end()
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Field, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Json {
            name: String,
            r#type: Type,
            operators: Option<Vec<Op>>,
            #[serde(default)]
            unlisted_operators: Vec<Op>,
            #[serde(default)]
            aliases: Vec<String>,
            #[serde(default)]
            values: Vec<serde_json::Value>,
            #[serde(default)]
            doc: String,
            #[serde(default)]
            example: String,
        }
        let json = Json::deserialize(deserializer)?;
        let mut field = Field::new(json.name, json.r#type)
            .unlisted_operators(json.unlisted_operators)
            .doc(json.doc)
            .example(json.example);
        if let Some(operators) = json.operators {
            field = field.operators(operators);
        }
        for known in json.values {
            let scalar = match known {
                serde_json::Value::String(text) => Some(Scalar::Text(text)),
                serde_json::Value::Number(number) => value::number(&number.to_string()).ok().map(Scalar::Number),
                _ => None,
            };
            field = field.value(scalar.ok_or_else(|| D::Error::custom("a known value is a string or a number"))?);
        }
        Ok(json.aliases.into_iter().fold(field, Field::alias))
    }
}
