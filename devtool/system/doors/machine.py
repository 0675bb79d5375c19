"""The kernel, as a door: for checking types only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Machine(Protocol):
    """What the rest of devtool may ask the kernel."""

    def kernel(self) -> tuple[str, str, str]:
        """The system's name, its release and the architecture, as `uname` gives them."""

    def cpus(self) -> int:
        """How many processors this process may use."""

    def page_size_bytes(self) -> int:
        """The size of a memory page."""

    def is_root(self) -> bool:
        """Whether the effective user is root."""

    def user_id(self) -> int:
        """The effective user's number."""

    def group_id(self) -> int:
        """The number of the effective group."""

    def parent_id(self) -> int:
        """The number of the process that started this one."""

    def own_words(self) -> tuple[str, ...]:
        """The words that start this devtool again, from `/`."""

    def home(self, env: Mapping[str, str]) -> str | None:
        """The person's home folder by `HOME`, else by the user database; None where that is no folder."""
