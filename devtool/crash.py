"""The log that a fault of our own leaves behind, redacted, to attach to an issue."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from devtool import __version__
from devtool.errors import DevtoolError
from devtool.model.redaction import redact
from devtool.system import real_system


def record(argv: Sequence[str], error: BaseException) -> str:
    """Write the log and give the hint that names it."""
    text = "".join(traceback.format_exception(error))
    try:
        system = real_system()
        path = f"{system.directories.state}/faults/{system.clock.now():.0f}.log"
        content = f"devtool {__version__}\narguments: {' '.join(argv)}\n\n{text}"
        system.files.write(path, redact(content).encode(), mode=0o600)
    except DevtoolError:
        return redact(text)
    return f"attach `{path}` to an issue; it holds no secrets that devtool could recognise"
