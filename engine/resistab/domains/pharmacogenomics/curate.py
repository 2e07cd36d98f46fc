"""What curators of pharmacogenomic rules have: the plain form, cases, and evidence beside CPIC's list of pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from resistab.core.cached import cached_property
from resistab.core.condition import ConclusionAtom, atoms
from resistab.core.faults import InputError, fault_in
from resistab.core.fixpoint import evaluate_condition
from resistab.core.records import replace
from resistab.core.truth import Truth
from resistab.curation.kit.case_rules import CaseRules
from resistab.curation.kit.diff_items import ItemKind
from resistab.curation.kit.evidence import EvidenceFindings
from resistab.curation.kit.looked_up import FoundRow, LookupMeaning, NotAChangeError, Relation, live
from resistab.curation.kit.plain import Plain
from resistab.curation.kit.plain_lookup import PlainFinder
from resistab.curation.kit.scaffolds import Scaffolds
from resistab.domains.pack import Given
from resistab.domains.pharmacogenomics import checks
from resistab.domains.pharmacogenomics.genotype import GermlineGenotype
from resistab.domains.pharmacogenomics.inputs.patients import GivenPatient, assembled, genotypes, read_patients
from resistab.domains.pharmacogenomics.inputs.written import read_result
from resistab.domains.pharmacogenomics.interpreter import GermlineInterpreter, make
from resistab.domains.pharmacogenomics.kinds import CaseFile, GermlineCase, GermlineRulebase
from resistab.domains.pharmacogenomics.observe import observe, pair_of, phenotype_truth
from resistab.domains.pharmacogenomics.report import VERDICTS
from resistab.files.patient_file import fault_placing
from resistab.files.yaml_source import Path_, Source
from resistab.rulesets.folder_reader import FolderReading


def _read(
    interpreter: GermlineInterpreter, files: Sequence[Path], said: Mapping[str, Any], keep_going: bool
) -> list[GermlineGenotype]:
    return genotypes(interpreter.rulebase, Given(files=tuple(files), said=said, keep_going=keep_going))


class GermlineFinder(PlainFinder):
    """Finds in a pharmacogenomic rule set: rows ask for phenotypes, and alleles make these."""

    @cached_property
    def genes(self) -> Mapping[str, str]:
        """Genes by symbol."""
        return {gene.symbol.casefold(): gene.symbol for gene in self.rulebase.genes}

    def about_gene(self, gene: str) -> Iterator[tuple[str, str]]:
        """Its name and phenotypes."""
        yield "gene", self.rulebase.gene_of[gene].name
        yield "phenotypes", ", ".join(rule.name for rule in self.rulebase.phenotypes_of[gene].phenotypes)

    def rows_of_gene(self, gene: str) -> Iterator[FoundRow]:
        """The rows that ask for a phenotype of a gene."""
        yield from (self.shown(one) for one in live(self) if gene in self.rulebase.genes_of(one.condition))

    def changes(self, text: str) -> Iterator[LookupMeaning]:
        """An allele, a diplotype or a phenotype, with the rows on what it makes."""
        symbol, rest = next(
            ((gene, text[len(gene) :]) for gene in self.genes.values() if text.casefold().startswith(gene.casefold())),
            ("", ""),
        )
        if not symbol:
            raise NotAChangeError("")
        # One allele says nothing of the other: whatever both may make.
        gene = self.rulebase.gene_of[symbol]
        allele = gene.allele_of.get(rest.strip().casefold())
        phenotypes: dict[str, Relation] = {}
        about: tuple[tuple[str, str], ...] = ()
        if allele is not None:
            for other in gene.alleles:
                pair = pair_of(gene, (allele.name, other.name))
                for rule in self.rulebase.phenotypes_of[symbol].phenotypes:
                    if phenotype_truth(gene, rule, pair) is Truth.TRUE:
                        phenotypes[rule.concludes] = "open"
            about = (("function", allele.function), ("open", "the other allele decides"))
        else:
            try:
                result = read_result(self.rulebase, text, fault_in("finding"))
            except InputError as error:
                raise NotAChangeError(error.faults[0].message, error.faults[0].suggestion) from None
            if result is None:
                raise NotAChangeError("nothing was tested")
            genotype = GermlineGenotype("", (result,))
            for rule in self.rulebase.phenotypes_of[symbol].phenotypes:
                observed = observe(atoms(rule.when), genotype, self.rulebase)
                certain, possible = evaluate_condition(rule.when, observed, {})
                if possible:
                    phenotypes[rule.concludes] = "names" if certain else "open"
        names = ", ".join(self.rulebase.phenotype_of[name][1].name for name in phenotypes)
        rows = []
        for entry in live(self):
            asked = [one.id for one in atoms(entry.condition) if isinstance(one, ConclusionAtom)]
            via = [name for name in asked if name in phenotypes]
            if via:
                sure = len(asked) == 1 and phenotypes[via[0]] == "names"
                rows.append(replace(self.shown(entry), relation="holds" if sure else "open", why=names))
        yield LookupMeaning("result", text, (*about, ("makes", names)), tuple(rows))


PLAIN = Plain(
    vocabulary=VERDICTS,
    lists={
        "genes": ItemKind("gene", "genes"),
        "phenotypes": ItemKind("phenotype", "phenotypes", rule=True),
        "drugs": ItemKind("drug", "drugs"),
        "citations": ItemKind("citation", "citations"),
    },
    made=Scaffolds(
        row=lambda id_, on: {
            "id": id_,
            "status": "draft",
            "when": "<conclusion>",
            "effect": "<effect>",
            "reason": "<reason>",
            "created": on,
            "reviewed": on,
            "evidence": [{"reference": "<reference>", "gene": "<gene>", "level": "<level>"}],
        },
        case={"findings": ["<finding>"]},
        drug=lambda name, drug_class: {
            "name": name.casefold(),
            "drug_class": drug_class or "<class>",
            "rxnorm": "<RxNorm id>",
            "atc": ["<ATC code>"],
        },
    ),
    interpreter=make,
    read=_read,
    own_codes=checks.CODES,
    finder=GermlineFinder,
)
codes, lint, row_count, row_places = PLAIN.codes, PLAIN.lint, PLAIN.row_count, PLAIN.row_places
item_kinds, items, compare = PLAIN.item_kinds, PLAIN.items, PLAIN.compare
scaffolds, make_site, shown, dependence = PLAIN.scaffolds, PLAIN.make_site, PLAIN.shown, PLAIN.dependence
looked_up = PLAIN.looked_up


class GermlineCases(CaseRules):
    """A rule set as its cases see it."""

    FILE = CaseFile

    def genotype(self, case: GermlineCase, source: Source, path: Path_) -> GermlineGenotype:
        """The patient, by results as a laboratory writes them."""
        findings = [(text, fault_placing(source, (*path, "findings", n))) for n, text in enumerate(case.findings)]
        return assembled(self.rulebase, GivenPatient(case.case, findings), keep_going=False)


def case_rules(rulebase: GermlineRulebase, folder: Path) -> CaseRules:
    """As ``CurateModule.case_rules``."""
    return GermlineCases(rulebase, folder)


def claims(path: Path) -> bool:
    """As ``CurateModule.claims``: what has the form of our patient files and tables, which name no tumour type."""
    try:
        return bool(read_patients(path))
    except InputError:
        return False


def check_notes(rulebase: GermlineRulebase) -> Iterable[str]:
    """As ``CurateModule.check_notes``: what is cited without a publication, and why."""
    return [f"{one.reference}: {one.exception}" for one in rulebase.citations if one.exception is not None]


def read_evidence(paths: Sequence[Path]) -> checks.Pairs:
    """As ``CurateModule.read_evidence``: CPIC's list of pairs."""
    return checks.read_pairs(paths)


def check_evidence(folder: Path, reading: FolderReading[Any], sources: checks.Pairs) -> EvidenceFindings:
    """As ``CurateModule.check_evidence``."""
    return checks.check_evidence(reading.files, sources)
