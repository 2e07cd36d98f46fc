"""Every kind of page that the program writes, made by the commands that users type."""

from __future__ import annotations

import gc
import random
import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from resistab.cli import app
from resistab.curation.site.build import site_files
from resistab.curation.site.folder import write_site
from resistab.curation.site.sources import load_rulesets
from resistab.domains import loading
from resistab.rulesets.find import ruleset_folder
from tests.made_phenotypes import made_samples, plain_text
from tests.paths import EXAMPLES, FIXTURES, SEQUENCES
from tests.rulesets import replace_once

ROW = """  - id: {id}
    status: active
    when: {when}
    tumour_types: [NSCLC]
    effect: resistance
    mechanism: "target alteration: other"
    evidence:
      - {{reference: PMID:24893891, level: B, direction: supports, studied_in: NSCLC, statement: Our own series.}}
    created: 2026-11-22
    reviewed: 2026-11-22
"""
OVERLAY = "name: Example laboratory\nversion: 1.0.0\ndate: 2026-11-22\nover: {over}\n"
GERMLINE_ROW = """drug: fluorouracil
rows:
  - id: LAB-001
    status: active
    when: conclusion dpyd-poor or conclusion dpyd-intermediate
    effect: avoid
    reason: Levels are not measured here.
    created: 2026-11-29
    reviewed: 2026-11-29
    evidence:
      - {reference: PMID:29152729, gene: DPYD, level: A}
"""
# What commands read, beside the examples.
INPUTS: Mapping[str, str] = {
    "lung/overlay.yaml": OVERLAY.format(over="oncology"),
    "lung/tables/osimertinib.yaml": "drug: osimertinib\nrows:\n"
    + ROW.format(id="LAB-001", when="EGFR L792H")
    + "retire:\n  - {id: OSI-003, reason: not used here}\n",
    "hiv/overlay.yaml": OVERLAY.format(over="hiv1"),
    "hiv/tables/3TC.yaml": "drug: 3TC\nscores:\n  184: {I: 60, V: 45}\n"
    "combinations:\n  - {id: LAB-3TC-1, when: 41L and 215Y, score: 5}\n"
    "retire:\n  - {id: 3TC-184, reason: our own fold changes}\n",
    "germline/overlay.yaml": OVERLAY.format(over="pharmacogenomics"),
    "germline/tables/fluorouracil.yaml": GERMLINE_ROW,
    "organoid.csv": "drug,assay,measure,response,resistant_from\n"
    "osimertinib,organoid,fold change,12,5\ngefitinib,organoid,fold change,1,5\n",
    "assay.csv": "drug,assay,measure,response,resistant_from\n"
    "EFV,recombinant virus,fold change,1,3\nRPV,recombinant virus,fold change,1,2\n",
    "earlier.yaml": "sample: earlier\ntumour_type: LUAD\nspecimen: ctDNA\nlimit_of_detection: 0.001\n"
    "date: 2025-02-11\nfindings:\n  - {alteration: EGFR C797S, allele_fraction: 0.01}\n  - MET amplification\n",
    "plasma.yaml": "sample: plasma\ntumour_type: LUAD\nspecimen: ctDNA\nlimit_of_detection: 0.001\n"
    "tumour_fraction: 0.2\ndate: 2026-02-11\nassayed: [EGFR, KRAS]\nprior_therapies: [osimertinib]\n"
    "findings:\n  - {alteration: EGFR L858R, allele_fraction: 0.2}\n  - APC R213*\n",
    "earlier.tsv": "earlier\tRT:M184V, RT:K65R\n",
}
LUNG = "--tumour LUAD --finding 'EGFR L858R'"
MANY = "RT:M184V M41L T215Y K103N L100I I135T"
# The options of ``evaluate``, of ``timeline`` and of what else writes a page, each with what it is to show.
COMMANDS: Mapping[str, str] = {
    "13 findings": "evaluate {fixtures}/thirteen_findings.yaml",
    "C797S": "evaluate {examples}/lung_osimertinib_c797s.yaml --no-options",
    "nothing assayed": "evaluate {examples}/colon_kras_not_assayed.yaml --no-options",
    "no findings": "evaluate --tumour COAD --assayed KRAS",
    "plasma": "evaluate plasma.yaml --no-options",
    "notes and records of a VCF": "evaluate {examples}/lung_tumour.vcf --tumour LUAD "
    "--panel foundationone-cdx --no-options",
    "conflicts": "evaluate {examples}/melanoma_nras_q61k.yaml --no-options",
    "every drug": "evaluate --tumour THYC --finding 'KIT V654A' --all-drugs --no-options",
    "learned": "evaluate --tumour LUAD --finding 'EGFR L858R' --finding 'EGFR T790M' --learned lines --no-options",
    "entries set aside, overlay, measured, history": f"evaluate {LUNG} --finding 'EGFR L792H' --finding 'EGFR what<b>' "
    "--keep-going --overlay lung --measured organoid.csv --history earlier.yaml --prior osimertinib",
    "HIV, a sequence": "evaluate --ruleset hiv1 {examples}/hiv_pol.fasta",
    "HIV, a sequence that must not be used": "evaluate --ruleset hiv1 doubtful.fasta --no-options",
    "HIV, reads": "evaluate --ruleset hiv1 {examples}/hiv_reads.codfreq --threshold 10% --no-options",
    "HIV, a protein in part": "evaluate --ruleset hiv1 {sequences}/capsid.fasta --no-options",
    "HIV, entries set aside, overlay, measured, learned, history": "evaluate --ruleset hiv1 "
    f"--mutations '{MANY}, RT:what' --keep-going --overlay hiv --measured assay.csv --learned draft "
    "--history earlier.tsv --prior EFV",
    "germline": "evaluate --ruleset pharmacogenomics {examples}/germline.yaml",
    "germline, entries set aside, overlay": "evaluate --ruleset pharmacogenomics --finding 'DPYD *1/*2A' "
    "--finding 'TPMT what' --keep-going --overlay germline",
    "germline, nothing to say": "evaluate --ruleset pharmacogenomics --finding 'HLA-B*57:01 negative'",
    "a timeline": "timeline {examples}/lung_series.yaml --therapies {examples}/lung_therapies.csv",
    "a timeline of HIV": "timeline --ruleset hiv1 {examples}/hiv_pol.fasta {examples}/hiv_reads.codfreq "
    "--threshold 10% --at 2025-01-10 --at 2026-02-11",
    "a timeline without a picture": "timeline --tumour LUAD plasma.yaml earlier.yaml --no-options",
    "measurements": "validate --ruleset hiv1 --measured made.csv --measured rilpivirine.csv",
    "measurements, two rule sets": "validate --ruleset hiv1 --measured made.csv "
    "--measured rilpivirine.csv "
    "--against-rulebase old",
    "outcomes": "validate --outcomes {examples}/lung_outcomes.csv",
}
LEARN = (
    "learn --ruleset hiv1 --measured made.csv --measured rilpivirine.csv --drug EFV --drug RPV "
    "--folds 2 --rows 8 -o draft",
    "learn --measured lines.csv --drug gefitinib --folds 2 --rows 8 -o lines",
)
LEARNED = {"learned, of HIV": "draft/report.html", "learned, of tumours": "lines/report.html"}
load = loading.load


@cache
def _shipped(ruleset: str) -> Any:
    return load(ruleset)


def _load_once(ruleset: str = "oncology", rulebase: Path | None = None, overlay: Path | None = None) -> Any:
    return load(ruleset, rulebase, overlay) if rulebase or overlay else _shipped(ruleset)


def run(folder: Path, command: str) -> None:
    """Run a command in this process, in this folder; the shipped rules are loaded once for all."""
    words = shlex.split(command.format(examples=EXAMPLES, fixtures=FIXTURES, sequences=SEQUENCES))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        # What is good for a process that ends with the command is not for the one that tests.
        patch.setattr(gc, "set_threshold", lambda *numbers: None)
        patch.setattr(gc, "freeze", lambda: None)
        patch.setattr(loading, "load", _load_once)
        patch.setattr(sys, "argv", ["resistab", *words])
        try:
            app.main()
        except SystemExit as left:
            assert not left.code, command


def write_inputs(folder: Path) -> None:
    """What the commands read, written into a folder, and what is learned of it."""
    for name, text in INPUTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name, drug in (("made.csv", "EFV"), ("rilpivirine.csv", "RPV")):
        (folder / name).write_text(plain_text(made_samples(80), drug), encoding="utf-8")
    (folder / "lines.csv").write_text(_lines(), encoding="utf-8")
    head, *lines = (EXAMPLES / "hiv_pol.fasta").read_text(encoding="utf-8").splitlines()
    # A codon of the protease ends it, and letters say that any nucleotide may stand there.
    (folder / "doubtful.fasta").write_text("\n".join([head, lines[0][:30] + "TAATAATAA" + lines[0][39:], *lines[1:]]))
    old = folder / "old" / "hiv1"
    shutil.copytree(ruleset_folder("hiv1"), old, ignore=shutil.ignore_patterns("cases"))
    replace_once(old / "tables" / "EFV.yaml", "181: {C/I/V: 30,", "181: {I/V: 30,")


def _lines() -> str:
    """Made-up cell lines under gefitinib, of which those with T790M are resistant."""
    chance = random.Random(5)
    text = "sample,patient,tumour_type,findings,assayed,drug,value,resistant_from\n"
    for number in range(120):
        held = ["EGFR L858R", *(["EGFR T790M"] if chance.random() < 0.3 else [])]
        value = 10 ** (1.2 * (len(held) - 1) + chance.gauss(0, 0.15))
        text += f"s{number},s{number},LUAD,{'; '.join(held)},EGFR,gefitinib,{value:.3g},10\n"
    return text


def make(folder: Path, name: str) -> Path:
    """The page of that name, which its command writes into the folder of its inputs."""
    if name in LEARNED:
        return folder / LEARNED[name]
    page = folder / f"{'-'.join(re.findall('[A-Za-z0-9]+', name))}.html"
    run(folder, f"{COMMANDS[name]} --html {page}")
    return page


def site_of(folder: Path) -> Path:
    """The site of all shipped rule sets, of which the tumours' has an overlay."""
    sources = [*load_rulesets(None, "hiv1"), *load_rulesets(None, "pharmacogenomics")]
    sources += load_rulesets(None, "oncology", folder / "lung")
    write_site(folder / "site", site_files(sources))
    return folder / "site"
