"""Regimens judged for one patient: by activity, by who names them for what, by rules for combining, and by escapes.

Nothing here knows the domain: what a drug is worth in a patient, and whether biomarkers are there, ``Patient`` says.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence

from resistab.core.escape import Escapes as Escaping
from resistab.core.escape import EscapeSet
from resistab.core.records import dataclass, field, replace
from resistab.core.regimens import Range, Standing, Status, independent_groups, status_of, susceptibility_score
from resistab.core.said import said
from resistab.core.truth import Truth
from resistab.report.options.history import drugs_with_history, stronger, weaker
from resistab.report.options.model import (
    AuthorityInfo,
    DrugActivity,
    EarlierFinding,
    EscapeChange,
    GeneticBarrier,
    Gss,
    Options,
    Overcoming,
    RegimenInfo,
    RuleInfo,
    SettingInfo,
    WatchItem,
)
from resistab.report.options.patient import DrugFacts, OptionsAsked, Patient
from resistab.rulesets.regimens import Authority, CombiningRule, LeastActive, Regimen, RegimenPolicy, RegimenSetting

LIMITS = (
    said(
        "Options say what is open by genotype. They hold no dose, no schedule, and of toxicity and interactions only "
        "what the rules for combining say."
    ),
    said(
        "A genetic barrier counts the fewest further changes known to these rules; changes that nobody has described "
        "are not in it."
    ),
)
UNTREATED = said(
    "Earlier treatment was not given: first-line regimens are ranked as for patients without any, and those that are "
    "for patients after some treatment are not assessable."
)
# By what regimens are ranked where both are named: a guideline or label before a trial or another study.
_STUDIES = ("trial", "study", "meta-analysis")
# Of more the ranking alone is shown, without barriers.
_MOST_EXPLORED = 40

Escapes = Callable[[Sequence[tuple[str, ...]]], Sequence[Escaping | None]]
"""From the drugs of regimens to what defeats each, None where that was not asked."""


@dataclass(frozen=True)
class _Setting:
    """A setting of a regimen and whether it fits the patient: None where this cannot be told."""

    setting: RegimenSetting
    fits: bool | None
    why_not: str = ""


@dataclass(frozen=True)
class _Judged:
    """A regimen before escapes are known."""

    id: str
    drugs: tuple[DrugFacts, ...]
    regimen: Regimen | None
    settings: tuple[_Setting, ...]
    rules: tuple[tuple[CombiningRule, str], ...]
    gss: Gss
    independent: int
    status: Status
    standing: Standing
    why: tuple[str, ...]
    lead: _Setting | None = field(default=None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its drugs."""
        return tuple(fact.drug for fact in self.drugs)


class Judge:
    """Judges regimens for one patient by the policy and the rules for combining of a rule set.

    ``ever`` is the patient with what earlier samples had beside the present one; it counts against regimens alone.
    """

    def __init__(
        self,
        patient: Patient,
        policy: RegimenPolicy,
        rules: Sequence[CombiningRule],
        asked: OptionsAsked,
        ever: Patient | None = None,
    ) -> None:
        self.patient, self.policy, self.asked = patient, policy, asked
        self.ever = ever or patient
        self.rules = [rule for rule in rules if rule.status == "active"]

    def options(
        self,
        regimens: Sequence[Regimen],
        explored: Iterable[str] = (),
        escapes: Escapes | None = None,
        overcome: tuple[Overcoming, ...] = (),
        notes: tuple[str, ...] = (),
        archived: tuple[EarlierFinding, ...] = (),
    ) -> Options:
        """The section of a report; ``explored`` are the drugs that may be combined freely, where that is asked."""
        judged: list[_Judged] = []
        not_listed: dict[str, int] = {}
        for regimen in regimens:
            if regimen.status != "active":
                continue
            settings, reason = self._settings(regimen)
            if not settings:
                not_listed[reason] = not_listed.get(reason, 0) + 1
            else:
                judged.append(self._judged(regimen.id, regimen.drugs, regimen, settings))
        known = {frozenset(one.names) for one in judged}
        given = [one for one in self.asked.combinations if frozenset(one) not in known]
        judged += [self._judged(f"GIVEN-{n:03}", drugs, None, ()) for n, drugs in enumerate(given, start=1)]
        judged += self._explored(explored, known | set(map(frozenset, given)))
        found: Sequence[Escaping | None] = [None] * len(judged)
        if escapes is not None:
            # A drug that has failed already needs no change to be defeated.
            found = escapes([tuple(fact.drug for fact in one.drugs if not fact.failed) for one in judged])
        placed = [(_with_barrier(one, escape), one, escape) for one, escape in zip(judged, found, strict=True)]
        placed.sort(key=lambda item: (item[0].key, item[1].id))
        listed, rank, before = [], 0, None
        for place, (standing, one, escape) in enumerate(placed, start=1):
            if standing.key != before:
                rank, before = place, standing.key
            listed.append(self._info(one, escape, rank))
        return Options(
            regimens=tuple(listed),
            watch_list=_watched(listed),
            overcome=overcome,
            archived=archived,
            not_listed=dict(sorted(not_listed.items())),
            notes=(*([UNTREATED] if self.patient.earlier is None else []), *notes),
            limits=LIMITS,
        )

    # --- settings -------------------------------------------------------------------------------------------

    def _settings(self, regimen: Regimen) -> tuple[tuple[_Setting, ...], str]:
        """The settings in which a regimen is for such a patient; where there is none, the reason."""
        found: list[_Setting] = []
        reason = said("for other patients")
        settings: Sequence[RegimenSetting] = getattr(regimen, "settings", ())
        for setting in settings:
            if not self.patient.is_meant(setting):
                continue
            weight = self.policy.setting_of.get(setting.setting)
            special = weight is not None and weight.special
            if self.asked.settings:
                if setting.setting not in self.asked.settings:
                    reason = said("for another setting")
                    continue
            elif special:
                reason = said("for {what}, which is judged only where it is asked for", what=setting.setting)
                continue
            truth = weaker(self.patient.holds(setting), self.ever.holds(setting))
            if truth is Truth.FALSE or (truth is Truth.UNKNOWN and self._without_marker(regimen)):
                reason = said("the biomarker it is for was not found")
                continue
            found.append(self._fitted(setting, truth))
        return tuple(sorted(found, key=self._order)), reason

    def _without_marker(self, regimen: Regimen) -> bool:
        """Whether all drugs of a regimen lack the biomarker that they need."""
        return all(fact.activity.high == 0 and fact.not_indicated for fact in self.patient.drugs(regimen.drugs))

    def _fitted(self, setting: RegimenSetting, truth: Truth) -> _Setting:
        if truth is Truth.UNKNOWN:
            where = self.patient.where(setting)
            if self.ever.holds(setting) is Truth.TRUE:
                return _Setting(setting, None, said("not known in this sample: {where}", where=where))
            return _Setting(setting, None, said("not known: {where}", where=where))
        earlier, weight = self.patient.earlier, self.policy.setting_of.get(setting.setting)
        for names in (setting.after, weight.after if weight else ()):
            wanted = " or ".join(names)
            if names and earlier is None:
                why_not = said("for patients treated with {drugs}; earlier treatment is not known", drugs=wanted)
                return _Setting(setting, None, why_not)
            if names and not any(drug.is_of(names) for drug in earlier or ()):
                return _Setting(setting, False, said("for patients treated with {drugs}", drugs=wanted))
        if weight is not None and weight.treated and not earlier:
            if earlier is None:
                return _Setting(setting, None, said("for patients treated before; earlier treatment is not known"))
            return _Setting(setting, False, said("for patients treated before"))
        if weight is not None and weight.untreated and earlier:
            return _Setting(setting, False, said("for patients who had no treatment yet"))
        return _Setting(setting, True)

    def _order(self, item: _Setting) -> tuple[int, int, int]:
        known = len(self.policy.settings)
        return (
            0 if item.fits else 1 if item.fits is None else 2,
            _authority_rank(item.setting.authorities),
            self.policy.rank_of.get(item.setting.setting, known),
        )

    # --- one regimen ----------------------------------------------------------------------------------------

    def _judged(
        self, name: str, drugs: Sequence[str], regimen: Regimen | None, settings: tuple[_Setting, ...]
    ) -> _Judged:
        facts = self._facts(drugs)
        lead = settings[0] if settings else None
        rules = tuple(self._applying(facts, regimen, settings))
        weights = [(fact.activity, self.policy.weight_of(fact.drug)) for fact in facts]
        whole = susceptibility_score(weights)
        weight = self.policy.setting_of.get(lead.setting.setting) if lead else None
        least = weight.least(len(facts)) if weight is not None else 0.75 * len(facts)
        active = [fact for fact in facts if fact.activity.high > self.policy.not_active_to]
        surely = [fact for fact in facts if fact.activity.low > self.policy.not_active_to]
        independent = independent_groups([fact.keys for fact in surely if fact.keys])
        broken = [rule for rule, severity in rules if severity == "broken"]
        against = [rule for rule, severity in rules if severity == "contraindicated"]
        authority = _authority_rank(lead.setting.authorities) if lead else 4
        status = status_of(
            whole,
            least,
            contraindicated=bool(against),
            fits=lead.fits if lead else False,
            broken=bool(broken),
            named=authority < 2,
            any_active=bool(active),
        )
        standing = Standing(
            contraindicated=bool(against),
            broken=len(broken),
            meets=whole.low >= least,
            fits=lead.fits if lead else False,
            authority=authority,
            line=self.policy.rank_of.get(lead.setting.setting, 99) if lead else 99,
            independent_targets=independent,
            barrier=0,
            drugs=len(facts),
        )
        gss = Gss(low=whole.low, high=whole.high, least=round(least, 6))
        why = tuple(self._why(facts, surely, gss, status, lead, broken, against))
        return _Judged(name, facts, regimen, settings, rules, gss, independent, status, standing, why, lead)

    def _facts(self, names: Sequence[str]) -> tuple[DrugFacts, ...]:
        """The drugs, of which none counts as active that failed before, unless a rule keeps it all the same."""
        facts = self._drugs(names)
        failed = {drug.drug for drug in self.patient.earlier or () if drug.failed}
        if failed.isdisjoint(names):
            return facts
        kept = [rule for rule in self.rules if rule.kind == "keep" and self._keeps(rule, facts)]
        return tuple(
            replace(fact, activity=Range(0.0, 0.0), because=said("the disease progressed on it"), failed=True)
            if fact.drug in failed and not any(fact.is_of(rule.drugs) for rule in kept)
            else fact
            for fact in facts
        )

    def _drugs(self, names: Sequence[str]) -> tuple[DrugFacts, ...]:
        """The drugs, as they are with what was found before."""
        facts = self.patient.drugs(names)
        return facts if self.ever is self.patient else drugs_with_history(facts, self.ever.drugs(names))

    def _why(
        self,
        facts: Sequence[DrugFacts],
        surely: Sequence[DrugFacts],
        gss: Gss,
        status: Status,
        lead: _Setting | None,
        broken: Sequence[CombiningRule],
        against: Sequence[CombiningRule],
    ) -> Iterable[str]:
        """The reasons for the status, the weightiest first."""
        yield from (rule.says for rule in against)
        yield from (said("breaks {rule}: {quoted}", rule=rule.id, quoted=rule.says) for rule in broken)
        if lead is None:
            yield said("not curated: no guideline, label or trial of this rule set names the combination")
        elif lead.why_not:
            yield said("outside its setting: {why}", why=lead.why_not) if lead.fits is False else lead.why_not
        for fact in facts:
            if fact in surely:
                continue
            if fact.activity.high > self.policy.not_active_to:
                yield said("{drug}: activity not known ({why})", drug=fact.drug, why=fact.because)
            else:
                yield said("{drug} not active: {why}", drug=fact.drug, why=fact.because)
        had = {drug.drug for drug in self.patient.earlier or () if not drug.failed}
        again = [fact.drug for fact in facts if fact.drug in had and fact.activity.high > 0]
        if again:
            yield said("{drugs} given before; that the disease progressed on it was not said", drugs=", ".join(again))
        lowest, highest, least = f"{gss.low:g}", f"{gss.high:g}", f"{gss.least:g}"
        if lowest == highest:
            yield said("GSS {reached}, of which the setting asks for {bound}", reached=lowest, bound=least)
        else:
            yield said(
                "GSS {lowest} to {highest}, of which the setting asks for {bound}",
                lowest=lowest,
                highest=highest,
                bound=least,
            )

    # --- rules ----------------------------------------------------------------------------------------------

    def _applying(
        self, facts: Sequence[DrugFacts], regimen: Regimen | None, settings: Sequence[_Setting]
    ) -> Iterable[tuple[CombiningRule, str]]:
        """The rules that apply, each with how much it counts: contraindicated, broken, caution or kept."""
        names = {item.setting.setting for item in settings}
        for rule in self.rules:
            if rule.settings and not names.intersection(rule.settings):
                continue
            if not self.patient.is_meant(rule) or not _concerns(rule, facts, regimen):
                continue
            truth = weaker(self._truth(rule), self._too_little(rule, facts), _not_carried(rule, facts))
            if truth is Truth.FALSE:
                continue
            if rule.kind == "keep":
                if truth is Truth.TRUE and rule.visible:
                    yield rule, "kept"
            elif truth is Truth.UNKNOWN or not rule.visible:
                yield rule, "caution"
            else:
                yield rule, rule.severity

    def _keeps(self, rule: CombiningRule, facts: Sequence[DrugFacts]) -> bool:
        """Whether a drug is kept in such a combination, though the disease progressed on it."""
        return (
            self.patient.is_meant(rule) and _concerns(rule, facts, None) and self._truth(rule, now=True) is Truth.TRUE
        )

    def _truth(self, rule: CombiningRule, now: bool = False) -> Truth:
        """Whether what a rule asks of the patient is so, or but for ``now`` was so before."""
        truth = self.patient.holds(rule)
        truths = [truth if now else stronger(truth, self.ever.holds(rule))]
        if rule.after:
            earlier = self.patient.earlier
            had = earlier is not None and any(drug.is_of(rule.after) for drug in earlier)
            truths.append(Truth.UNKNOWN if earlier is None else Truth.TRUE if had else Truth.FALSE)
        if rule.germline:
            known = self.patient.phenotypes
            # A phenotype is a gene and what it is: "DPYD poor metabolizer".
            genes = {phenotype.split()[0] for phenotype in known or ()}
            tested = all(name.split()[0] in genes for name in rule.germline)
            there = bool(known) and any(name in (known or ()) for name in rule.germline)
            truths.append(Truth.TRUE if there else Truth.FALSE if tested else Truth.UNKNOWN)
        return weaker(*truths)

    def _too_little(self, rule: CombiningRule, facts: Sequence[DrugFacts]) -> Truth:
        """Whether a regimen is less active than the rule asks for, which what is not known may leave open."""
        if rule.least is None or not self._lacks(rule.least, [(fact, fact.activity.low) for fact in facts]):
            return Truth.TRUE if rule.least is None else Truth.FALSE
        lacks = self._lacks(rule.least, [(fact, fact.activity.high) for fact in facts])
        return Truth.TRUE if lacks else Truth.UNKNOWN

    def _lacks(self, least: LeastActive, valued: Sequence[tuple[DrugFacts, float]]) -> bool:
        """Whether drugs that are so active are fewer than ``least``, or of fewer classes."""
        reached = sum(value * self.policy.weight_of(fact.drug) for fact, value in valued)
        classes = {fact.classes[0] for fact, value in valued if value > self.policy.not_active_to and fact.classes}
        return reached < min(least.active, len(valued)) or len(classes) < least.classes

    # --- combinations nobody names ----------------------------------------------------------------------------

    def _explored(self, drugs: Iterable[str], known: set[frozenset[str]]) -> list[_Judged]:
        """Combinations of active drugs within the rules, the best of them."""
        if not self.asked.explore:
            return []
        facts = {fact.drug: fact for name in drugs for fact in self._drugs((name,))}
        active = sorted(name for name, fact in facts.items() if fact.activity.low > self.policy.not_active_to)
        found: list[_Judged] = []
        for number in range(1, self.asked.explore + 1):
            for names in itertools.combinations(active, number):
                if frozenset(names) in known:
                    continue
                one = self._judged("", names, None, ())
                if not (one.standing.contraindicated or one.standing.broken) and one.independent == number:
                    found.append(one)
        found.sort(key=lambda one: (one.standing.key, one.names))
        return [_renamed(one, f"EXPLORED-{number:03}") for number, one in enumerate(found[:_MOST_EXPLORED], start=1)]

    # --- what is shown --------------------------------------------------------------------------------------

    def _info(self, one: _Judged, escape: Escaping | None, rank: int) -> RegimenInfo:
        of = {kind: tuple(_rule(rule, severity) for rule, severity in one.rules if severity == kind) for kind in _KINDS}
        settings = tuple(self._setting(item) for item in one.settings)
        authorities = [info for item in settings for info in item.authorities]
        broken = (*of["contraindicated"], *of["broken"])
        cited = [text for info in authorities for text in info.citations]
        cited += [text for rule in (*broken, *of["kept"], *of["caution"]) for text in rule.citations]
        cited += [text for fact in one.drugs for text in fact.citations]
        lead = settings[0] if settings else None
        return RegimenInfo(
            id=one.id,
            rank=rank,
            drugs=one.names,
            together_with=one.regimen.together_with if one.regimen else None,
            curated=one.regimen is not None,
            status=one.status,
            why=one.why,
            setting=_setting_text(lead) if lead else said("not curated"),
            authority=_authority_text(lead.authorities) if lead else said("none"),
            gss=one.gss,
            activities=tuple(
                DrugActivity(
                    drug=fact.drug,
                    verdict=fact.verdict,
                    low=fact.activity.low,
                    high=fact.activity.high,
                    because=fact.because,
                    against=fact.against,
                )
                for fact in one.drugs
            ),
            independent_targets=one.independent,
            genetic_barrier=barrier_of(escape),
            escape_sets=() if escape is None else tuple(changes_of(found) for found in escape.sets),
            broken_rules=broken,
            cautions=of["caution"],
            kept=of["kept"],
            settings=settings,
            note=one.regimen.note if one.regimen else None,
            citations=tuple(dict.fromkeys(cited)),
        )

    def _setting(self, item: _Setting) -> SettingInfo:
        return SettingInfo(
            setting=item.setting.setting,
            where=self.patient.where(item.setting),
            fits=item.fits,
            why_not=item.why_not,
            provided=item.setting.provided,
            authorities=tuple(
                _authority(authority)
                for authority in sorted(item.setting.authorities, key=lambda authority: _authority_rank([authority]))
            ),
        )


_KINDS = ("contraindicated", "broken", "caution", "kept")


def _concerns(rule: CombiningRule, facts: Sequence[DrugFacts], regimen: Regimen | None) -> bool:
    """Whether a rule is about such a combination."""
    if rule.together and not _each_has_its_own(rule.together, facts):
        return False
    if rule.drugs and not any(fact.is_of(rule.drugs) for fact in facts):
        return False
    if rule.only:
        # Of a regimen of which only a part is named nobody can say that it has nothing else.
        if regimen is not None and regimen.together_with is not None:
            return False
        if not all(fact.is_of(rule.only) for fact in facts):
            return False
        if rule.number is not None and len(facts) > rule.number:
            return False
    # What an authority names together it has thought of together.
    if rule.same_target_and_mode and (regimen is not None or not _alike(facts)):
        return False
    if rule.kind == "least active" and regimen is not None and regimen.together_with is not None:
        return False
    for lists in (rule.unless, rule.partners):
        if lists and all(any(fact.is_of(names) for fact in facts) for names in lists):
            return False
    return True


def _not_carried(rule: CombiningRule, facts: Sequence[DrugFacts]) -> Truth:
    """Whether no fully active drug of those that lift the rule is there."""
    carrying = [fact.activity for fact in facts if fact.is_of(rule.unless_active)]
    if any(activity.low >= 1 for activity in carrying):
        return Truth.FALSE
    return Truth.UNKNOWN if any(activity.high >= 1 for activity in carrying) else Truth.TRUE


def _each_has_its_own(lists: Sequence[Sequence[str]], facts: Sequence[DrugFacts]) -> bool:
    """Whether each list has a drug of its own among ``facts``."""
    fitting = [[place for place, fact in enumerate(facts) if fact.is_of(names)] for names in lists]
    return any(len(set(chosen)) == len(chosen) for chosen in itertools.product(*fitting))


def _alike(facts: Sequence[DrugFacts]) -> bool:
    """Whether two drugs have a target in common that they bind in the same way."""
    return any(not one.target_modes.isdisjoint(other.target_modes) for one, other in itertools.combinations(facts, 2))


def _authority_rank(authorities: Sequence[Authority]) -> int:
    """0 for a guideline or label in force, 1 for one that is only named, 2 for a trial, 3 for what was given up."""

    def rank(item: Authority) -> int:
        if item.superseded:
            return 3
        if item.authority.casefold().startswith(_STUDIES):
            return 2
        return 1 if item.verification == "name only" else 0

    return min((rank(item) for item in authorities), default=4)


def _authority(item: Authority) -> AuthorityInfo:
    return AuthorityInfo(
        authority=item.authority,
        year=item.year,
        grade=item.grade,
        citations=item.cited,
        verification=item.verification,
        superseded=item.superseded,
    )


def _rule(rule: CombiningRule, severity: str) -> RuleInfo:
    return RuleInfo(
        id=rule.id,
        kind=rule.kind,
        severity=severity,
        says=rule.says,
        authorities=tuple(_authority(item) for item in rule.evidence),
        citations=tuple(dict.fromkeys(text for item in rule.evidence for text in item.cited)),
    )


def _setting_text(item: SettingInfo) -> str:
    return f"{item.setting} ({item.where})" if item.where else item.setting


def _authority_text(items: Sequence[AuthorityInfo]) -> str:
    """Who names it, the weightiest first, each once with its latest year."""
    years: dict[str, int | None] = {}
    for item in items:
        name = said("{authority}, superseded", authority=item.authority) if item.superseded else item.authority
        years[name] = max((year for year in (years.get(name), item.year) if year), default=None)
    return "; ".join(f"{name} {year}" if year else name for name, year in years.items())


def _with_barrier(one: _Judged, escape: Escaping | None) -> Standing:
    return one.standing if escape is None else replace(one.standing, barrier=escape.barrier)


def barrier_of(escape: Escaping | None) -> GeneticBarrier | None:
    """The genetic barrier that escapes come to; without escapes none."""
    if escape is None:
        return None
    notes = []
    if escape.undefeated:
        notes.append(said("no change known to these rules defeats {drugs}", drugs=", ".join(escape.undefeated)))
    if not escape.exact:
        notes.append(said("the time for the search was over"))
    if any(not found.weight_known for found in escape.sets):
        notes.append(said("where the codon is not known a change counts 1"))
    if escape.found > len(escape.sets):
        shown = said("{number} of {total} smallest sets are shown", number=len(escape.sets), total=escape.found)
        notes.append(shown)
    return GeneticBarrier(value=escape.barrier, exact=escape.exact and escape.known, note="; ".join(notes))


def changes_of(found: EscapeSet) -> tuple[EscapeChange, ...]:
    """The changes of an escape set, each with what it defeats and what that rests on."""
    cited: dict[str, dict[str, None]] = {}
    rows: dict[str, dict[str, None]] = {}
    for behind in found.behind:
        cited.setdefault(behind.change, {}).update(dict.fromkeys(behind.citations))
        rows.setdefault(behind.change, {})[behind.row] = None
    return tuple(
        EscapeChange(
            finding=change.text,
            defeats=found.defeats.get(change.id, ()),
            rows=tuple(rows.get(change.id, ())),
            citations=tuple(cited.get(change.id, ())),
        )
        for change in found.changes
    )


def _renamed(one: _Judged, name: str) -> _Judged:
    return replace(one, id=name)


def _watched(regimens: Iterable[RegimenInfo]) -> tuple[WatchItem, ...]:
    """What to look for: the changes of the smallest escape sets of regimens that may be given."""
    drugs: dict[str, dict[str, None]] = {}
    of: dict[str, dict[str, None]] = {}
    cited: dict[str, dict[str, None]] = {}
    for regimen in regimens:
        if regimen.status not in ("recommended", "active", "partly_active"):
            continue
        for change in (change for changes in regimen.escape_sets for change in changes):
            drugs.setdefault(change.finding, {}).update(dict.fromkeys(change.defeats))
            of.setdefault(change.finding, {})[regimen.id] = None
            cited.setdefault(change.finding, {}).update(dict.fromkeys(change.citations or change.rows))
    return tuple(
        WatchItem(
            finding=finding,
            defeats=tuple(drugs[finding]),
            regimens=tuple(of[finding]),
            evidence=tuple(cited[finding]),
        )
        for finding in drugs
    )
