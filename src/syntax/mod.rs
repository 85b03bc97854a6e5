//! Text to tree: grammar/filter.pest is the language, and `generated` its parser.

#[rustfmt::skip]
mod generated;
mod scan;

#[cfg(test)]
pub(crate) use generated::Rule;
pub(crate) use scan::tokens;
