"""Whether every evidence item of a rulebase says what its source says.

The sources are the evidence exports (CIViC, its addendum, the supplementary statements, the list of approvals), which
are not part of the project, and the project's own list of evidence found in public text (``further_evidence.tsv``).
For each item the check looks up the source by its number, or, where none is given, by reference, gene, drug and
direction, and compares reference, level, drug, drugs given with it, alteration, direction, tumour type and what was
seen of the study. What does not fit must stand in ``citation_exceptions.yaml`` with a reason; an exception that
nothing needs is a fault too.

``python -m resistab.domains.oncology.checks.citation_check [--evidence DIR] [--rulebase DIR]`` exits with 0 where
everything is verified or excepted, 1 where something is not, 2 where the evidence is absent, 3 where the command line
is wrong and 4 where the rulebase or the evidence is not well-formed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, assert_never

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Atom,
    ConclusionAtom,
    Condition,
    CountOf,
    Not,
)
from resistab.core.faults import InputError, RulebaseError
from resistab.domains.oncology.atoms import (
    ChangeAtom,
    FusionAtom,
    HistologyAtom,
    LossAtom,
    NamedSetAtom,
    PhaseAtom,
    PriorTherapyAtom,
    QualifiedAtom,
    SiteAtom,
    StateAtom,
    TumourAtom,
    TumourTypeAtom,
    WildTypeAtom,
    tumour_atom,
)
from resistab.domains.oncology.checks.civic_export import EvidenceAbsentError, read_sources
from resistab.domains.oncology.checks.civic_names import tumour_codes
from resistab.domains.oncology.checks.profiles import Family, ProfilePart, profile_parts
from resistab.domains.oncology.checks.source_drugs import SourceDrugs
from resistab.domains.oncology.checks.source_items import Outcome, SourceItem, Sources
from resistab.domains.oncology.checks.supplement import read_further
from resistab.domains.oncology.kinds.citation_exceptions import Aspect, CitationExceptions
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.oncology.kinds.models import Evidence, Gene, Rulebase
from resistab.files.yaml_source import read_yaml_file
from resistab.rulesets.find import ruleset_folder
from resistab.rulesets.models import UNWRITTEN

EXCEPTIONS = "citation_exceptions.yaml"
COPIED_WORDS = 7
"""So many words in a row, the same as in the source's own sentence, count as copied."""


@dataclass(frozen=True)
class Misfit:
    """One aspect in which an item (``EID229``, or its reference where no source is named) differs from its source."""

    rule: str
    item: str
    aspect: Aspect
    detail: str

    def __str__(self) -> str:
        return f"{self.rule}, {self.item}: {self.aspect}: {self.detail}"


@dataclass
class CitationResult:
    """What was verified, what only by exception, and every fault; ``ok`` says that there is none."""

    items: int = 0
    excepted: int = 0
    references: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.items > 0 and not self.faults


# --- what a rule is about ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rule:
    id: str
    drug: str | None
    condition: Condition
    # None for a row on what has no effect: a study that does not support its own claim supports such a row.
    outcome: Outcome | None
    evidence: tuple[Evidence, ...]
    # Whether it holds for other drugs too, which bind alike.
    shared: bool = False


def _all_rules(rulebase: Rulebase) -> Iterator[_Rule]:
    for table in rulebase.row_tables:
        for row in table.rows:
            outcome: Outcome | None = "response" if "susceptibility" in row.effect else "resistance"
            if row.effect == "no effect":
                outcome = None
            yield _Rule(row.id, table.name, row.when, outcome, row.evidence, row.defeats is not None)
    for rule in rulebase.mechanism_rules:
        yield _Rule(rule.id, None, rule.when, "resistance", rule.evidence)


def _asked(rulebase: Rulebase, condition: Condition, negated: bool = False) -> Iterator[tuple[Atom, bool]]:
    """Every alteration a condition asks for, through sets and conclusions, and whether it asks for its absence."""
    match condition:
        case Not():
            yield from _asked(rulebase, condition.of, not negated)
        case AllOf() | AnyOf() | CountOf():
            for part in condition.of:
                yield from _asked(rulebase, part, negated)
        case Atom():
            yield from _asked_by(rulebase, tumour_atom(condition), negated)
        case _:
            assert_never(condition)


def _asked_by(rulebase: Rulebase, atom: TumourAtom, negated: bool) -> Iterator[tuple[Atom, bool]]:
    match atom:
        case ConclusionAtom():
            # Conclusions form no cycle: a rulebase with one is refused when it is compiled.
            for rule in rulebase.mechanism_rules:
                if rule.concludes == atom.id:
                    yield from _asked(rulebase, rule.when, negated)
        case NamedSetAtom():
            yield from _asked(rulebase, rulebase.set_by_name[atom.name].members, negated)
        case PhaseAtom():
            yield atom.first, negated
            yield atom.second, negated
        case QualifiedAtom():
            yield from _asked_by(rulebase, atom.alteration, negated)
        case WildTypeAtom():
            yield atom, True
        case TumourTypeAtom() | PriorTherapyAtom():
            return
        case ChangeAtom() | SiteAtom() | LossAtom() | StateAtom() | FusionAtom() | HistologyAtom():
            yield atom, negated
        case _:
            assert_never(atom)


def _family(atom: Atom) -> Family | None:
    known = tumour_atom(atom)
    match known:
        case ChangeAtom() | SiteAtom() | WildTypeAtom():
            return "mutation"
        case LossAtom():
            return "loss"
        case FusionAtom():
            return "fusion"
        case HistologyAtom():
            return "histology"
        case StateAtom(analyte="signature"):
            return "signature"
        case StateAtom(analyte="splicing"):
            return "splicing"
        case StateAtom():
            return "dose"
        case NamedSetAtom() | PhaseAtom() | QualifiedAtom() | PriorTherapyAtom():
            return None
        case TumourTypeAtom() | ConclusionAtom():
            return None
        case _:
            assert_never(known)


def _asks_for_absence(atom: Atom) -> bool:
    """Whether it asks for what sources call wild type or negative."""
    known = tumour_atom(atom)
    if isinstance(known, StateAtom):
        return known.state in ("negative", "underexpression", "decreased activity")
    return isinstance(known, WildTypeAtom | LossAtom)


def _new_residues(atom: ChangeAtom) -> set[str]:
    return set(atom.residues) or {atom.change.inserted}


def _genes(atom: Atom) -> tuple[str, ...]:
    known = tumour_atom(atom)
    match known:
        case ChangeAtom() | SiteAtom() | WildTypeAtom() | LossAtom():
            return (known.gene,)
        case FusionAtom():
            return known.genes
        case StateAtom():
            return (known.subject,)
        case NamedSetAtom() | PhaseAtom() | QualifiedAtom() | HistologyAtom() | PriorTherapyAtom():
            return ()
        case TumourTypeAtom() | ConclusionAtom():
            return ()
        case _:
            assert_never(known)


# --- the check ----------------------------------------------------------------------------------------------------


def check_citations(rulebase: Rulebase, sources: Sources, exceptions: CitationExceptions) -> CitationResult:
    """Every evidence item of every rule, active or not, against its source, less the exceptions."""
    return _Check(rulebase, sources, exceptions).run()


class _Check:
    def __init__(self, rulebase: Rulebase, sources: Sources, exceptions: CitationExceptions) -> None:
        self.rulebase, self.sources, self.exceptions = rulebase, sources, exceptions
        self.by_reference: dict[str, list[SourceItem]] = {}
        for item in (*sources.items.values(), *sources.approvals):
            self.by_reference.setdefault(item.reference, []).append(item)
        self.names_of = {
            gene.symbol: {gene.symbol.upper(), *(alias.upper() for alias in gene.aliases)} for gene in rulebase.genes
        }
        self.drugs = SourceDrugs(rulebase)
        self.by_symbol = {gene.symbol: gene for gene in rulebase.genes}
        self.shown = dict.fromkeys((item for entry in exceptions.shown for item in entry.items), False)
        self.result = CitationResult()

    def run(self) -> CitationResult:
        result = self.result
        allowed = {(e.rule, e.item): e for e in self.exceptions.exceptions}
        needed: dict[tuple[str, str], set[Aspect]] = {}
        for rule in _all_rules(self.rulebase):
            asked = list(_asked(self.rulebase, rule.condition))
            for evidence in rule.evidence:
                misfits = list(self.item(rule, asked, evidence))
                unexcused = []
                for misfit in misfits:
                    needed.setdefault((misfit.rule, misfit.item), set()).add(misfit.aspect)
                    exception = allowed.get((misfit.rule, misfit.item))
                    if exception is None or misfit.aspect not in exception.differs_in:
                        unexcused.append(misfit)
                result.faults.extend(map(str, unexcused))
                result.items += not misfits
                result.excepted += bool(misfits) and not unexcused
                if not unexcused:
                    result.references.add(evidence.reference)
                    result.rules.add(rule.id)
        for key, exception in allowed.items():
            for aspect in exception.differs_in:
                if aspect not in needed.get(key, set()):
                    result.faults.append(f"{key[0]}, {key[1]}: the exception for '{aspect}' is no longer needed")
        result.faults.extend(
            f"{item}: what it shows is listed and needed by no rule"
            for item, needed_by in self.shown.items()
            if not needed_by
        )
        self.limit()
        result.faults.extend(self.repeated())
        result.faults.extend(self.citations())
        result.faults.extend(self.variants())
        if not result.items:
            result.faults.append("no evidence item was verified")
        return result

    def limit(self) -> None:
        number, most = len(self.exceptions.exceptions), self.exceptions.at_most
        if number != most:
            advice = ": lower it" if number < most else ""
            self.result.faults.append(f"at_most allows {most} exceptions, there are {number}{advice}")

    # --- one item ---------------------------------------------------------------------------------------------

    def item(self, rule: _Rule, asked: list[tuple[Atom, bool]], evidence: Evidence) -> Iterator[Misfit]:
        """Every aspect in which ``evidence`` differs from its source or sources."""
        if evidence.source is None:
            yield from self.unnamed(rule, asked, evidence)
            return
        for number in evidence.source.removeprefix("CIViC:").split(","):
            source = self.sources.items.get(number)
            if number in self.sources.withdrawn:
                yield Misfit(rule.id, number, "source", "was withdrawn")
            elif source is None:
                yield Misfit(rule.id, number, "source", "is no accepted item on a drug in the evidence")
            else:
                for aspect, detail in self.compared(rule, asked, evidence, source):
                    yield Misfit(rule.id, number, aspect, detail)

    def unnamed(self, rule: _Rule, asked: list[tuple[Atom, bool]], evidence: Evidence) -> Iterator[Misfit]:
        """An item that names no source fits if any item of its reference does."""
        if not any(
            not list(self.compared(rule, asked, evidence, source))
            for source in self.by_reference.get(evidence.reference, ())
            if source.id not in self.sources.withdrawn
        ):
            yield Misfit(rule.id, evidence.reference, "source", "no item of this reference fits the evidence given")

    def compared(
        self, rule: _Rule, asked: list[tuple[Atom, bool]], evidence: Evidence, source: SourceItem
    ) -> Iterator[tuple[Aspect, str]]:
        if source.reference != evidence.reference:
            yield "reference", f"{evidence.reference} here, {source.reference} in the source"
        if source.level != evidence.level:
            yield "level", f"{evidence.level} here, {source.level} in the source"
        if source.verification != evidence.verification:
            yield "verification", f"{evidence.verification} here, {source.verification} in the source"
        yield from self.drugs.compared(evidence.drug or rule.drug, evidence, source, rule.shared)
        yield from self.alteration(rule, asked, evidence, source)
        yield from self.tumour(evidence, source)
        yield from self.absence(evidence, source)
        if copied := _copied(evidence.statement, source.statement):
            yield "statement", f"repeats the source's words '{copied}'"

    def alteration(
        self, rule: _Rule, asked: list[tuple[Atom, bool]], evidence: Evidence, source: SourceItem
    ) -> Iterator[tuple[Aspect, str]]:
        present = [atom for atom, absent in asked if not absent]
        subject = present or [atom for atom, _ in asked]
        parts = profile_parts(source.profile)
        about = [part for part in parts if any(self.names(part, atom) for atom in subject)]
        if not about:
            yield "gene", f"the source speaks of {source.profile}"
            return
        if not any(self.agrees(part, atom, absent=not present) for part in about for atom in subject):
            yield "alteration", f"the source speaks of {source.profile}"
        if source.outcome is None:
            yield "direction", "the source speaks neither of response nor of resistance"
            return
        if rule.outcome is None:
            if source.supports == (evidence.direction == "supports"):
                yield "direction", f"{evidence.direction} no effect here, {source.outcome} in the source"
            return
        if (source.outcome == rule.outcome) != (evidence.direction == "supports"):
            yield "direction", f"{evidence.direction} {rule.outcome} here, {source.outcome} in the source"

    def absence(self, evidence: Evidence, source: SourceItem) -> Iterator[tuple[Aspect, str]]:
        """What supports a rule by "Does Not Support" is absence, unless it is listed with what it shows instead."""
        absent = evidence.direction == "supports" and not source.supports
        if absent and source.id in self.shown:
            self.shown[source.id], absent = True, False
        if evidence.absence != absent:
            claim = "Does Not Support, and not listed under shown" if absent else "Supports, or listed under shown"
            marked = "marked" if evidence.absence else "not marked"
            yield "absence", f"{marked} here, in the source {claim if evidence.direction == 'supports' else 'against'}"

    def names(self, part: ProfilePart, atom: Atom) -> bool:
        """Whether an alteration of a profile is of a gene that an atom names, or of the histology that it does."""
        known = tumour_atom(atom)
        if isinstance(known, HistologyAtom):
            return "histology" in part.families and (not known.to or known.to in part.names)
        return any(self.names_gene(part, gene) for gene in _genes(atom))

    def names_gene(self, part: ProfilePart, gene: str) -> bool:
        return bool(self.names_of.get(gene, {gene}) & part.names)

    def agrees(self, part: ProfilePart, atom: Atom, absent: bool = False) -> bool:
        """Whether one alteration of a profile is, or overlaps, what an atom asks for, or asks to be ``absent``."""
        if not self.names(part, atom):
            return False
        gene = next((self.by_symbol.get(symbol) for symbol in _genes(atom)), None)
        return any(self.agrees_as(counted, atom, gene, absent) for counted in self.counted_as_here(part, gene))

    def agrees_as(self, part: ProfilePart, atom: Atom, gene: Gene | None, absent: bool) -> bool:
        """Whether an alteration by the numbers of the reference protein is what an atom asks for."""
        ranges = part.residues + tuple(r for exon in part.exons if gene and (r := gene.exon_range(exon)))
        family = _family(atom)
        if part.excludes and not absent and not _asks_for_absence(atom):
            return False
        if not ranges:
            return family in part.families or any(part.names <= self.names_of.get(g, set()) for g in _genes(atom)[:1])
        known = tumour_atom(atom)
        match known:
            case ChangeAtom():
                if known.change.kind == "substitution" and part.substitutions:
                    return bool(part.substitutions.get(known.change.start, frozenset()) & _new_residues(known))
                return any(known.change.overlaps(first, last) for first, last in ranges)
            case SiteAtom() if known.first is not None and known.last is not None:
                return any(known.first <= last and first <= known.last for first, last in ranges)
            case SiteAtom() | WildTypeAtom() | LossAtom():
                return True
            case StateAtom() | FusionAtom() | HistologyAtom():
                return family in part.families
            case (
                NamedSetAtom()
                | PhaseAtom()
                | QualifiedAtom()
                | PriorTherapyAtom()
                | TumourTypeAtom()
                | ConclusionAtom()
            ):
                raise TypeError(f"'{known.text}' is no alteration by itself")
            case _:
                assert_never(known)

    def counted_as_here(self, part: ProfilePart, gene: Gene | None) -> Iterator[ProfilePart]:
        """The part, and by the numbers of the reference protein where it may name an isoform's or an older spelling."""
        yield part
        if gene is None or not part.letters:
            return
        sequence = self.rulebase.sequences.get(gene.symbol, "")
        for other in gene.other_numbering:
            within = all(other.bounds[0] <= position <= other.bounds[1] for position in part.letters)
            if within and part.fits(sequence, other.shift):
                yield part.moved(other.shift)
        for written, change in gene.also_written.items():
            if re.search(rf"\b{re.escape(written)}\b", part.text):
                yield from profile_parts(part.text.replace(written, change))

    def tumour(self, evidence: Evidence, source: SourceItem) -> Iterator[tuple[Aspect, str]]:
        expected = set(tumour_codes(self.rulebase, source.disease))
        # Everything descends from TISSUE, which here stands for "any tumour, or none in particular".
        fits = expected & {evidence.studied_in} if "TISSUE" in expected else expected & self.lineage(evidence)
        if not fits:
            yield "tumour type", f"{evidence.studied_in} here, {source.disease} in the source"

    def lineage(self, evidence: Evidence) -> set[str]:
        return set(self.rulebase.lineage(evidence.studied_in))

    # --- all items together -------------------------------------------------------------------------------------

    def repeated(self) -> Iterator[str]:
        """Statements that are empty or stand word for word under different references."""
        told: dict[tuple[str, ...], tuple[str, str]] = {}
        for rule in _all_rules(self.rulebase):
            for evidence in rule.evidence:
                if evidence.statement == UNWRITTEN:
                    continue
                words = _words(evidence.statement)
                if not words:
                    yield f"{rule.id}, {evidence.reference}: the statement is empty"
                    continue
                earlier, reference = told.setdefault(words, (rule.id, evidence.reference))
                # Two authorities' labels may say the same.
                labels = reference.startswith("LABEL:") and evidence.reference.startswith("LABEL:")
                if reference != evidence.reference and not labels:
                    yield f"{rule.id}, {evidence.reference}: the statement is that of {earlier}, {reference}"

    def variants(self) -> Iterator[str]:
        """Studies of benign variants that are neither in the evidence nor listed with the reason, and the reverse."""
        cited = {
            reference: item.change.text
            for item in self.rulebase.benign_variants
            for reference in item.references
            if reference.startswith(("PMID:", "DOI:"))
        }
        listed = {study.reference for study in self.exceptions.variant_studies}
        for reference in sorted(cited.keys() - self.by_reference.keys() - listed):
            yield f"{reference}: is cited for {cited[reference]}, and is neither in the evidence nor an exception"
        for reference in sorted(listed - (cited.keys() - self.by_reference.keys())):
            yield f"{reference}: is an exception that no benign variant needs"

    def citations(self) -> Iterator[str]:
        """References without an entry in citations.yaml, entries without use, citations unlike the source's."""
        used = {evidence.reference for rule in _all_rules(self.rulebase) for evidence in rule.evidence}
        used |= {reference for said in self.rulebase.regimens.authorities for reference in said.references}
        known = self.rulebase.citation_by_reference
        yield from (f"{reference}: is not in citations.yaml" for reference in sorted(used - known.keys()))
        yield from (f"{reference}: stands in citations.yaml unused" for reference in sorted(known.keys() - used))
        for reference in sorted(used & known.keys()):
            printed = {item.citation for item in self.by_reference.get(reference, ()) if item.citation}
            short = known[reference].short
            if printed and not any(_cited_as(short, text) for text in printed):
                yield f"{reference}: is cited as '{short}', in the source as '{min(printed)}'"


def _cited_as(short: str, printed: str) -> bool:
    """Whether a citation is the source's, which may go on after it, or be of the same year where that names nobody."""
    if printed.isdigit():
        return short == printed or short.endswith(f", {printed}")
    return short == printed or short.startswith(f"{printed}, ")


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", text.casefold()))


def _copied(statement: str, source: str) -> str | None:
    """The first run of ``COPIED_WORDS`` words that both have, or None."""
    ours, theirs = _words(statement), _words(source)
    runs = {theirs[i : i + COPIED_WORDS] for i in range(len(theirs) - COPIED_WORDS + 1)}
    for index in range(len(ours) - COPIED_WORDS + 1):
        if ours[index : index + COPIED_WORDS] in runs:
            return " ".join(ours[index : index + COPIED_WORDS])
    return None


# --- the command --------------------------------------------------------------------------------------------------


def read_exceptions(folder: Path) -> CitationExceptions:
    """The exceptions of the rule set in ``folder``; none are allowed where it has no such file."""
    path = folder / EXCEPTIONS
    if not path.is_file():
        return CitationExceptions(at_most=0)
    source, faults = read_yaml_file(path, f"{folder.name}/{EXCEPTIONS}")
    if faults:
        raise RulebaseError(faults)
    return CitationExceptions.model_validate(source.data)


def default_evidence_folder() -> Path:
    """``../shared/data/evidence`` beside the checkout that this module lies in."""
    return Path(__file__).resolve().parents[6] / "shared" / "data" / "evidence"


def check_folder(evidence: Path | None = None, rulebase: Path | None = None) -> CitationResult:
    """Check the oncology rule set; the defaults are the evidence beside the checkout and the shipped rulebase.

    Raises ``EvidenceAbsentError`` where the evidence is not there, ``InputError`` where a file of it cannot be read and
    ``RulebaseError`` where the rulebase is faulty.
    """
    sources = read_sources(evidence or default_evidence_folder())
    folder = ruleset_folder("oncology", rulebase)
    sources |= read_further(folder)
    return check_citations(load_rulebase_folder(folder), sources, read_exceptions(folder))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(3, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the check and print what it found; the exit code, as the module's text gives it."""
    parser = _Parser(
        prog="python -m resistab.domains.oncology.checks.citation_check", description="Check the rulebase's citations."
    )
    parser.add_argument("--evidence", type=Path, metavar="DIR", help="the folder with the evidence exports")
    parser.add_argument("--rulebase", type=Path, metavar="DIR", help="a folder of rule sets instead of the shipped one")
    options = parser.parse_args(arguments)
    try:
        result = check_folder(options.evidence, options.rulebase)
    except EvidenceAbsentError as absent:
        print(f"citations not checked: {absent}", file=sys.stderr)
        return 2
    except InputError as error:
        print(f"citations not checked, the evidence is faulty:\n{error}", file=sys.stderr)
        return 4
    except RulebaseError as error:
        print(f"citations not checked, the rulebase is faulty:\n{error}", file=sys.stderr)
        return 4
    for fault in result.faults:
        print(fault, file=sys.stderr)
    print(
        f"verified {result.items} evidence items, {result.excepted} more by exception: "
        f"{len(result.references)} references, {len(result.rules)} rules; {len(result.faults)} faults"
    )
    return 0 if result.ok else 1


if __name__ == "__main__":
    sys.exit(main())
