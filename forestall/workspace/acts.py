"""What the log says was done, in the reader's words: `role given: analyst` is an act and what it was about.

An act is kept in English for ever; its words are marked where the record is told them (`forestall.cli.marked`).
"""

from __future__ import annotations

from collections.abc import Mapping

from forestall.access.roles import ROLES
from forestall.base.words import Words, say

ABOUT: Mapping[str, Words] = {
    **{role.id: role.name for role in ROLES.values()},
    "second_reader": say("Second reader"),
    "duty": say("Duty officer"),
    "content": say("content of a note"),
    "release": say("release of a note"),
    "signature": say("signature of a note"),
    "people": say("People"),
    "record": say("the record"),
    "verification of the record": say("verification of the record"),
    "preventive measures": say("Preventive measures"),
    "own situations": say("Your situations"),
    "morning sheet": say("Morning sheet"),
    "key": say("security key"),
    "code": say("one-time code"),
    "recovery code": say("recovery code"),
    "password": say("password"),
    "provider": say("identity provider"),
    "search": say("Search"),
    "requests-for-information": say("Requests for information"),
    "dates-ahead": say("Dates ahead"),
    "presence": say("presence", context="institutions"),
    "mandate": say("mandate"),
    "resolution": say("resolution"),
    "veto": say("veto"),
    "review": say("review of a State"),
    "treaty": say("standing to a treaty"),
    "known, said, answered": say("Known, said, answered"),
}
"""What an act can be about and has a name for readers; anything else stands as it was recorded."""

MACHINES = (say("collector"), say("worker"), say("forecaster"), say("exercise"), say("keeper"), say("door"))
"""Readers that are not persons, as the log names them."""


def act(verb: str) -> Words:
    """An entry's verb for a reader."""
    done, apart, about = verb.partition(": ")
    if not apart:
        return Words(verb)
    return say("%(act)s: %(about)s", act=Words(done), about=ABOUT.get(about, about))
