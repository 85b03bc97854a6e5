//! Examples for what a clause lacks, taken from the example query of its field.

use super::site::Site;
use crate::catalog::Field;
use crate::diagnostic::{Fix, excerpt};
use crate::sketch::{self, Head, Kind, Verb};
use crate::span::Span;

/// The parts of a field's example query.
pub(crate) struct Example<'c> {
    pub(crate) operator: &'c str,
    /// The operator and the value: `= gpt-4o`.
    pub(crate) comparison: &'c str,
    pub(crate) value: &'c str,
    /// The last part of the field's name: the key, if it has one.
    pub(crate) key: &'c str,
}

impl<'c> Example<'c> {
    /// Returns nothing if the catalog has no example for the field, or one that is not a single clause.
    pub(crate) fn of(field: &'c Field) -> Option<Example<'c>> {
        let sketch = sketch::read(field.example());
        let Kind::Clause(head, operand) = sketch.kind(0) else { return None };
        let name = head.field.of(sketch.text);
        let key = name.split_once('.').map_or(name, |(_, key)| key);
        let comparison = head.operator.to(operand.span).of(sketch.text);
        let operator = head.operator.of(sketch.text);
        Some(Example { operator, comparison, value: operand.span.of(sketch.text), key })
    }
}

/// Returns a fix that writes an example value after an operator, if the field takes one there.
pub(crate) fn value(site: &Site, head: Head) -> Option<Fix> {
    let space = if head.verb == Verb::Natural { "" } else { " " };
    written(site, head, Span::at(head.operator.end()), space)
}

/// Returns a fix that writes an example value instead of an empty list.
pub(crate) fn listed(site: &Site, head: Head) -> Option<Fix> {
    written(site, head, site.span(1..3), "")
}

fn written(site: &Site, head: Head, place: Span, space: &str) -> Option<Fix> {
    let example = Example::of(site.field(site.name(head))?)?.value;
    let value = match head.verb {
        Verb::Between => return None,
        _ if head.takes_list() => format!("({example})"),
        _ => example.to_owned(),
    };
    let takes = site.accepts(&format!("{} {value}", site.start(head)));
    takes.then(|| placeholder(site, place, "a value", space, &value))
}

/// Returns a fix that writes an example of an operator and a value after the name of a field.
pub(crate) fn comparison(site: &Site, name: Span) -> Option<Fix> {
    let example = Example::of(site.field(site.slice(name))?)?.comparison;
    let takes = site.accepts(&format!("{} {example}", site.slice(name)));
    takes.then(|| placeholder(site, Span::at(name.end()), "an operator and a value", " ", example))
}

/// Returns a fix that writes the operator of the example between a field and the value after it.
pub(crate) fn operator(site: &Site, end: usize) -> Option<Fix> {
    let example = Example::of(site.field(site.of(0))?)?.operator;
    let text = format!("{} {example} {}", site.of(0), site.text(1..end));
    let is_value = site.value(1) == Some(end) && !site.kind(end).is_unread() && site.accepts(&text);
    is_value.then(|| site.edits().write(site.span(0..end), &text))
}

/// Returns a fix that completes `meta.` with an example of a key.
pub(crate) fn key(site: &Site, field: &Field) -> Option<Fix> {
    let example = Example::of(field)?.key;
    let end = Span::at(site.span(0..1).end());
    Some(placeholder(site, end, "a key", "", example))
}

fn placeholder(site: &Site, place: Span, what: &str, space: &str, example: &str) -> Fix {
    let title = format!("write {what}, such as `{}`", excerpt(example));
    site.edits().replace(title, place, &format!("{space}{example}")).placeholder()
}
