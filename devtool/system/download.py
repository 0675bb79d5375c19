"""Bringing a file here: resumed where it broke off, and in its place only when whole and verified."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping

from devtool.errors import DevtoolError
from devtool.model.redaction import redact
from devtool.system.parts import Page, Part, Sink, discard, sized, writing
from devtool.system.transfer import PassingTroubleError, Patience, Response, get

Progress = Callable[[int, "int | None"], None]
"""Told the bytes that are here, and how many there will be where the server says so."""
_PIECE = 256 * 1024
_MIB = 1024**2


def fetch(url: str, env: Mapping[str, str], limit_bytes: int, patience: Patience) -> bytes:
    """What a small page holds. Raises DevtoolError."""
    page = Page()
    try:
        _receive(url, page, env, limit_bytes, patience, None)
    except PassingTroubleError as trouble:
        raise trouble.error from None
    return bytes(page.content)


def download(
    url: str,
    path: str,
    *,
    env: Mapping[str, str],
    sha256: str,
    limit_bytes: int,
    patience: Patience,
    on_progress: Progress | None = None,
) -> None:
    """Bring the file to `path`. Raises DevtoolError, and leaves at most a part to go on from.

    The part lies beside it, named `.part`; what an earlier devtool left is gone on with.
    """
    wanted = sha256.lower()
    part = f"{path}.part"
    with writing(part):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    if _digest(path) == wanted:
        return
    continued = os.path.exists(part)
    found = _bring(url, part, env, limit_bytes, patience, on_progress)
    if found != wanted and continued:  # the file has changed since, or the disk: once more from the start
        discard(part)
        found = _bring(url, part, env, limit_bytes, patience, on_progress)
    if found != wanted:
        discard(part)
        raise DevtoolError(
            f"`{redact(url)}` came with the wrong checksum: sha256 {found}, and {wanted} is published",
            "it was damaged or changed on the way, and is not kept: try again, or name another mirror",
        )
    with writing(path):
        os.replace(part, path)


def _bring(
    url: str,
    part: str,
    env: Mapping[str, str],
    limit_bytes: int,
    patience: Patience,
    on_progress: Progress | None,
) -> str:
    """The checksum of what came."""
    try:
        with Part(part) as sink:
            _receive(url, sink, env, limit_bytes, patience, on_progress)
    except PassingTroubleError as trouble:
        raise trouble.error from None
    return _digest(part) or hashlib.sha256().hexdigest()


def _receive(
    url: str,
    sink: Sink,
    env: Mapping[str, str],
    limit_bytes: int,
    patience: Patience,
    on_progress: Progress | None,
) -> None:
    attempt, pause, state = 1, patience.pause_seconds, ""
    while True:
        before = sink.size
        headers = {"Range": f"bytes={before}-", **({"If-Range": state} if state else {})} if before else {}
        try:
            response = get(url, headers, env, patience)
            try:
                state = _state(response) or state
                _take(response, url, sink, limit_bytes, on_progress)
                return
            finally:
                response.close()
        except PassingTroubleError as trouble:
            if sink.size - before >= _MIB:  # a bad network that makes way is not given up
                attempt, pause = 1, patience.pause_seconds
            elif attempt == patience.attempts == 1:
                raise
            elif attempt == patience.attempts:
                error = trouble.error
                tried = DevtoolError(f"{error.message} ({attempt} attempts)", error.hint)
                raise PassingTroubleError(tried) from None
        time.sleep(pause)
        attempt, pause = attempt + 1, pause * 2


def _take(response: Response, url: str, sink: Sink, limit_bytes: int, on_progress: Progress | None) -> None:
    if response.status == 416:  # nothing follows: either all of it is here, or it is another file's part
        if _total(response) == sink.size:
            return
        sink.restart()
        raise PassingTroubleError(DevtoolError(f"cannot download `{redact(url)}`: the server refuses a part"))
    if response.status == 200 or not (response.header("Content-Range") or "").startswith(
        f"bytes {sink.size}-"
    ):
        sink.restart()
        if response.status == 206:
            raise PassingTroubleError(
                DevtoolError(f"cannot download `{redact(url)}`: the server sends another part than was asked")
            )
    length = response.header("Content-Length") or ""
    total = sink.size + int(length) if length.isdigit() else None
    _require_within(limit_bytes, total or 0, url, sink)
    sink.require_room((total or sink.size) - sink.size)
    while piece := response.read(_PIECE):
        sink.write(piece)
        _require_within(limit_bytes, sink.size, url, sink)
        if on_progress is not None:
            on_progress(sink.size, total)
    if total is not None and sink.size < total:
        raise PassingTroubleError(
            DevtoolError(
                f"cannot download `{redact(url)}`: it was cut off after {sink.size} of {total} bytes",
                "check the network and try again: what has come is kept",
            )
        )


def _state(response: Response) -> str | None:
    """What names this state of the file, for `If-Range`."""
    # A weak tag must not be sent there: RFC 9110, 13.1.5.
    tag = response.header("ETag")
    return tag if tag and not tag.startswith("W/") else response.header("Last-Modified")


def _total(response: Response) -> int | None:
    said = (response.header("Content-Range") or "").rpartition("/")[2]
    return int(said) if said.isdigit() else None


def _require_within(limit_bytes: int, count: int, url: str, sink: Sink) -> None:
    if count > limit_bytes:
        sink.restart()
        raise DevtoolError(
            f"`{redact(url)}` is larger than the {sized(limit_bytes)} that it may have",
            "what is there is not what it should be: check the mirror if one is set",
        )


def _digest(path: str) -> str | None:
    """SHA-256 of the file in hexadecimal, None where there is none."""
    summed = hashlib.sha256()
    try:
        with open(path, "rb") as stream:
            while piece := stream.read(_MIB):
                summed.update(piece)
    except FileNotFoundError:
        return None
    return summed.hexdigest()
