"""Noticing that somebody stopped reporting, telling of it once, ending it when they speak again; a person explains it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from forestall.access import queries as people
from forestall.access.actions import tell, withdraw
from forestall.access.decisions import able, at_widest
from forestall.access.models import Notice
from forestall.access.session import Session
from forestall.base.clock import now, today
from forestall.base.words import say
from forestall.labels.label import Label, join
from forestall.monitoring import coverage, policies
from forestall.monitoring.actions import factrhythm
from forestall.monitoring.coverage import Brought, Cell, World
from forestall.monitoring.models import Silence
from forestall.monitoring.silences import STANDING
from forestall.monitoring.states import SILENCE, CoverageState, SilenceState
from forestall.record.actions import write

NOTED = timedelta(days=365)
"""A silence that began longer ago is history: it stands on the page of coverage, and nobody notices it anew."""
TOLD = timedelta(days=90)
"""Of a silence that began longer ago nobody is told: an office that begins with old files is not called out for each."""

Key = tuple[str, str, str, str]


@dataclass
class Noticed:
    """What one look brought: silences that began, and those that ended."""

    began: list[Silence] = field(default_factory=list)
    ended: list[Silence] = field(default_factory=list)


@dataclass(frozen=True)
class _Layer:
    """What everybody sees who sees what has one label, and the cells that this makes."""

    label: Label
    cells: dict[Key, Cell]
    own: frozenset[Key]


def watch(*, by: Session) -> Noticed:
    """Look who stopped and who speaks again; tell of what began. Once for each silence, however often it is looked.

    Watched is who is one of a country's own, and whoever was the last to report on a country. Looked at is once for each
    label that items carry, from what everybody sees who sees that label: no silence tells of anything more.
    """
    by.check_may("item.collect")
    factrhythm.count_anew(by=by)
    on = today()
    rows, world = coverage.brought(today=on), coverage.world(today=on)
    noticed, said = Noticed(), set[tuple[Key, date | None]]()
    for layer in _layers(rows, world):
        _end(layer, noticed, by=by)
        _begin(layer, noticed, rows, said, by=by)
    return noticed


def _layers(rows: Sequence[Brought], world: World) -> Iterator[_Layer]:
    """From the widest seen to the closest held."""
    under = {row: _joined(row, world) for row in rows if row.source_id in world.sources}
    standing = (_bare(one) for one in Silence.objects.filter(state__in=STANDING))
    closeness = {
        label: (label.level, len(label.compartments), bool(label.audience), sorted(label.compartments))
        for label in {*under.values(), *(one.label for one in world.facts), *standing}
    }
    for label in sorted(closeness, key=lambda one: closeness[one]):
        seen = [row for row, joined in under.items() if label.holds_closer(joined)]
        within = replace(
            world,
            sources={key: one for key, one in world.sources.items() if label.holds_closer(one.label)},
            facts=[one for one in world.facts if label.holds_closer(one.label)],
        )
        found = {cell.key: cell for cell in coverage.cells(seen, world=within)}
        yield _Layer(label, found, _own(label, under, within))


def _joined(row: Brought, world: World) -> Label:
    return replace(join([row.label, world.sources[row.source_id].label]), hold=False)


def _own(label: Label, under: dict[Brought, Label], world: World) -> frozenset[Key]:
    """The cells to which something under this very label contributes."""
    items = {
        (world.sources[row.source_id].collector, str(row.source_id), row.iso3, row.language)
        for row, joined in under.items()
        if joined == label and row.source_id in world.sources
    }
    facts = {
        (one.collector, "", iso3, "") for one in world.facts if one.label == label for iso3 in one.countries
    }
    return frozenset(items | facts)


def _bare(one: Silence) -> Label:
    """Its label as a layer: whether it is on hold decides no sight."""
    return replace(one.label, hold=False)


def _end(layer: _Layer, noticed: Noticed, *, by: Session) -> None:
    """End what spoke again or is expected to say nothing more; correct what rests on less than it did."""
    for one in Silence.objects.filter(state__in=STANDING):
        if _bare(one) != layer.label:
            continue
        cell = layer.cells.get(_key(one))
        last = cell.rhythm.last if cell else None
        if cell is None or last is None:
            noticed.ended.append(end(one, spoke_on=None, by=by))
        elif one.last is None or last > one.last:
            noticed.ended.append(end(one, spoke_on=last, by=by))
        elif last < one.last:
            one.last, one.began = last, cell.rhythm.silent_since()
            write(one, by=by.person_id, verb="silence corrected")


def _key(one: Silence) -> Key:
    return one.collector, str(one.source_id) if one.source_id else "", one.iso3, one.language


def _begin(
    layer: _Layer,
    noticed: Noticed,
    rows: Sequence[Brought],
    said: set[tuple[Key, date | None]],
    *,
    by: Session,
) -> None:
    heard = {
        iso3: coverage.state_of(those) for iso3, those in coverage.by_country(layer.cells.values()).items()
    }
    for key in sorted(layer.own):
        cell = layer.cells.get(key)
        if cell is None or cell.state is not CoverageState.SILENT or (key, cell.rhythm.last) in said:
            continue
        began = cell.rhythm.silent_since()
        alone = heard[cell.iso3] not in (CoverageState.REPORTING, CoverageState.LATE)
        if began is None or began < today() - NOTED or not (cell.is_own or alone):
            continue
        said.add((key, cell.rhythm.last))
        if not _known(cell, layer.label):
            noticed.began.append(_note(cell, layer.label, began=began, rows=rows, by=by))


def _known(cell: Cell, label: Label) -> bool:
    """Whether this silence, or one on a later word, was noticed under the same label: it must have spoken in between."""
    found = Silence.objects.filter(
        collector=cell.collector, source=cell.source, iso3=cell.iso3, language=cell.language
    )
    last = cell.rhythm.last
    return any(
        _bare(one) == label and (one.state in STANDING or (one.last and last and one.last >= last))
        for one in found
    )


@transaction.atomic
def _note(cell: Cell, label: Label, *, began: date, rows: Sequence[Brought], by: Session) -> Silence:
    """Record it and tell of it. The notice names nobody: who a source is may have to leave every place but one."""
    made = Silence(
        source=cell.source, collector=cell.collector, iso3=cell.iso3, language=cell.language, last=cell.rhythm.last,
        expected=cell.rhythm.expected or 0, began=began, noticed_at=now(),
    ).labelled(label)  # fmt: skip
    write(made, by=by.person_id, verb="silence noticed")
    if began >= today() - TOLD:
        words = say("A source has gone silent: nothing for %(days)s days.", days=cell.rhythm.age(today()))
        tell(_listeners(made, rows), words=words, kind=made.kind(), object_id=made.id)
    return made


def _listeners(one: Silence, rows: Sequence[Brought]) -> list[str]:
    """Information officers and the desks of the country, of those who may act on it, see it, and have heard nothing since."""
    desks = people.compartments_for(one.iso3)
    officers = {str(person.id) for person in people.holders("information_officer")}
    may = set(able("observation.confirm", label=one.label))
    newer = [row.label for row in rows if _same(row, one) and one.last is not None and row.day > one.last]
    return [
        str(person.id)
        for person in people.people()
        if str(person.id) in may
        and (str(person.id) in officers or person.granted & desks)
        and not any(at_widest(person).may_see(label) for label in newer)
    ]


def _same(row: Brought, one: Silence) -> bool:
    return (row.source_id, row.iso3, row.language) == (one.source_id, one.iso3, one.language)


@transaction.atomic
def end(one: Silence, *, spoke_on: date | None, by: Session) -> Silence:
    """It spoke again on a day (UTC), or None: nothing is expected of it any more. Unread notices of it are taken back."""
    step = SILENCE.move(one.state, SilenceState.ENDED)
    by.check_may(step.verb)
    one.state, one.spoke_on = SilenceState.ENDED, spoke_on
    _quiet(one.id)
    return write(one, by=by.person_id, verb=step.records)


@transaction.atomic
def explain(one: Silence, *, reason: str, by: Session) -> Silence:
    """Say why it is silent. The alarm is quiet from then on, and the silence still shows. Raises `Refused` without a reason."""
    step = SILENCE.move(one.state, SilenceState.EXPLAINED)
    by.check_may(step.verb)
    policies.check_explained(reason=reason)
    one.state, one.reason = SilenceState.EXPLAINED, reason.strip()
    one.explained_by, one.explained_at = by.person_id, now()
    _quiet(one.id)
    return write(one, by=by.person_id, verb=step.records)


def _quiet(silence_id: UUID) -> None:
    for notice in Notice.objects.filter(kind=Silence.kind(), object_id=silence_id, read_at__isnull=True):
        withdraw(notice)
