"""What decides about a shared compile cache, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from devtool.errors import InputError
from devtool.model.command import Answer
from devtool.model.container import Blueprint, Service
from devtool.requirements.reading import built_in, find_profile
from devtool.requirements.tree import WorkingTree
from devtool.workflows.containers.sharing import Asker, Sharing, chosen, here, share, told
from tests.support import FakeFiles, FakeProcess, ended, fake_system

DESCRIBED = Blueprint("/checkout", "some", Service("dev", None), workspace="/work")
FEATURES = "version=4.7.5\nfeatures=file-storage http-storage redis-storage\n"
URL = "redis://secret-word@cache"


def answering(*texts: str) -> tuple[Asker, list[tuple[list[str], Mapping[str, str]]]]:
    """One that says these texts in turn, and what it was asked."""
    asked: list[tuple[list[str], Mapping[str, str]]] = []

    def ask(argv: list[str], variables: Mapping[str, str]) -> Answer:
        asked.append((argv[4:], variables))
        return ended(texts[len(asked) - 1])

    return ask, asked


@pytest.mark.parametrize(
    ("option", "env", "stated", "url"),
    [
        ("redis://a", "redis://b", "redis://c", "redis://a"),
        (None, "redis://b", "redis://c", "redis://b"),
        (None, None, "redis://c", "redis://c"),
        (None, None, None, None),
        ("", "redis://b", "redis://c", None),
        (None, "", "redis://c", None),
    ],
)
def test_the_command_line_comes_before_the_environment_and_that_before_the_checkout(
    option: str | None, env: str | None, stated: str | None, url: str | None
) -> None:
    written = {} if stated is None else {"/checkout/devtool.toml": f'[container]\ncache = "{stated}"\n'}
    system = fake_system(env={} if env is None else {"DEVTOOL_CACHE": env}, files=FakeFiles(written))

    assert chosen(system, option) == url


def test_a_wrong_address_is_refused_wherever_it_comes_from() -> None:
    with pytest.raises(InputError):
        chosen(fake_system(env={"DEVTOOL_CACHE": "cache:6379"}), None)


def test_a_checkout_that_states_only_a_cache_is_still_known_for_what_it_is() -> None:
    files = {
        "/checkout/devtool.toml": '[container]\ncache = "redis://cache"\n',
        "/checkout/go.mod": "module github.com/milvus-io/milvus\n",
    }
    tree = WorkingTree(fake_system(files=FakeFiles(files)), "/checkout")

    profile = find_profile(tree, "checkout")

    assert profile is not None
    assert (profile.name, profile.container.cache) == ("milvus", "redis://cache")
    assert profile.container.services == built_in("milvus").container.services


def test_a_wrong_address_in_devtool_toml_is_refused_with_its_line_and_without_its_login() -> None:
    text = '[container]\ncache = "rediss://secret-word@cache"\n'
    system = fake_system(files=FakeFiles({"/checkout/devtool.toml": text}))

    with pytest.raises(InputError) as refused:
        chosen(system, None)

    assert refused.value.message.startswith("devtool.toml:2:")
    assert "secret-word" not in refused.value.message


def test_a_storage_that_answers_is_shared_and_the_login_goes_there_alone() -> None:
    ask, asked = answering(f"{FEATURES}reached=yes\nanswer=+OK\ncache_miss\t5\n")

    sharing = share(ask, DESCRIBED, URL)

    assert sharing.environment["CCACHE_REMOTE_STORAGE"].startswith("redis://secret-word@cache|")
    assert (sharing.note, sharing.shown, sharing.before) == (None, "redis://cache", {"cache_miss": 5})
    assert asked[0][0] == ["redis", "cache", "6379"]
    assert "secret-word" in asked[0][1]["DEVTOOL_REQUEST"]
    assert "secret-word" not in repr(sharing)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "there is no ccache where the build runs"),
        ("version=3.7.7\nreached=yes\n", "ccache 3.7 where the build runs has no storage to share, 4.4 has"),
        (
            "version=4.7.5\nfeatures=file-storage http-storage\nreached=yes\n",
            "ccache 4.7 where the build runs speaks no `redis`",
        ),
        (f"{FEATURES}reached=no\n", "it does not answer where the build runs"),
        (f"{FEATURES}reached=yes\nanswer=-WRONGPASS invalid. more\n", "it says `WRONGPASS invalid`"),
    ],
)
def test_a_storage_that_serves_nobody_is_left_out_with_a_line(said: str, why: str) -> None:
    ask, _ = answering(said)

    sharing = share(ask, DESCRIBED, URL)

    assert sharing.environment == {}
    assert sharing.note == f"nothing is shared over `redis://cache`: {why}"


@pytest.mark.parametrize("said", ["helper=redis\nfeatures=file-storage\n", ""])
def test_a_helper_of_ccache_or_an_old_one_that_names_no_features_will_do(said: str) -> None:
    ask, _ = answering(f"version=4.5\n{said}reached=yes\n")

    assert share(ask, DESCRIBED, "redis://cache").note is None


def test_hosts_that_ccache_makes_up_itself_are_not_asked() -> None:
    ask, asked = answering(f"{FEATURES}reached=yes\n")

    assert share(ask, DESCRIBED, "redis://cache-*.example|shards=a,b").note is None
    assert asked[0][0] == ["redis", "", "6379"]


def test_what_was_spared_is_told_from_the_difference() -> None:
    before = "direct_cache_hit\t10\npreprocessed_cache_hit\t0\ncache_miss\t5\nremote_storage_hit\t1\n"
    after = "direct_cache_hit\t17\npreprocessed_cache_hit\t1\ncache_miss\t7\nremote_storage_hit\t5\n"
    ask, _ = answering(f"{FEATURES}reached=yes\n{before}", after)

    assert told(ask, share(ask, DESCRIBED, URL)) == (
        "ccache: 8 of 10 compilations were in the cache, 4 of them from `redis://cache`"
    )


def test_a_storage_that_failed_on_the_way_is_told() -> None:
    ask, _ = answering(
        f"{FEATURES}reached=yes\ncache_miss\t0\n", "cache_miss\t3\nsecondary_storage_timeout\t2\n"
    )

    assert told(ask, share(ask, DESCRIBED, URL)) == (
        "ccache: 0 of 3 compilations were in the cache, 0 of them from `redis://cache`; it failed 2 times"
    )


def test_a_build_that_compiled_nothing_is_told_nothing_of() -> None:
    ask, _ = answering("cache_miss\t3\n", "cache_miss\t3\n")

    assert told(ask, share(ask, DESCRIBED, None)) is None
    assert told(ask, Sharing()) is None


def test_a_build_on_this_machine_asks_here() -> None:
    process = FakeProcess({"sh -c ccache": ended("cache_miss\t1\n")})

    answer = here(fake_system(process=process), {"CCACHE_DIR": "/c"})(["sh", "-c", "ccache"], {})

    assert answer.stdout == "cache_miss\t1\n"
    process.assert_used()
