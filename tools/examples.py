"""The example reports and the published schemas: ``make examples`` writes them anew.

They belong to the checkout and are not shipped; of the examples those of ``COMMITTED`` are under version control. Each
patient file, VCF and FASTA file in ``examples/`` gives an HTML and a JSON report in ``reports/examples/``, one of
several samples a timeline, as ``resistab`` makes them on the date of the rule set (the VCF with ``--tumour LUAD``), one
in German too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import get_args

from pydantic import BaseModel

from resistab import Interpreter
from resistab.domains.loading import load
from resistab.domains.oncology.kinds.models import VerdictName
from resistab.domains.oncology.report.model import Report
from resistab.domains.oncology.report.series import Timeline
from resistab.domains.pack import Given
from resistab.domains.registry import pack_of
from resistab.domains.virus.report import VERDICTS as VIRAL_VERDICTS
from resistab.domains.virus.report.model import ViralReport
from resistab.domains.virus.report.series import ViralTimeline
from resistab.files.output import write_whole
from resistab.report.frame.model import PlainReport
from resistab.report.language import speaking
from resistab.report.timeline.model import TakenSample
from resistab.report.timeline.opened import options_over_time
from resistab.report.timeline.page import render_timeline_html, render_timeline_svg
from resistab.report.timeline.therapies import read_therapies
from resistab.report.translations import language_named, shipped_languages
from resistab.rulesets.find import data_folder, ruleset_folder

# A tumour and a virus, and what README.md and docs/ show.
COMMITTED = (
    "hiv_pol.html",
    "hiv_pol.json",
    "lung_series.svg",
    "melanoma_nras_q61k.de.html",
    "melanoma_nras_q61k.html",
    "melanoma_nras_q61k.json",
)
PATIENTS = (".yaml", ".vcf", ".fasta")
# The patient whose page is written in each other language too.
TRANSLATED = "melanoma_nras_q61k"
# The rule sets of those that are not tumours, and what a file does not say itself.
RULESETS = {"germline": "pharmacogenomics", "hiv_pol": "hiv1"}
SAID = {"lung_tumour": {"tumour": "LUAD"}}
SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text(model: type[BaseModel], verdicts: Sequence[str] = ()) -> str:
    """The JSON Schema of a report's model; ``verdicts`` are the names that a timeline of the domain may hold."""
    schema = {"$schema": SCHEMA_DIALECT} | model.model_json_schema(mode="serialization")
    if verdicts:
        for part in ("CourseVerdict", "Pointer"):
            properties = schema["$defs"][part]["properties"]
            properties["verdict"] = {"enum": list(verdicts)} | properties["verdict"]
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def schema_texts() -> dict[str, str]:
    """The published schemas, by the names of their files."""
    return {
        "report.schema.json": schema_text(Report),
        "viral_report.schema.json": schema_text(ViralReport),
        "plain_report.schema.json": schema_text(PlainReport),
        "timeline.schema.json": schema_text(Timeline, get_args(VerdictName)),
        "viral_timeline.schema.json": schema_text(ViralTimeline, list(VIRAL_VERDICTS.words)),
    }


def indented(text: str) -> str:
    """JSON as people read it and version control compares it."""
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


@cache
def interpreter_of(ruleset: str) -> Interpreter:
    """The interpreter of a shipped rule set."""
    return load(ruleset)


def example_texts(inputs: Path) -> dict[str, str]:
    """The example reports of the files in ``inputs``, by name; raises ``InputError`` for a faulty one."""
    texts = {}
    for path in sorted(path for path in inputs.iterdir() if path.suffix in PATIENTS):
        ruleset = RULESETS.get(path.stem, "oncology")
        interpreter, pack = interpreter_of(ruleset), pack_of(ruleset_folder(ruleset))
        on = interpreter.rulebase.manifest.date
        genotypes = pack.inputs.genotypes(interpreter, Given(files=(path,), said=SAID.get(path.stem, {})))
        reports = [interpreter.interpret(genotype, on=on) for genotype in genotypes]
        if len(reports) == 1:
            texts[f"{path.stem}.json"] = indented(reports[0].to_json())
            texts[f"{path.stem}.html"] = pack.report.html(reports[0])
            for name in shipped_languages() if path.stem == TRANSLATED else ():
                if (language := language_named(name)) is not None:
                    with speaking(language):
                        texts[f"{path.stem}.{name}.html"] = pack.report.html(reports[0])
        else:
            # A table of therapies may lie beside the samples of a series.
            table = path.with_name(path.stem.replace("series", "therapies") + ".csv")
            therapies = read_therapies(table, interpreter.rulebase.drug_by_name)
            taken = [
                TakenSample(genotype, report, pack.inputs.taken_on(genotype) or on)
                for genotype, report in zip(genotypes, reports, strict=True)
            ]
            # Time enough that a busy machine makes no other picture, which rests on all samples but the last.
            options = options_over_time(pack.regimens, interpreter, taken, therapies, 20.0)
            timeline = pack.report.timeline(interpreter.rulebase, taken, therapies, on, options)
            texts[f"{path.stem}.json"] = indented(timeline.to_json())
            texts[f"{path.stem}.html"] = render_timeline_html(timeline, pack.report.VERDICTS)
            texts[f"{path.stem}.svg"] = render_timeline_svg(timeline) or ""
    return texts


def main() -> None:
    """Write the examples and the schemas into the checkout."""
    reports = data_folder("templates").parent
    if not (reports / "examples").is_dir():
        sys.exit("error: the examples are made in a checkout of the repository, not in an installed package")
    texts = {reports / name: text for name, text in schema_texts().items()}
    for name, text in example_texts(reports.parent / "examples").items():
        texts[reports / "examples" / name] = text
    for path, text in texts.items():
        write_whole(path, text)
        print(path.relative_to(reports.parent))


if __name__ == "__main__":
    main()
