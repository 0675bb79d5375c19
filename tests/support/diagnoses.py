"""Literal diagnoses for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from devtool.model.diagnosis import Cure, Diagnosis, Excerpt, FailureFinding, UnknownError

CONAN = FailureFinding(
    id="conan-not-found",
    severity="failure",
    primary=True,
    state="suspected",
    count=1204,
    excerpt=Excerpt(
        "build.log",
        412,
        410,
        (
            "+ cd /checkout/cmake_build",
            "-- Building the third-party libraries with the compiler and the standard of this checkout",
            "/checkout/scripts/3rdparty_build.sh: line 94: conan: command not found",
            "\t-- see above",
            "make: *** [Makefile:180: build-3rdparty] Error 127",
        ),
    ),
    summary="the build called `conan`, and there is no such program on PATH",
    cause=(
        "Conan fetches and builds the C++ libraries that Milvus links. The build script calls it by name.\n"
        "It is not installed, or lies in a folder that PATH does not hold.\n"
    ),
    cures=(
        Cure(
            "Install the Conan that this checkout needs, in an environment that nothing else can change.",
            ("pipx install 'conan==2.25.1'", 'pipx ensurepath && exec "$SHELL" -l  # so that PATH holds it'),
        ),
        Cure("Take the one that Homebrew builds.", ("brew install conan",), "on macOS"),
    ),
    wrong="`sudo pip install conan` changes the system's own Python, and its next upgrade breaks Conan.",
    links=("https://docs.conan.io/2/installation.html",),
)
DISK = FailureFinding(
    id="disk-full",
    severity="failure",
    primary=False,
    state="suspected",
    count=1,
    excerpt=Excerpt(
        "build.log", 2017, 2017, ("fatal error: error writing to /tmp/ccX.s: No space left on device",)
    ),
    summary="the file system that holds `/tmp` is full",
    cause="The compiler writes its temporary files to `/tmp`.",
    cures=(
        Cure("Point `TMPDIR` at a disk with room, and build again.", ("mkdir -p ~/tmp", "TMPDIR=~/tmp make")),
        Cure("Remove what Docker no longer uses.", ("docker system prune",)),
    ),
)
CCACHE = FailureFinding(
    id="ccache-disabled",
    severity="warning",
    primary=False,
    state="suspected",
    count=3,
    excerpt=Excerpt("build.log", 12, 12, ("ccache: warning: cache folder is not writable",)),
    summary="ccache cannot write, so that every file is compiled anew",
    cause="The folder belongs to another user.",
)
NINJA = FailureFinding(
    id="cmake-build-files-missing",
    severity="failure",
    primary=False,
    state="suspected",
    count=2,
    excerpt=Excerpt(
        "build.log", 440, 440, ("ninja: error: loading 'build.ninja': No such file or directory",)
    ),
    summary="CMake wrote no build files",
    cause="CMake stopped before it wrote them.",
    follows="conan-not-found",
)
MAKE = replace(
    NINJA,
    id="make-target-failed",
    count=1,
    excerpt=Excerpt("build.log", 441, 441, ("make: *** [Makefile:190: milvus] Error 1",)),
)
REFUTED = FailureFinding(
    id="conan-python-without-imp",
    severity="failure",
    primary=False,
    state="refuted",
    count=1,
    excerpt=Excerpt("build.log", 380, 380, ("ModuleNotFoundError: No module named 'imp'",)),
    summary="this Conan imports `imp`, which its Python no longer has",
    cause="Python 3.12 removed it.",
    evidence=("conan 2.25.1 runs on Python 3.13.2",),
)
UNKNOWN = UnknownError(
    Excerpt(
        "build.log",
        96,
        94,
        (
            "[ 12%] Building CXX object src/CMakeFiles/core.dir/segment.cpp.o",
            "[ 13%] Building CXX object src/CMakeFiles/core.dir/index.cpp.o",
            "flurbl: cannot join the frobnicated segments: checksum 0x7f2c does not hold",
            "flurbl: giving up",
        ),
    ),
    count=3,
    folded=17,
)
TEMPLATE = """\
title = "flurbl cannot join segments"
summary = "what happened and what it means, in one line"
group = "project"

patterns = ["flurbl: cannot join the frobnicated segments: checksum <sum> does not hold"]
"""

EVERYTHING = Diagnosis(
    findings=(CONAN, DISK, CCACHE, NINJA, MAKE),
    unrecognised=(),
    sources=("build.log",),
    lines=4812,
    failed=True,
)
CONFIRMED = replace(
    EVERYTHING,
    findings=(
        replace(
            CONAN,
            state="confirmed",
            count=1,
            evidence=("conan is not on PATH; this checkout needs `==2.25.1` (scripts/3rdparty_build.sh:94)",),
        ),
        REFUTED,
    ),
    confirmed_here=True,
)
UNRECOGNISED = replace(EVERYTHING, findings=(), unrecognised=(UNKNOWN,), template=TEMPLATE)
NOTHING = Diagnosis((), (), ("build.log",), 4812, failed=False)
SAMPLES = {
    "everything": EVERYTHING,
    "confirmed": CONFIRMED,
    "unrecognised": UNRECOGNISED,
    "nothing": NOTHING,
}


def diagnosis(*findings: FailureFinding, **changes: Any) -> Diagnosis:
    """A diagnosis of one failed log with these findings."""
    return replace(EVERYTHING, findings=findings, **changes)
