"""GDELT 2.0 events: every quarter of an hour a file of what the world's media were read to say, by a machine.

Volume and attention, never a fact of its own: one row raises nothing. Files are fetched whole, in order and without a
gap; a slot that was never published is given up after a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import Cursor, Envelope, Page, Request
from forestall.collecting.contract import Found, Source
from forestall.collecting.encodings import decode
from forestall.collecting.kinds import Kind
from forestall.collecting.published import Form, unpack
from forestall.collecting.received import Received

from .columns import MENTION
from .eventrows import batches
from .mentions import mentions

LIST, FILES = "list", "files"
_SLOT = timedelta(minutes=15)
_GIVEN_UP = timedelta(hours=24)
_STAMP = "%Y%m%d%H%M%S"
_LISTED = re.compile(r"^(\d+) ([0-9a-f]{32}) \S*/(\d{14})\.export\.CSV\.zip$", re.MULTILINE)
_ANY_LISTED = re.compile(r"^\d+ [0-9a-f]{32} \S+$")


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """The list of the newest files, then every slot up to it that is not kept, then those that were missing."""
    base = source.settings["base"]
    yield Request(LIST, f"{base}/lastupdate.txt", name="lastupdate.txt")
    listed = cursor.get(LIST, {})
    newest = listed.get("newest", "")
    for stamp in _slots(cursor.get(FILES, {}), newest, days=int(source.settings["first_days"])):
        name = f"{stamp}.export.CSV.zip"
        yield Request(FILES, f"{base}/{name}", name=name, expects=listed["md5"] if stamp == newest else "")


def _slots(state: Mapping[str, Any], newest: str, *, days: int) -> list[str]:
    if not newest:
        return []
    last = _time(newest)
    done = _time(state["done"]) if state.get("done") else last - timedelta(days=days)
    count = int((last - done) / _SLOT)
    ahead = [(done + _SLOT * number).strftime(_STAMP) for number in range(1, count + 1)]
    return [*ahead, *state.get("missing", ())]


def _time(stamp: str) -> datetime:
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)


def advance(cursor: Mapping[str, Any], *, page: Page) -> Cursor:
    """The list tells the newest slot; a file moves the mark of what is kept; one that is not there (404) is noted."""
    moved = {key: dict(state) for key, state in cursor.items()}
    if page.request.key == LIST:
        if page.envelope.version:
            moved[LIST] = {"newest": page.envelope.version, "md5": page.envelope.high}
        return moved
    stamp = page.request.name[:14]
    state = moved.setdefault(FILES, {})
    missing = [one for one in state.get("missing", ()) if one != stamp]
    if page.status == 404 and page.at and page.at - _time(stamp) < _GIVEN_UP:
        missing.append(stamp)
    state["missing"] = missing
    state["done"] = max(stamp, state.get("done", ""))
    return moved


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Found]:
    """The events of an export file, the mentions of a mentions file, or the newest slot of a list of files."""
    found = unpack(received)
    if found.form is not Form.DELIMITED:
        raise Malformed(say("A file of GDELT was expected; what came is something else."))
    first = found.content[: found.content.find(b"\n")] if b"\n" in found.content else found.content
    if _ANY_LISTED.match(first.decode("utf-8", "replace").strip()):
        yield from _listed(found.content)
        return
    width = first.count(b"\t") + 1
    if width in (len(MENTION), len(MENTION) - 1) or first.startswith((b"GLOBALEVENTID,", b",GLOBALEVENTID", b'"GLOBALEVENTID"')):
        yield from mentions(decode(found.content, declared="utf-8").text, source_id=source.id, licence=source.licence)
    elif width < len(MENTION) - 1:
        said = " ".join(first.decode("utf-8", "replace").split())[:200]
        raise Malformed(say("This is no file of GDELT. It says: “%(said)s”.", said=said))
    elif width == 27:
        raise Malformed(say("This is a file of GDELT's knowledge graph, which is not read. Ask for the export file."))
    else:
        yield from batches(found.content, source_id=source.id, licence=source.licence)


def _listed(content: bytes) -> Iterator[Found]:
    slots = _LISTED.findall(content.decode("ascii", "replace").replace("\r", ""))
    if not slots:
        raise Malformed(say("The list of files names no export file."))
    _, md5, stamp = max(slots, key=lambda one: one[2])
    yield Envelope(total=len(slots), version=stamp, high=f"md5:{md5}")
