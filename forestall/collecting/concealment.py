"""What a text hides or disguises: invisible signs, reversed order, and sentences meant for a machine. Flags only."""

from __future__ import annotations

import re

from .flags import Flag, FlagCode

_INVISIBLE = re.compile(
    "[\u180e\u2060-\u2064\ufeff\U000e0000-\U000e007f]|(?<=[A-Za-zА-Яа-я])[\u200b-\u200d](?=[A-Za-zА-Яа-я])|\u200b{2,}"
)
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SCANNED = 400_000  # characters

# Sentences addressed to a language model, in the six languages. Bounded gaps keep every pattern linear.
_ADDRESSED = re.compile(
    r"(?:ignore|disregard|forget|override)\s(?:\w+\s){0,4}?(?:previous|prior|above|earlier|preceding|your|system)\s(?:\w+\s){0,2}?(?:instruction|prompt|rule|direction|guideline)"
    r"|(?:system prompt|prompt injection|<\|im_start\|>|<\|system\|>|\[/?inst\]|###\s?(?:system|instruction))"
    r"|(?:you are|act as|as) (?:now )?(?:an? )?(?:ai\b|large language model|language model|artificial intelligence|assistant, (?:you|please))"
    r"|(?:note|instruction|message|attention)s? (?:to|for) (?:the |any |all )?(?:ai|language model|llm|machine|automated|classifier|assistant|algorithm|bot)"
    r"|(?:ai|llm|language model|classifier|assistant)s? (?:must|should|shall|reading this)\s"
    r"|(?:ignore[zr]?|oublie[zr]?)\s(?:\w+\s){0,4}?(?:instructions|consignes|directives)"
    r"|(?:ignor[ae]n?|olvid[ae]n?)\s(?:\w+\s){0,4}?(?:instrucciones|indicaciones|órdenes)"
    r"|(?:игнорируй|проигнорируй|забудь)\w*\s(?:\w+\s){0,4}?(?:инструкци|указани|команд)"
    r"|(?:تجاهل|انس)\w*\s(?:\w+\s){0,4}?(?:التعليمات|تعليمات|الأوامر)"
    r"|(?:忽略|无视|忘记|無視)[^。\n]{0,12}(?:指令|指示|提示|说明)",
    re.IGNORECASE,
)  # fmt: skip


def _points(text: str, pattern: re.Pattern[str]) -> str:
    return ", ".join(sorted({f"U+{ord(sign):04X}" for found in pattern.findall(text) for sign in found})[:8])


def concealment(*texts: str) -> tuple[Flag, ...]:
    """The flags for what `texts` conceal. `detail` names code points, or the words addressed to a machine."""
    flags: list[Flag] = []
    whole = "\n".join(texts)[:_SCANNED].removeprefix("\ufeff")
    if points := _points(whole, _INVISIBLE):
        flags.append(Flag(FlagCode.INVISIBLE_CHARACTERS, points))
    if points := _points(whole, _DIRECTION):
        flags.append(Flag(FlagCode.DIRECTION_CONTROLS, points))
    addressed = _ADDRESSED.search(_INVISIBLE.sub("", whole))
    if addressed:
        flags.append(Flag(FlagCode.MACHINE_INSTRUCTIONS, " ".join(addressed[0].split())[:120]))
    return tuple(flags)
