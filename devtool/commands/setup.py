"""`devtool setup`: bring this machine to what the checkout needs."""

from __future__ import annotations

import click

from devtool.adapters.mirrors import given
from devtool.errors import EXIT_BAD_INPUT, EXIT_NOT_READY, EXIT_READY, InputError
from devtool.model.mirror_survey import Survey
from devtool.render.mirror_survey import comparison_text, nothing_text, render_survey
from devtool.render.setup import FORMS, render_setup
from devtool.system import System
from devtool.workflows.examination import Selection
from devtool.workflows.hooking import install_hooks, prepare_hooks
from devtool.workflows.provisioning import prepare, provision
from devtool.workflows.supplying import supplied
from devtool.workflows.surveying import adopt, survey

EXIT_CHANGES_NEEDED = EXIT_BAD_INPUT
"""With `--detailed-exitcode`, as terraform's and mise's plans leave."""
_EPILOG = """\b
Examples:
  devtool setup --dry-run                  what would be installed, why, and how it is undone
  devtool setup                            show it, ask, do it, and look again
  devtool setup --dry-run --format shell > setup.sh    a script to read and run
  devtool setup --yes --no-root            what can be done without root
  devtool setup --mirror pypi=https://mirror.example/simple    from a mirror, for this once
  devtool setup --probe-mirrors            ask the mirrors, and fetch from the fastest from now on
  devtool setup --hooks                    have git refuse commits of this checkout without a sign-off
"""


@click.command(epilog=_EPILOG)
@click.option(
    "--only",
    multiple=True,
    metavar="ID",
    help="Only for this check, or this kind of mirror; can be repeated.",
)
@click.option(
    "--skip", multiple=True, metavar="ID", help="Not for this check, or kind of mirror; can be repeated."
)
@click.option("--dry-run", is_flag=True, help="Show the plan and stop.")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", show_default=True)
@click.option(
    "--detailed-exitcode", is_flag=True, help="With --dry-run: leave with 2 when changes are needed."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--no-root", is_flag=True, help="Leave to you what needs root.")
@click.option(
    "--mirror",
    "flags",
    multiple=True,
    metavar="KIND=URL",
    help="Fetch this kind of thing from there; can be repeated.",
)
@click.option(
    "--probe-mirrors",
    "probing",
    is_flag=True,
    help="Ask all mirrors at once, propose the fastest, and nothing else.",
)
@click.option(
    "--candidate",
    "candidates",
    multiple=True,
    metavar="KIND=URL",
    help="With --probe-mirrors: ask this one too; can be repeated.",
)
@click.option("--hooks", is_flag=True, help="Install the sign-off hook into this checkout, and nothing else.")
@click.pass_obj
def command(
    system: System,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    dry_run: bool,
    form: str,
    detailed_exitcode: bool,
    yes: bool,
    no_root: bool,
    flags: tuple[str, ...],
    probing: bool,
    candidates: tuple[str, ...],
    hooks: bool,
) -> int:
    """Install what this checkout needs, changing as little of this machine as possible.

    Programs that the distribution cannot give in the needed version come as
    private toolchains in your data folder; nothing that is there is replaced.
    Running it again goes on where it stopped, and does nothing when all is well.

    Mirrors are of the kinds pypi, go, goproxy, rustup, crates, conan, apt and
    brew. A flag counts before the environment (PIP_INDEX_URL, UV_DEFAULT_INDEX,
    GO_DOWNLOAD_BASE_URL, GOPROXY, RUSTUP_DIST_SERVER, CONAN_ARTIFACTORY_URL,
    HOMEBREW_BOTTLE_DOMAIN, for any kind DEVTOOL_MIRROR_KIND), that before your
    own `~/.config/devtool/mirrors.toml`, and that before `[mirrors]` in the
    checkout's `devtool.toml`. The plan shows which hold. `devtool env` tells
    them to builds; a flag holds for this run alone.

    With `--probe-mirrors` it asks every mirror it knows of, those of
    `[mirrors.candidates]` in `devtool.toml`, those of `--candidate`, and what is
    fetched from now, for a small page that proves what they are, all at once
    and for five seconds together. What holds stays, unless another is 1.5 times
    as fast and 50 ms sooner; that one is written into your `mirrors.toml`, once
    you agree.

    With `--hooks` it installs a commit-msg hook that refuses a commit without
    `Signed-off-by: NAME <MAIL>` of its author or committer. A hook that is there
    stays and runs first; `git commit --no-verify` passes both by. Git asks no
    hook where it commits by itself: sign those with `git revert -s` and
    `git cherry-pick -s`.

    Exit status: 0 ready, 1 not ready yet, 2 bad input; with `--dry-run` 0, or 2
    when changes are needed and `--detailed-exitcode` was given.
    """
    if not dry_run and (detailed_exitcode or form != "text"):
        raise InputError("`--format` and `--detailed-exitcode` go with `--dry-run`", "add `--dry-run`")
    if hooks and (only or skip or flags):
        raise InputError(
            "`--hooks` installs one hook and examines nothing", "leave out `--only`, `--skip` and `--mirror`"
        )
    if candidates and not probing:
        raise InputError("`--candidate` goes with `--probe-mirrors`", "add `--probe-mirrors`")
    if probing:
        if hooks or flags or no_root:
            raise InputError(
                "`--probe-mirrors` asks mirrors and installs nothing",
                "leave out `--hooks`, `--mirror` and `--no-root`",
            )
        surveyed = _asked(system, only, skip, candidates)
        if dry_run:
            _show(system, render_survey(surveyed, form, system.console.width), form)
            return EXIT_CHANGES_NEEDED if detailed_exitcode and surveyed.plan.steps else 0
        return _adopted(system, surveyed, yes)
    selection = Selection(only, skip)
    console = system.console
    system, mirrors = supplied(system, flags)
    with console.progress("examining this machine"):
        setup = prepare_hooks(system) if hooks else prepare(system, selection, mirrors)
    if dry_run:
        _show(system, render_setup(setup, form, console.width), form)
        return EXIT_CHANGES_NEEDED if detailed_exitcode and setup.plan.steps else 0
    if hooks:
        installed = install_hooks(system, setup, yes=yes)
        console.result(
            "the sign-off hook is installed" if installed else "the sign-off hook is not installed"
        )
        return EXIT_READY if installed else EXIT_NOT_READY
    report = provision(system, setup, selection, yes=yes, no_root=no_root)
    red = [each for each in report.ordered if each.severity in ("failure", "unknown")]
    for each in red:
        console.note(f"not ready: {each.id}: {each.summary}")
    console.result("ready" if report.ready else "not ready: `devtool doctor` says what is left")
    return report.exit_status


def _show(system: System, plan: str, form: str) -> None:
    (system.console.code if form == "shell" else system.console.result)(plan)


def _asked(
    system: System, only: tuple[str, ...], skip: tuple[str, ...], candidates: tuple[str, ...]
) -> Survey:
    named = given(candidates, "--candidate")
    with system.console.progress("asking the mirrors"):
        return survey(system, named, only=only, skip=skip)


def _adopted(system: System, surveyed: Survey, yes: bool) -> int:
    console = system.console
    console.result("\n".join(comparison_text(surveyed, console.width)))
    if not surveyed.plan.steps:
        console.result(nothing_text(surveyed))
        return EXIT_READY if surveyed.ready else EXIT_NOT_READY
    held = adopt(system, surveyed, yes=yes)
    console.result("the chosen mirrors hold" if held else "the mirrors are as they were")
    return EXIT_READY if held and surveyed.ready else EXIT_NOT_READY
