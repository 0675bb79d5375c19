"""`devtool connect`: is there a Milvus, does it let us in, and if not, why."""

from __future__ import annotations

import click

from devtool.model.connection import Connection
from devtool.render.connection import render_json, render_json_line, render_line, render_text
from devtool.system import System
from devtool.workflows.connecting import profiles
from devtool.workflows.connecting.reaching import reach

_EPILOG = """\b
Examples:
  devtool connect                          what was deployed here, or MILVUS_URI
  devtool connect http://host:19530        any other server
  devtool connect prod                     a profile of yours
  devtool connect prod --smoke             also write, read and clean up
  devtool connect --watch                  until Ctrl-C, one line a change
  devtool connect prod --snippet go        code that connects so

A profile is a table of `connections.toml` in devtool's configuration folder,
or of `[connections]` in a `devtool.toml`: `uri`, `user`, `password_env`,
`token_env`, `database`, `ca`, `cert`, `key`, `server_name`, `timeout`, `alias`.

Passwords come from MILVUS_TOKEN, or MILVUS_USER and MILVUS_PASSWORD, from the
variables a profile names, or from the keyring. They are never shown.

Exit status: 0 usable, 1 not usable, 2 bad input.
"""


@click.command(epilog=_EPILOG)
@click.argument("target", required=False, metavar="[URI|PROFILE]")
@click.option("--profile", metavar="NAME", help="A profile, which MILVUS_ENV names too.")
@click.option("--database", metavar="NAME", help="The database to use.")
@click.option("--ca", metavar="FILE", help="Certificate that vouches for the server's.")
@click.option("--cert", metavar="FILE", help="Our certificate, where the server asks for one.")
@click.option("--key", metavar="FILE", help="Its private key.")
@click.option("--server-name", metavar="NAME", help="Name that the server's certificate is for.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, 60, min_open=True),
    metavar="SECONDS",
    help="Time limit of each layer; 2.5 by default.",
)
@click.option("--smoke", is_flag=True, help="Also write to a scratch collection, read it, and remove it.")
@click.option("--watch", is_flag=True, help="Go on, and print one line a change.")
@click.option(
    "--interval",
    type=click.FloatRange(0.1, 3600),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="With --watch: between two looks; after failures up to 30.",
)
@click.option("--count", type=click.IntRange(1), metavar="N", help="With --watch: end after so many looks.")
@click.option(
    "--snippet",
    type=click.Choice(["python", "python-orm", "go", "java", "node"]),
    help="Print code that connects so; nothing is connected.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def command(
    system: System,
    target: str | None,
    profile: str | None,
    database: str | None,
    ca: str | None,
    cert: str | None,
    key: str | None,
    server_name: str | None,
    timeout: float | None,
    smoke: bool,
    watch: bool,
    interval: float,
    count: int | None,
    snippet: str | None,
    form: str,
) -> int:
    """Reach a Milvus layer by layer, and say why it cannot be reached.

    Each layer has its own time limit: an answer comes in seconds.
    """
    if sum((smoke, watch, snippet is not None)) > 1:
        raise click.UsageError("--smoke, --watch and --snippet exclude each other")
    wish = profiles.Wish(target, profile, database, ca, cert, key, server_name, timeout)
    address = profiles.find_address(system, wish)
    if snippet is not None:
        from devtool.workflows.connecting.snippets import snippet as code

        system.console.code(code(address, snippet))
        return 0
    if watch:
        from devtool.workflows.connecting.watching import watch as look

        def tell(connection: Connection) -> None:
            line = (
                render_json_line(connection)
                if form == "json"
                else render_line(connection, colour=system.console.colour)
            )
            system.console.result(line)

        return look(system, address, interval, count, tell).exit_status
    connection = reach(system, address)
    if smoke and connection.fault is None:
        from devtool.workflows.connecting.smoking import smoke as prove
        from devtool.workflows.supplying import supplied

        connection = prove(supplied(system)[0], address, connection)
    if form == "json":
        system.console.result(render_json(connection))
    else:
        system.console.result(
            render_text(connection, width=system.console.width, colour=system.console.colour)
        )
    return connection.exit_status
