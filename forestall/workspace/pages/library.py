"""The library: frameworks with what is verified and held, crimes in law, speech, scales, measures, the crosswalk."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from forestall.access.declared import page
from forestall.assessment import wording
from forestall.base.words import Words, say
from forestall.frameworks import difference, entries
from forestall.frameworks.crimes import crimes
from forestall.frameworks.framework import Framework, Nature, Scope
from forestall.frameworks.options import Stage, menu
from forestall.frameworks.presentation import nature_words, scope_words, verification_words
from forestall.frameworks.scales import scales
from forestall.frameworks.speech import speech
from forestall.workspace import exporting, shelf
from forestall.workspace.showing import show
from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import table_order

READ = "library.read"
OPTIONS = (
    Column("name", say("Measure")),
    Column("category", say("Kind")),
    Column("stage", say("How soon it can work")),
    Column("factors", say("Factors it speaks to")),
    Column("leads", say("Who may lead"), sortable=False),
    Column("caution", say("How it can fail or do harm"), sortable=False),
)


def _way(*further: tuple[Words | str, str]) -> list[tuple[Words | str, str]]:
    return [(say("Library"), reverse("library")), *further]


def _framework(framework_id: str) -> Framework:
    if framework_id not in entries():
        raise Http404
    return wording.framework_here(framework_id)


@page(verb=READ)
def library(request: HttpRequest) -> HttpResponse:
    """What there is to read."""
    return show(
        request,
        "workspace/library.html",
        band=1,
        way=[(say("Library"), "")],
        books=shelf.books(),
        counts={
            "crimes": len([one for one in crimes() if one.separate_in_law]),
            "options": len(menu().options),
            "scales": len(scales()),
        },
    )


@page(verb=READ)
def framework(request: HttpRequest, framework_id: str) -> HttpResponse:
    """One framework: factors and indicators, narrowed as the address says; the same rows as a file."""
    one = _framework(framework_id)
    asked = {name: request.GET.get(name, "") for name in ("q", "nature", "scope", "held")}
    parts = shelf.parts(one, text=asked["q"], nature=asked["nature"], scope=asked["scope"], held=asked["held"])
    if exporting.asked(request):
        return _framework_file(request, one, parts)
    return show(
        request,
        "workspace/library_framework.html",
        band=1,
        way=_way((shelf.told(one.title), "")),
        book=shelf.book(framework_id),
        parts=parts,
        asked=asked,
        natures=[(each.value, nature_words(each)) for each in Nature],
        scopes=[(each.value, scope_words(each)) for each in Scope],
        guidance=[(each.id, shelf.told(each.text), verification_words(each.verification)) for each in one.guidance],
        accepted=[each for each in wording.acceptances_here() if each.framework == one.id],
        compares=one.numbering == "official",
    )


def _framework_file(request: HttpRequest, one: Framework, parts: list[shelf.FactorPart]) -> HttpResponse:
    head = [say("Number"), say("Our wording"), say("Factor"), say("Nature"), say("Crimes"), say("Citation"),
            say("Number and meaning"), say("Wording")]  # fmt: skip
    rows: list[list[exporting.Value]] = [
        [line.number, line.text, f"{part.number} {part.title}", line.nature, line.scope, line.citation,
         line.verification, line.wording]
        for part in parts
        for line in part.lines
    ]  # fmt: skip
    return exporting.table_file(request, name=one.id, head=head, rows=rows, levels=[1], rests=exporting.OURS)


@page(verb=READ)
def crimes_in_law(request: HttpRequest) -> HttpResponse:
    """The crimes with their elements, and ethnic cleansing as a reading across indicators."""
    return show(
        request,
        "workspace/library_crimes.html",
        band=1,
        way=_way((say("Crimes in law"), "")),
        crimes=[
            {
                "crime": one,
                "title": shelf.told(one.title),
                "text": shelf.told(one.text),
                "rows": shelf.crime_rows(one),
                "across": _across(one.framework, one.read_across),
            }
            for one in crimes()
        ],
    )


def _across(framework_id: str, numbers: tuple[str, ...]) -> list[shelf.IndicatorLine]:
    lines = {line.number: line for part in shelf.parts(wording.framework_here(framework_id)) for line in part.lines}
    return [lines[number] for number in numbers]


@page(verb=READ)
def speech_worksheet(request: HttpRequest) -> HttpResponse:
    """The questions a person answers about speech, to fill in on the screen or on paper; nothing is kept or summed."""
    sheet = speech()
    return show(
        request,
        "workspace/library_speech.html",
        band=1,
        way=_way((say("Speech worksheet"), "")),
        tests=[
            {
                "id": one.id,
                "title": shelf.told(one.title),
                "rule": shelf.told(one.rule),
                "citation": one.citation,
                "verification": verification_words(one.verification),
                "parts": [(part.id, shelf.told(part.title), shelf.told(part.question)) for part in one.parts],
            }
            for one in sheet.tests
        ],
        hallmarks=[(shelf.told(one.text), verification_words(one.verification)) for one in sheet.hallmarks],
        levels=[
            (shelf.told(one.title), shelf.told(one.text), verification_words(one.verification))
            for one in sheet.levels
        ],
    )


@page(verb=READ)
def scales_page(request: HttpRequest) -> HttpResponse:
    """The scales by which people grade and judge."""
    told = [
        {
            "id": one.id,
            "title": shelf.told(one.title),
            "rule": shelf.told(one.rule),
            "source": one.source,
            "rows": shelf.scale_rows(one),
            "ranged": any(step.low is not None for step in one.steps),
        }
        for one in scales()
    ]
    return show(request, "workspace/library_scales.html", band=1, way=_way((say("Scales"), "")), scales=told)


@page(verb=READ)
def options(request: HttpRequest) -> HttpResponse:
    """Preventive measures, narrowed by factor, kind and stage; the same rows as a file."""
    found = menu()
    factors = {one.number: shelf.told(one.title) for one in wording.framework_here(found.framework).factors}
    asked = {name: request.GET.get(name, "") for name in ("factor", "category", "stage")}
    chosen = [
        one
        for one in found.options
        if asked["factor"] in ("", *one.factors)
        and asked["category"] in ("", one.category)
        and asked["stage"] in ("", one.stage.value)
    ]
    rows = _ordered(request, [shelf.measure(one, menu=found, factors=factors) for one in chosen])
    if exporting.asked(request):
        return _options_file(request, rows)
    return show(
        request,
        "workspace/library_options.html",
        band=1,
        way=_way((say("Preventive measures"), "")),
        rows=rows,
        columns=OPTIONS,
        asked=asked,
        factors=list(factors.items()),
        categories=[(key, shelf.told(name)) for key, name in found.categories.items()],
        stages=[(each.value, shelf.STAGES[each]) for each in Stage],
        total=len(found.options),
    )


def _ordered(request: HttpRequest, rows: list[shelf.Measure]) -> list[shelf.Measure]:
    """In the order asked for; as they stand in the menu otherwise, which ranks nothing."""
    key, falling = table_order(request.GET, columns=OPTIONS, default="")
    by = {
        "name": lambda row: row.name.casefold(),
        "category": lambda row: row.category.casefold(),
        "stage": lambda row: str(row.stage),
        "factors": lambda row: [int(number) for number, _ in row.factors],
    }
    return sorted(rows, key=by[key], reverse=falling) if key else rows


def _options_file(request: HttpRequest, rows: list[shelf.Measure]) -> HttpResponse:
    head = [say("Measure"), say("Kind"), say("How soon it can work"), say("Factors it speaks to"), say("Pillars"),
            say("Who may lead"), say("What it needs"), say("How it can fail or do harm"), say("Evidence", context="of a measure")]  # fmt: skip
    lines: list[list[exporting.Value]] = [
        [row.name, row.category, row.stage, ", ".join(number for number, _ in row.factors), row.pillars,
         "; ".join(row.leads), "; ".join(row.resources), row.caution, row.evidence]
        for row in rows
    ]  # fmt: skip
    return exporting.table_file(request, name="preventive-measures", head=head, rows=lines, levels=[1], rests=exporting.OURS)


@page(verb=READ)
def crosswalk(request: HttpRequest) -> HttpResponse:
    """How the framework of 2009 and that of 2014 answer to each other. The mapping is our own."""
    old = next(one for one in (wording.framework_here(each) for each in entries()) if one.crosswalk_to)
    new = wording.framework_here(str(old.crosswalk_to))
    found = difference.crosswalk(old, new)
    return show(
        request,
        "workspace/library_crosswalk.html",
        band=1,
        way=_way((say("From 2009 to 2014"), "")),
        old=old,
        new=new,
        old_title=shelf.told(old.title),
        new_title=shelf.told(new.title),
        pairs=[(_named(old, number), [_named(new, each) for each in answers]) for number, answers in found.pairs],
        old_alone=[_named(old, number) for number in found.old_alone],
        new_alone=[_named(new, number) for number in found.new_alone],
    )


def _named(one: Framework, number: str) -> tuple[str, str]:
    return number, shelf.told(one.factor(number).title)


addresses = [
    path("library/", library, name="library"),
    path("library/crimes/", crimes_in_law, name="crimes"),
    path("library/speech/", speech_worksheet, name="speech"),
    path("library/scales/", scales_page, name="scales"),
    path("library/options/", options, name="options"),
    path("library/crosswalk/", crosswalk, name="crosswalk"),
    path("library/<slug:framework_id>/", framework, name="framework"),
]
