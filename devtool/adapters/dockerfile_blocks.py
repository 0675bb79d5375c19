"""Instructions of a Dockerfile that bring what no package does, verified, whatever the processor."""

from __future__ import annotations

from devtool.adapters.toolchain_sources import GO_VARIABLE, RUSTUP_UPDATES, RUSTUP_VARIABLES

HOME = "/home/developer"
"""Of the person inside."""
GO_MIRROR = GO_VARIABLE
RUST_MIRRORS = RUSTUP_VARIABLES
PYPI_MIRROR = "PIP_INDEX_URL"
"""As pip itself reads it; where nobody sets it, it is not there."""
_GO_DOWNLOADS = "https://dl.google.com/go"
_RUST_SERVER = RUSTUP_UPDATES.rpartition("/")[0]
# The last that was tried; it brings Pythons, and each of them with a checksum that it holds.
_UV = "0.13.8"


def go_archive(version: str, why: str) -> str:
    """Go from its official archive, held against the checksum beside it."""
    return f"""# Go {version} from its official archive: {why}.
ARG {GO_MIRROR}
RUN archive="${{{GO_MIRROR}:-{_GO_DOWNLOADS}}}/go{version}.linux-$(dpkg --print-architecture).tar.gz" \\
    && curl -fsSL -o /tmp/go.tar.gz "$archive" \\
    && curl -fsSL -o /tmp/go.sha256 "$archive.sha256" \\
    && echo "$(cut -c1-64 /tmp/go.sha256)  /tmp/go.tar.gz" > /tmp/go.sum \\
    && sha256sum -c /tmp/go.sum \\
    && tar -C /usr/local -xf /tmp/go.tar.gz \\
    && rm /tmp/go.*
ENV PATH=/usr/local/go/bin:$PATH
"""


def rustup(toolchains: tuple[str, ...], why: str) -> str:
    """rustup with these toolchains, the first as default, in the person's home."""
    update_root, dist_server = RUST_MIRRORS
    further = "".join(
        f' \\\n    && "$CARGO_HOME/bin/rustup" toolchain install --profile minimal --no-self-update {name}'
        for name in toolchains[1:]
    )
    named = " and ".join(toolchains)
    return f"""# rustup with Rust {named}: {why}.
ARG {update_root}
ARG {dist_server}
RUN export CARGO_HOME={HOME}/.cargo {dist_server}="${{{dist_server}:-{_RUST_SERVER}}}" \\
    && installer="${{{update_root}:-${dist_server}/rustup}}/dist/$(uname -m)-unknown-linux-gnu/rustup-init" \\
    && curl -fsSL -o /tmp/rustup-init "$installer" \\
    && curl -fsSL -o /tmp/rustup-init.sha256 "$installer.sha256" \\
    && echo "$(cut -c1-64 /tmp/rustup-init.sha256)  /tmp/rustup-init" > /tmp/rustup-init.sum \\
    && sha256sum -c /tmp/rustup-init.sum \\
    && chmod 755 /tmp/rustup-init \\
    && /tmp/rustup-init -y --no-modify-path --profile default --default-toolchain {toolchains[0]}{further} \\
    && rm /tmp/rustup-init*
ENV PATH={HOME}/.cache/cargo/bin:{HOME}/.cargo/bin:$PATH
"""


def python_tool(tool: str, version: str, programs: tuple[tuple[str, str], ...], why: str) -> str:
    """A tool from PyPI in an environment of its own; `programs` are what it is called there, and on PATH."""
    links = " \\\n    && ".join(
        f"ln -s /opt/{tool}/bin/{name} /usr/local/bin/{link}" for name, link in programs
    )
    return f"""# {tool} {version} in an environment of its own: {why}.
ARG {PYPI_MIRROR}
RUN /usr/bin/python3 -m venv /opt/{tool} \\
    && /opt/{tool}/bin/pip install --no-cache-dir {tool}=={version} \\
    && {links}
"""


def python_environment() -> str:
    """An environment that `pip install` may change."""
    return f"""# What `pip install` brings lies here: Debian keeps its own Python to its own packages.
RUN python3 -m venv {HOME}/.venv
ENV VIRTUAL_ENV={HOME}/.venv \\
    PATH={HOME}/.venv/bin:$PATH
"""


def python_release(release: str, why: str) -> str:
    """A Python that the distribution does not have, by uv, which holds it against its own checksum."""
    return f"""# Python {release}: {why}.
ENV UV_PYTHON_INSTALL_DIR=/opt/python \\
    UV_PYTHON_BIN_DIR=/usr/local/bin
ARG {PYPI_MIRROR}
RUN /usr/bin/python3 -m venv /opt/uv \\
    && /opt/uv/bin/pip install --no-cache-dir uv=={_UV} \\
    && /opt/uv/bin/uv python install {release} \\
    && ln -s python{release} /usr/local/bin/python3 \\
    && ln -s python{release} /usr/local/bin/python
"""
