"""The example reports and the published schemas: ``make examples`` writes them anew.

They belong to the checkout and are not shipped; of the examples those of ``COMMITTED`` are under version control. Each
patient file, VCF and FASTA file in ``examples/`` gives an HTML and a JSON report in ``reports/examples/``, one of
several samples a timeline, as ``resistab`` makes them on the date of the rule set (the VCF with ``--tumour LUAD``).
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast, get_args

from pydantic import BaseModel

from resistab.domains.loading import load
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.reading import read_samples
from resistab.domains.oncology.inputs.sample_defaults import SampleDefaults, with_defaults
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.models import VerdictName
from resistab.domains.oncology.report import VERDICTS
from resistab.domains.oncology.report.model import Report
from resistab.domains.oncology.report.page import render_html
from resistab.domains.oncology.report.series import Timeline, tumour_timeline
from resistab.domains.virus.inputs.fasta import read_fasta
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.report import VERDICTS as VIRAL_VERDICTS
from resistab.domains.virus.report.model import ViralReport
from resistab.domains.virus.report.page import render_viral_html
from resistab.domains.virus.report.series import ViralTimeline
from resistab.files.output import write_whole
from resistab.report.frame.model import PlainReport
from resistab.report.timeline.model import TakenSample
from resistab.report.timeline.page import render_timeline_html, render_timeline_svg
from resistab.report.timeline.therapies import read_therapies
from resistab.rulesets.find import data_folder

# A tumour and a virus, and what README.md shows.
COMMITTED = (
    "hiv_pol.html",
    "hiv_pol.json",
    "lung_series.svg",
    "melanoma_nras_q61k.html",
    "melanoma_nras_q61k.json",
)
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


def example_texts(inputs: Path, interpreter: TumourInterpreter, virus: ViralInterpreter) -> dict[str, str]:
    """The example reports of the files in ``inputs``, by name; raises ``InputError`` for a faulty one."""
    texts = {}
    on = interpreter.rulebase.manifest.date
    for path in sorted(inputs.iterdir()):
        if path.suffix not in (".yaml", ".vcf"):
            continue
        genotypes = [
            interpreter.assemble(given if given.tumour_type else with_defaults(given, SampleDefaults(tumour="LUAD")))
            for given in read_samples(path, interpreter.rulebase)
        ]
        made = [interpreter.interpret(genotype, on=on) for genotype in genotypes]
        if len(made) == 1:
            texts[f"{path.stem}.json"] = indented(made[0].to_json())
            texts[f"{path.stem}.html"] = render_html(made[0])
        else:
            timeline = _timeline(path, interpreter, [*zip(genotypes, made, strict=True)], on)
            texts[f"{path.stem}.json"] = indented(timeline.to_json())
            texts[f"{path.stem}.html"] = render_timeline_html(timeline, VERDICTS)
            texts[f"{path.stem}.svg"] = render_timeline_svg(timeline) or ""
    sequences = virus.sequence_reader()
    for path in sorted(inputs.glob("*.fasta")):
        for record in read_fasta(path):
            viral = virus.interpret(sequences.read(record), on=virus.rulebase.manifest.date)
            texts[f"{path.stem}.json"] = indented(viral.to_json())
            texts[f"{path.stem}.html"] = render_viral_html(viral)
    return texts


def _timeline(
    path: Path, interpreter: TumourInterpreter, samples: Sequence[tuple[Genotype, Report]], on: datetime.date
) -> Timeline:
    """The timeline of an example with several samples, and of its therapies where a table of them lies beside it."""
    table = path.with_name(path.stem.replace("series", "therapies") + ".csv")
    given = read_therapies(table, interpreter.rulebase.drug_by_name)
    dated = [TakenSample(genotype, report, genotype.date or on) for genotype, report in samples]
    return tumour_timeline(interpreter.rulebase, dated, given, on)


def main() -> None:
    """Write the examples and the schemas into the checkout."""
    reports = data_folder("templates").parent
    if not (reports / "examples").is_dir():
        sys.exit("error: the examples are made in a checkout of the repository, not in an installed package")
    tumours, virus = cast(TumourInterpreter, load()), cast(ViralInterpreter, load("hiv1"))
    texts = {reports / name: text for name, text in schema_texts().items()}
    for name, text in example_texts(reports.parent / "examples", tumours, virus).items():
        texts[reports / "examples" / name] = text
    for path, text in texts.items():
        write_whole(path, text)
        print(path.relative_to(reports.parent))


if __name__ == "__main__":
    main()
