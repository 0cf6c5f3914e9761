"""Rules about what is kept of institutions. Plain values; no Django."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from forestall.base.errors import Refused
from forestall.base.words import Words, say

from .states import UNITED_NATIONS


def check_said(source: str, *, url: str) -> None:
    """Raise `Refused` for an entry that does not say where it is from, or gives an address that no browser should follow."""
    if not source.strip():
        raise Refused(say("Say who says so: a document with its symbol, a list, a letter."))
    if url.strip() and not url.strip().startswith(("https://", "http://")):
        raise Refused(say("Write the address as it stands in a browser, beginning with https://."))


def check_of_the_united_nations(kind_of_body: str) -> None:
    """Raise `Refused` for a body that is no United Nations entity or peace operation."""
    if kind_of_body not in UNITED_NATIONS:
        raise Refused(say("Only a United Nations entity or a peace operation is noted as present or mandated."))


def check_span(first: date | None, last: date | None) -> None:
    """Raise `Refused` when the last day lies before the first."""
    if first and last and last < first:
        raise Refused(say("The last day lies before the first."))


def check_ending(*, end_date: date | None, open_ended: bool) -> None:
    """Raise `Refused` for a mandate that both has a last day and has none."""
    if end_date and open_ended:
        raise Refused(say("It cannot have a last day and set none. Leave one of them out."))


def check_countries(countries: Sequence[str]) -> None:
    """Raise `Refused` unless at least one State or area is named, by codes of three letters."""
    if not countries:
        raise Refused(say("Choose at least one State or area."))
    if any(len(code) != 3 for code in countries):
        raise Refused(say("Choose States and areas from the list."))


def check_one_of(value: str, *, known: Collection[str] | Mapping[str, Words]) -> None:
    """Raise `Refused` for a value that is not offered."""
    if value not in known:
        raise Refused(say("Choose one of those offered."))


def check_text(text: str, *, name: Words) -> None:
    """Raise `Refused` for a text that is needed and missing."""
    if not text.strip():
        raise Refused(say("Fill in: %(field)s.", field=name))


def check_standing(*, standing: str, bound_on: date | None, bound_by: str) -> None:
    """Raise `Refused` when a State is said to be bound and to be no party at once."""
    if standing in ("not_party", "signed", "not_known") and (bound_on or bound_by):
        raise Refused(say("A State that ratified, acceded or succeeded is a party, or withdrew. Choose one of these."))


def check_quiet(days: int) -> None:
    """Raise `Refused` for a rhythm that cannot be."""
    if not 1 <= days <= 366:
        raise Refused(say("Give a number of days between 1 and 366."))


def check_force(*, force: str, why: str) -> None:
    """Raise `Refused` for a resolution said to be in force, or no longer, without what says so."""
    if force != "not_known" and not why.strip():
        raise Refused(say("Say what makes it so: its own paragraph, or the later decision."))
