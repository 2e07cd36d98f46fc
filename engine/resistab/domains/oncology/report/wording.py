"""The words in which renderings speak of the Report model; nothing here decides anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from resistab.core.derivation import EvidenceItem, Step
from resistab.domains.oncology.kinds.models import RESPONSE_MARKER, VerdictName
from resistab.domains.oncology.policy.models import Contribution, DrugWithoutRules, Verdict
from resistab.domains.oncology.policy.scores import WITHOUT_SCORE
from resistab.domains.oncology.report import VERDICTS
from resistab.domains.oncology.report.model import (
    AssayedInfo,
    FindingInfo,
    RecordsInfo,
    Report,
)
from resistab.report import steps
from resistab.report.words import NOT_STATED, capital, counted, drug_words, few, percent, what_decided

# What a pathologist calls the protein of CD274.
_SCORED = re.compile(r"\bCD274 protein (\d[\d.]*) (TPS|CPS)\b")
_AT_LEAST = re.compile(r"\bCD274 protein positive of at least (\d[\d.]*) (TPS|CPS)\b")

_CROSS = re.compile(r"cross-resistance possible: (.+) and has no curated association with .+")
_ROW = re.compile(r" \([A-Z\d]+-\d+\)")


# So many brands are told beside a drug; who wants more looks it up.
_MOST_BRANDS = 2


class FirstMentions:
    """Names of drugs one after the other, with the brands of each where it is named first."""

    def __init__(self, brands: Mapping[str, Sequence[str]]) -> None:
        """``brands`` by drug, of which each is told once."""
        self._brands = brands
        self._named: set[str] = set()

    def named(self, drug: str) -> tuple[tuple[str, str], ...]:
        """The drugs that ``drug`` is of, in words, each with its brands; "" where it has none or was named before.

        A product of several drugs has a brand of its own, which stands behind the last.
        """
        parts = drug.split(" + ")
        if len(parts) > 1 and drug in self._brands:
            whole = self._untold(drug)
            told = ("",) * (len(parts) - 1) + (f"as {whole}" if whole else "",)
        else:
            told = tuple(self._untold(part) for part in parts)
        return tuple(zip(map(drug_words, parts), told, strict=True))

    def _untold(self, drug: str) -> str:
        if drug in self._named:
            return ""
        self._named.add(drug)
        return ", ".join(self._brands.get(drug, ())[:_MOST_BRANDS])


def field_words(text: str) -> str:
    """``text`` with PD-L1 by the name and in the order in which it is reported: "PD-L1 TPS 60%"."""
    text = _SCORED.sub(lambda found: _pd_l1(found[2], found[1]), text)
    text = _AT_LEAST.sub(lambda found: _pd_l1(found[2], f"at least {found[1]}"), text)
    return text.replace("CD274 protein", "PD-L1")


def _pd_l1(score: str, value: str) -> str:
    # The tumour proportion score is a share of cells, the combined positive score a number without a unit.
    return f"PD-L1 {score} {value}{'%' if score == 'TPS' else ''}"


# What a report says without telling what it means, the terms in the order in which a reader meets them.
GLOSSARY = (
    (
        "Evidence level",
        "CIViC's scale: A validated, B clinical, C case study, D preclinical, E inferential. The first page shows this "
        "scale alone.",
    ),
    ("Extrapolated", "shown for another tumour type, drug or change of the same residue; counts one step less."),
    ("With", "the changes count together; changes with a comma between them count each by itself."),
    ("Minor clone", "found in a small share of the tumour's cells; what holds in it may not hold in the others."),
    ("Resistance markers not tested", "rules of resistance that could not be decided, since these were not assayed."),
    ("No curated association", "no rule of the rule set speaks of it, which says nothing about what it means."),
    ("Given before", "the patient has had the drug, or one that is part of the combination."),
    ("Level 1 to 5", "the strength of resistance by which a verdict is decided; it stands with the evidence."),
    ("Tier", "the strength of a response marker by AMP, ASCO and CAP, I-A to IV."),
    ("GSS", "genotypic susceptibility score of a regimen: the sum of the activities of its drugs, each from 0 to 1."),
    ("Targets", "how many independent targets the active drugs of a regimen hit."),
    ("Barrier", "genetic barrier: the number of further changes after which no drug of a regimen is active."),
)


def cause_words(cause: str) -> str:
    """Why drugs cannot be assessed, before their names: without ids of rows, and without naming the drug itself."""
    found = _CROSS.fullmatch(cause)
    return f"cross-resistance possible, {_ROW.sub('', found[1])}; no data for" if found else field_words(cause)


def panel_words(assayed: Iterable[AssayedInfo], most: int = 6) -> str:
    """What was said to have been assayed, as it was given; "" where nothing was said."""
    return few(list(dict.fromkeys(item.given for item in assayed if not item.inferred)), most)


def verdict_order(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Verdicts by what they say, the gravest first, then by level and name."""
    by_level = sorted(verdicts, key=lambda verdict: (-(verdict.level or 0), verdict.drug))
    return VERDICTS.ordered(by_level, lambda verdict: verdict.verdict)


def finding_words(finding: FindingInfo) -> str:
    """A finding as a summary names it: with its phase, its allele fraction, and whether it is of a minor clone."""
    measured = [percent(finding.allele_fraction)] if finding.allele_fraction is not None else []
    measured += ["minor clone"] if finding.clonality is not None and finding.clonality.minor else []
    return " ".join((field_words(finding.text), *finding.phases)) + (f" ({', '.join(measured)})" if measured else "")


def clonality_words(finding: FindingInfo) -> str:
    """The share of the tumour that has a change: "12% of the tumour's cells, minor clone"."""
    clone = finding.clonality
    if clone is None:
        return NOT_STATED
    of = "of the tumour's cells" if clone.of == "tumour cells" else "of the largest allele fraction"
    return f"{clone.share:.0%} {of}" + (", minor clone" if clone.minor else "")


def records_words(records: RecordsInfo) -> str:
    """What became of the records of a file of calls."""
    parts = [
        f"{records.known:,} with a curated association",
        f"{records.unknown:,} with no curated association",
    ]
    parts += [f"{records.partly:,} known only by the gene"] if records.partly else []
    parts += [f"{records.set_aside:,} not understood"] if records.set_aside else []
    ordered = sorted(records.passed_over.items(), key=lambda item: (-item[1], item[0]))
    parts += [
        f"{number:,} {'failing filters' if reason.startswith('FILTER') else 'filtered out'} ({reason})"
        for reason, number in ordered
    ]
    return f"{counted(records.total, 'record')}: {', '.join(parts)}"


def without_rules(report: Report) -> str:
    """The drugs that are used in the tumour type and have no rules, each with what its use rests on."""
    return "; ".join(without_rules_words(drug) for drug in report.without_rules)


def without_rules_words(drug: DrugWithoutRules, most: int = 3) -> str:
    """A drug without rules: its name, what its use rests on, and the first of the biomarkers that it needs."""
    more = f" and {len(drug.needs) - most} more" if len(drug.needs) > most else ""
    needs = f"; for {', '.join(drug.needs[:most])}{more}" if drug.needs else ""
    return f"{drug_words(drug.drug)} ({drug.approval}{needs})"


def tally(verdicts: Iterable[Verdict]) -> str:
    """How many verdicts of each kind: "2 resistant, 1 sensitive"."""
    return VERDICTS.tally(verdict.verdict for verdict in verdicts)


def grounds(step: Step) -> tuple[str, ...]:
    """Why a true condition holds, in words: what was found, concluded, or does not hold."""
    return steps.grounds(step, denied)


def denied(text: str) -> str:
    """That something does not hold, in words."""
    kind, said, what = text.partition("tumour type is ")
    return f"the tumour type is not {what}" if said and not kind else steps.does_not_hold(text)


def studied(item: EvidenceItem) -> str:
    """In what tumour type an item was studied; the code of any type says nothing."""
    return steps.studied(item) if item.studied_in != "TISSUE" else item.studied_in_name


def source_words(item: EvidenceItem) -> str:
    """The item of CIViC that an item was taken from; sources of other kinds say nothing to a reader."""
    return item.source if item.source and item.source.startswith("CIViC") else ""


def says(contribution: Contribution) -> str:
    """What a row says: its effect and mechanism."""
    effect = "response marker" if contribution.effect == RESPONSE_MARKER else contribution.effect
    known = contribution.mechanism not in ("not established", "target dependence")
    return f"{effect}, {contribution.mechanism}" if known else effect


def weight(contribution: Contribution) -> str:
    """What a row counts: its score, or for a response marker its tier."""
    if contribution.effect == RESPONSE_MARKER:
        return contribution.tier or "no tier"
    if contribution.effect == "no effect":
        return "nothing"
    return f"score {contribution.score:g}"


def weight_reasons(contribution: Contribution) -> list[str]:
    """The steps that led to what a row counts; a response marker has no score, so that none is told for it."""
    if contribution.effect not in WITHOUT_SCORE:
        return list(contribution.score_reasons)
    reasons = [reason.partition(": ")[0] for reason in contribution.score_reasons]
    return [*reasons, "outweighed by the evidence against it"] if contribution.disputed else reasons


def level_words(verdict: Verdict) -> str:
    """The level, with its name where that says more than the verdict; nothing where the verdict rests on none."""
    if verdict.level is None:
        return ""
    return f"level {verdict.level}" + (f", {verdict.level_name}" if verdict.verdict != "no_resistance_found" else "")


def conclusion_words(verdict: Verdict) -> list[str]:
    """From the rows to the verdict, as sentences: score, level, response marker, what was missing."""
    sentences = []
    marker = verdict.marker
    tier = f" ({marker.tier})" if marker.tier else ""
    if not verdict.contributions:
        sentences.append("No row fired.")
    if verdict.level is not None:
        sentences.append(f"The score of {verdict.score:g} means level {verdict.level}, {verdict.level_name}.")
    match marker.status:
        case "present":
            sentences.append(f"The response marker that the drug needs is present{tier}: {marker.required}.")
        case "required and absent":
            sentences.append(f"The response marker that the drug needs was assayed and is absent: {marker.required}.")
        case "undecided":
            sentences.append(f"Whether the response marker that the drug needs is present is open: {marker.required}.")
        case "none needed":
            sentences.append(f"The drug needs no response marker{f'; one is present{tier}' if tier else ''}.")
    if verdict.verdict == "resistant" and marker.tier:
        sentences.append("A resistance outweighs a response marker.")
    sentences += [f"{capital(missing)}." for missing in verdict.not_assessable]
    return [*sentences, what_decided(verdict.decided_by)]


def open_rows(verdict: Verdict) -> str:
    """How many rows of resistance could not be decided, and what would have to be known; "" for none."""
    if not verdict.undecided.rows:
        return ""
    rows = counted(len(verdict.undecided.rows), "row")
    loci = ", ".join(verdict.undecided.loci)
    return f"{rows} of resistance could not be decided, because this was not tested or is known only in part: {loci}."


def left_out(report: Report) -> str:
    """How many drugs the report does not show, and why."""
    drugs = counted(len(report.left_out), "further drug")
    are, them = ("is", "it") if len(report.left_out) == 1 else ("are", "them")
    unused = f"{drugs} of the rule set {are} not used in this tumour type, and no row of {them} fired"
    return f"{unused} (--all-drugs shows {them})."


def by_reason(verdicts: Iterable[Verdict], name: VerdictName) -> dict[str, list[Verdict]]:
    """The drugs with the verdict ``name``, under each reason, those of the most drugs first.

    Of drugs that are not indicated the reason is the marker that they need.
    """
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.verdict == name:
            marker = verdict.marker.required if name == "not_indicated" else None
            for reason in (marker,) if marker else verdict.not_assessable or (verdict.reason,):
                found.setdefault(reason, []).append(verdict)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def assayed_by_kind(assayed: Iterable[AssayedInfo]) -> dict[str, dict[bool, list[str]]]:
    """What was assayed under each kind of alteration; True holds what was inferred, with the finding."""
    found: dict[str, dict[bool, list[str]]] = {}
    for item in assayed:
        subject, _, rest = item.locus.partition(" ")
        kind, _, place = rest.partition(" in ")
        shown = f"{subject} ({place})" if place else subject
        if item.inferred:
            shown += f" (from {item.given})"
        kind = kind or ("histology" if subject == "histology" else "signature")
        found.setdefault(kind, {False: [], True: []})[item.inferred].append(shown)
    return found
