"""Drop what an interrupted run left: the collections that carry its mark."""

import os

from pymilvus import connections, utility

options = {"uri": os.environ["SMOKE_URI"], "timeout": 5}
if os.environ.get("SMOKE_TOKEN"):
    options["token"] = os.environ["SMOKE_TOKEN"]
connections.connect("default", **options)
for name in utility.list_collections(timeout=5):
    if name.startswith("devtool_smoke_" + os.environ["SMOKE_RUN"]):
        utility.drop_collection(name, timeout=5)
