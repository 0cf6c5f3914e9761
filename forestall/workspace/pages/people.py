"""People: who there is, what they may do, whose desk, who clears, and the invitation by which somebody comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from forestall.access import actions, decisions, granting, policies, queries, signins
from forestall.access.declared import page
from forestall.access.network import office_address
from forestall.access.roles import ROLES
from forestall.access.session import Session, current
from forestall.base.words import Words, say, series
from forestall.labels.label import COMPARTMENT_WORDS, LEVEL_WORDS, Level, compartment_words
from forestall.workspace import directory, exporting
from forestall.workspace.formfields import day_in, level_in, person_in, text_in
from forestall.workspace.labelreading import desk_titles
from forestall.workspace.placenames import country_name
from forestall.workspace.showing import found, show
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order

if TYPE_CHECKING:
    from forestall.access.models import Person

KEEP = "people.keep"
INVITED_FOR = 7 * 24 * 60
LINK = "invitation_shown_once"
COLUMNS = (
    Column("name", say("Name")),
    Column("title", say("Title", context="of a person")),
    Column("roles", say("Roles"), sortable=False),
    Column("clearance", say("Clearance")),
    Column("desks", say("Desks you share"), sortable=False),
    Column("offices", say("Offices"), sortable=False),
    Column("account", say("Account")),
)
OFFICES = (
    ("second_reader", say("Second reader"), say("Clears content; reads every draft that somebody else wrote.")),
    ("director", say("Director"), say("Clears the release.")),
    ("special_adviser", say("Special Adviser"), say("Signs what leaves the Office.")),
    ("duty", say("Duty officer"), say("Is reached out of hours.")),
)


def _back(request: HttpRequest, words: Words, *, to: str = "") -> HttpResponse:
    messages.success(request, words)  # type: ignore[arg-type]
    return HttpResponseRedirect(to or reverse("people"))


@page(verb=KEEP)
def people(request: HttpRequest) -> HttpResponse:
    """The directory, and the forms that add people, desks and offices."""
    session = current()
    asked = {name: request.GET.get(name, "") for name in ("q", "role", "state")}
    found_rows = directory.rows(session, text=asked["q"], role=asked["role"], state=asked["state"])
    rows = _ordered(request, found_rows)
    if exporting.asked(request):
        return _file(request, rows)
    return show(
        request,
        "workspace/people.html",
        band=1,
        way=[(say("People"), "")],
        rows=rows,
        columns=COLUMNS,
        asked=asked,
        roles=list(ROLES.values()),
        levels=[(level, LEVEL_WORDS[Level(level)]) for level in (0, 1, 2)],
        desks=[{"desk": desk, "places": _places(desk.places)} for desk in queries.desks()],
        offices=_offices(),
        everybody=[one for one in queries.people() if one.is_active],
        leaves=queries.leaves(),
        alone=sum(one.is_active for one in queries.people()) == 1,
    )


def _ordered(request: HttpRequest, rows: list[directory.Row]) -> list[directory.Row]:
    key, falling = table_order(request.GET, columns=COLUMNS, default="name")
    by = {
        "name": lambda row: row.person.name.casefold(),
        "title": lambda row: row.person.title.casefold(),
        "clearance": lambda row: row.person.clearance,
        "account": lambda row: row.person.is_active,
    }
    return sorted(rows, key=by[key], reverse=falling)


def _places(spelled: str) -> list[str]:
    return [country_name(code) for code in spelled.split(",") if code]


def _offices() -> list[dict[str, object]]:
    known = {office.key: office for office in queries.offices()}
    told = [(key, title, about, known.get(key)) for key, title, about in OFFICES]
    told += [(key, say("%(title)s", title=one.title), say(""), one) for key, one in known.items()
             if key not in {each for each, _, _ in OFFICES}]  # fmt: skip
    return [{"key": key, "title": title, "about": about, "office": one} for key, title, about, one in told]


def _file(request: HttpRequest, rows: list[directory.Row]) -> HttpResponse:
    return exporting.table_file(
        request,
        name="people",
        head=[column.heading for column in COLUMNS],
        rows=[
            [row.person.name, row.person.title, series([role.name for role in row.roles]) if row.roles else "",
             row.person.clearance, ", ".join(row.desks), ", ".join(row.offices),
             say("open", context="account") if row.person.is_active else say("ended", context="account")]
            for row in rows
        ],
        levels=[1],
        rests=exporting.OURS,
    )  # fmt: skip


@page(verb=KEEP)
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person: roles, desks, recusals, days in charge, the invitation, the end of the account."""
    session, one = current(), found(queries.person(person_id))
    row = directory.row_of(one, session=session)
    url = reverse("person", args=[person_id])
    return show(
        request,
        "workspace/person.html",
        band=1,
        way=[(say("People"), reverse("people")), (one.name, "")],
        row=row,
        one=one,
        roles=[role for role in ROLES.values() if role.name not in {held.name for held in row.roles}],
        levels=[(level, LEVEL_WORDS[Level(level)]) for level in (0, 1, 2)],
        desks=[desk for desk in queries.desks() if desk.title not in row.desks],
        all_desks=queries.desks(),
        offices=[office for office in queries.offices() if office.holder_id and office.holder_id != one.id],
        charges=[charge for office in queries.offices() for charge in office.in_charge.all() if charge.person_id == one.id],
        apart=list(COMPARTMENT_WORDS.items()),
        shared=_shared(one, session=session),
        recusals=[(each, compartment_words(each.compartment, desks=desk_titles())) for each in queries.recusals(one)],
        link=_shown_once(request, person_id),
        is_self=str(one.id) == session.person_id,
        has_password=one.has_usable_password(),
        signed_in=len(signins.lasting(one)),
        leaves=[leave for leave in queries.leaves() if leave.person_id == one.id],
        url=url,
    )


def _shared(one: Person, *, session: Session) -> list[tuple[str, Words]]:
    """What the person is let into and the reader is too: no more is told."""
    titles = desk_titles()
    both = one.granted & (session.sight.compartments or frozenset())
    return [(each, compartment_words(each, desks=titles)) for each in sorted(both)]


def _shown_once(request: HttpRequest, person_id: UUID) -> str:
    """The invitation just made for this person: it leaves the session with the page that shows it."""
    kept = request.session.get(LINK)
    if not kept or kept.get("person") != str(person_id):
        return ""
    del request.session[LINK]
    return office_address(request, reverse("invited", args=[kept["token"]]))


@require_POST
def _add(request: HttpRequest) -> HttpResponse:
    session = current()
    made = actions.add_person(
        username=text_in(request, "username", name=say("name to sign in with")),
        name=text_in(request, "name", name=say("name")),
        title=request.POST.get("title", "").strip(),
        email=request.POST.get("email", "").strip(),
        clearance=level_in(request, "clearance"),
        by=session,
    )
    if request.POST.get("role"):
        actions.give_role(made, role=request.POST["role"], by=session)
    return _back(request, say("%(name)s was added. Now make an invitation.", name=made.name), to=_of(made.id))


def _of(person_id: UUID) -> str:
    return reverse("person", args=[person_id])


@require_POST
def _invite(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one = found(queries.person(person_id))
    token = actions.invite(one, minutes=INVITED_FOR, by=current())
    request.session[LINK] = {"person": str(one.id), "token": token}
    return HttpResponseRedirect(f"{_of(person_id)}#invitation")


@require_POST
def _give_role(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one = found(queries.person(person_id))
    actions.give_role(
        one, role=request.POST.get("role", ""), since=day_in(request, "since"), until=day_in(request, "until"), by=current()
    )
    return _back(request, say("The role is given."), to=_of(person_id))


@require_POST
def _end_role(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    grant = found(queries.grant(grant_id))
    actions.end_role(grant, by=current())
    return _back(request, say("The role ended."), to=_of(grant.person_id))


@require_POST
def _grant_desk(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one = found(queries.person(person_id))
    desk = found(next((each for each in queries.desks() if each.key == request.POST.get("desk")), None))
    actions.grant_compartments(one, compartments=frozenset({desk.compartment}), by=current())
    words = say("%(name)s now works on the desk %(desk)s.", name=one.name, desk=desk.title)
    return _back(request, words, to=_of(person_id))


@require_POST
def _recuse(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one = found(queries.person(person_id))
    desk = found(next((each for each in queries.desks() if each.key == request.POST.get("desk")), None))
    actions.recuse(one, compartment=desk.compartment, by=current())
    words = say("%(name)s sees nothing of the desk %(desk)s from now on.", name=one.name, desk=desk.title)
    return _back(request, words, to=_of(person_id))


@require_POST
def _clearance(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one = found(queries.person(person_id))
    actions.change_clearance(one, level=level_in(request, "clearance"), by=current())
    return _back(request, say("The clearance is changed."), to=_of(person_id))


@require_POST
def _propose_level_3(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one = found(queries.person(person_id))
    decisions.propose(granting.LEVEL_3, about=one, reason=request.POST.get("reason", ""), by=current())
    return _back(request, say("Another administrator was told, and must agree."), to=_of(person_id))


@require_POST
def _account(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """End an account, named again in the form, or open it again."""
    one = found(queries.person(person_id))
    opening = request.POST.get("act") == "open"
    if not opening:
        policies.check_named(typed=request.POST.get("again", ""), name=one.username)
    actions.set_active(one, active=opening, by=current())
    return _back(request, say("The account is open.") if opening else say("The account has ended."), to=_of(person_id))


@require_POST
def _in_charge(request: HttpRequest) -> HttpResponse:
    office = found(queries.office(request.POST.get("office", "")))
    actions.put_in_charge(
        office,
        person=person_in(request, "person"),
        since=day_in(request, "since", needed=say("first day")),
        until=day_in(request, "until", needed=say("last day")),
        by=current(),
    )
    return _back(request, say("The officer-in-charge is named. Acts will read A for B."))


@require_POST
def _desk(request: HttpRequest) -> HttpResponse:
    places = frozenset(code.strip().upper() for code in request.POST.get("places", "").split(",") if code.strip())
    actions.keep_desk(
        key=text_in(request, "key", name=say("short name")),
        title=text_in(request, "title", name=say("title")),
        places=places,
        by=current(),
    )
    return _back(request, say("The desk is kept."))


@require_POST
def _office(request: HttpRequest) -> HttpResponse:
    actions.keep_office(
        key=text_in(request, "key", name=say("office")),
        title=text_in(request, "title", name=say("title")),
        holder=person_in(request, "holder"),
        alternate=person_in(request, "alternate") if request.POST.get("alternate") else None,
        by=current(),
    )
    return _back(request, say("The office is kept."))


@require_POST
def _sign_out(request: HttpRequest, person_id: UUID) -> HttpResponse:
    one = found(queries.person(person_id))
    signins.end_for(one, by=current())
    return _back(request, say("They are signed out everywhere."), to=_of(person_id))


keeping = page(verb=KEEP, writes=KEEP)
giving_sight = page(verb=KEEP, writes=KEEP, step_up=True)

addresses = [
    path("people/", people, name="people"),
    path("people/add/", giving_sight(_add), name="add_person"),
    path("people/desk/", keeping(_desk), name="keep_desk"),
    path("people/office/", keeping(_office), name="keep_office"),
    path("people/in-charge/", keeping(_in_charge), name="put_in_charge"),
    path("people/role/<uuid:grant_id>/end/", keeping(_end_role), name="end_role"),
    path("people/<uuid:person_id>/", person, name="person"),
    path("people/<uuid:person_id>/invite/", giving_sight(_invite), name="invite"),
    path("people/<uuid:person_id>/role/", keeping(_give_role), name="give_role"),
    path("people/<uuid:person_id>/desk/", giving_sight(_grant_desk), name="grant_desk"),
    path("people/<uuid:person_id>/recuse/", keeping(_recuse), name="recuse"),
    path("people/<uuid:person_id>/clearance/", giving_sight(_clearance), name="change_clearance"),
    path("people/<uuid:person_id>/level-3/", giving_sight(_propose_level_3), name="propose_level_3"),
    path("people/<uuid:person_id>/account/", keeping(_account), name="account_state"),
    path("people/<uuid:person_id>/sign-out/", keeping(_sign_out), name="sign_out_person"),
]
