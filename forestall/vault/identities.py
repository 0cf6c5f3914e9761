"""The only door to the vault's file: writing identities in, reading them, joining, moving and erasing them.

Nobody is asked here whether they may: `actions` and `deciding` ask. What comes out shows nothing of itself in a log or
an error. A row is written before the record tells of it and goes after; `verification` finds what was broken off.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from forestall.base.canonical import canonical_json
from forestall.base.errors import Refused, Spoken
from forestall.base.identifiers import new_id
from forestall.base.words import say

from . import keys
from .models import FIELDS, Guess, Identity, Original
from .policies import folded
from .router import ALIAS
from .sealing import place, seal, unseal

TEXTS = ("name", "contact", "location", "language", "reach", "never", "notes")
"""The fields that a source handler writes."""


@dataclass(frozen=True)
class Consent:
    """One thing a source agreed to (`given`) or took back, on a day, as recorded by a person (id)."""

    scope: str
    given: bool
    on: str
    by: str


@dataclass(frozen=True)
class Known:
    """Who somebody is. `words` tell it wherever they stand; `person` is the same on every desk."""

    name: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    location: str = field(default="", repr=False)
    language: str = field(default="", repr=False)
    reach: str = field(default="", repr=False)
    never: str = field(default="", repr=False)
    notes: str = field(default="", repr=False)
    words: tuple[str, ...] = field(default=(), repr=False)
    consent: tuple[Consent, ...] = field(default=(), repr=False)
    person: str = field(default="", repr=False)
    desk: str = field(default="", repr=False)

    def with_texts(self, texts: Mapping[str, str], *, words: tuple[str, ...]) -> Known:
        """The same with other texts, of TEXTS by name, and words."""
        told: dict[str, Any] = {name: texts[name] for name in TEXTS}
        return replace(self, **told, words=words)

    @property
    def telling(self) -> frozenset[str]:
        """Every word or line by which a text would tell who this is."""
        lines = [self.name, *self.contact.splitlines(), *self.words]
        return frozenset(line.strip() for line in lines if line.strip())


def _plain(known: Known) -> dict[str, bytes]:
    told = {name: getattr(known, name) for name in (*TEXTS, "person", "desk")}
    told["words"] = canonical_json(list(known.words))
    told["consent"] = canonical_json([vars(one) for one in known.consent])
    return {name: told[name].encode() for name in FIELDS}


def _known(plain: dict[str, bytes]) -> Known:
    texts = {name: plain[name].decode() for name in (*TEXTS, "person", "desk")}
    consent = tuple(Consent(**one) for one in json.loads(plain["consent"]))
    return Known(**texts, words=tuple(json.loads(plain["words"])), consent=consent)


def _seal_into(row: Identity, known: Known, *, under: keys.Generation) -> Identity:
    key, row.key_id = under.key_of(row.id), under.id
    for name, plain in _plain(known).items():
        setattr(row, name, seal(plain, key=key, at=_at(row, name)))
    return row


def _at(row: Identity | Original, name: str) -> bytes:
    return place(row._meta.db_table, str(row.id), name, row.key_id)


def unsealed(row: Identity, *, ring: keys.Ring) -> Known:
    """One row as plain values. Raises as `read` does."""
    key = ring.generation(row.key_id).key_of(row.id)
    return _known({name: unseal(getattr(row, name), key=key, at=_at(row, name)) for name in FIELDS})


def write(known: Known, *, entry: UUID) -> None:
    """Seal a new identity under `entry`, durably, joined to whom the vault knows by the same address."""
    with keys.holding() as ring:
        if Identity.objects.filter(pk=entry).exists():
            raise Refused(say("This is in the vault already."))
        joined = replace(known, person=known.person or _same_person(known) or str(new_id()))
        _write_new(joined, entry=entry, waiting=False, ring=ring)


def _write_new(known: Known, *, entry: UUID, waiting: bool, ring: keys.Ring) -> None:
    """The entry's secret first and durably, then its row: a row without its secret could never be read."""
    under = ring.generations[ring.current]
    under.entries[str(entry)] = keys.new_secret()
    keys.store(ring)
    _seal_into(Identity(id=entry, waiting=waiting), known, under=under).save(force_insert=True)


def _same_person(known: Known) -> str:
    """The person whom the vault knows by one of the same addresses; empty when it knows none."""
    mine = _addresses(known)
    return next((other.person for _, other in everybody() if mine & _addresses(other)), "") if mine else ""


def _addresses(known: Known) -> set[str]:
    lines = (folded(line) for line in known.contact.splitlines())
    return {line for line in lines if "@" in line or sum(letter.isdigit() for letter in line) >= 7}


def everybody() -> Iterator[tuple[UUID, Known]]:
    """Every identity that can be read, by its entry. For joining inside the vault and for its verification."""
    ring = keys.read()
    for row in Identity.objects.all():
        try:
            yield row.id, unsealed(row, ring=ring)
        except Spoken:
            continue


def same_person(entry: UUID) -> list[UUID]:
    """Other entries of the same person, on whichever desk. For whoever may read this one; to be filtered by sight."""
    mine = read(entry).person
    return [other for other, known in everybody() if other != entry and known.person == mine]


def is_empty() -> bool:
    """Whether the vault holds nothing, so that no key can be missing."""
    return not Identity.objects.exists() and not Original.objects.exists()


def read(entry: UUID) -> Known:
    """One identity. Raises `Refused` when there is none, `Unavailable` when sealed, `Malformed` when it was tampered with."""
    return unsealed(_row(entry), ring=keys.read())


def _row(entry: UUID) -> Identity:
    row = Identity.objects.filter(pk=entry).first()
    if row is None:
        raise Refused(say("There is no identity in the vault behind this pseudonym."))
    return row


def rewrite(entry: UUID, change: Callable[[Known], Known], *, waiting: bool | None = None) -> Known:
    """Seal an identity anew in its place, changed. Returns what it is now; raises as `read` does."""
    with keys.holding() as ring:
        row = _row(entry)
        changed = change(unsealed(row, ring=ring))
        row.waiting = row.waiting if waiting is None else waiting
        _seal_into(row, changed, under=ring.generation(row.key_id)).save()
    return changed


def keep_original(content: bytes, *, evidence: UUID, entry: UUID) -> None:
    """Seal bytes that tell who a source is. Doing it twice changes nothing."""
    with keys.holding() as ring:
        if Original.objects.filter(pk=evidence).exists():
            return
        under = ring.generation(_row(entry).key_id)
        under.entries[str(evidence)] = keys.new_secret()
        keys.store(ring)
        row = Original(id=evidence, identity=entry, key_id=under.id)
        row.content = seal(content, key=under.key_of(evidence), at=_at(row, "content"))
        row.save(force_insert=True)


def originals(entry: UUID) -> list[UUID]:
    """Ids of the evidence whose bytes lie sealed with an identity."""
    return list(Original.objects.filter(identity=entry).order_by("id").values_list("id", flat=True))


def original(evidence: UUID, *, entry: UUID) -> bytes:
    """Bytes sealed with an identity. Raises `Refused` when there are none."""
    row = Original.objects.filter(pk=evidence, identity=entry).first()
    if row is None:
        raise Refused(say("There is nothing here with this id."))
    return unseal(bytes(row.content), key=keys.read().generation(row.key_id).key_of(evidence), at=_at(row, "content"))


def erase_original(evidence: UUID) -> None:
    """Destroy the key of one original and its bytes; who gave it stays. Doing it twice changes nothing."""
    with keys.holding() as ring:
        _forget_secrets(ring, [evidence])
        Original.objects.filter(pk=evidence).delete()
    transaction.on_commit(tidy, using=ALIAS)


def _forget_secrets(ring: keys.Ring, entries: Iterable[UUID]) -> None:
    for one in ring.generations.values():
        for entry in entries:
            one.entries.pop(str(entry), None)
    keys.store(ring)


def waiting_at(desks: Iterable[str]) -> list[tuple[UUID, str]]:
    """Entries handed to one of these desks and not yet received there, with the desk."""
    ring, wanted = keys.read(), set(desks)
    found = ((row.id, unsealed(row, ring=ring).desk) for row in Identity.objects.filter(waiting=True))
    return [(entry, desk) for entry, desk in found if desk in wanted]


def move(entry: UUID, *, desk: str) -> UUID | None:
    """Hand an identity to another desk under an entry of its own; what stays here, sealed and opened to nobody, is which
    person it is and the words that texts of this desk must not hold.

    Returns the new entry; None when nothing was left to move. One transaction of the vault.
    """
    moved = new_id()
    with keys.holding() as ring:
        row = _row(entry)
        known = unsealed(row, ring=ring)
        if not known.name and not known.contact:
            return None
        with transaction.atomic(using=ALIAS):
            _write_new(replace(known, desk=desk, consent=()), entry=moved, waiting=True, ring=ring)
            left = Known(person=known.person, desk=known.desk, words=tuple(sorted(known.telling)))
            _seal_into(row, left, under=ring.generation(row.key_id)).save()
    transaction.on_commit(tidy, using=ALIAS)
    return moved


def erase(entry: UUID) -> None:
    """Destroy an entry's key and take every byte of it out of the vault's file. Doing it twice changes nothing."""
    with keys.holding() as ring:
        _forget_secrets(ring, [entry, *originals(entry)])
        take_out(entry)


def take_out(entry: UUID) -> None:
    """Take every byte of an entry out of the vault's file. Its key stays: it is for a restore, when the ring is away."""
    with transaction.atomic(using=ALIAS):
        Original.objects.filter(identity=entry).delete()
        Guess.objects.filter(identity=entry).delete()
        Identity.objects.filter(pk=entry).delete()
    transaction.on_commit(tidy, using=ALIAS)


def tidy() -> None:
    """Write the vault's file anew, so that no page of it holds what was deleted."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("VACUUM")


def guesses(*, person: str, day: date) -> int:
    """How many texts of somebody were refused on a day because they named a source."""
    return Guess.objects.filter(person=person, day=day).count()


def guesses_at(entry: UUID) -> int:
    """How many texts were ever refused because they named this source."""
    return Guess.objects.filter(identity=entry).count()


def note_guess(entry: UUID, *, person: str, day: date) -> None:
    """Note that a text named this source. Stays when the act that tried is undone: the vault is another database."""
    Guess.objects.create(identity=entry, person=person, day=day)


def rotate() -> int:
    """Seal every entry anew under a new key, all of them or none. Returns how many.

    Until all is done the key ring holds both keys, so that breaking off anywhere loses nothing; what is left over of an
    earlier attempt is cleared away. The old key is gone at the end.
    """
    with keys.holding() as ring:
        _drop_unused(ring)
        fresh = keys.new_generation()
        fresh.entries = {entry: keys.new_secret() for one in ring.generations.values() for entry in one.entries}
        ring.generations[fresh.id] = fresh
        keys.store(ring)
        with transaction.atomic(using=ALIAS):
            count = _seal_all_under(fresh, ring=ring)
        ring.current = fresh.id
        _drop_unused(ring)
        keys.store(ring)
    transaction.on_commit(tidy, using=ALIAS)
    return count


def _seal_all_under(fresh: keys.Generation, *, ring: keys.Ring) -> int:
    rows = list(Identity.objects.all())
    for kept in Original.objects.all():
        content = unseal(bytes(kept.content), key=ring.generation(kept.key_id).key_of(kept.id), at=_at(kept, "content"))
        kept.key_id = fresh.id
        kept.content = seal(content, key=fresh.key_of(kept.id), at=_at(kept, "content"))
        kept.save()
    for row in rows:
        _seal_into(row, unsealed(row, ring=ring), under=fresh).save()
    return len(rows)


def _drop_unused(ring: keys.Ring) -> None:
    """Forget keys that seal nothing any more, but for the current one; what is left of a broken-off change goes so."""
    used = {*Identity.objects.values_list("key_id", flat=True), *Original.objects.values_list("key_id", flat=True)}
    if used and ring.current not in used and len(used) == 1:
        ring.current = used.pop()
    for key_id in [one for one in ring.generations if one != ring.current and one not in used]:
        del ring.generations[key_id]
