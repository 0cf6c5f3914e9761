"""Whether a text would tell who a source is, and whether a source agreed to what is to be done with its words.

Read past the session that asks, for whoever releases words need not know the source. So that nobody learns a name by
trying words, every refusal is noted in the vault, and after some of them in a day every further text is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from uuid import UUID

from forestall.access.session import Session, bound_to, current, system_reader
from forestall.base.canonical import canonical_json
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.record.models import Recorded
from forestall.record.redaction import content_fields

from . import identities, keys, policies, queries
from .models import Pseudonym
from .policies import SPELLED
from .states import PseudonymState


def check_release(thing: Recorded, *, title: str, text: str, level: int, by: str) -> None:
    """Raise `Refused` unless words drawn from `thing` may be released: no pseudonym, no name, and the source agrees.

    `by` is the id of who proposes it. Raises `Unavailable` while the vault is sealed and `thing` rests on a protected
    source: what cannot be checked is not released.
    """
    told = f"{title}\n{text}"
    if policies.holds_pseudonym(told):
        raise Refused(say("A pseudonym stands in these words. Write them so that nobody can tell that it is the same source."))
    with _reading_all():
        behind = sources_behind(thing)
    purpose = policies.purpose_of_release(level=level)
    if any(not policies.may(state=one.state, scopes=one.scopes, purpose=purpose) for one in behind):
        raise Refused(say("A protected source has not agreed to this. Ask a source handler of the desk."))
    kept = [*behind, *_cared_for(current())]
    check_words(told, of=[one.id for one in kept if one.state != PseudonymState.ERASED], by=by)


def _reading_all() -> AbstractContextManager[Session]:
    return bound_to(system_reader("keeper", reason="whether words tell who a source is"))


def _cared_for(session: Session) -> list[Pseudonym]:
    """What the reader cares for anyway: their own text is held against all of it."""
    return queries.pseudonyms() if queries.may_enter(session) and not keys.is_sealed() else []


def sources_behind(thing: Recorded) -> list[Pseudonym]:
    """Protected sources whose pseudonym stands in a thing, or in what it was made from."""
    codes: set[str] = set()
    waiting, seen = [thing], {thing.id}
    while waiting:
        one = waiting.pop()
        codes |= codes_in(one)
        more = [each for each in (*one.made_from(), *one.rests_with()) if each.id not in seen]
        seen |= {each.id for each in more}
        waiting += more
    return queries.by_codes(codes)


def codes_in(thing: Recorded) -> set[str]:
    """What in the words of a thing is spelled like a pseudonym."""
    written = canonical_json([getattr(thing, name) for name in content_fields(type(thing))])
    return set(SPELLED.findall(written))


def check_words(text: str, *, of: Collection[UUID], by: str) -> None:
    """Raise `Refused` when a text tells who one of these entries is. After some refusals in a day every text waits."""
    if not of:
        return
    if identities.guesses(person=by, day=today()) >= policies.GUESSES:
        raise Refused(say("Several of your texts told who a source is. Ask a source handler of the desk to write this one."))
    for entry in _named_in(text, of=of):
        identities.note_guess(entry, person=by, day=today())
        raise Refused(say("These words tell who a source is. Write them without the name, the address and whatever else tells it."))


def _named_in(text: str, *, of: Iterable[UUID]) -> Iterable[UUID]:
    return (entry for entry in of if policies.holds_word(text, words=identities.read(entry).telling))
