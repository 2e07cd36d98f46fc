"""A server that listens, by uvicorn: one process for HTTP, and those that work for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from resistab.server.application import application
from resistab.server.evaluation import forms, prepare
from resistab.server.offered import offered
from resistab.server.settings import ServerSettings
from resistab.server.workers import Workers

_CONNECTIONS = 100
_HEADER_SECONDS = 10
_MOST_HEADER_BYTES = 32_768


class AddressError(Exception):
    """The address cannot be listened at; the text says why."""


class ImpatientProtocol(H11Protocol):
    """HTTP by h11; a connection on which the head of a request does not come in time is closed."""

    _waiting: Any = None

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on where the head of a request is not whole."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(_HEADER_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


class _Listening(uvicorn.Server):
    """Tells at what address it listens, once it does."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[int], None]) -> None:
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets: Any = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit as ended:
            # It has the process end over an address that cannot be had.
            if isinstance(ended.__context__, OSError):
                raise AddressError(ended.__context__.strerror or "it cannot be had") from None
            raise
        if self.started and self.servers:
            self._tell(self.servers[0].sockets[0].getsockname()[1])


def listen(settings: ServerSettings, tell: Callable[[int], None]) -> None:
    """Serve until a signal ends it; ``tell`` is told the port once it can be asked.

    Raises ``RulebaseError`` for faulty or unknown rule sets, ``OptionsError`` for an overlay of several, and
    ``AddressError``.
    """
    rulesets = offered(settings)
    digests = {name: one.rules.digest for name, one in rulesets.items()}
    workers = Workers(settings, prepare, settings, digests)
    try:
        app = application(rulesets, settings, workers, workers.start(forms))
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            http=ImpatientProtocol,
            ws="none",
            lifespan="off",
            loop="asyncio",
            # Neither paths nor addresses of those who ask are written anywhere.
            access_log=False,
            log_config=None,
            log_level=logging.CRITICAL,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=5,
            h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
        )
        _Listening(config, tell).run()
    finally:
        workers.close()
