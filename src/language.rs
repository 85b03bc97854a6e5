//! The reference of the query language.
//!
//! ```text
//! # expensive, badly scored, not production
//! cost >= $0.01 and latency in 500ms..8s
//! and model in (gpt-4o, claude-3.5-sonnet)
//! and not environment = prod
//! and trace_evaluation_results."Quality Score" < 3
//! and completion_output contains "refund policy"
//! and start_time >= now-7d
//! ```
//!
//! The language follows four principles:
//!
//! 1. **A query searches for what was typed.** Nothing is silently rewritten, widened or dropped.
//!    What the API does not support is an error, with the supported alternatives.
//! 2. **The field decides the type of a value, never the way it is written.** `environment = 2024`
//!    compares with the string `2024`, and `cost = abc` is an error.
//! 3. **Quotes are for spaces and syntax characters.** They never change the operator. (On score
//!    fields, which hold both numbers and strings, quotes make the value a string.)
//! 4. **Common spellings are accepted:** `:`, `==` and `&&`, keywords in any letter case, single or
//!    double quotes. The printer writes each construct in one way.
//!
//! # Clauses and connectives
//!
//! A clause is a field, an operator and a value: `cost > 0.01`. `not` binds tightest, then `and`,
//! then `or`; parentheses group. `!`, `&&` and `||` are synonyms of the keywords.
//!
//! Adjacent clauses are joined by `and`, as in a search box. Next to an `or` in the same group this is
//! an error, because it would be unclear which parentheses were meant. An explicit `and` next to an
//! `or` is compiled by precedence, with a warning.
//!
//! A `-` directly before a field or a `(` negates: `-environment:prod`. Separated from both, it is an
//! error. After the colon it is part of the value, with a warning: `environment:-prod`. `*` matches
//! everything, as does an empty query or one with only comments. A `#` at the start of the text or
//! after white space begins a comment, which extends to the end of the line. All Unicode white space
//! separates tokens, including line breaks and no-break spaces.
//!
//! ```
//! use freeplay_filter::compile;
//!
//! let same = compile("model = gpt-4o and not environment = prod")?;
//! assert_eq!(compile("model:gpt-4o -environment:prod")?, same);
//! assert!(compile("MODEL == 'gpt-4o'").is_err(), "field names are case-sensitive");
//! assert_eq!(compile("model=='gpt-4o' && NOT env=prod # aliases work")?, same);
//! # Ok::<(), freeplay_filter::Error>(())
//! ```
//!
//! # Fields
//!
//! A field is written as its name in the [catalog](crate::catalog) or as an alias: `env` for
//! `environment`, `output`, `input.…`, `meta.…`. Names are case-sensitive. Some fields hold values by
//! key. The key follows a dot, verbatim: `trace_input.user.name` has the key `user.name`. The longest
//! matching name wins, so `evaluation_notes.content` is a name. A key with spaces or syntax characters
//! is quoted, and any part after a dot may be: `eval."Response Quality"`. A key may be a keyword. An
//! empty key is written `""`.
//!
//! # Text without a field
//!
//! With a [text field](crate::Compiler::text_field), for example `completion_output`, a bare word or a
//! string in place of a clause is a search term: `env:prod refund -"timed out"` means
//! `env:prod completion_output contains refund -completion_output contains "timed out"`. Terms are
//! joined, negated and grouped like clauses. Without a text field, which is the default, they are
//! errors.
//!
//! A quoted term can be any string. A bare term can be any word that is not a clause: `5`, `now-7d` and
//! `user@x` are strings here (on a score field, they are what `contains` reads them as). Words that were
//! probably meant as something else are errors, whose help suggests quotes:
//!
//! - a word with a colon, such as `error:timeout` or `https://x`, is a clause on a field;
//! - a name, alias or key of a field (`cost`, `meta.tenant`), `contains`, `in` and `between`;
//! - a word of another language, in any letter case:
//!   `is` `isnt` `are` `was` `equals` `equal` `eq` `ne` `neq` `gt` `gte` `ge` `lt` `lte` `le` `like`
//!   `ilike` `rlike` `matches` `matching` `regex` `regexp` `startswith` `endswith` `contain`
//!   `containing` `icontains` `includes` `including` `excludes` `excluding` `has` `have` `having`
//!   `exists` `isnull` `notnull` `isempty` `notempty` `isset` `notin` `nin` `null` `none` `nil`
//!   `undefined` `above` `below` `over` `under` `greater` `less` `than` `exceeds` `since` `until`
//!   `before` `after` `during` `within` `last` `past` `ago` `but` `except` `unless` `also` `plus`
//!   `then` `when` `while` `if` `with` `without` `where` `xor` `nor` `nand` `select` `from` `filter`
//!   `order` `sort` `group` `by` `limit` `offset` `asc` `desc`;
//! - a word that continues the preceding value: `latency > 5 seconds`, `start_time >= now -7d`.
//!
//! A parameter cannot be a term; it follows an operator, as in `output ~ $q`. `"a" "b"` are two terms,
//! and `"a""b"` is an error. A bare term after a bare value compiles with a warning if there is white
//! space between that value and its operator, since the term may be meant as part of the value or as
//! another value: `model = gpt-4o or claude`, `env = prod and not staging`. After `model:gpt-4o`,
//! written as in a search box, there is no warning.
//!
//! ```
//! use freeplay_filter::{compile, Compiler};
//!
//! let compiler = Compiler::new().text_field("completion_output")?;
//! assert_eq!(compiler.compile("env:prod -(refund or 5)")?.filter, compile(r#"env:prod -(output ~ refund or output ~ "5")"#)?);
//! assert!(compiler.compile("refund last 7 days").is_err());
//! assert!(compiler.compile("'refund last 7 days'").is_ok());
//! # Ok::<(), freeplay_filter::Error>(())
//! ```
//!
//! # Operators
//!
//! | written | meaning | JSON |
//! |---|---|---|
//! | `=` `==` `:=` | equals | `eq` |
//! | `!=` `<>` | does not equal | `not` of `eq` |
//! | `<` `<=` `>` `>=`, also as `:<` `:<=` `:>` `:>=` | compares | `lt` `lte` `gt` `gte` |
//! | `contains` `~` | contains the words, next to one another | `contains` |
//! | `not contains` `!~` | does not contain them | `not` of `contains` |
//! | `:` | `=` if the field takes it, otherwise `contains`; `cost:>0.01` and `latency:2..8` work too | |
//! | `in (a, b)` `in [a, b]` | equals one of the values | `or` of `eq` |
//! | `contains any (…)` `contains all (…)` | contains at least one, or all of the values | `or`, `and` of `contains` |
//! | `in 1..5` `in 1..` `in ..5` | is in the range, both ends included | `and` of `gte` and `lte`, or one of them |
//! | `between 1 and 5` | the same | `between` if the field takes it, otherwise as a range |
//!
//! `not` before `in`, `contains` and `between` negates the clause. A range after `=` is an error.
//!
//! Comparisons are not inverted under a `not`, and De Morgan's laws are not applied: for a missing value,
//! `not latency > 5` and `latency <= 5` differ. Lowering merges directly nested groups of one kind, and
//! replaces a group with one part by the part. It changes nothing else.
//!
//! `contains` compares words, not characters: text is split at punctuation, special characters and
//! spaces, and letter case is ignored. `free` does not match `freeplay`, but `acme` matches
//! `acme-europe`, so `contains` cannot separate tenants. The words `any` and `all` must be quoted after
//! `contains`: before a bracket or a parameter they are part of the operator, as is the `any` of
//! `any$words`.
//!
//! The API has no test for whether a value exists, no wildcards and no regular expressions.
//! `field = null`, `field:*`, `gpt-*` and `/…/` are recognized and rejected; in quotes they are literal.
//! An operator that the API's guide does not list for a field, but that Freeplay's own client uses,
//! compiles with a warning, and is an error in [strict mode](crate::Compiler::strict).
//!
//! # Values
//!
//! A bare word ends at white space or at one of `( ) [ ] , " ' = < > ! ~ | &`, so `gpt-4o`,
//! `user@example.com` and `https://example.com/x` need no quotes. `and`, `or` and `not` do. In a list, a
//! full-width `，`, `（` or `）` outside quotes is an error, as the sign of the list is probably meant;
//! elsewhere it is a character: `output ~ 你好，世界`.
//!
//! `"…"` and `'…'` are equivalent, with JSON's escapes and `\'`. They may contain line breaks. Curly
//! quotes are accepted with a warning, but may not contain another opening quote of their kind, and
//! only one part of a name may be in them; otherwise parsing would not take linear time.
//!
//! - **Numbers**: `12`, `-0.5`, `.5`, `1e-3`, `1_000`. Integers are exact from -2^63 to 2^64-1. A number
//!   out of range is an error, never a different number.
//! - **Money**, for fields in US dollars: a number, or `$0.01`.
//! - **Durations**, for fields in seconds: a number of seconds, or `500ms`, `8s`, `1.5m`, `1h30m`, with
//!   the units `ms` `s` `m` `h`, converted exactly. A bare number of 100 or more compiles with a warning,
//!   as milliseconds may be meant. A unit at one end of a range applies to that end only: `1..5m` is from
//!   1 second to 5 minutes, and compiles with a warning. `1m..5` is empty.
//! - **Scores** (evaluation results): a bare number is a number, anything else is a string. `=` with a
//!   string compiles with a warning, since the API's `eq` only compares numbers there; `contains` finds
//!   strings. `contains` compares words, so its value is never rewritten: a number as JSON writes it
//!   (`5`, `0.95`) is a number, and any other (`1.10`, `007`, `1_000`) is the string as typed. Two
//!   numbers with two dots between them are a range.
//! - On fields of numbers and scores, `1,500` is an error, even in a list, where it could be one value
//!   or two: write `1500` or `1, 500`.
//! - **UUIDs** are written with hyphens.
//!
//! # Time
//!
//! - **Instants**: `2024-06-01T12:30:00Z`, or with an offset, without seconds, without a zone, or, in
//!   quotes, with a space for the `T`. The default zone is UTC, unless the
//!   [compiler](crate::Compiler::zone) has another. The API has whole seconds, so a fraction of a second
//!   is an error, which suggests the whole second.
//! - **Periods**: `2024`, `2024-06`, `2024-06-01`; an ISO 8601 week, which begins on Monday, `2024-W23`;
//!   a quarter `2024-Q2`; and, relative to the current time, `today`, `yesterday`, `tomorrow`,
//!   `this-week`, `last-week`, `this-month`, `last-month`, `this-quarter`, `last-quarter`, `this-year`,
//!   `last-year`, in any letter case. A year has a week 53 only if the calendar does. A period means all
//!   of its time: `= P` is inside the period, `< P` before it begins, `<= P` before it ends, `> P` from
//!   its end on, `>= P` from its beginning on. `<`, `=` and `>` therefore divide time without a gap or an
//!   overlap. The upper end of a range includes the whole period.
//! - **Relative times**: `now`, or a period relative to the current time, followed by steps (`now-7d`,
//!   `now+1h30m`, `now-1d-12h`) of `s` `m` `h` `d` `w` `mo` `y`, in the calendar of the zone. A step
//!   shifts the preceding period as a whole: `yesterday-1mo` is one month before yesterday. So a day can
//!   be shifted by `d` and larger units, a week by `w`, a month by `mo` and `y`, a quarter by `y` and by
//!   multiples of `3mo`, and a year by `y`: `this-month-1d` is an error. A parsed or printed query keeps
//!   its relative times. They are resolved when the query is compiled, with a
//!   [clock](crate::Compiler::clock), which is used for nothing else, or with a
//!   [fixed time](crate::Compiler::now).
//!
//! A local time or a day that the zone skips is an error, and a repeated local time needs an offset.
//!
//! ```
//! use freeplay_filter::{Compiler, Filter};
//!
//! let compiler = Compiler::new().now("2024-03-31T12:00:00Z".parse()?);
//! let of = |query| compiler.compile(query).map(|compiled| compiled.filter);
//! let time = || Filter::field("start_time");
//! assert_eq!(of("start_time >= now-1mo")?, time().gte("2024-02-29 12:00:00"));
//! assert_eq!(of("start_time = 2024-06")?, time().gte("2024-06-01 00:00:00") & time().lt("2024-07-01 00:00:00"));
//! assert_eq!(of("start_time >= this-quarter-3mo")?, time().gte("2023-10-01 00:00:00"));
//! assert_eq!(of("start_time < 2024-W23")?, time().lt("2024-06-03 00:00:00"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Parameters
//!
//! `model = $model and cost > $min`: a value written `$name` is replaced by a typed
//! [parameter](crate::Parameters) when the query is compiled. This happens after parsing, so an untrusted
//! value never becomes syntax. A list can be used in `in $models` and `contains any $words`, and among
//! the values of a list. The field decides how a string is read: as a value of the field if only one
//! reading is possible (`500ms` for a latency, `$0.01` or `0.01` for a cost, `now-7d` for a time), and
//! as itself on string fields and scores. A parameter without a value is an error, and so is a value
//! without a parameter; the [level](crate::Compiler::level) of the latter can be changed.
//!
//! # From JSON to a query
//!
//! [`Filter::from_json`](crate::Filter::from_json) reads filters strictly, and
//! [`Compiler::raise`](crate::Compiler::raise) converts them to queries, using the shorter forms where
//! they lower to exactly the same filter. Degenerate groups have a meaning: an empty `and` is `*`, an
//! empty `or` is `not *`, and a group with one part is the part. A filter that cannot be expressed as a
//! query is rejected, with its JSON pointer.
//!
//! # Laws
//!
//! Property tests check each of these laws on generated trees and filters, which include hostile
//! strings:
//!
//! - text: a printed query parses to the same tree, and printing that tree gives the same text;
//! - forward: raising the filter of a query gives a query with the same filter;
//! - JSON: raising a filter gives a query whose filter is the [canonical](crate::Filter::canonical)
//!   form of the original;
//! - meaning: a query, its filter and the canonical filter match the same records, and are unknown for the same
//!   records.
//!
//! # Limits
//!
//! Groups can nest up to [`MAX_DEPTH`](crate::MAX_DEPTH) levels, in text, tree and JSON alike.
//! [`Limits`](crate::Limits) bound the length of a query, its number of clauses and values, and the
//! JSON of filters. Parsing takes time and memory linear in the length of the text, and a bounded amount
//! of stack.
//!
//! # Settings
//!
//! This page describes the built-in [catalog](crate::Compiler::catalog). An unknown field is an error
//! unless [unknown fields are allowed](crate::Compiler::allow_unknown_fields). Values of parameters are
//! set [on the compiler](crate::Compiler::parameters) or passed with each query. The
//! [level](crate::Compiler::level) of each warning can be set by its code, to silence it or to make it
//! an error. [Limits](crate::Compiler::limits), [strict](crate::Compiler::strict) mode, the
//! [zone](crate::Compiler::zone) and the [clock](crate::Compiler::clock) are described above.

#[cfg(test)]
mod tests {
    use crate::types::time::PERIODS;
    use crate::types::unit::TimeUnit;

    const REFERENCE: &str = include_str!("language.rs");

    /// Whether the reference mentions a token as code: alone between backticks, or among other words.
    fn is_documented(what: &str) -> bool {
        let lines = REFERENCE.lines().map_while(|line| line.strip_prefix("//!")).collect::<Vec<_>>().join("\n");
        let text = lines.split("```").step_by(2).collect::<String>();
        text.split('`').skip(1).step_by(2).any(|code| code == what || code.split(' ').any(|word| word == what))
    }

    #[test]
    fn has_every_operator_of_the_grammar() {
        let grammar = include_str!("../grammar/filter.pest");
        let (_, words) = grammar.split_once("// ---- Words and signs ----").unwrap();
        let (words, _) = words.split_once("keyword ").unwrap();
        let rules: Vec<&str> = words.lines().filter(|line| line.contains("= @{") && !line.starts_with("//")).collect();
        let literals = |rule: &str| -> Vec<String> {
            // A lookahead is not part of the token.
            let own = rule.split_once('=').unwrap().1.replace("!\"-\"", "").replace("\"(\"", "");
            let found: Vec<String> = own.split('"').skip(1).step_by(2).map(str::to_owned).collect();
            match found.as_slice() {
                [colon, sign] if colon == ":" => vec![sign.clone(), format!(":{sign}")],
                _ => found,
            }
        };
        let all: Vec<String> = rules.iter().flat_map(|rule| literals(rule)).collect();
        for known in ["and", "&&", ":=", "<>", ":<=", "!~", "contains", "between", "any", "all"] {
            assert!(all.iter().any(|literal| literal == known), "{known} is not read from the grammar: {all:?}");
        }
        for literal in all {
            assert!(is_documented(&literal), "{literal}");
        }
    }

    #[test]
    fn has_every_unit_and_period() {
        for unit in TimeUnit::all() {
            assert!(is_documented(unit.symbol()), "{unit:?}");
        }
        for (name, ..) in PERIODS {
            assert!(is_documented(name), "{name}");
        }
    }

    #[test]
    fn has_every_setting_of_the_compiler() {
        let settings: Vec<&str> = include_str!("compiler.rs")
            .lines()
            .filter_map(|line| line.trim().strip_prefix("pub fn ")?.split_once("(mut self"))
            .map(|(name, _)| name)
            .collect();
        assert!(settings.contains(&"zone") && settings.contains(&"strict"), "{settings:?}");
        for name in settings {
            assert!(REFERENCE.contains(&format!("crate::Compiler::{name})")), "{name}");
        }
    }
}
