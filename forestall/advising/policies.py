"""Rules of warning and advising, over plain values. `check_` refuses with a sentence, `can_` asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.frameworks.scales import scale
from forestall.institutions.states import CHANNELS, PROPER_CHANNEL

from .states import NOTE, OUTCOMES, RESPONSE_CHANNELS, SECTIONS, NoteState

_OUT = (NoteState.TRANSMITTED, NoteState.ACKNOWLEDGED, NoteState.DECIDED)


def check_judgement(*, title: str, likelihood: str, confidence: str, until: date, today: date) -> None:
    """Raise `Refused` when a warning does not say what, how likely, how well founded and until when.

    `likelihood` and `confidence` are step ids of the scales of those names.
    """
    if not title.strip() or not likelihood or not confidence:
        raise Refused(say("Say in a line where and what, how likely, and how well founded."))
    scale("likelihood").step(likelihood)
    scale("confidence").step(confidence)
    if until <= today:
        raise Refused(say("A warning looks ahead. The window it speaks of must end on a day to come."))


def check_author(*, author: str, person: str) -> None:
    """Raise `Refused` unless the person wrote the draft."""
    if author != person:
        raise Refused(say("Only its author changes a draft."))


def check_clearer(*, author: str, cleared_by: Collection[str], person: str, in_office: bool) -> None:
    """Raise `Refused` for the author, for one who took another step, and for one who does not hold the office today."""
    if person == author:
        raise Refused(say("Nobody clears their own draft. It waits for another holder of the office."))
    if person in cleared_by:
        raise Refused(say("You took another step of this note. Each step needs a person of its own."))
    if not in_office:
        raise Refused(say("You do not hold this clearing office today, and nobody put you in charge of it."))


def can_clear(*, author: str, cleared_by: Collection[str], person: str, in_office: bool) -> bool:
    """Whether this person may take the next step."""
    try:
        check_clearer(author=author, cleared_by=cleared_by, person=person, in_office=in_office)
    except Refused:
        return False
    return True


def check_same_text(*, shown: str, stored: str) -> None:
    """Raise `Refused` when the text was changed after the clearer read it."""
    if shown != stored:
        raise Refused(say("The note was changed after you opened it. Read it again before you clear it."))


def check_addressee(*, kind_of_body: str, channel: str) -> None:
    """Raise `Refused` for the Council, and for a channel that is not proper to the addressee's rank."""
    if kind_of_body == "council":
        raise Refused(
            say("The Council is reached only through the Secretary-General. Address the note to him and ask for it.")
        )
    proper = PROPER_CHANNEL[kind_of_body]
    if channel != proper:
        raise Refused(say("This addressee is reached through: %(channel)s.", channel=CHANNELS[proper]))


def check_ask(*, ask: str, addressee: bool, decision_by: date | None, decision_why: str, today: date) -> None:
    """Raise `Refused` when a note does not ask somebody for something by a day, with a reason."""
    if not ask.strip() or not addressee:
        raise Refused(say("A note asks one addressee for one action. Write the ask and choose the addressee."))
    if decision_by is None or not decision_why.strip():
        raise Refused(say("Say by which day a decision is needed, and why by then."))
    if decision_by <= today:
        raise Refused(say("The day a decision is needed by has passed. Choose a day to come."))


def check_evidence(*, uncited: int, unsupported: int) -> None:
    """Raise `Refused` when a statement of fact opens no evidence, or rests on what was withdrawn."""
    if uncited:
        raise Refused(say("%(count)s sentences of fact cite nothing. Cite an observation or leave them out.", count=uncited))
    if unsupported:
        raise Refused(
            say("%(count)s sentences rest on items that were withdrawn. Write them again or leave them out.",
                count=unsupported)
        )  # fmt: skip


def check_reading(*, state: str) -> None:
    """Raise `Refused` when the reading that a warning was raised on has been withdrawn."""
    if state == "withdrawn":
        raise Refused(say("The reading that this warning stands on was withdrawn. Raise the warning on another one."))


def check_originators(*, without_leave: Sequence[str]) -> None:
    """Raise `Refused` when a note quotes what was given in confidence and its originator has not agreed."""
    if without_leave:
        raise Refused(
            say("%(name)s gave in confidence what this note cites, and has not agreed to be quoted. Ask for leave first.",
                name=without_leave[0])
        )  # fmt: skip


def check_remarks(reasons: Sequence[Words]) -> None:
    """Raise `Refused` with the first thing that stands in the way: a verdict, a private person's name, an empty part."""
    if len(reasons) == 1:
        raise Refused(say("The note cannot go on yet: %(reason)s", reason=reasons[0]))
    if reasons:
        raise Refused(
            say("The note cannot go on yet: %(reason)s Beside the sheet stand %(count)s more.",
                reason=reasons[0], count=len(reasons) - 1)
        )  # fmt: skip


def check_left(*, state: str) -> None:
    """Raise `Refused` when something is said to have come back on a note that has not left, or is closed."""
    if state not in _OUT:
        raise Refused(
            say("Nothing can have come back: the note is “%(state)s”.", state=NOTE.words[NoteState(state)])
        )


def check_response(
    *, outcome: str, channel: str, text: str, decision_by: date | None, on: date, left: date, today: date
) -> None:
    """Raise `Refused` for an outcome that is not known, a day on which nothing can have come, or silence too early.

    `left` is the UTC day on which the note left.
    """
    if outcome not in OUTCOMES or channel not in RESPONSE_CHANNELS:
        raise Refused(say("Choose what came back, and through which channel."))
    if not left <= on <= today:
        raise Refused(say("Choose the day it came: between the day the note left and today."))
    if outcome == "silence":
        if decision_by is not None and on <= decision_by:
            raise Refused(say("Silence is recorded after the day asked (%(day)s), not before.", day=decision_by.isoformat()))
    elif outcome != "received" and not text.strip():
        raise Refused(say("Write what was said, in a sentence."))


def check_followed(*, state: str) -> None:
    """Raise `Refused` for a state that a recommendation reaches only with its note."""
    if state in ("proposed", "dropped", "endorsed", "transmitted"):
        raise Refused(say("A recommendation goes there with its note, not by itself."))


def check_sections(sections: Mapping[str, Collection[Mapping[str, object]]]) -> None:
    """Raise `Refused` for a part that a note does not have, or a sentence without words."""
    for name, sentences in sections.items():
        if name not in SECTIONS:
            raise Refused(say("A note has no part “%(name)s”.", name=name))
        if not all(str(sentence.get("text", "")).strip() for sentence in sentences):
            raise Refused(say("A sentence needs words, or is left out."))


def check_pages(*, pages: int) -> None:
    """Raise `Refused` when the sheet is longer than two pages."""
    if pages > 2:
        raise Refused(say("The sheet has %(pages)s pages; a note has two. Shorten it.", pages=pages))


def sentences_without_evidence(sections: Mapping[str, Collection[Mapping[str, object]]]) -> int:
    """How many sentences marked as fact cite nothing."""
    return sum(
        1
        for sentences in sections.values()
        for sentence in sentences
        if sentence.get("fact", True) and not sentence.get("observations")
    )
