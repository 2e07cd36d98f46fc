"""The one grammar of conditions and alterations, read by recursive descent.

``parse_condition`` reads a whole condition. A patient's alteration is a condition that is a single atom, so the
same grammar reads both. Every refusal says where (column, from 1), what was found and what was expected.
The grammar is written out in ``rulebase/README.md``.
"""

from __future__ import annotations

import re
from typing import Literal

from resistab.core.amino_acids import RESIDUES
from resistab.core.condition import AllOf, ConclusionAtom, Condition
from resistab.core.faults import shortened
from resistab.core.grammar import ConditionParser, ConditionSyntaxError, Token
from resistab.domains.oncology.atoms import (
    SIGNATURES,
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
    SiteType,
    StateAtom,
    TumourTypeAtom,
    WildTypeAtom,
)
from resistab.domains.oncology.grammar.protein_change import ProteinChange, parse_protein_change

GENE = re.compile(r"[A-Za-z][A-Za-z0-9-]*$")
_CODON = re.compile(r"(?P<residue>[A-Z])?(?P<position>[1-9][0-9]{0,5})$")
_SEVERAL = re.compile(r"(?P<residue>[A-Z])(?P<position>[1-9][0-9]{0,5})(?P<new>[A-Z*](?:/[A-Z*])+)$")
_RANGE = re.compile(r"(?P<first>[1-9][0-9]{0,5})(?:-(?P<last>[1-9][0-9]{0,5}))?$")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?$")
_FRACTION = re.compile(r"(?P<value>[0-9]{1,15}(?:\.[0-9]{1,15})?)%$")

# Spellings that mean a word of the grammar; the canonical word is what is printed. A gene may be spelled like one
# of them (INS), so names are always taken as they are written.
_SPELLINGS = {
    "amp": "amplification", "amplified": "amplification",
    "del": "deletion", "deleted": "deletion", "ins": "insertion", "mutated": "mutation", "mutations": "mutation",
    "wt": "wild-type", "wildtype": "wild-type", "overexpressed": "overexpression",
    "over-expression": "overexpression", "under-expression": "underexpression", "truncating": "truncation",
    "lost": "loss", "rearrangement": "fusion", "tumor": "tumour",
}  # fmt: skip
_SIGNATURE_WORDS = {
    "msi-h": "MSI high", "msi-high": "MSI high", "mss": "MSI stable", "msi-l": "MSI low", "tmb-h": "TMB high",
    "tmb-high": "TMB high", "tmb-l": "TMB low",
}  # fmt: skip
_ATOM = (
    "an alteration (a gene and what happened to it), MSI, TMB or HRD, a conclusion, a tumour type or a prior treatment"
)
_AFTER_GENE = (
    "a protein change (T790M), a residue range, exon N, mutation, activating mutation, wild type, loss, truncation, "
    "amplification, deletion, fusion, overexpression, underexpression, protein positive, increased activity, "
    "promoter methylation, splice site mutation, promoter mutation, reversion or splice variant"
)


# Words that begin something else than an alteration; taken for a gene they would be blamed on what follows.
_BEGINNINGS = {
    "and": _ATOM, "or": _ATOM, "all": "all of (…)", "any": "any of (…), any change at or any substitution at",
    "none": "none of (…)", "at": "at least or at most, and a number", "tumour": "tumour type is, and an OncoTree code",
    "prior": "prior treatment with, or prior treatment in at least 2 lines",
    "progression": "progression on", "histological": "histological transformation",
}  # fmt: skip


_QUALITIES: tuple[Literal["germline", "somatic", "biallelic"], ...] = ("germline", "somatic", "biallelic")


def parse_condition(text: str) -> Condition:
    """The condition that ``text`` states; raises ``ConditionSyntaxError``."""
    return _Parser(text).whole()


class _Parser(ConditionParser):
    expected_atom = _ATOM
    spellings = _SPELLINGS
    expanded = _SIGNATURE_WORDS

    def atom(self) -> Condition:
        if self.words("conclusion"):
            return ConclusionAtom(id=self.next("the id of a conclusion").text)
        if self.words("tumour", "type", "is"):
            return TumourTypeAtom(code=self.next("an OncoTree code").text)
        if self.words("prior", "treatment", "with"):
            return self.prior_therapy()
        if self.words("prior", "treatment", "in", "at", "least"):
            return self.lines()
        if self.words("progression", "on"):
            return self.prior_therapy().model_copy(update={"progression": True})
        for quality in _QUALITIES:
            if self.words(quality):
                return self.qualified(quality)
        if self.words("histological", "transformation"):
            return HistologyAtom(to=self.next("an OncoTree code").text if self.words("to") else "")
        if self.words("unspecified"):
            return self.unspecified()
        if self.words("any", "change", "at"):
            return self.codon("any change")
        if self.words("any", "substitution", "at"):
            return self.codon("substitution")
        token = self.next(_ATOM)
        if token.word in _BEGINNINGS:
            self.refuse(_BEGINNINGS[token.word], token)
        if token.text.upper() in SIGNATURES:
            return self.signature(token.text.upper())
        if token.word == "egfrviii":
            return StateAtom(subject="EGFR", analyte="splicing", state="vIII")
        if "::" in token.text:
            return self.fusion(token)
        if not GENE.match(token.text):
            self.refuse(_ATOM, token)
        return self.gene_atom(token.text)

    def lines(self) -> PriorTherapyAtom:
        number = self.number_of("a number of lines of therapy")
        if not (self.words("lines") or self.words("line")):
            self.refuse("lines")
        return PriorTherapyAtom(lines=number)

    def prior_therapy(self) -> PriorTherapyAtom:
        is_class = self.words("class")
        words = [self.next("a drug" if not is_class else "a drug class").text]
        while (token := self.peek()) is not None and token.text not in "()," and token.word not in ("and", "or"):
            words.append(token.text)
            self.index += 1
        name = " ".join(words)
        return PriorTherapyAtom(drug_class=name) if is_class else PriorTherapyAtom(drug=name.casefold())

    def qualified(self, quality: Literal["germline", "somatic", "biallelic"]) -> QualifiedAtom:
        start = self.peek()
        atom = self.atom()
        if not isinstance(atom, ChangeAtom | SiteAtom | NamedSetAtom | LossAtom):
            self.refuse("a mutation or the loss of a gene, such as germline BRCA2 loss", start)
        return QualifiedAtom(quality=quality, inner=atom)

    def unspecified(self) -> SiteAtom:
        start = self.peek()
        atom: Condition
        if self.words("any", "change", "at"):
            atom = self.codon("any change")
        elif self.words("any", "substitution", "at"):
            atom = self.codon("substitution")
        else:
            atom = self.gene_atom(self.gene())
        if not isinstance(atom, SiteAtom):
            self.refuse("a type and place, such as EGFR exon 20 insertion or KRAS mutation", start)
        return atom.model_copy(update={"unspecified": True})

    def codon(self, site: SiteType) -> SiteAtom:
        gene = self.gene()
        token = self.next("a codon such as V600 or 600")
        match = _CODON.match(token.text)
        if match is None or (match["residue"] and match["residue"] not in RESIDUES):
            self.refuse("a codon such as V600 or 600", token)
        excluded: tuple[str, ...] = ()
        if self.words("except"):
            residues = self.next("residues such as E/K")
            excluded = tuple(sorted(set(residues.text.split("/"))))
            if any(r not in RESIDUES for r in excluded):
                self.refuse("residues in one-letter code, such as E/K", residues)
        position = int(match["position"])
        return SiteAtom(
            gene=gene,
            type=site,
            first=position,
            last=position,
            reference=match["residue"] or "",
            excluded=excluded,
            allele_fraction=self.allele_fraction(),
        )

    def gene(self) -> str:
        token = self.next("a gene")
        if not GENE.match(token.text):
            self.refuse("a gene", token)
        return token.text

    def signature(self, name: str) -> StateAtom:
        start = self.peek()
        if (bound := self.bound()) is not None:
            if "value" not in SIGNATURES[name]:
                self.refuse(f"{' or '.join(SIGNATURES[name])}", start)
            return StateAtom(subject=name, analyte="signature", state="value", bound=bound)
        states = [state for state in SIGNATURES[name] if state != "value"]
        token = self.next(f"{name} {' or '.join(states)}")
        if token.word not in states:
            self.refuse(f"{' or '.join(states)}", token)
        return StateAtom(subject=name, analyte="signature", state=token.word)

    def fusion(self, token: Token) -> Condition:
        five, _, three = token.text.partition("::")
        if not (GENE.match(five) and GENE.match(three)):
            self.refuse("a fusion of two genes such as EML4::ALK", token)
        self.words("fusion")
        fusion = FusionAtom(five_prime=five, three_prime=three)
        following = self.peek()
        if following is not None and (change := self.protein_change(following)) is not None:
            # "BCR::ABL1 T315I": a change in the kinase that the fusion carries.
            self.index += 1
            return AllOf(of=(fusion, ChangeAtom(gene=three, change=change, allele_fraction=self.allele_fraction())))
        return fusion

    def protein_change(self, token: Token) -> ProteinChange | None:
        try:
            return parse_protein_change(token.text)
        except ValueError as reason:
            raise ConditionSyntaxError(
                token.column, f"'{shortened(token.text)}'", f"a possible protein change: {shortened(str(reason), 200)}"
            ) from None

    def gene_atom(self, gene: str) -> Condition:
        token = self.peek()
        if token is None or token.text in "(),":
            self.refuse(_AFTER_GENE)
        several = _SEVERAL.match(token.text)
        if several:
            self.index += 1
            residues = several["new"].split("/")
            if several["residue"] not in RESIDUES or any(r not in RESIDUES for r in residues):
                self.refuse("residues in one-letter code", token)
            if len(set(residues)) < len(residues) or several["residue"] in residues:
                self.refuse("different new residues, none of them the reference", token)
            position = int(several["position"])
            change = ProteinChange(
                kind="substitution",
                start=position,
                end=position,
                start_residue=several["residue"],
                end_residue=several["residue"],
                inserted=sorted(residues)[0],
            )
            return ChangeAtom(
                gene=gene, change=change, residues=tuple(residues), allele_fraction=self.allele_fraction()
            )
        if (change_found := self.protein_change(token)) is not None:
            self.index += 1
            atom = ChangeAtom(gene=gene, change=change_found, allele_fraction=self.allele_fraction())
            for phase in ("cis", "trans"):
                if self.words("in", phase, "with"):
                    return PhaseAtom(first=atom, second=self.other_change(gene), phase=phase)
            return atom
        return self.gene_state(gene)

    def other_change(self, gene: str) -> ChangeAtom:
        token = self.next("a protein change")
        second = self.peek()
        # A gene may be spelled like a change (F2R): what a change follows is a gene.
        if second is not None and GENE.match(token.text) and (change := self.protein_change(second)) is not None:
            self.index += 1
            return ChangeAtom(gene=token.text, change=change)
        if (change := self.protein_change(token)) is not None:
            return ChangeAtom(gene=gene, change=change)
        if not GENE.match(token.text):
            self.refuse("a gene and a protein change", token)
        self.refuse("a protein change")

    def gene_state(self, gene: str) -> Condition:
        if self.words("exon"):
            exon = self.number_of("the number of an exon")
            if self.words("skipping"):
                return StateAtom(subject=gene, analyte="splicing", state=f"exon {exon} skipping")
            return SiteAtom(gene=gene, type=self.site_type(), exon=exon, allele_fraction=self.allele_fraction())
        if self.words("residues"):
            token = self.next("a range of residues such as 746-759")
            match = _RANGE.match(token.text)
            if match is None or int(match["last"] or match["first"]) < int(match["first"]):
                self.refuse("a range of residues such as 746-759", token)
            return SiteAtom(
                gene=gene,
                type=self.site_type(),
                first=int(match["first"]),
                last=int(match["last"] or match["first"]),
                allele_fraction=self.allele_fraction(),
            )
        if self.words("mutation"):
            return SiteAtom(gene=gene, type="mutation", allele_fraction=self.allele_fraction())
        if self.words("truncation"):
            self.words("mutation")
            return SiteAtom(gene=gene, type="truncation", allele_fraction=self.allele_fraction())
        if self.words("wild", "type") or self.words("wild-type"):
            return WildTypeAtom(gene=gene)
        if self.words("loss"):
            return LossAtom(gene=gene)
        for state in ("amplification", "deletion"):
            if self.words(state):
                return StateAtom(subject=gene, analyte="copy number", state=state, bound=self.bound())
        if self.words("fusion"):
            return FusionAtom(either=gene)
        for state in ("overexpression", "underexpression"):
            if self.words(state):
                return StateAtom(subject=gene, analyte="expression", state=state, bound=self.bound())
        if self.words("protein"):
            token = self.next("positive or negative")
            if token.word not in ("positive", "negative"):
                self.refuse("positive or negative", token)
            return StateAtom(subject=gene, analyte="protein", state=token.word, bound=self.bound())
        for state in ("increased", "decreased"):
            if self.words(state, "activity"):
                return StateAtom(subject=gene, analyte="activity", state=state)
        if self.words("promoter", "mutation"):
            return SiteAtom(gene=gene, type="promoter mutation", allele_fraction=self.allele_fraction())
        if self.words("reversion"):
            self.words("mutation")
            return SiteAtom(gene=gene, type="reversion", allele_fraction=self.allele_fraction())
        if self.words("promoter", "methylation"):
            return StateAtom(subject=gene, analyte="methylation", state="promoter methylation")
        if self.words("splice", "site", "mutation"):
            return SiteAtom(gene=gene, type="splice site mutation", allele_fraction=self.allele_fraction())
        if self.words("splice", "variant"):
            token_ = self.peek()
            name = "variant"
            if token_ is not None and token_.text not in "()," and token_.word not in ("and", "or"):
                name = token_.text
                self.index += 1
            return StateAtom(subject=gene, analyte="splicing", state=name)
        if self.words("viii"):
            return StateAtom(subject=gene, analyte="splicing", state="vIII")
        return self.named_set(gene)

    def site_type(self) -> SiteType:
        for site in ("deletion", "insertion", "mutation", "substitution"):
            if self.words(site):
                return site
        self.refuse("deletion, insertion, mutation or substitution")

    def named_set(self, gene: str) -> NamedSetAtom:
        start = self.peek()
        words: list[str] = []
        while (token := self.peek()) is not None and re.match(r"[a-z][a-z-]*$", token.text):
            words.append(token.word if token.word == "mutation" else token.text)
            self.index += 1
            if token.word == "mutation" and len(words) > 1:
                return NamedSetAtom(gene=gene, name=f"{gene} {' '.join(words)}")
        self.refuse(_AFTER_GENE, start)

    # --- bounds ---------------------------------------------------------------------------------------------

    def bound(self) -> Bound | None:
        at: Literal["least", "most"]
        if self.words("of", "at", "least"):
            at = "least"
        elif self.words("of", "at", "most"):
            at = "most"
        else:
            return None
        token = self.next("a number")
        percent = _FRACTION.match(token.text)
        if percent:
            return Bound(at=at, value=float(percent["value"]), unit="%")
        if not _NUMBER.match(token.text):
            self.refuse("a number", token)
        unit = ""
        following = self.peek()
        if following is not None and following.text not in "()," and following.word not in ("and", "or"):
            unit = following.text
            self.index += 1
        return Bound(at=at, value=float(token.text), unit=unit)

    def allele_fraction(self) -> Bound | None:
        if not self.words("with", "allele", "fraction"):
            return None
        bound = self.bound()
        if bound is None:
            self.refuse("of at least or of at most, and a percentage")
        if bound.unit != "%" or not 0 <= bound.value <= 100:
            self.refuse("a percentage from 0% to 100%", self.tokens[self.index - 1])
        return Bound(at=bound.at, value=bound.value / 100, unit="")
