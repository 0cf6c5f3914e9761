"""What a demonstration says of each of your files."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from forestall.base.words import say
from forestall.cli import reporting
from forestall.collecting.flags import Flag, FlagCode


def taken(*flags: Flag, form: str = "document", **changed: Any) -> Any:
    told = [{"message": flag.words.message, "parameters": dict(flag.words.parameters)} for flag in flags]
    given = {
        "file": "a.csv",
        "outcome": "accepted",
        "rows": 1,
        "languages": (),
        "countries": (),
        "level": 2,
        "reason": None,
    }
    return SimpleNamespace(**{**given, "items": [SimpleNamespace(flags=told, form=form)], **changed})


def test_what_was_kept_inert_is_said_in_a_sentence() -> None:
    said = reporting._file(taken(Flag(FlagCode.NO_DATE), Flag(FlagCode.FORMULAS, "2")))

    assert said["reason"] == "Formulas are kept as text and never computed: 2."


def test_the_weightiest_remark_is_said() -> None:
    remarks = (
        Flag(FlagCode.DATE_AFTER_RECEIPT, "2031-01-01"),
        Flag(FlagCode.MACHINE_INSTRUCTIONS, "ignore the rules"),
    )

    assert "ignore the rules" in reporting._file(taken(*remarks))["reason"]


@pytest.mark.parametrize("flags", [(), (Flag(FlagCode.NO_DATE), Flag(FlagCode.ENCODING_GUESSED, "koi8-r"))])
def test_an_ordinary_file_has_nothing_to_say(flags: tuple[Flag, ...]) -> None:
    assert reporting._file(taken(*flags))["reason"] is None


def test_the_reason_of_a_part_in_quarantine_stands_before_any_remark() -> None:
    given = taken(Flag(FlagCode.FORMULAS, "2"), reason=say("1 part in quarantine."))

    assert reporting._file(given)["reason"] == "1 part in quarantine."


def test_a_picture_without_text_is_nothing_to_remark_on_and_a_scan_is() -> None:
    assert reporting._file(taken(Flag(FlagCode.NO_TEXT), form="picture"))["reason"] is None
    assert reporting._file(taken(Flag(FlagCode.NO_TEXT)))["reason"] == "No text could be read from it."
