//! A field: its type, operators, aliases and known values.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::Type;
use crate::filter::{Op, Scalar, json_len};
use crate::types::number;

/// A field of the catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    name: Cow<'static, str>,
    shared_name: Arc<str>,
    name_json_len: usize,
    keyed: bool,
    ty: Type,
    listed: Operators,
    unlisted: Operators,
    aliases: Vec<Cow<'static, str>>,
    synonyms: Vec<Cow<'static, str>>,
    values: Vec<Scalar>,
    doc: Cow<'static, str>,
    example: Cow<'static, str>,
}

/// A set of the API's operators.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Operators(u8);

impl Field {
    /// Returns a field with the usual operators of its type: `eq` for strings and UUIDs, `eq` and the
    /// comparisons for numbers and times.
    ///
    /// A name that ends in `.*` is that of a field with keys: `meta.*` is written `meta.user_type`.
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
            name_json_len: json_len(&name),
            name,
            keyed,
            ty,
            listed,
            unlisted: Operators::default(),
            aliases: Vec::new(),
            synonyms: Vec::new(),
            values: Vec::new(),
            doc: Cow::Borrowed(""),
            example: Cow::Borrowed(""),
        }
    }

    /// Sets the operators that the field takes.
    #[must_use]
    pub fn with_operators(mut self, operators: impl IntoIterator<Item = Op>) -> Field {
        self.listed = operators.into_iter().collect();
        self
    }

    /// Sets additional operators, which compile with a warning, and are errors in strict mode.
    #[must_use]
    pub fn with_unlisted_operators(mut self, operators: impl IntoIterator<Item = Op>) -> Field {
        self.unlisted = operators.into_iter().collect();
        self
    }

    /// Adds an alias, for use in queries; the filter has the field's name.
    #[must_use]
    pub fn with_alias(mut self, alias: impl Into<Cow<'static, str>>) -> Field {
        self.aliases.push(alias.into());
        self
    }

    /// Adds a synonym: a name that people or other tools use for the field. Queries cannot use it,
    /// but the error for an unknown field suggests the field. Fields may share a synonym; then all of
    /// them are suggested.
    ///
    /// The synonym `*` of a field with keys stands for any otherwise unknown name, which is then
    /// suggested as a key: `user_type = premium` as `session_custom_metadata.user_type`, and
    /// `quality < 3` as `completion_evaluation_results.quality`.
    ///
    /// ```
    /// use freeplay_filter::Compiler;
    /// use freeplay_filter::catalog::{Catalog, Field, Type};
    ///
    /// let field = Field::new("tenant", Type::Text).with_synonym("organization");
    /// let compiler = Compiler::new().catalog(Catalog::builder().field(field).build()?);
    /// let error = compiler.compile("organization = acme").unwrap_err();
    /// assert_eq!(error.diagnostics()[0].candidates, ["tenant"]);
    /// # Ok::<(), freeplay_filter::catalog::CatalogError>(())
    /// ```
    #[must_use]
    pub fn with_synonym(mut self, synonym: impl Into<Cow<'static, str>>) -> Field {
        self.synonyms.push(synonym.into());
        self
    }

    /// Adds a known value, which completion offers. Other values stay valid.
    ///
    /// ```
    /// use freeplay_filter::catalog::{Field, Type};
    ///
    /// let field = ["prod", "staging"].into_iter().fold(Field::new("environment", Type::Text), Field::with_value);
    /// assert_eq!(field.values().len(), 2);
    /// ```
    #[must_use]
    pub fn with_value(mut self, value: impl Into<Scalar>) -> Field {
        self.values.push(value.into());
        self
    }

    /// Sets a one-line description.
    #[must_use]
    pub fn with_doc(mut self, doc: impl Into<Cow<'static, str>>) -> Field {
        self.doc = doc.into();
        self
    }

    /// Sets an example query.
    #[must_use]
    pub fn with_example(mut self, example: impl Into<Cow<'static, str>>) -> Field {
        self.example = example.into();
        self
    }

    /// Returns the field's name in the API, without a key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the name and the aliases.
    pub(super) fn names(&self) -> impl Iterator<Item = &Cow<'static, str>> {
        std::iter::once(&self.name).chain(&self.aliases)
    }

    pub(crate) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.shared_name)
    }

    /// Returns the length of the name in JSON.
    pub(crate) fn name_json_len(&self) -> usize {
        self.name_json_len
    }

    /// Whether the name is followed by a key.
    #[must_use]
    pub fn is_keyed(&self) -> bool {
        self.keyed
    }

    /// Returns the name, followed by `.*` if the field has keys.
    #[must_use]
    pub fn pattern(&self) -> String {
        format!("{}{}", self.name, if self.keyed { ".*" } else { "" })
    }

    /// Returns the type of the field's values.
    #[must_use]
    pub fn ty(&self) -> Type {
        self.ty
    }

    /// Returns the operators that the API's guide lists.
    #[must_use]
    pub fn operators(&self) -> Operators {
        self.listed
    }

    /// Returns the operators that the guide does not list but Freeplay's own client uses.
    #[must_use]
    pub fn unlisted_operators(&self) -> Operators {
        self.unlisted
    }

    /// Whether the field takes an operator, listed or not.
    #[must_use]
    pub fn takes(&self, op: Op) -> bool {
        self.listed.contains(op) || self.unlisted.contains(op)
    }

    /// Whether a query may compare the field with an operator. Times take all of them, as a
    /// comparison with a period becomes a comparison with its ends.
    pub(crate) fn compares(&self, op: Op) -> bool {
        self.takes(op) || self.ty == Type::Time
    }

    /// Returns the operators of the field as they are written in a query.
    pub(crate) fn typed_operators(&self) -> Vec<String> {
        let typed = |op: Op| match op {
            Op::Eq => &["=", "!=", "in"][..],
            Op::Gt => &[">"],
            Op::Gte => &[">="],
            Op::Lt => &["<"],
            Op::Lte => &["<="],
            Op::Contains => &["contains", "not contains", "contains any"],
            Op::Between => &["between"],
        };
        let takes = |op: &Op| self.takes(*op) || self.ty == Type::Time && *op != Op::Contains;
        Op::ALL.into_iter().filter(takes).flat_map(typed).map(|typed| (*typed).to_owned()).collect()
    }

    /// Returns the aliases.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        self.aliases.iter().map(|alias| &**alias)
    }

    /// Returns the synonyms, which queries cannot use.
    pub fn synonyms(&self) -> impl Iterator<Item = &str> {
        self.synonyms.iter().map(|synonym| &**synonym)
    }

    /// Returns the known values. The built-in catalog has none, as the API's guide documents no
    /// closed set.
    #[must_use]
    pub fn values(&self) -> &[Scalar] {
        &self.values
    }

    /// Returns the one-line description.
    #[must_use]
    pub fn doc(&self) -> &str {
        &self.doc
    }

    /// Returns the example query.
    #[must_use]
    pub fn example(&self) -> &str {
        &self.example
    }
}

impl Operators {
    /// Whether the set contains the operator.
    #[must_use]
    pub fn contains(self, op: Op) -> bool {
        self.0 & Operators::bit(op) != 0
    }

    /// Iterates over the operators in the order of the API's reference.
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

impl Serialize for Operators {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Field", 9)?;
        out.serialize_field("name", &self.pattern())?;
        out.serialize_field("type", &self.ty)?;
        out.serialize_field("operators", &self.listed)?;
        out.serialize_field("unlisted_operators", &self.unlisted)?;
        out.serialize_field("aliases", &self.aliases)?;
        out.serialize_field("synonyms", &self.synonyms)?;
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
            synonyms: Vec<String>,
            #[serde(default)]
            values: Vec<serde_json::Value>,
            #[serde(default)]
            doc: String,
            #[serde(default)]
            example: String,
        }
        let json = Json::deserialize(deserializer)?;
        let mut field = Field::new(json.name, json.r#type)
            .with_unlisted_operators(json.unlisted_operators)
            .with_doc(json.doc)
            .with_example(json.example);
        if let Some(operators) = json.operators {
            field = field.with_operators(operators);
        }
        for known in json.values {
            let scalar = match known {
                serde_json::Value::String(text) => Some(Scalar::String(text)),
                serde_json::Value::Number(number) => number::read(&number.to_string()).ok().map(Scalar::Number),
                _ => None,
            };
            field = field
                .with_value(scalar.ok_or_else(|| D::Error::custom("`values` can only contain strings and numbers"))?);
        }
        let field = json.aliases.into_iter().fold(field, Field::with_alias);
        Ok(json.synonyms.into_iter().fold(field, Field::with_synonym))
    }
}
