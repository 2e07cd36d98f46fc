"""Where a drug is used, in this patient: by which approval or guideline, since when, and for which biomarkers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from resistab.core.condition import Condition, atoms, condition_text
from resistab.core.fixpoint import evaluate_condition
from resistab.core.said import said
from resistab.core.truth import Truth
from resistab.domains.oncology.kinds.approvals import Covering
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.policy.inferred import Inferred
from resistab.domains.oncology.policy.models import DrugWithoutRules


def marker_truth(use: Covering, inferred: Inferred) -> Truth:
    """Whether the patient has a biomarker of the use: true where none is needed, unknown where it has no condition."""
    if not use.use.needs_marker:
        return Truth.TRUE
    found = [condition_truth(marker, inferred) for marker in use.use.markers]
    if Truth.TRUE in found:
        return Truth.TRUE
    return Truth.UNKNOWN if Truth.UNKNOWN in found or use.use.other_markers else Truth.FALSE


def condition_truth(marker: Condition, inferred: Inferred) -> Truth:
    """Whether a condition for which no rule asks holds in a patient."""
    observed = {atom: inferred.seen(atom) for atom in atoms(marker)}
    certain, possible = evaluate_condition(marker, observed, inferred.values)
    if certain > 0:
        return Truth.TRUE
    return Truth.UNKNOWN if possible else Truth.FALSE


def approval_words(rulebase: Rulebase, drug: str, code: str) -> str:
    """On what it rests that a drug is used in tumours of a type, and what was withdrawn; "" where nothing is known."""
    uses = [use for use in rulebase.uses_in(drug, code) if use.in_force]
    # What the drug is used for alone says more than what it is used for with others.
    alone = [use for use in uses if len(use.drugs) == len(uses[0].drugs)]
    parts = list(_approved(rulebase, drug, alone))
    table = rulebase.table_by_drug.get(drug)
    own = rulebase.indication(table, code) if table else None
    if not parts and own is not None and own.relevant and own.basis is not None:
        parts.append(said("used by {quoted}", quoted=own.basis))
    every = [one for use in rulebase.uses_in(drug, code) for one in use.withdrawals]
    every += rulebase.uses.withdrawn(tuple(part.name for part in rulebase.parts_of(drug)), code)
    parts += [
        said(
            "approval by {authorities} withdrawn in {year}: {quoted}",
            authorities=", ".join(one.authorities),
            year=one.year,
            quoted=f"{one.why[:1].lower()}{one.why[1:]}".rstrip("."),
        )
        for one in dict.fromkeys(every)
    ]
    return "; ".join(parts)


def _approved(rulebase: Rulebase, drug: str, uses: list[Covering]) -> Iterator[str]:
    """What labels say of uses that are alike in the number of drugs; where there is none, on what else they rest."""
    own = {part.name for part in rulebase.parts_of(drug)}
    listed = [use for use in uses if use.use.labels]
    if listed:
        authorities = sorted({name for use in listed for name in use.authorities})
        days = [use.use.since for use in listed if use.use.since is not None]
        others = sorted({" and ".join(name for name in use.drugs if name not in own) for use in listed} - {""})
        with_others = _few(others) if others and not any(set(use.drugs) <= own for use in listed) else ""
        named = {"authorities": ", ".join(authorities), "drugs": with_others, "date": min(days, default=None)}
        if with_others and days:
            yield said("approved with {drugs} since {date} ({authorities})", **named)
        elif with_others:
            yield said("approved with {drugs} ({authorities})", **named)
        elif days:
            yield said("approved since {date} ({authorities})", **named)
        else:
            yield said("approved ({authorities})", **named)
    if irrespective := [use for use in uses if use.use.basis is not None and not use.use.needs_marker]:
        yield said("used whatever the biomarkers, by {quoted}", quoted=irrespective[0].use.basis)
    elif not listed and uses:
        yield said("used by {quoted}", quoted=uses[0].use.basis)


def _few(names: list[str], most: int = 3) -> str:
    rest = len(names) - most
    return " or ".join(names[:most]) + (f" or {rest} more" if rest > 0 else "")


def without_rules(rulebase: Rulebase, code: str, found: Callable[[Covering], Truth]) -> tuple[DrugWithoutRules, ...]:
    """The drugs that are used in tumours of the type and of which no table tells.

    One that is approved in tumours of any type, for the sake of a biomarker, is named where that was found.
    """
    named = []
    for drug, uses in rulebase.used_without_rules(code):
        here = [use for use in uses if not use.any_tumour or found(use) is Truth.TRUE]
        if not here:
            continue
        needs: tuple[str, ...] = ()
        if all(use.use.needs_marker for use in here):
            markers = [text for use in here for text in map(condition_text, use.use.markers)]
            markers += [text for use in here for text in use.use.other_markers]
            needs = tuple(dict.fromkeys(markers))
        # Whose label it is suffices here, without what it says.
        approval = re.sub(r"\b(by [^:;]+): [^;]*(; [^;:]+)*$", r"\1", approval_words(rulebase, drug, code))
        named.append(DrugWithoutRules(drug=drug, approval=approval, needs=needs))
    return tuple(named)
