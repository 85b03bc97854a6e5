//! The compiler's settings, read from JSON.

use freeplay_filter::jiff::tz::TimeZone;
use freeplay_filter::{Catalog, Compiler, Parameters};
use serde::Deserialize;

/// The settings as js/index.ts writes them. `zone` is an IANA name.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    catalog: Option<Catalog>,
    strict: bool,
    allow_unknown_fields: bool,
    text_field: Option<String>,
    zone: Option<String>,
    parameters: Parameters,
}

impl Settings {
    /// The compiler, or what is wrong with a setting.
    pub fn compiler(self) -> Result<Compiler, String> {
        let mut compiler = Compiler::new().strict(self.strict).allow_unknown_fields(self.allow_unknown_fields);
        if let Some(catalog) = self.catalog {
            compiler = compiler.catalog(catalog);
        }
        if let Some(name) = self.zone {
            compiler = compiler.zone(TimeZone::get(&name).map_err(|_| format!("unknown time zone `{name}`"))?);
        }
        if let Some(name) = self.text_field {
            compiler = compiler.text_field(&name).map_err(|error| format!("textField: {error}"))?;
        }
        Ok(compiler.parameters(self.parameters))
    }
}
