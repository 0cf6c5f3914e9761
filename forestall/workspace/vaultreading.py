"""What the pages of the vault show: pseudonyms with what may be done. Never who anybody is.

For whoever is no source handler the vault has no pages: what is asked of them never was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest
from django.urls import reverse

from forestall.access import decisions, queries
from forestall.access.matters import Matter, matter
from forestall.access.session import Session, current
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.identifiers import new_id
from forestall.base.words import Words, say
from forestall.labels.label import CONSENT_WORDS
from forestall.monitoring.actions import protecting
from forestall.record.queries import custody
from forestall.vault import queries as vault
from forestall.vault.identities import TEXTS, Known
from forestall.vault.states import PSEUDONYM

if TYPE_CHECKING:
    from forestall.access.models import Decision
    from forestall.monitoring.models import Item
    from forestall.vault.models import Pseudonym

SALT = "forestall.vault.entry"


@dataclass(frozen=True)
class Line:
    """One protected source as the list shows it."""

    source: Pseudonym
    desk: str
    keeper: str
    agreed: list[Words]
    state: Words
    is_due: bool


def entered(*, verb: str = "vault.open") -> Session:
    """The session, if the vault has pages for it. Raises Http404 for everybody else."""
    session = current()
    if not vault.may_enter(session) or verb not in session.verbs:
        raise Http404
    return session


def desk_titles(session: Session) -> list[tuple[str, str]]:
    """Desks whose sources the session may care for: key and title."""
    mine = set(vault.desks_of(session))
    return [(desk.key, desk.title) for desk in queries.desks() if desk.key in mine]


def lines(*, session: Session) -> list[Line]:
    """Every protected source that the session may see, what is to be looked at again first."""
    found, titles = vault.pseudonyms(), dict(desk_titles(session))
    names = queries.names(one.keeper for one in found)
    return [_line(one, titles=titles, names=names) for one in found]


def _line(one: Pseudonym, *, titles: dict[str, str], names: dict[str, str]) -> Line:
    return Line(
        source=one,
        desk=titles.get(one.desk, one.desk),
        keeper=names.get(one.keeper, ""),
        agreed=[CONSENT_WORDS[scope] for scope in CONSENT_WORDS if scope in one.scopes],
        state=PSEUDONYM.words[one.state],
        is_due=one.state == "kept" and one.review_due <= today(),
    )


def line(one: Pseudonym, *, session: Session) -> Line:
    """One protected source."""
    return _line(one, titles=dict(desk_titles(session)), names=queries.names([one.keeper]))


def acts(one: Pseudonym) -> list[dict[str, object]]:
    """Every act on a protected source, newest first, with names."""
    entries = list(reversed(custody(one.id)))
    names = queries.names({entry.by for entry in entries})
    return [{"entry": entry, "by": names.get(entry.by, "")} for entry in entries]


def items(one: Pseudonym) -> list[dict[str, object]]:
    """Items under a pseudonym, and whether the name still stands in what was recorded of them before."""
    return [{"item": item, **past_of(item)} for item in protecting.items_under(one.code)]


def past_of(item: Item) -> dict[str, object]:
    """How far two people have decided that a name is taken out of an item's past."""
    waiting = next((each for each in decisions.waiting_on(item.id) if each.matter == protecting.NAME_OUT), None)
    agreed = any(each.matter == protecting.NAME_OUT and each.state == "agreed" for each in decisions.decided_on(item.id))
    return {"waiting": waiting, "is_clear": agreed}


def waiting(one: Pseudonym) -> list[tuple[Decision, Matter]]:
    """What was proposed about a protected source, with the matter."""
    return [(each, matter(each.matter)) for each in vault.waiting_on(one)]


def entry_token() -> str:
    """The public id that a form's entry is to have, signed: one form makes one entry, and none that is another's."""
    return signing.dumps(str(new_id()), salt=SALT)


def entry_in(request: HttpRequest) -> UUID:
    """The id that the form brought back. Raises `Refused` when it is not one of ours."""
    try:
        return UUID(signing.loads(request.POST.get("entry", ""), salt=SALT))
    except (signing.BadSignature, ValueError) as error:
        raise Refused(say("This form is broken. Open the page again.")) from error


def known_in(request: HttpRequest) -> Known:
    """Who somebody is, as typed."""
    texts = {name: request.POST.get(name, "").strip() for name in TEXTS}
    return Known().with_texts(texts, words=tuple(lines_in(request, "words")))


def lines_in(request: HttpRequest, field: str) -> list[str]:
    """The lines of a field that hold something, each once."""
    return list(dict.fromkeys(line.strip() for line in request.POST.get(field, "").splitlines() if line.strip()))


def desk_in(request: HttpRequest, *, session: Session) -> str:
    """The desk chosen, if the session cares for its sources."""
    chosen = request.POST.get("desk", "")
    if chosen not in vault.desks_of(session):
        raise Refused(say("Choose one of your desks."))
    return chosen


def scopes_chosen(scopes: object) -> list[tuple[str, Words, bool]]:
    """What a source can agree to: key, words, whether it is chosen."""
    chosen = set(scopes) if isinstance(scopes, list | tuple | set) else set()
    return [(key, words, key in chosen) for key, words in CONSENT_WORDS.items()]


def protection_of(item: Item, *, session: Session) -> dict[str, object]:
    """For a source handler: where an item's source is protected, or where the one that is protected stands."""
    if not vault.may_enter(session) or session.as_of is not None:
        return {}
    code = protecting.code_of(item)
    if code:
        known = vault.by_codes([code])
        return {"entry": reverse("vaulted", args=[known[0].id])} if known else {}
    return {"protect": reverse("protect", args=[item.id])} if desks_for(item, session=session) else {}


def desks_for(item: Item, *, session: Session) -> list[tuple[str, str]]:
    """Desks under which this session can protect the source of an item: those that keep the item, or any of its own."""
    mine = desk_titles(session) if "source.protect" in session.verbs else []
    keeping = [(key, title) for key, title in mine if f"desk:{key}" in item.label.compartments]
    apart = any(one.startswith("desk:") for one in item.label.compartments)
    return keeping if apart else mine


def kept_of(desks: list[tuple[str, str]]) -> list[Pseudonym]:
    """Sources in the vault that an item can be put to, by their code."""
    keys = {key for key, _ in desks}
    return sorted((one for one in vault.pseudonyms() if one.desk in keys and one.state == "kept"), key=lambda one: one.code)


def day_words(day: date | None) -> str:
    """A day as a form's field wants it."""
    return day.isoformat() if day else ""
