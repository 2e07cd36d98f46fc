"""How strong evidence is."""

from __future__ import annotations

from typing import Literal

EvidenceLevel = Literal["A", "B", "C", "D", "E"]
