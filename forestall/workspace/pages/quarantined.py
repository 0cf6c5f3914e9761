"""One file of the quarantine: why it was set aside, its history, its bytes, and the decision about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forestall.access.declared import page
from forestall.access.session import current
from forestall.base.errors import Malformed, Refused
from forestall.base.words import Words, say
from forestall.collecting.encodings import OFFERED
from forestall.collecting.intake import Outcome
from forestall.collecting.names import shown
from forestall.monitoring import policies, previewing, setaside
from forestall.monitoring.actions import quarantine as deciding
from forestall.monitoring.actions.quarantine import Correction
from forestall.monitoring.suggesting import office_readers
from forestall.workspace.setaside import SetAside, history, rows_of
from forestall.workspace.showing import band_of, found, show

if TYPE_CHECKING:
    from forestall.monitoring.actions.intake import Taken
    from forestall.monitoring.models import Quarantine
    from forestall.monitoring.previewing import Preview

LONGEST_MAPPING = 4000


class ReadAgainForm(forms.Form):
    """What a reviewer may say of a file before it is read again. Nothing of it is needed."""

    name = forms.CharField(
        label=_("Name it should have had"),
        required=False,
        max_length=200,
        help_text=_(
            "Only when the name was wrong: a PDF that came as .doc is report.pdf. Name and content must agree."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of its letters"),
        required=False,
        help_text=_("For plain text, web pages, feeds and tables."),
    )
    mapping = forms.CharField(
        label=_("Mapping of its table"),
        required=False,
        max_length=LONGEST_MAPPING,
        help_text=_("As in NAME.mapping.toml: date_order, delimiter, key, dates, columns, level."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "dir": "ltr", "class": "mono"}),
    )

    def __init__(self, *args: Any, hostile: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "read-%s", **kwargs})
        encoding = self.fields["encoding"]
        assert isinstance(encoding, forms.ChoiceField)
        encoding.choices = [
            ("", gettext("as the file says, or as it looks")),
            *((one, one) for one in OFFERED),
        ]
        if hostile:
            del self.fields["name"]

    @property
    def said_more(self) -> bool:
        """Whether more than a name was given, or found wrong: then all of it is open to see."""
        return any(self[name].errors or self[name].value() for name in ("encoding", "mapping"))


class RefuseForm(forms.Form):
    """Why a file is not read."""

    reason = forms.CharField(label=_("Why"), widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "refuse-%s", **kwargs})


@page(verb="item.review", writes="item.review")
def quarantined(request: HttpRequest, quarantine_id: UUID) -> HttpResponse:
    """The file and the decision about it; a form that is refused comes back with the sentence beside it.

    Whoever may no longer see it, because what was in it is more sensitive than its name told, comes back to the list.
    """
    one = found(setaside.set_aside(quarantine_id))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    reading = ReadAgainForm(request.POST if act in ("read", "preview") else None, hostile=one.hostile)
    refusing = RefuseForm(request.POST if act == "refuse" else None)
    preview = _previewed(one, reading) if act == "preview" else None
    if act != "preview" and request.method == "POST":
        if act not in ACTS:
            raise Refused(say("Choose what to do with the file."))
        if ACTS[act](request, one, reading if act == "read" else refusing):
            return HttpResponseRedirect(_onward(one, act=act))
    return _shown(request, quarantine_id, reading=reading, refusing=refusing, preview=preview)


def _shown(
    request: HttpRequest,
    quarantine_id: UUID,
    *,
    reading: ReadAgainForm,
    refusing: RefuseForm,
    preview: Preview | None,
) -> HttpResponse:
    one = found(setaside.set_aside(quarantine_id))
    row = rows_of([one])[0]
    around, items = setaside.item_around(one), setaside.items_read_from(one)
    levels = [one.level, *(item.level for item in items), *([around.level] if around else []), preview.level if preview else 0]
    return show(
        request,
        "workspace/quarantined.html",
        labelled=one,
        band=band_of(levels),
        way=[
            (say("Sources"), reverse("sources")),
            (say("Quarantine"), reverse("quarantine")),
            (row.name, ""),
        ],
        row=row,
        read_as=shown(one.read_as),
        around=around,
        items=items if one.state == "read_again" else [],
        history=history(one),
        obstacle=_obstacle(row),
        following=setaside.next_undecided(one),
        reading=reading,
        refusing=refusing,
        preview=preview,
        is_answer=setaside.asked_source(one) is not None,
    )


def _onward(one: Quarantine, *, act: str) -> str:
    """After a refusal the next that waits; else the file itself, while it may still be seen."""
    following = setaside.next_undecided(one) if act == "refuse" else None
    shown_next = following or setaside.set_aside(one.id)
    return reverse("quarantined", args=[shown_next.id]) if shown_next else reverse("quarantine")


def _obstacle(row: SetAside) -> Words | None:
    """Why it cannot be read again, whatever is said of it."""
    try:
        policies.check_readable(size=row.size or 0, in_place=row.one.in_place)
    except Refused as refusal:
        return refusal.words
    return None


def _previewed(one: Quarantine, form: ReadAgainForm) -> Preview | None:
    """What would come of it; None, with the sentence on the form, where it cannot be tried."""
    if not form.is_valid():
        return None
    try:
        return previewing.of_set_aside(one, by=current(), readers=office_readers(), correction=_said(form))
    except (Refused, Malformed) as refusal:
        form.add_error(None, refusal.words.text(gettext))
        return None


def _said(form: forms.Form) -> Correction:
    return Correction(**{name: form.cleaned_data[name] for name in form.fields})


def _read(request: HttpRequest, one: Quarantine, form: forms.Form) -> bool:
    """Whether it was read; else the sentence stands on the form, beside what was typed."""
    if not form.is_valid():
        return False
    try:
        taken = deciding.read_again(one, by=current(), readers=office_readers(), correction=_said(form))
    except (Refused, Malformed) as refusal:
        form.add_error(None, refusal.words.text(gettext))
        return False
    if taken.outcome == Outcome.QUARANTINED:
        form.add_error(
            None, say("It still cannot be read. %(reason)s", reason=taken.reason or "").text(gettext)
        )
        return False
    messages.success(request, _told(taken).text(gettext))
    return True


def _told(taken: Taken) -> Words:
    if taken.outcome == Outcome.ACCEPTED and taken.rows and not taken.items:
        return say("%(file)s was read: %(number)s rows.", file=shown(taken.file), number=taken.rows)
    if taken.outcome == Outcome.ACCEPTED:
        return say(
            "%(file)s was read and brought items: %(number)s.",
            file=shown(taken.file),
            number=len(taken.items),
        )
    return say("%(file)s is known already. %(reason)s", file=shown(taken.file), reason=taken.reason or "")


def _refuse(request: HttpRequest, one: Quarantine, form: forms.Form) -> bool:
    if not form.is_valid():
        return False
    deciding.refuse(one, reason=form.cleaned_data["reason"], by=current())
    messages.success(request, say("Refused: %(name)s. Its bytes stay.", name=shown(one.name)).text(gettext))
    return True


def _reopen(request: HttpRequest, one: Quarantine, form: forms.Form) -> bool:
    deciding.reopen(one, by=current())
    messages.success(request, say("It waits again: %(name)s", name=shown(one.name)).text(gettext))
    return True


ACTS = {"read": _read, "refuse": _refuse, "reopen": _reopen}

addresses = [path("sources/quarantine/<uuid:quarantine_id>/", quarantined, name="quarantined")]
