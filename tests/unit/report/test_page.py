"""What pages are made with."""

from __future__ import annotations

import re

from resistab.report.page import css_string


def test_a_text_in_a_style_keeps_its_spaces() -> None:
    # An escape takes one space behind it with it.
    read = re.sub(
        r"\\([0-9a-f]{6}) ?",
        lambda escape: chr(int(escape[1], 16)),
        r"\000020".join(map(css_string, ("P 1,", '"left" ärm'))),
    )
    assert read == 'P 1, "left" ärm'
