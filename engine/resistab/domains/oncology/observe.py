"""What a genotype says of an atom: true, false or unknown, and the findings behind it.

An atom is true where a finding satisfies it, false where what it speaks of was assayed and nothing satisfies it,
and unknown otherwise: what was not assayed is never taken as absent, nor what was not detected in circulating tumour
DNA, but where that must have held it. A finding that is known only in part (an
"exon 19 deletion" of unknown extent) makes an atom unknown that asks for more than the finding says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from resistab.core.condition import Atom, ConclusionAtom, atoms
from resistab.core.truth import Observation, Truth
from resistab.domains.oncology.atoms import (
    UNPLACED_TYPES,
    Bound,
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
    TumourTypeAtom,
    WildTypeAtom,
    tumour_atom,
)
from resistab.domains.oncology.genotype import (
    ChangeFinding,
    Finding,
    FindingModel,
    FusionFinding,
    Genotype,
    HistologyFinding,
    LossFinding,
    PriorTherapy,
    SetFinding,
    SiteFinding,
    StateFinding,
)
from resistab.domains.oncology.grammar.loci import EssentialLocus, Locus, LocusKind
from resistab.domains.oncology.grammar.protein_change import IN_FRAME, TRUNCATING, ProteinChange, exchanges, normal_form
from resistab.domains.oncology.kinds.models import Rulebase

_UNKNOWN = Observation(Truth.UNKNOWN)
_FALSE = Observation(Truth.FALSE)
# What must have been assayed to know that a gene is not lost.
_LOSS_KINDS: tuple[LocusKind, ...] = ("mutation", "copy number", "protein")
_ANALYTE_KIND: dict[str, LocusKind] = {
    "copy number": "copy number",
    "expression": "expression",
    "protein": "protein",
    "methylation": "methylation",
    "activity": "activity",
    "splicing": "splicing",
    "signature": "signature",
}


class Observer:
    """Answers atoms over one genotype; build one per patient.

    With ``assume_assayed`` everything counts as assayed, so that only what a finding leaves undecided stays unknown.
    """

    def __init__(self, genotype: Genotype, rulebase: Rulebase, assume_assayed: bool = False) -> None:
        self.genotype = genotype
        self.assume_assayed = assume_assayed
        self.rulebase = rulebase
        self.by_gene: dict[str, list[tuple[int, Finding]]] = {}
        for index, finding in enumerate(genotype.findings):
            for gene in finding_subjects(finding):
                self.by_gene.setdefault(gene, []).append((index, finding))
        # Of circulating tumour DNA, what was assayed and not found may be there all the same.
        self.shows_absence = assume_assayed or genotype.shows_absence(rulebase.manifest.minor_clone_below)
        self.coverage: dict[tuple[str, str], list[Locus]] = {}
        self.looked_for: dict[str, list[Locus]] = {}
        for item in genotype.assayed:
            if item.locus.of_some:
                self.looked_for.setdefault(item.locus.subject, []).append(item.locus)
            else:
                self.coverage.setdefault((item.locus.subject, item.locus.kind), []).append(item.locus)

    # --- coverage -------------------------------------------------------------------------------------------

    def covered_otherwise(self, other: Observer) -> set[str]:
        """The subjects of which another patient's assays tell otherwise than this one's."""
        found: set[str] = set()
        for (subject, kind), loci in other.coverage.items():
            if self.coverage.get((subject, kind)) != loci:
                found.add(subject)
        for subject, loci in other.looked_for.items():
            if self.looked_for.get(subject) != loci:
                found.add(subject)
        found.update(subject for subject, kind in self.coverage.keys() - other.coverage.keys())
        found.update(self.looked_for.keys() - other.looked_for.keys())
        return found

    def covers(self, subject: str, kind: LocusKind, first: int | None = None, last: int | None = None) -> bool:
        """Whether the subject was assayed for this kind of alteration, over all the residues from first to last."""
        if self.assume_assayed:
            return True
        loci = self.coverage.get((subject, kind))
        if not loci:
            return False
        if any(not locus.ranges for locus in loci):
            return True
        if first is None or last is None:
            return False
        ranges = sorted(bounds for locus in loci for bounds in locus.ranges)
        needed = first
        for start, end in ranges:
            if start <= needed <= end:
                needed = end + 1
        return needed > last

    def rules_out(self, subject: str, kind: LocusKind, first: int | None = None, last: int | None = None) -> bool:
        """Whether what was not found there is absent: it was assayed, and the specimen is one that shows absence.

        The limit of detection of circulating tumour DNA is one of allele fractions: it speaks of mutations only.
        """
        if self.genotype.specimen == "ctDNA" and kind != "mutation" and not self.assume_assayed:
            return False
        return self.shows_absence and self.covers(subject, kind, first, last)

    def covers_locus(self, locus: Locus) -> bool:
        """Whether all of ``locus`` was assayed."""
        if not locus.ranges:
            return self.covers(locus.subject, locus.kind)
        return all(self.covers(locus.subject, locus.kind, first, last) for first, last in locus.ranges)

    def covers_essential(self, essential: EssentialLocus) -> bool:
        """Whether one of the loci was assayed."""
        return any(self.covers_locus(locus) for locus in essential.any_of)

    def looked_at(self, atom: Atom) -> bool:
        """Whether an assay looked at what ``atom`` asks for, be it one that does not show its absence."""
        known = tumour_atom(atom)
        match known:
            case ChangeAtom():
                return self.covers(known.gene, "mutation", known.change.start, known.change.end)
            case SiteAtom():
                return self.covers(known.gene, "mutation", known.first, known.last)
            case NamedSetAtom() | WildTypeAtom():
                return self.covers(known.gene, "mutation")
            case LossAtom():
                return any(self.covers(known.gene, kind) for kind in _LOSS_KINDS)
            case StateAtom():
                return self.covers(known.subject, _ANALYTE_KIND[known.analyte])
            case FusionAtom():
                return any(self.covers(gene, "fusion") for gene in known.genes)
            case PhaseAtom() | QualifiedAtom():
                return all(self.looked_at(part) for part in known.parts)
            case HistologyAtom():
                return self.covers("tumour", "histology")
            case PriorTherapyAtom() | TumourTypeAtom() | ConclusionAtom():
                return False
            case _:
                assert_never(known)

    # --- atoms ----------------------------------------------------------------------------------------------

    def observe(self, atom: Atom) -> Observation:
        """What the genotype says of ``atom``; a ``ConclusionAtom`` is not observed but derived."""
        known = tumour_atom(atom)
        match known:
            case ChangeAtom():
                return self._matched(known.gene, lambda f: self._change(known, f), self._rules_out_change(known))
            case SiteAtom(type="reversion"):
                return self._reversion(known)
            case SiteAtom():
                assayed = self.rules_out(known.gene, "mutation", known.first, known.last) or self._looked_for_at(known)
                return self._matched(known.gene, lambda f: self._site(known, f), assayed)
            case NamedSetAtom():
                return self._named_set(known)
            case WildTypeAtom():
                return self._wild_type(known)
            case LossAtom():
                return self._loss(known)
            case StateAtom():
                assayed = self.rules_out(known.subject, _ANALYTE_KIND[known.analyte])
                return self._matched(known.subject, lambda f: _state(known, f), assayed)
            case FusionAtom():
                assayed = any(self.rules_out(gene, "fusion") for gene in known.genes)
                return self._matched(known.genes[0], lambda f: _fusion(known, f), assayed, known.genes)
            case PhaseAtom():
                return self._phase(known)
            case QualifiedAtom():
                return self._qualified(known)
            case HistologyAtom():
                return self._histology(known)
            case PriorTherapyAtom():
                return self._prior(known)
            case TumourTypeAtom():
                return self._tumour_type(known)
            case ConclusionAtom():
                raise ValueError(f"{known.id} is a conclusion: it is derived, not observed")
            case _:
                assert_never(known)

    def _matched(
        self,
        gene: str,
        test: Callable[[Finding], Truth],
        assayed: bool,
        genes: tuple[str, ...] = (),
    ) -> Observation:
        found: list[int] = []
        perhaps: list[int] = []
        for index, finding in self._findings(genes or (gene,)):
            truth = test(finding)
            if truth is Truth.TRUE:
                found.append(index)
            elif truth is Truth.UNKNOWN:
                perhaps.append(index)
        return _decided(found, perhaps, assayed)

    def _findings(self, genes: Iterable[str]) -> Iterator[tuple[int, Finding]]:
        seen: set[int] = set()
        for gene in genes:
            for index, finding in self.by_gene.get(gene, ()):
                if index not in seen:
                    seen.add(index)
                    yield index, finding

    def _rules_out_change(self, atom: ChangeAtom) -> bool:
        if self.rules_out(atom.gene, "mutation", atom.change.start, atom.change.end):
            return True
        looked_for = self.looked_for.get(atom.gene)
        if not looked_for or not self.shows_absence:
            return False
        new = atom.residues or ("",)
        asked = [atom.change.model_copy(update={"inserted": residue}) if residue else atom.change for residue in new]
        return all(any(self._shows(locus, change) for locus in looked_for) for change in asked)

    def _shows(self, locus: Locus, change: ProteinChange) -> bool:
        """Whether a test that looked for some changes only would have shown this one."""
        if locus.change is not None:
            return self._normal(locus.subject, locus.change) == self._normal(locus.subject, change)
        inside = any(first <= change.start and change.end <= last for first, last in locus.ranges)
        return inside and (change.length_change > 0 if locus.change_type == "insertion" else change.length_change < 0)

    def _looked_for_at(self, atom: SiteAtom) -> bool:
        """Whether a test that looked for changes of the type that the atom asks for looked at all of its site."""
        return self.shows_absence and any(
            locus.change_type == atom.type
            and atom.first is not None
            and atom.last is not None
            and any(first <= atom.first and atom.last <= last for first, last in locus.ranges)
            for locus in self.looked_for.get(atom.gene, ())
        )

    def _change(self, atom: ChangeAtom, finding: Finding) -> Truth:
        if isinstance(finding, ChangeFinding) and finding.gene == atom.gene:
            same = self._is_or_holds(atom, finding.change)
            return _bounded(atom.allele_fraction, finding) if same else Truth.FALSE
        if isinstance(finding, SiteFinding) and finding.gene == atom.gene:
            return Truth.UNKNOWN if self._could_be(finding, atom.change) else Truth.FALSE
        if isinstance(finding, SetFinding) and finding.gene == atom.gene:
            return Truth.UNKNOWN if self._set_mentions(finding.name, atom.change) else Truth.FALSE
        return Truth.FALSE

    def _is_or_holds(self, atom: ChangeAtom, change: ProteinChange) -> bool:
        """Whether a change is the one asked for, or one of several residues that holds the substitution asked for."""
        if atom.change.kind == "substitution":
            new = atom.residues or (atom.change.inserted,)
            exchanged = exchanges(change, self.rulebase.sequences.get(atom.gene))
            return any(place == atom.change.start and residue in new for place, residue in exchanged)
        return self._normal(atom.gene, change) == self._normal(atom.gene, atom.change)

    def _normal(self, gene: str, change: ProteinChange) -> tuple[str, int, int, str]:
        return normal_form(change, self.rulebase.sequences.get(gene))

    def _set_mentions(self, name: str, change: ProteinChange) -> bool:
        for atom in atoms(self.rulebase.set_by_name[name].members):
            if isinstance(atom, ChangeAtom) and atom.change.overlaps(change.start, change.end):
                return True
            if isinstance(atom, SiteAtom) and self._in_site(atom, change):
                return True
        return False

    def _is_benign(self, finding: Finding) -> bool:
        return (
            isinstance(finding, ChangeFinding)
            and self.rulebase.benign_variant(finding.gene, finding.change) is not None
        )

    def _site(self, atom: SiteAtom, finding: Finding) -> Truth:
        # "Any mutation" is none that is known to do nothing, nor one of which nobody knows what it does.
        wide = atom.first is None or atom.first != atom.last
        if wide and (finding.unknown_significance or self._is_benign(finding)):
            return Truth.FALSE
        return self._in_or_at(atom, finding)

    def _in_or_at(self, atom: SiteAtom, finding: Finding) -> Truth:
        if isinstance(finding, ChangeFinding) and finding.gene == atom.gene:
            if not atom.unspecified and self._in_site(atom, finding.change):
                return _bounded(atom.allele_fraction, finding)
            return Truth.UNKNOWN if self._unexplained_in(atom, finding) else Truth.FALSE
        if isinstance(finding, SiteFinding) and finding.gene == atom.gene:
            return Truth.UNKNOWN if self._unexplained_in(atom, finding) else _sites(atom, finding)
        if isinstance(finding, SetFinding) and finding.gene == atom.gene:
            return self._set_in_site(atom, finding)
        return Truth.FALSE

    def _in_site(self, atom: SiteAtom, change: ProteinChange) -> bool:
        if change.kind == "synonymous":
            return False
        first, last = (1, change.end) if atom.first is None or atom.last is None else (atom.first, atom.last)
        if not change.overlaps(first, last):
            return False
        match atom.type:
            case "substitution" | "any change":
                exchanged = exchanges(change, self.rulebase.sequences.get(atom.gene))
                if exchanged and (atom.type == "substitution" or change.length_change == 0):
                    return any(first <= place <= last and new not in atom.excluded for place, new in exchanged)
                return atom.type == "any change"
            case "deletion":
                return change.length_change < 0
            case "insertion":
                return change.length_change > 0
            case "truncation":
                return change.kind in TRUNCATING
            case "splice site mutation" | "promoter mutation" | "reversion":
                return False
            case "mutation":
                return True
            case _:
                assert_never(atom.type)

    def _could_be(self, finding: SiteFinding, change: ProteinChange) -> bool:
        """Whether a change known only by type and place could be, or hold, ``change``."""
        if finding.type in UNPLACED_TYPES:
            return finding.type == "splice site mutation" and change.kind not in ("substitution", "synonymous")
        as_atom = SiteAtom(gene=finding.gene, type=finding.type, first=finding.first, last=finding.last)
        stop = finding.may_stop and change.kind == "stop gained" and change.start == finding.first
        return stop or self._in_site(as_atom, change)

    def _set_in_site(self, atom: SiteAtom, finding: SetFinding) -> Truth:
        """A finding known as a member of a set lies in the site if all members do, and may if one does."""
        if atom.type == "mutation" and atom.first is None:
            return _bounded(atom.allele_fraction, finding)
        inside = []
        for member in atoms(self.rulebase.set_by_name[finding.name].members):
            if isinstance(member, ChangeAtom):
                inside.append(self._in_site(atom, member.change))
            elif isinstance(member, SiteAtom) and atom.first is not None and member.first is not None:
                assert atom.last is not None
                assert member.last is not None
                if member.last < atom.first or member.first > atom.last:
                    inside.append(False)
                else:
                    return Truth.UNKNOWN
            else:
                return Truth.UNKNOWN
        return Truth.UNKNOWN if any(inside) else Truth.FALSE

    def _named_set(self, atom: NamedSetAtom) -> Observation:
        found: list[int] = []
        perhaps: list[int] = []
        assayed = True
        for index, finding in self._findings((atom.gene,)):
            if isinstance(finding, SetFinding) and finding.name == atom.name:
                found.append(index)
        for member in atoms(self.rulebase.set_by_name[atom.name].members):
            observation = self.observe(member)
            if observation.truth is Truth.TRUE:
                found.extend(observation.findings)
            elif observation.truth is Truth.UNKNOWN:
                perhaps.extend(observation.findings)
                assayed = False
            if isinstance(member, ChangeAtom) and member.change.kind == "substitution":
                at = member.change.start
                perhaps.extend(
                    index
                    for index, finding in self._findings((atom.gene,))
                    if self._unexplained_at(atom.gene, at, at, finding)
                )
        return _decided(found, perhaps, assayed)

    def _unexplained_in(self, atom: SiteAtom, finding: Finding) -> bool:
        asked = atom.type == "substitution" and atom.first is not None and atom.last is not None
        return asked and self._unexplained_at(atom.gene, atom.first or 0, atom.last or 0, finding)

    def _unexplained_at(self, gene: str, first: int, last: int, finding: Finding) -> bool:
        """Whether a finding is an in-frame change at a codon from first to last, and no rule names it.

        What a duplication at KRAS G12 does nobody has written down; that it does less than a substitution there must
        not be concluded.
        """
        if isinstance(finding, ChangeFinding):
            in_frame = finding.change.kind in IN_FRAME
        else:
            in_frame = isinstance(finding, SiteFinding) and finding.type in ("deletion", "insertion")
        if not in_frame:
            return False
        assert isinstance(finding, ChangeFinding | SiteFinding)
        start, end = finding.bounds
        touches = start is None or end is None or (start <= last and end >= first)
        return touches and not any(self._names(named, finding) for named in self.rulebase.named_in_frame(gene))

    def _names(self, atom: ChangeAtom | SiteAtom, finding: Finding) -> bool:
        """Whether an atom of a rule speaks of this very finding."""
        truth = self._change(atom, finding) if isinstance(atom, ChangeAtom) else self._site(atom, finding)
        return truth is Truth.TRUE

    def _wild_type(self, atom: WildTypeAtom) -> Observation:
        uncertain = []
        for index, finding in self._findings((atom.gene,)):
            if self._is_benign(finding):
                continue
            mutated = isinstance(finding, SiteFinding | SetFinding) or (
                isinstance(finding, ChangeFinding) and finding.change.kind != "synonymous"
            )
            if mutated and finding.unknown_significance:
                uncertain.append(index)
            elif mutated:
                return _FALSE
        if uncertain:
            return Observation(Truth.UNKNOWN, tuple(uncertain))
        return Observation(Truth.TRUE) if self.rules_out(atom.gene, "mutation") else _UNKNOWN

    def _loss(self, atom: LossAtom) -> Observation:
        assayed = all(self.rules_out(atom.gene, kind) for kind in _LOSS_KINDS)

        def test(finding: Finding) -> Truth:
            truth = Truth.FALSE if self._is_benign(finding) else _loss(finding)
            return Truth.UNKNOWN if truth is Truth.TRUE and finding.unknown_significance else truth

        return self._matched(atom.gene, test, assayed)

    def _phase(self, atom: PhaseAtom) -> Observation:
        first, second = self.observe(atom.first), self.observe(atom.second)
        if Truth.FALSE in (first.truth, second.truth):
            return _FALSE
        if Truth.UNKNOWN in (first.truth, second.truth):
            return _UNKNOWN
        both = tuple(sorted({*first.findings, *second.findings}))
        for here, there in ((first.findings, atom.second), (second.findings, atom.first)):
            for index in here:
                finding = self.genotype.findings[index]
                if not isinstance(finding, ChangeFinding):
                    continue
                for phase in finding.phases:
                    if phase.gene == there.gene and self._normal(phase.gene, phase.change) == self._normal(
                        there.gene, there.change
                    ):
                        return Observation(Truth.TRUE, both) if phase.phase == atom.phase else _FALSE
        return _UNKNOWN

    def _qualified(self, atom: QualifiedAtom) -> Observation:
        """A finding of which it is not said whether it is inherited, or on how many copies it lies, leaves that open.

        Two changes of a gene may lie on its two copies.
        """
        whole = self.observe(atom.alteration)
        if whole.truth is not Truth.TRUE:
            return whole
        findings = [(index, self.genotype.findings[index]) for index in whole.findings]
        if atom.quality == "biallelic":
            said = [(index, _on_both(finding)) for index, finding in findings]
            if len(said) > 1:
                said = [(index, Truth.TRUE if truth is Truth.TRUE else Truth.UNKNOWN) for index, truth in said]
        else:
            wanted = {atom.quality: Truth.TRUE, None: Truth.UNKNOWN}
            said = [(index, wanted.get(finding.origin, Truth.FALSE)) for index, finding in findings]
        found = [index for index, truth in said if truth is Truth.TRUE]
        perhaps = [index for index, truth in said if truth is Truth.UNKNOWN]
        return _decided(found, perhaps, True)

    def _reversion(self, atom: SiteAtom) -> Observation:
        """A reversion is found where it is reported; a second change that may restore the frame leaves it open.

        A frameshift beside another, or another residue at the place of a new stop, as far as treatment came before it.
        """
        said = [
            index
            for index, finding in self._findings((atom.gene,))
            if isinstance(finding, SiteFinding) and finding.type == "reversion"
        ]
        changes = [
            (index, finding)
            for index, finding in self._findings((atom.gene,))
            if isinstance(finding, ChangeFinding) and finding.change.kind != "synonymous"
        ]
        perhaps: set[int] = set()
        if self.genotype.prior_therapies != ():
            for index, one in changes:
                for other_index, other in changes:
                    if index != other_index and _may_restore(one.change, other.change):
                        perhaps |= {index, other_index}
        return _decided(said, sorted(perhaps), self.rules_out(atom.gene, "mutation"))

    def _histology(self, atom: HistologyAtom) -> Observation:
        def test(finding: Finding) -> Truth:
            if not isinstance(finding, HistologyFinding):
                return Truth.FALSE
            if not atom.to or atom.to in self.rulebase.lineage(finding.to):
                return Truth.TRUE
            may_be = not finding.to or finding.to in self.rulebase.lineage(atom.to)
            return Truth.UNKNOWN if may_be else Truth.FALSE

        return self._matched("tumour", test, self.rules_out("tumour", "histology"))

    def _prior(self, atom: PriorTherapyAtom) -> Observation:
        therapies = self.genotype.prior_therapies
        if therapies is None:
            return _UNKNOWN
        if atom.lines:
            return _decided_lines(atom.lines, therapies)
        had = [t for t in therapies if t.drug == atom.drug or atom.drug_class in t.classes]
        if not had:
            return _FALSE
        if not atom.progression or any(therapy.outcome == "progression" for therapy in had):
            return Observation(Truth.TRUE)
        return _UNKNOWN if any(therapy.outcome is None for therapy in had) else _FALSE

    def _tumour_type(self, atom: TumourTypeAtom) -> Observation:
        if atom.code in self.genotype.lineage:
            return Observation(Truth.TRUE)
        # A patient's "non-small cell lung cancer" may be the adenocarcinoma that the rule asks for.
        return _UNKNOWN if self.genotype.tumour_type in self.rulebase.lineage(atom.code) else _FALSE


def _decided(found: list[int], perhaps: list[int], assayed: bool) -> Observation:
    if found:
        return Observation(Truth.TRUE, tuple(sorted(set(found))))
    if perhaps:
        return Observation(Truth.UNKNOWN, tuple(sorted(set(perhaps))))
    return _FALSE if assayed else _UNKNOWN


def finding_subjects(finding: Finding) -> tuple[str, ...]:
    """The genes or signatures that a finding speaks of."""
    match finding:
        case FusionFinding():
            return tuple(g for g in (finding.five_prime, finding.three_prime, finding.either) if g)
        case StateFinding():
            return (finding.subject,)
        case HistologyFinding():
            return ("tumour",)
        case ChangeFinding() | SiteFinding() | SetFinding() | LossFinding():
            return (finding.gene,)
        case _:
            assert_never(finding)


def _bounded(bound: Bound | None, finding: FindingModel) -> Truth:
    if bound is None:
        return Truth.TRUE
    if finding.allele_fraction is None:
        return Truth.UNKNOWN
    return Truth.TRUE if bound.holds(finding.allele_fraction) else Truth.FALSE


_TYPE_IMPLIES: dict[str, frozenset[str]] = {
    "deletion": frozenset({"deletion", "any change", "mutation"}),
    "insertion": frozenset({"insertion", "any change", "mutation"}),
    "substitution": frozenset({"substitution", "any change", "mutation"}),
    "truncation": frozenset({"truncation", "any change", "mutation"}),
    "mutation": frozenset({"any change", "mutation"}),
    "any change": frozenset({"any change", "mutation"}),
    "splice site mutation": frozenset({"splice site mutation", "mutation"}),
    "promoter mutation": frozenset({"promoter mutation"}),
    "reversion": frozenset({"reversion"}),
}


_OPEN_TYPES = ("mutation", "any change", "splice site mutation")


def _sites(atom: SiteAtom, finding: SiteFinding) -> Truth:
    """Whether a change known by type and place lies in the site an atom asks for."""
    if finding.may_stop and atom.type == "truncation":
        return Truth.UNKNOWN
    implied = atom.type in _TYPE_IMPLIES[finding.type]
    # What a change at a splice site does to the protein is not known, but it exchanges no single residue.
    open_types = ("mutation", "any change") if atom.type == "substitution" else _OPEN_TYPES
    possible = implied or finding.type in open_types
    if not possible:
        return Truth.FALSE
    inside: bool | None
    if atom.first is None or atom.last is None:
        inside = True
    elif finding.first is None or finding.last is None:
        inside = None
    elif finding.last < atom.first or finding.first > atom.last:
        return Truth.FALSE
    else:
        inside = True if atom.first <= finding.first and finding.last <= atom.last else None
    if inside and implied and not atom.excluded:
        return _bounded(atom.allele_fraction, finding)
    return Truth.UNKNOWN


def _state(atom: StateAtom, finding: Finding) -> Truth:
    if isinstance(finding, LossFinding):
        # A loss of unknown kind may be the deletion, or the absent protein, that the atom asks for.
        asks_for_loss = atom.state in ("deletion", "negative", "underexpression")
        return Truth.UNKNOWN if asks_for_loss else Truth.FALSE
    if isinstance(finding, SiteFinding) and finding.type == "splice site mutation":
        return Truth.UNKNOWN if atom.analyte == "splicing" else Truth.FALSE
    if not isinstance(finding, StateFinding) or finding.analyte != atom.analyte:
        return Truth.FALSE
    bound = atom.bound
    if bound is None:
        if atom.analyte == "splicing" and atom.state == "variant":
            return Truth.TRUE
        if finding.state == atom.state:
            return Truth.TRUE
        undetermined = finding.state in ("value", "variant") and atom.state != finding.state
        return Truth.UNKNOWN if undetermined else Truth.FALSE
    if atom.state != "value" and finding.state not in (atom.state, "value"):
        return Truth.FALSE
    if finding.value is None or (bound.unit and finding.unit and bound.unit != finding.unit):
        return Truth.UNKNOWN
    return Truth.TRUE if bound.holds(finding.value) else Truth.FALSE


def _fusion(atom: FusionAtom, finding: Finding) -> Truth:
    if not isinstance(finding, FusionFinding):
        return Truth.FALSE
    if finding.either:
        # "ALK fusion", partner not said
        if atom.either:
            return Truth.TRUE if atom.either == finding.either else Truth.FALSE
        return Truth.UNKNOWN
    if atom.either:
        return Truth.TRUE
    same = (atom.five_prime, atom.three_prime) == (finding.five_prime, finding.three_prime)
    return Truth.TRUE if same else Truth.FALSE


def _loss(finding: Finding) -> Truth:
    match finding:
        case LossFinding():
            return Truth.TRUE
        case ChangeFinding():
            return Truth.TRUE if finding.change.kind in TRUNCATING else Truth.FALSE
        case SiteFinding():
            if finding.type == "truncation":
                return Truth.TRUE
            may_be = finding.type in _OPEN_TYPES or finding.type == "reversion" or finding.may_stop
            return Truth.UNKNOWN if may_be else Truth.FALSE
        case StateFinding(analyte="copy number", state="deletion"):
            # One copy may be left: only a deletion of both is loss. A count that is not given stays open.
            if finding.value is None:
                return Truth.UNKNOWN
            return Truth.TRUE if finding.value < 0.5 else Truth.FALSE
        case StateFinding(analyte="protein", state="negative"):
            return Truth.TRUE
        case StateFinding() | SetFinding() | FusionFinding() | HistologyFinding():
            return Truth.FALSE
        case _:
            assert_never(finding)


def _decided_lines(least: int, therapies: tuple[PriorTherapy, ...]) -> Observation:
    """Whether there were at least so many lines; of drugs whose line was not said several may belong to one."""
    said = {therapy.line for therapy in therapies if therapy.line is not None}
    certain = max(said, default=1 if therapies else 0)
    if certain >= least:
        return Observation(Truth.TRUE)
    return _UNKNOWN if any(therapy.line is None for therapy in therapies) else _FALSE


def _on_both(finding: Finding) -> Truth:
    """Whether a finding lies on both copies of its gene; a protein that is absent is made by neither."""
    if finding.copies is not None:
        return Truth.TRUE if finding.copies == "both" else Truth.FALSE
    gone = isinstance(finding, StateFinding) and finding.state in ("deletion", "negative")
    return Truth.TRUE if gone else Truth.UNKNOWN


def _may_restore(one: ProteinChange, other: ProteinChange) -> bool:
    """Whether of two changes of a gene one may restore the reading frame, or the residue, that the other lost."""
    near = abs(one.start - other.start) <= _REVERSION_WITHIN
    if one.kind == other.kind == "frame shift":
        return near
    return one.kind in TRUNCATING and other.kind not in TRUNCATING and other.overlaps(one.start, one.start)


# A second frameshift restores the frame only of what lies beyond it; this far apart, little of the protein is lost.
_REVERSION_WITHIN = 100


def observe_all(observables: Iterable[Atom], observer: Observer) -> dict[Atom, Observation]:
    """The observation of every atom; none may be a ``ConclusionAtom``."""
    return {atom: observer.observe(atom) for atom in observables}
