"""The compiler: from queries to filters and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, Literal, TypeAlias
from uuid import UUID

from . import _native
from ._catalog import Field, to_json
from ._diagnostics import Diagnostic, Edit, Span, apply, diagnostics_of
from ._json import dumps

Filter: TypeAlias = dict[str, Any]
"""A filter of the API, as a dict."""

Single: TypeAlias = str | int | float | Decimal | UUID | datetime | date
Parameter: TypeAlias = Single | Sequence[Single]
"""The value of a parameter: a single value, or a list or tuple for ``in $name`` and ``contains any $name``.

A ``datetime`` must have a time zone; a ``date`` is a whole day, in the zone of the compiler. A ``bool`` is
rejected.
"""

Values: TypeAlias = Callable[[str, str | None, str], Iterable[str | int | float]]
"""Returns values of a field (``key`` is ``None`` for a field without keys); ``prefix`` is what was typed so far:
``values(field, key, prefix)``.
"""

Keys: TypeAlias = Callable[[str, str], Iterable[str]]
"""Returns keys of a field that has keys; ``prefix`` is what was typed so far: ``keys(field, prefix)``."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a query compiles to."""

    filter: Filter
    """The filter as a dict."""
    json: str
    """The filter as JSON. It is exact."""
    warnings: tuple[Diagnostic, ...]
    """Problems that do not prevent compilation, in the order of the text."""
    drawing: str
    """The warnings drawn under the query; empty where there are none."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text, or the white space between two."""

    kind: Literal[
        "white-space",
        "comment",
        "field",
        "key",
        "operator",
        "keyword",
        "string",
        "number",
        "time",
        "parameter",
        "bracket",
        "punctuation",
        "error",
    ]
    span: Span
    partner: int | None
    """For a matched bracket, the index of the token with the matching bracket."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Something that may be typed at the cursor."""

    label: str
    """What a list of completions shows."""
    kind: Literal["field", "key", "operator", "value", "parameter", "keyword", "punctuation"]
    documentation: str
    edit: Edit
    """The edit; place the cursor at the end of the inserted text."""

    def apply(self, text: str) -> str:
        """Returns the text with the edit applied."""
        return apply((self.edit,), text)


class Compiler:
    """Settings to compile many queries with. It never changes, and threads may share it.

    catalog: the fields; by default those of the API's guide, `builtin_fields`.
    strict: reject operators that the guide does not list for a field, instead of warning.
    allow_unknown_fields: accept fields that are not in the catalog.
    now: the current time for ``now`` and ``today``, with a time zone; by default the system's clock.
    zone: where days begin and times without a zone are read: a ``ZoneInfo`` or ``timezone``; by default UTC.
    params: the values of ``$name`` in queries.
    text_field: where words without a field are searched, such as ``completion_output``.
    """

    __slots__ = ("_native",)

    def __init__(
        self,
        *,
        catalog: Iterable[Field] | None = None,
        strict: bool = False,
        allow_unknown_fields: bool = False,
        now: datetime | None = None,
        zone: tzinfo | None = None,
        params: Mapping[str, Parameter] | None = None,
        text_field: str | None = None,
    ) -> None:
        self._native = _native.Compiler(
            catalog=None if catalog is None else to_json(catalog),
            strict=strict,
            allow_unknown_fields=allow_unknown_fields,
            now=now,
            zone=zone,
            params=params,
            text_field=text_field,
        )

    def compile(self, query: str, *, params: Mapping[str, Parameter] | None = None) -> Compiled:
        """Compiles a query, with `params` in place of the compiler's own.

        Raises `QueryError` with everything that is wrong with it.
        """
        text, warnings = self._native.compile(query, params)
        if warnings is None:
            return Compiled(json.loads(text), text, (), "")
        diagnostics, drawing = warnings
        return Compiled(json.loads(text), text, diagnostics_of(diagnostics), drawing)

    def to_query(self, filter: Mapping[str, Any] | str) -> str:
        """The query that compiles to a filter: a dict, or JSON.

        Raises `QueryError` if it is not a filter of the API, or cannot be expressed as a query.
        """
        return self._native.to_query(filter_json(filter))

    def format(self, query: str) -> str:
        """The query in its usual form, on several lines where it is long. Comments are kept."""
        return self._native.format(query)

    def explain(self, query: str) -> str:
        """What a query means, in words: a line for each clause and each group, indented."""
        return self._native.explain(query)

    def complete(
        self, text: str, cursor: int | None = None, values: Values | None = None, keys: Keys | None = None
    ) -> list[Completion]:
        """What may be typed at a cursor, by default the end of the text; the likeliest first.

        `values` and `keys` return what the catalog lacks. The results are filtered by the prefix, so the
        functions may ignore it.
        """
        cursor = len(text) if cursor is None else cursor
        items = json.loads(self._native.complete(text, cursor, values, keys))
        return [
            Completion(
                label=item["label"],
                kind=item["kind"],
                documentation=item["documentation"],
                edit=Edit(Span(item["start"], item["end"]), item["text"]),
            )
            for item in items
        ]

    def highlight(self, text: str) -> list[Token]:
        """The tokens of any text. Together they cover all of it."""
        tokens = json.loads(self._native.highlight(text))
        return [Token(token["kind"], Span(token["start"], token["end"]), token.get("partner")) for token in tokens]


def filter_json(filter: Mapping[str, Any] | str) -> str:
    return filter if isinstance(filter, str) else dumps(filter, "filter")
