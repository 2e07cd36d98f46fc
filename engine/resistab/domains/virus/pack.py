"""Viruses: what the shells must know of the domain before they read any rules."""

from __future__ import annotations

from resistab.domains.pack import Pack

PACK = Pack(name="virus", one="a virus", many="viruses", options=())
