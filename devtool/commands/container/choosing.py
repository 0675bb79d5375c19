"""The options by which every command about a dev container chooses which one it means."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from devtool.workflows.containers.options import Options

_NAMES = ("service", "gpu", "platform", "image", "os_name", "variables", "config", "compose_files", "project")


def choosing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options; the command is given one `options` made of them."""
    from functools import wraps

    @wraps(function)
    def command(*args: Any, **given: Any) -> Any:
        return function(*args, options=_options({name: given.pop(name) for name in _NAMES}), **given)

    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _pairs(_: click.Context, __: click.Parameter, said: tuple[str, ...]) -> dict[str, str]:
    made = {}
    for each in said:
        name, equals, value = each.partition("=")
        if not name or not equals:
            raise click.BadParameter(f"`{each}` is not NAME=VALUE")
        made[name] = value
    return made


def _options(given: dict[str, Any]) -> Options:
    from devtool.workflows.containers.options import Options

    return Options(**given)


_OPTIONS = (
    click.option(
        "--service", metavar="NAME", help="The service to work in, instead of the checkout's choice."
    ),
    click.option("--gpu", is_flag=True, help="Work in the service for graphics processors."),
    click.option("--platform", metavar="PLATFORM", help="Such as `linux/arm64`, instead of this machine's."),
    click.option("--image", metavar="IMAGE", help="An image to take instead of the checkout's."),
    click.option("--os", "os_name", metavar="NAME", help="The image's system, such as `ubuntu24.04`."),
    click.option(
        "--set",
        "variables",
        metavar="NAME=VALUE",
        multiple=True,
        callback=_pairs,
        help="A variable of the Compose files, above environment and `.env`; repeatable.",
    ),
    click.option("--config", metavar="FILE", help="The `devcontainer.json` to take."),
    click.option(
        "--file", "compose_files", metavar="FILE", multiple=True, help="Compose files to take; repeatable."
    ),
    click.option("--project", metavar="NAME", help="What Compose is to call the project."),
)
