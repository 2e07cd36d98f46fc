"""What a condition on germline genotypes can say."""

from __future__ import annotations

import pytest

from resistab.core.condition import condition_text
from resistab.core.grammar import ConditionSyntaxError
from resistab.domains.pharmacogenomics.grammar import parse_condition


@pytest.mark.parametrize(
    "text",
    [
        "HLA-B*57:01",
        "not HLA-B*57:01",
        "TPMT none with normal",
        "CYP2B6 none/decreased with normal/increased",
        "DPYD activity at most 0.5",
        "DPYD activity 1 to 1.5",
        "DPYD activity 2",
        "CYP2D6 activity at least 2.25",
        "conclusion tpmt-poor or conclusion tpmt-intermediate",
    ],
)
def test_a_condition_is_written_as_it_is_read(text: str) -> None:
    assert condition_text(parse_condition(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TPMT", "at column 5: found the end, expected activity, or functions joined by /"),
        ("TPMT lost with normal", "at column 6: found 'lost', expected activity, or functions"),
        ("TPMT none", "at column 10: found the end, expected with, and the functions of the other allele"),
        ("DPYD activity half", "at column 15: found 'half', expected a number such as 0.5"),
        ("57:01", "at column 1: found '57:01', expected an allele"),
        ("conclusion TPMT", "at column 12: found 'TPMT', expected the id of a conclusion"),
    ],
)
def test_a_refusal_says_where_and_what_was_expected(text: str, expected: str) -> None:
    with pytest.raises(ConditionSyntaxError) as refused:
        parse_condition(text)
    assert str(refused.value).startswith(expected)
