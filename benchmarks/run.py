"""Measures resistab: start to written report, evaluation of one patient, memory.

    python benchmarks/run.py [--rounds N] [--json FILE]

Start is the whole process ``resistab evaluate FILE --json OUT``, and the same with ``--html``, as a multiple of
``python -c pass`` by the same interpreter; they take turns, so that a busy machine slows all. The medians are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENT = ROOT / "examples" / "melanoma_nras_q61k.yaml"
START_LIMIT = 20.0
EVALUATION_LIMIT_MS = 100.0
# Run by the child alone: the peak memory of a process is known only when it is the only child of its parent.
_MEMORY = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def environment(cache: Path) -> dict[str, str]:
    """The environment of every child: a cache of its own, and bytecode kept as in any installation."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"RESISTAB_CACHE": str(cache)}


def evaluate_command(target: Path) -> list[str]:
    """The command that is measured, as a user gives it; ``target`` says by its name what is written."""
    script = Path(sys.executable).parent / "resistab"
    return [str(script), "evaluate", str(PATIENT), f"--{target.suffix[1:]}", str(target)]


def wall(command: Sequence[str], env: dict[str, str]) -> float:
    """Seconds from start to exit of ``command``; raises ``CalledProcessError`` where it fails."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, env=env, stdin=subprocess.DEVNULL)
    return time.perf_counter() - begun


def measure_start(rounds: int, env: dict[str, str], folder: Path) -> dict[str, float]:
    """Medians, in ms, of the starts and of the bare interpreter, taken in turns, and their ratios."""
    nothing = [sys.executable, "-c", "pass"]
    json_command, html_command = (evaluate_command(folder / f"report.{kind}") for kind in ("json", "html"))
    first = wall(json_command, env)
    wall(html_command, env)
    taken = [[wall(command, env) * 1000 for command in (nothing, json_command, html_command)] for _ in range(rounds)]
    bare, to_json, to_html = (statistics.median(times) for times in zip(*taken, strict=True))
    return {
        "python_pass_ms": bare,
        "start_ms": to_json,
        "start_ratio": to_json / bare,
        "html_start_ms": to_html,
        "html_start_ratio": to_html / bare,
        "first_start_ms": first * 1000,
    }


def measure_evaluation(rounds: int) -> dict[str, float]:
    """The time of one evaluation by both evaluators, in ms, and that of loading and compiling the rules before."""
    import resistab
    from resistab.domains.oncology.inputs.patient_file import read_patient_file

    begun = time.perf_counter()
    interpreter = resistab.load()
    loaded = time.perf_counter() - begun
    genotype = interpreter.assemble(read_patient_file(PATIENT)[0])
    interpreter.interpret(genotype)
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        interpreter.interpret(genotype)
        times.append(time.perf_counter() - begun)
    return {
        "load_ms": loaded * 1000,
        "evaluation_ms": statistics.median(times) * 1000,
        "evaluation_slowest_ms": max(times) * 1000,
    }


def measure_memory(env: dict[str, str], target: Path) -> float:
    """The most memory, in MB, that one start to written report has held."""
    command = [sys.executable, "-c", _MEMORY, *evaluate_command(target)]
    finished = subprocess.run(command, check=True, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    # Linux counts in KiB, macOS in bytes.
    return int(finished.stdout.split()[-1]) * (1 if sys.platform == "darwin" else 1024) / 1e6


def measure(rounds: int) -> dict[str, float]:
    """All figures; times in ms, memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder) / "cache")
        os.environ["RESISTAB_CACHE"] = env["RESISTAB_CACHE"]
        figures = measure_start(rounds, env, Path(folder))
        figures |= measure_evaluation(rounds)
        figures["peak_memory_mb"] = measure_memory(env, Path(folder) / "report.html")
    return figures


def table(figures: dict[str, float], rounds: int) -> str:
    """The figures as a table for the terminal."""
    lines = [
        ("python -c pass", f"{figures['python_pass_ms']:.1f} ms", ""),
        (
            "resistab evaluate FILE --json OUT",
            f"{figures['start_ms']:.1f} ms",
            f"{figures['start_ratio']:.1f} times python -c pass (at most {START_LIMIT:g} wanted)",
        ),
        (
            "resistab evaluate FILE --html OUT",
            f"{figures['html_start_ms']:.1f} ms",
            f"{figures['html_start_ratio']:.1f} times python -c pass",
        ),
        ("JSON with an empty cache", f"{figures['first_start_ms']:.0f} ms", "once for each version of the rules"),
        ("loading and compiling the rules", f"{figures['load_ms']:.1f} ms", "in process, once"),
        (
            "one patient, both evaluators",
            f"{figures['evaluation_ms']:.1f} ms",
            f"in process, slowest {figures['evaluation_slowest_ms']:.1f} ms (under {EVALUATION_LIMIT_MS:g} ms wanted)",
        ),
        ("peak memory of a start", f"{figures['peak_memory_mb']:.0f} MB", ""),
    ]
    head = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, medians of {rounds}"
    return "\n".join([head, *(f"  {name:<36} {value:>10}   {note}".rstrip() for name, value, note in lines)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 where a target is missed."""
    parser = argparse.ArgumentParser(description="Measure resistab's start, evaluation and memory.")
    parser.add_argument("--rounds", type=int, default=21, help="measurements of each kind (default 21)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file too")
    given = parser.parse_args(arguments)
    figures = measure(given.rounds)
    print(table(figures, given.rounds))
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    missed = figures["start_ratio"] > START_LIMIT or figures["evaluation_ms"] >= EVALUATION_LIMIT_MS
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
