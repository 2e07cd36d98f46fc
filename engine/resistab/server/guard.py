"""What stands before every request: who may ask, how much and how slowly, and what every answer says to a browser.

It is written for ASGI itself, so that nothing of a request is read before it was let in.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response

from resistab.server.asked import fault
from resistab.server.settings import ServerSettings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
# From status, faults and whether a program asked to an answer.
Refusal = Callable[[Scope, int, Sequence[Mapping[str, Any]]], Response]

_LOG = logging.getLogger("resistab.server")
_CHANGING = ("POST", "PUT", "PATCH", "DELETE")
_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# With "no-referrer" a browser would hide from the server itself which page a form came from; to others nothing is said.
_ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
FAILED = "the server failed, and made no report"
# What is too much is read on for so many times the most, and thrown away: a browser that is cut off shows no answer.
_READ_ON = 4


class _RefusedError(Exception):
    """A request that is not let in."""

    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message


class Guard:
    """An application behind what lets requests in; ``refusal`` makes the answer to one that is not let in."""

    def __init__(self, application: Application, settings: ServerSettings, refusal: Refusal) -> None:
        self._application, self._settings, self._refusal = application, settings, refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; whatever goes wrong in doing so is an answer too, and tells nothing of the request."""
        if scope["type"] != "http":
            return
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(raw=message["headers"])
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self._let_in(scope)
            body = await self._body(scope, receive)
            await self._application(scope, _replayed(body, receive), answer)
        except _RefusedError as refused:
            await self._refuse(scope, receive, answer, refused.status, refused.message)
        except Exception as error:
            # The text of an error may hold what a patient's file holds, and so may a traceback.
            at = traceback.extract_tb(error.__traceback__)[-1]
            _LOG.error("%s at %s:%s", type(error).__name__, Path(at.filename).name, at.lineno)
            if not begun:
                await self._refuse(scope, receive, answer, 500, FAILED)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int, message: str) -> None:
        await self._refusal(scope, status, [fault(message)])(scope, receive, send)

    def _let_in(self, scope: Scope) -> None:
        """Raise where a request is for another server, or comes from a page of another."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        host = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if host is None or not self._settings.is_called(host["name"].strip("[]")):
            raise _RefusedError(421, "this server is not asked by that name; --name of 'resistab serve' adds one")
        if scope["method"] not in _CHANGING:
            return
        # What stands in front of this server may encrypt, and then the page says so.
        own: Sequence[list[str]] = ([], [f"http://{hosts[0]}"], [f"https://{hosts[0]}"])
        if headers.getlist("origin") not in own:
            raise _RefusedError(403, "the request comes from a page of another server")
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise _RefusedError(403, "the request comes from a page of another server")

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """The body of a request, whole; raises where it is too large or too slow."""
        headers = Headers(scope=scope)
        most = self._settings.most_bytes
        too_large = _RefusedError(413, f"the request is larger than {most / 1_000_000:g} MB")
        said = headers.get("content-length", "0")
        if (not said.isdecimal() or int(said) > most) and headers.get("expect", "").lower() == "100-continue":
            raise too_large
        parts: list[bytes] = []
        size, more = 0, True
        try:
            with anyio.fail_after(self._settings.arriving_seconds):
                while more and size <= _READ_ON * most:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _RefusedError(400, "the request broke off")
                    part = message.get("body", b"")
                    size += len(part)
                    if size > most:
                        parts.clear()
                    else:
                        parts.append(part)
                    more = message.get("more_body", False)
        except TimeoutError:
            if size > most:
                raise too_large from None
            raise _RefusedError(408, "the request took too long to arrive") from None
        if size > most:
            raise too_large
        return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """What gives the whole body at once, and then whatever comes."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
