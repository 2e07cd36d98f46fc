"""The committed example reports and the published schema: ``make examples`` writes them anew.

They belong to the checkout and are not shipped. Each patient file, VCF and FASTA file in ``examples/`` gives an HTML
and a JSON report in ``reports/examples/``, as ``resistab evaluate`` makes them on the date of the rule set (the VCF
with ``--tumour LUAD``).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from resistab.interpreter import Interpreter, load
from resistab.output import write_whole
from resistab.patient.fasta import read_fasta
from resistab.patient.files.beside import Beside, laid_over
from resistab.patient.files.reading import read_samples
from resistab.report.html import render_html
from resistab.report.model import Report
from resistab.report.viral_html import render_viral_html
from resistab.report.viral_model import ViralReport
from resistab.rulebase.shipped import data_folder
from resistab.viral_interpreter import ViralInterpreter, load_virus

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text(model: type[Report] | type[ViralReport]) -> str:
    """The JSON Schema of a report's model."""
    schema = {"$schema": SCHEMA_DIALECT} | model.model_json_schema(mode="serialization")
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def example_texts(reports: Path, interpreter: Interpreter, virus: ViralInterpreter) -> dict[Path, str]:
    """What the files under ``reports`` that are made by code are to hold; raises ``InputError`` for a faulty one."""
    texts = {
        reports / "report.schema.json": schema_text(Report),
        reports / "viral_report.schema.json": schema_text(ViralReport),
    }
    examples = reports / "examples"
    for path in sorted((reports.parent / "examples").glob("*")):
        if path.suffix not in (".yaml", ".vcf"):
            continue
        for given in read_samples(path, interpreter.rulebase):
            whole = given if given.tumour_type else laid_over(given, Beside(tumour="LUAD"))
            report = interpreter.interpret(interpreter.assemble(whole), on=interpreter.rulebase.manifest.date)
            texts[examples / f"{path.stem}.json"] = report.to_json() + "\n"
            texts[examples / f"{path.stem}.html"] = render_html(report)
    sequences = virus.sequence_reader()
    for path in sorted((reports.parent / "examples").glob("*.fasta")):
        for record in read_fasta(path):
            viral = virus.interpret(sequences.read(record), on=virus.rulebase.manifest.date)
            texts[examples / f"{path.stem}.json"] = viral.to_json() + "\n"
            texts[examples / f"{path.stem}.html"] = render_viral_html(viral)
    return texts


def main() -> None:
    """Write the examples and the schema into the checkout."""
    reports = data_folder("templates").parent
    if not (reports / "examples").is_dir():
        sys.exit("error: the examples are made in a checkout of the repository, not in an installed package")
    for path, text in example_texts(reports, load(), load_virus()).items():
        write_whole(path, text)
        print(path.relative_to(reports.parent))


if __name__ == "__main__":
    main()
