"""A form's definition as KPI gives it (`/assets/UID/`): the labels of its questions and choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forestall.collecting.cells import as_text
from forestall.collecting.fieldreports.definition import Definition

_OPENS = ("begin_group", "begin group", "begin_repeat", "begin repeat")
_CLOSES = ("end_group", "end group", "end_repeat", "end repeat")


def is_asset(value: object) -> bool:
    """Whether an answer is one form's definition."""
    return isinstance(value, dict) and "asset_type" in value and isinstance(value.get("content"), dict)


def definition_of(asset: Mapping[str, Any]) -> Definition:
    """The form's questions by path. Labels are the English ones where there are any, else the first."""
    content = asset["content"]
    chosen = _language(content.get("translations"))
    lists = _choices(content, chosen)
    questions = list(_questions(content.get("survey") or ()))
    return Definition(
        title=as_text(asset.get("name")),
        version=as_text(asset.get("version_id") or asset.get("deployed_version_id")),
        labels={path: text for path, row in questions if (text := _label(row, chosen))},
        choices={path: lists[name] for path, row in questions if (name := _list_of(row)) in lists},
        types={path: as_text(row.get("type")).split(" ")[0] for path, row in questions},
    )


def _language(translations: object) -> int:
    names = [as_text(one).casefold() for one in translations] if isinstance(translations, list) else []
    return next(
        (place for place, name in enumerate(names) if name.startswith("english") or "(en)" in name), 0
    )


def _label(row: Mapping[str, Any], chosen: int) -> str:
    found = row.get("label")
    if isinstance(found, list):
        return as_text(
            found[chosen] if chosen < len(found) and found[chosen] else next(filter(None, found), "")
        )
    return as_text(found)


def _name(row: Mapping[str, Any]) -> str:
    return as_text(row.get("name") or row.get("$autoname") or row.get("$autovalue"))


def _list_of(row: Mapping[str, Any]) -> str:
    kind, _, inside = as_text(row.get("type")).partition(" ")
    return as_text(row.get("select_from_list_name")) or (inside if kind.startswith("select_") else "")


def _choices(content: Mapping[str, Any], chosen: int) -> dict[str, dict[str, str]]:
    lists: dict[str, dict[str, str]] = {}
    for row in content.get("choices") or ():
        if isinstance(row, dict) and (label := _label(row, chosen)):
            lists.setdefault(as_text(row.get("list_name")), {})[_name(row)] = label
    return lists


def _questions(survey: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    groups: list[str] = []
    for row in survey:
        kind = as_text(row.get("type")) if isinstance(row, dict) else ""
        if kind in _CLOSES:
            groups = groups[:-1]
        elif kind in _OPENS:
            groups.append(_name(row))
        elif kind and _name(row):
            yield as_text(row.get("$xpath")) or "/".join([*groups, _name(row)]), row
