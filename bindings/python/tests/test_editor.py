"""Completion, highlighting and explanations."""

from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

import pytest

import freeplay_filter
from freeplay_filter import Compiler


def labels(text: str, cursor: int | None = None, **providers: Any) -> list[str]:
    return [item.label for item in freeplay_filter.complete(text, cursor, **providers)]


def test_completions() -> None:
    [item, *_] = freeplay_filter.complete("mod")
    assert (item.label, item.kind) == ("model", "field")
    assert item.documentation.startswith("The model's name")
    assert item.apply("mod").startswith("model")
    assert "not in" in labels("model ")
    assert "yesterday" in labels("start_time >= ye")


def test_a_cursor_is_in_code_points() -> None:
    text = 'env = "é🚀" and mod and cost > 1'
    cursor = text.index("mod") + len("mod")
    item = freeplay_filter.complete(text, cursor)[0]
    assert item.label == "model"
    assert item.edit.span.of(text) == "mod"
    assert item.apply(text).startswith('env = "é🚀" and model')
    # Beyond the text is its end.
    assert labels("mod", 1_000) == labels("mod") == labels("mod", 3)
    with pytest.raises(ValueError, match="cursor"):
        labels("mod", -1)


def test_values_and_keys_of_a_function() -> None:
    asked: list[tuple[str, str | None, str]] = []

    def values(field: str, key: str | None, prefix: str) -> Iterable[str | int | float]:
        asked.append((field, key, prefix))
        return ["gpt-4o", "o1 mini", 4, 0.5]

    def keys(field: str, prefix: str) -> Iterable[str]:
        return (key for key in ["Response Quality", "Tone"])

    [item] = [item for item in freeplay_filter.complete("model = o1", None, values) if item.kind == "value"]
    assert item.label == "o1 mini"
    assert item.apply("model = o1").startswith('model = "o1 mini"')
    labels("eval.Tone = ", values=values)
    assert asked == [("model", None, "o1"), ("completion_evaluation_results", "Tone", "")]
    assert labels("eval.Re", keys=keys)[0] == "Response Quality"


def test_exceptions_of_a_function_come_through() -> None:
    def fails(*_: object) -> Iterable[str]:
        raise LookupError("no models today")

    def stops(*_: object) -> Iterable[str]:
        yield "a"
        raise LookupError("no more models")

    wrong: Any
    with pytest.raises(LookupError, match="no models today"):
        freeplay_filter.complete("model = ", values=fails)
    with pytest.raises(LookupError, match="no more models"):
        freeplay_filter.complete("model = ", values=stops)
    with pytest.raises(LookupError, match="no models today"):
        freeplay_filter.complete("eval.", keys=fails)
    for wrong in [lambda *_: [None], lambda *_: [True], lambda *_: "gpt-4o", lambda *_: None, lambda: [], 5]:
        with pytest.raises(TypeError):
            freeplay_filter.complete("model = ", values=wrong)
    for wrong in [lambda *_: [1], lambda *_: "Tone", lambda *_: None, 5]:
        with pytest.raises(TypeError):
            freeplay_filter.complete("eval.", keys=wrong)
    with pytest.raises(ValueError, match="NaN"):
        freeplay_filter.complete("cost > ", values=lambda *_: [float("nan")])


@pytest.mark.parametrize("text", ["", "cost > 1", '🚀 (meta."é" contains x # é\n', '"unclosed', "((\0\r\n"])
def test_tokens_cover_the_text(text: str) -> None:
    tokens = freeplay_filter.highlight(text)
    assert "".join(token.span.of(text) for token in tokens) == text


def test_kinds_of_tokens() -> None:
    text = '(env = "🚀" and cost > 1)'
    tokens = freeplay_filter.highlight(text)
    seen = [(token.span.of(text), token.kind) for token in tokens if token.kind != "white-space"]
    assert seen == [
        ("(", "bracket"),
        ("env", "field"),
        ("=", "operator"),
        ('"🚀"', "string"),
        ("and", "keyword"),
        ("cost", "field"),
        (">", "operator"),
        ("1", "number"),
        (")", "bracket"),
    ]
    assert (tokens[0].partner, tokens[-1].partner) == (len(tokens) - 1, 0)


def test_explanations() -> None:
    compiler = Compiler(now=datetime(2024, 3, 31, 12, tzinfo=timezone.utc))
    query = 'env = "🚀" and not (latency > 8s or time >= now-7d)'
    assert compiler.explain(query) == (
        "all of these:\n"
        '  environment is "🚀"\n'
        "  none of these:\n"
        "    latency is more than 8 seconds\n"
        "    start_time is at or after 2024-03-24 12:00:00 UTC (now-7d)"
    )
