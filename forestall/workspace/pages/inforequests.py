"""Requests for information: asking a body, what came by which day, and silence where nothing came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext

from forestall.access import queries as people
from forestall.access.declared import page
from forestall.access.session import current
from forestall.assessment import queries as assessment
from forestall.base.clock import today
from forestall.base.errors import Refused
from forestall.base.identifiers import is_id
from forestall.base.words import Words, say
from forestall.institutions import queries as institutions
from forestall.monitoring import inforequests
from forestall.monitoring import queries as monitoring
from forestall.monitoring.actions import inforequest as actions
from forestall.monitoring.states import INFORMATION_REQUEST
from forestall.workspace import exporting, withinreading
from forestall.workspace.formfields import day_in
from forestall.workspace.placenames import country_choices, country_name
from forestall.workspace.showing import band_of, found, show
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order
from forestall.workspace.wayfinding import address

if TYPE_CHECKING:
    from forestall.assessment.queries import Situation
    from forestall.monitoring.inforequests import InformationRequest
    from forestall.monitoring.reporting import Item

ASK = "information.ask"
COLUMNS = (
    Column("question", say("Request")),
    Column("body", say("Asked of")),
    Column("asked_on", say("Asked on")),
    Column("due", say("Answer wanted by")),
    Column("state", say("Where it stands")),
)
RECENT = 50
"""Items of a body's sources that an answer can be tied to: the newest."""


@page()
def asked_list(request: HttpRequest) -> HttpResponse:
    """Every request that can be seen, those without a response and past their day first."""
    session = current()
    day = session.as_of or today()
    every = inforequests.requests()
    rows = _ordered(request, [row for row in withinreading.asked_rows(every, day=day) if _wanted(request, row)])
    band = band_of(label for row in rows for label in (row["one"].label, row["one"].counterpart.label))
    if exporting.asked(request):
        lines = [
            [f"{row['one'].reference} {row['one'].question}", row["body"], f"{row['one'].asked_on}", f"{row['one'].due}", row["state"]]
            for row in rows
        ]
        head = [column.heading for column in COLUMNS]
        return exporting.table_file(request, name="requests-for-information", head=head, rows=lines, levels=[band], rests=exporting.OURS)
    return show(
        request,
        "workspace/asked_list.html",
        band=band,
        way=[(say("Counterparts"), address("counterparts")), (say("Requests for information"), "")],
        as_of=True,
        asked=rows,
        any_known=bool(every),
        late=sum(row["late"] for row in rows),
        columns=COLUMNS,
        states=list(INFORMATION_REQUEST.words.items()),
        may_ask_entity=session.may(ASK),
    )


def _wanted(request: HttpRequest, row: withinreading.Row) -> bool:
    text, state = request.GET.get("q", "").strip().casefold(), request.GET.get("state", "")
    told = f"{row['one'].reference} {row['one'].question} {row['body']}".casefold()
    return text in told and state in ("", row["one"].state)


def _ordered(request: HttpRequest, rows: list[withinreading.Row]) -> list[withinreading.Row]:
    if "sort" not in request.GET:
        return rows
    key, falling = table_order(request.GET, columns=COLUMNS, default="due")
    values = {"question": lambda row: row["one"].question.casefold(), "body": lambda row: row["body"].casefold(),
              "state": lambda row: row["state"].text(gettext)}  # fmt: skip
    return sorted(rows, key=values.get(key, lambda row: getattr(row["one"], key)), reverse=falling)


@page(writes=ASK)
def ask_entity(request: HttpRequest) -> HttpResponse:
    """Ask a body for information: whom, what, by when; about a situation or a State."""
    session = current()
    situation = _situation(request)
    if request.method == "POST":
        return _asked(request, situation=situation)
    country = request.GET.get("country", "") or (situation.places[0] if situation and situation.places else "")
    chosen = request.GET.get("counterpart", "")
    bodies = institutions.counterparts()
    present = {one.counterpart_id for one in institutions.presences(iso3=[country], on=today())} if country else set()
    return show(
        request,
        "workspace/ask_entity.html",
        band=band_of([*([situation.label] if situation else []), *(one.label for one in bodies)]),
        way=[(say("Counterparts"), address("counterparts")), (say("Requests for information"), address("asked_list")), (say("Ask for information"), "")],
        situation=situation,
        country=country,
        country_title=country_name(country) if country else "",
        countries=country_choices(),
        present=[one for one in bodies if one.id in present],
        others=[one for one in bodies if one.id not in present],
        chosen=chosen,
        question=_known_question(request, situation),
        may_ask_entity=session.may(ASK),
        today=today(),
    )


def _known_question(request: HttpRequest, situation: Situation | None) -> str:
    """What is not known of the situation, when the request begins from an open question of it."""
    named = request.GET.get("gap", "")
    gap = monitoring.gap(named) if situation and is_id(named) else None
    return gap.question if gap and situation and gap.situation_id == situation.id else ""


def _situation(request: HttpRequest) -> Situation | None:
    """The situation that the request is about, if it names one; what may not be seen is the page for what never was."""
    named = request.POST.get("situation", "") or request.GET.get("situation", "")
    if not named:
        return None
    return found(assessment.situation(named) if is_id(named) else None)


def _asked(request: HttpRequest, *, situation: Situation | None) -> HttpResponse:
    post = request.POST
    if not post.get("counterpart"):
        raise Refused(say("Choose whom to ask."))
    whom = found(institutions.counterpart(post["counterpart"]) if is_id(post["counterpart"]) else None)
    made = actions.ask(
        whom,
        question=post.get("question", ""),
        due=day_in(request, "due"),
        iso3=post.get("country", ""),
        situation_id=situation.id if situation else None,
        about=situation.label if situation else None,
        by=current(),
    )
    messages.success(request, say("Kept. Now send it through the channel: its text stands here to be copied.").text(gettext))
    return HttpResponseRedirect(reverse("asked", args=[made.id]))


@page(writes=ASK)
def asked(request: HttpRequest, asked_id: UUID) -> HttpResponse:
    """One request: its text for the channel, what came, and the forms to record an answer, a refusal or its withdrawal."""
    session, one = current(), found(inforequests.request(asked_id))
    if request.method == "POST":
        return _acted(request, one)
    day = session.as_of or today()
    came = inforequests.answering(one)
    situation = assessment.situation(one.situation_id) if one.situation_id else None
    (row,) = withinreading.asked_rows([one], day=day)
    onward = INFORMATION_REQUEST.onward(one.state)
    return show(
        request,
        "workspace/asked.html",
        band=band_of([one.label, one.counterpart.label, *(item.label for item in came), *([situation.label] if situation else [])]),
        labelled=one,
        way=[(say("Counterparts"), address("counterparts")), (say("Requests for information"), address("asked_list")), (one.reference, "")],
        as_of=True,
        row=row,
        one=one,
        situation=situation,
        asker=people.names([one.asked_by]).get(one.asked_by, ""),
        holders=[each for each in institutions.office_holders(on=day) if each.counterpart_id == one.counterpart_id],
        came=came,
        offered=[item for item in _offered(one) if item not in came],
        may_act=session.may(ASK),
        can_receive="answered" in onward,
        can_decline="declined" in onward,
        can_withdraw="withdrawn" in onward,
        today=today(),
    )


def _offered(one: InformationRequest) -> list[Item]:
    """The newest items from sources that speak for the body asked."""
    speaking = [each for each in monitoring.sources().values() if each.counterpart_id == one.counterpart_id]
    items = [item for source in speaking for item in monitoring.items_of(source, newest=RECENT)]
    return sorted(items, key=lambda item: item.received_at, reverse=True)[:RECENT]


def _acted(request: HttpRequest, one: InformationRequest) -> HttpResponse:
    session, post = current(), request.POST
    match post.get("act"):
        case "receive" | "part":
            on, part = day_in(request, "on"), post["act"] == "part"
            actions.receive(one, text=post.get("text", ""), on=on, items=_chosen(post.getlist("items")), in_part=part, by=session)
            words = say("What came is kept.")
        case "decline":
            actions.decline(one, reason=post.get("reason", ""), by=session)
            words = say("Kept that the body declined.")
        case "withdraw":
            actions.withdraw(one, reason=post.get("reason", ""), by=session)
            words = say("The request is withdrawn. It stays in the record.")
        case _:
            raise Refused(say("Choose what is to be done."))
    return _back(request, one, words=words)


def _chosen(named: Sequence[str]) -> list[Item]:
    """The items that a form names. What may not be seen is the page for what never was."""
    return [found(monitoring.item_at(text)) for text in named if text]


def _back(request: HttpRequest, one: InformationRequest, *, words: Words) -> HttpResponse:
    messages.success(request, words.text(gettext))
    seen: Any = inforequests.request(one.id)
    return HttpResponseRedirect(reverse("asked", args=[one.id]) if seen else reverse("asked_list"))


addresses = [
    path("counterparts/asked/", asked_list, name="asked_list"),
    path("counterparts/asked/<uuid:asked_id>/", asked, name="asked"),
    path("counterparts/ask/", ask_entity, name="ask_entity"),
]
