"""The words in which renderings speak of the Report model; nothing here decides anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from resistab.core.derivation import EvidenceItem, Step
from resistab.domains.oncology.kinds.models import RESPONSE_MARKER, VerdictName
from resistab.domains.oncology.policy.models import Contribution, DrugWithoutRules, Marker, Verdict
from resistab.domains.oncology.policy.scores import WITHOUT_SCORE
from resistab.domains.oncology.report import VERDICTS
from resistab.domains.oncology.report.model import (
    AssayedInfo,
    FindingInfo,
    RecordsInfo,
    Report,
)
from resistab.report import steps
from resistab.report.language import concluded, concluded_words, drug_name, figures, gettext, gettext_noop, ngettext
from resistab.report.words import NOT_STATED, capital, drug_words, few, level_named, percent, score_means, what_decided

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
            told = ("",) * (len(parts) - 1) + (gettext("as {brand}", brand=whole) if whole else "",)
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
    text = _AT_LEAST.sub(lambda found: _pd_l1(found[2], found[1], at_least=True), text)
    return text.replace("CD274 protein", "PD-L1")


def _pd_l1(score: str, value: str, at_least: bool = False) -> str:
    # The tumour proportion score is a share of cells, the combined positive score a number without a unit.
    measured = figures(f"{value}%" if score == "TPS" else value)
    if at_least:
        return gettext("PD-L1 {score} at least {value}", score=score, value=measured)
    return f"PD-L1 {score} {measured}"


# What a report says without telling what it means, the terms in the order in which a reader meets them.
GLOSSARY = (
    (
        gettext_noop("Evidence level"),
        gettext_noop(
            "CIViC's scale: A validated, B clinical, C case study, D preclinical, E inferential. The first page shows "
            "this scale alone."
        ),
    ),
    (
        gettext_noop("Extrapolated"),
        gettext_noop("shown for another tumour type, drug or change of the same residue; counts one step less."),
    ),
    (
        gettext_noop("With"),
        gettext_noop("the changes count together; changes with a comma between them count each by itself."),
    ),
    (
        gettext_noop("Minor clone"),
        gettext_noop("found in a small share of the tumour's cells; what holds in it may not hold in the others."),
    ),
    (
        gettext_noop("Resistance markers not tested"),
        gettext_noop("markers of resistance that may be there, since what shows them was not tested."),
    ),
    (
        gettext_noop("No curated association"),
        gettext_noop("no rule of the rule set speaks of it, which says nothing about what it means."),
    ),
    (
        gettext_noop("Given before"),
        gettext_noop("the patient has had the drug, or one that is part of the combination."),
    ),
    (
        gettext_noop("Level 1 to 5"),
        gettext_noop("the strength of resistance by which a verdict is decided; it stands with the evidence."),
    ),
    (gettext_noop("Tier"), gettext_noop("the strength of a response marker by AMP, ASCO and CAP, I-A to IV.")),
    (
        gettext_noop("GSS"),
        gettext_noop(
            "genotypic susceptibility score of a regimen: the sum of the activities of its drugs, each from 0 to 1."
        ),
    ),
    (gettext_noop("Targets"), gettext_noop("how many independent targets the active drugs of a regimen hit.")),
    (
        gettext_noop("Barrier"),
        gettext_noop("genetic barrier: the number of further changes after which no drug of a regimen is active."),
    ),
)


def glossary() -> list[tuple[str, str]]:
    """The terms and what they mean, in the language that is spoken."""
    return [(gettext(term), gettext(meaning)) for term, meaning in GLOSSARY]


def cause_words(cause: str) -> str:
    """Why drugs cannot be assessed, before their names: without ids of rows, and without naming the drug itself."""
    found = _CROSS.fullmatch(cause)
    if not found:
        return concluded(field_words(cause))
    finding, _, drugs = _ROW.sub("", found[1]).partition(" confers resistance to ")
    return gettext(
        "cross-resistance possible, {finding} confers resistance to {drugs}; no data for",
        finding=finding,
        drugs=drug_name(drugs),
    )


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
    measured += [gettext("minor clone")] if finding.clonality is not None and finding.clonality.minor else []
    told = " ".join((field_words(finding.text), *map(concluded_words, finding.phases)))
    return told + (f" ({', '.join(measured)})" if measured else "")


def clonality_words(finding: FindingInfo) -> str:
    """The share of the tumour that has a change: "12% of the tumour's cells, minor clone"."""
    clone = finding.clonality
    if clone is None:
        return gettext(NOT_STATED)
    share = figures(f"{clone.share:.0%}")
    if clone.of == "tumour cells":
        told = gettext("{share} of the tumour's cells", share=share)
    else:
        told = gettext("{share} of the largest allele fraction", share=share)
    return f"{told}, {gettext('minor clone')}" if clone.minor else told


def records_words(records: RecordsInfo) -> str:
    """What became of the records of a file of calls."""
    parts = [
        ngettext("{number} with a curated association", "{number} with a curated association", records.known),
        ngettext("{number} with no curated association", "{number} with no curated association", records.unknown),
    ]
    if records.partly:
        parts.append(ngettext("{number} known only by the gene", "{number} known only by the gene", records.partly))
    if records.set_aside:
        parts.append(ngettext("{number} not understood", "{number} not understood", records.set_aside))
    for reason, number in sorted(records.passed_over.items(), key=lambda item: (-item[1], item[0])):
        why = concluded_words(reason)
        if reason.startswith("FILTER"):
            parts.append(
                ngettext("{number} failing filters ({why})", "{number} failing filters ({why})", number, why=why)
            )
        else:
            parts.append(ngettext("{number} filtered out ({why})", "{number} filtered out ({why})", number, why=why))
    return ngettext("{number} record: {parts}", "{number} records: {parts}", records.total, parts=", ".join(parts))


def without_rules(report: Report) -> str:
    """The drugs that are used in the tumour type and have no rules, each with what its use rests on."""
    return "; ".join(without_rules_words(drug) for drug in report.without_rules)


def without_rules_words(drug: DrugWithoutRules, most: int = 3) -> str:
    """A drug without rules: its name, what its use rests on, and the first of the biomarkers that it needs."""
    said = concluded(drug.approval)
    if drug.needs:
        said += "; " + gettext("for {biomarkers}", biomarkers=few(drug.needs, most))
    return f"{drug_words(drug.drug)} ({said})"


def tally(verdicts: Iterable[Verdict]) -> str:
    """How many verdicts of each kind: "2 resistant, 1 sensitive"."""
    return VERDICTS.tally(verdict.verdict for verdict in verdicts)


def grounds(step: Step) -> tuple[str, ...]:
    """Why a true condition holds, in words: what was found, concluded, or does not hold."""
    return steps.grounds(step, denied)


def denied(text: str) -> str:
    """That something does not hold, in words."""
    kind, said, what = text.partition("tumour type is ")
    return gettext("the tumour type is not {type}", type=what) if said and not kind else steps.does_not_hold(text)


def studied(item: EvidenceItem) -> str:
    """In what tumour type an item was studied; the code of any type says nothing."""
    return steps.studied(item) if item.studied_in != "TISSUE" else item.studied_in_name


def source_words(item: EvidenceItem) -> str:
    """The item of CIViC that an item was taken from; sources of other kinds say nothing to a reader."""
    return item.source if item.source and item.source.startswith("CIViC") else ""


def says(contribution: Contribution) -> str:
    """What a row says: its effect and mechanism."""
    effect = effect_words(contribution.effect)
    known = contribution.mechanism not in ("not established", "target dependence")
    return f"{effect}, {concluded_words(contribution.mechanism)}" if known else effect


def effect_words(effect: str) -> str:
    """What a row says of its drug, in the field's words."""
    return gettext("response marker") if effect == RESPONSE_MARKER else concluded_words(effect)


def weight(contribution: Contribution) -> str:
    """What a row counts: its score, or for a response marker its tier."""
    if contribution.effect == RESPONSE_MARKER:
        return concluded_words(contribution.tier) if contribution.tier else gettext("no tier")
    if contribution.effect == "no effect":
        return gettext("nothing")
    return gettext("score {score}", score=figures(f"{contribution.score:g}"))


def weight_reasons(contribution: Contribution) -> list[str]:
    """The steps that led to what a row counts; a response marker has no score, so that none is told for it."""
    if contribution.effect not in WITHOUT_SCORE:
        return [concluded(reason) for reason in contribution.score_reasons]
    reasons = [concluded(reason.partition(": ")[0]) for reason in contribution.score_reasons]
    return [*reasons, gettext("outweighed by the evidence against it")] if contribution.disputed else reasons


def level_words(verdict: Verdict) -> str:
    """The level, with its name where that says more than the verdict; nothing where the verdict rests on none."""
    if verdict.level is None:
        return ""
    if verdict.verdict == "no_resistance_found":
        return gettext("level {level}", level=verdict.level)
    return level_named(verdict.level, verdict.level_name or "")


def conclusion_words(verdict: Verdict) -> list[str]:
    """From the rows to the verdict, as sentences: score, level, response marker, what was missing."""
    sentences = []
    if not verdict.contributions:
        sentences.append(gettext("No row holds."))
    if verdict.level is not None:
        sentences.append(score_means(verdict.score, verdict.level, verdict.level_name or ""))
    sentences.append(_marker_words(verdict.marker))
    if verdict.verdict == "resistant" and verdict.marker.tier:
        sentences.append(gettext("A resistance outweighs a response marker."))
    sentences += [f"{capital(concluded(missing))}." for missing in verdict.not_assessable]
    return [*sentences, what_decided(verdict.decided_by)]


def _marker_words(marker: Marker) -> str:
    """Whether the response marker that a drug needs is there."""
    needed, tier = marker.required, concluded_words(marker.tier or "")
    match marker.status:
        case "present":
            if tier:
                return gettext(
                    "The response marker that the drug needs is present ({tier}): {marker}.", tier=tier, marker=needed
                )
            return gettext("The response marker that the drug needs is present: {marker}.", marker=needed)
        case "required and absent":
            return gettext("The response marker that the drug needs was tested and is absent: {marker}.", marker=needed)
        case "undecided":
            return gettext(
                "Whether the response marker that the drug needs is present is open: {marker}.", marker=needed
            )
        case "none needed":
            if tier:
                return gettext("The drug needs no response marker; one is present ({tier}).", tier=tier)
            return gettext("The drug needs no response marker.")
        case _:
            assert_never(marker.status)


def open_rows(verdict: Verdict) -> str:
    """How many rows of resistance could not be decided, and what would have to be known; "" for none."""
    if not verdict.undecided.rows:
        return ""
    return ngettext(
        "{number} row of resistance could not be decided, because this was not tested or is known only in part: "
        "{loci}.",
        "{number} rows of resistance could not be decided, because this was not tested or is known only in part: "
        "{loci}.",
        len(verdict.undecided.rows),
        loci=", ".join(map(concluded_words, verdict.undecided.loci)),
    )


def left_out(report: Report) -> str:
    """How many drugs the report does not show, and why."""
    return ngettext(
        "{number} further drug of the rule set is not used in this tumour type, and no row of it holds.",
        "{number} further drugs of the rule set are not used in this tumour type, and no row of them holds.",
        len(report.left_out),
    )


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
            shown += gettext(" (from {finding})", finding=item.given)
        kind = kind or ("histology" if subject == "histology" else "signature")
        found.setdefault(kind, {False: [], True: []})[item.inferred].append(shown)
    return found
