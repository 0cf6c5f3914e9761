"""XML that asks for nothing: no document type, no entities, no towers, no other document."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.entities import html5
from typing import TYPE_CHECKING

from forestall.base.errors import Malformed
from forestall.base.words import say

from ..encodings import decode
from ..flags import Flag, FlagCode
from ..hostile import Hostile
from ..limits import LIMITS, Limits

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

_DECLARATION = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_PROLOG = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
_REFERENCE = re.compile(r"<!\[CDATA\[.*?\]\]>|&(?P<name>[A-Za-z][A-Za-z0-9]{1,31});", re.DOTALL)
_BUILT_IN = frozenset({"amp", "lt", "gt", "quot", "apos"})


@dataclass(frozen=True)
class Parsed:
    """A tree, the text it was read from (UTF-8, without its declaration), and what had to be assumed."""

    root: Element
    text: str
    flags: tuple[Flag, ...] = ()


def declared_encoding(content: bytes) -> str:
    """What the XML declaration says, or nothing."""
    found = _DECLARATION.match(content[:300])
    return found[1].decode("ascii") if found else ""


def parse(content: bytes, *, limits: Limits = LIMITS) -> Parsed:
    """The tree of `content`. Raises `Hostile` on a document type, entities or towers, `Malformed` when not XML."""
    decoded = decode(content, declared=declared_encoding(content))
    text = _PROLOG.sub("", decoded.text, count=1).lstrip("\ufeff \t\r\n")
    try:
        return Parsed(_tree(text, limits), text, decoded.flags)
    except UndefinedEntity:
        text, named = _with_characters(text)
        return Parsed(_tree(text, limits), text, (*decoded.flags, named))


class UndefinedEntity(Malformed):
    """The XML uses a name of a character that it does not define. Many feeds do, with HTML's names."""


def _with_characters(text: str) -> tuple[str, Flag]:
    """Names of characters that HTML knows and XML does not (`&nbsp;`) become the characters, and that is said."""
    names: set[str] = set()

    def character(found: re.Match[str]) -> str:
        name = found["name"]
        if not name or name in _BUILT_IN or name + ";" not in html5:
            return found[0]
        names.add(name)
        return html5[name + ";"]

    replaced = _REFERENCE.sub(character, text)
    return replaced, Flag(FlagCode.ENTITIES_READ, ", ".join(sorted(names)[:10]))


def check(content: bytes, *, limits: Limits = LIMITS) -> None:
    """Refuse `content` as `parse` would, without building a tree: for large parts that another library reads."""
    from defusedxml.ElementTree import DefusedXMLParser

    decoded = decode(content, declared=declared_encoding(content))
    text = _PROLOG.sub("", decoded.text, count=1).lstrip("\ufeff \t\r\n")
    with _refusals():
        parser = DefusedXMLParser(target=_Depth(limits.markup_depth), forbid_dtd=True)
        parser.feed(text)
        parser.close()


class _Depth:
    """A target that only counts how deep the elements lie."""

    def __init__(self, limit: int) -> None:
        self._limit, self._depth = limit, 0

    def start(self, tag: str, attributes: object) -> None:
        self._depth += 1
        if self._depth > self._limit:
            raise Hostile(say("The XML is nested deeper than %(limit)s levels.", limit=self._limit))

    def end(self, tag: str) -> None:
        self._depth -= 1

    def close(self) -> None:
        """Nothing was built."""


def _tree(text: str, limits: Limits) -> Element:
    from defusedxml.ElementTree import iterparse

    root: Element | None = None
    depth = 0
    with _refusals():
        for event, element in iterparse(io.BytesIO(text.encode()), events=("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            if depth > limits.markup_depth:
                raise Hostile(
                    say("The XML is nested deeper than %(limit)s levels.", limit=limits.markup_depth)
                )
    if root is None:
        raise Malformed(say("The XML is empty."))
    return root


@contextmanager
def _refusals() -> Iterator[None]:
    """What the parsers raise, as refusals with a sentence."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError

    try:
        yield
    except DefusedXmlException as error:
        raise Hostile(
            say("The XML defines a document type or entities, which can be a trap. Ask for it without them.")
        ) from error
    except (ParseError, ValueError) as error:
        refusal = UndefinedEntity if "undefined entity" in str(error) else Malformed
        raise refusal(
            say("The XML is broken: %(error)s. Ask for it again.", error=str(error)[:120])
        ) from error


def local_name(element: Element) -> str:
    """The tag without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower()
