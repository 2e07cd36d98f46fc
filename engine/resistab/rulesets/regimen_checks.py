"""What must hold of regimens and of rules for combining drugs, in every domain."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from resistab.core.faults import Fault, nearest
from resistab.files.yaml_source import Path_, Source
from resistab.rulesets.regimens import BarrierFile, CombiningRule, Regimen, RegimenPolicy

_PATHS = ("together", "unless", "partners")


class RegimenChecks:
    """Checks the files of regimens of one rule set.

    ``drugs`` and ``classes`` are those of the rule set, None where they could not be read whole; ``words`` are those
    by which the manifest may say how active a drug is: levels or verdicts.
    """

    def __init__(
        self,
        drugs: Collection[str] | None,
        classes: Collection[str],
        policy: RegimenPolicy | None,
        words: Collection[str],
    ) -> None:
        self.drugs, self.classes, self.policy, self.words = drugs, classes, policy, words

    def policy_faults(self, source: Source) -> Iterator[Fault]:
        """What is wrong with ``regimens`` of the manifest."""
        policy = self.policy
        if policy is None:
            return
        for word in policy.activity:
            if word not in self.words:
                path: Path_ = ("regimens", "activity", word)
                yield source.fault(
                    path,
                    f"'{word}' is none of the words that verdicts of these rules have",
                    f"one of: {', '.join(self.words)}",
                    nearest(word, self.words),
                    code="RT024",
                )
        for index, item in enumerate(policy.heavier):
            for place, name in enumerate(item.drugs):
                yield from self.drug(source, ("regimens", "heavier", index, "drugs", place), name)
        for place, name in enumerate(policy.accompanying):
            yield from self.name(source, ("regimens", "accompanying", place), name)
        seen: set[str] = set()
        for index, setting in enumerate(policy.settings):
            if setting.setting in seen:
                path = ("regimens", "settings", index, "setting")
                yield source.fault(path, f"the setting '{setting.setting}' is given twice", "once", code="RT101")
            seen.add(setting.setting)

    def regimens(self, source: Source, regimens: Collection[Regimen], whole: bool) -> Iterator[Fault]:
        """What is wrong with the regimens of a file; ``whole`` says that the manifest could be read."""
        earlier: dict[frozenset[str], str] = {}
        for index, regimen in enumerate(regimens):
            path: Path_ = ("regimens", index)
            for place, name in enumerate(regimen.drugs):
                yield from self.drug(source, (*path, "drugs", place), name)
            same = earlier.setdefault(frozenset(regimen.drugs), regimen.id)
            if same != regimen.id:
                message = f"{regimen.id} has the drugs of {same}"
                yield source.fault((*path, "drugs"), message, "one entry for one set of drugs in a file", code="RT101")
            settings: Any = getattr(regimen, "settings", ())
            for number, setting in enumerate(settings):
                here = (*path, "settings", number)
                if whole:
                    yield from self.setting(source, (*here, "setting"), setting.setting)
                for place, name in enumerate(setting.after):
                    yield from self.name(source, (*here, "after", place), name)

    def rules(self, source: Source, rules: Collection[CombiningRule], whole: bool) -> Iterator[Fault]:
        """What is wrong with the rules for combining of a file."""
        for index, rule in enumerate(rules):
            path: Path_ = ("rules", index)
            for field in _PATHS:
                for group, names in enumerate(getattr(rule, field)):
                    for place, name in enumerate(names):
                        yield from self.name(source, (*path, field, group, place), name)
            for field in ("drugs", "only", "unless_active", "after"):
                for place, name in enumerate(getattr(rule, field)):
                    yield from self.name(source, (*path, field, place), name)
            for place, setting in enumerate(rule.settings if whole else ()):
                yield from self.setting(source, (*path, "settings", place), setting)
            lacking = _lacking(rule)
            if lacking is not None:
                yield source.fault(path, f"{rule.id} is of the kind '{rule.kind}' without {lacking}", code="RT020")

    def barriers(self, source: Source, file: BarrierFile) -> Iterator[Fault]:
        """What is wrong with what is said of barriers."""
        for index, item in enumerate(file.classes):
            yield from self.name(source, ("classes", index, "drug_class"), item.drug_class, classes_alone=True)
        for index, drug in enumerate(file.drugs):
            yield from self.drug(source, ("drugs", index, "drug"), drug.drug)

    def setting(self, source: Source, path: Path_, name: str) -> Iterator[Fault]:
        """The fault of a setting that the manifest does not have."""
        known = [item.setting for item in self.policy.settings] if self.policy else []
        if name not in known:
            expected = "a setting of regimens: in ruleset.yaml"
            yield source.fault(path, f"unknown setting '{name}'", expected, nearest(name, known), code="RT130")

    def drug(self, source: Source, path: Path_, name: str) -> Iterator[Fault]:
        """The fault of a drug that the rule set does not have."""
        if self.drugs is not None and name not in self.drugs:
            near = nearest(name, self.drugs)
            yield source.fault(path, f"unknown drug '{name}'", "a drug of drugs.yaml", near, code="RT112")

    def name(self, source: Source, path: Path_, name: str, classes_alone: bool = False) -> Iterator[Fault]:
        """The fault of a name that is neither a drug nor a class."""
        if self.drugs is None or name in self.classes or (name in self.drugs and not classes_alone):
            return
        expected = "a class of drugs.yaml" if classes_alone else "a drug or a class of drugs.yaml"
        near = nearest(name, [*self.classes, *([] if classes_alone else self.drugs)])
        yield source.fault(path, f"unknown drug or class '{name}'", expected, near, code="RT114")


def _lacking(rule: CombiningRule) -> str | None:
    """What a rule of its kind needs and does not have; None where it has all."""
    needs = {
        "do not combine": ("together", "only", "drugs", "same_target_and_mode"),
        "required partner": ("partners",),
        "least active": ("least", "only"),
        "keep": ("drugs",),
        "not after": ("after", "when"),
        "overlapping toxicity": ("together", "drugs"),
        "pharmacogenomic risk": ("germline", "comedication"),
        "interaction": ("drugs", "together"),
    }[rule.kind]
    if any(getattr(rule, field, None) for field in needs):
        return None
    return " or ".join(needs)
