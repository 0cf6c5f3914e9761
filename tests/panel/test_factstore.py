"""The store of facts: the highest version holds, every version is kept, and order is nothing."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forestall.base.errors import Malformed, Refused
from forestall.facts import Event
from forestall.facts.arrow import EVENTS, batches
from forestall.panel import factstore
from forestall.panel.factdump import dump
from forestall.panel.factstore import Load, merge, read, withdraw
from forestall.panel.manifest import ENDED, Manifest, broken, read_manifest, write_manifest

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def event(key: str, *, deaths: int = 1, rank: str = "", day: date | None = date(2026, 9, 14), **more: Any) -> Event:
    return Event(
        source_id="told", external_id=key, event_type="attack-on-civilians", source_type="3", rank=rank,
        started=day, deaths_best=deaths, row=1, own={"id": key, "deaths": deaths}, **more,
    )  # fmt: skip


def load(*events: Event, at: datetime = AT, snapshot: bool = False, by_arrival: bool = False, level: int = 0) -> Load:
    table = pa.Table.from_batches([batch for _, batch in batches(events)], schema=EVENTS)
    return Load("told", level, {"events": table}, f"raw {at.isoformat()}", at, snapshot, by_arrival)


def deaths(root: Path, manifest: Manifest) -> dict[str, int]:
    table = read(root, manifest, "events")
    return dict(zip(table.column("external_id").to_pylist(), table.column("deaths_best").to_pylist(), strict=True))


def test_bringing_the_same_rows_twice_changes_nothing(tmp_path):
    first, told = merge(tmp_path, None, load(event("1"), event("2")))
    again, told_again = merge(tmp_path, first, load(event("1"), event("2"), at=AT + timedelta(days=1)))

    assert (told.new, told_again.new, told_again.unchanged) == (2, 0, 2)
    assert list(dump(tmp_path, again)) == list(dump(tmp_path, first))
    assert again.rows(state=ENDED) == 0


def test_a_row_that_changed_takes_the_place_of_the_one_before_which_is_kept(tmp_path):
    first, _ = merge(tmp_path, None, load(event("1", deaths=3), event("2")))
    second, told = merge(tmp_path, first, load(event("1", deaths=5), at=AT + timedelta(days=1)))

    assert told.changed == 1
    assert deaths(tmp_path, second) == {"1": 5, "2": 1}
    ended = read(tmp_path, second, "events", state=ENDED).to_pylist()
    assert [(row["deaths_best"], row["ending"], row["ended_at"]) for row in ended] == [(3, "superseded", AT + timedelta(days=1))]
    assert deaths(tmp_path, first) == {"1": 3, "2": 1}


def test_an_older_release_that_comes_late_does_not_win_and_is_kept_once(tmp_path):
    manifest, _ = merge(tmp_path, None, load(event("1", deaths=5, rank="26-final-1")))
    for day in (1, 2):
        manifest, told = merge(tmp_path, manifest, load(event("1", deaths=3, rank="26-candidate-09"), at=AT + timedelta(days=day)))

    assert deaths(tmp_path, manifest) == {"1": 5}
    assert told.older == 0
    assert read(tmp_path, manifest, "events", state=ENDED).num_rows == 1


def test_what_is_withdrawn_is_kept_as_withdrawn(tmp_path):
    first, _ = merge(tmp_path, None, load(event("1"), event("2")))
    second, told = withdraw(tmp_path, first, keys=["2", "never was"], at=AT)

    assert told.withdrawn == 1
    assert deaths(tmp_path, second) == {"1": 1}
    assert read(tmp_path, second, "events", state=ENDED).column("ending").to_pylist() == ["withdrawn"]


def test_a_snapshot_withdraws_what_it_lacks_unless_that_is_too_much(tmp_path):
    rows = [event(f"{number:03}") for number in range(100)]
    first, _ = merge(tmp_path, None, load(*rows, snapshot=True))
    second, told = merge(tmp_path, first, load(*rows[:96], snapshot=True, at=AT + timedelta(days=1)))
    third, brake = merge(tmp_path, second, load(*rows[:10], snapshot=True, at=AT + timedelta(days=2)))

    assert (told.withdrawn, second.rows()) == (4, 96)
    assert (brake.withdrawn, brake.withheld, third.rows()) == (0, 86, 96)


def test_an_empty_snapshot_empties_nothing(tmp_path):
    first, _ = merge(tmp_path, None, load(event("1"), event("2"), event("3"), snapshot=True))
    second, told = merge(tmp_path, first, load(snapshot=True, at=AT + timedelta(days=1)))

    assert (told.withheld, second.rows()) == (3, 3)


def test_a_snapshot_that_comes_after_a_newer_one_changes_nothing_that_holds(tmp_path):
    newest, _ = merge(tmp_path, None, load(event("1", deaths=5), snapshot=True, at=AT + timedelta(days=2)))
    late, told = merge(tmp_path, newest, load(event("1", deaths=3), event("2"), snapshot=True, at=AT))

    assert deaths(tmp_path, late) == {"1": 5}
    assert told.older == 2


def test_what_was_seen_again_later_is_not_undone_by_what_came_between(tmp_path):
    manifest, _ = merge(tmp_path, None, load(event("1", deaths=3)))
    manifest, _ = merge(tmp_path, manifest, load(event("1", deaths=3), at=AT + timedelta(days=2)))
    manifest, _ = merge(tmp_path, manifest, load(event("1", deaths=5), at=AT + timedelta(days=1)))

    assert deaths(tmp_path, manifest) == {"1": 3}


def test_nothing_confidential_is_ever_a_fact(tmp_path):
    with pytest.raises(Refused):
        merge(tmp_path, None, load(event("1"), level=2))

    assert not list(tmp_path.rglob("*.parquet"))


def test_many_small_files_of_one_month_become_one(tmp_path):
    manifest = None
    for number in range(factstore.MANY + 1):
        moment = AT + timedelta(minutes=15 * number)
        manifest, _ = merge(tmp_path, manifest, load(event(f"{number:03}", published_at=moment), at=moment, by_arrival=True))

    assert manifest is not None
    assert [(one.period, one.rows) for one in manifest.of("events")] == [("2026-11", factstore.MANY + 1)]


def test_a_file_is_known_by_its_hash_and_a_change_is_seen(tmp_path):
    manifest, _ = merge(tmp_path, None, load(event("1"), event("2", day=None)))
    assert list(broken(tmp_path, manifest)) == []
    path = manifest.files[0].path_of(tmp_path)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"x")

    assert [one.sha256 for one in broken(tmp_path, manifest)] == [manifest.files[0].sha256]


def test_a_manifest_is_kept_under_its_hash(tmp_path):
    manifest, _ = merge(tmp_path, None, load(event("1")))
    digest = write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path, digest) == manifest
    (tmp_path / "manifests" / f"{digest}.json").write_text("{}")

    with pytest.raises(Malformed, match="changed"):
        read_manifest(tmp_path, digest)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(1, 4), st.sampled_from(["", "1", "2"]), st.integers(0, 3)),
        min_size=1, max_size=8, unique_by=lambda one: (one[0], one[2], one[3]),
    ),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_any_order_and_any_repetition_end_in_the_same_rows(tmp_path_factory: Any, versions: Any, chance: random.Random):
    loads = [load(event(key, deaths=n, rank=rank), at=AT + timedelta(hours=hour)) for key, n, rank, hour in versions]
    dumps = set()
    for _ in range(3):
        root, manifest = tmp_path_factory.mktemp("store"), None
        shuffled = [*loads, *chance.choices(loads, k=2)]
        chance.shuffle(shuffled)
        for one in shuffled:
            manifest, _ = merge(root, manifest, one)
        assert manifest is not None
        dumps.add("\n".join(dump(root, manifest)))

    assert len(dumps) == 1
