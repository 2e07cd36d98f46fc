"""The published schemas are those of the models; ``make examples`` renews them."""

from __future__ import annotations

import json

import jsonschema
import pytest

from tests.paths import REPORTS
from tools.examples import schema_texts

SCHEMAS = schema_texts()


def test_those_published_are_the_models() -> None:
    published = {path.name: path.read_text(encoding="utf-8") for path in REPORTS.glob("*.schema.json")}
    assert published == SCHEMAS, "run 'make examples'"


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_it_is_a_valid_one_and_names_its_dialect(name: str) -> None:
    schema = json.loads(SCHEMAS[name])
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema" and "$id" not in schema
    jsonschema.Draft202012Validator.check_schema(schema)
