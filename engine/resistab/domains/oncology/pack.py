"""Tumours: what the shells must know of the domain before they read any rules."""

from __future__ import annotations

from resistab.domains.pack import Pack

PACK = Pack(name="oncology", one="a tumour", many="tumours", options=())
