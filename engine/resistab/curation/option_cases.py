"""What cases expect of regimens: of single ones, named by their id or their drugs, and of the watch list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from resistab.core.escape import require_solver
from resistab.core.faults import ExtraMissingError, Fault, InputError
from resistab.core.regimens import Range
from resistab.curation.kit.case_rules import Case, CaseRules, Difference, Failure, listed, unknown
from resistab.domains.pack import Pack
from resistab.domains.registry import pack_of
from resistab.files.yaml_source import Path_, Source
from resistab.report.options.model import Options, RegimenInfo
from resistab.report.options.patient import OptionsAsked
from resistab.report.options.words import barrier_text, gss_text
from resistab.rulesets.cases import CaseWithOptions, OptionExpectation

# Of one case; what a bound on time leaves open a case cannot hold.
_SECONDS = 60.0
_NAMED = ("before", "barrier_above")


def option_faults(rules: CaseRules, case: Any, source: Source, path: Path_) -> Iterator[Fault]:
    """What is wrong with what a case says of regimens."""
    if not isinstance(case, CaseWithOptions):
        return
    rulebase = rules.rulebase
    policy = rulebase.manifest.regimens
    if policy is None:
        if case.expects_options:
            yield source.fault(path, "the rule set has no regimens", "a case without options")
        return
    for index, name in enumerate(case.settings):
        yield from unknown(source, (*path, "settings", index), "setting", name, policy.setting_of)
    genes = {phenotype.split()[0] for rule in rulebase.regimens.rules for phenotype in rule.germline}
    for index, phenotype in enumerate(case.germline):
        yield from unknown(source, (*path, "germline", index), "gene", phenotype.split()[0], genes)
    pack, ids = pack_of(rules.folder), {rule.id for rule in rulebase.regimens.rules if rule.status == "active"}
    for name, expected in case.options.items():
        here = (*path, "options", name)
        yield from _regimen_faults(pack, rulebase, name, source, here, of_key=True)
        for field in ("broken", "cautions", "kept"):
            for index, rule in enumerate(getattr(expected, field) or ()):
                yield from unknown(source, (*here, field, index), "rule for combining", rule, ids)
        for field in _NAMED:
            for index, other in enumerate(getattr(expected, field)):
                yield from _regimen_faults(pack, rulebase, other, source, (*here, field, index))


def _regimen_faults(
    pack: Pack, rulebase: Any, name: str, source: Source, path: Path_, of_key: bool = False
) -> Iterator[Fault]:
    try:
        pack.regimens.drugs_named(rulebase, name)
    except InputError as error:
        at = source.key_fault if of_key else source.fault
        for fault in error.faults:
            yield at(path, fault.message, fault.expected, fault.suggestion)


def judged_options(rules: CaseRules, interpreter: Any, case: Case) -> tuple[tuple[Failure, ...], str]:
    """What differs from what a case expects of regimens; and why something was not judged, "" where all was."""
    given = case.given
    if not isinstance(given, CaseWithOptions) or not given.expects_options:
        return (), ""
    left_out = ""
    if given.needs_barriers:
        try:
            require_solver()
        except ExtraMissingError as error:
            left_out = f"barriers and watch lists were not judged: {error}"
    pack, rulebase = pack_of(rules.folder), rules.rulebase
    # Named by their drugs, they are judged though nobody names them for such a patient.
    names = dict.fromkeys((*given.options, *(other for item in given.options.values() for other in _others(item))))
    drugs = {name: tuple(pack.regimens.drugs_named(rulebase, name)) for name in names}
    asked = OptionsAsked(
        settings=given.settings,
        combinations=tuple(drugs.values()),
        phenotypes=frozenset(given.germline) or None,
        seconds=_SECONDS,
        barriers=given.needs_barriers and not left_out,
    )
    report = pack.report.interpreted(interpreter, case.genotype, None, True)
    options = pack.regimens.options(interpreter, case.genotype, report, asked)
    assert options is not None, "a case without regimens is refused when it is read"
    judge = _Judge(options, drugs, rulebase.manifest.regimens.not_active_to, without=bool(left_out))
    return tuple(judge.failures(given)), left_out


def _others(expected: OptionExpectation) -> Iterator[str]:
    for field in _NAMED:
        yield from getattr(expected, field)


class _Judge:
    """Compares with what is open to one patient; ``without`` says that escapes were not sought though they should."""

    def __init__(
        self, options: Options, drugs: Mapping[str, tuple[str, ...]], not_active_to: float, without: bool
    ) -> None:
        self.options, self.drugs, self.not_active_to, self.without = options, drugs, not_active_to, without

    def found(self, name: str) -> RegimenInfo | None:
        """The regimen with this id; or the first with the drugs, where somebody names them one of those."""
        alike = [one for one in self.options.regimens if frozenset(one.drugs) == frozenset(self.drugs[name])]
        return min(alike, key=lambda one: (one.id != name, not one.curated), default=None)

    def failures(self, given: CaseWithOptions) -> Iterator[Failure]:
        """Regimen by regimen, then the watch list."""
        for name, expected in given.options.items():
            differences = tuple(self.differences(name, expected))
            if differences:
                yield Failure(name, differences)
        watched = [item.finding for item in self.options.watch_list]
        if not self.without and (missing := [text for text in given.watch_list if not _is_among(text, watched)]):
            yield Failure(None, (Difference("watch list", listed(missing), listed(watched)),))

    def differences(self, name: str, expected: OptionExpectation) -> Iterator[Difference]:
        """In what a regimen is other than expected."""
        found = self.found(name)
        if expected.status == "not_listed":
            if found is not None and found.curated:
                yield Difference("status", "not listed", found.status)
            return
        if found is None:
            yield Difference("status", expected.status or "listed", "not listed")
            return
        if expected.status is not None and found.status != expected.status:
            yield Difference("status", expected.status, f"{found.status} ({'; '.join(found.why)})")
        if expected.gss is not None:
            low, high = expected.gss if isinstance(expected.gss, tuple) else (expected.gss, expected.gss)
            if Range(low, high) != Range(found.gss.low, found.gss.high):
                yield Difference("gss", f"{low:g}" if low == high else f"{low:g} to {high:g}", gss_text(found.gss))
        broken = tuple(rule.id for rule in found.broken_rules)
        if expected.broken is not None and set(broken) != set(expected.broken):
            yield Difference("broken", listed(expected.broken), listed(broken))
        for field in ("cautions", "kept"):
            said = tuple(rule.id for rule in getattr(found, field))
            if not set(getattr(expected, field)) <= set(said):
                yield Difference(field, listed(getattr(expected, field)), listed(said))
        active = tuple(one.drug for one in found.activities if one.low > self.not_active_to)
        if expected.active is not None and set(active) != set(expected.active):
            yield Difference("active", listed(expected.active), listed(active))
        if any(text not in "; ".join(found.why) for text in expected.names):
            yield Difference("names", ", ".join(expected.names), "; ".join(found.why))
        for other in expected.before:
            behind = self.found(other)
            if behind is not None and behind.rank <= found.rank:
                yield Difference("before", other, f"rank {found.rank}, {other} has {behind.rank}")
        if not self.without:
            yield from self.barriers(found, expected)

    def barriers(self, found: RegimenInfo, expected: OptionExpectation) -> Iterator[Difference]:
        """In what a barrier or the changes that defeat a regimen are other than expected."""
        said, barrier = barrier_text(found.genetic_barrier), found.genetic_barrier
        if expected.barrier is not None and said != str(expected.barrier):
            yield Difference("barrier", str(expected.barrier), said)
        for other in expected.barrier_above:
            lower = self.found(other)
            of_other = lower.genetic_barrier if lower is not None else None
            if barrier is None or of_other is None or barrier.value <= of_other.value:
                yield Difference("barrier above", other, f"{said}, {other} has {barrier_text(of_other)}")
        changes = [change.finding for changes in found.escape_sets for change in changes]
        if any(not _is_among(text, changes) for text in expected.watch):
            yield Difference("watch", listed(expected.watch), listed(dict.fromkeys(changes)))


def _is_among(text: str, findings: Iterable[str]) -> bool:
    """Whether a change is there; a gene alone stands for any change of it."""
    return any(finding == text or finding.startswith((f"{text} ", f"{text}:")) for finding in findings)
