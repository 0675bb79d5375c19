"""What a person reads before and after commits get their sign-offs."""

from __future__ import annotations

from dataclasses import replace

from devtool.model.commit import Violation
from devtool.model.dco import Range
from devtool.model.rewriting import Asking, Obstacle, Rewriting, Signing
from devtool.model.sign_off import Identity
from devtool.render.rewriting import render

ME = "A Person <a.person@example.org>"
OTHER = Identity("Ann Other", "ann@example.org")
PLANNED = Rewriting(
    branch="topic",
    range=Range("origin/master..HEAD", "c" * 40, "b" * 40),
    before="c" * 40,
    after="d" * 40,
    signed=(Signing("1" * 40, "2" * 40, "fix: close it", f"Signed-off-by: {ME}"),),
    carried=(("c" * 40, "d" * 40),),
    signatures_lost=("c" * 40,),
    left=(Violation("d" * 40, "sign-off-missing", "it has no sign-off", "theirs", OTHER, (), ()),),
    requests=(
        Asking(
            ("d" * 40,),
            "nobody can sign for somebody else; send this to Ann Other <ann@example.org>:",
            ("This commit of yours", "  d"),
        ),
    ),
    obstacles=(Obstacle("some of these commits are pushed: `origin/topic` has them", "`--force`", True),),
)


def test_before_it_is_done_every_line_and_whatever_is_lost_or_left_is_shown() -> None:
    assert render(PLANNED, "text") == (
        "1111111111 -> 2222222222 fix: close it\n"
        f"  + Signed-off-by: {ME}\n"
        "\n"
        "1 more commit gets another id, since it stands on these; nothing else changes\n"
        "\n"
        "1 commit loses its cryptographic signature, which holds for the old id:\n"
        "cccccccccc\n"
        "\n"
        "left: (dddddddddd) nobody can sign for somebody else; send this to Ann Other\n"
        "      <ann@example.org>:\n"
        "      This commit of yours\n"
        "        d\n"
        "\n"
        "1 commit on `topic` would be signed; 1 commit in `origin/master..HEAD` left to\n"
        "others\n"
        "  in the way: some of these commits are pushed: `origin/topic` has them\n"
        "    `--force`"
    )


def test_afterwards_the_way_back_is_named() -> None:
    done = replace(
        PLANNED, done=True, backup="refs/devtool/backup/topic@cccccccccc", left=(), requests=(), carried=()
    )

    assert render(done, "text").endswith(
        "signed 1 commit: `topic` went from cccccccccc to dddddddddd\n"
        "  `devtool undo` brings the commits from before back;\n"
        "    `refs/devtool/backup/topic@cccccccccc` keeps them"
    )


def test_of_many_commits_the_first_are_shown_and_the_rest_counted() -> None:
    many = replace(PLANNED, signed=PLANNED.signed * 25, requests=(), obstacles=(), signatures_lost=())

    lines = render(many, "text").split("\n")

    assert lines.count(f"  + Signed-off-by: {ME}") == 20
    assert "and 5 more; `--format json` lists all" in lines


def test_a_remediation_commit_is_shown_as_it_would_be_made() -> None:
    only = replace(
        PLANNED, signed=(), carried=(), signatures_lost=(), left=(), requests=(), obstacles=(),
        remediation=f"Title\n\nOn behalf of somebody\n\nSigned-off-by: {ME}\n",
    )  # fmt: skip

    assert render(only, "text") == (
        "on top one commit without changes signs off for others, as `.github/dco.yml`\n"
        "allows:\n"
        "  Title\n"
        "\n"
        "  On behalf of somebody\n"
        "\n"
        f"  Signed-off-by: {ME}\n"
        "\n"
        "a remediation commit on `topic` would be added"
    )


def test_where_nothing_is_to_be_done_that_is_all() -> None:
    nothing = Rewriting("topic", Range("a..HEAD", "c" * 40), "c" * 40, "c" * 40)

    assert render(nothing, "text") == "nothing to do: every commit in `a..HEAD` that needs a sign-off has it"
    assert nothing.exit_status == 0
