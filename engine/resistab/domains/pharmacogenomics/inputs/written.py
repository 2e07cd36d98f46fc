"""From what laboratories write of a gene to what was found of it.

``HLA-B*57:01``, ``HLA-B*57:01 negative``, ``DPYD *1/*2A``, ``DPYD c.1905+1G>A heterozygous``, ``TPMT *3A/*3A``,
``CYP2D6 poor metabolizer``, ``G6PD deficient``, ``NUDT15 not tested``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from resistab.core.faults import Fault, FaultAt, InputError, nearest
from resistab.core.said import said
from resistab.domains.pharmacogenomics.genotype import GeneResult
from resistab.domains.pharmacogenomics.kinds import GermlineGene, GermlineRulebase

_ABSENT = ("not detected", "not present", "not found", "undetected", "negative", "absent")
_PRESENT = ("detected", "positive", "present", "carrier")
_COPIES = {"heterozygous": 1, "het": 1, "homozygous": 2, "hom": 2, "hemizygous": 0}
_NOTHING_FOUND = (*_ABSENT, "wild type", "wild-type", "wt", "no variant detected")
_NOT_TESTED = ("not tested", "not done", "no result", "failed")
_COPY_NUMBER = re.compile(r"(?P<allele>\*\w+)[x×]([0-9]+|n)$", re.IGNORECASE)
_TYPING = re.compile(r"\*?(?P<one>[0-9]{2,3})(:?(?P<two>[0-9]{2,3})(:[0-9]{2,3}){0,2})?$")


def read_result(rulebase: GermlineRulebase, text: str, fault_at: FaultAt) -> GeneResult | None:
    """What ``text`` says of its gene, None of what was not tested; raises ``InputError`` with its fault."""
    written = " ".join(text.replace("–", "-").replace("−", "-").split())
    for gene in rulebase.genes:
        match = re.match(rf"{re.escape(gene.symbol)}(?P<rest>[\s*:_].+)$", written, re.IGNORECASE)
        if match is not None:
            return _Written(rulebase, gene, match["rest"].strip(" :_"), written, fault_at).read()
    symbols = [gene.symbol for gene in rulebase.genes]
    near = nearest(re.split(r"[\s*]", written, maxsplit=1)[0], symbols)
    message, expected = (
        f"'{written}' is no gene and what was found of it",
        f"one of {', '.join(symbols)}, then its result",
    )
    raise InputError([fault_at(message, expected, near)])


def contradictions(results: Iterable[tuple[GeneResult, FaultAt]]) -> list[Fault]:
    """The faults of results that cannot all be of one patient; of an HLA gene two alleles may be given apart."""
    faults: list[Fault] = []
    before: dict[str, list[GeneResult]] = {}
    for result, fault_at in results:
        earlier = before.setdefault(result.gene, [])
        for other in earlier:
            apart = not (result.phenotype or other.phenotype) and ":" in "".join(result.alleles + other.alleles)
            clash = set(result.alleles) & set(other.absent) or set(other.alleles) & set(result.absent)
            if clash or not (result.absent or other.absent or apart):
                message = f"{result.gene} is given twice: '{other.given}' and '{result.given}'"
                faults.append(fault_at(message, "one result: the diplotype, or the phenotype", None))
        earlier.append(result)
    return faults


class _Written:
    """What is written of one gene: ``rest`` is the text behind its symbol, ``given`` the whole."""

    def __init__(
        self, rulebase: GermlineRulebase, gene: GermlineGene, rest: str, given: str, fault_at: FaultAt
    ) -> None:
        self.gene, self.rest, self.given, self.fault_at = gene, rest, given, fault_at
        self.phenotypes = rulebase.phenotypes_of[gene.symbol].phenotypes

    def read(self) -> GeneResult | None:
        gene, word = self.gene, self.rest.casefold()
        result = GeneResult(gene.symbol, given=self.given)
        if word in _NOT_TESTED:
            return None
        for rule in self.phenotypes:
            if gene.alleles and word in (rule.name.casefold(), *map(str.casefold, rule.aliases)):
                return replace(result, phenotype=rule.concludes)
        if gene.reference is not None and word in _NOTHING_FOUND:
            return replace(result, alleles=(gene.reference, gene.reference))
        for absent in _ABSENT:
            if word.endswith(f" {absent}"):
                return replace(result, absent=self._alleles(self.rest[: -len(absent)], 1))
        names, copies = self.rest, None
        for state in (*_PRESENT, *_COPIES):
            if names.casefold().endswith(f" {state}"):
                names, copies = names[: -len(state)].strip(), _COPIES.get(state, copies)
        return self._carried(result, self._alleles(names, 2), copies)

    def _carried(self, result: GeneResult, alleles: tuple[str, ...], copies: int | None) -> GeneResult:
        gene = self.gene
        if len(alleles) == 2:
            if copies is not None and copies != (2 if alleles[0] == alleles[1] else 1):
                raise self._refused("its zygosity contradicts its alleles", "the diplotype alone")
            return replace(result, alleles=alleles)
        if copies == 2:
            return replace(result, alleles=alleles * 2)
        if gene.alleles_by == "presence":
            return replace(result, alleles=alleles)
        if copies == 1 and gene.reference is not None:
            other = "{gene}: the other allele counts as {allele}, no other variant was reported"
            note = said(other, gene=gene.symbol, allele=gene.reference)
            return replace(result, alleles=(gene.reference, *alleles), note=note)
        if gene.x_linked:
            note = said("{gene}: one allele is given, as of a man, who has one copy of the gene", gene=gene.symbol)
            return replace(result, alleles=alleles, note=note)
        raise self._refused("one allele of two", "both, such as *1/*2, or heterozygous or homozygous behind the one")

    def _alleles(self, text: str, most: int) -> tuple[str, ...]:
        symbol = re.compile(rf"^{re.escape(self.gene.symbol)}\s*(?=\*)", re.IGNORECASE)
        parts = [symbol.sub("", part.strip()) for part in re.split(r"[/|]", text.strip(" ,"))]
        if self.gene.x_linked and len(parts) == 2 and parts[1].casefold() in ("male", "y"):
            parts = parts[:1]
        if len(parts) > most:
            raise self._refused(f"{len(parts)} alleles", f"at most {most}")
        return tuple(self._allele(part) for part in parts)

    def _allele(self, text: str) -> str:
        gene, known = self.gene, self.gene.allele_of
        if gene.alleles_by == "presence":
            typed = _TYPING.match(text)
            if typed is None:
                raise self._refused(f"'{text}' is no allele", f"two fields, such as {gene.symbol}*57:01")
            return typed["one"] + (f":{typed['two']}" if typed["two"] else "")
        # Laboratories leave out the star, and the letter of a nucleotide change.
        for spelling in (text.casefold(), f"*{text.casefold()}", f"c.{text.casefold()}"):
            if spelling in known:
                return known[spelling].name
        copied = _COPY_NUMBER.match(text)
        if copied and copied["allele"].casefold() in known:
            raise self._refused(f"the rule set has no activity for copies ('{text}')", "a diplotype, or the phenotype")
        names = [name for allele in gene.alleles for name in (allele.name, *allele.aliases)]
        near = nearest(text, names) or nearest(f"*{text}", names)
        raise self._refused(f"unknown allele '{text}' of {gene.symbol}", "an allele of genes.yaml", near)

    def _refused(self, message: str, expected: str, suggestion: str | None = None) -> InputError:
        return InputError([self.fault_at(f"'{self.given}': {message}", expected, suggestion)])
