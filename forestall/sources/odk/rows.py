"""One submission as Central gives it, over OData or in an export: what is Central's own, which version, which files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from forestall.base.words import say
from forestall.collecting.cells import as_text
from forestall.collecting.fieldreports.consent import has_consent
from forestall.collecting.fieldreports.flattening import flattened, last
from forestall.collecting.fieldreports.submission import Submission, ranked
from forestall.collecting.published import NamedRow

ENCRYPTED = say(
    "It is encrypted with a key that is not on the server. Decrypt it with the passphrase in Central's export, and hand in what that gives."
)

_STATES = frozenset({"notdecrypted", "encrypted", "missingencryptedformdata", "missing encrypted form data"})
_OWN = ("__", "meta/", "@")
_COLUMNS = frozenset({
    "SubmissionDate", "KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status",
    "ReviewState", "DeviceID", "Edits", "FormVersion", "PARENT_KEY", "instanceID", "instanceName",
    "forestall_form", "framework",
})  # fmt: skip
_MEDIA = frozenset({
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".mp4", ".3gp", ".3gpp", ".mov", ".m4a", ".mp3", ".amr", ".wav",
    ".ogg", ".aac", ".pdf", ".docx", ".xlsx",
})  # fmt: skip
_NAVIGATION = "@odata.navigationLink"


def _system(cells: Mapping[str, Any]) -> Mapping[str, Any]:
    found = cells.get("__system")
    return found if isinstance(found, dict) else {}


def submission_of(row: NamedRow) -> Submission:
    """A row flattened, with the identifier that stays over edits, and its rank: the last change and how many edits."""
    cells, system = row.cells, _system(row.cells)
    answers = flattened(cells)
    root = as_text(
        cells.get("__id") or cells.get("KEY") or cells.get("meta/instanceID") or cells.get("instanceID")
    )
    submitted = as_text(system.get("submissionDate") or cells.get("SubmissionDate"))
    edits = as_text(system.get("edits") or cells.get("Edits"))
    return Submission(
        root=root or _instance(cells),
        place=row.place,
        answers=answers,
        submitted=submitted,
        rank=ranked(submitted, as_text(system.get("updatedAt")), edits=int(edits) if edits.isdigit() else 0),
        own=frozenset(path for path in answers if path.startswith(_OWN) or _is_own(path)),
        files=tuple(name for _, name in _files(answers)),
    )


def _instance(cells: Mapping[str, Any]) -> str:
    meta = cells.get("meta")
    return as_text(meta.get("instanceID")) if isinstance(meta, dict) else ""


def _is_own(path: str) -> bool:
    name = last(path)
    return name in _COLUMNS or name.startswith("__") or name.endswith(_NAVIGATION)


def stamps_of(row: NamedRow) -> Iterator[str]:
    """When it was handed in and last changed, as Central writes it: sortable."""
    system = _system(row.cells)
    yield from (as_text(system[name]) for name in ("submissionDate", "updatedAt") if system.get(name))


def is_encrypted(row: NamedRow) -> bool:
    """Whether Central could not read it."""
    state = as_text(_system(row.cells).get("status") or row.cells.get("Status"))
    return re.sub(r"\s+", " ", state).casefold() in _STATES or state.casefold() == "not decrypted"


def form_of(page: Mapping[str, Any]) -> str:
    """The project and form that a page of OData says it is of (`7/field_report`), or nothing."""
    found = re.search(r"/projects/(\d+)/forms/([^/]+)\.svc/", as_text(page.get("@odata.context")))
    return f"{found[1]}/{found[2]}" if found else ""


def _files(answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, value in answers.items():
        name = value.strip() if isinstance(value, str) else ""
        if PurePosixPath(name).suffix.lower() in _MEDIA and re.fullmatch(r"[^/\\\n]{1,200}", name):
            yield path, name


def files_of(row: NamedRow, *, form: str) -> Iterator[dict[str, str]]:
    """The files of a submission that may be fetched: none without consent, and none that the server does not have."""
    answers = flattened(row.cells)
    if (
        not form
        or is_encrypted(row)
        or not has_consent(answers)
        or not _system(row.cells).get("attachmentsPresent")
    ):
        return
    root = as_text(row.cells.get("__id"))
    for _, name in _files(answers):
        yield {"key": f"attachment:{form}/{root}/{name}", "form": form, "parent": root, "name": name}
