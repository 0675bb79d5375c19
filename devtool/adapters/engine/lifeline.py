"""What runs inside a container so that a program there ends when its client does.

Both scripts are for any POSIX shell, Busybox's included. They read signals by
name from their input, one a line; its end means that the client has gone.
"""

from __future__ import annotations

from collections.abc import Sequence

MARKER = "DEVTOOL_EXEC"
"""The variable by which all that a program started can be found, whatever group or session it joined."""

# `read` without a program, so that /proc/self is the shell itself.
_SWEEP = f"""\
sweep() {{
  read -r me rest </proc/self/stat
  for each in /proc/[0-9]*/environ; do
    pid=${{each#/proc/}} pid=${{pid%/environ}}
    [ "$pid" != "$me" ] && grep -qs "{MARKER}=$mark" "$each" && kill -s "$1" "$pid"
  done
}}
"""

# The program takes the place of the shell, so its status is the engine's to report, and it leads its
# group, because the engine begins every program in a session of its own. The watch is a grandchild: the
# program must not find a child that it never started.
_GUARDED = f"""\
mark=$1 lead=$$; shift
{_SWEEP}exec 3<&0 </dev/null
( (
  trap '' HUP INT QUIT TERM
  told=
  while read -r name <&3; do
    told=1
    if [ "$name" = KILL ]; then sweep KILL; else kill -s "$name" -- "-$lead"; fi
  done
  if [ -z "$told" ]; then
    kill -0 "$lead" || exit 0
    kill -s TERM -- "-$lead"
  fi
  sleep .5 || sleep 1
  sweep KILL
) >/dev/null 2>&1 & )
exec 3<&-
exec "$@"
"""

_KEEPER = f"""\
mark=$1
{_SWEEP}while read -r name; do
  [ "$name" != done ] || exit 0
  sweep "$name"
done
sweep HUP
sweep TERM
sleep .5 || sleep 1
sweep KILL
"""


def guarded(argv: Sequence[str], mark: str) -> list[str]:
    """The program with a watch beside it; its standard input is the lifeline and not its own."""
    return ["/bin/sh", "-c", _GUARDED, "sh", mark, *argv]


def keeper(mark: str) -> list[str]:
    """The watch alone, beside a program whose standard input is its own."""
    return ["/bin/sh", "-c", _KEEPER, "sh", mark]
