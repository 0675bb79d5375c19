"""What `devtool vscode` writes, in the hands of Go, of its language server and of VS Code's own reader."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devtool.adapters.jsonc.reading import MalformedError, parse, value_of
from tests.conftest import require
from tests.support.jsonc import plain_json
from tests.support.language_server import LanguageServer
from tests.support.tools import CACHE, node_package

pytestmark = pytest.mark.real

PROJECT = {
    "go.mod": "module github.com/milvus-io/milvus\n\ngo 1.19\n",
    "Makefile": "INSTALL_PATH := $(PWD)/bin\nMILVUS_GO_BUILD_TAGS := dynamic\nmilvus:\nbuild-cpp:\n",
    "scripts/run_go_unittest.sh": 'go test -race -tags dynamic,test "${MILVUS_DIR}/native/..." -failfast\n',
    "scripts/setenv.sh": (
        'ROOT_DIR=$PWD\nexport PKG_CONFIG_PATH="$ROOT_DIR/internal/core/output/lib/pkgconfig"\n'
        'export LD_LIBRARY_PATH="$ROOT_DIR/internal/core/output/lib"\n'
    ),
    "internal/core/CMakeLists.txt": "cmake_minimum_required(VERSION 3.18)\n",
    "internal/core/answer.c": "int answer(void) { return 42; }\n",
    "internal/core/output/include/answer.h": "int answer(void);\n",
    "internal/native/native.go": (
        "// Package native calls the core.\npackage native\n\n"
        '// #cgo pkg-config: small_core\n// #include "answer.h"\nimport "C"\n\n'
        "// Answer comes from the core.\nfunc Answer() int { return int(C.answer()) }\n"
    ),
    "internal/native/helper.go": (
        "//go:build test\n\npackage native\n\n"
        "// Expected is for tests alone.\nfunc Expected() int { return 42 }\n"
    ),
    "internal/native/native_test.go": (
        '//go:build test\n\npackage native\n\nimport "testing"\n\nfunc TestAnswer(t *testing.T) {\n'
        '\tif Answer() != Expected() {\n\t\tt.Fatal("no answer")\n\t}\n}\n'
    ),
    "cmd/main.go": (
        'package main\n\nimport "github.com/milvus-io/milvus/internal/native"\n\n'
        "func main() { println(native.Answer()) }\n"
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project in Milvus's shape, its core known by the checkout's own paths alone."""
    for tool in ("go", "gcc", "pkg-config"):
        require(shutil.which(tool), f"no {tool} on this machine")
    root = tmp_path / "checkout"
    for path, text in PROJECT.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (root / ".git").mkdir()
    output = root / "internal/core/output"
    (output / "lib/pkgconfig").mkdir(parents=True)
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-o", output / "lib/libsmall_core.so", root / "internal/core/answer.c"],
        check=True,
    )
    (output / "lib/pkgconfig/small_core.pc").write_text(
        "Name: small\nDescription: small\nVersion: 1\n"
        f"Libs: -L{output}/lib -lsmall_core\nCflags: -I{output}/include\n"
    )
    env = {**os.environ, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
    subprocess.run([sys.executable, "-m", "devtool", "-C", str(root), "vscode"], env=env, check=True)
    return root


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment that knows nothing of the core, with caches of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    go = {"GOFLAGS": "-buildvcs=false", "GOPROXY": "off", "GOTOOLCHAIN": "local", "GOENV": "off"}
    return {
        **kept,
        **go,
        "HOME": str(tmp_path),
        "GOPATH": f"{tmp_path}/go",
        "GOCACHE": str(CACHE / "go-build"),
    }


@pytest.fixture(autouse=True)
def _modules_can_be_removed(tmp_path: Path) -> Iterator[None]:
    yield
    shutil.rmtree(tmp_path / "go", ignore_errors=True)


def settings_in(root: Path) -> dict[str, Any]:
    """The settings with VS Code's variable for the folder resolved, as its Go extension does it."""
    text = (root / ".vscode/settings.json").read_text().replace("${workspaceFolder}", str(root))
    content: dict[str, Any] = json.loads(plain_json(text))
    return content


def go(root: Path, env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["go", *arguments], cwd=root, env=env, capture_output=True, text=True, check=False, timeout=240
    )


def test_go_finds_every_package_with_these_settings_and_not_without(
    project: Path, bare: dict[str, str]
) -> None:
    settings = settings_in(project)
    listing = [
        "list",
        "-e",
        "-compiled",
        "-f",
        "{{.ImportPath}} {{.GoFiles}} {{.Error}} {{.DepsErrors}}",
        "./...",
    ]

    with_them = go(
        project,
        {**bare, **settings["go.toolsEnvVars"]},
        *listing[:1],
        f"-tags={settings['go.buildTags']}",
        *listing[1:],
    )
    without = go(project, bare, *listing)

    assert with_them.stdout.splitlines() == [
        "github.com/milvus-io/milvus/cmd [main.go] <nil> []",
        "github.com/milvus-io/milvus/internal/native [helper.go] <nil> []",
    ]
    assert "helper.go" not in without.stdout
    assert "small_core" in without.stdout + without.stderr


def test_the_tests_of_the_project_pass_as_the_editor_runs_them(project: Path, bare: dict[str, str]) -> None:
    settings = settings_in(project)

    ran = go(
        project,
        {**bare, **settings["go.testEnvVars"]},
        *("test", f"-tags={settings['go.testTags']}", *settings["go.buildFlags"]),
        *(f"-timeout={settings['go.testTimeout']}", "-run", "TestAnswer", "-v", "./internal/native"),
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "--- PASS: TestAnswer" in ran.stdout


def test_the_language_server_understands_cgo_and_the_files_of_the_unit_tests(
    project: Path, bare: dict[str, str]
) -> None:
    require(shutil.which("gopls"), "no gopls on this machine")
    settings = settings_in(project)
    # What the Go extension tells its language server of these settings.
    options = {
        "env": settings["go.toolsEnvVars"],
        "buildFlags": [f"-tags={settings['go.buildTags']}"],
        "build.env": settings["go.toolsEnvVars"],
        "build.buildFlags": [f"-tags={settings['go.buildTags']}"],
    }
    test, native = project / "internal/native/native_test.go", project / "internal/native/native.go"

    def target(options: dict[str, Any], name: str) -> tuple[list[str], dict[str, list[str]]]:
        lines = test.read_text().splitlines()
        line = next(n for n, text in enumerate(lines) if name in text)
        position = {"line": line, "character": lines[line].index(name)}
        with LanguageServer(["gopls"], project, options, bare) as server:
            server.open(test)
            server.open(native)
            found = server.ask(
                "textDocument/definition", {"textDocument": {"uri": test.as_uri()}, "position": position}
            )
            return [each["uri"].rpartition("/")[2] for each in found or ()], server.diagnostics

    helper, diagnostics = target(options, "Expected()")
    assert helper == ["helper.go"]
    assert target(options, "Answer()")[0] == ["native.go"]
    assert not any(diagnostics.values())
    assert target({}, "Expected()")[0] == []


@pytest.fixture(scope="module")
def reader() -> Path:
    """A folder in which node finds the reader that VS Code has for its settings."""
    return node_package("jsonc-parser", "3.3.1")


def as_vs_code_reads(reader: Path, texts: list[str]) -> list[tuple[int, Any]]:
    """How many errors each text has, and what it says. VS Code takes the byte order mark off before."""
    script = (
        "const {parse} = require('jsonc-parser'), texts = JSON.parse(require('fs').readFileSync(0));"
        "console.log(JSON.stringify(texts.map(text => { const errors = [];"
        " const value = parse(text.replace(/^\\uFEFF/, ''), errors,"
        " {allowTrailingComma: true, allowEmptyContent: true});"
        " return [errors.length, value === undefined ? null : value]; })))"
    )
    answer = subprocess.run(
        ["node", "-e", script],
        cwd=reader,
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return [(errors, value) for errors, value in json.loads(answer.stdout)]


def test_vs_codes_own_reader_takes_what_is_written_without_an_error(
    project: Path, reader: Path, tmp_path: Path
) -> None:
    theirs = (
        '\ufeff{\r\n\t/* odd */ "a" /*1*/ : /*2*/ [1, /*3*/],// end\r\n\t"a": 2 , // the last one counts\r\n}'
    )
    (project / ".vscode/settings.json").write_bytes(theirs.encode())
    env = {**os.environ, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
    subprocess.run([sys.executable, "-m", "devtool", "-C", str(project), "vscode"], env=env, check=True)
    files = ("settings.json", "extensions.json", "tasks.json", "launch.json")
    texts = [(project / ".vscode" / name).read_bytes().decode() for name in files]

    read = as_vs_code_reads(reader, texts)

    assert read == [(0, json.loads(plain_json(text))) for text in texts]
    assert read[0][1]["a"] == 2
    assert texts[0].startswith(theirs.removesuffix("\r\n}"))


def test_the_diff_is_one_that_patch_makes_the_same_files_with(project: Path, tmp_path: Path) -> None:
    require(shutil.which("patch"), "no patch on this machine")
    settings = project / ".vscode/settings.json"
    settings.write_bytes(b'{\r\n\t"say": "`devtool doctor`"\r\n}\r\n')
    typed = {"DEVTOOL_TYPED": "scripts/devtool", "PATH": os.defpath}
    env = {**os.environ, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state"), **typed}
    devtool = [sys.executable, "-m", "devtool", "-C", str(project), "vscode"]

    diff = subprocess.run([*devtool, "--diff"], env=env, capture_output=True, check=True).stdout

    subprocess.run(["patch", "--binary", "-p1"], cwd="/", input=diff, check=True)
    patched = settings.read_bytes()
    assert b"\r\n" in patched
    assert subprocess.run([*devtool, "--check"], env=env, check=False).returncode == 0
    assert b'"say": "`devtool doctor`",\r\n' in patched


def test_our_reader_takes_and_refuses_what_vs_codes_does(reader: Path) -> None:
    chance = random.Random(7)
    whole = ['{"a":1,"b":[1,2,{"c":null}],}', '// x\n{"a": /*q*/ "z" , "d":{},}', "[]", '\ufeff{"x":"y"}']
    pieces = (
        *"{}[],: \n\t\"\\/.-'", '"a"', '"b\\u0041"', "1", "-0", "1e5", "true", "null", "\r\n", "//x\n",
        "/*y*/", "/***/", "tru", "01", ".5", "1.", "+1", "\u00a0", "\x0b", "*/", "\u2028", "NaN",
    )  # fmt: skip
    texts = ["".join(chance.choices(pieces, k=chance.randint(1, 9))) for _ in range(3000)]
    for _ in range(3000):
        text = chance.choice(whole)
        at = chance.randint(0, len(text))
        texts.append(text[:at] + chance.choice(pieces) + text[at + chance.randint(0, 1) :])

    theirs = as_vs_code_reads(reader, texts)

    differing = [
        text
        for text, (errors, value) in zip(texts, theirs, strict=True)
        if errors == 0 and said(text) != (True, value)
    ]
    accepted = [text for text, (errors, _) in zip(texts, theirs, strict=True) if errors and said(text)[0]]
    assert (differing, accepted) == ([], [])


def said(text: str) -> tuple[bool, object]:
    try:
        root = parse(text)
    except MalformedError:
        return False, None
    value = None if root is None else value_of(text, root)
    # JavaScript writes what is too large for it as null.
    return True, json.loads(json.dumps(value), parse_constant=lambda _: None)
