"""ZIP containers: guards that hold for archives and for the Office files built on them."""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator

from forestall.base.errors import Malformed
from forestall.base.words import say

from ..hostile import Hostile
from ..kinds import Kind
from ..limits import LIMITS, Limits, megabytes
from ..names import shown

_PROGRAMS = frozenset({"classes.dex", "AndroidManifest.xml"})
_READ = 64 * 1024


def open_package(content: bytes) -> zipfile.ZipFile:
    """The container in `content`. Raises `Malformed` when it is cut short or damaged."""
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as error:
        raise Malformed(say("The archive is cut short or damaged. Ask for it again.")) from error


def package_kind(content: bytes) -> Kind:
    """Which kind of container `content` is, by what it holds. Raises `Malformed` when it cannot be opened."""
    with open_package(content) as package:
        names = set(package.namelist())
    if "[Content_Types].xml" in names:
        return _office_kind(names)
    if names & _PROGRAMS or "META-INF/MANIFEST.MF" in names:
        return Kind.PROGRAM
    if "mimetype" in names and ("content.xml" in names or "META-INF/container.xml" in names):
        return Kind.OPEN_DOCUMENT
    return Kind.ARCHIVE


def _office_kind(names: set[str]) -> Kind:
    lowered = {name.lower() for name in names}
    if any(
        re.search(r"vbaproject\.bin$|^xl/macrosheets/|vbadata\.xml$|^xl/intlmacrosheets/", name)
        for name in lowered
    ):
        return Kind.MACRO_OFFICE
    for folder, kind in (("word/", Kind.WORD), ("xl/", Kind.WORKBOOK), ("ppt/", Kind.PRESENTATION)):
        if any(name.startswith(folder) for name in lowered):
            return kind
    return Kind.ARCHIVE


def guard(package: zipfile.ZipFile, *, members: int, limits: Limits = LIMITS) -> None:
    """Refuse a container by its directory alone: too many, too large, overlapping, locked, or named to escape."""
    infos = package.infolist()
    if len(infos) > members:
        raise Hostile(
            say("The archive lists %(count)s files; %(limit)s are allowed.", count=len(infos), limit=members)
        )
    if sum(info.file_size for info in infos) > limits.inflated:
        raise Hostile(
            say(
                "The archive would unpack to more than %(limit)s MB. Do not unpack it; ask what it was meant to be.",
                limit=megabytes(limits.inflated),
            )
        )
    for info in infos:
        _guard_member(info, limits)
    _guard_names(infos)
    _guard_overlap(infos)


def _guard_member(info: zipfile.ZipInfo, limits: Limits) -> None:
    if info.flag_bits & 0x1:
        raise Malformed(say("The archive is locked with a password. Ask for it unlocked."))
    if info.file_size > limits.ratio_from and info.file_size > limits.ratio * max(info.compress_size, 1):
        raise Hostile(
            say("%(name)s unpacks to more than a hundred times its size.", name=shown(info.filename))
        )
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise Hostile(
            say("%(name)s in the archive is a link or a device, not a file.", name=shown(info.filename))
        )


def _guard_names(infos: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for info in infos:
        raw = info.orig_filename
        parts = raw.replace("\\", "/").split("/")
        if "\0" in raw or ".." in parts or raw.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", raw):
            raise Hostile(
                say(
                    "%(name)s in the archive points outside it. Do not unpack it; ask what it was meant to be.",
                    name=shown(raw),
                )
            )
        plain = unicodedata.normalize("NFC", raw).casefold()
        if plain in seen:
            raise Hostile(say("The archive holds %(name)s twice.", name=shown(raw)))
        seen.add(plain)


def _guard_overlap(infos: list[zipfile.ZipInfo]) -> None:
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Hostile(say("Files in the archive overlap."))
        end = info.header_offset + 30 + info.compress_size


def read_member(package: zipfile.ZipFile, info: zipfile.ZipInfo, *, limits: Limits = LIMITS) -> bytes:
    """One member, inflated by pieces and never past what the caps allow, whatever its header says."""
    allowed = max(limits.ratio_from, limits.ratio * max(info.compress_size, 1))
    inflated = bytearray()
    try:
        with package.open(info) as member:
            while piece := member.read(_READ):
                inflated += piece
                if len(inflated) > min(limits.inflated, allowed):
                    raise Hostile(
                        say("%(name)s unpacks to far more than it says.", name=shown(info.filename))
                    )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise Malformed(say("%(name)s in the archive is damaged.", name=shown(info.filename))) from error
    return bytes(inflated)


def members(content: bytes, *, limits: Limits = LIMITS) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file in the archive `content`, in its order. Raises `Hostile` or `Malformed`."""
    with open_package(content) as package:
        guard(package, members=limits.members, limits=limits)
        total = 0
        for info in package.infolist():
            if info.is_dir():
                continue
            inflated = read_member(package, info, limits=limits)
            total += len(inflated)
            if total > limits.inflated:
                raise Hostile(say("The archive unpacks to more than %(limit)s MB.", limit=megabytes(limits.inflated)))
            yield info.filename, inflated
