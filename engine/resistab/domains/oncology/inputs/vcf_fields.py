"""Allele fraction, depth and phase of a sample in a record of a VCF, by whichever fields its caller writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resistab.core.numbers import plain_number

# Fields of reads with the change and of others; whether the second counts all.
_COUNTED = (("AD", "RD", False), ("AO", "RO", False), ("VD", "DP", True), ("NV", "NR", True))


def allele_fraction(record: Any, call: Any, index: int, alts: Sequence[str], impossible: list[str]) -> float | None:
    """The share of reads that carry the alternative allele ``index`` (from 1), 0 to 1; None where it is not said.

    Read are, in this order: AF, VAF and FREQ of the sample; AD; the counts of Strelka; AF or TVAF of a record without
    samples' fractions, which in a tumour-only VCF is the tumour's. What stands there and can be no fraction is added to
    ``impossible``, such as "AF 30".
    """
    if call is not None:
        for key in ("AF", "VAF", "FREQ"):
            if (value := _fraction(key, _item(value_of(call, key), index - 1), impossible)) is not None:
                return value
        counts = value_of(call, "AD")
        if isinstance(counts, tuple) and len(counts) > index and all(isinstance(count, int) for count in counts):
            total = sum(counts)
            return counts[index] / total if total else None
        if (value := _strelka(call, record.ref, alts[index - 1])) is not None:
            return value
    return _fraction("TVAF", _item(value_of(record.info, "TVAF"), index - 1), impossible)


def supporting_reads(record: Any, call: Any, index: int, alts: Sequence[str]) -> tuple[int, int] | None:
    """The reads with the alternative allele ``index`` (from 1), and all that were counted; None where none were.

    Read are, in this order: AD; AO with RO, VD with DP, NV with NR; pairs and split reads of Manta (PR, SR); the counts
    of Strelka; DP4 of the sample or the record.
    """
    if call is not None:
        counts = value_of(call, "AD")
        if isinstance(counts, tuple) and len(counts) > index and all(isinstance(count, int) for count in counts):
            return counts[index], sum(counts)
        # VarScan counts the reads with the change alone as AD, and those without as RD.
        for with_alt, without, is_total in _COUNTED:
            alternative, other = _item(value_of(call, with_alt), index - 1), _item(value_of(call, without), 0)
            if isinstance(alternative, int) and isinstance(other, int):
                return alternative, other if is_total else alternative + other
        evidence = [value for key in ("PR", "SR") if isinstance(value := value_of(call, key), tuple)]
        evidence = [counts for counts in evidence if len(counts) == 2 and all(isinstance(n, int) for n in counts)]
        if evidence:
            return sum(counts[1] for counts in evidence), sum(map(sum, evidence))
        if (tier := _strelka_counts(call, record.ref, alts[index - 1])) is not None:
            return tier[0], sum(tier)
    for holder in (call, record.info):
        four = value_of(holder, "DP4") if holder is not None and len(alts) == 1 else None
        if isinstance(four, tuple) and len(four) == 4 and all(isinstance(count, int) for count in four):
            return four[2] + four[3], sum(four)
    return None


def depth(record: Any, call: Any) -> int | None:
    """The number of reads at the place: the smallest of a block (MIN_DP), DP of the sample or of the record."""
    for holder, key in ((call, "MIN_DP"), (call, "DP"), (record.info, "DP"), (record.info, "TDP")):
        value = _item(value_of(holder, key), 0) if holder is not None else None
        if isinstance(value, int) and value >= 0:
            return value
    return None


def failed_filters(record: Any) -> list[str]:
    """The filters that a record did not pass."""
    return [name for name in record.filter if name not in ("PASS", ".")]


def is_reference(call: Any) -> bool:
    """Whether a sample was called, and as the reference."""
    if call is None:
        return False
    return "GT" not in call or all(allele == 0 for allele in call.allele_indices or (None,))


def has_quality(call: Any, least: int) -> bool:
    """Whether a call passed its own filter (FT), and its genotype (GQ, RGQ) has this quality where one is given."""
    if call is None:
        return True
    own = _item(value_of(call, "FT"), 0)
    if isinstance(own, str) and own not in ("PASS", ".", ""):
        return False
    given = (_item(value_of(call, key), 0) for key in ("GQ", "RGQ"))
    return all(quality >= least for quality in given if isinstance(quality, int | float))


def phase_of(record: Any, call: Any) -> tuple[str, int] | None:
    """The phase set and the haplotype in it (0 or 1) that carry the variant; None where it is not phased.

    From PID and PGT of GATK, else from a phased genotype with PS. A bar between alleles alone says nothing: callers of
    somatic variants write it without meaning a phase.
    """
    if call is None:
        return None
    pgt, pid = value_of(call, "PGT"), value_of(call, "PID")
    if isinstance(pgt, str) and isinstance(pid, str) and "|" in pgt:
        alleles: Sequence[Any] = [part if part != "." else None for part in pgt.split("|")]
        alleles = [int(part) if isinstance(part, str) and part.isdecimal() else None for part in alleles]
        return _haplotype(f"{record.chrom}:{pid}", alleles)
    phase_set = _item(value_of(call, "PS"), 0)
    if phase_set is None or "GT" not in call or not call.phased or call.allele_indices is None:
        return None
    return _haplotype(f"{record.chrom}:{phase_set}", call.allele_indices)


def _haplotype(phase_set: str, alleles: Sequence[int | None]) -> tuple[str, int] | None:
    carrying = [number for number, allele in enumerate(alleles) if allele]
    return (phase_set, carrying[0]) if len(carrying) == 1 and len(alleles) == 2 else None


def value_of(holder: Any, key: str) -> Any:
    """A field of a record's INFO or of a sample; None where it has none, or the header does not know it."""
    try:
        return holder.get(key)
    except (KeyError, ValueError):
        return None


def _item(value: Any, index: int) -> Any:
    if isinstance(value, tuple):
        return value[index] if index < len(value) else None
    return value


def _fraction(key: str, value: Any, impossible: list[str]) -> float | None:
    """The fraction that a field gives, as a number or in per cent with the sign; None where it gives none."""
    if value is None or value in (".", ""):
        return None
    text = str(value)
    number = plain_number(text.removesuffix("%"))
    if number is not None and text.endswith("%"):
        number /= 100
    if number is None or not 0 <= number <= 1:
        impossible.append(f"{key} {text[:20]}")
        return None
    return number


def _strelka_counts(call: Any, ref: str, alt: str) -> tuple[int, int] | None:
    """The reads with the change and without, of tier 1: AU, CU, GU, TU of a substitution, TAR and TIR of an indel."""
    if len(ref) == len(alt) == 1:
        with_alt, with_ref = _item(value_of(call, f"{alt}U"), 0), _item(value_of(call, f"{ref}U"), 0)
    else:
        with_alt, with_ref = _item(value_of(call, "TIR"), 0), _item(value_of(call, "TAR"), 0)
    return (with_alt, with_ref) if isinstance(with_alt, int) and isinstance(with_ref, int) else None


def _strelka(call: Any, ref: str, alt: str) -> float | None:
    counts = _strelka_counts(call, ref, alt)
    return counts[0] / sum(counts) if counts and sum(counts) else None
