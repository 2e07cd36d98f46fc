"""How a server is started: where it listens, by which names it may be asked, its rule sets and its bounds."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# What lies in a request as a file may be written out in base64 when the same is asked for again, with room beside it.
_SHARE_OF_FILES = 0.7
# A file may hold so many times the bytes of a request once it is unpacked.
_UNPACKED = 10


@dataclass(frozen=True)
class ServerSettings:
    """What was asked for on the command line.

    Beside loopback, and ``host``, the server may be asked by ``names``. Without ``rulesets`` all of ``rulebase``, a
    folder, are offered; without that the shipped ones. A request has at most ``most_bytes`` and comes within
    ``arriving_seconds``; what it asks for takes at most ``seconds`` in one of ``workers`` processes, for which at most
    ``waiting`` others wait.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    names: tuple[str, ...] = ()
    rulesets: tuple[str, ...] = ()
    rulebase: Path | None = None
    overlay: Path | None = None
    most_bytes: int = 20_000_000
    seconds: float = 60.0
    arriving_seconds: float = 30.0
    workers: int = 2
    waiting: int = 8

    @property
    def most_file_bytes(self) -> int:
        """What the files of a request may hold together."""
        return int(self.most_bytes * _SHARE_OF_FILES)

    @property
    def most_unpacked_bytes(self) -> int:
        """What a file may hold once it is unpacked."""
        return self.most_bytes * _UNPACKED

    def is_called(self, name: str) -> bool:
        """Whether the server may be asked by this name or address."""
        return name.casefold() in {known.casefold() for known in (*LOOPBACK, self.host, *self.names)}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"
