//! The query language: its reference.
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
//! Four principles decide every question:
//!
//! 1. **What was typed is what is searched.** Nothing is rewritten, widened or dropped in silence.
//!    What the API cannot say is an error, which offers what it can say.
//! 2. **The field decides the type, the token never does.** `environment = 2024` compares with the
//!    text `2024`, and `cost = abc` is an error.
//! 3. **Quotes are for spaces and syntax characters.** They never change the operator. (On score
//!    fields, which hold both, they choose text over number.)
//! 4. **People's habits are welcome:** `:`, `==` and `&&`, keywords in any letter case, single or
//!    double quotes. The printer has one way to write each thing.
//!
//! # Clauses and how they are joined
//!
//! A clause is a field, an operator and a value: `cost > 0.01`. `not` binds tightest, then `and`,
//! then `or`; parentheses group. `!`, `&&` and `||` are the same words.
//!
//! Clauses side by side are joined by `and`, as in a search box. Beside an `or` in the same group
//! that is an error, because nobody can know which parentheses were meant. A written `and` beside
//! an `or` compiles by precedence, with a warning.
//!
//! A `-` that touches a field or a `(` negates: `-environment:prod`. Apart from either, it is an
//! error; after the colon it is a part of the value, with a warning: `environment:-prod`. `*` stands for everything; so does a query that is empty or all comments. A `#` at the
//! start of the text or after white space begins a comment, up to the end of its line. All Unicode
//! white space separates, line breaks and no-break spaces included.
//!
//! ```
//! use freeplay_filter::compile;
//!
//! let same = compile("model = gpt-4o and not environment = prod")?;
//! assert_eq!(compile("model:gpt-4o -environment:prod")?, same);
//! assert_eq!(compile("MODEL == 'gpt-4o'").is_err(), true, "names of fields are as they are");
//! assert_eq!(compile("model=='gpt-4o' && NOT env=prod # aliases work")?, same);
//! # Ok::<(), freeplay_filter::Error>(())
//! ```
//!
//! # Fields
//!
//! A field is a name of the [catalog](crate::catalog), or an alias of one: `env` for `environment`,
//! `output`, `input.…`, `meta.…`. Where values are held by key, the key follows a dot, verbatim:
//! `trace_input.user.name` has the key `user.name`. The longest name that fits is taken, so
//! `evaluation_notes.content` is a name. A key with spaces or syntax characters is put in quotes,
//! and so may be any part behind a dot: `eval."Response Quality"`. Keywords are fine as keys. An
//! empty key is written `""`.
//!
//! # Text without a field
//!
//! With a [text field](crate::Compiler::text_field), say `completion_output`, a bare word or a string
//! where a clause may stand is a term of its own: `env:prod refund -"timed out"` means
//! `env:prod completion_output contains refund -completion_output contains "timed out"`. Terms are
//! joined, negated and grouped as clauses are. Without a text field, which is the default, they are
//! errors.
//!
//! In quotes everything is text. A bare word may be anything that is no clause: `5`, `now-7d` and
//! `user@x` are strings here (on a score field, what `contains` takes them for). What likely is something
//! else is an error, which offers the quotes:
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
//!   `order` `sort` `group` `by` `limit` `offset` `asc` `desc`.
//! - what continues the value before it: `latency > 5 seconds`, `start_time >= now -7d`.
//!
//! A parameter is no text: it follows an operator, as in `output ~ $q`. `"a" "b"` are two terms, and `"a""b"` is
//! an error. After a bare value that is apart from its operator, a bare term is warned of, since it may be meant as a part
//! of that value, or as another: `model = gpt-4o or claude`, `env = prod and not staging`. After
//! `model:gpt-4o`, as in a search box, it is not.
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
//! | written | means | JSON |
//! |---|---|---|
//! | `=` `==` `:=` | equals | `eq` |
//! | `!=` `<>` | does not equal | `not` of `eq` |
//! | `<` `<=` `>` `>=`, also as `:<` `:<=` `:>` `:>=` | compares | `lt` `lte` `gt` `gte` |
//! | `contains` `~` | holds the words, next to one another | `contains` |
//! | `not contains` `!~` | does not | `not` of `contains` |
//! | `:` | `=` where the field takes it, else `contains`; `cost:>0.01` and `latency:2..8` work too | |
//! | `in (a, b)` `in [a, b]` | equals one of them | `or` of `eq` |
//! | `contains any (…)` `contains all (…)` | | `or`, `and` of `contains` |
//! | `in 1..5` `in 1..` `in ..5` | from … to …, both included | `and` of `gte`, `lte`, or the one |
//! | `between 1 and 5` | the same | `between` where the field takes it, else as a range |
//!
//! `not` before `in`, `contains` and `between` negates the clause. A range after `=` is an error.
//!
//! Comparisons are not turned round under a `not`, and nothing is rewritten by De Morgan: where a
//! value is missing, `not latency > 5` and `latency <= 5` differ. Lowering joins directly nested
//! groups of one kind, and takes a group of one part for the part; nothing else moves.
//!
//! `contains` compares words, not characters: text is split at punctuation, special characters and
//! spaces, and case does not matter. `free` does not find `freeplay`, and `acme` finds `acme-europe`, so
//! `contains` is no boundary between tenants. The words `any` and `all` are put in quotes after it: before
//! a bracket or a parameter they are a part of the operator, and so is the `any` of `any$words`.
//!
//! The API has no test for whether a value exists, no wildcards and no regular expressions.
//! `field = null`, `field:*`, `gpt-*` and `/…/` are recognised and refused; in quotes they are taken
//! literally. An operator that the API's guide does not list for a field, and its vendor's own
//! client uses, compiles with a warning, and in [strict mode](crate::Compiler::strict) not at all.
//!
//! # Values
//!
//! A bare word ends at white space or one of `( ) [ ] , " ' = < > ! ~ | &`, so `gpt-4o`,
//! `user@example.com` and `https://example.com/x` need no quotes. `and`, `or` and `not` do.
//!
//! `"…"` and `'…'` are the same, with JSON's escapes and `\'`; they may hold line breaks. Curly
//! quotes work, with a warning, and cannot hold another opening quote of their own kind: each of
//! many that are never closed would else be followed to the end of the text.
//!
//! - **Numbers**: `12`, `-0.5`, `.5`, `1e-3`, `1_000`. Integers are exact from -2^63 to 2^64-1; what
//!   is beyond is an error, never another number.
//! - **Money**, for fields in US dollars: a number, or `$0.01`.
//! - **Durations**, for fields in seconds: a number of seconds, or `500ms`, `8s`, `1.5m`, `1h30m`, in `ms`
//!   `s` `m` `h`, converted exactly. A bare number from 100 on is doubted: many mean milliseconds. A unit at one
//!   end of a range counts for that end only: `1..5m` is from 1 second to 5 minutes, and warned of.
//! - **Scores** (evaluation results): a bare number is a number, anything else a string. `=` with a
//!   string is warned of, since the API's `eq` sees only numbers there, and `contains` finds strings.
//!   `contains` compares words, so what was typed is not written anew for it: a number as JSON writes
//!   it (`5`, `0.95`) is a number, any other (`1.10`, `007`, `1_000`) the string as typed. Two numbers and two dots are a range.
//! - On fields of numbers and scores, `1,500` is an error, in a list too, where it could be one value
//!   or two: write `1500` or `1, 500`.
//! - **UUIDs** have their hyphens.
//!
//! # Time
//!
//! - **Instants**: `2024-06-01T12:30:00Z`, with an offset, without seconds or zone, or with a space
//!   for the `T` in quotes. The zone is UTC unless the [compiler](crate::Compiler::zone) has another.
//!   The API has whole seconds, so a fraction is an error, which offers the whole second.
//! - **Periods** are the whole span: `2024`, `2024-06`, `2024-06-01`; the week `2024-W23`, of ISO 8601, from
//!   Monday; the quarter `2024-Q2`; and by the present time `today`, `yesterday`, `tomorrow`, `this-week`,
//!   `last-week`, `this-month`, `last-month`, `this-quarter`, `last-quarter`, `this-year`, `last-year`, in
//!   any letter case. A year has a week 53 only where the calendar does. `= P` is inside the period,
//!   `< P` before it begins, `<= P` before it ends, `> P` from its end on, `>= P` from its beginning on:
//!   `<`, `=` and `>` split time without a gap or an overlap. The upper end of a range includes the
//!   whole of a period.
//! - **Relative times**: `now`, or a period by the present time, and steps (`now-7d`, `now+1h30m`,
//!   `now-1d-12h`) of `s` `m` `h` `d` `w` `mo` `y`, by the calendar of the zone. A step shifts the period
//!   before it as a whole: `yesterday-1mo` is the day before today, a month earlier. So a day moves by
//!   `d` and what is larger, a week by `w`, a month by `mo` and `y`, a quarter by `3mo`, `6mo` and so on
//!   and by `y`, a year by `y`: `this-month-1d` is an error. They stay as they are in a query that is
//!   kept or printed, and are resolved when it is compiled, against a [clock](crate::Compiler::clock)
//!   that is asked for nothing else, or against [a time that is given](crate::Compiler::now).
//!
//! A local time or a day that a zone skips is an error, and a time that it repeats needs an offset.
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
//! `model = $model and cost > $min`: a value written `$name` is filled in when the query is
//! compiled, with a typed [parameter](crate::Parameters). It is put in place after parsing, so a
//! stranger's value never becomes syntax. A list fits `in $models` and `contains any $words`, and
//! among the values of a list. The field decides what a string is: it is read as a value of its field
//! where that can mean one thing only (`500ms` for a latency, `$0.01` or `0.01` for a cost, `now-7d`
//! for a time), and as itself on a field of strings or scores. A parameter without a value is an
//! error, and so is a value without a parameter, whose [level](crate::Compiler::level) can be set.
//!
//! # Back from JSON
//!
//! [`Filter::from_json`](crate::Filter::from_json) reads filters strictly, and
//! [`Compiler::raise`](crate::Compiler::raise) writes them as queries, with the shorter forms put
//! back where they lower to exactly the same filter. Odd shapes have a meaning: an empty `and` is
//! `*`, an empty `or` is `not *`, a group of one part is the part. What the language cannot write is
//! refused with its JSON pointer.
//!
//! # Laws
//!
//! Each is held by a property test over hostile trees and filters:
//!
//! - text: what is printed is read as the same tree, and printing that gives the same text;
//! - forward: raising the filter of a query gives a query with the same filter;
//! - JSON: raising a filter gives a query whose filter is the [canonical](crate::Filter::canonical)
//!   form of the first;
//! - meaning: a query, its filter and the canonical filter hold for the same records.
//!
//! # Limits
//!
//! Groups nest up to [`MAX_DEPTH`](crate::MAX_DEPTH) levels, in text, tree and JSON alike. Length,
//! clauses, values, and the JSON of filters are bounded by [`Limits`](crate::Limits). Reading takes time and memory in
//! proportion to the text, whatever it holds, and no stack.
//!
//! # Settings
//!
//! What is said here of fields holds for the built-in [catalog](crate::Compiler::catalog), and an unknown
//! field is an error unless [they are allowed](crate::Compiler::allow_unknown_fields). Values of parameters are
//! given [once](crate::Compiler::parameters) or with each query. Each warning can be silenced or made an error
//! by its [code](crate::Compiler::level). [Limits](crate::Compiler::limits), [strict](crate::Compiler::strict)
//! mode, the [zone](crate::Compiler::zone) and the [clock](crate::Compiler::clock) are in their places above.

#[cfg(test)]
mod tests {
    use crate::types::time::PERIODS;
    use crate::types::unit::Unit;

    const REFERENCE: &str = include_str!("language.rs");

    /// Whether the reference has it as code: alone between backticks, or as a word of such a run.
    fn is_told(what: &str) -> bool {
        let lines = REFERENCE.lines().map_while(|line| line.strip_prefix("//!")).collect::<Vec<_>>().join("\n");
        let text = lines.split("```").step_by(2).collect::<String>();
        text.split('`').skip(1).step_by(2).any(|code| code == what || code.split(' ').any(|word| word == what))
    }

    #[test]
    fn it_has_every_operator_of_the_grammar() {
        let grammar = include_str!("../grammar/filter.pest");
        let (_, words) = grammar.split_once("// ---- Words and signs ----").unwrap();
        let (words, _) = words.split_once("keyword ").unwrap();
        let rules: Vec<&str> = words.lines().filter(|line| line.contains("= @{") && !line.starts_with("//")).collect();
        let literals = |rule: &str| -> Vec<String> {
            // What is looked for ahead is no part of it.
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
            assert!(is_told(&literal), "{literal}");
        }
    }

    #[test]
    fn it_has_every_unit_and_period() {
        for unit in Unit::all() {
            assert!(is_told(unit.symbol()), "{unit:?}");
        }
        for (name, ..) in PERIODS {
            assert!(is_told(name), "{name}");
        }
    }

    #[test]
    fn it_has_every_setting_of_the_compiler() {
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
