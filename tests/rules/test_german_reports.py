"""What shipped rules conclude of many patients can be said in German: what stays English is of the rule set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

import pytest
from random_genotypes import RandomGenotypes

from resistab import load
from resistab.core.measured import WORDS as MEASURED_WORDS
from resistab.core.measured import Agreement, Measure, Response
from resistab.curation.cases import case_rules, read_cases
from resistab.domains.oncology.genotype import Assay
from resistab.domains.oncology.grammar.loci import LocusKind
from resistab.domains.oncology.kinds.models import Effect, Mechanism
from resistab.domains.oncology.policy import vocabulary
from resistab.domains.registry import pack_of
from resistab.report.language import BEGINS, ENDS, concluded, speaking
from resistab.report.options.patient import OptionsAsked
from resistab.report.timeline.model import TherapyOutcome
from resistab.report.timeline.page import OUTCOMES
from resistab.report.translations import language_named
from resistab.rulesets.find import data_folder, ruleset_folder

RULESETS = ("oncology", "hiv1", "pharmacogenomics")
# So many patients of a rule set are interpreted, and of each tenth what is open.
CASES, RANDOM, OPTIONS = 80, 25, 10
_MARKED = re.compile(f"{BEGINS}([^{BEGINS}{ENDS}]*){ENDS}")


def said_of(report: Any) -> Iterator[str]:
    """What the program concluded in a report, text by text; where a rule speaks in its own words that is not told."""
    yield from (*getattr(report, "cautions", ()), *report.notes, *report.method, *report.limits)
    for finding in getattr(report, "findings", ()):
        yield from (*finding.phases, finding.significance)
    for note in getattr(report, "quality", ()):
        yield from (note.kind, note.message)
    for verdict in report.verdicts:
        yield from (verdict.reason, *verdict.not_assessable, getattr(verdict, "approval", ""))
        yield from getattr(verdict, "conflicts", ())
        for row in verdict.contributions:
            yield from getattr(row, "score_reasons", ())
    yield from (item.reason for item in report.measured)
    if (options := getattr(report, "options", None)) is not None:
        yield from (*options.notes, *options.limits, *options.not_listed)
        for regimen in options.regimens:
            yield from (*regimen.why, *(one.because for one in regimen.activities))
            yield from (setting.why_not for setting in regimen.settings)
            yield regimen.genetic_barrier.note if regimen.genetic_barrier else ""


def reports(ruleset: str) -> Iterator[Any]:
    """Reports on cases of a rule set, on random tumours, and some with what is open."""
    interpreter: Any = load(ruleset)
    cases = list(read_cases(case_rules(ruleset_folder(ruleset), interpreter.rulebase)))
    genotypes = [case.genotype for case in cases[:: max(1, len(cases) // CASES)]]
    if ruleset == "oncology":
        drawn = RandomGenotypes(interpreter)
        genotypes += [drawn.draw(seed) for seed in range(RANDOM)]
    pack = pack_of(ruleset_folder(ruleset))
    for number, genotype in enumerate(genotypes):
        report = interpreter.interpret(genotype)
        if number % OPTIONS == 0 and "regimens" not in pack.cannot:
            options = pack.regimens.options(interpreter, genotype, report, OptionsAsked(barriers=False))
            report = report.model_copy(update={"options": options})
        yield report


def written_by_curators(ruleset: str) -> str:
    """All that the files of a rule set say, without breaks of lines."""
    files = sorted((data_folder("rulebase") / ruleset).rglob("*.yaml"))
    return flat(path.read_text("utf-8") for path in files if "cases" not in path.parts)


def flat(texts: Iterable[str]) -> str:
    return re.sub(r"[\s\"']+", " ", " ".join(texts))


@pytest.mark.parametrize("ruleset", RULESETS)
def test_no_sentence_of_the_program_stays_english(ruleset: str) -> None:
    curated = written_by_curators(ruleset).casefold()
    texts = {text for report in reports(ruleset) for text in said_of(report) if text}
    assert len(texts) > 40
    with speaking(language_named("de")):
        left = {part for text in texts for part in _MARKED.findall(concluded(text))}
    # What a row or rule says a curator wrote; of germline alleles it stands behind a phenotype.
    named = {part: re.sub(r"^[^:]* metabolizer[^:]*: |^(G6PD|HLA-B) [^ ]+( [^ ]+)*?: ", "", part) for part in left}
    assert {part for part, text in named.items() if flat([text]).strip().casefold().rstrip(".") not in curated} == set()


def test_what_is_said_in_german_is_found_again() -> None:
    """No text becomes another's: of different ones the translations differ."""
    texts = {text for report in reports("hiv1") for text in said_of(report) if text}
    with speaking(language_named("de")):
        shown = {text: concluded(text) for text in texts}
    assert len(set(shown.values())) == len(texts)


@pytest.mark.parametrize(
    "words, names",
    [
        (vocabulary.EFFECTS, get_args(Effect)),
        (vocabulary.MECHANISMS, get_args(Mechanism)),
        (vocabulary.ASSAYS, get_args(Assay)),
        (vocabulary.KINDS, get_args(LocusKind)),
        (MEASURED_WORDS, (*get_args(Measure), *get_args(Response), *get_args(Agreement))),
        (OUTCOMES, get_args(TherapyOutcome)),
    ],
)
def test_every_word_of_a_model_can_be_translated(words: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert set(names) <= set(words)
