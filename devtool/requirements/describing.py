"""Which container a checkout's profile knows, the rest of it unread: that takes a tenth of a second."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from devtool.requirements.parsing import parse_profile
from devtool.requirements.statements import Checkout
from devtool.system.resources import resource

if TYPE_CHECKING:
    from devtool.requirements.containers import KnownContainer
    from devtool.requirements.profile import Profile
    from devtool.requirements.tree import Tree


# As in `reading`, whose import alone takes as long as all the rest of this.
OWN_FILE = "devtool.toml"
NAMES = ("milvus",)


def find_container(tree: Tree, default_name: str) -> tuple[KnownContainer, str] | None:
    """What the checkout's own profile says of its container, else a built-in one, and that profile's file.

    Raises InputError for a broken `devtool.toml`.
    """
    if tree.read(OWN_FILE) is not None or OWN_FILE in tree.problems:
        from devtool.requirements.reading import find_profile

        profile = find_profile(tree, default_name)
    else:
        profile = next((each for each in map(_built_in, NAMES) if _recognises(each, tree)), None)
    return (profile.container, profile.source) if profile else None


@lru_cache
def _built_in(name: str) -> Profile:
    """A built-in profile, with no more of it than its name, its mark and its container."""
    text = resource(f"profiles/{name}.toml")
    assert text is not None, "the package carries its profiles"
    kept, keeping = [], True
    for line in text.splitlines():
        if line.startswith("["):
            keeping = line == "[container]"
        if keeping:
            kept.append(line)
    return parse_profile("\n".join(kept), f"{name}.toml", name)


def _recognises(profile: Profile, tree: Tree) -> bool:
    return profile.identify is not None and bool(Checkout(tree, profile).find(profile.identify))
