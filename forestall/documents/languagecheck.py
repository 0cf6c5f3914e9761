"""Holds a draft to the Office's rule: risk, never verdicts.

The Office makes no legal determination. A sentence of ours that states one is refused, in either direction ("this is
not genocide" is a finding too); risk language stands, and so does a finding of a competent body that is named with its
source, or another's words in quotation marks. The check reads surface forms in six languages: it is a guard, not a
judge, and the clearing officers still read. Sources of the rule: methodology page of the Office (no judicial role, no
legal determination); ICD 203 (likelihood and confidence not in one sentence).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from forestall.base.words import Words, say

from .phrasing import Folded, Phrasing, folded, phrasing


class Kind(StrEnum):
    """What a finding of the check is about."""

    LEGAL_FINDING = "legal_finding"
    WITHOUT_SOURCE = "without_source"
    GUILT = "guilt"
    PRIVATE_PERSON = "private_person"
    MIXED = "likelihood_and_confidence"
    SCORE = "total_score"
    PSEUDONYM = "pseudonym"


@dataclass(frozen=True)
class Finding:
    """A place in the text (`start` to `end`, in characters as written) that may not stand, why, and a way out."""

    start: int
    end: int
    excerpt: str
    kind: Kind
    reason: Words
    suggestion: Words

    @property
    def refuses(self) -> bool:
        """Whether the text cannot be cleared so; a cover name may also be an aircraft, and people decide."""
        return self.kind is not Kind.PSEUDONYM


_SAYINGS: dict[Kind, tuple[Words, Words]] = {
    Kind.LEGAL_FINDING: (
        say("This states a legal finding in our own voice. The Office speaks of risk."),
        say("Write of the risk, or name the competent body that made the finding and give its source."),
    ),
    Kind.WITHOUT_SOURCE: (
        say("A finding of a competent body stands only with its source."),
        say("Link the sentence to the body's own document."),
    ),
    Kind.GUILT: (
        say("This speaks of guilt, which only a court can find."),
        say("Describe the conduct and who reports it, or name the court and give its source."),
    ),
    Kind.PRIVATE_PERSON: (
        say("This may name a private person."),
        say("Write of the office or the group, or add the person to the list of office-holders."),
    ),
    Kind.MIXED: (
        say("Likelihood and confidence stand in one sentence."),
        say("Say how probable it is in one sentence and how well founded that is in another."),
    ),
    Kind.SCORE: (
        say("This sums a situation up in one number."),
        say("Show the profile of factors, each with its trend and confidence."),
    ),
    Kind.PSEUDONYM: (
        say("This may be the cover name of a source."),
        say("Write of the source in general words: a cover name tells those who know it who spoke."),
    ),
}

_COVER_NAME = re.compile(r"(?<![\w/–-])(?!(?:G-(?:7|8|20|77)|P-5|E-10)\b)[A-ZА-Я]{1,3}[-–‑]\d{1,4}(?![\w/]|[-–]\w)")
"""As offices call their sources: one to three capitals, a hyphen, a number. Symbols of documents have strokes."""

_SENTENCE_END = re.compile(r"(?<=[.!?؟])\s*[\"'»”]?\s+|(?<=[。！？])[”」』]?|\n{2,}")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Mx|No|Nos|art|para|p|pp|cf|M|MM|Sr|Sra|Srta|Dra|vs|etc|г|ст)|\b[A-ZА-Я])\.\s*$"
)
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|„[^“”]*[“”]|「[^」]*」|『[^』]*』|\"[^\"]*\"")
_NEW_CLAUSE = re.compile(
    r";|；|[,،]\s*(?:and|but|so|et|mais|y|pero|и|но|а)\s(?!that\b|que\b|что\b)|[，,](?:而且|但|所以)"
)
_NEAR = 90  # characters between a body and what it found


def check(
    text: str, *, language: str, office_holders: Iterable[str] = (), cited: bool = False
) -> tuple[Finding, ...]:
    """What in `text` may not stand in a note, in order of place.

    `cited`: the text carries a citation, so that an attributed finding of a competent body stands. `office_holders`
    are names that may be used with a title. English findings are looked for in every language. Raises `Refused` for a
    language the check does not know.
    """
    whole = folded(text)
    found: list[Finding] = []
    for start, end in sentences(whole.text):
        found += _judged(whole, start=start, end=end, language=language, cited=cited)
        found += _flagged(
            whole, start=start, end=end, language=language, office_holders=tuple(office_holders)
        )
    return tuple(
        _without_repeats(
            sorted(
                found,
                key=lambda one: (one.start, -one.end),
            ),
            text=text,
        )
    )


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence; what stands in quotation marks is not cut."""
    start, quotations = 0, [quoted.span() for quoted in _QUOTED.finditer(text)]
    for stop in _SENTENCE_END.finditer(text):
        if _ABBREVIATION.search(text, start, stop.end()):
            continue
        if any(opened < stop.start() and stop.end() < closed for opened, closed in quotations):
            continue
        if text[start : stop.end()].strip():
            yield start, stop.end()
        start = stop.end()
    if text[start:].strip():
        yield start, len(text)


def _judged(whole: Folded, *, start: int, end: int, language: str, cited: bool) -> Iterator[Finding]:
    sentence = whole.text[start:end]
    for spoken in dict.fromkeys((language, "en")):
        words = phrasing(spoken)
        for kind, patterns in ((Kind.LEGAL_FINDING, words.asserted), (Kind.GUILT, words.guilt)):
            for pattern in patterns:
                for match in pattern.finditer(sentence):
                    standing = _standing(sentence, match=match, words=words, kind=kind, cited=cited)
                    if standing is not None:
                        yield _finding(
                            whole, start=start + match.start(), end=start + match.end(), kind=standing
                        )


def _standing(
    sentence: str, *, match: re.Match[str], words: Phrasing, kind: Kind, cited: bool
) -> Kind | None:
    """The kind under which a match is refused, or None when it may stand."""
    if _is_hedged(sentence, match=match, words=words) or _is_quoted(sentence, match=match, words=words):
        return None
    if _is_attributed(sentence, match=match, words=words):
        return None if cited else Kind.WITHOUT_SOURCE
    return kind


def _is_hedged(sentence: str, *, match: re.Match[str], words: Phrasing) -> bool:
    """Whether risk language governs the match: it stands in the match's own clause, before or inside it."""
    opening = 0
    for boundary in words.boundary.finditer(sentence, 0, match.start() + 1):
        opening = boundary.end()
    return words.hedge.search(sentence[min(opening, match.start()) : match.end()]) is not None


def _is_quoted(sentence: str, *, match: re.Match[str], words: Phrasing) -> bool:
    """Whether the match is another's words: inside quotation marks, with a verb of saying outside them."""
    for quoted in _QUOTED.finditer(sentence):
        if quoted.start() <= match.start() and match.end() <= quoted.end():
            outside = sentence[: quoted.start()] + " " + sentence[quoted.end() :]
            return words.said.search(outside) is not None
    return False


def _is_attributed(sentence: str, *, match: re.Match[str], words: Phrasing) -> bool:
    """Whether a competent body is named as the one that found it, in the same run of clauses."""
    for body in words.body.finditer(sentence):
        near = sentence[max(0, body.start() - _NEAR) : body.end() + _NEAR]
        between = sentence[min(body.end(), match.end()) : max(body.start(), match.start())]
        if words.found.search(near) and not _NEW_CLAUSE.search(between):
            return True
    return False


def _flagged(
    whole: Folded, *, start: int, end: int, language: str, office_holders: tuple[str, ...]
) -> Iterator[Finding]:
    words, sentence = phrasing(language), whole.text[start:end]
    for match in words.person.finditer(sentence):
        if not _holds_office(match["name"], office_holders=office_holders):
            yield _finding(
                whole, start=start + match.start(), end=start + match.end(), kind=Kind.PRIVATE_PERSON
            )
    if words.likelihood.search(sentence) and words.confidence.search(sentence):
        length = len(sentence.rstrip())
        yield _finding(whole, start=start, end=start + length, kind=Kind.MIXED)
    for match in _COVER_NAME.finditer(sentence):
        yield _finding(whole, start=start + match.start(), end=start + match.end(), kind=Kind.PSEUDONYM)
    for match in words.score.finditer(sentence):
        yield _finding(whole, start=start + match.start(), end=start + match.end(), kind=Kind.SCORE)


def _holds_office(name: str, *, office_holders: tuple[str, ...]) -> bool:
    """Whether the family name of an office-holder is in `name`; Slavic endings may differ by a letter or two."""
    for holder in office_holders:
        family = folded(holder).text.split()[-1].casefold()
        if any(_same_family(word.casefold(), family=family) for word in name.split()):
            return True
    return False


def _same_family(word: str, *, family: str) -> bool:
    if "\u4e00" <= family[0] <= "\u9fff":
        return word.endswith(family) or family.startswith(word)
    slavic = "\u0400" <= family[0] <= "\u04ff"
    return word == family or (slavic and len(family) > 4 and word.startswith(family[:-1]))


def _finding(whole: Folded, *, start: int, end: int, kind: Kind) -> Finding:
    reason, suggestion = _SAYINGS[kind]
    return Finding(
        start=whole.place(start),
        end=whole.place(end - 1) + 1,
        excerpt="",
        kind=kind,
        reason=reason,
        suggestion=suggestion,
    )


def _without_repeats(found: list[Finding], *, text: str) -> Iterator[Finding]:
    """One finding for each place: a match inside another of the same kind says nothing new."""
    kept: list[Finding] = []
    for one in found:
        if not any(
            other.kind is one.kind and one.start < other.end and other.start < one.end for other in kept
        ):
            kept.append(one)
    for one in kept:
        yield Finding(
            one.start, one.end, text[one.start : one.end].strip(), one.kind, one.reason, one.suggestion
        )
