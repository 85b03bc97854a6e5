"""Arguments as JSON, which the native module reads."""

from __future__ import annotations

import json
from typing import Any


def dumps(value: Any, what: str) -> str:
    """An argument as JSON. `what` is what an error calls it."""
    try:
        return json.dumps(value, allow_nan=False)
    except RecursionError:
        raise ValueError(f"{what}: nested too deeply") from None
    except (TypeError, ValueError) as error:
        raise type(error)(f"{what}: {error}") from None
