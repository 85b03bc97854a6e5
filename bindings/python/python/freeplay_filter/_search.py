"""Searches, ready for an HTTP client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from . import _native
from ._compiler import filter_json

Endpoint: TypeAlias = Literal["sessions", "traces", "completions"]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One page of a search, for the HTTP client that you have."""

    method: str
    url: str
    headers: dict[str, str] = field(repr=False)
    """They hold the API key, so ``repr()`` does not show them."""
    body: bytes


def search_request(
    endpoint: Endpoint,
    project: str,
    filter: Mapping[str, Any] | str,
    *,
    token: str,
    base: str | None = None,
    page: int = 1,
    page_size: int = 30,
    include_children: bool = False,
) -> SearchRequest:
    """The request for a page of a search of a project.

    `filter` is a dict or JSON. `base` is by default Freeplay's cloud; a private instance is
    ``https://{subdomain}.freeplay.ai``. Pages count from 1, and hold at most 100 results.
    """
    url, headers, body = _native.search_request(
        endpoint=endpoint,
        project=project,
        filter=filter_json(filter),
        token=token,
        base=base,
        page=page,
        page_size=page_size,
        include_children=include_children,
    )
    return SearchRequest("POST", url, headers, body.encode())
