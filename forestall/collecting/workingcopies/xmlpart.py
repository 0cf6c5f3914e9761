"""Parts of Office files as trees that keep their prefixes, which Office insists on; and cutting in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..formats import safexml

Element = Any
"""An element of lxml, which has no types."""


def parse(content: bytes) -> Element:
    """The tree of a part. The guarded reader goes first: what it refuses is never given to the other."""
    from lxml import etree  # noqa: TID251 - reads only what the guarded reader has passed

    text = safexml.parse(content).text
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(text.encode(), parser)


def spell(root: Element) -> bytes:
    """The bytes of a tree, the same for the same tree."""
    from lxml import etree  # noqa: TID251 - writes only

    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def name(element: Element) -> str:
    """The tag without its namespace."""
    return str(element.tag).rpartition("}")[2]


def drop(element: Element) -> None:
    """Take an element out with all that is in it; the text after it stays."""
    _put_text(element, element.tail or "")
    parent = element.getparent()
    if parent is not None:
        element.tail = None
        parent.remove(element)


def unwrap(element: Element) -> None:
    """Take an element away and leave what is in it."""
    parent = element.getparent()
    if parent is None:
        return
    _put_text(element, element.text or "")
    children, tail = list(element), element.tail or ""
    place = parent.index(element)
    element.tail = None
    parent.remove(element)
    for offset, child in enumerate(children):
        parent.insert(place + offset, child)
    if tail and children:
        children[-1].tail = (children[-1].tail or "") + tail
    elif tail:
        before = parent[place - 1] if place else None
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail


def _put_text(element: Element, text: str) -> None:
    """Text where an element stood, or stands: after its elder, or at the beginning of its parent."""
    before, parent = element.getprevious(), element.getparent()
    if not text or parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def each(root: Element, wanted: Iterable[str] | Callable[[str], bool]) -> list[Element]:
    """Every element below `root` (and itself) with one of these names, innermost last; those still in the tree."""
    asked = wanted if callable(wanted) else frozenset(wanted).__contains__
    return [one for one in root.iter() if isinstance(one.tag, str) and asked(name(one))]


def value(element: Element, attribute: str) -> str:
    """An attribute by its name without its namespace; empty when it is not there."""
    return next((str(found) for key, found in element.attrib.items() if key.rpartition("}")[2] == attribute), "")
