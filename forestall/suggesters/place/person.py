"""Names that people bear as well as places: what around one says that a person is meant."""

from __future__ import annotations

import re

_CAPITALS_IN_A_HEADLINE = 0.7
# Words after which a capital letter begins a place as readily as a person.
_BEFORE_EITHER = """
    in from to the and for of at near across inside outside with around between since where but as if when while that
    than although because after before against into through over both former greater neighbouring southern northern
    eastern western central north south east west republic kingdom government president embassy
    en de du des d la le les l au aux dans vers sur republique
    el los y a o del desde hacia republica
    """
_BEFORE_A_PLACE = frozenset(_BEFORE_EITHER.split())
# Words after which no person is named: what follows is a place.
_ONLY_BEFORE_A_PLACE = re.compile(
    r"(?:^|\s)(?:in|into|inside|across|throughout|within|republic\sof|en|au|aux|dans|à|île|isla|la|em|no|na|nchini|katika|"
    r"в|во|из|республик[аеиу]|في|جمهورية|دولة)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
# A capital letter after a place begins one of its bodies as readily as a family name.
_OF_A_COUNTRY = """
    president government army police parliament ministry minister prime red national supreme embassy air airlines
    football radio television times office bureau country representative mission delegation refugees
    """
_BODIES = frozenset(_OF_A_COUNTRY.split())
_NAME_BEFORE = re.compile(r"([^\W\d_][\w'’]*)\s$")
_NAME_AFTER = re.compile(r"\s([^\W\d_][\w'’]*)")
_ADDRESSED = re.compile(
    r"(?:^|[\n.!?])\W*(?:dear|hi|hello|ch[eè]re?|bonjour|salut|estimad[oa]|querid[oa]|hola|prezad[oa]|car[oa]|habari|"
    r"уважаем\w{2,3}|дорог\w{2,3})\s+$",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr|prof|sir|madam|mme|mlle|monsieur|madame|sr|sra|señora?|senhora?|bwana|bi)\.?\s+$",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"(?:,|[-–—]{1,2})[ \t]*\n\s*$|^\s*[-–—]{2}\s*\n\s*$")
_GREETING_ENDS = re.compile(r"\s*(?:[,:!\n]|and\b|et\b|y\b|$)")
_LINE_ENDS = re.compile(r"[ \t]*(?:\n|$)")
_LOOK_BACK = 40


def stands_as_place(text: str, *, start: int) -> bool:
    """Whether the name at `start` follows a word that only places follow, as in *in Jordan*."""
    return _ONLY_BEFORE_A_PLACE.search(text[max(0, start - _LOOK_BACK) : start]) is not None


def is_called(text: str, *, start: int, end: int) -> bool:
    """Whether the name is that of somebody greeted, titled, or signing: *Dear Chad,* and *Best regards,* / *Jordan*."""
    before, after = text[max(0, start - _LOOK_BACK) : start], text[end : end + _LOOK_BACK]
    if _ADDRESSED.search(before):
        return _GREETING_ENDS.match(after) is not None
    if _TITLED.search(before):
        return True
    return _SIGNED.search(before) is not None and _LINE_ENDS.match(after) is not None


def name_before(text: str, *, start: int) -> bool:
    """Whether a capitalised word stands before, that could be the first of two names."""
    found = _NAME_BEFORE.search(text[max(0, start - _LOOK_BACK) : start])
    return found is not None and found[1][0].isupper() and found[1].casefold() not in _BEFORE_A_PLACE


def name_after(text: str, *, end: int) -> bool:
    """Whether a capitalised word stands after, that could be the second of two names."""
    found = _NAME_AFTER.match(text[end : end + _LOOK_BACK])
    return found is not None and found[1][0].isupper() and found[1].casefold() not in _BODIES


def in_headline(text: str, *, start: int, end: int) -> bool:
    """Whether the line is a headline, where a capital letter begins nearly every word and says nothing."""
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    words = [word for word in text[begin : stop if stop >= 0 else len(text)].split() if word[0].isalpha()]
    if not words or words[-1][-1] in ".!?,;":
        return False
    long_words = [word for word in words if len(word) > 3]
    capitals = sum(word[0].isupper() for word in long_words)
    return 3 < len(words) < 20 and capitals >= _CAPITALS_IN_A_HEADLINE * max(1, len(long_words))
