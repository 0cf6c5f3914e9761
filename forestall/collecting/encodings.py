"""Bytes to text, never in silence: what was declared, what was found, and a flag when the two differ."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from forestall.base.errors import Malformed
from forestall.base.words import say

from .flags import Flag, FlagCode

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_REFUSED = frozenset({"utf-7", "utf7", "unicode-1-1-utf-7", "hz", "iso-2022-kr"})  # can disguise markup
_WHEN_ALIKE = "windows-1252"  # the Arabic page holds the French letters too
_CANDIDATES = ("windows-1251", "koi8-r", "windows-1256", "gb18030", "big5", "windows-1252", "cp866")
OFFERED = (
    "utf-8", "utf-16", "windows-1250", "windows-1251", "windows-1252", "windows-1254", "windows-1256", "koi8-r",
    "gb18030", "big5", "shift_jis", "euc-kr",
)  # fmt: skip
"""What a person may say a text is encoded in, when the text does not say so itself."""
LIKELY = 0.4
# The letters that make up most of running text; a wrong reading hits them by accident only.
_COMMON_CYRILLIC = frozenset("оеаинтсрвлкмдпу")
_COMMON_ARABIC = frozenset("اليمونترعبدفهةق")
_COMMON_HAN = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
)
_COMMON_TRADITIONAL = frozenset(
    "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經十三之進著等部度家電力裡如水化高自二理起小物現實加量都兩體制機當使點從業本去把性好應開它合還因由其些然前外天政四日那社義事平形相全表間樣與關各重新線內數正心反你明看原又麼利比或但質氣第向道命此變條只沒結解問意建月公無系軍很情者最立代想已通並提直題黨程展五果料象員革位入常文總次品式活設及管特件長求老頭基資邊流路級少圖山統接知較將組見計別她手角期根論運農指"
)


@dataclass(frozen=True)
class Decoded:
    """Text (NUL-free, line ends as `\\n`), the encoding it was read with, and what had to be assumed."""

    text: str
    encoding: str
    flags: tuple[Flag, ...] = ()


def decode(content: bytes, *, declared: str = "") -> Decoded:
    """The text of `content`. Raises `Malformed` when no encoding makes text of it, or it holds NUL characters."""
    name = _known(declared)
    for mark, marked in _MARKS:
        if content.startswith(mark):
            return _checked(_strictly(content[len(mark) :], marked), marked, name)
    if name and not _contradicted(content, name):
        text = _try(content, name)
        if text is not None:
            return _checked(text, name, name)
    for encoding in (_wide(content), "utf-8"):
        text = _try(content, encoding) if encoding else None
        if encoding and text is not None:
            return _checked(text, encoding, name)
    return _guessed(content, name)


def _known(declared: str) -> str:
    """The Python name of a declared encoding; empty when nothing (or nothing we know) is declared."""
    wanted = declared.strip().strip("\"'").lower()
    if not wanted:
        return ""
    if wanted in _REFUSED:
        raise Malformed(say("It declares an encoding that can hide markup: %(name)s.", name=wanted))
    if wanted in {"gb2312", "gbk", "gb-2312", "gb_2312-80"}:
        return "gb18030"  # the later standard holds the earlier ones
    if wanted in {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"}:
        return "windows-1252"  # as every browser reads it
    try:
        return codecs.lookup(wanted).name if codecs.lookup(wanted)._is_text_encoding else ""
    except LookupError:
        return ""


def _contradicted(content: bytes, name: str) -> bool:
    """A single-byte encoding accepts anything: valid UTF-8 with letters beyond ASCII says otherwise."""
    if name in {"utf-8", "gb18030", "big5"} or name.startswith("utf") or content.isascii():
        return False
    return _try(content, "utf-8") is not None


def _wide(content: bytes) -> str:
    """UTF-16 without a mark: zero bytes lie on one side only, and what comes out looks like writing."""
    sample = content[:4000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(content) % 2 or not even + odd or min(even, odd):
        return ""
    encoding = "utf-16-le" if odd else "utf-16-be"
    text = _try(content, encoding)
    return encoding if text and _likeness(text) >= LIKELY else ""


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _strictly(content: bytes, encoding: str) -> str:
    text = _try(content, encoding)
    if text is None:
        raise Malformed(say("It opens as %(encoding)s but goes on otherwise.", encoding=encoding))
    return text


def _checked(text: str, encoding: str, declared: str) -> Decoded:
    if "\0" in text:
        raise Malformed(say("The text holds NUL characters. Ask for it saved again as UTF-8."))
    flags: tuple[Flag, ...] = ()
    if declared and codecs.lookup(declared).name != codecs.lookup(encoding).name and not text.isascii():
        flags = (Flag(FlagCode.ENCODING_CONTRADICTED, f"{declared} → {encoding}"),)
    return Decoded(_plain_lines(text), encoding, flags)


def _plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guessed(content: bytes, declared: str) -> Decoded:
    """The candidate whose text looks most like writing. Always flagged."""
    scores = [
        (_likeness(text), encoding, text) for encoding in _CANDIDATES if (text := _try(content, encoding))
    ]
    best = max(scores, key=lambda found: (found[0], found[1] == _WHEN_ALIKE), default=None)
    if best is None or best[0] < LIKELY:
        raise Malformed(say("No encoding makes readable text of it. Ask for it as UTF-8, or as PDF."))
    checked = _checked(best[2], best[1], "")
    flag = Flag(FlagCode.ENCODING_GUESSED, best[1])
    if declared:
        flag = Flag(FlagCode.ENCODING_CONTRADICTED, f"{declared} → {best[1]}")
    return Decoded(checked.text, best[1], (flag,))


def _likeness(text: str) -> float:
    """0 to 1: how much the letters beyond ASCII look like running text of one script. Controls cost dearly."""
    sample = text[:20_000]
    beyond = [sign for sign in sample if sign > "\x7f"]
    controls = sum(
        unicodedata.category(sign) in {"Cc", "Co", "Cn"} for sign in sample if sign not in "\n\r\t\f"
    )
    if not beyond:
        return 0.0 if controls else 1.0
    return _script_share(sample, beyond) - 20 * controls / len(sample)


def _script_share(sample: str, beyond: list[str]) -> float:
    lower = [sign.lower() for sign in beyond]
    shares = (
        0.9 * _share(lower, _COMMON_CYRILLIC) + 0.3 * _lower_share(beyond, "а", "я"),
        1.2 * _share(beyond, _COMMON_ARABIC),
        1.3 * max(_share(beyond, _COMMON_HAN), _share(beyond, _COMMON_TRADITIONAL)),
        _latin_share(sample, beyond),
    )
    return min(1.0, max(shares))


def _share(signs: list[str], common: frozenset[str]) -> float:
    return sum(sign in common for sign in signs) / len(signs)


def _lower_share(signs: list[str], first: str, last: str) -> float:
    return sum(first <= sign <= last for sign in signs) / len(signs)


_WESTERN = frozenset("éèêëàâäáãåæçîïíìôöóòõøûüúùñßœÉÈÀÇÁÍÓÚÑÖÜÄÅØ’‘“”–—«»…°€£§·¡¿ºª\u00a0©®•")


def _latin_share(sample: str, beyond: list[str]) -> float:
    """Accented letters stand among plain ones: mostly ASCII, and the rest from Western European writing."""
    plain = len(re.findall(r"[A-Za-z]", sample))
    if plain < 2 * len(beyond):
        return 0.0
    return 0.95 * _share(beyond, _WESTERN)
