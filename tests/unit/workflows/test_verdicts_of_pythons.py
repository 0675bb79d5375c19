"""What makes a kept verdict on a Python stale: what its distribution puts beside it."""

from __future__ import annotations

import pytest

from devtool.checks.python import PYTHON_CHECKS
from devtool.model.report import Finding
from devtool.workflows.examination import examine_ids
from tests.support import FakeFiles, FakeProcess, fake_system
from tests.support.samples import LINUX, MILVUS

CHECKS = {check.id: check for check in PYTHON_CHECKS}
LIBRARY = "/usr/lib/python3.11"


def seen(files: FakeFiles, check_id: str) -> Finding:
    process = FakeProcess(programs={"python3": "/usr/bin/python3"})
    found = examine_ids(
        fake_system(files=files, process=process),
        LINUX,
        MILVUS,
        [check_id],
        lambda ids: tuple(CHECKS[each] for each in ids),
        cached=True,
    )
    return found[0]


@pytest.mark.parametrize(
    ("check_id", "path", "before", "after"),
    [
        ("externally-managed", f"{LIBRARY}/EXTERNALLY-MANAGED", "ok", "warning"),
        ("python-venv", f"{LIBRARY}/ensurepip/__init__.py", "failure", "ok"),
    ],
)
def test_a_verdict_is_not_kept_when_the_distribution_changes_its_python(
    check_id: str, path: str, before: str, after: str
) -> None:
    files = FakeFiles(
        {f"{LIBRARY}/os.py": "", f"{LIBRARY}/venv/__init__.py": ""},
        executables={"/usr/bin/python3.11": "python"},
        links={"/usr/bin/python3": "python3.11"},
    )

    first, again = seen(files, check_id).severity, seen(files, check_id).severity
    files.content[path] = b""

    assert (first, again, seen(files, check_id).severity) == (before, before, after)
