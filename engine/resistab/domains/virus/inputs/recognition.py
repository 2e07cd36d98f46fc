"""What kind of file a virus is given in: by its name where that says so, else by how it begins."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from resistab.core.faults import InputError
from resistab.domains.virus.inputs.fasta import COMMENTS
from resistab.files.opening import head

Kind = Literal["fasta", "codfreq", "aavf", "other"]
_CODFREQ_NAME = re.compile(r"\.codfreq(\.(txt|csv|tsv))?(\.gz)?$", re.IGNORECASE)
_AAVF_NAME = re.compile(r"\.aavf(\.(txt|tsv))?(\.gz)?$", re.IGNORECASE)
_AAVF_LINE = re.compile(r"##\s*fileformat\s*=\s*AAVF|#CHROM\s+GENE\s", re.IGNORECASE)
_CODFREQ_LINE = re.compile(
    # With column names, and without.
    r"\"?gene\"?\s*[,;\t].*codon|[^,;\t]{1,40}[,;\t]\s*\d+\s*[,;\t]\s*\d+\s*[,;\t]\s*\"?[A-Za-z.-]+\"?\s*[,;\t]\s*\d+",
    re.IGNORECASE,
)
_ENDINGS = (_CODFREQ_NAME, _AAVF_NAME)


def kind_of(path: Path) -> Kind:
    """The kind of a file; "other" where it is none of these, or cannot be read, which its reader then says."""
    if _CODFREQ_NAME.search(path.name):
        return "codfreq"
    if _AAVF_NAME.search(path.name):
        return "aavf"
    try:
        text = head(path).decode("utf-8-sig", "replace")
    except InputError:
        return "other"
    if _AAVF_LINE.match(text.lstrip()):
        return "aavf"
    for line in text.splitlines():
        line = line.strip()
        if line and not line.startswith(COMMENTS):
            return "fasta" if line.startswith(">") else "codfreq" if _CODFREQ_LINE.match(line) else "other"
    return "other"


def sample_named(path: Path) -> str:
    """The name of the sample in a file that does not say it: that of the file without its ending."""
    for ending in _ENDINGS:
        if match := ending.search(path.name):
            return path.name[: match.start()]
    return path.stem
