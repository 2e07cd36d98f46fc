"""A wrapper for Snakemake around ``resistab evaluate``; ``meta.yaml`` says what it takes."""

import shlex

from snakemake.shell import shell

WRITTEN = ("json", "jsonl", "html", "table")

unknown = set(snakemake.output.keys()) - set(WRITTEN)
if unknown or not snakemake.output.keys():
    raise ValueError(f"outputs must be named, each one of {', '.join(WRITTEN)}")

options = [f"--{name} {shlex.quote(str(path))}" for name, path in snakemake.output.items()]
if tumour := snakemake.params.get("tumour", ""):
    options.append(f"--tumour {shlex.quote(tumour)}")
options.append(snakemake.params.get("extra", ""))
files = " ".join(shlex.quote(str(path)) for path in snakemake.input)
asked = " ".join(options)
log = snakemake.log_fmt_shell(stdout=True, stderr=True)

shell("resistab evaluate {asked} {files} {log}")
