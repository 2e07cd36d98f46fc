"""Who may ask, how much and how slowly; and what every answer tells a browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="FastAPI is not installed; the extra 'serve' brings it")

import anyio

from resistab.server.application import application
from resistab.server.guard import Guard
from resistab.server.offered import Offered
from resistab.server.settings import ServerSettings
from tests.serving import FORMS, Client, Here, Send, sent

PATIENT = {"tumour": "LUAD", "finding": "EGFR L858R", "no_options": "on"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:9000", "[::1]:8000", "LOCALHOST"])
def test_the_names_of_this_machine_are_its_own(client: Client, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil", "", "[::1", "127.0.0.2"])
@pytest.mark.parametrize("path", ["/", "/api/rulesets"])
def test_another_host_is_refused(client: Client, host: str, path: str) -> None:
    """A page elsewhere whose name leads here would else read what is answered."""
    assert client.get(path, headers={"host": host}).status_code == 421


def test_a_name_that_was_given_is_its_own(rulesets: Mapping[str, Offered]) -> None:
    server = application(rulesets, ServerSettings(host="0.0.0.0", names=("here.example",)), Here(), FORMS)
    assert Client(server).get("/", headers={"host": "here.example:8000"}).status_code == 200
    assert Client(server).get("/", headers={"host": "there.example:8000"}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1"},
        {"origin": "http://127.0.0.1:9000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_a_page_of_another_server_changes_nothing(client: Client, headers: dict[str, str]) -> None:
    assert client.get("/").status_code == 200
    assert sent(client, "oncology", PATIENT, headers=headers).status_code == 403
    answer = client.post("/api/rulesets/oncology/evaluate", json={"tumour": "LUAD"}, headers=headers)
    assert answer.status_code == 403 and "another server" in answer.json()["faults"][0]["message"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_its_own_pages_may_ask(client: Client, scheme: str) -> None:
    """Also where a server in front of it encrypts."""
    own = {"origin": f"{scheme}://127.0.0.1:8000", "sec-fetch-site": "same-origin"}
    assert sent(client, "pharmacogenomics", {"finding": "TPMT *1/*3A"}, headers=own).status_code == 200


def test_a_form_without_the_token_is_given_back(client: Client) -> None:
    answer = client.post("/rulesets/oncology", files=[("tumour", (None, "LUAD")), ("token", (None, "guessed"))])
    assert answer.status_code == 403
    assert "opened" in answer.text and 'value="LUAD"' in answer.text


def test_every_answer_forbids_what_it_does_not_need(client: Client, send: Send) -> None:
    answers = [client.get("/"), client.get("/nowhere"), client.get("/api/rulesets"), send("oncology", PATIENT)]
    answers += [client.get("/", headers={"host": "evil.example"}), client.get("/static/serve.js")]
    for answer in answers:
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "set-cookie" not in answer.headers


def test_no_page_asks_anything_of_another_server(client: Client, send: Send) -> None:
    pages = [client.get(path).text for path in ("/", "/api", "/rulesets/hiv1", "/static/serve.css", "/static/serve.js")]
    pages += [send("oncology", PATIENT).text]
    for page in pages:
        # A link is followed by whoever reads it, and by no browser of its own accord.
        assert not re.search(r"""(src|action|url\(|import|<link[^>]*href)\s*[=(]?\s*["']?(https?:)?//""", page)
        assert not re.search(r"""\son\w+\s*=|style=["']|javascript:""", page)


@pytest.fixture
def narrow(rulesets: Mapping[str, Offered]) -> Guard:
    """A server that takes 10 kB at most, for at most a tenth of a second."""
    return application(rulesets, ServerSettings(most_bytes=10_000, arriving_seconds=0.1), Here(), FORMS)


@pytest.mark.parametrize("path", ["/rulesets/oncology", "/api/rulesets/oncology/evaluate"])
def test_a_large_request_is_refused(narrow: Guard, path: str) -> None:
    told = Client(narrow).post(path, content=b"x" * 10_001)
    assert told.status_code == 413 and "0.01 MB" in told.text


def test_a_large_request_of_no_length_is_refused(narrow: Guard) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 1000

    assert Client(narrow).post("/rulesets/oncology", content=parts()).status_code == 413


def asked(server: Guard, headers: dict[str, str], *messages: dict[str, Any]) -> int:
    """The status of the answer to a request that comes in these parts, and then no further."""
    statuses: list[int] = []

    async def parts() -> AsyncIterator[dict[str, Any]]:
        for message in messages:
            yield message
        await anyio.sleep_forever()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def answered() -> None:
        stream = parts()
        raw = [(name.encode(), value.encode()) for name, value in {"host": "localhost", **headers}.items()]
        scope = {
            "type": "http", "method": "POST", "path": "/api/rulesets/oncology/evaluate", "headers": raw,
            "query_string": b"", "scheme": "http", "http_version": "1.1",
        }  # fmt: skip
        await server(scope, stream.__anext__, send)

    anyio.run(answered)
    return statuses[0]


def test_what_is_without_end_is_not_read_to_its_end(narrow: Guard) -> None:
    part = {"type": "http.request", "body": b"x" * 10_000, "more_body": True}
    assert asked(narrow, {}, *[part] * 20) == 413
    assert asked(narrow, {"content-length": "99999999", "expect": "100-continue"}) == 413


def test_what_does_not_arrive_in_time_is_refused(narrow: Guard) -> None:
    part = {"type": "http.request", "body": b"{", "more_body": True}
    assert asked(narrow, {"content-length": "100"}, part) == 408
    assert asked(narrow, {}, part, {"type": "http.disconnect"}) == 400


def test_a_failure_tells_nothing_of_the_patient(
    rulesets: Mapping[str, Offered], caplog: pytest.LogCaptureFixture
) -> None:
    class Failing:
        async def run(self, function: Any, *given: Any) -> Any:
            raise ValueError(f"failed over {given}")

    client = Client(application(rulesets, ServerSettings(), Failing(), FORMS))
    answer = client.post("/api/rulesets/oncology/evaluate", json={"tumour": "LUAD", "sample": "Jane"})
    assert answer.status_code == 500 and "server failed" in answer.json()["faults"][0]["message"]
    assert "ValueError at" in caplog.text
    assert "Jane" not in caplog.text + answer.text and "Traceback" not in caplog.text + answer.text
