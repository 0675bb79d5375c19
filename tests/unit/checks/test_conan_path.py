from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.adapters.shell import SHIMS_REASON
from devtool.checks.conan_path import CONAN_PATH_CHECKS
from devtool.model.host import Host
from devtool.model.remedy import AppendLine, RunCommand
from devtool.model.report import Finding
from tests.support import FakeFiles, FakeProcess, fake_system
from tests.support.examining import LINUX, examined, need, needs

(CONAN_PATH,) = CONAN_PATH_CHECKS
NEEDS = needs(need("conan", "==2.25.1"))
LINE = 'export PATH="$HOME/.local/bin:$PATH"'
SHIM = "/home/me/.local/share/devtool/bin/conan"


def seen(
    *executables: str,
    on_path: str | None = None,
    content: dict[str, str] | None = None,
    host: Host = LINUX,
    **env: str,
) -> Finding:
    process = FakeProcess(programs={"conan": on_path} if on_path else {})
    files = FakeFiles(content, executables=dict.fromkeys(executables, ""))
    system = fake_system(process=process, files=files, env={"HOME": "/home/me", "PATH": "/usr/bin", **env})
    return examined(CONAN_PATH, system, NEEDS, host)


def test_a_conan_on_path_is_ok() -> None:
    finding = seen(on_path="/usr/bin/conan")

    assert (finding.severity, finding.summary) == ("ok", "`conan` is on PATH at `/usr/bin/conan`")


def test_a_conan_that_is_nowhere_is_left_to_the_tools_own_check() -> None:
    assert seen().severity == "skipped"


@pytest.mark.parametrize(
    ("host", "env", "profile", "line"),
    [
        (LINUX, {}, "/home/me/.bashrc", LINE),
        (replace(LINUX, os="macos"), {}, "/home/me/.bash_profile", LINE),
        (replace(LINUX, shell="zsh"), {}, "/home/me/.zshrc", LINE),
        (replace(LINUX, shell="zsh"), {"ZDOTDIR": "/home/me/.z"}, "/home/me/.z/.zshrc", LINE),
        (
            replace(LINUX, shell="fish"),
            {},
            "/home/me/.config/fish/conf.d/devtool.fish",
            'fish_add_path --global --prepend --move "$HOME/.local/bin"',
        ),
        (replace(LINUX, shell=None), {}, "/home/me/.profile", LINE),
    ],
)
def test_a_hidden_conan_is_a_failure_cured_by_one_line_for_the_persons_own_shell(
    host: Host, env: dict[str, str], profile: str, line: str
) -> None:
    finding = seen("/home/me/.local/bin/conan", host=host, **env)

    assert finding.severity == "failure"
    assert finding.summary == "`conan` is installed at `/home/me/.local/bin/conan`, which is not on PATH"
    assert finding.remedies[0].actions == (
        AppendLine(profile, line, "the shell looks for programs on PATH alone"),
    )


@pytest.mark.parametrize(
    "path",
    [
        "/home/me/Library/Python/3.11/bin/conan",
        "/home/me/.local/share/pipx/venvs/conan/bin/conan",
        "/home/me/.pyenv/versions/3.11.7/bin/conan",
        "/home/me/.venv/conan/bin/conan",
        "/opt/homebrew/bin/conan",
    ],
)
def test_a_conan_is_found_wherever_installers_put_it(path: str) -> None:
    assert path in seen(path).summary


def test_a_conan_in_an_environment_is_linked_because_its_python_must_stay_off_path() -> None:
    folder = "/home/me/.venv/conan/bin"

    finding = seen(f"{folder}/conan", f"{folder}/python3")

    mkdir, link, append = finding.remedies[0].actions
    assert isinstance(mkdir, RunCommand)
    assert isinstance(link, RunCommand)
    assert mkdir.preview == "mkdir -p /home/me/.local/bin"
    assert mkdir.undo_argv is not None
    assert link.preview == f"ln -s {folder}/conan /home/me/.local/bin/conan"
    assert link.undo_argv == ("rm", "/home/me/.local/bin/conan")
    assert isinstance(append, AppendLine)
    assert append.line == LINE


def test_what_is_in_the_links_place_is_left_alone() -> None:
    folder, taken = "/home/me/.venv/conan/bin", "/home/me/.local/bin/conan"
    files = FakeFiles(executables={f"{folder}/conan": "", f"{folder}/python3": ""}, links={taken: "/gone"})

    finding = examined(CONAN_PATH, fake_system(files=files), NEEDS)

    assert finding.severity == "failure"
    assert finding.remedies[0].actions == ()
    assert finding.remedies[0].summary.startswith(f"`{taken}` is there and cannot be run")


def test_a_link_is_enough_where_its_folder_is_on_path() -> None:
    folder = "/home/me/.pyenv/versions/3.11.7/bin"

    finding = seen(
        f"{folder}/conan",
        f"{folder}/python3",
        content={"/home/me/.local/bin/x": ""},
        PATH="/home/me/.local/bin",
    )

    (link,) = finding.remedies[0].actions
    assert isinstance(link, RunCommand)


def test_the_conan_that_devtool_made_comes_before_any_other() -> None:
    finding = seen(SHIM, "/home/me/.local/bin/conan", on_path="/usr/bin/conan")

    assert finding.severity == "failure"
    assert finding.remedies[0].actions == (
        AppendLine("/home/me/.bashrc", 'export PATH="$HOME/.local/share/devtool/bin:$PATH"', SHIMS_REASON),
    )


def test_devtools_conan_on_path_is_ok() -> None:
    folder = SHIM.removesuffix("/conan")

    assert seen(SHIM, on_path=SHIM, PATH=f"{folder}:/usr/bin").severity == "ok"


def test_a_line_that_waits_for_a_new_terminal_is_not_added_twice() -> None:
    finding = seen("/home/me/.local/bin/conan", content={"/home/me/.bashrc": f"alias x=y\n{LINE}\n"})

    assert (finding.severity, finding.remedies) == ("warning", ())
    assert finding.summary.endswith("`/home/me/.bashrc` has the line: open a new terminal")


def test_a_profile_that_cannot_be_read_is_taken_as_one_without_the_line() -> None:
    files = FakeFiles(executables={"/home/me/.local/bin/conan": ""}, broken=("/home/me/.bashrc",))

    assert examined(CONAN_PATH, fake_system(files=files), NEEDS).severity == "failure"


def test_without_a_home_the_line_is_told() -> None:
    files = FakeFiles(executables={"/opt/homebrew/bin/conan": ""})

    finding = examined(CONAN_PATH, fake_system(files=files, env={}), NEEDS, replace(LINUX, home=None))

    assert finding.remedies[0].summary == 'run `export PATH="/opt/homebrew/bin:$PATH"`'


def test_a_checkout_without_conan_does_not_look_for_it() -> None:
    assert not CONAN_PATH.applies(LINUX, needs())
