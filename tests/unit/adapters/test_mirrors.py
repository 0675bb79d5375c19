"""Which mirrors hold, what is no mirror, and what installers are told."""

from __future__ import annotations

import json
import re

import pytest

from devtool.adapters.mirrors import given, mirrors, told, told_to_builds, with_mirrors
from devtool.errors import InputError
from devtool.model.environment import RECORD
from devtool.model.mirrors import KINDS, Mirror, is_address, own_variable
from devtool.requirements.reading import read, stated_mirrors
from devtool.system import System
from devtool.workflows.supplying import supplied
from tests.support import FakeFiles, fake_system

FILE = 'name = "p"\n[mirrors]\npypi = ["https://file.example/simple", "https://second.example/simple"]\ngo = "https://file.example/go"\n'


def system(own: str | None = None, **env: str) -> System:
    files = FakeFiles({"/checkout/devtool.toml": own} if own else {"/checkout/.git/HEAD": ""})
    return fake_system(files=files, env={"HOME": "/home/me", "PATH": "/usr/bin", **env})


def holding(system: System, *flags: str) -> dict[str, tuple[str, str]]:
    chosen = mirrors(system, given(flags), stated_mirrors(system, "/checkout"))
    return {each.kind: (each.url, each.source) for each in chosen}


def test_a_flag_counts_before_the_environment_and_that_before_the_file() -> None:
    own, custom = "https://own.example/simple", "https://custom.example/simple"
    everything = system(FILE, PIP_INDEX_URL=custom, DEVTOOL_MIRROR_PYPI=own)

    assert holding(everything, "pypi=https://flag.example/x")["pypi"] == (
        "https://flag.example/x",
        "--mirror",
    )
    assert holding(everything)["pypi"] == (custom, "PIP_INDEX_URL")
    assert holding(system(FILE, DEVTOOL_MIRROR_PYPI=own))["pypi"] == (own, "DEVTOOL_MIRROR_PYPI")
    assert holding(system(FILE)) == {
        "pypi": ("https://file.example/simple", "devtool.toml:3"),
        "go": ("https://file.example/go", "devtool.toml:4"),
    }
    assert holding(system()) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_named_in_every_way(kind: str) -> None:
    url = "https://mirror.example/x"

    assert holding(system(), f"{kind}={url}") == {kind: (url, "--mirror")}
    assert holding(system(**{own_variable(kind): url})) == {kind: (url, own_variable(kind))}
    assert holding(system(f'name = "p"\n[mirrors]\n{kind} = "{url}"\n')) == {kind: (url, "devtool.toml:3")}


def test_of_a_list_of_proxies_the_first_that_is_an_address_is_shown_and_none_is_no_mirror() -> None:
    assert holding(system(GOPROXY="https://a.example,direct"))["goproxy"] == ("https://a.example", "GOPROXY")
    assert holding(system(GOPROXY="off", PIP_INDEX_URL="file:///index")) == {}


@pytest.mark.parametrize(
    "url",
    ["", "mirror.example", "ftp://mirror.example", "https://", "http://[::1", "https://m.example:99999/",
     "https://m.example:x/", "https://m.exa mple/", "https://m.example/\n", "file:///index"],
)  # fmt: skip
def test_what_is_no_address_is_refused_wherever_it_stands(url: str) -> None:
    assert not is_address(url)

    with pytest.raises(InputError, match="names no http or https address"):
        given([f"pypi={url}"])
    if url:
        with pytest.raises(InputError, match="`DEVTOOL_MIRROR_APT` names no http"):
            holding(system(DEVTOOL_MIRROR_APT=url))
    with pytest.raises(InputError, match=r"devtool.toml:3: `mirrors.pypi` must be an http"):
        holding(system(f'name = "p"\n[mirrors]\npypi = {url!r}\n'.replace("'", '"')))


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["pip=https://m.example"], "no kind is called so"),
        (["https://m.example"], "no kind is called so"),
        (["pypi=https://m.example", "pypi=https://n.example"], "`--mirror pypi=` is given twice"),
        (["conan=https://m.example"], "`devtool setup` fetches no Conan packages, so `--mirror conan="),
        (["apt=https://m.example"], "there is no `apt-get` here, so `--mirror apt=` would change nothing"),
        (["brew=https://m.example"], "there is no `brew` here"),
    ],
)
def test_a_flag_that_says_nothing_clear_is_refused(flags: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        supplied(system(), flags)


def test_an_unknown_kind_in_the_file_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match=r"devtool.toml:3: `mirrors.npm` is not a key"):
        holding(system('name = "p"\n[mirrors]\nnpm = "https://m.example"\n'))


def test_a_refusal_shows_no_login() -> None:
    with pytest.raises(InputError) as refusal:
        given(["pypi=ftp://me:hunter22@mirror.example"])

    assert "hunter22" not in f"{refusal.value.message} {refusal.value.hint}"
    assert Mirror("pypi", "https://me:hunter22@m.example:8443/x", "").shown == "https://m.example:8443/x"


def test_a_file_of_mirrors_alone_leaves_the_project_to_its_built_in_profile() -> None:
    files = FakeFiles(
        {
            "/checkout/go.mod": "module github.com/milvus-io/milvus\n\ngo 1.26.5\n",
            "/checkout/internal/core/CMakeLists.txt": "",
            "/checkout/devtool.toml": '[mirrors]\npypi = "https://file.example/simple"\n',
        }
    )
    with_file = fake_system(files=files)

    reading = read(with_file, "/checkout")

    assert reading.needs.project == "milvus"
    assert [each.source for each in stated_mirrors(with_file, "/checkout")] == ["devtool.toml:2"]


def told_of(system: System, *flags: str) -> dict[str, str]:
    return told(with_mirrors(system, mirrors(system, given(flags), ())).env)


def test_installers_are_told_the_address_with_its_login() -> None:
    flags = [
        "pypi=https://me:pw@m.example/simple",
        "go=https://m.example/go",
        "rustup=https://m.example/rust/",
        "brew=https://m.example/bottles",
        "goproxy=https://m.example",
    ]

    assert told_of(system(UV_DEFAULT_INDEX="https://other.example"), *flags) == {
        "PIP_INDEX_URL": "https://me:pw@m.example/simple",
        "UV_DEFAULT_INDEX": "https://me:pw@m.example/simple",
        "GO_DOWNLOAD_BASE_URL": "https://m.example/go",
        "RUSTUP_DIST_SERVER": "https://m.example/rust/",
        "RUSTUP_UPDATE_ROOT": "https://m.example/rust/rustup",
        "HOMEBREW_BOTTLE_DOMAIN": "https://m.example/bottles",
        "GOPROXY": "https://m.example,direct",
    }


def test_what_the_person_set_stands_and_its_kin_is_told_the_same() -> None:
    a, b = "https://a.example/simple", "https://b.example/simple"

    assert told_of(system(PIP_INDEX_URL=a)) == {"PIP_INDEX_URL": a, "UV_DEFAULT_INDEX": a}
    assert told_of(system(UV_DEFAULT_INDEX=b)) == {"PIP_INDEX_URL": b, "UV_DEFAULT_INDEX": b}
    assert told_of(system(UV_INDEX_URL=b)) == {"PIP_INDEX_URL": b}
    assert told_of(system(PIP_INDEX_URL=a, UV_DEFAULT_INDEX=b)) == {"PIP_INDEX_URL": a, "UV_DEFAULT_INDEX": b}
    assert told_of(system()) == {}


OWN = "/home/me/.config/devtool/mirrors.toml"


def with_own(text: str, project: str = FILE, **env: str) -> System:
    files = FakeFiles({OWN: text, "/checkout/devtool.toml": project})
    return fake_system(files=files, env={"HOME": "/home/me", "PATH": "/usr/bin", **env})


def test_a_persons_own_file_counts_before_the_checkouts_and_after_the_environment() -> None:
    text = '# mine\npypi = "https://mine.example/simple"\n'

    assert holding(with_own(text)) == {
        "pypi": ("https://mine.example/simple", f"{OWN}:2"),
        "go": ("https://file.example/go", "devtool.toml:4"),
    }
    assert holding(with_own(text, PIP_INDEX_URL="https://env.example"))["pypi"][1] == "PIP_INDEX_URL"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pypi = ", f"`{OWN}` is not valid TOML"),
        ('pip = "https://m.example"', f"{OWN}:1: `pip` is not a key of devtool's"),
        ('pypi = "m.example"', f"{OWN}:1: `pypi` must be an http or https address"),
    ],
)
def test_a_broken_file_of_a_persons_own_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        holding(with_own(text))


def test_what_a_file_names_gives_way_to_any_word_of_the_environment() -> None:
    chosen = with_own('goproxy = "https://m.example"\n', GOPROXY="off")

    assert supplied(chosen)[0].env["GOPROXY"] == "off"


def test_what_devtool_env_left_in_this_shell_is_not_taken_for_the_persons_word() -> None:
    kept = json.dumps({"PIP_INDEX_URL": {"before": None, "value": "https://old.example"}})
    evaluated = {"PIP_INDEX_URL": "https://old.example", RECORD: kept}

    told_now = supplied(with_own('pypi = "https://new.example"\n', **evaluated))[0].env
    assert told_now["PIP_INDEX_URL"] == "https://new.example"
    assert "PIP_INDEX_URL" not in supplied(system(**evaluated))[0].env


def test_builds_are_told_what_they_fetch_and_no_more() -> None:
    text = "".join(f'{kind} = "https://{kind}.example"\n' for kind in KINDS)
    owner = with_own(text, DEVTOOL_MIRROR_CRATES="https://m.example", GOPROXY="https://mine.example")
    chosen = supplied(owner)[1]

    assert {name: value for name, value, _ in told_to_builds(owner, chosen)} == {
        "PIP_INDEX_URL": "https://pypi.example",
        "UV_DEFAULT_INDEX": "https://pypi.example",
        "RUSTUP_DIST_SERVER": "https://rustup.example",
        "RUSTUP_UPDATE_ROOT": "https://rustup.example/rustup",
        "CONAN_ARTIFACTORY_URL": "https://conan.example",
    }
