"""Whatever comes in, a function gives a result or raises an exception that says what is wrong."""

import random
from typing import Any

import pytest

import freeplay_filter
from freeplay_filter import QueryError

SEEDS = [
    "cost >= $0.01 and model in (gpt-4o, o1) and not env = prod",
    'meta."user type" contains "é🚀" or start_time >= now-7d # why',
    '{"and": [{"field": "cost", "op": "gte", "value": 0.01}, {"not": {}}]}',
]
ALPHABET = list("abct =<>!()[]{},.:;'\"\\/*-+$#&|~0159\n\t\0é🚀\u202e\u2028\ufeff“”（") + [" and ", " or ", "not ", " in "]


def mutants() -> list[str]:
    chance = random.Random(20240601)
    texts = []
    for _ in range(300):
        text = chance.choice(SEEDS)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(text) + 1)
            text = text[:at] + chance.choice(ALPHABET) + text[at + chance.randrange(3) :]
        texts.append(text)
    return texts


@pytest.mark.parametrize("text", mutants())
def test_broken_texts(text: str) -> None:
    tokens = freeplay_filter.highlight(text)
    assert "".join(token.span.of(text) for token in tokens) == text
    for item in freeplay_filter.complete(text, len(text) // 2):
        item.apply(text)
    for function in [freeplay_filter.compile, freeplay_filter.explain, freeplay_filter.format, freeplay_filter.to_query]:
        try:
            function(text)  # type: ignore[operator]
        except QueryError as error:
            assert str(error)
            for found in error.diagnostics:
                assert (found.span is None) != (found.pointer is None)
                assert found.span is None or 0 <= found.span.start <= found.span.end <= len(text)
                for fix in found.fixes:
                    fix.apply(text)


@pytest.mark.parametrize(
    "text",
    ["a" * 5_000_000, "(" * 100_000, '"' * 1_000_000, "\0" * 100_000, "🚀" * 300_000],
    ids=["long", "deep", "quotes", "nulls", "wide"],
)
def test_huge_texts(text: str) -> None:
    freeplay_filter.highlight(text)
    freeplay_filter.complete(text)
    freeplay_filter.quote(text)
    for function in [freeplay_filter.compile, freeplay_filter.explain, freeplay_filter.format, freeplay_filter.to_query]:
        try:
            function(text)  # type: ignore[operator]
        except QueryError as error:
            assert len(str(error)) < 100_000
        else:
            assert function is freeplay_filter.format


@pytest.mark.parametrize("value", [None, 5, 5.5, True, b"cost > 1", bytearray(b"x"), ["cost > 1"], {}, object(), str])
def test_other_types(value: Any) -> None:
    for function in [
        freeplay_filter.compile,
        freeplay_filter.explain,
        freeplay_filter.format,
        freeplay_filter.highlight,
        freeplay_filter.complete,
        freeplay_filter.quote,
    ]:
        with pytest.raises(TypeError):
            function(value)  # type: ignore[operator]
    if value != {}:
        with pytest.raises((TypeError, QueryError)):
            freeplay_filter.to_query(value)
