"""One alteration as a person writes it, to findings or coverage, checked against the genes of a rulebase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, assert_never

from resistab.core.cached import cached_property
from resistab.core.condition import (
    AllOf,
    Atom,
    ConclusionAtom,
    Condition,
    atoms,
)
from resistab.core.faults import nearest
from resistab.core.grammar import ConditionSyntaxError
from resistab.core.records import dataclass, replace
from resistab.core.said import said
from resistab.domains.oncology.atoms import (
    SIGNATURES,
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
    Assayed,
    ChangeFinding,
    Finding,
    FusionFinding,
    HistologyFinding,
    LossFinding,
    Phase,
    SetFinding,
    SiteFinding,
    StateFinding,
)
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.grammar.loci import Locus, LocusKind
from resistab.domains.oncology.grammar.older_spellings import standard_spelling
from resistab.domains.oncology.grammar.protein_change import (
    ProteinChange,
    parse_protein_change,
    reference_fault,
    unnamed_residue,
)
from resistab.domains.oncology.inputs.coding import CodingError, Message, is_coding, on_protein
from resistab.domains.oncology.inputs.gene_names import date_for_symbol, suggester
from resistab.domains.oncology.inputs.listed import listed, tidy
from resistab.domains.oncology.inputs.measurements import (
    UNITS_OF,
    Quantity,
    outside,
    plain_words,
    quantity,
    unit_of,
    unmethylated,
)
from resistab.domains.oncology.inputs.said_beside import qualified, said_beside
from resistab.domains.oncology.kinds.models import Gene, Rulebase
from resistab.domains.oncology.kinds.symbols import GeneSymbols

if TYPE_CHECKING:
    from resistab.domains.oncology.inputs.everyday import Everyday, NotFound

# The share of reads behind a change, in percent with or without a word before it, as a fraction only with one.
_FRACTION = re.compile(
    r"(?:(?:\s+|\s*[,(]\s*)\(?(?:at|VAF|AF|MAF|(?:with )?(?:variant )?allele (?:fraction|frequency))\s*[:=]?\s*"
    r"(?P<value>[0-9]{1,12}(?:\.[0-9]{1,12})?)\s*(?P<percent>%)?|"
    r"(?:\s+|(?=\())\(?(?P<bare>[0-9]{1,12}(?:\.[0-9]{1,12})?)\s*%(?:\s*(?:VAF|AF|MAF))?)\)?$",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"(?P<what>.*\b(?:amplification|amplified|amp|deletion|overexpression|underexpression|positive|negative|"
    r"TMB(?:[ -]?(?:high|low|H|L))?))\s*[:=]?\s*\(?(?P<value>-?[0-9]{1,12}(?:\.[0-9]{1,12})?)\s*"
    r"(?P<unit>%|/?[A-Za-z][A-Za-z /-]*)?\)?$",
    re.IGNORECASE,
)
_MOST_STEPS = 4
# What stands alone in a list belongs to the gene before it.
_CHANGE = re.compile(r"p\.|[A-Z][1-9][0-9]*[A-Za-z*_=]|[A-Z][a-z]{2}[1-9]|c\.")
_AFTER_GENE = frozenset(
    {"amplification", "amplified", "amp", "loss", "deletion", "fusion", "mutation", "exon", "overexpression"}
)
_NEGATIVE_RESULTS = (
    "'GENE wild type', 'GENE T790M not detected', 'GENE fusion negative', 'GENE amplification negative' or "
    "'GENE protein negative'"
)
# A change at a splice site as MAF files name it, by the codon beside it.
_SPLICE = re.compile(r"(?:p\.)?[A-Z*]?(?P<codon>[1-9][0-9]{0,5})_splice", re.IGNORECASE)


class AlterationError(ValueError):
    """An alteration that cannot be taken; ``expected`` and ``suggestion`` as in a ``Fault``."""

    def __init__(self, message: str, expected: str | None = None, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message, self.expected, self.suggestion = message, expected, suggestion


class Measured(NamedTuple):
    """What was measured of an alteration beside its presence.

    ``allele_fraction`` is between 0 and 1, ``depth`` the number of reads at the place.
    """

    allele_fraction: float | None = None
    value: float | None = None
    unit: str = ""
    depth: int | None = None


@dataclass(frozen=True)
class ReadAlteration:
    """What an alteration says: findings, or that a gene was assayed and nothing found, and notes on the reading.

    ``untested`` are the alterations of which it says that there is no result.
    """

    findings: tuple[Finding, ...] = ()
    assayed: tuple[Assayed, ...] = ()
    notes: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()


class AlterationReader:
    """Reads alterations against one rulebase; ``symbols`` are those of genes without rules, and former ones."""

    def __init__(self, rulebase: Rulebase, symbols: GeneSymbols) -> None:
        self.rulebase = rulebase
        self.symbols = symbols
        # The accession that the change now being read was annotated on, and the reader of those without one.
        self._transcript = ""
        self._plain: AlterationReader | None = None

    def read(self, text: str, measured: Measured | None = None, transcript: str = "") -> ReadAlteration:
        """What ``text`` says; raises ``AlterationError`` where it cannot be understood or is impossible.

        ``transcript`` is the accession that a protein change was annotated on, "" where that was not said.
        """
        if transcript != self._transcript:
            return self._on(transcript).read(text, measured, transcript)
        text = tidy(text)
        parts = listed(text)
        if len(parts) < 2:
            return self._one(text, text, measured or Measured())
        if measured is not None and measured != Measured():
            raise AlterationError("a list of alterations beside one measurement", "one alteration, or none measured")
        from resistab.domains.oncology.inputs.everyday import AmbiguousError, refuse_shared_result

        try:
            refuse_shared_result(text)
        except AmbiguousError as error:
            raise AlterationError(error.message, error.expected, error.suggestion) from None
        read = [self._one(part, part, Measured()) for part in self._with_genes(parts)]
        return ReadAlteration(
            tuple(finding for one in read for finding in one.findings),
            tuple(item for one in read for item in one.assayed),
            tuple(note for one in read for note in one.notes),
            tuple(item for one in read for item in one.untested),
        )

    def _on(self, transcript: str) -> AlterationReader:
        """The reader of changes that were annotated on ``transcript``: another one, so that none ever changes."""
        other = AlterationReader(self.rulebase, self.symbols)
        other._transcript, other._plain = transcript, self._plain or self
        return other

    def _with_genes(self, parts: list[str]) -> Iterator[str]:
        """The parts of a list, each with its gene: "EGFR L858R, T790M" names it once."""
        gene = ""
        for part in parts:
            first = part.partition(" ")[0]
            if gene and not self._is_known(first) and (_CHANGE.match(first) or first.casefold() in _AFTER_GENE):
                yield f"{gene} {part}"
            else:
                gene = first if self._is_known(first) else ""
                yield part

    def _one(self, text: str, given: str, measured: Measured, steps: int = 0) -> ReadAlteration:
        """One alteration; ``steps`` counts how often it was put into other words."""
        text = plain_words(text)
        notes: list[str] = []
        if steps == 0 and ("-" in text or "/" in text) and (named := self._everyday.of_fusion_gene(text)):
            return self._of_fusion_gene(*named, given, measured)
        if (name := unmethylated(text)) is not None:
            locus = Locus(subject=self.gene(name, notes)[0], kind="methylation")
            return ReadAlteration(assayed=(Assayed(locus=locus, given=given),), notes=tuple(notes))
        if (measurement := quantity(text)) is not None:
            return self._quantity(measurement, given, measured)
        if match := _FRACTION.search(text):
            fraction = float(match["value"] or match["bare"]) / (100 if match["percent"] or match["bare"] else 1)
            measured, text = measured._replace(allele_fraction=fraction), text[: match.start()].rstrip(" ,;")
        if match := _MEASURED.match(text.strip()):
            measured = measured._replace(value=float(match["value"]), unit=match["unit"] or "")
            text = match["what"]
        if measured.unit:
            measured = measured._replace(unit=self._unit(measured.unit))
        if text.strip().upper() == "TMB" and measured.value is not None:
            text = "TMB of at least 0"
        if measured.allele_fraction is not None and not 0 <= measured.allele_fraction <= 1:
            raise AlterationError(
                f"the allele fraction is {measured.allele_fraction:g}",
                "a fraction from 0 to 1 (or 0% to 100%)",
            )
        findings: list[Finding] = []
        assayed: list[Assayed] = []
        try:
            for atom in _parts(parse_condition(self._standard(text, notes)), given):
                self._take(self._resolved(atom, notes), given, measured, findings, assayed)
        except (AlterationError, ConditionSyntaxError) as error:
            otherwise = self._in_other_words(text, given, measured, steps)
            if otherwise is not None:
                return otherwise
            if isinstance(error, AlterationError):
                raise
            raise self._not_understood(text, error) from None
        return ReadAlteration(tuple(findings), tuple(assayed), tuple(notes))

    def _of_fusion_gene(self, fusion: str, text: str, given: str, measured: Measured) -> ReadAlteration:
        """What is said of a gene by the name of its fusion: the change (``text``, "" for none), and the fusion."""
        if not text:
            read = self._one(fusion, given, measured, steps=1)
            return replace(read, notes=(*read.notes, _read_as(given, fusion)))
        read = self._one(text, given, measured, steps=1)
        if not read.findings:
            return read
        fused = self._one(fusion, given, Measured(), steps=1)
        shown = " and ".join(finding.text for finding in (*read.findings, *fused.findings))
        note = _read_as(given, shown)
        return replace(read, findings=(*read.findings, *fused.findings), notes=(*read.notes, note))

    def _unit(self, text: str) -> str:
        unit = unit_of(text)
        if unit is None:
            raise AlterationError(f"unknown unit '{text}'", ", ".join(dict.fromkeys(sum(UNITS_OF.values(), ()))))
        return unit

    def _in_other_words(self, text: str, given: str, measured: Measured, steps: int) -> ReadAlteration | None:
        """An alteration that the grammar does not read, by an everyday form; None where none fits."""
        # Imported here and where it is made: its many forms are slow to load, and most alterations need none.
        from resistab.domains.oncology.inputs.everyday import AmbiguousError

        if steps > 2 * _MOST_STEPS:
            return None
        if (untested := self._everyday.without_result(text)) is not None:
            what, is_test = untested
            if not is_test:
                # That it can be read shows that it is the alteration that has no result, and nothing beside it.
                self._one(what, given, Measured(), steps + 1)
            return ReadAlteration(untested=(what,))
        try:
            if (nothing := self._everyday.not_found(text)) is not None:
                return self._not_found(nothing, given, steps)
            if beside := said_beside(text):
                return self._with_said(*beside, given, measured, steps)
            if (named := self._everyday.known_as(text)) is not None:
                return self._one(named, given, measured, _MOST_STEPS)
            gene, _, change = text.partition(" ")
            if is_coding(change) and self._is_known(gene):
                return self._coding(gene, change, given, measured)
            found = self._everyday.standard(text) if steps < _MOST_STEPS else None
        except AmbiguousError as error:
            raise AlterationError(error.message, error.expected, error.suggestion) from None
        except CodingError as error:
            raise AlterationError(error.message, error.expected) from None
        if found is None:
            return None
        read = self._one(found, given, measured, steps + 1)
        if unnamed_residue(change) is not None:
            note = said(
                "'{given}' was read as {finding}: X is any residue; a stop is written *", given=given, finding=found
            )
            return replace(read, findings=_perhaps_stops(read.findings), notes=(*read.notes, note))
        if steps == 0 and read.findings and not any(given in note for note in read.notes):
            shown = ", ".join(finding.text for finding in read.findings)
            # That T790M stands behind an accession or beside its coding change needs no word.
            told = () if shown.split()[-1] in given else (_read_as(given, shown),)
            return replace(read, notes=(*read.notes, *told))
        return read

    def _with_said(
        self, what: str, fields: dict[str, Any], word: str, given: str, measured: Measured, steps: int
    ) -> ReadAlteration:
        """An alteration with what a laboratory says of it beside it."""
        read = self._one(what, given, measured, steps + 1)
        if "copies" in fields and any(isinstance(finding, StateFinding) for finding in read.findings):
            gene = what.partition(" ")[0]
            raise AlterationError(
                "a copy number beside how many copies are changed",
                f"'{gene} homozygous deletion' or '{gene} heterozygous deletion'",
            )
        findings = tuple(qualified(finding, fields) for finding in read.findings)
        told = (said("of '{given}' the word '{word}' is used by no rule", given=given, word=word),) if word else ()
        return replace(read, findings=findings, notes=(*read.notes, *told))

    def _coding(self, gene: str, change: str, given: str, measured: Measured) -> ReadAlteration:
        notes: list[str] = []
        symbol, known = self.gene(gene, notes)
        on = on_protein(symbol, change, Message(self.rulebase.sequences.get(symbol), known.codons if known else {}))
        read = self._one(on.text, given, measured, _MOST_STEPS)
        may_be = f" ({' or '.join(on.residues)})" if on.residues else ""
        note = _read_as(given, ", ".join(finding.text for finding in read.findings) + may_be)
        return replace(read, notes=(*notes, *read.notes, note))

    def _not_found(self, nothing: NotFound, given: str, steps: int) -> ReadAlteration:
        """The negative result of a test: what it looked for was assayed, and is not there."""
        notes: list[str] = []
        if nothing.kind is not None:
            locus = Locus(subject=self.gene(nothing.gene, notes)[0], kind=nothing.kind)
        else:
            read = self._one(nothing.what, nothing.what, Measured(), steps + 1)
            notes.extend(read.notes)
            found = _looked_for(read.findings[0]) if len(read.findings) == 1 else None
            if found is None:
                raise AlterationError("it is not said what was tested", _negative_results(read.findings))
            locus = found
        return ReadAlteration(assayed=(Assayed(locus=locus, given=given),), notes=tuple(notes))

    @cached_property
    def _everyday(self) -> Everyday:
        from resistab.domains.oncology.inputs.everyday import Everyday

        if self._plain is not None:
            return self._plain._everyday
        return Everyday(self.rulebase, self._is_known)

    def _quantity(self, read: Quantity, given: str, measured: Measured) -> ReadAlteration:
        """A measured value as the state that the rule set's cutoffs make of it, or as one that is undecided by them."""
        notes: list[str] = []
        symbol, _ = self.gene(read.gene, notes)
        if None not in (read.value, measured.value) and read.value != measured.value:
            raise AlterationError(f"{read.value:g} contradicts {measured.value:g}", "one of the two")
        value = measured.value if read.value is None else read.value
        unit = read.unit or measured.unit
        if value is None and read.analyte != "copy number":
            raise AlterationError(
                "no value is given", "a number, such as 'HER2 IHC 3+', 'PD-L1 TPS 60%' or 'MYC TPM 45'"
            )
        if value is not None and not unit:
            raise AlterationError("no unit is given", "TPM or z-score")
        if value is not None and (bounds := outside(value, unit)):
            raise AlterationError(f"{value:g} is no value of {unit}", f"a number {bounds}")
        cutoff = self.rulebase.manifest.cutoff(read.analyte, symbol, unit)
        state = "value" if value is None or cutoff is None else cutoff.state(value)
        shown = (
            "changed" if value is None else {"IHC": f"{value:g}+", "%": f"{value:g}%"}.get(unit, f"{value:g} {unit}")
        )
        what = {"IHC": "IHC"}.get(unit, read.analyte)
        finding = StateFinding(
            text=f"{symbol} {what} {shown}",
            given=given,
            subject=symbol,
            analyte=read.analyte,
            state=state,
            value=value,
            unit=unit,
        )
        if state not in ("value", "neither"):
            meant = f"{symbol} {'' if what != 'IHC' else 'protein '}{state}"
            notes.append(said("{finding} was read as {meant}", finding=finding.text, meant=meant))
        return ReadAlteration((finding,), (), tuple(notes))

    def _standard(self, text: str, notes: list[str]) -> str:
        """``text`` with an older spelling of a protein change, or a splice site named by its codon, as we write it."""
        name, _, change = text.strip().partition(" ")
        self._refuse_date(name)
        gene = self.rulebase.gene_by_name.get(name.upper())
        if gene is not None and change in gene.known_as:
            # TERT C228T counts bases of the chromosome: it is no exchange of a residue.
            return f"{name} {gene.known_as[change]}"
        if splice := _SPLICE.fullmatch(change):
            exon = self.rulebase.exon_skipped_by_splice_site(name, int(splice["codon"]))
            if exon is None:
                return f"{name} splice site mutation"
            skipped = "{finding}, at a splice site of exon {exon}, was read as skipping of that exon"
            notes.append(said(skipped, finding=text.strip(), exon=exon))
            return f"{name} exon {exon} skipping"
        try:
            spelling = standard_spelling(change, self.rulebase.sequences.get(gene.symbol) if gene else None)
        except ValueError as reason:
            raise AlterationError(str(reason), "the change as HGVS writes it, such as E746_A750del") from None
        return f"{name} {spelling}" if spelling else text

    def _refuse_date(self, name: str) -> None:
        """Refuse what a spreadsheet made of a symbol that looks like a date."""
        written = date_for_symbol(name)
        if written is None:
            return
        today = dict.fromkeys(symbol for former in written for symbol in self.symbols.had(former))
        raise AlterationError(
            f"'{name}' is a date, which spreadsheets make of some symbols of genes",
            "an HGNC symbol",
            " or ".join(today) or None,
        )

    def _not_understood(self, text: str, error: ConditionSyntaxError) -> AlterationError:
        word = text.split()[0] if text.split() else ""
        gene = word.partition("::")[0]
        if gene and error.column > len(word) and gene.upper() not in SIGNATURES and not self._is_known(gene):
            return self._unknown_gene(gene)
        return AlterationError(f"at column {error.column}: found {error.found}", error.expected)

    def _is_known(self, name: str) -> bool:
        known = name.upper() in self.rulebase.gene_by_name or self.symbols.symbol(name) is not None
        return known or bool(self.symbols.had(name))

    def _unknown_gene(self, name: str) -> AlterationError:
        # A hyphen is how fusions used to be written; it may also belong to a symbol, so it is asked, not assumed.
        five, _, three = name.partition("-")
        fusion = (
            f"{five.upper()}::{three.upper()}" if three and self._is_known(five) and self._is_known(three) else None
        )
        return AlterationError(
            f"unknown gene '{name}'",
            "an HGNC symbol or a known alias",
            fusion or suggester(self.rulebase, self.symbols).nearest(name),
        )

    def gene(self, name: str, notes: list[str]) -> tuple[str, Gene | None]:
        """The HGNC symbol for ``name`` and its gene where rules know it; an alias or former symbol adds a note.

        A symbol of today comes before any other name. What may mean two genes is refused with both.
        """
        gene = self.rulebase.gene_by_name.get(name.upper())
        if gene is not None and gene.symbol.upper() == name.upper():
            return gene.symbol, gene
        symbol, had = self.symbols.symbol(name), self.symbols.had(name)
        if symbol is not None:
            if others := [other for other in had if other != symbol]:
                also = "{gene} is a gene of its own; {others} also had this symbol once"
                notes.append(said(also, gene=symbol, others=" and ".join(others)))
            return symbol, None
        meant = tuple(dict.fromkeys(((gene.symbol,) if gene is not None else ()) + had))
        if not meant:
            raise self._unknown_gene(name)
        if len(meant) > 1:
            raise AlterationError(f"'{name}' may mean {' or '.join(meant)}", "the HGNC symbol of the one that is meant")
        notes.append(said("{finding} was read as {meant}", finding=name, meant=meant[0]))
        return meant[0], self.rulebase.gene_by_name.get(meant[0].upper())

    # --- genes and reference residues -----------------------------------------------------------------------

    def _resolved(self, atom: Atom, notes: list[str]) -> Atom:
        match atom:
            case PhaseAtom():
                first, second = self._resolved(atom.first, notes), self._resolved(atom.second, notes)
                return atom.model_copy(update={"first": first, "second": second})
            case ChangeAtom():
                symbol, gene = self.gene(atom.gene, notes)
                change = self._on_reference(atom.change, gene, notes)
                resolved = atom.model_copy(update={"gene": symbol, "change": change})
                self._check_change(resolved, gene)
                self._note_transcript(gene, notes)
                return resolved
            case SiteAtom():
                return self._resolved_site(atom, notes)
            case FusionAtom():
                names = {
                    field: self.gene(getattr(atom, field), notes)[0] if getattr(atom, field) else ""
                    for field in ("five_prime", "three_prime", "either")
                }
                return atom.model_copy(update=names)
            case StateAtom():
                if atom.analyte == "signature":
                    return atom
                return atom.model_copy(update={"subject": self.gene(atom.subject, notes)[0]})
            case NamedSetAtom():
                symbol, _ = self.gene(atom.gene, notes)
                name = " ".join([symbol, *atom.name.split()[1:]])
                if name not in self.rulebase.set_by_name:
                    known = [known for known in self.rulebase.set_by_name if known.startswith(f"{symbol} ")]
                    raise AlterationError(
                        f"'{name}' is not a named set of alterations",
                        "the change itself, such as a protein change" + (f", or {' or '.join(known)}" if known else ""),
                        nearest(name, known),
                    )
                return NamedSetAtom(gene=symbol, name=name)
            case HistologyAtom():
                if atom.to and atom.to not in self.rulebase.tumour_by_code:
                    from resistab.domains.oncology.inputs.tumour_types import suggest_code

                    raise AlterationError(
                        f"unknown tumour type '{atom.to}'",
                        "an OncoTree code",
                        suggest_code(self.rulebase, atom.to),
                    )
                return atom
            case LossAtom() | WildTypeAtom():
                return atom.model_copy(update={"gene": self.gene(atom.gene, notes)[0]})
            case QualifiedAtom():
                return atom.model_copy(update={"inner": self._resolved(atom.alteration, notes)})
        raise AlterationError("not a finding", "an alteration of a gene, or a signature")

    def _on_reference(self, change: ProteinChange, gene: Gene | None, notes: list[str]) -> ProteinChange:
        """The change on the gene's reference protein, where it is counted on an isoform that the rule set knows."""
        meant = self._meant(change, gene) if gene is not None else None
        if gene is None or meant is None:
            return change
        named = {"gene": gene.symbol, "change": change, "meant": meant}
        if self._transcript and gene.protein:
            on_both = (
                "{gene} {change} on {transcript} was read as {gene} {meant}, which is the same change on {protein}"
            )
            notes.append(said(on_both, **named, transcript=self._transcript, protein=gene.protein))
        elif self._transcript:
            on_one = "{gene} {change} on {transcript} was read as {gene} {meant}, which is the same change"
            notes.append(said(on_one, **named, transcript=self._transcript))
        elif gene.protein:
            on_ours = "{gene} {change} was read as {gene} {meant}, which is the same change on {protein}"
            notes.append(said(on_ours, **named, protein=gene.protein))
        else:
            notes.append(said("{gene} {change} was read as {gene} {meant}, which is the same change", **named))
        return meant

    def _meant(self, change: ProteinChange, gene: Gene) -> ProteinChange | None:
        """The one change of the reference protein that ``change`` is by another isoform's numbers, or None."""
        if spelling := gene.also_written.get(str(change)):
            return parse_protein_change(spelling)
        sequence = self.rulebase.sequences.get(gene.symbol)
        of_isoform = gene.numbering_on(self._transcript)
        agrees = sequence is None or reference_fault(change, sequence) is None
        ours = self._transcript.partition(".")[0] in gene.transcripts
        if sequence is None or ours or (agrees and not of_isoform):
            return None
        moved = (
            change.model_copy(update={"start": change.start + other.shift, "end": change.end + other.shift})
            for other in of_isoform or gene.other_numbering
            if other.bounds[0] <= change.start and change.end <= other.bounds[1]
        )
        fitting = [other for other in moved if reference_fault(other, sequence) is None]
        return fitting[0] if len(fitting) == 1 else None

    def _note_transcript(self, gene: Gene | None, notes: list[str]) -> None:
        """Say, once a gene, that changes were annotated on another transcript, or on another version of ours."""
        if gene is None or not self._transcript or self._transcript in (gene.transcript, gene.ensembl):
            return
        ours = gene.ensembl if self._transcript.startswith("ENST") else gene.transcript
        if self._transcript.partition(".")[0] in gene.transcripts:
            other = "{gene} was annotated on {transcript}; the rule set's transcript is {ours}"
            notes.append(said(other, gene=gene.symbol, transcript=self._transcript, ours=ours))
        elif not gene.numbering_on(self._transcript):
            another = (
                "{gene} was annotated on {transcript}, another transcript than the rule set's {ours}; its numbers were "
                "taken where the residues agree"
            )
            notes.append(said(another, gene=gene.symbol, transcript=self._transcript, ours=ours))

    def _check_change(self, atom: ChangeAtom, gene: Gene | None) -> None:
        if atom.residues:
            raise AlterationError("several changes in one", "one change in each finding")
        sequence = self.rulebase.sequences.get(atom.gene)
        fault = reference_fault(atom.change, sequence) if sequence else None
        if sequence and fault:
            message, suggestion = fault
            accession = f" ({gene.protein})" if gene and gene.protein else ""
            # Most such changes are numbered on another isoform: to mend the residue would make one that nobody found.
            slip = (atom.gene, suggestion) in self._changes_of_rules or _one_end_agrees(atom.change, sequence)
            raise AlterationError(
                message + accession, None, f"{atom.gene} {suggestion}" if suggestion and slip else None
            )

    @cached_property
    def _changes_of_rules(self) -> frozenset[tuple[str, str]]:
        """The single protein changes that rules and alteration sets name, by gene."""
        if self._plain is not None:
            return self._plain._changes_of_rules
        named = (atom for condition in self.rulebase.live_conditions() for atom in atoms(condition))
        return frozenset((atom.gene, str(atom.change)) for atom in named if isinstance(atom, ChangeAtom))

    def _resolved_site(self, atom: SiteAtom, notes: list[str]) -> SiteAtom:
        # A finding given by type and place is unspecified, whether or not that is said.
        atom = atom.model_copy(update={"unspecified": False})
        symbol, gene = self.gene(atom.gene, notes)
        sequence = self.rulebase.sequences.get(symbol)
        if atom.exon is not None:
            bounds = gene.exon_range(atom.exon) if gene else None
            if bounds is None:
                known = ", ".join(map(str, gene.exons)) if gene and gene.exons else "none"
                raise AlterationError(
                    f"exon {atom.exon} of {symbol} has no residue range in this rule set",
                    f"the protein change, or one of the exons known ({known})",
                )
            skipped = self.rulebase.exon_skipped_by_splice_site(symbol, bounds[1])
            if atom.type == "deletion" and skipped == atom.exon:
                raise AlterationError(
                    f"a deletion of exon {atom.exon} of {symbol}, or one within it",
                    f"'{symbol} exon {atom.exon} skipping', or the protein change",
                )
            return atom.model_copy(update={"gene": symbol, "first": bounds[0], "last": bounds[1]})
        if sequence and atom.last is not None and atom.last > len(sequence):
            raise AlterationError(f"position {atom.last} lies beyond the protein, which has {len(sequence)} residues")
        if sequence and atom.first is not None and atom.reference and sequence[atom.first - 1] != atom.reference:
            raise AlterationError(
                f"the reference residue at {atom.first} is {sequence[atom.first - 1]}, not {atom.reference}"
            )
        return atom.model_copy(update={"gene": symbol})

    # --- findings -------------------------------------------------------------------------------------------

    def _take(
        self, atom: Atom, given: str, measured: Measured, findings: list[Finding], assayed: list[Assayed]
    ) -> None:
        text = atom.text
        common: dict[str, Any] = {
            "text": text,
            "given": given,
            "allele_fraction": measured.allele_fraction,
            "depth": measured.depth,
        }
        known = tumour_atom(atom)
        if measured.value is not None and not isinstance(known, StateAtom):
            shown = f"{measured.value:g} {measured.unit}".rstrip()
            gene = atom.subjects[0]
            instead = (
                f"'{gene} deletion' with its copies"
                if isinstance(known, LossAtom)
                else f"'{atom.text}' and '{gene} {shown}'"
            )
            raise AlterationError(f"a value of {shown} beside what is not measured so", instead)
        match known:
            case WildTypeAtom():
                assayed.append(Assayed(locus=Locus(subject=known.gene, kind="mutation"), given=given))
            case ChangeAtom():
                findings.append(ChangeFinding(**common, gene=known.gene, change=known.change))
            case PhaseAtom():
                other = known.second
                phase = Phase(phase=known.phase, gene=other.gene, change=other.change)
                common["text"] = known.first.text
                findings.append(
                    ChangeFinding(**common, gene=known.first.gene, change=known.first.change, phases=(phase,))
                )
                findings.append(ChangeFinding(text=other.text, given=given, gene=other.gene, change=other.change))
            case SiteAtom():
                findings.append(
                    SiteFinding(**common, gene=known.gene, type=known.type, first=known.first, last=known.last)
                )
            case NamedSetAtom():
                findings.append(SetFinding(**common, gene=known.gene, name=known.name))
            case LossAtom():
                findings.append(LossFinding(**common, gene=known.gene))
            case QualifiedAtom():
                inner: list[Finding] = []
                self._take(known.alteration, given, measured, inner, assayed)
                of_both = known.quality == "biallelic"
                fields = {"copies": "both"} if of_both else {"origin": known.quality}
                findings.extend(qualified(finding, fields) for finding in inner)
            case FusionAtom():
                findings.append(
                    FusionFinding(
                        **common, five_prime=known.five_prime, three_prime=known.three_prime, either=known.either
                    )
                )
            case HistologyAtom():
                findings.append(HistologyFinding(**common, to=known.to))
            case StateAtom():
                self._take_state(known, common, measured, findings, assayed)
            case PriorTherapyAtom() | TumourTypeAtom() | ConclusionAtom():
                raise AlterationError("not a finding", "an alteration of a gene, or a signature")
            case _:
                assert_never(known)

    def _take_state(
        self,
        atom: StateAtom,
        common: dict[str, Any],
        measured: Measured,
        findings: list[Finding],
        assayed: list[Assayed],
    ) -> None:
        if atom.analyte == "signature" and atom.state == "value" and measured.value is None:
            raise AlterationError("no value is given", "a number, such as 'TMB 12.5 mut/Mb'")
        if atom.analyte == "splicing" and self._everyday.is_result(atom.state):
            raise AlterationError(
                f"'{atom.state}' is no splice variant", "its name, such as 'AR splice variant V7 not detected'"
            )
        if atom.bound is not None and not (atom.analyte == "signature" and atom.state == "value"):
            raise AlterationError(
                "a bound rather than a measurement",
                "the measured value, such as 'ERBB2 amplification 12 copies'",
            )
        unit = measured.unit
        if measured.value is not None and not unit:
            unit = {"copy number": "copies", "signature": "mut/Mb" if atom.subject == "TMB" else ""}.get(
                atom.analyte, ""
            )
        state = atom.state
        if measured.value is not None and (bounds := outside(measured.value, unit)):
            raise AlterationError(f"{measured.value:g} is no value of {unit or 'a measurement'}", f"a number {bounds}")
        if measured.value is not None:
            shown = f" {measured.value:g} {unit}".rstrip()
            base = atom.subject if atom.state == "value" else str(common["text"])
            common = common | {"text": base + shown}
            cutoff = self.rulebase.manifest.cutoff(atom.analyte, atom.subject, unit)
            by_value = cutoff.state(measured.value) if cutoff is not None else "value"
            if state == "value":
                state = by_value
            elif by_value not in (state, "value"):
                raise AlterationError(f"'{atom.text}' contradicts{shown}", "one of the two")
        findings.append(
            StateFinding(
                **common, subject=atom.subject, analyte=atom.analyte, state=state, value=measured.value, unit=unit
            )
        )


def _read_as(given: str, meant: str) -> str:
    """The note that something was read as something else."""
    return said("'{given}' was read as {meant}", given=given, meant=meant)


def _negative_results(findings: tuple[Finding, ...]) -> str:
    """How negative results are written; of a fusion of two genes, by which of them any partner would be found."""
    genes = [gene for one in findings if isinstance(one, FusionFinding) for gene in (one.five_prime, one.three_prime)]
    if not genes:
        return _NEGATIVE_RESULTS
    return " or ".join(f"'{gene} fusion negative'" for gene in genes) + ", where any partner would have been found"


def _parts(condition: Condition, given: str) -> list[Atom]:
    if isinstance(condition, AllOf) and all(isinstance(part, ChangeAtom | FusionAtom) for part in condition.of):
        if " and " in given.casefold():
            raise AlterationError("several alterations in one", "one alteration in each finding")
        return [part for part in condition.of if isinstance(part, ChangeAtom | FusionAtom)]
    if hasattr(condition, "of"):
        raise AlterationError("a condition rather than an alteration", "one alteration, without and, or, not")
    return [condition]


def tested_by(finding: Finding) -> tuple[tuple[str, LocusKind], ...]:
    """Of what, and for which kind of alteration, there must have been a test for this finding to be made."""
    match finding:
        case ChangeFinding() | SiteFinding() | SetFinding():
            return ((finding.gene, "mutation"),)
        case FusionFinding():
            return tuple((gene, "fusion") for gene in (finding.five_prime, finding.three_prime, finding.either) if gene)
        case StateFinding():
            return ((finding.subject, finding.analyte),)
        case HistologyFinding():
            return (("tumour", "histology"),)
        case LossFinding():
            # Loss may have been found by an assay of any kind.
            return ()
        case _:
            assert_never(finding)


def _looked_for(finding: Finding) -> Locus | None:
    """What a test was of that would have found ``finding``; None where that is not certain."""
    match finding:
        case ChangeFinding():
            return Locus(subject=finding.gene, kind="mutation", residues=(finding.bounds,), change=finding.change)
        case SiteFinding(first=int(first), last=int(last)):
            if finding.type in ("mutation", "any change") or (finding.type == "substitution" and first == last):
                return Locus(subject=finding.gene, kind="mutation", residues=((first, last),))
            if finding.type in ("insertion", "deletion"):
                of_type: Literal["insertion", "deletion"] = "insertion" if finding.type == "insertion" else "deletion"
                return Locus(subject=finding.gene, kind="mutation", residues=((first, last),), change_type=of_type)
            return None
        case StateFinding() if finding.state not in ("value", "neither", "stable", "low", "negative"):
            return Locus(subject=finding.subject, kind=finding.analyte)
        case FusionFinding() if finding.either:
            return Locus(subject=finding.either, kind="fusion")
        case _:
            return None


def _perhaps_stops(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(
        finding.model_copy(update={"may_stop": True}) if isinstance(finding, SiteFinding) else finding
        for finding in findings
    )


def _one_end_agrees(change: ProteinChange, sequence: str) -> bool:
    """Whether one end of a change from one residue to another is as in the protein, which then is the one meant."""
    ends = ((change.start, change.start_residue), (change.end, change.end_residue))
    return change.start != change.end and any(
        position <= len(sequence) and sequence[position - 1] == residue for position, residue in ends
    )
