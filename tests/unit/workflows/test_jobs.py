"""Fewer jobs: as the person would type it."""

from __future__ import annotations

import dataclasses

import pytest

from devtool.model.host import GIB
from devtool.workflows.jobs import fewer_jobs
from tests.support.samples import host

HOST = host(memory_bytes=64 * GIB, memory_limit_bytes=8 * GIB)


@pytest.mark.parametrize(
    ("argv", "env", "proposed"),
    [
        (["make", "-j8"], {}, "make -j4"),
        (["make", "-j", "8", "milvus"], {}, "make -j 4 milvus"),
        (["make", "-j"], {}, "make -j4"),
        (["make", "--jobs=3"], {}, "make --jobs=2"),
        (["cmake", "--build", "build", "--parallel", "16"], {}, "cmake --build build --parallel 4"),
        (["make", "jobs=2"], {}, "make jobs=1"),
        (["sh", "-c", "cd core && make -j8"], {}, "sh -c 'cd core && make -j4'"),
        (["ninja"], {}, "ninja -j4"),
        (["ninja", "-C", "build"], {}, "ninja -j4 -C build"),
        (["make"], {"MAKEFLAGS": "-j12 -k"}, "MAKEFLAGS='-j4 -k' make"),
        (["./build.sh"], {"CMAKE_BUILD_PARALLEL_LEVEL": "6"}, "CMAKE_BUILD_PARALLEL_LEVEL=4 ./build.sh"),
        (["make", "milvus"], {"jobs": "4"}, "jobs=3 make milvus"),
        (["make", "milvus"], {}, "jobs=4 CMAKE_BUILD_PARALLEL_LEVEL=4 make milvus"),
        (["make", "-j1"], {}, None),
        (["make", "-j2.5x"], {}, "jobs=4 CMAKE_BUILD_PARALLEL_LEVEL=4 make -j2.5x"),
    ],
)
def test_the_line_has_as_many_jobs_as_memory_allows_and_fewer_than_before(
    argv: list[str], env: dict[str, str], proposed: str | None
) -> None:
    assert fewer_jobs(argv, env, HOST) == proposed


def test_one_job_is_left_on_the_smallest_machine() -> None:
    assert fewer_jobs(["make", "-j8"], {}, dataclasses.replace(HOST, memory_bytes=GIB)) == "make -j1"


def test_where_memory_cannot_be_told_it_is_one_fewer() -> None:
    unknown = dataclasses.replace(HOST, memory_bytes=None, memory_limit_bytes=None)

    assert fewer_jobs(["make", "-j8"], {}, unknown) == "make -j7"
