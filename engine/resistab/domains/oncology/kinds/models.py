"""The kinds of things a rulebase holds, as frozen models; the YAML files have the same fields."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, ClassVar, Literal

from resistab.core.cached import cached_property
from resistab.core.condition import Condition, atoms, mentions
from resistab.core.evidence import EvidenceLevel
from resistab.core.model import Field, StringConstraints
from resistab.core.scoring import Level, Scoring
from resistab.core.truth import Truth
from resistab.domains.oncology.atoms import ChangeAtom, SiteAtom, StateAtom, names_a_change
from resistab.domains.oncology.grammar.protein_change import IN_FRAME, ProteinChange, normal_form
from resistab.domains.oncology.kinds.approvals import ApprovalFile, Covering, Uses
from resistab.domains.oncology.kinds.fields import ConditionField, EssentialLocusField
from resistab.domains.oncology.kinds.regimens import TumourRegimens
from resistab.domains.oncology.kinds.tumour_names import TumourNameFile, TumourNames
from resistab.rulesets.models import (
    Citation,
    Curation,
    Dated,
    HasDigest,
    Reference,
    RulebaseModel,
    Slug,
    Text,
    file_name,
    slug,
)
from resistab.rulesets.regimens import RegimenPolicy

# The folder of all tables, each in a folder of its drug's class or not, and there that of drugs given together.
TABLE_FOLDER = "tables"
COMBINATION_FOLDER = f"{TABLE_FOLDER}/combinations"


VerdictName = Literal[
    "not_indicated", "resistant", "possible_resistance", "sensitive", "no_resistance_found", "not_assessable"
]
Effect = Literal["resistance", "reduced response", "susceptibility", "increased susceptibility", "no effect"]
# What was seen of a study: how far its item may carry a row follows from it.
Verification = Literal["full", "secondary", "partial"]
# An ORCID iD or initials.
REVIEWER = r"^(\d{4}-\d{4}-\d{4}-\d{3}[\dX]|[A-Z]{2,4})$"
Reviewer = Annotated[str, StringConstraints(pattern=REVIEWER)]
# Items of CIViC, and of the lists that supplement it; several may stand behind one sentence.
SOURCE = r"^(CIViC:EID\d+(,EID\d+)*|SUP-\d\d|SUP[A-Z]-\d{3}(,SUP[A-Z]-\d{3})*)$"
# The effect of a response marker, by the name that it has in tables.
RESPONSE_MARKER: Effect = "susceptibility"
Mechanism = Literal[
    "target absent",
    "target alteration: gatekeeper",
    "target alteration: solvent front",
    "target alteration: other",
    "target amplification",
    "bypass by a parallel receptor",
    "downstream reactivation",
    "upstream reactivation",
    "efflux and transport",
    "drug activation or metabolism",
    "epigenetic change",
    "DNA repair restored",
    "apoptosis evasion",
    "lineage or histological change",
    "microenvironment",
    "immune escape",
    "clonal heterogeneity",
    "target dependence",
    "DNA repair deficiency",
    "not established",
]


class TumourLevel(Level):
    """A level of resistance; the verdict that it means is one of those on tumours."""

    verdict: Literal["resistant", "possible_resistance", "no_resistance_found"]


TumourScoring = Scoring[TumourLevel]


class ScorePolicy(RulebaseModel):
    """How a row's score follows from its evidence.

    ``by_level`` gives the score of the best supporting level. ``steps`` is the ladder down which a score is
    lowered, highest first. A reduced response is lowered by ``reduced_response_steps`` and never above
    ``reduced_response_highest``. ``contrary_steps`` apply where evidence of similar weight speaks against the row,
    ``extrapolation_steps`` where it is used outside the tumour types or the drug it was studied in. ``backbones`` are
    the classes of drugs beside which a drug is still in its normal use; beside others it is part of a combination, and
    what was shown says less of the drug alone. They may be names of what is no drug of the rule set (dexamethasone).
    """

    by_level: dict[EvidenceLevel, float]
    steps: tuple[float, ...]
    reduced_response_steps: int
    reduced_response_highest: float
    contrary_steps: int
    extrapolation_steps: int
    backbones: tuple[Text, ...] = ()

    def lowered(self, score: float, steps: int) -> float:
        """``score`` taken ``steps`` down the ladder; the ladder's lowest step where it ends."""
        if steps <= 0:
            return score
        below = [step for step in self.steps if step < score]
        return below[min(steps, len(below)) - 1] if below else score


class Cutoff(RulebaseModel):
    """What a measured value means: ``high`` from ``high_from``, ``low`` up to ``low_to``, open between.

    ``neither`` bounds values that are surely neither. ``subject`` is the gene or signature, "" for any gene.
    """

    analyte: Literal["copy number", "expression", "protein", "signature"]
    subject: str = ""
    unit: Text
    high: Text
    high_from: float
    low: Text
    low_to: float
    neither: tuple[float, float] | None = None
    basis: Text

    def state(self, value: float) -> str:
        """The state that ``value`` means; "value" where the cutoffs leave it open."""
        if value >= self.high_from:
            return self.high
        if value <= self.low_to:
            return self.low
        return "neither" if self.neither and self.neither[0] <= value <= self.neither[1] else "value"


class Manifest(RulebaseModel):
    """``ruleset.yaml``.

    A finding in fewer of the tumour's cells than ``minor_clone_below`` (0 to 1) is of a minor clone. In circulating
    tumour DNA what was not detected counts as absent only where such a clone would have been. A block of a gVCF counts
    as assayed where ``least_depth`` reads cover it and its genotype has ``least_genotype_quality``. ``cutoffs`` say
    what measured values mean.
    """

    ruleset: Slug
    name: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    date: datetime.date
    licence: Text
    description: Text
    scoring: TumourScoring
    score_policy: ScorePolicy
    tiers: dict[EvidenceLevel, Text]
    minor_clone_below: Annotated[float, Field(gt=0, lt=1)] = 0.25
    least_depth: Annotated[int, Field(ge=1)] = 100
    least_genotype_quality: Annotated[int, Field(ge=0)] = 20
    cutoffs: tuple[Cutoff, ...] = ()
    curation: Curation = Field(default_factory=lambda: Curation())
    regimens: RegimenPolicy | None = None

    def cutoff(self, analyte: str, subject: str, unit: str) -> Cutoff | None:
        """The cutoffs for a measurement, those of the subject itself before those of any."""
        fitting = [c for c in self.cutoffs if (c.analyte, c.unit) == (analyte, unit) and c.subject in (subject, "")]
        return max(fitting, key=lambda cutoff: cutoff.subject, default=None)


class Numbering(RulebaseModel):
    """Another isoform's numbers: ``residues`` of it are those of the reference protein ``shift`` further on.

    ``transcripts`` are accessions of that isoform, without version; what is annotated on them is counted so.
    """

    residues: Annotated[str, StringConstraints(pattern=r"^\d+-\d+$")]
    shift: int
    transcripts: tuple[Text, ...] = ()

    @property
    def bounds(self) -> tuple[int, int]:
        """The first and the last residue, in the other isoform's numbers."""
        first, _, last = self.residues.partition("-")
        return int(first), int(last)


class DrugBinding(RulebaseModel):
    """The part of a protein where drugs bind, such as its kinase domain: ``residues``, and on whose authority."""

    residues: Annotated[str, StringConstraints(pattern=r"^\d+-\d+$")]
    basis: Text

    def holds(self, first: int, last: int) -> bool:
        """Whether residues from first to last touch it."""
        start, _, end = self.residues.partition("-")
        return first <= int(end) and last >= int(start)


Codon = Annotated[str, StringConstraints(pattern=r"^[ACGTRYSWKMBDHVN]{3}$")]


class Gene(RulebaseModel):
    """A gene: HGNC symbol and id, reference transcript and protein, exons as inclusive residue ranges.

    ``transcript`` is the RefSeq and ``ensembl`` the Ensembl accession of the reference transcript, MANE Select with few
    exceptions; ``same_protein`` are further accessions, without version, that make the same protein.
    ``codons`` are those of the reference transcript, in IUPAC letters, where more is known of them than the residue
    says, by the number of the residue.
    ``other_numbering`` says how isoforms that reports use count the same residues. ``also_written`` maps the spelling
    that a change is known by to the change on the reference protein where numbers alone do not: without the first
    methionine, or of one change only. ``known_as`` maps what follows the gene in the name that an alteration goes by
    (the ``ITD`` of ``FLT3-ITD``) to the words of the grammar that follow the gene. ``drug_binding`` is
    where drugs bind the protein. ``resistance`` says in a few sentences how resistance arises there.
    """

    symbol: Text
    hgnc_id: Annotated[str, StringConstraints(pattern=r"^HGNC:\d+$")]
    name: Text
    aliases: tuple[Text, ...] = ()
    transcript: str | None = None
    ensembl: Annotated[str, StringConstraints(pattern=r"^ENST\d{11}\.\d+$")] | None = None
    protein: str | None = None
    exons: dict[int, Annotated[str, StringConstraints(pattern=r"^\d+-\d+$")]] = Field(default_factory=dict)
    codons: dict[int, Codon] = Field(default_factory=dict)
    same_protein: tuple[Text, ...] = ()
    other_numbering: tuple[Numbering, ...] = ()
    also_written: dict[Text, Text] = Field(default_factory=dict)
    known_as: dict[Text, Text] = Field(default_factory=dict)
    drug_binding: tuple[DrugBinding, ...] = ()
    resistance: Text | None = None

    @cached_property
    def transcripts(self) -> frozenset[str]:
        """The accessions, without version, of transcripts that make the reference protein."""
        named = (self.transcript, self.ensembl, *self.same_protein)
        return frozenset(name.partition(".")[0] for name in named if name)

    def numbering_on(self, transcript: str) -> tuple[Numbering, ...]:
        """How the isoform of a transcript (with or without version) is counted; empty where it is not known."""
        base = transcript.partition(".")[0]
        return tuple(other for other in self.other_numbering if base in other.transcripts)

    def exon_range(self, exon: int) -> tuple[int, int] | None:
        """First and last residue of an exon, or None where the rulebase does not know them."""
        text = self.exons.get(exon)
        if text is None:
            return None
        first, _, last = text.partition("-")
        return int(first), int(last)

    def exon_beside(self, codon: int) -> int | None:
        """The exon that begins or ends at ``codon``, whose splice sites lie beside it; None where none is known to.

        An exon may begin or end within a codon, which then belongs to two.
        """
        for exon in self.exons:
            first, last = self.exon_range(exon) or (0, 0)
            if codon in (first - 1, first, last, last + 1):
                return exon
        return None


class Drug(RulebaseModel):
    """A drug: generic name (lower case), classes, targets, identifiers, brands and other names.

    ``binding_modes`` say how it binds its targets (``ALK solvent front``, ``covalent at BTK C481``), as far as
    resistance by a change of the target follows from that.
    ``approved`` says whether a regulator (FDA or EMA) has ever authorised it against a cancer. A ``regimen`` is several
    drugs given together and judged as one: it names them, is called by them (``dabrafenib + trametinib``), and has
    their classes and targets; the rows of classes hold for it where they are its own (``BRAF with MEK inhibitor``).
    ``brands`` are spelled as labels spell them; that of a product of several drugs is the regimen's.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9 ()+/-]*$")]
    regimen: tuple[Text, ...] = ()
    classes: tuple[Text, ...] = ()
    targets: tuple[Text, ...] = ()
    binding_modes: tuple[Text, ...] = ()
    approved: bool
    nci_thesaurus: Text | None = None
    chembl: Annotated[str, StringConstraints(pattern=r"^CHEMBL\d+$")] | None = None
    brands: tuple[Text, ...] = ()
    aliases: tuple[Text, ...] = ()

    @property
    def other_names(self) -> tuple[str, ...]:
        """Every name but the generic one, as the rule set spells them."""
        return (*self.brands, *self.aliases)


class TumourType(RulebaseModel):
    """An OncoTree type; ``parent`` is None for the root.

    ``nci`` and ``umls`` are the concepts of the NCI Thesaurus and of UMLS that OncoTree refers to for this type and no
    other.
    """

    code: Text
    name: Text
    parent: str | None = None
    nci: tuple[Annotated[str, StringConstraints(pattern=r"^C\d+$")], ...] = ()
    umls: tuple[Annotated[str, StringConstraints(pattern=r"^C[LN]?\d+$")], ...] = ()


class Evidence(RulebaseModel):
    """One evidence item, in our own words; ``direction`` is relative to the effect of the row it stands on.

    ``verification`` says what was seen of the study: its abstract, label or database record (``full``), a mention of it
    elsewhere (``secondary``), or no more than that it exists and is about this (``partial``). ``absence`` says that the
    study looked for an effect and did not find it, and showed no more than that: such an item carries no rule.
    """

    reference: Reference
    source: Annotated[str, StringConstraints(pattern=SOURCE)] | None = None
    level: EvidenceLevel
    verification: Verification = "full"
    direction: Literal["supports", "against"]
    absence: bool = False
    studied_in: Text
    given_with: tuple[Text, ...] = ()
    drug: Text | None = None
    statement: Text

    @property
    def carries(self) -> bool:
        """Whether the item supports its rule by what the study showed, not by what it looked for in vain."""
        return self.direction == "supports" and not self.absence


class Row(Dated):
    """One rule of a drug's table.

    ``defeats`` names the binding mode that what the row asks for defeats: the row then holds for every drug that binds
    so, as an extrapolation where that drug was not studied.
    """

    when: ConditionField
    tumour_types: tuple[Text, ...] = Field(min_length=1)
    extrapolated_to: tuple[Text, ...] = ()
    effect: Effect
    mechanism: Mechanism
    score: float | None = None
    score_reason: Text | None = None
    group: Text | None = None
    defeats: Text | None = None
    reviewers: tuple[Reviewer, ...] = ()
    note: Text | None = None
    evidence: tuple[Evidence, ...]


class Indication(RulebaseModel):
    """What a drug needs in a set of tumour types before a verdict may be given.

    The required marker counts as absent only where all of ``absent_if_assayed`` was assayed and shows none of it;
    where that is not given, the essential loci decide. ``relevant`` says that the drug is used in these types;
    ``basis`` names the guideline or label by which it is, where no use in ``approvals.yaml`` says so.
    """

    tumour_types: tuple[Text, ...] = Field(min_length=1)
    relevant: bool
    basis: Text | None = None
    requires: ConditionField | Literal["nothing"]
    essential_loci: tuple[EssentialLocusField, ...]
    absent_if_assayed: tuple[EssentialLocusField, ...] = ()


class Table(RulebaseModel):
    """``tables/CLASS/DRUG.yaml`` or ``tables/combinations/DRUGS.yaml``.

    It may be without rows of its own where the drug's classes have some.
    """

    drug: Text
    indications: tuple[Indication, ...] = Field(min_length=1)
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The drug."""
        return self.drug


class ClassTable(RulebaseModel):
    """``classes/CLASS.yaml``: rows that hold for every drug of a class, regimens apart.

    Evidence that names no ``drug`` is of the class as a whole. For a drug it counts as evidence of another drug does,
    as an extrapolation; evidence of the drug itself counts in full.
    """

    drug_class: Text
    rows: tuple[Row, ...] = Field(min_length=1)

    @property
    def name(self) -> str:
        """The class."""
        return self.drug_class


def table_place(drug: str, classes: Sequence[str], regimen: bool) -> str:
    """Where in its rule set the table of a drug belongs: in the folder of its first class, a regimen's apart."""
    folder = COMBINATION_FOLDER if regimen else "/".join([TABLE_FOLDER, *(slug(name) for name in classes[:1])])
    return f"{folder}/{file_name(drug)}"


class Conclusion(RulebaseModel):
    """Something a mechanism rule can conclude."""

    id: Slug
    name: Text


class MechanismRule(Dated):
    """Findings or conclusions lead to a conclusion; a ``definition`` names a step and weighs nothing itself."""

    when: ConditionField
    tumour_types: tuple[Text, ...] = ("TISSUE",)
    concludes: Slug
    mechanism: Mechanism
    explanation: Text
    definition: bool = False
    reviewers: tuple[Reviewer, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class MechanismFile(RulebaseModel):
    """``mechanisms/*.yaml``."""

    conclusions: tuple[Conclusion, ...] = ()
    rules: tuple[MechanismRule, ...] = ()


class AlterationSet(RulebaseModel):
    """A named, listed set of alterations of one gene."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+( [a-z-]+)+ mutation$")]
    members: ConditionField
    basis: Text


# Where a variant is described: a record of a database of variants, or a study.
VARIANT_REFERENCE = r"^(dbSNP:rs\d+|ClinVar:(VCV|RCV)?\d+|PMID:\d+|DOI:10\.\S+)$"
VariantReference = Annotated[str, StringConstraints(pattern=VARIANT_REFERENCE)]


class BenignVariant(RulebaseModel):
    """A change of a protein without effect on how a tumour behaves: a common polymorphism or a benign variant.

    ``basis`` says in one sentence why it is known as one.
    """

    variant: ConditionField
    references: tuple[VariantReference, ...] = Field(min_length=1)
    basis: Text

    @property
    def change(self) -> ChangeAtom:
        """The change; a checked rule set has nothing else here."""
        assert isinstance(self.variant, ChangeAtom)
        return self.variant


class BenignVariantFile(RulebaseModel):
    """``benign_variants.yaml``: what is found in a tumour and is no finding of the tumour."""

    variants: tuple[BenignVariant, ...] = ()


class Panel(RulebaseModel):
    """``panels/*.yaml``: what a published assay covers, by gene; nothing that its ``source`` does not state.

    ``limit_of_detection`` is the smallest allele fraction that it finds, 0 to 1, where the source gives one for all.
    ``every_gene`` names what is covered of every gene that the rule set knows, as a whole exome or genome does.
    """

    panel: Slug
    name: Text
    other_names: tuple[Text, ...] = ()
    specimen: Literal["tissue", "ctDNA"] | None = None
    limit_of_detection: Annotated[float, Field(gt=0, lt=1)] | None = None
    source: Text
    note: Text | None = None
    mutation: tuple[Text, ...] = ()
    copy_number: tuple[Text, ...] = ()
    fusion: tuple[Text, ...] = ()
    splicing: tuple[Text, ...] = ()
    signatures: tuple[Literal["MSI", "TMB", "HRD"], ...] = ()
    every_gene: tuple[Literal["mutation", "copy_number", "fusion"], ...] = ()

    def loci(self, genes: Iterable[Gene]) -> Iterator[str]:
        """What the panel covers, as loci; ``genes`` are those that the rule set knows."""
        symbols = tuple(gene.symbol for gene in genes) if self.every_gene else ()
        for kind in ("mutation", "copy_number", "fusion", "splicing"):
            covered = symbols if kind in self.every_gene else getattr(self, kind)
            yield from (f"{gene} {kind.replace('_', ' ')}" for gene in covered)
        yield from self.signatures


class Rulebase(HasDigest):
    """A whole rule set, checked; ``digest`` is the SHA-256 of its files, ``table_files`` say where each was read.

    Tables come in the order of their drugs, whatever the folders in which they lie.
    """

    kept: ClassVar[tuple[str, ...]] = ("judged_types", "resistance_changes", "skipped_exons", "_named_in_frame")

    manifest: Manifest
    genes: tuple[Gene, ...]
    sequences: dict[str, str]
    drugs: tuple[Drug, ...]
    tumour_types: tuple[TumourType, ...]
    tumour_name_file: TumourNameFile = Field(default_factory=TumourNameFile)
    citations: tuple[Citation, ...]
    alteration_sets: tuple[AlterationSet, ...]
    benign_variants: tuple[BenignVariant, ...] = ()
    conclusions: tuple[Conclusion, ...]
    mechanism_rules: tuple[MechanismRule, ...]
    tables: tuple[Table, ...]
    class_tables: tuple[ClassTable, ...] = ()
    panels: tuple[Panel, ...] = ()
    approvals: ApprovalFile = Field(default_factory=ApprovalFile)
    regimens: TumourRegimens = Field(default_factory=TumourRegimens)
    table_files: dict[str, str] = Field(default_factory=dict)

    def file_of(self, table: Table | ClassTable) -> str:
        """The file of a table, from the rule set's folder on; where it belongs if it was read from none."""
        if table.name in self.table_files:
            return self.table_files[table.name]
        if isinstance(table, ClassTable):
            return f"classes/{file_name(table.drug_class)}"
        drug = self.drug_by_name[table.drug]
        return table_place(drug.name, drug.classes, bool(drug.regimen))

    @property
    def row_tables(self) -> tuple[Table | ClassTable, ...]:
        """Every table with rows, of drugs and of classes."""
        return (*self.tables, *self.class_tables)

    @cached_property
    def _class_rows(self) -> dict[str, tuple[Row, ...]]:
        """The rows of each class, with evidence of the class as a whole marked as such."""

        def marked(item: Evidence, name: str) -> Evidence:
            return item if item.drug else item.model_copy(update={"drug": name})

        return {
            table.drug_class: tuple(
                row.model_copy(update={"evidence": tuple(marked(item, table.drug_class) for item in row.evidence)})
                for row in table.rows
            )
            for table in self.class_tables
        }

    @cached_property
    def _mode_rows(self) -> dict[str, tuple[tuple[str, Row], ...]]:
        """By binding mode the rows on what defeats it, each with its drug, which its evidence names too."""
        found: dict[str, list[tuple[str, Row]]] = {}
        for table in self.tables:
            for row in table.rows:
                if row.defeats is not None:
                    of_drug = tuple(
                        item if item.drug else item.model_copy(update={"drug": table.drug}) for item in row.evidence
                    )
                    shared = row.model_copy(update={"evidence": of_drug})
                    found.setdefault(row.defeats, []).append((table.drug, shared))
        return {mode: tuple(rows) for mode, rows in found.items()}

    def modes_of(self, drug: str) -> tuple[str, ...]:
        """The binding modes of a drug, or of the drugs of a regimen, each once."""
        return tuple(dict.fromkeys(mode for part in self.parts_of(drug) for mode in part.binding_modes))

    def rows_of(self, table: Table) -> tuple[Row, ...]:
        """The rows of a drug's table, those of its classes, and those of other drugs that defeat how it binds."""
        known = self._rows_of.get(table.drug)
        if known is None or known[0] is not table:
            known = self._rows_of[table.drug] = (table, self._all_rows_of(table))
        return known[1]

    @cached_property
    def _rows_of(self) -> dict[str, tuple[Table, tuple[Row, ...]]]:
        """The rows of tables that were asked for before, by drug."""
        return {}

    def _all_rows_of(self, table: Table) -> tuple[Row, ...]:
        drug = self.drug_by_name.get(table.drug)
        if drug is None:
            return table.rows
        of_classes = (row for name in drug.classes for row in self._class_rows.get(name, ()))
        return (*table.rows, *of_classes, *(row for _, row in self.mode_rows_of(table)))

    def mode_rows_of(self, table: Table) -> tuple[tuple[str, Row], ...]:
        """The rows of other drugs on what defeats how the drug binds, each with that drug."""
        modes = self.modes_of(table.drug) if table.drug in self.drug_by_name else ()
        return tuple((drug, row) for mode in modes for drug, row in self._mode_rows.get(mode, ()) if drug != table.drug)

    def drugs_of(self, table: Table | ClassTable) -> tuple[str, ...]:
        """The drugs with a table for which the rows of ``table`` hold."""
        if isinstance(table, Table):
            return (table.drug,)
        return tuple(own.drug for own in self.tables if table.drug_class in self.drug_by_name[own.drug].classes)

    @cached_property
    def gene_by_name(self) -> dict[str, Gene]:
        """Genes by upper-case symbol and alias; a symbol always beats an alias."""
        found = {alias.upper(): gene for gene in self.genes for alias in gene.aliases}
        return found | {gene.symbol.upper(): gene for gene in self.genes}

    @cached_property
    def drug_by_name(self) -> dict[str, Drug]:
        """Drugs by lower-case generic name, brand and alias."""
        found = {name.casefold(): drug for drug in self.drugs for name in drug.other_names}
        return found | {drug.name: drug for drug in self.drugs}

    @cached_property
    def brands(self) -> dict[str, tuple[str, ...]]:
        """The brands of each drug that has some."""
        return {drug.name: drug.brands for drug in self.drugs if drug.brands}

    def parts_of(self, drug: str) -> tuple[Drug, ...]:
        """The drugs that a drug of ``drugs.yaml`` consists of: those of a regimen, otherwise itself."""
        found = self._parts_of.get(drug)
        if found is None:
            known = self.drug_by_name[drug]
            found = self._parts_of[drug] = tuple(self.drug_by_name[part] for part in known.regimen) or (known,)
        return found

    def _part_names(self, drug: str) -> tuple[str, ...]:
        """The names of those."""
        found = self._names_of_parts.get(drug)
        if found is None:
            found = self._names_of_parts[drug] = tuple(part.name for part in self.parts_of(drug))
        return found

    @cached_property
    def _names_of_parts(self) -> dict[str, tuple[str, ...]]:
        """The names of the parts of drugs and regimens that were asked for before."""
        return {}

    @cached_property
    def _parts_of(self) -> dict[str, tuple[Drug, ...]]:
        """The parts of drugs and regimens that were asked for before."""
        return {}

    def classes_of(self, drug: str) -> tuple[str, ...]:
        """The classes of a drug, or those of a regimen and of its drugs, each once."""
        known = self.drug_by_name[drug]
        of_parts = (name for part in self.parts_of(drug) for name in part.classes)
        return tuple(dict.fromkeys((*known.classes, *of_parts)))

    def targets_of(self, drug: str) -> tuple[str, ...]:
        """The targets of a drug, or of the drugs of a regimen, each once."""
        return tuple(dict.fromkeys(name for part in self.parts_of(drug) for name in part.targets))

    @cached_property
    def tumour_by_code(self) -> dict[str, TumourType]:
        """Tumour types by OncoTree code."""
        return {tumour.code: tumour for tumour in self.tumour_types}

    @cached_property
    def tumour_names(self) -> TumourNames:
        """Every name by which the tumour types are known."""
        return TumourNames(self.tumour_types, self.tumour_name_file)

    @cached_property
    def judged_types(self) -> frozenset[str]:
        """The tumour types that tables name in rows or indications."""
        of_rows = {code for table in self.row_tables for row in table.rows for code in row.tumour_types}
        return frozenset(
            of_rows | {code for table in self.tables for own in table.indications for code in own.tumour_types}
        )

    @cached_property
    def citation_by_reference(self) -> dict[str, Citation]:
        """Citations by reference."""
        return {citation.reference: citation for citation in self.citations}

    @cached_property
    def set_by_name(self) -> dict[str, AlterationSet]:
        """Alteration sets by name."""
        return {alteration_set.name: alteration_set for alteration_set in self.alteration_sets}

    @cached_property
    def conclusion_by_id(self) -> dict[str, Conclusion]:
        """Conclusions by id."""
        return {conclusion.id: conclusion for conclusion in self.conclusions}

    def lineage(self, code: str) -> tuple[str, ...]:
        """``code`` and its ancestors, nearest first."""
        found = self._lineages.get(code)
        if found is None:
            found = self._lineages[code] = self._lineage(code)
        return found

    @cached_property
    def _lineages(self) -> dict[str, tuple[str, ...]]:
        """The lineages of tumour types that were asked for before."""
        return {}

    def _lineage(self, code: str) -> tuple[str, ...]:
        lineage, current = [], self.tumour_by_code.get(code)
        while current is not None:
            lineage.append(current.code)
            current = self.tumour_by_code.get(current.parent) if current.parent else None
        return tuple(lineage)

    def active_rows(self) -> Iterator[tuple[Table | ClassTable, Row]]:
        """Every active row with its table."""
        for table in self.row_tables:
            for row in table.rows:
                if row.status == "active":
                    yield table, row

    def live_conditions(self) -> Iterator[Condition]:
        """The conditions of rows and rules that are not retired, the required markers, and the members of sets."""
        for table in self.row_tables:
            yield from (row.when for row in table.rows if row.status != "retired")
        for table in self.tables:
            yield from (indication.requires for indication in table.indications if indication.requires != "nothing")
        yield from (rule.when for rule in self.mechanism_rules if rule.status != "retired")
        yield from (alteration_set.members for alteration_set in self.alteration_sets)

    @cached_property
    def _benign(self) -> dict[str, dict[tuple[str, int, int, str], BenignVariant]]:
        found: dict[str, dict[tuple[str, int, int, str], BenignVariant]] = {}
        for item in self.benign_variants:
            form = normal_form(item.change.change, self.sequences.get(item.change.gene))
            found.setdefault(item.change.gene, {})[form] = item
        return found

    def benign_variant(self, gene: str, change: ProteinChange) -> BenignVariant | None:
        """The entry of the list of polymorphisms and benign variants that a change is, or None."""
        listed = self._benign.get(gene)
        return listed.get(normal_form(change, self.sequences.get(gene))) if listed else None

    @cached_property
    def resistance_changes(self) -> tuple[ChangeAtom, ...]:
        """The single changes of a drug's target that active rows name as resistance to that drug."""
        found: dict[ChangeAtom, None] = {}
        for table, row in self.active_rows():
            if row.effect == "resistance" and row.mechanism.startswith("target alteration"):
                targets = {name for drug in self.drugs_of(table) for name in self.targets_of(drug)}
                for mention in mentions(row.when):
                    if isinstance(mention.atom, ChangeAtom) and mention.atom.gene in targets:
                        found[mention.atom] = None
        return tuple(found)

    @cached_property
    def changes_in_sets(self) -> dict[str, tuple[tuple[str, ChangeAtom | SiteAtom], ...]]:
        """By gene what sets of alterations name there, a change or a part of the protein, each with the set's name."""
        found: dict[str, list[tuple[str, ChangeAtom | SiteAtom]]] = {}
        for item in self.alteration_sets:
            for member in atoms(item.members):
                if isinstance(member, ChangeAtom | SiteAtom) and names_a_change(member):
                    found.setdefault(member.gene, []).append((item.name, member))
        return {gene: tuple(members) for gene, members in found.items()}

    def named_in_frame(self, gene: str) -> tuple[ChangeAtom | SiteAtom, ...]:
        """What rules ask for in a gene that names in-frame changes: such a change, or any in a part of the protein."""
        return self._named_in_frame.get(gene, ())

    @cached_property
    def _named_in_frame(self) -> dict[str, tuple[ChangeAtom | SiteAtom, ...]]:
        found: dict[str, dict[ChangeAtom | SiteAtom, None]] = {}
        for condition in self.live_conditions():
            for atom in atoms(condition):
                if (isinstance(atom, ChangeAtom) and atom.change.kind in IN_FRAME) or (
                    isinstance(atom, SiteAtom) and atom.type in ("deletion", "insertion") and atom.first is not None
                ):
                    found.setdefault(atom.gene, {})[atom] = None
        return {gene: tuple(named) for gene, named in found.items()}

    @cached_property
    def skipped_exons(self) -> dict[str, frozenset[int]]:
        """By gene the exons whose skipping rules speak of."""
        found: dict[str, set[int]] = {}
        for condition in self.live_conditions():
            for atom in atoms(condition):
                if isinstance(atom, StateAtom) and (skipped := re.fullmatch(r"exon ([0-9]+) skipping", atom.state)):
                    found.setdefault(atom.subject, set()).add(int(skipped[1]))
        return {gene: frozenset(exons) for gene, exons in found.items()}

    def exon_skipped_by_splice_site(self, gene: str, codon: int) -> int | None:
        """The exon whose skipping a change at a splice site beside ``codon`` brings about, of those rules speak of.

        The codon may be counted on another isoform that the rule set knows.
        """
        known = self.gene_by_name.get(gene.upper())
        if known is None:
            return None
        shifts = [other.shift for other in known.other_numbering if other.bounds[0] <= codon <= other.bounds[1]]
        beside = (known.exon_beside(codon + shift) for shift in (0, *shifts))
        return next((exon for exon in beside if exon in self.skipped_exons.get(known.symbol, ())), None)

    def indication(self, table: Table, code: str) -> Indication | None:
        """The table's most specific indication for tumours of type ``code``, or None."""
        for ancestor in self.lineage(code):
            for indication in table.indications:
                if ancestor in indication.tumour_types:
                    return indication
        return None

    @cached_property
    def table_by_drug(self) -> dict[str, Table]:
        """The tables by drug."""
        return {table.drug: table for table in self.tables}

    @cached_property
    def uses(self) -> Uses:
        """Where drugs are approved or otherwise used."""
        regimens = (drug.regimen for table in self.tables if (drug := self.drug_by_name.get(table.drug)))
        return Uses(self.approvals, self.lineage, [frozenset(parts) for parts in regimens if parts], self.coarse_types)

    @cached_property
    def coarse_types(self) -> frozenset[str]:
        """The tumour types that name an organ and no disease: those below the root, and what is all there is of one."""
        children: dict[str | None, list[str]] = {}
        for tumour in self.tumour_types:
            children.setdefault(tumour.parent, []).append(tumour.code)
        organs = [code for root in children.get(None, ()) for code in children.get(root, ())]
        only = [children[code][0] for code in organs if len(children.get(code, ())) == 1]
        return frozenset((*organs, *(code for code in only if code in children)))

    def uses_in(self, drug: str, code: str) -> tuple[Covering, ...]:
        """The approvals and other uses of a drug or regimen that cover tumours of type ``code``, withdrawn ones too."""
        found = self._uses_in.get((drug, code))
        if found is None:
            about = self.uses_about(drug, code)
            found = self._uses_in[drug, code] = tuple(use for use in about if use.covers != "left out")
        return found

    @cached_property
    def _uses_in(self) -> dict[tuple[str, str], tuple[Covering, ...]]:
        """The uses that were asked for before, by drug and tumour type."""
        return {}

    def uses_about(self, drug: str, code: str) -> tuple[Covering, ...]:
        """The same, and those that leave this type out of a wider one."""
        return self.uses.of(self._part_names(drug), code)

    def is_used(self, table: Table, code: str, marked: Callable[[Covering], Truth] = lambda use: Truth.UNKNOWN) -> bool:
        """Whether the drug of ``table`` is used in tumours of type ``code``.

        It is where an approval or other use that is not withdrawn covers the type; a use of a regimen with a table of
        its own makes none of the regimen's drugs one that is used alone. ``marked`` says whether a use's biomarker is
        found. A use in tumours of any type counts where it is; another does not count where it is absent, unless the
        table requires a marker and can say so. What the table's indication calls relevant is used where it gives the
        basis, or some use covers the type; a drug of which ``approvals.yaml`` says nothing is used as it says.
        """
        uses = [found for found in self.uses_in(table.drug, code) if found.in_force]
        own = self.indication(table, code)
        asks = own is not None and own.requires != "nothing"
        for found in uses:
            if not found.only_in_regimen:
                truth = marked(found)
                if truth is Truth.TRUE or (not found.any_tumour and (asks or truth is Truth.UNKNOWN)):
                    return True
        if own is None or not own.relevant:
            return False
        return own.basis is not None or bool(uses) or not self._parts_of_uses(table.drug) <= self.uses.drugs

    def approved_irrespective(self, drug: str, code: str) -> bool:
        """Whether the drug is used in tumours of type ``code`` whatever their biomarkers."""
        uses = (found for found in self.uses_in(drug, code) if found.in_force and found.covers == "type")
        if any(not found.use.needs_marker for found in uses):
            return True
        table = self.table_by_drug.get(drug)
        own = self.indication(table, code) if table else None
        if own is None or not own.relevant or own.requires != "nothing":
            return False
        return own.basis is not None or not self._parts_of_uses(drug) <= self.uses.drugs

    def _parts_of_uses(self, drug: str) -> frozenset[str]:
        """The drugs of which uses could tell: those of a regimen, or itself."""
        return frozenset(part.name for part in self.parts_of(drug)) - self.uses.accompanying

    def used_without_rules(self, code: str) -> tuple[tuple[str, tuple[Covering, ...]], ...]:
        """The drugs that are used in tumours of type ``code`` and of which no table tells, each with its uses.

        A drug is told of by a table of its own or by that of a regimen which the use names.
        """
        return tuple(
            (drug, found)
            for drug in sorted(self.uses.drugs - self.table_by_drug.keys())
            if drug in self.drug_by_name
            and (found := tuple(one for one in self.uses_in(drug, code) if one.in_force and not one.only_in_regimen))
        )
