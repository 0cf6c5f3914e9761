"""What may be asked of monitoring. Everything is read through the bound session; counts are of what it may see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from forestall.access.session import current
from forestall.record.models import Evidence

from .models import (
    CopyEdge,
    Gap,
    Grading,
    Group,
    IndicatorLink,
    Inequality,
    Item,
    Observation,
    Passage,
    Quarantine,
    Run,
    Source,
    Suggestion,
)
from .origins import UNITING, origins
from .states import ItemState, ObservationState

AT_ONCE = 2_000
"""More ids than this are looked for among all there are: a question that names each takes longer."""
IN_A_QUEUE = (
    "source", "title", "languages", "countries", "published_at", "published_precision", "received_at", "flags", "priority",
    "state", "level", "form",
)  # fmt: skip
"""What is read of an item to stand in a queue: a hundred thousand of them may wait."""


@dataclass(frozen=True)
class Standing:
    """An observation with what it rests on: items, grades, origins, and whether that still stands.

    `origin_of`: item ids to the origin of each item that is no party's own word.
    """

    observation: Observation
    passages: tuple[Passage, ...]
    items: tuple[Item, ...]
    grades: dict[str, str]
    origins: tuple[str, ...]
    links: tuple[IndicatorLink, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)
    origin_of: dict[str, str] = field(default_factory=dict)

    @property
    def supported(self) -> bool:
        """Whether at least one item under it stands and nobody retracted it."""
        return bool(self.items) and self.observation.state != ObservationState.RETRACTED

    @property
    def best_grade(self) -> str:
        """The best grade among its items, or empty."""
        return min((grade for grade in self.grades.values() if grade), default="")


def grades(item_ids: Iterable[UUID]) -> dict[str, str]:
    """Item ids to the grade that counts now."""
    wanted = set(item_ids)
    gradings = Grading.objects.order_by("number").values_list("item_id", "reliability", "credibility")
    asked = gradings.filter(item_id__in=wanted) if len(wanted) <= AT_ONCE else gradings
    return {str(item): f"{reliability}{credibility}" for item, reliability, credibility in asked if item in wanted}


def edges_among(item_ids: Iterable[UUID]) -> list[CopyEdge]:
    """Copy edges at these items that nobody rejected."""
    wanted = set(item_ids)
    found = CopyEdge.objects.exclude(state="rejected")
    if len(wanted) > AT_ONCE:
        return [edge for edge in found if edge.newer_id in wanted or edge.older_id in wanted]
    return list(found.filter(newer_id__in=wanted)) + list(found.filter(older_id__in=wanted).exclude(newer_id__in=wanted))


def origins_among(items: Sequence[Item]) -> dict[str, str]:
    """Item ids to their origin among these items and what links them."""
    edges = [(str(edge.newer_id), str(edge.older_id), edge.edge) for edge in edges_among(item.id for item in items)]
    between = {node for one, other, _ in edges for node in (one, other)} - {str(item.id) for item in items}
    known = [(str(item.id), str(item.source_id)) for item in items] + [(node, "") for node in sorted(between)]
    return origins(known, edges)


def standing(observations: Sequence[Observation]) -> dict[str, Standing]:
    """Observation ids to what each rests on, in a handful of queries for all of them."""
    ids = [observation.id for observation in observations]
    passages = defaultdict(list)
    for passage in Passage.objects.filter(observation_id__in=ids):
        passages[passage.observation_id].append(passage)
    wanted = {passage.item_id for found in passages.values() for passage in found}
    items = {item.id: item for item in Item.objects.filter(id__in=wanted).exclude(state=ItemState.REJECTED)}
    graded, origin = grades(items), origins_among(list(items.values()))
    sources = {source.id: source for source in Source.objects.filter(id__in={i.source_id for i in items.values()})}
    links = defaultdict(list)
    for link in IndicatorLink.objects.filter(observation_id__in=ids):
        links[link.observation_id].append(link)
    return {
        str(observation.id): _stand(observation, passages[observation.id], items, graded, origin, links, sources)
        for observation in observations
    }


def _stand(
    observation: Observation,
    passages: Sequence[Passage],
    items: dict[UUID, Item],
    graded: dict[str, str],
    origin: dict[str, str],
    links: dict[UUID, list[IndicatorLink]],
    sources: dict[UUID, Source],
) -> Standing:
    under = [items[passage.item_id] for passage in passages if passage.item_id in items]
    independent = [i for i in under if i.source_id in sources and not sources[i.source_id].interested_party]
    return Standing(
        observation=observation,
        passages=tuple(passage for passage in passages if passage.item_id in items),
        items=tuple(under),
        grades={str(item.id): graded.get(str(item.id), "") for item in under},
        origins=tuple(dict.fromkeys(origin[str(item.id)] for item in independent)),
        links=tuple(links[observation.id]),
        sources={str(item.id): sources[item.source_id] for item in under if item.source_id in sources},
        origin_of={str(item.id): origin[str(item.id)] for item in independent},
    )


def origins_of(observation: Observation) -> tuple[str, ...]:
    """The independent origins an observation rests on."""
    return standing([observation])[str(observation.id)].origins


def observations(*, iso3: Iterable[str] = (), ids: Iterable[object] | None = None) -> list[Observation]:
    """Observations in these countries, or with these ids, newest first."""
    found = Observation.objects.order_by("-on", "summary")
    if ids is not None:
        return list(found.filter(id__in=list(ids)))
    return list(found.filter(iso3__in=list(iso3)))


WAITING = ("received", "triaged", "graded", "coded")


def inbox(*, states: Sequence[str] = WAITING) -> list[Item]:
    """Items waiting, most urgent first, then newest. With what a queue shows of them; their texts are read one by one."""
    return list(Item.objects.filter(state__in=states).only(*IN_A_QUEUE).order_by("-priority", "-received_at", "title"))


def arrived(since: datetime, until: datetime) -> list[Item]:
    """Items that the Office received between two moments (UTC), both included."""
    return list(Item.objects.filter(received_at__gte=since, received_at__lte=until))


def letter_given(source: Source) -> str:
    """The reliability that a person last gave an item of this source, or empty."""
    last = Grading.objects.filter(item__in=Item.objects.filter(source=source)).order_by("-at", "-number").first()
    return last.reliability if last else ""


def suggestions(item: Item, *, suggester: str | None = None) -> list[Suggestion]:
    """What the machine suggests about an item, best first. Of a past day nothing: suggestions keep no history."""
    if current().as_of is not None:
        return []
    found = Suggestion.objects.filter(item=item).order_by("suggester", "-score", "start")
    return list(found.filter(suggester=suggester) if suggester else found)


def item(item_id: UUID | str) -> Item | None:
    """One item, if there is one to be seen."""
    return Item.objects.filter(pk=item_id).first()


def item_known_as(collector: str, *, external_id: str) -> Item | None:
    """The latest item that a collector brought under this identifier of its source, if there is one to be seen."""
    return Item.objects.filter(collector=collector, external_id=external_id).order_by("-received_at").first()


def source_of(collector: str, *, key: str) -> Source | None:
    """The source a collector knows by `key` (an address, a name), if there is one to be seen."""
    return Source.objects.filter(collector=collector, key=key).first()


def source_named(name: str) -> Source | None:
    """The active source that the desk knows by this very name, however it reaches us."""
    return Source.objects.filter(name=name, state="active").first() if name else None


def last_observed() -> dict[str, Observation]:
    """Countries to the observation there with the latest day; what was retracted does not count."""
    found = Observation.objects.exclude(state=ObservationState.RETRACTED).order_by("on")
    return {one.iso3: one for one in found}


@dataclass(frozen=True)
class Feeder:
    """A source that speaks of one country: how many items, the last one received (UTC), and their labels."""

    source: Source
    received: tuple[datetime, ...]
    levels: tuple[int, ...]

    @property
    def last(self) -> datetime:
        return max(self.received)


def feeders(iso3: str) -> list[Feeder]:
    """The sources whose items speak of a country, with the moments they arrived; the latest to speak first."""
    rows = Item.objects.exclude(state=ItemState.REJECTED).values_list("countries", "source_id", "received_at", "level")
    arrived: dict[UUID, list[tuple[datetime, int]]] = defaultdict(list)
    for countries, source_id, received_at, level in rows:
        if iso3 in countries:
            arrived[source_id].append((received_at, level))
    told = [
        Feeder(source, tuple(at for at, _ in arrived[source.id]), tuple(level for _, level in arrived[source.id]))
        for source in Source.objects.filter(id__in=list(arrived))
    ]
    return sorted(told, key=lambda one: one.last, reverse=True)


def groups(iso3: str) -> list[tuple[Group, list[Inequality]]]:
    """The groups of a country by name, each with what is said of its standing, newest first."""
    found = list(Group.objects.filter(iso3=iso3).order_by("name"))
    said: dict[UUID, list[Inequality]] = defaultdict(list)
    for one in Inequality.objects.filter(group_id__in=[group.id for group in found]).order_by("-on", "respect"):
        said[one.group_id].append(one)
    return [(group, said[group.id]) for group in found]


def sources(source_ids: Iterable[UUID] | None = None) -> dict[UUID, Source]:
    """Sources by id, in the order of their names; all of them when no ids are given."""
    found = Source.objects.order_by("name")
    return {source.id: source for source in (found if source_ids is None else found.filter(id__in=set(source_ids)))}


@dataclass(frozen=True)
class Tally:
    """How many items of a source there are to be seen, and when the last one was received (UTC)."""

    items: int
    last: datetime | None


def tallies() -> dict[UUID, Tally]:
    """Source ids to their tally, over the items that may be seen."""
    received = list(Item.objects.order_by("received_at").values_list("source_id", "received_at"))
    counted, last = Counter(source for source, _ in received), dict(received)
    return {source: Tally(number, last[source]) for source, number in counted.items()}


def count_of_collector(collector: str) -> int:
    """How many items one way in has brought, over what may be seen."""
    return Item.objects.filter(collector=collector).count()


def items_of(source: Source, *, newest: int = 50) -> list[Item]:
    """The newest items of a source."""
    return list(Item.objects.filter(source=source).order_by("-received_at")[:newest])


def runs(*, newest: int = 30) -> list[Run]:
    """The newest runs of the collectors."""
    return list(Run.objects.order_by("-started_at")[:newest])


def items_by_run(runs: Iterable[Run]) -> dict[UUID, int]:
    """Run ids to how many of the items they brought may be seen; a run's own count is of all of them."""
    found = Item.objects.filter(run_id__in=[run.id for run in runs]).order_by().values_list("run_id", flat=True)
    return dict(Counter(run_id for run_id in found if run_id is not None))


def quarantined() -> list[Quarantine]:
    """What could not be read, newest first: seen by reviewers alone."""
    return sorted(Quarantine.objects.all(), key=lambda one: str(one.id), reverse=True)


def evidence(evidence_ids: Iterable[UUID]) -> dict[UUID, Evidence]:
    """Evidence by id, as far as it may be seen."""
    return {one.id: one for one in Evidence.objects.filter(id__in=set(evidence_ids))}


def items(item_ids: Iterable[UUID]) -> dict[UUID, Item]:
    """Items by id, as far as they may be seen."""
    return {one.id: one for one in Item.objects.filter(id__in=set(item_ids))}


def repeated(item_ids: Iterable[UUID]) -> dict[UUID, Item]:
    """Items to the earlier one that each repeats, as far as both may be seen."""
    older = {edge.newer_id: edge.older_id for edge in edges_among(item_ids) if edge.edge in UNITING}
    known = items(older.values())
    return {newer: known[one] for newer, one in older.items() if one in known}


def attachments(item: Item) -> list[Item]:
    """What came inside an item: attachments of a mail, members of an archive."""
    return list(Item.objects.filter(parent_id=item.id).order_by("locator", "title"))


def gradings(item: Item) -> list[Grading]:
    """Every grading of an item, the one that counts first."""
    return list(Grading.objects.filter(item=item).order_by("-number"))


def passages_in(item: Item) -> list[Passage]:
    """The words of an item that observations rest on, in the order of the text."""
    return list(Passage.objects.filter(item=item).order_by("start"))


def resting_on(item: Item) -> list[Standing]:
    """The observations that rest on an item, newest first, each with all it rests on."""
    found = observations(ids={passage.observation_id for passage in passages_in(item)})
    standings = standing(found)
    return [standings[str(observation.id)] for observation in found]


def item_at(text: str) -> Item | None:
    """The item that an address names, if there is one to be seen; none for what is no id at all."""
    try:
        return item(UUID(text))
    except ValueError:
        return None


def gaps(situation_id: UUID) -> list[Gap]:
    """What the Office asked about a situation and does not know yet, soonest wanted first."""
    found = Gap.objects.filter(situation_id=situation_id, state__in=("open", "asked"))
    return sorted(found, key=lambda one: (one.due is None, one.due, one.question))


def gap(gap_id: UUID | str) -> Gap | None:
    """One gap, if there is one to be seen."""
    return Gap.objects.filter(pk=gap_id).first()


def counts() -> dict[str, int]:
    """How many items, quarantined files, copy edges and observations the session may see."""
    return {
        "items": Item.objects.count(),
        "quarantined": Quarantine.objects.count(),
        "copies": CopyEdge.objects.exclude(state="rejected").count(),
        "observations": Observation.objects.count(),
    }


def files_received() -> list[tuple[str, int]]:
    """Name and level of every file that items came in, in the order of receipt."""
    wanted = set(Item.objects.values_list("evidence_id", flat=True))
    kept = Evidence.objects.filter(id__in=wanted).order_by("received_at", "name")
    return [(one.name, one.level) for one in kept]
