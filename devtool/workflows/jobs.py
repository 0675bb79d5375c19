"""How many jobs a build may start for the memory there is, and the line that starts so many."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence

from devtool.model.host import GIB, Host

_BYTES_PER_JOB = 2 * GIB
# As words of a line, also of one in quotes: `sh -c 'make -j8'`.
_OPTION = re.compile(r"""(?<![^\s'"])(-j ?|--jobs[= ]|--parallel[= ]|[jJ][oO][bB][sS]=)(\d+)(?![\w.])""")
_UNLIMITED = re.compile(r"""(?<![^\s'"])-j(?=[\s'"]|$)""")
_NUMBERED = ("CMAKE_BUILD_PARALLEL_LEVEL", "jobs", "CONAN_CPU_COUNT")
_TAKES_OPTION = ("ninja", "samu")


def fewer_jobs(argv: Sequence[str], env: Mapping[str, str], host: Host) -> str | None:
    """The same command with as many jobs as memory allows, and fewer than it had; None where it had one."""
    line = shlex.join(argv)
    current = _current(line, env)
    memory = host.usable_memory_bytes
    bounds = [
        host.cpus,
        (current or host.cpus) - 1,
        *([memory // _BYTES_PER_JOB] if memory is not None else []),
    ]
    jobs = max(1, min(bounds))
    return None if current == 1 else _with_jobs(line, argv[0], env, jobs)


def _current(line: str, env: Mapping[str, str]) -> int | None:
    """The number that is asked for; None where none is."""
    told = [line, env.get("MAKEFLAGS", ""), *(f"jobs={env[name]}" for name in _NUMBERED if name in env)]
    return next((int(found[2]) for each in told if (found := _OPTION.search(each))), None)


def _with_jobs(line: str, program: str, env: Mapping[str, str], jobs: int) -> str:
    if _OPTION.search(line):
        return _OPTION.sub(rf"\g<1>{jobs}", line)
    if _UNLIMITED.search(line):
        return _UNLIMITED.sub(f"-j{jobs}", line)
    if _OPTION.search(env.get("MAKEFLAGS", "")):
        flags = _OPTION.sub(rf"\g<1>{jobs}", env["MAKEFLAGS"])
        return f"MAKEFLAGS={shlex.quote(flags)} {line}"
    if named := [name for name in _NUMBERED if env.get(name, "").isdigit()]:
        return f"{' '.join(f'{name}={jobs}' for name in named)} {line}"
    if program.rpartition("/")[2] in _TAKES_OPTION:
        first, _, rest = line.partition(" ")
        return f"{first} -j{jobs} {rest}".rstrip()
    # Scripts count the processors themselves; these two names are what they and CMake ask first.
    return f"jobs={jobs} CMAKE_BUILD_PARALLEL_LEVEL={jobs} {line}"
