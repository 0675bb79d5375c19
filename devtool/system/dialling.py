"""A connection to an engine that ssh carries through a program there, as docker's own client has it."""

from __future__ import annotations

import os
import socket
import subprocess
import threading


def dial(control: str, engine: str) -> socket.socket:
    """The near end of a connection through the ssh that listens at `control`. Raises OSError.

    `engine` is the address of the engine there, empty for that of docker's context there.
    """
    ours, theirs = socket.socketpair()
    host = ["--host", engine] if engine else []
    # With nobody at `control` ssh would look for a machine of that name: it is given no way to one.
    argv = ["ssh", "-F", "none", "-T", "-S", control, "-o", "ProxyCommand=false", "engine"]
    argv += ["docker", *host, "system", "dial-stdio"]
    with theirs:
        try:
            # In a session of its own: Ctrl-C is ours, and what it ends is told through this very line.
            child = subprocess.Popen(
                argv,
                cwd="/",
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            ours.close()
            raise
    threading.Thread(target=child.wait, daemon=True).start()  # it ends with the line, which closes with us
    return ours
