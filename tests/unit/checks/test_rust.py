from __future__ import annotations

import pytest

from devtool.checks.rust import RUST
from devtool.model.command import Answer
from devtool.model.remedy import RunCommand
from devtool.model.report import Finding
from devtool.model.requirement import Requirement
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import examined, need, needs
from tests.support.process import ABSENT, HANGS

SOURCE = "scripts/install_deps.sh:61"
PLAIN = need("rust", ">=1.92", source=SOURCE)
BOTH = need("rust", ">=1.92", source=SOURCE, toolchains=("1.89",))
CARGO = "cargo --version"
LIST = "rustup toolchain list"
HOME = FakeFiles(folders=("/home/me/.rustup",))
NEW = ended("cargo 1.95.0 (f2d3ce0bd 2026-03-21)\n")


def seen(
    wanted: Requirement = PLAIN,
    *,
    cargo: Answer | None = None,
    listing: Answer | None = None,
    rustup: bool = True,
    files: FakeFiles = HOME,
) -> Finding:
    answers = {name: answer for name, answer in ((CARGO, cargo), (LIST, listing)) if answer is not None}
    programs = {"rustup": "/home/me/.cargo/bin/rustup"} if rustup else {}
    if cargo is not None and cargo.outcome != "absent":
        programs["cargo"] = "/home/me/.cargo/bin/cargo"
    process = FakeProcess(answers, programs)
    finding = examined(RUST, fake_system(process=process, files=files), needs(wanted))
    process.assert_used()
    return finding


def test_a_default_toolchain_that_fits_is_ok() -> None:
    finding = seen(cargo=NEW)

    assert (finding.severity, finding.summary) == ("ok", "rust 1.95.0")


def test_the_named_toolchain_beside_it_is_ok_too() -> None:
    listing = ended("stable-x86_64-unknown-linux-gnu (active, default)\n1.89-x86_64-unknown-linux-gnu\n")

    finding = seen(BOTH, cargo=NEW, listing=listing)

    assert (finding.severity, finding.summary) == ("ok", "rust 1.95.0; toolchain 1.89 is beside it")


@pytest.mark.parametrize(
    "listing", ["stable-x86_64-unknown-linux-gnu (default)\n", "1.89.0-x86_64-unknown-linux-gnu\n", ""]
)
def test_a_named_toolchain_that_is_missing_is_a_failure(listing: str) -> None:
    finding = seen(BOTH, cargo=NEW, listing=ended(listing))

    assert finding.severity == "failure"
    assert finding.summary == (f"rust toolchain 1.89 is missing; the build calls `cargo +1.89` ({SOURCE})")
    assert finding.remedies[0].actions[0].preview == "rustup toolchain install 1.89 --profile minimal"


def test_a_distributions_cargo_cannot_take_a_named_toolchain() -> None:
    finding = seen(BOTH, cargo=NEW, listing=ABSENT, rustup=False)

    assert finding.severity == "failure"
    assert finding.summary == (
        f"cargo 1.95.0 is not rustup's, and only rustup's takes `cargo +1.89` ({SOURCE})"
    )
    assert "https://rustup.rs" in finding.remedies[0].summary


def test_a_distributions_cargo_is_enough_where_no_toolchain_is_named() -> None:
    assert seen(cargo=NEW, rustup=False).severity == "ok"


def test_an_absent_cargo_is_a_failure() -> None:
    finding = seen(cargo=ABSENT, rustup=False)

    assert finding.severity == "failure"
    assert finding.summary == f"cargo is not on PATH; this checkout needs `>=1.92` ({SOURCE})"
    assert finding.remedies[0].summary == "install rustup from https://rustup.rs, then `rustup default 1.92`"


def test_a_toolchain_that_is_too_old_gets_a_new_default_beside_it() -> None:
    listing = ended("1.75.0-x86_64-unknown-linux-gnu (active, default)\nnightly-x86_64-unknown-linux-gnu\n")

    finding = seen(cargo=ended("cargo 1.75.0\n"), listing=listing)

    assert (finding.severity, finding.summary) == (
        "failure",
        f"rust 1.75.0 does not satisfy `>=1.92` ({SOURCE})",
    )
    assert list(finding.remedies[0].actions) == [
        RunCommand(
            ("rustup", "toolchain", "install", "1.92", "--profile", "minimal"),
            "the checkout pins it",
            undo_argv=("rustup", "toolchain", "uninstall", "1.92"),
        ),
        RunCommand(
            ("rustup", "default", "1.92"),
            "the checkout is built with the default toolchain",
            undo_argv=("rustup", "default", "1.75.0-x86_64-unknown-linux-gnu"),
        ),
    ]


def test_a_distributions_cargo_that_is_too_old_is_for_rustup_to_replace() -> None:
    finding = seen(cargo=ended("cargo 1.66.0\n"), rustup=False)

    assert finding.remedies[0].actions == ()
    assert "https://rustup.rs" in finding.remedies[0].summary


@pytest.mark.parametrize(
    "words",
    [
        "error: rustup could not choose a version of cargo to run, because one wasn't specified",
        "error: toolchain '1.92-x86_64-unknown-linux-gnu' is not installed",
        "error: no default toolchain configured",
    ],
)
def test_a_rustup_without_a_default_toolchain_is_a_failure(words: str) -> None:
    finding = seen(cargo=ended(stderr=words, status=1))

    assert finding.severity == "failure"
    assert finding.summary == f"rustup has no default toolchain; this checkout needs Rust `>=1.92` ({SOURCE})"
    assert finding.remedies[0].actions == (
        RunCommand(
            ("rustup", "default", "1.92"),
            "give rustup a default toolchain",
            undo_argv=("rustup", "default", "none"),
        ),
    )


def test_a_rustup_without_its_folder_is_not_started_as_it_would_make_it() -> None:
    finding = seen(files=FakeFiles())

    assert finding.severity == "failure"
    assert finding.summary.startswith("rustup is here without any toolchain")


@pytest.mark.parametrize(
    "answer", [HANGS, ended("hello"), ended(stderr="segfault", status=-11), ended(outcome="refused")]
)
def test_a_cargo_that_cannot_be_read_is_unknown(answer: Answer) -> None:
    assert seen(cargo=answer).severity == "unknown"


@pytest.mark.parametrize("answer", [HANGS, ended(status=1)])
def test_a_rustup_that_cannot_be_read_is_unknown(answer: Answer) -> None:
    assert seen(BOTH, cargo=NEW, listing=answer).severity == "unknown"


def test_a_default_newer_than_the_pinned_one_is_a_warning() -> None:
    finding = seen(need("rust", "==1.92.*", source=SOURCE), cargo=NEW)

    assert finding.severity == "warning"
    assert finding.summary == (
        f"rust 1.95.0 does not satisfy `==1.92.*` ({SOURCE}); a newer one usually builds it"
    )


def test_a_default_that_does_not_fit_hides_no_missing_toolchain() -> None:
    finding = seen(BOTH, cargo=ended("cargo 1.75.0\n"), listing=ended("1.75-x86_64-unknown-linux-gnu\n"))

    assert finding.severity == "failure"
    assert finding.summary == (
        f"rust 1.75.0 does not satisfy `>=1.92` ({SOURCE}); "
        "rust toolchain 1.89 is missing; the build calls `cargo +1.89`"
    )
    assert [action.preview for action in finding.remedies[0].actions] == [
        "rustup toolchain install 1.89 --profile minimal",
        "rustup toolchain install 1.92 --profile minimal",
        "rustup default 1.92",
    ]


def test_a_default_of_another_name_does_not_stand_in_for_the_toolchain_that_is_called() -> None:
    wanted = need("rust", "==1.89.*", source=SOURCE, toolchains=("1.89",))
    listing = ended("stable-x86_64-unknown-linux-gnu (active, default)\n")

    finding = seen(wanted, cargo=ended("cargo 1.89.0\n"), listing=listing)

    assert finding.summary == f"rust toolchain 1.89 is missing; the build calls `cargo +1.89` ({SOURCE})"


def test_a_toolchain_that_is_pinned_and_called_is_installed_once() -> None:
    wanted = need("rust", "==1.89.*", source=SOURCE, toolchains=("1.89",))

    finding = seen(wanted, cargo=ended("cargo 1.75.0\n"), listing=ended("1.75-x86_64-unknown-linux-gnu\n"))

    assert [action.preview for action in finding.remedies[0].actions] == [
        "rustup toolchain install 1.89 --profile minimal",
        "rustup default 1.89",
    ]


def test_a_toolchain_that_is_there_already_is_only_made_the_default() -> None:
    listing = ended("1.75-x86_64-unknown-linux-gnu (default)\n1.92-x86_64-unknown-linux-gnu\n")

    finding = seen(cargo=ended("cargo 1.75.0\n"), listing=listing)

    assert [action.preview for action in finding.remedies[0].actions] == ["rustup default 1.92"]
