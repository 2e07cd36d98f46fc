"""Looks for verdicts that change where they must not, over random genotypes of the shipped rules.

``python tools/fuzz_verdicts.py PROPERTY --minutes N --seed S`` draws genotypes around the rules, changes each in a way
that must leave its verdicts as they are or make none better, and prints the smallest example of each kind of verdict
that did not keep to it; ``all`` goes through the properties in turn. The exit code is 1 where anything was found.
Only one of the two evaluators is asked; that they agree is shown elsewhere.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from random_genotypes import RandomGenotypes

import resistab
from resistab.core.condition import atoms
from resistab.core.faults import InputError
from resistab.domains.oncology.genotype import (
    Assayed,
    ChangeFinding,
    Finding,
    FusionFinding,
    Genotype,
    SiteFinding,
    StateFinding,
)
from resistab.domains.oncology.inputs import genotypes
from resistab.domains.oncology.interpreter import OneEvaluator, TumourInterpreter
from resistab.domains.oncology.observe import finding_subjects
from resistab.domains.oncology.policy.models import Verdict
from resistab.domains.oncology.policy.verdicts import all_verdicts
from resistab.domains.pack import Given
from resistab.domains.pharmacogenomics.atoms import AlleleAtom
from resistab.domains.pharmacogenomics.genotype import GeneResult, GermlineGenotype
from resistab.domains.pharmacogenomics.interpreter import GermlineInterpreter
from resistab.domains.pharmacogenomics.policy import verdicts
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.genotype import ResidueFinding, ViralGenotype
from resistab.domains.virus.interpreter import ViralInterpreter

# How good a verdict is; what is not here says nothing good of a drug.
GOOD = {"sensitive": 2, "no_resistance_found": 1}
PROGRESS_SECONDS = 30
# The folder holds the symbols of genes of which no rule speaks.
ONCOLOGY = Path(__file__).resolve().parent.parent / "rulebase" / "oncology"

G = TypeVar("G")


@dataclass(frozen=True)
class Said:
    """What is said of one drug, as far as properties compare it."""

    verdict: str
    by: str
    score: float | None = None

    def __str__(self) -> str:
        return f"{self.verdict} ({self.by})"


@dataclass(frozen=True)
class Trial(Generic[G]):
    """Two genotypes, and what must hold between their verdicts: ``drugs`` bounds it to some, None to none."""

    before: G
    after: G
    what: str
    drugs: frozenset[str] | None = None


@dataclass
class Kind(Generic[G]):
    """Breaches of one kind: how many, and the first, made small."""

    number: int
    drug: str
    before: Said
    after: Said
    trial: Trial[G]


Breaches = dict[str, tuple[Said, Said]]
Compare = Callable[[Said, Said], bool]


@dataclass(frozen=True)
class Property(Generic[G]):
    """A way to change genotypes: ``trials`` draws one and changes it, ``broken`` says of a drug whether it is wrong."""

    name: str
    trials: Callable[[random.Random], Iterable[Trial[G]]]
    broken: Compare
    domain: Domain[G]

    def breaches(self, trial: Trial[G]) -> Breaches:
        """What of a trial is wrong, by drug."""
        before, after = self.domain.said(trial.before), self.domain.said(trial.after)
        return {
            drug: (before[drug], after[drug])
            for drug in before
            if (trial.drugs is None or drug in trial.drugs) and self.broken(before[drug], after[drug])
        }

    def smallest(self, trial: Trial[G], drug: str) -> Trial[G]:
        """The trial without all that the breach for ``drug`` does not rest on."""
        kept = self.breaches(trial)[drug]
        shrunk = True
        while shrunk:
            shrunk = False
            for before, after in self.domain.smaller(trial.before, trial.after):
                smaller = dataclasses.replace(trial, before=before, after=after)
                found = self.breaches(smaller).get(drug)
                if found and [said.verdict for said in found] == [said.verdict for said in kept]:
                    trial, shrunk = smaller, True
                    break
        return trial


@dataclass
class Outcome(Generic[G]):
    """What came of a property: how many genotypes were tried, and the kinds of breaches."""

    trials: int = 0
    kinds: dict[str, Kind[G]] = field(default_factory=dict)


class Domain(Generic[G]):
    """What a property asks of a domain."""

    def said(self, genotype: G) -> Mapping[str, Said]:
        """The verdicts of a genotype, by drug."""
        raise NotImplementedError

    def smaller(self, before: G, after: G) -> Iterator[tuple[G, G]]:
        """The pair without one part that both have, or that was only known of one."""
        raise NotImplementedError

    def shown(self, genotype: G) -> str:
        """A genotype in a few words."""
        raise NotImplementedError

    def properties(self) -> list[Property[G]]:
        """What must hold in the domain."""
        raise NotImplementedError


def differs(before: Said, after: Said) -> bool:
    """Whether the two are not the same."""
    return before != after


def turns_good(before: Said, after: Said) -> bool:
    """Whether the second says something better of the drug than the first did."""
    return GOOD.get(after.verdict, 0) > GOOD.get(before.verdict, 0)


def turns_from(verdict: str) -> Compare:
    """Whether a drug of which ``verdict`` was said is now called good, or not indicated."""
    return lambda before, after: before.verdict == verdict and (after.verdict in {*GOOD, "not_indicated"})


# --- tumours ------------------------------------------------------------------------------------------------


class Tumours(Domain[Genotype]):
    """Tumours under a rule set."""

    def __init__(self, interpreter: TumourInterpreter) -> None:
        self.interpreter = interpreter
        self.rulebase = interpreter.rulebase
        self.random = RandomGenotypes(interpreter)
        self._last: dict[int, tuple[Genotype, Mapping[str, Said]]] = {}

    def verdicts(self, genotype: Genotype) -> tuple[Verdict, ...]:
        """The verdicts on all drugs."""
        return all_verdicts(self.interpreter.prepared, self.interpreter.infer(genotype))

    def said(self, genotype: Genotype) -> Mapping[str, Said]:
        kept = self._last.get(id(genotype))
        if kept is None:
            verdicts = self.verdicts(genotype)
            kept = genotype, {item.drug: Said(item.verdict, item.decided_by, item.score) for item in verdicts}
            if len(self._last) > 50:
                self._last.clear()
            self._last[id(genotype)] = kept
        return kept[1]

    def smaller(self, before: Genotype, after: Genotype) -> Iterator[tuple[Genotype, Genotype]]:
        for finding in before.findings:
            if finding in after.findings:
                yield _without(before, finding), _without(after, finding)
        assayed = dict.fromkeys((*before.assayed, *after.assayed))
        for size in (len(assayed) // 2, len(assayed) // 8, 1):
            for start in range(0, len(assayed), size) if size else ():
                dropped = set(list(assayed)[start : start + size])
                yield _less_assayed(before, dropped), _less_assayed(after, dropped)
        if before.prior_therapies and after.prior_therapies:
            yield _with(before, prior_therapies=()), _with(after, prior_therapies=())
            yield _with(before, prior_therapies=None), _with(after, prior_therapies=None)

    def shown(self, genotype: Genotype) -> str:
        findings = ", ".join(_shown(finding) for finding in genotype.findings)
        assayed = ", ".join(str(item.locus) for item in genotype.assayed)
        prior = genotype.prior_therapies
        therapies = "" if prior is None else f"; prior: {', '.join(item.drug for item in prior) or 'none'}"
        return f"{genotype.tumour_type}: [{findings}]; assayed: [{assayed}]{therapies}"

    def properties(self) -> list[Property[Genotype]]:
        return [
            Property("order", self.in_another_order, differs, self),
            Property("irrelevant", self.with_an_irrelevant_finding, differs, self),
            Property("less-assayed", self.with_less_assayed, turns_good, self),
            Property("less-exact", self.with_a_less_exact_finding, turns_from("resistant"), self),
            Property("less-exact-possible", self.with_a_less_exact_finding, turns_from("possible_resistance"), self),
            Property("spellings", self.spelled_otherwise, differs, self),
            Property("formats", self.in_other_files, differs, self),
            Property("added-resistance", self.with_another_resistance, turns_good, self),
            Property("removed", self.without_a_finding, turns_good, self),
            Property("coarser-tumour", self.with_a_coarser_tumour, turns_good, self),
        ]

    # --- how a genotype is changed --------------------------------------------------------------------------

    def in_another_order(self, chance: random.Random) -> Iterator[Trial[Genotype]]:
        """The same texts in another order, and what was read of them in another order."""
        texts, genotype = self.random.draw_texts(chance)
        shuffled = dataclasses.replace(
            texts,
            findings=tuple(chance.sample(texts.findings, len(texts.findings))),
            assayed=tuple(chance.sample(texts.assayed, len(texts.assayed))),
        )
        yield Trial(genotype, shuffled.genotype(self.interpreter), "texts in another order")
        findings = tuple(chance.sample(genotype.findings, len(genotype.findings)))
        assayed = tuple(chance.sample(genotype.assayed, len(genotype.assayed)))
        yield Trial(genotype, _with(genotype, findings=findings, assayed=assayed), "findings in another order")

    def with_an_irrelevant_finding(self, chance: random.Random) -> Iterator[Trial[Genotype]]:
        """A finding in a gene of which no rule speaks, or a change that changes no protein."""
        texts, genotype = self.random.draw_texts(chance)
        gene = chance.choice(("A1BG", "TTN", "MUC16", "OR5M1", "ZNF45"))
        new = chance.choice((f"{gene} R100W", f"{gene} truncation", f"{gene} amplification", f"{gene} wild type",
                             f"{gene} mutation", f"{gene} R100*", f"{gene} overexpression"))  # fmt: skip
        more = dataclasses.replace(texts, findings=(*texts.findings, new))
        yield Trial(genotype, more.genotype(self.interpreter), f"and {new}")

    def with_less_assayed(self, chance: random.Random) -> Iterator[Trial[Genotype]]:
        """Some of what was assayed is left out, or bounded to a part of the gene."""
        _, genotype = self.random.draw_texts(chance)
        share = chance.choice((0.15, 0.5, 1.0))
        dropped = {item for item in genotype.assayed if chance.random() < share}
        if dropped:
            yield Trial(genotype, _less_assayed(genotype, dropped), "less assayed")
        bounded = tuple(_bounded(item, chance) for item in genotype.assayed)
        if bounded != genotype.assayed:
            yield Trial(genotype, _with(genotype, assayed=bounded), "mutations assayed in part")
        if genotype.prior_therapies is not None:
            yield Trial(genotype, _with(genotype, prior_therapies=None), "nothing said of prior therapies")

    def with_a_less_exact_finding(self, chance: random.Random) -> Iterator[Trial[Genotype]]:
        """A finding is known less exactly; coverage stays as it was."""
        _, genotype = self.random.draw_texts(chance)
        for finding in genotype.findings:
            choices = list(self.less_exact(finding))
            if not choices:
                continue
            other = self.finding(chance.choice(choices))
            if other is not None and other.text != finding.text:
                findings = tuple(other if item is finding else item for item in genotype.findings)
                yield Trial(genotype, _with(genotype, findings=findings), f"{other.text} for {finding.text}")

    def with_another_resistance(self, chance: random.Random) -> Iterator[Trial[Genotype]]:
        """Findings by which a row of resistance holds; only for drugs that it holds for then."""
        texts, genotype = self.random.draw_texts(chance)
        against = [row for _, row in self.rulebase.active_rows() if row.effect == "resistance"]
        of_the_tumour = [row for row in against if set(row.tumour_types) & set(genotype.lineage)]
        if not of_the_tumour:
            return
        row = chance.choice(of_the_tumour)
        new = self.random.stated(row.when, chance)
        more = dataclasses.replace(texts, findings=tuple(dict.fromkeys((*texts.findings, *new))))
        try:
            after = more.genotype(self.interpreter)
        except InputError:
            return
        drugs = {item.drug for item in self.verdicts(after) if row.id in item.rows}
        yield Trial(genotype, after, f"and {', '.join(new)} ({row.id})", frozenset(drugs))

    def without_a_finding(self, chance: random.Random) -> Iterator[Trial[Genotype]]:
        """All findings of a gene are removed, and what was assayed of it; for drugs against which they do not speak."""
        _, genotype = self.random.draw_texts(chance)
        subjects = sorted({subject for finding in genotype.findings for subject in finding_subjects(finding)})
        if not subjects:
            return
        subject = chance.choice(subjects)
        gone = [finding for finding in genotype.findings if subject in finding_subjects(finding)]
        after = _less_assayed(genotype, {item for item in genotype.assayed if item.locus.subject == subject})
        for finding in gone:
            after = _without(after, finding)
        drugs = frozenset(
            verdict.drug
            for verdict in self.verdicts(genotype)
            if not any(self._speaks_against(verdict, finding) for finding in gone)
        )
        yield Trial(genotype, after, f"without {', '.join(finding.text for finding in gone)}", drugs)

    @staticmethod
    def _speaks_against(verdict: Verdict, finding: Finding) -> bool:
        rows = (c for c in verdict.contributions if c.effect in ("resistance", "reduced response"))
        return any(finding.text in c.findings for c in rows) or any(finding.text in t for t in verdict.not_assessable)

    def with_a_coarser_tumour(self, chance: random.Random) -> Iterator[Trial[Genotype]]:
        """A type of which the tumour's is a kind."""
        _, genotype = self.random.draw_texts(chance)
        for code in genotype.lineage[1:]:
            lineage = self.rulebase.lineage(code)
            yield Trial(
                genotype, _with(genotype, tumour_type=code, lineage=lineage), f"{code} for {genotype.tumour_type}"
            )

    def spelled_otherwise(self, chance: random.Random) -> Iterator[Trial[Genotype]]:
        """The findings in other spellings of the same."""
        texts, genotype = self.random.draw_texts(chance)
        exact = [item for item in genotype.findings if isinstance(item, ChangeFinding) and not item.phases]
        shares = ["" if f.allele_fraction is None else f" at {f.allele_fraction * 100:g}%" for f in exact]
        written = [chance.choice(list(self.spellings(item))) for item in exact]
        first = tuple(finding.text + share for finding, share in zip(exact, shares, strict=True))
        second = tuple(spelling + share for spelling, share in zip(written, shares, strict=True))
        try:
            before = dataclasses.replace(texts, findings=first).genotype(self.interpreter)
            after = dataclasses.replace(texts, findings=second).genotype(self.interpreter)
        except InputError:
            return  # A spelling that is refused is not read wrongly.
        yield Trial(before, after, f"written {', '.join(written)}")

    def in_other_files(self, chance: random.Random) -> Iterator[Trial[Genotype]]:
        """The changes of proteins as texts, and in a file of each kind, with its rows in some order."""
        _, genotype = self.random.draw_texts(chance)
        exact = [item for item in genotype.findings if isinstance(item, ChangeFinding)]
        exact = [item for item in exact if item.change.kind in _TERMS and not item.phases]
        assayed = [str(item.locus) for item in genotype.assayed if not item.locus.of_some]
        said: dict[str, object] = {"assayed": assayed}
        before = self.interpreter.genotype(genotype.tumour_type, [item.text for item in exact], assayed)
        for name, content in files_of(genotype.tumour_type, chance.sample(exact, len(exact))):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / name
                path.write_text(content, encoding="utf-8")
                tumour = {"tumour": genotype.tumour_type} if name.endswith((".vcf", "packet.json")) else {}
                given = Given(files=(path,), said=said | tumour)
                (after,) = genotypes(self.interpreter, given)
            yield Trial(before, after, f"as {name}")

    # --- findings said otherwise ----------------------------------------------------------------------------

    def finding(self, text: str) -> Finding | None:
        """What a text is read as, where that is one finding."""
        try:
            findings = self.interpreter.genotype("TISSUE", [text]).findings
        except InputError:
            return None
        return findings[0] if len(findings) == 1 else None

    def less_exact(self, finding: Finding) -> Iterator[str]:
        """What may be said of a finding by somebody who knows less of it."""
        gene = finding.text.split()[0]
        if isinstance(finding, ChangeFinding):
            yield from self._less_exact_change(finding)
        elif isinstance(finding, FusionFinding):
            yield from (f"{name} fusion" for name in (finding.three_prime, finding.five_prime) if name)
        elif isinstance(finding, StateFinding) and finding.value is not None and finding.state != "value":
            yield f"{gene} {finding.state}"
        elif isinstance(finding, SiteFinding) and finding.first is not None:
            yield f"{gene} mutation"
            yield f"{gene} residues {max(finding.first - 3, 1)}-{(finding.last or finding.first) + 3} {finding.type}"

    def _less_exact_change(self, finding: ChangeFinding) -> Iterator[str]:
        gene, change = finding.gene, finding.change
        first = f"{change.start_residue}{change.start}"
        if change.kind == "synonymous":
            return
        yield f"{gene} mutation"
        yield f"any change at {gene} {first}"
        known = self.rulebase.gene_by_name.get(gene.upper())
        exon = known.exon_at(change.start) if known is not None and hasattr(known, "exon_at") else None
        if change.kind == "substitution":
            yield f"any substitution at {gene} {first}"
            yield f"{gene} {first}X"
            if exon:
                yield f"{gene} exon {exon} mutation"
        if change.kind in ("deletion", "delins") and change.length_change < 0:
            yield f"{gene} residues {change.start}-{change.end} deletion"
            yield f"{gene} residues {max(change.start - 2, 1)}-{change.end + 2} deletion"
        if change.kind in ("insertion", "duplication") and change.length_change > 0:
            yield f"{gene} residues {change.start}-{change.end} insertion"
        if change.kind in ("stop gained", "frame shift"):
            yield f"{gene} truncation"

    def spellings(self, finding: ChangeFinding) -> Iterator[str]:
        """The same change as others write it."""
        gene, change = finding.gene, finding.change
        names = [gene]
        known = self.rulebase.gene_by_name.get(gene.upper())
        if known is not None:
            aliases = [alias for alias in known.aliases if self.rulebase.gene_by_name[alias.upper()] is known]
            # "BCR-ABL T315I" says that the fusion is there, too.
            names += [alias for alias in aliases if self.finding(f"{alias} {change}") is not None]
        for name in names:
            yield f"{name} {change}"
            yield f"{name} p.{change}"
            yield f"{name} p.({change})"
            yield f"{name}:{change}"
            yield f"{name}:p.{change}"
            yield f"{name} {change.hgvs}"
            yield f"{name} p.({change.hgvs.removeprefix('p.')})"
            yield f"{name} {change.hgvs.removeprefix('p.')}"
            yield f"  {name}   {change} "
        if known is not None and known.protein:
            yield f"{known.protein}:{change.hgvs}"
            yield f"{known.protein}:p.{change}"


def _with(genotype: Genotype, **changes: object) -> Genotype:
    return genotype.model_copy(update=changes)


def _without(genotype: Genotype, finding: Finding) -> Genotype:
    return _with(genotype, findings=tuple(item for item in genotype.findings if item != finding))


def _less_assayed(genotype: Genotype, dropped: set[Assayed]) -> Genotype:
    return _with(genotype, assayed=tuple(item for item in genotype.assayed if item not in dropped))


def _bounded(item: Assayed, chance: random.Random) -> Assayed:
    """A locus of mutations in a whole gene, bounded to some of its residues."""
    locus = item.locus
    if locus.kind != "mutation" or locus.ranges or locus.of_some or chance.random() < 0.4:
        return item
    first = chance.choice((1, 10, 100, 500, 700))
    return item.model_copy(
        update={"locus": locus.model_copy(update={"residues": ((first, first + chance.choice((5, 100, 1000))),)})}
    )


def _shown(finding: Finding) -> str:
    share = "" if finding.allele_fraction is None else f" at {finding.allele_fraction:.3g}"
    value = f" (value {finding.value:g} {finding.unit})" if isinstance(finding, StateFinding) and finding.value else ""
    return f"{finding.text}{share}{value}"


# By kind of a change, the term of MAF and that of Ensembl for it.
_TERMS = {
    "substitution": ("Missense_Mutation", "missense_variant"),
    "stop gained": ("Nonsense_Mutation", "stop_gained"),
    "frame shift": ("Frame_Shift_Del", "frameshift_variant"),
    "deletion": ("In_Frame_Del", "inframe_deletion"),
    "insertion": ("In_Frame_Ins", "inframe_insertion"),
    "duplication": ("In_Frame_Ins", "inframe_insertion"),
}


def files_of(tumour: str, findings: Sequence[ChangeFinding]) -> Iterator[tuple[str, str]]:
    """Files of each kind with the same changes of proteins, by name."""
    if not findings:
        return
    rows = [f"one,{tumour},{item.gene},{item.change}" for item in findings]
    yield "table.csv", "\n".join(["sample,tumour_type,gene,change", *rows]) + "\n"
    patient = {"sample": "one", "tumour_type": tumour, "findings": [item.text for item in findings]}
    yield "patient.json", json.dumps(patient)
    rows = [f"{item.gene}\t{_TERMS[item.change.kind][0]}\tone\tp.{item.change}\t{tumour}\tGRCh38" for item in findings]
    columns = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tONCOTREE_CODE\tNCBI_Build"
    yield "calls.maf", "\n".join([columns, *rows]) + "\n"
    lines = ["##fileformat=VCFv4.2", _CSQ, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tone"]
    for number, item in enumerate(findings, start=1):
        alleles = {"deletion": "AAAA\tA", "insertion": "A\tAAAA", "duplication": "A\tAAAA", "frame shift": "AA\tA"}
        changed = alleles.get(item.change.kind, "A\tC")
        term = _TERMS[item.change.kind][1]
        annotated = f"{changed[-1]}|{term}|{item.gene}|Transcript||protein_coding||{item.change.hgvs}|YES"
        lines.append(f"chr9\t{number * 10_000}\t.\t{changed}\t.\tPASS\tCSQ={annotated}\tGT\t0/1")
    yield "calls.vcf", "\n".join(lines) + "\n"
    yield "packet.json", json.dumps(_phenopacket(findings))


_CSQ = (
    '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. '
    'Format: Allele|Consequence|SYMBOL|Feature_type|Feature|BIOTYPE|HGVSc|HGVSp|CANONICAL">'
)


def _phenopacket(findings: Sequence[ChangeFinding]) -> dict[str, object]:
    interpreted = [
        {
            "subjectOrBiosampleId": "one",
            "interpretationStatus": "CAUSATIVE",
            "variantInterpretation": {
                "variationDescriptor": {
                    "id": f"v-{number}",
                    "label": f"{item.gene} {item.change.hgvs}",
                    "geneContext": {"valueId": f"local:{item.gene}", "symbol": item.gene},
                    "expressions": [{"syntax": "hgvs.p", "value": item.change.hgvs}],
                }
            },
        }
        for number, item in enumerate(findings)
    ]
    return {
        "id": "packet-1",
        "subject": {"id": "one"},
        "interpretations": [
            {"id": "i-1", "progressStatus": "SOLVED", "diagnosis": {"genomicInterpretations": interpreted}}
        ],
        "metaData": {"created": "2026-01-20T00:00:00Z", "createdBy": "laboratory", "phenopacketSchemaVersion": "2.0"},
    }


# --- viruses ------------------------------------------------------------------------------------------------


class Viruses(Domain[ViralGenotype]):
    """HIV-1 under the shipped rules."""

    def __init__(self, interpreter: ViralInterpreter) -> None:
        self.interpreter = interpreter
        named: dict[tuple[str, int], set[str]] = {}
        for gene, program in interpreter.program.by_gene.items():
            for atom in program.observables:
                assert isinstance(atom, ResidueAtom)
                named.setdefault((gene, atom.position), set()).update(atom.residues)
        self.named = {place: "".join(sorted(residues)) for place, residues in named.items()}
        self.places = sorted(self.named)

    def said(self, genotype: ViralGenotype) -> Mapping[str, Said]:
        verdicts = self.interpreter.conclude(genotype).verdicts
        return {item.drug: Said(item.verdict, item.decided_by, item.score) for item in verdicts}

    def smaller(self, before: ViralGenotype, after: ViralGenotype) -> Iterator[tuple[ViralGenotype, ViralGenotype]]:
        for finding in before.findings:
            if finding in after.findings:
                yield _without_mutation(before, finding), _without_mutation(after, finding)

    def shown(self, genotype: ViralGenotype) -> str:
        read = ", ".join(
            f"{item.gene} {'all' if item.ranges is None else ' '.join(f'{a}-{b}' for a, b in item.ranges)}"
            for item in genotype.coverage
        )
        return f"[{', '.join(item.text for item in genotype.findings)}]; read: [{read}]"

    def properties(self) -> list[Property[ViralGenotype]]:
        return [
            Property("virus-order", self.in_another_order, differs, self),
            Property("virus-irrelevant", self.with_an_irrelevant_mutation, differs, self),
            Property("virus-fewer-read", self.with_fewer_read, turns_good, self),
            Property("virus-spellings", self.spelled_otherwise, differs, self),
        ]

    def mutations(self, chance: random.Random) -> list[tuple[str, int, str]]:
        """Gene, position and residues found there, some of them mixtures."""
        gene = chance.choice(sorted({gene for gene, _ in self.places}))
        places = [place for place in self.places if place[0] == gene or chance.random() < 0.05]
        found = []
        for place in chance.sample(places, min(len(places), chance.randint(0, 9))):
            pool = self.named[place] if chance.random() < 0.8 else "ACDEFGHIKLMNPQRSTVWY"
            letters = [one for one in pool if one.isupper()]
            if letters:
                residues = "".join(chance.sample(letters, min(len(letters), chance.choice([1, 1, 1, 2]))))
                found.append((*place, residues))
        return found

    def read(self, mutations: Iterable[str]) -> ViralGenotype:
        """The genotype of a list, with every gene sequenced."""
        genes = [gene.symbol for gene in self.interpreter.rulebase.genes]
        return self.interpreter.genotype(", ".join(mutations), sequenced=genes)

    def drawn(self, chance: random.Random) -> tuple[list[tuple[str, int, str]], ViralGenotype]:
        """Mutations and their genotype; what is refused, such as the reference itself, is drawn again."""
        while True:
            mutations = self.mutations(chance)
            try:
                return mutations, self.read(f"{gene}:{position}{residues}" for gene, position, residues in mutations)
            except InputError:
                continue

    def in_another_order(self, chance: random.Random) -> Iterator[Trial[ViralGenotype]]:
        """The same mutations in another order, and the residues of mixtures too."""
        mutations, genotype = self.drawn(chance)
        shuffled = chance.sample(mutations, len(mutations))
        written = [f"{gene}:{place}{'/'.join(chance.sample(new, len(new)))}" for gene, place, new in shuffled]
        yield Trial(genotype, self.read(written), "in another order")

    def with_an_irrelevant_mutation(self, chance: random.Random) -> Iterator[Trial[ViralGenotype]]:
        """A mutation where no rule asks for any."""
        mutations, genotype = self.drawn(chance)
        gene = chance.choice(sorted({gene for gene, _ in self.places}))
        sequence = self.interpreter.rulebase.sequences[gene]
        free = [position for position in range(1, len(sequence) + 1) if (gene, position) not in self.named]
        position = chance.choice(free)
        new = chance.choice([one for one in "ACDEFGHIKLMNPQRSTVWY" if one != sequence[position - 1]])
        written = [*(f"{of}:{place}{residues}" for of, place, residues in mutations), f"{gene}:{position}{new}"]
        yield Trial(genotype, self.read(written), f"and {written[-1]}")

    def with_fewer_read(self, chance: random.Random) -> Iterator[Trial[ViralGenotype]]:
        """Only a part of a gene was read, and the mutations in it; or a gene was not read at all."""
        _, genotype = self.drawn(chance)
        for item in genotype.coverage:
            length = len(self.interpreter.rulebase.sequences[item.gene])
            first = chance.randint(1, length)
            last = chance.randint(first, length)
            findings = [f for f in genotype.findings if f.gene != item.gene or first <= f.position <= last]
            others = tuple(other for other in genotype.coverage if other is not item)
            held = [f for f in genotype.findings if f.gene == item.gene and f not in findings]
            if held:
                continue  # What was found speaks for itself; this asks for what was not read.
            bounded = dataclasses.replace(item, ranges=((first, last),))
            yield Trial(
                genotype,
                dataclasses.replace(genotype, coverage=(*others, bounded)),
                f"{item.gene} {first}-{last} read alone",
            )

    def spelled_otherwise(self, chance: random.Random) -> Iterator[Trial[ViralGenotype]]:
        """Other spellings of the same mutations."""
        mutations, genotype = self.drawn(chance)
        written = []
        for gene, position, residues in mutations:
            reference = self.interpreter.rulebase.sequences[gene][position - 1]
            slashed = "/".join(residues)
            written.append(
                chance.choice([
                    f"{gene} {reference}{position}{residues}", f"{gene}:{reference}{position}{residues}",
                    f"{gene} {position}{residues}", f"{gene}_{reference}{position}{residues}",
                    f"{gene} {reference}{position}{slashed}",
                ])
            )  # fmt: skip
        try:
            after = self.read(written)
        except InputError:
            return  # A spelling that is refused is not read wrongly.
        yield Trial(genotype, after, f"written {', '.join(written)}")


def _without_mutation(genotype: ViralGenotype, finding: ResidueFinding) -> ViralGenotype:
    return dataclasses.replace(genotype, findings=tuple(item for item in genotype.findings if item != finding))


# --- germline genotypes -------------------------------------------------------------------------------------


class Germline(Domain[GermlineGenotype]):
    """Germline genotypes under the shipped rules."""

    def __init__(self, interpreter: GermlineInterpreter) -> None:
        self.interpreter = interpreter

    def said(self, genotype: GermlineGenotype) -> Mapping[str, Said]:
        found = verdicts(self.interpreter.rulebase, self.interpreter.infer(genotype))
        return {item.drug: Said(item.verdict, item.decided_by, item.score) for item in found}

    def smaller(
        self, before: GermlineGenotype, after: GermlineGenotype
    ) -> Iterator[tuple[GermlineGenotype, GermlineGenotype]]:
        for result in before.results:
            if result in after.results:
                yield _without_result(before, result), _without_result(after, result)

    def shown(self, genotype: GermlineGenotype) -> str:
        return f"[{', '.join(item.given for item in genotype.results)}]"

    def properties(self) -> list[Property[GermlineGenotype]]:
        return [
            Property("germline-order", self.in_another_order, differs, self),
            Property("germline-fewer-typed", self.with_fewer_typed, turns_lighter, self),
        ]

    def drawn(self, chance: random.Random) -> list[str]:
        """Results of some of the genes, as laboratories write them."""
        found = []
        for gene in self.interpreter.rulebase.genes:
            if chance.random() < 0.6:
                rules = self.interpreter.rulebase.phenotypes_of[gene.symbol].phenotypes
                names = [allele.name for allele in gene.alleles]
                typed = [atom.allele for rule in rules for atom in atoms(rule.when) if isinstance(atom, AlleleAtom)]
                choices = [f"{gene.symbol}*{allele}{end}" for allele in typed for end in ("", " negative")]
                if names:
                    choices = [f"{gene.symbol} {chance.choice(names)}/{chance.choice(names)}"] * 3
                    choices.append(f"{gene.symbol} {chance.choice(rules).name}")
                found.append(chance.choice(choices))
        return found

    def in_another_order(self, chance: random.Random) -> Iterator[Trial[GermlineGenotype]]:
        """The same results in another order."""
        texts = self.drawn(chance)
        shuffled = self.interpreter.genotype(chance.sample(texts, len(texts)))
        yield Trial(self.interpreter.genotype(texts), shuffled, "in another order")

    def with_fewer_typed(self, chance: random.Random) -> Iterator[Trial[GermlineGenotype]]:
        """Without the results of one gene."""
        genotype = self.interpreter.genotype(self.drawn(chance))
        for gene in dict.fromkeys(result.gene for result in genotype.results):
            results = tuple(result for result in genotype.results if result.gene != gene)
            yield Trial(genotype, dataclasses.replace(genotype, results=results), f"without {gene}")


def turns_lighter(before: Said, after: Said) -> bool:
    """Whether the second advises less than the first did, or advises at all where the first could not."""
    return after.score is not None and (before.score is None or after.score < before.score)


def _without_result(genotype: GermlineGenotype, result: GeneResult) -> GermlineGenotype:
    return dataclasses.replace(genotype, results=tuple(item for item in genotype.results if item != result))


# --- running ------------------------------------------------------------------------------------------------


def search(prop: Property[G], seeds: Iterable[int], tell: Callable[[Outcome[G]], bool]) -> Outcome[G]:
    """Try the property on the genotype of each seed, until ``tell``, which is called after each, says to stop."""
    outcome: Outcome[G] = Outcome()
    for seed in seeds:
        for trial in prop.trials(random.Random(f"{prop.name} {seed}")):
            outcome.trials += 1
            for drug, (before, after) in prop.breaches(trial).items():
                name = f"{before} -> {after}"
                if name in outcome.kinds:
                    outcome.kinds[name].number += 1
                else:
                    outcome.kinds[name] = Kind(1, drug, before, after, prop.smallest(trial, drug))
        if tell(outcome):
            break
    return outcome


def found_in(prop: Property[G], seeds: Iterable[int]) -> list[str]:
    """What is found on the genotypes of the seeds, in lines; raises ``ValueError`` where none could be tried."""
    outcome = search(prop, seeds, lambda _: False)
    if not outcome.trials:
        raise ValueError(f"{prop.name}: nothing was tried")
    return list(told(prop, outcome))


def told(prop: Property[G], outcome: Outcome[G]) -> Iterator[str]:
    """What was found, in lines."""
    for name, kind in sorted(outcome.kinds.items(), key=lambda item: -item[1].number):
        yield f"{prop.name}: {kind.number} x {name}"
        yield f"  {kind.drug}; {kind.trial.what}"
        yield f"    before {prop.domain.shown(kind.trial.before)}"
        yield f"    after  {prop.domain.shown(kind.trial.after)}"


def domains() -> Iterator[Domain[Any]]:
    """The domains under the shipped rules."""
    tumours, viruses, germline = (resistab.load(name) for name in ("oncology", "hiv1", "pharmacogenomics"))
    assert isinstance(tumours, TumourInterpreter)
    assert isinstance(viruses, ViralInterpreter)
    assert isinstance(germline, GermlineInterpreter)
    yield Tumours(OneEvaluator(tumours.rulebase, ONCOLOGY))
    yield Viruses(viruses)
    yield Germline(germline)


def main() -> int:
    """Run as the module's text says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("property", help="one of the properties, or 'all'")
    parser.add_argument("--minutes", type=float, default=1.0, help="for each property")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    properties = [prop for domain in domains() for prop in domain.properties()]
    names = [prop.name for prop in properties]
    if given.property != "all" and given.property not in names:
        parser.error(f"'{given.property}' is no property, expected 'all' or one of {', '.join(names)}")
    result: dict[str, dict[str, int]] = {}
    for prop in properties:
        if given.property in ("all", prop.name):
            outcome = run(prop, given.seed, given.minutes)
            print(*told(prop, outcome), sep="\n", flush=True)
            found = sum(kind.number for kind in outcome.kinds.values())
            result[prop.name] = {"tried": outcome.trials, "kinds": len(outcome.kinds), "found": found}
    print(json.dumps(result, indent=2))
    return int(any(counts["found"] for counts in result.values()))


def run(prop: Property[G], seed: int, minutes: float) -> Outcome[G]:
    """Search for ``minutes``, and say every half minute how far it is."""
    began = last = time.monotonic()

    def tell(outcome: Outcome[G]) -> bool:
        nonlocal last
        now = time.monotonic()
        if now - last > PROGRESS_SECONDS:
            last = now
            found = Counter({name: kind.number for name, kind in outcome.kinds.items()}).total()
            print(f"{prop.name}: {outcome.trials} tried, {found} found", file=sys.stderr, flush=True)
        return now - began > minutes * 60

    return search(prop, range(seed * 1_000_000, (seed + 1) * 1_000_000), tell)


if __name__ == "__main__":
    sys.exit(main())
