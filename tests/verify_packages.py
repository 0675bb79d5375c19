"""Look up the package names of `devtool/packages` in a release's own index, and write down which are there.

    python -m tests.verify_packages debian-12 debian-13
    python -m tests.verify_packages --mirror URL ubuntu-24.04
    python -m tests.verify_packages --here fedora-42
    python -m tests.verify_packages --homebrew-core CLONE macos-14 macos-15
    python -m tests.verify_packages --check

A release with apt is asked through this machine's own apt, whichever release
this machine is: with lists in a temporary folder, signatures verified, and from
the mirror that this machine uses for that distribution, or from `--mirror`.
Any other is asked where it runs, by its own package manager: `--here`. Homebrew's
names are looked up in a clone of github.com/Homebrew/homebrew-core too, at its
HEAD, which is written down with them: formulae and their aliases.

The names that were found are written to `devtool/packages/verified.toml`, and
so are those that were not. What nobody looked up is not in that file, and
counts as unverified. `--check` only says what is there; exit status 1 means
that a name was looked up and is not in the index.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from devtool.adapters.package_names import FILES, Distribution, distribution
from devtool.system.toml import loads

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "devtool" / "packages" / "verified.toml"
SUITES = {
    "debian-12": ("bookworm", "main"),
    "debian-13": ("trixie", "main"),
    "ubuntu-20.04": ("focal", "main universe"),
    "ubuntu-22.04": ("jammy", "main universe"),
    "ubuntu-24.04": ("noble", "main universe"),
}
KEYRINGS = {
    "debian": "/usr/share/keyrings/debian-archive-keyring.gpg",
    "ubuntu": "/usr/share/keyrings/ubuntu-archive-keyring.gpg",
}
LOCAL = {
    "dnf": ("dnf", "--quiet", "info"),
    "pacman": ("pacman", "-Si"),
    "zypper": ("zypper", "--non-interactive", "search", "--match-exact"),
    "apk": ("apk", "search", "--exact"),
    "brew": ("brew", "info", "--formula"),
}
HEAD = "# Written by `python -m tests.verify_packages`; what is not here was looked up by nobody.\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("releases", nargs="*", metavar="FILE-RELEASE", help="such as debian-12")
    parser.add_argument("--mirror", help="where a release with apt lies")
    parser.add_argument("--here", action="store_true", help="ask the package manager of this machine")
    parser.add_argument("--homebrew-core", metavar="CLONE", help="look Homebrew's names up there")
    parser.add_argument("--check", action="store_true", help="say what is written down, and look up nothing")
    chosen = parser.parse_args()
    known: dict[str, Any] = loads(RECORD.read_text()) if RECORD.exists() else {}
    for release in chosen.releases:
        file = release.partition("-")[0]
        if file not in FILES:
            parser.error(f"`{file}` is not among {', '.join(FILES)}")
        where = distribution(file)
        names, source = wanted(where), {}
        if chosen.here:
            found = by_manager(where, names)
        elif where.manager == "brew":
            if not chosen.homebrew_core:
                parser.error(f"`{release}` takes `--homebrew-core CLONE`, or `--here` on such a machine")
            found, commit = by_formulae(chosen.homebrew_core, names)
            source = {"in": f"homebrew-core {commit}"}
        elif release in SUITES:
            found = by_apt(release, names, chosen.mirror)
        else:
            parser.error(f"`{release}` has no apt: ask it where it runs, by `--here`")
        today = datetime.datetime.now(tz=datetime.timezone.utc).date().isoformat()
        missing = [name for name in names if name not in found]
        known[release] = {"on": today, **source, "found": sorted(found), "missing": missing}
    if chosen.releases and not chosen.check:
        RECORD.write_text(HEAD + "".join(told(name, known[name]) for name in sorted(known)))
    return report(known)


def wanted(where: Distribution) -> list[str]:
    """Every name of one distribution."""
    return sorted({name for names in where.names.values() for name in names})


def by_apt(release: str, names: Sequence[str], mirror: str | None) -> set[str]:
    """Those that a release's index holds as real packages."""
    file = release.partition("-")[0]
    suite, components = SUITES[release]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for each in ("state/lists/partial", "cache/archives/partial", "parts"):
            (place / each).mkdir(parents=True)
        line = f"deb [signed-by={KEYRINGS[file]}] {mirror or own_mirror(file)} {suite} {components}\n"
        (place / "sources.list").write_text(line)
        options = [
            *("-o", f"Dir::State={place}/state", "-o", "Dir::State::status=/dev/null"),
            *("-o", f"Dir::Cache={place}/cache", "-o", f"Dir::Etc::SourceList={place}/sources.list"),
            *("-o", f"Dir::Etc::SourceParts={place}/parts", "-o", "Acquire::Languages=none"),
            # The person that apt steps down to could not enter the temporary folder.
            *("-o", "APT::Sandbox::User="),
        ]
        subprocess.run(["apt-get", *options, "update", "--error-on=any", "-qq"], check=True)
        policy = ["apt-cache", *options, "policy", *names]
        answer = subprocess.run(policy, capture_output=True, text=True, check=True).stdout
    found: set[str] = set()
    name = ""
    for line in answer.splitlines():
        if not line.startswith(" "):
            name = line.rstrip(":")
        elif line.startswith("  Candidate: ") and "(none)" not in line:
            found.add(name)
    return found


def own_mirror(file: str) -> str:
    """Where this machine's apt finds that distribution."""
    argv = [
        "apt-get",
        "indextargets",
        "--format",
        "$(ORIGIN) $(REPO_URI) $(CODENAME)",
        "Created-By: Packages",
    ]
    for line in subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines():
        origin, uri, codename = (*line.split(" "), "", "")[:3]
        if origin.lower() == file and not codename.endswith("-security"):
            return uri
    sys.exit(f"this machine knows no mirror of {file}: name one by `--mirror URL`")


def by_manager(where: Distribution, names: Iterable[str]) -> set[str]:
    """Those that this machine's own package manager knows."""
    found = set()
    for name in names:
        answer = subprocess.run([*LOCAL[where.manager], name], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and answer.stdout.strip():
            found.add(name)
    return found


def by_formulae(clone: str, names: Iterable[str]) -> tuple[set[str], str]:
    """Those that are formulae, or aliases of one, at the clone's HEAD; and that commit."""
    git = ["git", "-C", clone]
    asked = [*git, "ls-tree", "-r", "-z", "--name-only", "HEAD", "Formula", "Aliases"]
    paths = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split("\0")
    there = {Path(path).name.removesuffix(".rb") for path in paths}
    head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout
    return {name for name in names if name in there}, head.strip()


def told(release: str, facts: dict[str, Any]) -> str:
    """One release as TOML."""
    lines = [f"{key} = {json.dumps(facts[key])}" for key in ("on", "in") if key in facts]
    for key in ("found", "missing"):
        inside = "".join(f"  {json.dumps(name)},\n" for name in facts[key])
        lines.append(f"{key} = [\n{inside}]" if inside else f"{key} = []")
    return f'\n["{release}"]\n' + "\n".join(lines) + "\n"


def report(known: dict[str, Any]) -> int:
    """Say for every release what is known of its names; 1 when one was looked up in vain."""
    vain = False
    for file in FILES:
        where = distribution(file)
        for release in where.releases or ("",):
            name = "-".join(filter(None, (file, release)))
            facts = known.get(name)
            count = len(wanted(where))
            if facts is None:
                print(f"{name:16} {count} names, none looked up")
                continue
            lacking = [each for each in wanted(where) if each not in facts["found"]]
            vain |= bool(lacking)
            print(f"{name:16} {count - len(lacking)} of {count} names found on {facts['on']}", *lacking)
    return int(vain)


if __name__ == "__main__":
    sys.exit(main())
