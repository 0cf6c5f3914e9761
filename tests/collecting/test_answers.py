"""What an answer may tell beside its facts, and the forms in which its rows lie."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting import wire
from forestall.collecting.asking import BadRow, Envelope, TokenGrant, Withdrawn
from forestall.collecting.byhand import of_response
from forestall.collecting.cells import Cells
from forestall.collecting.contract import read_source
from forestall.collecting.published import NamedRow, refused_in_words, rows_of, sheets_of, unpack
from forestall.collecting.received import Received
from forestall.collecting.responses import Response

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DEFINITION = """
id = "x"
title = "X"
publisher = "X"
licence = "X"
redistribution = "allow"
default_level = 0
cadence_minutes = 1
max_content_age_days = 1
reads = []
runbook = "X"
[bounds]
[asks]
hosts = ["x.example"]
credentials = ["username"]
[asks.token]
url = "https://x.example/token"
"""


def table(text: str) -> list[NamedRow | BadRow]:
    return list(rows_of(Received("t.csv", text.encode(), NOW)))


def test_what_was_taken_back_and_what_must_be_known_of_an_answer_come_out_of_the_limited_child():
    told = Response(
        withdrawn=(Withdrawn("a", NOW), Withdrawn("b")),
        envelope=Envelope(notice=say("It ends at %(day)s.", day="May")),
    )
    stream = io.BytesIO()
    wire.send(stream, told)
    stream.seek(0)
    found = wire.receive(stream, Response, most=10_000)

    assert found == told
    plain = of_response(found, received=Received("x", b"", NOW))
    assert (plain["records"], plain["withdrawn"], plain["notice"]) == (2, 2, "It ends at May.")
    assert plain["first"] == {"external_id": "a", "at": NOW.isoformat()}


def test_a_definition_tells_how_credentials_become_a_token(tmp_path: Path):
    path = tmp_path / "source.toml"
    path.write_text(DEFINITION + 'form = { username = "{username}" }\nseconds = 60\n')

    asks = read_source(path, module="x").asks
    assert asks and asks.token == TokenGrant("https://x.example/token", {"username": "{username}"}, 60)


@pytest.mark.parametrize("rest", ["", 'form = {}\nseconds = 60\nsecret = "x"\n'])
def test_a_token_that_is_not_told_in_full_or_in_too_much_is_refused(tmp_path: Path, rest: str):
    path = tmp_path / "source.toml"
    path.write_text(DEFINITION + rest)

    with pytest.raises(Malformed):
        read_source(path, module="x")


@pytest.mark.parametrize("tags", ["#country,geo+lat,#event,#date", "#country,#geo+lat,,#date"])
def test_a_row_of_tags_is_none_though_a_few_lack_their_sign(tags: str):
    assert [row.cells["a"] for row in table(f"a,b,c,d\n{tags}\nSudan,1,2,2026\n")] == ["Sudan"]


@pytest.mark.parametrize("row", ["#1,camp,x,y", "#camp,12 people,x,#2"])
def test_a_row_that_only_has_a_sign_in_it_is_no_row_of_tags(row: str):
    assert len(table(f"a,b,c,d\n{row}\n")) == 1


def test_a_column_is_found_by_its_letters_and_a_bad_cell_is_named_as_it_was_asked_for():
    cells = Cells(NamedRow(1, {"Admin2 Pcode": "SD1", "eventDate": "x"}))

    assert cells.text("admin2_pcode") == ""
    assert cells.loosely().text("admin2_pcode") == "SD1"
    with pytest.raises(ValueError, match="event_date"):
        cells.loosely().day("event_date")


def test_every_shown_sheet_is_read_and_its_rows_say_where_they_stand():
    book = openpyxl.Workbook()
    for name in ("One", "Two", "Hidden"):
        sheet = book.create_sheet(name)
        sheet.append(["a"])
        sheet.append([1])
    book["Hidden"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)

    sheets = {name: list(rows) for name, rows in sheets_of(unpack(Received("b.xlsx", out.getvalue(), NOW)))}
    assert list(sheets) == ["One", "Two"]
    assert sheets["Two"][0].place == "Two, row 2"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"errors": [{"title": "No key."}]}, "No key."),
        ({"error": {"message": "Wait."}}, "Wait."),
        ({"rows": 3}, "no “data”"),
    ],
)
def test_a_refusal_is_quoted_wherever_its_words_lie(value: object, said: str):
    assert said in str(refused_in_words(value, wanted="data"))
