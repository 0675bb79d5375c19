"""Model values to plain data and back, for caches and journals; and JSON that anybody may have written."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

TAG = "type"


def encode(value: Any) -> Any:
    """Dictionaries, lists and scalars that JSON can carry; each dataclass tagged with its name."""
    if is_dataclass(value) and not isinstance(value, type):
        plain = {field.name: encode(getattr(value, field.name)) for field in fields(value)}
        return {TAG: type(value).__name__, **plain}
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    return value


def decode(data: Any, *types: type) -> Any:
    """The value that `encode` was given, of the dataclasses named in `types`; lists become tuples.

    Raises KeyError or TypeError for data that some other version wrote.
    """
    known = {cls.__name__: cls for cls in types}

    def revive(item: Any) -> Any:
        if isinstance(item, list):
            return tuple(revive(each) for each in item)
        if isinstance(item, dict):
            return known[item[TAG]](**{key: revive(each) for key, each in item.items() if key != TAG})
        return item

    return revive(data)


def parse_json(text: str) -> Any:
    """What the JSON text holds. Raises ValueError for whatever is none."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
