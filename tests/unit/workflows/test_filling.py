"""The text of a pull request: a form of our own, and templates of projects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.workflows.submitting.filling import Known, filled, from_nothing

KNOWN = Known(
    title="feat: more",
    commits=(("1111111111", "feat: one"), ("2222222222", "test: two")),
    issues=("12", "34"),
    pulls=(),
    designs=("docs/design-docs/design_docs/20260101-more.md",),
    design_line="design doc: ",
    design_folder="docs/design-docs/design_docs/",
    tests=("make test-go",),
)


def test_without_a_template_the_lines_that_bots_look_for_come_first() -> None:
    assert from_nothing(KNOWN) == (
        "issue: #12\n\nissue: #34\n\ndesign doc: docs/design-docs/design_docs/20260101-more.md\n\n"
        "## What changes\n\n<!-- say what changes and why -->\n\n"
        "## Commits\n\n- feat: one (1111111111)\n- test: two (2222222222)\n\n"
        "## How it was tested\n\n- [ ] `make test-go`\n"
    )


def test_of_nothing_known_there_is_still_something_to_fill_in() -> None:
    text = from_nothing(Known(pull_line="pr: #", design_line="design doc: ", design_folder="docs/"))

    assert "issue: #<!--" in text
    assert "pr: #<!--" in text
    assert "design doc: <!-- docs/YYYYMMDD-NAME" in text


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("Fixes #\n", "Fixes #12, #34"),
        ("issue: #\n", "issue: #12, #34"),
        ("- Closes: #<number>\n", "- Closes: #12, #34"),
        ("issue: #1234\n", "issue: #12, #34"),
        ("**Issue:** see below\n", "issue: #12"),
        ("design doc:\n", "design doc: docs/design-docs/design_docs/20260101-more.md"),
    ],
)
def test_a_line_of_a_template_that_asks_for_something_is_filled(template: str, line: str) -> None:
    assert line in filled(template, KNOWN).split("\n")


def test_what_a_template_has_no_place_for_stands_before_it() -> None:
    assert filled("Thank you!\n", replace(KNOWN, designs=(), design_line="", commits=KNOWN.commits[:1])) == (
        "issue: #12\n\nissue: #34\n\n<!-- say what changes and why -->\n\nThank you!\n\n"
        "## How it was tested\n\n- [ ] `make test-go`\n"
    )


def test_comments_and_code_of_a_template_are_no_places() -> None:
    template = "<!--\n## Tests\nissue: #\n-->\n```\n## What\nFixes #\n```\n"

    made = filled(template, KNOWN)

    assert template in made
    assert made.count("## How it was tested") == 1


def test_line_ends_of_windows_become_those_of_git() -> None:
    assert "\r" not in filled("## What\r\n\r\n## Tests\r\n", KNOWN)
