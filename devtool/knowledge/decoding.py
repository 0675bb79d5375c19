"""From the bytes of a log, as they come, to UTF-8: gzip and UTF-16 are recognised by their beginning."""

from __future__ import annotations

import codecs
import zlib

from devtool.errors import InputError

_GZIP = b"\x1f\x8b"
_SNIFFED_BYTES = 512
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_BLOCK_BYTES = 1 << 20


class Decoder:
    """Turns pieces of one log into pieces of UTF-8; what is neither gzip nor UTF-16 passes as it is."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._inflate: zlib._Decompress | None = None
        self._text: codecs.IncrementalDecoder | None = None
        self._begun = False
        self._text_begun = False

    def feed(self, data: bytes) -> list[bytes]:
        """What has become readable. Raises InputError for a damaged archive."""
        if not self._begun and data:
            self._begun = True
            if data.startswith(_GZIP):
                self._inflate = zlib.decompressobj(_GZIP_WINDOW)
        return [self._plain(piece) for piece in self._inflated(data)]

    def finish(self) -> None:
        """Check that nothing is missing. Raises InputError for an archive that was cut off."""
        if self._inflate is not None and not self._inflate.eof:
            raise InputError(
                f"`{self._source}` is a gzip file that was cut off",
                "fetch it again, or unpack what is there with `zcat`",
            )

    def _inflated(self, data: bytes) -> list[bytes]:
        if self._inflate is None:
            return [data]
        pieces: list[bytes] = []
        try:
            while data:
                if self._inflate.eof:  # members may follow each other: https://www.rfc-editor.org/rfc/rfc1952
                    if not data.startswith(_GZIP):  # padding
                        break
                    self._inflate = zlib.decompressobj(_GZIP_WINDOW)
                pieces.append(self._inflate.decompress(data, _BLOCK_BYTES))
                data = self._inflate.unconsumed_tail or self._inflate.unused_data
        except zlib.error as error:
            raise InputError(f"`{self._source}` is a damaged gzip file: {error}", "fetch it again") from None
        return pieces

    def _plain(self, data: bytes) -> bytes:
        if not self._text_begun and data:
            self._text_begun = True
            encoding = _wide_encoding(data[:_SNIFFED_BYTES])
            self._text = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
        return data if self._text is None else self._text.decode(data).encode("utf-8", "replace")


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
