"""From the level of resistance to the verdict: the policy for tumours, a list of named rules.

The first rule that speaks decides; where none does, the level's own verdict holds. To learn why a verdict is what it
is, read this list: every verdict names the rule that spoke.
"""

from __future__ import annotations

from resistab.core.records import dataclass
from resistab.core.said import said
from resistab.core.scoring import PolicyRule
from resistab.domains.oncology.kinds.models import VerdictName
from resistab.domains.oncology.policy.judged import Judged
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS


@dataclass(frozen=True)
class RuledVerdict:
    """A verdict, and what would have had to be known for another where the rule says more of it than is known so.

    ``reason`` is the rule's own, where no row that fired is one.
    """

    verdict: VerdictName
    not_known: tuple[str, ...] | None = None
    reason: str | None = None


def _target_altered(drug: Judged) -> RuledVerdict | None:
    """The marker is absent, and the drug's own target is altered so that it cannot act: that is the thing to say."""
    if drug.level.verdict != "resistant" or drug.response_marker.status != "required and absent":
        return None
    on_target = any(
        contribution.mechanism.startswith("target alteration")
        and contribution.effect == "resistance"
        and drug.verdict_worth(contribution.score) == "resistant"
        for contribution in drug.contributions
    )
    return RuledVerdict("resistant") if on_target else None


def _marker_absent(drug: Judged) -> RuledVerdict | None:
    """Without its marker a drug is not indicated, whatever else would stop it."""
    return RuledVerdict("not_indicated") if drug.response_marker.status == "required and absent" else None


def _binding_mode(drug: Judged) -> RuledVerdict | None:
    """What is worst defeats the way in which the drug binds, as it was shown with another drug that binds so."""
    against = [c for c in drug.contributions if c.effect in RESISTANCE_EFFECTS]
    if not against or not against[0].binding_mode or drug.level.verdict == "no_resistance_found":
        return None
    if drug.level.verdict == "possible_resistance" and (drug.not_known or drug.response_marker.status == "undecided"):
        return None
    return RuledVerdict(drug.level.verdict)


def _resistant(drug: Judged) -> RuledVerdict | None:
    """A level of resistance holds whatever else is not known, and beats a response marker."""
    return RuledVerdict("resistant") if drug.level.verdict == "resistant" else None


def _essential_locus_not_tested(drug: Judged) -> RuledVerdict | None:
    """What the table calls essential was not assayed, or a finding is known only in part."""
    return RuledVerdict("not_assessable") if drug.not_known else None


def _marker_undecided(drug: Judged) -> RuledVerdict | None:
    """Whether the required marker is there is not known."""
    return RuledVerdict("not_assessable") if drug.response_marker.status == "undecided" else None


def _same_residue(drug: Judged) -> RuledVerdict | None:
    """What is worst is another substitution at a codon of resistance: possible resistance, and never more."""
    against = [c for c in drug.contributions if c.effect in RESISTANCE_EFFECTS]
    if not against or not against[0].same_residue or drug.level.verdict != "possible_resistance":
        return None
    return RuledVerdict("possible_resistance")


def _possible_resistance(drug: Judged) -> RuledVerdict | None:
    """A level of possible resistance beats a response marker."""
    return RuledVerdict("possible_resistance") if drug.level.verdict == "possible_resistance" else None


def _unexplained_change_in_target(drug: Judged) -> RuledVerdict | None:
    """Beside the driver, a change where the drug binds its target that no rule explains: never a reason to trust it.

    Found after the drug or one that binds alike, it is possible resistance; otherwise the drug cannot be assessed.
    """
    if not drug.unexplained:
        return None
    told = tuple(item.text for item in drug.unexplained)
    if any(item.after for item in drug.unexplained):
        return RuledVerdict("possible_resistance", reason="; ".join(told))
    return RuledVerdict("not_assessable", told)


def _kind_of_tumour_needs_more(drug: Judged) -> RuledVerdict | None:
    """The tumour may be of a kind in which the table asks for more than was assayed or found."""
    return RuledVerdict("not_assessable", tuple(drug.narrower_types)) if drug.narrower_types else None


def _resistance_mutation_is_no_marker(drug: Judged) -> RuledVerdict | None:
    """What would be the response marker, "any mutation", is one that resists a drug of the same target."""
    if not drug.not_marked or drug.response_marker.tier is not None:
        return None
    rows = ", ".join(row.id for row in drug.not_marked)
    told = said("a mutation that resists a drug of this target is no marker for {rows}", rows=rows)
    return RuledVerdict("not_assessable", (told,))


def _used_irrespective_of_markers(drug: Judged) -> RuledVerdict | None:
    """A drug that is used in this tumour type irrespective of any marker waits for no test."""
    if drug.response_marker.tier is not None or drug.any_row_decided() or not drug.used_irrespective:
        return None
    return RuledVerdict("no_resistance_found")


def _nothing_decided(drug: Judged) -> RuledVerdict | None:
    """Nothing that could have shown resistance was tested: to find none means nothing."""
    if drug.response_marker.tier is not None or drug.any_row_decided():
        return None
    return RuledVerdict("not_assessable", (drug.nothing_decided(drug.undecided()),))


def _cross_resistance_possible(drug: Judged) -> RuledVerdict | None:
    """A finding that confers resistance to another drug of the class has no curated association with this one."""
    possible = drug.cross_resistance
    return RuledVerdict("not_assessable", tuple(possible)) if possible else None


def _response_marker(drug: Judged) -> RuledVerdict | None:
    """A response marker is present, and nothing speaks against the drug."""
    return RuledVerdict("sensitive") if drug.response_marker.tier is not None else None


POLICY: tuple[PolicyRule[Judged, RuledVerdict], ...] = (
    PolicyRule("target altered", _target_altered),
    PolicyRule("marker absent", _marker_absent),
    PolicyRule("binding mode", _binding_mode),
    PolicyRule("resistant", _resistant),
    PolicyRule("essential locus not tested", _essential_locus_not_tested),
    PolicyRule("marker undecided", _marker_undecided),
    PolicyRule("same residue", _same_residue),
    PolicyRule("possible resistance", _possible_resistance),
    PolicyRule("unexplained change in the target", _unexplained_change_in_target),
    PolicyRule("kind of tumour needs more", _kind_of_tumour_needs_more),
    PolicyRule("resistance mutation is no marker", _resistance_mutation_is_no_marker),
    PolicyRule("cross-resistance possible", _cross_resistance_possible),
    PolicyRule("used irrespective of any marker", _used_irrespective_of_markers),
    PolicyRule("nothing decided", _nothing_decided),
    PolicyRule("response marker", _response_marker),
)
