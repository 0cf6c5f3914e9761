"""Markings of confidentiality in subject, headers and first page. They raise a level and never lower one.

Levels are those of ST/SGB/2007/6 as `access` counts them: 2 confidential, 3 strictly confidential. A code cable
is confidential by its channel; what is more than that says so itself. The bare word in a sentence is no marking.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

FIRST_PAGE = 3_000  # characters
STRICT, CONFIDENTIAL = 3, 2

_STRICT = (
    "strictly confidential", "strictement confidentiel", "strictement confidentielle", "très confidentiel",
    "estrictamente confidencial", "строго конфиденциально", "совершенно секретно", "سري للغاية", "سري جدا",
    "سرية للغاية", "绝密", "絕密", "严格保密", "嚴格保密", "绝对机密", "絕對機密", "高度机密", "高度機密", "top secret",
)  # fmt: skip
_CONFIDENTIAL = (
    "confidential", "confidentiel", "confidentielle", "confidencial", "конфиденциально", "секретно", "سري", "سرية",
    "機密", "机密", "秘密", "保密", "restricted", "secret", "diffusion restreinte", "для служебного пользования",
    "company-confidential", "tlp:red", "tlp:amber",
)  # fmt: skip
_CABLE = (
    "code cable", "coded cable", "télégramme chiffré", "cable cifrado", "шифротелеграмма", "шифрограмма", "برقية مشفرة",
    "برقية مرمزة", "密码电报", "密電", "密电", "加密电报",
)  # fmt: skip
_NEGATED = re.compile(
    r"(?:\bnon|\bnot|\bun|\bno|\bsans|\bне|غير|\bno longer|\bde|非|不)[\s-]*$|declassif|déclassifi|рассекречен"
)
_LABEL = re.compile(
    r"(?:classification|marking|sensitivity|handling|clasificación|гриф|классификация|التصنيف|درجة السرية|密级|密級)\s*[:：=]\s*$"
)
_OPENING = re.compile(r"^[\s\W_]*$")
_CLOSING = re.compile(r"^\s*(?:$|[-–—:：/|\]\)】）*_.,;!★•=>#。،，])")


@dataclass(frozen=True)
class Marking:
    """The highest marking found: its level (0 when there is none) and its words as they stand."""

    level: int = 0
    words: str = ""


def _settled(text: str) -> str:
    """Composed, without Arabic vowel signs and lengthening, so that every spelling of a marking is one."""
    composed = unicodedata.normalize("NFKC", text).replace("ـ", "").replace("ى", "ي").replace("ه\u200c", "ه")
    return "".join(sign for sign in composed if not "\u064b" <= sign <= "\u0652")


def _stands(line: str, start: int, end: int, *, alone: bool) -> bool:
    """Whether the words at `line[start:end]` stand as a marking and not inside a sentence.

    `alone`: they need no stop after them when they open a line.
    """
    before, words, after = line[:start], line[start:end], line[end:]
    if _NEGATED.search(before.lower()):
        return False
    if before[-1:].isalpha() and before[-1:] > "\u024f" and not _is_han(words):
        return False
    if _LABEL.search(before.lower()):
        return True
    if words.isupper() and words.upper() != words.lower():
        return True
    opens = bool(_OPENING.match(before))
    bracketed = before.rstrip()[-1:] in set('[(【（«“"*|/-–—') and bool(_CLOSING.match(after))
    return (opens and (alone or bool(_CLOSING.match(after)))) or bracketed


def _is_han(words: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in words)


def _pattern(phrase: str) -> str:
    inner = re.escape(_settled(phrase)).replace(r"\ ", r"[\s_]+")
    return inner if _is_han(phrase) else rf"(?<!\w){inner}(?!\w)"


def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_pattern(phrase) for phrase in phrases), re.IGNORECASE)


# Level, words, and whether they mark a line that goes on after them.
_MARKINGS = (
    (STRICT, _any_of(_STRICT), True),
    (CONFIDENTIAL, _any_of(_CABLE), True),
    (CONFIDENTIAL, _any_of(_CONFIDENTIAL), False),
)


def find_marking(*texts: str) -> Marking:
    """The highest marking in the first page of any of `texts` (a subject, headers, a body)."""
    best = Marking()
    for text in texts:
        for line in _settled(text[:FIRST_PAGE]).split("\n"):
            for level, pattern, alone in _MARKINGS:
                if level <= best.level:
                    break
                hits = (hit for hit in pattern.finditer(line) if _stands(line, *hit.span(), alone=alone))
                found = next(hits, None)
                if found:
                    best = Marking(level, found[0])
                    break
    return best
