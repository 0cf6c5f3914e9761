"""A drop folder: its files in one order on every machine. Links and devices are named, never followed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forestall.base.errors import Refused
from forestall.base.words import Words, say

from .limits import LIMITS, Limits, megabytes

MAPPING = ".mapping.toml"
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


def waiting(folder: Path, *, limits: Limits = LIMITS) -> Iterator[Waiting]:
    """The files below `folder`, sorted by the bytes of their relative names. Raises `Refused` when it is no folder.

    `NAME.mapping.toml` beside a table belongs to the table and is no file of its own.
    """
    if not folder.is_dir():
        raise Refused(say("%(path)s is no folder.", path=str(folder)))
    found = sorted(_below(folder), key=lambda path: os.fsencode(path.relative_to(folder)))
    names = set(found)
    for path in found:
        table = path.with_name(path.name.removesuffix(MAPPING))
        if not (path.name.endswith(MAPPING) and table in names):
            beside = path.with_name(path.name + MAPPING)
            yield _take(path, folder, beside if beside in names else None, limits)


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
