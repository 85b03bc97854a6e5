"""A query language for Freeplay's Search API: compiles readable queries to filter JSON, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from . import _native
from ._catalog import Field, Operator, Type, builtin_fields
from ._compiler import (
    Compiled,
    Compiler,
    Completion,
    Filter,
    Keys,
    Parameter,
    Token,
    Values,
    filter_json,
)
from ._diagnostics import Applicability, Diagnostic, Edit, Fix, Label, QueryError, Severity, Span
from ._json import dumps
from ._search import Endpoint, SearchRequest, search_request

__all__ = [
    "Applicability",
    "Compiled",
    "Compiler",
    "Completion",
    "Diagnostic",
    "Edit",
    "Endpoint",
    "Field",
    "Filter",
    "Fix",
    "Keys",
    "Label",
    "Operator",
    "Parameter",
    "QueryError",
    "SearchRequest",
    "Severity",
    "Span",
    "Token",
    "Type",
    "Values",
    "builtin_fields",
    "compile",
    "complete",
    "explain",
    "format",
    "highlight",
    "matches",
    "quote",
    "search_request",
    "to_query",
]

_DEFAULT = Compiler()

to_query = _DEFAULT.to_query
format = _DEFAULT.format
explain = _DEFAULT.explain
complete = _DEFAULT.complete
highlight = _DEFAULT.highlight


def compile(
    query: str,
    *,
    catalog: Iterable[Field] | None = None,
    strict: bool = False,
    allow_unknown_fields: bool = False,
    now: datetime | None = None,
    zone: tzinfo | None = None,
    params: Mapping[str, Parameter] | None = None,
    text_field: str | None = None,
) -> Compiled:
    """Compiles a query, with the settings of a `Compiler`.

    Raises `QueryError` with everything that is wrong with it.
    """
    compiler = Compiler(
        catalog=catalog,
        strict=strict,
        allow_unknown_fields=allow_unknown_fields,
        now=now,
        zone=zone,
        params=params,
        text_field=text_field,
    )
    return compiler.compile(query)


def matches(filter: Mapping[str, Any] | str, record: Mapping[str, Any]) -> bool | None:
    """Whether a record matches a filter; ``None`` if the record lacks the data.

    The record is a search result as the API sent it, or a mapping of the API's field names to values.
    """
    return _native.matches(filter_json(filter), dumps(record, "record"))


def quote(text: str) -> str:
    """Writes any string as a literal of the language. Prefer parameters."""
    return _native.quote(text)
