"""Filters: back to queries, against records, and in requests."""

import json
from typing import Any

import pytest

import freeplay_filter
from freeplay_filter import QueryError

MODELS = {"or": [{"field": "model", "op": "eq", "value": name} for name in ("a", "b c")]}


def test_a_filter_becomes_a_query() -> None:
    assert freeplay_filter.to_query(MODELS) == 'model in (a, "b c")'
    assert freeplay_filter.to_query(json.dumps(MODELS)) == 'model in (a, "b c")'
    assert freeplay_filter.to_query({}) == "*"


def test_a_record_matches_or_not_or_does_not_say() -> None:
    cost = {"field": "cost", "op": "gt", "value": 0.01}
    assert freeplay_filter.matches(cost, {"cost": 0.02}) is True
    assert freeplay_filter.matches(json.dumps(cost), {"cost": 0.001}) is False
    session = {"session_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a", "custom_metadata": {"tier": "premium"}}
    assert freeplay_filter.matches(cost, session) is None
    tier = {"field": "session_custom_metadata.tier", "op": "contains", "value": "premium"}
    assert freeplay_filter.matches(tier, session) is True


def test_numbers_of_a_filter_are_exact() -> None:
    def query(value: Any) -> str:
        return freeplay_filter.to_query({"field": "cost", "op": "eq", "value": value})

    assert [query(value) for value in [1, 1.0, 2**64 - 1, 0.1]] == [
        "cost = 1",
        "cost = 1.0",
        "cost = 18446744073709551615",
        "cost = 0.1",
    ]
    with pytest.raises(QueryError, match="number-range"):
        query(2**64)
    with pytest.raises(ValueError, match="filter: Out of range float values"):
        query(float("nan"))


@pytest.mark.parametrize(
    ("filter", "code"),
    [
        ({"field": "model", "op": "eq", "value": True}, "unexpected-json"),
        ({"field": "model", "op": "eq", "value": None}, "unexpected-json"),
        ({"field": "model", "op": "neq", "value": "a"}, "unexpected-json"),
        ({"field": "color", "op": "eq", "value": "red"}, "not-expressible"),
        ({"field": "model", "op": "eq", "value": "\ud800"}, "invalid-json"),
        ([], "unexpected-json"),
        (None, "unexpected-json"),
        ("{", "invalid-json"),
        ('{"not":' * 100_000, "too-deep"),
    ],
)
def test_what_is_no_filter_is_rejected(filter: Any, code: str) -> None:
    with pytest.raises(QueryError) as raised:
        freeplay_filter.to_query(filter)
    assert [found.code for found in raised.value.diagnostics] == [code]


def test_deep_filters_are_rejected() -> None:
    def nested(depth: int) -> dict[str, Any]:
        filter: dict[str, Any] = {"field": "model", "op": "eq", "value": "a"}
        for _ in range(depth):
            filter = {"not": filter}
        return filter

    assert freeplay_filter.to_query(nested(60)).startswith("not not")
    for depth in [61, 500]:
        with pytest.raises(QueryError, match="nested deeper than 60 levels"):
            freeplay_filter.to_query(nested(depth))
    with pytest.raises(ValueError, match="nested"):
        freeplay_filter.to_query(nested(100_000))


def test_format_keeps_comments() -> None:
    assert freeplay_filter.format("cost>1&&env:prod # dear") == "cost > 1 and env:prod  # dear"


def test_quote() -> None:
    name = 'x" or model = "y\n🚀'
    assert freeplay_filter.compile(f"model = {freeplay_filter.quote(name)}").filter["value"] == name


def test_a_request() -> None:
    request = freeplay_filter.search_request(
        "traces",
        "my-project",
        {"field": "model", "op": "eq", "value": "é"},
        token="fp-0123456789",
        base="https://acme.freeplay.ai",
        page=2,
        page_size=100,
        include_children=True,
    )
    assert request.method == "POST"
    assert request.url == (
        "https://acme.freeplay.ai/api/v2/projects/my-project/search/traces"
        "?page=2&page_size=100&include_children=true"
    )
    assert request.headers == {"authorization": "Bearer fp-0123456789", "content-type": "application/json"}
    assert json.loads(request.body) == {"filters": {"field": "model", "op": "eq", "value": "é"}}
    assert "0123456789" not in repr(request)


@pytest.mark.parametrize(
    ("arguments", "exception", "message"),
    [
        ({"endpoint": "spans"}, ValueError, "no endpoint `spans`; write sessions, traces or completions"),
        ({"project": ""}, ValueError, "not a project ID"),
        ({"token": ""}, ValueError, "the API key is missing"),
        ({"token": "a b"}, ValueError, "the API key contains a space"),
        ({"base": "http://acme.freeplay.ai"}, ValueError, "https://"),
        ({"page": 0}, ValueError, "there is no page 0"),
        ({"page": -1}, OverflowError, "out of range"),
        ({"page_size": 101}, ValueError, "a page cannot have 101 results"),
        ({"filter": {"a": 1}}, QueryError, "found the key `a`"),
    ],
)
def test_wrong_requests(arguments: dict[str, Any], exception: type[Exception], message: str) -> None:
    right: dict[str, Any] = {"endpoint": "sessions", "project": "my-project", "filter": {}, "token": "fp-0123456789"}
    with pytest.raises(exception, match=message):
        freeplay_filter.search_request(**(right | arguments))
