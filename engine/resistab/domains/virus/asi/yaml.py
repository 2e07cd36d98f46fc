"""A virus's rule set written as a folder of YAML that people edit: one line for each position and combination."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from resistab.core.condition import condition_text, number_text
from resistab.core.faults import Fault, InputError
from resistab.core.model import Model
from resistab.core.scoring import ScoreRange
from resistab.domains.virus.grammar.residues import residues_text
from resistab.domains.virus.kinds.models import (
    Combination,
    CommentFile,
    ResultComment,
    ScoreRule,
    ViralManifest,
    ViralRulebase,
    ViralTable,
)
from resistab.files.output import OutputError
from resistab.files.whole_folder import write_folder

WIDTH = 120
# Words that YAML, or one of its versions, reads as something else than text.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"})
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=][^\n\t]*$")
_ONE_SPACE = re.compile(r"(?<=\S) (?=\S)")


def write_ruleset_folder(rulebase: ViralRulebase, folder: Path, overwrite: bool = False) -> None:
    """Write the rule set's manifest, genes, drugs, tables and comments as YAML, all of them or nothing.

    ``folder`` must not exist, or be empty; with ``overwrite`` it may be a rule set that holds nothing but such files.
    Raises ``InputError`` for a folder that is in the way, ``OutputError`` where nothing can be written.
    """
    try:
        _check_target(folder, overwrite)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from error
    write_folder(ruleset_files(rulebase), folder)


def ruleset_files(rulebase: ViralRulebase) -> dict[str, str]:
    """The text of every file by its path inside the folder."""
    manifest = rulebase.manifest
    genes = [_fields(gene) for gene in rulebase.genes]
    drugs = [
        *_list("drug_classes", (_fields(item) for item in rulebase.drug_classes)),
        "",
        *_list("drugs", (_fields(drug) for drug in rulebase.drugs)),
    ]
    files = {
        "ruleset.yaml": _file(f"The rule set {manifest.name}.", _manifest(manifest)),
        "genes.yaml": _file("The genes, and the classes of the drugs that act on each.", _list("genes", genes)),
        "drugs.yaml": _file("The drugs and their classes.", drugs),
    }
    full_names = {drug.name: drug.full_name for drug in rulebase.drugs}
    taken: set[str] = set()
    for table in rulebase.tables:
        title = full_names.get(table.drug) or table.drug
        name = _file_name(table.drug, taken)
        files[f"tables/{name}.yaml"] = _file(f"{title}: scores and rules.", _table(table))
    for comments in rulebase.comments:
        files[f"comments/{comments.gene}.yaml"] = _file(
            f"Comments on mutations of {comments.gene}.", _of_gene(comments)
        )
    if rulebase.result_comments:
        body = ["result_comments:", *(line for item in rulebase.result_comments for line in _result_comment(item))]
        files["result_comments.yaml"] = _file("Comments on results.", body)
    return files


def _check_target(folder: Path, overwrite: bool) -> None:
    where = str(folder)
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError([Fault(where=where, message="is a file", expected="a folder, or a name that is free")])
    present = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    if present and not overwrite:
        raise InputError([Fault(where=where, message="exists", expected="a name that is free, or --overwrite")])
    ours = re.compile(r"(ruleset|genes|drugs|result_comments|(tables|comments)/[^/]+)\.yaml$")
    others = [name for name in present if not ours.match(name)]
    if present and (others or "ruleset.yaml" not in present):
        message = f"holds {others[0]}, which would be lost" if others else "holds no rule set"
        raise InputError([Fault(where=where, message=message, expected="a rule set of the files that are written")])


def _file_name(drug: str, taken: set[str]) -> str:
    """The drug without slashes; with a number where another drug's file has that name on some file systems."""
    stem = drug.replace("/", "")
    name, number = stem, 2
    while name.casefold() in taken:
        name = f"{stem}-{number}"
        number += 1
    taken.add(name.casefold())
    return name


def _file(title: str, lines: Iterable[str]) -> str:
    return "\n".join([f"# {' '.join(title.split())}", *lines, ""])


# --- the files ----------------------------------------------------------------------------------------------------


def _manifest(manifest: ViralManifest) -> Iterator[str]:
    for name, value in _fields(manifest).items():
        if name == "source":
            yield "source:"
            yield from _block(_fields(value), "  ")
        elif name == "scoring":
            yield "scoring:"
            yield f"  combine: {manifest.scoring.combine}"
            yield "  levels:"
            yield from (f"    - {_flow(_fields(level))}" for level in manifest.scoring.levels)
            if manifest.scoring.default_level is not None:
                yield f"  default_level: {manifest.scoring.default_level}"
        elif name == "without_effect":
            yield "# What the file it was imported from says without effect."
            yield f"{name}:"
            yield from (line for text in value for line in _item(text))
        else:
            yield from _block({name: value}, "")


def _table(table: ViralTable) -> Iterator[str]:
    yield f"drug: {_scalar(table.drug)}"
    own = ScoreRule.model_construct(scores=table.scores, combinations=table.combinations, scale=table.scale)
    yield from _score_rule(own, "")
    if table.further_scores:
        yield ""
        yield "further_scores:"
        for rule in table.further_scores:
            lines = list(_score_rule(rule, "    "))
            while lines and not lines[0]:
                lines.pop(0)
            yield f"  - {lines[0].lstrip()}" if lines else "  - {}"
            yield from lines[1:]
    if table.rules:
        yield ""
        yield "rules:"
        for level_rule in table.rules:
            yield from _entry(_fields(level_rule), "  ")


def _score_rule(rule: ScoreRule, indent: str) -> Iterator[str]:
    yield from _scale(rule.scale, indent)
    if rule.scores:
        yield ""
        yield f"{indent}scores:"
        for position, line in rule.scores.items():
            pairs = {residues_text(residues): score for residues, score in line.items()}
            yield f"{indent}  {position}: {_flow(pairs)}"
    if rule.combinations:
        yield ""
        yield f"{indent}combinations:"
        for combination in rule.combinations:
            yield from _combination(combination, f"{indent}  ")


def _combination(combination: Combination, indent: str) -> Iterator[str]:
    if not combination.largest_of:
        yield from _entry(_fields(combination), indent)
        return
    yield f"{indent}- id: {_scalar(combination.id)}"
    yield f"{indent}  largest_of:"
    for item in combination.largest_of:
        yield from _entry(_fields(item), f"{indent}    ")


def _of_gene(comments: CommentFile) -> Iterator[str]:
    yield f"gene: {_scalar(comments.gene)}"
    yield "comments:"
    for comment in comments.comments:
        yield from _item(_fields(comment))


def _result_comment(comment: ResultComment) -> Iterator[str]:
    fields = _fields(comment)
    when = ["    when:", *(f"      - {_flow(_fields(item))}" for item in comment.when)]
    yield f"  - id: {_scalar(comment.id)}"
    yield from when
    yield from _block({name: value for name, value in fields.items() if name not in ("id", "when")}, "    ")


def _scale(scale: Sequence[ScoreRange], indent: str) -> Iterator[str]:
    if scale:
        yield f"{indent}scale:"
        yield from (f"{indent}  - {_flow(_fields(item))}" for item in scale)


# --- YAML ---------------------------------------------------------------------------------------------------------


def _fields(model: Model) -> dict[str, Any]:
    """The fields that have another value than their default, by the names they have in files."""
    return {
        field.alias or name: getattr(model, name)
        for name, field in type(model).model_fields.items()
        if getattr(model, name) != field.get_default(call_default_factory=True) or field.is_required()
    }


def _list(name: str, items: Iterable[Any]) -> Iterator[str]:
    yield f"{name}:"
    for item in items:
        yield from _entry(item if isinstance(item, Mapping) else _fields(item), "  ")


def _entry(fields: Mapping[str, Any], indent: str) -> Iterator[str]:
    """An item of a list on one line, or in block style where that is too long."""
    line = f"{indent}- {_flow(fields)}"
    if len(line) <= WIDTH:
        yield line
    else:
        yield from _item(fields, indent)


def _item(value: Any, indent: str = "  ") -> Iterator[str]:
    """An item of a list in block style."""
    if isinstance(value, Mapping):
        lines = list(_block(value, f"{indent}  "))
        yield f"{indent}- {lines[0].lstrip()}"
        yield from lines[1:]
    else:
        yield from _folded(f"{indent}- ", f"{indent}  ", value)


def _block(fields: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, list | tuple):
            yield f"{indent}{name}: {_flow(value)}"
        else:
            yield from _folded(f"{indent}{_scalar(name)}: ", f"{indent}  ", value)


def _folded(start: str, indent: str, value: Any) -> list[str]:
    """A scalar after ``start``, folded over several lines where it is too long for one."""
    text = _scalar(value)
    plain = condition_text(value) if _is_condition(value) else value
    if len(start) + len(text) <= WIDTH or not isinstance(plain, str):
        return [start + text]
    if plain != plain.strip() or not plain.isprintable():
        return [start + text]
    lines: list[str] = []
    for word in _ONE_SPACE.split(plain):
        if lines and len(lines[-1]) + 1 + len(word) <= WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(indent + word)
    return [f"{start}>-", *lines]


def _flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(name, flow=True)}: {_flow(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(value, flow=True)


def _is_condition(value: Any) -> bool:
    return hasattr(value, "kind")


def _scalar(value: Any, flow: bool = False) -> str:
    """A number, date, condition or text, quoted where YAML would read something else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = condition_text(value) if _is_condition(value) else str(value)
    return text if _is_plain(text, flow) else _quoted(text)


@functools.cache
def _is_plain(text: str, flow: bool) -> bool:
    if text.casefold() in _WORDS or not _PLAIN.match(text) or not text.isprintable():
        return False
    if text != text.strip() or ": " in text or " #" in text or text.endswith(":"):
        return False
    if flow and re.search(r"[,\[\]{}?]", text):
        return False
    return bool(yaml.safe_load(text) == text)


def _quoted(text: str) -> str:
    dumped: str = yaml.safe_dump(text, default_style='"', width=10**9, allow_unicode=True)
    return dumped.rstrip("\n")
