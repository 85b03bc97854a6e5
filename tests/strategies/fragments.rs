//! Fragments of queries and of queries in other languages.

/// Separated by bars.
const FRAGMENTS: &str = "model|cost|latency|start_time|env|output|eval.Response|Quality|meta.user|session_id|modle|\
    =|!=|<>|>=|<|:|~|=~|=>|! =|≥|：|（|is|is not|not|not in|in|contains|contains any|between|like|starts with|\
    greater than|is null|exists|has|and|or|&&|&|AND NOT|but|xor|(|)|[|]|{|}|((|\"|'|“|”|‘|`|\\|,|;|..|...|.|\
    *|*:*|#|//|--|/*|-|+|$|a|b|gpt-4o|gpt-*|/re/|1|0.5|1,000|1,5|5 USD|5 seconds|500ms|7 days ago|now - 7d|now()|\
    2024-06-01 10:00|2024-06-01|last 7 days|[1 TO 5]|{1 TO 5}|null|true|don't|'don't'|it's fine|where|\
    select * from x where|order by cost|limit 10|head 10|$model|${x}|{{x}}|\u{200b}|\u{a0}|日本|é|\n|\
    and(eq(model, \"a\"), gt(latency, 5))|\"refund\" in output|eval[\"Answer Relevance\"] < 0.8|'O''Brien'|\
    in [5, 10)|: (>5 AND <10)|{model=\"a\"}|or(|eq(cost, 1)|.contains(\"x\")|lower(model)|isNotNull|not_contains|\
    model = a or b|env = prod and not staging|1 < cost < 5|5 >= latency|cost > 1 and < 5|is one of (a, b)|\
    {\"cost\": {\"$gt\": 1}}|{\"filters\": \"model = a or env = b\"}|df[df.cost > 1]|lambda c: c.cost > 1|~(model = a)|\
    meta[\"k\"] has x|```|$filter=|startswith(model, 'a')|datetime(2024, 6, 1)|(1 .. 5)";

pub(crate) fn fragments() -> Vec<&'static str> {
    FRAGMENTS.split('|').chain(["|", "||"]).collect()
}
