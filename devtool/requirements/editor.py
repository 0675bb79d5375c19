"""What a checkout says that its editor should know: tags, folders, targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devtool.requirements.reading import Reading
from devtool.requirements.statements import Checkout
from devtool.requirements.tree import WorkingTree

if TYPE_CHECKING:
    from devtool.system import System


def editor_values(system: System, reading: Reading) -> dict[str, str]:
    """The value of every placeholder for which the checkout, as its profile reads it, states one."""
    if reading.profile is None or reading.needs.root is None:
        return {}
    checkout = Checkout(WorkingTree(system, reading.needs.root), reading.profile)
    found = {name: checkout.matches(forms) for name, forms in reading.profile.editor.items()}
    return {name: stated.value for name, stated in found.items() if stated is not None}
