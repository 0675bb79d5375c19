"""A file system in memory; `RealFiles` has its own tests on a temporary folder."""

from __future__ import annotations

import contextlib
import posixpath
from collections.abc import Iterator, Mapping

from devtool.errors import DevtoolError, UnreadableError
from devtool.system.files import DEFAULT_LIMIT_BYTES, Kind, Stamp


class FakeFiles:
    """Files by absolute path. `broken` paths are there and cannot be read or written."""

    def __init__(
        self,
        content: Mapping[str, str | bytes] | None = None,
        *,
        executables: Mapping[str, str] | None = None,
        folders: tuple[str, ...] = (),
        links: Mapping[str, str] | None = None,
        broken: tuple[str, ...] = (),
        owners: Mapping[str, int] | None = None,
        free: int | None = 500 * 1024**3,
    ) -> None:
        everything = {**(content or {}), **(executables or {})}
        self.content = {p: c.encode() if isinstance(c, str) else c for p, c in everything.items()}
        self.modes = dict.fromkeys(executables or {}, 493)
        self.folders = set(folders)
        self.links = dict(links or {})
        self.broken = set(broken)
        self.owners = dict(owners or {})
        self.free = free

    def read_bytes(self, path: str, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> bytes | None:
        path = self.real(path)
        if path in self.broken:
            raise UnreadableError(f"cannot read `{path}`: permission denied")
        if self.kind(path) == "folder":
            raise UnreadableError(f"`{path}` is a folder, not a file")
        content = self.content.get(path)
        if content is not None and len(content) > limit_bytes:
            raise UnreadableError(f"`{path}` is larger than {limit_bytes // 1024**2} MiB")
        return content

    def read_text(self, path: str, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> str | None:
        content = self.read_bytes(path, limit_bytes)
        return None if content is None else content.decode("utf-8", "replace")

    def pieces(self, path: str) -> Iterator[bytes]:
        content = self.read_bytes(path)
        if content is None:
            raise UnreadableError(f"there is no `{path}`")
        yield content

    def write(self, path: str, content: bytes, mode: int | None = None) -> None:
        path = self.real(path)
        if path in self.broken:
            raise DevtoolError(f"cannot write `{path}`: permission denied")
        self.content[path] = content
        if mode is not None:
            self.modes[path] = mode

    def kind(self, path: str) -> Kind | None:
        path = self.real(path)
        if path in self.content or path in self.broken:
            return "file"
        below = path.rstrip("/") + "/"
        inside = (*self.content, *self.folders, *self.links)
        return "folder" if path in self.folders or any(p.startswith(below) for p in inside) else None

    def stamp(self, path: str) -> Stamp | None:
        if self.kind(path) is None:
            return None
        content = self.content.get(self.real(path), repr(self.names(path)).encode())
        return Stamp(path, len(content), hash(content) & 0xFFFFFFFF, 1)

    def owner_id(self, path: str) -> int | None:
        return None if self.kind(path) is None else self.owners.get(path, 1000)

    def group_id(self, path: str) -> int | None:
        return self.owner_id(path)

    def writable(self, path: str) -> bool:
        return self.kind(path) is not None and self.real(path) not in self.broken

    def executable(self, path: str) -> bool:
        return self.kind(path) == "file" and bool(self.modes.get(self.real(path), 0) & 0o111)

    def names(self, path: str) -> list[str]:
        below = self.real(path).rstrip("/") + "/"
        inside = (*self.content, *self.folders, *self.links, *self.broken)
        return sorted({p[len(below) :].split("/")[0] for p in inside if p.startswith(below)})

    def make_folder(self, path: str) -> None:
        self.folders.add(path)

    def remove(self, path: str) -> None:
        self.content.pop(path, None)
        self.links.pop(path, None)

    def remove_tree(self, path: str) -> None:
        for known in (self.content, self.links):
            for name in [p for p in known if p == path or p.startswith(path + "/")]:
                del known[name]
        self.folders = {p for p in self.folders if p != path and not p.startswith(path + "/")}

    def move(self, source: str, target: str) -> None:
        for name in [p for p in self.content if p == source or p.startswith(source + "/")]:
            self.content[target + name[len(source) :]] = self.content.pop(name)
        if source in self.folders:
            self.folders.remove(source)
            self.folders.add(target)

    def unpack(self, archive: str, folder: str) -> None:
        raise AssertionError(f"unforeseen unpacking: {archive}")

    def link_target(self, path: str) -> str | None:
        return self.links.get(path)

    def real(self, path: str) -> str:
        for _ in range(8):
            if path not in self.links:
                break
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), self.links[path]))
        return path

    def free_bytes(self, path: str) -> int | None:
        return self.free

    @contextlib.contextmanager
    def lock(self, path: str, timeout_seconds: float) -> Iterator[None]:
        yield
