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
_CODFREQ_ROW = re.compile(r"[^,;\t]{1,40}[,;\t]\s*\d{1,4}\s*[,;\t]\s*\d+\s*[,;\t]\s*\"?[A-Za-z.~-]+\"?\s*[,;\t]\s*\d+")
# Names of columns of codfreq without what is no letter; a table that has both is one.
GENE_NAMES, CODON_NAMES = ("gene", "genename"), ("codon", "sequencedcodon")
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
            return "fasta" if line.startswith(">") else "codfreq" if _is_codfreq(line) else "other"
    return "other"


def letters_of(field: str) -> str:
    """The letters of a column's name in lower case, by which its spellings are alike."""
    return re.sub(r"[^a-z]", "", field.casefold())


def _is_codfreq(line: str) -> bool:
    """Whether a line holds column names of codfreq, or a row of it."""
    names = {letters_of(field) for field in re.split(r"[,;\t]", line)}
    named = not names.isdisjoint(GENE_NAMES) and not names.isdisjoint(CODON_NAMES)
    return named or _CODFREQ_ROW.match(line) is not None


def sample_named(path: Path) -> str:
    """The name of the sample in a file that does not say it: that of the file without its ending."""
    for ending in _ENDINGS:
        if match := ending.search(path.name):
            return path.name[: match.start()]
    return path.stem
