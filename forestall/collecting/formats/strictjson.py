"""JSON as the standard has it: no NaN, no key twice, no half characters, no towers."""

from __future__ import annotations

import json
import math
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say

from ..hostile import Hostile
from ..limits import LIMITS, Limits


def _no_constant(name: str) -> Any:
    raise Malformed(say("The JSON holds %(name)s, which is no number.", name=name))


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise Malformed(say("The JSON holds a number too large to keep: %(text)s.", text=text[:40]))
    return value


def _int(text: str) -> int:
    if len(text) > LIMITS.json_digits:
        raise Malformed(say("The JSON holds a number of %(digits)s digits.", digits=len(text)))
    return int(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Malformed(say("The JSON gives the key “%(key)s” twice.", key=key[:80]))
        found[key] = value
    return found


def _check_depth(text: str, limit: int) -> None:
    """Counts brackets outside strings, so that no parser ever sees a tower."""
    depth, quoted, escaped = 0, False, False
    for sign in text:
        if quoted:
            if escaped:
                escaped = False
            elif sign == "\\":
                escaped = True
            elif sign == '"':
                quoted = False
        elif sign == '"':
            quoted = True
        elif sign in "[{":
            depth += 1
            if depth > limit:
                raise Hostile(say("The JSON is nested deeper than %(limit)s levels.", limit=limit))
        elif sign in "]}":
            depth -= 1


def load(text: str, *, limits: Limits = LIMITS) -> Any:
    """The value of the JSON `text`. Raises `Malformed` (and `Hostile` on towers) with a sentence."""
    _check_depth(text, limits.markup_depth)
    try:
        value = json.loads(
            text, parse_constant=_no_constant, parse_float=_float, parse_int=_int, object_pairs_hook=_once
        )
    except json.JSONDecodeError as error:
        raise Malformed(
            say("This is not JSON: line %(line)s, column %(column)s.", line=error.lineno, column=error.colno)
        ) from error
    _check_characters(value)
    return value


def _check_characters(value: Any) -> None:
    try:
        spelled = json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise Malformed(say("The JSON holds half a character (a lone surrogate).")) from error
    if b"\\u0000" in spelled:
        raise Malformed(say("The JSON holds a NUL character."))
