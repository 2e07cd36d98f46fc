"""Which rule sets a server offers: the shipped ones, those of a folder, one with a laboratory's overlay."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="FastAPI is not installed; the extra 'serve' brings it")

from resistab.core.faults import OptionsError, RulebaseError
from resistab.server import evaluation
from resistab.server.application import application
from resistab.server.offered import offered
from resistab.server.settings import ServerSettings
from tests.paths import SMALL, SMALL_PHARMACOGENOMICS, SMALL_VIRUS
from tests.serving import FORMS, Client, Here


@pytest.fixture
def prepared() -> Iterator[None]:
    """What was prepared before is there again afterwards."""
    before = evaluation._settings
    yield
    evaluation._settings = before
    evaluation._interpreter.cache_clear()


def client_of(settings: ServerSettings) -> Client:
    found = offered(settings)
    evaluation.prepare(settings, tuple(found))
    return Client(application(found, settings, Here(), FORMS))


def test_rule_sets_of_a_folder_are_offered(prepared: None, tmp_path: Path) -> None:
    """Of every kind, and several of one."""
    for name, folder in {"first": SMALL, "second": SMALL, "virus": SMALL_VIRUS, "pgx": SMALL_PHARMACOGENOMICS}.items():
        shutil.copytree(folder, tmp_path / name)
    client = client_of(ServerSettings(rulebase=tmp_path))
    ids = [one["id"] for one in client.get("/api/rulesets").json()["rulesets"]]
    assert ids == ["first", "second", "virus", "pgx"]
    assert all(client.get(f"/rulesets/{name}").status_code == 200 for name in ids)
    assert client.get("/rulesets/oncology").status_code == 404


def test_the_folder_of_a_rule_set_itself_is_offered(prepared: None) -> None:
    client = client_of(ServerSettings(rulebase=SMALL))
    (one,) = client.get("/api/rulesets").json()["rulesets"]
    answer = client.post(f"/api/rulesets/{one['id']}/evaluate", json={"tumour": "LUAD", "finding": ["EGFR T790M"]})
    assert answer.status_code == 200 and answer.json()["ruleset"]["digest"] == one["digest"]


def test_only_those_that_are_named_are_offered() -> None:
    settings = ServerSettings(rulesets=("pharmacogenomics", "pharmacogenomics"))
    assert list(offered(settings)) == ["pharmacogenomics"]


@pytest.mark.parametrize("settings", [ServerSettings(rulesets=("nothing",)), ServerSettings(rulebase=Path("/nothing"))])
def test_what_is_not_there_is_refused(settings: ServerSettings) -> None:
    with pytest.raises(RulebaseError):
        offered(settings)


def test_a_folder_without_rule_sets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulebaseError):
        offered(ServerSettings(rulebase=tmp_path))


def test_an_overlay_of_several_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionsError, match="one rule set"):
        offered(ServerSettings(overlay=tmp_path))
