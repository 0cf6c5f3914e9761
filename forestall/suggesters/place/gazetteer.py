"""The list of names by which places are known, as a value: it can be handed on with more places in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import ahocorasick

from forestall.base.catalogue import read_definition
from forestall.reading.normalisation import matching, word_form

from .inflection import (
    arabic_relation,
    english_forms,
    french_forms,
    portuguese_forms,
    russian_stems,
    spanish_forms,
)
from .wordkey import Vocabulary

DATA = Path(__file__).parent / "data"
# Scripts written without spaces, or with brackets as part of a name.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_HALF_WIDTH = str.maketrans({"（": "(", "）": ")", "－": "-", "·": "·", "•": "·", "・": "·"})
_ARABIC_NAME = re.compile("^[\u0620-\u06ff]+$")


@dataclass(frozen=True)
class Name:
    """One name of one place. `code` is ISO 3166-1 alpha-3 (or user-assigned), empty for a phrase that names none.

    `kind` is country, capital, region, city or nationality; `form` says how it is matched: `word`, `acronym` (capitals
    only), `adjective` (small letters allowed), `stem` (Russian) or `relation` (Arabic).
    """

    text: str
    code: str
    kind: str
    form: str = "word"


@dataclass(frozen=True)
class SharedName:
    """A name with several bearers and the words that speak for each."""

    bearers: tuple[str, ...]
    cues: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Ambiguity:
    """The rules for names that mean several places, or none; every set holds keys of the compiled list."""

    ignored: frozenset[str]
    weak: frozenset[str]
    personal: frozenset[str]
    seats: frozenset[str]
    shared: Mapping[str, SharedName]


@dataclass(frozen=True)
class Index:
    """A gazetteer compiled for one pass over a text."""

    vocabulary: Vocabulary
    spaced: Any
    unspaced: Any
    names: Mapping[str, tuple[Name, ...]]
    ambiguity: Ambiguity


def unspaced_form(text: str) -> str:
    """`text` with full-width brackets as half-width ones: the same length, for scripts without spaces."""
    return text.translate(_HALF_WIDTH)


def is_unspaced(text: str) -> bool:
    """Whether `text` has letters of a script written without spaces."""
    return _UNSPACED.search(text) is not None


@dataclass(frozen=True)
class Gazetteer:
    """Names of places the world over, and those a caller adds."""

    names: tuple[Name, ...] = field(repr=False)

    def with_country(
        self,
        code: str,
        *,
        names: Iterable[str],
        places: Mapping[str, Iterable[str]] | Iterable[str] = (),
        peoples: Iterable[str] = (),
    ) -> Gazetteer:
        """This gazetteer and one country more, under `code`.

        `names` are the country's names in any language and script, `places` the names of its towns (or a mapping
        from `capital`, `region` and `city` to names), `peoples` adjectives in the form they are to be found in.
        """
        kinds = places if isinstance(places, Mapping) else {"city": places}
        added = [*_named(names, code=code, kind="country"), *_relations(names, code=code)]
        for kind, found in kinds.items():
            added.extend(_named(found, code=code, kind=kind))
        added.extend(Name(text, code, "nationality", "adjective") for text in peoples)
        return replace(self, names=self.names + tuple(added))

    @cached_property
    def index(self) -> Index:
        """This gazetteer compiled, once."""
        return _compiled(self.names)


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=";")


def _named(names: Iterable[str], *, code: str, kind: str) -> list[Name]:
    return [Name(text, code, kind, _form(text)) for text in names]


def _form(text: str) -> str:
    letters = text.replace(".", "").replace(" ", "")
    return "acronym" if letters.isupper() and letters.isalpha() and len(letters) <= 4 else "word"


def _relations(names: Iterable[str], *, code: str) -> list[Name]:
    found = (arabic_relation(name) for name in names if _ARABIC_NAME.match(name))
    return [Name(text, code, "nationality", "relation") for text in found if text]


def _countries() -> Iterator[Name]:
    for row in _rows("names.csv"):
        names = row["names"].split("|")
        yield from _named(names, code=row["iso3"], kind="country")
        if row["language"] == "ar":
            yield from _relations(names, code=row["iso3"])


def _peoples() -> Iterator[Name]:
    for row in _rows("peoples.csv"):
        code = row["iso3"]
        forms = [(word, english_forms, "word") for word in row["en"].split("/")]
        forms += [(word, french_forms, "adjective") for word in row["fr"].split("/")]
        forms += [(word, spanish_forms, "adjective") for word in row["es"].split("/")]
        forms += [(word, russian_stems, "stem") for word in row["ru"].split("/")]
        for word, bend, form in forms:
            yield from (Name(text, code, "nationality", form) for text in (bend(word) if word else ()))


def _demonyms() -> Iterator[Name]:
    """Peoples in languages that the table of peoples lacks. Portuguese writes them small, and bends them."""
    for row in _rows("demonyms.csv"):
        for word in row["names"].split("|"):
            bent = row["language"] == "pt"
            for text in portuguese_forms(word) if bent else (word,):
                yield Name(text, row["iso3"], "nationality", "adjective" if bent else "word")


def _cities() -> Iterator[Name]:
    capitals = {row["iso3"]: frozenset(row["capital"].split("|")) for row in _rows("peoples.csv")}
    for code, names in capitals.items():
        yield from (Name(text, code, "capital") for text in names if text)
    for row in _rows("zones.csv"):
        names_of_city = row["names"].split("|")
        is_capital = bool(capitals.get(row["iso3"], frozenset()) & set(names_of_city))
        yield from _named(names_of_city, code=row["iso3"], kind="capital" if is_capital else "city")


def _listed() -> Iterator[Name]:
    for file in ("places.csv", "regions.csv", "towns.csv"):
        for row in _rows(file):
            names = row["names"].split("|")
            yield from _named(names, code=row["iso3"], kind=row["kind"])
            if row["kind"] == "country":
                yield from _relations(names, code=row["iso3"])


def _rules() -> dict[str, Any]:
    return read_definition(DATA / "ambiguity.toml")


def _phrases(text: str) -> list[str]:
    return [phrase.strip() for line in text.splitlines() for phrase in line.split("|") if phrase.strip()]


def _decoys() -> Iterator[Name]:
    return (Name(phrase, "", "none", "adjective") for phrase in _phrases(_rules()["decoys"]))


@cache
def world() -> Gazetteer:
    """The gazetteer the catalogue ships: M49 countries and areas, their capitals and peoples, larger cities."""
    return Gazetteer(
        tuple(dict.fromkeys([*_countries(), *_listed(), *_peoples(), *_demonyms(), *_cities(), *_decoys()]))
    )


def _key(name: Name, *, vocabulary: Vocabulary) -> str:
    if name.form == "stem":
        return vocabulary.learn_stem(word_form(name.text))
    if name.form == "relation":
        return vocabulary.learn_relation(name.text)
    return " ".join(vocabulary.learn(word) for word in matching(name.text).words)


def _compiled(names: tuple[Name, ...]) -> Index:
    vocabulary = Vocabulary()
    spaced, unspaced = ahocorasick.Automaton(), ahocorasick.Automaton()
    by_key: dict[str, list[Name]] = {}
    ignored = frozenset(_rules()["ignore"].split())
    for name in names:
        apart = is_unspaced(name.text)
        key = unspaced_form(name.text) if apart else _key(name, vocabulary=vocabulary)
        if len(key) < 2 or word_form(name.text) in ignored:
            continue
        by_key.setdefault(key, []).append(name)
        if apart:
            unspaced.add_word(key, key)
        else:
            spaced.add_word(f" {key} ", key)
    for automaton in (spaced, unspaced):
        automaton.make_automaton()
    return Index(
        vocabulary=vocabulary,
        spaced=spaced,
        unspaced=unspaced,
        names={key: tuple(found) for key, found in by_key.items()},
        ambiguity=_ambiguity(vocabulary),
    )


def _ambiguity(vocabulary: Vocabulary) -> Ambiguity:
    rules = _rules()

    def keys(phrases: Iterable[str]) -> frozenset[str]:
        return frozenset(text_key(phrase, vocabulary=vocabulary) for phrase in phrases)

    shared = {
        key: SharedName(tuple(entry["bearers"]), _cues(entry.get("cues", {})))
        for entry in rules["shared"]
        for key in keys(_phrases(entry["names"]))
    }
    return Ambiguity(
        ignored=frozenset(rules["ignore"].split()),
        weak=keys(rules["weak"].split()),
        personal=keys(rules["person"].split()),
        seats=keys(_phrases(rules["seats"])),
        shared=shared,
    )


def _cues(entry: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {code: frozenset(word_form(word) for word in words.split()) for code, words in entry.items()}


def text_key(text: str, *, vocabulary: Vocabulary) -> str:
    """The key under which a name as it stands in a text is compiled."""
    if is_unspaced(text):
        return unspaced_form(text)
    return " ".join(vocabulary.key(word) for word in matching(text).words)
