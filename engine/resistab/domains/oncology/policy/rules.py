"""From the level of resistance to the verdict: the policy for tumours, a list of named rules.

The first rule that speaks decides; where none does, the level's own verdict holds. To learn why a verdict is what it
is, read this list: every verdict names the rule that spoke.
"""

from __future__ import annotations

from dataclasses import dataclass

from resistab.core.scoring import PolicyRule
from resistab.domains.oncology.kinds.models import VerdictName
from resistab.domains.oncology.policy.judged import Judged


@dataclass(frozen=True)
class Said:
    """A verdict, and what would have had to be known for another where the rule says more of it than is known so."""

    verdict: VerdictName
    not_known: tuple[str, ...] | None = None


def _target_altered(drug: Judged) -> Said | None:
    """The marker is absent, and the drug's own target is altered so that it cannot act: that is the thing to say."""
    if drug.response_marker.status != "required and absent" or drug.level.verdict != "resistant":
        return None
    on_target = any(
        contribution.mechanism.startswith("target alteration")
        and contribution.effect == "resistance"
        and drug.verdict_worth(contribution.score) == "resistant"
        for contribution in drug.contributions
    )
    return Said("resistant") if on_target else None


def _marker_absent(drug: Judged) -> Said | None:
    """Without its marker a drug is not indicated, whatever else would stop it."""
    return Said("not_indicated") if drug.response_marker.status == "required and absent" else None


def _resistant(drug: Judged) -> Said | None:
    """A level of resistance holds whatever else is not known, and beats a response marker."""
    return Said("resistant") if drug.level.verdict == "resistant" else None


def _essential_locus_not_tested(drug: Judged) -> Said | None:
    """What the table calls essential was not assayed, or a finding is known only in part."""
    return Said("not_assessable") if drug.not_known else None


def _marker_undecided(drug: Judged) -> Said | None:
    """Whether the required marker is there is not known."""
    return Said("not_assessable") if drug.response_marker.status == "undecided" else None


def _possible_resistance(drug: Judged) -> Said | None:
    """A level of possible resistance beats a response marker."""
    return Said("possible_resistance") if drug.level.verdict == "possible_resistance" else None


def _nothing_decided(drug: Judged) -> Said | None:
    """Nothing that could have shown resistance was looked at: to find none means nothing."""
    if drug.response_marker.tier is not None or drug.any_row_decided():
        return None
    return Said("not_assessable", (drug.nothing_decided(drug.undecided()),))


def _cross_resistance_possible(drug: Judged) -> Said | None:
    """What takes another drug of the class away may take this one as well, and no rule says whether it does."""
    unsaid = drug.cross_resistance
    return Said("not_assessable", tuple(unsaid)) if unsaid else None


def _response_marker(drug: Judged) -> Said | None:
    """A response marker is present, and nothing speaks against the drug."""
    return Said("sensitive") if drug.response_marker.tier is not None else None


POLICY: tuple[PolicyRule[Judged, Said], ...] = (
    PolicyRule("target altered", _target_altered),
    PolicyRule("marker absent", _marker_absent),
    PolicyRule("resistant", _resistant),
    PolicyRule("essential locus not tested", _essential_locus_not_tested),
    PolicyRule("marker undecided", _marker_undecided),
    PolicyRule("possible resistance", _possible_resistance),
    PolicyRule("nothing decided", _nothing_decided),
    PolicyRule("cross-resistance possible", _cross_resistance_possible),
    PolicyRule("response marker", _response_marker),
)
