"""Values of Python as parameters."""

import enum
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

import freeplay_filter
from freeplay_filter import QueryError

AN_ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"


class Model(str, enum.Enum):
    MINI = "o1-mini"


def value_of(query: str, value: Any) -> Any:
    return freeplay_filter.compile(query, params={"x": value}).filter["value"]


@pytest.mark.parametrize(
    ("query", "value", "expected"),
    [
        ("model = $x", 'x" or env = "prod', 'x" or env = "prod'),
        ("model = $x", "é🚀", "é🚀"),
        ("model = $x", Model.MINI, "o1-mini"),
        ("cost > $x", 1, 1),
        ("cost > $x", -(2**63), -(2**63)),
        ("cost > $x", 2**64 - 1, 2**64 - 1),
        ("cost > $x", 0.1, 0.1),
        ("cost > $x", 1.0, 1.0),
        ("cost > $x", Decimal("0.10"), 0.1),
        ("cost > $x", Decimal("5"), 5),
        ("cost > $x", Decimal("1E+3"), 1000.0),
        ("session_id = $x", UUID(AN_ID), AN_ID),
        ("start_time > $x", datetime(2024, 6, 1, 12, tzinfo=timezone.utc), "2024-06-01 12:00:00"),
        ("start_time > $x", datetime(2024, 6, 1, 12, tzinfo=ZoneInfo("Europe/Berlin")), "2024-06-01 10:00:00"),
        # The second time that the clock showed it.
        ("start_time > $x", datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")), "2024-10-27 01:30:00"),
        ("start_time > $x", "2024-06-01T12:00Z", "2024-06-01 12:00:00"),
        ("start_time >= $x", date(2024, 6, 1), "2024-06-01 00:00:00"),
        ("start_time > $x", date(2024, 6, 1), "2024-06-02 00:00:00"),
    ],
)
def test_values(query: str, value: Any, expected: Any) -> None:
    # In JSON, 1 is not 1.0.
    assert json.dumps(value_of(query, value)) == json.dumps(expected)


def test_a_date_is_a_day_in_the_zone() -> None:
    settings: Any = {"params": {"day": date(2024, 6, 1)}, "zone": ZoneInfo("Europe/Berlin")}
    day = freeplay_filter.compile("start_time = $day", **settings).filter
    assert [part["value"] for part in day["and"]] == ["2024-05-31 22:00:00", "2024-06-01 22:00:00"]


@pytest.mark.parametrize("values", [["a", "b"], ("a", "b")])
def test_lists(values: Any) -> None:
    models = freeplay_filter.compile("model in $x", params={"x": values}).filter
    assert [part["value"] for part in models["or"]] == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "exception", "message"),
    [
        (True, TypeError, r"`\$x` is a bool, and must be a str, int, float"),
        (None, TypeError, r"`\$x` is None"),
        (b"a", TypeError, r"`\$x` is a bytes"),
        ({"a"}, TypeError, r"`\$x` is a set"),
        ({}, TypeError, r"`\$x` is a dict"),
        (timedelta(1), TypeError, r"`\$x` is a timedelta"),
        ([True], TypeError, r"an item of `\$x` is a bool"),
        ([["a"]], TypeError, r"an item of `\$x` is a list"),
        (float("nan"), ValueError, r"`\$x` is NaN"),
        (float("-inf"), ValueError, r"`\$x` is -inf"),
        (Decimal("NaN"), ValueError, r"`\$x` is NaN"),
        (Decimal("sNaN"), ValueError, r"`\$x` is sNaN"),
        (Decimal("Infinity"), ValueError, r"`\$x` is Infinity"),
        (Decimal("1E+400"), ValueError, r"`\$x` is 1E\+400"),
        (2**64, ValueError, r"`\$x` is an integer beyond 64 bits"),
        (-(2**63) - 1, ValueError, r"`\$x` is an integer beyond 64 bits"),
        (10**400, ValueError, r"`\$x` is an integer beyond 64 bits"),
        (datetime(2024, 6, 1), ValueError, r"`\$x` is a datetime without a time zone; give it a time zone"),
        (datetime(9999, 12, 31, tzinfo=timezone.utc), ValueError, r"`\$x` is not between -009999"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), OverflowError, "date value out of range"),
        ("\ud800", ValueError, r"`\$x`: .*surrogates not allowed"),
        (["a", "\ud800"], ValueError, r"an item of `\$x`: .*surrogates not allowed"),
    ],
)
def test_wrong_values(value: Any, exception: type[Exception], message: str) -> None:
    with pytest.raises(exception, match=message):
        freeplay_filter.compile("model = $x", params={"x": value})


@pytest.mark.parametrize(
    ("query", "params", "code"),
    [
        ("cost > $x", {"x": "much"}, "wrong-value"),
        ("model = $x", {"x": datetime(2024, 6, 1, tzinfo=timezone.utc)}, "wrong-value"),
        ("start_time > $x", {"x": datetime(2024, 6, 1, microsecond=1, tzinfo=timezone.utc)}, "fractional-second"),
        ("model in $x", {"x": []}, "empty-list"),
        ("model = $x", {"x": ["a"]}, "list-parameter"),
        ("model = $x", {}, "missing-parameter"),
        ("model = a", {"x": "a"}, "unused-parameter"),
    ],
)
def test_values_that_the_query_rejects(query: str, params: dict[str, Any], code: str) -> None:
    with pytest.raises(QueryError) as raised:
        freeplay_filter.compile(query, params=params)
    assert [found.code for found in raised.value.diagnostics] == [code]


def test_names_are_strings() -> None:
    params: Any = {1: "a"}
    with pytest.raises(TypeError, match="the name of a parameter is a str, not an int"):
        freeplay_filter.compile("model = $x", params=params)
