"""The tag library of the look: `{% load forestall %}`, then one tag for each mark and component.

Marks are functions that return safe HTML (`marks`, `dates`, `estimates`); components are small templates in
`workspace/tags/`. Every value is plain (`parts`); the words come from `vocabulary` through gettext.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page
from django.forms import BoundField
from django.template import Context, Library
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from forestall.workspace.acts import act
from forestall.workspace.charts import factor_history
from forestall.workspace.refilling import KEY

from . import dates, estimates, marks, tables, vocabulary
from .parts import Ask, Column, Factor, FactorGroup, Step, Work

register = Library()

register.simple_tag(marks.sprite)
register.simple_tag(marks.glyph)
register.simple_tag(marks.presence)
register.simple_tag(marks.shift)
register.simple_tag(marks.trend)
register.simple_tag(marks.confidence)
register.simple_tag(marks.status)
register.simple_tag(marks.grade)
register.simple_tag(marks.origins)
register.simple_tag(marks.label)
register.simple_tag(marks.level_band)
register.simple_tag(marks.reader_mark)
register.simple_tag(marks.exercise_words)
register.simple_tag(marks.claim)
register.simple_tag(dates.day)
register.simple_tag(dates.moment)
register.simple_tag(estimates.probability)
register.simple_tag(estimates.likelihood)
register.filter("say", vocabulary.spoken)
register.filter(act)
register.filter(vocabulary.catalogued)
register.filter(vocabulary.with_code)
register.filter(vocabulary.listed)
register.filter(vocabulary.listed_apart)
register.simple_tag(vocabulary.comma)


@register.simple_tag
def draft(form: str, *about: object) -> SafeString:
    """Which form this is, so that what is typed into it is kept until it is sent: a hidden input before its fields.

    `about` are the public ids, and what else tells this form from others of its kind.
    """
    return format_html('<input type="hidden" name="{}" value="{}">', KEY, ":".join([form, *map(str, about)]))


@register.simple_tag
def drawn(svg: str, says: str, *, css: str) -> SafeString:
    """A drawing of our own making (SVG) inside the page, with what it says to who does not see it."""
    body = svg.partition("<svg")[2]
    return format_html('<svg class="{}" role="img" aria-label="{}"{}', css, says, mark_safe(body))  # noqa: S308 - ours


@register.simple_tag
def label_of(thing: Any) -> SafeString:
    """The label of a recorded thing, leading to the page that explains and changes it."""
    return format_html('<a class="quiet" href="{}">{}</a>', reverse("label", args=[thing.kind(), thing.id]), marks.label(thing.level))


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """This page's address with parameters changed: `{% query page=2 %}`."""
    return tables.with_query(context.get("request"), **changes)


@register.inclusion_tag("workspace/tags/hidden_query.html", takes_context=True)
def hidden_query(context: Context, *leave_out: str) -> dict[str, Any]:
    """The address's parameters as hidden inputs, for a GET form that changes only some of them."""
    request = context.get("request")
    pairs = [
        (name, value)
        for name, values in (request.GET.lists() if request else ())
        for value in values
        if name not in leave_out
    ]
    return {"pairs": pairs}


@register.inclusion_tag("workspace/tags/table_head.html", takes_context=True)
def table_head(context: Context, columns: Sequence[Column], *, default: str = "") -> dict[str, Any]:
    """The head row of a table with sort links. `default` is the order when the address names none."""
    return {"cells": tables.head_cells(context.get("request"), columns=columns, default=default)}


@register.inclusion_tag("workspace/tags/exports.html", takes_context=True)
def exports(context: Context, *, inside: bool = False) -> dict[str, Any]:
    """Links to the same rows as CSV and as XLSX. `inside`: also with all words that may not be passed on."""
    request = context.get("request")
    whole = {"page": None, "use": "inside"}
    return {
        "csv": tables.with_query(request, format="csv", page=None),
        "xlsx": tables.with_query(request, format="xlsx", page=None),
        "inside": inside,
        "csv_inside": tables.with_query(request, format="csv", **whole),
        "xlsx_inside": tables.with_query(request, format="xlsx", **whole),
    }


@register.inclusion_tag("workspace/tags/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Which rows of how many, and links to the other pages. Nothing when all rows are on one page."""
    request = context.get("request")
    numbers = tables.pages_around(page.number, page.paginator.num_pages)
    return {
        "page": page,
        "links": [
            {"number": number, "url": tables.with_query(request, page=number) if number else ""}
            for number in numbers
        ],
        "previous": tables.with_query(request, page=page.number - 1) if page.has_previous() else "",
        "next": tables.with_query(request, page=page.number + 1) if page.has_next() else "",
    }


@register.inclusion_tag("workspace/tags/factor_panel.html")
def factor_panel(factor: Factor) -> dict[str, Any]:
    """One risk factor: its history of up to eight assessments, presence, trend and confidence. Never a score."""
    return {"factor": factor, "history": factor_history(factor.history or [factor.presence])}


@register.inclusion_tag("workspace/tags/factor_profile.html")
def factor_profile(groups: Sequence[FactorGroup], *, name: str = "profile") -> dict[str, Any]:
    """All factor panels in the framework's order with the words on how to read them.

    `name` makes the ids of the part unique. On a phone the panels that did not move are folded to one line; a link
    opens them all.
    """
    unmoved = sum(not factor.moved for group in groups for factor in group.factors)
    return {
        "groups": groups,
        "name": name,
        "unmoved": unmoved,
        "presences": list(vocabulary.PRESENCE),
        "trends": list(vocabulary.TREND),
        "confidences": [value for value in vocabulary.CONFIDENCE if value][::-1],
    }


@register.inclusion_tag("workspace/tags/chart_figure.html")
def chart_figure(svg: SafeString, title: object, *, sub: object = "", caption: object = "") -> dict[str, Any]:
    """A chart with its words. On a narrow screen the chart scrolls in its frame: its letters never shrink away."""
    return {"svg": svg, "title": title, "sub": sub, "caption": caption}


@register.inclusion_tag("workspace/tags/steps.html")
def steps(items: Sequence[Step]) -> dict[str, Any]:
    """Where a document stands, who is next, what blocks it. Stands inside `.clear` at the foot of the window."""
    return {"steps": [{"step": step, "mark": vocabulary.STEP[step.state]} for step in items]}


@register.inclusion_tag("workspace/tags/ask.html")
def ask_box(ask: Ask) -> dict[str, Any]:
    """An ask with its addressee, days and answer; silence is a dashed edge and words."""
    return {"ask": ask}


@register.inclusion_tag("workspace/tags/progress.html")
def progress(work: Work) -> dict[str, Any]:
    """Long work: how far, how long still, and that one may leave."""
    return {"work": work}


@register.inclusion_tag("workspace/tags/empty.html")
def empty_state(
    title: object, sentence: object = "", *, url: str = "", action: object = ""
) -> dict[str, Any]:
    """Nothing here yet, and what to do next."""
    return {"title": title, "sentence": sentence, "url": url, "action": action}


@register.inclusion_tag("workspace/tags/field.html")
def field(bound: BoundField, *, hint: object = "", first: bool = False) -> dict[str, Any]:
    """A form field with its label, hint and errors, tied together for screen readers; `first`: one begins there."""
    if first:
        bound.field.widget.attrs["autofocus"] = True
    kind = getattr(bound.field.widget, "input_type", "")
    return {"field": bound, "hint": hint, "is_choice": kind == "checkbox", "is_group": bound.use_fieldset}


@register.simple_block_tag
def empty(content: SafeString) -> SafeString:
    """An empty state whose sentence holds links of its own: `{% empty %}…{% endempty %}`."""
    return format_html('<div class="empty">{}</div>', content)


@register.simple_block_tag
def clear(content: SafeString, *, name: object = "") -> SafeString:
    """The bar at the foot of the window: steps and the verbs a person may use now."""
    return format_html(
        '<div class="clear" role="region" aria-label="{}">{}</div>', vocabulary.spoken(name), content
    )
