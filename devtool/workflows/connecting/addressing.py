"""What an address means: `host:port`, a URI with or without credentials, or the file of a Milvus Lite."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from devtool.errors import InputError
from devtool.model.connection import Address

DEFAULT_PORT = 19530
_HINT = "write it as `http://127.0.0.1:19530`, `https://USER@host:19530`, `host:port` or `./file.db`"
_SCHEMES = {"http": False, "tcp": False, "https": True, "grpc": False, "grpcs": True}
_CLOUD = re.compile(r"(?:^|\.)(?:zillizcloud|zilliz)\.com(?:\.cn)?$")
_CLOUD_PORT = 443
_BARE_HOST = re.compile(r"\[[0-9A-Fa-f:.]+\](?::.*)?|[A-Za-z0-9_.-]+(?::.*)?")


def is_file(text: str) -> bool:
    """Whether clients take it for a Milvus Lite in the file system."""
    return "://" not in text and (text.endswith(".db") or text.startswith(("/", "./", "../", "~/")))


def parse_address(text: str, origin: str, cwd: str, home: str | None = None) -> Address:
    """The server or file that the address means. Raises InputError when it means none."""
    text = text.strip()
    shown = _without_secrets(text)
    if text.startswith("unix:"):
        raise InputError(f"`{shown}` is a Unix socket, which devtool does not look into", _HINT)
    if is_file(text):
        below_home = f"{home}/{text[2:]}" if text.startswith("~/") and home else text
        return Address(origin, path=posixpath.normpath(posixpath.join(cwd, below_home)))
    if "://" not in text:
        if not _BARE_HOST.fullmatch(shown):
            raise InputError(f"`{shown}` is not the address of a Milvus", _HINT)
        text = f"http://{text}"
    try:
        parts = urlsplit(text)
        given = parts.port
    except ValueError as error:
        what = "its port is none: 1 to 65535 are" if "ort" in str(error) else "it cannot be read"
        raise InputError(f"`{shown}` is not the address of a Milvus: {what}", _HINT) from None
    if parts.scheme not in _SCHEMES:
        known = ", ".join(f"`{scheme}`" for scheme in _SCHEMES)
        raise InputError(f"`{shown}` has the scheme `{parts.scheme}`, and clients know {known}", _HINT)
    host = unquote(parts.hostname or "")
    if not host or given == 0:
        raise InputError(
            f"`{shown}` names no {'host' if not host else 'port that can be connected to'}", _HINT
        )
    secure = _SCHEMES[parts.scheme]
    cloud = secure and _CLOUD.search(host)
    return Address(
        origin,
        host,
        given or (_CLOUD_PORT if cloud else DEFAULT_PORT),
        secure,
        token=_token(parts.username, parts.password),
        database=unquote(parts.path.strip("/")) or None,
    )


def with_credentials(address: Address, user: str | None, password: str | None, token: str | None) -> Address:
    """The address with these, unless it has its own."""
    if address.token is not None or address.path is not None:
        return address
    if token:
        return replace(address, token=token)
    if user or password:
        return replace(address, token=f"{user or 'root'}:{password or ''}")
    return address


def _without_secrets(text: str) -> str:
    scheme, mark, rest = text.partition("://") if "://" in text else ("", "", text)
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


def _token(user: str | None, password: str | None) -> str | None:
    if not user and not password:
        return None
    if password is None:  # a key stands alone
        return unquote(user or "")
    return f"{unquote(user or 'root')}:{unquote(password)}"
