"""What is kept apart from a report: who reported, by which device, and where exactly.

A field is told by its name, in the languages of the forms, and by what stands in it: an address for mail, a telephone
number, coordinates. What a person's field says is masked wherever else the report repeats it (a file's path bears the
name of an account). A place finer than the district is kept apart unless its question was released.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ..cells import MISSING
from .flattening import is_geometry, last, unnumbered, word_for_word

MASK = "(kept apart)"

_ACCOUNTS = frozenset({
    "submitted_by", "submitter_id", "submitter_name", "submitter", "username", "user_name", "user_agent", "device_id",
    "deviceid", "device_fp", "device_serial", "phonenumber", "phone_number", "simserial", "sim_serial", "simid", "sim_id",
    "subscriberid", "subscriber_id", "imei", "instance_name", "by_whom", "audit", "audit_url", "background_audio",
    "creator_id", "creator_name", "national_id", "id_card", "passport",
})  # fmt: skip
_KNOWN_BY = ("submitted_by", "submitter_id", "submitter_name", "username", "deviceid", "device_id")
"""What tells one reporter from another, the surest first."""
_PERSONS = frozenset({
    "reporter", "respondent", "enumerator", "interviewer", "interviewee", "informant", "surveyor",
    "enqueteur", "enquêteur", "enquêtrice", "enqueteuse", "répondant", "informateur", "informatrice", "rapporteur",
    "encuestador", "encuestadora", "informante", "entrevistador", "entrevistadora", "signature", "firma",
})  # fmt: skip
_MAYBE_PERSONS = frozenset(
    {"witness", "source", "caller", "monitor", "observer", "témoin", "temoin", "testigo"}
)
_ABOUT_A_PERSON = frozenset(
    {"name", "names", "surname", "id", "contact", "nom", "prénom", "nombre", "apellido"}
)
_CONTACTS = frozenset({
    "phone", "telephone", "tel", "cellphone", "email", "mail", "contact", "contacts", "téléphone", "courriel", "teléfono",
    "telefono", "correo", "phones",
})  # fmt: skip
_CHANNELS = frozenset({"mobile", "whatsapp", "telegram", "viber", "signal", "skype", "facebook"})
_OF_A_CHANNEL = frozenset({"number", "no", "id", "account", "contact", "user", "name", "numéro", "número"})
_EXACT = frozenset({
    "gps", "geopoint", "geotrace", "geoshape", "geolocation", "latitude", "longitude", "altitude", "lat", "lon", "lng",
    "coordinates", "coordonnées", "coordonnees", "coordenadas", "village", "hamlet", "settlement", "street",
    "address", "adresse", "dirección", "direccion", "neighbourhood", "neighborhood", "quartier", "barrio", "aldea",
    "admin3", "admin4", "admin5", "adm3", "adm4", "adm5", "geometry", "mgrs", "locality", "localité",
})  # fmt: skip
_EXACT_WHOLE = frozenset({
    "location", "place", "exact_place", "exact_location", "place_name", "location_name", "incident_location",
    "incident_place", "event_location", "admin_3", "admin_4", "admin_5", "site_name",
})  # fmt: skip
_OTHER_LETTERS = (
    "телефон", "почт", "координат", "адрес", "репортёр", "респондент", "интервьюер", "هاتف", "الهاتف", "بريد",
    "إحداثيات", "عنوان", "المبلغ", "电话", "手机", "邮箱", "邮件", "坐标", "地址", "举报人", "报告人", "调查员",
)  # fmt: skip

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TELEPHONE = re.compile(r"(?<![\w+-])(?:\+|00)\d(?:[\s().\-/]*\d){7,14}(?![\w-])")
_DEGREES = re.compile(r"(?<![\d.])-?\d{1,2}\.\d{3,}\s*[,; ]\s*-?\d{1,3}\.\d{3,}(?![\d.])")
_POINT = re.compile(
    r"-?\d{1,2}\.\d+[ ,]+-?\d{1,3}\.\d+(?:[ ,]+-?\d+(?:\.\d+)?){0,2}(?:\s*;\s*-?\d+(?:\.\d+)?(?:[ ,]+-?\d+(?:\.\d+)?){1,3})*;?"
)
_INDICATORS = re.compile(
    r"(?:[A-Z]{0,2}\d{1,2}\.\d{1,2})(?: [A-Z]{0,2}\d{1,2}\.\d{1,2})*"
)  # two look like a point
_WKT = re.compile(r"(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*Z?\s*\(", re.IGNORECASE)
_CLOSED = frozenset({"yes", "no", "true", "false", "0", "1"})
_SHORTEST = 4  # shorter texts stand in others by chance


def sorted_apart(
    answers: Mapping[str, Any], *, released: Collection[str] = (), types: Mapping[str, str] | None = None
) -> tuple[dict[str, str], dict[str, str]]:
    """The answers that stay with the report, and those kept apart, both as text by their paths.

    `released` names questions of place that may stay. `types` are those of the form's definition (`geopoint`), by path.
    A text that repeats what is kept apart stays with that masked, and is kept apart as it stood as well.
    """
    kept, apart, persons = {}, {}, []
    known = {path.casefold() for path in answers}
    for path, value in answers.items():
        text = word_for_word(value)
        exact = _is_exact(path, value, (types or {}).get(unnumbered(path), "")) or _is_beside_degrees(
            path, known
        )
        if _is_person(path, text):
            persons += [text] if text else []
        elif not exact or _names(path, released):
            kept[path] = text
            continue
        if text:
            apart[path] = text
    for path, text in list(kept.items()):
        masked = _masked(text, persons)
        if masked != text:
            kept[path], apart[path] = masked, text
    return kept, apart


def persons_of(identity: Mapping[str, str]) -> dict[str, str]:
    """Of what was kept apart, the fields that say who somebody is or how they are reached."""
    return {path: text for path, text in identity.items() if text.strip() and _is_person(path, text)}


def places_of(identity: Mapping[str, str]) -> dict[str, str]:
    """Of what was kept apart, the fields that say where exactly."""
    return {path: text for path, text in identity.items() if _is_exact(path, text, "") and not _is_person(path, text)}


def account_of(identity: Mapping[str, str]) -> str:
    """The account, or else the telephone, that a report came from: by it somebody who reports again is known. Empty: none."""
    for wanted in _KNOWN_BY:
        for path, text in identity.items():
            if "_".join(_words(last(path))) == wanted and text.strip():
                return f"{wanted} {text.strip()}"
    return ""


def _names(path: str, released: Collection[str]) -> bool:
    return unnumbered(path) in released or last(path) in released


def _words(segment: str) -> list[str]:
    """The words of a name, whether it is written with strokes, humps or spaces."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", segment)
    return [word for word in re.split(r"[\W_]+", spaced.casefold()) if word]


def _is_person(path: str, text: str) -> bool:
    segments = [_words(one) for one in re.split(r"[/]", unnumbered(path))]
    if _is_account(segments[-1]) or any(_PERSONS & set(words) for words in segments):
        return True
    every = {word for words in segments for word in words}
    if _MAYBE_PERSONS & every and _ABOUT_A_PERSON & set(segments[-1]):
        return True
    named = bool(_CONTACTS & set(segments[-1])) or _is_channel(set(segments[-1])) or _in_other_letters(path)
    return (named and text.casefold() not in _CLOSED) or bool(
        _MAIL.fullmatch(text) or _TELEPHONE.fullmatch(text)
    )


def _is_channel(words: set[str]) -> bool:
    """`whatsapp` and `whatsapp_number` name a person; `whatsapp_message` is what was said there."""
    return bool(words & _CHANNELS) and (words <= _CHANNELS or bool(words & _OF_A_CHANNEL))


def _is_account(words: list[str]) -> bool:
    """`_submitted_by`, `deviceid`, `meta-instanceName`: the names that servers give, with or without what leads them."""
    return "_".join(words) in _ACCOUNTS or "_".join(words[-2:]) in _ACCOUNTS or words[-1:] == ["username"]


def _in_other_letters(path: str) -> bool:
    name = last(path).casefold()
    return any(stem in name for stem in _OTHER_LETTERS)


def _is_exact(path: str, value: object, declared: str) -> bool:
    if declared in {"geopoint", "geotrace", "geoshape", "start-geopoint"} or is_geometry(value):
        return True
    words = _words(last(path))
    if _EXACT & set(words) or "_".join(words) in _EXACT_WHOLE:
        return True
    text = word_for_word(value).strip()
    if declared.startswith("select") or (words[-1:] == ["indicators"] and _INDICATORS.fullmatch(text)):
        return False
    return bool(_POINT.fullmatch(text) or _WKT.match(text))


def _is_beside_degrees(path: str, known: Collection[str]) -> bool:
    """Exports part a point into columns: `_where_latitude`, `_where_precision`."""
    stem = re.sub(r"(?:precision|accuracy|altitude)$", "", path.casefold())
    return stem != path.casefold() and f"{stem}latitude" in known


def _masked(text: str, persons: list[str]) -> str:
    for pattern in (_MAIL, _TELEPHONE, _DEGREES):
        text = pattern.sub(MASK, text)
    for person in _worth_masking(persons):
        text = re.sub(rf"(?<!\w){re.escape(person)}(?!\w)", MASK, text, flags=re.IGNORECASE)
    return text


def _worth_masking(persons: list[str]) -> Iterator[str]:
    found = {one.strip() for one in persons if len(one.strip()) >= _SHORTEST}
    yield from sorted((one for one in found if one.lower() not in MISSING), key=len, reverse=True)
