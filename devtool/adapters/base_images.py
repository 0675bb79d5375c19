"""The images that dev containers are made on, and what their distributions bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from devtool.adapters.package_names import Distribution, distribution
from devtool.system.resources import resource
from devtool.system.toml import loads


@dataclass(frozen=True)
class BaseImage:
    """One image, by the name of a release."""

    name: str
    file: str
    """Where the names of its packages stand."""
    title: str
    release: str
    clang_formats: tuple[int, ...]
    """The majors that have a package of their own."""
    versions: Mapping[str, str]
    """What the distribution's own packages bring, by tool."""

    @property
    def distribution(self) -> Distribution:
        """The names of its packages."""
        return distribution(self.file)


@lru_cache
def base_images() -> tuple[BaseImage, ...]:
    """Every image, the newest release first."""
    text = resource("images.toml")
    assert text is not None, "the package carries its data"
    return tuple(
        BaseImage(**{**facts, "clang_formats": tuple(facts["clang_formats"])})
        for facts in loads(text)["image"]
    )
