"""From the bytes of a log, as they come, to UTF-8: gzip and UTF-16 are recognised by their beginning."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator

from devtool.errors import InputError

_GZIP = b"\x1f\x8b"
_SNIFFED_BYTES = 512
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_BLOCK_BYTES = 1 << 20
_UNPACKERS = {
    b"PK\x03\x04": ("zip", "unzip -p"),
    b"\xfd7zXZ\x00": ("xz", "xz -dc"),
    b"BZh": ("bzip2", "bzip2 -dc"),
    b"\x28\xb5\x2f\xfd": ("zstd", "zstd -dc"),
}
"""By their beginnings archives that we do not read, and what does."""


class Decoder:
    """Turns pieces of one log into pieces of UTF-8; what is neither gzip nor UTF-16 passes as it is."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._outer, self._inner = _Beginning(), _Beginning()
        self._inflate: zlib._Decompress | None = None
        self._text: codecs.IncrementalDecoder | None = None
        self.damage: str | None = None
        """What is wrong with an archive of which only a part could be read."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What has become readable, to be taken at once. Raises InputError for an archive of another kind."""
        begun = self._outer.known
        data = self._outer.take(data)
        if data and not begun:
            self._open(data)
        # One after the other: a megabyte of an archive may hold a gigabyte of zeros.
        return map(self._plain, self._inflated(data))

    def finish(self) -> list[bytes]:
        """What was still kept. Raises InputError for an archive of which nothing could be read."""
        pieces: list[bytes] = []
        if kept := self._outer.rest():
            self._open(kept)
            pieces += [self._plain(piece) for piece in self._inflated(kept)]
        read = self._inner.known
        pieces.append(self._decoded(self._inner.rest(), final=True))
        if self._inflate is not None and not self._inflate.eof and self.damage is None:
            self.damage = f"`{self._source}` is a gzip file that was cut off"
        if self.damage is not None and not read and not any(pieces):
            raise InputError(self.damage, "fetch it again")
        return pieces

    def _open(self, beginning: bytes) -> None:
        if beginning.startswith(_GZIP):
            self._inflate = zlib.decompressobj(_GZIP_WINDOW)
        for magic, (name, program) in _UNPACKERS.items():
            if beginning.startswith(magic):
                raise InputError(
                    f"`{self._source}` is a {name} archive, which is not read",
                    f"unpack it into a pipe: `{program} {self._source} | devtool diagnose`",
                )

    def _inflated(self, data: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            yield data
            return
        try:
            while data and self.damage is None:
                if self._inflate.eof:  # members may follow each other: https://www.rfc-editor.org/rfc/rfc1952
                    if not data.startswith(_GZIP[: len(data)]):  # padding
                        break
                    self._inflate = zlib.decompressobj(_GZIP_WINDOW)
                yield self._inflate.decompress(data, _BLOCK_BYTES)
                data = self._inflate.unconsumed_tail or self._inflate.unused_data
        except zlib.error as error:
            self.damage = f"`{self._source}` is a damaged gzip file: {error}"

    def _plain(self, data: bytes) -> bytes:
        return self._decoded(self._inner.take(data))

    def _decoded(self, data: bytes, final: bool = False) -> bytes:
        if data and not self._inner.judged:
            self._inner.judged = True
            encoding = _wide_encoding(data[:_SNIFFED_BYTES])
            self._text = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
        if self._text is None:
            return data
        return self._text.decode(data, final).encode("utf-8", "replace")


class _Beginning:
    """Keeps the first bytes until there are enough of them to tell what they are."""

    def __init__(self) -> None:
        self._kept = b""
        self.known = False
        self.judged = False

    def take(self, data: bytes) -> bytes:
        if self.known:
            return data
        self._kept += data
        return self.rest() if len(self._kept) >= _SNIFFED_BYTES else b""

    def rest(self) -> bytes:
        kept, self._kept = self._kept, b""
        self.known = self.known or bool(kept)
        return kept


def _wide_encoding(beginning: bytes) -> str | None:
    """UTF-16 by its mark, or by the zero byte that every second one of a plain text is."""
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = beginning[::2].count(0), beginning[1::2].count(0)
    half = max(len(beginning) // 2, 1)
    if len(beginning) >= 8 and odd > 0.8 * half and even == 0:
        return "utf-16-le"
    if len(beginning) >= 8 and even > 0.8 * half and odd == 0:
        return "utf-16-be"
    return None
