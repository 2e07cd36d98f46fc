"""The report on a tumour."""

from __future__ import annotations

from resistab.domains.oncology.policy.vocabulary import VERDICTS as VERDICTS
