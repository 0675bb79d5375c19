"""What is known of Conan's own releases, for whoever reads a pin or looks for a Python that suits it."""

from __future__ import annotations

import re

from devtool.adapters.versions import compare

# Conan 1.58.0 does not install on Python 3.12 (its PyYAML), 1.61.0 installs and dies on the missing `imp`;
# 1.64.1, 1.66.0 and 2.25.1 run on 3.12 and 3.13. https://github.com/conan-io/conan/issues/14801
_FIRST_WITHOUT_IMP = "1.62"
PYTHON_WITH_IMP = "<3.12"
"""`imp` and `distutils` left with Python 3.12."""


def imports_imp(version: str) -> bool:
    """Whether this Conan imports the module that Python 3.12 no longer has."""
    return compare(version, _FIRST_WITHOUT_IMP) == -1


def pinned(specifier: str | None) -> str | None:
    """The one version that a specifier names, or None."""
    match = re.fullmatch(r"\s*==\s*(\d+(?:\.\d+)*)\s*", specifier or "")
    return match[1] if match else None
