"""What producers publish of mandates, decisions and reviews is brought over once, and never over a person's word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from forestall.access.session import bound_to
from forestall.cli import bringing
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.facts import Finding, FindingForm, Measure
from forestall.facts.arrow import SCHEMAS, batches
from forestall.institutions import actions as institutions
from forestall.institutions import bringable, queries
from forestall.institutions.actions import presence
from forestall.institutions.actions.said import Said
from forestall.institutions.models import Counterpart, Mandate
from forestall.labels.label import Label, Level
from forestall.monitoring import holdings
from forestall.monitoring.models import Holding
from forestall.panel.factstore import Load, merge
from forestall.panel.manifest import write_manifest
from forestall.record.actions import write
from forestall.record.models import Entry
from forestall.sources import CATALOGUE, all_sources
from forestall.sources.un_psdata import collector

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
HUB = all_sources()["un-psdata"]
SAMPLES = ("DPPADPOSS-PKO", "DPO-PEMA", "DGC-SCRES", "DPPA-SCVETOES")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(holdings, "root", lambda: tmp_path)
    return tmp_path


def held(root: Path, collector_id: str, *facts: Any, at: datetime = AT) -> None:
    import pyarrow as pa

    tables = {name: pa.Table.from_batches([batch], schema=SCHEMAS[name]) for name, batch in batches(facts, size=10_000)}
    known = Holding.objects.filter(collector=collector_id).first()
    before = holdings.manifest_of(known) if known else None
    manifest, _ = merge(root, before, Load(collector_id, 0, tables, f"raw {at}", at))
    one = known or Holding(collector=collector_id).labelled(Label(level=Level.INTERNAL))
    one.manifest = write_manifest(root, manifest)
    write(one, by="system:collector", verb="facts kept")


def of_the_hub(*, replacing: dict[str, str] | None = None) -> list[Finding]:
    found = []
    for name in SAMPLES:
        content = (CATALOGUE / "un_psdata" / "sample" / f"{name}.json").read_text()
        for old, new in (replacing or {}).items():
            content = content.replace(old, new)
        told = collector.parse(Received(f"{name}.json", content.encode(), AT), kind=Kind.UNKNOWN, source=HUB)
        found += [one for one in told if isinstance(one, Finding)]
    return found


def test_missions_mandates_resolutions_and_vetoes_come_over_with_their_producer_and_nothing_made_up(store: Path, keeper: Any) -> None:
    held(store, "un-psdata", *of_the_hub())
    told = bringing.bring_all(by=keeper)
    assert told["new"] == 3, "the veto of the sample and one resolution name no State that exists"
    (mission,) = Counterpart.objects.all()
    assert (mission.name, mission.acronym, mission.channel) == ("United Nations Mission in Velandia", "UNMVEL", "code_cable")
    (there,) = queries.presences(iso3=["KEN"])
    assert (there.since, there.until, there.by_hand) == (date(1950, 1, 1), date(2027, 1, 31), False)
    (mandate,) = queries.mandates()
    assert (mandate.counterpart_id, mandate.resolution, mandate.end_date) == (mission.id, "S/RES/9901(2016)", date(2017, 3, 4))
    (resolution,) = queries.resolutions("KEN")
    assert (resolution.symbol, resolution.force) == ("S/RES/9901(2026)", "not_known")
    assert resolution.url == "https://digitallibrary.un.org/record/9900001"
    assert all(len(one.producer_hash) == 64 and one.producer == "un-psdata" for one in (there, mandate, resolution))


def test_bringing_over_again_changes_nothing_and_a_changed_row_changes_its_entry(store: Path, keeper: Any) -> None:
    held(store, "un-psdata", *of_the_hub())
    bringing.bring_all(by=keeper)
    entries = Entry.objects.count()
    assert bringing.bring_all(by=keeper) == {"same": 3}
    assert Entry.objects.count() == entries
    longer = {"1488585600000": "1520121600000", "1793491200000": "1793577600000"}
    held(store, "un-psdata", *of_the_hub(replacing=longer), at=datetime(2026, 11, 21, tzinfo=UTC))
    assert bringing.bring_all(by=keeper)["changed"] >= 1
    assert [one.end_date for one in queries.mandates()] == [date(2018, 3, 4)]


def test_what_a_person_corrected_stays_as_they_wrote_it(store: Path, keeper: Any, session_of: Callable[..., Any]) -> None:
    held(store, "un-psdata", *of_the_hub())
    bringing.bring_all(by=keeper)
    alice = session_of("alice")
    with bound_to(alice):
        (one,) = queries.mandates()
        presence.keep_mandate(one.counterpart, countries=["KEN"], end_date=date(2017, 6, 30), said=Said("A letter"), correcting=one, by=alice)
    held(store, "un-psdata", *of_the_hub(replacing={"1488585600000": "1520121600000"}), at=datetime(2026, 11, 21, tzinfo=UTC))
    assert bringing.bring_all(by=keeper)["kept"] == 1
    assert Mandate.objects.get().end_date == date(2017, 6, 30)


def test_an_operation_that_is_known_by_its_short_name_is_not_noted_twice(store: Path, keeper: Any) -> None:
    known = institutions.add_counterpart(kind_of_body="peace_operation", name="Our mission", acronym="unmvel", by=keeper)
    held(store, "un-psdata", *of_the_hub())
    bringing.bring_all(by=keeper)
    assert list(Counterpart.objects.all()) == [known]


def annotation(key: str, body: str, symbol: str, day: date | None) -> Finding:
    return Finding(source_id="ohchr-uhri", external_id=key, form=FindingForm.RECOMMENDATION, title=key, body=body, symbol=symbol,
                   countries=("KEN",), dated=day)  # fmt: skip


def test_the_last_word_of_each_reviewing_body_comes_over_and_no_date_ahead_is_made_of_it(store: Path, keeper: Any) -> None:
    held(
        store, "ohchr-uhri", annotation("1", "UPR", "A/HRC/99/1", date(2020, 1, 1)), annotation("2", "UPR", "A/HRC/99/9", date(2025, 1, 1)),
        annotation("3", "CERD", "CERD/C/X", None), annotation("4", "Special Rapporteur on water", "A/HRC/9", date(2024, 1, 1)),
    )  # fmt: skip
    bringing.bring_all(by=keeper)
    (told,) = queries.reviews("KEN")
    assert (told.body, told.step, told.on, told.note) == ("upr", "concluded", date(2025, 1, 1), "A/HRC/99/9")


def test_the_newest_year_says_how_a_state_stands_to_the_optional_protocol_and_for_which_day(store: Path, keeper: Any) -> None:
    held(store, "table", *(
        Measure(source_id="table", external_id=f"{iso3}{year}", name=bringable.OPTIONAL_PROTOCOL, value=value, unit="1 bound, 0 not",
                iso3=iso3, period_start=date(year, 1, 1), own={"v": value})
        for iso3, year, value in (("KEN", 2018, 0.0), ("KEN", 2019, 1.0), ("UGA", 2019, 0.0), ("SDN", 2019, None))
    ))  # fmt: skip
    bringing.bring_all(by=keeper)
    told = {iso3: [(one.standing, one.as_of) for one in queries.treaty_statuses(iso3)] for iso3 in ("KEN", "UGA", "SDN")}
    assert told == {"KEN": [("party", date(2019, 12, 31))], "UGA": [("not_party", date(2019, 12, 31))], "SDN": []}


def test_votes_are_read_from_the_columns_of_the_hub() -> None:
    row = {
        "form": "veto", "countries": ["KEN"], "source_id": "un-psdata", "external_id": "v", "source_form": "DPPA-SCVETOES", "symbol": "S/9901",
        "title": "Velandia", "dated": None, "url": "javascript:x", "own": '{"china":0,"france":1,"russian_federation_or_USSR":1}',
    }  # fmt: skip
    (veto,) = bringable.of_finding(row, level=0)
    assert (veto.values["cast_by"], veto.url, veto.values["cast_on"]) == (["FRA", "RUS"], "", None)


@pytest.mark.parametrize(("body", "key"), [("UPR", "upr"), ("- CAT", "cat"), ("Committee against Torture", "cat"), ("Human Rights Committee", "ccpr"), ("Working Group on X", "")])
def test_reviewing_bodies_are_known_by_what_producers_call_them(body: str, key: str) -> None:
    assert bringable.reviewer_of(body) == key


def test_the_worker_looks_again_only_when_what_is_held_changed(store: Path, keeper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from forestall.cli import schedule

    asked: list[int] = []
    monkeypatch.setattr(schedule, "_brought", {})
    monkeypatch.setattr(bringing, "bring_all", lambda *, by: asked.append(1) or {})
    schedule.bring_over()
    held(store, "un-psdata", *of_the_hub())
    schedule.bring_over()
    schedule.bring_over()
    assert asked == [1]


def test_the_machine_tells_the_share_of_the_whole_office(make_item: Callable[..., Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from argparse import Namespace

    from forestall.cli.commands import sources

    make_item("Story", "s", source="Ledger")
    monkeypatch.setattr(sources, "open_chosen_home", lambda given: None)
    assert sources.run(Namespace(act="share")) == 0
    assert "0 %: 0 of 1 independent origins are of the United Nations" in capsys.readouterr().out
