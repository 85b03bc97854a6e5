//! The tree against the catalog: names are resolved and values typed. What comes out always lowers.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::ast::{self, Clause, Expr, Predicate, Token, Value};
use crate::catalog::{Catalog, Field, Type};
use crate::diagnostic::{Diagnostic, Findings, Fix, Kind, Severity, excerpt};
use crate::filter::{Comparison, Number, Op, Scalar};
use crate::keyword;
use crate::limits::{Limits, MAX_BYTES, MAX_DEPTH};
use crate::lint;
use crate::parameters::{Parameter, Parameters};
use crate::parse::clause::is_parameter;
use crate::parse::quote;
use crate::span::Span;
use crate::suggest;
use crate::time::{self, Clock, Moment};
use crate::value;

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
    /// Read once for a query, and only where it holds a time.
    clock: OnceCell<Clock>,
    used: BTreeSet<&'c str>,
    /// What the filter will hold at most, of all that is checked so far.
    size: Size,
    /// Whether that is too much.
    full: bool,
    findings: Findings,
}

/// The settings of a check.
#[derive(Clone, Copy)]
pub(crate) struct Settings<'c> {
    pub(crate) catalog: &'c Catalog,
    pub(crate) strict: bool,
    pub(crate) unknown_fields: bool,
    pub(crate) now: Option<Timestamp>,
    pub(crate) zone: &'c TimeZone,
    pub(crate) parameters: &'c Parameters,
    pub(crate) limits: &'c Limits,
}

impl Settings<'_> {
    /// Whether an operator compiles for a field; for one that is not in the catalog, any does.
    pub(crate) fn takes(&self, field: Option<&Field>, op: Op) -> bool {
        field.is_none_or(|field| field.listed().contains(op) || !self.strict && field.unlisted().contains(op))
    }

    pub(crate) fn clock(&self) -> Clock {
        Clock { now: self.now.unwrap_or_else(Timestamp::now), zone: self.zone.clone() }
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

/// A value with its parameter filled in.
#[derive(Clone, Copy)]
enum Given<'v> {
    Word(&'v str),
    Quoted(&'v str),
    Parameter(&'v str, &'v Parameter),
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
            clock: OnceCell::new(),
            used: BTreeSet::new(),
            size: Size::default(),
            full: false,
            findings: Findings::default(),
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
            Expr::Not(_, part) => Checked::Not(Box::new(self.expr(part, above + 1))),
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
        let subject = Subject { clause, field, ty, name_len: text_len(&name) };
        let condition = self.condition(&subject)?;
        if above + usize::from(clause.negated) + condition.height() > MAX_DEPTH {
            self.too_deep(clause.span);
            return None;
        }
        let is_list = matches!(condition, Condition::Any(_) | Condition::Every(_));
        self.hold(GROUP.times(usize::from(clause.negated) + usize::from(is_list)), clause.span)?;
        Some(Test { span: clause.span, field: name, negated: clause.negated, condition })
    }

    /// The catalog's field, if it has one, and the API's name with the key.
    fn resolve(&mut self, written: &ast::Field, clause: Option<&Clause>) -> Option<(Option<&'c Field>, Arc<str>)> {
        let path: &str = &written.path;
        let Some(resolved) = self.settings.catalog.resolve(path) else {
            if self.settings.unknown_fields {
                return Some((None, Arc::from(path)));
            }
            self.unknown_field(written, clause);
            return None;
        };
        let field = resolved.field;
        match resolved.key {
            None if field.is_keyed() => {
                let kind = Kind::MissingKey { field: excerpt(path) };
                let help = format!("a key follows the name: `{}`", field.sample());
                self.report(Diagnostic::new(kind, written.span).help(help));
                None
            }
            Some(_) if !field.is_keyed() => {
                let name_len = path.len() - resolved.key.map_or(0, |key| key.len() + 1);
                let name = path.get(..name_len).unwrap_or(path);
                let kind = Kind::UnexpectedKey { field: excerpt(name) };
                self.report(Diagnostic::new(kind, written.span).fix(Fix::write(written.span, name)));
                None
            }
            None => Some((Some(field), field.shared_name())),
            Some(key) => Some((Some(field), Arc::from([field.name(), ".", key].concat()))),
        }
    }

    fn unknown_field(&mut self, written: &ast::Field, clause: Option<&Clause>) {
        let path: &str = &written.path;
        let value = match clause.map(|clause| &clause.predicate) {
            Some(Predicate::Natural(value) | Predicate::Compare(_, value)) => Some(value),
            _ => None,
        };
        let named = value.and_then(|value| self.settings.catalog.resolve(value.text()));
        if let (Some(clause), Some(value), Some(named)) = (clause, value, named) {
            if is_existence_test(path) {
                let kind = Kind::ExistenceTest { field: excerpt(value.text()) };
                let help = instead_of_existence(Some(named.field));
                self.report(Diagnostic::new(kind, clause.span).help(help));
                return;
            }
            if let (Predicate::Compare(comparison, _), Token::Word(name)) = (&clause.predicate, &value.token) {
                let turned = keyword::turned(keyword::operator(comparison.op())).unwrap_or("=");
                let turned = if clause.negated { "!=" } else { turned };
                let diagnostic = Diagnostic::new(Kind::UnknownField { field: excerpt(path) }, written.span);
                let mended = format!("{name} {turned} {}", crate::print::text(path));
                self.report(diagnostic.help("the field stands on the left").fix(Fix::write(clause.span, mended)));
                return;
            }
        }
        let mut diagnostic = Diagnostic::new(Kind::UnknownField { field: excerpt(path) }, written.span);
        let near: Vec<String> =
            suggest::fields(path, self.settings.catalog).iter().map(|path| crate::print::field(path)).collect();
        if near.is_empty() {
            diagnostic = diagnostic.help("`freeplay-filter --fields` lists the fields");
        }
        self.report(diagnostic.rename(written.span, near));
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
        if let (Token::Word(word), true) = (&value.token, subject.ty.is_ordered())
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
        let takes_eq = subject.field.is_none_or(|field| field.takes(Op::Eq) || field.ty() == Type::Time);
        if takes_eq {
            self.compare(subject, Comparison::Eq, value)
        } else {
            self.allow(subject, Op::Contains)?;
            self.words(subject, value).map(Condition::Contains)
        }
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
        let bound = |comparison, at| Bound { comparison, value: Scalar::Text(time::format(at)) };
        match (self.moment(subject, given, span)?, comparison) {
            (Moment::Instant(at), _) => {
                self.allow(subject, comparison.op())?;
                Some(Condition::Compare(comparison, Scalar::Text(time::format(at))))
            }
            (Moment::Period(begin, end), Comparison::Eq) => {
                self.within(subject, Some(bound(Comparison::Gte, begin)), Some(bound(Comparison::Lt, end)))
            }
            (Moment::Period(begin, _), Comparison::Lt) => {
                self.within(subject, None, Some(bound(Comparison::Lt, begin)))
            }
            (Moment::Period(_, end), Comparison::Lte) => self.within(subject, None, Some(bound(Comparison::Lt, end))),
            (Moment::Period(_, end), Comparison::Gt) => self.within(subject, Some(bound(Comparison::Gte, end)), None),
            (Moment::Period(begin, _), Comparison::Gte) => {
                self.within(subject, Some(bound(Comparison::Gte, begin)), None)
            }
        }
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
        if let (Some(lower), Some(upper), Some(begin), Some(end)) = (lower, upper, &begin, &end) {
            self.warn_reversed(lower, upper, &begin.value, &end.value);
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
        let (comparison, at) = match (self.moment(subject, given, value.span)?, comparison) {
            (Moment::Instant(at), comparison) => (comparison, at),
            (Moment::Period(_, end), Comparison::Lte) => (Comparison::Lt, end),
            (Moment::Period(begin, _), comparison) => (comparison, begin),
        };
        Some(Bound { comparison, value: Scalar::Text(time::format(at)) })
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
        self.warn_reversed(lower, upper, &begin.into(), &end.into());
        Some(Condition::Between(begin, end))
    }

    fn warn_reversed(&mut self, lower: &Value, upper: &Value, begin: &Scalar, end: &Scalar) {
        let reversed = match (begin, end) {
            (Scalar::Number(begin), Scalar::Number(end)) => begin.as_f64() > end.as_f64(),
            (Scalar::Text(begin), Scalar::Text(end)) => begin > end,
            _ => false,
        };
        if reversed {
            let mut diagnostic = Diagnostic::new(Kind::ReversedRange, lower.span.to(upper.span));
            if let (Token::Word(first), Token::Word(second)) = (&lower.token, &upper.token) {
                let edit = |span, text: &str| crate::diagnostic::Edit { span, text: text.to_owned() };
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
            let range = format!("{not}in {}", crate::print::range(Some(lower), Some(upper)));
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
        let replace = |ours: &str| {
            let not = if clause.negated && ours != "!=" { "not " } else { "" };
            write_operator(clause, &format!("{not}{ours}"))
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
                if is_plainly(value.text(), field.ty()) { diagnostic.fix(replace("=")) } else { diagnostic }
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

    /// The value, with its parameter filled in.
    fn given<'v>(&mut self, subject: &Subject, value: &'v Value) -> Option<Given<'v>>
    where
        'c: 'v,
    {
        match &value.token {
            Token::Word(word) => self.literal(subject, word, value.span).then_some(Given::Word(word)),
            Token::Quoted(text) => Some(Given::Quoted(text)),
            Token::Parameter(name) => {
                let parameter = self.parameter(name);
                if parameter.is_none() {
                    let kind = Kind::MissingParameter { name: excerpt(name) };
                    self.report(Diagnostic::new(kind, value.span).help("a text that begins with `$` is put in quotes"));
                }
                if let Some(Parameter::List(_)) = parameter {
                    let kind = Kind::ListParameter { name: excerpt(name) };
                    self.report(Diagnostic::new(kind, value.span).help("lists go with `in` and `contains any`"));
                    return None;
                }
                parameter.map(|parameter| Given::Parameter(name, parameter))
            }
        }
    }

    fn parameter(&mut self, name: &str) -> Option<&'c Parameter> {
        let (name, parameter) = self.settings.parameters.get(name)?;
        self.used.insert(name);
        Some(parameter)
    }

    /// Refuses a bare word that is a pattern or a test of another language, and doubts one that is
    /// another part of one.
    fn literal(&mut self, subject: &Subject, word: &str, span: Span) -> bool {
        let searched_by_words = subject.field.is_some_and(|field| field.takes(Op::Contains));
        let is_text = matches!(subject.ty, Type::Text | Type::Score);
        let quoted = || Fix::replace("take it literally, in quotes", span, quote(word));
        let diagnostic = if word == "*" || word.eq_ignore_ascii_case("null") {
            let kind = Kind::ExistenceTest { field: subject.name() };
            Diagnostic::new(kind, span).help(instead_of_existence(subject.field))
        } else if word.len() > 1 && word.starts_with('/') && (word.ends_with('/') || word.ends_with("/i")) {
            let kind = Kind::RegularExpression { text: excerpt(word) };
            let inside = word.trim_start_matches('/').trim_end_matches('i').trim_end_matches('/');
            let diagnostic = Diagnostic::new(kind, span);
            let is_word = !inside.is_empty() && inside.chars().all(|char| char.is_alphanumeric() || char == '-');
            match (searched_by_words, is_word) {
                (true, true) => diagnostic.fix(Fix::write(span, crate::print::text(inside))),
                (true, false) => diagnostic.help("`contains` finds whole words, next to one another and in this order"),
                (false, _) => diagnostic.help("list the values that are meant, as in `in (a, b)`"),
            }
        } else if word.contains('*') {
            let diagnostic = Diagnostic::new(Kind::Wildcard { text: excerpt(word) }, span);
            let inside = word.trim_matches('*');
            if searched_by_words {
                let diagnostic = diagnostic.help("`contains` finds whole words");
                let is_word = !inside.contains('*') && inside.chars().any(char::is_alphanumeric);
                let trimmed = inside.trim_end_matches(['-', '_']);
                if is_word { diagnostic.fix(Fix::write(span, crate::print::text(trimmed))) } else { diagnostic }
            } else {
                let diagnostic = diagnostic.help("list the values that are meant, as in `in (a, b)`");
                if is_text { diagnostic.fix(quoted()) } else { diagnostic }
            }
        } else {
            if is_text && let Some(mended) = suggest::doubtful(word) {
                let diagnostic = Diagnostic::new(Kind::DoubtfulValue { text: excerpt(word) }, span);
                self.report(match mended {
                    Some(mended) => diagnostic.fix(Fix::write(span, crate::print::text(mended))),
                    None if word.starts_with(char::is_alphabetic) => {
                        diagnostic.help(instead_of_existence(subject.field)).fix(quoted())
                    }
                    None => diagnostic.help("it looks like a placeholder that was not filled in").fix(quoted()),
                });
            }
            return true;
        };
        self.report(diagnostic);
        false
    }

    fn words(&mut self, subject: &Subject, value: &Value) -> Option<Scalar> {
        let given = self.given(subject, value)?;
        self.words_given(subject, given, value.span)
    }

    /// A value for `contains`.
    fn words_given(&mut self, subject: &Subject, given: Given, span: Span) -> Option<Scalar> {
        let value = self.scalar(subject, Op::Contains, given, span)?;
        if let Scalar::Text(text) = &value {
            let numeric =
                text.strip_prefix('-').is_some_and(|rest| rest.starts_with(|char: char| char.is_ascii_digit()));
            if !text.chars().any(char::is_alphanumeric) {
                self.report(
                    Diagnostic::new(Kind::NoWords { text: excerpt(text) }, span)
                        .help("punctuation and special characters only separate words"),
                );
            } else if !numeric
                && (text.starts_with(['-', '_', '%', '…'])
                    || text.ends_with(['-', '_', '%', '…'])
                    || text.ends_with("..."))
            {
                let trimmed = text.trim_matches('%');
                let diagnostic = Diagnostic::new(Kind::PartOfWord { text: excerpt(text) }, span)
                    .help("write the whole word that is looked for");
                // What SQL calls a substring is likely a word as it stands.
                let is_word =
                    trimmed.len() < text.len() && trimmed.chars().all(|char| char.is_alphanumeric() || char == ' ');
                self.report(if is_word {
                    diagnostic.fix(Fix::write(span, crate::print::text(trimmed)))
                } else {
                    diagnostic
                });
            }
        }
        Some(value)
    }

    /// A value as the field's type reads it. Times are read by `moment`.
    fn scalar(&mut self, subject: &Subject, op: Op, given: Given, span: Span) -> Option<Scalar> {
        match subject.ty {
            Type::Text => self.text(subject, given, span).map(Scalar::Text),
            Type::Uuid => {
                let text = self.text(subject, given, span)?;
                if text.len() == 36 && uuid::Uuid::try_parse(&text).is_ok() {
                    return Some(Scalar::Text(text));
                }
                self.invalid_value(subject, &text, span);
                None
            }
            Type::Number | Type::Usd | Type::Seconds | Type::Time => {
                self.number(subject, given, span).map(Scalar::Number)
            }
            Type::Score | Type::Any => self.score(subject, op, given, span),
        }
    }

    fn text(&mut self, subject: &Subject, given: Given, span: Span) -> Option<String> {
        match given {
            Given::Word(text) | Given::Quoted(text) => Some(text.to_owned()),
            Given::Parameter(_, Parameter::Text(text)) => Some(text.clone()),
            Given::Parameter(_, Parameter::Number(number)) if number.as_integer().is_some() => Some(number.to_string()),
            Given::Parameter(name, parameter) => self.wrong_value(subject, name, parameter, span),
        }
    }

    fn wrong_value<T>(&mut self, subject: &Subject, name: &str, parameter: &Parameter, span: Span) -> Option<T> {
        let found = format!("{} in `${}`", parameter.describe(), excerpt(name));
        let kind = Kind::WrongValue { field: subject.name(), expected: subject.ty.describe(), found };
        self.report(Diagnostic::new(kind, span));
        None
    }

    fn number(&mut self, subject: &Subject, given: Given, span: Span) -> Option<Number> {
        let text = match given {
            Given::Word(text) | Given::Quoted(text) => text,
            Given::Parameter(_, Parameter::Number(number)) if number.is_finite() => return Some(*number),
            Given::Parameter(name, parameter) => return self.wrong_value(subject, name, parameter, span),
        };
        let read = match subject.ty {
            Type::Usd if value::is_money(text) => value::money(text),
            Type::Seconds => match value::duration(text) {
                Ok(number) => return Some(number),
                Err(_) => value::number(text),
            },
            _ => value::number(text),
        };
        match read {
            Ok(number) => {
                if subject.ty == Type::Seconds {
                    self.warn_seconds(subject, number, text, span);
                }
                Some(number)
            }
            Err(Kind::InvalidNumber { .. }) => {
                self.invalid_number(subject, text, span);
                None
            }
            Err(kind) => {
                self.report(Diagnostic::new(kind, span));
                None
            }
        }
    }

    fn invalid_number(&mut self, subject: &Subject, text: &str, span: Span) {
        let wrong = |kind, home: Type| {
            let field = self.settings.catalog.of_type(home).map(|field| format!("{kind} goes with `{}`", field.name()));
            let kind =
                Kind::WrongUnit { text: excerpt(text), kind, field: subject.name(), expected: subject.ty.describe() };
            let diagnostic = Diagnostic::new(kind, span);
            field.map_or(diagnostic.clone(), |help| diagnostic.help(help))
        };
        let diagnostic = if value::is_duration(text) && subject.ty != Type::Seconds {
            wrong("a duration", Type::Seconds)
        } else if value::is_money(text) && subject.ty != Type::Usd {
            wrong("an amount of money", Type::Usd)
        } else if let Some(Kind::NumberRange { .. }) =
            value::duration(text).err().filter(|_| subject.ty == Type::Seconds)
        {
            Diagnostic::new(Kind::NumberRange { text: excerpt(text) }, span)
        } else {
            self.invalid_value(subject, text, span);
            return;
        };
        self.report(diagnostic);
    }

    /// A value that is none of its field's type, with what was likely meant.
    fn invalid_value(&mut self, subject: &Subject, text: &str, span: Span) {
        let (kind, help) = invalid(subject.ty, excerpt(text));
        let diagnostic = Diagnostic::new(kind, span);
        let clause = subject.clause;
        let is_eq = matches!(clause.predicate, Predicate::Compare(Comparison::Eq, _) | Predicate::Natural(_));
        let in_place = |ours: String| {
            let touches = clause.operator.start() == clause.field.span.end();
            let title = format!("write `{ours}`");
            let text = if touches { format!(" {ours}") } else { ours };
            Fix::replace(title, clause.operator.to(span), text)
        };
        let range = text.split_once("..").or_else(|| text.split_once('-')).filter(|(lower, upper)| {
            let is_end = |end: &str| is_plainly(end, subject.ty);
            is_end(lower) && is_end(upper)
        });
        self.report(match (range, suggest::value(text, subject.ty)) {
            (Some((lower, upper)), _) if matches!(&clause.predicate, Predicate::In(values) if values.len() == 1) => {
                let list = Span::new(clause.operator.end(), clause.span.end());
                let text = format!("{lower}..{upper}");
                diagnostic.help("a range stands without parentheses").fix(Fix::replace(
                    format!("write `{text}`"),
                    list,
                    format!(" {text}"),
                ))
            }
            (Some((lower, upper)), _) if is_eq => {
                let not = if clause.negated { "not " } else { "" };
                diagnostic.fix(in_place(format!("{not}in {lower}..{upper}")))
            }
            // No instant was meant, but the time since then.
            (_, Some(mended)) if is_eq && !clause.negated && mended.starts_with("now-") => {
                diagnostic.fix(in_place(format!(">= {mended}")))
            }
            (_, Some(mended)) => diagnostic.fix(Fix::write(span, mended)),
            (_, None) => diagnostic.help(help),
        });
    }

    /// Nobody waits this long, and many measure in milliseconds.
    fn warn_seconds(&mut self, subject: &Subject, number: Number, text: &str, span: Span) {
        const UNLIKELY: f64 = 100.0;
        if number.as_f64() >= UNLIKELY && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let kind = Kind::AssumedSeconds { field: subject.name() };
            self.report(
                Diagnostic::new(kind, span)
                    .fix(Fix::replace(format!("write `{text}ms` for milliseconds"), span, format!("{text}ms")))
                    .fix(Fix::replace(format!("write `{text}s` for seconds"), span, format!("{text}s"))),
            );
        }
    }

    fn score(&mut self, subject: &Subject, op: Op, given: Given, span: Span) -> Option<Scalar> {
        let read = match given {
            Given::Word(word) => match value::number(word) {
                Ok(number) => Scalar::Number(number),
                Err(kind @ Kind::NumberRange { .. }) => {
                    self.report(Diagnostic::new(kind, span).help("in quotes it is a text"));
                    return None;
                }
                Err(_) => Scalar::Text(word.to_owned()),
            },
            Given::Quoted(text) => Scalar::Text(text.to_owned()),
            Given::Parameter(_, Parameter::Text(text)) => Scalar::Text(text.clone()),
            Given::Parameter(_, Parameter::Number(number)) if number.is_finite() => Scalar::Number(*number),
            Given::Parameter(name, parameter) => return self.wrong_value(subject, name, parameter, span),
        };
        match (&read, op) {
            (Scalar::Text(text), Op::Gt | Op::Gte | Op::Lt | Op::Lte | Op::Between) if subject.ty == Type::Score => {
                self.not_a_number(text, span);
                None
            }
            (Scalar::Text(_), Op::Eq) if subject.ty == Type::Score => {
                self.warn_text_equality(subject, given, span);
                Some(read)
            }
            _ => Some(read),
        }
    }

    fn not_a_number(&mut self, text: &str, span: Span) {
        let diagnostic = Diagnostic::new(Kind::InvalidNumber { text: excerpt(text) }, span);
        self.report(match value::number(text) {
            Ok(_) => diagnostic.help("in quotes it is a text").fix(Fix::write(span, text)),
            Err(_) => diagnostic.help("only numbers have an order here"),
        });
    }

    fn warn_text_equality(&mut self, subject: &Subject, given: Given, span: Span) {
        let mut diagnostic = Diagnostic::new(Kind::TextEquality { field: subject.name() }, span);
        let clause = subject.clause;
        if let Given::Quoted(text) = given
            && value::number(text).is_ok()
        {
            diagnostic = diagnostic.help("without quotes it is a number").fix(Fix::write(span, text));
        } else if subject.field.is_some_and(|field| field.takes(Op::Contains))
            && matches!(clause.predicate, Predicate::Compare(..) | Predicate::Natural(_))
        {
            let not = if clause.negated { "not " } else { "" };
            diagnostic = diagnostic
                .help("a text or a boolean result is found with `contains`")
                .fix(write_operator(clause, &format!("{not}contains")));
        } else {
            diagnostic = diagnostic.help("a text is never found this way");
        }
        self.report(diagnostic);
    }

    fn moment(&mut self, subject: &Subject, given: Given, span: Span) -> Option<Moment> {
        let text = match given {
            Given::Word(text) | Given::Quoted(text) => text,
            Given::Parameter(_, Parameter::Text(text)) => text,
            Given::Parameter(_, Parameter::Time(at)) => {
                // Read back, so that its year and its fraction are checked like those of any text.
                return match Moment::read(&at.to_string(), self.clock.get_or_init(|| self.settings.clock())) {
                    Ok(moment) => Some(moment),
                    Err(error) => {
                        self.report(Diagnostic::new(error.kind, span));
                        None
                    }
                };
            }
            Given::Parameter(name, parameter) => return self.wrong_value(subject, name, parameter, span),
        };
        match Moment::read(text, self.clock.get_or_init(|| self.settings.clock())) {
            Ok(moment) => Some(moment),
            Err(error) => {
                if matches!(error.kind, Kind::InvalidTime { .. }) && suggest::value(text, Type::Time).is_some() {
                    self.invalid_value(subject, text, span);
                } else {
                    let mut diagnostic = Diagnostic::new(error.kind, span);
                    diagnostic.help = error.help.map(str::to_owned);
                    self.report(diagnostic);
                }
                None
            }
        }
    }
}

/// The finding for a text that is no value of a type, and what to write instead.
pub(crate) fn invalid(ty: Type, text: String) -> (Kind, &'static str) {
    match ty {
        Type::Time => (Kind::InvalidTime { text }, time::FORMS),
        Type::Seconds => (Kind::InvalidDuration { text }, "write 500ms, 8s, 1.5m, 1h30m, or a number of seconds"),
        Type::Uuid => (Kind::InvalidUuid { text }, "write 32 hexadecimal digits as 8-4-4-4-12"),
        Type::Usd => (Kind::InvalidNumber { text }, "write $0.01 or 0.01"),
        Type::Number | Type::Score | Type::Text | Type::Any => {
            (Kind::InvalidNumber { text }, "write 12, -0.5, 1e-3 or 1_000")
        }
    }
}

/// Whether a text is a value of a type in its simplest form.
fn is_plainly(text: &str, ty: Type) -> bool {
    match ty {
        Type::Text | Type::Any => !text.contains('*'),
        Type::Uuid => uuid::Uuid::try_parse(text).is_ok(),
        Type::Usd => value::money(text).is_ok(),
        Type::Seconds => value::is_duration(text) || value::number(text).is_ok(),
        Type::Number | Type::Score => value::number(text).is_ok(),
        Type::Time => false,
    }
}

/// What can be written where a test for a value was meant.
pub(crate) fn instead_of_existence(field: Option<&Field>) -> &'static str {
    if field.is_none_or(|field| field.takes(Op::Eq) || field.ty() == Type::Time) {
        "search for the values that are meant, or exclude known ones with `!=`"
    } else {
        "search for words that are meant, or exclude known ones with `not contains`"
    }
}

/// Whether other languages test with this name whether a field has a value.
fn is_existence_test(path: &str) -> bool {
    matches!(path.to_ascii_lowercase().as_str(), "has" | "exists" | "is" | "_exists_" | "missing" | "no" | "_missing_")
}

/// How much a filter holds, at most.
#[derive(Clone, Copy, Default)]
struct Size {
    filters: usize,
    json: usize,
}

/// `{"and":[]}`, with a comma behind it.
const GROUP: Size = Size { filters: 1, json: 11 };

impl Size {
    fn plus(self, other: Size) -> Size {
        Size { filters: self.filters.saturating_add(other.filters), json: self.json.saturating_add(other.json) }
    }

    fn times(self, count: usize) -> Size {
        Size { filters: self.filters.saturating_mul(count), json: self.json.saturating_mul(count) }
    }
}

/// The longest number in JSON.
const NUMBER_LEN: usize = "-2.2250738585072014e-308".len();

/// The length of a text in JSON.
fn text_len(text: &str) -> usize {
    let written = |byte| match byte {
        b'"' | b'\\' => 2,
        0..=0x1f => "\\u0000".len(),
        _ => 1,
    };
    "\"\"".len() + text.bytes().map(written).sum::<usize>()
}

impl Condition {
    /// What it lowers to for a field whose name has so many bytes in JSON; the parts of lists are
    /// counted one by one.
    fn size(&self, name_len: usize) -> Size {
        let of = |value_len: usize| Size {
            filters: 1,
            json: r#"{"field":,"op":"contains","value":},"#.len() + name_len + value_len,
        };
        let with = |value: &Scalar| match value {
            Scalar::Text(text) => of(text_len(text)),
            Scalar::Number(_) => of(NUMBER_LEN),
        };
        match self {
            Condition::Compare(_, value) | Condition::Contains(value) => with(value),
            Condition::Between(..) => of("[,]".len() + 2 * NUMBER_LEN),
            Condition::Within(lower, upper) => {
                lower.iter().chain(upper).fold(GROUP, |size, bound| size.plus(with(&bound.value)))
            }
            Condition::Any(_) | Condition::Every(_) => Size::default(),
        }
    }

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

/// Replaces a clause's operator; a word stands apart from what is left and right of it.
fn write_operator(clause: &Clause, ours: &str) -> Fix {
    let is_word = ours.ends_with(char::is_alphabetic);
    let before = is_word && clause.field.span.end() == clause.operator.start();
    let touches = |value: &Value| value.span.start() == clause.operator.end();
    let after = is_word
        && match &clause.predicate {
            Predicate::Natural(value) | Predicate::Compare(_, value) | Predicate::Contains(value) => touches(value),
            _ => false,
        };
    let text = format!("{}{ours}{}", if before { " " } else { "" }, if after { " " } else { "" });
    Fix::replace(format!("write `{ours}`"), clause.operator, text)
}

/// One end of a range that was written behind a colon.
fn word_or_parameter(text: &str) -> Token<'_> {
    match text.strip_prefix('$') {
        Some(name) if is_parameter(text) => Token::Parameter(name.into()),
        _ => Token::Word(text.into()),
    }
}
