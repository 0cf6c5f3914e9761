"""The world map as SVG made on the server: classes and no styles, names for those who listen, links for those who tab.

Classes for the sheet: `sea`, `grat`, `land` with `c0` to `c5` (or `q1` to `q5` for counts), `noinfo` (filled with the
pattern `#hatch`), `disputed` (dashed, painted in the colour of the page), and `small` on discs of small States. Every
path and disc has `data-id` with the code, as have the rows of the table beside the map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Literal

from forestall.base.errors import Refused
from forestall.base.words import Words, say

from .boundary import Boundaries, DisputedArea, shipped
from .outline import Ring, path
from .projection import HEIGHT, WIDTH, edge, graticule
from .register import name, user_assigned

Ramp = Literal["c", "q"]
Translate = Callable[[str], str]

_DISC = 26
_HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="scale(10) rotate(45)"><path class="hatch-line" d="M0 0V6"/></pattern></defs>'
)


@dataclass(frozen=True)
class MapValue:
    """What one country shows: a step of the ramp (0 to 5) or None for no information, its words, and where it leads.

    `title` is the whole of what a reader hears: the name and the value.
    """

    step: int | None
    title: str
    href: str | None = None


def world_map(
    values: Mapping[str, MapValue],
    *,
    title: str,
    description: str,
    language: str,
    ramp: Ramp = "c",
    boundaries: Boundaries | None = None,
    translate: Translate | None = None,
    id: str = "map",  # noqa: A002 - the attribute's own name
) -> str:
    """A complete `<svg>` of the world. A country without a value is drawn as one without information.

    `ramp` is "c" for concern and "q" for counts (days, numbers). `translate` turns our own words into the reader's
    language; `language` chooses the names. Everything passed in is escaped. Raises `Refused` for a step outside 0 to 5
    and for a code that has no place on the map, which is every code of an exercise. Disputed areas never carry a step.
    """
    known = boundaries or shipped()
    _check(values, known=known)
    drawing = _Drawing(values=values, language=language, ramp=ramp, translate=translate)
    words = f"{description} {known.disclaimer.text(translate)}".strip()
    inner = [*drawing.areas(known), *drawing.disputed(known.disputed), *drawing.discs(known)]
    linked = any(one.href for one in values.values())
    return "".join(
        [
            _opening(id, language=language, linked=linked),
            _said(id, title=title, words=words),
            _ground(),
            *inner,
            "</g></svg>",
        ]
    )


def _check(values: Mapping[str, MapValue], *, known: Boundaries) -> None:
    drawn = {*known.codes(), *(area.code for area in known.disputed)}
    for code, value in values.items():
        if user_assigned(code) or code not in drawn:
            raise Refused(say('"%(code)s" has no place on the world map.', code=code))
        if value.step is not None and value.step not in range(6):
            raise Refused(
                say("A step on the map is 0 to 5; %(code)s has %(step)s.", code=code, step=value.step)
            )


def _opening(id: str, *, language: str, linked: bool) -> str:  # noqa: A002
    role = "group" if linked else "img"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart map" id="{escape(id)}" '
        f'viewBox="0 0 {WIDTH / 10:g} {HEIGHT / 10:g}" role="{role}" lang="{escape(language)}" '
        f'aria-labelledby="{escape(id)}-title" aria-describedby="{escape(id)}-desc">'
    )


def _said(id: str, *, title: str, words: str) -> str:  # noqa: A002
    return (
        f'<title id="{escape(id)}-title">{escape(title)}</title>'
        f'<desc id="{escape(id)}-desc">{escape(words)}</desc>{_HATCH}'
    )


def _ground() -> str:
    lines = "".join(f"M{_places(line)}" for line in graticule())
    return (
        f'<g transform="scale(.1)"><path class="sea" d="{path([_whole(edge())])}"/>'
        f'<path class="grat" d="{lines}"/>'
    )


def _whole(ring: Ring) -> Ring:
    return [(float(round(x)), float(round(y))) for x, y in ring]


def _places(line: Ring) -> str:
    return " ".join(f"{round(x)} {round(y)}" for x, y in line)


@dataclass(frozen=True)
class _Drawing:
    values: Mapping[str, MapValue]
    language: str
    ramp: Ramp
    translate: Translate | None

    def areas(self, known: Boundaries) -> Iterable[str]:
        """Shapes; those of small countries bear no name, which their disc has."""
        for code, shape in known.areas.items():
            bare = f'<path class="{self._class(code)}" data-id="{code}" fill-rule="evenodd" d="{shape}"'
            yield f"{bare}/>" if code in known.points else self._named(code, f"{bare}>%s</path>")

    def discs(self, known: Boundaries) -> Iterable[str]:
        """Discs for countries too small to see."""
        for code, (x, y) in known.points.items():
            disc = f'<circle class="{self._class(code)} small" data-id="{code}" cx="{x:g}" cy="{y:g}" r="{_DISC}">'
            yield self._named(code, f"{disc}%s</circle>")

    def disputed(self, areas: Iterable[DisputedArea]) -> Iterable[str]:
        """Disputed areas above the States, without a shade, told by name."""
        for area in areas:
            value = self.values.get(area.code)
            sentence = say("%(place)s: disputed or undetermined", place=area.name(self.language))
            told = value.title if value else sentence.text(self.translate)
            mark = f'data-id="{escape(area.code or area.id)}" '
            shape = f'<path class="land disputed" {mark}d="{area.shape}"><title>{escape(told)}</title></path>'
            yield _linked(shape, value=value)

    def _class(self, code: str) -> str:
        value = self.values.get(code)
        return "land noinfo" if value is None or value.step is None else f"land {self.ramp}{value.step}"

    def _named(self, code: str, template: str) -> str:
        value = self.values.get(code)
        told = value.title if value else self._nothing(code).text(self.translate)
        before, _, after = template.partition("%s")
        return _linked(f"{before}<title>{escape(told)}</title>{after}", value=value)

    def _nothing(self, code: str) -> Words:
        return say("%(place)s: no information", place=name(code, self.language))


def _linked(drawing: str, *, value: MapValue | None) -> str:
    if value is None or not value.href:
        return drawing
    return f'<a href="{escape(value.href)}" aria-label="{escape(value.title)}">{drawing}</a>'
