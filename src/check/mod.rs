//! Checks a tree against the catalog: resolves names and types values. A checked tree can always be lowered.

mod digits;
mod edits;
mod names;
mod size;
mod unknown;
mod values;

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::ast::{self, Clause, Expr, Predicate, Token, Value};
use crate::catalog::{Catalog, Field, Type};
use crate::checked::{Asked, Bound, Checked, Condition, Test};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, Kind, Severity, excerpt};
use crate::filter::{Comparison, Op, Scalar, json_len};
use crate::limits::{Limits, MAX_BYTES, MAX_DEPTH, RAISED};
use crate::parameters::{self, Parameter, Parameters};
use crate::print;
use crate::span::Span;
use crate::syntax::string;
use crate::types::time::{self, Clock, Moment, Now};

pub(crate) use edits::{is_bare, literal, write_operator};
pub(crate) use names::instead_of_existence;
use size::{GROUP, Size};
pub(crate) use unknown::OPERATOR_IN_NAME;
use values::Input;
pub(crate) use values::{natural_range, newer_or_older};

/// Checks a query, and collects diagnostics.
struct Checker<'c> {
    settings: Settings<'c>,
    clock: Clock<'c>,
    used: BTreeSet<&'c str>,
    /// The maximum size of the filter for what was checked so far.
    size: Size,
    /// Whether a limit was exceeded.
    is_over_limit: bool,
    diagnostics: Diagnostics,
}

/// The settings of a check.
#[derive(Clone, Copy)]
pub(crate) struct Settings<'c> {
    pub(crate) catalog: &'c Catalog,
    pub(crate) strict: bool,
    pub(crate) unknown_fields: bool,
    /// The field in which text without a field is searched.
    pub(crate) text_field: Option<&'c str>,
    pub(crate) now: &'c Now,
    pub(crate) zone: &'c TimeZone,
    pub(crate) parameters: &'c Parameters,
    /// The severity of an unused parameter; `None` to ignore it.
    pub(crate) unused_parameters: Option<Severity>,
    pub(crate) limits: &'c Limits,
}

impl<'c> Settings<'c> {
    /// Whether a field takes an operator. An unknown field takes any.
    pub(crate) fn takes(&self, field: Option<&Field>, op: Op) -> bool {
        field.is_none_or(|field| {
            field.operators().contains(op) || !self.strict && field.unlisted_operators().contains(op)
        })
    }

    pub(crate) fn clock(&self) -> Clock<'c> {
        Clock::new(self.now, self.zone)
    }
}

/// Checks a query. Returns the checked tree and the warnings, or the errors.
pub(crate) fn check<'q>(
    expr: &'q Expr<'q>,
    settings: Settings<'q>,
) -> Result<(Checked<'q>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut checker = Checker::new(settings);
    let checked = checker.expr(expr, 0);
    let found = &mut checker.diagnostics;
    // An invalid clause may use the parameter.
    if let (Some(_), Some(severity)) = (&checked, settings.unused_parameters) {
        for name in settings.parameters.names().filter(|name| !checker.used.contains(name)) {
            let mut unused = Diagnostic::new(Kind::UnusedParameter { name: excerpt(name) }, Span::NOWHERE);
            unused.severity = severity;
            if !parameters::is_name(name) {
                unused = unused.help(format!("no query can use it: {}", parameters::NAME));
            }
            found.push(unused);
        }
    }
    let is_wrong = found.tally().errors > 0;
    let found = checker.diagnostics.into_vec();
    match checked.filter(|_| !is_wrong) {
        Some(checked) => Ok((checked, found)),
        None => Err(found),
    }
}

/// Checks one clause. Returns a test if there are no errors.
pub(crate) fn check_clause<'q>(clause: &'q Clause<'q>, settings: Settings<'q>) -> (Option<Test<'q>>, Vec<Diagnostic>) {
    let mut checker = Checker::new(settings);
    let test = checker.clause(Asked::Clause(clause), 0);
    (test, checker.diagnostics.into_vec())
}

/// Checks a term of text.
pub(crate) fn check_text(term: &Value, settings: Settings) -> Vec<Diagnostic> {
    let mut checker = Checker::new(settings);
    checker.text_term(term, 0);
    checker.diagnostics.into_vec()
}

/// Checks a name, as it is written in a query, for use as the text field.
pub(crate) fn check_text_field(written: &str, settings: Settings) -> Vec<Diagnostic> {
    let place = Span::new(0, written.len());
    let word = Value { span: place, token: Token::Quoted("word".into()) };
    let mut found = check_clause(&text_clause(string::path(written), place, &word), settings).1;
    // The name contains neither the operator nor the value of the clause.
    found.iter_mut().filter(|found| found.code() == Code::UnsupportedOperator).for_each(|found| found.fixes.clear());
    found
}

/// Returns the clause `field contains value` for text without a field.
fn text_clause<'v>(path: Cow<'v, str>, field: Span, value: &Value<'v>) -> Clause<'v> {
    Clause {
        span: value.span,
        field: ast::Field { span: field, path },
        negated: false,
        operator: value.span,
        predicate: Predicate::Contains(value.clone()),
    }
}

/// Checks the name of a field.
pub(crate) fn check_name(field: &ast::Field, settings: Settings) -> Vec<Diagnostic> {
    let mut checker = Checker::new(settings);
    checker.resolve(field, None);
    checker.diagnostics.into_vec()
}

/// A clause that is being checked.
struct Subject<'s> {
    clause: &'s Clause<'s>,
    /// The field in the catalog; `None` for an unknown field.
    field: Option<&'s Field>,
    ty: Type,
    /// The length of the API's name in JSON.
    name_len: usize,
}

impl Subject<'_> {
    /// Returns the field as it was written, for messages.
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
            is_over_limit: false,
            diagnostics: Diagnostics::default(),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Returns the checked expression; `None` if it contains an error.
    fn expr(&mut self, expr: &'c Expr<'c>, above: usize) -> Option<Checked<'c>> {
        if above > MAX_DEPTH {
            self.too_deep(expr.span());
            return None;
        }
        if self.is_over_limit {
            return None;
        }
        if !matches!(expr, Expr::Clause(_) | Expr::Text(_)) {
            self.charge(GROUP, expr.span())?;
        }
        match expr {
            Expr::All(_) => Some(Checked::All),
            Expr::Clause(clause) => self.clause(Asked::Clause(clause), above).map(Checked::Test),
            Expr::Text(term) => self.text_term(term, above).map(Checked::Test),
            Expr::Not(_, part) => Some(Checked::Not(Box::new(self.expr(part, above + 1)?))),
            Expr::And(_, parts) => self.parts(parts, above).map(Checked::And),
            Expr::Or(_, parts) => self.parts(parts, above).map(Checked::Or),
        }
    }

    /// Checks all parts, so that all errors are reported.
    fn parts(&mut self, parts: &'c [Expr<'c>], above: usize) -> Option<Vec<Checked<'c>>> {
        let mut checked = Vec::with_capacity(parts.len());
        for part in parts {
            if let Some(part) = self.expr(part, above + 1) {
                checked.push(part);
            }
        }
        (checked.len() == parts.len()).then_some(checked)
    }

    /// Checks text without a field as a clause on the text field.
    fn text_term(&mut self, term: &Value<'c>, above: usize) -> Option<Test<'c>> {
        let Some(path) = self.settings.text_field else {
            self.report(Diagnostic::new(Kind::ExpectedOperator { field: excerpt(term.text()) }, term.span));
            return None;
        };
        let clause = text_clause(path.into(), Span::at(term.span.start()), term);
        self.clause(Asked::Text(Box::new(clause)), above)
    }

    fn too_deep(&mut self, span: Span) {
        self.report(Diagnostic::too_deep(span));
    }

    fn clause(&mut self, clause: Asked<'c>, above: usize) -> Option<Test<'c>> {
        let (field, name) = self.resolve(&clause.field, Some(&clause))?;
        let ty = field.map_or(Type::Any, Field::ty);
        let without_key = field.filter(|field| !field.is_keyed());
        let name_len = without_key.map_or_else(|| json_len(&name), Field::name_json_len);
        let subject = Subject { clause: &clause, field, ty, name_len };
        let condition = self.condition(&subject)?;
        if above + usize::from(clause.negated) + condition.height() > MAX_DEPTH {
            self.too_deep(clause.span);
            return None;
        }
        let is_list = matches!(condition, Condition::Any(_) | Condition::Every(_));
        self.charge(GROUP.times(usize::from(clause.negated) + usize::from(is_list)), clause.span)?;
        Some(Test { clause, known: field, field: name, condition })
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
                self.grouped_digits(subject, values)?;
                let tests = self.list(subject, values, |checker, input, span| {
                    checker.allow_comparison(subject, Comparison::Eq)?;
                    checker.compare_value(subject, Comparison::Eq, input, span)
                })?;
                return Some(Condition::Any(tests));
            }
            Predicate::ContainsAny(values) => return Some(Condition::Any(self.list_of_words(subject, values)?)),
            Predicate::ContainsAll(values) => return Some(Condition::Every(self.list_of_words(subject, values)?)),
            Predicate::Range(lower, upper) => self.range(subject, lower.as_ref(), upper.as_ref())?,
            Predicate::Between(lower, upper) => self.between(subject, lower, upper)?,
        };
        self.charge(condition.size(subject.name_len), subject.clause.span)?;
        Some(condition)
    }

    /// Counts a part of the filter; `None` if a limit is exceeded. The first time, this is reported, and
    /// nothing more is checked.
    fn charge(&mut self, part: Size, span: Span) -> Option<()> {
        if self.is_over_limit {
            return None;
        }
        self.size = self.size.plus(part);
        let Limits { filters, json_bytes, .. } = *self.settings.limits;
        let json_bytes = json_bytes.min(MAX_BYTES);
        let (what, limit) = if self.size.filters > filters {
            ("filters in the JSON it compiles to", filters)
        } else if self.size.json > json_bytes {
            ("bytes in the JSON it compiles to", json_bytes)
        } else {
            return Some(());
        };
        self.is_over_limit = true;
        self.report(Diagnostic::new(Kind::TooMany { what, limit }, span).help(RAISED));
        None
    }

    /// Resolves `:`, which is `=` if the field takes it, otherwise `contains`. If the field is ordered, two
    /// dots form a range.
    fn natural(&mut self, subject: &Subject, value: &Value) -> Option<Condition> {
        match natural_range(value, subject.ty, subject.field) {
            Some((None, None)) => {
                self.report(Diagnostic::new(Kind::EndlessRange, value.span).help("write 1..5, 1.. or ..5"));
                None
            }
            Some((lower, upper)) => self.range(subject, lower.as_ref(), upper.as_ref()),
            None if subject.field.is_none_or(|field| field.compares(Op::Eq)) => {
                self.compare(subject, Comparison::Eq, value)
            }
            None => {
                self.allow(subject, Op::Contains)?;
                self.words(subject, value).map(Condition::Contains)
            }
        }
    }

    fn compare(&mut self, subject: &Subject, comparison: Comparison, value: &Value) -> Option<Condition> {
        self.allow_comparison(subject, comparison)?;
        let input = self.resolve_value(subject, value)?;
        self.compare_value(subject, comparison, input, value.span)
    }

    fn compare_value(
        &mut self,
        subject: &Subject,
        comparison: Comparison,
        input: Input,
        span: Span,
    ) -> Option<Condition> {
        if subject.ty != Type::Time {
            let value = self.scalar(subject, comparison.op(), input, span)?;
            return Some(Condition::Compare(comparison, value));
        }
        let (begin, end) = match self.moment(subject, input, span)? {
            Moment::Instant(at) => {
                self.allow(subject, comparison.op())?;
                return Some(Condition::Compare(comparison, Scalar::String(time::format(at))));
            }
            Moment::Period(begin, end) => (begin, end),
        };
        let mut bound = |comparison, edge| self.edge(input, edge, span).map(|value| Bound { comparison, value });
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
        // An unordered field is reported before its ends are read.
        for (end, comparison) in [(lower, Comparison::Gte), (upper, Comparison::Lte)] {
            if end.is_some() {
                self.allow_comparison(subject, comparison)?;
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
        self.within(subject, begin, end)
    }

    /// Checks one end of a range, which includes a whole period.
    fn bound(&mut self, subject: &Subject, value: &Value, comparison: Comparison) -> Option<Bound> {
        let input = self.resolve_value(subject, value)?;
        if subject.ty != Type::Time {
            let value = self.scalar(subject, comparison.op(), input, value.span)?;
            return Some(Bound { comparison, value });
        }
        let (comparison, edge) = match (self.moment(subject, input, value.span)?, comparison) {
            (Moment::Instant(at), comparison) => (comparison, Some(at)),
            (Moment::Period(_, end), Comparison::Lte) => (Comparison::Lt, end),
            (Moment::Period(begin, _), comparison) => (comparison, begin),
        };
        Some(Bound { comparison, value: self.edge(input, edge, value.span)? })
    }

    fn between(&mut self, subject: &Subject, lower: &Value, upper: &Value) -> Option<Condition> {
        if !subject.field.is_none_or(|field| field.takes(Op::Between)) {
            return self.range(subject, Some(lower), Some(upper));
        }
        self.allow(subject, Op::Between)?;
        let mut end = |value: &Value| {
            let input = self.resolve_value(subject, value)?;
            match self.scalar(subject, Op::Between, input, value.span)? {
                Scalar::Number(number) => Some(number),
                Scalar::String(text) => {
                    self.not_a_number(input, &text, value.span);
                    None
                }
            }
        };
        let (begin, end) = (end(lower), end(upper));
        let (begin, end) = (begin?, end?);
        Some(Condition::Between(begin, end))
    }

    fn list_of_words(&mut self, subject: &Subject, values: &[Value]) -> Option<Vec<Condition>> {
        self.allow(subject, Op::Contains)?;
        self.list(subject, values, |checker, input, span| {
            checker.words_value(subject, input, span).map(Condition::Contains)
        })
    }

    /// Checks the values of a list, including those of list parameters. All are checked, so that all errors
    /// are reported.
    fn list(
        &mut self,
        subject: &Subject,
        values: &[Value],
        mut test: impl FnMut(&mut Self, Input, Span) -> Option<Condition>,
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
                    let help = "the parameter's list is empty and would match nothing";
                    self.report(Diagnostic::new(Kind::EmptyList, value.span).help(help));
                    sound = false;
                }
                if items.len() > self.settings.limits.values {
                    let kind = Kind::TooMany { what: "values in a list", limit: self.settings.limits.values };
                    self.report(Diagnostic::new(kind, value.span).help(RAISED));
                    return None;
                }
                for item in items {
                    let tested = test(self, Input::Parameter(name, item), value.span);
                    let tested =
                        tested.filter(|tested| self.charge(tested.size(subject.name_len), value.span).is_some());
                    if self.is_over_limit {
                        return None;
                    }
                    sound &= tested.is_some();
                    tests.extend(tested);
                }
                continue;
            }
            let tested = self.resolve_value(subject, value).and_then(|input| test(self, input, value.span));
            let tested = tested.filter(|tested| self.charge(tested.size(subject.name_len), value.span).is_some());
            if self.is_over_limit {
                return None;
            }
            sound &= tested.is_some();
            tests.extend(tested);
            // The same operator would be rejected for every value, so it is reported once.
            if !sound && tests.is_empty() {
                return None;
            }
        }
        sound.then_some(tests)
    }

    /// Calls [`Checker::allow`] before the value is read. For a time, the value determines the API's operator.
    fn allow_comparison(&mut self, subject: &Subject, comparison: Comparison) -> Option<()> {
        if subject.ty == Type::Time { Some(()) } else { self.allow(subject, comparison.op()) }
    }

    /// Whether the field takes an operator. Reports an error or a warning if not.
    fn allow(&mut self, subject: &Subject, op: Op) -> Option<()> {
        let Some(field) = subject.field else { return Some(()) };
        if field.operators().contains(op) {
            return Some(());
        }
        if field.takes(op) {
            return self.allow_unlisted(subject, field, op);
        }
        self.unsupported(subject, field, op);
        None
    }

    #[cold]
    fn allow_unlisted(&mut self, subject: &Subject, field: &Field, op: Op) -> Option<()> {
        let clause = subject.clause;
        let kind = Kind::UnlistedOperator { field: field.pattern(), op };
        let mut diagnostic = Diagnostic::new(kind, clause.operator);
        if let (Predicate::Between(lower, upper), Op::Between) = (&clause.predicate, op) {
            let not = if clause.negated { "not " } else { "" };
            let range = format!("{not}in {}", print::range(Some(lower), Some(upper)));
            // The span of the clause may include parentheses.
            diagnostic = diagnostic.fix(Fix::write(clause.operator.to(upper.span), range));
        } else {
            diagnostic = diagnostic.help("Freeplay's own client uses it");
        }
        if self.settings.strict {
            diagnostic.severity = Severity::Error;
        }
        let severity = diagnostic.severity;
        if !self
            .diagnostics
            .as_slice()
            .iter()
            .any(|other| other.kind == diagnostic.kind && other.location == diagnostic.location)
        {
            self.report(diagnostic);
        }
        (severity == Severity::Warning).then_some(())
    }

    #[cold]
    fn unsupported(&mut self, subject: &Subject, field: &Field, op: Op) {
        let clause = subject.clause;
        let operator = clause.predicate.operator(clause.negated);
        let kind = Kind::UnsupportedOperator { field: subject.name(), operator: operator.to_owned() };
        let diagnostic = Diagnostic::new(kind, clause.operator).candidates(field.typed_operators());
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
            // A search for a part of a value is different from a comparison with all of it.
            (Op::Contains, Predicate::Contains(_) | Predicate::ContainsAny(_))
                if matches!(field.ty(), Type::Text | Type::Uuid) =>
            {
                diagnostic.help("it is compared as a whole; list the values: `in (a, b)`")
            }
            (Op::Contains, Predicate::Contains(value)) if field.takes(Op::Eq) => {
                let diagnostic = diagnostic.help("it is compared by size, with `=` `<` `<=` `>` `>=`");
                if field.ty().is_plain(value.text()) { diagnostic.fix(replace("=")) } else { diagnostic }
            }
            (Op::Contains, Predicate::ContainsAny(_)) if field.takes(Op::Eq) => {
                diagnostic.help("it is compared as a whole").fix(replace("in"))
            }
            (_, Predicate::Range(..)) if field.takes(Op::Eq) => {
                diagnostic.help("its values are not ordered, so it takes no range; list the values: `in (a, b)`")
            }
            _ => {
                let takes: Vec<String> =
                    Op::ALL.into_iter().filter(|op| field.takes(*op)).map(|op| format!("`{}`", op.written())).collect();
                diagnostic.help(format!("it takes {}", takes.join(", ")))
            }
        });
    }
}
