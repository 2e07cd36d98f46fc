"""What somebody who types a name may go on to mean."""

from __future__ import annotations

import pytest

from resistab.core.completion import KnownName, completed

KNOWN = [
    (KnownName("LAIS", "Lung Adenocarcinoma In Situ"), ()),
    (KnownName("LUAD", "Lung Adenocarcinoma"), ()),
    (KnownName("ALUCA", "Atypical Lung Carcinoid"), ()),
    (KnownName("BRCA", "Invasive Breast Carcinoma"), ("Breast cancer", "carcinoma of the lung-side")),
    (KnownName("LUNG", "Lung"), ()),
]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("lung", ["LUNG", "LUAD", "LAIS", "ALUCA", "BRCA"]),
        ("LU", ["LUAD", "LUNG", "LAIS", "ALUCA", "BRCA"]),
        ("breast-c", ["BRCA"]),
        ("oid", ["ALUCA"]),
        ("  Lung   adeno ", ["LUAD", "LAIS"]),
        ("", ["LAIS", "LUAD", "ALUCA", "BRCA", "LUNG"]),
        ("kidney", []),
        ("§", []),
        ("x" * 200, []),
    ],
)
def test_the_likeliest_comes_first(text: str, names: list[str]) -> None:
    assert [one.name for one in completed(text, KNOWN)] == names


def test_only_so_many_are_told() -> None:
    assert len(completed("", KNOWN, most=2)) == 2
