"""The containers of a checkout as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devtool.model.container import Container


@dataclass(frozen=True)
class Row:
    """One container."""

    service: str
    container: Container
    main: bool
    """Whether it is the one that people build in."""
    older: tuple[str, ...] = ()
    """How the checkout has moved on since it was made."""

    def as_data(self) -> Mapping[str, Any]:
        """What JSON carries."""
        return {
            "service": self.service,
            "name": self.container.name,
            "id": self.container.id,
            "image": self.container.image,
            "state": self.container.state,
            "status": self.container.status,
            "created": self.container.created,
            "main": self.main,
            "older": list(self.older),
        }


@dataclass(frozen=True)
class Listing:
    """All of them."""

    checkout: str
    project: str
    rows: tuple[Row, ...]
