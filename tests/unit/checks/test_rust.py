from __future__ import annotations

import dataclasses

import pytest

from devtool.checks.rust import RUST
from devtool.model.command import Answer
from devtool.model.remedy import Remedy, RunCommand
from devtool.model.report import Finding
from devtool.model.requirement import Requirement
from devtool.model.toolchain import InstallRustup
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined, need, needs
from tests.support.process import ABSENT, HANGS

SOURCE = "scripts/install_deps.sh:61"
PLAIN = need("rust", ">=1.92", source=SOURCE)
BOTH = need("rust", ">=1.92", source=SOURCE, toolchains=("1.89",))
CARGO = "cargo --version"
LIST = "rustup toolchain list"
INSTALL = "rustup toolchain install --profile minimal --no-self-update"
HOME = FakeFiles(folders=("/home/me/.rustup",))
HERE = {"rustup": "/home/me/.cargo/bin/rustup", "cargo": "/home/me/.cargo/bin/cargo"}
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
    assert (
        finding.remedies[0].actions[0].preview
        == "rustup toolchain install --profile minimal --no-self-update 1.89"
    )


def test_a_distributions_cargo_cannot_take_a_named_toolchain() -> None:
    finding = seen(BOTH, cargo=NEW, listing=ABSENT, rustup=False)

    assert finding.severity == "failure"
    assert finding.summary == (
        f"cargo 1.95.0 is not rustup's, and only rustup's takes `cargo +1.89` ({SOURCE})"
    )
    action = finding.remedies[0].actions[0]
    assert isinstance(action, InstallRustup)
    assert action.toolchains == ("1.92", "1.89")
    assert "https://rustup.rs" in finding.remedies[1].summary


def test_a_distributions_cargo_is_enough_where_no_toolchain_is_named() -> None:
    assert seen(cargo=NEW, rustup=False).severity == "ok"


def test_an_absent_cargo_is_a_failure() -> None:
    finding = seen(cargo=ABSENT, rustup=False)

    assert finding.severity == "failure"
    assert finding.summary == f"cargo is not on PATH; this checkout needs `>=1.92` ({SOURCE})"
    assert finding.remedies == (
        Remedy(
            "`devtool doctor --fix --only rust` installs rustup with Rust 1.92 apart from everything else",
            (
                InstallRustup(
                    url="https://static.rust-lang.org/rustup/dist/x86_64-unknown-linux-gnu/rustup-init",
                    checksum_url=(
                        "https://static.rust-lang.org/rustup/dist/x86_64-unknown-linux-gnu/rustup-init.sha256"
                    ),
                    folder="/home/me/.local/share/devtool/toolchains/rust",
                    shims="/home/me/.local/share/devtool/bin",
                    toolchains=("1.92",),
                    reason="this checkout builds with Rust 1.92",
                ),
            ),
        ),
        Remedy("install rustup from https://rustup.rs, then `rustup default 1.92`"),
    )


def test_where_rustup_has_no_release_only_a_person_can_install() -> None:
    other = dataclasses.replace(LINUX, architecture="riscv64")
    system = fake_system(process=FakeProcess({CARGO: ABSENT}))

    finding = examined(RUST, system, needs(PLAIN), other)

    assert [remedy.actions for remedy in finding.remedies] == [()]


def test_a_toolchain_that_is_too_old_gets_a_new_one_beside_it_for_this_checkout_alone() -> None:
    finding = seen(cargo=ended("cargo 1.75.0\n"))

    assert (finding.severity, finding.summary) == (
        "failure",
        f"rust 1.75.0 does not satisfy `>=1.92` ({SOURCE})",
    )
    assert list(finding.remedies[0].actions) == [
        RunCommand(
            ("rustup", "toolchain", "install", "--profile", "minimal", "--no-self-update", "1.92"),
            "the checkout pins it",
            undo_argv=("rustup", "toolchain", "uninstall", "1.92"),
        ),
        RunCommand(
            ("rustup", "override", "set", "1.92", "--path", "/checkout"),
            "plain `cargo` means this toolchain in this checkout, and elsewhere what it meant before",
            undo_argv=("rustup", "override", "unset", "--path", "/checkout"),
        ),
    ]


def test_a_distributions_cargo_that_is_too_old_is_for_rustup_to_replace() -> None:
    finding = seen(cargo=ended("cargo 1.66.0\n"), rustup=False)

    assert isinstance(finding.remedies[0].actions[0], InstallRustup)
    assert finding.remedies[1].summary.endswith("`rustup default 1.92`: distributions carry older ones")


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
    assert [action.preview for action in finding.remedies[0].actions] == [
        f"{INSTALL} 1.92",
        "rustup override set 1.92 --path /checkout",
    ]


def test_a_rustup_without_a_default_gets_all_that_the_checkout_calls_at_once() -> None:
    files = FakeFiles(folders=("/home/me/.rustup/toolchains/1.89-x86_64-unknown-linux-gnu",))
    words = "error: no default toolchain configured"

    fresh = seen(BOTH, cargo=ended(stderr=words, status=1))
    half = seen(BOTH, cargo=ended(stderr=words, status=1), files=files)

    assert [action.preview for action in fresh.remedies[0].actions] == [
        f"{INSTALL} 1.92",
        f"{INSTALL} 1.89",
        "rustup override set 1.92 --path /checkout",
    ]
    assert [action.preview for action in half.remedies[0].actions] == [
        f"{INSTALL} 1.92",
        "rustup override set 1.92 --path /checkout",
    ]


def overridden(name: str) -> FakeFiles:
    return FakeFiles(
        {"/home/me/.rustup/settings.toml": f'version = "12"\n[overrides]\n"/checkout" = "{name}"\n'}
    )


def test_a_toolchain_chosen_for_this_checkout_counts_and_not_the_default() -> None:
    process = FakeProcess({"cargo +1.92-x86_64-unknown-linux-gnu --version": ended("cargo 1.92.0\n")}, HERE)
    system = fake_system(process=process, files=overridden("1.92-x86_64-unknown-linux-gnu"))

    finding = examined(RUST, system, needs(PLAIN))

    assert (finding.severity, finding.summary) == ("ok", "rust 1.92.0")


def test_a_choice_that_is_too_old_is_taken_back_to_what_it_was() -> None:
    process = FakeProcess({"cargo +1.75 --version": ended("cargo 1.75.0\n")}, HERE)
    system = fake_system(process=process, files=overridden("1.75"))

    finding = examined(RUST, system, needs(PLAIN))

    action = finding.remedies[0].actions[-1]
    assert isinstance(action, RunCommand)
    assert action.undo_argv == ("rustup", "override", "set", "1.75", "--path", "/checkout")


def test_a_choice_of_what_is_not_installed_is_named() -> None:
    words = ended(stderr="error: toolchain '1.92' is not installed", status=1)
    process = FakeProcess({"cargo +1.92 --version": words}, HERE)

    finding = examined(RUST, fake_system(process=process, files=overridden("1.92")), needs(PLAIN))

    assert finding.summary == (
        "the toolchain 1.92 that rustup has for this checkout is not installed; "
        f"this checkout needs Rust `>=1.92` ({SOURCE})"
    )


@pytest.mark.parametrize(
    "text", ["[overrides", "overrides = 3", "[overrides]\n'/checkout' = 3", "[overrides]"]
)
def test_settings_that_choose_nothing_are_no_trouble(text: str) -> None:
    files = FakeFiles({"/home/me/.rustup/settings.toml": text})

    assert seen(cargo=NEW, files=files).severity == "ok"


def test_a_variable_that_chooses_goes_before_the_choice_for_a_checkout() -> None:
    system = fake_system(
        process=FakeProcess({CARGO: NEW}, HERE),
        files=overridden("1.75"),
        env={"HOME": "/home/me", "RUSTUP_TOOLCHAIN": "stable"},
    )

    assert examined(RUST, system, needs(PLAIN)).severity == "ok"


def test_devtools_own_rustup_has_its_own_folder() -> None:
    data = "/home/me/.local/share/devtool"
    programs: dict[str, str | list[str]] = {name: f"{data}/bin/{name}" for name in ("cargo", "rustup")}
    process = FakeProcess({CARGO: NEW}, programs)
    files = FakeFiles(folders=(f"{data}/toolchains/rust/rustup",))

    assert examined(RUST, fake_system(process=process, files=files), needs(PLAIN)).severity == "ok"


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
        f"{INSTALL} 1.89",
        f"{INSTALL} 1.92",
        "rustup override set 1.92 --path /checkout",
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
        f"{INSTALL} 1.89",
        "rustup override set 1.89 --path /checkout",
    ]


def test_a_toolchain_that_is_there_already_is_only_chosen() -> None:
    files = FakeFiles(folders=("/home/me/.rustup/toolchains/1.92-x86_64-unknown-linux-gnu",))

    finding = seen(cargo=ended("cargo 1.75.0\n"), files=files)

    assert [action.preview for action in finding.remedies[0].actions] == [
        "rustup override set 1.92 --path /checkout"
    ]
