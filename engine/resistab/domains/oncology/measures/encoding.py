"""Genotypes of tumours in numbers: 1 where a condition holds, 0 where it does not, not a number where that is open.

What holds is said by the domain's own observation of atoms, so that a learned row means what a written one would. A
gene and its changes nest: ``KRAS mutation`` holds wherever ``KRAS G12D`` does, and stands at the same place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, assert_never

import numpy as np

from resistab.core.condition import AllOf, Atom, ConclusionAtom, Condition
from resistab.core.truth import Truth
from resistab.curation.kit.measured.data import Feature
from resistab.domains.oncology.atoms import (
    ChangeAtom,
    FusionAtom,
    HistologyAtom,
    LossAtom,
    NamedSetAtom,
    SiteAtom,
    StateAtom,
)
from resistab.domains.oncology.genotype import (
    ChangeFinding,
    FusionFinding,
    Genotype,
    HistologyFinding,
    LossFinding,
    SetFinding,
    SiteFinding,
    StateFinding,
)
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.grammar.protein_change import TRUNCATING
from resistab.domains.oncology.observe import Observer, finding_subjects
from resistab.domains.oncology.policy.prepared import subjects_read
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS, RESPONSE_EFFECTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resistab.domains.oncology.genotype import Assayed, Finding
    from resistab.domains.oncology.interpreter import TumourInterpreter
    from resistab.domains.oncology.kinds.models import Rulebase

_NUMBER = {Truth.TRUE: 1.0, Truth.FALSE: 0.0, Truth.UNKNOWN: np.nan}
# How wide an atom is: of one place what says more of it stands first.
_WIDTH = ("change", "site", "set", "loss", "state", "fusion", "histology")


def _feature(*atoms: Atom) -> Feature:
    """The feature that all of these hold."""
    when = " and ".join(atom.text for atom in atoms)
    return Feature(when, _place(atoms[0]) if len(atoms) == 1 else when, (len(atoms), *map(_order, atoms)), atoms)


def _place(atom: Atom) -> str:
    """The gene, signature or other subject of which an atom speaks; of a fusion the gene that is known by it."""
    if isinstance(atom, FusionAtom):
        return atom.three_prime or atom.either or atom.five_prime
    return next(iter(subjects_read(atom)), atom.text)


def _order(atom: Atom) -> tuple[str, int, int, str]:
    kind = getattr(atom, "kind", "")
    width = _WIDTH.index(kind) if kind in _WIDTH else len(_WIDTH)
    start = atom.change.start if isinstance(atom, ChangeAtom) else 0
    if isinstance(atom, SiteAtom):
        # The whole gene after its parts.
        start = atom.first or 1_000_000
    return _place(atom), width, start, atom.text


def feature_of(text: str) -> Feature:
    """The feature that a condition such as ``EGFR T790M`` or ``BRAF V600E and PTEN loss`` names.

    Raises ``ValueError`` for a text that is no condition, or one that is more than atoms joined by "and".
    """
    feature = _of_condition(parse_condition(text))
    if feature is None:
        raise ValueError(f"'{text}' is none of statements on findings, joined by 'and'")
    return feature


def _of_condition(condition: Condition) -> Feature | None:
    """The feature that a condition is, None where it is none: where it has "or", "not", a count or a conclusion."""
    parts: tuple[Condition, ...] = tuple(condition.of) if isinstance(condition, AllOf) else (condition,)
    atoms = [part for part in parts if isinstance(part, Atom) and not isinstance(part, ConclusionAtom)]
    return _feature(*atoms) if atoms and len(atoms) == len(parts) else None


# --- what rows may ask for ----------------------------------------------------------------------------------------


def candidate_features(rulebase: Rulebase, genotypes: Sequence[Genotype]) -> list[Feature]:
    """What rows may ask for: each finding as a statement, those that are implied, and of its gene that it is altered.

    A substitution brings ``GENE mutation`` with it, a truncation ``GENE truncation`` and ``GENE loss`` too, a fusion
    ``GENE fusion`` of each gene; named sets of alterations of a gene are candidates where one of the genotypes has a
    member.
    """
    atoms: dict[str, Atom] = {}
    genes: set[str] = set()
    seen: set[str] = set()
    for genotype in genotypes:
        for finding in genotype.findings:
            if finding.text in seen:
                continue
            seen.add(finding.text)
            genes.update(finding_subjects(finding))
            for atom in _statements(finding):
                atoms.setdefault(atom.text, atom)
    readable = [feature for atom in atoms.values() if (feature := _readable(atom)) is not None]
    of_genes = (item.name for item in rulebase.alteration_sets if item.name.partition(" ")[0] in genes)
    named = [feature_of(name) for name in of_genes if name not in atoms]
    if named:
        held = np.nansum(feature_values(rulebase, named, genotypes), axis=0) > 0
        readable += [feature for feature, some in zip(named, held.tolist(), strict=True) if some]
    return sorted(readable, key=lambda feature: feature.order)


def _readable(atom: Atom) -> Feature | None:
    """The feature of an atom as the grammar reads its text; None where rows have no words for it."""
    try:
        return feature_of(atom.text)
    except ValueError:
        return None


def _statements(finding: Finding) -> Iterator[Atom]:
    """What a finding says, from the change itself to its gene."""
    match finding:
        case ChangeFinding():
            yield ChangeAtom(gene=finding.gene, change=finding.change)
            yield SiteAtom(gene=finding.gene, type="mutation")
            if finding.change.kind in TRUNCATING:
                yield SiteAtom(gene=finding.gene, type="truncation")
                yield LossAtom(gene=finding.gene)
        case SiteFinding():
            yield SiteAtom(gene=finding.gene, type=finding.type, first=finding.first, last=finding.last)
            if finding.type not in ("splice site mutation", "promoter mutation", "reversion"):
                yield SiteAtom(gene=finding.gene, type="mutation")
            if finding.type == "truncation":
                yield LossAtom(gene=finding.gene)
        case SetFinding():
            yield NamedSetAtom(gene=finding.gene, name=finding.name)
            yield SiteAtom(gene=finding.gene, type="mutation")
        case LossFinding():
            yield LossAtom(gene=finding.gene)
        case StateFinding():
            yield StateAtom(subject=finding.subject, analyte=finding.analyte, state=finding.state)
            if finding.analyte == "copy number" and finding.state == "deletion":
                yield LossAtom(gene=finding.subject)
        case FusionFinding():
            yield FusionAtom(five_prime=finding.five_prime, three_prime=finding.three_prime, either=finding.either)
            for gene in finding_subjects(finding):
                yield FusionAtom(either=gene)
        case HistologyFinding():
            yield HistologyAtom(to=finding.to)
            yield HistologyAtom()
        case _:
            assert_never(finding)


# --- what they are worth in genotypes -----------------------------------------------------------------------------


def feature_values(
    rulebase: Rulebase, features: Sequence[Feature], genotypes: Sequence[Genotype]
) -> NDArray[np.float64]:
    """Genotypes by features: 1, 0, or not a number; of a pair 0 where one part is 0, whatever is not known of others.

    What was found in a genotype bears on the atoms of its genes alone: for all others it is asked once, for all
    genotypes in which the same was assayed.
    """
    atoms = list(dict.fromkeys(atom for feature in features for atom in feature.atoms))
    column = {atom: number for number, atom in enumerate(atoms)}
    by_subject: dict[str, list[int]] = {}
    of_none: list[int] = []
    for atom, number in column.items():
        subjects = subjects_read(atom)
        for subject in subjects:
            by_subject.setdefault(subject, []).append(number)
        if not subjects:
            of_none.append(number)
    asked = [_placed(atom, rulebase) for atom in atoms]
    bases = _Bases(rulebase, asked)
    values = np.zeros((len(genotypes), len(atoms)))
    for line, genotype in enumerate(genotypes):
        values[line] = bases.of(genotype)
        subjects_found = {subject for finding in genotype.findings for subject in finding_subjects(finding)}
        subjects_found |= {item.locus.subject for item in genotype.assayed if item.inferred}
        own = {number for subject in subjects_found for number in by_subject.get(subject, ())}
        own.update(of_none)
        if own:
            observer = Observer(genotype, rulebase)
            for number in own:
                values[line, number] = _NUMBER[observer.observe(asked[number]).truth]
    return np.column_stack(
        [_together(values[:, [column[atom] for atom in feature.atoms]]) for feature in features]
        or [np.zeros((len(genotypes), 0))]
    )


def _placed(atom: Atom, rulebase: Rulebase) -> Atom:
    """An atom with the residues of the exon that it names; raises ``ValueError`` where they are not known."""
    if not isinstance(atom, SiteAtom) or atom.exon is None or atom.first is not None:
        return atom
    gene = rulebase.gene_by_name.get(atom.gene.upper())
    bounds = gene.exon_range(atom.exon) if gene else None
    if bounds is None:
        raise ValueError(f"'{atom.text}': the rule set does not say which residues that exon makes")
    return atom.model_copy(update={"first": bounds[0], "last": bounds[1]})


def _together(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """That all of the columns hold: false where one is false, unknown where one is unknown, otherwise true."""
    if values.shape[1] == 1:
        return values[:, 0]
    return np.where((values == 0).any(axis=1), 0.0, np.where(np.isnan(values).any(axis=1), np.nan, 1.0))


class _Bases:
    """What atoms are in genotypes without findings, by what was assayed and in which specimen."""

    def __init__(self, rulebase: Rulebase, atoms: Sequence[Atom]) -> None:
        self._rulebase, self._atoms = rulebase, atoms
        self._known: dict[tuple[object, ...], NDArray[np.float64]] = {}

    def of(self, genotype: Genotype) -> NDArray[np.float64]:
        """The value of each atom where nothing was found."""
        said: tuple[Assayed, ...] = tuple(item for item in genotype.assayed if not item.inferred)
        key = (
            tuple(item.locus for item in said),
            genotype.tumour_type, genotype.specimen, genotype.limit_of_detection, genotype.tumour_fraction,
        )  # fmt: skip
        found = self._known.get(key)
        if found is None:
            empty = genotype.model_copy(update={"findings": (), "assayed": said})
            observer = Observer(empty, self._rulebase)
            found = np.array([_NUMBER[observer.observe(atom).truth] for atom in self._atoms], np.float64)
            self._known[key] = found
        return found


# --- what the rules say -------------------------------------------------------------------------------------------


def rows_of_drug(interpreter: TumourInterpreter, drug: str) -> list[tuple[str, Feature, float]]:
    """The active rows for a drug, its classes' among them, that ask for statements joined by "and": id, feature, score.

    The score is the row's own where it was shown: positive for resistance and reduced response, negative for response,
    by the level of its evidence, and 0 for what has no effect.
    """
    rules = interpreter.prepared.drug_by_name[drug]
    policy = interpreter.rulebase.manifest.score_policy
    found: list[tuple[str, Feature, float]] = []
    for row in rules.rows:
        feature = _of_condition(row.when)
        if feature is None:
            continue
        score = rules.score(row)
        if row.effect in RESISTANCE_EFFECTS:
            signed = abs(score.score)
        elif row.effect in RESPONSE_EFFECTS:
            # A response marker has a tier in place of a score: here it weighs what its evidence would.
            signed = -(policy.by_level[score.level] if score.level else 0.0)
        else:
            signed = 0.0
        found.append((row.id, feature, signed))
    return found


def told(genotypes: Sequence[Genotype]) -> list[str]:
    """How genotypes were taken into numbers, in sentences."""
    notes = ["a statement on a tumour holds or not: allele fractions are not weighed, a minor clone counts whole"]
    silent = sum(not genotype.coverage_said for genotype in genotypes)
    if silent:
        of = "1 sample does" if silent == 1 else f"{silent} samples do"
        notes.append(f"{of} not say what was assayed: what was not found there is not known to be absent")
    types = _types(genotypes)
    if len(types) > 1:
        notes.append(
            f"the samples are of {len(types)} tumour types, which are no feature: where one type answers better than "
            "others, a gene that is altered in it may carry what is the tissue's"
        )
    return notes


def _types(genotypes: Iterable[Genotype]) -> Mapping[str, None]:
    return dict.fromkeys(genotype.tumour_type for genotype in genotypes)
