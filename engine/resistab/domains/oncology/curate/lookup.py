"""What the rules on tumours say of a change, gene, drug, class, tumour type, reference or row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from resistab.core.cached import cached_property
from resistab.core.condition import (
    AllOf,
    AnyOf,
    Atom,
    ConclusionAtom,
    Condition,
    Not,
    atoms,
    condition_subjects,
    condition_text,
    mentions,
    number_text,
)
from resistab.core.faults import InputError, fault_in, nearest
from resistab.core.records import replace
from resistab.core.truth import Truth
from resistab.curation.kit.looked_up import (
    FoundReference,
    FoundRow,
    LookedUp,
    LookupMeaning,
    NotAChangeError,
    Relation,
    RuleEntry,
    RuleFinder,
    live,
    look_up,
)
from resistab.domains.oncology.atoms import ChangeAtom, LossAtom, NamedSetAtom, SiteAtom, StateAtom
from resistab.domains.oncology.genotype import ChangeFinding, Finding, Genotype, SetFinding
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.inputs.alterations import AlterationError, AlterationReader
from resistab.domains.oncology.inputs.tumour_types import mended_tumour_types, named, read_tumour_type
from resistab.domains.oncology.kinds.models import ClassTable, MechanismRule, Row, Rulebase
from resistab.domains.oncology.kinds.symbols import GeneSymbols
from resistab.domains.oncology.observe import Observer
from resistab.domains.oncology.policy.scores import WITHOUT_SCORE, row_score

_RANKS = {"resistance": 0, "reduced response": 1, "susceptibility": 2, "increased susceptibility": 3, "no effect": 4}
_CONCLUDES = 5
_CODON = re.compile(r"(?:(?P<gene>[A-Za-z][A-Za-z0-9-]*)[ :]+)?(?:codon )?(?P<residue>[A-Z]?)(?P<codon>[1-9][0-9]*)")
_BARE = re.compile(r"(?:p\.)?(?P<change>[A-Z][1-9][0-9]*(?:[A-Z*]|fs\S*|del|dup|ins\S+|_\S+))")
_ROOT = "TISSUE"


def looked_up(rulebase: Rulebase, folder: Path, text: str, chosen: Mapping[str, object]) -> LookedUp:
    """As ``CurateModule.looked_up``; the option ``tumour`` leaves the rows that hold in such a tumour."""
    code = None
    if (tumour := chosen.get("tumour")) is not None:
        read = read_tumour_type(rulebase, str(tumour))
        if read.tumour is None:
            raise InputError([read.fault(rulebase, fault_in("--tumour"))])
        code = read.tumour.code
    found = look_up(TumourFinder(rulebase, folder, code), text)
    if code is None:
        return found
    return replace(found, meanings=tuple(_within(rulebase, meaning, code) for meaning in found.meanings))


def _within(rulebase: Rulebase, meaning: LookupMeaning, code: str) -> LookupMeaning:
    """The meaning with the rows that hold in tumours of a type, or in a finer type of it."""
    lineage = rulebase.lineage(code)
    rows = tuple(
        row
        for row in meaning.rows
        if not row.tumour_types
        or any(other in lineage or code in rulebase.lineage(other) for other in row.tumour_types)
    )
    left = len(meaning.rows) - len(rows)
    told = (*meaning.about, ("left out", f"{left} of other tumour types")) if left else meaning.about
    return replace(meaning, about=told, rows=rows)


class TumourFinder(RuleFinder):
    """Finds in a rule set for tumours; ``code`` is the tumour type that is asked for, None for any."""

    def __init__(self, rulebase: Rulebase, folder: Path, code: str | None) -> None:
        self.rulebase = rulebase
        self.folder = folder
        self.code = code

    @cached_property
    def entries(self) -> Sequence[RuleEntry]:
        """Every row and mechanism rule."""
        found = [
            RuleEntry(
                id=row.id,
                drug=table.name,
                condition=row.when,
                references=_references(row),
                row=row,
                of_class=isinstance(table, ClassTable),
                status=row.status,
                table=table,
            )
            for table in self.rulebase.row_tables
            for row in table.rows
        ]
        found += [
            RuleEntry(rule.id, "", rule.when, _references(rule), rule, status=rule.status)
            for rule in self.rulebase.mechanism_rules
        ]
        return found

    @cached_property
    def drugs(self) -> Mapping[str, str]:
        """Drugs by name, alias and brand."""
        return {name: drug.name for name, drug in self.rulebase.drug_by_name.items()}

    @cached_property
    def classes(self) -> Mapping[str, str]:
        """The classes of all drugs, and their short names where they are known by one."""
        return {name.casefold(): name for drug in self.rulebase.drugs for name in drug.classes}

    @cached_property
    def genes(self) -> Mapping[str, str]:
        """Genes by symbol and alias, and the signatures that rules ask for."""
        found = {name.casefold(): gene.symbol for name, gene in self.rulebase.gene_by_name.items()}
        return {**{name.casefold(): name for name in ("MSI", "TMB", "HRD")}, **found}

    @cached_property
    def citations(self) -> Mapping[str, str]:
        """By reference its short form."""
        return {citation.reference: citation.short for citation in self.rulebase.citations}

    def classes_of(self, drug: str) -> Sequence[str]:
        """Those of a drug itself: of a regimen not those of its drugs."""
        return self.rulebase.drug_by_name[drug].classes

    def shown(self, entry: RuleEntry) -> FoundRow:
        """A row with its level and references."""
        rule = entry.row
        if isinstance(rule, MechanismRule):
            name = self.rulebase.conclusion_by_id[rule.concludes].name
            effect, rank, weight, level = f"concludes: {name}", _CONCLUDES, 0.0, min(
                (item.level for item in rule.evidence), default=""
            )  # fmt: skip
        else:
            assert isinstance(rule, Row)
            score = row_score(rule, entry.drug, self.rulebase.manifest.score_policy)
            if entry.of_class:
                # Of the class as a whole: what was shown of one of its drugs is shown of the class.
                own = tuple(item.model_copy(update={"drug": None}) for item in rule.evidence)
                whole = rule.model_copy(update={"evidence": own})
                score = row_score(whole, entry.drug, self.rulebase.manifest.score_policy)
            effect = rule.effect if rule.effect in WITHOUT_SCORE else f"{rule.effect} {number_text(score.score)}"
            rank, weight, level = _RANKS[rule.effect], score.score, score.level or ""
        return FoundRow(
            id=entry.id,
            drug=entry.drug,
            condition=condition_text(entry.condition),
            effect=effect,
            rank=rank,
            weight=weight,
            of_class=entry.of_class,
            status=entry.status,
            tumour_types=rule.tumour_types,
            evidence=level,
            references=tuple(
                FoundReference(
                    item.reference,
                    self.citations.get(item.reference, ""),
                    item.level,
                    item.statement if item.direction == "supports" else f"Against it: {item.statement}",
                )
                for item in rule.evidence
            ),
            overlay=self.rulebase.overlay_of(entry.id) or "",
        )

    def rows_of_drug(self, drug: str) -> Iterator[FoundRow]:
        """Those of its classes too, and those of other drugs on what defeats how it binds."""
        yield from super().rows_of_drug(drug)
        table = self.rulebase.table_by_drug.get(drug)
        if table is not None:
            shared = {row.id: of for of, row in self.rulebase.mode_rows_of(table)}
            for entry in self.entries:
                if entry.id in shared and entry.drug == shared[entry.id]:
                    yield replace(self.shown(entry), relation="holds", why="it defeats how the drug binds")

    def about_drug(self, drug: str) -> Iterator[tuple[str, str]]:
        """Its classes, targets, brands and other names, where it is used, and with which drugs it has a table."""
        rules = self.rulebase
        known = rules.drug_by_name[drug]
        for label, several in (
            ("classes", rules.classes_of(drug)),
            ("targets", rules.targets_of(drug)),
            ("brands", known.brands),
            ("other names", known.aliases),
        ):
            if several:
                yield label, ", ".join(several)
        table = rules.table_by_drug.get(drug)
        if table is None:
            yield "table", "none"
        else:
            used = [code for item in table.indications if item.relevant for code in item.tumour_types]
            if used:
                yield "used in", ", ".join(used)
            yield "file", rules.file_of(table)
        together = [other.name for other in rules.drugs if drug in other.regimen and other.name in rules.table_by_drug]
        if together:
            yield "judged together", "; ".join(together)

    def about_gene(self, gene: str) -> Iterator[tuple[str, str]]:
        """Its name, other symbols, and how resistance arises there."""
        known = self.rulebase.gene_by_name.get(gene.upper())
        if known is not None:
            yield "gene", known.name
            if known.aliases:
                yield "other names", ", ".join(known.aliases)
            if known.resistance:
                yield "resistance", known.resistance

    @property
    def all_names(self) -> list[str]:
        """Drugs, classes, genes, sets and conclusions."""
        return [*super().all_names, *self.rulebase.set_by_name, *(item.name for item in self.rulebase.conclusions)]

    # --- what only tumours have -------------------------------------------------------------------------------------

    def others(self, text: str) -> Iterator[LookupMeaning]:
        """Conclusions of mechanisms, evidence items of CIViC, and tumour types."""
        folded = text.casefold()
        for conclusion in self.rulebase.conclusions:
            if folded in (conclusion.id, conclusion.name.casefold()):
                yield self._of_conclusion(conclusion.id, conclusion.name)
        if match := re.fullmatch(r"(?:civic[: ]*)?(eid[0-9]+)", folded):
            yield from self._of_source(f"CIViC:{match[1].upper()}")
        if not re.search(r"[0-9]", text):
            yield from self._of_tumour_type(text)

    def _of_conclusion(self, name: str, title: str) -> LookupMeaning:
        leading = [rule for rule in self.rulebase.mechanism_rules if rule.concludes == name and rule.status == "active"]
        rows = [
            self.shown(entry)
            for entry in live(self)
            if entry.row in leading or ConclusionAtom(id=name) in (one.atom for one in mentions(entry.condition))
        ]
        return LookupMeaning("conclusion", title, rows=tuple(rows))

    def _of_source(self, source: str) -> Iterator[LookupMeaning]:
        rows = [
            self.shown(entry)
            for entry in self.entries
            if any(item.source and source.split(":")[1] in re.split("[:,]", item.source) for item in entry.row.evidence)
        ]
        if rows:
            yield LookupMeaning("reference", source, rows=tuple(rows))

    def _of_tumour_type(self, text: str) -> Iterator[LookupMeaning]:
        read = read_tumour_type(self.rulebase, text)
        if read.tumour is None and not read.candidates:
            return
        for tumour in (read.tumour,) if read.tumour is not None else read.candidates:
            assert tumour is not None
            code = tumour.code
            wider = set(self.rulebase.lineage(code)) - {_ROOT}
            rows = [
                self.shown(entry)
                for entry in live(self)
                if entry.drug
                and any(other in wider or code in self.rulebase.lineage(other) for other in entry.row.tumour_types)
            ]
            used = [table.drug for table in self.rulebase.tables if self.rulebase.is_used(table, code)]
            about = (("drugs used", ", ".join(used)),) if used else ()
            yield LookupMeaning("tumour type", named(tumour), about, tuple(rows))

    # --- changes ----------------------------------------------------------------------------------------------------

    @cached_property
    def _mentioned(self) -> list[tuple[RuleEntry, tuple[Atom, ...]]]:
        """The rows in use with the atoms that speak for them."""
        return [(entry, tuple(one.atom for one in mentions(entry.condition))) for entry in live(self)]

    def changes(self, text: str) -> Iterator[LookupMeaning]:
        """What a change, a set, a codon or any other alteration is to the rules."""
        if found := list(self._named_sets(text)):
            yield from found
            return
        if found := list(self._codons(text)) or list(self._without_gene(text)):
            yield from found
            return
        reader = AlterationReader(self.rulebase, GeneSymbols(self.folder))
        try:
            read = reader.read(text)
        except AlterationError as error:
            if found := list(self._by_condition(text)):
                yield from found
                return
            first, _, rest = text.replace(":", " ").partition(" ")
            if first.casefold() in self.genes and re.search("[0-9]", rest):
                raise NotAChangeError(error.message, error.suggestion) from None
            raise NotAChangeError("", self._other_gene(reader, first, rest)) from None
        if not read.findings:
            yield from self._by_condition(text)
            return
        rows = self._about(read.findings)
        name = " and ".join(finding.text for finding in read.findings)
        if not rows:
            raise NotAChangeError(f"no rule speaks of {name}, nor of another change of that codon", None)
        yield LookupMeaning(
            "change", name, tuple(("read", note) for note in read.notes if note != name), tuple(rows)
        )  # fmt: skip

    def _other_gene(self, reader: AlterationReader, name: str, rest: str) -> str | None:
        """The change that is meant where a gene is misspelt: of a gene near to that name on which it can lie."""
        if not rest:
            return None
        for gene in (nearest(name, [gene.symbol for gene in self.rulebase.genes]) or "").split(" or "):
            try:
                if gene and reader.read(f"{gene} {rest}").findings:
                    return f"{gene} {rest}"
            except AlterationError:
                continue
        return None

    def _about(self, findings: Sequence[Finding]) -> list[FoundRow]:
        """The rows that a finding has to do with, directly or by what is concluded from it."""
        code = self.code or _ROOT
        genotype = Genotype(
            sample="", tumour_type=code, lineage=self.rulebase.lineage(code), findings=tuple(findings), assayed=()
        )
        # What is beside the finding is not known, and what the finding itself leaves open stays so.
        observer = Observer(genotype, self.rulebase, assume_assayed=True)
        subjects = observer.by_gene.keys()
        related: dict[Atom, Relation | None] = {}
        rows: list[FoundRow] = []
        concluded: dict[str, str] = {}
        name = " and ".join(finding.text for finding in findings)
        for entry, of_row in self._mentioned:
            if subjects.isdisjoint(condition_subjects(entry.condition)):
                continue
            for atom in atoms(entry.condition):
                if atom not in related and not subjects.isdisjoint(atom.subjects):
                    related[atom] = _relation(atom, observer, findings)
            best: tuple[Relation, str] | None = None
            for atom in of_row:
                if subjects.isdisjoint(atom.subjects):
                    continue
                if atom not in related:
                    related[atom] = _relation(atom, observer, findings)
                relation = related[atom]
                if relation is not None and (best is None or _CLOSEST[relation] < _CLOSEST[best[0]]):
                    best = relation, "" if relation == "names" else atom.text
            if best is not None and (best[0] == "codon" or _can_hold(entry.condition, related)):
                rows.append(replace(self.shown(entry), relation=best[0], why=best[1]))
                if isinstance(entry.row, MechanismRule) and best[0] in ("names", "holds"):
                    by = name if best[0] == "names" else f"{name}, {best[1]}"
                    concluded.setdefault(entry.row.concludes, self._step(by, entry))
        rows += self._following(concluded)
        return rows

    def _step(self, before: str, entry: RuleEntry) -> str:
        return f"{before} → {self.rulebase.conclusion_by_id[entry.row.concludes].name} ({entry.id})"

    def _following(self, concluded: dict[str, str]) -> Iterator[FoundRow]:
        """The rows that ask for what is concluded, and for what is concluded from that."""
        new = list(concluded)
        while new:
            asked, new = set(new), []
            for entry, of_row in self._mentioned:
                via = next((atom.id for atom in of_row if isinstance(atom, ConclusionAtom) and atom.id in asked), None)
                if via is None:
                    continue
                yield replace(self.shown(entry), relation="indirect", why=concluded[via])
                if isinstance(entry.row, MechanismRule) and entry.row.concludes not in concluded:
                    concluded[entry.row.concludes] = self._step(concluded[via], entry)
                    new.append(entry.row.concludes)

    def _named_sets(self, text: str) -> Iterator[LookupMeaning]:
        folded = text.casefold()
        for item in self.rulebase.alteration_sets:
            if item.name.casefold() == folded:
                atom = next(iter(_set_atoms(self._mentioned, item.name)), None)
                gene = atom.gene if atom is not None else item.name.partition(" ")[0]
                rows = self._about([SetFinding(text=item.name, given=text, gene=gene, name=item.name)])
                about = (("members", condition_text(item.members)), ("basis", item.basis))
                yield LookupMeaning("set of changes", item.name, about, tuple(rows))

    def _codons(self, text: str) -> Iterator[LookupMeaning]:
        """Every row on a codon, such as EGFR T790; without a gene on every gene with rows on that residue."""
        match = _CODON.fullmatch(text)
        if match is None or not (match["gene"] or match["residue"]):
            return
        gene = self.genes.get(match["gene"].casefold()) if match["gene"] else None
        if match["gene"] and gene is None:
            return
        position, residue = int(match["codon"]), match["residue"]
        found: dict[str, list[FoundRow]] = {}
        for entry, of_row in self._mentioned:
            for atom in of_row:
                symbol, at, reference = _place(atom) or ("", 0, "")
                if at == position and gene in (None, symbol) and (not residue or reference in ("", residue)):
                    found.setdefault(symbol, []).append(self.shown(entry))
        for symbol, rows in found.items():
            yield LookupMeaning("codon", f"{symbol} {residue}{position}", rows=tuple(rows))

    def _without_gene(self, text: str) -> Iterator[LookupMeaning]:
        """A change without its gene, in every gene in which rules name it."""
        match = _BARE.fullmatch(text)
        if match is None:
            return
        named_there = {
            atom.gene
            for _, of_row in self._mentioned
            for atom in of_row
            if isinstance(atom, ChangeAtom) and atom.text.partition(" ")[2] == match["change"]
        }
        for gene in sorted(named_there):
            yield from self.changes(f"{gene} {match['change']}")

    def _by_condition(self, text: str) -> Iterator[LookupMeaning]:
        """Rows that ask for exactly what a text says as a condition, such as a wild type."""
        try:
            condition = parse_condition(text)
        except ValueError:
            return
        if not isinstance(condition, Atom):
            return
        rows = [self.shown(entry) for entry, of_row in self._mentioned if condition in of_row]
        if rows:
            yield LookupMeaning("condition", condition.text, rows=tuple(rows))

    def near(self, text: str) -> Iterator[str]:
        """Tumour types that are near, where the text is one of words."""
        if not re.search(r"[0-9]", text):
            yield from (tumour.name for tumour in mended_tumour_types(self.rulebase, text))


_CLOSEST: dict[Relation, int] = {"names": 0, "holds": 1, "open": 2, "codon": 3, "indirect": 4}


def _references(rule: Row | MechanismRule) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.reference for item in rule.evidence))


def _relation(atom: Atom, observer: Observer, findings: Sequence[Finding]) -> Relation | None:
    """How an atom is about findings; None where it is not."""
    truth = observer.observe(atom).truth
    if truth is Truth.TRUE:
        same = any(atom.text == finding.text for finding in findings)
        return "names" if same or isinstance(atom, ChangeAtom | StateAtom) else "holds"
    if truth is Truth.UNKNOWN:
        # A loss that a change of unknown effect may bring about is asked for by rows on any gene: no news.
        return None if isinstance(atom, LossAtom) else "open"
    place = _place(atom)
    for finding in findings:
        if isinstance(finding, ChangeFinding) and place and place[:2] == (finding.gene, finding.change.start):
            return "codon"
    return None


def _can_hold(condition: Condition, related: Mapping[Atom, Relation | None]) -> bool:
    """Whether a condition may hold where the finding is there: not where it denies it."""

    def surely(part: Condition) -> bool:
        match part:
            case AllOf(of=parts):
                return all(map(surely, parts))
            case AnyOf(of=parts):
                return any(map(surely, parts))
            case Atom():
                return related.get(part) in ("names", "holds")
            case _:
                return False

    match condition:
        case AllOf(of=parts):
            return all(_can_hold(part, related) for part in parts)
        case AnyOf(of=parts):
            return any(_can_hold(part, related) for part in parts)
        case Not(of=part):
            return not surely(part)
        case _:
            return True


def _place(atom: Atom) -> tuple[str, int, str] | None:
    """The codon that an atom speaks of alone: gene, position, and the residue of the reference, "" if not said."""
    if isinstance(atom, ChangeAtom) and atom.change.start == atom.change.end:
        return atom.gene, atom.change.start, atom.change.start_residue
    if isinstance(atom, SiteAtom) and atom.first is not None and atom.first == atom.last:
        return atom.gene, atom.first, atom.reference
    return None


def _set_atoms(mentioned: Iterable[tuple[RuleEntry, tuple[Atom, ...]]], name: str) -> Iterator[NamedSetAtom]:
    for _, of_row in mentioned:
        yield from (atom for atom in of_row if isinstance(atom, NamedSetAtom) and atom.name == name)
