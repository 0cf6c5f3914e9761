"""What leaves the office leaves under its publisher's terms: whole, reduced, or not at all; and the file says so."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import translation

from forestall.access.session import bound_to
from forestall.base.errors import Refused
from forestall.collecting.contract import Redistribution
from forestall.collecting.terms import (
    Extent,
    Resting,
    Terms,
    Use,
    check_leaves,
    credits_of,
    strictest,
    told_first,
)
from forestall.monitoring.models import Item
from forestall.monitoring.terms import terms_of_item
from forestall.sources import all_sources
from forestall.workspace.templatetags.vocabulary import catalogued

Browser = Callable[[str], Client]
WORDS = "Eleven families at the well spoke of lists with their names"


def terms(rule: Redistribution, *, source: str = "river") -> Terms:
    return Terms(source, source.title(), rule, "Terms of the River", f"The {source} desk", date(2026, 11, 2))


@pytest.fixture
def brought(make_item: Callable[..., Any]) -> Callable[..., Item]:
    """`brought("acled", "Title")`: an item as that source would have brought it, at level 1, for everybody on the desk."""

    def one(collector: str, title: str, *, level: int = 1, desk: str | None = None, **own: str) -> Item:
        item: Item = make_item(title, WORDS, level=level, desk=desk)
        item.collector, item.received_at = collector, datetime(2026, 11, 2, 9, tzinfo=UTC)
        for name, value in own.items():
            setattr(item, name, value)
        item.save()
        return item

    return one


def rows(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_a_record_may_be_stricter_than_its_source_and_never_looser(brought: Callable[..., Item]) -> None:
    assert terms_of_item(brought("ucdp-ged", "Plain")).rule is Redistribution.ATTRIBUTE
    assert terms_of_item(brought("ucdp-ged", "Closed", redistribution="forbid")).rule is Redistribution.FORBID
    assert terms_of_item(brought("acled", "Open", redistribution="allow")).rule is Redistribution.FORBID
    assert terms_of_item(brought("hdx-hapi", "Counts", licence="ACLED terms of use")).rule is Redistribution.FORBID
    assert terms_of_item(brought("hdx-hapi", "Needs", licence="CC BY-IGO, OCHA")).rule is Redistribution.INTERNAL_ONLY


def test_what_no_source_of_the_catalogue_speaks_for_does_not_leave(brought: Callable[..., Item]) -> None:
    assert terms_of_item(brought("a-source-that-was", "Old")).rule is Redistribution.FORBID


def test_every_licence_that_a_source_names_is_stricter_than_its_own_rule() -> None:
    for source in all_sources().values():
        for licence, rule in source.licences.items():
            assert strictest(rule, source.redistribution) is rule, (source.id, licence)


def test_the_strictest_of_what_a_row_rests_on_decides() -> None:
    both = Resting((terms(Redistribution.ALLOW), terms(Redistribution.FORBID)))
    assert both.extent(use=Use.PASSING_ON) is Extent.NOTHING
    assert Resting(both.terms, ours=True).extent(use=Use.PASSING_ON) is Extent.REDUCED
    assert Resting((terms(Redistribution.INTERNAL_ONLY),)).extent(use=Use.INSIDE) is Extent.WHOLE
    assert Resting((terms(Redistribution.FORBID),)).extent(use=Use.INSIDE) is Extent.NOTHING


def test_each_publisher_is_credited_once_with_the_latest_day_of_access() -> None:
    earlier = Terms("river", "River", Redistribution.ATTRIBUTE, "Terms of the River", "The river desk", date(2026, 10, 1))
    said = [one.text() for one in credits_of([terms(Redistribution.ATTRIBUTE), earlier])]
    assert said == ["Source: The river desk. Terms of the River. Accessed 2026-11-02."]


def test_rows_kept_back_are_counted_by_source_and_reason() -> None:
    given = [Resting((terms(Redistribution.FORBID),))] * 3 + [Resting((terms(Redistribution.INTERNAL_ONLY, source="hill"),))]
    said = [one.text() for one in told_first(given, use=Use.PASSING_ON, quoting=True)]
    assert said == [
        "Rows left out: 3. River must not be passed on (Terms of the River).",
        "Rows reduced to title, address and day: 1. Hill is for the office alone (Terms of the River).",
    ]


def test_the_inbox_leaves_without_what_must_not_be_passed_on_and_says_so(signed_in: Browser, brought: Callable[..., Item]) -> None:
    brought("acled", "Forbidden one")
    brought("acled", "Forbidden two")
    brought("ucdp-ged", "Credited")
    told = rows(signed_in("alice").get("/inbox/?format=csv"))
    whole = str(told)
    assert "Forbidden" not in whole and "Credited" in whole
    assert told[1][0].startswith("Rows left out: 2. ")
    assert told[2][1] == "Title"
    assert told[-1][0].startswith("Source: ") and told[-1][0].endswith("Accessed 2026-11-02.")


def test_use_inside_the_office_opens_nothing_that_is_forbidden(signed_in: Browser, brought: Callable[..., Item]) -> None:
    brought("acled", "Forbidden one")
    brought("reliefweb", "For us")
    answer = signed_in("alice").get("/search/?q=well&use=inside&format=csv")
    whole = answer.content.decode()
    assert "Forbidden one" not in whole and "For us" in whole and "lists with their names" in whole
    assert rows(answer)[1][0] == "For internal use only: it holds whole what may not be passed on."
    assert "internal-search" in answer["Content-Disposition"]


def test_a_search_to_be_passed_on_has_title_day_and_source_and_no_words_of_the_publisher(
    signed_in: Browser, brought: Callable[..., Item]
) -> None:
    brought("reliefweb", "For us")
    brought("ucdp-ged", "For all")
    told = rows(signed_in("alice").get("/search/?q=well&format=csv"))
    head = next(at for at, row in enumerate(told) if "Excerpt" in row)
    excerpt = {row[1]: row[7] for row in told[head + 1 :] if len(row) > 7}
    assert excerpt["For us"] == "" and "lists" in excerpt["For all"]
    assert told[1][0].startswith("Rows reduced to title, address and day: 1. ")
    assert "For internal use" not in str(told)


def test_a_spreadsheet_says_the_same_and_its_head_stands_out(signed_in: Browser, brought: Callable[..., Item]) -> None:
    brought("acled", "Forbidden one")
    brought("ucdp-ged", "Credited")
    sheet = openpyxl.load_workbook(io.BytesIO(signed_in("alice").get("/inbox/?format=xlsx").content)).active
    told = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert told[1][0].startswith("Rows left out: 1. ") and told[2][1] == "Title"
    assert sheet.cell(3, 2).font.bold and not sheet.cell(2, 1).font.bold
    assert "Forbidden" not in str(told)


def test_what_one_may_not_see_is_not_counted_among_what_was_left_out(signed_in: Browser, brought: Callable[..., Item]) -> None:
    brought("acled", "Seen", level=1)
    brought("iom-dtm", "Of another desk", level=2, desk="karvania")
    told = str(rows(signed_in("carol").get("/inbox/?format=csv")))
    assert "Rows left out: 1. " in told
    assert "IOM" not in told
    assert "left out" not in str(rows(signed_in("dora").get("/inbox/?format=csv")))


def test_the_bytes_of_what_must_not_be_passed_on_are_not_taken(signed_in: Browser, brought: Callable[..., Item]) -> None:
    closed = brought("kobo", "Form")
    bob = signed_in("bob")
    for place in ("original/", "copy/take/"):
        answer = bob.get(f"/items/{closed.id}/{place}")
        assert answer.status_code == 403, place
        assert "does not let its records leave the office" in answer.content.decode()
        assert WORDS not in answer.content.decode()
    page = bob.get(f"/items/{closed.id}/").content.decode()
    assert "there is no file to take" in page and "item_original" not in page and "/original/" not in page


def test_the_original_of_what_is_for_the_office_alone_says_so_in_its_name(signed_in: Browser, brought: Callable[..., Item]) -> None:
    bob = signed_in("bob")
    assert "internal-original-" in bob.get(f"/items/{brought('mail', 'Letter').id}/original/")["Content-Disposition"]
    assert "internal" not in bob.get(f"/items/{brought('ucdp-ged', 'Open').id}/original/")["Content-Disposition"]


def test_an_item_says_under_which_terms_it_is_held(signed_in: Browser, brought: Callable[..., Item]) -> None:
    page = signed_in("alice").get(f"/items/{brought('reliefweb', 'Report').id}/").content.decode()
    assert "for the office alone; title, address and day may be passed on" in page
    assert "accessed 2026-11-02" in page.replace("\n", " ")


def test_no_act_takes_bytes_out_that_must_stay(brought: Callable[..., Item], session_of: Callable[..., Any]) -> None:
    from forestall.monitoring.actions import takingout

    closed = brought("iom-dtm", "Round")
    with bound_to(session_of("bob")) as bob, pytest.raises(Refused):
        takingout.take_original(closed.evidence, by=bob)
    with pytest.raises(Refused):
        check_leaves(terms(Redistribution.FORBID))
    check_leaves(terms(Redistribution.INTERNAL_ONLY))


def test_whom_to_credit_is_told_in_the_language_of_the_reader(brought: Callable[..., Item]) -> None:
    credit = credits_of([terms_of_item(brought("ocha-fts", "Money"))])[0]
    with translation.override("fr"):
        assert "Service de surveillance financière" in credit.text(catalogued)
    assert "Financial Tracking Service" in credit.text(catalogued)


def test_a_record_whose_source_is_gone_says_that_its_terms_are_not_known(signed_in: Browser, brought: Callable[..., Item]) -> None:
    item = brought("a-source-that-was", "Old")
    answer = signed_in("bob").get(f"/items/{item.id}/original/").content.decode()
    assert "its terms are not known" in answer and "Content-Type" not in answer
