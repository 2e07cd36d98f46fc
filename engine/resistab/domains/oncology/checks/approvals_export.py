"""A list of drugs' approvals by biomarker and tumour type, read row by row.

The list is tab-separated text with the columns of ``COLUMNS``: who approved, the drugs (joined by ``+`` where they
are approved together), the biomarkers (joined by ``;``), the code of the tumour type, the day of the first approval
where it is known, and the label or labels that say so (``Verzenios label of 2024-03-12``, joined by ``;``). Like the
exports of evidence it is no part of the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from resistab.core.faults import Fault, InputError
from resistab.domains.oncology.checks.source_items import Outcome, SourceItem
from resistab.files.yaml_source import not_utf8

APPROVALS = "approvals_2026.tsv"
COLUMNS = ("authority", "drugs", "biomarkers", "oncotree", "first_approved", "label")

_LABEL = re.compile(r"(?P<name>.*?) ?label of (?P<date>\d{4}-\d\d-\d\d)")


@dataclass(frozen=True)
class ApprovalLabel:
    """The text that came with a drug; ``name`` is empty where the list names the text by its day alone."""

    name: str
    date: date


@dataclass(frozen=True)
class Approval:
    """One row: what is approved, for which biomarkers together, in which tumour type (``ncit:…`` where it is so)."""

    authority: str
    drugs: tuple[str, ...]
    biomarkers: tuple[str, ...]
    tumour: str
    first_approved: date | None
    labels: tuple[ApprovalLabel, ...]
    line: int

    @property
    def references(self) -> tuple[str, ...]:
        """How a rule set cites each of the labels: ``LABEL:EMA Verzenios 2024-03-12``.

        A label without a name of its own goes by the drugs: ``LABEL:HSE Ireland alectinib 2025-05-13``.
        """
        drugs = " + ".join(self.drugs)
        return tuple(f"LABEL:{self.authority} {label.name or drugs} {label.date}" for label in self.labels)

    @property
    def citations(self) -> tuple[str, ...]:
        """What ``citations.yaml`` says of each of the labels: ``Verzenios, EMA label of 2024-03-12``."""
        drugs = " + ".join(self.drugs)
        return tuple(f"{label.name or drugs}, {self.authority} label of {label.date}" for label in self.labels)


def read_approvals(path: Path) -> tuple[Approval, ...]:
    """Every approval of the list in ``path``; raises ``InputError`` with every fault, each at its line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise InputError([not_utf8(str(path), error, "a list of approvals")]) from None
    except OSError as error:
        raise InputError([Fault(where=str(path), message=f"cannot be read: {error.strerror}")]) from None
    header = lines[0].split("\t") if lines else []
    if missing := [name for name in COLUMNS if name not in header]:
        message = f"has no column {', '.join(missing)}"
        raise InputError([Fault(where=str(path), line=1, message=message, expected=", ".join(COLUMNS))])
    faults: list[Fault] = []
    approvals = [
        approval
        for number, line in enumerate(lines[1:], start=2)
        if line.strip() and (approval := _approval(path, number, header, line.split("\t"), faults)) is not None
    ]
    if faults:
        raise InputError(faults)
    return tuple(approvals)


def _approval(
    path: Path, number: int, header: Sequence[str], cells: Sequence[str], faults: list[Fault]
) -> Approval | None:
    """One row of the list; None where it cannot be read, with the reason added to ``faults``."""
    before = len(faults)

    def fault(message: str, expected: str) -> None:
        faults.append(Fault(where=str(path), line=number, message=message, expected=expected))

    if len(cells) != len(header):
        fault(f"has {len(cells)} columns", str(len(header)))
        return None
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    for name in COLUMNS:
        if not row[name] and name != "first_approved":
            fault(f"{name} is empty", "a value")
    first_approved = _day(row["first_approved"])
    if first_approved is None and row["first_approved"]:
        fault(f"first_approved is '{row['first_approved']}'", "a day such as 2024-03-12")
    labels: list[ApprovalLabel] = []
    for text in _parts(row["label"], r";"):
        found = _LABEL.fullmatch(text)
        day = _day(found["date"]) if found else None
        if found is None or day is None:
            fault(f"label is '{text}'", "a name and a day such as Verzenios label of 2024-03-12")
        else:
            labels.append(ApprovalLabel(" ".join(found["name"].split()), day))
    if len(faults) > before:
        return None
    # A translocation holds a semicolon of its own: t(15;17).
    return Approval(
        authority=row["authority"],
        drugs=_parts(row["drugs"], r"\s\+\s"),
        biomarkers=_parts(row["biomarkers"], r";(?![^()]*\))"),
        tumour=row["oncotree"],
        first_approved=first_approved,
        labels=tuple(labels),
        line=number,
    )


def _parts(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part for piece in re.split(separator, text) if (part := " ".join(piece.split())))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


# --- approvals as sources of evidence ---------------------------------------------------------------------------

# Biomarkers by the gene whose protein or gene product they measure.
_MEASURED: dict[str, str] = {
    "ER": "ESR1",
    "PR": "PGR",
    "HER2": "ERBB2",
    "PD-L1": "CD274",
    "CD20": "MS4A1",
    "CD30": "TNFRSF8",
    "CD117": "KIT",
    "CLDN18.2": "CLDN18",
    "c-Met": "MET",
}
# Biomarkers that name no gene, and what a profile of evidence says instead.
_PROFILES: dict[str, str] = {
    "dMMR": "MSI high OR MLH1 loss OR MSH2 loss OR MSH6 loss OR PMS2 loss",
    "pMMR": "MSI stable",
    "MSI-H": "MSI high",
    "MSI-L": "MSI low",
    "HRD": "HRD high",
    "FLT3-ITD": "FLT3 ITD",
    "17p deletion": "TP53 deletion",
    "t(15;17)": "PML::RARA Fusion",
    "t(KMT2A;v)": "KMT2A Fusion",
}
_MEASURE = re.compile(r"(?P<name>\S+?)(?: positive|-positive|-low|-ultralow| \+| ?\(\w+\)| >=).*")
_ABSENT = re.compile(r"(?P<name>\S+?)(?: negative|-negative| <).*")
_TMB = re.compile(r"TMB-H\b.*")
_WILD_TYPE = re.compile(r"Wild type (?P<gene>\S+)")
_EXON = re.compile(r"(?P<gene>\S+) Exon (?P<exon>\d+) \((?P<change>[^()]+)\)")
_VARIANTS = re.compile(r"(?:TKD )?(?:pathogenic|oncogenic|activating|somatic|nonsense|frameshift) variants")


def approval_items(approvals: Iterable[Approval]) -> Iterator[SourceItem]:
    """What each approval says, once for each of its labels.

    It is a response where its biomarkers are found. Where it asks for a gene to be unaltered, it leaves out those in
    whom it is altered, as one does who expects less of the drug.
    """
    for approval in approvals:
        profile = " AND ".join(profile_of(biomarker) for biomarker in approval.biomarkers)
        unaltered = [found["gene"] for text in approval.biomarkers if (found := _WILD_TYPE.fullmatch(text))]
        said: list[tuple[str, Outcome]] = [(profile, "response")]
        if unaltered:
            said.append((" OR ".join(f"{gene} alteration" for gene in unaltered), "resistance"))
        for reference, citation in zip(approval.references, approval.citations, strict=True):
            for what, outcome in said:
                yield SourceItem(
                    id=reference,
                    reference=reference,
                    citation=citation,
                    level="A",
                    profile=what,
                    drugs=tuple(drug.casefold() for drug in approval.drugs),
                    combined=len(approval.drugs) > 1,
                    outcome=outcome,
                    disease=approval.tumour,
                    statement="",
                )


def profile_of(biomarker: str) -> str:
    """A biomarker of a label in the words of a profile of evidence: ``ER positive`` is ``ESR1 Expression``."""
    if biomarker in _PROFILES:
        return _PROFILES[biomarker]
    if _TMB.fullmatch(biomarker):
        return "TMB high"
    if found := _WILD_TYPE.fullmatch(biomarker):
        return f"{found['gene']} unaltered"
    if found := _EXON.fullmatch(biomarker):
        return f"{found['gene']} exon {found['exon']} {found['change'].casefold()}"
    if "::" in biomarker:
        return f"{biomarker} Fusion"
    if found := _ABSENT.fullmatch(biomarker):
        return f"{_MEASURED.get(found['name'], found['name'])} negative"
    if found := _MEASURE.fullmatch(biomarker):
        gene = _MEASURED.get(found["name"], found["name"])
        # Amplification of the gene and much of its protein are two tests of one biomarker.
        return f"{gene} Expression OR {gene} Amplification"
    return _VARIANTS.sub("Mutation", biomarker.replace(" p.", " ").replace("splice site variants", "splice site"))
