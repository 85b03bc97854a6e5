//! `freeplay-filter fields`: lists the fields that queries can use.

use std::borrow::Cow;
use std::iter;

use clap::Args;
use freeplay_filter::catalog::{Catalog, Field};
use freeplay_filter::filter::Op;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::output::Console;

/// List the fields that a query may name
#[derive(Args)]
pub(crate) struct Fields {
    /// Write JSON, with the API's names of the operators
    #[arg(long)]
    json: bool,
}

impl Fields {
    pub(crate) fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let catalog = Catalog::builtin();
        if self.json {
            let fields: Vec<Value> = catalog.fields().iter().map(to_json).collect();
            return Ok(console.line(&serde_json::to_string_pretty(&fields)?)?);
        }
        let head = ["FIELD", "TYPE", "OPERATORS", "ALIASES"].map(Cow::Borrowed);
        let rows: Vec<[Cow<str>; 4]> = iter::once(head).chain(catalog.fields().iter().map(row)).collect();
        let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.len()).max();
        let widths: Vec<usize> = (0..4).filter_map(width).collect();
        // The first row has no field.
        let docs = iter::once(None).chain(catalog.fields().iter().map(|field| Some(field.doc())));
        for (row, doc) in rows.iter().zip(docs) {
            let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
            console.line(cells.collect::<Vec<_>>().join("  ").trim_end())?;
            if let Some(doc) = doc {
                console.line(&format!("    {doc}"))?;
            }
        }
        Ok(console.line(NOTES)?)
    }
}

const NOTES: &str = "
.* is a key of your own: session_custom_metadata.user_type. With `=` go `!=` and `in`, with
`contains` go `not contains`, `contains any` and `contains all`. An operator with * is not in the
API's guide; Freeplay's own client uses it.";

fn row(field: &Field) -> [Cow<'_, str>; 4] {
    let listed = field.operators().iter().map(|op| op.written().to_owned());
    let unlisted = field.unlisted_operators().iter().map(|op| format!("{}*", op.written()));
    let aliases: Vec<&str> = field.aliases().collect();
    [
        field.pattern().into(),
        field.ty().as_str().into(),
        listed.chain(unlisted).collect::<Vec<_>>().join(" ").into(),
        aliases.join(" ").into(),
    ]
}

fn to_json(field: &Field) -> Value {
    let operator = |op: Op, listed: bool| json!({"operator": op.written(), "api": op, "listed": listed});
    let listed = field.operators().iter().map(|op| operator(op, true));
    let unlisted = field.unlisted_operators().iter().map(|op| operator(op, false));
    json!({
        "name": field.pattern(),
        "type": field.ty(),
        "operators": listed.chain(unlisted).collect::<Vec<_>>(),
        "aliases": field.aliases().collect::<Vec<_>>(),
        "doc": field.doc(),
        "example": field.example(),
    })
}
