"""Putting back into a page's form what its reader had typed into it. Pure: text in, text out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from itertools import accumulate

Attributes = Sequence[tuple[str, str | None]]
Edit = tuple[int, int, str]

KEY = "draft"
"""Name of the hidden input by which a form says which it is."""

LEFT_ALONE = frozenset({"hidden", "password", "file", "submit", "button", "image", "reset"})
"""Kinds of input that are never refilled: what the page says, what is secret, what acts."""


@dataclass(frozen=True)
class Typed:
    """What had been typed into one form: the texts by field in the order of the form, and HTML to set at its end."""

    fields: Mapping[str, Sequence[str]]
    notice: str = ""


def refilled(page: str, typed: Mapping[str, Typed]) -> str:
    """`page` with what was typed standing again in its forms, and every fold opened that hides such a form.

    A form says which it is by a hidden input named `draft`, before its fields; `typed` goes by that key. Everything
    else comes back as it was.
    """
    reader = _Reader(page, typed=typed)
    reader.feed(page)
    reader.close()
    return _edited(page, reader.edits)


def _edited(page: str, edits: Sequence[Edit]) -> str:
    parts, at = [], 0
    for start, end, text in sorted(edits):
        parts += [page[at:start], text]
        at = end
    return "".join([*parts, page[at:]])


class _Reader(HTMLParser):
    """Walks a page and notes what to change: where a tag or a text begins and ends, and what stands there instead."""

    def __init__(self, page: str, *, typed: Mapping[str, Typed]) -> None:
        super().__init__(convert_charrefs=False)
        self.edits: list[Edit] = []
        self._lines = [0, *accumulate(len(line) + 1 for line in page.split("\n"))]
        self._typed = typed
        self._folds: list[Edit | None] = []
        self._form: Typed | None = None
        self._waiting: dict[str, list[str]] = {}
        self._select = ""
        self._area: tuple[int, str] | None = None

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _retag(self, tag: str, attributes: Attributes) -> None:
        told = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attributes)
        self.edits.append((self._here(), self._after(), f"<{tag}{told}>"))

    def _after(self) -> int:
        return self._here() + len(self.get_starttag_text() or "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "details":
            place = self._here() + len("<details")
            self._folds.append(None if "open" in given else (place, place, " open"))
        elif tag == "input" and given.get("name") == KEY:
            self._begin(given.get("value") or "")
        elif self._form is not None:
            self._field(tag, given, attrs)

    def _begin(self, key: str) -> None:
        self._form = self._typed.get(key)
        if self._form is not None:
            self._waiting = {name: list(values) for name, values in self._form.fields.items()}
            self.edits += [fold for fold in self._folds if fold is not None and fold not in self.edits]

    def _field(self, tag: str, given: Mapping[str, str | None], attributes: Attributes) -> None:
        name, kind = given.get("name") or "", given.get("type") or "text"
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select in self._waiting:
            self._choose(tag, attributes, value=given.get("value") or "", name=self._select, mark="selected")
        elif tag == "input" and kind in ("radio", "checkbox"):
            self._choose(tag, attributes, value=given.get("value") or "on", name=name, mark="checked")
        elif self._waiting.get(name) and tag == "input" and kind not in LEFT_ALONE:
            others = [pair for pair in attributes if pair[0] != "value"]
            self._retag(tag, [*others, ("value", self._waiting[name].pop(0))])
        elif self._waiting.get(name) and tag == "textarea":
            self._area = (self._after(), self._waiting[name].pop(0))

    def _choose(self, tag: str, attributes: Attributes, *, value: str, name: str, mark: str) -> None:
        chosen = value in self._waiting.get(name, ())
        others = [pair for pair in attributes if pair[0] != mark]
        self._retag(tag, [*others, (mark, None)] if chosen else others)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            start, text = self._area
            self.edits.append((start, self._here(), f"\n{escape(text, quote=False)}"))
            self._area = None
        elif tag == "select":
            self._select = ""
        elif tag == "details" and self._folds:
            self._folds.pop()
        elif tag == "form" and self._form is not None:
            self.edits.append((self._here(), self._here(), self._form.notice))
            self._form = None
