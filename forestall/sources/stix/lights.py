"""How far an object may go, by its markings: TLP 2.0 (FIRST, 2022), the TLP of before, and PAP (MISP).

The strictest of all that holds for an object decides: what it bears itself, also on a part of it, what its labels say, and
what a report or a grouping that names it bears. A marking that is not known here counts as confidential.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MARKING = "marking-definition"
_BY_NAME = {"white": 0, "clear": 0, "green": 1, "amber": 2, "amber+strict": 2, "red": 3}
_RULES = ("", "", "internal-only", "forbid")
_STANDARD = {
    "613f2e26-407d-48c7-9eca-b8e91df99dc9": "TLP:WHITE", "34098fce-860f-48ae-8e50-ebd3cc5e41da": "TLP:GREEN",
    "f88d31f6-486f-44da-b317-01333bde0b82": "TLP:AMBER", "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "TLP:RED",
    "94868c89-83c2-464b-929b-a1a8aa3c8487": "TLP:CLEAR", "bab4a63c-aed9-4cf5-a766-dfca5abac2bb": "TLP:GREEN",
    "55d920b0-5e8b-4f79-9ee9-91f868d9b421": "TLP:AMBER", "939a9414-2ddd-4d32-a0cd-375ea402b003": "TLP:AMBER+STRICT",
    "e828b379-4e03-4974-9ac4-e53a884c97c1": "TLP:RED",
}  # fmt: skip
"""Markings that the standard defines once for all; bundles name them without bringing them."""
_NAMED = re.compile(r"\b(TLP|PAP)\s*[:=]\s*\"?(WHITE|CLEAR|GREEN|AMBER\+STRICT|AMBER|RED)\b", re.IGNORECASE)
_UNKNOWN_LEVEL = 2


@dataclass(frozen=True)
class Light:
    """What holds for one object: its markings by name, the level that they ask for, and a rule of its own, if any."""

    names: tuple[str, ...]
    level: int

    @property
    def rule(self) -> str:
        return _RULES[self.level]


class Lights:
    """The markings of a bundle."""

    def __init__(self, objects: Iterable[Mapping[str, Any]]) -> None:
        given = list(objects)
        self._defined = {str(one.get("id")): tuple(_names_in(one)) for one in given if one.get("type") == MARKING}
        self._around: dict[str, list[Mapping[str, Any]]] = {}
        for one in given:
            for name in _list(one, "object_refs"):
                self._around.setdefault(str(name), []).append(one)

    def of(self, one: Mapping[str, Any]) -> Light:
        """What holds for an object of the bundle."""
        bearing = [one, *self._around.get(str(one.get("id")), ())]
        names = tuple(dict.fromkeys(name for each in bearing for name in self._borne(each)))
        return Light(names, max((_level(name) for name in names), default=0))

    def _borne(self, one: Mapping[str, Any]) -> Iterator[str]:
        parts = [part.get("marking_ref") for part in _list(one, "granular_markings") if isinstance(part, dict)]
        for reference in map(str, [*_list(one, "object_marking_refs"), *filter(None, parts)]):
            standard = _STANDARD.get(reference.removeprefix(f"{MARKING}--"))
            yield from (standard,) if standard else self._defined.get(reference, (reference,))
        for label in _list(one, "labels"):
            yield from (_spelled(found) for found in _NAMED.finditer(str(label)))


def _names_in(marking: Mapping[str, Any]) -> Iterator[str]:
    """The lights that a definition sets; one that only states who holds a right sets none; any other is its own id."""
    standard = _STANDARD.get(str(marking.get("id")).removeprefix(f"{MARKING}--"))
    definition = marking.get("definition")
    told = " ".join([f"{name}:{value}" for name, value in definition.items()] if isinstance(definition, dict) else [])
    extensions = " ".join(f"TLP:{one.get('tlp_2_0')}" for one in _extensions(marking))
    found = [standard] if standard else [_spelled(one) for one in _NAMED.finditer(f"{told} {extensions} {marking.get('name', '')}")]
    if found or marking.get("definition_type") != "statement":
        yield from found or [str(marking.get("id"))]


def _extensions(marking: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    given = marking.get("extensions")
    return [one for one in given.values() if isinstance(one, dict) and one.get("tlp_2_0")] if isinstance(given, dict) else []


def _spelled(found: re.Match[str]) -> str:
    return f"{found[1]}:{found[2]}".upper()


def _level(name: str) -> int:
    return _BY_NAME.get(name.partition(":")[2].casefold(), _UNKNOWN_LEVEL)


def _list(one: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = one.get(name)
    return value if isinstance(value, list) else ()
