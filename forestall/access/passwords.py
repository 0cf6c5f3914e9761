"""Which passwords somebody may choose: twelve signs of any kind, none of the common ones, and twelve beside known names.

The common ones are Django's list: the 19,640 most frequent of those that were stolen elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from forestall.base.errors import Refused
from forestall.base.words import say

from . import policies

HOUSE = ("forestall", "genocide", "atrocity", "prevention", "office")
"""Words of this house, which somebody who guesses tries first."""
EASY = say("This password is easy to guess. Choose another.")


def check(password: str, *, about: Iterable[str] = ()) -> None:
    """Raise `Refused` for a password that is too short or easy to guess. `about`: names of the one who chooses it."""
    policies.check_password(password=password)
    if _is_common(password) or len(_beside(password, about)) < policies.SHORTEST:
        raise Refused(EASY)


@cache
def _stolen() -> CommonPasswordValidator:
    """The list, read once for a process: it takes thirty milliseconds."""
    return CommonPasswordValidator()


def _is_common(password: str) -> bool:
    try:
        _stolen().validate(password)
    except ValidationError:
        return True
    return False


def _beside(password: str, about: Iterable[str]) -> str:
    """What is left when the words that are tried first are taken out, and what merely repeats."""
    words = sorted({*HOUSE, *(part.casefold() for name in about for part in name.split())}, key=len, reverse=True)
    rest = password.casefold()
    for word in words:
        if len(word) > 2:
            rest = rest.replace(word, "")
    return re.sub(r"(.)\1{3,}", r"\1", rest)
