"""A MARC 21 record: its control fields and its data fields with their subfields, in order and word for word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forestall.base.canonical import canonical_json
from forestall.collecting.formats.safexml import local_name

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's


@dataclass(frozen=True)
class Field:
    """A data field: its tag, its two indicators, and its subfields as (code, text)."""

    tag: str
    indicators: tuple[str, str]
    subfields: tuple[tuple[str, str], ...]

    def first(self, code: str) -> str:
        """The first subfield with this code, without spaces around it; empty when there is none."""
        return next((text.strip() for name, text in self.subfields if name == code), "")


@dataclass(frozen=True)
class Marc:
    """One record. `leader` is empty where the library gives it as control field 000."""

    leader: str
    controls: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]

    @classmethod
    def of(cls, element: Element) -> Marc:
        """The record that a `record` element holds."""
        children = [(local_name(child), child) for child in element]
        return cls(
            leader=next((child.text or "" for name, child in children if name == "leader"), ""),
            controls=tuple(
                (child.get("tag", ""), child.text or "") for name, child in children if name == "controlfield"
            ),
            fields=tuple(_field(child) for name, child in children if name == "datafield"),
        )

    def control(self, tag: str) -> str:
        """The first control field with this tag."""
        return next((text.strip() for name, text in self.controls if name == tag), "")

    def tagged(self, *tags: str) -> list[Field]:
        """The data fields with one of these tags, in their order."""
        return [field for field in self.fields if field.tag in tags]

    def texts(self, tag: str, code: str = "a") -> list[str]:
        """What stands in one subfield of every field with this tag, where there is something."""
        return [text for field in self.tagged(tag) if (text := field.first(code))]

    def canonical(self) -> str:
        """The whole record as JSON: leader, control fields, and every data field with indicators and subfields."""
        fields = [
            [field.tag, *field.indicators, [list(pair) for pair in field.subfields]] for field in self.fields
        ]
        return canonical_json(
            {"leader": self.leader, "control": [list(pair) for pair in self.controls], "data": fields}
        )


def _field(element: Element) -> Field:
    subfields = [
        (child.get("code", ""), child.text or "") for child in element if local_name(child) == "subfield"
    ]
    return Field(element.get("tag", ""), (element.get("ind1", ""), element.get("ind2", "")), tuple(subfields))
