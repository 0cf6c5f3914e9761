"""A disk as it would be after the power failed: what was flushed is there, of the rest any part, or none.

Files and folders are followed through the system calls that a process made (as `strace -f -y -xx` tells them). A write
is safe when its file was flushed after it; a name (made, moved, taken away) when its folder was.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
CALLS = (
    "openat", "open", "creat", "lseek", "write", "pwrite64", "writev", "pwritev", "fsync", "fdatasync", "ftruncate", "truncate",
    "fallocate", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir",
    "sendfile", "copy_file_range", "close", "dup", "dup2", "dup3",
)  # fmt: skip
"""Every call by which a process could change a file, or come to one."""
LINE = re.compile(r"^(?:(?P<pid>\d+)\s+)?(?P<call>\w+)\((?P<given>.*)\)\s+=\s+(?P<gave>-?\d+)")
UNFINISHED = re.compile(r"^(?P<pid>\d+)\s+(?P<begun>\w+\(.*) <unfinished \.\.\.>$")
RESUMED = re.compile(r"^(?P<pid>\d+)\s+<\.\.\. \w+ resumed>(?P<rest>.*)$")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
HANDLE = re.compile(r"^(\d+)")
HELD = re.compile(r"^\d+<([^>]*)>")
FOLDER = re.compile(r"(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*|[^>]*)>")

Change = tuple[int, bytes] | int
"""Bytes at a place; or the length it was cut or drawn out to."""


@dataclass(frozen=True)
class Call:
    """One call that went well: its name, what it was given, what it gave."""

    name: str
    given: str
    gave: int

    @property
    def texts(self) -> list[bytes]:
        return [_plain(one) for one in TEXT.findall(self.given)]

    @property
    def handle(self) -> int:
        found = HANDLE.match(self.given)
        assert found is not None, self
        return int(found[1])

    @property
    def last_number(self) -> int:
        return int(self.given.rsplit(",", 1)[-1].strip())

    def paths(self) -> list[str]:
        """The files that it names, whole."""
        folders = [_plain(one).decode() if one.startswith("\\x") else one for one in FOLDER.findall(self.given)]
        names = [text.decode() for text in self.texts]
        return [str(Path(folders[place] if place < len(folders) else "") / name) for place, name in enumerate(names)]


def path_of_handle(call: Call) -> str:
    """The file whose handle the call was given, by the name it had then."""
    found = HELD.match(call.given)
    told = found[1] if found else ""
    return _plain(told).decode() if told.startswith("\\x") else told


def calls_of(trace: Path) -> Iterator[Call]:
    """The calls of a trace, in order, that did something."""
    begun: dict[str, str] = {}
    with trace.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if cut := UNFINISHED.match(line.rstrip("\n")):
                begun[cut["pid"]] = cut["begun"]
                continue
            if resumed := RESUMED.match(line):
                line = f"{resumed['pid']} {begun.pop(resumed['pid'], '')}{resumed['rest']}"
            found = LINE.match(line)
            if found and int(found["gave"]) >= 0:
                yield Call(found["call"], found["given"], int(found["gave"]))


def _plain(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass(eq=False)
class File:
    """What is safe of a file, and what was done to it since."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[Change] = field(default_factory=list)
    length: int = 0

    def change(self, one: Change) -> None:
        self.since.append(one)
        self.length = one if isinstance(one, int) else max(self.length, one[0] + len(one[1]))

    def flush(self) -> None:
        for one in self.since:
            _apply(self.safe, one)
        self.since.clear()

    def after(self, chance: random.Random | None, *, share: float) -> bytes:
        """The file once the power failed: of what was not flushed, each sector is there by `share`."""
        content = bytearray(self.safe)
        for one in self.since:
            for piece in _sectors(one):
                if chance is not None and chance.random() < share:
                    _apply(content, piece)
        return bytes(content)


def _apply(content: bytearray, one: Change) -> None:
    if isinstance(one, int):
        del content[one:]
        content.extend(bytes(one - len(content)))
        return
    place, told = one
    content.extend(bytes(max(0, place - len(content))))
    content[place : place + len(told)] = told


def _sectors(one: Change) -> Iterator[Change]:
    if isinstance(one, int):
        yield one
        return
    place, told = one
    first = SECTOR - place % SECTOR
    for begin, end in zip([0, *range(first, len(told), SECTOR)], [*range(first, len(told), SECTOR), len(told)], strict=True):
        yield place + begin, told[begin:end]


Names = dict[str, File | None]
"""Names in one folder and the files they stand for from then on, all at once; None: taken away."""


class Disk:
    """The files below one folder, as the process left them and as the disk has them."""

    def __init__(self, root: Path, *, ignored: Callable[[str], bool]) -> None:
        self.root, self.ignored = str(root) + os.sep, ignored
        self.names: dict[str, File] = {}
        self.safe: dict[str, File] = {}
        self.unsafe: dict[str, list[Names]] = {}
        self.new_folders: set[str] = set()
        self.folders = {str(path) for path in root.rglob("*") if path.is_dir()} | {str(root)}
        self._handles: dict[int, tuple[File | str, int, bool]] = {}
        for path in root.rglob("*"):
            if path.is_file() and not ignored(str(path)):
                content = bytearray(path.read_bytes())
                self.names[str(path)] = self.safe[str(path)] = File(content, length=len(content))

    def follow(self, call: Call) -> bool:
        """Do to the disk what the call did. Whether it changed or flushed anything of ours."""
        way = getattr(self, f"_{_SAME.get(call.name, call.name)}", None)
        if way is None:
            raise RuntimeError(f"Nothing here follows {call.name}")
        return bool(way(call))

    def lay(self, folder: Path, chance: random.Random | None, *, share: float) -> None:
        """Write the disk as the power left it: names as their folders had them, or on from there, in order."""
        names = dict(self.safe)
        for changes in self.unsafe.values():
            there = 0 if chance is None else len(changes) if share >= 1 else chance.randrange(len(changes) + 1)
            _renamed(names, changes[:there])
        lost = {path for path in sorted(self.new_folders) if chance is None or chance.random() >= share}
        for path in sorted(self.folders - lost):
            if not _below(path, lost):
                self._moved(path, folder).mkdir(parents=True, exist_ok=True)
        for path, file in names.items():
            if not _below(path, lost):
                self._moved(path, folder).write_bytes(file.after(chance, share=share))

    def _moved(self, path: str, folder: Path) -> Path:
        return folder / os.path.relpath(path, self.root)

    def _ours(self, path: str) -> bool:
        return path.startswith(self.root) and not self.ignored(path)

    def _name(self, changed: Names) -> None:
        """Names that changed in one step; each folder keeps its own, for each is flushed on its own."""
        for folder in dict.fromkeys(map(_folder, changed)):
            mine = {path: file for path, file in changed.items() if _folder(path) == folder}
            self.unsafe.setdefault(folder, []).append(mine)
        _renamed(self.names, [changed])

    def _openat(self, call: Call) -> bool:
        path = os.path.normpath(call.paths()[0])
        if path in self.folders:
            self._handles[call.gave] = (path, 0, False)
            return False
        if not self._ours(path):
            self._handles.pop(call.gave, None)
            return False
        made = path not in self.names
        if made:
            self._name({path: File()})
        file = self.names[path]
        self._handles[call.gave] = (file, 0, "O_APPEND" in call.given)
        if "O_TRUNC" in call.given and file.length:
            file.change(0)
            return True
        return made

    def _close(self, call: Call) -> bool:
        self._handles.pop(call.handle, None)
        return False

    def _dup(self, call: Call) -> bool:
        if call.handle in self._handles:
            self._handles[call.gave] = self._handles[call.handle]
        return False

    def _file(self, call: Call) -> File | None:
        held = self._handles.get(call.handle)
        return held[0] if held is not None and isinstance(held[0], File) else None

    def _lseek(self, call: Call) -> bool:
        held = self._handles.get(call.handle)
        if held is not None:
            self._handles[call.handle] = (held[0], call.gave, held[2])
        return False

    def _write(self, call: Call) -> bool:
        file = self._file(call)
        if file is None:
            return False
        _, place, appends = self._handles[call.handle]
        told = b"".join(call.texts)[: call.gave]
        place = file.length if appends else place
        file.change((place, told))
        self._handles[call.handle] = (file, place + call.gave, appends)
        return True

    def _pwrite64(self, call: Call) -> bool:
        file = self._file(call)
        if file is None:
            return False
        file.change((call.last_number, b"".join(call.texts)[: call.gave]))
        return True

    def _ftruncate(self, call: Call) -> bool:
        file = self._file(call)
        if file is None:
            return False
        file.change(call.last_number)
        return True

    def _fsync(self, call: Call) -> bool:
        held = self._handles.get(call.handle)
        if held is None:
            return False
        if isinstance(held[0], File):
            held[0].flush()
        else:
            _renamed(self.safe, self.unsafe.pop(held[0], []))
            self.new_folders = {path for path in self.new_folders if _folder(path) != held[0]}
        return True

    def _rename(self, call: Call) -> bool:
        old, new = map(os.path.normpath, call.paths())
        if not self._ours(old) and not self._ours(new):
            return False
        self._name({new: self.names[old], old: None})
        return True

    def _link(self, call: Call) -> bool:
        old, new = map(os.path.normpath, call.paths())
        if not self._ours(new):
            return False
        self._name({new: self.names[old]})
        return True

    def _unlink(self, call: Call) -> bool:
        path = os.path.normpath(call.paths()[0])
        if not self._ours(path) or path not in self.names:
            return False
        self._name({path: None})
        return True

    def _mkdir(self, call: Call) -> bool:
        path = os.path.normpath(call.paths()[0])
        if path.startswith(self.root):
            self.folders.add(path)
            self.new_folders.add(path)
        return False

    def _truncate(self, call: Call) -> bool:
        if self._ours(os.path.normpath(call.paths()[0])):
            raise RuntimeError("Nothing here follows truncate of a file of the home")
        return False

    def _nothing_of_ours(self, call: Call) -> bool:
        """A call that this cannot follow: it must not have touched what is ours."""
        if self._handles.get(call.handle) is not None:
            raise RuntimeError(f"Nothing here follows {call.name} of a file of the home")
        return False


_SAME = {
    "open": "openat", "creat": "openat", "writev": "write", "pwritev": "nothing_of_ours", "fdatasync": "fsync",
    "renameat": "rename", "renameat2": "rename", "linkat": "link", "unlinkat": "unlink", "mkdirat": "mkdir", "rmdir": "unlink",
    "dup2": "dup", "dup3": "dup", "sendfile": "nothing_of_ours", "copy_file_range": "nothing_of_ours",
    "fallocate": "nothing_of_ours",
}  # fmt: skip


def _renamed(names: dict[str, File], changes: list[Names]) -> None:
    for changed in changes:
        for path, file in changed.items():
            if file is None:
                names.pop(path, None)
            else:
                names[path] = file


def _folder(path: str) -> str:
    return str(Path(path).parent)


def _below(path: str, folders: set[str]) -> bool:
    return any(path == one or path.startswith(one + os.sep) for one in folders)
