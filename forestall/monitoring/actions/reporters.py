"""Who reported by a form goes into the vault, and a pseudonym stands in their place: in the same act as the report.

The vault is another database. So who it is, is sealed there first, durably, and taken out again when the report is not
kept; what is added to somebody known already is added last, and once, however often the report comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from forestall.access import queries as people
from forestall.access.session import Session
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.collecting.contract import Source
from forestall.collecting.fieldreports.apart import account_of, persons_of, places_of
from forestall.collecting.record import Record
from forestall.vault import actions as vault
from forestall.vault import identities, queries
from forestall.vault.identities import Known
from forestall.vault.models import Pseudonym
from forestall.vault.states import PseudonymState

DESK = "desk"
"""The setting of a source that names the desk whose source handlers care for who reports."""


def desk_of(source: Source) -> str:
    """The key of the desk that cares for a source's reporters: the one set, or the only one there is.

    Raises `Refused` when there is none: what nobody cares for is not taken.
    """
    known = [desk.key for desk in people.desks()]
    named = str(source.settings.get(DESK, ""))
    if named in known:
        return named
    if not named and len(known) == 1:
        return known[0]
    raise Refused(
        say("Nobody cares for who reports. Name a desk: `forestall sources set %(id)s desk KEY`. Desks: %(desks)s.",
            id=source.id, desks=", ".join(known) or "–")
    )  # fmt: skip


@dataclass
class Apart:
    """Records with pseudonyms in the place of who reported them. `learned` is to be added to those known already."""

    records: tuple[Record, ...]
    desk: str = ""
    by_account: dict[str, UUID] = field(default_factory=dict)
    made: dict[UUID, frozenset[str]] = field(default_factory=dict)
    learned: list[tuple[UUID, Known]] = field(default_factory=list)

    def named(self, *, by: Session) -> tuple[Record, ...]:
        """The records with the codes of their reporters. Inside the transaction that keeps them."""
        codes = {entry: vault.name(entry, desk=self.desk, scopes=scopes, by=by).code for entry, scopes in self.made.items()}
        for entry, known in self.learned:
            one = queries.pseudonym(entry)
            assert one is not None
            codes[entry] = one.code
            vault.add(one, by=by, told=known)
        codes |= {one.id: one.code for one in queries.by_entries([one for one in self.by_account.values() if one not in codes])}
        return tuple(_named(one, codes, self.by_account) for one in self.records)


def _named(record: Record, codes: Mapping[UUID, str], by_account: Mapping[str, UUID]) -> Record:
    entry = by_account.get(_key(record))
    return replace(record, reporter=codes[entry], identity={}) if entry else record


@contextmanager
def apart(records: tuple[Record, ...], *, source: Source, by: Session) -> Iterator[Apart]:
    """Seal who reported `records` before anything else is kept; inside the block they are kept, or all is undone."""
    if not any(one.identity for one in records):
        yield Apart(records)
        return
    found = Apart(records, desk_of(source))
    known = dict(_known_here(found.desk))
    with ExitStack() as undone:
        for record in records:
            if record.identity:
                _put(record, found, known, undone, by=by)
        yield found


def _known_here(desk: str) -> Iterator[tuple[str, tuple[UUID, Known]]]:
    """Whom this desk knows by an account, by its line."""
    standing = set(Pseudonym.objects.filter(desk=desk, state=PseudonymState.KEPT).values_list("id", flat=True))
    for entry, known in identities.everybody():
        if entry in standing:
            yield from ((line, (entry, known)) for line in known.contact.splitlines())


def _put(record: Record, found: Apart, known: dict[str, tuple[UUID, Known]], undone: ExitStack, *, by: Session) -> None:
    key, told = _key(record), _told(record)
    if key in known:
        entry, before = known[key]
        found.by_account[key] = entry
        if told.notes not in before.notes:
            found.learned.append((entry, told))
        return
    scopes = frozenset(record.consent)
    entry = undone.enter_context(vault.sealing(told, desk=found.desk, by=by, scopes=scopes))
    found.by_account[key], found.made[entry], known[key] = entry, scopes, (entry, told)


def _key(record: Record) -> str:
    """The line by which a reporter is known again: their account; without one, this report alone."""
    return f"{record.source_id}: {account_of(record.identity) or record.external_id}"


def _told(record: Record) -> Known:
    """What a report says of whoever reported it, as the vault keeps it: everything, and under which report."""
    persons, places = persons_of(record.identity), places_of(record.identity)
    lines = "\n".join(f"{record.external_id} {path}: {text}" for path, text in record.identity.items())
    return Known(
        contact="\n".join(dict.fromkeys((_key(record), *persons.values()))),
        location="\n".join(f"{record.external_id} {path}: {text}" for path, text in places.items()),
        notes=lines,
        words=tuple(dict.fromkeys(text for text in persons.values() if len(text) >= 4)),
    )
