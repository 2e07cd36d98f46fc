"""Lists of mutations as HIV laboratories write them, to genotypes; and files with the lists of many patients.

A list is separated by commas, semicolons, plus signs or blanks. A gene stands before its mutations, joined to the
first by ``:``, ``=``, ``_``, ``-``, a blank or nothing, and holds for what follows until the next gene. It is named in
any case by its symbol, by a class of drugs that act on it (``NNRTI``), or as ``INT``, ``integrase``, ``prot``,
``protease`` or ``capsid``, with or without the virus before it (``HIV1RT``, ``HIV-1-RT``). ``RT:none``
(or ``wt``) says that a gene was read and nothing found.

How a mutation is written is said in ``written_mutation``. Two entries that say different things of one position
contradict each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from resistab.core.cached import cached_property
from resistab.core.faults import Fault, InputError, NotUnderstood, nearest
from resistab.core.said import said
from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding, ViralGenotype
from resistab.domains.virus.grammar.residues import AMINO_ACIDS, INSERTION, residue_order, residues_text
from resistab.domains.virus.inputs.written_mutation import (
    EXAMPLES,
    THREE_LETTERS,
    UNREAD,
    RefusedError,
    WrittenChange,
    either,
    indel_first,
    mutation_match,
    parse_change,
    share_alone,
    shown,
)
from resistab.domains.virus.kinds.models import ViralRulebase

# message, what was expected, suggestion, column in the list from 1
ListFaultAt = Callable[[str, str | None, str | None, int], Fault]

MOST_CHARACTERS = 20_000
# A list of something else altogether has a fault in every entry.
MOST_FAULTS = 100
# Spellings of one position that a message names.
_MOST_SPELLED = 5
_MOST_REMEMBERED = 20_000
_LAST_POSITION = 9999
_FOR_A_MIXTURE = " for a mixture"
_ALIASES = {"PR": ("PROT", "PROTEASE"), "IN": ("INT", "INTEGRASE"), "CA": ("CAPSID",)}
_NOTHING_FOUND = frozenset({"none", "wt", "wildtype", "wild-type"})
_NO_GENE, _UNKNOWN_GENE = "", "?"
# A number of at most four digits, and the letter before it.
_NUMBER = re.compile(r"(?<![0-9])([A-Za-z]?)(?<![0-9])([0-9]{1,4})(?![0-9])")
_NO_FINDING = ResidueFinding("", 0, "", (), "")


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one entry says. ``place`` orders positions by gene; ``upper``: its residues have an upper-case letter."""

    kind: Literal["mutation", "same", "unread", "unsure", "gene", "nothing found"]
    gene: str
    place: int = 0
    finding: ResidueFinding = _NO_FINDING
    note: str = ""
    upper: bool = False

    @property
    def certainty(self) -> tuple[object, ...]:
        """Sort key of entries that say the same: the one that says most comes last."""
        finding = self.finding
        return self.kind != "unsure", finding.reference, finding.inserted, finding.given


def _spelled(reference: str, position: int, residues: Iterable[str], inserted: str = "") -> str:
    """A mutation as this module reads it: ``M184I/V``, ``T69S_SS``, ``D67del``."""
    if not inserted:
        return f"{reference}{position}{residues_text(residues)}"
    return f"{reference}{position}{residues_text(r for r in residues if r != INSERTION)}_{inserted}"


def _spaced(text: str) -> str:
    """``text`` with its separators as blanks, every character in its column."""
    if " :" in text or " =" in text:
        text = re.sub(r"(?<!\s)(\s{1,9})([:=])", r"\2\1", text)
    return text.replace(",", " ").replace(";", " ").replace("+", " ")


class MutationReader:
    """Reads lists of mutations of one rule set's genes.

    What an entry means is kept, so that a batch pays for each distinct entry once; findings are shared.
    """

    def __init__(self, rulebase: ViralRulebase) -> None:
        self.genes = tuple(gene.symbol for gene in rulebase.genes)
        self.sequences = {gene: rulebase.sequences[gene] for gene in self.genes if rulebase.sequences.get(gene)}
        self.lengths = {gene.symbol: gene.length for gene in rulebase.genes if gene.length}
        self.lengths |= {gene: len(sequence) for gene, sequence in self.sequences.items()}
        self.inferred = {gene: GeneCoverage(gene, None, inferred=True) for gene in self.genes}
        source = rulebase.manifest
        about = f"{source.ruleset} {source.name} {source.source.algorithm}"
        self._virus = "2" if re.search("hiv-?2", about, re.IGNORECASE) else "1"
        names = {name.upper(): gene for name, gene in rulebase.gene_of_class.items()}
        names |= {alias: gene for gene in self.genes for alias in _ALIASES.get(gene.upper(), ())}
        self._names = names | {gene.upper(): gene for gene in self.genes}
        virus = rf"(?:HIV-?{self._virus}{'[AB]?' if self._virus == '2' else ''}[-_]?)?"
        self._named = re.compile(rf"{virus}({_one_of(self._names)})(?:[:=_-]+(.*))?", re.IGNORECASE | re.DOTALL)
        self._attached = re.compile(
            rf"{virus}({_one_of(gene.upper() for gene in self.genes)})([A-Za-z]?[0-9].*)", re.IGNORECASE | re.DOTALL
        )
        self._known: dict[str, dict[str, _Entry]] = {gene: {} for gene in (*self.genes, _NO_GENE, _UNKNOWN_GENE)}

    def read(
        self, text: str, sample: str, fault_at: ListFaultAt, keep_going: bool = False, genes: Sequence[str] = ()
    ) -> ViralGenotype:
        """The genotype that a list says; ``genes`` were sequenced even where no mutation of them is listed.

        Where ``genes`` names a single gene, a mutation without one is of it. Raises ``InputError`` with every fault.
        With ``keep_going`` an entry that is not understood or contradicts another is set aside, and where its
        position is known that position is not covered.
        """
        if len(text) > MOST_CHARACTERS:
            message = f"the list has {len(text):,} characters"
            raise InputError([fault_at(message, f"at most {MOST_CHARACTERS:,} in a list of one sample", None, 1)])
        tokens = _spaced(text).split()
        reading = _Reading(self, text, tokens, fault_at, keep_going)
        stated = reading.stated(genes)
        gene = self.genes[0] if len(self.genes) == 1 else stated[0] if len(stated) == 1 else _NO_GENE
        said = reading.said
        for index, token in enumerate(tokens):
            try:
                entry = self._known[gene].get(token) or self._learn(gene, token)
            except RefusedError as refused:
                reading.refuse(index, refused)
                gene = gene if refused.gene_after is None else refused.gene_after
                continue
            gene = entry.gene
            said.setdefault(entry.place, []).append((index, entry))
        return reading.genotype(sample, stated)

    def _learn(self, gene: str, token: str) -> _Entry:
        entry = self._parse(gene, token)
        known = self._known[gene]
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        known[token] = entry
        return entry

    def _parse(self, gene: str, token: str, suggested: bool = False) -> _Entry:
        """What an entry says; raises ``RefusedError``, whose suggestion is read unless this itself is ``suggested``."""
        text = token
        if named := self._named.fullmatch(token):
            gene, text = self._names[named[1].upper()], named[2] or ""
            if not text:
                return _Entry("gene", gene)
        elif attached := self._gene_attached(token):
            gene, text = self._names[attached[1].upper()], attached[2]
        try:
            return self._entry(gene, text)
        except RefusedError as refused:
            if refused.gene_after is None:
                refused.gene_after = gene
            refused.places = tuple(self._places_named(refused.gene_after, text))
            if refused.suggestion and not suggested:
                refused.suggestion = self._readable(gene, refused.suggestion)
            raise

    def _readable(self, gene: str, suggestion: str) -> str | None:
        """What of ``A or B for a mixture`` can itself be read where ``gene`` holds, or None."""
        spellings, mixture, _ = suggestion.partition(_FOR_A_MIXTURE)
        read = [text for text in spellings.split(" or ") if all(self._is_read(gene, part) for part in text.split())]
        return " or ".join(read) + mixture if read else None

    def _is_read(self, gene: str, text: str) -> bool:
        try:
            return self._parse(gene, text, suggested=True).kind != "unsure"
        except RefusedError:
            return False

    def _gene_attached(self, token: str) -> re.Match[str] | None:
        """A gene that stands before a mutation without anything between, and the mutation."""
        # What begins with "ins" in lower case is an insertion, and not of integrase.
        return None if mutation_match(token) or indel_first(token) else self._attached.fullmatch(token)

    def _places_named(self, gene: str, text: str) -> Iterator[int]:
        """The places that an entry which is not understood may speak of, by the numbers in it.

        Without a known gene they are those of each gene that has the residue before the number there.
        """
        for match in _NUMBER.finditer(text):
            position = int(match[2])
            fitting = [g for g in self.genes if match[1] and self.residue(g, position) == match[1].upper()]
            genes = (gene,) if gene in self.inferred else fitting or self.genes
            yield from (self.place(g, position) for g in genes if 0 < position <= self.lengths.get(g, _LAST_POSITION))

    def _entry(self, gene: str, text: str) -> _Entry:
        if text.casefold() in _NOTHING_FOUND:
            if gene in (_NO_GENE, _UNKNOWN_GENE):
                raise self._without_gene(gene, "", 0, text)
            return _Entry("nothing found", gene)
        if refused := share_alone(text):
            raise refused
        bare = text[2:] if text[:2].casefold() == "p." else text
        bare = bare[1:-1] if bare.startswith("(") and bare.endswith(")") else bare
        match = mutation_match(bare)
        if match is None:
            raise indel_first(bare) or self._no_mutation(text)
        written = match[1] or ""
        position, rest = int(match[2]), match[3]
        if len(written) == 3:
            letter = THREE_LETTERS[written.casefold()]
            written = letter.lower() if written.islower() else letter
            if all(word.casefold() in THREE_LETTERS for word in rest.split("/")):
                rest = "/".join(word.capitalize() for word in rest.split("/"))
        change = parse_change(written, position, rest, self.residue(gene, position))
        return self._finding(gene, written.upper(), position, change, text)

    def _finding(self, gene: str, written: str, position: int, change: WrittenChange, given: str) -> _Entry:
        rest = _spelled("", position, change.residues, change.inserted)
        if gene in (_NO_GENE, _UNKNOWN_GENE):
            raise self._without_gene(gene, written, position, written + rest)
        length = self.lengths.get(gene, _LAST_POSITION)
        here = self.residue(gene, position)
        if not 1 <= position <= length or (written and here and written != here):
            fitting = [g for g in self.genes if written and self.residue(g, position) == written]
            meant = [f"{gene}:{here}{rest}"] if here else []
            meant += [f"{fitting[0]}:{written}{rest}"] if len(fitting) == 1 else []
            if here:
                raise RefusedError(f"{gene} has {here} at {position}, not {written}", None, " or ".join(meant))
            expected = f"a position of {gene}, which has {length} residues" if gene in self.lengths else None
            message = f"{gene} has no position {position}"
            raise RefusedError(message, expected or f"a position from 1 to {length}", " or ".join(meant) or None)
        reference = here or written
        finding = ResidueFinding(gene, position, reference, change.residues, given, change.inserted)
        place = self.place(gene, position)
        if change.unsure:
            return _Entry("unsure", gene, place, finding)
        note = ""
        kind: Literal["mutation", "same", "unread"] = "mutation"
        if change.residues == (UNREAD,):
            kind, note = (
                "unread",
                said(
                    "{gene} {number} was not read ('{given}'); it counts as not covered",
                    gene=gene,
                    number=position,
                    given=given,
                ),
            )
        elif change.residues == (reference,):
            kind, note = (
                "same",
                said("'{given}' names the reference of {gene}; it is no mutation", given=given, gene=gene),
            )
        elif change.noted:
            residue = "'{given}' was read as {finding}, a residue; an insertion is written ins, a deletion del"
            note = said(residue, given=given, finding=finding.text)
        return _Entry(kind, gene, place, finding, note, change.upper)

    def residue(self, gene: str, position: int) -> str:
        """The reference residue at a position, "" where the protein or its sequence does not have it."""
        return self.sequences.get(gene, "")[position - 1 : position] if position else ""

    def place(self, gene: str, position: int) -> int:
        """A number that orders positions by gene, as the rule set lists genes, and then by position; never 0."""
        return self.genes.index(gene) * (_LAST_POSITION + 1) + position

    def gene_named(self, name: str) -> str | None:
        """The gene that a name stands for, or None."""
        named = self._named.fullmatch(name)
        return self._names[named[1].upper()] if named and named[2] is None else None

    def genes_named(self, names: Sequence[str], where: str) -> list[str]:
        """The genes that names stand for; raises ``InputError`` with each name that stands for none."""
        genes = {name: self.gene_named(name) for name in names}
        unknown = [self.unknown_gene(name) for name, gene in genes.items() if gene is None]
        if unknown:
            faults = [
                Fault(where=where, message=u.message, expected=u.expected, suggestion=u.suggestion) for u in unknown
            ]
            raise InputError(faults)
        return [gene for gene in genes.values() if gene]

    def gene_before(self, token: str) -> str | None:
        """The gene that an entry names itself, or None."""
        if named := self._named.fullmatch(token):
            return self._names[named[1].upper()]
        attached = self._gene_attached(token)
        return self._names[attached[1].upper()] if attached else None

    def unknown_gene(self, name: str) -> RefusedError:
        """What to say of a name that is no gene of this rule set."""
        virus = re.match(r"HIV-?([12])", name, re.IGNORECASE)
        if virus and virus[1] != self._virus:
            return RefusedError(
                f"'{shown(name)}' is a gene of HIV-{virus[1]}, and this rule set is for HIV-{self._virus}"
            )
        expected = f"one of {', '.join(self.genes)}"
        return RefusedError(f"unknown gene '{shown(name)}'", expected, nearest(name[:40], self.genes))

    def _no_mutation(self, text: str) -> RefusedError:
        """What to say of what has no position: an unknown gene, or anything."""
        before, separator, behind = text.partition("=" if ":" not in text else ":")
        is_word = re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]+", before) is not None
        if is_word and separator and behind:
            refused = self.unknown_gene(before)
        elif is_word:
            expected = f"a gene ({', '.join(self.genes)}), or {EXAMPLES}"
            refused = RefusedError("is neither a gene nor a mutation", expected, nearest(before[:40], self.genes))
        else:
            return RefusedError("is no mutation", EXAMPLES)
        refused.gene_after = _UNKNOWN_GENE
        return refused

    def _without_gene(self, gene: str, written: str, position: int, mutation: str) -> RefusedError:
        if gene == _UNKNOWN_GENE:
            refused = RefusedError("follows a gene that is not known")
            refused.follows = True
            return refused
        fitting = [g for g in self.genes if written and self.residue(g, position) == written]
        meant = f"{fitting[0]}:{mutation}" if len(fitting) == 1 else None
        return RefusedError("has no gene", f"one of {', '.join(self.genes)} before it", meant)


def _one_of(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


class _Reading:
    """One list as it is read: what was found, and what is wrong with it."""

    def __init__(
        self, reader: MutationReader, text: str, tokens: list[str], fault_at: ListFaultAt, keep_going: bool
    ) -> None:
        self.reader, self.text, self.tokens, self.fault_at, self.keep_going = reader, text, tokens, fault_at, keep_going
        # By place the entries that speak of it, with their index; at 0 those that name a gene alone.
        self.said: dict[int, list[tuple[int, _Entry]]] = {}
        self.faults: list[Fault] = []
        self.aside: list[NotUnderstood] = []
        self.unread: set[int] = set()
        self.notes: set[str] = set()

    @cached_property
    def columns(self) -> list[int]:
        """Where each entry begins, from 1."""
        return [match.start() + 1 for match in re.finditer(r"\S+", _spaced(self.text))]

    def refuse(self, index: int, refused: RefusedError, entry: str | None = None) -> None:
        """Tell, or set aside, that an entry (that at ``index``, or ``entry``) cannot be taken."""
        entry = self.tokens[index] if entry is None else entry
        suggestion = refused.suggestion
        if len(entry) == 1 and entry.upper() in AMINO_ACIDS and index:
            before = shown(self.tokens[index - 1])
            suggestion = f"{before}{entry}" if before[-1].isdigit() else f"{before}/{entry} for a mixture"
        elif index and share_alone(entry) and not set("([") & set(self.tokens[index - 1]):
            suggestion = f"{shown(self.tokens[index - 1])} alone"
        if self.keep_going:
            reason = Fault(where="", message=refused.message, expected=refused.expected, suggestion=suggestion)
            self.aside.append(NotUnderstood(entry=shown(entry), reason=str(reason)))
            self.unread.update(refused.places)
        elif not refused.follows:
            message = f"'{shown(entry)}': {refused.message}"
            self.faults.append(self.fault_at(message, refused.expected, suggestion, self.columns[index]))

    def stated(self, genes: Sequence[str]) -> list[str]:
        """The genes that were said to be sequenced, by symbol."""
        known: list[str] = []
        for name in genes:
            gene = self.reader.gene_named(name.strip())
            if gene is None:
                unknown = self.reader.unknown_gene(name)
                message = f"among the genes that were sequenced: {unknown.message}"
                self.faults.append(self.fault_at(message, unknown.expected, unknown.suggestion, 1))
            elif gene not in known:
                known.append(gene)
        return known

    def genotype(self, sample: str, stated: Sequence[str]) -> ViralGenotype:
        """The genotype, or ``InputError`` with every fault; ``stated`` are the genes that were said to be sequenced."""
        genes_alone = self.said.pop(0, [])
        findings: list[ResidueFinding] = []
        listed: set[str] = set()
        for place in sorted(self.said):
            entries = self.said[place]
            entry = entries[0][1] if len(entries) == 1 else self._merged(place, entries)
            if entry is None or (entry.kind == "unsure" and self._undecided(place, entries[0][0])):
                continue
            listed.add(entry.gene)
            if entry.note:
                self.notes.add(entry.note)
            if entry.kind == "unread":
                self.unread.add(place)
            elif entry.kind != "same":
                findings.append(entry.finding)
        read = {*stated, *self._read_without_mutation(genes_alone, findings)}
        if not (self.tokens or stated):
            message = said("no mutation and no sequenced gene is given; nothing can be assessed")
            if self.keep_going:
                self.notes.add(message)
            else:
                expected = f"mutations, or a gene that was sequenced, such as {self.reader.genes[0]}:none"
                self.faults.append(self.fault_at(message, expected, None, 1))
        if len(self.faults) > MOST_FAULTS:
            more = f"{len(self.faults) - MOST_FAULTS:,} more entries cannot be taken"
            self.faults[MOST_FAULTS:] = [self.fault_at(more, f"a list of mutations, such as {EXAMPLES}", None, 1)]
        if self.faults:
            raise InputError(self.faults)
        return ViralGenotype(
            sample=sample,
            findings=tuple(findings),
            coverage=self._coverage(listed, read),
            not_understood=tuple(sorted(self.aside, key=lambda item: (item.entry, item.reason))),
            notes=tuple(sorted(self.notes)),
        )

    def _read_without_mutation(
        self, entries: list[tuple[int, _Entry]], findings: Sequence[ResidueFinding]
    ) -> Iterator[str]:
        """The genes of which it was said that nothing was found; refuses a gene that nothing follows."""
        for index, entry in entries:
            if entry.kind == "nothing found":
                if contrary := next((finding for finding in findings if finding.gene == entry.gene), None):
                    self.refuse(index, RefusedError(f"contradicts {contrary.text}", "one of the two"))
                else:
                    yield entry.gene
                continue
            following = self.tokens[index + 1 : index + 2]
            if not following or self.reader.gene_before(following[0]) not in (None, entry.gene):
                expected = f"a mutation of {entry.gene}, or {entry.gene}:none where it was read and nothing found"
                self.refuse(index, RefusedError("no mutation follows the gene", expected))

    def _undecided(self, place: int, index: int) -> bool:
        """Whether a lone ``i`` or ``d`` could be either, as nothing in the list is in upper case; refuses it then."""
        if any(entry.upper for entries in self.said.values() for _, entry in entries):
            return False
        refused = either(self.tokens[index][-1], str(place % (_LAST_POSITION + 1)))
        refused.places = (place,)
        self.refuse(index, refused)
        return True

    def _merged(self, place: int, entries: list[tuple[int, _Entry]]) -> _Entry | None:
        """One entry for several of one position that say the same; refuses, and gives None, where they differ."""
        ordered = sorted((entry for _, entry in entries), key=lambda entry: entry.certainty)
        finding = ordered[-1].finding
        residues = {entry.finding.residues for entry in ordered}
        inserted = {entry.finding.inserted for entry in ordered} - {""}
        references = {entry.finding.reference for entry in ordered} - {""}
        if len(residues) == 1 and len(inserted) <= 1 and len(references) <= 1:
            self.notes.add(said("{finding} is listed more than once", finding=finding.text))
            return ordered[-1]
        spelled = sorted(
            {_spelled(f.reference, f.position, f.residues, f.inserted) for f in (e.finding for e in ordered)}
        )
        together = sorted({residue for group in residues for residue in group}, key=residue_order)
        meant = _spelled(finding.reference, finding.position, together, "".join(inserted))
        one_mixture = len(inserted) <= 1 and len(references) <= 1 and UNREAD not in together
        spelled = [*spelled[:_MOST_SPELLED], "others"] if len(spelled) > _MOST_SPELLED else spelled
        refused = RefusedError(
            f"{finding.gene} {finding.position} is listed as {' and as '.join(spelled)}",
            "one entry for each position",
            f"{finding.gene}:{meant} for a mixture" if one_mixture else None,
        )
        refused.places = (place,)
        self.refuse(entries[1][0], refused, ", ".join(sorted(self.tokens[index] for index, _ in entries)))
        return None

    def _coverage(self, listed: set[str], read: set[str]) -> tuple[GeneCoverage, ...]:
        """What was read of each gene: all of it, but for positions that could not be read or understood."""
        coverage = []
        for gene in self.reader.genes:
            if gene not in listed and gene not in read:
                continue
            whole = GeneCoverage(gene) if gene in read else self.reader.inferred[gene]
            start = self.reader.place(gene, 0)
            unread = sorted(place - start for place in self.unread if 0 < place - start <= _LAST_POSITION)
            if unread:
                length = self.reader.lengths.get(gene, _LAST_POSITION)
                bounds = zip([0, *unread], [*unread, length + 1], strict=True)
                whole = replace(whole, ranges=tuple((a + 1, b - 1) for a, b in bounds if a + 1 < b))
            coverage.append(whole)
        return tuple(coverage)
