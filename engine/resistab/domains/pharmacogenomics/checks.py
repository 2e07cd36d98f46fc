"""What must hold between the files of a pharmacogenomic rule set, and between its evidence and CPIC's list of pairs."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import get_args

from resistab.core.condition import Atom, ConclusionAtom, Condition, atoms, condition_text
from resistab.core.faults import Fault, InputError
from resistab.core.fixpoint import evaluate_condition
from resistab.core.program import FULL_WEIGHT, Head
from resistab.core.result import HeadValue
from resistab.core.truth import Truth
from resistab.curation.kit.evidence import EvidenceFindings
from resistab.domains.pharmacogenomics.atoms import UNCERTAIN
from resistab.domains.pharmacogenomics.kinds import (
    Effect,
    GermlineCitationFile,
    GermlineDrugFile,
    GermlineEvidence,
    GermlineGene,
    GermlineGeneFile,
    GermlineManifest,
    GermlineOverlayTable,
    GermlineRow,
    GermlineRulebase,
    GermlineTable,
    PhenotypeFile,
)
from resistab.domains.pharmacogenomics.observe import every_pair, phenotype_truth
from resistab.files.yaml_source import Path_, Source
from resistab.rulesets.checks import Names, dated_faults
from resistab.rulesets.fault_codes import Code
from resistab.rulesets.folder_reader import LoadedFile
from resistab.rulesets.scoring_checks import scoring_faults

CODES: dict[str, Code] = {
    "RT801": Code(
        "a condition that its rule or gene cannot have",
        "Phenotypes follow from what a gene's alleles are judged by, rows from phenotypes: so the way from alleles to "
        "advice is the same for every drug.",
        "Ask for alleles, functions or activity as genes.yaml says under alleles_by, in a table for conclusions.",
    ),
    "RT802": Code(
        "an allele that does not fit its gene",
        "Its carriers would have no phenotype.",
        "Give each allele of known function an activity value where alleles are judged by it, and nowhere else.",
    ),
    "RT803": Code(
        "alleles of no phenotype, or of two",
        "A patient with such alleles would get no advice, or advice that contradicts itself.",
        "Mend the conditions of the gene's phenotypes, so that each pair of alleles has one.",
    ),
    "RT804": Code(
        "phenotypes without a row",
        "Where a phenotype is open, the rows say what is possible; a missing row would count as no possibility.",
        "Add a row for these phenotypes, with the effect no_action where nothing is to be done.",
    ),
    "RT805": Code(
        "an effect that does not come to its own verdict",
        "A row of that effect would be reported as another.",
        "Mend effects, or the levels under scoring; say under verdicts what each means.",
    ),
    "RT806": Code(
        "a reference that is no publication",
        "Nobody can look it up.",
        "Cite a PubMed identifier, or say in citations.yaml by exception why there is none.",
    ),
}
_ASKED = {"function": "functions", "activity": "activity", "presence": "allele"}


def check(rulebase: GermlineRulebase, files: Iterable[LoadedFile], unread: frozenset[str]) -> list[Fault]:
    """Every fault between the files of ``rulebase``, each once.

    ``unread`` names the files and folders that could not be read whole: what they would have defined is not called
    unknown.
    """
    checker = _Checker(rulebase, unread)
    return list(dict.fromkeys(fault for file in files for fault in checker.file(file.source, file.content)))


class _Checker:
    def __init__(self, rulebase: GermlineRulebase, unread: frozenset[str]) -> None:
        self.rulebase, self.unread, self.names = rulebase, unread, Names(unread)
        self.ids: dict[str, str] = {}
        self.all_ids = {row.id for table in rulebase.tables for row in table.rows}

    def file(self, source: Source, content: object) -> Iterator[Fault]:
        match content:
            case GermlineManifest():
                yield from self.manifest(source, content)
            case GermlineGeneFile(genes=genes):
                for index, gene in enumerate(genes):
                    yield from self.gene(source, ("genes", index), gene)
            case GermlineDrugFile(drugs=drugs):
                for index, drug in enumerate(drugs):
                    for name in (drug.name, *drug.aliases):
                        yield from self.names.once(source, "drug", name, ("drugs", index, "name"))
            case GermlineCitationFile(citations=items):
                for index, item in enumerate(items):
                    path: Path_ = ("citations", index)
                    yield from self.names.once(source, "reference", item.reference, (*path, "reference"))
                    if not item.reference.startswith("PMID:") and item.exception is None:
                        message = f"{item.reference} is no publication"
                        yield source.fault(path, message, "a PMID, or exception: and the reason", code="RT806")
            case PhenotypeFile():
                yield from self.phenotypes(source, content)
            case GermlineTable() | GermlineOverlayTable():
                yield from self.table(source, content)

    def manifest(self, source: Source, manifest: GermlineManifest) -> Iterator[Fault]:
        scoring, effects = manifest.scoring, manifest.effects
        yield from scoring_faults(source, scoring)
        if scoring.combine != "max":
            yield source.fault(("scoring", "combine"), "advice is not added up", "max", code="RT805")
        for effect in get_args(Effect):
            told = {effect, "not_assessable"} <= set(manifest.verdicts)
            if effect not in effects or scoring.level(effects[effect]).verdict != effect or not told:
                message = f"the effect {effect} does not come to a verdict of that name"
                yield source.fault(("effects",), message, "a score, a level and a verdict for it", code="RT805")

    def gene(self, source: Source, path: Path_, gene: GermlineGene) -> Iterator[Fault]:
        yield from self.names.once(source, "gene", gene.symbol, (*path, "symbol"))
        for index, allele in enumerate(gene.alleles):
            for name in (allele.name, *allele.aliases):
                yield from self.names.once(source, f"{gene.symbol} allele", name, (*path, "alleles", index, "name"))
            if (allele.activity is not None) != (gene.alleles_by == "activity" and allele.function != UNCERTAIN):
                message = f"{gene.symbol} {allele.name}: {allele.function} with activity {allele.activity}"
                yield source.fault((*path, "alleles", index), message, "an activity where one counts", code="RT802")
        if gene.reference is not None and gene.reference.casefold() not in gene.allele_of:
            message = f"{gene.symbol} has no allele {gene.reference}"
            yield source.fault((*path, "reference"), message, "an allele of the gene", code="RT802")

    def phenotypes(self, source: Source, file: PhenotypeFile) -> Iterator[Fault]:
        yield from self.names.once(source, "gene's file of phenotypes", file.gene, ("gene",))
        yield from self.names.known(source, ("gene",), "gene", file.gene, self.rulebase.gene_of, "genes.yaml", "RT110")
        gene, fitting = self.rulebase.gene_of.get(file.gene), True
        for index, rule in enumerate(file.phenotypes):
            path: Path_ = ("phenotypes", index)
            yield from self.names.once(source, "rule", rule.id, (*path, "id"), "RT102")
            yield from self.names.once(source, "conclusion", rule.concludes, (*path, "concludes"))
            fits = gene is None or (
                all(a.subjects == (gene.symbol,) and a.kind == _ASKED[gene.alleles_by] for a in atoms(rule.when))
                and (gene.alleles_by == "presence" or isinstance(rule.when, Atom))
            )
            if gene is not None and not fits:
                fitting = False
                expected = f"{_ASKED[gene.alleles_by]} of {gene.symbol}, asked for once"
                yield source.fault(
                    (*path, "when"), f"'{condition_text(rule.when)}' does not fit", expected, code="RT801"
                )
        if gene is None or not fitting:
            return
        for pair in every_pair(gene):
            having = [rule.name for rule in file.phenotypes if phenotype_truth(gene, rule, pair) is Truth.TRUE]
            if UNCERTAIN not in (pair[0][0], pair[1][0]) and len(having) != 1:
                shown = " with ".join(f"{word} ({value:g})" if value is not None else word for word, value in pair)
                message = f"{file.gene} {shown} has {' and '.join(having) or 'no phenotype'}"
                yield source.fault(("phenotypes",), message, "one phenotype for each pair of alleles", code="RT803")

    def table(self, source: Source, table: GermlineTable | GermlineOverlayTable) -> Iterator[Fault]:
        drugs = [drug.name for drug in self.rulebase.drugs]
        yield from self.names.known(source, ("drug",), "drug", table.drug, drugs, "drugs.yaml", "RT112")
        yield from self.names.once(source, "table", table.drug, ("drug",))
        wrong: list[Fault] = []
        for index, row in enumerate(table.rows):
            path: Path_ = ("rows", index)
            yield from dated_faults(source, path, row, self.ids, None if "tables" in self.unread else self.all_ids)
            wrong += self.condition(source, (*path, "when"), row.when)
            for number, item in enumerate(row.evidence):
                yield from self.evidence(source, (*path, "evidence", number), item, row)
        yield from wrong or self.rows_wanting(source, self.rulebase.rows_of(table.drug))

    def condition(self, source: Source, path: Path_, condition: Condition) -> Iterator[Fault]:
        for atom in atoms(condition):
            if isinstance(atom, ConclusionAtom):
                known = self.rulebase.phenotype_of
                yield from self.names.known(source, path, "conclusion", atom.id, known, "phenotypes", "RT117")
            else:
                yield source.fault(path, f"'{atom.text}' is no phenotype", "conclusions alone", code="RT801")

    def evidence(self, source: Source, path: Path_, item: GermlineEvidence, row: GermlineRow) -> Iterator[Fault]:
        known, at = self.rulebase.citation_of, (*path, "reference")
        yield from self.names.known(source, at, "reference", item.reference, known, "citations.yaml", "RT303")
        if (genes := self.rulebase.genes_of(row.when)) and item.gene not in genes:
            yield source.fault((*path, "gene"), f"{row.id} does not ask for {item.gene}", "its gene", code="RT325")

    def rows_wanting(self, source: Source, rows: Sequence[GermlineRow]) -> Iterator[Fault]:
        """Phenotypes, one of each gene of a table, for which no row holds."""
        genes = dict.fromkeys(gene for row in rows for gene in self.rulebase.genes_of(row.when))
        if "phenotypes" in self.unread:
            return
        for chosen in itertools.product(*(self.rulebase.phenotypes_of[gene].phenotypes for gene in genes)):
            true = {rule.concludes for rule in chosen}
            values = {
                Head("conclusion", name): HeadValue(FULL_WEIGHT if name in true else 0.0, name in true)
                for name in self.rulebase.phenotype_of
            }
            if not any(evaluate_condition(row.when, {}, values)[0] for row in rows):
                shown = " with ".join(f"{gene} {rule.name}" for gene, rule in zip(genes, chosen, strict=True))
                yield source.fault(("rows",), f"no row for {shown}", "a row for every phenotype", code="RT804")


Pairs = dict[tuple[str, str], dict[str, str]]


def read_pairs(paths: Sequence[Path]) -> Pairs:
    """CPIC's pairs of gene and drug, from ``cpic.csv`` or folders that hold it; raises ``InputError``."""
    pairs: Pairs = {}
    for path in paths:
        found = sorted(path.rglob("cpic.csv")) if path.is_dir() else [path]
        file = found[0] if found else path / "cpic.csv"
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                pairs |= {(line["Gene"], line["Drug"]): line for line in csv.DictReader(lines)}
        except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
            expected = "CPIC's list of gene-drug pairs (cpic.csv), or a folder that holds it"
            raise InputError([Fault(where=str(file), message=f"cannot be read: {error}", expected=expected)]) from error
    return pairs


def check_evidence(files: Iterable[LoadedFile], pairs: Pairs) -> EvidenceFindings:
    """Every evidence item beside CPIC's list: its pair, its publication, its level, and whether that is provisional."""
    faults: list[Fault] = []
    sound: list[str] = []
    for source, table in ((file.source, file.content) for file in files if isinstance(file.content, GermlineTable)):
        for index, row in enumerate(table.rows):
            for number, item in enumerate(row.evidence):
                differing = list(_differing(item, table.drug, pairs.get((item.gene, table.drug))))
                sound += [] if differing else [item.reference]
                for field, code, message in differing:
                    path: Path_ = ("rows", index, "evidence", number, field)
                    faults.append(source.fault(path, f"{row.id}: {message}", "as cpic.csv has it", code=code))
    verified = sum(reference.startswith("PMID:") for reference in sound)
    return EvidenceFindings(tuple(faults), verified, len(sound) - verified, len(set(sound)))


def _differing(item: GermlineEvidence, drug: str, pair: dict[str, str] | None) -> Iterator[tuple[str, str, str]]:
    """What differs in an evidence item: the field, the code, and the words."""
    if pair is None:
        yield "gene", "RT325", f"{item.gene} and {drug} are no pair of the list"
        return
    known = [f"PMID:{number}" for number in (pair["PMID"] or "").split(";")] + [f"CPIC:{item.gene}/{drug}"]
    if item.reference not in known:
        yield "reference", "RT320", f"{item.reference} is not cited for {item.gene} and {drug}"
    elif (pair["CPICLevel"], pair["CPICLevelStatus"]) != (item.level, "Provisional" if item.provisional else "Final"):
        yield "level", "RT322", f"the pair is at level {pair['CPICLevel']}, {pair['CPICLevelStatus'].lower()}"
