"""A server in this process: what a worker would do is done at once. A test that imports this needs the extra."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="FastAPI is not installed; the extra 'serve' brings it")
pytest.importorskip("httpx", reason="httpx is not installed; the extra 'dev' brings it")

import anyio
import httpx

from resistab.server import evaluation
from resistab.server import offered as offering
from resistab.server.application import application
from resistab.server.guard import Guard
from resistab.server.offered import Offered, offered
from resistab.server.settings import ServerSettings
from tests.unit.cli.conftest import load_once, shipped

AT = "http://127.0.0.1:8000"
FORMS = ("html", "json", "table")
Files = Sequence[tuple[str, tuple[str, bytes]]]
Send = Callable[..., httpx.Response]


class Client:
    """Asks a server in this process, as a browser or program does over a connection."""

    def __init__(self, server: Guard) -> None:
        self._server = server

    def request(self, method: str, path: str, **said: Any) -> httpx.Response:
        """The answer; ``said`` is what httpx takes."""

        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self._server), base_url=AT) as client:
                return await client.request(method, path, **said)

        return anyio.run(ask)

    def get(self, path: str, **said: Any) -> httpx.Response:
        """The answer to GET."""
        return self.request("GET", path, **said)

    def post(self, path: str, **said: Any) -> httpx.Response:
        """The answer to POST."""
        return self.request("POST", path, **said)


class Here:
    """Runs what is asked for in this process; keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    async def run(self, function: Callable[..., Any], *given: Any) -> Any:
        self.asked.append(given)
        return function(*given)


@pytest.fixture(scope="session")
def rulesets() -> Mapping[str, Offered]:
    """The shipped rule sets, loaded once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "load", load_once)
        patch.setattr(offering, "load_compiled", lambda folder, pack: (shipped(folder.name).rulebase, None))
        settings = ServerSettings()
        found = offered(settings)
        evaluation.prepare(settings, tuple(found))
    return found


@pytest.fixture(scope="session")
def server(rulesets: Mapping[str, Offered]) -> Guard:
    return application(rulesets, ServerSettings(), Here(), FORMS)


@pytest.fixture
def client(server: Guard) -> Client:
    return Client(server)


def sent(client: Client, ruleset: str, texts: Mapping[str, str], files: Files = (), **named: Any) -> httpx.Response:
    """The answer to a form that was filled in on its page."""
    page = client.get(f"/rulesets/{ruleset}").text
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None
    parts: list[Any] = [(name, (None, text)) for name, text in {"token": found[1], **texts}.items()]
    return client.post(f"/rulesets/{ruleset}", files=[*parts, *files], **named)


@pytest.fixture
def send(client: Client) -> Send:
    """Fills in the form of a rule set and sends it."""

    def filled(ruleset: str, texts: Mapping[str, str], files: Files = (), **named: Any) -> httpx.Response:
        return sent(client, ruleset, texts, files, **named)

    return filled


def given_file(name: str, content: bytes | Path, field: str = "files") -> tuple[str, tuple[str, bytes]]:
    """A file as a form sends it."""
    return field, (name, content.read_bytes() if isinstance(content, Path) else content)
