"""One submission as KPI gives it: which fields are the server's own, which version it is, which files it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from forestall.collecting.cells import as_text
from forestall.collecting.fieldreports.consent import has_consent
from forestall.collecting.fieldreports.files import base_name
from forestall.collecting.fieldreports.flattening import flattened
from forestall.collecting.fieldreports.submission import Submission, ranked
from forestall.collecting.published import NamedRow

_OWN = ("_", "meta/", "formhub/", "geometry")
_TRACK = "audit.csv"
"""What a telephone notes of where and when each answer was given: a track of the reporter, never fetched."""
_OURS = ("forestall_form", "framework")
_ADDRESSES = ("download_url", "download_large_url", "download_medium_url", "download_small_url", "filename")
"""Of a file: addresses that change, and that bear the name of the account. Its own name and number are kept."""


def prefixed(identifier: object) -> str:
    """An identifier as forms write it (`uuid:…`); empty when there is none."""
    text = as_text(identifier)
    return text if not text or text.startswith("uuid:") else f"uuid:{text}"


def roots_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Each submission's first identifier, by every identifier that is known of it: edits name the one before them."""
    before = {
        _current(row): prefixed(row.get("meta/rootUuid") or row.get("meta/deprecatedID")) for row in rows
    }
    return {one: _first(one, before) for one in before}


def _first(identifier: str, before: Mapping[str, str]) -> str:
    seen = {identifier}
    while before.get(identifier) and before[identifier] not in seen:
        identifier = before[identifier]
        seen.add(identifier)
    return identifier


def _current(row: Mapping[str, Any]) -> str:
    """The identifier of this version. One without is known by the number that the server gave it, and its form."""
    found = prefixed(row.get("meta/instanceID") or row.get("instanceID") or row.get("_uuid"))
    number = as_text(row.get("_id"))
    return found or (f"{as_text(row.get('_xform_id_string')) or 'form'}:{number}" if number else "")


def submission_of(row: NamedRow, *, roots: Mapping[str, str]) -> Submission:
    """A row flattened, with its root and its rank: the server's latest stamp, and whether it is an edit."""
    cells = {
        name: _files_alone(value) if name == "_attachments" else value for name, value in row.cells.items()
    }
    answers = flattened(cells)
    submitted = as_text(row.cells.get("_submission_time"))
    stamps = [as_text(row.cells.get(name)) for name in ("_date_modified", "_last_edited")]
    edited = bool(row.cells.get("meta/deprecatedID"))
    return Submission(
        root=roots.get(_current(row.cells), ""),
        place=row.place,
        answers=answers,
        submitted=submitted,
        rank=ranked(submitted, *stamps, edits=int(edited)),
        own=frozenset(path for path in answers if path.startswith(_OWN) or path in _OURS),
        files=tuple(name for one in _attachments(row.cells) if (name := _name(one))),
    )


def _attachments(cells: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = cells.get("_attachments")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _name(file: Mapping[str, Any]) -> str:
    return base_name(as_text(file.get("media_file_basename") or file.get("filename")))


def _files_alone(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    kept = [one for one in value if isinstance(one, dict)]
    return [
        {"name": _name(one)} | {name: text for name, text in one.items() if name not in _ADDRESSES}
        for one in kept
    ] or value


def left_out(row: NamedRow) -> Iterator[str]:
    """The fields of a submission's files that are not kept."""
    yield from (
        f"_attachments/{name}" for one in _attachments(row.cells) for name in one if name in _ADDRESSES
    )


def files_of(row: NamedRow, *, roots: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The files of a submission that may be fetched: none without consent, no track, and none that was deleted."""
    if not has_consent(flattened(row.cells)):
        return
    root, number = roots.get(_current(row.cells), ""), as_text(row.cells.get("_id"))
    form = as_text(row.cells.get("_xform_id_string"))
    for one in _attachments(row.cells):
        identifier = as_text(one.get("uid") or one.get("id"))
        if identifier and form and number and not one.get("is_deleted") and _name(one) != _TRACK:
            key = f"attachment:{form}/{number}/{identifier}"
            yield {
                "key": key,
                "id": identifier,
                "form": form,
                "row": number,
                "parent": root,
                "name": _name(one),
            }
