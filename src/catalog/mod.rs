//! The fields that queries can use: their types, operators and aliases, as data.

mod builtin;
mod field;
mod nearest;
mod results;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use thiserror::Error;

pub use crate::types::Type;
pub use field::{Field, Operators};
pub(crate) use nearest::Nearest;
use nearest::Spellings;
pub(crate) use results::returned;

use crate::filter::Op;

/// The set of fields that queries are checked against; immutable once built.
///
/// [`Catalog::builtin`] has the fields documented in the API's guide. Extend or replace it with a
/// builder, or deserialize a catalog from JSON: an array of fields in the form in which a [`Field`]
/// is serialized.
///
/// ```
/// use freeplay_filter::catalog::{Catalog, Field, Type};
/// use freeplay_filter::{Compiler, Filter};
///
/// let catalog = Catalog::builtin()
///     .to_builder()
///     .field(Field::new("tenant", Type::Text).with_alias("customer").with_doc("Whose session it is"))
///     .build()?;
/// let compiled = Compiler::new().catalog(catalog).compile("customer = acme")?;
/// assert_eq!(compiled.filter, Filter::field("tenant").eq("acme"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Catalog {
    fields: Vec<Field>,
    /// The index of the field for every name and alias, in columns by [`column`], each sorted: a lookup compares few
    /// names.
    index: Vec<Vec<(Cow<'static, str>, usize)>>,
    /// The maximum number of dots in a name or alias. No key begins after more dots than this.
    most_dots: usize,
    spellings: Spellings,
}

/// Why a catalog cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// A name or alias is empty.
    #[error("a field has an empty name or alias")]
    EmptyName,
    /// Two fields share a name or alias.
    #[error("the name or alias `{name}` is used twice")]
    DuplicateName {
        /// The duplicate name or alias.
        name: String,
    },
    /// An operator does not suit the type of its field.
    #[error("the field `{field}` cannot take `{op}`, which does not suit its type")]
    UnsuitableOperator {
        /// The name of the field.
        field: String,
        /// The operator.
        op: Op,
    },
}

/// The field that a path refers to.
#[derive(Clone, Copy)]
pub(crate) struct Resolved<'c, 'p> {
    pub(crate) field: &'c Field,
    /// The rest of the path after the field's name, if any: the key.
    pub(crate) key: Option<&'p str>,
}

impl Catalog {
    /// Returns the fields of the API's guide to search operators, with the operators that it lists
    /// for each, and those that only Freeplay's own client uses.
    #[must_use]
    pub fn builtin() -> Arc<Catalog> {
        static BUILTIN: LazyLock<Arc<Catalog>> = LazyLock::new(|| Arc::new(builtin::catalog()));
        Arc::clone(&BUILTIN)
    }

    fn unchecked(fields: Vec<Field>) -> Catalog {
        let names = fields.iter().enumerate().flat_map(|(place, field)| field.names().map(move |name| (name, place)));
        let mut index = vec![Vec::new(); COLUMNS];
        let mut most_dots = 0;
        for (name, place) in names {
            most_dots = most_dots.max(name.matches('.').count());
            if let Some(column) = index.get_mut(column(name)) {
                column.push((name.clone(), place));
            }
        }
        index.iter_mut().for_each(|column| column.sort_unstable());
        let spellings = Spellings::of(&fields);
        Catalog { fields, index, most_dots, spellings }
    }

    /// Returns a builder without fields.
    pub fn builder() -> CatalogBuilder {
        CatalogBuilder { fields: Vec::new() }
    }

    /// Returns a builder that starts with the fields of this catalog.
    pub fn to_builder(&self) -> CatalogBuilder {
        CatalogBuilder { fields: self.fields.clone() }
    }

    /// Returns the fields in the order in which they were added.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Returns the field with this name or alias, given without a key.
    #[must_use]
    #[inline]
    pub fn get(&self, name: &str) -> Option<&Field> {
        let column = self.index.get(column(name))?;
        let found = column.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        self.fields.get(column.get(found)?.1)
    }

    /// Returns the field that a path begins with: the longest name followed by a dot or the end.
    pub(crate) fn resolve<'p>(&self, path: &'p str) -> Option<Resolved<'_, 'p>> {
        if let Some(field) = self.get(path) {
            return Some(Resolved { field, key: None });
        }
        let mut longest = None;
        let dots = path.bytes().zip(0..).filter(|(byte, _)| *byte == b'.');
        for (_, dot) in dots.take(self.most_dots + 1) {
            let (name, key) = path.split_at_checked(dot)?;
            if let Some(field) = self.get(name) {
                longest = Some(Resolved { field, key: key.strip_prefix('.') });
            }
        }
        longest
    }

    /// Returns the paths most similar to one with an unknown field, nearest first.
    pub(crate) fn nearest(&self, path: &str) -> Nearest {
        nearest::fields(path, self)
    }

    /// Returns paths of which an unknown name may be the key, in some fields.
    pub(crate) fn as_key(&self, name: &str, is_possible: impl Fn(&Field) -> bool) -> Vec<String> {
        nearest::as_key(name, is_possible, self)
    }

    /// Returns the names of all fields as they are written, if there are only a few.
    pub(crate) fn all_if_few(&self) -> Vec<String> {
        const FEW: usize = 12;
        if self.fields.len() > FEW { Vec::new() } else { self.fields.iter().map(Field::pattern).collect() }
    }

    /// Returns a field that `contains` works on and that has no keys, for examples in messages.
    pub(crate) fn text_field(&self) -> Option<&str> {
        let found = self.fields.iter().find(|field| !field.is_keyed() && field.operators().contains(Op::Contains))?;
        Some(found.name())
    }

    /// Returns a field of a type, for examples in messages.
    pub(crate) fn of_type(&self, ty: Type) -> Option<&Field> {
        self.fields.iter().find(|field| field.ty() == ty)
    }
}

const COLUMNS: usize = 64;

/// Where a name is in the index of a catalog: by its length and the letters at its ends.
fn column(name: &str) -> usize {
    let letters = [name.as_bytes().first(), name.as_bytes().last()];
    (4 * name.len() + letters.into_iter().flatten().map(|byte| usize::from(*byte)).sum::<usize>()) % COLUMNS
}

impl Default for Catalog {
    fn default() -> Catalog {
        builtin::catalog()
    }
}

/// A builder for a [`Catalog`].
#[derive(Clone, Debug)]
#[must_use = "a catalog is made by `build`"]
pub struct CatalogBuilder {
    fields: Vec<Field>,
}

impl CatalogBuilder {
    /// Adds a field, replacing one of the same name.
    pub fn field(mut self, field: Field) -> CatalogBuilder {
        match self.fields.iter_mut().find(|other| other.name() == field.name()) {
            Some(other) => *other = field,
            None => self.fields.push(field),
        }
        self
    }

    /// Removes a field by its name.
    pub fn remove(mut self, name: &str) -> CatalogBuilder {
        self.fields.retain(|field| field.name() != name);
        self
    }

    /// Builds the catalog.
    ///
    /// # Errors
    ///
    /// An empty or duplicate name or alias, or an operator that does not suit the type of its field.
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
            let unsuitable =
                field.operators().iter().chain(field.unlisted_operators().iter()).find(|op| !field.ty().suits(*op));
            if let Some(op) = unsuitable {
                return Err(CatalogError::UnsuitableOperator { field: field.name().to_owned(), op });
            }
        }
        Ok(Catalog::unchecked(self.fields))
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
