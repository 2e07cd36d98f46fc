"""From measurements to a changed verdict: learn --propose, import proposals, check, accept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from resistab.rulesets.find import data_folder
from tests.running import Run
from tests.unit.curation.learning.invented import invented

EFFECTS = {"RT:K103N": 1.3, "RT:I135L": 0.9, "RT:Y188L": 1.5}
SHARES = {"RT:K103N": 0.3, "RT:I135L": 0.12, "RT:Y188L": 0.1, "RT:A98G": 0.15, "RT:T39A": 0.2}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A checkout with the rules of HIV-1."""
    for name in ("hiv1", "schemas"):
        shutil.copytree(data_folder("rulebase") / name, tmp_path / "rules" / name)
    return tmp_path / "rules"


def test_from_measurements_to_another_verdict(run: Run, rules: Path, tmp_path: Path) -> None:
    invented(tmp_path / "efv.csv", EFFECTS, SHARES, patients=250)
    ours = ("--ruleset", "hiv1", "--rulebase", "rules")

    learned = run(
        *("learn", "--measured", "efv.csv", "--drug", "EFV", *ours, "--folds", "3", "--date", "2026-11-30"),
        *("-o", "draft", "--propose", "efv.yaml", "--json", "figures.json"),
    )
    assert learned.returncode == 0, learned.stderr
    assert "+ EFV 135L score" in learned.stdout and "- EFV-98 98G score 10" in learned.stdout
    file = yaml.safe_load((tmp_path / "efv.yaml").read_text("utf-8"))
    assert file["ruleset"] == "hiv1" and file["files"] == ["efv.csv"]
    figures = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    assert [one["when"] for one in figures["proposals"]] == [one["when"] for one in file["proposals"]]
    page = (tmp_path / "draft" / "report.html").read_text("utf-8")
    assert "Proposed changes of the expert tables" in page and "135L" in page.split("h-proposed")[2]

    def verdict() -> tuple[str, float]:
        done = run("evaluate", *ours, "--mutations", "RT:I135L", "--json", "-", "--date", "2026-11-30")
        found = {one["drug"]: one for one in json.loads(done.stdout)["verdicts"]}["EFV"]
        return found["level_name"], found["score"]

    assert verdict() == ("Susceptible", 0)
    imported = run("import", "proposals", "efv.yaml", "--rulebase", "rules", "--date", "2026-11-30")
    assert imported.returncode == 0, imported.stderr
    assert "EFV-D01: + EFV 135L" in imported.stdout and "write under scores:" in imported.stdout
    assert verdict() == ("Susceptible", 0)
    checked = run("check", "rules/hiv1", "--notes")
    assert checked.returncode == 0 and "RT661 2 drafts wait: EFV-D01, EFV-D02" in checked.stdout
    assert run("fmt", "--check", "rules/hiv1").returncode == 0
    assert run("import", "proposals", "efv.yaml", "--rulebase", "rules").returncode != 0

    accepted = run("accept", "EFV-D01", "EFV-D02", *ours)
    assert accepted.returncode == 0, accepted.stderr
    assert "EFV-98 no longer scores 98G" in accepted.stdout
    level, score = verdict()
    assert score >= 15 and level != "Susceptible"
    assert run("check", "rules/hiv1").returncode == 0


def test_learn_without_a_target_names_propose(run: Run, tmp_path: Path) -> None:
    invented(tmp_path / "efv.csv", EFFECTS, SHARES, patients=5)
    done = run("learn", "--measured", "efv.csv", "--drug", "EFV", "--ruleset", "hiv1")
    assert done.returncode == 2 and "--propose" in done.stderr


def test_proposals_of_another_rule_set_are_refused(run: Run, rules: Path, tmp_path: Path) -> None:
    head = (
        "format: resistab proposals 1\nruleset: hiv1\nversion: 0.1.0\ndigest: abc\nfiles: [a.csv]\ndate: 2026-11-30\n"
    )
    (tmp_path / "p.yaml").write_text(head, "utf-8")
    done = run("import", "proposals", "p.yaml", "--ruleset", "oncology", "--rulebase", "rules")
    assert done.returncode == 2 and "is of the rule set hiv1, not of oncology" in done.stderr
    done = run("import", "proposals", "p.yaml", "--rulebase", "rules")
    assert done.returncode == 3 and "learn again" in done.stderr
