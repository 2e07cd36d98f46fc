"""What the commands do for the rule set of a virus."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from resistab import __version__
from resistab.cli.support import usage, with_progress, write
from resistab.core.faults import Fault, InputError, NotUnderstood, nearest
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.interpreter import ViralInterpreter, load_virus

if TYPE_CHECKING:
    from resistab.domains.virus.inputs.fasta import FastaRecord

# A cohort is interpreted by the batch evaluator, and these of it by the other two as well.
FIRST_CHECKED = 3
EVERY_CHECKED = 1000
# About a second's work of each kind.
FEW_SEQUENCES, FEW_GENOTYPES = 60, 8000


@dataclass(frozen=True)
class VirusGiven:
    """What the command line gives of one virus or several."""

    files: list[Path] | None
    mutations: str | None
    mutations_file: Path | None
    sequenced: list[str] | None
    sample: str
    keep_going: bool


def evaluate_virus(
    ruleset: str,
    rulebase: Path | None,
    overlay: Path | None,
    given: VirusGiven,
    json: str | None,
    jsonl: str | None,
    html: str | None,
    all_drugs: bool,
    on: datetime.date,
) -> None:
    """Interpret the genotypes given and write what was asked for, as the command ``evaluate`` does."""
    _refuse_mixed_input(given)
    interpreter = load_virus(ruleset, rulebase, overlay)
    genotypes = _genotypes(interpreter, given)
    if len(genotypes) > 1 and (json or html):
        usage("--json and --html are for one patient; use --jsonl for several")
    if jsonl:
        _check_some(interpreter, genotypes)
        write(jsonl, _lines(interpreter, genotypes, on))
    if json or html or not jsonl:
        _write_reports(interpreter, genotypes, json, html, show=not (json or html or jsonl), all_drugs=all_drugs, on=on)


def _write_reports(
    interpreter: ViralInterpreter,
    genotypes: list[ViralGenotype],
    json: str | None,
    html: str | None,
    show: bool,
    all_drugs: bool,
    on: datetime.date,
) -> None:
    for genotype in genotypes:
        report = interpreter.interpret(genotype, on)
        if json:
            write(json, report.to_json() + "\n")
        if html:
            from resistab.domains.virus.report.page import render_viral_html

            write(html, render_viral_html(report))
        if show:
            from resistab.domains.virus.report.terminal import print_viral_report

            print_viral_report(report, all_drugs)


def _check_some(interpreter: ViralInterpreter, genotypes: list[ViralGenotype]) -> None:
    """Interpret some of a cohort by all evaluators; raises ``DisagreementError`` where they differ."""
    for number, genotype in enumerate(genotypes):
        if number < FIRST_CHECKED or number % EVERY_CHECKED == 0:
            interpreter.check_batch(genotype)


def _lines(interpreter: ViralInterpreter, genotypes: list[ViralGenotype], on: datetime.date) -> Iterator[str]:
    from resistab.domains.virus.report.line_writer import LineWriter

    writer, batch = LineWriter(interpreter.rulebase, on), interpreter.batch
    for genotype in with_progress(genotypes, "Interpreting", FEW_GENOTYPES):
        yield writer.line(genotype, batch.interpret(genotype))


def explain_virus(ruleset: str, rulebase: Path | None, overlay: Path | None, drug: str, given: VirusGiven) -> None:
    """Show how the verdict for one drug was derived, as the command ``explain`` does."""
    from resistab.domains.virus.report.terminal import print_viral_derivation

    _refuse_mixed_input(given)
    interpreter = load_virus(ruleset, rulebase, overlay)
    found = interpreter.rulebase.drug_by_name.get(drug.strip().casefold())
    if found is None:
        drugs = interpreter.rulebase.drugs
        names = [name for item in drugs for name in (item.name, *item.aliases, item.full_name) if name]
        raise InputError(
            [
                Fault(
                    where="drug",
                    message=f"unknown drug '{drug}'",
                    expected="a drug that 'resistab drugs' lists",
                    suggestion=nearest(drug, names, 1),
                )
            ]
        )
    for genotype in _genotypes(interpreter, given):
        report = interpreter.interpret(genotype)
        print_viral_derivation(report, next(verdict for verdict in report.verdicts if verdict.drug == found.name))


def list_virus_drugs(ruleset: str, rulebase: Path | None) -> None:
    """List the drugs of the rule set, as the command ``drugs`` does."""
    from resistab.domains.virus.report.terminal import print_viral_drugs

    print_viral_drugs(load_virus(ruleset, rulebase).rulebase)


def print_virus_version(ruleset: str, rulebase: Path | None) -> None:
    """Print the versions, as the command ``version`` does."""
    rules = load_virus(ruleset, rulebase).rulebase
    manifest, source = rules.manifest, rules.manifest.source
    dated = f" of {source.date}" if source.date else ""
    print(f"resistab {__version__}")
    print(f"rule set {manifest.ruleset} {manifest.version} of {manifest.date}, digest sha256:{rules.digest}")
    print(f"algorithm {source.algorithm} {source.version}{dated}")


# --- what is given ----------------------------------------------------------------------------------------------


def _refuse_mixed_input(given: VirusGiven) -> None:
    ways = [given.files or None, given.mutations, given.mutations_file]
    if sum(way is not None for way in ways) > 1:
        usage("give one of --mutations, --mutations-file and sequence files, not several")
    if given.sequenced and given.mutations is None and (given.files or given.mutations_file):
        usage("--assayed goes with --mutations; what a sequence covers is read from it")
    if all(way is None for way in ways) and not given.sequenced:
        usage("--mutations, --mutations-file or a file of sequences is needed")


def _genotypes(interpreter: ViralInterpreter, given: VirusGiven) -> list[ViralGenotype]:
    """The genotypes that are given; all faults of all of them at once."""
    if given.files:
        return _from_sequences(interpreter, given.files, given.keep_going)
    if given.mutations_file is not None:
        from resistab.domains.virus.inputs.mutation_list import MutationReader
        from resistab.domains.virus.inputs.mutations_file import read_mutation_genotypes

        return read_mutation_genotypes(given.mutations_file, MutationReader(interpreter.rulebase), given.keep_going)
    from resistab.files.sample_names import name_fault

    if fault := name_fault(given.sample):
        raise InputError([Fault(where="--sample", message=f"'{given.sample}' {fault}", expected="a name")])
    genes = [gene.strip() for text in given.sequenced or () for gene in text.split(",") if gene.strip()]
    return [interpreter.genotype(given.mutations or "", given.sample, genes, given.keep_going, where="--mutations")]


def _from_sequences(interpreter: ViralInterpreter, files: list[Path], keep_going: bool) -> list[ViralGenotype]:
    from resistab.domains.virus.inputs.fasta import read_fasta

    reader = interpreter.sequence_reader()
    faults: list[Fault] = []
    records = []
    seen: dict[str, Path] = {}
    for path in files:
        try:
            read = read_fasta(path)
        except InputError as error:
            faults.extend(error.faults)
            continue
        for record in read:
            if record.name in seen:
                faults.append(
                    Fault(
                        where=record.where,
                        line=record.line,
                        message=f"the record '{record.name}' is given twice, first in {seen[record.name]}",
                        expected="each name once",
                    )
                )
                continue
            seen[record.name] = path
            records.append(record)
    genotypes = []
    for record in with_progress(records, "Aligning", FEW_SEQUENCES):
        try:
            genotypes.append(reader.read(record))
        except InputError as error:
            if keep_going:
                genotypes.append(_set_aside(record, error))
            else:
                faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    return genotypes


def _set_aside(record: FastaRecord, error: InputError) -> ViralGenotype:
    """The genotype of a record that could not be read: nothing is known of it, and the report says why."""
    reasons = tuple(NotUnderstood(entry=record.name, reason=fault.message) for fault in error.faults)
    return ViralGenotype(sample=record.name, not_understood=reasons, bases=len(record.sequence))
