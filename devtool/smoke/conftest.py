"""What the tests share: one connection, and collections that never outlive their test."""

import os
import uuid

import pytest
from dataset import CALL_SECONDS, ROWS, loaded, rows, schema
from pymilvus import Collection, connections, utility

CONNECT_SECONDS = 20


@pytest.fixture(scope="session", autouse=True)
def server():
    """The server's version, over the one connection."""
    options = {"uri": os.environ["SMOKE_URI"], "timeout": CONNECT_SECONDS}
    if os.environ.get("SMOKE_TOKEN"):
        options["token"] = os.environ["SMOKE_TOKEN"]
    connections.connect("default", **options)
    yield utility.get_server_version(timeout=CALL_SECONDS)
    connections.disconnect("default")


@pytest.fixture
def strict(server):
    """For what milvus-lite lets pass and every real server refuses."""
    if "milvus_lite" in server:
        pytest.skip("milvus-lite does not refuse this")


@pytest.fixture(scope="session")
def collections(server):
    """Names of the collections that were made; all are dropped in the end, whatever happened."""
    made = []
    yield made
    for name in made:
        utility.drop_collection(name, timeout=CALL_SECONDS)


@pytest.fixture(scope="session")
def make(collections):
    """Make an empty collection under a name of its own."""

    def make_one(**options):
        name = "_".join(["devtool_smoke", os.environ.get("SMOKE_RUN", "run"), uuid.uuid4().hex])
        collections.append(name)
        return Collection(name, schema(), consistency_level="Strong", timeout=CALL_SECONDS, **options)

    return make_one


@pytest.fixture(scope="session")
def filled(make):
    """A flushed and loaded collection of ROWS rows with an exact index, for tests that only read."""
    collection = make()
    answer = collection.insert(rows(range(ROWS)), timeout=CALL_SECONDS)
    assert answer.insert_count == ROWS
    collection.flush(timeout=CALL_SECONDS)
    return loaded(collection)


@pytest.fixture
def writable(make):
    """A loaded collection of ROWS rows for one test alone."""
    collection = make()
    collection.insert(rows(range(ROWS)), timeout=CALL_SECONDS)
    yield loaded(collection)
    collection.release(timeout=CALL_SECONDS)
