"""The log that a fault of our own leaves behind, redacted, to attach to an issue."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from devtool import __version__
from devtool.errors import DevtoolError
from devtool.model.redaction import redact
from devtool.system import real_system


def record(argv: Sequence[str], error: BaseException) -> tuple[str, str]:
    """Write the log; the message, and the hint that names the log."""
    message = redact(f"a fault of devtool itself: {type(error).__name__}: {error}")
    text = "".join(traceback.format_exception(error))
    try:
        system = real_system()
        path = f"{system.directories.state}/faults/{system.clock.now():.0f}.log"
        content = f"devtool {__version__}\narguments: {' '.join(argv)}\n\n{text}"
        system.files.write(path, redact(content).encode(errors="backslashreplace"), mode=0o600)
    except DevtoolError:
        return message, redact(text)
    return message, f"attach `{path}` to an issue; it holds no secrets that devtool could recognise"
