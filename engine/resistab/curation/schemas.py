"""JSON Schema of every kind of YAML file, from the models that read them, for editors that complete and check.

A schema says what can be said of one file by itself; that a gene, a drug or a row is known, ``resistab check`` says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from resistab.curation.file_kinds import KINDS, TUMOUR_KINDS
from resistab.domains.oncology.kinds.models import ConditionField, EssentialLocusField
from resistab.domains.virus.kinds.models import ResidueCondition, Residues
from resistab.rulesets.kinds import FileKind

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_RESIDUE = r"(?:[ACDEFGHIKLMNPQRSTVWY*]|ins|del)"
# What the models read from a text is a text to whoever writes it, and not the tree that is made of it.
_TEXTS: dict[Any, JsonSchemaValue] = {
    get_args(ConditionField)[-1].func: {
        "type": "string",
        "description": "A condition, one sentence: EGFR T790M; any of (EGFR L858R, EGFR exon 19 deletion); "
        "MET amplification and not KRAS mutation",
        "examples": ["EGFR T790M", "any of (EGFR L858R, EGFR exon 19 deletion)", "ERBB2 amplification"],
    },
    get_args(EssentialLocusField)[-1].func: {
        "type": "string",
        "description": "What must have been assayed: EGFR mutation in exon 18, exon 19; ERBB2 copy number or ERBB2 "
        "protein",
        "examples": ["EGFR mutation", "ERBB2 copy number or ERBB2 protein"],
    },
    get_args(ResidueCondition)[-1].func: {
        "type": "string",
        "description": "A condition over residues, without the gene and its reference: 184I/V; 41L and 215F/Y; 69ins; "
        "215 other than F/Y; at least 3 of (41L, 67N, 70R)",
        "examples": ["184I/V", "41L and 215F/Y"],
    },
    get_args(Residues)[-1].func: {
        "type": "string",
        "pattern": f"^{_RESIDUE}(?:/?{_RESIDUE})*$",
        "description": "Residues in one-letter code, * (stop), ins or del, joined by /",
    },
}

# What the fields that stand in most files mean, as an editor shows it beside them.
_FIELDS: dict[str, str] = {
    "id": "Permanent, and never given again",
    "status": "draft: not in use yet; retired: no more in use, with the date and what replaced it",
    "tumour_types": "OncoTree codes; a code includes its descendants, TISSUE is any tumour",
    "extrapolated_to": "Where the row may be used only as an extrapolation, one level lower",
    "effect": "The curator's judgement; a reduced response by itself never makes a tumour resistant",
    "Row.score": "Only where it differs from what follows from the evidence, with score_reason",
    "requires": "The response marker without which the drug is not indicated, or: nothing",
    "essential_loci": "What must have been assayed before anything but resistant may be said",
    "absent_if_assayed": "What must all have been assayed before the required marker may be called absent",
    "direction": "Relative to the row's effect",
    "studied_in": "The OncoTree code of the tumours studied; TISSUE: any, or not stated",
    "given_with": "The other drugs of the combination that was studied",
    "statement": "One sentence in our own words that says what this study showed",
    "explanation": "One sentence in our own words: why the one leads to the other",
    "definition": "The rule only names a step; it has no evidence and does not weaken a chain",
    "largest_of": "Of these only the largest that holds counts",
    "scale": "From scores to levels; both bounds belong to the range",
}


class _Generator(GenerateJsonSchema):
    """JSON Schema of what stands in a file, where pydantic would describe what is made of it."""

    schema_dialect = DIALECT

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        text = _TEXTS.get(schema["function"]["function"])
        return dict(text) if text is not None else super().function_before_schema(schema)

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
    """The JSON Schema (2020-12) of a kind of file."""
    found = TypeAdapter(kind.model).json_schema(schema_generator=_Generator, by_alias=True, mode="validation")
    described = _walk(found, _plain)
    whose = "a rule set for tumours" if kind in TUMOUR_KINDS else "the rule set of a virus"
    title = f"{kind.files} of {whose}"
    head = {"$schema": DIALECT, "title": title, "type": "object"}
    return head | {key: value for key, value in described.items() if key not in head}


def schema_text(kind: FileKind) -> str:
    """The schema as it stands in a file."""
    return json.dumps(schema_of(kind), indent=1, ensure_ascii=False) + "\n"


def schema_files() -> dict[str, str]:
    """The schema of every kind by the name of its file."""
    return {f"{name}.json": schema_text(kind) for name, kind in KINDS.items()}


def editor_settings(rulesets: Mapping[str, bool], folder: str) -> dict[str, Any]:
    """The setting by which editors find the schema of each file.

    ``rulesets`` are the folders of rule sets, and whether each is of a virus; ``folder`` is that of the schemas.
    """
    found: dict[str, list[str]] = {}
    for name, kind in KINDS.items():
        globs = [f"{ruleset}/{kind.files}" for ruleset, virus in rulesets.items() if virus != (kind in TUMOUR_KINDS)]
        if globs:
            found[f"./{folder}/{name}.json"] = globs
    return {"yaml.schemas": found}


def _walk(value: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    if isinstance(value, dict):
        return change({key: _walk(item, change) for key, item in value.items()})
    return [_walk(item, change) for item in value] if isinstance(value, list) else value


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
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
            help_text = _FIELDS.get(f"{schema.get('title')}.{name}") or _FIELDS.get(name)
            if help_text and isinstance(part, dict):
                part.setdefault("description", help_text)
    return schema
