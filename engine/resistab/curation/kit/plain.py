"""What a pack without wishes of its own gives to curators.

A rule set of the plain form has a ``manifest``, ``tables`` of drugs (``drug``, ``rows``), ``drugs``, ``citations``, and
further lists of models, or of files of them. A row has ``id``, ``status``, ``when``, ``effect``, ``evidence``, whose
items have ``reference`` and ``level``, and dates. ``Plain`` is made once by the pack; its methods are the functions of
the facet.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resistab.core.condition import AllOf, AnyOf, Atom, CountOf, Not, condition_subjects, condition_text
from resistab.core.faults import InputError
from resistab.core.model import Model
from resistab.curation.kit.case_mentions import read_case_mentions
from resistab.curation.kit.dependence import Dependence, fields_beside, judging_manifest
from resistab.curation.kit.diff_conditions import meaning_text
from resistab.curation.kit.diff_items import (
    Bump,
    Item,
    ItemField,
    ItemKind,
    condition_field,
    evidence_texts,
    policy,
    text_of,
)
from resistab.curation.kit.lints import Lint, case_lints, finding, review_lints
from resistab.curation.kit.patients import Concluded, Pair, Patients, Progress, Unread
from resistab.curation.kit.scaffolds import Scaffolds
from resistab.curation.kit.shown import ShownRow, ShownTable, in_order
from resistab.files.yaml_source import Place
from resistab.report.words import Vocabulary
from resistab.rulesets.fault_codes import Code
from resistab.rulesets.folder_reader import LoadedFile

if TYPE_CHECKING:
    from resistab.curation.kit.looked_up import LookedUp, RuleFinder
    from resistab.curation.kit.site.model import Site

# By one of these a model is known among others of its kind.
KEYS = ("id", "symbol", "reference", "name")
# Fields that change no verdict: prose, names for people, dates.
PROSE = frozenset(
    (
        *("name", "full_name", "short", "reason", "note", "basis", "statement", "description", "licence", "curation"),
        *("status", "created", "reviewed", "retired", "replaced_by", "exception"),
    )
)
# What differs between any two states, or is told otherwise.
_STAMPS = frozenset(("kind", "ruleset", "version", "date"))
# What all rows and levels of a rule set mean.
_MEANING = frozenset(("scoring", "levels", "verdicts"))
_CONDITIONS = (AllOf, AnyOf, CountOf, Not, Atom)

# The genotypes of files and options, by an interpreter; the last argument is whether to keep going.
ReadPatients = Callable[[Any, Sequence[Path], Mapping[str, Any], bool], Sequence[Any]]


@dataclass(frozen=True)
class Plain:
    """The curation of a domain whose rule sets are of the plain form.

    ``vocabulary`` are the verdicts, of which rows have the names as effects. ``lists`` are the kinds of what the other
    fields of a rule set list, by the field. ``interpreter`` makes the interpreter of a rule set in a folder, ``read``
    the genotypes of patients. ``own_codes`` are those of the domain's faults.
    """

    vocabulary: Vocabulary
    lists: Mapping[str, ItemKind]
    made: Scaffolds
    interpreter: Callable[[Any, Path], Any]
    read: ReadPatients
    own_codes: Mapping[str, Code] = field(default_factory=dict)
    finder: Callable[[Any, Vocabulary], RuleFinder] | None = None

    # --- check ------------------------------------------------------------------------------------------------------

    def codes(self) -> Mapping[str, Code]:
        """The codes of the domain's faults; the lints are those that every domain has."""
        return self.own_codes

    def lint(self, rulebase: Any, folder: Path, on: datetime.date) -> Iterator[Lint]:
        """Reviews that are overdue, drugs without a table or cases, citations that nothing names."""
        months = rulebase.manifest.curation.review_months
        cited: set[str] = set()
        for table in rulebase.tables:
            for row in table.rows:
                cited.update(item.reference for item in row.evidence)
                if row.status == "active":
                    yield from review_lints("tables", row.id, row.reviewed, months, on)
        for drug in sorted({drug.name for drug in rulebase.drugs} - {table.drug for table in rulebase.tables}):
            yield finding("RT619", "drugs.yaml", drug, f"{drug} has no table")
        for citation in rulebase.citations:
            if citation.reference not in cited:
                yield finding("RT618", "citations.yaml", citation.reference, "no evidence names it")
        drugs = {table.drug: "tables" for table in rulebase.tables}
        yield from case_lints(rulebase.manifest.ruleset, drugs, read_case_mentions(folder))

    def check_notes(self, rulebase: Any) -> Iterable[str]:
        """Nothing."""
        return ()

    def row_count(self, content: Any) -> int:
        """As ``row_count``."""
        return row_count(content)

    def row_places(self, file: LoadedFile) -> Mapping[str, Place]:
        """Nothing: all rows have an id."""
        return {}

    def shown(self, rulebase: Any, drug: str) -> ShownTable:
        """The rows of a drug's table, by their conditions."""
        rows = [row for table in rulebase.tables if table.drug == drug for row in table.rows]
        return ShownTable(drug, (), None, (), in_order(_shown_row(row) for row in rows))

    def looked_up(self, rulebase: Any, folder: Path, text: str, chosen: Mapping[str, Any]) -> LookedUp:
        """What the rules say of whatever ``text`` may mean; nothing narrows it."""
        from resistab.curation.kit.looked_up import look_up
        from resistab.curation.kit.plain_lookup import PlainFinder

        return look_up((self.finder or PlainFinder)(rulebase, self.vocabulary), text)

    # --- test -------------------------------------------------------------------------------------------------------

    def dependence(self, rulebase: Any, folder: Path) -> Dependence:
        """Every verdict may depend on all that the rule set says."""
        every = {**fields_beside(rulebase, ("manifest",)), "manifest": judging_manifest(rulebase.manifest)}
        return Dependence(every, every=frozenset(every))

    # --- diff -------------------------------------------------------------------------------------------------------

    def item_kinds(self) -> Mapping[str, ItemKind]:
        """Rows, what else is listed, and what the manifest says."""
        row, said = ItemKind("row", "rows", row=True), ItemKind("policy", "policies")
        return {"row": row, **{kind.one: kind for kind in self.lists.values()}, "policy": said}

    def items(self, rulebase: Any, folder: Path) -> Iterator[Item]:
        """Every row, everything that is listed, and every field of the manifest."""
        every = frozenset(table.drug for table in rulebase.tables)
        for table in rulebase.tables:
            for row in table.rows:
                yield model_item("row", row, drugs=frozenset((table.drug,)), rule=True)
        for name, kind in self.lists.items():
            for model in listed_models(getattr(rulebase, name)):
                drugs = every
                if name == "drugs":
                    drugs = every & {key_of(model)}
                yield model_item(kind.one, model, drugs=drugs, rule=kind.rule)
        for name in type(rulebase.manifest).model_fields:
            if name not in _STAMPS:
                bump = Bump.PATCH if name in PROSE else Bump.MAJOR if name in _MEANING else Bump.MINOR
                drugs = every if bump > Bump.PATCH else frozenset()
                yield policy(name, said(getattr(rulebase.manifest, name)), bump, drugs)

    def claims(self, path: Path) -> bool:
        """No file of patients is known to be of this domain."""
        return False

    def compare(self, old: Any, new: Any, folders: tuple[Path, Path]) -> PlainComparison:
        """Two states of a rule set, applied to the same patients by both evaluators."""
        sides = tuple(self.interpreter(rules, folder) for rules, folder in zip((old, new), folders, strict=True))
        return PlainComparison(sides, self.read)

    # --- new and site -----------------------------------------------------------------------------------------------

    def scaffolds(self) -> Scaffolds:
        """What a curator is given to fill in."""
        return self.made

    def make_site(self, rulebase: Any, on: datetime.date | None = None) -> Site:
        """A page for each drug, and one for each list."""
        from resistab.curation.kit.site.plain import PlainPages

        return PlainPages(rulebase, self.vocabulary, self.lists, on)


def _shown_row(row: Any) -> ShownRow:
    return ShownRow(
        id=row.id,
        condition=condition_text(row.when),
        effect=row.effect,
        status=row.status,
        gene=next(iter(condition_subjects(row.when)), ""),
        references=len({item.reference for item in row.evidence}),
    )


def row_count(content: Any) -> int:
    """The number of rows and rules in a file."""
    if hasattr(content, "rows"):
        return len(content.rows)
    return sum(len(listed) for _, listed in _lists_of_rules(content))


def _lists_of_rules(content: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The fields of a file that list models with a condition."""
    for name in type(content).model_fields:
        value = getattr(content, name)
        if isinstance(value, tuple) and value and all(hasattr(item, "when") for item in value):
            yield name, value


# --- items ----------------------------------------------------------------------------------------------------------


def key_of(model: Model) -> str:
    """What tells a model from others of its kind; raises ``ValueError`` where it has none of ``KEYS``."""
    for name in KEYS:
        if name in type(model).model_fields:
            return str(getattr(model, name))
    raise ValueError(f"{type(model).__name__} has none of {', '.join(KEYS)}")


def model_item(kind: str, model: Model, drugs: frozenset[str], rule: bool) -> Item:
    """A model as an item: its fields, and of a rule its condition and evidence."""
    fields = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        bump = Bump.PATCH if name in PROSE else Bump.MINOR
        words = name.replace("_", " ")
        if name == "evidence":
            continue
        if isinstance(value, _CONDITIONS):
            fields.append(condition_field("condition" if name == "when" else words, value, bump))
        else:
            fields.append(ItemField(words, said(value), bump))
    status = str(getattr(model, "status", "active"))
    when, says = getattr(model, "when", None), getattr(model, "effect", None) or getattr(model, "concludes", "")
    title = f"{condition_text(when)}: {says}" if when is not None else str(getattr(model, "name", key_of(model)))
    return Item(
        kind=kind,
        id=key_of(model),
        fields=tuple(fields),
        title=title,
        status=status,
        evidence=evidence_texts(getattr(model, "evidence", ())),
        drugs=drugs,
        added=Bump.MINOR if status == "active" else Bump.PATCH,
        removed=Bump.MAJOR if rule else Bump.MINOR,
        permanent="retired" in type(model).model_fields,
    )


def listed_models(listed: Iterable[Model]) -> Iterator[Model]:
    """The models of a list; of a list of files those that the files hold."""
    for model in listed:
        lists = list(_lists_of_rules(model))
        if lists:
            for _, inner in lists:
                yield from inner
        else:
            yield model


def said(value: Any) -> str:
    """A value as a text that is equal where the meaning is; the order of what is listed by name means nothing."""
    if isinstance(value, _CONDITIONS):
        return meaning_text(value)
    if isinstance(value, Model):
        pairs = ((name, said(getattr(value, name))) for name in type(value).model_fields)
        return ", ".join(f"{name.replace('_', ' ')} {text}" for name, text in pairs if text)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {said(inner)}" for name, inner in sorted(value.items()))
    if isinstance(value, tuple | list):
        return "; ".join(sorted(map(said, value)))
    return text_of(value)


# --- patients -------------------------------------------------------------------------------------------------------


class PlainComparison:
    """Two states of a rule set; what one of them does not understand of a patient is set aside there."""

    def __init__(self, sides: Sequence[Any], read: ReadPatients) -> None:
        self._sides = tuple(sides)
        self._read = read

    def patients(self, files: Sequence[Path], options: Mapping[str, Any], progress: Progress) -> Patients:
        """The patients in ``files`` and ``options``; raises ``InputError`` with what neither side understands."""
        understood: list[Sequence[Any]] = []
        refusals: dict[str, InputError] = {}
        for name, side in zip(("old", "new"), self._sides, strict=True):
            try:
                understood.append(self._read(side, files, options, False))
            except InputError as error:
                refusals[name] = error
                understood.append(())
        if len(refusals) == len(self._sides):
            raise refusals["new"]
        unread: list[Unread] = []
        for number, name in enumerate(("old", "new")):
            if name in refusals:
                understood[number] = self._read(self._sides[number], files, options, True)
                for genotype in understood[number]:
                    if reasons := tuple(f"{item.entry}: {item.reason}" for item in genotype.not_understood):
                        unread.append(Unread(genotype.sample, name, reasons))
        pairs = tuple(Pair(one.sample, one, other) for one, other in zip(*understood, strict=True))
        return Patients(len(pairs), pairs, tuple(unread))

    def conclude(self, pair: Pair, checked: bool) -> tuple[Mapping[str, Concluded], Mapping[str, Concluded]]:
        """What the old and the new state conclude; always by both evaluators."""
        old, new = self._sides
        return _concluded(old, pair.old), _concluded(new, pair.new)


def _concluded(interpreter: Any, genotype: Any) -> dict[str, Concluded]:
    return {
        verdict.drug: Concluded(
            verdict.verdict, f"level {verdict.level}" if verdict.level is not None else "", verdict.score, verdict.rows
        )
        for verdict in interpreter.interpret(genotype).verdicts
    }
