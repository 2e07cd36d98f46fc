"""Alterations as people write them every day, put into the words of the grammar.

``EML4-ALK``, ``ex19del``, ``dMMR``, ``BRAF V600``, ``NP_005219.2:p.T790M``: what is not of the grammar is looked at
here, form by form. Each form has one meaning, or it is refused with the spellings that have one: *negative* is the
result of a test, and which test it was must be said. ``engine/MATCHING.md`` shows each form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from resistab.core.cached import cached_property
from resistab.domains.oncology.grammar.loci import LocusKind
from resistab.domains.oncology.grammar.protein_change import unnamed_residue
from resistab.domains.oncology.kinds.models import Gene, Rulebase

_GENE = r"(?P<gene>[A-Za-z][A-Za-z0-9-]*)"
_ACCESSION = r"(?P<accession>(?:[NX][MP]_|ENS[TP]|LRG_)[0-9A-Za-z_.]+)"

# What a signature is called, without blanks, hyphens and case.
_SIGNATURES = {
    **dict.fromkeys(
        ("dmmr", "mmrd", "mmrdeficient", "mmrdeficiency", "mismatchrepairdeficient", "mismatchrepairdeficiency", "msi",
         "msi+", "msih", "msihigh", "msiinstable", "msiunstable", "microsatelliteinstable", "microsatelliteunstable",
         "microsatelliteinstability", "microsatelliteinstabilityhigh", "highmicrosatelliteinstability"),
        "MSI high",
    ),
    **dict.fromkeys(
        ("pmmr", "mmrp", "mmrproficient", "mmrproficiency", "mismatchrepairproficient", "mismatchrepairproficiency",
         "mss", "msistable", "microsatellitestable", "microsatellitestability", "msi-", "msinegative",
         "msinotdetected"),
        "MSI stable",
    ),
    **dict.fromkeys(("msil", "msilow", "microsatelliteinstabilitylow"), "MSI low"),
    **dict.fromkeys(("tmbh", "tmbhigh", "hightmb", "highmutationalburden", "hightumourmutationalburden"), "TMB high"),
    **dict.fromkeys(("tmbl", "tmblow", "lowtmb"), "TMB low"),
    **dict.fromkeys(("hrd", "hrd+", "hrdpositive", "hrdhigh", "homologousrecombinationdeficient",
                     "homologousrecombinationdeficiency"), "HRD positive"),
    **dict.fromkeys(("hrp", "hrd-", "hrdnegative", "hrproficient", "homologousrecombinationproficient"),
                    "HRD negative"),
}  # fmt: skip

# Several genes under one name: a finding is of one of them.
_FAMILIES = {
    "NTRK": ("NTRK1", "NTRK2", "NTRK3"), "RAS": ("KRAS", "NRAS", "HRAS"), "BRCA": ("BRCA1", "BRCA2"),
    "FGFR": ("FGFR1", "FGFR2", "FGFR3", "FGFR4"), "IDH": ("IDH1", "IDH2"), "RAF": ("ARAF", "BRAF", "RAF1"),
}  # fmt: skip

_TESTS: tuple[tuple[LocusKind, re.Pattern[str]], ...] = (
    ("mutation", re.compile(r"(?:mutations?|mut|mutated|variants?|sequencing|snvs?|alterations?)$", re.I)),
    ("fusion", re.compile(r"(?:gene )?(?:fusions?|rearrangements?|rearranged|translocations?|fused)$", re.I)),
    ("copy number", re.compile(r"(?:amplifications?|amplified|amp|copy number|ish|fish|cish)$", re.I)),
    ("expression", re.compile(r"(?:over|under)?-?expression$", re.I)),
    ("splicing", re.compile(r"(?:exon [0-9]+ skipping|splice variants?.*|v(?:III|7))$", re.I)),
    ("methylation", re.compile(r"(?:promoter )?methylation$", re.I)),
)
_STAINS = re.compile(r"(?:protein|ihc|stain(?:ing)?|immunohistochemistry)$", re.I)
_NOT_FOUND = (
    r"(?:negative|neg|not (?:been )?(?:detected|found|present|identified|seen|observed)|undetected|undetectable|absent|"
    r"none(?: detected| found| identified)?|n\.?d\.?|wild[- ]?type|wt)"
)
_NOTHING = re.compile(
    rf"(?:{_NOT_FOUND}|no (?:findings?|mutations?|variants?|alterations?)(?: (?:detected|found))?)$", re.I
)
_NEGATIVE = re.compile(rf"(?P<what>.+?)(?:\s*[:=]\s*|\s+|\s*\()(?:is |was |were )?{_NOT_FOUND}\)?$", re.IGNORECASE)
_NO = re.compile(
    r"(?:no|without) (?P<what>.+?)(?: (?:was |were |is )?(?:detected|found|identified|seen|present))?$", re.IGNORECASE
)
_NO_AFTER = re.compile(
    rf"{_GENE}\s*:?\s+(?:no|not) (?P<test>.+?)(?: (?:detected|found|identified|seen|present))?$", re.I
)
_POSITIVE = re.compile(r"(?P<what>.+?)(?:\s+\(?(?:positive|pos|detected|present|identified|found|\+)\)?|\+)$", re.I)

_FUSED = re.compile(
    r"(?P<pair>[A-Za-z0-9]+(?:(?:--|::|[-/:.])[A-Za-z0-9]+)+)"
    r"(?:\s+(?:gene\s+)?(?:fusions?|rearrangements?|translocations?|fusion gene|transcript))?"
    r"(?:\s+\(?(?:v(?:ariant)?\s?[0-9][a-z]?|E[0-9]+[;:,]\s?[AE][0-9]+)\)?)?"
    r"(?:\s+(?P<change>(?:p\.\S+|[A-Z][0-9]+\S+)))?$",
    re.IGNORECASE,
)
_REARRANGED = re.compile(
    rf"{_GENE}[ -](?:gene )?(?:rearranged|rearrangements?|translocations?|translocated|fusions?|fused|break-?apart)$",
    re.IGNORECASE,
)
_EXON = (
    re.compile(rf"{_GENE}[ -]?(?:exon|ex)[ -]?(?P<exon>[1-9][0-9]?)[ -]?(?P<what>[A-Za-z /-]+)$", re.IGNORECASE),
    re.compile(rf"{_GENE}[ -](?P<exon>[1-9][0-9]?)[ -]?(?P<what>dels?|deletions?|ins|insertions?)$", re.IGNORECASE),
    re.compile(rf"{_GENE}[ -](?P<what>del|ins)[ -]?(?:exon |ex)?(?P<exon>[1-9][0-9]?)$", re.IGNORECASE),
)
_EXON_WORDS = {
    **dict.fromkeys(("del", "dels", "deletion", "deletions", "deletion mutation", "del mutation"), "deletion"),
    **dict.fromkeys(("ins", "insertion", "insertions", "insertion mutation", "ins mutation", "dup", "duplication",
                     "duplications"), "insertion"),
    **dict.fromkeys(("mut", "mutated", "mutant", "mutations", "indel", "indels", "delins", "variant"), "mutation"),
    **dict.fromkeys(("skip", "skipping mutation", "skipped"), "skipping"),
}  # fmt: skip
_CODON = re.compile(
    rf"{_GENE} (?:p\.)?(?:codon )?(?P<residue>[A-Z]?)(?P<position>[1-9][0-9]{{0,5}})"
    r"(?: (?:mutations?|mutant|mutated|substitutions?|variant))?$"
)
_SEVERAL = re.compile(
    rf"{_GENE} (?:p\.)?(?P<codon>[A-Z][1-9][0-9]{{0,5}})(?P<new>[A-Z](?:(?:/|/| or )(?:(?P=codon))?[A-Z])+)"
    r"(?: (?:mutations?|mutant|mutated|variant))?$"
)
_CODONS = re.compile(rf"{_GENE} codons? (?P<first>[1-9][0-9]*)(?:/|-| and | or )(?P<last>[1-9][0-9]*)(?: mutations?)?$")
_CHANGE = r"(?:p\.\S+|[A-Z][1-9][0-9]*\S*|[A-Z][a-z]{2}[1-9][0-9]*\S*)"
_ONE_CHANGE = re.compile(rf"{_CHANGE}$")
_CHANGED = re.compile(
    r"(?P<what>.*\S) (?:missense |point |hotspot )?(?:mutations?|mutant|mutated|mut|variant|substitution)$", re.I
)
_NAMED_BEFORE = re.compile(rf"{_GENE} (?:mutations?|mutant|variant|mut):? (?P<change>{_CHANGE})$", re.IGNORECASE)
_IN_EXON = re.compile(
    rf"{_GENE} (?:(?:exon|ex) ?[0-9]+[ ,:]+(?P<after>{_CHANGE})|(?P<before>{_CHANGE})[ ,(]+(?:exon|ex) ?[0-9]+\)?)$",
    re.I,
)
_WITH_CODING = re.compile(
    rf"(?P<head>.*?)[ ,:(]*(?P<one>c\.[^\s(),;]+)[\s,;(]+(?P<other>p\.[^\s,;]+|{_CHANGE})\s*\)?$"
    rf"|(?P<head2>.*?)[ ,:(]*(?P<other2>p\.[^\s,;]+|{_CHANGE})[\s,;(]+(?P<one2>c\.[^\s(),;]+)\)?$"
)
_PREFIXED = re.compile(
    rf"(?:{_ACCESSION}(?:\({_GENE}\))?|(?P<symbol>[A-Za-z][A-Za-z0-9-]*)(?:\((?P<of>[A-Za-z]+_?[0-9.]+)\))?)\s*:\s*"
    r"(?P<rest>(?![:]).+)$"
)
_ALLELES = re.compile(rf"{_GENE} (?:p\.)?(?P<alleles>\[[^\[\]]+\](?:;\[[^\[\]]+\])?)$")
_COPIES = {
    **dict.fromkeys(("homozygous deletion", "homozygously deleted", "homozygous loss", "homdel", "hom del",
                     "deep deletion", "biallelic deletion", "bi-allelic deletion", "homozygous del"),
                    "0 copies"),
    **dict.fromkeys(("heterozygous deletion", "hemizygous deletion", "heterozygous loss", "hemizygous loss",
                     "shallow deletion", "single copy loss", "one copy loss", "monosomy", "het deletion", "hetloss",
                     "gain", "gained", "copy gain", "copy number gain", "low-level gain", "low level gain", "gains",
                     "polysomy", "high polysomy", "low polysomy", "polysomic", "trisomy", "aneuploidy"),
                    "copy number changed"),
    **dict.fromkeys(("gene amplification", "high-level amplification", "high level amplification", "high amplification",
                     "focal amplification", "amplifications", "ampl", "ampl.", "amp."), "amplification"),
}  # fmt: skip
_WORDS = {"sensitizing": "sensitising", "sensitising": "sensitising"}


@dataclass(frozen=True)
class NotFound:
    """The negative result of a test: ``what`` was looked for, and was not there.

    Where any alteration of a kind was looked for, ``gene`` and ``kind`` say so; otherwise they are "" and None.
    """

    what: str
    gene: str
    kind: LocusKind | None


class AmbiguousError(ValueError):
    """A spelling that has several meanings; ``expected`` says how each is written, ``suggestion`` the likeliest."""

    def __init__(self, message: str, expected: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message, self.expected, self.suggestion = message, expected, suggestion


def tidy(text: str) -> str:
    """``text`` with one kind of hyphen, blank and quotation mark, none around the whole, and no full stop behind it."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub("[\u2010-\u2015\u2212\ufe58\ufe63]", "-", plain)
    plain = re.sub('["\u201c-\u201f\u00ab\u00bb]', "", plain)
    # A decimal comma, where a unit follows.
    plain = re.sub(r"(?<=[0-9]),(?=[0-9]+\s*(?:%|mut|var|/|cop|TPM|FPKM|z))", ".", plain)
    return " ".join(plain.split()).rstrip(";,.").rstrip()


def listed(text: str) -> list[str]:
    """The alterations of a list separated by commas, semicolons or plus signs; one where it is none.

    What stands in brackets is not separated, nor a decimal comma.
    """
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        inside = char == "," and text[index - 1 : index].isdigit() and text[index + 1 : index + 2].isdigit()
        inside |= text[index - 1 : index + 2] == "];["
        plus = char == "+" and text[index - 1 : index] == " " == text[index + 1 : index + 2]
        if depth == 0 and ((char in ",;" and not inside) or plus):
            parts.append(text[start:index].strip())
            start = index + 1
    parts.append(text[start:].strip())
    found: list[str] = []
    for part in filter(None, parts):
        # The coding change beside a protein change is no second one.
        if found and (part.startswith("c.") or (part.startswith("p.") and found[-1].split()[-1].startswith("c."))):
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found


class Everyday:
    """Puts everyday spellings into the words of the grammar, by the genes of a rule set.

    ``is_gene`` says of any name whether it is a gene's.
    """

    def __init__(self, rulebase: Rulebase, is_gene: Callable[[str], bool]) -> None:
        self.rulebase, self.is_gene = rulebase, is_gene

    def standard(self, text: str) -> str | None:
        """``text`` in the words of the grammar, or a step nearer to them; None where no form fits.

        Raises ``AmbiguousError`` where it may mean several things.
        """
        for form in _FORMS:
            if (found := form(self, text)) is not None and found != text:
                return found
        return None

    # --- negative results -----------------------------------------------------------------------------------

    def not_found(self, text: str) -> NotFound | None:
        """What a test did not find, where ``text`` is a negative result.

        Raises ``AmbiguousError`` where no test is named.
        """
        match = _NO.match(text) or _NEGATIVE.match(text)
        what = match["what"].strip(" :") if match else ""
        if match is None and (after := _NO_AFTER.match(text)):
            what = f"{after['gene']} {after['test']}"
        if _NOTHING.match(text) or any(pattern.match(what) for _, pattern in _TESTS):
            raise AmbiguousError(
                "a negative result without a gene", "the gene and the test, such as 'KRAS mutation not detected'"
            )
        if not what or _squeezed(f"{what} negative") in _SIGNATURES or _STAINS.search(what):
            return None
        gene, _, test = what.partition(" ")
        if self.is_gene(what):
            raise AmbiguousError(
                "it is not said what was tested",
                f"'{gene} wild type' of sequencing, '{gene} fusion negative', '{gene} amplification negative' or "
                f"'{gene} protein negative' of a stain",
            )
        kind = next((kind for kind, pattern in _TESTS if pattern.match(test)), None) if self.is_gene(gene) else None
        return NotFound(what, gene if kind else "", kind)

    # --- forms ----------------------------------------------------------------------------------------------

    def signature(self, text: str) -> str | None:
        return _SIGNATURES.get(_squeezed(text))

    def known_as(self, text: str) -> str | None:
        """A name of its own that an alteration has: ``FLT3-ITD``, ``AR-V7``."""
        squeezed = _squeezed(text)
        for suffix in ("", "positive", "mutation", "mutated", "mutant", "detected", "fusion"):
            if squeezed.endswith(suffix) and (found := self._names.get(squeezed[: len(squeezed) - len(suffix)])):
                return found
        return None

    @cached_property
    def _names(self) -> dict[str, str]:
        return {
            _squeezed(f"{name} {known}"): f"{gene.symbol} {words}"
            for gene in self.rulebase.genes
            for known, words in gene.known_as.items()
            for name in (*gene.aliases, gene.symbol)
        }

    @cached_property
    def _symbols(self) -> frozenset[str]:
        return frozenset(gene.symbol.upper() for gene in self.rulebase.genes)

    @cached_property
    def _by_accession(self) -> dict[str, Gene]:
        return {
            accession.partition(".")[0]: gene
            for gene in self.rulebase.genes
            for accession in (*gene.transcripts, gene.protein)
            if accession
        }

    def alleles(self, text: str) -> str | None:
        """Changes of one allele, ``[a;b]``, or of two, ``[a];[b]``."""
        if (match := _ALLELES.match(text)) is None:
            return None
        inside = [part.strip("[]") for part in match["alleles"].split("];[")]
        changes = [change for part in inside for change in part.split(";")]
        if len(changes) != 2 or any("?" in change or not change.strip() for change in changes):
            raise AmbiguousError("several changes in square brackets", "two changes, [a;b] in cis or [a];[b] in trans")
        phase = "cis" if len(inside) == 1 else "trans"
        return f"{match['gene']} {changes[0].strip()} in {phase} with {changes[1].strip()}"

    def without_coding(self, text: str) -> str | None:
        """A protein change with the coding change beside it: the protein change says all."""
        if match := _WITH_CODING.match(text):
            head = (match["head"] or match["head2"] or "").strip(" :,(")
            change = (match["other"] or match["other2"]).strip()
            if change.count(")") > change.count("("):
                change = change.removesuffix(")")
            return f"{head} {change}" if head else None
        return None

    def prefixed(self, text: str) -> str | None:
        """A change behind an accession or a gene and a colon, as HGVS writes it."""
        if "::" in text or (match := _PREFIXED.match(text)) is None:
            return None
        gene = match["gene"] or match["symbol"]
        if gene is None:
            found = self._by_accession.get(match["accession"].partition(".")[0])
            if found is None:
                raise AmbiguousError(
                    f"the accession {match['accession']} is of no gene of this rule set", "the gene and the change"
                )
            gene = found.symbol
        elif not self.is_gene(gene):
            return None
        rest = match["rest"].strip()
        return f"{gene}::{rest}" if self.is_gene(rest) else f"{gene} {rest}"

    def unnamed(self, text: str) -> str | None:
        """``C797X``: any residue."""
        gene, _, change = text.partition(" ")
        codon = unnamed_residue(change)
        return f"any substitution at {gene} {codon[0]}{codon[1]}" if codon and self.is_gene(gene) else None

    def codon(self, text: str) -> str | None:
        """``BRAF V600``, ``KRAS codon 12``, ``BRAF V600E/K``: a codon, and not which residue it holds."""
        if match := _CODONS.match(text):
            return f"{match['gene']} residues {match['first']}-{match['last']} mutation"
        if match := _SEVERAL.match(text):
            return f"any substitution at {match['gene']} {match['codon']}"
        match = _CODON.match(text)
        if match is None or not (match["residue"] or "codon" in text):
            return None
        return f"any substitution at {match['gene']} {match['residue']}{match['position']}"

    def exon(self, text: str) -> str | None:
        """``ex19del``, ``exon 19 del``, ``METex14``."""
        for pattern in _EXON:
            if match := pattern.match(text):
                what = " ".join(match["what"].casefold().split())
                word = _EXON_WORDS.get(what, what)
                if word in ("deletion", "insertion", "mutation", "substitution", "skipping"):
                    return f"{match['gene']} exon {int(match['exon'])} {word}"
        return None

    def fused(self, text: str) -> str | None:
        """``EML4-ALK``, ``BCR/ABL1 fusion``, ``ALK-rearranged``."""
        if (match := _REARRANGED.match(text)) and self.is_gene(match["gene"]):
            return f"{match['gene']} fusion"
        match = _FUSED.match(text)
        if match is None or match["pair"].upper() in self._symbols:
            return None
        pairs = [
            (five, three)
            for five, three in _split(match["pair"])
            if self.is_gene(five) and self.is_gene(three) and five.upper() != three.upper()
        ]
        if len(pairs) > 1:
            raise AmbiguousError("may be several fusions", " or ".join(f"'{five}::{three}'" for five, three in pairs))
        return f"{pairs[0][0]}::{pairs[0][1]} {match['change'] or ''}".strip() if pairs else None

    def copies(self, text: str) -> str | None:
        """``homozygous deletion``, ``gain``, ``polysomy``: a gain is no amplification."""
        gene, _, what = text.partition(" ")
        word = _COPIES.get(what.casefold())
        if word is None and (match := re.match(rf"{_GENE}[ -](?:amplified|amp|ampl)$", text, re.IGNORECASE)):
            gene, word = match["gene"], "amplification"
        if word is None and (match := re.match(rf"(?:{_GENE} )?polysomy(?: (?P<after>\S+))?$", text, re.IGNORECASE)):
            gene, word = match["gene"] or match["after"] or "", "copy number changed"
        return f"{gene} {word}" if word and self.is_gene(gene) else None

    def family(self, text: str) -> str | None:
        gene, _, what = text.partition(" ")
        if (members := _FAMILIES.get(gene.upper())) is not None and not self.is_gene(gene):
            raise AmbiguousError(
                f"{gene} is a family of genes", f"one of them, {' or '.join(f'{m} {what}'.strip() for m in members)}"
            )
        return None

    def several_words(self, text: str) -> str | None:
        """A change with a word too many, or in another order: ``T790M mutation``, ``mutation T790M``, its exon."""
        if match := _NAMED_BEFORE.match(text):
            return f"{match['gene']} {match['change']}"
        if match := _IN_EXON.match(text):
            return f"{match['gene']} {match['after'] or match['before']}"
        words = text.split()
        if (match := _CHANGED.match(text)) and len(words) > 2:
            before = match["what"].split()[-1]
            if _ONE_CHANGE.match(before) or before.casefold() in ("deletion", "insertion", "del", "ins", "duplication"):
                return str(match["what"])
        return None

    def respelled(self, text: str) -> str | None:
        """Words that are spelled in two ways."""
        return " ".join(_WORDS.get(word.casefold(), word) for word in text.split())

    def positive(self, text: str) -> str | None:
        """What was detected: the word adds nothing, but to a gene alone, of which it does not say what was tested."""
        if (match := _POSITIVE.match(text)) is None:
            return None
        what = match["what"].strip()
        if _STAINS.match(what.split()[-1]):
            return f"{what.rpartition(' ')[0]} protein positive" if what.split()[-1].lower() != "protein" else None
        if self.is_gene(what):
            raise AmbiguousError(
                "it is not said what was found",
                f"'{what} mutation', '{what} fusion', '{what} amplification' or '{what} protein positive' of a stain",
            )
        return what


_FORMS: tuple[Callable[[Everyday, str], str | None], ...] = (
    Everyday.signature,
    Everyday.known_as,
    Everyday.alleles,
    Everyday.prefixed,
    Everyday.without_coding,
    Everyday.unnamed,
    Everyday.codon,
    Everyday.exon,
    Everyday.copies,
    Everyday.fused,
    Everyday.several_words,
    Everyday.respelled,
    Everyday.positive,
    Everyday.family,
)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s_/-]+(?!$)", "", text.casefold())


def _split(pair: str) -> Iterator[tuple[str, str]]:
    """A pair of partners at each place where it may be divided."""
    for match in re.finditer(r"--|::|[-/:.]", pair):
        five, three = pair[: match.start()], pair[match.end() :]
        if five and three:
            yield five, three
