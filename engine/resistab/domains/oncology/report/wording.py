"""The words in which renderings speak of the Report model; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable

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
from resistab.report.words import NOT_STATED, capital, counted, percent, what_decided


def verdict_order(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Verdicts by what they say, the gravest first, then by level and name."""
    by_level = sorted(verdicts, key=lambda verdict: (-(verdict.level or 0), verdict.drug))
    return VERDICTS.ordered(by_level, lambda verdict: verdict.verdict)


def finding_words(finding: FindingInfo) -> str:
    """A finding as a summary names it: with its phase, its allele fraction, and whether it is of a minor clone."""
    measured = [percent(finding.allele_fraction)] if finding.allele_fraction is not None else []
    measured += ["minor clone"] if finding.clonality is not None and finding.clonality.minor else []
    return " ".join((finding.text, *finding.phases)) + (f" ({', '.join(measured)})" if measured else "")


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
    parts += [f"{number:,} filtered out ({reason})" for reason, number in ordered]
    return f"{counted(records.total, 'record')}: {', '.join(parts)}"


def without_rules(report: Report) -> str:
    """The drugs that are used in the tumour type and have no rules, each with what its use rests on."""
    return "; ".join(without_rules_words(drug) for drug in report.without_rules)


def without_rules_words(drug: DrugWithoutRules, most: int = 3) -> str:
    """A drug without rules: its name, what its use rests on, and the first of the biomarkers that it needs."""
    more = f" and {len(drug.needs) - most} more" if len(drug.needs) > most else ""
    needs = f"; for {', '.join(drug.needs[:most])}{more}" if drug.needs else ""
    return f"{drug.drug} ({drug.approval}{needs})"


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
