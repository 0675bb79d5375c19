"""Where Go and rustup come from, for every machine they are made for."""

from __future__ import annotations

import dataclasses

import pytest

from devtool.adapters.toolchain_sources import go_archive, rustup, with_login
from tests.support import fake_system
from tests.support.samples import LINUX

ALPINE = dataclasses.replace(LINUX, distribution="alpine")


@pytest.mark.parametrize(
    ("os", "architecture", "go", "rust"),
    [
        ("linux", "x86_64", "linux-amd64", "x86_64-unknown-linux-gnu"),
        ("linux", "arm64", "linux-arm64", "aarch64-unknown-linux-gnu"),
        ("macos", "x86_64", "darwin-amd64", "x86_64-apple-darwin"),
        ("macos", "arm64", "darwin-arm64", "aarch64-apple-darwin"),
    ],
)
def test_each_machine_has_its_own(os: str, architecture: str, go: str, rust: str) -> None:
    host = dataclasses.replace(LINUX, os=os, architecture=architecture)

    archive = go_archive(fake_system(), host, "1.26.5", "why")
    installer = rustup(fake_system(), host, ("1.92",), "why")

    assert archive is not None
    assert installer is not None
    assert archive.url == f"https://go.dev/dl/go1.26.5.{go}.tar.gz"
    assert archive.checksum_url == f"https://dl.google.com/go/go1.26.5.{go}.tar.gz.sha256"
    assert installer.url == f"https://static.rust-lang.org/rustup/dist/{rust}/rustup-init"


@pytest.mark.parametrize(
    ("stated", "released"),
    [
        ("1.26.5", "1.26.5"),
        ("1.21", "1.21.0"),
        ("1.20", "1.20"),
        ("1.26rc1", "1.26rc1"),
        ("1.18.10", "1.18.10"),
    ],
)
def test_a_version_is_spelled_as_it_was_released(stated: str, released: str) -> None:
    archive = go_archive(fake_system(), LINUX, stated, "why")

    assert archive is not None
    assert archive.version == released
    assert f"/go{released}.linux-amd64" in archive.url


def test_a_mirror_serves_archive_and_checksum_alike() -> None:
    named = go_archive(fake_system(), LINUX, "1.26.5", "why", "https://mirror.example/golang/")
    env = {"HOME": "/home/me", "GO_DOWNLOAD_BASE_URL": "https://mirror.example/go"}
    set_ = go_archive(fake_system(env=env), LINUX, "1.26.5", "why")

    assert named is not None
    assert set_ is not None
    assert named.url == "https://mirror.example/golang/go1.26.5.linux-amd64.tar.gz"
    assert set_.checksum_url == "https://mirror.example/go/go1.26.5.linux-amd64.tar.gz.sha256"


@pytest.mark.parametrize(
    ("env", "given", "root"),
    [
        ({"RUSTUP_UPDATE_ROOT": "https://m/rustup"}, None, "https://m/rustup"),
        ({"RUSTUP_DIST_SERVER": "https://m/"}, None, "https://m/rustup"),
        ({"RUSTUP_UPDATE_ROOT": "https://m/up", "RUSTUP_DIST_SERVER": "https://n"}, None, "https://m/up"),
        ({"RUSTUP_UPDATE_ROOT": "https://m/up"}, "https://o", "https://o/rustup"),
    ],
)
def test_the_mirrors_of_rustup_are_honoured(env: dict[str, str], given: str | None, root: str) -> None:
    system = fake_system(env={"HOME": "/home/me", **env})

    installer = rustup(system, LINUX, ("1.92",), "why", dist_server=given)

    assert installer is not None
    assert installer.url == f"{root}/dist/x86_64-unknown-linux-gnu/rustup-init"
    assert (("RUSTUP_DIST_SERVER", given) in installer.settings) == (given is not None)


def test_on_musl_rustup_is_another_and_an_old_go_has_no_c_library() -> None:
    installer = rustup(fake_system(), ALPINE, ("1.92",), "why")

    assert installer is not None
    assert "/x86_64-unknown-linux-musl/" in installer.url
    assert go_archive(fake_system(), ALPINE, "1.20", "why") is None
    assert go_archive(fake_system(), ALPINE, "1.26.5", "why") is not None


def test_without_a_home_there_is_no_place_for_any() -> None:
    homeless = fake_system(env={"PATH": "/usr/bin"})

    assert go_archive(homeless, LINUX, "1.26.5", "why") is None
    assert rustup(homeless, LINUX, ("1.92",), "why") is None


def test_what_is_no_version_becomes_no_address() -> None:
    assert go_archive(fake_system(), LINUX, "1.26.5/../../x", "why") is None


def test_a_mirrors_login_is_in_no_action_and_joins_the_download_alone() -> None:
    env = {
        "HOME": "/home/me",
        "GO_DOWNLOAD_BASE_URL": "https://me:hunter22@mirror.example:8443/go",
        "RUSTUP_DIST_SERVER": "https://rust:hunter23@rust.example",
    }
    system = fake_system(env=env)

    archive = go_archive(system, LINUX, "1.26.5", "why")
    installer = rustup(system, LINUX, ("1.92",), "why", dist_server=env["RUSTUP_DIST_SERVER"])

    assert archive is not None
    assert installer is not None
    assert "hunter" not in repr((archive, installer))
    assert with_login(archive.url, env) == (
        "https://me:hunter22@mirror.example:8443/go/go1.26.5.linux-amd64.tar.gz"
    )
    assert with_login(installer.url, env).startswith("https://rust:hunter23@rust.example/rustup/dist/")
    for other in ("https://go.dev/dl/x", "http://rust.example/x", "https://mirror.example/x", "https://[::1"):
        assert with_login(other, env) == other


def test_a_mirror_that_is_no_address_is_left_for_the_download_to_refuse() -> None:
    archive = go_archive(fake_system(), LINUX, "1.26.5", "why", "https://[::1/go")

    assert archive is not None
    assert archive.url.startswith("https://[::1/go/")
