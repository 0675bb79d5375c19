"""What `devtool host` says of this machine, held against what the machine's own programs say."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.real


def test_the_host_is_what_the_machines_own_programs_say(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "devtool", "-C", str(tmp_path), "host", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )

    host = json.loads(answer.stdout)
    assert host["schema"] == 1
    assert host["os"] == {"Linux": "linux", "Darwin": "macos"}[platform.system()]
    assert host["kernel"] == platform.release()
    assert host["architecture"] in ("x86_64", "arm64")
    assert host["memory_bytes"] == pytest.approx(psutil.virtual_memory().total, rel=0.01)
    assert host["disk_path"] == str(tmp_path)
    assert host["disk_free_bytes"] == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.1)
    assert host["page_size_bytes"] == os.sysconf("SC_PAGE_SIZE")
    assert host["is_root"] == (os.geteuid() == 0)
    assert all(shutil.which(name) for name in host["package_managers"])


@pytest.mark.skipif(sys.platform != "linux", reason="os-release is Linux's")
def test_the_distribution_is_what_os_release_says() -> None:
    facts = platform.freedesktop_os_release()

    answer = subprocess.run(
        [sys.executable, "-m", "devtool", "host", "--format", "json"], capture_output=True, check=True
    )

    host = json.loads(answer.stdout)
    assert (host["distribution"], host["version"]) == (facts["ID"], facts.get("VERSION_ID"))
