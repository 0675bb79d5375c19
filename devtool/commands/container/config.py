"""`devtool container config`: what a checkout says of its dev container."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devtool.commands.container.choosing import choosing

if TYPE_CHECKING:
    from devtool.system import System
    from devtool.workflows.containers.sources import Options

_EPILOG = """\b
Examples:
  devtool container config
  devtool container config --os rockylinux9 --format json
  OS_NAME=rockylinux9 devtool container config
  devtool container config --config .devcontainer/gpu/devcontainer.json
"""


@click.command(epilog=_EPILOG)
@choosing
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.pass_obj
def command(system: System, options: Options, form: str) -> int:
    """Show this checkout's dev container: image, mounts, services, and who decided what.

    Read from `[container]` of its `devtool.toml` (Milvus is known), else its
    `devcontainer.json`, else its Compose files. A flag counts before the
    environment, that before `.env`. Nothing of the checkout is run, and
    neither Docker nor Compose need be installed.

    A project says in its `devtool.toml` what cannot be guessed; every line
    may be left out:

    \b
      [container]
      compose = ["docker-compose.yml"]        # or devcontainer = "PATH"
      service = "builder"
      gpu_service = "gpubuilder"
      architecture = ["PLATFORM_ARCH", "IMAGE_ARCH"]  # variables; the last
      os = "OS_NAME"                          # is that of the Compose files
      cache = "redis://HOST"                  # shared by everybody's ccache
    """
    from devtool.adapters.compose.generation import installed
    from devtool.render.blueprint import blueprint_json, blueprint_text
    from devtool.workflows.containers.configuring import blueprint

    made = blueprint(system, options)
    compose = [(each.command, each.version) for each in installed(system)] if made.compose_files else []
    if form == "json":
        system.console.result(blueprint_json(made, compose))
    else:
        system.console.result(blueprint_text(made, compose, system.console.width))
    return 0
