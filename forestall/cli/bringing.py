"""From the store of facts to the offices' own tables: presences, mandates, resolutions, vetoes, reviews, one treaty.

The store is asked here, in the worker, and never by a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from forestall.access.session import Session
from forestall.institutions import bringable
from forestall.institutions.actions.bringing import bring_over
from forestall.institutions.bringable import OPTIONAL_PROTOCOL, PSDATA, UHRI, Bringable
from forestall.monitoring import holdings

COLUMNS = [
    "source_id", "external_id", "form", "source_form", "symbol", "title", "countries", "dated", "valid_from", "valid_until", "url", "own",
]  # fmt: skip
FORMS = ("mission", "mandate", "resolution", "veto")
"""Missions first: a mandate names its operation by its short name alone."""
TABLE = "table"
"""The way in of tables that somebody has: the States bound by the first optional protocol come by it."""


def bring_all(*, by: Session) -> Counter[str]:
    """Bring over all that is held now; tells how many entries were new, changed, the same, or a person's and kept."""
    return bring_over(_found(), by=by)


def held() -> tuple[str, ...]:
    """What would be brought over from, by its hashes: where these are the same, nothing changed."""
    return tuple(one.manifest for one in holdings.holdings() if one.collector in (PSDATA, UHRI, TABLE))


def _found() -> Iterator[Bringable]:
    for one in holdings.holdings():
        if one.collector == PSDATA:
            for form in FORMS:
                for row in _findings(one, form=form):
                    yield from bringable.of_finding(row, level=one.level)
        elif one.collector == UHRI:
            yield from bringable.latest_reviews(_reviews(one), level=one.level)
        elif one.collector == TABLE:
            yield from bringable.optional_protocol(_protocol(one), level=one.level, source="Early Warning Project, from the United Nations Treaty Collection")


def _asked(held: Any, dataset: str, *, question: Any) -> list[dict[str, Any]]:
    from forestall.panel.factengine import asking, facts, rows

    manifest = holdings.manifest_of(held)
    with asking(holdings.root()) as engine:
        table = facts([manifest], holdings.root(), dataset, level=manifest.level, engine=engine)
        return rows(question(table), engine=engine)


def _findings(held: Any, *, form: str) -> list[dict[str, Any]]:
    return _asked(held, "findings", question=lambda table: table.filter(table.form == form)[COLUMNS].order_by("external_id"))


def _reviews(held: Any) -> list[dict[str, Any]]:
    """For each State, body and symbol the last day: some thousands of rows out of hundreds of thousands."""

    def question(table: Any) -> Any:
        named = table.select("body", "symbol", "dated", iso3=table.countries).unnest("iso3")
        return named.group_by(["iso3", "body", "symbol"]).agg(dated=named.dated.max())

    return _asked(held, "findings", question=question)


def _protocol(held: Any) -> list[dict[str, Any]]:
    columns = ["source_id", "iso3", "period_start", "value", "own"]
    return _asked(held, "measures", question=lambda table: table.filter(table.name == OPTIONAL_PROTOCOL)[columns])
