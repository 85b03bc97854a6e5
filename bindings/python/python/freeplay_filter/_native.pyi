"""The native module of the package: settings and strings in, JSON out."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any, final

__all__ = ["Compiler", "builtin_fields", "matches", "quote", "search_request"]

@final
class Compiler:
    def __new__(
        cls,
        *,
        catalog: str | None,
        strict: bool,
        allow_unknown_fields: bool,
        now: datetime | None,
        zone: tzinfo | None,
        params: Mapping[str, Any] | None,
        text_field: str | None,
    ) -> Compiler: ...
    def compile(self, query: str, params: Mapping[str, Any] | None) -> tuple[str, tuple[str, str] | None]: ...
    def to_query(self, filter: str) -> str: ...
    def format(self, query: str) -> str: ...
    def explain(self, query: str) -> str: ...
    def highlight(self, text: str) -> str: ...
    def complete(
        self,
        text: str,
        cursor: int,
        values: Callable[[str, str | None, str], Iterable[Any]] | None,
        keys: Callable[[str, str], Iterable[str]] | None,
    ) -> str: ...

def builtin_fields() -> str: ...
def matches(filter: str, record: str) -> bool | None: ...
def quote(text: str) -> str: ...
def search_request(
    *,
    endpoint: str,
    project: str,
    filter: str,
    token: str,
    base: str | None,
    page: int,
    page_size: int,
    include_children: bool,
) -> tuple[str, dict[str, str], str]: ...
