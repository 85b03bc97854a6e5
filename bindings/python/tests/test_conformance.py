"""The conformance cases, which all implementations share: tests/conformance/README.md describes them."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from freeplay_filter import Compiler, Diagnostic, QueryError

CASES = Path(__file__).parents[3] / "tests/conformance/cases.jsonl"


def cases() -> list[Any]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [pytest.param(json.loads(line), id=str(number)) for number, line in enumerate(lines, 1)]


def compiler_of(settings: dict[str, Any]) -> Compiler:
    return Compiler(
        now=datetime.fromisoformat(settings.get("now", "2024-03-31T12:00:00Z").replace("Z", "+00:00")),
        zone=ZoneInfo(settings.get("zone", "UTC")),
        strict=settings.get("strict", False),
        allow_unknown_fields=settings.get("unknown_fields", False),
        text_field=settings.get("text_field"),
        params=settings.get("parameters"),
    )


def recorded(text: str, diagnostics: list[dict[str, Any]]) -> list[Any]:
    """Diagnostics as the file has them, with spans in code points."""

    def code_points(span: list[int]) -> list[int]:
        return [len(text.encode()[:end].decode()) for end in span]

    def fix(fix: dict[str, Any]) -> list[Any]:
        return [fix["applicability"], [[code_points(edit["span"]), edit["text"]] for edit in fix["edits"]]]

    return [
        [
            found["code"],
            found["severity"],
            code_points(found["span"]) if "span" in found else None,
            found.get("pointer"),
            [fix(each) for each in found.get("fixes", [])],
        ]
        for found in diagnostics
    ]


def reported(diagnostics: Iterable[Diagnostic]) -> list[Any]:
    return [
        [
            found.code,
            found.severity,
            [found.span.start, found.span.end] if found.span else None,
            found.pointer,
            [
                [fix.applicability, [[[edit.span.start, edit.span.end], edit.text] for edit in fix.edits]]
                for fix in found.fixes
            ],
        ]
        for found in diagnostics
    ]


def applied(text: str, fix: dict[str, Any]) -> str:
    """The text with the edits of a fix made, in bytes as the file has them."""
    out = text.encode()
    for edit in reversed(fix["edits"]):
        start, end = edit["span"]
        out = out[:start] + edit["text"].encode() + out[end:]
    return out.decode()


def answer(run: Callable[[], tuple[Any, tuple[Diagnostic, ...]]]) -> tuple[str | None, list[Any]]:
    try:
        result, warnings = run()
    except QueryError as error:
        return None, reported(error.diagnostics)
    # In JSON, 1 is not 1.0.
    return json.dumps(result), reported(warnings)


def test_there_are_cases() -> None:
    assert len(cases()) > 800


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    compiler = compiler_of(case.get("settings", {}))

    def compile() -> tuple[Any, tuple[Diagnostic, ...]]:
        compiled = compiler.compile(case["query"])
        assert json.loads(compiled.json) == compiled.filter
        return compiled.filter, compiled.warnings

    def to_query() -> tuple[Any, tuple[Diagnostic, ...]]:
        return compiler.to_query(case["json"]), ()

    name = "filter" if "query" in case else "raised"
    expected = json.dumps(case[name]) if name in case else None
    text = case["query"] if "query" in case else case["json"]
    assert answer(compile if "query" in case else to_query) == (expected, recorded(text, case.get("diagnostics", [])))


@pytest.mark.parametrize("case", [case for case in cases() if "query" in case.values[0]])
def test_fixes_of(case: dict[str, Any]) -> None:
    try:
        found = compiler_of(case.get("settings", {})).compile(case["query"]).warnings
    except QueryError as error:
        found = error.diagnostics
    fixed = [[fix.apply(case["query"]) for fix in diagnostic.fixes] for diagnostic in found]
    recorded = [[applied(case["query"], fix) for fix in found.get("fixes", [])] for found in case.get("diagnostics", [])]
    assert fixed == recorded
