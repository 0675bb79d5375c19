"""What a checkout says that its editor should know: tags, folders, targets, and where its libraries are."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from devtool.errors import InputError
from devtool.requirements.exports import Exports
from devtool.requirements.reading import Reading
from devtool.requirements.statements import Checkout
from devtool.requirements.tree import WorkingTree

if TYPE_CHECKING:
    from devtool.model.host import Host
    from devtool.system import System

FOLDER = "${workspaceFolder}"
"""What editors put the checkout's root in place of."""
_LISTS = {"pkg_config_path": "PKG_CONFIG_PATH", "library_path": "LD_LIBRARY_PATH"}


def editor_values(system: System, host: Host, reading: Reading) -> dict[str, str]:
    """The value of every placeholder for which the checkout, as its profile reads it, states one.

    The lists of folders are those that its script exports; the profile's own
    stand in where it has none that can be followed.
    """
    profile, root = reading.profile, reading.needs.root
    if profile is None or root is None:
        return {}
    tree = WorkingTree(system, root)
    checkout = Checkout(tree, profile)
    found = {name: checkout.matches(forms) for name, forms in profile.editor.items()}
    values = {name: stated.value for name, stated in found.items() if stated is not None}
    # As on Linux, wherever it is read: macOS drops the variable that its loader has in place of this one.
    exports = Exports(system, replace(host, os="linux"), reading.needs, profile.surroundings)
    with suppress(InputError):  # `devtool env` is the one to complain of the script
        exports.follow(tree, {}, FOLDER)
    exported = exports.made.exported
    for placeholder, variable in _LISTS.items():
        if placeholder in values and variable in exported:
            folders = dict.fromkeys(filter(None, exported[variable].value.split(":")))
            values[placeholder] = ":".join(folders)
    return values
