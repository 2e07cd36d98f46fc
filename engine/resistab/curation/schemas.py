"""JSON Schema of every kind of YAML file, from the models that read them, for editors that complete and check.

A schema says what can be said of one file by itself; that a gene, a drug or a row is known, ``resistab check`` says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from resistab.curation.file_kinds import yaml_kinds
from resistab.rulesets.kinds import FileKind

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """JSON Schema of what stands in a file, where pydantic would describe what is made of it."""

    schema_dialect = DIALECT

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Keys are texts to JSON, those too that YAML reads as numbers."""
        found: JsonSchemaValue = {"type": "object"}
        if "min_length" in schema:
            found["minProperties"] = schema["min_length"]
        keys = self.generate_inner(schema["keys_schema"]) if "keys_schema" in schema else {}
        if keys.get("type") == "integer":
            # "maximum" bounds positions and exons to the digits that it has.
            digits = len(str(keys["maximum"])) - 1 if "maximum" in keys else None
            keys = {"pattern": f"^[1-9][0-9]{{0,{digits}}}$" if digits else "^[1-9][0-9]*$"}
        names = {key: value for key, value in keys.items() if key not in ("type", "title", "description")}
        if names:
            found["propertyNames"] = names
        found["additionalProperties"] = (
            self.generate_inner(schema["values_schema"]) if "values_schema" in schema else {}
        )
        return found

    def field_title_should_be_set(self, schema: Any) -> bool:
        """The name of a field is title enough."""
        return False


def schema_of(kind: FileKind) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a kind of YAML file."""
    assert kind.model is not None
    found = TypeAdapter(kind.model).json_schema(schema_generator=_Generator, by_alias=True, mode="validation")
    described = _walk(found, partial(_plain, help_texts=kind.form.help))
    title = f"{kind.files} of {kind.form.whose}"
    head = {"$schema": DIALECT, "title": title, "type": "object"}
    return head | {key: value for key, value in described.items() if key not in head}


def schema_text(kind: FileKind) -> str:
    """The schema as it stands in a file."""
    return json.dumps(schema_of(kind), indent=1, ensure_ascii=False) + "\n"


def schema_files() -> dict[str, str]:
    """The schema of every kind by the name of its file."""
    return {f"{name}.json": schema_text(kind) for name, kind in yaml_kinds().items()}


def editor_settings(rulesets: Mapping[str, Sequence[FileKind]], folder: str) -> dict[str, Any]:
    """The setting by which editors find the schema of each file.

    ``rulesets`` are the folders of rule sets with the kinds of their files; ``folder`` is that of the schemas.
    """
    found: dict[str, list[str]] = {}
    for name, kind in yaml_kinds().items():
        globs = [f"{ruleset}/{kind.files}" for ruleset, kinds in rulesets.items() if kind in kinds]
        if globs:
            found[f"./{folder}/{name}.json"] = globs
    return {"yaml.schemas": found}


def _walk(value: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    if isinstance(value, dict):
        return change({key: _walk(item, change) for key, item in value.items()})
    return [_walk(item, change) for item in value] if isinstance(value, list) else value


def _plain(schema: dict[str, Any], help_texts: Mapping[str, str]) -> dict[str, Any]:
    """A part of a schema with descriptions that can be shown, and without what only an absent field has."""
    if isinstance(schema.get("description"), str):
        schema["description"] = re.sub(r"\s+", " ", schema["description"].replace("``", "'")).strip()
    if schema.get("default") in (None, []):
        schema.pop("default", None)
    options = [option for option in schema.get("anyOf", []) if option != {"type": "null"}]
    if len(options) == 1:
        # A field that may be left out is left out, and not written without a value.
        del schema["anyOf"]
        schema = {**options[0], **schema}
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for name, part in properties.items():
            help_text = help_texts.get(f"{schema.get('title')}.{name}") or help_texts.get(name)
            if help_text and isinstance(part, dict):
                part.setdefault("description", help_text)
    return schema
