"""Text as people write it, in one kind of hyphen, blank and mark, and divided where it lists several alterations."""

from __future__ import annotations

import re
import unicodedata

from resistab.domains.oncology.inputs.said_beside import is_said_beside


def tidy(text: str) -> str:
    """``text`` with one kind of hyphen, blank and quotation mark, none around the whole, and no full stop behind it."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub("[\u2010-\u2015\u2212\ufe58\ufe63]", "-", plain)
    plain = re.sub('["\u201c-\u201f\u00ab\u00bb]', "", plain)
    if "neu" in plain:
        plain = re.sub(r"\b(HER-?2)[ /]?neu\b", r"\1", plain, flags=re.IGNORECASE)
    # A decimal comma, where a unit follows.
    plain = re.sub(r"(?<=[0-9]),(?=[0-9]+\s*(?:%|mut|var|/|cop|TPM|FPKM|z))", ".", plain)
    return " ".join(plain.split()).rstrip(";,.").rstrip()


def listed(text: str, separators: str = ",;+") -> list[str]:
    """The alterations of a list separated by commas, semicolons or plus signs; one where it is none.

    What stands in brackets is not separated, nor a decimal comma.
    """
    if not any(char in text for char in separators):
        return [text.strip()] if text.strip() else []
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        inside = char == "," and text[index - 1 : index].isdigit() and text[index + 1 : index + 2].isdigit()
        inside |= text[index - 1 : index + 2] == "];["
        plus = "+" in separators and char == "+" and text[index - 1 : index] == " " == text[index + 1 : index + 2]
        if depth == 0 and ((char in separators and char != "+" and not inside) or plus):
            parts.append(text[start:index].strip())
            start = index + 1
    parts.append(text[start:].strip())
    found: list[str] = []
    for part in filter(None, parts):
        # The coding change beside a protein change is no second one.
        beside = part.startswith("c.") or is_said_beside(part)
        if found and (beside or (part.startswith("p.") and found[-1].split()[-1].startswith("c."))):
            found[-1] += f", {part}" if is_said_beside(part) else f" {part}"
        else:
            found.append(part)
    return found
