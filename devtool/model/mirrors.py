"""Mirrors: which kinds there are, how each is named, and what an address of one may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit


@dataclass(frozen=True)
class MirrorKind:
    """One kind of thing that is fetched, and the variables that say from where."""

    what: str
    customary: tuple[str, ...] = ()
    """Variables of the tools themselves, in which people name it; the first that is set counts."""
    told: tuple[tuple[str, str], ...] = ()
    """Variables by which programs are told, and values with `{}` for the address."""
    by_setup: bool = True
    """Whether `setup` itself has such things fetched."""
    by_builds: bool = False
    """Whether builds do, and are told by `devtool env`."""
    program: str | None = None
    """The program that alone fetches such things."""
    remark: str = ""
    """What a person might expect, and is not so."""


KINDS: Mapping[str, MirrorKind] = {
    "pypi": MirrorKind(
        "Python packages",
        ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"),
        (("PIP_INDEX_URL", "{}"), ("UV_DEFAULT_INDEX", "{}")),
        by_builds=True,
    ),
    "go": MirrorKind("Go itself", ("GO_DOWNLOAD_BASE_URL",), (("GO_DOWNLOAD_BASE_URL", "{}"),)),
    "goproxy": MirrorKind("Go modules", ("GOPROXY",), (("GOPROXY", "{},direct"),), by_builds=True),
    "rustup": MirrorKind(
        "Rust itself",
        ("RUSTUP_DIST_SERVER",),
        (("RUSTUP_DIST_SERVER", "{}"), ("RUSTUP_UPDATE_ROOT", "{}/rustup")),
        by_builds=True,
    ),
    # Cargo reads a replaced source from its configuration alone, never from a variable:
    # https://doc.rust-lang.org/cargo/reference/config.html#source
    "crates": MirrorKind("Rust crates", remark="for a Rust that devtool installed, and no other"),
    "conan": MirrorKind(
        "Conan packages",
        ("CONAN_ARTIFACTORY_URL",),
        (("CONAN_ARTIFACTORY_URL", "{}"),),
        by_setup=False,
        by_builds=True,
        remark="for builds, which `devtool env` tells",
    ),
    "apt": MirrorKind("packages of Debian and Ubuntu", program="apt-get"),
    "brew": MirrorKind(
        "bottles of Homebrew",
        ("HOMEBREW_BOTTLE_DOMAIN",),
        (("HOMEBREW_BOTTLE_DOMAIN", "{}"),),
        by_builds=True,
        program="brew",
    ),
}
"""By the name that flags and files use."""


@dataclass(frozen=True)
class Mirror:
    """One mirror, and who named it."""

    kind: str
    """One of the keys of KINDS."""
    url: str
    """With the login that it may carry."""
    source: str
    """Such as `--mirror`, the name of a variable, or `devtool.toml:3`."""

    @property
    def shown(self) -> str:
        """The address without its login."""
        parts = _split(self.url)
        if parts is None:
            return self.url
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))

    @property
    def has_login(self) -> bool:
        """Whether the address carries one."""
        return self.shown != self.url

    @property
    def line(self) -> str:
        """What comes from where and who said so, for a person."""
        what = f"{self.kind}: {KINDS[self.kind].what} from {self.shown} (`{self.source}`)"
        return "; ".join(filter(None, (what, KINDS[self.kind].remark)))

    @property
    def is_used(self) -> bool:
        """Whether `setup` has such things fetched."""
        return KINDS[self.kind].by_setup

    @property
    def variables(self) -> tuple[tuple[str, str], ...]:
        """What installers are told, the login included."""
        return self._told(self.url)

    @property
    def shown_variables(self) -> tuple[tuple[str, str], ...]:
        """What installers are told, without the login."""
        return self._told(self.shown)

    def _told(self, url: str) -> tuple[tuple[str, str], ...]:
        return tuple(
            (name, value.replace("{}", url if value == "{}" else url.rstrip("/")))
            for name, value in KINDS[self.kind].told
        )


def own_variable(kind: str) -> str:
    """The variable of devtool's own that names a mirror of any kind."""
    return f"DEVTOOL_MIRROR_{kind.upper()}"


def is_address(url: str) -> bool:
    """Whether it is an http or https address that a mirror could have."""
    parts = _split(url)
    if parts is None or not url.isprintable():
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        usable = parts.port != 0 and " " not in url
    except ValueError:  # the port, if nothing before it
        return None
    return parts if usable else None
