"""The world and each State, as different people see them."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine

from forestall import places
from forestall.access.session import bound_to
from forestall.assessment.models import Assessment, Situation
from forestall.base.clock import now, today
from forestall.labels.label import Label, Level
from forestall.record.actions import write
from forestall.record.models import Entry

from .ranking import keep_run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These are whole pages, with the product's own surroundings."""
    yield


@pytest.fixture
def ranked_world(keeper: Any) -> Callable[[], Any]:
    """`ranked_world()`: the world's forecast is kept, under the label a ranking carries."""
    return lambda: keep_run(keeper)


def read_on(keeper: Any, iso3: str, on: date, *, level: int = 2, desk: str = "karvania", title: str = "") -> Situation:
    """A situation in `iso3` with one reading issued on that day."""
    label = Label(level=Level(level)).within(f"desk:{desk}")
    with bound_to(keeper):
        situation = write(
            Situation(
                title=title or f"Situation in {iso3}",
                places=[iso3],
                desk=desk,
                state="watch",
                opened_on=on,
                reason="A test watches it.",
            ).labelled(label),
            by=keeper.person_id,
            verb="situation opened",
        )
        write(
            Assessment(
                situation=situation, framework="unfaac-2014", edition="x", on=on, author="alice", state="issued"
            ).labelled(label),
            by=keeper.person_id,
            verb="assessment issued",
        )
    return situation


def lines(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def row(response: Any, code: str) -> list[str]:
    (found,) = [line for line in lines(response) if line and line[0] == code]
    return found


def test_every_state_and_every_area_is_there_and_said_to_be_which(signed_in: Callable[[str], Any]) -> None:
    told = lines(signed_in("alice").get("/states/?format=csv"))[2:]
    status = {line[0]: line[2] for line in told}
    assert {one.iso3 for one in places.countries()} == set(status)
    assert sum(what == "Member State" for what in status.values()) == 193
    assert {code for code, what in status.items() if what == "observer State"} == {"PSE", "VAT"}
    assert status["GRL"] == "area, not a State"


def test_a_state_at_which_nobody_looked_is_never_screened_and_no_zero(signed_in: Callable[[str], Any]) -> None:
    alice = signed_in("alice")
    assert row(alice.get("/states/?format=csv"), "URY")[-1] == "never"
    page = alice.get("/states/?q=uruguay").content.decode()
    assert "never screened" in page


def test_days_are_counted_from_the_newest_reading_issued(signed_in: Callable[[str], Any], keeper: Any) -> None:
    read_on(keeper, "URY", today() - timedelta(days=40))
    read_on(keeper, "URY", today() - timedelta(days=9))
    assert row(signed_in("alice").get("/states/?format=csv"), "URY")[-1] == "9"


def test_an_observation_counts_as_a_look_in_the_exercise_country(signed_in: Callable[[str], Any], observe: Any) -> None:
    observe("7.5", on=today() - timedelta(days=3))
    page = signed_in("alice").get("/states/")
    (karvania,) = [one for one in page.context["invented"] if one["row"].country.iso3 == "ZZK"]
    assert karvania["row"].days == 3


def test_what_another_desk_read_leaves_no_trace(signed_in: Callable[[str], Any], keeper: Any) -> None:
    before = signed_in("alice").get("/states/?format=csv").content.splitlines()[1:]
    read_on(keeper, "URY", today(), desk="south")
    after = signed_in("alice").get("/states/?format=csv").content.splitlines()[1:]
    assert before == after
    assert row(signed_in("carol").get("/states/?format=csv"), "URY")[-1] == "0"


def test_the_band_is_the_highest_label_that_fed_the_days(signed_in: Callable[[str], Any], keeper: Any) -> None:
    assert signed_in("alice").get("/states/").context["band"] == 1
    read_on(keeper, "URY", today(), level=3)
    assert signed_in("alice").get("/states/").context["band"] == 3
    assert signed_in("ivo").get("/states/").context["band"] == 1


def test_the_exercise_country_is_on_no_map_and_in_no_count(signed_in: Callable[[str], Any], keeper: Any) -> None:
    read_on(keeper, "ZZK", today())
    page = signed_in("alice").get("/states/")
    assert "ZZK" not in page.context["map"]
    assert page.context["looked"] == 0
    assert page.context["total"] == 195
    assert all(one.country.iso3 != "ZZK" for one in page.context["rows"] + page.context["areas"])
    assert not any(line[:1] == ["ZZK"] for line in lines(signed_in("alice").get("/states/?format=csv")))


def test_the_map_says_what_its_lines_are_and_never_screened_is_hatched(signed_in: Callable[[str], Any]) -> None:
    page = signed_in("alice").get("/states/").content.decode()
    assert "imply no opinion on the legal status" in page
    assert 'class="land noinfo" data-id="URY"' in page
    assert page.index('data-id="URY"') < page.index('id="map"'), "without own boundaries the table comes first"


def test_states_can_be_narrowed_to_a_region_and_found_by_any_of_their_names(signed_in: Callable[[str], Any]) -> None:
    alice = signed_in("alice")
    polynesia = alice.get("/states/?region=061").context["rows"]
    assert {one.country.iso3 for one in polynesia} == {"WSM", "TON", "TUV"}
    assert [one.country.iso3 for one in alice.get("/states/?q=Чад").context["rows"]] == ["TCD"]
    assert alice.get("/states/?q=zzzz").context["rows"] == []


def test_the_longest_unlooked_at_come_first_when_asked_and_the_unknown_stay_last(
    signed_in: Callable[[str], Any], keeper: Any
) -> None:
    read_on(keeper, "URY", today() - timedelta(days=5))
    read_on(keeper, "TON", today() - timedelta(days=50))
    rows = signed_in("alice").get("/states/?sort=-days").context["rows"]
    assert [one.country.iso3 for one in rows[:2]] == ["TON", "URY"]
    assert rows[-1].days is None


def test_an_export_says_the_level_who_took_it_and_when(signed_in: Callable[[str], Any]) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 9, 30, tzinfo=UTC), tick=False):
        first = lines(signed_in("alice").get("/states/?format=csv"))[0][0]
    assert first == "EXERCISE · Internal · Alice · 2026-11-20"


def test_the_same_rows_come_as_a_workbook(signed_in: Callable[[str], Any]) -> None:
    response = signed_in("alice").get("/states/?format=xlsx&region=061")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert "Alice" in sheet["A1"].value
    assert {cell.value for cell in sheet["A"][2:]} >= {"WSM", "TON", "TUV"}


def test_risk_without_a_run_says_so_and_reads_alike_for_who_may_not_see_one(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    before = signed_in("dora").get("/states/?view=risk")
    ranked_world()
    after = signed_in("dora").get("/states/?view=risk")
    assert "no run of a risk model that you may see" in before.content.decode()
    assert before.context["crumbs"] == after.context["crumbs"]
    assert "no run of a risk model that you may see" in after.content.decode()


def test_opening_the_order_of_risk_is_in_the_record_and_the_days_are_not(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any], people: Any
) -> None:
    run = ranked_world()
    alice = signed_in("alice")
    alice.get("/states/")
    assert not Entry.objects.filter(verb="ranking opened").exists()
    page = alice.get("/states/?view=risk")
    entry = Entry.objects.get(verb="ranking opened")
    assert (entry.by, entry.object_id) == (str(people.alice.id), run.id)
    assert page.context["band"] == 2
    assert [one.rank for one in page.context["rows"] if one.rank][:3] == [1, 2, 3]


def test_risk_stands_with_its_interval_the_record_of_the_model_and_the_age_of_the_figures(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    ranked_world()
    page = signed_in("alice").get("/states/?view=risk")
    told = page.content.decode()
    assert "90 % interval" in told
    assert "the best simple rule" in told
    assert "that year is over" in told
    assert {one.id for one in page.context["skill"]} == {"osv-logistic", "climatology", "no-change", "conflictology"}


def test_a_state_counted_in_another_unit_says_where_and_has_neither_rank_nor_zero(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    ranked_world()
    page = signed_in("alice").get("/states/?view=risk")
    (palestine,) = [one for one in page.context["rows"] if one.country.iso3 == "PSE"]
    assert (palestine.rank, palestine.chance) == (None, None)
    assert "counted in its unit Israel, whoever caused them" in page.content.decode()
    assert len(page.context["rows"]) == 195
    line = row(signed_in("alice").get("/states/?view=risk&format=csv"), "PSE")
    assert line[4:9] == ["", "", "", "", ""]
    assert "counted in its unit Israel" in line[-1]


def test_the_ranking_as_a_file_names_who_took_it_and_is_in_the_record(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    ranked_world()
    file = signed_in("alice").get("/states/?view=risk&format=csv")
    assert "Confidential · Alice" in lines(file)[0][0]
    assert Entry.objects.filter(verb="ranking exported").count() == 1


def test_the_exercise_country_has_no_rank(signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]) -> None:
    ranked_world()
    page = signed_in("alice").get("/states/?view=risk")
    assert "ZZK" not in page.content.decode()


def test_published_figures_are_not_called_invented_in_an_exercise_home(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    ranked_world()
    alice = signed_in("alice")
    for address in ("/states/?view=risk", "/states/URY/", "/forecasts/", "/forecasts/URY/"):
        told = alice.get(address).content.decode()
        assert "EXERCISE" in told
        assert "Everything here is invented" not in told
    assert "Everything here is invented" in alice.get("/states/ZZK/").content.decode()


# ---------------------------------------------------------------- one State


def test_a_state_has_its_page_with_its_names_and_what_it_is(signed_in: Callable[[str], Any]) -> None:
    page = signed_in("alice").get("/states/PSE/").content.decode()
    assert "observer State" in page
    assert "État de Palestine" in page
    assert "دولة فلسطين" in page


@pytest.mark.parametrize("code", ["QQQ", "zzk", "usa", "XXXX"])
def test_what_is_no_country_has_no_page(signed_in: Callable[[str], Any], code: str) -> None:
    assert signed_in("alice").get(f"/states/{code}/").status_code == 404


def test_the_exercise_country_has_a_page_that_says_it_is_invented_and_has_no_forecast(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any], observe: Any
) -> None:
    ranked_world()
    observe("7.5", sources=("Field office", "Radio"), on=today())
    page = signed_in("alice").get("/states/ZZK/")
    assert page.context["run"] is None
    assert page.context["name"] == "Karvania"
    told = page.content.decode()
    assert "Invented for an exercise" in told
    assert "Radio" in told


def test_a_state_page_shows_only_what_one_may_see(
    signed_in: Callable[[str], Any], keeper: Any, observe: Any
) -> None:
    read_on(keeper, "ZZK", today(), title="The register")
    observe("7.5", on=today(), summary="Homes were marked")
    assert "The register" in signed_in("alice").get("/states/ZZK/").content.decode()
    carol = signed_in("carol").get("/states/ZZK/")
    assert "The register" not in carol.content.decode()
    assert carol.context["observations"] == 0
    assert carol.context["feeders"] == []
    assert carol.context["band"] == 1


def test_a_month_in_which_nothing_arrived_is_silent_and_no_zero(signed_in: Callable[[str], Any], make_item: Any) -> None:
    make_item("A dispatch", "Nothing to confirm in it.", published=now())
    newest, *older = signed_in("alice").get("/states/ZZK/").context["months"]
    assert newest.count == 0
    assert all(month.count is None for month in older)


def test_a_real_state_says_what_drives_its_chance_and_what_was_counted(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    run = ranked_world()
    first = signed_in("alice").get("/states/?view=risk").context["rows"][0].country.iso3
    page = signed_in("alice").get(f"/states/{first}/")
    added = sum(one.log_odds for one in page.context["drivers"])
    given = page.context["forecast"]
    assert given.figures["reference"] + added == pytest.approx(math.log(given.probability / (1 - given.probability)))
    assert page.context["inputs"][0]["year"] == run.origin
    assert page.context["band"] == 2


def test_whoever_may_not_see_the_run_finds_no_trace_of_it_on_a_state(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    before = signed_in("dora").get("/states/URY/").context
    ranked_world()
    after = signed_in("dora").get("/states/URY/").context
    assert before["run"] is None
    assert after["run"] is None
    assert after["band"] == before["band"]


def test_counterparts_stand_with_the_channel_proper_to_them(
    signed_in: Callable[[str], Any], session_of: Callable[..., Any]
) -> None:
    from forestall.institutions import actions

    lee = session_of("lee")
    with bound_to(lee):
        body = actions.add_counterpart(
            kind_of_body="permanent_mission", name="Permanent Mission of Karvania", iso3="ZZK", by=lee
        )
        actions.add_office_holder(body, title="Permanent Representative", name="A. Sorel", since=date(2026, 1, 1), by=lee)
    page = signed_in("alice").get("/states/ZZK/").content.decode()
    assert "note verbale through the permanent mission" in page
    assert "A. Sorel" in page


def test_as_of_a_past_day_what_came_later_is_not_there_yet(
    signed_in: Callable[[str], Any], keeper: Any
) -> None:
    past = now() - timedelta(days=30)
    with time_machine.travel(past, tick=False):
        read_on(keeper, "URY", past.date(), title="The earlier one")
    read_on(keeper, "URY", today(), title="The later one")
    alice = signed_in("alice")
    then = alice.get(f"/states/URY/?as_of={(past + timedelta(days=2)).date()}").content.decode()
    assert "The earlier one" in then
    assert "The later one" not in then
    assert "Nothing can be changed here" in then
    assert f'href="/states/?as_of={(past + timedelta(days=2)).date()}"' in then, "the way back stays on that day"
    days = row(alice.get(f"/states/?as_of={(past + timedelta(days=2)).date()}&format=csv"), "URY")[-1]
    assert days == "2"
