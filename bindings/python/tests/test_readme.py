"""The examples of the README run."""

import doctest
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SESSION = "3c90c3cc-0d44-4b50-8888-8dd25736052a"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


class Api(HTTPServer):
    """Answers every search with one session, and keeps the requests."""

    seen: list[tuple[str, str | None, Any]]


class Handler(BaseHTTPRequestHandler):
    server: Api

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.seen.append((self.path, self.headers["authorization"], json.loads(body)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"data": [{"session_id": SESSION}], "pagination": {"has_next": False}}).encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def api() -> Iterator[Api]:
    with Api(("127.0.0.1", 0), Handler) as server:
        server.seen = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_sessions_are_as_shown() -> None:
    names: dict[str, Any] = {}
    sessions = blocks("pycon")
    assert len(sessions) > 5
    for session in sessions:
        example = doctest.DocTestParser().get_doctest(session, names, "README.md", None, 0)
        failures: list[str] = []
        doctest.DocTestRunner().run(example, out=failures.append, clear_globs=False)
        assert not failures, "\n".join(failures)
        names = example.globs


def test_the_search_is_sent(api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FREEPLAY_API_KEY", "fp-0123456789")
    monkeypatch.setenv("FREEPLAY_PROJECT_ID", "my-project")
    monkeypatch.setenv("FREEPLAY_BASE_URL", f"http://127.0.0.1:{api.server_port}")
    [example] = blocks("python")
    exec(example, {})
    assert capsys.readouterr().out == f"{SESSION}\n"
    [(path, authorization, body)] = api.seen
    assert path == "/api/v2/projects/my-project/search/sessions?page=1&page_size=100&include_children=false"
    assert authorization == "Bearer fp-0123456789"
    assert body["filters"]["and"][0] == {"field": "cost", "op": "gt", "value": 0.5}
