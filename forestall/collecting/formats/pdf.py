"""PDF: its text page by page, and what else it carries. One library tells what can run, another the text."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say

from ..flags import Flag, FlagCode
from ..hostile import Hostile
from ..limits import LIMITS, Limits
from .pdftext import page_texts

_RUNS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/RichMediaExecute"})


@dataclass(frozen=True)
class Paper:
    """A PDF's pages as text, and what it says of itself. `created` may lack a zone."""

    pages: tuple[str, ...]
    title: str
    author: str
    language: str
    created: datetime | None
    flags: tuple[Flag, ...]


def read(content: bytes, *, limits: Limits = LIMITS) -> Paper:
    """The document in `content`. Raises `Malformed` when cut short, locked or broken; `Hostile` when it can run."""
    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks quote the content
    if b"%%EOF" not in content[-2048:]:
        raise Malformed(say("The PDF is cut short: its end is missing. Ask for it again."))
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Malformed(say("The PDF is locked with a password. Ask for it unlocked."))
        return _paper(reader, content, limits)
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OSError,
    ) as error:
        raise Malformed(say("The PDF is broken and cannot be read.")) from error


def _paper(reader: Any, content: bytes, limits: Limits) -> Paper:
    if len(reader.xref_objStm) + sum(len(part) for part in reader.xref.values()) > limits.objects:
        raise Hostile(say("The PDF holds more than %(limit)s objects.", limit=limits.objects))
    count = len(reader.pages)
    if not count:
        raise Malformed(say("The PDF has no page."))
    if count > limits.pages:
        raise Hostile(
            say("The PDF has %(count)s pages; %(limit)s are read.", count=count, limit=limits.pages)
        )
    flags = tuple(_active(reader))
    about = reader.metadata
    return Paper(
        pages=tuple(page_texts(content)),
        title=str((about and about.title) or "").strip(),
        author=str((about and about.author) or "").strip(),
        language=str(reader.trailer["/Root"].get("/Lang") or ""),
        created=_created(about),
        flags=flags,
    )


def _created(about: Any) -> datetime | None:
    try:
        found = about.creation_date if about else None
    except ValueError:
        return None
    return found if isinstance(found, datetime) else None


def _objects(reader: Any) -> Iterator[Any]:
    """Every object of the file, once; those that cannot be read are passed over (the pages tell of them)."""
    from pypdf.generic import IndirectObject

    numbers = {(number, generation) for generation, part in reader.xref.items() for number in part}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    for number, generation in sorted(numbers):
        found = reader.get_object(IndirectObject(number, generation, reader))
        if found is not None:
            yield found


def _active(reader: Any) -> Iterator[Flag]:
    """Refuses what can run; flags what merely lies inside. Looks into dictionaries nested in each object."""
    embedded = False
    for found in _objects(reader):
        for holder in _dictionaries(found, depth=0):
            if "/JS" in holder or str(holder.get("/S", "")) in _RUNS or "/XFA" in holder:
                raise Hostile(
                    say(
                        "The PDF holds scripts or actions that start by themselves. Ask for it printed to a new PDF."
                    )
                )
            embedded = (
                embedded or "/EmbeddedFiles" in holder or str(holder.get("/Type", "")) == "/EmbeddedFile"
            )
    if embedded:
        yield Flag(FlagCode.EMBEDDED_FILE, "PDF")


def _dictionaries(value: Any, *, depth: int) -> Iterator[Any]:
    if depth > 8:
        return
    if isinstance(value, dict):
        yield value
        for inner in dict.values(value):
            yield from _dictionaries(inner, depth=depth + 1)
    elif isinstance(value, list):
        for inner in list(value)[:1000]:
            yield from _dictionaries(inner, depth=depth + 1)
