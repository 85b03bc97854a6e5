"""The time from a query to its dict, beside the time that `json.loads` takes for the same dict."""

import json
from timeit import repeat
from typing import Any
from collections.abc import Callable

import freeplay_filter

QUERIES = {
    "short": "cost > 0.5 and model:gpt-4o",
    "typical": """cost >= $0.01 and latency in 500ms..8s
and model in (gpt-4o, claude-3.5-sonnet)
and not environment = prod
and trace_evaluation_results."Quality Score" < 3
and completion_output contains "refund policy"
and start_time >= now-7d""",
    "1,000 clauses": " or ".join(f"model = model-{number}" for number in range(1_000)),
}


def microseconds(work: Callable[[], Any]) -> float:
    """The least of several rounds: what else the machine does only adds to it."""
    once = min(repeat(work, number=1, repeat=3))
    number = max(1, int(0.02 / once))
    return min(repeat(work, number=number, repeat=25)) / number * 1e6


for name, query in QUERIES.items():
    compiler = freeplay_filter.Compiler()
    text = compiler.compile(query).json
    compiling = microseconds(lambda: compiler.compile(query))
    loading = microseconds(lambda: json.loads(text))
    print(f"{name}: {compiling:.1f} µs, {compiling / loading:.2f} times json.loads ({loading:.1f} µs)")
