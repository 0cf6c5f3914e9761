"""Rules of warning and advising, over plain values. `check_` refuses with a sentence, `can_` asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from forestall.base.errors import Refused
from forestall.base.words import say

from .states import OUTCOMES, RESPONSE_CHANNELS


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


def check_addressee(*, kind_of_body: str, channel: str, proper_channel: str) -> None:
    """Raise `Refused` for the Council, and for a channel that is not proper to the addressee's rank."""
    if kind_of_body == "council":
        raise Refused(
            say("The Council is reached only through the Secretary-General. Address the note to him and ask for it.")
        )
    if channel != proper_channel:
        raise Refused(say("This addressee is reached through: %(channel)s.", channel=proper_channel))


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


def check_language(findings: Collection[object]) -> None:
    """Raise `Refused` when the language check found a verdict, a private person's name, or the two scales mixed."""
    if findings:
        raise Refused(
            say("The language check found %(count)s places to write again; they are marked in the sheet.",
                count=len(findings))
        )  # fmt: skip


def check_response(*, outcome: str, channel: str, text: str, decision_by: date | None, on: date) -> None:
    """Raise `Refused` for an outcome that is not known, or silence recorded before the day asked has passed."""
    if outcome not in OUTCOMES or channel not in RESPONSE_CHANNELS:
        raise Refused(say("Choose what came back, and through which channel."))
    if outcome == "silence":
        if decision_by is not None and on <= decision_by:
            raise Refused(say("Silence is recorded after the day asked (%(day)s), not before.", day=decision_by.isoformat()))
    elif outcome != "received" and not text.strip():
        raise Refused(say("Write what was said, in a sentence."))


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
