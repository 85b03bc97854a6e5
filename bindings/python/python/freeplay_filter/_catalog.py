"""The fields that queries may name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from . import _native
from ._json import dumps

Type: TypeAlias = Literal["text", "uuid", "number", "usd", "seconds", "time", "score", "any"]
Operator: TypeAlias = Literal["eq", "gt", "gte", "lt", "lte", "contains", "between"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field that queries may name."""

    name: str
    """As the API names it; ``metadata.*`` is a field with keys, written ``metadata.user_type``."""
    type: Type
    operators: Sequence[Operator] | None = None
    """The operators that the field takes; by default those of its type."""
    unlisted_operators: Sequence[Operator] = ()
    """Further operators. They compile with a warning, and are errors in strict mode."""
    aliases: Sequence[str] = ()
    """Other names that queries may use."""
    synonyms: Sequence[str] = ()
    """Names that queries cannot use, but for which the error suggests this field."""
    values: Sequence[str | int | float] = ()
    """Known values, for completion."""
    doc: str = ""
    """A short description."""
    example: str = ""
    """A query that uses the field."""


def builtin_fields() -> list[Field]:
    """The fields of the API's guide, to be extended for `Compiler.catalog`."""

    def frozen(value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    fields = json.loads(_native.builtin_fields())
    return [Field(**{name: frozen(value) for name, value in field.items()}) for field in fields]


def to_json(fields: Iterable[Field]) -> str:
    fields = list(fields)
    wrong = [type(field).__name__ for field in fields if not isinstance(field, Field)]
    if wrong:
        raise TypeError(f"catalog contains a {wrong[0]}, but must contain only Fields")
    return dumps([asdict(field) for field in fields], "catalog")
