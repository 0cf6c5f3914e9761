"""ODK Central: submissions of a form over OData, and what is exported of them.

Names are those of Central's API and exports. `__id` stays over edits, which `__system/edits` counts; `meta/instanceID`
is that of the version. Repeats come with `$expand=*`; what a key that is not on the server encrypts is set aside.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow, Cursor, Envelope, Page, Request
from forestall.collecting.contract import Found, Source
from forestall.collecting.fieldreports import progress
from forestall.collecting.fieldreports.definition import read_carried
from forestall.collecting.fieldreports.files import attached
from forestall.collecting.fieldreports.submission import Reading, aside, once, taken
from forestall.collecting.kinds import Kind
from forestall.collecting.published import NamedRow, json_rows
from forestall.collecting.received import Received
from forestall.collecting.record import Record

from . import exports
from .rows import ENCRYPTED, files_of, form_of, is_encrypted, stamps_of, submission_of
from .xform import definition_of

_MARKS = frozenset({"__id", "__system", "KEY", "instanceID", "meta/instanceID"})


class _Central:
    """How Central is asked: a session in the header, OData with repeats expanded and the whole counted."""

    def ask_form(self, form: str, *, source: Source) -> Request:
        return _request(f"form:{form}", source, f"{_path(form)}.xml", name="form.xml")

    def ask_since(self, form: str, *, source: Source, since: str, known: str) -> Request:
        asked = {"$top": str(source.settings["page_size"]), "$count": "true", "$expand": "*"}
        if since:
            moment = f"{since}T00:00:00.000Z"
            asked["$filter"] = f"__system/submissionDate ge {moment} or __system/updatedAt ge {moment}"
        return self.ask_more(
            form, source=source, query=urlencode(asked, quote_via=quote, safe="$*"), known=known
        )

    def ask_more(self, form: str, *, source: Source, query: str, known: str) -> Request:
        key = f"data:{form}"
        carried = json.dumps({"form": form, "definition": known})
        return _request(key, source, f"{_path(form)}.svc/Submissions?{query}", carried=carried)

    def ask_file(self, waiting: Mapping[str, str], *, source: Source) -> Request:
        carried = json.dumps({"file": waiting["name"], "parent": waiting["parent"]})
        where = f"{_path(waiting['form'])}/submissions/{quote(waiting['parent'], safe='')}/attachments/{quote(waiting['name'], safe='')}"
        return _request(waiting["key"], source, where, name=waiting["name"], carried=carried)


def _path(form: str) -> str:
    project, _, identifier = form.partition("/")
    return f"{quote(project, safe='')}/forms/{quote(identifier, safe='')}"


def _request(
    key: str, source: Source, where: str, *, name: str = "submissions.json", carried: str = ""
) -> Request:
    url = f"{source.settings['server']}/v1/projects/{where}"
    return Request(key, url, {"Authorization": "Bearer {session}"}, name=name, carried=carried)


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """The form first, then what was handed in or edited since the overlap, then the files beside it."""
    return progress.planned(cursor, server=_Central(), source=source, today=today)


def advance(cursor: Mapping[str, Any], *, page: Page) -> Cursor:
    """How far each form was read, and which files wait."""
    return progress.advanced(cursor, page=page, whole="filter=" not in page.request.url)


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Found]:
    """One record per submission of a page of OData or an export (CSV, ZIP); a form (XForm) gives its labels.

    Raises `Malformed`, also for what was encrypted with a key that is not on the server.
    """
    part = attached(received)
    if part is not None:
        yield part
        return
    known = json.loads(received.carried) if received.carried else {}
    reading = Reading(source, received.received_at, read_carried(known.get("definition", "")))
    found = exports.opened(received)
    if isinstance(found, exports.Document):
        definition = definition_of(found.content)
        yield Envelope(version=definition.version, carried=definition.carried())
    elif isinstance(found, exports.Answer):
        yield from _of_json(found.value, reading, form=known.get("form", ""))
    else:
        yield from _records(found, reading)


def _of_json(value: Any, reading: Reading, *, form: str) -> Iterator[Found]:
    rows = list(_rows(value))
    yield from _records(rows, reading)
    if isinstance(value, dict) and "value" in value:
        yield _envelope(value, rows, reading.source, form)


def _rows(value: Any) -> Iterator[NamedRow | BadRow]:
    if isinstance(value, dict) and isinstance(value.get("value"), list):
        yield from json_rows(value, at="value")
    elif isinstance(value, dict) and not _MARKS & set(value):
        raise _refused(value)
    else:
        yield from json_rows([value] if isinstance(value, dict) else value)


def _refused(value: Mapping[str, Any]) -> Malformed:
    """Why an answer holds no submissions, in the server's own words where it has any."""
    told = value.get("message") or value.get("error") or value.get("detail")
    if isinstance(told, str) and told.strip():
        return Malformed(say("The server refused: “%(told)s”.", told=told.strip()[:200]))
    return Malformed(
        say("These are no submissions: none of %(names)s is there.", names=", ".join(sorted(_MARKS)))
    )


def _records(rows: Iterable[NamedRow | BadRow], reading: Reading) -> Iterator[Found]:
    every = list(rows)  # what a broken row holds is not told: it may name somebody
    named = [row for row in every if isinstance(row, NamedRow)]
    if named and not any(_MARKS & set(row.cells) for row in named):
        raise _refused({})
    if any(name.startswith("__Submissions") for row in named for name in row.cells):
        raise Malformed(
            say("These are the rows of a repeat, without the submissions that they belong to and the consent given there. Ask for the submissions with $expand=*.")
        )  # fmt: skip
    yield from (replace(row, content="") for row in every if isinstance(row, BadRow))
    yield from once(_one(row, reading) for row in named)


def _one(row: NamedRow, reading: Reading) -> Record | BadRow:
    submission = submission_of(row)
    return aside(submission, ENCRYPTED) if is_encrypted(row) else taken(submission, reading=reading)


def _envelope(value: Mapping[str, Any], rows: list[NamedRow | BadRow], source: Source, form: str) -> Envelope:
    total, named = value.get("@odata.count"), [row for row in rows if isinstance(row, NamedRow)]
    waiting = [one for row in named for one in files_of(row, form=form or form_of(value))]
    return Envelope(
        total=total if isinstance(total, int) else None,
        more=progress.next_query(str(value.get("@odata.nextLink") or ""), source=source),
        high=max((stamp for row in named for stamp in stamps_of(row)), default=""),
        carried=json.dumps(waiting) if waiting else "",
    )
