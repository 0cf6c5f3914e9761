"""How a source of the catalogue stands, as somebody who looks after it needs it: asked or not, how it answers, how old it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from forestall.base.clock import now
from forestall.base.words import Words, say, told
from forestall.collecting.contract import Proof, Source
from forestall.collecting.officesettings import is_address
from forestall.monitoring import holdings, queries
from forestall.monitoring.actions import collection
from forestall.monitoring.states import RUN_STATES, WITHOUT_ANSWER, RunState

if TYPE_CHECKING:
    from forestall.monitoring.models import Run

ARRIVES = say("arrives by itself")
NEVER_ASKED = say("never asked yet")
ENDED = say("ended", context="run")
WELL = frozenset({RunState.HEALTHY, RunState.EMPTY, RunState.PARTLY, RunState.RUNNING})


@dataclass(frozen=True)
class Standing:
    """One source of the catalogue. `state` and `why` are of its last turn; `newest` the latest day its facts speak of."""

    entry: Source
    asked: bool
    state: Words
    why: Words | None
    unwell: bool
    last: datetime | None
    not_before: datetime | None
    newest: date | None
    age_days: int | None
    facts: int
    items: int
    used: int

    @property
    def stale(self) -> bool:
        """Whether its newest content is older than it may be."""
        return self.age_days is not None and 0 < self.entry.max_content_age_days < self.age_days

    @property
    def unseen(self) -> bool:
        """Whether its reader was held to miniatures of our own alone."""
        return self.entry.asks is not None and self.entry.proof is Proof.MINIATURE


def standing(entry: Source, *, whole: bool) -> Standing:
    """How a source stands, over what the reader may see. `whole`: the reader may know what was set aside."""
    row, last, held = holdings.collection(entry.id), holdings.last_run(entry.id), holdings.holding(entry.id)
    newest = held.newest if held else None
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    return Standing(
        entry=entry,
        asked=bool(row and row.asked),
        state=_state(entry, last, whole=whole),
        why=told(last.message, last.parameters) if last and last.message and (whole or last.state not in _KEPT_BACK) else None,
        unwell=bool(last and last.state in {*WITHOUT_ANSWER, RunState.STALE}),
        last=last.started_at if last else None,
        not_before=row.not_before if row and row.not_before and row.not_before > now() else None,
        newest=newest,
        age_days=(now().date() - newest).days if newest else None,
        facts=held.events + held.measures + held.findings if held else 0,
        items=queries.count_of_collector(entry.id),
        used=holdings.requests_since(entry.id, since=midnight),
    )


SETTINGS = {
    "server": say("Server that is asked"),
    "forms": say("Forms that are read, with commas"),
    "released": say("Questions of place that may stay with a report, with commas"),
    "desk": say("Desk whose source handlers care for who reports"),
}
"""What an office sets, as one reads it."""


@dataclass(frozen=True)
class Setting:
    """One setting as it holds here. `fixed`: it says whom the source asks, and is set on the command line."""

    key: str
    words: Words | str
    value: str
    fixed: bool


def made_here(entry: Source) -> list[Setting]:
    """The settings that an office makes of a source, as they hold."""
    holds = collection.of_office(entry).settings
    return [Setting(key, SETTINGS.get(key, key), _plain(holds[key]), is_address(entry, key)) for key in entry.office]


def _plain(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


_KEPT_BACK = frozenset({RunState.PARTLY})
"""What tells that something was set aside, which only reviewers may know."""


def _state(entry: Source, last: Run | None, *, whole: bool) -> Words:
    if last is None:
        return NEVER_ASKED if entry.is_asked else ARRIVES
    return RUN_STATES[last.state] if whole or last.state not in _KEPT_BACK else ENDED
