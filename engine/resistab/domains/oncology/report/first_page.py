"""What the first page says: one sentence, and the drugs in groups; it selects and orders what was concluded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from resistab.core.derivation import Step
from resistab.core.records import dataclass
from resistab.core.said import said, terms
from resistab.domains.oncology.kinds.models import RESPONSE_MARKER, VerdictName
from resistab.domains.oncology.policy.models import Contribution, Verdict
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS
from resistab.domains.oncology.report.model import Report
from resistab.domains.oncology.report.wording import by_reason, cause_words, effect_words, field_words
from resistab.report.language import concluded, concluded_words, gettext, gettext_noop, ngettext
from resistab.report.options.model import RegimenInfo
from resistab.report.options.words import authority_text, drugs_text, status_words
from resistab.report.words import capital, counted, drug_words, few, listed

# In the order in which a board discusses them; those of which nothing is known stand last.
_LINES = terms(
    "first line",
    "any line",
    "switch",
    "second line",
    "relapse",
    "platinum-sensitive relapse",
    "platinum-resistant relapse",
    "third line",
    "later line",
)
_APPROVED, _GUIDELINE, _UNKNOWN, _WITHDRAWN = range(4)
_MOST_REGIMENS = 4
_MOST_NAMED, _MOST_IN_PASSING = 6, 3
_MOST_LOCI = 2
# Between findings that count together.
_WITH = gettext_noop(" with ")
_COUNTED = re.compile(r"(?:at least|exactly|between) (\d+) ")
_NONE_CURATED = said("no resistance markers curated")
_SETTINGS = terms("maintenance", "before surgery", "adjuvant")
_OPEN: tuple[VerdictName, ...] = ("sensitive", "no_resistance_found")
_SUPPORTING = ("increased susceptibility", RESPONSE_MARKER)


@dataclass(frozen=True)
class Reason:
    """Why: findings that do the same, each with the evidence for it, and what they do.

    ``what`` is "" where a sentence in place of the findings says all.
    """

    findings: tuple[tuple[str, str], ...]
    what: str = ""


@dataclass(frozen=True)
class ReasonedDrugs:
    """Drugs with one verdict for the same reasons, the weightiest reason first.

    ``use`` says how they are approved and in which line they are given, "" where they differ; ``beside`` what else
    must be seen with the verdict.
    """

    drugs: tuple[Verdict, ...]
    verdict: VerdictName
    use: str
    reasons: tuple[Reason, ...]
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class DrugGroup:
    """The lines under one heading, before them those that ``lead``: of regimens to discuss first.

    ``regimens`` are further ones to discuss, of which there is no verdict but those on their drugs. ``causes`` are
    drugs under what is missing of them, in place of lines.
    """

    title: str
    about: str
    lines: tuple[ReasonedDrugs, ...] = ()
    lead: tuple[ReasonedDrugs, ...] = ()
    regimens: tuple[RegimenInfo, ...] = ()
    verdict: VerdictName | None = None
    causes: tuple[tuple[str, tuple[Verdict, ...]], ...] = ()

    @property
    def of_causes(self) -> int:
        """How many drugs stand under the causes."""
        return len({verdict.drug for _, verdicts in self.causes for verdict in verdicts})


def groups(report: Report) -> list[DrugGroup]:
    """The drugs used in the tumour type, in groups of what a reader is to do; those with nothing in them are left out.

    In each they are ordered by approval in the tumour type, line of therapy, and strength.
    """
    relevant = [verdict for verdict in report.verdicts if verdict.relevant]
    lines = _Lines(report)
    found = [
        DrugGroup(gettext("Resistant"), gettext("response is not to be expected"), lines.of(relevant, "resistant")),
        DrugGroup(
            gettext("Options"),
            gettext("no resistance was found to them; regimens to discuss first lead"),
            (*lines.of(relevant, "sensitive"), *lines.of(relevant, "no_resistance_found")),
            lines.leading(relevant),
            tuple(one for one in leading_regimens(report) if frozenset(one.drugs) not in lines.open_alone),
        ),
        lines.caused(
            relevant, "not_assessable", gettext("Not assessable because"), gettext("what must be known was not tested")
        ),
        DrugGroup(
            gettext("Possible resistance"),
            gettext("response may be absent, smaller or shorter"),
            lines.of(relevant, "possible_resistance"),
        ),
        lines.caused(
            relevant, "not_indicated", gettext("Not indicated"), gettext("the marker was tested and is absent")
        ),
    ]
    return [group for group in found if group.lines or group.lead or group.regimens or group.causes]


def leading_regimens(report: Report) -> tuple[RegimenInfo, ...]:
    """The regimens that may be given, the first to discuss first."""
    if report.options is None:
        return ()
    open_now = [one for one in report.options.regimens if one.status in ("recommended", "active")]
    return tuple(open_now[:_MOST_REGIMENS])


def conclusion(report: Report) -> str:
    """What the report comes to, in one sentence."""
    relevant = [verdict for verdict in report.verdicts if verdict.relevant]
    tumour = report.sample.tumour_type.name
    if not relevant:
        return gettext("No drug of this rule set is used in {tumour}.", tumour=tumour)
    lines = _Lines(report)
    named = {name: [v for v in lines.ordered(relevant) if v.verdict == name] for name in _VERDICT_ORDER}
    parts = []
    if resistant := named["resistant"]:
        findings = _behind(report, resistant)
        parts.append(gettext("resistant to {drugs} by {findings}", drugs=_names(resistant), findings=findings))
    if sensitive := named["sensitive"]:
        parts.append(gettext("sensitive to {drugs}", drugs=_names(sensitive)))
    if regimens := leading_regimens(report):
        parts.append(gettext("the regimen to discuss first is {regimen}", regimen=drugs_text(regimens[0])))
    if possible := named["possible_resistance"]:
        parts.append(gettext("possible resistance to {drugs}", drugs=_few_names(possible)))
    if free := named["no_resistance_found"]:
        parts.append(gettext("no resistance found to {drugs}", drugs=_few_names(free)))
    if unknown := named["not_assessable"]:
        cause = _Lines(report).caused(unknown, "not_assessable", "", "").causes[0][0]
        cannot = ngettext(
            "{number} drug cannot be assessed: {cause}",
            "{number} drugs cannot be assessed, most often: {cause}",
            len(unknown),
            cause=cause,
        )
        parts.append(cannot)
    if not parts:
        drugs = counted(len(relevant), "drug")
        parts.append(gettext("none of the {drugs} used in {tumour} is indicated", drugs=drugs, tumour=tumour))
    return f"{capital('; '.join(parts))}."


_VERDICT_ORDER: tuple[VerdictName, ...] = (
    "resistant",
    "sensitive",
    "possible_resistance",
    "no_resistance_found",
    "not_assessable",
)


def _names(verdicts: Iterable[Verdict]) -> str:
    """The drugs, those that are given alone first."""
    names = [drug_words(verdict.drug) for verdict in sorted(verdicts, key=lambda verdict: len(_parts(verdict.drug)))]
    return listed(names) if len(names) <= _MOST_NAMED else few(names, _MOST_NAMED)


def _few_names(verdicts: Sequence[Verdict]) -> str:
    return _names(verdicts) if len(verdicts) <= _MOST_IN_PASSING else counted(len(verdicts), "drug")


def _behind(report: Report, verdicts: Iterable[Verdict]) -> str:
    """The findings behind verdicts of resistance, those behind the most drugs first."""
    clones = _minor(report)
    count: Counter[str] = Counter()
    for verdict in verdicts:
        count.update({_together(row.derivation, clones) for row in _deciding(verdict)})
    # What counts by itself need not be named again with another.
    joined = gettext(_WITH)
    names = [name for name in count if count.keys().isdisjoint(name.split(joined)) or joined not in name]
    names.sort(key=lambda name: (-count[name], name))
    return few(names, 4)


def _minor(report: Report) -> frozenset[str]:
    return frozenset(item.text for item in report.findings if item.clonality is not None and item.clonality.minor)


class _Lines:
    """Makes lines of the verdicts of one report."""

    def __init__(self, report: Report) -> None:
        self._minor = _minor(report)
        self._earlier = {name.casefold() for name in report.sample.prior_therapies or ()}
        self._line_of = _lines_of_therapy(report)
        self._leading = {frozenset(regimen.drugs): regimen for regimen in reversed(leading_regimens(report))}
        open_now = [verdict for verdict in report.verdicts if verdict.relevant and verdict.verdict in _OPEN]
        # Regimens that have a verdict of their own, with which they are told.
        self.open_alone = {parts for verdict in open_now if (parts := _parts(verdict.drug)) in self._leading}
        self._overcome = {item.drug: item.overcome_by for item in (report.options.overcome if report.options else ())}

    def ordered(self, verdicts: Iterable[Verdict]) -> list[Verdict]:
        """By approval, line of therapy, strength and name."""
        return sorted(verdicts, key=self._key)

    def _key(self, verdict: Verdict) -> tuple[int, int, int, float, str]:
        line = self._line_of.get(_parts(verdict.drug), "")
        strength = -(verdict.level or 0) if verdict.verdict != "sensitive" else 0
        return (
            _approval(verdict)[0],
            _LINES.index(line) if line in _LINES else len(_LINES),
            strength,
            -verdict.score,
            verdict.drug,
        )

    def of(self, verdicts: Iterable[Verdict], name: VerdictName) -> tuple[ReasonedDrugs, ...]:
        """The lines of the drugs with the verdict ``name``; those with the same findings behind them share one."""
        found: dict[frozenset[str], list[Verdict]] = {}
        for verdict in self.ordered(verdict for verdict in verdicts if verdict.verdict == name):
            if _parts(verdict.drug) not in self.open_alone:
                found.setdefault(frozenset(self._findings(verdict)), []).append(verdict)
        return tuple(self._line(drugs) for drugs in found.values())

    def leading(self, verdicts: Iterable[Verdict]) -> tuple[ReasonedDrugs, ...]:
        """The lines of the regimens to discuss first that have a verdict of their own."""
        told = [verdict for verdict in verdicts if _parts(verdict.drug) in self.open_alone]
        return tuple(
            self._line([verdict]) for verdict in sorted(told, key=lambda one: self._leading[_parts(one.drug)].rank)
        )

    def caused(self, verdicts: Iterable[Verdict], name: VerdictName, title: str, about: str) -> DrugGroup:
        """The drugs with the verdict ``name`` under what is missing, or under the marker that they need."""
        causes: dict[str, list[Verdict]] = {}
        for cause, drugs in by_reason(self.ordered(verdicts), name).items():
            causes.setdefault(capital(cause_words(cause)), []).extend(drugs)
        told = sorted(causes.items(), key=lambda item: -len(item[1]))
        return DrugGroup(title, about, verdict=name, causes=tuple((cause, tuple(drugs)) for cause, drugs in told))

    def had(self, verdict: Verdict) -> bool:
        """Whether the patient has had the drug, or one that is part of it."""
        return not self._earlier.isdisjoint(part.casefold() for part in _parts(verdict.drug))

    def _findings(self, verdict: Verdict) -> list[str]:
        """The findings of each row that speaks as the verdict does; where there is none, the reason."""
        told = [_without_tests(verdict.reason)] if _is_told(verdict) else []
        # By these alone lines are told apart; nobody reads them.
        weak = [f"too weak: {self._of_row(row)}" for row in _too_weak(verdict)]
        return [*told, *(self._of_row(row) for row in _speaking(verdict)), *weak]

    def _of_row(self, row: Contribution) -> str:
        return _together(row.derivation, self._minor) or capital(field_words(row.condition))

    def _line(self, drugs: Sequence[Verdict]) -> ReasonedDrugs:
        uses = {self._use(verdict) for verdict in drugs}
        return ReasonedDrugs(
            drugs=tuple(drugs),
            verdict=drugs[0].verdict,
            use=uses.pop() if len(uses) == 1 else "",
            reasons=self._reasons(drugs),
            beside=tuple(self._beside(drugs)),
        )

    def _use(self, verdict: Verdict) -> str:
        parts = _parts(verdict.drug)
        line = concluded_words(self._line_of.get(parts, ""))
        use = ", ".join(text for text in (_approval(verdict)[1], line) if text)
        if parts in self.open_alone:
            regimen = self._leading[parts]
            return f"{status_words(regimen.status)}: {use}; {authority_text(regimen.authority)}"
        return use

    def _reasons(self, drugs: Sequence[Verdict]) -> tuple[Reason, ...]:
        """The reasons that the rows give, the weightiest first, each once for all drugs."""
        rows = sorted((row for verdict in drugs for row in _speaking(verdict)), key=_weight)
        told = dict.fromkeys(_without_tests(verdict.reason) for verdict in drugs if _is_told(verdict))
        by: dict[str, list[Contribution]] = {}
        for row in rows:
            by.setdefault(self._of_row(row), []).append(row)
        alike: dict[str, list[tuple[str, str]]] = {}
        for findings, each in by.items():
            alike.setdefault(_says(each[0]), []).append((findings, _evidence(each)))
        return (
            *(Reason(((capital(concluded(field_words(reason))), ""),)) for reason in told),
            *(Reason(tuple(findings), what) for what, findings in alike.items()),
        )

    def _beside(self, drugs: Sequence[Verdict]) -> Iterable[str]:
        others = dict.fromkeys(name for verdict in drugs for name in self._overcome.get(verdict.drug, ()))
        if others:
            yield gettext("works in spite of it: {drugs}", drugs=few([drug_words(name) for name in others], 4))
        open_rows = [verdict for verdict in drugs if verdict.undecided.loci]
        if drugs[0].verdict != "resistant" and open_rows:
            loci = list(dict.fromkeys(locus for verdict in open_rows for locus in verdict.undecided.loci))
            named = few([concluded_words(field_words(locus)) for locus in loci], _MOST_LOCI)
            yield gettext("resistance markers not tested: {loci}", loci=named)
        if weak := list(dict.fromkeys(self._of_row(row) for verdict in drugs for row in _too_weak(verdict))):
            yield gettext("resistance shown too weakly for a doubt: {findings}", findings=", ".join(weak))
        if any(verdict.reason.endswith(_NONE_CURATED) for verdict in drugs):
            yield concluded(_NONE_CURATED)
        if disputed := [drug_words(verdict.drug) for verdict in drugs if verdict.conflicts]:
            if len(drugs) > 1:
                yield gettext("conflicting evidence on {drugs}", drugs=few(disputed, 3))
            else:
                yield gettext("conflicting evidence")


def _without_tests(reason: str) -> str:
    """A reason without the loci that were not tested, which are told for all drugs of a line together."""
    return reason.partition("; not tested:")[0]


def _speaking(verdict: Verdict) -> list[Contribution]:
    """The rows that speak as the verdict does: for resistance, or for response."""
    if verdict.verdict in ("resistant", "possible_resistance"):
        return _against(verdict)
    return [row for row in verdict.contributions if row.effect in _SUPPORTING and not row.disputed]


def _is_told(verdict: Verdict) -> bool:
    """Whether the reason of a verdict is none of its rows, but what a rule of the policy says."""
    rows = _speaking(verdict)
    return not any(verdict.reason.startswith(", ".join(row.findings) or row.condition) for row in rows)


def _too_weak(verdict: Verdict) -> list[Contribution]:
    """The rows of resistance to a drug that is open in spite of them."""
    if verdict.verdict not in _OPEN:
        return []
    return [row for row in verdict.contributions if row.effect in RESISTANCE_EFFECTS]


def _weight(row: Contribution) -> tuple[float, str, bool, str]:
    """By what rows are ordered, the weightiest first."""
    return -row.score, row.tier or "Z", row.extrapolated, row.evidence_level or "Z"


def _evidence(rows: Sequence[Contribution]) -> str:
    """The best and the weakest level of evidence among drugs of which the same is said; "*" marks an extrapolation."""
    marked = {(row.evidence_level, "*" if row.extrapolated else "") for row in rows if row.evidence_level is not None}
    found = [f"{level}{mark}" for level, mark in sorted(marked)]
    if len(found) > 1:
        return gettext("{low} to {high}", low=found[0], high=found[-1])
    return found[0] if found else ""


def _says(row: Contribution) -> str:
    """What a row says in short: the mechanism of a resistance, a marker as such."""
    if row.effect in _SUPPORTING:
        return effect_words(row.effect)
    if row.mechanism in ("not established", "target dependence"):
        return effect_words(row.effect)
    _, of_target, mechanism = row.mechanism.rpartition("target alteration: ")
    if of_target:
        mechanism = gettext("target alteration") if mechanism == "other" else gettext(mechanism)
    parts = [
        effect_words(row.effect) if row.effect != "resistance" else "",
        mechanism if of_target else concluded_words(mechanism),
        gettext("same residue as {changes}", changes=row.same_residue) if row.same_residue else "",
        gettext("by binding mode ({mode})", mode=row.binding_mode) if row.binding_mode else "",
    ]
    return ", ".join(part for part in parts if part)


def _against(verdict: Verdict) -> list[Contribution]:
    return [row for row in verdict.contributions if row.effect in RESISTANCE_EFFECTS and row.score > 0]


def _deciding(verdict: Verdict) -> list[Contribution]:
    """The heaviest rows of resistance."""
    rows = _against(verdict)
    heaviest = max((row.score for row in rows), default=0)
    return [row for row in rows if row.score == heaviest]


def _together(step: Step, minor: frozenset[str]) -> str:
    """The findings behind a step: "A with B" where it takes both, "A, B" where each suffices."""
    held = [part for part in step.parts if part.truth == "true"]
    if held:
        texts = list(dict.fromkeys(text for part in held if (text := _together(part, minor))))
        return gettext(_WITH).join(_once(texts)) if _takes_all(step) else ", ".join(texts)
    if step.rules:
        return _together(step.rules[0].condition, minor)
    return ", ".join(
        f"{field_words(name)} ({gettext('minor clone')})" if name in minor else field_words(name)
        for name in step.findings
    )


def _once(texts: Sequence[str]) -> list[str]:
    """``texts`` without those that are parts of another one."""
    return [text for text in texts if not any(text != other and text in other.split(", ") for other in texts)]


def _takes_all(step: Step) -> bool:
    """Whether a compound condition asks for several of its parts: by "and" outside of brackets, or by number."""
    if found := _COUNTED.match(step.text):
        return int(found[1]) > 1
    text, bare = None, step.text
    while text != bare:
        text, bare = bare, re.sub(r"\([^()]*\)", "", bare)
    return bare.startswith("all of") or " and " in bare


def _parts(drug: str) -> frozenset[str]:
    return frozenset(drug.split(" + "))


def _approval(verdict: Verdict) -> tuple[int, str]:
    """How near to approval in the tumour type a drug is, and in words."""
    text = verdict.approval
    if text.startswith("approved") or re.match(r"used [^:]*\blabels?\b(?! in)", text):
        return _APPROVED, gettext("approved")
    if found := re.match(r"used by label in (\w+)", text):
        return _GUIDELINE, gettext("label in {place}", place=found[1])
    if text.startswith("used"):
        if "labels" in text.partition(":")[0]:
            return _APPROVED, gettext("approved")
        return _GUIDELINE, gettext("by guideline")
    return (_WITHDRAWN, gettext("approval withdrawn")) if "withdrawn" in text else (_UNKNOWN, "")


def _lines_of_therapy(report: Report) -> dict[frozenset[str], str]:
    """In which line drugs are given, from the regimens that are meant for such a patient, the best placed first."""
    found: dict[frozenset[str], str] = {}
    for regimen in report.options.regimens if report.options is not None else ():
        found.setdefault(frozenset(regimen.drugs), regimen.setting.partition(" (")[0])
    return found


def had_before(report: Report) -> frozenset[str]:
    """The drugs that the patient has had, alone or as a part of what is given together."""
    lines = _Lines(report)
    return frozenset(verdict.drug for verdict in report.verdicts if lines.had(verdict))


def line_words(setting: str) -> str:
    """The line of therapy of a setting, without for which patients it is."""
    return concluded_words(setting.partition(" (")[0])
