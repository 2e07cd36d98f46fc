"""CIViC's molecular profiles (``EGFR T790M AND EGFR Exon 19 Deletion``) as conditions of the rule set's language.

A profile that the language cannot say as it stands is refused with the reason, and not widened: what a row that says
nearly the same is worth is for a curator to judge. The one exception is a fusion with any partner at one end, which
the language knows at either end only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

from resistab.core.cached import cached_property
from resistab.core.condition import (
    AllOf,
    AnyOf,
    Condition,
    Not,
    atoms,
    condition_text,
)
from resistab.core.grammar import MOST_NESTED, ConditionSyntaxError
from resistab.domains.oncology.atoms import (
    SIGNATURES,
    ChangeAtom,
    FusionAtom,
    SiteAtom,
)
from resistab.domains.oncology.grammar.conditions import GENE, parse_condition
from resistab.domains.oncology.grammar.protein_change import reference_fault
from resistab.domains.oncology.kinds.models import Rulebase

NO_FORM = "the alteration has no form in the language"
UNKNOWN_GENE = "the gene is not in genes.yaml"
UNKNOWN_EXON = "the exon's residues are not in genes.yaml"
UNKNOWN_SET = "alteration_sets/ has no such set"
WRONG_RESIDUE = "the reference protein has another residue there"
UNCLEAR_LOGIC = "AND, OR and brackets do not tell one meaning"


class UntranslatableError(Exception):
    """Something of CIViC's has no counterpart: the ``reason``, one of a few, and the ``detail`` it was met in."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason, self.detail = reason, detail
        super().__init__(f"{reason}: {detail}")


# What CIViC writes behind a gene, in lower case, and the words of the language that say the same.
_STATES = {
    "mutation": "mutation",
    "amplification": "amplification",
    "deletion": "deletion",
    "loss": "loss",
    "loss-of-function": "loss",
    "biallelic inactivation": "loss",
    "truncating mutation": "truncation",
    "truncation": "truncation",
    "overexpression": "overexpression",
    "underexpression": "underexpression",
    "promoter methylation": "promoter methylation",
    "promoter hypermethylation": "promoter methylation",
    "wildtype": "wild type",
    "wild type": "wild type",
    "fusion": "fusion",
    "rearrangement": "fusion",
    "translocation": "fusion",
    "viii": "splice variant vIII",
    "egfrviii": "splice variant vIII",
}
# Single alterations, reviewed: the condition, and why it says the same.
REVIEWED: dict[str, tuple[str, str]] = {
    "FLT3 ITD": (
        "FLT3 residues 572-630 insertion",
        "tandem duplications lie in the juxtamembrane and the first kinase domain",
    ),
    "CDKN2A p16 Expression": ("CDKN2A protein positive", "p16 is the protein of CDKN2A, stained in tissue"),
}
_SET_WORDS = {"gain-of-function": "activating mutation"}
_DOMAINS = re.compile(r"\btkd\b")

_CODON = re.compile(r"[A-Z][1-9][0-9]{0,4}$")
_CODONS = re.compile(r"[A-Z][1-9][0-9]{0,4}(?:/[A-Z][1-9][0-9]{0,4})+$")
_NOT_CODON = re.compile(r"non-(?P<codon>[A-Z][1-9][0-9]{0,4})$", re.IGNORECASE)
_EXON = re.compile(
    r"exon (?P<number>[0-9]{1,3}) (?:(?P<skipped>skipping)(?: mutation)?|(?P<type>mutation|deletion|del|insertion))$"
)
_EXONS = re.compile(r"\bexons? [0-9]+-[0-9]+", re.IGNORECASE)
_CHANGE = re.compile(r"(?:p\.)?\(?(?:[A-Z*]|[A-Z][a-z]{2})[1-9][0-9]{0,4}(?![0-9])[_A-Za-z*>?=/0-9]*\)?$")
_OPERATION = re.compile(r"(?<=[0-9])(DELINS|DEL|INS|DUP|FS)", re.IGNORECASE)
_CODING = re.compile(r"\s*\(?\b[cg]\.[^\s)]+\)?")
_EXON_PAIR = re.compile(r"e[0-9]+::e[0-9]+$", re.IGNORECASE)

# What the language has no words for, and how that is told; the first that is found in the words behind the gene.
_WITHOUT_FORM: tuple[tuple[re.Pattern[str], str], ...] = (
    (_EXON_PAIR, "names the exons that are joined, and the fusion alone would be wider"),
    (re.compile(r"\brs[0-9]+", re.IGNORECASE), "a polymorphism by its number"),
    (re.compile(r"polymorphism|homozygosity|genotype|\*[0-9]+[A-Z]?$", re.IGNORECASE), "an inherited variant"),
    (re.compile(r"\bc\.|splice site|intron", re.IGNORECASE), "a change of the DNA, which does not say the protein's"),
    (_EXONS, "speaks of several exons at once"),
    (re.compile(r"^(?:nuclear |cd44s |peri-therapeutic )*expression$", re.IGNORECASE), "does not say how much"),
    (re.compile(r"expression|serum|mislocali|translocation|phosphorylation", re.IGNORECASE), "a level or place"),
    (re.compile(r"domain|p-loop|tkd", re.IGNORECASE), "does not list the domain's residues"),
    (re.compile(r"rare|alteration|deleterious|inactivating", re.IGNORECASE), "does not say which"),
    (re.compile(r"duplication|itd", re.IGNORECASE), "does not say where the duplication lies"),
    (re.compile(r"frame ?shift", re.IGNORECASE), "truncation would be wider"),
    (re.compile(r"heterozygosity|\bloh\b", re.IGNORECASE), "loss of one allele"),
)


@dataclass(frozen=True)
class ProfileReader:
    """Reads profiles for one rule set.

    ``symbols`` are those of further genes that the rule set knows by name only: no alias is taken for one of them.
    """

    rulebase: Rulebase
    symbols: frozenset[str] = frozenset()

    def condition(self, profile: str) -> Condition:
        """The condition that ``profile`` states; raises ``UntranslatableError``."""
        condition = _Reader(self, profile).whole()
        # What is drafted is text, which a loader must read as the same.
        try:
            read_again = parse_condition(condition_text(condition))
        except ConditionSyntaxError:  # pragma: no cover - the printer and the parser are each other's inverse
            read_again = None
        if read_again != condition:
            raise UntranslatableError(NO_FORM, profile)
        return condition

    def genes(self, profile: str) -> frozenset[str]:
        """Symbols of the rule set's genes that ``profile`` names."""
        found = set()
        for text in _alterations(profile):
            for name in text.split()[0].split("::"):
                try:
                    found.add(self.gene(name, text))
                except UntranslatableError:
                    continue
        return frozenset(found)

    @cached_property
    def _symbols_by_name(self) -> dict[str, str | None]:
        """Symbols by upper-case symbol or alias; None for an alias of two genes, or that is another gene's symbol."""
        found: dict[str, str | None] = {}
        for gene in self.rulebase.genes:
            for alias in {alias.upper() for alias in gene.aliases}:
                found[alias] = None if alias in found else gene.symbol
        found |= {symbol.upper(): None for symbol in self.symbols}
        return found | {gene.symbol.upper(): gene.symbol for gene in self.rulebase.genes}

    def gene(self, name: str, text: str) -> str:
        """The symbol of the gene that CIViC calls ``name``."""
        symbol = self._symbols_by_name.get(name.upper())
        if symbol is None:
            raise UntranslatableError(UNKNOWN_GENE, name if GENE.match(name) else text)
        return symbol

    # --- one alteration -------------------------------------------------------------------------------------

    def alteration(self, text: str) -> Condition:
        """The condition for one alteration of a profile (``KIT Exon 11 Mutation``)."""
        first, _, rest = text.partition(" ")
        if "::" in first:
            condition = self._fusion(text, first, rest)
        elif first.upper() in SIGNATURES:
            condition = self._parsed(text, text)
        else:
            condition = self._of_gene(text, self.gene(first, text), rest)
        for atom in atoms(condition):
            self._check(atom, text)
        return condition

    def _fusion(self, text: str, partners: str, rest: str) -> Condition:
        if rest.casefold() not in ("fusion", ""):
            _refuse(text, rest)
        five, _, three = partners.partition("::")
        if "v" in (five, three):
            # CIViC's "v" is any partner.
            return FusionAtom(either=self.gene(three if five == "v" else five, text))
        return FusionAtom(five_prime=self.gene(five, text), three_prime=self.gene(three, text))

    def _of_gene(self, text: str, gene: str, rest: str) -> Condition:
        folded = rest.casefold()
        if reviewed := REVIEWED.get(text):
            return self._parsed(reviewed[0], text)
        if folded in _STATES:
            return self._parsed(f"{gene} {_STATES[folded]}", text)
        if match := _EXON.match(folded):
            what = "skipping" if match["skipped"] else match["type"]
            return self._parsed(f"{gene} exon {int(match['number'])} {what}", text)
        if match := _NOT_CODON.match(rest):
            of_gene = self._parsed(f"{gene} mutation", text)
            return AllOf(of=(of_gene, Not(of=self._parsed(f"any change at {gene} {match['codon'].upper()}", text))))
        if _CODON.match(rest):
            return self._parsed(f"any substitution at {gene} {rest}", text)
        if _CODONS.match(rest):
            parts = [self._parsed(f"any substitution at {gene} {codon}", text) for codon in rest.split("/")]
            return AnyOf(of=tuple(dict.fromkeys(parts)))
        if named := self._named_set(text, gene, folded):
            return named
        # The protein's change is written first, and that of the DNA behind it; alone, the latter says too little.
        protein = _CODING.sub("", rest).strip()
        if _CHANGE.match(protein):
            spelled = _OPERATION.sub(lambda match: match[1].lower(), protein)
            try:
                return self._parsed(f"{gene} {spelled}", text)
            except UntranslatableError:
                _refuse(text, rest)
        _refuse(text, rest)

    def _named_set(self, text: str, gene: str, folded: str) -> Condition | None:
        words = _DOMAINS.sub("kinase domain", _SET_WORDS.get(folded, folded))
        name = f"{gene} {words}"
        found = next((item for item in self.rulebase.set_by_name if item.casefold() == name.casefold()), None)
        if found is not None:
            return self._parsed(found, text)
        if words == "activating mutation":
            raise UntranslatableError(UNKNOWN_SET, name)
        return None

    def _parsed(self, words: str, text: str) -> Condition:
        try:
            return parse_condition(words)
        except ConditionSyntaxError:
            raise UntranslatableError(NO_FORM, text) from None

    def _check(self, atom: object, text: str) -> None:
        """Refuse what the rule set's own checks would refuse."""
        if isinstance(atom, ChangeAtom):
            sequence = self.rulebase.sequences.get(atom.gene)
            fault = reference_fault(atom.change, sequence) if sequence else None
            if fault:
                raise UntranslatableError(WRONG_RESIDUE, f"{text} ({fault[0]})")
        elif isinstance(atom, SiteAtom):
            gene = self.rulebase.gene_by_name[atom.gene.upper()]
            if atom.exon is not None and gene.exon_range(atom.exon) is None:
                raise UntranslatableError(UNKNOWN_EXON, text)
            sequence = self.rulebase.sequences.get(atom.gene)
            if sequence is None or atom.first is None or atom.last is None:
                return
            if atom.last > len(sequence) or atom.reference not in ("", sequence[atom.first - 1]):
                raise UntranslatableError(WRONG_RESIDUE, f"{text} ({atom.text})")


def _refuse(text: str, rest: str) -> NoReturn:
    why = next((why for pattern, why in _WITHOUT_FORM if pattern.search(rest)), "")
    raise UntranslatableError(NO_FORM, f"{text} ({why})" if why else text)


# --- AND, OR, NOT -------------------------------------------------------------------------------------------------

_MARKS = ("AND", "OR", "NOT", "(", ")")


def _tokens(profile: str) -> list[str]:
    """Connectives, brackets that stand alone, and between them the alterations."""
    tokens: list[str] = []
    for word in profile.split():
        if word in _MARKS or not tokens or tokens[-1] in _MARKS:
            tokens.append(word)
        else:
            tokens[-1] += f" {word}"
    return tokens


def _alterations(profile: str) -> Iterator[str]:
    return (token for token in _tokens(profile) if token not in _MARKS)


class _Reader:
    """One profile, by recursive descent; AND and OR may meet only where brackets part them."""

    def __init__(self, reader: ProfileReader, profile: str) -> None:
        self.reader, self.profile = reader, profile
        self.tokens, self.index, self.depth = _tokens(profile), 0, 0

    def whole(self) -> Condition:
        condition = self.joined()
        if self.index < len(self.tokens):
            self.unclear()
        return condition

    def joined(self) -> Condition:
        parts = [self.negatable()]
        connective = self.peek()
        while self.peek() in ("AND", "OR"):
            if self.peek() != connective:
                self.unclear()
            self.index += 1
            parts.append(self.negatable())
        return _join(connective or "", parts)

    def negatable(self) -> Condition:
        token = self.peek()
        if token is None or token in ("AND", "OR", ")"):
            self.unclear()
        self.index += 1
        if token not in ("NOT", "("):
            return self.reader.alteration(token)
        self.depth += 1
        if self.depth > MOST_NESTED:
            self.unclear()
        inner = Not(of=self.negatable()) if token == "NOT" else self.bracketed()
        self.depth -= 1
        return inner

    def bracketed(self) -> Condition:
        inner = self.joined()
        if self.peek() != ")":
            self.unclear()
        self.index += 1
        return inner

    def peek(self) -> str | None:
        return self.tokens[self.index] if self.index < len(self.tokens) else None

    def unclear(self) -> NoReturn:
        raise UntranslatableError(UNCLEAR_LOGIC, self.profile or "no alteration is named")


def _join(connective: str, parts: Sequence[Condition]) -> Condition:
    """The parts joined, each once, and nested parts of the same kind put in their place."""
    kind: type[AllOf] | type[AnyOf] = AllOf if connective == "AND" else AnyOf
    flat = [inner for part in parts for inner in (part.of if isinstance(part, kind) else (part,))]
    different = tuple(dict.fromkeys(flat))
    return different[0] if len(different) == 1 else kind(of=different)
