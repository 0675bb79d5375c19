"""The kernel's counter of processes killed for want of memory, in both layouts."""

from __future__ import annotations

import pytest

from devtool.adapters.control_group import memory_kills


@pytest.mark.parametrize(
    ("files", "kills"),
    [
        (
            {
                "/proc/self/cgroup": "0::/user.slice/build\n",
                "/sys/fs/cgroup/user.slice/build/memory.events": "low 0\nhigh 0\nmax 9\noom 2\noom_kill 2\n",
                "/sys/fs/cgroup/user.slice/memory.events": "oom_kill 5\n",
                "/proc/vmstat": "nr_free_pages 1\noom_kill 7\n",
            },
            2,
        ),
        (
            {
                "/proc/self/cgroup": "4:memory:/docker/abc\n1:cpu:/\n0::/\n",
                "/sys/fs/cgroup/memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
                "/proc/vmstat": "oom_kill 7\n",
            },
            3,
        ),
        ({"/proc/self/cgroup": "0::/\n", "/proc/vmstat": "pgfault 1\noom_kill 7\n"}, 7),
        ({"/proc/vmstat": "pgfault 1\n"}, None),
        ({}, None),
    ],
)
def test_the_nearest_counter_counts(files: dict[str, str], kills: int | None) -> None:
    assert memory_kills(files.get) == kills
