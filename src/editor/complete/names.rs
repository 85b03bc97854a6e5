//! Completion of fields and operators.

use super::{Completer, CompletionKind, Item, Lead, Trail, matches};
use crate::catalog::{Field, Type};
use crate::editor::scan::Joint;
use crate::filter::Op;
use crate::print;
use crate::span::Span;
use crate::syntax::keyword::NOT;
use crate::syntax::string::path;

impl Completer<'_> {
    /// Adds what can begin a clause.
    pub(super) fn starts(&mut self) {
        if self.scan.clauses < self.compiler.limits.clauses && self.scan.has_room_for_clause(Joint::And) {
            self.fields();
            if self.scan.has_room_for_clause(Joint::Not) {
                self.keyword(NOT, "negates what follows");
            }
            if self.scan.has_room_for_clause(Joint::Group) {
                self.punctuation("(", "begins a group");
            }
        }
        if self.typed.is_empty() && self.scan.has_room(Joint::And, 0) {
            self.keyword("*", "everything");
        }
    }

    fn fields(&mut self) {
        let compiler = self.compiler;
        let path = path(self.typed);
        if let Some((field, key)) = compiler.catalog.resolve(&path).and_then(|found| Some((found.field, found.key?)))
            && field.is_keyed()
        {
            let name = path.get(..path.len() - key.len() - 1).unwrap_or_default();
            self.keys(field, name, key);
        }
        let before = self.found.len();
        for field in compiler.catalog.fields() {
            if let Some(rank) = matches(field.name(), &path) {
                self.field(field, field.name(), rank);
            }
            for alias in field.aliases() {
                if let Some(rank) = matches(alias, &path) {
                    self.field(field, alias, rank.max(1));
                }
            }
        }
        if self.found.len() == before && !path.is_empty() {
            for near in compiler.catalog.nearest(&path).paths {
                if let Some(field) = compiler.catalog.get(&near) {
                    self.field(field, &near, 4);
                }
            }
        }
    }

    fn field(&mut self, field: &Field, name: &str, rank: u8) {
        let mut documentation = field.doc().to_owned();
        if name != field.name() {
            documentation = format!("{}: {documentation}", field.pattern());
        }
        if !field.example().is_empty() {
            documentation = format!("{documentation}\n{}", field.example());
        }
        let mut text = print::field(name);
        let mut label = name.to_owned();
        let mut trail = Trail::Space;
        if field.is_keyed() {
            text.push('.');
            label.push_str(".*");
            trail = Trail::Nothing;
        }
        let kind = CompletionKind::Field;
        self.push(Item { label: &label, kind, documentation, text, lead: Lead::Apart, trail }, rank);
    }

    fn keys(&mut self, field: &Field, name: &str, typed: &str) {
        for key in self.provider.keys(field, typed) {
            let path = format!("{name}.{key}");
            // After some names, an apparent key is a part of another field's name.
            let same = self
                .compiler
                .catalog
                .resolve(&path)
                .is_some_and(|found| found.field == field && found.key == Some(&key));
            if let (Some(rank), true) = (matches(&key, typed), same) {
                let documentation = field.doc().to_owned();
                let text = print::field(&path);
                let kind = CompletionKind::Key;
                self.push(
                    Item { label: &key, kind, documentation, text, lead: Lead::Apart, trail: Trail::Space },
                    rank,
                );
            }
        }
    }

    /// Adds the operators that a field takes; after a `not`, only those that it can negate.
    pub(super) fn operators(&mut self, field: Span, negated: bool) {
        let compiler = self.compiler;
        let written = field.of(self.before);
        let path = path(written);
        let resolved = compiler.catalog.resolve(&path);
        let settings = compiler.settings(&compiler.parameters);
        let field = match &resolved {
            // An empty key is written `""`.
            _ if written.ends_with('.') => return,
            Some(found) if found.key.is_some() == found.field.is_keyed() => Some(found.field),
            None if settings.unknown_fields => None,
            _ => return,
        };
        let takes = |op| settings.takes(field, op);
        let is_time = field.is_some_and(|field| field.ty() == Type::Time);
        // The typed operator may have other letter case and white space.
        let typed: Vec<&str> = self.typed.split_whitespace().collect();
        let typed = typed.join(" ").to_ascii_lowercase();
        for (operator, taken, documentation) in all_operators(&takes, is_time) {
            let (label, is_negative) = match operator.strip_prefix("not ") {
                Some(verb) if negated => (verb, true),
                Some(_) => (operator, true),
                None if negated => continue,
                None => (operator, operator == "!="),
            };
            // Without an operator of the API, a period or range lowers to a group of its two ends.
            let is_pair = match label {
                "between" | "not between" => !takes(Op::Between),
                "=" | "!=" | ":" => is_time && !takes(Op::Eq),
                _ => false,
            };
            let height = usize::from(is_negative) + usize::from(is_pair);
            if taken && label.starts_with(&typed) && self.scan.has_room(Joint::And, height) {
                self.operator(label, documentation);
            }
        }
    }

    fn operator(&mut self, label: &str, documentation: &str) {
        let quantified = label.ends_with("any") || label.ends_with("all");
        let text = if quantified { format!("{label} (") } else { label.to_owned() };
        let lead = if label == ":" { Lead::Close } else { Lead::Apart };
        let trail = if quantified || label == ":" { Trail::Nothing } else { Trail::Space };
        let documentation = documentation.to_owned();
        self.push(Item { label, kind: CompletionKind::Operator, documentation, text, lead, trail }, 0);
    }
}

/// Returns each operator, whether a field takes it, and its description. `takes` answers for the API's operators.
fn all_operators(takes: &dyn Fn(Op) -> bool, is_time: bool) -> [(&'static str, bool, &'static str); 17] {
    // A period is compared by its ends.
    let equal = takes(Op::Eq) || is_time && takes(Op::Gte) && takes(Op::Lt);
    let listed = equal || takes(Op::Gte) || takes(Op::Lte);
    let range = takes(Op::Between) || takes(Op::Gte) && takes(Op::Lte);
    let words = takes(Op::Contains);
    [
        ("=", equal, "is equal"),
        ("!=", equal, "is not equal"),
        ("contains", words, "contains these words, next to one another and in this order, in any letter case"),
        ("in", listed, "is one of a list, or in a range"),
        ("<", takes(Op::Lt), "is less, or before"),
        ("<=", takes(Op::Lte) || is_time && takes(Op::Lt), "is at most, or not after"),
        (">", takes(Op::Gt) || is_time && takes(Op::Gte), "is greater, or after"),
        (">=", takes(Op::Gte), "is at least, or not before"),
        ("between", range, "is in a range, with both ends"),
        (":", equal || words, "the field's natural operator: `=` where it takes that, else `contains`"),
        ("contains any", words, "contains at least one of a list of strings"),
        ("contains all", words, "contains every one of a list of strings"),
        ("not in", listed, "is none of a list, or outside a range"),
        ("not contains", words, "does not contain these words"),
        ("not between", range, "is outside a range"),
        ("not contains any", words, "contains none of a list of strings"),
        ("not contains all", words, "does not contain every one of a list of strings"),
    ]
}
