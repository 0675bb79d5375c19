from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module

import pytest

from devtool.checks.check import Check, finding
from devtool.errors import InputError
from devtool.model.host import Host
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System
from devtool.system.process import PROBE_SECONDS
from devtool.workflows.examination import Selection, examine_all, examine_ids, select
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.samples import LINUX, MILVUS


def check(name: str, examine: object = None, **fields: object) -> Check:
    def fine(system: System, host: Host, needs: Needs) -> Finding:
        return finding(name, "ok", f"{name} is fine")

    return Check(name, f"{name} is there", "build", examine or fine, **fields)


def version_check(name: str, **fields: object) -> Check:
    def examine(system: System, host: Host, needs: Needs) -> Finding:
        answer = system.process.run([name, "--version"])
        return finding(
            name, "ok" if answer.ok else "unknown", f"{name}: {answer.stdout or answer.describe()}"
        )

    return check(name, examine, **fields)


def kept(
    system: System, checks: list[Check], host: Host = LINUX, needs: Needs = MILVUS
) -> tuple[Finding, ...]:
    """Examine with verdicts kept between runs."""
    by_id = {each.id: each for each in checks}

    def load(ids: Sequence[str]) -> tuple[Check, ...]:
        return tuple(by_id[each] for each in ids)

    return examine_ids(system, host, needs, list(by_id), load, cached=True)


def test_findings_come_in_the_order_of_the_checks() -> None:
    found = examine_all(fake_system(), LINUX, MILVUS, [check("b"), check("a")])

    assert [f.id for f in found] == ["b", "a"]


def test_a_check_that_does_not_apply_gives_no_finding() -> None:
    never = check("never", applies=lambda host, needs: False)

    assert examine_all(fake_system(), LINUX, MILVUS, [never, check("a")])[0].id == "a"


def test_a_crashing_check_is_unknown_and_spares_the_rest() -> None:
    def crash(system: System, host: Host, needs: Needs) -> Finding:
        raise ValueError("boom")

    found = examine_all(fake_system(), LINUX, MILVUS, [check("bad", crash), check("good")])

    assert [(f.id, f.severity) for f in found] == [("bad", "unknown"), ("good", "ok")]
    assert found[0].summary == "the check itself failed: ValueError: boom"


def test_a_check_stuck_outside_a_program_is_unknown_after_its_time_limit() -> None:
    released = threading.Event()

    def stuck(system: System, host: Host, needs: Needs) -> Finding:
        released.wait(30)
        return finding("stuck", "ok", "at last")

    class Impatient:
        """A clock on which every look costs three seconds."""

        time = 0.0

        def monotonic(self) -> float:
            self.time += 3
            return self.time

        now = monotonic

        def sleep(self, seconds: float) -> None: ...

    system = replace(fake_system(), clock=Impatient())
    found = examine_all(system, LINUX, MILVUS, [check("stuck", stuck)])
    released.set()

    assert found[0].severity == "unknown"
    assert found[0].summary == "no verdict within 5.5 s"


def test_two_checks_that_ask_the_same_question_start_one_program() -> None:
    process = FakeProcess({"tool --version": ended("1.0")})

    examine_all(
        fake_system(process=process),
        LINUX,
        MILVUS,
        [replace(version_check("tool"), id=name) for name in ("a", "b")],
    )

    assert process.calls == [("tool", "--version")]


def test_probes_of_one_check_share_one_time_limit() -> None:
    limits: list[float | None] = []

    class Slow(FakeProcess):
        def run(self, argv, *, timeout_seconds=PROBE_SECONDS, **rest):
            limits.append(timeout_seconds)
            system.clock.sleep(3)
            return super().run(argv, timeout_seconds=timeout_seconds, **rest)

    def thrice(system: System, host: Host, needs: Needs) -> Finding:
        outcomes = [system.process.run(["tool", str(n)]).outcome for n in range(3)]
        return finding("tool", "ok", ",".join(outcomes))

    system = fake_system(process=Slow({f"tool {n}": ended() for n in range(2)}))
    found = examine_all(system, LINUX, MILVUS, [check("tool", thrice)])

    assert limits == [5.0, 2.0]
    assert found[0].summary == "ended,ended,timed-out"


def test_a_verdict_is_kept_until_the_program_changes() -> None:
    files = FakeFiles(executables={"/usr/bin/tool": "one"})
    process = FakeProcess({"tool --version": ended("1.0")}, {"tool": "/usr/bin/tool"})
    system = fake_system(files=files, process=process)
    checks = [version_check("tool", programs=("tool",))]

    first = kept(system, checks)
    again = kept(system, checks)
    files.content["/usr/bin/tool"] = b"another"
    kept(system, checks)

    assert again == first
    assert len(process.calls) == 2


@pytest.mark.parametrize(
    ("host", "needs", "env"),
    [
        (replace(LINUX, distribution="fedora"), MILVUS, {}),
        (LINUX, replace(MILVUS, requirements=()), {}),
        (LINUX, MILVUS, {"CONAN_CMD": "conan-1"}),
    ],
    ids=["host", "needs", "variable"],
)
def test_a_verdict_is_not_kept_when_something_it_rests_on_differs(
    host: Host, needs: Needs, env: dict[str, str]
) -> None:
    files = FakeFiles(executables={"/usr/bin/tool": "one"})
    process = FakeProcess({"tool --version": ended("1.0")}, {"tool": "/usr/bin/tool"})
    checks = [version_check("tool", programs=("tool",), variables=("CONAN_CMD",))]

    kept(fake_system(files=files, process=process), checks)
    changed = fake_system(files=files, process=process, env={"HOME": "/home/me", **env})
    kept(changed, checks, host, needs)

    assert len(process.calls) == 2


def test_an_unknown_verdict_is_asked_again() -> None:
    files = FakeFiles(executables={"/usr/bin/tool": "one"})
    process = FakeProcess({"tool --version": ended(outcome="timed-out")}, {"tool": "/usr/bin/tool"})
    system = fake_system(files=files, process=process)

    for _ in range(2):
        kept(system, [version_check("tool", programs=("tool",))])

    assert len(process.calls) == 2


@pytest.mark.parametrize(
    "content",
    [b"not json", b"[" * 100_000, b"[]", b'{"tool": 3}', b'{"tool": {"key": 1, "finding": {}}}', b"\xff"],
)
def test_a_broken_cache_costs_only_time(content: bytes) -> None:
    files = FakeFiles(
        {"/home/me/.cache/devtool/verdicts.json": content}, executables={"/usr/bin/tool": "one"}
    )
    process = FakeProcess({"tool --version": ended("1.0")}, {"tool": "/usr/bin/tool"})

    found = kept(fake_system(files=files, process=process), [version_check("tool", programs=("tool",))])

    assert found[0].severity == "ok"


def test_a_cache_that_cannot_be_written_is_no_trouble() -> None:
    files = FakeFiles(executables={"/usr/bin/tool": "one"}, broken=("/home/me/.cache/devtool/verdicts.json",))
    process = FakeProcess({"tool --version": ended("1.0")}, {"tool": "/usr/bin/tool"})

    checks = [version_check("tool", programs=("tool",))]
    found = kept(fake_system(files=files, process=process), checks)

    assert found[0].severity == "ok"


def test_secrets_in_what_was_read_are_masked() -> None:
    def leak(system: System, host: Host, needs: Needs) -> Finding:
        return finding(
            "leak", "warning", "proxy http://me:hunter2secret@proxy:3128", "PASSWORD=hunter2secret"
        )

    found = examine_all(fake_system(), LINUX, MILVUS, [check("leak", leak)])

    assert "hunter2secret" not in repr(found)


def test_megabytes_on_one_line_do_not_reach_the_report() -> None:
    def flood(system: System, host: Host, needs: Needs) -> Finding:
        return finding("flood", "unknown", "x" * 1_000_000, *["y" * 1_000_000] * 1000)

    (found,) = examine_all(fake_system(), LINUX, MILVUS, [check("flood", flood)])

    assert found.summary == "x" * 1000 + "…"
    assert found.evidence == ("y" * 1000 + "…",) * 100


def test_a_known_verdict_loads_no_check() -> None:
    files = FakeFiles(executables={"/usr/bin/tool": "one"})
    process = FakeProcess({"tool --version": ended("1.0")}, {"tool": "/usr/bin/tool"})
    system = fake_system(files=files, process=process)
    never = check("never", applies=lambda host, needs: False)
    first = kept(system, [version_check("tool", programs=("tool",)), never])
    loaded: list[str] = []

    def load(ids: Sequence[str]) -> tuple[Check, ...]:
        loaded.extend(ids)
        return ()

    again = examine_ids(system, LINUX, MILVUS, ["tool", "never"], load, cached=True)

    assert again == first
    assert loaded == []


def test_two_checkouts_keep_their_verdicts_side_by_side() -> None:
    files = FakeFiles(executables={"/usr/bin/tool": "one"})
    process = FakeProcess({"tool --version": ended("1.0")}, {"tool": "/usr/bin/tool"})
    system = fake_system(files=files, process=process)
    checks = [version_check("tool", programs=("tool",))]

    for _ in range(2):
        for root in ("/one", "/two"):
            kept(system, checks, needs=replace(MILVUS, root=root))

    assert len(process.calls) == 2


def test_the_table_of_ids_is_what_the_modules_hold() -> None:
    from devtool.checks import _TABLE, IDS, checks

    assert [each.id for each in checks()] == list(IDS)
    assert len(set(IDS)) == len(IDS)
    for module, name, ids in _TABLE:
        rows = getattr(import_module(f"devtool.checks.{module}"), name)
        assert tuple(row.id for row in rows) == ids


def test_selection_keeps_the_order_and_leaves_out_what_was_skipped() -> None:
    assert select(["a", "b", "c"], Selection(only=("c", "a"))) == ("a", "c")
    assert select(["a", "b", "c"], Selection(skip=("b",))) == ("a", "c")


def test_an_unknown_id_is_bad_input_and_names_the_nearest() -> None:
    with pytest.raises(InputError) as raised:
        select(["conan"], Selection(only=("conna",)))

    assert raised.value.message == "no check has the id `conna`"
    assert raised.value.hint == "did you mean `conan`?"


def test_a_selection_that_leaves_no_check_is_bad_input() -> None:
    with pytest.raises(InputError) as raised:
        select(["conan", "go"], Selection(only=("conan",), skip=("conan",)))

    assert raised.value.message == "`--only` and `--skip` leave no check to make"


def test_no_other_check_imports_the_module_of_the_tools() -> None:
    program = "import sys; from devtool.checks import IDS, checks; from devtool.checks import _TABLE\n"
    program += "tools = next(ids for module, _, ids in _TABLE if module == 'tools')\n"
    program += "checks([i for i in IDS if i not in tools]); print('devtool.checks.tools' in sys.modules)"

    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout == "False\n"
