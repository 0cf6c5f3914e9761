"""Run by test_everywhere.py in a process of its own: a home on the disk, a name in every place there is, its removal by two.

Prints the places where the name stands: before, and after. `keep` leaves the removal out.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

NAME = "zanziphore"
LOG = io.StringIO()


def main(folder: str, how: str) -> None:
    from forestall.base.home import Kind, create

    temporary = Path(folder) / "temporary"
    temporary.mkdir()
    tempfile.tempdir = str(temporary)
    home = create(Path(folder) / "home", kind=Kind.EXERCISE)
    os.environ.update(FORESTALL_HOME=str(home.path), DJANGO_SETTINGS_MODULE="forestall.config.settings")
    import django

    django.setup()
    from django.conf import settings

    from forestall.cli.command import migrate

    logging.getLogger().addHandler(logging.StreamHandler(LOG))
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    settings.FILE_UPLOAD_TEMP_DIR = str(temporary)
    settings.EMAIL_HOST, settings.EMAIL_BACKEND = "localhost", "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(Path(folder) / "letters")
    migrate()
    people = _people()
    item = _everywhere(people)
    before = _standing(Path(folder), home.path)
    if how == "remove":
        _remove(item, people)
    print(json.dumps({"before": before, "after": _standing(Path(folder), home.path), "holds": _holds()}))


def _people() -> dict[str, Any]:
    from forestall.access import actions
    from forestall.access.session import bound_to, system_reader

    made = {}
    with bound_to(system_reader("keeper", reason="a test")) as by:
        for name, role in (("rita", "records_officer"), ("rolf", "records_officer"), ("bob", "senior_reviewer"), ("dan", "director")):
            made[name] = actions.add_person(username=name, name=name, clearance=3, email=f"{name}@office.example", by=by)
            actions.give_role(made[name], role=role, by=by, since=date(2025, 1, 1))
    return made


def session(people: dict[str, Any], name: str) -> Any:
    from forestall.access.session import Assurance, for_person

    return for_person(people[name], assurance=Assurance.WEBAUTHN)


def _everywhere(people: dict[str, Any]) -> Any:
    """The name in the bytes, their name, title, text, source's own fields, quotes, grades, suggestions, leave, decisions,
    reasons for keeping on, drafts, the index, what arrived beside it; and whatever pages, mails and files are made of it."""
    from forestall.access import decisions
    from forestall.access.session import bound_to
    from forestall.base.clock import now, today
    from forestall.labels.label import Label, Level
    from forestall.monitoring.actions import item as items
    from forestall.monitoring.actions import release
    from forestall.monitoring.models import Item, LeaveToQuote, Observation, Passage, Source, Suggestion
    from forestall.record import drafts, evidence
    from forestall.record.actions import set_beside, write
    from forestall.retention import disposal
    from forestall.search import saved

    bob, rita = session(people, "bob"), session(people, "rita")
    label = Label(Level.INTERNAL)
    with bound_to(bob):
        source = write(Source(name="Office", key="o", collector="mail").labelled(label), by="system:collector", verb="added")
        kept = evidence.keep(f"{NAME} bytes".encode(), name=f"{NAME}.txt", media_type="text", label=label, by="system:collector")
        item = Item(
            source=source, evidence=kept, collector="mail", external_id=f"<{NAME}@mail>", content_hash="x", native={"from": NAME},
            url=f"https://example.org/{NAME}", reporter=NAME, title=f"Of {NAME}", text=f"{NAME} speaks", received_at=now(),
        ).labelled(label)  # fmt: skip
        write(item, by="system:collector", verb="item received")
        item.title = f"Of {NAME} again"
        write(item, by=bob.person_id, verb="edited")
        grade = items.grade(item, reliability="B", credibility="2", by=_allowed(bob))
        grade.reason = f"{NAME} is known"
        write(grade, by=bob.person_id, verb="graded")
        seen = write(Observation(summary="Somebody spoke", on=today(), iso3="ZZK").labelled(label), by=bob.person_id, verb="confirmed")
        write(Passage(observation=seen, item=item, quote=f"{NAME} speaks").labelled(label), by=bob.person_id, verb="rested")
        set_beside(Suggestion(item=item, suggester="place", version="1", value="x", score=1, quote=NAME, reason="x").labelled(label))
        leave = LeaveToQuote(about_kind=item.kind(), about_id=item.id, originator="o", addressee="a", wording=f"{NAME} said", asked_by="x", asked_at=now())
        write(leave.labelled(label), by=bob.person_id, verb="asked")
        words = release.terms_of(title=NAME, text=NAME, level=0, compartments=frozenset(), countries=[])
        decisions.propose(release.RELEASE, about=item, reason=f"because of {NAME}", terms=words, by=bob)
        drafts.keep(person=bob.person_id, form=f"release {item.id}", fields={"text": [NAME]}, level=3)
    with bound_to(rita):
        disposal.keep_on([item], until=date(today().year + 1, 1, 1), reason=f"{NAME} is needed", by=rita)
        saved.keep(name="Speaking", text="speaks", narrowed={}, notify=True, by=rita)
    _seen_and_taken_out(item, people)
    return item


def _allowed(session: Any) -> Any:
    from dataclasses import replace

    return replace(session, verbs=session.verbs | {"item.grade"})


def _seen_and_taken_out(item: Any, people: dict[str, Any]) -> None:
    """Pages, tables, the working copy and the original are made of it; letters are written; something breaks on it."""
    from django.test import Client

    from forestall.access.middleware import EXERCISE_LINK
    from forestall.cli import schedule

    browser = Client(raise_request_exception=False)
    browser.force_login(people["rita"], backend="allauth.account.auth_backends.AuthenticationBackend")
    kept = browser.session
    kept[EXERCISE_LINK] = True
    kept.save()
    for address in (f"/items/{item.id}/", "/search/?q=speaks", "/search/?q=speaks&format=xlsx", "/record/?format=csv", "/inbox/", "/records/",
                    f"/labels/monitoring.item/{item.id}/", f"/items/{item.id}/original/", f"/items/{item.id}/copy/"):  # fmt: skip
        answer = browser.get(address)
        _ = b"".join(answer.streaming_content) if answer.streaming else answer.content
    with suppress(ValueError):
        raise ValueError(NAME)
    schedule.ask_saved_searches()
    schedule.mail_notices()


def _remove(item: Any, people: dict[str, Any]) -> None:
    from forestall.access.session import bound_to
    from forestall.retention import disposal

    rita, rolf = session(people, "rita"), session(people, "rolf")
    with bound_to(rita):
        proposed = disposal.propose([item], reason="a granted request", by=rita)
    with bound_to(rolf):
        told = disposal.agree(proposed, by=rolf)
        assert told.done == 1, told.refused


def _standing(folder: Path, home: Path) -> list[str]:
    """The places in which the name stands: files by what they are for, and the machine's log. FTS5 shortens a word by what
    the one before shares, so the first letter is left out."""
    found = {_place(path, home) for path in folder.rglob("*") if path.is_file() and _stands(path)}
    return sorted(found | ({"machine log"} if NAME in LOG.getvalue() else set()))


def _stands(path: Path) -> bool:
    return NAME[1:].encode() in path.read_bytes().lower() or NAME in path.name


def _place(path: Path, home: Path) -> str:
    return path.relative_to(home).parts[0] if home in path.parents else path.relative_to(home.parent).parts[0]


def _holds() -> list[str]:
    from forestall.record.verification import verify

    return [str(fault) for fault in verify().faults]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
