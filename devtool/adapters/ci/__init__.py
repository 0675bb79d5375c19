"""Which commits a run of a CI service is about, as the service itself says.

What a service does not say is an error with what to do about it, never a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from devtool.adapters.ci.github import github
from devtool.adapters.ci.services import azure, buildkite, circleci, gitlab, jenkins, prow

if TYPE_CHECKING:
    from devtool.adapters.ci.ends import Ends
    from devtool.system import System

# Prow stands before Jenkins, which it may start with its own variables.
_SERVICES = (
    ("GITHUB_ACTIONS", github),
    ("GITLAB_CI", gitlab),
    ("PROW_JOB_ID", prow),
    ("JENKINS_URL", jenkins),
    ("TF_BUILD", azure),
    ("CIRCLECI", circleci),
    ("BUILDKITE", buildkite),
)
"""A variable that the service always sets, and its reader."""


def find_ends(system: System) -> Ends | None:
    """Both ends of this run's commits; None where no known service runs us. Raises InputError."""
    for variable, read in _SERVICES:
        if system.env.get(variable):
            return read(system)
    return None
