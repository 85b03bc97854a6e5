//! The API's filter model: what a query compiles to, and a builder for filters in Rust.

mod condition;
mod number;
mod write;

use std::mem;
use std::ops;
use std::sync::Arc;

pub use condition::{Comparison, Condition, Op, Scalar};
pub use number::Number;
pub(crate) use write::json_len;

/// A filter of Freeplay's Search API.
///
/// The five variants are the API's five shapes. A filter has no spans and is independent of any
/// catalog: it is what is sent to the API. Build one with [`Filter::field`] and the operators `&`,
/// `|` and `!`, compile one from a query with [`compile`](crate::compile), or read one from JSON with
/// serde or [`Filter::from_json`].
///
/// ```
/// use freeplay_filter::Filter;
///
/// let filter = Filter::field("cost").gte(0.01) & !Filter::field("environment").eq("prod");
/// assert_eq!(
///     filter.to_json(),
///     concat!(
///         r#"{"and":[{"field":"cost","op":"gte","value":0.01},"#,
///         r#"{"not":{"field":"environment","op":"eq","value":"prod"}}]}"#,
///     ),
/// );
/// ```
///
/// # Errors
///
/// Serialization fails rather than writing something else: a number that is not finite has no JSON,
/// and JSON of a filter nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH) could not be parsed.
#[derive(Default)]
pub enum Filter {
    /// `{}`: matches everything.
    #[default]
    All,
    /// `{"field": …, "op": …, "value": …}`: a test of one field.
    Field(FieldFilter),
    /// `{"and": […]}`: all parts match.
    And(Vec<Filter>),
    /// `{"or": […]}`: at least one part matches.
    Or(Vec<Filter>),
    /// `{"not": …}`: the part does not match.
    Not(Box<Filter>),
}

/// A test of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldFilter {
    /// The field's name in the API, with its key if it has one:
    /// `completion_evaluation_results.Response Quality`.
    pub field: Arc<str>,
    /// The operator and the value.
    pub condition: Condition,
}

impl Filter {
    /// Returns a builder for a test of a field, given by its name in the API.
    ///
    /// ```
    /// use freeplay_filter::Filter;
    ///
    /// let filter = Filter::field("completion_inputs.topic").contains("weather");
    /// assert_eq!(
    ///     filter.to_json(),
    ///     r#"{"field":"completion_inputs.topic","op":"contains","value":"weather"}"#,
    /// );
    /// ```
    pub fn field(name: impl Into<Arc<str>>) -> FieldBuilder {
        FieldBuilder { field: name.into() }
    }

    /// Returns a filter that matches if all of the filters match. `and` groups among them are merged.
    /// For one filter it is that filter, and for none it is [`Filter::All`].
    #[must_use]
    pub fn all_of(filters: impl IntoIterator<Item = Filter>) -> Filter {
        let filters = filters.into_iter();
        // One extra: a range becomes two filters, and growing would cost more than a spare element.
        let mut parts = Vec::with_capacity(filters.size_hint().0 + 1);
        for mut filter in filters {
            match &mut filter {
                Filter::And(more) => parts.append(more),
                _ => parts.push(filter),
            }
        }
        match parts.len() {
            0 | 1 => parts.pop().unwrap_or_default(),
            _ => Filter::And(parts),
        }
    }

    /// Returns a filter that matches if at least one of the filters matches. `or` groups among them are
    /// merged. For one filter it is that filter, and for none it is `!Filter::All`, which matches
    /// nothing.
    #[must_use]
    pub fn any_of(filters: impl IntoIterator<Item = Filter>) -> Filter {
        let filters = filters.into_iter();
        let mut parts = Vec::with_capacity(filters.size_hint().0);
        for mut filter in filters {
            match &mut filter {
                Filter::Or(more) => parts.append(more),
                _ => parts.push(filter),
            }
        }
        match parts.len() {
            0 => !Filter::All,
            1 => parts.pop().unwrap_or_default(),
            _ => Filter::Or(parts),
        }
    }

    /// Restricts the filter to a scope: the result matches only what `scope` matches as well. `scope`
    /// comes first.
    ///
    /// Both are filters, not text, so no untrusted query can escape its scope, whatever it contains. Use
    /// a field that is compared as a whole, with `eq`: `contains` compares words, so `acme` also matches
    /// `acme-europe`.
    ///
    /// ```
    /// use freeplay_filter::{compile, Filter};
    ///
    /// let scope = Filter::field("environment").eq("acme-prod");
    /// let filter = compile("model = a or environment = other")?.scoped(&scope);
    /// assert_eq!(
    ///     filter,
    ///     scope & (Filter::field("model").eq("a") | Filter::field("environment").eq("other")),
    /// );
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    #[must_use]
    pub fn scoped(self, scope: &Filter) -> Filter {
        scope.clone() & self
    }

    /// Returns the canonical form of the filter, which is also what compiling a query returns.
    ///
    /// Directly nested groups of one kind are merged (`and` in `and`, `or` in `or`), a group with one
    /// part is replaced by the part, an empty `and` by `{}`, which also matches everything, and an empty
    /// `or` by `{"not": {}}`, which also matches nothing. Nothing else changes: the parts keep their
    /// order and number, double negations and `{}` next to other parts stay, comparisons are not
    /// inverted, and numbers and strings are not modified.
    ///
    /// It is idempotent. Two filters have equal structure exactly if their canonical forms are equal,
    /// and the JSON of the canonical form is a fingerprint that is stable between versions.
    ///
    /// ```
    /// use freeplay_filter::Filter;
    ///
    /// let nested = Filter::from_json(r#"{"and": [{"and": [{"not": {}}, {}]}, {"or": [{}]}]}"#)?;
    /// assert_eq!(nested.canonical(), Filter::from_json(r#"{"and": [{"not": {}}, {}, {}]}"#)?);
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    #[must_use]
    pub fn canonical(&self) -> Filter {
        self.rebuild(|filter, mut parts| match filter {
            Filter::All => Filter::All,
            Filter::Field(field) => Filter::Field(field.clone()),
            Filter::And(_) => Filter::all_of(parts),
            Filter::Or(_) => Filter::any_of(parts),
            Filter::Not(_) => !parts.pop().unwrap_or_default(),
        })
    }

    /// Rebuilds the filter bottom-up: `build` creates each filter from the original and its rebuilt
    /// parts. It uses an explicit stack, so it works for any depth.
    fn rebuild(&self, build: impl Fn(&Filter, Vec<Filter>) -> Filter) -> Filter {
        let mut open: Vec<(&Filter, Vec<Filter>)> = Vec::new();
        let mut filter = self;
        loop {
            if let Some(first) = filter.children().first() {
                open.push((filter, Vec::with_capacity(filter.children().len())));
                filter = first;
                continue;
            }
            let mut done = build(filter, Vec::new());
            loop {
                let Some((group, parts)) = open.last_mut() else { return done };
                parts.push(done);
                if let Some(next) = group.children().get(parts.len()) {
                    filter = next;
                    break;
                }
                let Some((group, parts)) = open.pop() else { return Filter::All };
                done = build(group, parts);
            }
        }
    }

    /// Returns the number of groups (`and`, `or`, `not`) around the deepest part: 0 for a single field.
    #[must_use]
    pub fn depth(&self) -> usize {
        let mut deepest = 0;
        let mut pending = vec![(self, 0)];
        while let Some((filter, depth)) = pending.pop() {
            deepest = deepest.max(depth);
            pending.extend(filter.children().iter().map(|child| (child, depth + 1)));
        }
        deepest
    }

    /// Returns the parts of a group; empty for a single field and for the empty filter.
    #[must_use]
    pub fn children(&self) -> &[Filter] {
        match self {
            Filter::All | Filter::Field(_) => &[],
            Filter::And(children) | Filter::Or(children) => children,
            Filter::Not(child) => std::slice::from_ref(child),
        }
    }

    fn children_mut(&mut self) -> &mut [Filter] {
        match self {
            Filter::All | Filter::Field(_) => &mut [],
            Filter::And(children) | Filter::Or(children) => children,
            Filter::Not(child) => std::slice::from_mut(child),
        }
    }
}

/// Clones without recursion, since filters built in a loop may be deep; dropping does the same.
impl Clone for Filter {
    fn clone(&self) -> Filter {
        self.rebuild(|filter, mut parts| match filter {
            Filter::All => Filter::All,
            Filter::Field(field) => Filter::Field(field.clone()),
            Filter::And(_) => Filter::And(parts),
            Filter::Or(_) => Filter::Or(parts),
            Filter::Not(_) => !parts.pop().unwrap_or_default(),
        })
    }
}

/// Compares structure and values, without recursion.
impl PartialEq for Filter {
    fn eq(&self, other: &Filter) -> bool {
        let mut pending = vec![(self, other)];
        while let Some((left, right)) = pending.pop() {
            match (left, right) {
                (Filter::All, Filter::All) => {}
                (Filter::Field(left), Filter::Field(right)) if left == right => {}
                (Filter::And(left), Filter::And(right)) | (Filter::Or(left), Filter::Or(right))
                    if left.len() == right.len() =>
                {
                    pending.extend(left.iter().zip(right));
                }
                (Filter::Not(left), Filter::Not(right)) => pending.push((left, right)),
                _ => return false,
            }
        }
        true
    }
}

impl Drop for Filter {
    fn drop(&mut self) {
        if self.children().is_empty() {
            return;
        }
        let mut pending = Vec::new();
        detach_groups(self, &mut pending);
        while let Some(mut group) = pending.pop() {
            detach_groups(&mut group, &mut pending);
        }
    }
}

fn detach_groups(filter: &mut Filter, pending: &mut Vec<Filter>) {
    let is_group = |filter: &Filter| !filter.children().is_empty();
    for child in filter.children_mut() {
        // A group that contains no other group may be dropped in place.
        if child.children().iter().any(is_group) {
            pending.push(mem::take(child));
        }
    }
}

/// Both match. Groups of the same kind are merged, not nested.
impl ops::BitAnd for Filter {
    type Output = Filter;

    fn bitand(self, other: Filter) -> Filter {
        Filter::all_of([self, other])
    }
}

/// At least one matches. Groups of the same kind are merged, not nested.
impl ops::BitOr for Filter {
    type Output = Filter;

    fn bitor(self, other: Filter) -> Filter {
        Filter::any_of([self, other])
    }
}

/// Does not match. Nothing is simplified: `!!f` is a double negation.
impl ops::Not for Filter {
    type Output = Filter;

    fn not(self) -> Filter {
        Filter::Not(Box::new(self))
    }
}

/// A field without an operator yet, created by [`Filter::field`].
#[derive(Clone, Debug)]
#[must_use = "a field is not a filter until an operator is called on it"]
pub struct FieldBuilder {
    field: Arc<str>,
}

impl FieldBuilder {
    /// `eq`: equal to.
    #[must_use]
    pub fn eq(self, value: impl Into<Scalar>) -> Filter {
        self.compare(Comparison::Eq, value)
    }

    /// `gt`: greater than.
    #[must_use]
    pub fn gt(self, value: impl Into<Scalar>) -> Filter {
        self.compare(Comparison::Gt, value)
    }

    /// `gte`: greater than or equal to.
    #[must_use]
    pub fn gte(self, value: impl Into<Scalar>) -> Filter {
        self.compare(Comparison::Gte, value)
    }

    /// `lt`: less than.
    #[must_use]
    pub fn lt(self, value: impl Into<Scalar>) -> Filter {
        self.compare(Comparison::Lt, value)
    }

    /// `lte`: less than or equal to.
    #[must_use]
    pub fn lte(self, value: impl Into<Scalar>) -> Filter {
        self.compare(Comparison::Lte, value)
    }

    /// `contains`: contains the words of the value, next to one another and in that order.
    #[must_use]
    pub fn contains(self, value: impl Into<Scalar>) -> Filter {
        self.condition(Condition::Contains(value.into()))
    }

    /// `between`: from `lower` to `upper`, both included.
    #[must_use]
    pub fn between(self, lower: impl Into<Number>, upper: impl Into<Number>) -> Filter {
        self.condition(Condition::Between(lower.into(), upper.into()))
    }

    /// Compares with an operator chosen at run time.
    #[must_use]
    pub fn compare(self, comparison: Comparison, value: impl Into<Scalar>) -> Filter {
        self.condition(Condition::Compare(comparison, value.into()))
    }

    fn condition(self, condition: Condition) -> Filter {
        Filter::Field(FieldFilter { field: self.field, condition })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MAX_DEPTH;

    fn json(filter: &Filter) -> String {
        serde_json::to_string(filter).unwrap()
    }

    #[test]
    fn operators_merge_groups_of_their_kind() {
        let f = |name: &str| Filter::field(name).eq(1);
        let joined = (f("a") & f("b")) & (f("c") & f("d"));
        assert_eq!(joined, Filter::And(vec![f("a"), f("b"), f("c"), f("d")]));
        let mixed = (f("a") | f("b")) & f("c");
        assert_eq!(mixed, Filter::And(vec![Filter::Or(vec![f("a"), f("b")]), f("c")]));
        let either = f("a") | (f("b") | f("c"));
        assert_eq!(either, Filter::Or(vec![f("a"), f("b"), f("c")]));
    }

    #[test]
    fn integers_keep_every_digit() {
        let of = |number: Number| {
            let filter = Filter::field("n").eq(number);
            assert_eq!(filter.to_json(), json(&filter));
            json(&filter)
        };
        assert_eq!(of(u64::MAX.into()), r#"{"field":"n","op":"eq","value":18446744073709551615}"#);
        assert_eq!(of(i64::MIN.into()), r#"{"field":"n","op":"eq","value":-9223372036854775808}"#);
        assert_eq!(of(8.0.into()), r#"{"field":"n","op":"eq","value":8.0}"#);
        assert_eq!(Number::from(8_i64), Number::from(8_u64));
    }

    #[test]
    fn filters_without_json_are_rejected() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let filter = Filter::field("n").eq(number);
            let error = serde_json::to_string(&filter).unwrap_err();
            assert!(error.to_string().contains("is not a JSON number"), "{error}");
            assert_eq!(filter.to_json(), r#"{"field":"n","op":"eq","value":null}"#);
        }
        let around: [fn(Filter) -> Filter; 3] = [
            |filter| !filter,
            |filter| Filter::And(vec![filter, Filter::All]),
            |filter| Filter::Or(vec![Filter::All, filter]),
        ];
        for around in around {
            let deep = |levels: usize| (0..levels).fold(Filter::field("n").eq(1), |filter, _| around(filter));
            assert!(serde_json::to_string(&deep(MAX_DEPTH)).is_ok());
            let error = serde_json::to_string(&deep(MAX_DEPTH + 1)).unwrap_err();
            assert!(error.to_string().contains("deeper than 60 levels"), "{error}");
        }
    }

    #[test]
    fn any_depth_is_supported_without_recursion() {
        let of = |innermost: Filter| {
            (0..1_000_000).fold(innermost, |filter, level| match level % 3 {
                0 => !filter,
                1 => Filter::And(vec![filter, Filter::All]),
                _ => Filter::Or(vec![Filter::All, filter]),
            })
        };
        let filter = of(Filter::field("n").eq(1));
        assert_eq!(filter.depth(), 1_000_000);
        let same = filter.clone();
        assert!(filter == same);
        assert!(filter != of(Filter::field("n").eq(2)));
        assert!(filter != !same);
        assert!(filter == filter.canonical());
        let shown = format!("{filter:?}");
        assert!(shown.contains('…') && shown.len() < 1000, "{shown}");
        let innermost = r#"{"field":"n","op":"eq","value":1}"#;
        assert_eq!(filter.to_json().matches(innermost).count(), 1);
    }

    #[test]
    fn filters_are_equal_if_their_json_is() {
        let f = |name: &str| Filter::field(name).eq(1);
        let filters = [
            Filter::field("a\"\n\u{7f}é").contains("\\ \u{2028}"),
            Filter::field("cost").between(-1, 2.5e-7),
            Filter::All,
            f("a"),
            f("b"),
            !f("a"),
            !!f("a"),
            !Filter::All,
            Filter::And(vec![]),
            Filter::Or(vec![]),
            Filter::And(vec![f("a"), f("b")]),
            Filter::Or(vec![f("a"), f("b")]),
            Filter::And(vec![f("a"), f("b"), f("b")]),
            Filter::And(vec![f("b"), f("a")]),
            Filter::And(vec![!f("a"), Filter::Or(vec![f("b")])]),
        ];
        for left in &filters {
            assert_eq!(json(&left.clone()), json(left));
            assert_eq!(left.to_json(), json(left));
            for right in &filters {
                assert_eq!(left == right, json(left) == json(right), "{left:?} {right:?}");
            }
        }
    }

    #[test]
    fn depth_counts_groups() {
        let f = || Filter::field("a").eq(1);
        for (filter, depth) in [
            (Filter::All, 0),
            (f(), 0),
            (Filter::And(vec![]), 0),
            (!f(), 1),
            (f() & f(), 1),
            ((f() & f()) | !!f() | f(), 3),
        ] {
            assert_eq!(filter.depth(), depth, "{filter:?}");
        }
    }

    #[test]
    fn debug_shows_the_structure() {
        let filter = Filter::And(vec![!Filter::All, Filter::Or(vec![Filter::field("n").eq(1)])]);
        let shown = "And([Not(All), Or([Field(FieldFilter { field: \"n\", condition: Compare(Eq, Number(1)) })])])";
        assert_eq!(format!("{filter:?}"), shown);
    }
}
