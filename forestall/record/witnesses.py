"""The witnesses: each is told every seal, again and again until it takes it. One that does not is an alarm.

A witness is a folder elsewhere, a mail address, or a time-stamp authority. What it keeps has one length and one rhythm.
"""

from __future__ import annotations

import base64
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from forestall.base import durable
from forestall.base.clock import now
from forestall.base.errors import Spoken, Unavailable
from forestall.base.words import Words, say
from forestall.outbound.timestamping import stamp

from .models import Seal, Telling

MAIL, WEB = "mailto:", "https:"
FILE, OLD_FILE = "seals.txt", "checkpoints.txt"
AT_ONCE = 100  # lines told to one witness in one turn, so that one that comes back does not hold up the others


def tell_all() -> None:
    """Tell every witness the seals it lacks, oldest first; each witness's failure is its own, and is kept."""
    for witness in settings.WITNESSES:
        for seal in _untold(witness)[:AT_ONCE]:
            if not _tell(witness, seal):
                break  # lines are kept in their order: the next one waits for this one


def _untold(witness: str) -> list[Seal]:
    """A witness named later is told from the last seal on: earlier lines would not show that they were told in time."""
    known = Telling.objects.filter(witness=witness)
    told = known.filter(told_at__isnull=False).values("seal_at")
    first = known.order_by("seal_at").values_list("seal_at", flat=True).first()
    last = Seal.objects.order_by("-at").first()
    if last is None:
        return []
    return list(Seal.objects.filter(at__gte=first or last.at).exclude(at__in=told).order_by("at"))


def _tell(witness: str, seal: Seal) -> bool:
    telling = Telling.objects.get_or_create(seal_at=seal.at, witness=witness)[0]
    try:
        telling.receipt = _hand_over(witness, f"{seal.line()}\n")
        telling.told_at, telling.failure = now(), ""
    except (OSError, smtplib.SMTPException, Spoken) as error:
        telling.tried += 1
        telling.failure = str(error)[:300] or type(error).__name__
    telling.save()
    return telling.told_at is not None


def _hand_over(witness: str, line: str) -> str:
    """Give one line to one witness; what a time-stamp authority answers, base64, else nothing."""
    if witness.startswith(MAIL):
        _mail(witness[len(MAIL) :], line)
    elif witness.startswith(WEB):
        certificates = Path(settings.SEALS.timestamp_certificates).read_bytes()
        hosts = {urlsplit(witness).hostname or ""}
        return base64.b64encode(stamp(line.encode(), url=witness, hosts=hosts, certificates=certificates)).decode()
    else:
        _append(Path(witness), line)
    return ""


def _mail(address: str, line: str) -> None:
    """One mail, always of the same words and length but for the line itself."""
    exercise = "EXERCISE: " if settings.HOME.is_exercise else ""
    EmailMessage(
        subject=f"{exercise}Forestall seal", body=f"{exercise}Keep this mail.\n{line}", to=[address],
        connection=get_connection(),
    ).send()  # fmt: skip


def _append(folder: Path, line: str) -> None:
    """Add a line, durably; one that stands there already, after a stop in between, is not added twice."""
    if not folder.is_dir():  # never made here: on a disk that is not mounted it would witness nothing
        raise Unavailable(say("The folder is not there."))
    told, path = line.encode("ascii"), folder / FILE
    with path.open("a+b") as file:
        file.seek(0)
        durable.end_line(file, b"" if told in file.read() else told, path=path)


@dataclass(frozen=True)
class Witness:
    """One witness: what it was told last, what waits, and why; `kept` lines, where they can be read from here."""

    name: str
    outside: bool
    told: int
    last_told: datetime | None
    last_seal: datetime | None
    waiting: int
    failure: str
    kept: int | None


def witnesses() -> list[Witness]:
    """Every witness of this home, as the record knows it. For auditors alone."""
    return [_witness(name) for name in settings.WITNESSES]


def _witness(name: str) -> Witness:
    known = Telling.objects.filter(witness=name)
    last = known.filter(told_at__isnull=False).order_by("-seal_at").first()
    waiting = known.filter(told_at__isnull=True).order_by("seal_at").first()
    return Witness(
        name=name,
        outside=name != str(settings.HOME.witness),
        told=known.filter(told_at__isnull=False).count(),
        last_told=last.told_at if last else None,
        last_seal=last.seal_at if last else None,
        waiting=len(_untold(name)),
        failure=waiting.failure if waiting else "",
        kept=None if name.startswith((MAIL, WEB)) else sum(1 for _ in lines_of(name)),
    )


def lines_of(name: str) -> Iterator[str]:
    """The lines that a folder keeps, seals and open checkpoints of earlier days; none for a witness elsewhere."""
    if name.startswith((MAIL, WEB)):
        return
    for file in (OLD_FILE, FILE):
        path = Path(name) / file
        if path.exists():
            yield from filter(None, path.read_text(encoding="ascii", errors="replace").splitlines())


def worries() -> list[Words]:
    """What is to be done about witnesses: too few, one that cannot be told, one that lost what it was told."""
    found = []
    if sum(name != str(settings.HOME.witness) for name in settings.WITNESSES) < 2:
        found.append(say("Fewer than two witnesses are outside this home. Name them in home.toml."))
    for one in witnesses():
        if one.failure:
            words = say(
                "The witness %(where)s cannot be told since %(waiting)s seals: %(why)s",
                where=one.name,
                waiting=one.waiting,
                why=one.failure,
            )
            found.append(words)
        found += _lost(one)
    return found


def _lost(witness: Witness) -> list[Words]:
    if witness.kept is None or not witness.told:
        return []
    kept = set(lines_of(witness.name))
    told = Telling.objects.filter(witness=witness.name, told_at__isnull=False).values("seal_at")
    gone = sum(seal.line() not in kept for seal in Seal.objects.filter(at__in=told).iterator())
    if not gone:
        return []
    return [say("The witness %(where)s no longer keeps %(count)s lines it was told.", where=witness.name, count=gone)]
