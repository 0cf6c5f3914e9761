"""Handing in a file: it is read in a limited process, and what cannot be read is kept all the same."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext

from forestall.access.declared import page
from forestall.access.session import Session, current
from forestall.base.errors import Refused
from forestall.base.home import working_folder
from forestall.base.words import Words, say
from forestall.collecting.intake import UPLOAD_LEVEL, Outcome
from forestall.collecting.limits import LIMITS
from forestall.labels.label import LEVEL_WORDS, Level
from forestall.monitoring import queries
from forestall.monitoring.actions import allowance, copies, intake
from forestall.monitoring.actions.intake import Taken
from forestall.monitoring.suggesting import office_readers
from forestall.workspace.showing import show

UNNAMED = "unnamed"
LONGEST = 120
"""Bytes of a name on disk; longer ones keep their ending."""


@page(verb="item.collect", writes="item.collect")
def upload(request: HttpRequest) -> HttpResponse:
    """The form; sent, the file becomes items, or stands in quarantine, and the sentence says which."""
    session = current()
    levels = [(int(level), LEVEL_WORDS[level]) for level in Level if UPLOAD_LEVEL <= level <= session.level]
    if request.method != "POST":
        return show(
            request,
            "workspace/upload.html",
            band=1,
            way=[(say("Inbox"), reverse("inbox")), (say("Hand in a file"), "")],
            levels=levels,
            default=UPLOAD_LEVEL,
            most=LIMITS.file // (1024 * 1024),
        )
    if not levels:
        raise Refused(
            say("What is handed in is confidential at least, and you would not see it. Ask a colleague.")
        )
    level = _level(request.POST.get("level", ""), levels)
    taken = _hand_in(request.FILES.get("file"), level=level, session=session)
    for one in taken:
        (messages.success if one.outcome == Outcome.ACCEPTED else messages.warning)(
            request, _said(one).text(gettext)
        )
    seen = [made for one in taken for made in one.items if queries.item(made.id) is not None]
    return HttpResponseRedirect(reverse("item", args=[seen[0].id]) if seen else reverse("inbox"))


def _level(asked: str, levels: list[tuple[int, Words]]) -> Level:
    offered = {str(level): Level(level) for level, _words in levels}
    if asked not in offered:
        raise Refused(say("Choose how sensitive the file is."))
    return offered[asked]


def _hand_in(file: object, *, level: Level, session: Session) -> list[Taken]:
    """Take the file in by way of a folder of its own; nothing of it, read or set aside, is below the level chosen."""
    if not isinstance(file, UploadedFile) or not file.size:
        raise Refused(say("Choose a file that is not empty."))
    allowance.take(file.size, by=session)
    with tempfile.TemporaryDirectory(prefix="forestall-", dir=working_folder()) as folder:
        _write(Path(folder) / safe_name(file.name or ""), file)
        taken = list(intake.take_in(Path(folder), by=session, readers=office_readers(), level=level))
    copies.recognise([made for one in taken for made in one.items], by=session)
    return taken


def _write(path_: Path, file: UploadedFile[bytes]) -> None:
    with path_.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)


def safe_name(name: str) -> str:
    """The name a file came under, without folders, short enough for a disk; its ending stays."""
    plain = PurePosixPath(name.replace("\\", "/").replace("\0", "")).name or UNNAMED
    if plain in (".", ".."):
        return UNNAMED
    encoded = plain.encode("utf-8", "replace")
    if len(encoded) <= LONGEST:
        return plain
    suffix = PurePosixPath(plain).suffix[:16]
    return encoded[: LONGEST - len(suffix.encode())].decode("utf-8", "ignore") + suffix


def _said(one: Taken) -> Words:
    if one.outcome == Outcome.ACCEPTED:
        return say(
            "%(file)s was taken in and brought items: %(number)s.", file=one.file, number=len(one.items)
        )
    if one.outcome == Outcome.DUPLICATE:
        return say("%(file)s is known already. %(reason)s", file=one.file, reason=one.reason or "")
    return say(
        "%(file)s could not be read and is kept for a reviewer. %(reason)s",
        file=one.file,
        reason=one.reason or "",
    )


addresses = [path("inbox/upload/", upload, name="upload")]
