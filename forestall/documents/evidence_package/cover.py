"""Lays the cover of an evidence package out. It names no officer, and of a file neither its first name nor its source."""

from __future__ import annotations

from datetime import datetime

from forestall.base.words import Words, say
from forestall.documents.days import in_full, left_to_right
from forestall.documents.sheet import Block, Heading, Listing, Marking, Paragraph, Sentence, Sheet

from .content import EvidencePackageContent, File

KIND = say("Evidence package")
REQUESTED_BY = say("Asked by")
AUTHORITY = say("Authority")
REQUEST_CAME = say("Received")
DECIDED = say("Decided")
ASSEMBLED = say("Assembled")
UPTO = say("Custody to")
FILES = say("What is in it")
LEFT_OUT = say("What was left out")
VERIFYING = say("How to verify it")
NOT_PROVEN = say("What this does not prove")
AS_RECEIVED = say("Each file is as the Office received it, byte for byte, under a name that tells nothing.")
NOT_TOLD = say("Asked for and not in it: number %(numbers)s. Why is not told, and is the same for each.")
RUN = say("Run, on any machine with Python and without a network: %(command)s")
NAMED = say("Each file, hash, act of custody or proof that was changed is named.")
ASK_WITNESS = say("Ask a witness of this Office for the seals it keeps, and not the Office; take forestall-verify from somebody else than whoever gave you this.")
LOOKED = say("Who looked at a file is counted and not named. Acts stand under ids that the Office explains to a court that asks.")
OPENED = say("What the log committed to when each file was received is opened: the log itself shows that these are those bytes.")
NOT_OPENED = say("What the log committed to when each file was received is not opened: that these are those bytes is the signed word of the Office.")
NOT_TRUE = say("That what a file says is true, or that nothing else exists.")
RISK_ONLY = say("This Office speaks of risk; it makes no legal determination.")


def sheet(content: EvidencePackageContent) -> Sheet:
    """The one sheet that PDF, Word and preview render."""
    return Sheet(
        kind=KIND,
        number=content.reference,
        marking=Marking(level=content.level),
        exercise=content.exercise,
        language=content.language,
        day=content.assembled_on,
        memo=(
            (REQUESTED_BY, content.requester),
            (AUTHORITY, content.authority),
            (REQUEST_CAME, in_full(content.received_on, language=content.language)),
            (DECIDED, in_full(content.decided_on, language=content.language)),
            (ASSEMBLED, in_full(content.assembled_on, language=content.language)),
            (UPTO, _moment(content.sealed_at, content)),
        ),
        subject=content.purpose,
        blocks=_blocks(content),
        closing=(Sentence(RISK_ONLY),),
    )


def _blocks(content: EvidencePackageContent) -> tuple[Block, ...]:
    return (
        Heading(FILES),
        Paragraph((Sentence(AS_RECEIVED),)),
        Listing(tuple(_file(one, content) for one in content.files)),
        *_left_out(content),
        Heading(VERIFYING),
        Listing(tuple((Sentence(one),) for one in (_run(content), NAMED, ASK_WITNESS)), numbered=True),
        Paragraph((Sentence(OPENED if content.opened else NOT_OPENED), Sentence(LOOKED))),
        Heading(NOT_PROVEN),
        Paragraph((Sentence(NOT_TRUE),)),
    )


def _file(one: File, content: EvidencePackageContent) -> tuple[Sentence, ...]:
    told = say(
        "%(name)s: %(size)s bytes, received %(when)s, looked at %(looks)s times.",
        name=_as_is(one.name, content), size=one.size, when=_moment(one.received_at, content), looks=one.looks,
    )  # fmt: skip
    return (Sentence(told, strong=_as_is(one.name, content)), Sentence(_as_is(f"SHA-256 {one.sha256}", content)))


def _left_out(content: EvidencePackageContent) -> tuple[Block, ...]:
    if not content.left_out:
        return ()
    numbers = ", ".join(str(one) for one in content.left_out)
    return (Heading(LEFT_OUT), Paragraph((Sentence(say(NOT_TOLD.message, numbers=_as_is(numbers, content))),)))


def _run(content: EvidencePackageContent) -> Words:
    name = f"{'EXERCISE-' if content.exercise else ''}{content.reference}.zip"
    return say(RUN.message, command=_as_is(f"python3 forestall-verify {name} --witness seals.txt", content))


def _moment(at: datetime, content: EvidencePackageContent) -> str:
    return _as_is(f"{at:%Y-%m-%d %H:%M} UTC", content)


def _as_is(text: str, content: EvidencePackageContent) -> str:
    return left_to_right(text, language=content.language)
