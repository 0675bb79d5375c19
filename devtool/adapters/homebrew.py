"""Where Homebrew belongs on each kind of machine. https://docs.brew.sh/Installation"""

from __future__ import annotations

from devtool.model.host import Host

APPLE_SILICON, INTEL, LINUX = "/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew"
PREFIXES = (APPLE_SILICON, INTEL, LINUX)


def prefix_for(host: Host) -> str:
    """The prefix for this machine's processor."""
    if host.os != "macos":
        return LINUX
    return APPLE_SILICON if host.architecture == "arm64" else INTEL


def other_prefix(host: Host) -> str:
    """The prefix for a Mac's other kind of processor."""
    return INTEL if prefix_for(host) == APPLE_SILICON else APPLE_SILICON
