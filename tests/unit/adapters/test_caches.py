"""Which caches a project needs, where they are mounted, and what tells the tools."""

from __future__ import annotations

import pytest

from devtool.adapters.caches import environment, missing, wanted
from devtool.model.container import Mount, Service
from devtool.model.requirement import Needs, Requirement


def needs(**specifiers: str | None) -> Needs:
    return Needs("some", "/checkout", tuple(Requirement(t, s, "pinned") for t, s in specifiers.items()))


def names(found: Needs, files: tuple[str, ...] = (), **decided: str) -> list[str]:
    return [cache.name for cache in wanted(found, files, decided)]


def service(*targets: str, **decided: str) -> Service:
    mounts = tuple(Mount("bind", f"/host{target}", target) for target in targets)
    return Service("builder", "image", environment=decided, mounts=mounts)


def test_a_project_needs_the_caches_of_its_tools() -> None:
    found = needs(go=">=1.21", rust="==1.92", ccache="", conan="==2.25.1", cmake=">=3.26")

    assert names(found) == ["ccache", "go-build", "go-mod", "cargo", "conan2"]


@pytest.mark.parametrize(
    ("specifier", "decided", "cache"),
    [
        ("==1.61.0", {}, "conan1"),
        (">=1.58,<2", {}, "conan1"),
        ("<2", {}, "conan1"),
        (">=2", {}, "conan2"),
        ("==2.*", {}, "conan2"),
        (None, {}, "conan2"),
        (None, {"CONAN_USER_HOME": "/home/milvus"}, "conan1"),
        ("", {"CONAN_HOME": "/home/milvus/.conan2", "CONAN_USER_HOME": "/home/milvus"}, "conan2"),
    ],
)
def test_conans_majors_keep_caches_apart(specifier: str | None, decided: dict[str, str], cache: str) -> None:
    assert names(needs(conan=specifier), **decided) == [cache]


def test_a_tool_that_this_checkout_does_without_needs_no_cache() -> None:
    found = Needs("some", "/checkout", (Requirement("rust", None, "declared", needed=False),))

    assert names(found) == []


def test_files_tell_where_nothing_states_what_a_project_needs() -> None:
    found = Needs(None, "/checkout")

    assert names(found, ("go.mod", "CMakeLists.txt")) == ["ccache", "go-build", "go-mod"]
    assert names(found, ("Cargo.toml", "conanfile.py")) == ["cargo", "conan2"]
    assert names(found, ("README.md",)) == []


def test_what_the_project_mounts_itself_is_left_to_it() -> None:
    caches = wanted(needs(go="", rust="", ccache="", conan="==2.25.1"), (), {})
    milvus = service(
        "/go/src/milvus", "/ccache", "/go/pkg/mod", "/home/milvus/.conan2",
        CCACHE_DIR="/ccache", CONAN_HOME="/home/milvus/.conan2",
    )  # fmt: skip

    assert missing(caches, milvus, "milvus") == (
        Mount("volume", "milvus-devtool-go-build", "/var/cache/devtool/go-build"),
        Mount("volume", "milvus-devtool-cargo", "/var/cache/devtool/cargo"),
    )


def test_a_place_that_the_project_decides_gets_the_volume() -> None:
    caches = wanted(needs(ccache="", conan="==1.61"), (), {})

    found = missing(caches, service(CCACHE_DIR="/fast/cc/", CONAN_USER_HOME="/srv"), "some")

    assert [mount.target for mount in found] == ["/fast/cc", "/srv/.conan"]


def test_a_mounted_folder_above_holds_the_cache() -> None:
    caches = wanted(needs(conan="==2.0"), (), {})

    assert missing(caches, service("/srv", CONAN_HOME="/srv/conan"), "some") == ()


def test_tools_are_told_of_caches_that_nothing_tells_them_of() -> None:
    targets = [
        "/work", "/root/.ccache", "/go/pkg/mod", "/var/cache/devtool/go-build", "/var/cache/devtool/conan2",
        "/var/cache/devtool/conan1/.conan", "/var/cache/devtool/cargo",
    ]  # fmt: skip

    assert environment(targets, {"GOMODCACHE": "/go/pkg/mod"}) == {
        "CCACHE_DIR": "/root/.ccache",
        "GOCACHE": "/var/cache/devtool/go-build",
        "CONAN_HOME": "/var/cache/devtool/conan2",
        "CONAN_USER_HOME": "/var/cache/devtool/conan1",
    }
