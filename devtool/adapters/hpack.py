"""Header blocks of HTTP/2, read as far as a gRPC answer needs it (RFC 7541)."""

from __future__ import annotations

from functools import lru_cache

# Appendix B gives every byte a code, and they are canonical: the lengths determine them. `A` is 5 bits.
_LENGTHS = (
    "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCCCCCCCCCCCC"
    "CCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRT"
    "QRSSQQRQSRSSPRRRSRRSVVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ"
)
_STATIC = {
    8: (":status", "200"), 9: (":status", "204"), 10: (":status", "206"), 11: (":status", "304"),
    12: (":status", "400"), 13: (":status", "404"), 14: (":status", "500"), 31: ("content-type", ""),
    54: ("server", ""),
}  # fmt: skip
"""Of appendix A what answers are made of; the names of the others are not asked for."""
_STATIC_ENTRIES = 61

Field = tuple[str, str]


class HeaderReader:
    """Reads the header blocks of one connection in their order: later ones refer to earlier ones."""

    def __init__(self) -> None:
        self._seen: list[Field] = []

    def read(self, block: bytes) -> list[Field]:
        """Names and values; what follows something unreadable is left out."""
        fields: list[Field] = []
        position = 0
        try:
            while position < len(block):
                first = block[position]
                if first & 0x80:  # a field that both sides know
                    index, position = _integer(block, position, 7)
                    fields.append(self._entry(index))
                elif first & 0xE0 == 0x20:  # the size of the table changes
                    _, position = _integer(block, position, 5)
                else:
                    kept = first & 0xC0 == 0x40
                    index, position = _integer(block, position, 6 if kept else 4)
                    if index:
                        name = self._entry(index)[0]
                    else:
                        name, position = _string(block, position)
                    value, position = _string(block, position)
                    fields.append((name, value))
                    if kept:
                        self._seen.insert(0, (name, value))
        except (IndexError, ValueError):
            pass
        return fields

    def _entry(self, index: int) -> Field:
        if index <= _STATIC_ENTRIES:
            return _STATIC.get(index, ("", ""))
        return self._seen[index - _STATIC_ENTRIES - 1]


def _integer(block: bytes, position: int, bits: int) -> tuple[int, int]:
    value = block[position] & ((1 << bits) - 1)
    position += 1
    if value < (1 << bits) - 1:
        return value, position
    for shift in range(0, 28, 7):
        byte = block[position]
        position += 1
        value += (byte & 127) << shift
        if byte < 128:
            return value, position
    raise ValueError("a number that does not end")


def _string(block: bytes, position: int) -> tuple[str, int]:
    coded = bool(block[position] & 0x80)
    length, position = _integer(block, position, 7)
    content = block[position : position + length]
    if coded:
        content = _expanded(content)
    return content.decode("utf-8", "replace"), position + length


def _expanded(content: bytes) -> bytes:
    symbols = _symbols()
    made = bytearray()
    code = length = 0
    for byte in content:
        for bit in range(7, -1, -1):
            code, length = code << 1 | byte >> bit & 1, length + 1
            if (symbol := symbols.get((length, code))) is not None:
                made.append(symbol & 255)
                code = length = 0
    return bytes(made)


@lru_cache
def _symbols() -> dict[tuple[int, int], int]:
    """The byte of each code, by its length and value."""
    made: dict[tuple[int, int], int] = {}
    code = before = 0
    for length, symbol in sorted((ord(letter) - 60, symbol) for symbol, letter in enumerate(_LENGTHS)):
        code <<= length - before
        made[length, code] = symbol
        code, before = code + 1, length
    return made
