"""A recipe put into the templates: devtool's own Dockerfile, compose file and `devcontainer.json`.

They are files that work as they stand, so what is replaced is found by what stands around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from devtool.model.recipe import Recipe
from devtool.system.resources import template

DOCKERFILE = ".devcontainer/Dockerfile"
COMPOSE_FILE = ".devcontainer/compose.yaml"
CONFIGURATION = ".devcontainer/devcontainer.json"
"""Here VS Code and the `devcontainer` command look, and name all that belongs to it after the checkout."""
_OWN = "devtool"
"""The project that the templates are written for."""
_PLAIN = re.compile(r"[\w./:@%+,-]+")


def filled(recipe: Recipe) -> dict[str, str]:
    """The text of each file, by its path below the checkout."""
    return {
        DOCKERFILE: _dockerfile(recipe),
        COMPOSE_FILE: _compose_file(recipe),
        CONFIGURATION: _configuration(recipe),
    }


def one_line(text: str) -> str:
    """The text as a comment or a name can carry it, whatever a checkout calls itself."""
    return "".join(char if char.isprintable() else " " for char in text).strip()


def _dockerfile(recipe: Recipe) -> str:
    text = template(DOCKERFILE)
    packages = "".join(f"        {name} \\\n" for name in recipe.packages)
    text = _replaced(text, r"(?<=^# )What \S+ is", f"What {one_line(recipe.project)} is")
    text = _replaced(text, r"(?<=^FROM \${BASE:-)\S+(?=}$)", recipe.base)
    text = _replaced(text, r"(?<=--no-install-recommends \\\n)(?: {8}\S+ \\\n)+", packages)
    text = _replaced(text, r"(?=^# A named user)", "".join(f"{block}\n" for block in recipe.blocks))
    text = _replaced(text, r"(?<=^USER developer\n)", "".join(f"\n{block}\n" for block in recipe.own_blocks))
    return _replaced(
        text, r"^ENV LANG=\S+(?: \\\n {4}\S+)*", _variables({"LANG": "C.UTF-8", **recipe.environment})
    )


def _compose_file(recipe: Recipe) -> str:
    text = template(COMPOSE_FILE)
    arguments = "".join(f"        {name}:\n" for name in recipe.arguments)
    return _replaced(text, r"(?<=^        BASE:\n)", arguments)


def _configuration(recipe: Recipe) -> str:
    text = template(CONFIGURATION)
    prepare = _string(text, "postCreateCommand").partition(" && ")[0]
    after = f"{prepare} && {recipe.first_step}" if recipe.first_step else prepare
    extensions = ",".join(f"\n        {json.dumps(each)}" for each in recipe.extensions)
    listed = f"[{extensions}\n      ]" if recipe.extensions else "[]"
    text = _replaced(text, rf"(?<=^// The container in which ){_OWN}\b", one_line(recipe.project))
    text = _replaced(text, r'(?<="name": ).*(?=,$)', _json(one_line(recipe.project)))
    text = _replaced(text, r'(?<="postCreateCommand": ).*(?=,$)', _json(after))
    return _replaced(text, r'(?<="extensions": )\[[^]]*\]', listed)


def _replaced(text: str, pattern: str, new: str) -> str:
    made, count = re.subn(pattern, lambda _: new, text, flags=re.MULTILINE)
    assert count == 1, f"the template has {count} places for `{pattern}`"
    return made


def _variables(environment: Mapping[str, str]) -> str:
    return "ENV " + " \\\n    ".join(f"{name}={_quoted(value)}" for name, value in environment.items())


def _quoted(value: str) -> str:
    """As Dockerfiles quote. https://docs.docker.com/reference/dockerfile/#env"""
    value = one_line(value)
    return value if _PLAIN.fullmatch(value) else '"' + re.sub(r'(["\\$])', r"\\\1", value) + '"'


def _string(text: str, key: str) -> str:
    match = re.search(rf'"{key}": (".*"),$', text, re.MULTILINE)
    assert match is not None, f"the template has a `{key}`"
    value: str = json.loads(match[1])
    return value


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
