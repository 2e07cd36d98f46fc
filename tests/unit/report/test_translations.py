"""Translations of reports: whole, and read with every fault named at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import translations as tool

from resistab.core.faults import ExtraMissingError, InputError
from resistab.report.translations import FOLDER, language_named, shipped_languages
from resistab.rulesets.find import data_folder

GERMAN = data_folder(FOLDER) / "de.po"
Changed = Callable[[str, str], Path]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """The German translation with a part of it changed, as a file of one's own."""

    def make(old: str, new: str) -> Path:
        text = GERMAN.read_text("utf-8")
        assert old in text
        path = tmp_path / "own.po"
        path.write_text(text.replace(old, new, 1), "utf-8")
        return path

    return make


def faults(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        language_named(path)
    return [str(fault) for fault in caught.value.faults]


def test_the_messages_and_every_translation_are_whole() -> None:
    """Where this fails: ``make translations``, and translate what it leaves empty."""
    assert tool.complaints() == []


def test_a_stale_message_is_complained_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "resistab.pot").write_text((data_folder(FOLDER) / "resistab.pot").read_text("utf-8")[:-200], "utf-8")
    monkeypatch.setattr(tool, "FOLDER", tmp_path)
    assert tool.complaints() == ["resistab.pot is stale: make translations writes it anew"]


def test_each_shipped_translation_is_a_language() -> None:
    assert shipped_languages() == ["de", "en"]
    assert language_named("en") is None
    german = language_named("de")
    assert german is not None and (german.code, german.decimal) == ("de", ",")


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"unknown language 'fr'; expected one of de, en, or a file of a translation"):
        language_named("fr")


def test_a_translation_of_ones_own_is_read(changed: Changed) -> None:
    path = changed("Keine Resistenz nachgewiesen", "Kein Nachweis einer Resistenz")
    own = language_named(path)
    assert own is not None
    assert own.messages["No resistance found"] == "Kein Nachweis einer Resistenz"


@pytest.mark.parametrize(
    "message, translation, said",
    [
        ("Not assessable", "", "'Not assessable' is not translated"),
        ("Score %(score)s", "Score %(value)s", "'Score %(score)s' has no value 'value'"),
        ("Score %(score)s", "Score", "'Score %(score)s' is translated without its value 'score'"),
        ("Verdict: <strong>%(verdict)s</strong>.", "Bewertung: %(verdict)s.", "is translated with other tags"),
        ("{locus} not tested", "{locus nicht untersucht", "is translated without its value 'locus'"),
        ("Summary", "100% davon", "has a brace or a percent sign in its translation that begins no value"),
    ],
)
def test_a_faulty_message_is_named_with_its_line(tmp_path: Path, message: str, translation: str, said: str) -> None:
    lines = GERMAN.read_text("utf-8").splitlines()
    at = lines.index(f'msgid "{message}"')
    lines[at + 1] = f'msgstr "{translation}"'
    path = tmp_path / "own.po"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    (fault,) = faults(path)
    assert said in fault
    # A context stands above the message.
    assert int(fault.removeprefix(f"{path}:").partition(":")[0]) in (at, at + 1)


def test_a_message_that_there_is_not_is_named(changed: Changed) -> None:
    found = faults(changed('msgid "Not assessable"', 'msgid "Not known"'))
    assert any("'Not known' is no message of the reports" in fault for fault in found)


def test_a_fuzzy_message_is_refused(changed: Changed) -> None:
    assert any(
        "is marked as fuzzy" in fault
        for fault in faults(changed('msgid "Not assessable"', '#, fuzzy\nmsgid "Not assessable"'))
    )


def test_all_faults_of_a_file_are_named_at_once(changed: Changed) -> None:
    path = changed('msgid "Not assessable"', 'msgid "Not known"')
    path.write_text(path.read_text("utf-8").replace('msgstr "Wirkstoff"', 'msgstr ""', 1), "utf-8")
    found = faults(path)
    assert any("'Not known' is no message" in fault for fault in found)
    assert any("'Drug' is not translated" in fault for fault in found)
    assert any("lacks the message 'Not assessable'" in fault for fault in found)


def test_a_file_that_is_no_translation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.po"
    path.write_text('msgid "a\nmsgstr "b"\n', "utf-8")
    assert faults(path)[0].startswith(f"{path}:")
    (tmp_path / "without.po").write_text('msgid "Drug"\nmsgstr "Wirkstoff"\n', "utf-8")
    assert "does not say its language" in faults(tmp_path / "without.po")[0]
    assert "cannot be read" in faults(tmp_path / "missing.po")[0]


def test_without_babel_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "babel", None)
    with pytest.raises(ExtraMissingError, match=r"pip install 'resistab\[languages\]' installs it"):
        language_named("de")
    assert language_named("en") is None
