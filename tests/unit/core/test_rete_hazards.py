"""What durable-rules does when nobody is looking cannot be met through the adapter.

Some of these end the process when they go wrong, or concern what is the same for a whole process; they run in
processes of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from resistab.core import rete
from resistab.core.condition import Atom
from resistab.core.horn import HornRule, HornUnit, Literal, Symbol
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program
from resistab.core.result import HeadValue
from resistab.core.rete import MOST_BRANCHES, MOST_JOINS, MOST_RULES, ReteError, ReteProgram, check_bounds
from resistab.core.truth import Observation, Truth
from resistab.domains.oncology.atoms import WildTypeAtom
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.interpreter import TumourInterpreter


def program(*conditions: str) -> Program:
    """Rows R0, R1, … of one unit, with these conditions."""
    return Program(
        digest="",
        strata=(
            tuple(
                Clause(
                    id=f"R{number}",
                    unit="drug",
                    head=Head("row", f"R{number}"),
                    condition=parse_condition(text),
                    weight=FULL_WEIGHT,
                )
                for number, text in enumerate(conditions)
            ),
        ),
    )


def truths(rules: Program, *true: str) -> dict[Atom, Observation]:
    """All atoms of ``rules`` false but the wild types of the genes ``true``."""
    return {
        atom: Observation(Truth.TRUE if isinstance(atom, WildTypeAtom) and atom.gene in true else Truth.FALSE)
        for atom in rules.observables
    }


def fired(rules: Program, *true: str) -> set[str]:
    values = ReteProgram(rules).evaluate(truths(rules, *true))
    return {head.name for head, value in values.items() if value.strength > 0}


def in_a_process(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a fresh interpreter; it has ``program``-like helpers of its own to make."""
    return subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )


# --- bounds ---


def unit_of(*rules: HornRule, name: str = "imatinib 1") -> HornUnit:
    return HornUnit(name=name, stratum=0, rules=rules, facts={}, heads={})


def symbols(number: int, group: str = "KIT", place: str = "") -> list[Symbol]:
    return [Symbol(f"is {group} {place} {n}", group, place) for n in range(number)]


HEAD = Symbol("row R", "row")


def test_more_values_than_the_compiler_survives_are_refused() -> None:
    rules = [HornRule(HEAD, (symbol,)) for symbol in symbols(513, place="12")]
    with pytest.raises(ReteError) as refused:
        check_bounds(unit_of(*rules))
    assert str(refused.value) == "imatinib 1: 513 values under g:KIT p:12, the engine holds 500"


@pytest.mark.parametrize("kind", ["genes", "positions"])
def test_too_many_genes_or_positions_are_refused_too(kind: str) -> None:
    spread = [Symbol(f"is {n}", *((f"G{n}", "") if kind == "genes" else ("KIT", str(n)))) for n in range(501)]
    with pytest.raises(ReteError, match="501 values under " + ("the root" if kind == "genes" else "g:KIT")):
        check_bounds(unit_of(*(HornRule(HEAD, (symbol,)) for symbol in spread)))


def test_a_program_beyond_the_bound_is_refused_uncompiled() -> None:
    """600 genes, each wild type, are 600 values of one kind: registering them would never return."""
    rules = program(f"any of ({', '.join(f'GENE{n} loss' for n in range(MOST_BRANCHES + 1))})")
    with pytest.raises(ReteError, match=r"drug 0: 50\d values under the root"):
        ReteProgram(rules)


def test_as_many_values_as_the_bound_allows_do_compile_and_work() -> None:
    many = symbols(MOST_BRANCHES, place="12")
    facts = {symbol: Literal(WildTypeAtom(gene="KIT"), negated=False) for symbol in many}
    heads = {HEAD: (Head("row", "R"), FULL_WEIGHT)}
    rules = tuple(HornRule(HEAD, (symbol,)) for symbol in many)
    unit = rete._Unit(HornUnit("unit 0", 0, rules, facts, heads), "values at the bound")
    assert unit.derive([many[-1]], [], "s-bound") == ({HEAD}, {HEAD})


def test_more_rules_than_a_rule_set_holds_are_refused() -> None:
    rules = [HornRule(Symbol(f"row {n}", "row"), (symbols(1)[0],)) for n in range(MOST_RULES + 1)]
    with pytest.raises(ReteError) as refused:
        check_bounds(unit_of(*rules))
    assert str(refused.value) == "imatinib 1 has 4001 rules, the engine holds 4000 in one rule set"


def test_more_joins_than_a_rule_holds_are_refused() -> None:
    with pytest.raises(ReteError) as refused:
        check_bounds(unit_of(HornRule(HEAD, tuple(symbols(MOST_JOINS + 1)))))
    assert str(refused.value) == "imatinib 1, row R: joins 17 facts, the engine 16"


# --- facts ---


def test_one_fact_may_be_asked_for_twice_and_by_many_rules() -> None:
    rules = program("A wild type and A wild type", "A wild type", "A wild type or (A wild type and B wild type)")
    assert fired(rules, "A") == {"R0", "R1", "R2"}


def test_one_finding_satisfies_two_different_parts_of_one_rule() -> None:
    """The engine itself lets a fact stand for one conjunct only."""
    rules = program("KRAS G12D and any change at KRAS G12 and KRAS mutation")
    observed: dict[Atom, Observation] = {atom: Observation(Truth.TRUE, (0,)) for atom in rules.observables}
    assert ReteProgram(rules).evaluate(observed)[Head("row", "R0")].truth is Truth.TRUE


def test_what_is_derived_twice_is_asserted_once() -> None:
    rules = program("(A wild type or B wild type or C wild type) and D wild type")
    assert fired(rules, "A", "B", "C", "D") == {"R0"}


def test_facts_that_no_rule_reads_are_not_asserted() -> None:
    """Observations of other atoms are given to every program; the engine would take each for an error."""
    rules = program("A wild type")
    more = truths(rules, "A") | {WildTypeAtom(gene="Z"): Observation(Truth.TRUE)}
    assert ReteProgram(rules).evaluate(more)[Head("row", "R0")].truth is Truth.TRUE


@pytest.mark.parametrize(("asked", "given"), [("858", "true"), ("true", "True"), ("None", "null")])
def test_names_that_the_engine_confuses_as_values_stay_apart(asked: str, given: str) -> None:
    one, other = Symbol(asked, "g"), Symbol(given, "g")
    rules = (HornRule(Symbol("first", "row"), (one,)), HornRule(Symbol("second", "row"), (other,)))
    unit = rete._Unit(HornUnit("u", 0, rules, {}, {}), f"typed {asked} {given}")
    assert unit.derive([one], [], "s-typed")[0] == {Symbol("first", "row")}
    assert unit.derive([other], [], "s-typed")[0] == {Symbol("second", "row")}
    assert unit.derive([one, other], [], "s-typed")[0] == {Symbol("first", "row"), Symbol("second", "row")}


def test_every_value_in_the_engine_is_a_string_of_its_kind() -> None:
    fact = rete._fact(Symbol("858", "1", "2"))
    assert fact == {"g": "g:1", "p": "p:2", "s": "s:858"}


def test_the_same_fact_given_twice_is_an_error() -> None:
    symbol = Symbol("is A", "A")
    unit = rete._Unit(HornUnit("twice 0", 0, (HornRule(HEAD, (symbol,)),), {}, {}), "the same fact twice")
    with pytest.raises(ReteError, match=r"rule set the same fact twice \(twice 0\)"):
        unit.derive([symbol, symbol], [], "s-twice")
    assert unit.derive([symbol], [], "s-once")[0] == {HEAD}


def test_facts_of_one_session_never_share_a_hash(
    oncology: TumourInterpreter,
) -> None:
    def fnv1a(text: str) -> int:
        value = 0x811C9DC5
        for byte in text.encode():
            value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
        return value

    for unit in ReteProgram(oncology.program).units:
        identities = [fact["id"] for fact in unit.facts.values()]
        assert len({fnv1a(identity) for identity in identities}) == len(identities)


# --- sessions and actions ---


def test_a_session_that_derives_nothing_can_be_deleted() -> None:
    """Deleting a session in which no action ran frees memory that was never set."""
    rules = program("A wild type", "B wild type")
    compiled = ReteProgram(rules)
    for _ in range(200):
        assert all(value == HeadValue(0, False) for value in compiled.evaluate(truths(rules)).values())


def test_an_exception_in_an_action_surfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    symbol = Symbol("is A", "A")

    def failing(self: rete._Unit, head: Symbol) -> object:
        def run(closure: object) -> None:
            raise ValueError("the action failed")

        return run

    with monkeypatch.context() as patch:
        patch.setattr(rete._Unit, "_action", failing)
        unit = rete._Unit(HornUnit("failing 0", 0, (HornRule(HEAD, (symbol,)),), {}, {}), "a failing action")
    with pytest.raises(ReteError, match=r"\(failing 0\): exception caught the action failed"):
        unit.derive([symbol], [], "s-failing")


def test_a_fact_asserted_that_no_rule_reads_surfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    symbol = Symbol("is A", "A")

    def stray(self: rete._Unit, head: Symbol) -> object:
        def run(closure: object) -> None:
            closure.assert_fact({"g": "nobody reads this", "id": "stray"})  # type: ignore[attr-defined]

        return run

    with monkeypatch.context() as patch:
        patch.setattr(rete._Unit, "_action", stray)
        unit = rete._Unit(HornUnit("stray 0", 0, (HornRule(HEAD, (symbol,)),), {}, {}), "a stray fact")
    with pytest.raises(ReteError, match=r"\(stray 0\)"):
        unit.derive([symbol], [], "s-stray")


def test_a_session_given_up_in_silence_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """An action that seems to have run for more than ten seconds is dropped, with all that would have followed."""
    from durable import engine

    rules = program("A wild type", "(A wild type or B wild type) and C wild type")
    compiled = ReteProgram(rules)
    clock = iter(range(0, 1_000_000, 11))
    with monkeypatch.context() as patch:
        patch.setattr(engine, "_unix_now", lambda: next(clock))
        with pytest.raises(ReteError, match="the engine stopped before its rules had run"):
            compiled.evaluate(truths(rules, "A", "C"))
    values = compiled.evaluate(truths(rules, "A", "C"))
    assert all(value.truth is Truth.TRUE for value in values.values())


def test_setting_the_clock_of_the_machine_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from durable import engine

    rules = program("A wild type")
    compiled = ReteProgram(rules)

    class Clock(engine.datetime.datetime):  # type: ignore[name-defined, misc]
        hours = 0

        @classmethod
        def now(cls, tz: object = None) -> object:
            cls.hours += 1
            return engine.datetime.datetime.fromtimestamp(3600 * cls.hours)

    monkeypatch.setattr(engine.datetime, "datetime", Clock)
    assert compiled.evaluate(truths(rules, "A"))[Head("row", "R0")].truth is Truth.TRUE


def test_rules_are_left_as_they_were_by_their_registration() -> None:
    rules = program("A wild type and not B wild type")
    before = rules.model_dump_json()
    assert fired(rules, "A") == fired(rules, "A") == {"R0"}
    assert rules.model_dump_json() == before


# --- the process ---

SMALL_PROGRAM = """
    import sys, os, threading, resource
    from resistab.domains.oncology.observe import Observation, Truth
    from resistab.core.program import Clause, Head, Program
    from resistab.core.rete import ReteProgram
    from resistab.domains.oncology.grammar.conditions import parse_condition
    conditions = ["A wild type and B wild type", "not A wild type", "C wild type"]
    rules = Program(digest="", strata=(tuple(
        Clause(id=f"R{n}", unit="drug", head=Head("row", f"R{n}"), condition=parse_condition(text), weight=1000.0)
        for n, text in enumerate(conditions)),))
    compiled = ReteProgram(rules)
    def observed(number):
        return {atom: Observation(list(Truth)[(number // 3 ** i) % 3]) for i, atom in enumerate(rules.observables)}
"""


def test_3000_evaluations_need_no_more_memory_than_300() -> None:
    """A session that is not deleted, or a host for each patient, would fail after 1,024 or leak 99 KB each."""
    done = in_a_process(
        SMALL_PROGRAM
        + """
    def memory():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    for number in range(300):
        compiled.evaluate(observed(number))
    before = memory()
    for number in range(3000):
        compiled.evaluate(observed(number))
    print(memory() - before)
    """
    )
    if not os.path.exists("/proc/self/statm"):  # noqa: PTH110
        pytest.skip("memory is read from /proc, which this system does not have")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 2_000_000


def test_no_thread_is_started() -> None:
    done = in_a_process(
        SMALL_PROGRAM
        + """
    import time
    compiled.evaluate(observed(5)); time.sleep(0.6)
    print(threading.active_count(), len(os.listdir("/proc/self/task")) if os.path.exists("/proc/self/task") else 1)
    """
    )
    assert done.stdout.split() == ["1", "1"], done.stderr


def test_the_flags_for_loading_libraries_are_restored() -> None:
    if not hasattr(sys, "getdlopenflags"):
        pytest.skip("this system has no flags for loading libraries")
    done = in_a_process(
        """
    import os, sys
    sys.setdlopenflags(os.RTLD_NOW | os.RTLD_GLOBAL)
    from resistab.core import rete
    seen = []
    class Watch:
        def find_spec(self, name, path=None, target=None):
            if name == "durable_rules_engine":
                seen.append(sys.getdlopenflags() == os.RTLD_LAZY)
    sys.meta_path.insert(0, Watch())
    rete._shared_host()
    print(seen, sys.getdlopenflags() == os.RTLD_NOW | os.RTLD_GLOBAL)
    """
    )
    assert done.stdout.strip() == "[True] True", done.stderr


def test_the_flags_are_restored_where_loading_fails() -> None:
    done = in_a_process(
        """
    import sys
    sys.modules["durable_rules_engine"] = None
    before = sys.getdlopenflags()
    from resistab.core import rete
    try:
        rete._shared_host()
    except rete.ReteError as error:
        print(error)
    print(sys.getdlopenflags() == before)
    """
    )
    message, same = done.stdout.splitlines()
    assert message.startswith("durable-rules cannot be loaded: ")
    assert same == "True"


def test_1000_sessions_without_a_fact_do_not_crash() -> None:
    done = in_a_process(
        SMALL_PROGRAM
        + """
    unknown = {atom: Observation(Truth.FALSE) for atom in rules.observables}
    alone = ReteProgram(Program(digest="", strata=(rules.strata[0][2:],)))
    for number in range(1500):
        alone.evaluate(unknown)
    print("done")
    """
    )
    assert (done.returncode, done.stdout.strip()) == (0, "done"), done.stderr


def test_a_session_that_fails_before_any_rule_does_not_crash() -> None:
    done = in_a_process(
        """
    from resistab.core import rete
    from resistab.core.horn import HornRule, HornUnit, Symbol
    one, other = Symbol("one", "g"), Symbol("other", "g")
    unit = rete._Unit(HornUnit("u", 0, (HornRule(Symbol("head", "row"), (one, other)),), {}, {}), "failing")
    refused = 0
    for number in range(1500):
        try:
            unit.derive([one, one], [], f"s{number}")
        except rete.ReteError:
            refused += 1
    print(refused)
    """
    )
    assert (done.returncode, done.stdout.strip()) == (0, "1500"), done.stderr


def test_several_threads_may_evaluate_at_once(oncology: TumourInterpreter) -> None:
    cases = [
        oncology.genotype(tumour="LUAD", findings=["EGFR L858R", "EGFR T790M"]),
        oncology.genotype(tumour="COAD", findings=["KRAS G12D"], assayed=["NRAS", "BRAF"]),
        oncology.genotype(tumour="MEL", findings=["BRAF V600E", "NRAS Q61K"]),
    ]
    alone = [oncology.interpret(case).to_json() for case in cases]
    start = threading.Barrier(4)

    def work(number: int) -> list[str]:
        start.wait()
        return [oncology.interpret(cases[(number + turn) % 3]).to_json() for turn in range(6)]

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(work, range(4)))
    for number, reports in enumerate(results):
        assert reports == [alone[(number + turn) % 3] for turn in range(6)]


def test_threads_may_set_up_interpreters_at_once(oncology: TumourInterpreter) -> None:
    genotype = oncology.genotype(tumour="LUAD", findings=["EGFR T790M"])
    expected = json.loads(oncology.interpret(genotype).to_json())

    def work(_: int) -> object:
        return json.loads(TumourInterpreter(oncology.rulebase).interpret(genotype).to_json())

    with ThreadPoolExecutor(3) as threads:
        assert all(result == expected for result in threads.map(work, range(3)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_process_forked_while_threads_interpret_can_interpret():
    """Whatever lock another thread holds at that moment, the child must not wait for it."""
    text = """
    import faulthandler, os, sys, threading
    import resistab

    interpreter = resistab.load("oncology")
    genotype = interpreter.genotype("LUAD", ["EGFR T790M"], ["EGFR"])
    interpreter.interpret(genotype)
    stop = threading.Event()

    def busy():
        while not stop.is_set():
            interpreter.interpret(genotype)

    threads = [threading.Thread(target=busy, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    codes = []
    for _ in range(6):
        child = os.fork()
        if child == 0:
            faulthandler.dump_traceback_later(60, exit=True)
            interpreter.interpret(genotype)
            os._exit(0)
        codes.append(os.waitpid(child, 0)[1])
    stop.set()
    sys.exit(any(codes))
    """
    # From 3.12 on Python warns of every fork beside threads, which is what is tried here.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", textwrap.dedent(text)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_one_interpreter_gives_several_threads_equal_reports(oncology):
    findings = (["EGFR T790M"], ["KRAS G12C", "EGFR L858R"], ["BRAF V600E"], [])
    genotypes = [oncology.genotype("LUAD", given, ["EGFR", "KRAS", "BRAF"]) for given in findings] * 3
    alone = [oncology.interpret(genotype).to_json() for genotype in genotypes]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda genotype: oncology.interpret(genotype).to_json(), genotypes))
    assert together == alone
