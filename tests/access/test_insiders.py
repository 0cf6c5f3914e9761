"""Accounts, revocation and what an insider might try."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from forestall.access import actions
from forestall.access import queries as directory
from forestall.access.labelling import hold_closer
from forestall.access.session import Assurance, bound_to, for_person
from forestall.base import clock
from forestall.base.errors import Refused
from forestall.labels.label import Level
from forestall.monitoring import queries
from forestall.workspace.exporting import OURS, inert, table_file

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


def named_addresses() -> list[str]:
    found = []
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            try:
                found.append(reverse(pattern.name))
            except NoReverseMatch:
                continue
    return sorted(set(found))


def test_V17_no_page_may_be_kept_by_a_cache(signed_in: Callable[[str], Client]) -> None:
    alice = signed_in("alice")

    for address in ("/", reverse("inbox"), reverse("states"), "/nothing-here/"):
        assert alice.get(address).headers["Cache-Control"] == "no-store, private"


def test_V25_a_right_taken_away_is_gone_at_the_next_request(
    make_item: Callable[..., Any], people: SimpleNamespace, signed_in: Callable[[str], Client], keeper: Any
) -> None:
    item = make_item("A village", level=2)
    ivo = signed_in("ivo")
    assert ivo.get(reverse("item", args=[item.id])).status_code == 200

    actions.recuse(people.ivo, compartment="desk:karvania", by=keeper)
    assert ivo.get(reverse("item", args=[item.id])).status_code == 404
    actions.set_active(people.ivo, active=False, by=keeper)
    assert ivo.get(reverse("inbox")).status_code == 302


def test_V27_somebody_let_into_a_compartment_sees_what_was_there_before(
    make_item: Callable[..., Any], people: SimpleNamespace, session_of: Callable[..., Any], keeper: Any
) -> None:
    item = make_item("A village", level=2)
    with bound_to(session_of("carol")):
        assert queries.item(item.id) is None
    actions.grant_compartments(people.carol, compartments=frozenset({"desk:karvania"}), by=keeper)
    with bound_to(for_person(people.carol, assurance=Assurance.WEBAUTHN)):
        assert queries.item(item.id) is not None


def test_V29_a_label_is_never_lowered_by_one_person(
    make_item: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    item = make_item("A village", level=2)
    alice = session_of("alice")
    with bound_to(alice):
        for level, compartments in ((Level.INTERNAL, item.label.compartments), (Level.CONFIDENTIAL, frozenset[str]())):
            with pytest.raises(Refused):
                hold_closer(item, label=replace(item.label, level=level, compartments=compartments), by=alice)


@pytest.mark.parametrize("address", ["/admin/", "/metrics", "/health", "/api/", "/api/schema", "/debug/", "/static/../settings.py"])
def test_V31_there_are_no_side_doors(address: str, signed_in: Callable[[str], Client]) -> None:
    assert signed_in("dan").get(address).status_code == 404
    assert Client().get(address).status_code == 404


def test_A01_a_wrong_password_and_an_unknown_name_are_told_alike(people: SimpleNamespace) -> None:
    answers = [
        Client().post(reverse("account_login"), {"login": name, "password": "not the password at all"})
        for name in ("alice", "nobody-of-this-name")
    ]

    bodies = [TOKEN.sub(b"", answer.content).replace(b"nobody-of-this-name", b"alice") for answer in answers]
    assert answers[0].status_code == answers[1].status_code == 200
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("assurance", [Assurance.PASSWORD, Assurance.TOTP])
def test_how_one_signed_in_bounds_what_one_sees(
    assurance: Assurance, people: SimpleNamespace, make_item: Callable[..., Any]
) -> None:
    strict, internal = make_item("Strict", level=3), make_item("Notice", level=1)
    with bound_to(for_person(people.alice, assurance=assurance)):
        assert queries.item(strict.id) is None
        assert queries.item(internal.id) is not None


def test_A06_a_form_without_its_token_is_refused_everywhere(people: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.dan, backend="allauth.account.auth_backends.AuthenticationBackend")

    for address in named_addresses():
        assert client.post(address, {}).status_code == 403, address


def test_A09_a_forged_host_is_refused(people: SimpleNamespace) -> None:
    assert Client(HTTP_HOST="evil.example").get(reverse("account_login")).status_code == 400


def test_A13_nobody_grants_who_may_not_keep_people(people: SimpleNamespace, session_of: Callable[..., Any]) -> None:
    for name in ("alice", "dan", "dora", "rita"):
        with pytest.raises(Refused):
            actions.grant_compartments(people.alice, compartments=frozenset({"SRC"}), by=session_of(name))


def test_A14_recusal_leaves_no_trace(
    make_item: Callable[..., Any], people: SimpleNamespace, signed_in: Callable[[str], Client], keeper: Any
) -> None:
    alice = signed_in("alice")
    empty = TOKEN.sub(b"", alice.get(reverse("inbox")).content)
    actions.recuse(people.alice, compartment="desk:karvania", by=keeper)
    make_item("A village", level=2)

    assert TOKEN.sub(b"", alice.get(reverse("inbox")).content) == empty


def test_A12_an_administrator_sees_no_content_by_that_role(
    make_item: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    make_item("A village", level=2)
    with bound_to(session_of("ada")):
        assert queries.inbox() == []


def test_an_invitation_works_once_and_for_a_while(people: SimpleNamespace) -> None:
    token = actions.make_link(purpose="invitation", minutes=60, person=people.dora)

    assert actions.use_link(token, purpose="exercise") is None
    assert actions.use_link(token, purpose="invitation") is not None
    assert actions.use_link(token, purpose="invitation") is None
    late = actions.make_link(purpose="invitation", minutes=60, person=people.dora)
    with clock.fixed(clock.now() + timedelta(hours=2)):
        assert actions.use_link(late, purpose="invitation") is None


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", "  =1", '"=1', "\ufeff=1"]
)
def test_X01_no_text_can_act_as_a_formula(cell: str) -> None:
    assert str(inert(cell)).startswith("'")


def test_X01_numbers_and_plain_words_stay_as_they_are() -> None:
    assert [inert(value) for value in (-3, 2.5, "Wells", "a=b")] == [-3, 2.5, "Wells", "a=b"]


ROWS = [["a,b", 'say "so"', "two\nlines"], ["=HYPERLINK(1)", "x;y", "é نص 文"]]


@pytest.fixture
def exported(session_of: Callable[..., Any]) -> Callable[[str], Any]:
    """`exported("csv")`: the rows above as Alice takes them out."""

    def taken(kind: str) -> Any:
        request, alice = RequestFactory().get("/", {"format": kind}), session_of("alice")
        with bound_to(alice):
            return table_file(request, name="table", head=["one", "two", "three"], rows=ROWS, levels=[2], rests=OURS)

    return taken


def test_X02_a_csv_reads_back_as_it_was_written(exported: Callable[[str], Any]) -> None:
    rows = list(csv.reader(io.StringIO(exported("csv").content.decode("utf-8-sig"))))

    assert rows[2] == ROWS[0]
    assert rows[3] == ["'=HYPERLINK(1)", "x;y", "é نص 文"]
    assert "EXERCISE" in rows[0][0]


def test_X03_a_spreadsheet_holds_text_and_neither_formulas_nor_links(exported: Callable[[str], Any]) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(exported("xlsx").content)).active

    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.hyperlink is None for cell in cells)


def test_X05_an_export_says_nothing_of_who_made_it_or_where(exported: Callable[[str], Any]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported("xlsx").content))

    assert book.properties.creator == "Forestall"
    assert book.properties.lastModifiedBy in (None, "Forestall")


def test_X09_a_spreadsheet_hides_no_row_column_or_sheet(exported: Callable[[str], Any]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported("xlsx").content))

    assert [sheet.sheet_state for sheet in book] == ["visible"]
    assert not any(dimension.hidden for dimension in book.active.column_dimensions.values())


def test_acting_in_an_office_lends_what_the_office_does_for_those_days_and_no_more(
    people: SimpleNamespace, keeper: Any, session_of: Callable[..., Any]
) -> None:
    director = next(one for one in directory.offices() if one.key == "director")
    day = clock.today()
    actions.put_in_charge(director, person=people.carol, since=day, until=day, by=keeper)
    assert session_of("carol").may("note.clear_release")
    assert not session_of("carol").may("note.sign")
    with clock.fixed(clock.now() + timedelta(days=1)):
        assert not session_of("carol").may("note.clear_release")


def test_an_alternate_needs_no_role_of_the_office(
    people: SimpleNamespace, keeper: Any, session_of: Callable[..., Any]
) -> None:
    actions.keep_office(key="second_reader", title="Second reader", holder=people.bob, alternate=people.carol, by=keeper)
    assert session_of("carol").may("note.clear_content")
