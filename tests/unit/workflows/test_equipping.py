"""The environment of a build, on literal machines: each processor of the Mac, and Linux."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from devtool.errors import InputError
from devtool.model.command import Answer
from devtool.model.environment import Environment, Variable
from devtool.render.environment import environment_text, troubles
from devtool.workflows.equipping import equip
from tests.fixtures.setenv import SCRIPTS
from tests.support import FakeFiles, FakeMachine, FakeProcess, ended, fake_system

MILVUS = "module github.com/milvus-io/milvus\n\ngo {go}\n"
CORE = "/checkout/internal/core/output"
SDK = "/Library/Developer/CommandLineTools/SDKs/MacOSX26.2.sdk"
DETECTING = {
    "/usr/bin/sw_vers -productVersion": ended("15.1\n"),
    "/usr/sbin/sysctl hw.memsize sysctl.proc_translated": ended("hw.memsize: 17179869184\n"),
}
SDK_PATH = {"xcrun --show-sdk-path": ended(f"{SDK}\n")}
SDK_VERSION = {"xcrun --show-sdk-version": ended("26.2\n")}


def checkout(era: str, *, go: str = "1.18", more: Mapping[str, str] | None = None) -> dict[str, str]:
    files = {"go.mod": MILVUS.format(go=go), "scripts/setenv.sh": SCRIPTS[era], **(more or {})}
    return {f"/checkout/{path}": text for path, text in files.items()}


def equipped(
    files: Mapping[str, str],
    *,
    executables: Mapping[str, str] | None = None,
    folders: tuple[str, ...] = (),
    answers: Mapping[str, Answer] | None = None,
    env: Mapping[str, str] | None = None,
    uname: tuple[str, str, str] = ("Linux", "6.1.0", "x86_64"),
) -> Environment:
    process = FakeProcess({**(DETECTING if uname[0] == "Darwin" else {}), **(answers or {})})
    made = equip(
        fake_system(
            process=process,
            files=FakeFiles(files, executables=executables, folders=("/checkout/.git", *folders)),
            machine=FakeMachine(uname),
            env={"HOME": "/home/me", "PATH": "/usr/bin:/bin", **(env or {})},
        )
    )
    process.assert_used()
    return made


def mac(
    era: str, architecture: str, prefix: str, llvm: tuple[str, ...], **more: object
) -> dict[str, Variable]:
    answers = {**SDK_PATH, **(SDK_VERSION if era == "2026" else {})}
    made = equipped(
        checkout(era, more={"DEVELOPMENT.md": "llvm: >= 13\n"} if era == "2022" else None),
        folders=tuple(f"{prefix}/opt/{name}" for name in llvm),
        executables={f"{prefix}/bin/brew": ""},
        answers=answers,
        uname=("Darwin", "24.1.0", architecture),
        **more,
    )
    assert troubles(made) == []
    return {each.name: each for each in made.variables}


def values(made: Mapping[str, Variable]) -> dict[str, str]:
    return {name: each.value for name, each in made.items()}


@pytest.mark.parametrize(("architecture", "prefix"), [("arm64", "/opt/homebrew"), ("x86_64", "/usr/local")])
def test_todays_checkout_on_a_mac(architecture: str, prefix: str) -> None:
    made = mac("2026", architecture, prefix, ("llvm@17", "llvm@19"))

    llvm = f"{prefix}/opt/llvm@19"
    flags = f"-I{prefix}/opt/libomp/include -isysroot {SDK} -DTARGET_OS_OSX=1"
    link = f"-L{prefix}/opt/libomp/lib -L{llvm}/lib/c++ -lc++abi"
    assert values(made) == {
        "PATH": f"/home/me/.local/share/devtool/bin:{prefix}/bin:/usr/bin:/bin",
        "MILVUS_WORK_DIR": "/checkout",
        "CC": f"{llvm}/bin/clang",
        "CXX": f"{llvm}/bin/clang++",
        "CFLAGS": flags,
        "CXXFLAGS": flags,
        "LDFLAGS": link,
        "CGO_LDFLAGS": f"{link} -framework Security",
        "MACOSX_DEPLOYMENT_TARGET": "15.0",
        "PKG_CONFIG_PATH": f"{CORE}/lib/pkgconfig",
        "DYLD_LIBRARY_PATH": f"/checkout/cmake_build/lib:{CORE}/lib",
        "RPATH": f"/checkout/cmake_build/lib -r {CORE}/lib",
        "CPPFLAGS": f"-I{llvm}/include",
        "SDKROOT": SDK,
    }


@pytest.mark.parametrize(("architecture", "prefix"), [("arm64", "/opt/homebrew"), ("x86_64", "/usr/local")])
def test_a_release_of_2024_on_a_mac_takes_no_llvm_newer_than_its_loop(architecture: str, prefix: str) -> None:
    made = mac("2024", architecture, prefix, ("llvm@15", "llvm@19"))

    llvm = f"{prefix}/opt/llvm@15"
    flags = f"-Wno-deprecated-declarations -I{prefix}/opt/libomp/include"
    assert values(made) == {
        "PATH": f"/home/me/.local/share/devtool/bin:{prefix}/bin:/usr/bin:/bin",
        "CLANG_TOOLS_PATH": f"{llvm}/bin",
        "CC": f"ccache {llvm}/bin/clang",
        "CXX": f"ccache {llvm}/bin/clang++",
        "ASM": f"{llvm}/bin/clang",
        "CFLAGS": flags,
        "CXXFLAGS": flags,
        "LDFLAGS": f"-L{prefix}/opt/libomp/lib",
        "PKG_CONFIG_PATH": f"{CORE}/lib/pkgconfig",
        "DYLD_LIBRARY_PATH": f"{CORE}/lib",
        "RPATH": f"{CORE}/lib",
        "CPPFLAGS": f"-I{llvm}/include",
        "SDKROOT": SDK,
    }


def test_a_release_whose_script_chooses_no_compiler_gets_the_llvm_that_it_asks_for() -> None:
    made = values(mac("2022", "arm64", "/opt/homebrew", ("llvm",)))

    assert made["CC"] == "/opt/homebrew/opt/llvm/bin/clang"
    assert made["CXX"] == "/opt/homebrew/opt/llvm/bin/clang++"
    assert made["LDFLAGS"] == "-L/opt/homebrew/opt/llvm/lib"
    assert made["CPPFLAGS"] == "-I/opt/homebrew/opt/llvm/include"


def test_the_homebrew_of_the_other_processor_is_not_taken() -> None:
    made = mac("2024", "arm64", "/opt/homebrew", ("llvm@15",), env={"HOMEBREW_PREFIX": "/usr/local"})

    assert made["CC"].value == "ccache /opt/homebrew/opt/llvm@15/bin/clang"


def test_a_homebrew_in_a_place_of_the_persons_own_is_taken() -> None:
    made = mac("2024", "arm64", "/home/me/brew", ("llvm@15",), env={"HOMEBREW_PREFIX": "/home/me/brew"})

    assert made["CC"].value == "ccache /home/me/brew/opt/llvm@15/bin/clang"


def test_without_an_accepted_llvm_one_line_says_so_and_the_rest_stands() -> None:
    made = equipped(
        checkout("2024"),
        folders=("/opt/homebrew/opt/llvm@19",),
        answers=SDK_PATH,
        uname=("Darwin", "24.1.0", "arm64"),
    )

    assert troubles(made) == [
        "no LLVM that this checkout accepts is installed in `/opt/homebrew/opt`:"
        " `devtool doctor --only llvm` says which"
    ]
    assert [each.name for each in made.variables] == [
        "PATH", "CFLAGS", "CXXFLAGS", "LDFLAGS", "PKG_CONFIG_PATH", "DYLD_LIBRARY_PATH", "RPATH", "SDKROOT",
    ]  # fmt: skip


def test_without_apples_tools_what_hangs_on_them_is_left_out_in_one_line() -> None:
    gone = ended(outcome="absent")
    made = equipped(
        checkout("2026"),
        folders=("/opt/homebrew/opt/llvm@17",),
        answers={"xcrun --show-sdk-path": gone, "xcrun --show-sdk-version": gone},
        uname=("Darwin", "24.1.0", "arm64"),
    )

    assert troubles(made) == [
        "CFLAGS, CXXFLAGS are left out: only running the script would tell:"
        " `xcrun --show-sdk-path` is not on PATH",
        "MACOSX_DEPLOYMENT_TARGET is left out: only running the script would tell:"
        " `xcrun --show-sdk-version` is not on PATH",
    ]


@pytest.mark.parametrize("era", SCRIPTS)
def test_on_linux_no_compiler_is_set_and_jemalloc_never_preloaded(era: str) -> None:
    made = equipped(checkout(era))

    names = [each.name for each in made.variables]
    assert {"LD_PRELOAD", "CC", "CXX", "CPPFLAGS", "SDKROOT"} & set(names) == set()
    assert {"PATH", "PKG_CONFIG_PATH", "LD_LIBRARY_PATH", "RPATH"} <= set(names)
    assert [(each.name, each.trouble) for each in made.left_out if each.name == "LD_PRELOAD"] == [
        ("LD_PRELOAD", False)
    ]
    assert troubles(made) == []


def test_the_persons_own_folders_stay_behind_ours_and_empty_ones_are_theirs_to_keep() -> None:
    made = equipped(
        checkout("2024"), env={"LD_LIBRARY_PATH": f"/opt/a::{CORE}/lib64:/opt/b", "PKG_CONFIG_PATH": ""}
    )

    own = {each.name: each for each in made.variables}
    assert own["LD_LIBRARY_PATH"].value == f"{CORE}/lib:{CORE}/lib64:/opt/a::/opt/b"
    assert own["PKG_CONFIG_PATH"].value == f"{CORE}/lib/pkgconfig:{CORE}/lib64/pkgconfig"
    assert own["LD_LIBRARY_PATH"].source == "scripts/setenv.sh:27"


GO_ASKED = "/usr/bin/go version"


def go(version: str, **env: str) -> Environment:
    return equipped(
        checkout("2022", go="1.26.5"),
        executables={"/usr/bin/go": ""},
        answers={GO_ASKED: ended(f"go version go{version} linux/amd64\n")},
        env=env,
    )


@pytest.mark.parametrize(
    ("told", "value"),
    [({}, "auto"), ({"GOTOOLCHAIN": "local"}, "auto"), ({"GOTOOLCHAIN": "go1.26.6"}, "go1.26.6")],
)
def test_a_go_that_is_too_old_and_can_fetch_may(told: dict[str, str], value: str) -> None:
    made = go("1.22.4", **told).variables[-1]

    assert (made.name, made.value, made.source) == ("GOTOOLCHAIN", value, "go.mod:3")
    assert made.reason == "go 1.22.4 fetches a newer one: go.mod:3 asks for `>=1.26.5`"


def test_a_go_that_fits_is_left_alone() -> None:
    assert "GOTOOLCHAIN" not in [each.name for each in go("1.26.5").variables]


def test_a_go_that_cannot_fetch_is_named_as_trouble() -> None:
    made = go("1.19.8")

    assert "GOTOOLCHAIN" not in [each.name for each in made.variables]
    assert made.troubles == (
        "go 1.19.8 cannot fetch a newer one, and go.mod:3 asks for `>=1.26.5`:"
        " `devtool setup --only go` installs one, or says what to do",
    )


EXPORT = {"scripts/3rdparty_build.sh": "export CMAKE_POLICY_VERSION_MINIMUM=3.5\n"}


@pytest.mark.parametrize(
    ("version", "more", "set_here"),
    [("4.1.2", {}, True), ("3.31.6", {}, False), ("4.1.2", EXPORT, False), (None, {}, False)],
)
def test_cmake_4_is_told_to_take_old_recipes_where_the_checkout_does_not_tell_it(
    version: str | None, more: dict[str, str], set_here: bool
) -> None:
    asked = {"/usr/bin/cmake --version": ended(f"cmake version {version}\n")} if version and not more else {}
    made = equipped(
        checkout("2024", more=more), executables={"/usr/bin/cmake": ""} if version else {}, answers=asked
    )

    values = {each.name: each.value for each in made.variables}
    assert values.get("CMAKE_POLICY_VERSION_MINIMUM") == ("3.5" if set_here else None)


def test_tools_in_their_usual_folder_are_put_on_path_where_the_name_finds_none() -> None:
    rust = {"internal/core/thirdparty/tantivy/CMakeLists.txt": "cargo +1.89 build\n"}
    made = equipped(
        checkout("2024", more=rust),
        executables={
            "/home/me/.cargo/bin/cargo": "",
            "/home/me/.cargo/bin/rustup": "",
            "/usr/bin/cargo": "",
            "/home/me/.local/bin/ninja": "",
            "/usr/local/go/bin/go": "",
            "/usr/bin/ccache": "",
        },
        answers={"/usr/local/go/bin/go version": ended("go version go1.26.5 linux/amd64\n")},
    )

    path = made.variables[0]
    assert path.prepended == (
        "/home/me/.local/share/devtool/bin", "/usr/local/go/bin", "/home/me/.cargo/bin",
    )  # fmt: skip
    assert path.value.endswith(":/usr/bin:/bin")
    assert "`rustup` is in no other folder of PATH: `/home/me/.cargo/bin`" in path.reason


def test_rustups_cargo_comes_before_one_that_knows_no_toolchains() -> None:
    rust = {"internal/core/thirdparty/tantivy/CMakeLists.txt": "cargo +1.89 build\n"}
    homes = {f"/home/me/.cargo/bin/{name}": "" for name in ("cargo", "rustup")}
    elsewhere = {"/opt/rustup/rustup": "", "/usr/bin/cargo": ""}
    made = equipped(
        checkout("2024", more=rust), executables={**homes, **elsewhere}, env={"PATH": "/usr/bin:/opt/rustup"}
    )

    assert made.variables[0].prepended == ("/home/me/.local/share/devtool/bin", "/home/me/.cargo/bin")
    assert "the build calls `cargo +1.89`, which only rustup's cargo knows" in made.variables[0].reason


def test_outside_any_project_only_our_own_tools_come_on_path() -> None:
    made = equipped({}, executables={"/home/me/.cargo/bin/cargo": ""})

    assert (made.project, made.root) == (None, None)
    assert [(each.name, each.prepended) for each in made.variables] == [
        ("PATH", ("/home/me/.local/share/devtool/bin",))
    ]


def test_a_project_of_its_own_may_set_what_a_build_needs_and_nothing_that_shells_run() -> None:
    profile = """\
name = "engine"
[environment]
script = "env.sh"
lists = ["LD_LIBRARY_PATH"]
[environment.variables]
LD_LIBRARY_PATH = "programs find the engine"
[needs]
make = ""
"""
    script = "export LD_LIBRARY_PATH=/checkout/lib\nexport PROMPT_COMMAND=evil\nexport OTHER=1\n"
    files = {"/checkout/devtool.toml": profile, "/checkout/env.sh": script}

    made = equipped(files)

    assert [each.name for each in made.variables] == ["PATH", "LD_LIBRARY_PATH"]
    assert [(each.name, each.reason) for each in made.left_out] == [
        ("PROMPT_COMMAND", "no build may set it"),
        ("OTHER", "devtool does not know what it is for"),
    ]
    for name in ("PATH", "BASH_ENV", "LD_PRELOAD", "GIT_SSH", "PS1", "a b"):
        with pytest.raises(InputError, match="is not a variable that a build may set"):
            equipped({"/checkout/devtool.toml": f"[environment.variables]\n{json.dumps(name)} = 'x'\n"})


def test_a_script_that_is_none_is_one_clear_line() -> None:
    with pytest.raises(InputError, match=r"scripts/setenv\.sh cannot be read: a `\"` is missing"):
        equipped(
            {"/checkout/go.mod": MILVUS.format(go="1.18"), "/checkout/scripts/setenv.sh": 'export A="\n'}
        )


def test_a_build_is_told_of_mirrors_that_files_name_and_nobody_set() -> None:
    files = {
        "/home/me/.config/devtool/mirrors.toml": 'goproxy = "https://me:hunter22@m.example"\n',
        **checkout("2026", more={"devtool.toml": '[mirrors]\nrustup = "https://rust.example"\n'}),
    }
    made = equipped(files, env={"RUSTUP_UPDATE_ROOT": "https://mine.example"})

    told = {each.name: each for each in made.variables}
    assert told["GOPROXY"].value == "https://me:hunter22@m.example,direct"
    assert told["GOPROXY"].reason == "Go modules from https://m.example"
    assert told["RUSTUP_DIST_SERVER"].source == "devtool.toml:2"
    assert "RUSTUP_UPDATE_ROOT" not in told
    assert "hunter22" not in environment_text(made, 80, False)
