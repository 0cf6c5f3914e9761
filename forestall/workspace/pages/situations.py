"""What is watched: every situation by how closely, when it is looked at again, what moved; and opening one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from forestall import places
from forestall.access import queries as people
from forestall.access.declared import page
from forestall.access.session import Session, current
from forestall.assessment.actions import situation as actions
from forestall.assessment.states import SITUATION
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import LEVEL_WORDS, Level
from forestall.workspace import exporting, situationtable
from forestall.workspace.exercisecountries import exercise_countries
from forestall.workspace.placenames import country_name
from forestall.workspace.showing import band_of, show
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order

COLUMNS = (
    Column("title", say("Situation")),
    Column("state", say("State")),
    Column("places", say("Countries")),
    Column("review", say("Review due")),
    Column("read", say("Last reading")),
    Column("moved", say("Factors moved"), numeric=True),
    Column("desk", say("Desk")),
)
DEFAULT = "state"


@page()
def situations(request: HttpRequest) -> HttpResponse:
    """Every situation that may be seen, the most closely watched first."""
    session = current()
    known = situationtable.rows(today=session.as_of or today())
    found = situationtable.chosen(
        known,
        text=request.GET.get("q", ""),
        state=request.GET.get("state", ""),
        place=request.GET.get("place", ""),
    )
    key, falling = table_order(request.GET, columns=COLUMNS, default=DEFAULT)
    rows = situationtable.ordered(found, key=key, falling=falling)
    band = band_of(label for row in rows for label in row.labels)
    if exporting.asked(request):
        head, lines = situationtable.HEAD, situationtable.lines(rows)
        return exporting.table_file(request, name="situations", head=head, rows=lines, levels=[band_of(row.labels) for row in rows], rests=exporting.OURS)
    return show(
        request,
        "workspace/situations.html",
        band=band,
        way=[(say("Situations"), "")],
        as_of=True,
        rows=rows,
        columns=COLUMNS,
        default=DEFAULT,
        any_known=bool(known),
        states=[(value, words) for value, words in SITUATION.words.items()],
        countries=sorted({(code, country_name(code)) for row in known for code in row.codes}, key=lambda pair: pair[1]),
        may_open=session.may("situation.open"),
        desks=_own_desks(session),
        levels=_levels(session),
    )


def _own_desks(session: Session) -> list[tuple[str, str]]:
    """Desks whose work the person sees: no other desk is named to them."""
    within = session.sight.compartments or frozenset()
    return [(desk.key, desk.title) for desk in people.desks() if desk.compartment in within]


def _levels(session: Session) -> list[tuple[int, str]]:
    return [(int(level), gettext(LEVEL_WORDS[level].message)) for level in Level if 0 < level <= session.level]


@page(writes="situation.open")
@require_POST
def open_situation(request: HttpRequest) -> HttpResponse:
    """Begin to watch: a title, countries, the desk that keeps it, and why."""
    session = current()
    desk = request.POST.get("desk", "")
    if desk and desk not in dict(_own_desks(session)):
        raise Refused(say("Choose one of your own desks."))
    made = actions.open_situation(
        title=request.POST.get("title", ""),
        places=_codes(request.POST.get("places", "")),
        reason=request.POST.get("reason", ""),
        desk=desk,
        level=_level(request.POST.get("level", ""), session=session),
        by=session,
    )
    return HttpResponseRedirect(reverse("situation", args=[made.id]))


def _codes(text: str) -> list[str]:
    """Codes of the countries written with commas or semicolons between them. Raises `Refused` for one not told apart."""
    named = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    return list(dict.fromkeys(_code(name) for name in named))


def _code(name: str) -> str:
    found = places.find(name, also=exercise_countries())
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(say("“%(name)s” can mean: %(found)s. Write the code.", name=name, found=", ".join(found)))
    raise Refused(say("No country or area is called “%(name)s”. Write its name or its code of three letters.", name=name))


def _level(text: str, *, session: Session) -> Level:
    allowed = {str(level): Level(level) for level, _ in _levels(session)}
    if text not in allowed:
        raise Refused(say("Choose a level that you may see yourself."))
    return allowed[text]


addresses = [
    path("situations/", situations, name="situations"),
    path("situations/open/", open_situation, name="open_situation"),
]
