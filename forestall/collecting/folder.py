"""A drop folder: its files in one order on every machine. Links and devices are named, never followed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from forestall.base.errors import Refused
from forestall.base.words import Words, say

from .limits import LIMITS, Limits, megabytes

MAPPING = ".mapping.toml"
_UNDER_WAY = frozenset({".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart"})
_SYSTEM = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Waiting:
    """One file in the folder. `content` is empty, and `refusal` set, when it is not taken into memory."""

    name: str
    path: Path
    size: int
    sha256: str
    content: bytes = b""
    mapping: bytes | None = None
    refusal: Words | None = None


def waiting(folder: Path, *, limits: Limits = LIMITS, only: Collection[Path] | None = None) -> Iterator[Waiting]:
    """The files below `folder`, sorted by the bytes of their relative names. Raises `Refused` when it is no folder.

    With `only`, none but these. `NAME.mapping.toml` beside a table belongs to the table and is no file of its own.
    """
    if not folder.is_dir():
        raise Refused(say("%(path)s is no folder.", path=str(folder)))
    found = sorted(_below(folder), key=lambda path: os.fsencode(path.relative_to(folder)))
    names = set(found)
    for path in found:
        table = path.with_name(path.name.removesuffix(MAPPING))
        if not (path.name.endswith(MAPPING) and table in names):
            beside = path.with_name(path.name + MAPPING)
            if only is not None and path not in only:
                continue
            yield _take(path, folder, beside if beside in names else None, limits)


@dataclass
class Looks:
    """What was seen of a folder at the last look, so that only what is whole is taken, and each version of it once.

    Nothing of it is kept: after a new start everything is looked at again, and what came before is known by its hash.
    """

    seen: dict[Path, tuple[int, int, int]] = field(default_factory=dict)
    taken: dict[Path, tuple[int, int, int]] = field(default_factory=dict)

    def whole(self, folder: Path) -> list[Path]:
        """Files that have not changed since the last look and are not taken yet. Raises `Refused` when it is no folder."""
        if not folder.is_dir():
            raise Refused(say("%(path)s is no folder.", path=str(folder)))
        now = {path: mark for path in _below(folder) if not _is_under_way(path) and (mark := _mark(path))}
        settled = {path for path, mark in now.items() if self.seen.get(path) == mark}
        self.seen = now
        self.taken = {path: mark for path, mark in self.taken.items() if path in now}
        return sorted(
            path for path in settled
            if self.taken.get(path) != now[path] and not _is_waited_for(path.with_name(path.name + MAPPING), now, settled)
        )  # fmt: skip

    def took(self, path: Path) -> None:
        """Do not look at this version of the file again."""
        if path in self.seen:
            self.taken[path] = self.seen[path]


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        about = path.lstat()
    except OSError:  # it went while we looked
        return None
    return about.st_size, about.st_mtime_ns, about.st_ino


def _is_under_way(path: Path) -> bool:
    """Whether its name says that it is still being written: browsers, rsync and mail servers give such names."""
    in_maildir = path.parent.name == "tmp" and (path.parent.parent / "new").is_dir()
    return in_maildir or path.name.startswith(".") or path.name.endswith("~") or path.suffix.lower() in _UNDER_WAY


def _is_waited_for(mapping: Path, now: Collection[Path], settled: Collection[Path]) -> bool:
    return mapping in now and mapping not in settled


def _below(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from _below(path)
        elif entry.name not in _SYSTEM:
            yield path


def _name(path: Path, folder: Path) -> str:
    """The relative name; bytes that are no UTF-8 are spelled out, so that every name can be shown and kept."""
    return os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace")


def _take(path: Path, folder: Path, mapping: Path | None, limits: Limits) -> Waiting:
    name = _name(path, folder)
    about = path.lstat()
    if not stat.S_ISREG(about.st_mode):
        return Waiting(
            name, path, 0, "", refusal=say("This is a link or a device, not a file. It was not followed.")
        )
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        return Waiting(
            name,
            path,
            about.st_size,
            "",
            refusal=say("It cannot be opened: %(error)s.", error=error.strerror or ""),
        )
    with os.fdopen(descriptor, "rb") as file:
        if about.st_size > limits.file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            reason = say(
                "The file has %(size)s MB; at most %(limit)s are read.",
                size=megabytes(about.st_size),
                limit=megabytes(limits.file),
            )
            return Waiting(name, path, about.st_size, digest, refusal=reason)
        content = file.read(limits.file + 1)
    terms = mapping.read_bytes() if mapping and not mapping.is_symlink() else None
    return Waiting(name, path, len(content), hashlib.sha256(content).hexdigest(), content, terms)
