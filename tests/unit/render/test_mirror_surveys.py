"""What mirrors answered, told to a person, a program and a shell."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema

from devtool.model.mirror_survey import Asked, Survey, compare
from devtool.model.mirrors import Mirror
from devtool.model.remedy import Plan, Step
from devtool.model.text_change import WriteText
from devtool.render.mirror_survey import render_survey

SCHEMA = Path(__file__).parents[2] / "contract" / "schemas" / "mirror-survey.json"
FAST = Asked(Mirror("goproxy", "https://fast.example", "Fast"), 0.1234)
NOW = Asked(Mirror("goproxy", "https://now.example", "go"), 0.8, present=True)
PORTAL = Asked(Mirror("goproxy", "https://me:hunter22@portal.example", "devtool.toml:3"), None, "answers 404")
WRITE = WriteText("/home/me/.config/devtool/mirrors.toml", None, 'goproxy = "https://fast.example"\n', "why")
CHANGE = Survey((compare("goproxy", (NOW, PORTAL, FAST)),), Plan((Step(WRITE, ("mirrors",)),)))
STAYS = Survey((compare("goproxy", (NOW,)), compare("conan", ())), Plan(()))
NONE = Survey((compare("goproxy", (PORTAL,)),), Plan(()))


def test_a_person_sees_the_fastest_first_what_holds_now_and_why_the_others_failed() -> None:
    assert render_survey(CHANGE, "text", 80).splitlines() == [
        "goproxy: Go modules",
        "  123 ms  https://fast.example (Fast)",
        "  800 ms  https://now.example (go, now)",
        "       -  https://portal.example (devtool.toml:3): answers 404",
        "  => https://fast.example is clearly faster",
        "",
        "1. mirrors: why",
        "   make `/home/me/.config/devtool/mirrors.toml`",
        "   `devtool undo` takes it back",
        "",
        "1 step",
    ]
    assert render_survey(STAYS, "text", 80).splitlines()[-3:] == [
        "  => no candidate is known: name one by `--candidate`",
        "",
        "nothing to do",
    ]
    assert render_survey(NONE, "text", 80).splitlines()[-1] == "nothing that devtool could do by itself"


def test_a_program_reads_the_same_and_nobody_a_login() -> None:
    for survey in (CHANGE, STAYS, NONE):
        data = json.loads(render_survey(survey, "json"))

        jsonschema.validate(data, json.loads(SCHEMA.read_text()))
        assert [each["verdict"] for each in data["kinds"]] == [each.verdict for each in survey.comparisons]
        assert [c["seconds"] for kind in data["kinds"] for c in kind["candidates"]] == [
            asked.seconds for each in survey.comparisons for asked in each.ordered
        ]
        assert "hunter22" not in "".join(render_survey(survey, form) for form in ("text", "json", "shell"))


def test_a_shell_reads_the_script_whether_there_is_anything_to_do_or_not() -> None:
    for survey in (CHANGE, STAYS, NONE):
        subprocess.run(["sh", "-n"], input=render_survey(survey, "shell"), text=True, check=True)


def test_a_script_that_changes_nothing_says_whether_anything_is_left() -> None:
    said = [render_survey(survey, "shell").splitlines()[-1] for survey in (STAYS, NONE)]

    assert said == ["echo 'nothing to do'", "echo 'nothing that devtool could do by itself'"]
