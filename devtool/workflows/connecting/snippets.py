"""Code that connects to an address, whole and ready to run; secrets are read from the environment."""

from __future__ import annotations

import json
from collections.abc import Callable

from devtool.errors import InputError
from devtool.model.connection import Address


def snippet(address: Address, language: str) -> str:
    """The program in that language. Raises InputError where its client cannot open a file of Milvus Lite."""
    if address.path is not None and language not in ("python", "python-orm"):
        raise InputError(
            f"the {language} client opens no file of Milvus Lite",
            "`devtool deploy up --mode lite` serves one on a port",
        )
    return _WRITERS[language](address)


def _python(address: Address) -> str:
    rows = "\n".join(f"    {name}={value}," for name, value in _python_options(address))
    head = "import os\n\n" if address.token is not None else ""
    return (
        f"{head}from pymilvus import MilvusClient\n\nclient = MilvusClient(\n{rows}\n)\n"
        "print(client.list_collections())"
    )


def _python_orm(address: Address) -> str:
    alias = json.dumps(address.alias)
    rows = "\n".join(f"    {name}={value}," for name, value in _python_options(address))
    head = "import os\n\n" if address.token is not None else ""
    return (
        f"{head}from pymilvus import connections, utility\n\n"
        f"connections.connect(\n    alias={alias},\n{rows}\n)\n"
        f"print(utility.list_collections(using={alias}))"
    )


def _python_options(address: Address) -> list[tuple[str, str]]:
    options = [("uri", json.dumps(address.uri))]
    if address.token is not None:
        options.append(("token", _python_token(address)))
    texts = (("db_name", address.database), *_tls(address))
    options += [(name, json.dumps(value)) for name, value in texts if value]
    if address.secure:
        options.insert(1, ("secure", "True"))
    return [*options, ("timeout", "10")] if address.path is None else options


def _python_token(address: Address) -> str:
    if address.user is None:
        return 'os.environ["MILVUS_TOKEN"]'
    return f'{json.dumps(f"{address.user}:")} + os.environ["MILVUS_PASSWORD"]'


def _tls(address: Address) -> tuple[tuple[str, str | None], ...]:
    if address.certificate:
        return (
            ("ca_pem_path", address.authority),
            ("client_pem_path", address.certificate),
            ("client_key_path", address.key),
            ("server_name", address.server_name or address.host),
        )
    # Before pymilvus 2.6 an own authority holds only together with the name.
    name = address.server_name or (address.host if address.authority else None)
    return (("server_pem_path", address.authority), ("server_name", name))


def _go(address: Address) -> str:
    _refuse_own_authority(address, "Go", "put it into the system's store, which Go reads")
    rows = [("Address", json.dumps(address.uri))]
    if address.user is not None:
        rows += [("Username", json.dumps(address.user)), ("Password", 'os.Getenv("MILVUS_PASSWORD")')]
    elif address.token is not None:
        rows.append(("APIKey", 'os.Getenv("MILVUS_TOKEN")'))
    if address.database:
        rows.append(("DBName", json.dumps(address.database)))
    width = max(len(name) for name, _ in rows) + 1
    options = "\n".join(f"\t\t{f'{name}:':<{width}} {value}," for name, value in rows)
    imports = ["context", "fmt", "log", *(["os"] if address.token is not None else []), "time"]
    listed = "\n".join(f'\t"{name}"' for name in imports)
    return f"""package main

import (
{listed}

\t"github.com/milvus-io/milvus/client/v2/milvusclient"
)

func main() {{
\tctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
\tdefer cancel()
\tclient, err := milvusclient.New(ctx, &milvusclient.ClientConfig{{
{options}
\t}})
\tif err != nil {{
\t\tlog.Fatal(err)
\t}}
\tdefer client.Close(ctx)
\tnames, err := client.ListCollections(ctx, milvusclient.NewListCollectionOption())
\tif err != nil {{
\t\tlog.Fatal(err)
\t}}
\tfmt.Println(names)
}}"""


def _java(address: Address) -> str:
    calls = [("uri", json.dumps(address.uri))]
    if address.user is not None:
        calls += [("username", json.dumps(address.user)), ("password", 'System.getenv("MILVUS_PASSWORD")')]
    elif address.token is not None:
        calls.append(("token", 'System.getenv("MILVUS_TOKEN")'))
    texts = (
        ("dbName", address.database),
        ("caPemPath" if address.certificate else "serverPemPath", address.authority),
        ("clientPemPath", address.certificate),
        ("clientKeyPath", address.key),
        ("serverName", address.server_name or (address.host if address.authority else None)),
    )
    calls += [(name, json.dumps(value)) for name, value in texts if value]
    if address.secure:
        calls.append(("secure", "true"))
    chain = "\n".join(f"                .{name}({value})" for name, value in calls)
    return f"""import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;

public class Connect {{
    public static void main(String[] args) {{
        ConnectConfig config = ConnectConfig.builder()
{chain}
                .connectTimeoutMs(10000)
                .build();
        MilvusClientV2 client = new MilvusClientV2(config);
        System.out.println(client.listCollections().getCollectionNames());
        client.close();
    }}
}}"""


def _node(address: Address) -> str:
    rows = [("address", json.dumps(address.uri.partition("://")[2])), ("ssl", str(address.secure).lower())]
    if address.user is not None:
        rows += [("username", json.dumps(address.user)), ("password", "process.env.MILVUS_PASSWORD")]
    elif address.token is not None:
        rows.append(("token", "process.env.MILVUS_TOKEN"))
    if address.database:
        rows.append(("database", json.dumps(address.database)))
    tls = (
        ("rootCertPath", address.authority),
        ("certChainPath", address.certificate),
        ("privateKeyPath", address.key),
        ("serverName", address.server_name),
    )
    inner = ", ".join(f"{name}: {json.dumps(value)}" for name, value in tls if value)
    if inner:
        rows.append(("tls", f"{{ {inner} }}"))
    options = "\n".join(f"  {name}: {value}," for name, value in [*rows, ("timeout", "10000")])
    return f"""const {{ MilvusClient }} = require("@zilliz/milvus2-sdk-node");

async function main() {{
  const client = new MilvusClient({{
{_indented(options)}
  }});
  await client.connectPromise;
  console.log(await client.listCollections());
  await client.closeConnection();
}}

main();"""


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _refuse_own_authority(address: Address, language: str, way: str) -> None:
    if address.authority or address.certificate:
        raise InputError(f"the {language} client takes no certificates by file", way)


_WRITERS: dict[str, Callable[[Address], str]] = {
    "python": _python, "python-orm": _python_orm, "go": _go, "java": _java, "node": _node,
}  # fmt: skip
