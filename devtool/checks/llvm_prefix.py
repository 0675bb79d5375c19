"""Whether a Mac has the LLVM made for its processor, and whether that sees all of Apple's SDK."""

from __future__ import annotations

from devtool.adapters.homebrew import INTEL, other_prefix, prefix_for
from devtool.checks.check import Check, finding
from devtool.checks.tool import needed_on
from devtool.errors import UnreadableError
from devtool.model.host import Host
from devtool.model.remedy import Remedy, RunCommand
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System

_FLAGS = ("LDFLAGS", "CPPFLAGS", "CFLAGS", "CXXFLAGS", "CC", "CXX")
_DEFINE = "-DTARGET_OS_OSX=1"
_BUILD_SCRIPTS = ("scripts/3rdparty_build.sh", "scripts/setenv.sh", "scripts/core_build.sh")
# What aws-c-cal compiles first: https://github.com/milvus-io/milvus/issues/32753
_PROGRAM = b"#include <Security/Security.h>\nSecExternalFormat format = kSecFormatOpenSSL;\n"
_SDK_SECONDS = 4.0


def examine_prefix(system: System, host: Host, needs: Needs) -> Finding:
    """Look for an accepted `llvm@N` under the prefix for this processor, and for traces of the other."""
    check_id = "llvm-prefix"
    need = needs.tool("llvm")
    accepted = need.accepted if need else None
    if not accepted:
        if need is not None and need.known:
            return finding(check_id, "skipped", "this checkout names no majors of LLVM", requirement=need)
        return finding(check_id, "unknown", "which LLVM this checkout accepts could not be read")
    right, wrong = prefix_for(host), other_prefix(host)
    chosen = _newest(system, right, accepted)
    strays = [name for name in _FLAGS if f"{wrong}/opt/llvm" in system.env.get(name, "")]
    if chosen is not None and not system.files.executable(f"{right}/opt/llvm@{chosen}/bin/clang"):
        return finding(
            check_id,
            "failure",
            f"`{right}/opt/llvm@{chosen}` has no working `clang`: its installation is damaged",
            requirement=need,
            remedies=(_reinstall(chosen),),
        )
    if chosen is not None and strays:
        return finding(
            check_id,
            "warning",
            f"`{'`, `'.join(strays)}` points to `{wrong}`, and this Mac's LLVM {chosen} is in `{right}`",
            requirement=need,
            remedies=(Remedy(f"run `{_exports(right, chosen)}`"),),
        )
    if chosen is not None:
        return finding(check_id, "ok", f"LLVM {chosen} in `{right}/opt/llvm@{chosen}`", requirement=need)
    foreign = _newest(system, wrong, accepted)
    if foreign is None:
        return finding(check_id, "skipped", "no accepted LLVM is installed: see `llvm`", requirement=need)
    kind = "Intel" if wrong == INTEL else "Apple Silicon"
    return finding(
        check_id,
        "failure",
        f"LLVM {foreign} is in `{wrong}`, which is Homebrew for {kind}, and this Mac is {host.architecture}",
        requirement=need,
        remedies=(_install(system, right, accepted[0]),),
    )


def examine_sdk(system: System, host: Host, needs: Needs) -> Finding:
    """Compile what dependencies of Milvus compile first, and see whether Apple's headers show it."""
    check_id = "llvm-sdk"
    need = needs.tool("llvm")
    accepted = (need.accepted if need else None) or ()
    prefix = prefix_for(host)
    chosen = _newest(system, prefix, accepted)
    if chosen is None:
        return finding(check_id, "skipped", "no accepted LLVM is installed: see `llvm`", requirement=need)
    clang = f"{prefix}/opt/llvm@{chosen}/bin/clang"
    sdk = system.process.run(["xcrun", "--show-sdk-path"], timeout_seconds=_SDK_SECONDS, cwd="/")
    if not sdk.ok:
        lines = sdk.stderr.strip().splitlines()[:2]
        tools = Remedy("run `xcode-select --install`")
        if "invalid active developer path" in sdk.stderr or not sdk.found:
            said = "Apple's command line tools are not installed"
            return finding(check_id, "failure", said, *lines, requirement=need, remedies=(tools,))
        return finding(
            check_id, "unknown", f"`xcrun --show-sdk-path` {sdk.describe()}", *lines, requirement=need
        )
    define = [_DEFINE] if _script_defines(system, needs) or _DEFINE in system.env.get("CFLAGS", "") else []
    argv = [clang, *define, "-isysroot", sdk.stdout.strip(), "-fsyntax-only", "-x", "c", "-"]
    answer = system.process.run(argv, timeout_seconds=_SDK_SECONDS, cwd="/", stdin=_PROGRAM)
    if answer.ok:
        return finding(
            check_id, "ok", f"LLVM {chosen} sees the whole SDK at `{sdk.stdout.strip()}`", requirement=need
        )
    lines = [line for line in answer.output.splitlines() if "error" in line][:3]
    if "kSecFormatOpenSSL" not in answer.output:
        said = f"`{clang}` cannot tell whether it sees the SDK: it {answer.describe()}"
        return finding(check_id, "unknown", said, *lines, requirement=need)
    # The build's scripts set CFLAGS anew, so exporting the define before `make` changes nothing.
    others = ", ".join(f"llvm@{each}" for each in accepted if each != chosen)
    other = Remedy(f"if that does not help, use another LLVM that this checkout accepts: {others}")
    return finding(
        check_id,
        "failure",
        f"LLVM {chosen} misses a part of Apple's SDK: `use of undeclared identifier 'kSecFormatOpenSSL'`",
        *lines,
        requirement=need,
        remedies=(_reinstall(chosen), other),
    )


def _newest(system: System, prefix: str, accepted: tuple[int, ...]) -> int | None:
    """The best accepted major that has a folder under the prefix, whole or damaged."""
    # A link that leads nowhere is a damaged installation, not a missing one.
    return next(
        (
            major
            for major in accepted
            if system.files.kind(f"{prefix}/opt/llvm@{major}")
            or system.files.link_target(f"{prefix}/opt/llvm@{major}") is not None
        ),
        None,
    )


def _reinstall(major: int) -> Remedy:
    action = RunCommand(
        ("brew", "reinstall", f"llvm@{major}"), "brings its files back as they were published"
    )
    return Remedy(f"install it anew: `{action.preview}`", (action,))


def _install(system: System, prefix: str, major: int) -> Remedy:
    formula = f"llvm@{major}"
    brew = f"{prefix}/bin/brew"
    if not system.files.executable(brew):
        return Remedy(
            f"install Homebrew for this processor from a native terminal, then `{brew} install {formula}`"
        )
    action = RunCommand(
        (brew, "install", formula), "the compiler for this processor", undo_argv=(brew, "uninstall", formula)
    )
    return Remedy(f"install the one for this processor: `{action.preview}`", (action,))


def _exports(prefix: str, major: int) -> str:
    base = f"{prefix}/opt/llvm@{major}"
    return f'export LDFLAGS="-L{base}/lib" CPPFLAGS="-I{base}/include"'


def _script_defines(system: System, needs: Needs) -> bool:
    """Whether the checkout's own scripts give the compiler the missing define."""
    texts = (_text(system, f"{needs.root}/{name}") for name in _BUILD_SCRIPTS)
    return needs.root is not None and any("TARGET_OS_OSX" in text for text in texts)


def _text(system: System, path: str) -> str:
    try:
        return system.files.read_text(path) or ""
    except UnreadableError:
        return ""


LLVM_CHECKS = (
    Check(
        "llvm-prefix", "LLVM is made for this processor", "build", examine_prefix, needed_on("llvm", "macos")
    ),
    Check("llvm-sdk", "LLVM sees all of Apple's SDK", "build", examine_sdk, needed_on("llvm", "macos")),
)
