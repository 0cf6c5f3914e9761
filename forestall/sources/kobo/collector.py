"""KoboToolbox: submissions of a form, page by page, and what is exported of them.

Fields and paths are those of the data API of KPI (version 2) and of its exports. An edit gives a submission a new
`meta/instanceID`; `meta/rootUuid` stays, and `meta/deprecatedID` names the one before it. The API gives names, and the
form's own definition the labels.
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
from forestall.collecting.asking import BadRow, Cursor, Envelope, Ignored, Page, Request
from forestall.collecting.contract import Found, Source
from forestall.collecting.fieldreports import progress
from forestall.collecting.fieldreports.definition import read_carried
from forestall.collecting.fieldreports.files import attached
from forestall.collecting.fieldreports.submission import Reading, once, taken
from forestall.collecting.kinds import Kind
from forestall.collecting.published import Form, NamedRow, json_of, json_rows, unpack
from forestall.collecting.received import Received

from . import exports
from .asset import definition_of, is_asset
from .rows import files_of, left_out, roots_of, submission_of


class _Kpi:
    """How KPI is asked: a token in the header, JSON, never more than a thousand submissions at once."""

    def ask_form(self, form: str, *, source: Source) -> Request:
        return _request(f"form:{form}", source, f"{form}/?format=json")

    def ask_since(self, form: str, *, source: Source, since: str, known: str) -> Request:
        asked = {
            "format": "json",
            "limit": str(min(int(source.settings["page_size"]), 1000)),
            "start": "0",
            "sort": '{"_submission_time":1}',
        }
        if since:
            asked["query"] = json.dumps(
                {"_submission_time": {"$gte": f"{since}T00:00:00"}}, separators=(",", ":")
            )
        return self.ask_more(form, source=source, query=urlencode(asked), known=known)

    def ask_more(self, form: str, *, source: Source, query: str, known: str) -> Request:
        return _request(f"data:{form}", source, f"{form}/data/?{query}", carried=known)

    def ask_file(self, waiting: Mapping[str, str], *, source: Source) -> Request:
        carried = json.dumps({"file": waiting["id"], "parent": waiting["parent"]})
        where = f"{quote(waiting['form'])}/data/{quote(waiting['row'])}/attachments/{quote(waiting['id'])}/"
        return _request(waiting["key"], source, where, name=waiting["name"], carried=carried)


def _request(key: str, source: Source, where: str, *, name: str = "", carried: str = "") -> Request:
    url = f"{source.settings['server']}/api/v2/assets/{where}"
    return Request(
        key,
        url,
        {"Authorization": "Token {token}"},
        name=name or f"{key.replace(':', '-')}.json",
        carried=carried,
    )


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """The form first, then its submissions since the overlap (all of them once a week, for edits), then their files."""
    return progress.planned(cursor, server=_Kpi(), source=source, today=today)


def advance(cursor: Mapping[str, Any], *, page: Page) -> Cursor:
    """How far each form was read, and which files wait."""
    return progress.advanced(cursor, page=page, whole="query=" not in page.request.url)


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Found]:
    """One record per submission of a page, an export (CSV, workbook, GeoJSON) or a single post; a form gives its labels.

    Raises `Malformed`.
    """
    part = attached(received)
    if part is not None:
        yield part
        return
    found = unpack(received)
    if found.form is Form.JSON:
        yield from _of_json(json_of(found), received, source)
    elif found.form is Form.XML:
        raise Malformed(say("Submissions were expected; what came is XML."))
    else:
        rows = exports.rows(found, received)
        yield from _records(rows, _reading(received, source))


def _reading(received: Received, source: Source) -> Reading:
    return Reading(source, received.received_at, read_carried(received.carried))


def _of_json(value: Any, received: Received, source: Source) -> Iterator[Found]:
    if is_asset(value):
        definition = definition_of(value)
        yield Envelope(total=None, version=definition.version, carried=definition.carried())
        return
    rows = list(_rows(value))
    yield from _records(rows, _reading(received, source))
    if isinstance(value, dict) and "results" in value:
        yield _envelope(value, rows, source)


def _rows(value: Any) -> Iterator[NamedRow | BadRow]:
    """The rows of a page, a list, a single submission, or the features of a map."""
    if isinstance(value, dict) and isinstance(value.get("results"), list):
        yield from json_rows(value, at="results")
    elif isinstance(value, dict) and isinstance(value.get("features"), list):
        for row in json_rows(value, at="features"):
            yield row if isinstance(row, BadRow) else NamedRow(row.line, _feature(row.cells))
    elif isinstance(value, dict) and not exports.MARKS & set(value):
        raise _refused(value)
    else:
        yield from json_rows([value] if isinstance(value, dict) else value)


def _feature(feature: Mapping[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    geometry = feature.get("geometry")
    return {
        **(properties if isinstance(properties, dict) else {}),
        **({"geometry": geometry} if geometry else {}),
    }


def _refused(value: Mapping[str, Any]) -> Malformed:
    """Why an answer holds no submissions, in the server's own words where it has any."""
    told = value.get("detail") or value.get("error") or value.get("message")
    if isinstance(told, str) and told.strip():
        return Malformed(say("The server refused: “%(told)s”.", told=told.strip()[:200]))
    return Malformed(
        say("These are no submissions: none of %(names)s is there.", names=", ".join(sorted(exports.MARKS)))
    )


def _records(rows: Iterable[NamedRow | BadRow], reading: Reading) -> Iterator[Found]:
    every = list(rows)  # what a broken row holds is not told: it may name somebody
    named = [row for row in every if isinstance(row, NamedRow)]
    if named and not any(exports.MARKS & set(row.cells) for row in named):
        raise _refused({})
    roots = roots_of(row.cells for row in named)
    yield from (replace(row, content="") for row in every if isinstance(row, BadRow))
    yield from once(taken(submission_of(row, roots=roots), reading=reading) for row in named)
    left = {name for row in named for name in left_out(row)}
    if left:
        yield Ignored(tuple(sorted(left)))


def _envelope(value: Mapping[str, Any], rows: list[NamedRow | BadRow], source: Source) -> Envelope:
    total, cells = value.get("count"), [row.cells for row in rows if isinstance(row, NamedRow)]
    times = [str(one.get("_submission_time") or "") for one in cells]
    roots = roots_of(cells)
    waiting = [one for row in rows if isinstance(row, NamedRow) for one in files_of(row, roots=roots)]
    return Envelope(
        total=total if isinstance(total, int) else None,
        more=progress.next_query(str(value.get("next") or ""), source=source),
        high=max(times, default=""),
        carried=json.dumps(waiting) if waiting else "",
    )
