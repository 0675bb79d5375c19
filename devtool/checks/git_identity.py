"""Whether commits and sign-offs carry a name and an address that are the person's own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from devtool.checks.check import finding
from devtool.checks.git_configuration import Configuration, Unread, read_here
from devtool.model.host import Host
from devtool.model.remedy import Remedy, SetGitKey
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System

_PLACEHOLDER_NAMES = {
    "your name",
    "your full name",
    "john doe",
    "jane doe",
    "name",
    "user",
    "unknown",
    "root",
}
# Hosts that documents use (RFC 2606) and hosts that git makes up from the machine's name.
_PLACEHOLDER_ADDRESS = re.compile(
    r"(?:[^@]*|.*@(?:.*\.)?(?:example\.(?:com|org|net)|localhost|localdomain|\(none\))|.*@.*\.local)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Identity:
    """One role's name and address, None where nothing states them."""

    name: str | None
    email: str | None

    @property
    def line(self) -> str:
        """As git writes it into a commit."""
        return f"{self.name} <{self.email}>"


def examine_identity(system: System, host: Host, needs: Needs) -> Finding:
    """Tell who would author, commit and sign off here, without git's guesses from the machine's name."""
    configuration = read_here(system, needs)
    if isinstance(configuration, Unread):
        return finding("git-identity", configuration.severity, configuration.reason, *configuration.evidence)
    author = _identity(system, configuration, "author")
    committer = _identity(system, configuration, "committer")
    missing = [
        key
        for key, value in (
            ("user.name", author.name and committer.name),
            ("user.email", author.email and committer.email),
        )
        if not value
    ]
    if missing:
        return finding(
            "git-identity",
            "failure" if needs.project else "warning",
            f"git does not know your {' and '.join(missing)}: neither a commit nor its sign-off can name you",
            remedies=(_tell(missing, _known(author, committer)),),
        )
    doubtful = [key for key, value in _values(author, committer) if _placeholder(key, value)]
    if doubtful:
        keys = list(dict.fromkeys(doubtful))
        said = (
            f"{keys[0]} is a placeholder" if len(keys) == 1 else "user.name and user.email are placeholders"
        )
        return finding(
            "git-identity", "warning", f"git's {said}: {committer.line}", remedies=(_tell(keys, {}),)
        )
    if author != committer:
        return finding(
            "git-identity",
            "warning",
            f"author {author.line} and committer {committer.line} differ: "
            "the sign-off names the committer, and the DCO check compares it with the author",
            remedies=(Remedy("unset `GIT_AUTHOR_*`, `GIT_COMMITTER_*`, `author.*` or `committer.*`"),),
        )
    return finding("git-identity", "ok", f"commits are by {committer.line}")


def _identity(system: System, configuration: Configuration, role: str) -> Identity:
    """By the precedence of git-commit(1): variables, the role's own keys, `user.*`, and `EMAIL` last."""
    env = system.env
    name = env.get(f"GIT_{role.upper()}_NAME") or configuration.value(f"{role}.name")
    email = env.get(f"GIT_{role.upper()}_EMAIL") or configuration.value(f"{role}.email")
    return Identity(
        name or configuration.value("user.name"),
        email or configuration.value("user.email") or env.get("EMAIL") or None,
    )


def _values(author: Identity, committer: Identity) -> list[tuple[str, str]]:
    names = [("user.name", i.name or "") for i in (author, committer)]
    return names + [("user.email", i.email or "") for i in (author, committer)]


def _placeholder(key: str, value: str) -> bool:
    if key == "user.name":
        return value.strip().lower() in _PLACEHOLDER_NAMES
    return _PLACEHOLDER_ADDRESS.fullmatch(value.strip()) is not None


def _known(author: Identity, committer: Identity) -> dict[str, str]:
    """What one role states and the other lacks, unless it is a placeholder."""
    found = {"user.name": author.name or committer.name, "user.email": author.email or committer.email}
    return {key: value for key, value in found.items() if value and not _placeholder(key, value)}


def _tell(keys: list[str], known: dict[str, str]) -> Remedy:
    """Set what is known; an identity is never invented."""
    fields = [key.removeprefix("user.") for key in keys if key not in known]
    actions = tuple(
        SetGitKey(key, known[key], "the other role of your commits states it") for key in keys if key in known
    )
    if not fields:
        return Remedy("take over what the other role of your commits states", actions)
    return Remedy(
        f"run `git config --global --edit` and fill in `{'` and `'.join(fields)}` under `[user]`, "
        "as your GitHub account has them",
        actions,
    )
