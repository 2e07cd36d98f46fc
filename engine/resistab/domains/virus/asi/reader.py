"""An ASI2 algorithm (Stanford's XML format for rules of drug resistance) read as a rule set of ours.

What the file says without effect is told in sentences beside the rule set; everything else is in it, or is a fault.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from resistab.core.faults import Fault, InputError, nearest
from resistab.core.model import adapter, validation_error
from resistab.core.scoring import ScoreRange
from resistab.domains.virus.asi.comments import CommentReader
from resistab.domains.virus.asi.document import Document
from resistab.domains.virus.asi.drugs import DrugReader
from resistab.domains.virus.asi.xml import Element, read_xml_file
from resistab.domains.virus.kinds.models import (
    SequenceQuality,
    Sir,
    VerdictName,
    ViralDrug,
    ViralDrugClass,
    ViralGene,
    ViralLevel,
    ViralManifest,
    ViralRulebase,
    ViralScoring,
    ViralSource,
    ViralTable,
)
from resistab.rulesets.models import Slug

EXPECTED = "an ASI2 algorithm in XML"
NOT_STATED = "not stated"
# What the three letters of ASI2 mean.
VERDICT_OF_SIR: dict[Sir, VerdictName] = {
    "S": "no_resistance_found",
    "I": "possible_resistance",
    "R": "resistant",
}


def read_asi(path: Path, *, on: datetime.date, ruleset: str | None = None) -> tuple[ViralRulebase, list[str]]:
    """The algorithm in ``path`` as a rule set without digest, and what the file says without effect.

    ``on`` dates the rule set where the file has no date, ``ruleset`` names it otherwise than after the algorithm.
    Raises ``InputError`` with every fault of the file.
    """
    document = Document(str(path), read_xml_file(path, EXPECTED))
    root = document.root
    if root.tag != "ALGORITHM":
        message = f"is XML but no ASI2 algorithm: its root is <{root.tag}>"
        raise InputError(
            [Fault(where=document.where, line=root.line, column=root.column, message=message, expected="<ALGORITHM>")]
        )
    document.check_elements()
    rulebase = _Importer(document, on, ruleset).rulebase()
    if document.faults or rulebase is None:
        raise InputError(sorted(document.faults, key=lambda fault: (fault.line or 0, fault.column or 0)))
    return rulebase, list(rulebase.manifest.without_effect)


class _Importer:
    def __init__(self, document: Document, on: datetime.date, ruleset: str | None) -> None:
        self.document, self.on, self.ruleset = document, on, ruleset
        self.genes: dict[str, ViralGene] = {}
        self.class_drugs: dict[str, list[str]] = {}
        self.class_places: dict[str, Element] = {}
        self.gene_of_class: dict[str, str] = {}
        # Names that differ in capitals only would be one file, and one drug, to us.
        self.folded_classes: dict[str, Element] = {}
        self.folded_genes: dict[str, Element] = {}

    def rulebase(self) -> ViralRulebase | None:
        """The rule set; None where something essential is missing, which is then among the faults."""
        document = self.document
        definitions = document.one(document.root, "DEFINITIONS")
        if definitions is None:
            return None
        levels = self.levels(definitions)
        # With a fault among the definitions no level is called unknown for want of it.
        document.level_orders = [] if document.faults else [level.level for level in levels]
        self.classes(definitions)
        self.gene_definitions(definitions)
        comments = CommentReader(document, definitions)
        class_of = {
            drug: name for name, drugs in self.class_drugs.items() if name in self.gene_of_class for drug in drugs
        }
        ignored = {drug for name, drugs in self.class_drugs.items() if name not in self.gene_of_class for drug in drugs}
        reader = DrugReader(document, definitions, comments.known)
        drugs, tables = reader.read(class_of, ignored)
        gene_of_drug = {drug.name: self.gene_of_class[drug.drug_class] for drug in drugs}
        comments.read_mutation_comments(self.genes)
        comments.read_result_comments(reader.named, set(gene_of_drug))
        for table in tables:
            comments.named_by_rules(gene_of_drug[table.drug], table)
        comments.report_unused()
        self.report_genes(comments, drugs)
        default = document.one(definitions, "DEFAULT_LEVEL", required=False)
        manifest = self.manifest(levels)
        default_level = document.level(default) if default is not None else None
        if document.faults or manifest is None:
            return None
        scoring = _scoring(levels, reader.scale, default_level)
        if len({item.level for item in reader.scale}) < len(reader.scale):
            # Of a level with several ranges the levels cannot tell: each table says them.
            tables = tuple(_with_scale(table, reader.scale) for table in tables)
        comment_files, result_comments = comments.all_given()
        effect = tuple(dict.fromkeys(document.without_effect))
        return ViralRulebase(
            digest="",
            manifest=manifest.model_copy(update={"scoring": scoring, "without_effect": effect}),
            genes=tuple(self.genes.values()),
            sequences={},
            drug_classes=tuple(ViralDrugClass(name=name) for name in self.class_drugs if name in self.gene_of_class),
            drugs=drugs,
            tables=tables,
            comments=comment_files,
            result_comments=result_comments,
            mutation_types=(),
            quality=SequenceQuality(),
        )

    # --- what it is -----------------------------------------------------------------------------------------

    def manifest(self, levels: list[ViralLevel]) -> ViralManifest | None:
        document, root = self.document, self.document.root
        algorithm = document.text_of(root, "ALGNAME")
        version = document.text_of(root, "ALGVERSION", required=False) or NOT_STATED
        written = document.one(root, "ALGDATE", required=False)
        date = None
        if written is not None and written.text.strip():
            try:
                date = datetime.date.fromisoformat(written.text.strip())
            except ValueError:
                document.fault(written, f"the date '{written.text.strip()[:40]}'", "a date such as 2022-12-07")
        if not (algorithm and levels):
            return None
        # "Rega v10.0.0" says its version already.
        named = version == NOT_STATED or algorithm.endswith(version)
        name = algorithm if named else f"{algorithm} {version}"
        ruleset = self.ruleset or _slug(name)
        try:
            adapter(Slug).validate_python(ruleset)
        except validation_error():
            message = f"'{ruleset}' cannot name a rule set"
            expected = "words in lower case joined by hyphens, such as hivdb-10-2"
            document.faults.append(Fault(where=document.where, message=message, expected=expected))
            return None
        return ViralManifest(
            kind="virus",
            ruleset=ruleset,
            name=name,
            version="0.1.0",
            date=date or self.on,
            licence="not stated in the file",
            description=f"{name}, imported from ASI2",
            source=ViralSource(algorithm=algorithm, version=version, date=date),
            scoring=_scoring(levels, (), None),
        )

    def levels(self, definitions: Element) -> list[ViralLevel]:
        document = self.document
        found: dict[int, ViralLevel] = {}
        for element in definitions.all("LEVEL_DEFINITION"):
            order = document.one(element, "ORDER")
            number = document.whole_number(order) if order is not None else None
            name = document.text_of(element, "ORIGINAL")
            sir = document.one(element, "SIR")
            written = sir.text.strip() if sir is not None else ""
            if sir is not None and written not in ("S", "I", "R"):
                document.fault(sir, f"SIR is '{written[:40]}'", "S, I or R")
            elif order is not None and number in found:
                document.fault(order, f"level {number} is defined twice", "each order once")
            elif number is not None and name and sir is not None:
                verdict: Any = VERDICT_OF_SIR[cast(Sir, written)]
                found[number] = ViralLevel(level=number, name=name, verdict=verdict, sir=cast(Sir, written))
        if not definitions.all("LEVEL_DEFINITION"):
            document.fault(definitions, "no level is defined", "<LEVEL_DEFINITION>")
        return [found[number] for number in sorted(found)]

    # --- genes and classes ----------------------------------------------------------------------------------

    def classes(self, definitions: Element) -> None:
        document = self.document
        class_of: dict[str, str] = {}
        for element in definitions.all("DRUGCLASS"):
            name = document.text_of(element, "NAME")
            listed = document.one(element, "DRUGLIST")
            if not name or listed is None:
                continue
            if self.folded_classes.setdefault(name.casefold(), element) is not element:
                document.fault(element, f"the drug class {name} is defined twice", "each class once")
                continue
            self.class_places[name] = element
            self.class_drugs[name] = []
            for drug in document.names_in(listed):
                if class_of.get(drug) == name:
                    document.remark(listed, f"The class {name} lists {drug} twice")
                elif drug in class_of:
                    document.fault(listed, f"{drug} is in the classes {class_of[drug]} and {name}", "one class")
                else:
                    class_of[drug] = name
                    self.class_drugs[name].append(drug)
            if not self.class_drugs[name]:
                document.remark(element, f"The class {name} lists no drug")

    def gene_definitions(self, definitions: Element) -> None:
        document = self.document
        for element in definitions.all("GENE_DEFINITION"):
            named = document.one(element, "NAME")
            symbol = document.gene_name(named) if named is not None else None
            if named is None or symbol is None:
                continue
            if self.folded_genes.setdefault(symbol.casefold(), element) is not element:
                document.fault(named, f"the gene {symbol} is defined twice", "each gene once")
                continue
            listed = document.one(element, "DRUGCLASSLIST", required=False)
            classes: list[str] = []
            for name in document.names_in(listed) if listed is not None else []:
                if name not in self.class_drugs:
                    near = nearest(name, self.class_drugs)
                    document.fault(listed, f"the drug class {name} is not defined", "a <DRUGCLASS>", suggestion=near)
                elif self.gene_of_class.setdefault(name, symbol) != symbol:
                    message = f"the drug class {name} acts on {self.gene_of_class[name]} already"
                    document.fault(listed, message, "one gene for a class")
                elif name not in classes:
                    classes.append(name)
            self.genes[symbol] = ViralGene(symbol=symbol, drug_classes=tuple(classes))
        if not definitions.all("GENE_DEFINITION"):
            document.fault(definitions, "no gene is defined", "<GENE_DEFINITION>")
        for name, element in self.class_places.items():
            if name not in self.gene_of_class:
                document.remark(element, f"The drug class {name} acts on no gene, and is left out with its drugs")

    def report_genes(self, comments: CommentReader, drugs: tuple[ViralDrug, ...]) -> None:
        used = {self.gene_of_class[drug.drug_class] for drug in drugs}
        used |= {gene for gene, given in comments.by_gene.items() if given}
        for symbol in self.genes:
            if symbol not in used:
                self.document.remark(None, f"The gene {symbol} has neither drugs nor comments")


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-") or "imported"


def _scoring(levels: Sequence[ViralLevel], scale: Sequence[ScoreRange], default_level: int | None) -> ViralScoring:
    """What the manifest says of scores: each level with the range that the global scale gives it, if it gives one."""
    ranges: dict[int, list[ScoreRange]] = {}
    for item in scale:
        ranges.setdefault(item.level, []).append(item)
    single = all(len(items) == 1 for items in ranges.values())
    bounded = []
    for level in levels:
        of_level = ranges.get(level.level) if single else None
        bounds = {"from_score": of_level[0].from_score, "to_score": of_level[0].to_score} if of_level else {}
        bounded.append(level.model_copy(update=bounds))
    return ViralScoring(combine="sum", levels=tuple(bounded), default_level=default_level)


def _with_scale(table: ViralTable, scale: tuple[ScoreRange, ...]) -> ViralTable:
    """``table`` with ``scale`` for each of its scores that has none of its own."""
    further = tuple(rule if rule.scale else rule.model_copy(update={"scale": scale}) for rule in table.further_scores)
    own = table.scale or (scale if table.scores or table.combinations else ())
    return table.model_copy(update={"scale": own, "further_scores": further})
