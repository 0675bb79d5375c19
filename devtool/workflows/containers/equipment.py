"""From what a checkout needs to what its dev container is made of."""

from __future__ import annotations

from dataclasses import replace

from devtool.adapters.base_images import BaseImage, base_images
from devtool.checks.system_packages import wanted_here
from devtool.errors import InputError
from devtool.model.host import Host
from devtool.model.recipe import Decision, Recipe
from devtool.model.requirement import Needs, Requirement
from devtool.requirements.profile import DevContainer
from devtool.workflows.containers.bringing import Kit, bring, misses

_LEFT_OUT = (
    "builder-image",
    "compose",
    "cxx",
    "docker",
    "gci",
    "gofumpt",
    "golangci-lint",
    "llvm",
    "mockery",
)
"""What only macOS wants, what the project fetches itself, and what the container is rather than has."""


def recipe(needs: Needs, host: Host, project: str, wishes: DevContainer) -> Recipe:
    """What the container is made of. Raises InputError for an image that devtool does not know."""
    asked = [each for each in needs.requirements if each.needed and each.tool not in _LEFT_OUT]
    image = _chosen(wishes.base) if wishes.base else _most_fitting(asked)
    kit = Kit(image, needs)
    for need in asked:
        bring(kit, need)
    _add_system_packages(kit, host)
    kit.packages.update(wishes.packages)
    return Recipe(
        project=project,
        base=image.name,
        title=image.title,
        packages=tuple(sorted(kit.packages)),
        blocks=tuple(kit.blocks),
        own_blocks=tuple(kit.own_blocks),
        arguments=tuple(kit.arguments),
        environment=dict(sorted({**kit.environment, **wishes.environment}.items())),
        extensions=tuple(sorted(wishes.extensions or kit.extensions)),
        first_step=wishes.first_step,
        decisions=tuple(kit.decisions),
        notes=(*kit.notes, *needs.conflicts),
    )


def _chosen(name: str) -> BaseImage:
    known = {image.name: image for image in base_images()}
    if name not in known:
        listed = ", ".join(f"`{each}`" for each in known)
        raise InputError(f"devtool.toml: `devcontainer.base` is `{name}`", f"it can be one of {listed}")
    return known[name]


def _most_fitting(asked: list[Requirement]) -> BaseImage:
    """The image whose own packages meet the most needs, the newest of several."""
    return min(base_images(), key=lambda image: sum(misses(image, need) for need in asked))


def _add_system_packages(kit: Kit, host: Host) -> None:
    """What the checkout's own installers name, as it is called in the container."""
    inside = replace(
        host,
        os="linux",
        distribution=kit.image.file,
        version=kit.image.release,
        package_managers=("apt-get",),
    )
    wanted, nameless = wanted_here(inside, kit.needs, kit.image.distribution)
    for each in wanted:
        kit.packages.update(each.names)
    if wanted:
        count = len({name for each in wanted for name in each.names})
        kit.decisions.append(
            Decision(
                "packages",
                f"{count} from {kit.image.title}",
                f"named by {wanted[0].stated.source.rpartition(':')[0]}",
            )
        )
    kit.notes += (*nameless, *kit.needs.unread)
