//! The settings that queries are compiled with, and the whole way from text to filter.

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
use crate::syntax::{self, string};
use crate::types::time::Now;

/// Compiles a query to the filter that the Search API takes.
///
/// It uses the built-in [`Catalog`], UTC and the system's clock; a [`Compiler`] has settings for
/// all of them, and gives the warnings as well.
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
/// Everything that is wrong with the query, each with its place and with what to write instead.
pub fn compile(text: &str) -> Result<Filter, Error> {
    COMPILER.compile(text).map(|compiled| compiled.filter)
}

/// What [`compile`] and [`parse`] use.
static COMPILER: LazyLock<Compiler> = LazyLock::new(Compiler::new);

/// Reads a query without compiling it. Fields and values are not looked at.
///
/// ```
/// let query = freeplay_filter::parse("model:gpt-4o && !(env = prod)")?;
/// assert_eq!(query.to_string(), "model:gpt-4o and not env = prod");
/// # Ok::<(), freeplay_filter::Error>(())
/// ```
///
/// # Errors
///
/// What does not fit the shape of a query.
pub fn parse(text: &str) -> Result<Query<'_>, Error> {
    COMPILER.parse(text)
}

/// The settings that queries are compiled with.
///
/// A compiler is cheap to clone, so one per tenant or request, with its own clock or parameters,
/// costs little.
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
    /// As it is written in a query.
    text_field: Option<Arc<str>>,
    pub(crate) limits: Limits,
    zone: TimeZone,
    now: Now,
    pub(crate) parameters: Parameters,
    levels: BTreeMap<Code, Level>,
}

/// What becomes of a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is not given.
    Allow,
    /// It is given.
    Warn,
    /// It is an error.
    Deny,
}

/// What a query compiled to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Compiled {
    /// The filter to send.
    pub filter: Filter,
    /// What compiles and is likely not meant, in the order of the text.
    pub warnings: Vec<Diagnostic>,
    /// The text that the warnings are about; empty where there are none.
    source: Box<str>,
}

impl Compiled {
    fn new(filter: Filter, warnings: Vec<Diagnostic>, source: &str) -> Compiled {
        let source = if warnings.is_empty() { "" } else { source };
        Compiled { filter, warnings, source: source.into() }
    }

    /// The text that the warnings are about.
    #[cfg(feature = "render")]
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The warnings in the form of an [`Error`]'s `Display`: one line each, joined by line breaks.
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
        diagnostic::to_lines(&self.source, &self.warnings)
    }

    /// The warnings as a JSON array, in the form of [`Error::to_json`]; without warnings it is `[]`.
    ///
    /// ```
    /// let compiled = freeplay_filter::Compiler::new().compile("cost in 5..1")?;
    /// assert!(compiled.warnings_to_json().starts_with(r#"[{"code":"reversed-range","severity":"warning""#));
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    #[must_use]
    pub fn warnings_to_json(&self) -> String {
        diagnostic::diagnostics_to_json(&self.source, &self.warnings)
    }
}

impl Default for Compiler {
    fn default() -> Compiler {
        Compiler::new()
    }
}

impl Compiler {
    /// The built-in catalog, UTC, the system's clock, no parameters, and the default limits.
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

    /// Sets whether operators that the API's guide does not list for a field are refused, instead
    /// of warned of.
    pub fn strict(mut self, strict: bool) -> Compiler {
        self.strict = strict;
        self
    }

    /// Sets whether fields that the catalog does not have are let through as they are. Their bare
    /// numbers are numbers, and anything else is a text.
    pub fn allow_unknown_fields(mut self, allow: bool) -> Compiler {
        self.unknown_fields = allow;
        self
    }

    /// Sets the field in which text without a field is searched, as in a search box: with
    /// `completion_output`, the query `env:prod refund -"timed out"` means
    /// `env:prod completion_output contains refund -completion_output contains "timed out"`.
    /// Without one, which is the default, such text is an error. The field is one of the compiler's
    /// catalog at that time.
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
    /// What is no name, alias or key of a field that takes `contains`.
    pub fn text_field(mut self, name: &str) -> Result<Compiler, Error> {
        let parameters = Parameters::new();
        let found = check::check_text_field(name, self.settings(&parameters));
        if found.iter().any(Diagnostic::is_error) {
            return Err(Error::new(name, found));
        }
        self.text_field = Some(string::path(name).into());
        Ok(self)
    }

    /// Sets how much a query, and the filter that it compiles to, may hold.
    pub fn limits(mut self, limits: Limits) -> Compiler {
        self.limits = limits;
        self
    }

    /// Sets the zone of times that are written without one, and in which days begin. It is UTC unless
    /// it is set.
    ///
    /// Zones by name and the system's zone need the feature `time-zones`; without it there are UTC and
    /// fixed offsets.
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

    /// Sets what `now` and `today` are relative to, in place of the system's clock at each
    /// compilation.
    pub fn now(mut self, now: Timestamp) -> Compiler {
        self.now = Now::At(now);
        self
    }

    /// Sets the clock that tells what `now` and `today` are relative to, in place of the system's.
    /// It is asked once at most in a compilation, and only for a time that is relative; where it
    /// gives `None`, such a time is an error.
    ///
    /// On `wasm32-unknown-unknown` the standard library has no clock, so that relative times are
    /// errors there until one is set.
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

    /// Sets what becomes of a warning, or of [`Code::UnusedParameter`], which is an error unless it is
    /// set. The other errors stay errors.
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
    /// Everything that is wrong with the query, each with its place and with what to write instead.
    pub fn compile(&self, text: &str) -> Result<Compiled, Error> {
        let query = self.read(text, Diagnosed::All)?;
        self.lower(&query, &self.parameters)
    }

    /// Reads a query, to keep it or to look at it.
    ///
    /// # Errors
    ///
    /// What does not fit the shape of a query.
    pub fn parse<'a>(&self, text: &'a str) -> Result<Query<'a>, Error> {
        self.read(text, Diagnosed::Syntax)
    }

    /// Compiles a query that was read before, with these parameters instead of the compiler's own.
    ///
    /// # Errors
    ///
    /// As [`Compiler::compile`].
    pub fn lower(&self, query: &Query, parameters: &Parameters) -> Result<Compiled, Error> {
        let (checked, warnings) = self.checked(query, parameters)?;
        Ok(Compiled::new(lower(checked), warnings, &query.text))
    }

    /// The query that compiles to a filter, or rather to its canonical form: readable, and exact.
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
    /// Everything in the filter that no query says to this compiler, with its JSON pointer: a field
    /// that is not in the catalog, an operator that the field does not take, a value that is not of
    /// its type.
    pub fn raise(&self, filter: &Filter) -> Result<Query<'static>, Error> {
        let parameters = Parameters::new();
        raise(filter, self.settings(&parameters)).map_err(|diagnostics| Error::new("", diagnostics))
    }

    /// The checked tree, which has the shape of the query's, with the warnings.
    pub(crate) fn checked<'q>(
        &'q self,
        query: &'q Query<'q>,
        parameters: &'q Parameters,
    ) -> Result<(Checked<'q>, Vec<Diagnostic>), Error> {
        match check::check(&query.expr, self.settings(parameters)) {
            Ok((checked, mut found)) => {
                found.extend(lint::lint(query, &checked, parameters));
                found.extend(self.of_text(query, parameters)?);
                Ok((checked, self.judge(&query.text, found)?))
            }
            Err(found) => {
                let is_limit = found.iter().any(Diagnostic::is_limit);
                let diagnosed = if is_limit { None } else { self.diagnosed(&query.text, parameters, Diagnosed::All) };
                Err(diagnosed.unwrap_or_else(|| Error::new(&query.text, found)))
            }
        }
    }

    /// Reads a text that is a query, or says why it is none.
    pub(crate) fn read<'a>(&self, text: &'a str, what: Diagnosed) -> Result<Query<'a>, Error> {
        syntax::parse(text, &self.limits).map_err(|error| {
            let found = of_syntax(&error, text, &self.limits);
            let diagnosed = if found.is_limit() { None } else { self.diagnosed(text, &self.parameters, what) };
            diagnosed.unwrap_or_else(|| Error::new(text, vec![found]))
        })
    }

    /// Everything that is wrong with a text; `None` where nothing is.
    fn diagnosed(&self, text: &str, parameters: &Parameters, what: Diagnosed) -> Option<Error> {
        let found = diagnose(text, Context { settings: self.settings(parameters) }, what);
        if found.iter().any(Diagnostic::is_error) { self.judge(text, found).err() } else { None }
    }

    /// What is said of the text without a field in a query that checks: it may be a part of something else. The
    /// words around it tell.
    fn of_text(&self, query: &Query, parameters: &Parameters) -> Result<Vec<Diagnostic>, Error> {
        if !query.expr.has_text() {
            return Ok(Vec::new());
        }
        let mut found = diagnose(&query.text, Context { settings: self.settings(parameters) }, Diagnosed::All);
        if found.iter().any(Diagnostic::is_error) {
            self.judge(&query.text, found)
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

    /// Applies the levels: the warnings, or an error where there is one.
    fn judge(&self, text: &str, mut diagnostics: Vec<Diagnostic>) -> Result<Vec<Diagnostic>, Error> {
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
