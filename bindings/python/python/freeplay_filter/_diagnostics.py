"""What is wrong with a query or a filter, as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning"]
Applicability: TypeAlias = Literal["machine-applicable", "maybe-incorrect", "has-placeholders"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of a text, in code points as `str` counts."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The part of the text."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement."""

    span: Span
    """What is replaced; empty where something is inserted."""
    text: str
    """What is written in its place."""


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that remove a diagnostic."""

    title: str
    """What the edits do: "write `model`"."""
    applicability: Applicability
    """Whether it can be applied without asking.

    ``machine-applicable``: it is what was meant. ``maybe-incorrect``: it may search for something
    else than was meant, so ask. ``has-placeholders``: it contains an example value to replace.
    """
    edits: tuple[Edit, ...]
    """From left to right; none overlaps another."""

    def apply(self, text: str) -> str:
        """Returns the text with the edits applied; it must be the text that the diagnostic is about."""
        return apply(self.edits, text)


@dataclass(frozen=True, slots=True)
class Label:
    """Another part of the text that a diagnostic is about."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning."""

    code: str
    """A stable name, such as ``unknown-field``."""
    severity: Severity
    message: str
    """A fragment without a full stop."""
    span: Span | None
    """The part of the text; ``None`` if the position is a `pointer`."""
    pointer: str | None
    """The part of a filter, as a JSON pointer such as ``/and/1/op``."""
    labels: tuple[Label, ...]
    help: str | None
    """What to do about it."""
    candidates: tuple[str, ...]
    """What can be written instead: the nearest fields, the field's operators, its known values."""
    fixes: tuple[Fix, ...]
    """The likeliest comes first."""


class QueryError(ValueError):
    """A query that does not compile, or a filter that cannot be read or written as a query.

    Its ``str()`` draws each diagnostic under the text.
    """

    __module__ = "freeplay_filter"

    text: str
    """The query, or the JSON of the filter."""
    diagnostics: tuple[Diagnostic, ...]
    """In the order of the text; at least one is an error."""

    def __init__(self, text: str, diagnostics: tuple[Diagnostic, ...], drawing: str) -> None:
        super().__init__(text, diagnostics, drawing)
        self.text = text
        self.diagnostics = diagnostics
        self._drawing = drawing

    def __str__(self) -> str:
        return self._drawing


def apply(edits: tuple[Edit, ...], text: str) -> str:
    parts = []
    copied = 0
    for edit in edits:
        parts += [text[copied : edit.span.start], edit.text]
        copied = edit.span.end
    return "".join([*parts, text[copied:]])


def span_of(item: dict[str, Any]) -> Span:
    return Span(item["span"]["char_start"], item["span"]["char_end"])


def edit_of(item: dict[str, Any]) -> Edit:
    return Edit(span_of(item), item["text"])


def diagnostics_of(text: str) -> tuple[Diagnostic, ...]:
    """Diagnostics from their JSON."""
    return tuple(
        Diagnostic(
            code=item["code"],
            severity=item["severity"],
            message=item["message"],
            span=span_of(item) if "span" in item else None,
            pointer=item.get("pointer"),
            labels=tuple(Label(span_of(label), label["text"]) for label in item["labels"]),
            help=item["help"],
            candidates=tuple(item["candidates"]),
            fixes=tuple(
                Fix(fix["title"], fix["applicability"], tuple(map(edit_of, fix["edits"]))) for fix in item["fixes"]
            ),
        )
        for item in json.loads(text)
    )


def query_error(text: str, diagnostics: str, drawing: str) -> QueryError:
    """The exception that the native module raises."""
    return QueryError(text, diagnostics_of(diagnostics), drawing)
