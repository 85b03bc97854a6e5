//! The compiler's settings, and the pipeline from query to filter.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::ast::Query;
use crate::catalog::Catalog;
use crate::check::{self, Settings};
use crate::checked::Checked;
use crate::diagnose::{Context, Diagnosed, diagnose, of_syntax};
use crate::diagnostic::{self, Code, Diagnostic, Error, Severity};
use crate::filter::Filter;
use crate::limits::Limits;
use crate::lint;
use crate::lower::lower;
use crate::parameters::Parameters;
use crate::raise::raise;
use crate::sketch;
use crate::syntax::{self, Problem, SyntaxError, string};
use crate::types::time::Now;

/// Compiles a query to a filter for the Search API.
///
/// It uses the built-in [`Catalog`], UTC and the system's clock. A [`Compiler`] can change these
/// settings, and returns warnings as well.
///
/// ```
/// use freeplay_filter::{compile, Filter};
///
/// let filter = compile("cost >= $0.01 and not env = prod")?;
/// assert_eq!(filter, Filter::field("cost").gte(0.01) & !Filter::field("environment").eq("prod"));
/// # Ok::<(), freeplay_filter::Error>(())
/// ```
///
/// # Errors
///
/// The problems of the query, each with its position, and a fix where one is known.
pub fn compile(text: &str) -> Result<Filter, Error> {
    COMPILER.compile(text).map(|compiled| compiled.filter)
}

/// The compiler that [`compile`] and [`parse`] use.
static COMPILER: LazyLock<Compiler> = LazyLock::new(Compiler::new);

/// Parses a query without compiling it. Fields and values are not checked.
///
/// ```
/// let query = freeplay_filter::parse("model:gpt-4o && !(env = prod)")?;
/// assert_eq!(query.to_string(), "model:gpt-4o and not env = prod");
/// # Ok::<(), freeplay_filter::Error>(())
/// ```
///
/// # Errors
///
/// The syntax errors of the query.
pub fn parse(text: &str) -> Result<Query<'_>, Error> {
    COMPILER.parse(text)
}

/// The settings that queries are compiled with.
///
/// A compiler is cheap to clone, for example to give each tenant or request its own clock or
/// parameters.
///
/// ```
/// use freeplay_filter::Compiler;
///
/// let compiler = Compiler::new().now("2024-03-31T12:00:00Z".parse()?);
/// let compiled = compiler.compile("start_time >= now-7d")?;
/// assert_eq!(
///     compiled.filter.to_json(),
///     r#"{"field":"start_time","op":"gte","value":"2024-03-24 12:00:00"}"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a compiler does nothing until it is given a query"]
pub struct Compiler {
    pub(crate) catalog: Arc<Catalog>,
    strict: bool,
    unknown_fields: bool,
    /// The field as it is written in a query.
    text_field: Option<Arc<str>>,
    pub(crate) limits: Limits,
    zone: TimeZone,
    now: Now,
    pub(crate) parameters: Parameters,
    levels: BTreeMap<Code, Level>,
}

/// What happens to a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The warning is dropped.
    Allow,
    /// The warning is reported.
    Warn,
    /// The warning is reported as an error.
    Deny,
}

/// The result of compiling a query.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Compiled {
    /// The filter to send.
    pub filter: Filter,
    /// Problems that do not prevent compilation, in the order of the text.
    pub warnings: Vec<Diagnostic>,
    /// The text that the warnings refer to; empty if there are none.
    source: Box<str>,
}

impl Compiled {
    fn new(filter: Filter, warnings: Vec<Diagnostic>, source: &str) -> Compiled {
        let source = if warnings.is_empty() { "" } else { source };
        Compiled { filter, warnings, source: source.into() }
    }

    /// The text that the warnings refer to.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Formats the warnings as [`Error`]'s `Display` does: one line each, joined by line breaks.
    ///
    /// ```
    /// let compiled = freeplay_filter::Compiler::new().compile("cost in 5..1")?;
    /// assert_eq!(
    ///     compiled.warnings_to_string(),
    ///     "1:9: warning[reversed-range]: the lower end of the range is above the upper end; swap the ends",
    /// );
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    #[must_use]
    pub fn warnings_to_string(&self) -> String {
        diagnostic::to_lines(self.source(), &self.warnings)
    }

    /// Formats the warnings as a JSON array, as [`Error::to_json`] does; `[]` without warnings.
    ///
    /// ```
    /// let compiled = freeplay_filter::Compiler::new().compile("cost in 5..1")?;
    /// assert!(compiled.warnings_to_json().starts_with(r#"[{"code":"reversed-range","severity":"warning""#));
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    #[must_use]
    pub fn warnings_to_json(&self) -> String {
        diagnostic::diagnostics_to_json(self.source(), &self.warnings)
    }
}

impl Default for Compiler {
    fn default() -> Compiler {
        Compiler::new()
    }
}

impl Compiler {
    /// Returns a compiler with the built-in catalog, UTC, the system's clock, no parameters, and the
    /// default limits.
    pub fn new() -> Compiler {
        Compiler {
            catalog: Catalog::builtin(),
            strict: false,
            unknown_fields: false,
            text_field: None,
            limits: Limits::default(),
            zone: TimeZone::UTC,
            now: Now::System,
            parameters: Parameters::new(),
            levels: BTreeMap::new(),
        }
    }

    /// Sets the fields that queries are checked against.
    pub fn catalog(mut self, catalog: impl Into<Arc<Catalog>>) -> Compiler {
        self.catalog = catalog.into();
        self
    }

    /// Sets whether operators that the API's guide does not list for a field are errors instead of
    /// warnings.
    pub fn strict(mut self, strict: bool) -> Compiler {
        self.strict = strict;
        self
    }

    /// Sets whether fields that are not in the catalog are accepted. A bare number on such a field
    /// is a number, and any other value is a string.
    pub fn allow_unknown_fields(mut self, allow: bool) -> Compiler {
        self.unknown_fields = allow;
        self
    }

    /// Sets the field in which text without a field is searched, as in a search box. With
    /// `completion_output`, the query `env:prod refund -"timed out"` means
    /// `env:prod completion_output contains refund -completion_output contains "timed out"`.
    /// Without a text field, which is the default, such text is an error. The name is looked up in
    /// the compiler's current catalog.
    ///
    /// ```
    /// use freeplay_filter::{Compiler, Filter};
    ///
    /// let compiler = Compiler::new().text_field("completion_output")?;
    /// let output = |text| Filter::field("completion_output").contains(text);
    /// assert_eq!(
    ///     compiler.compile(r#"env:prod refund -"timed out""#)?.filter,
    ///     Filter::field("environment").eq("prod") & output("refund") & !output("timed out"),
    /// );
    /// assert!(Compiler::new().text_field("cost").is_err());
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A name that is no field, alias or key of a field that takes `contains`.
    pub fn text_field(mut self, name: &str) -> Result<Compiler, Error> {
        let parameters = Parameters::new();
        let found = check::check_text_field(name, self.settings(&parameters));
        if found.iter().any(Diagnostic::is_error) {
            return Err(Error::new(name, found));
        }
        self.text_field = Some(string::path(name).into());
        Ok(self)
    }

    /// Sets the limits on the size of a query and of the filter that it compiles to.
    pub fn limits(mut self, limits: Limits) -> Compiler {
        self.limits = limits;
        self
    }

    /// Sets the time zone in which days begin, and in which times without a zone are read.
    /// [default: UTC]
    ///
    /// Named zones and the system's zone need the feature `time-zones`. Without it, UTC and fixed
    /// offsets are available.
    ///
    /// ```
    /// use freeplay_filter::jiff::tz::{TimeZone, offset};
    /// use freeplay_filter::{Compiler, Filter};
    ///
    /// let compiler = Compiler::new().zone(TimeZone::get("Europe/Berlin")?);
    /// let filter = compiler.compile("start_time >= 2024-06-01")?.filter;
    /// assert_eq!(filter, Filter::field("start_time").gte("2024-05-31 22:00:00"));
    ///
    /// let fixed = Compiler::new().zone(TimeZone::fixed(offset(2)));
    /// assert_eq!(fixed.compile("start_time >= 2024-06-01")?.filter, filter);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn zone(mut self, zone: TimeZone) -> Compiler {
        self.zone = zone;
        self
    }

    /// Sets the current time for `now` and `today`, which is otherwise read from the system's clock
    /// at each compilation.
    pub fn now(mut self, now: Timestamp) -> Compiler {
        self.now = Now::At(now);
        self
    }

    /// Sets the clock that returns the current time for `now` and `today`, instead of the system's.
    /// It is called at most once per compilation, and only if the query has a relative time. If it
    /// returns `None`, a relative time is an error.
    ///
    /// On `wasm32-unknown-unknown` the standard library has no clock, so relative times are errors
    /// there until a clock is set.
    ///
    /// ```
    /// use freeplay_filter::Compiler;
    ///
    /// let compiler = Compiler::new().clock(|| None);
    /// assert!(compiler.compile("start_time >= 2024-06-01").is_ok());
    /// assert!(compiler.compile("start_time >= now-7d").is_err());
    /// ```
    pub fn clock(mut self, clock: impl Fn() -> Option<Timestamp> + Send + Sync + 'static) -> Compiler {
        self.now = Now::Asked(Arc::new(clock));
        self
    }

    /// Sets the values of parameters for [`Compiler::compile`].
    pub fn parameters(mut self, parameters: Parameters) -> Compiler {
        self.parameters = parameters;
        self
    }

    /// Sets the level of a warning, or of [`Code::UnusedParameter`], which is an error by default.
    /// Other errors are always errors.
    ///
    /// ```
    /// use freeplay_filter::{Code, Compiler, Level};
    ///
    /// let compiler = Compiler::new().level(Code::AssumedSeconds, Level::Deny);
    /// assert!(compiler.compile("latency > 500").is_err());
    ///
    /// // One set of parameters for many queries, of which each uses some.
    /// let compiler = compiler.level(Code::UnusedParameter, Level::Allow);
    /// ```
    pub fn level(mut self, code: Code, level: Level) -> Compiler {
        self.levels.insert(code, level);
        self
    }

    /// Compiles a query.
    ///
    /// # Errors
    ///
    /// The problems of the query, each with its position, and a fix where one is known.
    pub fn compile(&self, text: &str) -> Result<Compiled, Error> {
        let query = self.read(text, Diagnosed::All)?;
        self.lower(&query, &self.parameters)
    }

    /// Parses a query without checking its fields and values.
    ///
    /// # Errors
    ///
    /// The syntax errors of the query.
    pub fn parse<'a>(&self, text: &'a str) -> Result<Query<'a>, Error> {
        self.read(text, Diagnosed::Syntax)
    }

    /// Compiles a parsed query, with these parameters instead of the compiler's own.
    ///
    /// # Errors
    ///
    /// As [`Compiler::compile`].
    pub fn lower(&self, query: &Query, parameters: &Parameters) -> Result<Compiled, Error> {
        let (checked, warnings) = self.checked(query, parameters)?;
        Ok(Compiled::new(lower(checked), warnings, &query.text))
    }

    /// Returns the query that compiles to the filter's canonical form.
    ///
    /// ```
    /// use freeplay_filter::{Compiler, Filter};
    ///
    /// let filter = Filter::field("model").eq("a") | Filter::field("model").eq("b");
    /// assert_eq!(Compiler::new().raise(&filter)?.to_string(), "model in (a, b)");
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Everything in the filter that cannot be expressed as a query for this compiler, each with its
    /// JSON pointer: a field that is not in the catalog, an operator that the field does not take,
    /// or a value of the wrong type.
    pub fn raise(&self, filter: &Filter) -> Result<Query<'static>, Error> {
        let parameters = Parameters::new();
        raise(filter, self.settings(&parameters)).map_err(|diagnostics| Error::new("", diagnostics))
    }

    /// Checks a query. Returns the checked tree, which has the shape of the query, and the warnings.
    pub(crate) fn checked<'q>(
        &'q self,
        query: &'q Query<'q>,
        parameters: &'q Parameters,
    ) -> Result<(Checked<'q>, Vec<Diagnostic>), Error> {
        match check::check(&query.expr, self.settings(parameters)) {
            Ok((checked, mut found)) => {
                found.extend(lint::lint(query, &checked, parameters));
                // Without a field for text, none of it checks.
                if self.has_text_field() {
                    found.extend(self.of_text(query, parameters)?);
                }
                Ok((checked, self.apply_levels(&query.text, found)?))
            }
            Err(found) => {
                let is_limit = found.iter().any(Diagnostic::is_limit);
                let diagnosed = if is_limit { None } else { self.diagnosed(&query.text, parameters, Diagnosed::All) };
                Err(diagnosed.unwrap_or_else(|| Error::new(&query.text, found)))
            }
        }
    }

    /// Parses a query, or returns the diagnostics of an invalid one.
    pub(crate) fn read<'a>(&self, text: &'a str, what: Diagnosed) -> Result<Query<'a>, Error> {
        let parsed = syntax::parse(text, &self.limits);
        debug_assert!(agree(text, &parsed), "the parser and the sketch disagree on {text:?}");
        parsed.map_err(|error| {
            let found = of_syntax(&error, text, &self.limits);
            let diagnosed = if found.is_limit() { None } else { self.diagnosed(text, &self.parameters, what) };
            diagnosed.unwrap_or_else(|| Error::new(text, vec![found]))
        })
    }

    /// Diagnoses a text. Returns `None` if it has no errors.
    fn diagnosed(&self, text: &str, parameters: &Parameters, what: Diagnosed) -> Option<Error> {
        let found = diagnose(text, Context { settings: self.settings(parameters) }, what);
        if found.iter().any(Diagnostic::is_error) { self.apply_levels(text, found).err() } else { None }
    }

    /// Diagnoses text without a field in a valid query: by the words around it, it may have been
    /// meant as a part of something else.
    fn of_text(&self, query: &Query, parameters: &Parameters) -> Result<Vec<Diagnostic>, Error> {
        if !query.expr.has_text() {
            return Ok(Vec::new());
        }
        let mut found = diagnose(&query.text, Context { settings: self.settings(parameters) }, Diagnosed::All);
        if found.iter().any(Diagnostic::is_error) {
            self.apply_levels(&query.text, found)
        } else {
            found.retain(|found| found.code() == Code::TextAfterValue);
            Ok(found)
        }
    }

    pub(crate) fn has_text_field(&self) -> bool {
        self.text_field.is_some()
    }

    pub(crate) fn settings<'c>(&'c self, parameters: &'c Parameters) -> Settings<'c> {
        Settings {
            catalog: &self.catalog,
            strict: self.strict,
            unknown_fields: self.unknown_fields,
            text_field: self.text_field.as_deref(),
            now: &self.now,
            zone: &self.zone,
            parameters,
            unused_parameters: match self.levels.get(&Code::UnusedParameter) {
                Some(Level::Allow) => None,
                Some(Level::Warn) => Some(Severity::Warning),
                Some(Level::Deny) | None => Some(Severity::Error),
            },
            limits: &self.limits,
        }
    }

    /// Applies the levels. Returns the warnings, or an error if any diagnostic is one.
    fn apply_levels(&self, text: &str, mut diagnostics: Vec<Diagnostic>) -> Result<Vec<Diagnostic>, Error> {
        if diagnostics.is_empty() {
            return Ok(diagnostics);
        }
        diagnostics.retain_mut(|diagnostic| {
            let level = self.levels.get(&diagnostic.code()).filter(|_| diagnostic.severity == Severity::Warning);
            if level == Some(&Level::Deny) {
                diagnostic.severity = Severity::Error;
            }
            level != Some(&Level::Allow)
        });
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Err(Error::new(text, diagnostics));
        }
        diagnostic::sort(&mut diagnostics);
        Ok(diagnostics)
    }
}

/// Whether the strict parser and the sketch define the same language.
fn agree(text: &str, parsed: &Result<Query, SyntaxError>) -> bool {
    match parsed.as_ref().map_err(|error| error.problem) {
        Ok(_) | Err(Problem::UnknownEscape { .. } | Problem::MixedImplicitAnd) => sketch::read(text).is_whole(),
        Err(Problem::Unexpected) => !sketch::read(text).is_whole(),
        Err(Problem::TooLong | Problem::TooDeep | Problem::TooManyClauses | Problem::TooManyValues) => true,
    }
}
