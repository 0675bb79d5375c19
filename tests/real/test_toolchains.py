"""Private toolchains from a real server on loopback: a small Go, a small rustup, and all that goes wrong."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from devtool.adapters.toolchain_sources import go_archive, rustup
from devtool.adapters.toolchains import ensure_toolchain, stands
from devtool.cli import run
from devtool.errors import DevtoolError
from devtool.model.remedy import Action, Plan, Step
from devtool.model.toolchain import InstallArchive, InstallRustup
from devtool.remedies.application import apply
from devtool.system import System
from devtool.system.network import RealNetwork
from devtool.system.transfer import Patience
from tests.conftest import require
from tests.support.disks import small_disk
from tests.support.homes import Home
from tests.support.killing import killed_at
from tests.support.samples import LINUX
from tests.support.web import Web, serving

pytestmark = [
    pytest.mark.real,
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]
PATIENCE = Patience(connect_seconds=2, read_seconds=1, attempts=2, pause_seconds=0.01)
GO = """#!/bin/sh
case "$1" in
  version) echo "go version go1.26.5 linux/amd64" ;;
  *) echo "GOROOT=${GOROOT-unset}" ;;
esac
"""
# What the real one does as far as a caller can see: homes by two variables, one program under three names.
INSTALLER = """#!/bin/sh
set -e
test "$(basename "$0")" = rustup-init
mkdir -p "$CARGO_HOME/bin" "$RUSTUP_HOME/toolchains/${6}-here"
cat > "$CARGO_HOME/bin/cargo" <<'END'
#!/bin/sh
case "$1" in
  --version) echo "cargo 1.92.0 (home $RUSTUP_HOME)" ;;
  *) echo "$*" ;;
esac
END
cat > "$CARGO_HOME/bin/rustup" <<'END'
#!/bin/sh
case "$1 $2" in
  "toolchain install") shift 5
    test "$1" != 1.50 || { echo "error: no release found for '1.50'" >&2; exit 1; }
    mkdir -p "$RUSTUP_HOME/toolchains/$1-here" ;;
  "toolchain list") ls "$RUSTUP_HOME/toolchains" ;;
esac
END
cp "$CARGO_HOME/bin/cargo" "$CARGO_HOME/bin/rustc"
chmod 755 "$CARGO_HOME/bin/"*
echo "info: installing component 'cargo'"
echo "$*" > "$RUSTUP_HOME/arguments"
"""


def archive(members: dict[str, str], padding: int = 300_000) -> bytes:
    """A small Go, larger than one piece of a download."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as opened:
        for name, text in {**members, "go/padding": os.urandom(padding).hex()}.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(text), 0o755
            opened.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


NAME = "/dl/go1.26.5.linux-amd64.tar.gz"
TARBALL = archive({"go/bin/go": GO, "go/bin/gofmt": "#!/bin/sh\n", "go/VERSION": "go1.26.5"})
INIT = "/rustup/dist/x86_64-unknown-linux-gnu/rustup-init"


def published(content: bytes, name: str) -> bytes:
    """As sha256sum writes it."""
    return f"{hashlib.sha256(content).hexdigest()} *{name}\n".encode()


@pytest.fixture
def web() -> Iterator[Web]:
    files = {
        NAME: TARBALL,
        f"{NAME}.sha256": hashlib.sha256(TARBALL).hexdigest().encode(),  # Go publishes the sum alone
        INIT: INSTALLER.encode(),
        f"{INIT}.sha256": published(INSTALLER.encode(), "./rustup-init"),
    }
    with serving(Web(files)) as site:
        yield site


@pytest.fixture
def me(home: str) -> Home:
    return Home(Path(home))


def system(me: Home, **env: str) -> System:
    plain = me.system
    return replace(plain, network=RealNetwork(PATIENCE), env={**plain.env, **env})


def go(me: Home, web: Web) -> InstallArchive:
    action = go_archive(me.system, LINUX, "1.26.5", "go.mod:3 asks for it", web.url("/dl"))
    assert action is not None
    return action


def rust(me: Home, web: Web, *toolchains: str) -> InstallRustup:
    action = rustup(
        me.system, LINUX, toolchains or ("1.92", "1.89"), "the build calls them", dist_server=web.url("")
    )
    assert action is not None
    return action


def plan(*actions: Action) -> Plan:
    return Plan(tuple(Step(action, ("check",)) for action in actions))


def said(*argv: str, **env: str) -> str:
    answer = subprocess.run(
        argv, env={**os.environ, **env}, capture_output=True, text=True, check=True, cwd="/"
    )
    return answer.stdout


def leftovers(me: Home) -> set[str]:
    """Files below devtool's own folder, but its locks."""
    data = me.path / ".local/share/devtool"
    return {str(p.relative_to(data)) for p in data.rglob("*") if p.is_file() and p.suffix != ".lock"}


def contents(me: Home) -> dict[str, tuple[int, bytes | str]]:
    """Everything but the cache, and folders of ours that stand empty."""
    ours = (".cache", ".local")
    return {
        name: what
        for name, what in me.contents().items()
        if not name.startswith(ours) or ((me.path / name).is_file() and not name.startswith(".cache"))
    }


def test_go_is_unpacked_apart_runs_through_its_shims_and_undo_removes_all_of_it(me: Home, web: Web) -> None:
    before, action = contents(me), go(me, web)

    outcome = apply(system(me), plan(action))

    assert outcome.error is None
    shim = action.shims[0][0]
    assert said(shim, "version") == "go version go1.26.5 linux/amd64\n"
    assert said(shim, "env", GOROOT="/usr/lib/go-1.19") == "GOROOT=unset\n"
    assert list((me.path / ".cache/devtool/downloads").iterdir()) == []
    assert json.loads((Path(action.folder) / "devtool.json").read_text()) == {
        "tool": "go",
        "version": "1.26.5",
    }
    assert apply(system(me), plan(action)).fix is None
    assert len(web.requests) == 2
    assert run(["undo"], me.system) == 0
    assert contents(me) == before
    assert not Path(action.folder).exists()
    assert not Path(shim).parent.exists()


def test_rustup_keeps_to_its_own_homes_and_has_every_toolchain(me: Home, web: Web) -> None:
    before, action = contents(me), rust(me, web)

    outcome = apply(system(me, RUSTUP_TOOLCHAIN="nightly"), plan(action))

    assert outcome.error is None
    folder = f"{me.path}/.local/share/devtool/toolchains/rust"
    assert said(f"{action.shims}/cargo", "--version", RUSTUP_HOME="/nowhere") == (
        f"cargo 1.92.0 (home {folder}/rustup)\n"
    )
    assert said(f"{action.shims}/cargo", "+1.89", "build") == "+1.89 build\n"
    assert said(f"{action.shims}/rustup", "toolchain", "list") == "1.89-here\n1.92-here\n"
    arguments = Path(folder, "rustup/arguments").read_text()
    assert arguments == "-y --no-modify-path --profile minimal --default-toolchain 1.92\n"
    assert not Path(action.installer).exists()
    assert (me.path / ".bashrc").read_text() == "alias ll='ls -l'"
    assert not (me.path / ".cargo").exists()
    assert run(["undo"], me.system) == 0
    assert contents(me) == before
    assert not Path(folder).exists()


def test_a_toolchain_that_cannot_be_had_leaves_nothing(me: Home, web: Web) -> None:
    before = contents(me)

    outcome = apply(system(me), plan(rust(me, web, "1.92", "1.50")))

    assert outcome.error is not None
    assert outcome.error.message == "cannot install Rust 1.92 and 1.50: `rustup` exited with status 1"
    assert outcome.error.hint == "error: no release found for '1.50'"
    assert contents(me) == before


@pytest.mark.parametrize("make", [go, rust])
def test_the_pasted_preview_does_the_same(
    me: Home, web: Web, tmp_path: Path, make: Callable[[Home, Web], InstallArchive | InstallRustup]
) -> None:
    require(shutil.which("curl"), "no curl on this machine")
    (tmp_path / "it's other").mkdir()
    mine = make(Home(tmp_path / "it's other"), web)
    apply(system(Home(tmp_path / "it's other")), plan(mine))
    (tmp_path / "by hand's").mkdir()
    theirs = make(Home(tmp_path / "by hand's"), web)

    for _ in range(2):
        subprocess.run(["sh", "-c", theirs.preview], check=True, capture_output=True, cwd="/")

    def files(action: InstallArchive | InstallRustup) -> dict[str, int]:
        folder = Path(action.folder)
        found = {str(p.relative_to(folder)): p.stat().st_size for p in folder.rglob("*") if p.is_file()}
        found.pop("devtool.json", None)
        return found

    assert files(theirs) == files(mine)
    for path, text in theirs.shim_texts:
        assert Path(path).read_text() == text
        assert os.access(path, os.X_OK)


@pytest.mark.parametrize("make", [go, rust])
def test_the_pasted_preview_stops_at_a_wrong_checksum(
    me: Home, web: Web, make: Callable[[Home, Web], InstallArchive | InstallRustup]
) -> None:
    require(shutil.which("curl"), "no curl on this machine")
    web.files |= {path: b"wrong" for path in web.files if not path.endswith(".sha256")}
    action = make(me, web)

    answer = subprocess.run(["sh", "-c", action.preview], check=False, capture_output=True, cwd="/")

    assert answer.returncode != 0
    assert not Path(action.shim_texts[0][0]).exists()


Trouble = Callable[[Web], None]


def wrong_bytes(web: Web) -> None:
    web.files[NAME] = b"x" * len(TARBALL)


def no_archive(web: Web) -> None:
    del web.files[NAME]


def no_checksum(web: Web) -> None:
    del web.files[f"{NAME}.sha256"]


def a_page_for_a_checksum(web: Web) -> None:
    web.files[f"{NAME}.sha256"] = b"<html>log in first</html>"


def gone_in_the_middle(web: Web) -> None:
    web.faults = [("", 0), ("break", 100_000), ("status", 503), ("status", 503), ("status", 503)]


def another_archive(web: Web) -> None:
    web.files[NAME] = other = archive({"node/bin/node": "x"})
    web.files[f"{NAME}.sha256"] = hashlib.sha256(other).hexdigest().encode()


def a_damaged_archive(web: Web) -> None:
    web.files[NAME] = other = TARBALL[:-1000]
    web.files[f"{NAME}.sha256"] = hashlib.sha256(other).hexdigest().encode()


def an_evil_archive(web: Web) -> None:
    web.files[NAME] = other = archive({"go/bin/go": GO, "../../../../../evil": "x"})
    web.files[f"{NAME}.sha256"] = hashlib.sha256(other).hexdigest().encode()


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        (wrong_bytes, "came with the wrong checksum: sha256 "),
        (no_archive, "there is no such file (404)"),
        (no_checksum, "there is no such file (404)"),
        (a_page_for_a_checksum, "holds no checksum"),
        (gone_in_the_middle, "the server answers 503 (2 attempts)"),
        (another_archive, "has no `"),
        (a_damaged_archive, "it is damaged: "),
        (an_evil_archive, "would lie outside"),
    ],
)
def test_each_trouble_is_one_line_and_leaves_a_machine_no_worse(
    me: Home, web: Web, trouble: Trouble, message: str
) -> None:
    trouble(web)
    before, action = contents(me), go(me, web)

    outcome = apply(system(me), plan(action))

    assert outcome.error is not None
    assert message in outcome.error.message
    assert "\n" not in outcome.error.message
    assert contents(me) == before
    assert not Path(action.folder).exists()


def test_what_broke_off_is_gone_on_with_by_the_next_try(me: Home, web: Web) -> None:
    gone_in_the_middle(web)
    assert apply(system(me), plan(go(me, web))).error is not None
    web.faults.clear()
    web.requests.clear()

    outcome = apply(system(me), plan(go(me, web)))

    assert outcome.error is None
    assert web.asked == [None, "bytes=100000-"]


def test_a_full_disk_is_one_line_at_every_size_and_undo_works(tmp_path: Path, web: Web) -> None:
    refused: list[str] = []
    for kilobytes in (64, 200, 480, 720, 1000, 1200, 4000):
        disk = tmp_path / str(kilobytes)
        with small_disk(disk, f"size={kilobytes}k"):
            me = Home(disk)
            before = contents(me)

            try:
                error = apply(system(me), plan(go(me, web))).error
                refused += [error.message] if error else []
            except DevtoolError as early:
                refused.append(early.message)

            run(["undo"], me.system)
            assert contents(me) == before
    assert 3 <= len(refused) < 7
    assert all("no space left on device" in message for message in refused), refused


def test_a_foreign_file_in_the_place_of_any_shim_is_left_alone_and_nothing_is_downloaded(
    me: Home, web: Web
) -> None:
    action = go(me, web)
    gofmt = Path(action.shims[1][0])
    gofmt.parent.mkdir(parents=True)
    gofmt.write_text("#!/bin/sh\necho mine\n")

    with pytest.raises(DevtoolError, match="is in the way and was not made by devtool"):
        apply(system(me), plan(action))

    assert gofmt.read_text() == "#!/bin/sh\necho mine\n"
    assert web.requests == []


def test_a_newer_go_takes_the_shims_over_and_undo_gives_the_older_one_back(me: Home, web: Web) -> None:
    newer = archive({"go/bin/go": GO.replace("1.26.5", "1.27.0"), "go/bin/gofmt": "#!/bin/sh\n"})
    name = NAME.replace("1.26.5", "1.27.0")
    web.files |= {name: newer, f"{name}.sha256": published(newer, "go")}
    second = go_archive(me.system, LINUX, "1.27.0", "why", web.url("/dl"))
    assert second is not None

    apply(system(me), plan(go(me, web)))
    apply(system(me), plan(second))

    assert "go1.27.0" in said(second.shims[0][0], "version")
    assert run(["undo"], me.system) == 0
    assert "go1.26.5" in said(second.shims[0][0], "version")


@pytest.mark.parametrize("make", [go, rust])
def test_killed_before_any_change_it_is_whole_or_absent_and_undo_and_the_next_try_find_their_way(
    tmp_path: Path, web: Web, make: Callable[[Home, Web], InstallArchive | InstallRustup]
) -> None:
    for moment in count(1):
        folder = tmp_path / str(moment)
        folder.mkdir()
        me = Home(folder)
        before, action = contents(me), make(me, web)
        if not killed_at(moment, lambda me=me, action=action: apply(system(me), plan(action))):
            break
        _assert_works_or_is_absent(action)
        run(["undo"], me.system)
        assert contents(me) == before, f"killed before change {moment}"
        assert leftovers(me) == set()
        if moment % 5 == 0:
            killed_at(moment // 2, lambda me=me, action=action: apply(system(me), plan(action)))
            assert apply(system(me), plan(action)).error is None
            assert said(action.shim_texts[0][0], "--version")
    assert moment > 20


def test_an_undo_killed_before_any_change_never_leaves_half_a_toolchain_that_passes_for_whole(
    tmp_path: Path, web: Web
) -> None:
    for moment in count(1):
        folder = tmp_path / str(moment)
        folder.mkdir()
        me = Home(folder)
        before, action = contents(me), go(me, web)
        assert apply(system(me), plan(action)).error is None
        if not killed_at(moment, lambda me=me: run(["undo"], me.system)):
            break
        if stands(me.system, action):
            assert (Path(action.folder) / "go/padding").exists()
        run(["undo"], me.system)
        assert contents(me) == before, f"killed before change {moment}"
    assert moment > 8


def _assert_works_or_is_absent(action: InstallArchive | InstallRustup) -> None:
    for path, _ in action.shim_texts:
        if Path(path).exists():
            subprocess.run([path, "--version"], check=True, capture_output=True)


def test_two_devtools_at_once_bring_it_once(me: Home, web: Web) -> None:
    action = go(me, web)
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            try:
                ensure_toolchain(system(me), action, lambda _: None)
                os._exit(0)
            finally:
                os._exit(9)
        children.append(child)

    statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]

    assert statuses == [0, 0, 0]
    assert [path for path, _ in web.requests] == [f"{NAME}.sha256", NAME]


def test_an_interrupt_leaves_nothing_but_the_part_that_is_gone_on_with(me: Home, web: Web) -> None:
    web.faults = [("", 0), ("stall", 200_000)]
    before = contents(me)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        patient = replace(system(me), network=RealNetwork(Patience(read_seconds=60)))
        try:
            apply(patient, plan(go(me, web)))
        except KeyboardInterrupt:
            os._exit(130)
        finally:
            os._exit(9)
    downloads = me.path / ".cache/devtool/downloads"
    while not [p for p in downloads.glob("*.part") if p.stat().st_size]:
        assert os.waitpid(child, os.WNOHANG) == (0, 0)
    os.kill(child, signal.SIGINT)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 130
    assert run(["undo"], me.system) in (0, 1)
    assert contents(me) == before


def test_the_doctor_plans_installs_finds_cured_and_takes_back(me: Home, web: Web, tmp_path: Path) -> None:
    checkout = tmp_path / "check out"
    checkout.mkdir()
    (checkout / "go.mod").write_text("module github.com/milvus-io/milvus\n\ngo 1.26.5\n")
    (tmp_path / "path").mkdir()
    for name in ("sh", "git", "basename", "mkdir"):
        (tmp_path / "path" / name).symlink_to(shutil.which(name) or "/nonexistent")
    me.path_variable = f"{me.system.directories.shims}:{tmp_path}/path"
    machine = replace(system(me, GO_DOWNLOAD_BASE_URL=web.url("/dl")), cwd=str(checkout))
    before = contents(me)

    planned = run(["doctor", "--fix", "--dry-run", "--only", "go"], machine)
    asked_by_plan = list(web.requests)
    fixed = run(["doctor", "--fix", "--yes", "--only", "go"], machine)
    again = run(["doctor", "--fix", "--yes", "--only", "go"], machine)

    assert (planned, fixed, again) == (1, 0, 0)
    assert asked_by_plan == []
    assert "cured: go" in me.console.notes
    assert me.console.notes[-1] == "nothing here that devtool could repair by itself"
    assert len(web.requests) == 2
    assert run(["undo"], machine) == 0
    assert contents(me) == before
    assert run(["doctor", "--only", "go"], machine) == 1
