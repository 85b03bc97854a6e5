//! The tree against the catalog: names are resolved and values typed. What comes out always lowers.

mod edits;
mod names;
mod size;
mod values;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::ast::{self, Clause, Expr, Predicate, Token, Value};
use crate::catalog::{Catalog, Field, Type};
use crate::diagnostic::{Diagnostic, Edit, Findings, Fix, Kind, Severity, excerpt};
use crate::filter::{Comparison, Number, Op, Scalar, json_len};
use crate::keyword;
use crate::limits::{Limits, MAX_BYTES, MAX_DEPTH};
use crate::parameters::{Parameter, Parameters};
use crate::parse::clause::is_parameter;
use crate::span::Span;
use crate::types::number;
use crate::types::time::{self, Clock, Moment, Now};
use crate::{lint, print};

use edits::write_operator;
pub(crate) use names::instead_of_existence;
use size::{GROUP, Size};
use values::{Given, takes_range};

/// A query whose names are resolved and whose values are typed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Checked {
    All,
    Test(Test),
    Not(Box<Checked>),
    And(Vec<Checked>),
    Or(Vec<Checked>),
}

/// A field of the API and what it must fulfil.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Test {
    pub(crate) span: Span,
    pub(crate) field: Arc<str>,
    pub(crate) negated: bool,
    pub(crate) condition: Condition,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    Compare(Comparison, Scalar),
    Contains(Scalar),
    Between(Number, Number),
    /// A lower bound, an upper bound, or both.
    Within(Option<Bound>, Option<Bound>),
    /// At least one; never empty.
    Any(Vec<Condition>),
    /// Each one; never empty.
    Every(Vec<Condition>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) comparison: Comparison,
    pub(crate) value: Scalar,
}

/// What a query is checked against.
pub(crate) struct Checker<'c> {
    settings: Settings<'c>,
    clock: Clock<'c>,
    used: BTreeSet<&'c str>,
    /// What the filter will hold at most, of all that is checked so far.
    size: Size,
    /// Whether that is too much.
    full: bool,
    findings: Findings,
    /// Whether a `-` or `!` touches the clause that is checked.
    signed: bool,
}

/// The settings of a check.
#[derive(Clone, Copy)]
pub(crate) struct Settings<'c> {
    pub(crate) catalog: &'c Catalog,
    pub(crate) strict: bool,
    pub(crate) unknown_fields: bool,
    pub(crate) now: &'c Now,
    pub(crate) zone: &'c TimeZone,
    pub(crate) parameters: &'c Parameters,
    pub(crate) limits: &'c Limits,
}

impl<'c> Settings<'c> {
    /// Whether an operator compiles for a field; for one that is not in the catalog, any does.
    pub(crate) fn takes(&self, field: Option<&Field>, op: Op) -> bool {
        field.is_none_or(|field| field.listed().contains(op) || !self.strict && field.unlisted().contains(op))
    }

    pub(crate) fn clock(&self) -> Clock<'c> {
        Clock::new(self.now, self.zone)
    }
}

/// Checks a tree. The checked one is sound only where no error was found; only then do the
/// findings of the last list, about parameters that no clause names, hold as well.
///
/// Of the fields of broken clauses no more than the names can be checked.
pub(crate) fn check(
    expr: &Expr,
    broken: &[ast::Field],
    settings: Settings,
) -> (Checked, Vec<Diagnostic>, Vec<Diagnostic>) {
    let mut checker = Checker::new(settings);
    let checked = checker.expr(expr, 0);
    for field in broken {
        checker.resolve(field, None);
    }
    let unused = settings.parameters.names().filter(|name| !checker.used.contains(name));
    let unused =
        unused.map(|name| Diagnostic::new(Kind::UnusedParameter { name: excerpt(name) }, Span::NOWHERE)).collect();
    (checked, checker.findings.into_vec(), unused)
}

/// Checks one clause; without an error it gives a test.
pub(crate) fn check_clause(clause: &Clause, settings: Settings) -> (Option<Test>, Vec<Diagnostic>) {
    let mut checker = Checker::new(settings);
    let test = checker.clause(clause, 0);
    (test, checker.findings.into_vec())
}

/// A clause that is being checked.
struct Subject<'s> {
    clause: &'s Clause<'s>,
    /// `None` for a field that is not in the catalog.
    field: Option<&'s Field>,
    ty: Type,
    /// The length of the API's name in JSON.
    name_len: usize,
}

impl Subject<'_> {
    /// The field as it was written, for messages.
    fn name(&self) -> String {
        excerpt(&self.clause.field.path)
    }
}

impl<'c> Checker<'c> {
    fn new(settings: Settings<'c>) -> Checker<'c> {
        Checker {
            settings,
            clock: settings.clock(),
            used: BTreeSet::new(),
            size: Size::default(),
            full: false,
            findings: Findings::default(),
            signed: false,
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.findings.push(diagnostic);
    }

    fn expr(&mut self, expr: &Expr, above: usize) -> Checked {
        if above > MAX_DEPTH {
            self.too_deep(expr.span());
            return Checked::All;
        }
        let is_clause = matches!(expr, Expr::Clause(_));
        if self.full || !is_clause && self.hold(GROUP, expr.span()).is_none() {
            return Checked::All;
        }
        match expr {
            Expr::All(_) => Checked::All,
            Expr::Clause(clause) => self.clause(clause, above).map_or(Checked::All, Checked::Test),
            Expr::Text(text) => {
                self.report(Diagnostic::new(Kind::ExpectedOperator { field: excerpt(text.text()) }, text.span));
                Checked::All
            }
            Expr::Not(span, part) => {
                let touches = |clause: &Clause| span.start() + 1 == clause.field.span.start();
                self.signed = matches!(&**part, Expr::Clause(clause) if touches(clause));
                let part = self.expr(part, above + 1);
                self.signed = false;
                Checked::Not(Box::new(part))
            }
            Expr::And(_, parts) => Checked::And(parts.iter().map(|part| self.expr(part, above + 1)).collect()),
            Expr::Or(_, parts) => Checked::Or(parts.iter().map(|part| self.expr(part, above + 1)).collect()),
        }
    }

    fn too_deep(&mut self, span: Span) {
        let kind = Kind::TooDeep { limit: MAX_DEPTH };
        self.report(Diagnostic::new(kind, span).help("flatten the groups, or split the query"));
    }

    fn clause(&mut self, clause: &Clause, above: usize) -> Option<Test> {
        let (field, name) = self.resolve(&clause.field, Some(clause))?;
        let ty = field.map_or(Type::Any, Field::ty);
        let subject = Subject { clause, field, ty, name_len: json_len(&name) };
        let condition = self.condition(&subject)?;
        if above + usize::from(clause.negated) + condition.height() > MAX_DEPTH {
            self.too_deep(clause.span);
            return None;
        }
        let is_list = matches!(condition, Condition::Any(_) | Condition::Every(_));
        self.hold(GROUP.times(usize::from(clause.negated) + usize::from(is_list)), clause.span)?;
        Some(Test { span: clause.span, field: name, negated: clause.negated, condition })
    }

    fn condition(&mut self, subject: &Subject) -> Option<Condition> {
        let condition = match &subject.clause.predicate {
            Predicate::Natural(value) => self.natural(subject, value)?,
            Predicate::Compare(comparison, value) => self.compare(subject, *comparison, value)?,
            Predicate::Contains(value) => {
                self.allow(subject, Op::Contains)?;
                self.words(subject, value).map(Condition::Contains)?
            }
            Predicate::In(values) => {
                let tests = self.each(subject, values, |checker, given, span| {
                    checker.compare_given(subject, Comparison::Eq, given, span)
                })?;
                return Some(Condition::Any(tests));
            }
            Predicate::ContainsAny(values) => return Some(Condition::Any(self.each_words(subject, values)?)),
            Predicate::ContainsAll(values) => return Some(Condition::Every(self.each_words(subject, values)?)),
            Predicate::Range(lower, upper) => self.range(subject, lower.as_ref(), upper.as_ref())?,
            Predicate::Between(lower, upper) => self.between(subject, lower, upper)?,
        };
        self.held(subject, condition, subject.clause.span)
    }

    /// A condition that the filter has room for.
    fn held(&mut self, subject: &Subject, condition: Condition, span: Span) -> Option<Condition> {
        self.hold(condition.size(subject.name_len), span)?;
        Some(condition)
    }

    /// Counts a part of the filter; `None` where it is one too many. That is said once, and then
    /// nothing more is checked.
    fn hold(&mut self, part: Size, span: Span) -> Option<()> {
        if self.full {
            return None;
        }
        self.size = self.size.plus(part);
        let Limits { filters, json_bytes, .. } = *self.settings.limits;
        let json_bytes = json_bytes.min(MAX_BYTES);
        let (what, limit, help) = if self.size.filters > filters {
            ("filters in the JSON it compiles to", filters, "`Limits::filters` raises the limit")
        } else if self.size.json > json_bytes {
            ("bytes in the JSON it compiles to", json_bytes, "`Limits::json_bytes` raises the limit")
        } else {
            return Some(());
        };
        self.full = true;
        self.report(Diagnostic::new(Kind::TooMany { what, limit }, span).help(help));
        None
    }

    /// `:` is `=` where the field takes that, and `contains` elsewhere; two dots make it a range
    /// where the field has an order.
    fn natural(&mut self, subject: &Subject, value: &Value) -> Option<Condition> {
        if let Token::Word(word) = &value.token
            && (subject.ty.is_ordered() || subject.ty == Type::Score && number::is_range(word) && takes_range(subject))
            && let Some((lower, upper)) = word.split_once("..")
        {
            let start = value.span.start();
            let end =
                |text, start| Value { span: Span::new(start, start + str::len(text)), token: word_or_parameter(text) };
            let lower = (!lower.is_empty()).then(|| end(lower, start));
            let upper = (!upper.is_empty()).then(|| end(upper, value.span.end() - upper.len()));
            if lower.is_none() && upper.is_none() {
                self.report(Diagnostic::new(Kind::EndlessRange, value.span).help("write 1..5, 1.. or ..5"));
                return None;
            }
            return self.range(subject, lower.as_ref(), upper.as_ref());
        }
        let takes_eq = subject.field.is_none_or(|field| field.compares(Op::Eq));
        let condition = if takes_eq {
            self.compare(subject, Comparison::Eq, value)?
        } else {
            self.allow(subject, Op::Contains)?;
            self.words(subject, value).map(Condition::Contains)?
        };
        if let Token::Word(word) = &value.token
            && let Some(rest) = subject.after_minus(word)
        {
            self.warn_minus(subject, value.span, word, rest);
        }
        Some(condition)
    }

    fn compare(&mut self, subject: &Subject, comparison: Comparison, value: &Value) -> Option<Condition> {
        if subject.ty != Type::Time {
            self.allow(subject, comparison.op())?;
        }
        let given = self.given(subject, value)?;
        self.compare_given(subject, comparison, given, value.span)
    }

    fn compare_given(
        &mut self,
        subject: &Subject,
        comparison: Comparison,
        given: Given,
        span: Span,
    ) -> Option<Condition> {
        if subject.ty != Type::Time {
            self.allow(subject, comparison.op())?;
            let value = self.scalar(subject, comparison.op(), given, span)?;
            return Some(Condition::Compare(comparison, value));
        }
        let (begin, end) = match self.moment(subject, given, span)? {
            Moment::Instant(at) => {
                self.allow(subject, comparison.op())?;
                return Some(Condition::Compare(comparison, Scalar::Text(time::format(at))));
            }
            Moment::Period(begin, end) => (begin, end),
        };
        let mut bound = |comparison, edge| self.edge(given, edge, span).map(|value| Bound { comparison, value });
        let (lower, upper) = match comparison {
            Comparison::Eq => (Some(bound(Comparison::Gte, begin)?), Some(bound(Comparison::Lt, end)?)),
            Comparison::Lt => (None, Some(bound(Comparison::Lt, begin)?)),
            Comparison::Lte => (None, Some(bound(Comparison::Lt, end)?)),
            Comparison::Gt => (Some(bound(Comparison::Gte, end)?), None),
            Comparison::Gte => (Some(bound(Comparison::Gte, begin)?), None),
        };
        self.within(subject, lower, upper)
    }

    fn within(&mut self, subject: &Subject, lower: Option<Bound>, upper: Option<Bound>) -> Option<Condition> {
        for bound in lower.iter().chain(&upper) {
            self.allow(subject, bound.comparison.op())?;
        }
        Some(Condition::Within(lower, upper))
    }

    fn range(&mut self, subject: &Subject, lower: Option<&Value>, upper: Option<&Value>) -> Option<Condition> {
        if let (Some(Value { span: lower, .. }), Some(Value { span, token: Token::Word(word) })) = (lower, upper)
            && word.strip_prefix('.').is_some_and(|rest| rest.starts_with(|char: char| char.is_ascii_digit()))
            && lower.end() + 2 == span.start()
        {
            let kind = Kind::ThreeDots { upper: excerpt(word) };
            let place = Span::new(lower.end(), span.start() + 1);
            self.report(Diagnostic::new(kind, place).fix(Fix::write(place, "..")).fix(Fix::write(place, "..0.")));
        }
        // A field without an order is told so before its ends are read.
        for (end, op) in [(lower, Op::Gte), (upper, Op::Lte)] {
            if end.is_some() && subject.ty != Type::Time {
                self.allow(subject, op)?;
            }
        }
        let begin = match lower {
            Some(value) => Some(self.bound(subject, value, Comparison::Gte)?),
            None => None,
        };
        let end = match upper {
            Some(value) => Some(self.bound(subject, value, Comparison::Lte)?),
            None => None,
        };
        if let (Some(lower), Some(upper), Some(begin), Some(end)) = (lower, upper, &begin, &end)
            && !self.warn_lone_unit(subject, lower, upper)
        {
            self.warn_reversed(lower, upper, &begin.value, end);
        }
        self.within(subject, begin, end)
    }

    /// One end of a range; a period lies inside as a whole.
    fn bound(&mut self, subject: &Subject, value: &Value, comparison: Comparison) -> Option<Bound> {
        let given = self.given(subject, value)?;
        if subject.ty != Type::Time {
            let value = self.scalar(subject, comparison.op(), given, value.span)?;
            return Some(Bound { comparison, value });
        }
        let (comparison, edge) = match (self.moment(subject, given, value.span)?, comparison) {
            (Moment::Instant(at), comparison) => (comparison, Some(at)),
            (Moment::Period(_, end), Comparison::Lte) => (Comparison::Lt, end),
            (Moment::Period(begin, _), comparison) => (comparison, begin),
        };
        Some(Bound { comparison, value: self.edge(given, edge, value.span)? })
    }

    fn between(&mut self, subject: &Subject, lower: &Value, upper: &Value) -> Option<Condition> {
        if !subject.field.is_none_or(|field| field.takes(Op::Between)) {
            return self.range(subject, Some(lower), Some(upper));
        }
        self.allow(subject, Op::Between)?;
        let mut end = |value: &Value| {
            let given = self.given(subject, value)?;
            match self.scalar(subject, Op::Between, given, value.span)? {
                Scalar::Number(number) => Some(number),
                Scalar::Text(text) => {
                    self.not_a_number(&text, value.span);
                    None
                }
            }
        };
        let (begin, end) = (end(lower), end(upper));
        let (begin, end) = (begin?, end?);
        if !self.warn_lone_unit(subject, lower, upper) {
            self.warn_reversed(lower, upper, &begin.into(), &Bound { comparison: Comparison::Lte, value: end.into() });
        }
        Some(Condition::Between(begin, end))
    }

    fn warn_reversed(&mut self, lower: &Value, upper: &Value, begin: &Scalar, end: &Bound) {
        // The month before June ends where June begins.
        let is_before = end.comparison == Comparison::Lt;
        let reversed = match (begin, &end.value) {
            (Scalar::Number(begin), Scalar::Number(end)) => begin.as_f64() > end.as_f64(),
            (Scalar::Text(begin), Scalar::Text(end)) => begin > end || is_before && begin == end,
            _ => false,
        };
        if reversed {
            let mut diagnostic = Diagnostic::new(Kind::ReversedRange, lower.span.to(upper.span));
            if let (Token::Word(first), Token::Word(second)) = (&lower.token, &upper.token) {
                let edit = |span, text: &str| Edit { span, text: text.to_owned() };
                let edits = vec![edit(lower.span, second), edit(upper.span, first)];
                diagnostic = diagnostic.fix(Fix { title: "swap the ends".to_owned(), edits });
            }
            self.report(diagnostic);
        }
    }

    fn each_words(&mut self, subject: &Subject, values: &[Value]) -> Option<Vec<Condition>> {
        self.allow(subject, Op::Contains)?;
        self.each(subject, values, |checker, given, span| {
            checker.words_given(subject, given, span).map(Condition::Contains)
        })
    }

    /// The values of a list, with those of list parameters among them. All are checked, so that all
    /// that is wrong is said.
    fn each(
        &mut self,
        subject: &Subject,
        values: &[Value],
        mut test: impl FnMut(&mut Self, Given, Span) -> Option<Condition>,
    ) -> Option<Vec<Condition>> {
        let mut tests = Vec::with_capacity(values.len());
        let mut sound = true;
        for value in values {
            let parameter = match &value.token {
                Token::Parameter(name) => self.parameter(name),
                Token::Word(_) | Token::Quoted(_) => None,
            };
            if let (Token::Parameter(name), Some(Parameter::List(items))) = (&value.token, parameter) {
                if items.is_empty() {
                    let help = "the parameter's list is empty, and would match nothing";
                    self.report(Diagnostic::new(Kind::EmptyList, value.span).help(help));
                    sound = false;
                }
                if items.len() > self.settings.limits.values {
                    let kind = Kind::TooMany { what: "values in a list", limit: self.settings.limits.values };
                    self.report(Diagnostic::new(kind, value.span).help("`Limits::values` raises the limit"));
                    return None;
                }
                for item in items {
                    let tested = test(self, Given::Parameter(name, item), value.span);
                    let tested = tested.and_then(|tested| self.held(subject, tested, value.span));
                    if self.full {
                        return None;
                    }
                    sound &= tested.is_some();
                    tests.extend(tested);
                }
                continue;
            }
            let tested = self.given(subject, value).and_then(|given| test(self, given, value.span));
            let tested = tested.and_then(|tested| self.held(subject, tested, value.span));
            if self.full {
                return None;
            }
            sound &= tested.is_some();
            tests.extend(tested);
            // The same operator is refused for every value: once is enough.
            if !sound && tests.is_empty() {
                return None;
            }
        }
        // Without a list among the parameters, each test has its value.
        if sound && tests.len() == values.len() && tests.len() > 1 {
            for (second, first) in lint::duplicates(tests.iter()) {
                self.duplicate_value(values, first, second);
            }
        }
        sound.then_some(tests)
    }

    fn duplicate_value(&mut self, values: &[Value], first: usize, second: usize) {
        let place = |index: usize| values.get(index).map(|value| value.span);
        let (Some(first), Some(before), Some(span)) = (place(first), place(second.saturating_sub(1)), place(second))
        else {
            return;
        };
        let with_comma = Span::new(before.end(), span.end());
        self.report(
            Diagnostic::new(Kind::DuplicateValue, span).label(first, "it stands here already").fix(Fix::replace(
                "remove it",
                with_comma,
                "",
            )),
        );
    }

    /// Whether the field takes an operator; says so where it does not.
    fn allow(&mut self, subject: &Subject, op: Op) -> Option<()> {
        let Some(field) = subject.field else { return Some(()) };
        if field.listed().contains(op) {
            return Some(());
        }
        let clause = subject.clause;
        if !field.takes(op) {
            self.unsupported(subject, field, op);
            return None;
        }
        let kind = Kind::UnlistedOperator { field: field.pattern(), op };
        let mut diagnostic = Diagnostic::new(kind, clause.operator);
        if let (Predicate::Between(lower, upper), Op::Between) = (&clause.predicate, op) {
            let not = if clause.negated { "not " } else { "" };
            let range = format!("{not}in {}", print::range(Some(lower), Some(upper)));
            diagnostic = diagnostic.fix(Fix::write(Span::new(clause.operator.start(), clause.span.end()), range));
        } else {
            diagnostic = diagnostic.help("the vendor's own client uses it");
        }
        if self.settings.strict {
            diagnostic.severity = Severity::Error;
        }
        let severity = diagnostic.severity;
        if !self
            .findings
            .as_slice()
            .iter()
            .any(|other| other.kind == diagnostic.kind && other.location == diagnostic.location)
        {
            self.report(diagnostic);
        }
        (severity == Severity::Warning).then_some(())
    }

    fn unsupported(&mut self, subject: &Subject, field: &Field, op: Op) {
        let clause = subject.clause;
        let operator = clause.predicate.operator(clause.negated);
        let kind = Kind::UnsupportedOperator { field: subject.name(), operator: operator.to_owned() };
        let diagnostic = Diagnostic::new(kind, clause.operator);
        let replace = |ours: &str| match (clause.negated, ours) {
            (true, "=") => write_operator(clause, "!="),
            (true, _) => write_operator(clause, &format!("not {ours}")),
            (false, _) => write_operator(clause, ours),
        };
        let words = field.takes(Op::Contains);
        self.report(match (op, &clause.predicate) {
            (Op::Eq, Predicate::Compare(..)) if words => diagnostic
                .help("it is searched by words: `contains` finds them next to one another and in this order")
                .fix(replace("contains")),
            (Op::Eq, Predicate::In(_)) if words => {
                diagnostic.help("it is searched by words").fix(replace("contains any"))
            }
            (Op::Contains, Predicate::Contains(value)) if field.takes(Op::Eq) => {
                let diagnostic = diagnostic.help(match field.ty() {
                    Type::Text | Type::Uuid => "it is compared as a whole",
                    _ => "it is compared by size, with `=` `<` `<=` `>` `>=`",
                });
                if field.ty().is_plain(value.text()) { diagnostic.fix(replace("=")) } else { diagnostic }
            }
            (Op::Contains, Predicate::ContainsAny(_)) if field.takes(Op::Eq) => {
                diagnostic.help("it is compared as a whole").fix(replace("in"))
            }
            _ => {
                let takes: Vec<String> = Op::ALL
                    .into_iter()
                    .filter(|op| field.takes(*op))
                    .map(|op| format!("`{}`", keyword::operator(op)))
                    .collect();
                diagnostic.help(format!("it takes {}", takes.join(", ")))
            }
        });
    }
}

impl Condition {
    /// How many groups it lowers to, one inside the other.
    pub(crate) fn height(&self) -> usize {
        match self {
            Condition::Compare(..) | Condition::Contains(_) | Condition::Between(..) => 0,
            Condition::Within(lower, upper) => usize::from(lower.is_some() && upper.is_some()),
            Condition::Any(parts) | Condition::Every(parts) => {
                usize::from(parts.len() > 1) + parts.iter().map(Condition::height).max().unwrap_or(0)
            }
        }
    }
}

/// One end of a range that was written behind a colon.
fn word_or_parameter(text: &str) -> Token<'_> {
    match text.strip_prefix('$') {
        Some(name) if is_parameter(text) => Token::Parameter(name.into()),
        _ => Token::Word(text.into()),
    }
}
