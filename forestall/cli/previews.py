"""A preview in plain text and as JSON: what would come of reading something again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forestall.monitoring.previewing import Change, Preview

COUNTS = ("new", "changed", "unchanged", "gone", "withheld", "older", "bad")


def as_json(preview: Preview) -> dict[str, Any]:
    """Counts, the first differences field by field, and the first rows that cannot be read."""
    return {
        **{name: getattr(preview, name) for name in COUNTS},
        "answers": preview.answers,
        "refused": preview.refusal.text() if preview.refusal else "",
        "known": preview.known.text() if preview.known else "",
        "hidden": preview.hidden,
        "changing": [_change(one) for one in preview.changing],
        "arriving": [_change(one) for one in preview.arriving],
        "going": [_change(one) for one in preview.going],
        "first_bad": [{"where": one.place, "reason": one.reason.text()} for one in preview.first_bad],
    }


def _change(one: Change) -> dict[str, Any]:
    parts = [{"field": part.name, "held": part.held, "read": part.read} for part in one.parts]
    return {"kind": one.kind, "key": one.key, "title": one.title, "fields": parts}


def in_words(preview: Preview) -> str:
    """The same for a person; nothing is stored by it, and the last line says so."""
    if preview.hidden:
        return "What would come of it is more sensitive than you may see. Nothing was stored.\n"
    said = preview.refusal or preview.known
    lines = [said.text()] if said else [", ".join(f"{getattr(preview, name)} {name}" for name in COUNTS) + "."]
    for sign, changes in (("~", preview.changing), ("+", preview.arriving), ("-", preview.going)):
        for one in changes:
            lines.append(f"{sign} {one.kind} {one.key}  {one.title}".rstrip())
            lines += [f"    {part.name}: {part.held or '(nothing)'} -> {part.read or '(nothing)'}" for part in one.parts]
    lines += [f"! {one.place}: {one.reason.text()}" for one in preview.first_bad]
    return "\n".join([*lines, "Nothing was stored."]) + "\n"
