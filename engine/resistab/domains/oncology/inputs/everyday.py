"""Alterations as people write them every day, put into the words of the grammar.

``EML4-ALK``, ``ex19del``, ``dMMR``, ``BRAF V600``, ``NP_005219.2:p.T790M``: what is not of the grammar is looked at
here, form by form. Each form has one meaning, or it is refused with the spellings that have one: *negative* is the
result of a test, and which test it was must be said. ``engine/MATCHING.md`` shows each form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from resistab.core.cached import cached_property
from resistab.core.condition import atoms
from resistab.domains.oncology.atoms import SIGNATURES, FusionAtom
from resistab.domains.oncology.grammar.loci import LocusKind
from resistab.domains.oncology.grammar.protein_change import ProteinChange, parse_protein_change, unnamed_residue
from resistab.domains.oncology.inputs.coding import CodingError, Message, codons_exchanged, is_coding, on_protein
from resistab.domains.oncology.inputs.listed import listed
from resistab.domains.oncology.inputs.rearrangements import rearrangement
from resistab.domains.oncology.kinds.models import Gene, Rulebase

_GENE = r"(?P<gene>[A-Za-z][A-Za-z0-9-]*)"
_ACCESSION = r"(?P<accession>(?:[NX][MP]_|ENS[TP]|LRG_)[0-9A-Za-z_.]+)"

# What a signature is called, without blanks, hyphens and case.
_SIGNATURES = {
    **dict.fromkeys(
        ("dmmr", "mmrd", "mmrdeficient", "mmrdeficiency", "mismatchrepairdeficient", "mismatchrepairdeficiency",
         "msi+", "msipositive", "msidetected", "msipresent", "msih", "msihigh", "msiinstable", "msiunstable",
         "microsatelliteinstable", "microsatelliteunstable",
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
    **dict.fromkeys(("hrd+", "hrdpositive", "hrddetected", "hrdhigh", "homologousrecombinationdeficient",
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
    ("mutation", re.compile(r"(?:mutations?|mut|mutated|variants?|sequencing|snvs?)$", re.I)),
    ("fusion", re.compile(r"(?:gene )?(?:fusions?|rearrangements?|rearranged|translocations?|fused)$", re.I)),
    ("copy number", re.compile(r"(?:amplifications?|amplified|amp|copy number)$", re.I)),
    ("expression", re.compile(r"(?:over|under)-?expression$", re.I)),
    ("splicing", re.compile(r"(?:exon [0-9]+ skipping|splice variants?.*|v(?:III|7))$", re.I)),
    ("methylation", re.compile(r"(?:promoter )?methylation$", re.I)),
)
# Tests that may be of several kinds, and words that are of no kind of alteration in particular.
_HYBRIDISED = re.compile(r"(?:f|c|s)?ish$", re.I)
_ANY_KIND = re.compile(r"(?:alterations?|findings?|abnormalit(?:y|ies)|genetic alterations?)$", re.I)
_STAINS = re.compile(r"(?:protein|ihc|stain(?:ing)?|immunohistochemistry)$", re.I)
_NOT_FOUND = (
    r"(?:negative|neg|not (?:been )?(?:detected|found|present|identified|seen|observed)|undetected|undetectable|absent|"
    r"none(?: detected| found| identified)?|wild[- ]?type|wt)"
)
_WILD_TYPE = re.compile(
    rf"(?:{_GENE}(?P<exon> (?:exon|ex) ?[0-9]+)?(?:\s*[:=]\s*|[ -])(?:wild[- ]?type|wt)"
    r"|(?:wild[- ]?type|wt) (?P<after>[A-Za-z][A-Za-z0-9-]*))$",
    re.IGNORECASE,
)
# What stands behind an alteration of which there is no result, in lower case.
_NO_RESULT = tuple(
    f" {word}"
    for word in (
        "nd", "n.d", "na", "n/a", "not tested", "not done", "not performed", "not assessed", "not assessable",
        "not evaluated", "not evaluable", "not available", "not applicable", "not covered", "not reported",
        "not determined", "not interpretable", "not known", "not sequenced", "untested", "failed", "failure",
        "indeterminate", "inconclusive", "pending", "qns", "quantity not sufficient",
        "insufficient", "insufficient tissue", "insufficient dna", "insufficient material", "unknown", "undetermined",
        "no call", "no data", "no result", "no coverage",
    )
)  # fmt: skip
# By these something was seen, and not for certain.
_UNCERTAIN = re.compile(
    r"(?P<what>.+?)(?: -)?[ :(]+(?:equivocal|ambiguous|suspected|suspicious|possible|probable|borderline|"
    r"(?:cannot be|not) excluded)\)?$",
    re.IGNORECASE,
)
# Those that may as well be of what is measured beside a change as of the change.
_NOT_SAID = tuple(f" {word}" for word in ("nd", "n.d", "na", "n/a", "not available", "not applicable", "unknown"))
_HARMLESS = re.compile(r".*\b(?:(?:likely )?benign|polymorphism|passenger)\)?$", re.I)
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
# A part of a list that says of itself whether it was found.
_OWN_RESULT = re.compile(
    rf"(?:no|without) .*|.*(?:\b{_NOT_FOUND}|\b(?:positive|pos|detected|present|found|identified)|[%+])\)?$", re.I
)
_POSITIVE = re.compile(r"(?P<what>.+?)(?:\s+\(?(?:positive|pos|detected|present|identified|found|\+)\)?|\+)$", re.I)

_FUSED = re.compile(
    r"(?P<pair>[A-Za-z0-9]+(?:(?:--|::|[-/:.])[A-Za-z0-9]+)+)"
    r"(?:\s+(?:gene\s+)?(?:fusions?|rearrangements?|translocations?|fusion gene|transcript))?"
    r"(?:\s+(?:positive|rearranged))?"
    r"(?:\s+\(?(?:v(?:ariant)?\s?[0-9][a-z]?(?:/[a-z])?|[A-Z][0-9]+[;:,]\s?[A-Z][0-9]+|p(?:190|210|230)|[eb][0-9]+a[0-9])"
    r"\)?)?"
    r"(?:\s+(?P<change>(?:p\.\S+|[A-Z][0-9]+\S+)))?$",
    re.IGNORECASE,
)
_REARRANGED = re.compile(
    rf"{_GENE}[ -](?:gene )?(?:rearranged|rearrangements?|translocations?|translocated|fusions?|fused|break-?apart)$",
    re.IGNORECASE,
)
_PARTNER_UNKNOWN = re.compile(r"[ (]+(?:with )?(?:(?:partner|unknown|not known|unidentified) ?){2}\)?$", re.IGNORECASE)
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
_CODONS = re.compile(
    rf"{_GENE} codons? (?P<first>[1-9][0-9]*)(?P<by>/|-| and | or )(?P<last>[1-9][0-9]*)(?: mutations?)?$"
)
_CHANGE = r"(?:p\.\S+|[A-Z][1-9][0-9]*\S*|[A-Z][a-z]{2}[1-9][0-9]*\S*)"
_ONE_CHANGE = re.compile(rf"{_CHANGE}$")
_CHANGED = re.compile(
    r"(?P<what>.*\S) (?:missense |point |hotspot )?(?:mutations?|mutant|mutated|mut|variant|substitution)$", re.I
)
_NAMED_BEFORE = re.compile(rf"{_GENE} (?:mutations?|mutant|variant|mut):? (?P<change>{_CHANGE})$", re.IGNORECASE)
_IN_EXON = re.compile(
    rf"{_GENE} (?:(?:exon|ex) ?(?P<exon>[0-9]+)[ ,:]+(?P<after>{_CHANGE})|"
    rf"(?P<before>{_CHANGE})[ ,(]+(?:exon|ex) ?(?P<exon2>[0-9]+)\)?)$",
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
# A change joined to its gene, or before it.
_JOINED = re.compile(r"(?P<gene>[A-Za-z][A-Za-z0-9-]*?)[_-]?(?P<change>(?:p\.)?[A-Z][1-9][0-9]{0,5}[A-Z*])$")
_BEFORE_GENE = re.compile(rf"(?P<change>{_CHANGE}) {_GENE}$")
_LOWER_CASE = re.compile(rf"{_GENE} (?P<change>(?:p\.)?[a-z][1-9][0-9]{{0,5}}[a-z*])$")
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


def refuse_shared_result(text: str) -> None:
    """Refuse a list of which one result may be of several: ``BRAF V600E, V600K not detected``.

    Raises ``AmbiguousError``. What semicolons separate stands by itself.
    """
    for chunk in listed(text, ";"):
        parts = listed(chunk)
        for before, after in pairwise(parts):
            shared = _NEGATIVE.match(after) and not _WILD_TYPE.match(after) and not _OWN_RESULT.match(before)
            if shared or (_NO.match(before) and not _OWN_RESULT.match(after)):
                raise AmbiguousError(
                    "of which of the list the negative result is, is not said",
                    "a result for each, such as 'EGFR L858R detected, EGFR T790M not detected'",
                )


class Everyday:
    """Puts everyday spellings into the words of the grammar, by the genes of a rule set.

    ``is_gene`` says of any name whether it is a gene's.
    """

    def __init__(self, rulebase: Rulebase, is_gene: Callable[[str], bool]) -> None:
        self.rulebase, self.is_gene = rulebase, is_gene

    def without_result(self, text: str) -> tuple[str, bool] | None:
        """What ``text`` names and has no result of, such as a test that failed; None where it is no such text.

        With it whether that is a gene or a test of one; otherwise it must be an alteration that can be read.
        """
        plain = " ".join(text.casefold().replace("(", " ").removesuffix(")").split())
        if not plain.endswith(_NO_RESULT):
            return None
        words = len(max((word for word in _NO_RESULT if plain.endswith(word)), key=len).split())
        what = " ".join(text.replace("(", " ").removesuffix(")").split()[:-words]).rstrip(" :=-")
        gene, _, test = what.partition(" ")
        is_test = self._kind_of_test(test) is not None or _STAINS.match(test) or _ANY_KIND.match(test)
        if what.upper() in SIGNATURES or self.is_gene(what) or (self.is_gene(gene) and is_test):
            return what, True
        return None if plain.endswith(_NOT_SAID) else (what, False)

    @staticmethod
    def is_result(word: str) -> bool:
        """Whether a word is the result of a test and no name."""
        return _OWN_RESULT.fullmatch(word) is not None or f" {word.casefold()}" in _NO_RESULT

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
        if (wild := _WILD_TYPE.match(text)) and self.is_gene(gene := wild["gene"] or wild["after"]):
            exon = wild["exon"]
            return NotFound(f"{gene}{exon} mutation", "", None) if exon else NotFound(text, gene, "mutation")
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
        if _squeezed(what) in _SIGNATURES:
            raise AmbiguousError("a signature has states", "the state itself, such as MSI stable or HRD negative")
        gene, _, test = what.partition(" ")
        if self.is_gene(what) or (self.is_gene(gene) and self._may_be_several(gene, test)):
            raise AmbiguousError(
                "it is not said what was tested",
                f"'{gene} wild type' of sequencing, '{gene} fusion negative', '{gene} amplification negative' or "
                f"'{gene} protein negative' of a stain",
            )
        if re.match(r"expression$", test, re.IGNORECASE):
            raise AmbiguousError(
                "that nothing is expressed is a finding",
                f"'{gene} protein negative' of a stain, '{gene} underexpression', or '{gene} overexpression negative'",
            )
        self._refuse_partial(what)
        kind = self._kind_of_test(test) if self.is_gene(gene) else None
        return NotFound(what, gene if kind else "", kind)

    @staticmethod
    def _kind_of_test(test: str) -> LocusKind | None:
        if _HYBRIDISED.match(test):
            return "copy number"
        return next((kind for kind, pattern in _TESTS if pattern.match(test)), None)

    def _may_be_several(self, gene: str, test: str) -> bool:
        """Whether a test of a gene may be of several kinds of alteration: a probe shows copies or a break."""
        symbol = self._symbol(gene)
        return _ANY_KIND.match(test) is not None or (
            _HYBRIDISED.match(test) is not None and symbol in self._fused_by_rules
        )

    def _refuse_partial(self, what: str) -> None:
        """Refuse a negative result of what is read as more than was looked for: two places, two residues, bases."""
        if match := _SEVERAL.match(what):
            each = [
                f"'{match['gene']} {match['codon']}{new} negative'"
                for new in re.findall(r"(?:^|/| or )(?:[A-Z][0-9]+)?([A-Z])(?![0-9])", match["new"])
            ]
            raise AmbiguousError("a negative result of several changes", f"each by itself: {', '.join(each)}")
        if (match := _CODONS.match(what)) and match["by"] != "-" and int(match["last"]) != int(match["first"]) + 1:
            each = [f"'{match['gene']} codon {match[end]} negative'" for end in ("first", "last")]
            raise AmbiguousError("a negative result of several codons", f"each by itself: {' and '.join(each)}")
        if is_coding(what.split()[-1].strip("()")) and not _WITH_CODING.match(what):
            raise AmbiguousError(
                "a negative result of a coding change", "the protein change, such as 'EGFR T790M not detected'"
            )

    def _symbol(self, name: str) -> str:
        gene = self.rulebase.gene_by_name.get(name.upper())
        return name.upper() if gene is None else gene.symbol

    @cached_property
    def _fusions_of_rules(self) -> tuple[FusionAtom, ...]:
        named = (atom for condition in self.rulebase.live_conditions() for atom in atoms(condition))
        return tuple(atom for atom in named if isinstance(atom, FusionAtom))

    @cached_property
    def _fused_by_rules(self) -> frozenset[str]:
        return frozenset(gene for atom in self._fusions_of_rules for gene in atom.genes)

    @cached_property
    def _pairs_of_rules(self) -> frozenset[tuple[str, str]]:
        return frozenset((atom.five_prime, atom.three_prime) for atom in self._fusions_of_rules)

    def of_fusion_gene(self, text: str) -> tuple[str, str] | None:
        """``BCR-ABL T315I`` as the fusion and the change of the gene that goes by its name, "" for none."""
        name, _, rest = text.partition(" ")
        if rest and name.upper() in self.rulebase.gene_by_name and name.upper() not in self._symbols:
            for five, three in _split(name):
                if (self._symbol(five), self._symbol(three)) in self._pairs_of_rules:
                    fused = _FUSED.match(text)
                    change = "" if fused and not fused["change"] else f"{self._symbol(name)} {rest}"
                    return f"{self._symbol(five)}::{self._symbol(three)}", change
        return None

    # --- forms ----------------------------------------------------------------------------------------------

    def signature(self, text: str) -> str | None:
        return _SIGNATURES.get(_squeezed(text))

    def known_as(self, text: str) -> str | None:
        """A name of its own that an alteration has: ``FLT3-ITD``, ``AR-V7``, ``RET/PTC1``, ``t(11;14)``."""
        if rearranged := rearrangement(text):
            return rearranged
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
            if head:
                self._refuse_other_codon(head.split(":")[0].split()[0], match["one"] or match["one2"], change)
            return f"{head} {change}" if head else None
        return None

    def _refuse_other_codon(self, name: str, coding: str, spelled: str) -> None:
        """Refuse a protein change with an exchange of bases beside it that makes another."""
        change, codons = self._parsed(spelled), codons_exchanged(coding)
        if change is None or codons is None:
            return
        gene = self.rulebase.gene_by_name.get(name.upper()) or self._by_accession.get(name.partition(".")[0])
        known = gene.also_written.get(str(change)) if gene else None
        written = [one for one in (change, self._parsed(known or "")) if one is not None]
        shifts = {0, *(sign * other.shift for other in (gene.other_numbering if gene else ()) for sign in (1, -1))}
        first, last = codons
        if not any(one.start + by <= last and first <= one.end + by for one in written for by in shifts):
            raise AmbiguousError(f"{coding} lies in codon {first}, and {spelled} does not", "one of the two")
        sequence = self.rulebase.sequences.get(gene.symbol) if gene else None
        if change.kind != "substitution" or change.start != first or known or sequence is None:
            return
        try:
            on = on_protein("GENE", coding, Message(sequence, gene.codons if gene else {}))
        except CodingError:
            return
        made = self._parsed(on.text.split()[-1]) if not on.residues else None
        if (on.residues and change.inserted not in on.residues) or (made is not None and str(made) != str(change)):
            raise AmbiguousError(f"{coding} does not make {spelled}", "one of the two")

    @staticmethod
    def _parsed(spelled: str) -> ProteinChange | None:
        try:
            return parse_protein_change(spelled)
        except ValueError:
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
        if match is None or not self.is_gene(match["gene"]) or not (match["residue"] or "codon" in text):
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
        text = _PARTNER_UNKNOWN.sub("", text)
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
        if len(pairs) == 1 and not self._is_fusion(*pairs[0], match["pair"]):
            five, three = pairs[0]
            raise AmbiguousError(
                "may be a fusion of two genes or an alteration of each",
                f"'{five}::{three}' for the fusion, else each gene by itself with what was found",
            )
        if len(pairs) > 1:
            raise AmbiguousError("may be several fusions", " or ".join(f"'{five}::{three}'" for five, three in pairs))
        return f"{pairs[0][0]}::{pairs[0][1]} {match['change'] or ''}".strip() if pairs else None

    def _is_fusion(self, five: str, three: str, pair: str) -> bool:
        """Whether two genes so joined can only be fused: ALK/ROS1 and MLH1/PMS2 are as often two genes in one line."""
        if "::" in pair or "--" in pair:
            return True
        one, other = self._symbol(five), self._symbol(three)
        if (one, other) in self._pairs_of_rules or (other, one) in self._pairs_of_rules:
            return True
        fused = {one, other} & self._fused_by_rules
        if f"{five}/{three}" in pair or f"{five}.{three}" in pair:
            known = {gene for gene in (one, other) if gene in self._asked_of}
            return len(fused) == 1 and len(known) == 1
        return bool(fused) or not {one, other} <= self._asked_of

    @cached_property
    def _asked_of(self) -> frozenset[str]:
        """The genes of which rules ask anything but whether they are fused."""
        conditions = self.rulebase.live_conditions()
        of_genes = (atom for condition in conditions for atom in atoms(condition) if not isinstance(atom, FusionAtom))
        return frozenset(gene for atom in of_genes for gene in atom.subjects)

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
            change = match["after"] or match["before"]
            self._refuse_other_exon(match["gene"], int(match["exon"] or match["exon2"]), change)
            return f"{match['gene']} {change}"
        if (match := _JOINED.match(text) or _BEFORE_GENE.match(text)) and self.is_gene(match["gene"]):
            return f"{match['gene']} {match['change']}"
        if match := _LOWER_CASE.match(text):
            return f"{match['gene']} {match['change'].removeprefix('p.').upper()}"
        words = text.split()
        if (match := _CHANGED.match(text)) and len(words) > 2:
            before = match["what"].split()[-1]
            if _ONE_CHANGE.match(before) or before.casefold() in ("deletion", "insertion", "del", "ins", "duplication"):
                return str(match["what"])
        return None

    def _refuse_other_exon(self, name: str, exon: int, spelled: str) -> None:
        """Refuse a change beside an exon in which it does not lie."""
        gene, change = self.rulebase.gene_by_name.get(name.upper()), self._parsed(spelled)
        bounds = gene.exon_range(exon) if gene else None
        if gene is None or change is None or bounds is None or gene.other_numbering or gene.also_written:
            return
        if not change.overlaps(bounds[0] - 1, bounds[1] + 1):
            raise AmbiguousError(f"{spelled} does not lie in exon {exon} of {gene.symbol}", "one of the two")

    def respelled(self, text: str) -> str | None:
        """Words that are spelled in two ways."""
        return " ".join(_WORDS.get(word.casefold(), word) for word in text.split())

    def positive(self, text: str) -> str | None:
        """What was detected: the word adds nothing, but to a gene alone, of which it does not say what was tested."""
        if (match := _POSITIVE.match(text)) is None:
            return None
        what = match["what"].strip(" :")
        if not what:
            return None
        if _STAINS.match(what.split()[-1]):
            return f"{what.rpartition(' ')[0]} protein positive" if what.split()[-1].lower() != "protein" else None
        if self.is_gene(what):
            raise AmbiguousError(
                "it is not said what was found",
                f"'{what} mutation', '{what} fusion', '{what} amplification' or '{what} protein positive' of a stain",
            )
        return what

    def stained_negative(self, text: str) -> str | None:
        """``PTEN IHC negative``, ``no PTEN protein``: a stain is negative where the protein is not there."""
        match = _NO.match(text) or _NEGATIVE.match(text)
        gene, _, test = match["what"].partition(" ") if match else ("", "", "")
        return f"{gene} protein negative" if _STAINS.match(test) and self.is_gene(gene) else None

    def uncertain(self, text: str) -> str | None:
        """What may be there: copies are known to be measured and not how many; of all else it must be said."""
        if (match := _UNCERTAIN.match(text)) is None:
            return None
        gene, _, test = match["what"].partition(" ")
        if self.is_gene(gene) and self._kind_of_test(test) == "copy number" and not self._may_be_several(gene, test):
            return f"{gene} copy number changed"
        raise AmbiguousError(
            "it is not certain whether it was found",
            "the alteration alone if it is to count as found, or as 'EGFR T790M not tested' if nothing is to be known",
        )

    def judged(self, text: str) -> str | None:
        """Refuses what a laboratory calls without effect, or says something of as not known."""
        if _HARMLESS.match(text):
            raise AmbiguousError(
                "it is said to be without known effect",
                "the alteration alone, where rules shall judge it, or no entry",
            )
        if text.casefold().endswith(_NOT_SAID):
            raise AmbiguousError(
                "it is not said what is not known",
                "'EGFR T790M' alone where it was found, 'EGFR T790M not detected' or 'EGFR T790M not tested'",
            )
        return None


_FORMS: tuple[Callable[[Everyday, str], str | None], ...] = (
    Everyday.uncertain,
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
    Everyday.stained_negative,
    Everyday.positive,
    Everyday.family,
    Everyday.judged,
)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s_/-]+(?!$)", "", text.casefold())


def _split(pair: str) -> Iterator[tuple[str, str]]:
    """A pair of partners at each place where it may be divided."""
    for match in re.finditer(r"--|::|[-/:.]", pair):
        five, three = pair[: match.start()], pair[match.end() :]
        if five and three:
            yield five, three
