"""What must hold between the files of a rulebase, beyond the form of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, assert_never, get_args

from resistab.core.amino_acids import GENETIC_CODE, codons_of
from resistab.core.condition import (
    AllOf,
    AnyOf,
    Atom,
    ConclusionAtom,
    Condition,
    CountOf,
    Not,
    atoms,
    condition_text,
    replace_atoms,
)
from resistab.core.cycles import negative_cycles
from resistab.core.faults import Fault, nearest
from resistab.core.grammar import ConditionSyntaxError
from resistab.domains.oncology.atoms import (
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
    TumourAtom,
    TumourTypeAtom,
    WildTypeAtom,
    tumour_atom,
)
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.grammar.loci import EssentialLocus, Locus
from resistab.domains.oncology.grammar.protein_change import ProteinChange, parse_protein_change, reference_fault
from resistab.domains.oncology.kinds.approvals import ApprovalFile
from resistab.domains.oncology.kinds.models import (
    TABLE_FOLDER,
    AlterationSet,
    BenignVariant,
    ClassTable,
    Drug,
    Evidence,
    Gene,
    Manifest,
    MechanismFile,
    MechanismRule,
    Panel,
    Row,
    Rulebase,
    Table,
    TumourType,
    VerdictName,
)
from resistab.domains.oncology.kinds.regimens import (
    TumourCombiningFile,
    TumourCombiningRule,
    TumourRegimenFile,
    TumourSetting,
)
from resistab.domains.oncology.kinds.tumour_names import TumourNameFile, shadowed
from resistab.domains.oncology.policy.scores import on_absence_alone
from resistab.files.yaml_source import Path_, Source
from resistab.rulesets.checks import dated_faults, place_of
from resistab.rulesets.condition_checks import count_faults
from resistab.rulesets.folder_reader import LoadedFile
from resistab.rulesets.models import UNWRITTEN, Dated, RulebaseModel, Status, remade
from resistab.rulesets.regimen_checks import RegimenChecks
from resistab.rulesets.regimens import Authority, BarrierFile
from resistab.rulesets.scoring_checks import scoring_faults


def check_rulebase(
    rulebase: Rulebase, files: Iterable[LoadedFile], unread: frozenset[str] = frozenset()
) -> list[Fault]:
    """Every fault between the files of ``rulebase``, each once; an empty list where there is none.

    ``unread`` names the files and folders that could not be read whole (``genes.yaml``, ``mechanisms``): what they
    would have defined is not called unknown.
    """
    return list(dict.fromkeys(_Checker(rulebase, unread).check(list(files))))


class _Checker:
    def __init__(self, rulebase: Rulebase, unread: frozenset[str]) -> None:
        self.rulebase = rulebase
        self.unread = unread
        self.symbols = {gene.symbol: gene for gene in rulebase.genes}
        self.drugs = {drug.name for drug in rulebase.drugs}
        # Whose a name is: of two drugs that have it, of that which is called so, else of the first.
        self.drug_called: dict[str, str] = {drug.name: drug.name for drug in rulebase.drugs}
        for drug in rulebase.drugs:
            for name in drug.other_names:
                self.drug_called.setdefault(name.casefold(), drug.name)
        self.ids: dict[str, str] = {}
        self.names: dict[tuple[str, str], str] = {}
        self.classes = {name for drug in rulebase.drugs for name in drug.classes}
        self.all_ids = {row.id for table in rulebase.row_tables for row in table.rows} | {
            rule.id for rule in (*rulebase.mechanism_rules, *rulebase.regimens.regimens, *rulebase.regimens.rules)
        }
        self.regimen_checks = RegimenChecks(
            None if "drugs.yaml" in unread else self.drugs,
            self.classes,
            rulebase.manifest.regimens if "ruleset.yaml" not in unread else None,
            get_args(VerdictName),
        )

    def check(self, files: list[LoadedFile]) -> Iterator[Fault]:
        for file in files:
            content, source = file.content, file.source
            for kind, name, path in _names(content):
                here = place_of(source, path)
                earlier = self.names.setdefault((kind, name), here)
                if earlier != here:
                    yield source.fault(
                        path,
                        f"the {kind} '{name}' is defined twice, first at {earlier}",
                        f"each {kind} once",
                        code="RT101",
                    )
            if isinstance(content, Manifest):
                yield from scoring_faults(source, content.scoring)
                yield from self.regimen_checks.policy_faults(source)
            elif isinstance(content, TumourRegimenFile):
                yield from self.regimens(source, content)
            elif isinstance(content, TumourCombiningFile):
                yield from self.combining(source, content)
            elif isinstance(content, BarrierFile):
                yield from self.regimen_checks.barriers(source, content)
            elif isinstance(content, Table):
                yield from self.table(source, content)
            elif isinstance(content, TumourNameFile):
                yield from self.tumour_names(source, content)
            elif isinstance(content, ApprovalFile):
                yield from self.approvals(source, content)
            elif isinstance(content, ClassTable):
                yield from self.drug_class(source, ("drug_class",), content.drug_class)
                if TABLE_FOLDER not in self.unread and not self.rulebase.drugs_of(content):
                    message = f"no drug of the class '{content.drug_class}' has a table, so that its rows hold for none"
                    yield source.fault(("drug_class",), message, "a table of at least one of its drugs", code="RT125")
                for index, row in enumerate(content.rows):
                    yield from self.row(source, ("rows", index), row)
            elif isinstance(content, MechanismFile):
                for index, rule in enumerate(content.rules):
                    yield from self.mechanism_rule(source, ("rules", index), rule)
            else:
                for index, item in enumerate(getattr(content, "sets", ())):
                    yield from self.alteration_set(source, ("sets", index), item)
                for index, listed in enumerate(getattr(content, "variants", ())):
                    yield from self.benign_variant(source, ("variants", index), listed)
                for index, drug in enumerate(getattr(content, "drugs", ())):
                    yield from self.defined_drug(source, ("drugs", index), drug)
                for index, gene in enumerate(getattr(content, "genes", ())):
                    yield from self.also_written(source, ("genes", index, "also_written"), gene)
                    yield from self.known_as(source, ("genes", index, "known_as"), gene)
                    yield from self.other_numbering(source, ("genes", index, "other_numbering"), gene)
                    yield from self.codons(source, ("genes", index, "codons"), gene)
                for index, tumour in enumerate(getattr(content, "tumour_types", ())):
                    yield from self.tumour_parent(source, ("tumour_types", index, "parent"), tumour)
        yield from self.cycles(files)

    def regimens(self, source: Source, file: TumourRegimenFile) -> Iterator[Fault]:
        yield from self.regimen_checks.regimens(source, file.regimens, "ruleset.yaml" not in self.unread)
        for index, regimen in enumerate(file.regimens):
            yield from self.dated(source, ("regimens", index), regimen)
            for number, setting in enumerate(regimen.settings):
                here: Path_ = ("regimens", index, "settings", number)
                yield from self.when_and_where(source, here, setting)
                yield from self.cited(source, (*here, "authorities"), setting.authorities)

    def combining(self, source: Source, file: TumourCombiningFile) -> Iterator[Fault]:
        yield from self.regimen_checks.rules(source, file.rules, "ruleset.yaml" not in self.unread)
        for index, rule in enumerate(file.rules):
            yield from self.dated(source, ("rules", index), rule)
            yield from self.when_and_where(source, ("rules", index), rule)
            yield from self.cited(source, ("rules", index, "evidence"), rule.evidence)

    def cited(self, source: Source, path: Path_, authorities: tuple[Authority, ...]) -> Iterator[Fault]:
        """The references of authorities that have no citation."""
        for index, item in enumerate(authorities):
            for place, reference in enumerate(item.references):
                yield from self.citation(source, (*path, index, "references", place), reference)

    def when_and_where(self, source: Source, path: Path_, item: TumourSetting | TumourCombiningRule) -> Iterator[Fault]:
        """The biomarkers and the tumour types of a setting or rule."""
        for position, code in enumerate(item.tumour_types):
            yield from self.tumour_code(source, (*path, "tumour_types", position), code)
        for position, code in enumerate(item.outside if isinstance(item, TumourSetting) else ()):
            yield from self.tumour_code(source, (*path, "outside", position), code)
        if item.when is not None:
            yield from self.condition(source, (*path, "when"), item.when)

    def cycles(self, files: list[LoadedFile]) -> Iterator[Fault]:
        """Conclusions that depend on their own absence, each where the first rule of the cycle stands."""
        rules = {
            rule.id: (file.source, index, rule)
            for file in files
            if isinstance(file.content, MechanismFile)
            for index, rule in enumerate(file.content.rules)
            if rule.status == "active"
        }
        for cycle in negative_cycles((rule.id, rule.concludes, rule.when) for _, _, rule in rules.values()):
            source, index, _ = rules[cycle.rules[0]]
            yield source.fault(("rules", index, "when"), cycle.message, cycle.expected, code="RT401")

    def tumour_parent(self, source: Source, path: Path_, tumour: TumourType) -> Iterator[Fault]:
        if tumour.parent is None:
            return
        yield from self.tumour_code(source, path, tumour.parent)
        line = [tumour.code]
        current = self.rulebase.tumour_by_code.get(tumour.parent)
        while current is not None and current.code not in line:
            line.append(current.code)
            current = self.rulebase.tumour_by_code.get(current.parent) if current.parent else None
        if current is not None and current.code == tumour.code == min(line):
            cycle = " under ".join([*line, tumour.code])
            yield source.fault(path, f"a tumour type under itself: {cycle}", "a tree", code="RT120")

    def tumour_names(self, source: Source, file: TumourNameFile) -> Iterator[Fault]:
        """Names of tumour types: each means a code that there is, and none hides or is hidden by another."""
        for index, part in enumerate(file.lists):
            for code in part.names:
                yield from self.tumour_code(source, ("lists", index, "names", code), code)
        for name, codes in file.ambiguous.items():
            for position, code in enumerate(codes):
                yield from self.tumour_code(source, ("ambiguous", name, position), code)
        if "tumour_types.yaml" not in self.unread:
            for path, message in shadowed(file, self.rulebase.tumour_by_code):
                yield source.fault(path, message, "a name of one type, which no code or name hides", code="RT126")

    def benign_variant(self, source: Source, path: Path_, listed: BenignVariant) -> Iterator[Fault]:
        """A listed polymorphism: one change of a known gene, that no rule names as one of effect."""
        yield from self.condition(source, (*path, "variant"), listed.variant)
        if not isinstance(listed.variant, ChangeAtom) or listed.variant.residues:
            yield source.fault(
                (*path, "variant"),
                f"'{condition_text(listed.variant)}' is not one change of a protein",
                "one change, such as IDH1 V178I",
                code="RT129",
            )

    def also_written(self, source: Source, path: Path_, gene: Gene) -> Iterator[Fault]:
        """Other spellings of changes: what is written must be no change of the reference protein, what is meant one."""
        sequence = self.rulebase.sequences.get(gene.symbol)
        for written, meant in gene.also_written.items():
            at = (*path, written)
            other, change = _change(written), _change(meant)
            for text, read in ((written, other), (meant, change)):
                if read is None or str(read) != text:
                    yield source.fault(at, f"'{text}' is no protein change", "one such as L265P", code="RT214")
            if sequence is None or other is None or change is None:
                continue
            if reference_fault(other, sequence) is None:
                message = f"{gene.symbol} {written} is a change of the reference protein itself"
                yield source.fault(at, message, "a spelling with other numbers", code="RT214")
            if fault := reference_fault(change, sequence):
                message, suggestion = fault
                yield source.fault(at, f"'{meant}': {message}{_accession(gene)}", suggestion=suggestion, code="RT203")

    def known_as(self, source: Source, path: Path_, gene: Gene) -> Iterator[Fault]:
        """Names of alterations: what each means must be an alteration of the gene."""
        for name, words in gene.known_as.items():
            try:
                read = parse_condition(f"{gene.symbol} {words}")
            except ConditionSyntaxError as error:
                expected = f"what follows the gene, {error.expected}"
                yield source.fault((*path, name), f"'{words}' is no alteration", expected, code="RT216")
                continue
            if not isinstance(read, Atom) or gene.symbol not in read.subjects:
                message = f"'{words}' is no single alteration of {gene.symbol}"
                yield source.fault((*path, name), message, "one, such as residues 572-630 insertion", code="RT216")

    def other_numbering(self, source: Source, path: Path_, gene: Gene) -> Iterator[Fault]:
        """Numbers of another isoform: they must run forward, differ, and stay inside the reference protein."""
        length = len(self.rulebase.sequences.get(gene.symbol, ""))
        for index, numbering in enumerate(gene.other_numbering):
            first, last = numbering.bounds
            if last < first or not numbering.shift or first + numbering.shift < 1:
                message = f"residues {numbering.residues} shifted by {numbering.shift} are none of {gene.symbol}"
                yield source.fault((*path, index), message, "other numbers for residues of the protein", code="RT215")
            elif length and last + numbering.shift > length:
                message = (
                    f"residue {last + numbering.shift} of {gene.symbol} lies beyond the protein of {length} residues"
                )
                yield source.fault((*path, index), message, "residues of the protein", code="RT204")

    def codons(self, source: Source, path: Path_, gene: Gene) -> Iterator[Fault]:
        """Codons of the reference transcript: whatever their letters stand for encodes the protein's residue."""
        sequence = self.rulebase.sequences.get(gene.symbol)
        if sequence is None:
            return
        for number, codon in gene.codons.items():
            if not 1 <= number <= len(sequence):
                message = f"{gene.symbol} has no residue {number}: its protein has {len(sequence)} residues"
                yield source.fault((*path, number), message, "residues of the protein", code="RT204")
                continue
            residue = sequence[number - 1]
            if others := sorted({GENETIC_CODE[bases] for bases in codons_of(codon)} - {residue}):
                message = (
                    f"{codon} may encode {' or '.join(others)}, and residue {number} of {gene.symbol} is {residue}"
                )
                yield source.fault((*path, number), message, f"a codon of {residue}", code="RT217")

    def defined_drug(self, source: Source, path: Path_, drug: Drug) -> Iterator[Fault]:
        for position, part in enumerate(drug.regimen):
            yield from self.drug(source, (*path, "regimen", position), part)
        name = " + ".join(drug.regimen) or drug.name.replace(" + ", " ")
        if drug.name != name:
            expected = "the names of its drugs joined by +" if drug.regimen else "'regimen:' with its drugs"
            message = f"the regimen '{drug.name}' is not called by its drugs"
            yield source.fault((*path, "name"), message, expected, name if drug.regimen else None, code="RT122")
        if not drug.classes and not drug.regimen:
            yield source.fault((*path, "name"), f"{drug.name} is of no class", "at least one class", code="RT123")
        seen = {drug.name}
        for field, names in (("brands", drug.brands), ("aliases", drug.aliases)):
            for position, name in enumerate(names):
                owner = self.drug_called.get(name.casefold(), drug.name)
                if owner != drug.name or name.casefold() in seen:
                    is_ = f"is a name of {owner}" if owner != drug.name else "stands here twice"
                    message, expected = f"'{name}' {is_}", "a name of this drug alone, once"
                    yield source.fault((*path, field, position), message, expected, code="RT131")
                seen.add(name.casefold())

    def approvals(self, source: Source, file: ApprovalFile) -> Iterator[Fault]:
        """Uses of drugs: drugs and tumour types that there are, and something that each rests on."""
        for field in ("further", "approvals"):
            for number, approval in enumerate(getattr(file, field)):
                for position, drug in enumerate(approval.drugs):
                    yield from self.drug(source, (field, number, "drugs", position), drug)
                for index, use in enumerate(approval.uses):
                    path: Path_ = (field, number, "uses", index)
                    yield from self.tumour_codes(source, path, use)
                    for position, marker in enumerate(use.markers):
                        yield from self.condition(source, (*path, "markers", position), marker)
                    if not use.labels and use.basis is None:
                        message = f"nothing says on what the use of {' + '.join(approval.drugs)} rests"
                        yield source.fault(path, message, "labels, or a basis in words", code="RT312")
        for number, named in enumerate(file.named_types):
            yield from self.tumour_codes(source, ("named_types", number), named)
        for number, withdrawal in enumerate(file.withdrawn):
            for position, drug in enumerate(withdrawal.drugs):
                yield from self.drug(source, ("withdrawn", number, "drugs", position), drug)
            yield from self.tumour_codes(source, ("withdrawn", number), withdrawal)

    def tumour_codes(self, source: Source, path: Path_, item: RulebaseModel) -> Iterator[Fault]:
        """The codes of an item under ``tumour_types`` and ``outside``."""
        for field in ("tumour_types", "outside"):
            for position, code in enumerate(getattr(item, field, ())):
                yield from self.tumour_code(source, (*path, field, position), code)

    # --- tables and rules -----------------------------------------------------------------------------------

    def table(self, source: Source, table: Table) -> Iterator[Fault]:
        yield from self.drug(source, ("drug",), table.drug)
        for index, indication in enumerate(table.indications):
            path: Path_ = ("indications", index)
            for position, code in enumerate(indication.tumour_types):
                yield from self.tumour_code(source, (*path, "tumour_types", position), code)
            if indication.requires != "nothing":
                yield from self.condition(source, (*path, "requires"), indication.requires)
            for field in ("essential_loci", "absent_if_assayed"):
                for position, essential in enumerate(getattr(indication, field)):
                    for locus in essential.any_of:
                        yield from self.locus(source, (*path, field, position), locus)
            if indication.requires != "nothing" and not indication.essential_loci:
                yield source.fault(
                    (*path, "essential_loci"),
                    f"{table.drug} requires a marker, and nothing says what must be assayed to know it absent",
                    "at least one essential locus",
                    code="RT210",
                )
        used = any(indication.relevant for indication in table.indications)
        if not table.rows and not used and "classes" not in self.unread and not self.rulebase.rows_of(table):
            message = f"{table.drug} has no rows, none of its classes has, and it is used nowhere"
            yield source.fault(("rows",), message, "at least one row, or an indication that is relevant", code="RT124")
        for index, row in enumerate(table.rows):
            yield from self.row(source, ("rows", index), row)

    def row(self, source: Source, path: Path_, row: Row) -> Iterator[Fault]:
        yield from self.dated(source, path, row)
        yield from self.condition(source, (*path, "when"), row.when)
        for field in ("tumour_types", "extrapolated_to"):
            for position, code in enumerate(getattr(row, field)):
                yield from self.tumour_code(source, (*path, field, position), code)
        yield from self.evidence(source, path, row.evidence, row.status)
        if row.status == "active" and not any(item.direction == "supports" for item in row.evidence):
            yield source.fault(
                (*path, "evidence"),
                f"row {row.id} has no evidence that supports it",
                "at least one item with direction: supports",
                code="RT301",
            )
        if row.score is not None and row.score_reason is None:
            message = f"row {row.id} has a score without a reason"
            yield source.fault((*path, "score"), message, "a score_reason too", code="RT304")
        if row.score is None and row.score_reason is not None:
            message = f"row {row.id} has a reason for a score, and no score"
            yield source.fault((*path, "score_reason"), message, "a score too", code="RT305")
        supporting = [item for item in row.evidence if item.carries]
        if row.status == "active" and supporting and all(item.verification == "partial" for item in supporting):
            yield source.fault(
                (*path, "evidence"),
                f"row {row.id} rests on studies alone of which the change or the number was not seen",
                "an item with verification: full or secondary beside them",
                code="RT310",
            )
        if row.status == "active" and row.effect != "no effect" and on_absence_alone(row.evidence):
            message = f"row {row.id} rests on evidence of absence alone"
            yield source.fault(
                (*path, "evidence"), message, "an item that shows the effect, or no effect", code="RT311"
            )
        if row.defeats is not None:
            carried = {mode for drug in self.rulebase.drugs for mode in drug.binding_modes}
            if row.defeats not in carried and "drugs.yaml" not in self.unread:
                yield source.fault(
                    (*path, "defeats"),
                    f"no drug has the binding mode '{row.defeats}'",
                    "a mode among binding_modes of drugs.yaml",
                    nearest(row.defeats, carried),
                    code="RT128",
                )

    def mechanism_rule(self, source: Source, path: Path_, rule: MechanismRule) -> Iterator[Fault]:
        yield from self.dated(source, path, rule)
        yield from self.condition(source, (*path, "when"), rule.when)
        for position, code in enumerate(rule.tumour_types):
            yield from self.tumour_code(source, (*path, "tumour_types", position), code)
        yield from self.conclusion(source, (*path, "concludes"), rule.concludes)
        yield from self.evidence(source, path, rule.evidence, rule.status)
        supported = any(item.direction == "supports" for item in rule.evidence)
        if rule.definition and rule.evidence:
            yield source.fault(
                (*path, "evidence"),
                f"rule {rule.id} is a definition and yet has evidence",
                "evidence: [] for a mere step of a pathway, or no definition: true",
                code="RT302",
            )
        elif rule.status == "active" and not supported and not rule.definition:
            yield source.fault(
                (*path, "evidence"),
                f"rule {rule.id} has no evidence that supports it",
                "at least one item with direction: supports, or definition: true for a mere step of a pathway",
                code="RT301",
            )

        if rule.status == "active" and on_absence_alone(rule.evidence):
            message = f"rule {rule.id} rests on evidence of absence alone"
            yield source.fault((*path, "evidence"), message, "an item that shows what it concludes", code="RT311")

    def dated(self, source: Source, path: Path_, rule: Dated) -> Iterator[Fault]:
        whole = not self.unread & {TABLE_FOLDER, "classes", "mechanisms"}
        yield from dated_faults(source, path, rule, self.ids, self.all_ids if whole else None)

    def citation(self, source: Source, path: Path_, reference: str) -> Iterator[Fault]:
        """The fault of a reference that has no citation."""
        if reference not in self.rulebase.citation_by_reference and "citations.yaml" not in self.unread:
            message = f"{reference} is not in citations.yaml"
            yield source.fault(path, message, "an entry there for each reference", code="RT303")

    def evidence(self, source: Source, path: Path_, items: tuple[Evidence, ...], status: Status) -> Iterator[Fault]:
        for index, item in enumerate(items):
            place: Path_ = (*path, "evidence", index)
            if status == "active" and item.statement == UNWRITTEN:
                yield source.fault(
                    (*place, "statement"),
                    "the statement of an active rule is still to be written",
                    "one sentence of your own on what the study showed",
                    code="RT309",
                )
            yield from self.citation(source, (*place, "reference"), item.reference)
            yield from self.tumour_code(source, (*place, "studied_in"), item.studied_in)
            for position, drug in enumerate(item.given_with):
                if drug != drug.casefold():
                    yield source.fault(
                        (*place, "given_with", position),
                        f"the drug '{drug}' is not in lower case",
                        "a generic name in lower case",
                        drug.casefold(),
                        code="RT121",
                    )
            if item.drug is not None:
                yield from self.drug(source, (*place, "drug"), item.drug)

    def alteration_set(self, source: Source, path: Path_, item: AlterationSet) -> Iterator[Fault]:
        yield from self.condition(source, (*path, "members"), item.members)
        gene = item.name.split()[0]
        for atom in atoms(item.members):
            if isinstance(atom, ChangeAtom | SiteAtom) and atom.gene == gene:
                continue
            if isinstance(atom, StateAtom) and atom.subject == gene:
                continue
            yield source.fault(
                (*path, "members"),
                f"'{atom.text}' in the set '{item.name}'",
                f"only alterations of {gene}, listed",
                code="RT208",
            )
        if not _only_any(item.members):
            yield source.fault(
                (*path, "members"),
                f"the set '{item.name}' is not a list",
                "alterations joined by any of (…) or by or",
                code="RT209",
            )

    # --- conditions -----------------------------------------------------------------------------------------

    def condition(self, source: Source, path: Path_, condition: Condition) -> Iterator[Fault]:
        for atom in atoms(condition):
            yield from self.atom(source, path, tumour_atom(atom))
        yield from count_faults(source, path, condition)

    def atom(self, source: Source, path: Path_, atom: TumourAtom) -> Iterator[Fault]:
        match atom:
            case PhaseAtom():
                yield from self.atom(source, path, atom.first)
                yield from self.atom(source, path, atom.second)
            case QualifiedAtom():
                yield from self.atom(source, path, atom.alteration)
            case ChangeAtom():
                gene = self.symbols.get(atom.gene)
                yield from self.gene(source, path, atom.gene)
                if gene is None:
                    return
                sequence = self.rulebase.sequences.get(atom.gene)
                fault = reference_fault(atom.change, sequence) if sequence else None
                if fault:
                    message, suggestion = fault
                    yield source.fault(
                        path,
                        f"'{atom.text}': {message}{_accession(gene)}",
                        None,
                        f"{atom.gene} {suggestion}" if suggestion else None,
                        code=_reference_code(atom.change, sequence or ""),
                    )
            case SiteAtom():
                yield from self.site(source, path, atom)
            case FusionAtom():
                for name in atom.genes:
                    yield from self.gene(source, path, name)
            case StateAtom():
                if atom.analyte != "signature":
                    yield from self.gene(source, path, atom.subject)
            case NamedSetAtom():
                if atom.name not in self.rulebase.set_by_name and "alteration_sets" not in self.unread:
                    yield source.fault(
                        path,
                        f"unknown alteration set '{atom.name}'",
                        "a set of alteration_sets/",
                        nearest(atom.name, self.rulebase.set_by_name),
                        code="RT118",
                    )
            case HistologyAtom():
                if atom.to:
                    yield from self.tumour_code(source, path, atom.to)
            case TumourTypeAtom():
                yield from self.tumour_code(source, path, atom.code)
            case PriorTherapyAtom():
                if atom.drug:
                    yield from self.drug(source, path, atom.drug)
                if atom.drug_class:
                    yield from self.drug_class(source, path, atom.drug_class)
            case ConclusionAtom():
                yield from self.conclusion(source, path, atom.id)
            case WildTypeAtom() | LossAtom():
                yield from self.gene(source, path, atom.gene)
            case _:
                assert_never(atom)

    def site(self, source: Source, path: Path_, atom: SiteAtom) -> Iterator[Fault]:
        gene = self.symbols.get(atom.gene)
        yield from self.gene(source, path, atom.gene)
        if gene is None:
            return
        if atom.exon is not None:
            yield from self.exon(source, path, gene, atom.exon)
        sequence = self.rulebase.sequences.get(atom.gene)
        if sequence is None or atom.first is None or atom.last is None:
            return
        if atom.last > len(sequence):
            yield source.fault(
                path,
                f"'{atom.text}': {_beyond(atom.last, sequence)}{_accession(gene)}",
                code="RT204",
            )
        elif atom.reference and sequence[atom.first - 1] != atom.reference:
            actual = sequence[atom.first - 1]
            message = f"the reference residue at {atom.first} is {actual}, not {atom.reference}{_accession(gene)}"
            mended = atom.model_copy(update={"reference": actual}).text
            yield source.fault(path, f"'{atom.text}': {message}", suggestion=mended, code="RT203")

    def exon(self, source: Source, path: Path_, gene: Gene, exon: int) -> Iterator[Fault]:
        if gene.exon_range(exon) is None:
            known = ", ".join(str(number) for number in gene.exons) or "none"
            yield source.fault(
                path,
                f"exon {exon} of {gene.symbol} has no residue range in genes.yaml",
                f"one of its exons ({known})",
                code="RT206",
            )

    def locus(self, source: Source, path: Path_, locus: Locus) -> Iterator[Fault]:
        if locus.kind in ("signature", "histology"):
            return
        gene = self.symbols.get(locus.subject)
        yield from self.gene(source, path, locus.subject)
        if gene is None:
            return
        for exon in locus.exons:
            yield from self.exon(source, path, gene, exon)
        sequence = self.rulebase.sequences.get(locus.subject)
        for _, last in locus.residues:
            if sequence is not None and last > len(sequence):
                yield source.fault(path, f"'{locus}': {_beyond(last, sequence)}{_accession(gene)}", code="RT204")

    # --- what is not known ----------------------------------------------------------------------------------

    def gene(self, source: Source, path: Path_, name: str) -> Iterator[Fault]:
        if name not in self.symbols and "genes.yaml" not in self.unread:
            alias = self.rulebase.gene_by_name.get(name.upper())
            suggestion = alias.symbol if alias else nearest(name, self.symbols)
            code = "RT111" if alias else "RT110"
            yield source.fault(path, f"unknown gene '{name}'", "an HGNC symbol of genes.yaml", suggestion, code=code)

    def drug(self, source: Source, path: Path_, name: str) -> Iterator[Fault]:
        if name not in self.drugs and "drugs.yaml" not in self.unread:
            alias = self.rulebase.drug_by_name.get(name.casefold())
            suggestion = alias.name if alias else nearest(name, self.drugs)
            code, expected = "RT113" if alias else "RT112", "the generic name of a drug of drugs.yaml"
            yield source.fault(path, f"unknown drug '{name}'", expected, suggestion, code=code)

    def drug_class(self, source: Source, path: Path_, name: str) -> Iterator[Fault]:
        if name not in self.classes and "drugs.yaml" not in self.unread:
            suggestion = nearest(name, self.classes)
            yield source.fault(path, f"unknown drug class '{name}'", "a class of drugs.yaml", suggestion, code="RT114")

    def conclusion(self, source: Source, path: Path_, name: str) -> Iterator[Fault]:
        if name not in self.rulebase.conclusion_by_id and "mechanisms" not in self.unread:
            yield source.fault(
                path,
                f"unknown conclusion '{name}'",
                "a conclusion of mechanisms/",
                nearest(name, self.rulebase.conclusion_by_id),
                code="RT117",
            )

    def tumour_code(self, source: Source, path: Path_, code: str) -> Iterator[Fault]:
        if code not in self.rulebase.tumour_by_code and "tumour_types.yaml" not in self.unread:
            # Imported here: a sound rule set has nothing to suggest.
            from resistab.domains.oncology.inputs.tumour_types import suggest_code

            names = {tumour.name: tumour.code for tumour in self.rulebase.tumour_types}
            suggestion = suggest_code(self.rulebase, code)
            known = "RT116" if code.casefold() in {name.casefold() for name in names} else "RT115"
            yield source.fault(path, f"unknown tumour type '{code}'", "an OncoTree code", suggestion, code=known)


def _names(content: Any) -> Iterator[tuple[str, str, Path_]]:
    for kind, field, key in (
        ("gene", "genes", "symbol"),
        ("drug", "drugs", "name"),
        ("tumour type", "tumour_types", "code"),
        ("citation", "citations", "reference"),
        ("alteration set", "sets", "name"),
        ("conclusion", "conclusions", "id"),
    ):
        for index, item in enumerate(getattr(content, field, ()) if not isinstance(content, BarrierFile) else ()):
            yield kind, getattr(item, key), (field, index, key)
    if isinstance(content, Table):
        yield "table", content.drug, ("drug",)
    if isinstance(content, ClassTable):
        yield "table of the class", content.drug_class, ("drug_class",)
    if isinstance(content, Panel):
        yield "panel", content.panel, ("panel",)


def _reference_code(change: ProteinChange, sequence: str) -> str:
    """The code of a change that ``sequence`` contradicts."""
    if change.kind == "stop lost":
        return "RT205"
    return "RT204" if change.end > len(sequence) else "RT203"


def _accession(gene: Gene) -> str:
    return f" ({gene.protein})" if gene.protein else ""


def _beyond(position: int, sequence: str) -> str:
    return f"position {position} lies beyond the protein, which has {len(sequence)} residues"


def _only_any(condition: Condition) -> bool:
    if isinstance(condition, AnyOf):
        return all(_only_any(part) for part in condition.of)
    return not isinstance(condition, AllOf | Not | CountOf)


def _change(text: str) -> ProteinChange | None:
    """The protein change that ``text`` spells, None where it spells none or one that contradicts itself."""
    try:
        return parse_protein_change(text)
    except ValueError:
        return None


def resolve_backbones(rulebase: Rulebase) -> Rulebase:
    """``rulebase`` with every drug of a class that is a backbone named as one."""
    policy = rulebase.manifest.score_policy
    drugs = (drug.name for drug in rulebase.drugs if not set(drug.classes).isdisjoint(policy.backbones))
    backbones = tuple(dict.fromkeys((*policy.backbones, *drugs)))
    manifest = rulebase.manifest.model_copy(update={"score_policy": policy.model_copy(update={"backbones": backbones})})
    return remade(rulebase, manifest=manifest)


def resolve_exons(rulebase: Rulebase) -> Rulebase:
    """``rulebase`` with the residues of every exon that a condition or an essential locus names."""
    genes = {gene.symbol: gene for gene in rulebase.genes}

    def resolved(condition: Condition) -> Condition:
        replacement: dict[Atom, Condition] = {}
        for atom in atoms(condition):
            if isinstance(atom, SiteAtom) and atom.exon is not None:
                bounds = genes[atom.gene].exon_range(atom.exon)
                if bounds:
                    replacement[atom] = atom.model_copy(update={"first": bounds[0], "last": bounds[1]})
            elif isinstance(atom, QualifiedAtom) and (inner := resolved(atom.alteration)) != atom.alteration:
                replacement[atom] = atom.model_copy(update={"inner": inner})
        return replace_atoms(condition, replacement) if replacement else condition

    def locus(item: Locus) -> Locus:
        ranges = tuple(bounds for exon in item.exons if (bounds := genes[item.subject].exon_range(exon)))
        return item.model_copy(update={"exon_residues": ranges}) if ranges else item

    def essential(items: tuple[EssentialLocus, ...]) -> tuple[EssentialLocus, ...]:
        return tuple(EssentialLocus(any_of=tuple(locus(part) for part in item.any_of)) for item in items)

    def rows(items: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(row.model_copy(update={"when": resolved(row.when)}) for row in items)

    def table(item: Table) -> Table:
        return item.model_copy(
            update={
                "rows": rows(item.rows),
                "indications": tuple(
                    indication.model_copy(
                        update={
                            "requires": "nothing"
                            if indication.requires == "nothing"
                            else resolved(indication.requires),
                            "absent_if_assayed": essential(indication.absent_if_assayed),
                            "essential_loci": essential(indication.essential_loci),
                        }
                    )
                    for indication in item.indications
                ),
            }
        )

    return remade(
        rulebase,
        tables=tuple(table(item) for item in rulebase.tables),
        class_tables=tuple(item.model_copy(update={"rows": rows(item.rows)}) for item in rulebase.class_tables),
        mechanism_rules=tuple(
            rule.model_copy(update={"when": resolved(rule.when)}) for rule in rulebase.mechanism_rules
        ),
        alteration_sets=tuple(
            item.model_copy(update={"members": resolved(item.members)}) for item in rulebase.alteration_sets
        ),
    )
