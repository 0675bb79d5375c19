"""Whether a container is still what its checkout asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.model.container import Mount
from devtool.workflows.containers.ageing import FINGERPRINT, IMAGE, changes, labels
from tests.support.containers import BLUEPRINT, BUILDER, SINGLE, container

ASKED = str(BUILDER.image)
NUMBER = "sha256:" + "0123456789abcdef" * 4


def test_one_that_was_made_from_the_same_is_not_older() -> None:
    assert changes(container(), BLUEPRINT) == ()


def test_another_image_is_named_with_what_it_was() -> None:
    asked = replace(BLUEPRINT, service=replace(BUILDER, image="milvusdb/milvus-env:ubuntu22.04-20261001"))

    assert changes(container(), asked) == (
        f"it was made from `{ASKED}`, and the checkout asks for `milvusdb/milvus-env:ubuntu22.04-20261001`",
    )


def test_an_image_that_lost_its_name_to_another_is_told_of() -> None:
    assert changes(container(image=NUMBER), BLUEPRINT) == (
        f"another image has been called `{ASKED}` since it was made",
    )


def test_settings_that_changed_are_named() -> None:
    service = replace(
        BUILDER, environment={"CCACHE_DIR": "/other"}, mounts=(Mount("bind", "/checkout", "/elsewhere"),)
    )

    assert changes(container(), replace(BLUEPRINT, service=service)) == (
        "the checkout has changed its environment and mounts since it was made",
    )


def test_the_order_of_variables_is_no_change() -> None:
    one = replace(BLUEPRINT, service=replace(BUILDER, environment={"A": "1", "B": "2"}))
    other = replace(BLUEPRINT, service=replace(BUILDER, environment={"B": "2", "A": "1"}))

    assert labels(one) == labels(other)


@pytest.mark.parametrize(
    "carried",
    [
        {},
        {FINGERPRINT: "", IMAGE: ASKED},
        {FINGERPRINT: "0 environment=abc", IMAGE: ASKED},
    ],
    ids=["made by another tool", "empty", "reckoned otherwise"],
)
def test_what_does_not_tell_is_not_called_older(carried: dict[str, str]) -> None:
    assert changes(container(labels=carried), BLUEPRINT) == ()


def test_an_image_that_vscode_derived_under_a_name_of_its_own_is_not_called_older() -> None:
    assert changes(container(labels={}, image="vsc-milvus-0123-uid"), BLUEPRINT) == ()


def test_a_built_image_is_not_compared_by_name() -> None:
    built = replace(BLUEPRINT, service=replace(BUILDER, image=None, build={"context": "/checkout"}))

    assert changes(container(labels=labels(built), image="milvus-builder"), built) == ()


def test_labels_say_what_vscode_looks_for() -> None:
    assert labels(SINGLE)["devcontainer.local_folder"] == "/checkout"
    assert labels(SINGLE)["devcontainer.config_file"] == "/checkout/.devcontainer.json"
    assert "devcontainer.config_file" not in labels(BLUEPRINT)
