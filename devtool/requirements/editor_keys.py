"""The keys of `[editor]`, which fill the editor's templates, and how one is written."""

from __future__ import annotations

EXAMPLE = "build_target = { path = \"Makefile\", pattern = '^(all):' }"
"""A key as it is written: a file, and the line in it whose first group is the value."""
EDITOR_KEYS = {
    "core": "the folder of the built C++ core",
    "core_source": "the folder of its source",
    "build": "the folder that CMake builds it in",
    "pkg_config_path": "where cgo finds its `.pc` files",
    "library_path": "where programs find its libraries when they start",
    "test_tags": "the build tags of the Go unit tests",
    "build_tags": "the build tags of the program",
    "golangci_lint": "the checkout's own golangci-lint",
    "gofumpt_path": "the checkout's own gofumpt",
    "clang_format": "the command that formats C++",
    "build_target": "the target of the Makefile that builds",
    "core_target": "the one that builds the core",
    "go_target": "the one that runs the Go unit tests",
    "cpp_target": "the one that runs the C++ unit tests",
}
"""What each of them is."""
