"""Which scripts a text is written in, and which languages each script leaves open."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from forestall.reading.normalisation import clean

# Addresses, account names and tags say nothing of the language around them.
_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|[@#]\w+|&\w{2,6};|\\n|\d+")

_RANGES = {
    "Latn": "A-Za-z\u00aa-\u024f\u1e00-\u1eff\uff21-\uff5a",
    "Cyrl": "\u0400-\u052f",
    "Arab": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "Hani": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "Kana": "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f",
    "Hang": "\uac00-\ud7af\u1100-\u11ff\u3130-\u318f",
    "Ethi": "\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f",
    "Mymr": "\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff",
    "Deva": "\u0900-\u097f",
    "Beng": "\u0980-\u09ff",
    "Guru": "\u0a00-\u0a7f",
    "Gujr": "\u0a80-\u0aff",
    "Orya": "\u0b00-\u0b7f",
    "Taml": "\u0b80-\u0bff",
    "Telu": "\u0c00-\u0c7f",
    "Knda": "\u0c80-\u0cff",
    "Mlym": "\u0d00-\u0d7f",
    "Sinh": "\u0d80-\u0dff",
    "Thai": "\u0e00-\u0e7f",
    "Laoo": "\u0e80-\u0eff",
    "Tibt": "\u0f00-\u0fff",
    "Geor": "\u10a0-\u10ff\u1c90-\u1cbf",
    "Armn": "\u0530-\u058f",
    "Hebr": "\u0590-\u05ff",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Khmr": "\u1780-\u17ff",
    "Mong": "\u1800-\u18af",
    "Thaa": "\u0780-\u07bf",
}
_SCRIPT = {name: re.compile(f"[{letters}]") for name, letters in _RANGES.items()}

# A script that one language of the catalogue uses decides alone.
ALONE = {
    "Hang": "ko",
    "Guru": "pa",
    "Gujr": "gu",
    "Orya": "or",
    "Taml": "ta",
    "Telu": "te",
    "Knda": "kn",
    "Mlym": "ml",
    "Sinh": "si",
    "Thai": "th",
    "Laoo": "lo",
    "Tibt": "bo",
    "Geor": "ka",
    "Armn": "hy",
    "Hebr": "he",
    "Grek": "el",
    "Khmr": "km",
    "Thaa": "dv",
    "Mymr": "my",
    "Mong": "mn",
}
OPEN = {
    "Latn": [
        "en",
        "fr",
        "es",
        "pt",
        "it",
        "de",
        "nl",
        "pl",
        "cs",
        "sk",
        "hu",
        "ro",
        "sv",
        "no",
        "da",
        "fi",
        "tr",
        "az",
        "sq",
        "hr",
        "sl",
        "lt",
        "lv",
        "et",
        "vi",
        "id",
        "ms",
        "tl",
        "sw",
        "so",
        "ha",
        "ig",
        "yo",
        "om",
        "rw",
        "ht",
        "lg",
        "ln",
        "sn",
        "zu",
        "xh",
        "af",
        "mg",
        "ku",
        "uz",
        "ca",
        "rn",
        "sg",
        "wo",
        "ny",
    ],
    "Cyrl": ["ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "tg", "mn"],
    "Arab": ["ar", "fa", "ps", "ur", "ckb", "ug", "sd"],
    "Ethi": ["am", "ti"],
    "Deva": ["hi", "ne", "mr"],
    "Beng": ["bn", "as"],
}
LANGUAGES = frozenset({*ALONE.values(), "zh", "ja"}.union(*OPEN.values()))


@lru_cache(maxsize=512)
def legible(text: str) -> str:
    """`text` without controls, addresses and figures: what a language can be told from."""
    return _NOISE.sub(" ", clean(text).text)


@lru_cache(maxsize=20_000)
def _script_of(letter: str) -> str:
    return next((name for name, letters in _SCRIPT.items() if letters.match(letter)), "")


@lru_cache(maxsize=512)
def _counts(text: str) -> dict[str, int]:
    """How many letters of `text` stand in each script."""
    found: Counter[str] = Counter()
    for letter, count in Counter(text).items():
        found[_script_of(letter)] += count
    found.pop("", None)
    return dict(found.most_common())


def letters(text: str) -> int:
    """How many letters `text` has; a Han character counts for two, as it says about as much."""
    counts = _counts(text)
    return sum(counts.values()) + counts.get("Hani", 0)


def shares(text: str) -> dict[str, float]:
    """The scripts of `text` and the share of its letters in each, largest first. Empty without letters."""
    counts = _counts(text)
    total = sum(counts.values())
    return {name: count / total for name, count in counts.items()}


def main_script(text: str) -> str:
    """The script of most letters, where kana make Han Japanese; empty without letters."""
    found = shares(text)
    if not found:
        return ""
    if found.get("Kana", 0) > 0.08 and "Hani" in found:
        return "Kana"
    # A Chinese word says in two characters what a Latin one says in six.
    weighted = {name: share * (2.5 if name == "Hani" else 1) for name, share in found.items()}
    return max(weighted, key=lambda name: weighted[name])
