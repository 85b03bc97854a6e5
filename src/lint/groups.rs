//! Compares the tests of a group, and reports contradictions, tautologies and duplicates.
//!
//! Only certain cases are reported, and only for two clauses on one field in one group. A record may lack
//! the field, so conditions that together cover every *value* are not a tautology. Some warnings assume
//! that a record has at most one value of the field, and say so.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;

use crate::catalog::Type;
use crate::checked::{Bound, Checked, Condition, Test};
use crate::compare::{Operand, Relation, relation};
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, Kind, excerpt};
use crate::filter::{Comparison, Number, Scalar};
use crate::span::Span;
use crate::types::number;

pub(super) fn lint(checked: &Checked, text: &str, found: &mut Diagnostics) {
    Linter { text, found }.visit(checked);
}

/// Returns the conditions that are equal to an earlier one: their index, and that of the first.
pub(super) fn duplicates<'c>(conditions: impl Iterator<Item = &'c Condition>) -> Vec<(usize, usize)> {
    let mut sorted: Vec<(Key, usize)> = conditions.map(Key::of).zip(0..).collect();
    sorted.sort_unstable();
    let mut found = Vec::new();
    for equal in sorted.chunk_by(|(left, _), (right, _)| left == right) {
        if let [(_, first), others @ ..] = equal {
            found.extend(others.iter().map(|(_, index)| (*index, *first)));
        }
    }
    found.sort_unstable();
    found
}

struct Linter<'t> {
    text: &'t str,
    found: &'t mut Diagnostics,
}

/// How the parts of a group are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    And,
    Or,
}

impl Join {
    fn connectives(self) -> [&'static str; 2] {
        match self {
            Join::And => ["and", "&&"],
            Join::Or => ["or", "||"],
        }
    }

    /// Whether the negated literals of the group are compared with each other, not the plain ones: `not a or not b` is
    /// a tautology if `a and b` is a contradiction.
    fn compares_negated(self) -> bool {
        self == Join::Or
    }
}

/// A test as a member of a group, possibly negated.
#[derive(Clone, Copy)]
struct Literal<'c> {
    test: &'c Test<'c>,
    negated: bool,
    /// Its index among the literals of the group.
    index: usize,
}

impl<'c> Literal<'c> {
    /// Returns the literal for a part of a group; `None` for a nested group.
    fn of(part: &'c Checked<'c>, index: usize) -> Option<Literal<'c>> {
        match without_negations(part) {
            (Checked::Test(test), negated) => Some(Literal { test, negated: negated != test.clause.negated, index }),
            _ => None,
        }
    }

    /// Whether two literals never give a warning: they are on two fields, or compare with strings as in
    /// `a = x or a = y` and in `a != x and a != y`.
    fn is_unrelated(self, other: Literal<'c>, join: Join) -> bool {
        let is_among = |literal: Literal<'c>| match &literal.test.condition {
            Condition::Compare(Comparison::Eq, Scalar::String(text)) if literal.negated != join.compares_negated() => {
                Some(text)
            }
            _ => None,
        };
        self.test.field != other.test.field
            || matches!((is_among(self), is_among(other)), (Some(left), Some(right)) if left != right)
    }
}

/// A condition in a sortable form, in which 1 and 1.0 are equal.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'c> {
    Compare(Comparison, Value<'c>),
    Contains(Value<'c>),
    Between(Value<'c>, Value<'c>),
    Within(Option<(Comparison, Value<'c>)>, Option<(Comparison, Value<'c>)>),
    Any(Vec<Key<'c>>),
    Every(Vec<Key<'c>>),
}

#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Value<'c> {
    Text(Cow<'c, str>),
    Integer(i128),
    Bits(u64),
}

impl<'c> Key<'c> {
    fn of(condition: &'c Condition) -> Key<'c> {
        let bound = |bound: &'c Option<Bound>| bound.as_ref().map(|end| (end.comparison, Value::of(&end.value)));
        match condition {
            Condition::Compare(comparison, value) => Key::Compare(*comparison, Value::of(value)),
            Condition::Contains(value) => Key::Contains(Value::of(value)),
            Condition::Between(lower, upper) => Key::Between(Value::number(*lower), Value::number(*upper)),
            Condition::Within(lower, upper) => Key::Within(bound(lower), bound(upper)),
            Condition::Any(parts) | Condition::Every(parts) if parts.len() == 1 => {
                parts.first().map_or(Key::Any(Vec::new()), Key::of)
            }
            Condition::Any(parts) => Key::Any(parts.iter().map(Key::of).collect()),
            Condition::Every(parts) => Key::Every(parts.iter().map(Key::of).collect()),
        }
    }
}

impl<'c> Value<'c> {
    fn of(value: &'c Scalar) -> Value<'c> {
        match value {
            Scalar::String(text) => Value::Text(Cow::Borrowed(text)),
            Scalar::Number(number) => Value::number(*number),
        }
    }

    /// Returns a form that is equal for any two values that can equal the same value of a record, by
    /// [`relation`]: the API may ignore the letter case of UUIDs, and compares a score with the number in
    /// a string.
    fn folded(self) -> Value<'c> {
        let Value::Text(text) = self else { return self };
        if let Ok(number) = number::read(&text) {
            return Value::number(number);
        }
        let has_capitals = text.bytes().any(|byte| byte.is_ascii_uppercase());
        Value::Text(if has_capitals { Cow::Owned(text.to_ascii_lowercase()) } else { text })
    }

    fn number(number: Number) -> Value<'c> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if let Some(integer) = number.as_integer() {
            return Value::Integer(integer);
        }
        let float = number.as_f64();
        // Below 2^53, each float without a fraction converts exactly to an integer.
        if float.fract() == 0.0 && float.abs() < EXACT {
            Value::Integer(float as i128)
        } else {
            Value::Bits(float.to_bits())
        }
    }
}

impl Linter<'_> {
    fn visit(&mut self, checked: &Checked) {
        match checked {
            Checked::All | Checked::Test(_) => {}
            Checked::Not(part) => self.visit(part),
            Checked::And(parts) => self.group(parts, Join::And),
            Checked::Or(parts) => self.group(parts, Join::Or),
        }
    }

    fn group(&mut self, parts: &[Checked], join: Join) {
        if are_unrelated(parts, join) {
            for part in parts {
                if !matches!(part, Checked::Test(_)) {
                    self.visit(part);
                }
            }
            return;
        }
        let mut literals = Vec::new();
        for part in parts {
            self.collect(part, join, &mut literals);
        }
        let mut by_field = literals.clone();
        by_field.sort_by_key(|literal| &*literal.test.field);
        let same_field = |left: &Literal, right: &Literal| left.test.field == right.test.field;
        for of_field in by_field.chunk_by(same_field).filter(|of_field| of_field.len() > 1) {
            if let Some((first, second)) = self.duplicates(of_field, &literals, join) {
                self.report_odds(first, second, join);
                continue;
            }
            let compared = of_field.iter().copied().filter(|literal| literal.negated == join.compares_negated());
            if let Some((first, second)) = disjoint(compared) {
                self.report_odds(first, second, join);
            }
        }
    }

    /// Collects the tests of a group, including those of nested groups of the same kind. Other groups are
    /// visited separately.
    fn collect<'c>(&mut self, part: &'c Checked<'c>, join: Join, literals: &mut Vec<Literal<'c>>) {
        let bare = without_negations(part).0;
        match bare {
            Checked::Test(_) => literals.extend(Literal::of(part, literals.len())),
            Checked::And(parts) if join == Join::And && std::ptr::eq(bare, part) => {
                parts.iter().for_each(|part| self.collect(part, join, literals));
            }
            Checked::Or(parts) if join == Join::Or && std::ptr::eq(bare, part) => {
                parts.iter().for_each(|part| self.collect(part, join, literals));
            }
            Checked::And(_) | Checked::Or(_) => self.visit(bare),
            Checked::All | Checked::Not(_) => {}
        }
    }

    /// Reports duplicate literals, and returns two of which one is the negation of the other.
    fn duplicates<'c>(
        &mut self,
        of_field: &[Literal<'c>],
        literals: &[Literal<'c>],
        join: Join,
    ) -> Option<(Literal<'c>, Literal<'c>)> {
        let mut opposed = None;
        let conditions = of_field.iter().map(|literal| &literal.test.condition);
        for (index, first) in duplicates(conditions) {
            let (Some(first), Some(literal)) = (of_field.get(first), of_field.get(index)) else { continue };
            if first.negated != literal.negated {
                opposed = opposed.or(Some((*first, *literal)));
            } else {
                let mut diagnostic = Diagnostic::new(Kind::DuplicateClause, literal.test.clause.span)
                    .label(first.test.clause.span, "first occurrence");
                let before = literal.index.checked_sub(1).and_then(|index| literals.get(index));
                if let Some(before) = before.filter(|before| self.adjoin(**before, *literal, join)) {
                    let place = Span::new(before.test.clause.span.end(), literal.test.clause.span.end());
                    diagnostic = diagnostic.fix(Fix::replace("remove it", place, ""));
                }
                self.found.push(diagnostic);
            }
        }
        opposed
    }

    /// Whether only a connective and negations are between two clauses.
    fn adjoin(&self, first: Literal, second: Literal, join: Join) -> bool {
        let between = Span::new(first.test.clause.span.end(), second.test.clause.span.start()).of(self.text);
        let mut rest = between.split_whitespace().peekable();
        rest.next_if(|word| join.connectives().iter().any(|connective| connective.eq_ignore_ascii_case(word)));
        !between.is_empty() && rest.all(|word| word.eq_ignore_ascii_case("not") || matches!(word, "-" | "!"))
    }

    fn report_odds(&mut self, first: Literal, second: Literal, join: Join) {
        let (field, opposite) = (excerpt(&second.test.field), first.negated != second.negated);
        let kind = match join {
            Join::And => Kind::Contradiction { field, opposite },
            Join::Or => Kind::Tautology { field, opposite },
        };
        let mut diagnostic =
            Diagnostic::new(kind, second.test.clause.span).label(first.test.clause.span, "the other one");
        if let Some(list) = self.as_list(first, second, join) {
            diagnostic = diagnostic.fix(list);
        } else if join == Join::And && !opposite {
            diagnostic = diagnostic.help("to find records that match either, join them with `or`");
        }
        self.found.push(diagnostic);
    }

    /// Rewrites `a = x and a = y` as `a in (x, y)`, and `a != x or a != y` as `a not in (x, y)`.
    fn as_list(&self, first: Literal, second: Literal, join: Join) -> Option<Fix> {
        let negative = join.compares_negated();
        let (left, right) = (self.equality(first.test, negative)?, self.equality(second.test, negative)?);
        let between = Span::new(first.test.clause.span.end(), second.test.clause.span.start()).of(self.text);
        let connective = between.trim();
        let is_joined = join.connectives().iter().any(|word| word.eq_ignore_ascii_case(connective))
            || join == Join::And && connective.is_empty();
        if left.0 != right.0 || !is_joined {
            return None;
        }
        let not = if negative { "not " } else { "" };
        let list = format!("{} {not}in ({}, {})", left.0, left.1, right.1);
        Some(Fix::write(first.test.clause.span.to(second.test.clause.span), list))
    }

    /// Returns the field and the value of a clause with `=`, or with `!=`, as written.
    fn equality(&self, test: &Test, negative: bool) -> Option<(&str, &str)> {
        let Condition::Compare(Comparison::Eq, _) = test.condition else { return None };
        let text = test.clause.span.of(self.text);
        let end = text.find(|char: char| char.is_whitespace() || matches!(char, '=' | ':' | '!' | '<' | '"' | '\''))?;
        let (field, rest) = text.split_at_checked(end)?;
        let operators: &[&str] = if negative { &["!=", "<>"] } else { &["==", "=", ":"] };
        let rest = rest.trim_start();
        let value = operators.iter().find_map(|operator| rest.strip_prefix(operator))?.trim_start();
        (!field.is_empty() && !value.is_empty()).then_some((field, value))
    }
}

/// Strips negations, and returns whether their number is odd.
fn without_negations<'c>(mut part: &'c Checked<'c>) -> (&'c Checked<'c>, bool) {
    let mut negated = false;
    while let Checked::Not(inner) = part {
        negated = !negated;
        part = inner;
    }
    (part, negated)
}

/// Whether no two parts of a group are related. It is only true for groups so small that comparing all pairs is
/// faster than sorting.
fn are_unrelated(parts: &[Checked], join: Join) -> bool {
    const FEW: usize = 8;
    let mut literals = parts.iter().zip(0..).filter_map(|(part, index)| Literal::of(part, index));
    let before = |literal: Literal| parts.iter().take(literal.index).filter_map(|part| Literal::of(part, 0));
    let is_nested = |part: &Checked| match part {
        Checked::And(_) => join == Join::And,
        Checked::Or(_) => join == Join::Or,
        Checked::All | Checked::Test(_) | Checked::Not(_) => false,
    };
    parts.len() <= FEW
        && !parts.iter().any(is_nested)
        && literals.all(|literal| before(literal).all(|other| literal.is_unrelated(other, join)))
}

/// Returns two of the literals, taken without their negations, that no value can match at once.
fn disjoint<'c>(literals: impl Iterator<Item = Literal<'c>>) -> Option<(Literal<'c>, Literal<'c>)> {
    let mut lists = Lists::default();
    let mut lowest: Option<(End, Literal)> = None;
    let mut highest: Option<(End, Literal)> = None;
    for literal in literals {
        if let Some(values) = equal_to(&literal.test.condition)
            && let Some(first) = lists.apart(values, literal)
        {
            return Some((first, literal));
        }
        let Some((lower, upper)) = ends(literal.test) else { continue };
        lowest = outer(lowest, lower.map(|end| (end, literal)), Ordering::Greater, false);
        highest = outer(highest, upper.map(|end| (end, literal)), Ordering::Less, false);
        if let (Some((lower, first)), Some((upper, second))) = (lowest, highest) {
            let apart = match lower.order(upper) {
                Some(Ordering::Greater) => true,
                Some(Ordering::Equal) => !(lower.included && upper.included),
                Some(Ordering::Less) | None => false,
            };
            // If both are the same test, its range is reversed, which is reported elsewhere.
            if apart && first.index != second.index {
                return Some(in_order(first, second));
            }
        }
    }
    None
}

/// The lists of values of some literals. Two lists without a common value contradict each other.
#[derive(Default)]
struct Lists<'c> {
    before: Vec<(HashSet<Value<'c>>, Literal<'c>)>,
    /// The values that all lists contain.
    shared: Option<HashSet<Value<'c>>>,
}

impl<'c> Lists<'c> {
    /// Adds a list, and returns the literal of an earlier list without a common value.
    ///
    /// Three lists may have no common value although each two of them have one. Only the first list that
    /// leaves no common value is compared with each earlier one, so the time stays linear.
    fn apart(&mut self, values: Vec<Value<'c>>, literal: Literal<'c>) -> Option<Literal<'c>> {
        let values: HashSet<Value> = values.into_iter().map(Value::folded).collect();
        match &mut self.shared {
            Some(shared) if shared.is_empty() => return None,
            Some(shared) => {
                shared.retain(|value| values.contains(value));
                if shared.is_empty() {
                    let apart = self.before.iter().find(|(before, _)| before.is_disjoint(&values));
                    return apart.map(|(_, first)| *first);
                }
            }
            None => self.shared = Some(values.clone()),
        }
        self.before.push((values, literal));
        None
    }
}

fn in_order<'c>(left: Literal<'c>, right: Literal<'c>) -> (Literal<'c>, Literal<'c>) {
    if left.index < right.index { (left, right) } else { (right, left) }
}

/// Returns the values that a condition compares with `=`.
fn equal_to(condition: &Condition) -> Option<Vec<Value<'_>>> {
    match condition {
        Condition::Compare(Comparison::Eq, value) => Some(vec![Value::of(value)]),
        Condition::Any(parts) => {
            let each = parts.iter().map(|part| match part {
                Condition::Compare(Comparison::Eq, value) => Some(Value::of(value)),
                _ => None,
            });
            each.collect()
        }
        Condition::Compare(..)
        | Condition::Contains(_)
        | Condition::Between(..)
        | Condition::Within(..)
        | Condition::Every(_) => None,
    }
}

/// An end of a range of numbers or times.
#[derive(Clone, Copy)]
struct End<'c> {
    at: Operand<'c>,
    ty: Type,
    included: bool,
}

impl<'c> End<'c> {
    /// Creates an end; `None` for a string that is not a time, as the guide does not define their order.
    fn new(at: Operand<'c>, included: bool, ty: Type) -> Option<End<'c>> {
        let has_order = matches!(at, Operand::Number(_)) || ty == Type::Time;
        has_order.then_some(End { at, ty, included })
    }

    fn order(self, other: End) -> Option<Ordering> {
        match relation(self.at, other.at, self.ty) {
            Relation::Ordered(ordering) => Some(ordering),
            Relation::Different | Relation::Unrelated | Relation::Unknown => None,
        }
    }
}

/// Returns the lower and the upper end of the values that a test matches.
fn ends<'c>(test: &'c Test) -> Option<(Option<End<'c>>, Option<End<'c>>)> {
    let ty = test.known.map_or(Type::Any, |field| field.ty());
    let end = |value: &'c Scalar, comparison: Comparison| {
        End::new(value.into(), !matches!(comparison, Comparison::Gt | Comparison::Lt), ty)
    };
    match &test.condition {
        Condition::Compare(comparison, value) => {
            let end = end(value, *comparison)?;
            Some(match comparison {
                Comparison::Eq => (Some(end), Some(end)),
                Comparison::Gt | Comparison::Gte => (Some(end), None),
                Comparison::Lt | Comparison::Lte => (None, Some(end)),
            })
        }
        Condition::Between(lower, upper) => {
            let end = |number: &Number| End::new(Operand::Number(*number), true, ty);
            Some((end(lower), end(upper)))
        }
        Condition::Within(lower, upper) => {
            let end = |bound: &'c Option<Bound>| match bound {
                // An end without an order is not the same as a missing end.
                Some(bound) => end(&bound.value, bound.comparison).map(Some),
                None => Some(None),
            };
            Some((end(lower)?, end(upper)?))
        }
        Condition::Contains(_) | Condition::Any(_) | Condition::Every(_) => None,
    }
}

/// Returns the end that is farther in a direction. Of two equal ends, returns the one whose `included` is as given.
fn outer<'c>(
    before: Option<(End<'c>, Literal<'c>)>,
    next: Option<(End<'c>, Literal<'c>)>,
    direction: Ordering,
    included: bool,
) -> Option<(End<'c>, Literal<'c>)> {
    match (before, next) {
        (Some(old), Some(new)) => match new.0.order(old.0) {
            Some(order) if order == direction => Some(new),
            Some(Ordering::Equal) if new.0.included == included => Some(new),
            _ => Some(old),
        },
        (old, new) => old.or(new),
    }
}
