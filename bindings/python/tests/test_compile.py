"""Queries to filters, and the settings."""

import json
import threading
from datetime import datetime, timedelta, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import freeplay_filter
from freeplay_filter import Compiler, Field, QueryError, builtin_fields

NOW = datetime(2024, 3, 31, 12, tzinfo=timezone.utc)
EXPENSIVE = {"field": "cost", "op": "gte", "value": 0.01}


def test_a_query_compiles_to_a_dict_and_to_json() -> None:
    compiled = freeplay_filter.compile("cost >= $0.01 and not env = prod")
    assert compiled.filter == {
        "and": [EXPENSIVE, {"not": {"field": "environment", "op": "eq", "value": "prod"}}],
    }
    assert json.loads(compiled.json) == compiled.filter
    assert (compiled.warnings, compiled.drawing) == ((), "")


def test_numbers_are_exact() -> None:
    compiled = freeplay_filter.compile("cost in (18446744073709551615, -9223372036854775808, 0.1, 1.0)")
    values = [part["value"] for part in compiled.filter["or"]]
    assert values == [18446744073709551615, -9223372036854775808, 0.1, 1.0]
    assert [type(value) for value in values] == [int, int, float, float]


def test_warnings_come_with_their_drawing() -> None:
    compiled = freeplay_filter.compile("latency > 500")
    assert [(warning.code, warning.severity) for warning in compiled.warnings] == [("assumed-seconds", "warning")]
    assert compiled.drawing.startswith("warning[assumed-seconds]: `latency` is in seconds\n  |\n1 | latency > 500\n")


def test_now_and_zone() -> None:
    def start(query: str, **settings: Any) -> str:
        [value] = {part["value"] for part in freeplay_filter.compile(query, **settings).filter["and"][:1]}
        return str(value)

    assert start("start_time in 2024-06-01..now", now=NOW) == "2024-06-01 00:00:00"
    assert start("start_time = today", now=NOW) == "2024-03-31 00:00:00"
    # The clocks were put forward that night.
    assert start("start_time = today", now=NOW, zone=ZoneInfo("Europe/Berlin")) == "2024-03-30 23:00:00"
    assert start("start_time = tomorrow", now=NOW, zone=ZoneInfo("Europe/Berlin")) == "2024-03-31 22:00:00"
    assert start("start_time = today", now=NOW, zone=timezone(timedelta(hours=-3))) == "2024-03-31 03:00:00"
    # The same instant, in another zone.
    assert start("start_time = today", now=NOW.astimezone(ZoneInfo("Asia/Tokyo"))) == "2024-03-31 00:00:00"


def test_the_clock_is_the_systems() -> None:
    before = datetime.now(timezone.utc)
    value = freeplay_filter.compile("start_time >= now").filter["value"]
    at = datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc)
    assert before - timedelta(seconds=1) <= at <= datetime.now(timezone.utc)


@pytest.mark.parametrize(
    ("settings", "exception", "message"),
    [
        ({"now": datetime(2024, 6, 1)}, ValueError, "now is a datetime without a time zone; give it a time zone"),
        ({"now": "2024-06-01"}, TypeError, "'str' object is not an instance of 'datetime'"),
        ({"zone": "Europe/Berlin"}, TypeError, "zone is a str, and must be a zoneinfo.ZoneInfo or a datetime.timezone"),
        ({"zone": timezone(timedelta(microseconds=1))}, ValueError, "zone: its offset has a fraction of a second"),
        ({"text_field": "cost"}, ValueError, "text_field: .* `cost` does not take `contains`"),
        ({"text_field": "x"}, ValueError, "text_field: .* unknown field `x`"),
        ({"catalog": [Field(name="x", type="text")] * 2}, ValueError, "catalog: the name or alias `x` is used twice"),
        ({"catalog": [Field(name="x", type="string")]}, ValueError, "catalog: unknown variant `string`"),  # type: ignore[arg-type]
        ({"catalog": [{"name": "x", "type": "text"}]}, TypeError, "catalog contains a dict, but must contain only Fields"),
        ({"catalog": [Field(name="x", type="number", values=[True])]}, ValueError, "catalog: `values` can only contain"),
        ({"params": [("x", 1)]}, TypeError, "params is a mapping of names to values, not a list"),
    ],
)
def test_wrong_settings(settings: dict[str, Any], exception: type[Exception], message: str) -> None:
    with pytest.raises(exception, match=message):
        Compiler(**settings)


def test_strict_and_unknown_fields() -> None:
    assert [warning.code for warning in freeplay_filter.compile("trace_id = 3c90c3cc-0d44-4b50-8888-8dd25736052a").warnings] == ["unlisted-operator"]
    with pytest.raises(QueryError, match="unlisted-operator"):
        freeplay_filter.compile("trace_id = 3c90c3cc-0d44-4b50-8888-8dd25736052a", strict=True)
    assert freeplay_filter.compile("color = red", allow_unknown_fields=True).filter["field"] == "color"


def test_text_field() -> None:
    compiled = freeplay_filter.compile("refund", text_field="output")
    assert compiled.filter == {"field": "completion_output", "op": "contains", "value": "refund"}
    with pytest.raises(QueryError):
        freeplay_filter.compile("refund")


def test_catalog() -> None:
    tenant = Field(name="tenant", type="text", aliases=["customer"], values=["acme"], doc="Whose session it is")
    compiler = Compiler(catalog=[*builtin_fields(), tenant])
    assert compiler.compile("customer = acme and cost > 1").filter["and"][0]["field"] == "tenant"
    assert "acme" in [item.label for item in compiler.complete("customer = ")]
    alone = Compiler(catalog=[tenant])
    with pytest.raises(QueryError, match="unknown field `cost`"):
        alone.compile("cost > 1")
    with pytest.raises(QueryError, match="tenant"):
        freeplay_filter.to_query(compiler.compile("tenant = acme").filter)
    assert compiler.to_query(compiler.compile("tenant = acme").filter) == "tenant = acme"


def test_builtin_fields_make_the_builtin_catalog() -> None:
    fields = builtin_fields()
    assert {field.name for field in fields} >= {"cost", "completion_inputs.*"}
    assert len(set(fields)) == len(fields)
    query = "eval.Quality >= 4 and env = prod"
    assert Compiler(catalog=fields).compile(query) == freeplay_filter.compile(query)


def test_a_compiler_is_reused_with_other_parameters() -> None:
    compiler = Compiler(now=NOW, params={"model": "gpt-4o"})
    query = "model = $model and start_time >= now-7d"
    models = [
        compiler.compile(query).filter["and"][0]["value"],
        compiler.compile(query, params={"model": "o1"}).filter["and"][0]["value"],
        compiler.compile(query).filter["and"][0]["value"],
    ]
    assert models == ["gpt-4o", "o1", "gpt-4o"]
    with pytest.raises(QueryError, match="missing-parameter"):
        compiler.compile(query, params={})


def test_threads_share_a_compiler() -> None:
    compiler = Compiler(text_field="output")
    # Long enough to be worked on without the interpreter's lock.
    queries = ["cost > 1", " or ".join(f"model = m{number}" for number in range(2_000))]
    expected = [freeplay_filter.compile(query).json for query in queries]
    wrong: list[str] = []

    def work() -> None:
        for _ in range(20):
            wrong.extend(q for q, json in zip(queries, expected, strict=True) if compiler.compile(q).json != json)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_version_is_the_librarys() -> None:
    manifest = (Path(__file__).parents[3] / "Cargo.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{version("freeplay-filter")}"\n' in manifest
