"""One virus's rule set, compiled once, applied to genotypes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from resistab.core.agreement import DisagreementError, evaluate_agreed
from resistab.core.cached import cached_property
from resistab.core.domain import Interpreter
from resistab.core.faults import Fault, InputError
from resistab.core.measured import MeasuredResponse
from resistab.core.program import Program
from resistab.core.result import Values
from resistab.core.rete import ReteProgram
from resistab.domains.virus.compile.program import ViralProgram, compile_viral_program
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.kinds.models import ByPosition, SequenceQuality, ViralRulebase
from resistab.domains.virus.observe import observe_residues
from resistab.domains.virus.policy.judged import ViralInferred
from resistab.domains.virus.policy.scores import Scales, decisive_positions
from resistab.domains.virus.policy.verdicts import Interpreted, interpret_viral
from resistab.domains.virus.report.build import build_viral_report
from resistab.domains.virus.report.model import ViralReport

if TYPE_CHECKING:
    from resistab.domains.virus.align.sequence import SequenceReader
    from resistab.domains.virus.align.sequence_quality import QualityFacts
    from resistab.domains.virus.policy.batch import BatchScorer


@dataclass(frozen=True)
class CompiledVirus:
    """What is computed from a rule set alone: its program, and each drug's decisive positions."""

    program: ViralProgram
    decisive: dict[str, tuple[int, ...]]

    @classmethod
    def of(cls, rulebase: ViralRulebase) -> CompiledVirus:
        """Compile ``rulebase``."""
        program = compile_viral_program(rulebase)
        scales = Scales(rulebase)
        return cls(program, {drug.drug: decisive_positions(drug, scales) for drug in program.drugs})


class ViralInterpreter(Interpreter):
    """Interprets genotypes by one rule set; the forward-chaining engine is set up gene by gene, when one is asked for.

    Interpretation raises ``DisagreementError`` where the two evaluators differ, ``ReteError`` where the engine fails.
    """

    def __init__(self, rulebase: ViralRulebase, compiled: CompiledVirus | None = None) -> None:
        self.rulebase = rulebase
        compiled = compiled or CompiledVirus.of(rulebase)
        self.program, self.decisive = compiled.program, compiled.decisive
        self.scales = Scales(rulebase)
        self._rete: dict[str, ReteProgram] = {}

    @cached_property
    def batch(self) -> BatchScorer:
        """The evaluator for cohorts."""
        # Imported here, since numpy is only needed for many.
        from resistab.domains.virus.policy.batch import BatchScorer

        return BatchScorer(self.rulebase, self.program, self.scales, self.decisive)

    def genotype(
        self,
        mutations: str,
        sample: str = "sample",
        sequenced: Sequence[str] = (),
        keep_going: bool = False,
        where: str = "mutations",
        *,
        measured: str | Path | Sequence[MeasuredResponse] | None = None,
    ) -> ViralGenotype:
        """A genotype from a list of mutations as laboratories write them; raises ``InputError`` with every fault.

        ``sequenced`` are genes that were read though no mutation of them may be listed. With ``keep_going`` what is
        not understood is set aside and kept in the genotype. ``where`` names the list in messages. ``measured`` is a
        table of responses to drugs, or the responses themselves.
        """
        from resistab.domains.virus.inputs.given import with_responses
        from resistab.domains.virus.inputs.mutation_list import MutationReader

        def fault_at(message: str, expected: str | None, suggestion: str | None, column: int) -> Fault:
            return Fault(where=where, column=column, message=message, expected=expected, suggestion=suggestion)

        read = MutationReader(self.rulebase).read(mutations, sample, fault_at, keep_going, sequenced)
        (genotype,) = with_responses(
            self, [read], Path(measured) if isinstance(measured, str) else measured, keep_going
        )
        return genotype

    def infer(self, genotype: ViralGenotype) -> ViralInferred:
        """Everything both evaluators derive, for the genes that were sequenced."""
        values: Values = {}
        with_reference: Values = {}
        observed = {}
        for coverage in genotype.coverage:
            program = self.program.by_gene.get(coverage.gene)
            if program is None or not program.strata:
                continue
            rete = self._rete_of(coverage.gene, program)
            of_gene = observe_residues(program.observables, genotype)
            observed.update(of_gene)
            values.update(self.verified(program, of_gene, evaluate_agreed(rete, of_gene)))
            if coverage.ranges is not None:
                assumed = observe_residues(program.observables, genotype, assume_reference=True)
                with_reference.update(self.verified(program, assumed, evaluate_agreed(rete, assumed)))
        return ViralInferred(genotype, observed, values, with_reference)

    def _rete_of(self, gene: str, program: Program) -> ReteProgram:
        if gene not in self._rete:
            self._rete[gene] = ReteProgram(program)
        return self._rete[gene]

    def conclude(self, genotype: ViralGenotype) -> Interpreted:
        """The verdicts and comments for one genotype, with their derivations, by both evaluators."""
        return interpret_viral(self.rulebase, self.program, self.scales, self.decisive, self.infer(genotype))

    def check_batch(self, genotype: ViralGenotype, known: ViralReport | None = None) -> None:
        """Interpret one genotype in every way; raises ``DisagreementError`` where the results differ.

        ``known`` is its report where there is one already.
        """
        whole, batch = known or self.conclude(genotype), self.batch.interpret(genotype)
        one = {v.drug: (v.verdict, v.score, v.level, v.rows) for v in whole.verdicts}
        other = {
            self.batch.names[v.drug]: (
                v.verdict,
                v.score,
                v.level.level if v.level and v.verdict != "not_assessable" else None,
                v.rows,
            )
            for v in batch.verdicts
        }
        differing = [name for name in one if one[name] != other[name]]
        if differing or tuple(comment.id for comment in whole.comments) != batch.comments:
            named = ", ".join(differing) or "comments"
            raise DisagreementError(f"sample '{genotype.sample}': the batch evaluator differs in {named}")

    def sequence_reader(self) -> SequenceReader:
        """A reader of nucleotide sequences; raises ``InputError`` where the rule set holds no reference sequences."""
        from resistab.domains.virus.align.sequence import SequenceReader

        self.refuse_without_sequences()
        return SequenceReader(self.rulebase.sequences, _quality_facts(self.rulebase.quality))

    def refuse_without_sequences(self) -> None:
        """Raise ``InputError`` where the rule set holds no reference sequences."""
        if not self.rulebase.sequences:
            raise InputError(
                [
                    Fault(
                        where=self.rulebase.manifest.ruleset,
                        message="the rule set holds no reference sequences, so that sequences cannot be aligned",
                        expected="lists of mutations, or a rule set with sequences in a .fasta file",
                    )
                ]
            )

    def interpret(self, genotype: ViralGenotype, on: datetime.date | None = None) -> ViralReport:
        """The report for one genotype; ``on`` is the date it is to bear."""
        return build_viral_report(self.rulebase, genotype, self.conclude(genotype), on)


def _quality_facts(quality: SequenceQuality) -> QualityFacts:
    """What the rule set knows of sequences, as the reader of sequences asks for it."""
    from resistab.domains.virus.align.sequence_quality import QualityFacts

    def changes(of: ByPosition) -> frozenset[tuple[str, int, str]]:
        return frozenset(
            (gene, position, residue)
            for gene, positions in of.items()
            for position, residues in positions.items()
            for residue in residues
        )

    return QualityFacts(
        apobec=changes(quality.apobec_signature),
        apobec_resistance=changes(quality.apobec_resistance),
        usual={
            (gene, position): "".join(residues)
            for gene, positions in quality.usual_residues.items()
            for position, residues in positions.items()
        },
        preferred_indels=quality.preferred_indels,
    )


def compile_rules(rulebase: ViralRulebase) -> CompiledVirus:
    """What is computed from a rule set alone."""
    return CompiledVirus.of(rulebase)


def make(
    rulebase: ViralRulebase, folder: Path | None = None, compiled: CompiledVirus | None = None
) -> ViralInterpreter:
    """The interpreter of ``rulebase``; nothing beside the rules is read from ``folder``."""
    return ViralInterpreter(rulebase, compiled)
