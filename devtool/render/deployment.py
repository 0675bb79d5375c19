"""Deployments as text and as JSON, from the same values."""

from __future__ import annotations

from devtool.model.deployment import Deployment
from devtool.render.document import document
from devtool.render.paint import paint, plain

_ROLES = {"running": "ok", "starting": "warning", "unhealthy": "failure", "killed": "failure"}
_MEANINGS = {
    "unhealthy": "its process lives and does not answer; `devtool deploy up` starts it again",
    "killed": "it ended without `devtool deploy down`; `devtool deploy up` starts it again on its data",
}


def render_text(deployments: tuple[Deployment, ...], *, colour: bool = False) -> str:
    """One block a deployment."""
    if not deployments:
        return "no Milvus was started here; `devtool deploy up` starts one"
    return "\n\n".join(_block(deployment, colour) for deployment in deployments)


def render_json(deployments: tuple[Deployment, ...]) -> str:
    """The same under schema 1."""
    rows = [deployment.as_data() for deployment in deployments]
    return document({"deployments": rows})


def _block(deployment: Deployment, colour: bool) -> str:
    state = paint(deployment.state, _ROLES.get(deployment.state, "skipped"), colour)
    lives = deployment.state in ("running", "starting", "unhealthy")
    process = f", process {deployment.pid}" if lives else ""
    rows = [
        ("uri", deployment.uri if lives else None),
        ("health", f"{deployment.metrics}/healthz" if lives and deployment.metrics else None),
        ("data", deployment.data),
        ("log", deployment.logs),
        ("means", _MEANINGS.get(deployment.state)),
    ]
    head = f"{deployment.name}: {state} (Milvus {deployment.version}, {deployment.mode}{process})"
    return "\n".join([head, *(f"  {label:<7} {plain(value)}" for label, value in rows if value)])
