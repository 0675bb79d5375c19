"""Containers as a person reads them."""

from __future__ import annotations

from devtool.model.listing import Listing, Row
from devtool.render.listing import render_text
from tests.support.containers import container


def test_columns_stand_under_each_other_and_what_is_older_stands_below() -> None:
    rows = (
        Row(
            "builder", container(), main=True, older=("it was made from `a`, and the checkout asks for `b`",)
        ),
        Row("etcd", container("etcd", image="etcd:1", state="exited", status="Exited (0)"), main=False),
    )

    assert render_text(Listing("/checkout", "milvus", rows)) == (
        "builder  running  Up 3 minutes  milvus-builder-1  milvusdb/milvus-env:ubuntu22.04-20260714\n"
        "  older than the checkout: it was made from `a`, and the checkout asks for `b`\n"
        "etcd     exited   Exited (0)    milvus-etcd-1     etcd:1"
    )


def test_where_nothing_runs_the_command_that_starts_it_is_named() -> None:
    assert render_text(Listing("/checkout", "milvus", ())) == (
        "no container runs for `/checkout`; `devtool container up` starts it"
    )
