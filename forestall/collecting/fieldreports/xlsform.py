"""The form as an XLSForm workbook, for KoboToolbox and ODK Central alike, and its compilation to prove that it holds.

The sheets and columns are those of the XLSForm specification (xlsform.org). Compiling needs no network.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from forestall.base.errors import Malformed
from forestall.base.words import say

from .form import LANGUAGES, Choice, Question, Signs, Text, choices, identifier, questions, title, version

_COLUMNS = (
    "type",
    "name",
    "required",
    "relevant",
    "constraint",
    "appearance",
    "choice_filter",
    "parameters",
    "calculation",
)


@dataclass(frozen=True)
class Compiled:
    """A form as servers and telephones read it (XForm), and what the compiler remarked."""

    xform: str
    warnings: tuple[str, ...] = ()


def workbook(signs: Signs | None = None) -> bytes:
    """The form as XLSX; with a framework's factors and indicators when one is handed in."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    for name, rows in (
        ("survey", _survey(signs)),
        ("choices", _choices(signs)),
        ("settings", _settings(signs)),
    ):
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def _titled(language: str) -> str:
    return f"{LANGUAGES[language]} ({language})"


def _in_every(text: Text) -> list[str]:
    """A text in every language of the form; in English where nobody has written it yet."""
    return [text.get(language) or text.get("en", "") for language in LANGUAGES]


def _survey(signs: Signs | None) -> Iterator[Sequence[str]]:
    yield [
        *_COLUMNS,
        *(f"label::{_titled(one)}" for one in LANGUAGES),
        *(f"hint::{_titled(one)}" for one in LANGUAGES),
    ]
    for one in questions(signs):
        yield [*_cells(one), *_in_every(one.label), *_in_every(one.hint)]


def _cells(question: Question) -> list[str]:
    cells: Mapping[str, str] = {
        name: str(getattr(question, name)) for name in _COLUMNS if name != "required"
    } | {"required": "yes" if question.required else ""}
    return [cells[name] for name in _COLUMNS]


def _choices(signs: Signs | None) -> Iterator[Sequence[str]]:
    yield ["list_name", "name", "factor", *(f"label::{_titled(one)}" for one in LANGUAGES)]
    for name, found in choices(signs).items():
        for one in found:
            yield _choice(name, one)


def _choice(name: str, choice: Choice) -> list[str]:
    return [name, choice.name, choice.factor, *_in_every(choice.label)]


def _settings(signs: Signs | None) -> Iterator[Sequence[str]]:
    yield ["form_title", "form_id", "version", "default_language"]
    edition = f"{version()}-{signs.id}-{signs.version}" if signs else version()
    yield [title()["en"], identifier(), edition, _titled("en")]


def compiled(content: bytes) -> Compiled:
    """The XForm of an XLSForm workbook. Raises `Malformed` with what the compiler found."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    try:
        found = convert(content, validate=False, file_type=".xlsx")
    except PyXFormError as error:
        raise Malformed(say("The form does not compile: %(why)s", why=str(error)[:500])) from error
    return Compiled(found.xform, tuple(found.warnings))
