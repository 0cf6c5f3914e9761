"""A form's definition as Central gives it (XForm): the labels of its questions and choices, the English ones if any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.fieldreports.definition import Definition
from forestall.collecting.formats import safexml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

_ASKS = frozenset({"input", "select", "select1", "upload", "rank", "range", "trigger"})
_TEXT_OF = re.compile(r"jr:itext\('([^']+)'\)")
_INSTANCE_OF = re.compile(r"instance\('([^']+)'\)")


def definition_of(content: bytes) -> Definition:
    """The questions by path, without the form's own root. Raises `Malformed` when it is no form."""
    root = safexml.parse(content).root
    if _plain(root.tag) != "html" or not any(_plain(one.tag) == "model" for one in root.iter()):
        raise Malformed(say("A form (XForm) or submissions were expected; what came is other XML."))
    texts, lists = _texts(root), _lists(root)
    asked = {_path(one): one for one in root.iter() if _plain(one.tag) in _ASKS and one.get("ref")}
    return Definition(
        title=next(
            ("".join(one.itertext()).strip() for one in root.iter() if _plain(one.tag) == "title"), ""
        ),
        version=_version(root),
        labels={path: label for path, one in asked.items() if (label := _label(one, texts))},
        choices={path: found for path, one in asked.items() if (found := dict(_choices(one, texts, lists)))},
        types={
            _stroke(one.get("nodeset", "")): one.get("type", "")
            for one in root.iter()
            if _plain(one.tag) == "bind"
        },
    )


def _plain(tag: object) -> str:
    return str(tag).rsplit("}", 1)[-1]


def _stroke(reference: str) -> str:
    """A reference without the form's own root: `/data/incident/type` is `incident/type`."""
    return "/".join(reference.strip("/").split("/")[1:])


def _path(element: Element) -> str:
    return _stroke(element.get("ref", ""))


def _version(root: Element) -> str:
    """The version that stands on the first node of the main instance."""
    main = next((one for one in root.iter() if _plain(one.tag) == "instance"), None)
    first = next(iter(main), None) if main is not None else None
    return first.get("version", "") if first is not None else ""


def _child(element: Element, tag: str) -> Element | None:
    return next((one for one in element if _plain(one.tag) == tag), None)


def _said(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _texts(root: Element) -> Mapping[str, str]:
    """Translated texts by their ids, in English where the form has it, else in the form's first language."""
    languages = [one for one in root.iter() if _plain(one.tag) == "translation"]
    chosen = next(
        (
            one
            for one in languages
            if re.match(r"english|.*\(en\)|en$|default", one.get("lang", ""), re.IGNORECASE)
        ),
        None,
    )
    found = chosen if chosen is not None else next(iter(languages), None)
    if found is None:
        return {}
    return {text.get("id", ""): _said(_child(text, "value")) for text in found}


def _lists(root: Element) -> Mapping[str, Element]:
    return {one.get("id", ""): one for one in root.iter() if _plain(one.tag) == "instance" and one.get("id")}


def _label(element: Element, texts: Mapping[str, str]) -> str:
    label = _child(element, "label")
    named = _TEXT_OF.search(label.get("ref", "")) if label is not None else None
    return texts.get(named[1], "") if named else _said(label)


def _choices(
    element: Element, texts: Mapping[str, str], lists: Mapping[str, Element]
) -> Iterator[tuple[str, str]]:
    """The choices that stand in the question, and those of the list that it points to."""
    for item in element:
        if _plain(item.tag) == "item":
            yield _said(_child(item, "value")), _label(item, texts)
        elif _plain(item.tag) == "itemset" and (named := _INSTANCE_OF.match(item.get("nodeset", ""))):
            listed = lists.get(named[1])
            yield from _of_list(listed, texts) if listed is not None else ()


def _of_list(listed: Element, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for item in listed.iter():
        if _plain(item.tag) == "item":
            label = _said(_child(item, "label")) or texts.get(_said(_child(item, "itextId")), "")
            yield _said(_child(item, "name")), label
