//! Clauses against the catalog, through the checker.

use crate::ast::Clause;
use crate::catalog::{Catalog, Field, Resolved};
use crate::check::{self, Settings};
use crate::diagnostic::Diagnostic;
use crate::editor;
use crate::sketch::{self, Kind, Sketch};
use crate::span::Span;

/// What rules judge by: the catalog, and the settings of the compiler.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) settings: Settings<'c>,
}

impl<'c> Context<'c> {
    pub(crate) fn catalog(&self) -> &'c Catalog {
        self.settings.catalog
    }

    /// The field that a name as it is written stands for, with its key.
    pub(crate) fn resolve<'p>(&self, path: &'p str) -> Option<Resolved<'c, 'p>> {
        self.catalog().resolve(path)
    }

    /// The field that a name as it is written stands for; its key may be missing.
    pub(crate) fn field(&self, written: &str) -> Option<&'c Field> {
        let path = editor::path(written);
        self.catalog().resolve(&path).map(|resolved| resolved.field)
    }

    /// The same, or the field that the name is likely a slip of.
    pub(crate) fn likely_field(&self, written: &str) -> Option<&'c Field> {
        self.field(written).or_else(|| {
            let near = self.catalog().nearest(&editor::path(written));
            self.catalog().resolve(near.first()?).map(|resolved| resolved.field)
        })
    }

    /// What the checker says of a clause.
    pub(crate) fn clause(&self, text: &str, span: Span) -> Vec<Diagnostic> {
        match clause_at(text, span) {
            Ok((clause, mut found)) => {
                found.extend(check::check_clause(&clause, self.settings).1);
                found
            }
            Err(diagnostics) => diagnostics,
        }
    }

    /// What is wrong with a clause whatever its field is.
    pub(crate) fn syntax(&self, text: &str, span: Span) -> Vec<Diagnostic> {
        match clause_at(text, span) {
            Ok((_, found)) | Err(found) => found,
        }
    }

    /// What the checker says of the name of a field whose clause cannot be read.
    pub(crate) fn name(&self, text: &str, span: Span) -> Vec<Diagnostic> {
        let path = editor::path(span.of(text));
        check::check_name(&crate::ast::Field { span, path }, self.settings)
    }

    /// Whether a text is made of whole clauses that check, and of nothing else.
    pub(crate) fn accepts(&self, text: &str) -> bool {
        let sketch = sketch::read(text);
        sketch.is_whole() && sketch.items.len() > 1 && self.clauses_check(&sketch)
    }

    /// Whether the clauses of a sketch check, and nothing in it is text.
    pub(crate) fn clauses_check(&self, sketch: &Sketch) -> bool {
        sketch.items.iter().all(|item| match item.kind {
            Kind::Text => false,
            Kind::Clause(..) => !self.clause(sketch.text, item.span).iter().any(Diagnostic::is_error),
            Kind::Head(_)
            | Kind::All
            | Kind::Join(_)
            | Kind::Not
            | Kind::Open
            | Kind::Close
            | Kind::Sign
            | Kind::Comma
            | Kind::Square
            | Kind::Word
            | Kind::Unclosed
            | Kind::End => true,
        })
    }
}

/// The clause at a place of a text, or what makes it none.
fn clause_at(text: &str, span: Span) -> Result<(Clause<'_>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let parsed = crate::parse::read(span.of(text), &crate::limits::Limits::default(), &Catalog::builtin());
    let shift = |place: Span| Span::new(place.start() + span.start(), place.end() + span.start());
    let is_broken = parsed.diagnostics.iter().any(Diagnostic::is_error);
    let diagnostics = parsed.diagnostics.into_iter().map(|found| found.shifted(span.start())).collect();
    if is_broken {
        return Err(diagnostics);
    }
    match parsed.query.expr {
        crate::ast::Expr::Clause(clause) => {
            Ok((clause.map(&mut |text| text, &mut |place| shift(place)), diagnostics))
        }
        _ => Err(Vec::new()),
    }
}
