"""One alert: who sent it and when, what it says in each language, where and until when, and which alerts it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forestall.base.words import say
from forestall.collecting.asking import BadRow, Withdrawn
from forestall.collecting.cells import day_of, instant_of
from forestall.collecting.contract import Source
from forestall.collecting.formats import safexml
from forestall.facts import Finding, FindingForm
from forestall.places import find

SIGNATURE = "signature"
_NAMESPACE = "urn:oasis:names:tc:emergency:cap:"
_NO_DANGER = {"exercise": say("exercise"), "system": say("message between systems"), "test": say("test"), "draft": say("draft")}
_SPOKEN = ("headline", "description", "instruction")
Own = dict[str, Any]


def alerts_in(root: Any) -> Iterator[Any]:
    """The alerts in a document, wherever they lie in it."""
    return (one for one in root.iter() if str(one.tag).startswith("{" + _NAMESPACE) and safexml.local_name(one) == "alert")


def alert_of(alert: Any, *, row: int, source: Source) -> Iterator[Finding | Withdrawn | BadRow]:
    """The finding that an alert is, and what it ends; or why it is set aside."""
    own = _own(alert)
    place, content = f"alert {row}", str(own)[:1000]
    missing = [name for name in ("identifier", "sender", "sent", "status", "msgType") if not isinstance(own.get(name), str) or not own[name]]
    if missing:
        yield BadRow(place, say("The alert lacks %(names)s.", names=", ".join(missing)), content)
    elif instant_of(own["sent"]) is None:
        yield BadRow(place, say("When the alert was sent cannot be read: %(text)s.", text=own["sent"][:60]), content)
    elif own["status"].casefold() in _NO_DANGER:
        yield BadRow(place, say("It is no alert but a %(what)s.", what=_NO_DANGER[own["status"].casefold()]), content, by_rule=True)
    elif str(own.get("scope", "Public")).casefold() != "public":
        yield BadRow(place, say("It is for named recipients, and not for the public."), content, by_rule=True)
    else:
        yield _finding(own, row=row, source=source)
        yield from _ended(own)


def _finding(own: Own, *, row: int, source: Source) -> Finding:
    infos = _each(own, "info")
    sent = instant_of(own["sent"])
    starts = [at for one in infos if (at := day_of(_text(one, "onset")[:10]) or day_of(_text(one, "effective")[:10]))]
    ends = [at for one in infos if (at := day_of(_text(one, "expires")[:10]))]
    over, day = own["msgType"] == "Cancel", day_of(own["sent"][:10])
    first = next((one for one in infos if _text(one, "language").casefold().startswith("en")), infos[0] if infos else {})
    return Finding(
        source_id=source.id,
        external_id=_key(own["sender"], own["identifier"], own["sent"]),
        form=FindingForm.ALERT if own["msgType"] in ("Alert", "Update") else FindingForm.OTHER,
        source_form=own["msgType"],
        title=_text(first, "headline") or _text(first, "event") or own["identifier"],
        text="\n\n".join(part for one in infos for part in _spoken(one)),
        symbol=own["identifier"],
        body=_text(first, "senderName") or own["sender"],
        countries=_countries(infos),
        themes=tuple(dict.fromkeys(theme for one in infos for theme in (*_texts(one, "category"), _text(one, "event")) if theme)),
        language=_text(first, "language") or ("en-US" if infos else "und"),
        dated=day,
        published_at=sent,
        valid_from=min(starts, default=day),
        valid_until=day if over else max(ends, default=None),
        url=_text(first, "web"),
        licence=source.licence,
        row=row,
        own=own,
    )


def _key(sender: str, identifier: str, sent: str) -> str:
    """An identifier is unique for its sender and moment alone; a moment is the same however its zone is written."""
    at = instant_of(sent)
    return f"{sender.strip()}|{identifier.strip()}|{at.isoformat() if at else sent.strip()}"


def _ended(own: Own) -> Iterator[Withdrawn]:
    """The alerts that an update or a cancellation names: sender, identifier and moment, with commas between."""
    if own["msgType"] not in ("Update", "Cancel"):
        return
    for reference in _text(own, "references").split():
        sender, _, rest = reference.partition(",")
        identifier, _, sent = rest.rpartition(",")
        if identifier and sent:
            yield Withdrawn(_key(sender, identifier, sent), instant_of(own["sent"]))


def _spoken(info: Own) -> Iterator[str]:
    """What it says in one language, after the name of the language."""
    said = [_text(info, name) for name in _SPOKEN if _text(info, name)]
    if said:
        yield "\n".join([f"[{_text(info, 'language') or 'en-US'}]", *said])


def _countries(infos: list[Own]) -> tuple[str, ...]:
    """The countries that its areas are coded for by ISO 3166, or name; none where they name parts of one alone."""
    found: list[str] = []
    for area in (area for one in infos for area in _each(one, "area")):
        coded = [_text(one, "value") for one in _each(area, "geocode") if "3166" in _text(one, "valueName")]
        for name in coded or [_text(area, "areaDesc")]:
            codes = find(name.partition("-")[0] if coded else name)
            found += codes if len(codes) == 1 else []
    return tuple(dict.fromkeys(found))


def _own(element: Any) -> Own:
    """An element as it came: text, or what lies in it by name; a list where a name repeats. Its signature is left out."""
    own: Own = {}
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        if name.casefold() == SIGNATURE:
            continue
        value: Any = _own(child) if len(child) else (child.text or "").strip()
        if name in own:
            own[name] = [*(own[name] if isinstance(own[name], list) else [own[name]]), value]
        else:
            own[name] = value
    return own


def _each(own: Own, name: str) -> list[Own]:
    value = own.get(name, [])
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _texts(own: Own, name: str) -> list[str]:
    value = own.get(name, [])
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _text(own: Own, name: str) -> str:
    return next(iter(_texts(own, name)), "")
