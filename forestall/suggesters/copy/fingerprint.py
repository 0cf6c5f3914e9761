"""What is kept of a text to find its copies: its words without what agencies add, their hash, shingles and sketch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import xxhash

from forestall.base.catalogue import read_definition
from forestall.reading.normalisation import clean, search_form
from forestall.reading.passage import Document

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_QUOTED = re.compile(r"(?m)^\s*(?:>\s?)+")
# What is added to a story stands around it: only so many characters from either end are searched for it.
_EDGE = 1000
_NEAREST = 300
_NOTICE = 60
# With more figures than this among its words a text is a table, and tables of one form share words without being copies.
_TABULAR = 0.15
_OPENING = 400
_SHINGLE = 3
_HEAD_SHINGLES = 25
_FRONT_SHINGLES = 80
PERMUTATIONS = 128
_KEEP_ONE_IN = 4


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    found = read_definition(Path(__file__).parent / "boilerplate.toml")
    flags = re.IGNORECASE | re.MULTILINE
    return {
        "lines": tuple(re.compile(line, flags) for line in found["lines"]),
        "heads": tuple(re.compile(head, re.IGNORECASE) for head in found["heads"]),
        "tails": tuple(re.compile(tail, re.IGNORECASE) for tail in found["tails"]),
        "corrections": tuple(re.compile(found[key], re.IGNORECASE) for key in ("notice", "admission")),
    }


def bare(text: str) -> str:
    """`text` without the lines, openings and endings that agencies, pages and forwarders add; never quite empty."""
    stripped = clean(text).text
    if "\n>" in stripped or stripped.startswith(">"):
        stripped = _QUOTED.sub("", stripped)
    cut = max(len(stripped) - _EDGE, min(len(stripped), _EDGE))
    opening, middle, ending = stripped[:_EDGE], stripped[_EDGE:cut], stripped[cut:]
    for line in _patterns()["lines"]:
        opening, ending = line.sub("", opening), line.sub("", ending)
    return _trimmed(f"{opening}{middle}{ending}".strip()) or text


def _trimmed(text: str) -> str:
    for pattern in _patterns()["heads"]:
        text = pattern.sub("", text[:_NEAREST]) + text[_NEAREST:]
    for pattern in _patterns()["tails"] * 2:
        kept = max(0, len(text) - _NEAREST)
        text = text[:kept] + pattern.sub("", text[kept:])
    return text.strip()


def says_it_corrects(document: Document) -> bool:
    """Whether a document says in its title or its opening that it corrects something."""
    notice, admission = _patterns()["corrections"]
    head = f"{document.title}\n{document.text[:_NOTICE]}"
    return bool(notice.search(head) or admission.search(document.text[:_OPENING]))


@dataclass(frozen=True)
class Fingerprint:
    """What copies of one document are found by.

    `words` counts the units compared: words, or single signs in scripts without spaces; `shingles` are hashes of
    three in a row; `sample` is one shingle in four, the same ones in every text; `head` and `front` are the first
    of them, by which a text that opens as another does is known.
    """

    id: str
    exact: int
    words: Counter[str]
    shingles: frozenset[int]
    sample: frozenset[int]
    head: frozenset[int]
    front: frozenset[int]
    figures: frozenset[str]
    title: str
    opening: str
    corrects: bool
    tabular: bool

    @property
    def length(self) -> int:
        """The number of units in the text."""
        return sum(self.words.values())

    def sketch(self) -> Any:
        """A MinHash of the shingles (datasketch), made afresh."""
        found = _blank_sketch().copy()
        found.update_batch(self.shingles or {0})
        return found


@cache
def _blank_sketch() -> Any:
    # Copied for every document: drawing the permutations anew takes longer than the sketch.
    from datasketch import MinHash

    return MinHash(num_perm=PERMUTATIONS, hashfunc=_as_it_is)


def _as_it_is(value: int) -> int:
    return value


def _units(form: str) -> list[str]:
    if _UNSPACED.search(form) is None:
        return form.split()
    # A sign at a time where words are not parted: three signs in a row stand for three words.
    return [unit for word in form.split() for unit in (word if _UNSPACED.search(word) else (word,))]


def _shingled(units: list[str]) -> Iterable[int]:
    if len(units) < _SHINGLE:
        yield xxhash.xxh32_intdigest(" ".join(units).encode())
        return
    for first, second, third in zip(units, units[1:], units[2:], strict=False):
        yield xxhash.xxh32_intdigest(f"{first} {second} {third}".encode())


def fingerprint(document: Document) -> Fingerprint:
    """What is kept of `document`; its title is compared apart, because copies often change it."""
    form = search_form(bare(document.text))
    units = _units(form)
    in_order = list(_shingled(units))
    shingles = frozenset(in_order)
    return Fingerprint(
        id=document.id,
        exact=xxhash.xxh64_intdigest(form.encode()),
        words=Counter(units),
        shingles=shingles,
        sample=frozenset(value for value in shingles if value % _KEEP_ONE_IN == 0),
        head=frozenset(in_order[:_HEAD_SHINGLES]),
        front=frozenset(in_order[:_FRONT_SHINGLES]),
        figures=frozenset(_FIGURE.findall(form)),
        title=search_form(document.title),
        opening=search_form(document.text[:_OPENING]),
        corrects=says_it_corrects(document),
        tabular=sum(unit.isdigit() for unit in units) >= _TABULAR * max(1, len(units)),
    )
