"""From statements to a requirement: what takes a rule rather than an order of precedence."""

from __future__ import annotations

from devtool.requirements.rules.compiler import settle_compiler
from devtool.requirements.rules.conan import settle_conan, settle_python
from devtool.requirements.rules.image import settle_image
from devtool.requirements.rules.precedence import Case, Rule, settle, settle_standard
from devtool.requirements.rules.rust import settle_rust

RULES: dict[str, Rule] = {
    "statements": settle,
    "conan": settle_conan,
    "python-of-conan": settle_python,
    "compiler": settle_compiler,
    "rust": settle_rust,
    "image": settle_image,
    "standard": settle_standard,
}

__all__ = ["RULES", "Case"]
