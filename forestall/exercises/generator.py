"""Everything an exercise's office received, as files: the same names and the same bytes each time.

Every file's name says EXERCISE; so does what is in it, in the item's own language, wherever the form has room for a
line (a CSV has none beside its cells).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .exercise import Exercise
from .forms.archive import write_archive
from .forms.feed import FEEDS
from .forms.mail import Attachment, write_mail
from .forms.page import write_page
from .forms.paper import write_paper
from .forms.plain import write_plain
from .forms.sheet import Sheet
from .forms.table import write_csv, write_spreadsheet
from .forms.word import write_word
from .item import Bundle, Form, Item

_WRITERS: Mapping[Form, Callable[[Sheet], bytes]] = {
    Form.PDF: write_paper,
    Form.WORD: write_word,
    Form.PAGE: write_page,
    Form.TEXT: write_plain,
    Form.CSV: write_csv,
    Form.SHEET: write_spreadsheet,
}
_KINDS: Mapping[Form, str] = {
    Form.PDF: "application/pdf",
    Form.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.CSV: "text/csv",
    Form.SHEET: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BUNDLED = {"rss": "xml", "atom": "xml", "jsonfeed": "json", "zip": "zip"}


@dataclass(frozen=True)
class File:
    """One file as it arrives. `items` are the ids it carries, in order; `channel` is mail, feed or upload."""

    name: str
    channel: str
    received_at: datetime
    items: tuple[str, ...]
    content: bytes


def files(exercise: Exercise) -> tuple[File, ...]:
    """Every file of the exercise, in the order of receipt. An item is in exactly one of them."""
    carried = [*_alone(exercise), *_bundled(exercise)]
    return tuple(sorted(carried, key=lambda file: (file.received_at, file.name)))


def write(exercise: Exercise, folder: Path) -> list[Path]:
    """Write every file into `folder` (made when missing), dated as received; returns the paths in that order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for file in files(exercise):
        path = folder / file.name
        path.write_bytes(file.content)
        moment = file.received_at.timestamp()
        os.utime(path, (moment, moment))
        paths.append(path)
    return paths


def _alone(exercise: Exercise) -> Iterator[File]:
    for item in exercise.items:
        if item.bundle or item.carried_by:
            continue
        within = [one for one in exercise.items if one.carried_by == item.id]
        mail = item.form is Form.MAIL
        yield File(
            name=_name(item.received_at, identifier=item.id, ending=item.form.value),
            channel="mail" if mail else "upload",
            received_at=item.received_at,
            items=(item.id, *(one.id for one in within)),
            content=_mail(exercise, item=item, within=within) if mail else _content(exercise, item=item),
        )


def _bundled(exercise: Exercise) -> Iterator[File]:
    for bundle in exercise.bundles.values():
        items = [item for item in exercise.items if item.bundle == bundle.id]
        yield File(
            name=_name(bundle.received_at, identifier=bundle.id, ending=_BUNDLED[bundle.form]),
            channel="upload" if bundle.form == "zip" else "feed",
            received_at=bundle.received_at,
            items=tuple(item.id for item in items),
            content=_bundle(exercise, bundle=bundle, items=items),
        )


def _bundle(exercise: Exercise, *, bundle: Bundle, items: list[Item]) -> bytes:
    if bundle.form == "zip":
        members = [(_member(item), _content(exercise, item=item)) for item in items]
        return write_archive(members, at=bundle.received_at)
    return FEEDS[bundle.form](bundle, sheets=[_sheet(exercise, item=item) for item in items])


def _mail(exercise: Exercise, *, item: Item, within: list[Item]) -> bytes:
    attachments = [
        Attachment(name=_member(one), kind=_KINDS[one.form], content=_content(exercise, item=one))
        for one in within
    ]
    return write_mail(_sheet(exercise, item=item), attachments=attachments)


def _content(exercise: Exercise, *, item: Item) -> bytes:
    return _WRITERS[item.form](_sheet(exercise, item=item))


def _sheet(exercise: Exercise, *, item: Item) -> Sheet:
    return Sheet.of(item, originator=exercise.originators[item.originator], words=exercise.words)


def _member(item: Item) -> str:
    return f"EXERCISE-{item.id}.{item.form.value}"


def _name(received_at: datetime, *, identifier: str, ending: str) -> str:
    return f"EXERCISE-{received_at.date().isoformat()}-{identifier}.{ending}"
