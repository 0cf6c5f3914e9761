"""A request for evidence as its page shows it: where it stands, who may do the next, what each piece waits for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from forestall.access import queries as people
from forestall.access.roles import VERBS
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.monitoring import packages
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import package
from forestall.monitoring.packages import PackageRequest, Piece, Voice
from forestall.monitoring.states import LEAVE, PACKAGE, LeaveState

from .templatetags.parts import Step

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LANGUAGES = {
    "en": say("English"), "fr": say("French"), "es": say("Spanish"), "ru": say("Russian"), "ar": say("Arabic"), "zh": say("Chinese"),
}  # fmt: skip
"""Languages in which the cover's words are."""


@dataclass(frozen=True)
class Row:
    """One request in the list. `next_by`: what whoever goes on must be able to do; None when nothing is left to do."""

    one: PackageRequest
    state: Words
    next_by: Words | None
    yours: bool


def row_of(one: PackageRequest) -> Row:
    """A request with who may do the next."""
    verb = packages.NEXT.get(one.state)
    may = {"package.decide": packages.may_decide, "package.hand_over": packages.may_hand_over}
    return Row(one, PACKAGE.words[one.state], VERBS[verb] if verb else None, verb is not None and may[verb](one))


def steps_of(one: PackageRequest, *, pieces: Sequence[Piece]) -> list[Step]:
    """The way of a request: recorded, decided, originators asked, assembled, handed over."""
    names = people.names([one.registered_by, one.decided_by, one.assembled_by, one.handed_by])
    reached = {"received": 1, "granted": 3, "assembled": 4, "handed_over": 5}.get(one.state, 1)
    voices = [voice for piece in pieces for voice in piece.voices]
    waiting = sum(not voice.agrees for voice in voices)
    asked = say("nobody gave it in confidence") if not voices else say("%(count)s have not agreed", count=waiting) if waiting else say("all agree")
    told: list[tuple[Words, Words | str]] = [
        (say("Request recorded"), names.get(one.registered_by, "")),
        (say("Counsel decides"), names.get(one.decided_by, "")),
        (say("Originators are asked"), asked),
        (say("Assembled"), names.get(one.assembled_by, "")),
        (say("Handed over"), names.get(one.handed_by, "")),
    ]
    if one.state in ("refused", "withdrawn"):
        return [Step(told[0][0], "done", told[0][1]), Step(PACKAGE.words[one.state], "refused", names.get(one.decided_by, ""))]
    here = 2 if reached == 3 and waiting else reached
    return [Step(words, "done" if n < here else "here" if n == here else "todo", note) for n, (words, note) in enumerate(told)]


@dataclass(frozen=True)
class Said:
    """One originator of a piece, what they said, and what can be recorded now."""

    voice: Voice
    state: Words
    onward: tuple[tuple[str, Words], ...]

    @property
    def may_ask(self) -> bool:
        """Whether nothing was asked yet, or what was asked came to nothing."""
        return self.voice.leave is None or self.voice.leave.state in (LeaveState.REFUSED, LeaveState.TAKEN_BACK)


def said_of(voice: Voice) -> Said:
    """An originator's answer in words, with the answers that can follow."""
    if voice.leave is None:
        return Said(voice, say("not asked yet"), ())
    state = voice.leave.state
    return Said(voice, LEAVE.words[state], tuple((there, LEAVE.words[there]) for there in LEAVE.onward(state)))


def answer_in(text: str) -> LeaveState:
    """The answer chosen. Raises `Refused` when none was."""
    try:
        return LeaveState(text)
    except ValueError as error:
        raise Refused(say("Choose what the originator said.")) from error


NAMELESS = say("Name at least one item, by the address of its page.")


def things_in(text: str) -> list[package.Asked]:
    """The items named in a text, by their ids or addresses; none in a text without one. Raises `Refused` for one that
    the reader may not see, and for words that name nothing.
    """
    found = []
    for one in dict.fromkeys(ID.findall(text.lower())):
        item = monitoring.item(UUID(one))
        if item is None:
            raise Refused(say("There is no item %(id)s here. Copy the address of the item's page.", id=one))
        found.append(package.of_item(item))
    if text.strip() and not found:
        raise Refused(NAMELESS)
    return found


def numbers_in(texts: Sequence[str]) -> list[int]:
    """Numbers of pieces ticked."""
    return [int(one) for one in texts if one.isdigit()]
