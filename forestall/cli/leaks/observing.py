"""What is asked and what is answered: every address there is, filled and asked in many ways; answers made comparable."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver

from forestall.access.middleware import EXERCISE_LINK
from forestall.access.models import Person
from forestall.base.errors import Refused
from forestall.base.words import say

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
PARTS: dict[str, tuple[str, ...]] = {
    "item_id": ("item",), "assessment_id": ("assessment",), "review_id": ("assessment",), "decision_id": ("decision",),
    "suggestion_id": ("suggestion",), "edge_id": ("edge",), "note_id": ("note",), "recommendation_id": ("recommendation",),
    "transmittal_id": ("note",), "opening_id": ("decision",), "taking_out_id": ("decision",), "quarantine_id": ("item",), "saved_id": ("saved",),
    "situation_id": ("situation",), "source_id": ("source",), "silence_id": ("source",), "warning_id": ("warning",), "person_id": ("person",),
    "object_id": (), "notice_id": ("saved",), "text_id": ("evidence",), "sign_in_id": ("saved",), "leave_id": ("saved",),
    "grant_id": ("saved",), "recusal_id": ("saved",), "request_id": ("request",), "recall_id": ("recall",),
    "package_id": ("package",), "entry": ("pseudonym",), "handover_id": ("handover",), "evidence_id": ("evidence",),
    "counterpart_id": ("counterpart",), "asked_id": ("asked",),
}  # fmt: skip
"""Part of an address that takes an id → the kinds of a world's things whose ids fill it; none: of every kind."""
WORDS: dict[str, tuple[str, ...]] = {
    "iso3": ("ZZK", "ZZS", "KEN"), "framework_id": ("unfaac-2014", "quixotry"), "ending": ("pdf", "docx", "zip"),
    "token": ("never",), "number": ("C-00000000", "quixotry"), "collector_id": ("mail", "feeds", "quixotry"), "pk": ("1",), "class_key": ("open", "memory", "quixotry"),
    "kind": ("monitoring.item", "monitoring.observation", "assessment.situation", "advising.warning", "advising.advisorynote",
             "monitoring.source", "monitoring.group", "monitoring.packagerequest", "retention.request", "retention.recall",
             "institutions.counterpart", "institutions.mandate", "monitoring.informationrequest", "access.decision", "never.was"),
}  # fmt: skip
def tested(name: str) -> Any:
    """A module of the workspace, by its name: the face that is tested is reached as the settings reach it, not built upon."""
    return import_module(f"forestall.workspace.{name}")


VAULT_ACTS = ("open", "move", "erase", "add", "consent", "reached", "review", "name")
METHODS = ("get", "get", "get", "get", "head", "options", "post", "put", "patch", "delete")
"""Asked by chance; opening a page, the most."""


def patterns() -> list[URLPattern]:
    """Every address there is, from the registry. Raises `Refused` for one with a part that nothing here fills."""
    found = [one for one in get_resolver().url_patterns if isinstance(one, URLPattern)]
    for pattern in found:
        for part in PART.finditer(str(pattern.pattern)):
            if part["name"] not in PARTS and part["name"] not in WORDS:
                raise Refused(say("No trial fills the part %(part)s of the address %(address)s.", part=part["name"], address=str(pattern.pattern)))
    return found


@dataclass(frozen=True)
class Asked:
    """One request: method, address, what it is sent."""

    method: str
    address: str
    sent: Mapping[str, str] | None = None

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.address}" + (f" sending {self.sent['q']} and {self.sent['form']}" if self.sent else "")


@dataclass(frozen=True)
class Answered:
    """What came back, comparable byte for byte."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: tuple[tuple[str, bytes], ...]
    cookies: tuple[tuple[str, str], ...] = ()

    def differs(self, other: Answered) -> str:
        """The first difference, or nothing."""
        if self.status != other.status:
            return f"status {self.status} and {other.status}"
        for one, two in ((self.headers, other.headers), (self.cookies, other.cookies)):
            if one != two:
                return f"{sorted(set(one) ^ set(two))}"
        if [name for name, _ in self.body] != [name for name, _ in other.body]:
            return f"parts {[name for name, _ in self.body]} and {[name for name, _ in other.body]}"
        for (name, one_part), (_, two_part) in zip(self.body, other.body, strict=True):
            if one_part != two_part:
                return f"{name}: {_first(one_part, two_part)}"
        return ""


def _first(one: bytes, other: bytes) -> str:
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    around = slice(max(0, place - 120), place + 160)
    return f"{one[around]!r} and {other[around]!r}"


def unpacked(body: bytes) -> tuple[tuple[str, bytes], ...]:
    """A body as it is compared: archives (xlsx, docx) file by file, everything else as it is."""
    if not body.startswith(b"PK\x03\x04"):
        return (("body", body),)
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return tuple((name, packed.read(name)) for name in packed.namelist())


class Observer:
    """A browser in somebody's seat; nobody's without a person."""

    def __init__(self, person: Person | None) -> None:
        self.person = person
        self.client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0], raise_request_exception=False)
        if person is not None:
            self.client.force_login(person, backend=BACKEND)
            session = self.client.session
            session[EXERCISE_LINK] = True
            session.save()
        self._cookies = self.client.cookies.output()

    def ask(self, asked: Asked, **headers: str) -> Answered:
        """Ask, and go on with the cookies that come back."""
        sent = {"data": dict(asked.sent)} if asked.sent is not None and asked.method == "post" else {}
        answer: Any = getattr(self.client, asked.method)(asked.address, **sent, **headers)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        told = tuple(sorted((name, value) for name, value in answer.headers.items() if name != "Date"))
        cookies = tuple(sorted((name, morsel.value) for name, morsel in answer.cookies.items()))
        return Answered(answer.status_code, told, unpacked(body), cookies)

    def again(self) -> Observer:
        """The same browser as it was when it signed in."""
        from http.cookies import SimpleCookie

        self.client.cookies = SimpleCookie(self._cookies.replace("Set-Cookie:", ""))
        return self


@dataclass
class Asking:
    """Draws requests for a world: every address in turn, in ways drawn by chance. `hidden` and `never`: ids to try too."""

    things: Mapping[str, list[Any]]
    hidden: list[str]
    never: list[str]
    choice: Callable[[Any], Any]
    words: tuple[str, ...]
    sources: list[str]

    def requests(self, start: int) -> Iterator[Asked]:
        """Without end: address after address, from the one numbered `start` on."""
        known, number = patterns(), start
        while True:
            pattern = known[number % len(known)]
            number += 1
            method = self.choice(METHODS)
            address = self._filled(pattern)
            if method in ("get", "head"):
                yield Asked(method, address + self._question())
            elif method == "post":
                yield Asked(method, address, self._form())
            else:
                yield Asked(method, address)

    def _filled(self, pattern: URLPattern) -> str:
        kind = ""

        def fill(part: re.Match[str]) -> str:
            nonlocal kind
            if part["name"] in WORDS:
                kind = str(self.choice(WORDS[part["name"]]))
                return kind
            return self._id(PARTS[part["name"]], kind=kind)

        return "/" + PART.sub(fill, str(pattern.pattern))

    def _id(self, kinds: tuple[str, ...], *, kind: str) -> str:
        turn = self.choice(range(4))
        if turn == 0 or not self.things:
            return str(self.choice(self.never))
        if turn == 1 and self.hidden:
            return str(self.choice(self.hidden))
        fitting = [one for name, those in self.things.items() if not kinds or name in kinds for one in those]
        if kind:
            fitting = [one for one in fitting if getattr(one, "kind", str)() == kind] or fitting
        return str(self.choice(fitting).pk)

    def _question(self) -> str:
        word = self.choice(self.words)
        return str(self.choice((
            "", "", "", f"?q={word}", f"?text={word}", "?format=csv", "?format=xlsx", "?format=ics", "?kind=mandate&format=ics", f"?counterpart={self._any()}", "?desk=karvania&mine=yes", f"?q={word}&format=csv", f"?q={word}&format=xlsx",
            f"?q={word}&sort=match", "?page=2", "?page=-1", "?page=999999999", "?as_of=2026-11-19", "?as_of=2026-11-20", "?as_of=never",
            f"?source={self.choice(self.sources)}", "?country=ZZS", "?level=3", "?state=received", "?sort=source", "?sort=title",
            f"?q={word}&country=ZZK", f"?q={word}&month=2026-11", f"?q={word}*", f"?q=-{word}", f"?q={word}&language=fr",
            f"?situation={self._any()}", f"?about={self._any()}&since=2026-01-01", "?about=ZZK&since=2025-01-01&until=2026-11-19", f"?assessment={self._any()}", f"?item={self._any()}&suggestion={self._any()}",
        )))  # fmt: skip

    def _any(self) -> str:
        return self._id((), kind="")

    def _form(self) -> dict[str, str]:
        """A form with what some page might ask, naming things that are there, are hidden, or never were."""
        one, word = self._any(), self.choice(self.words)
        return {
            "q": word, "name": word, "title": word, "text": word, "reason": word, "question": word, "form": one, "draft": one,
            "file": one, "situation": one, "observation": one, "item": one, "source": one, "addressee": one, "person": one,
            "thing": one, "kind": "monitoring.item", "requester": word, "authority": word, "purpose": word,
            "received_on": "2026-11-01", "items": one, "decision": "yes", "piece": one, "originator": word, "to": word, "how": word,
            "receipt": word, "act": self.choice(("grade", "file", "park", "reject", "agree", "decline", *VAULT_ACTS)),
            "reliability": "B", "credibility": "2", "key": word, "username": word, "iso3": "ZZK", "notify": "1", "answer": word,
            "number": "7.5", "presence": "present", "trend": "deteriorating", "confidence": "low", "copy": one, "together": "yes",
            "back": self.choice(("", "/inbox/", "/search/")), "gap": one, "leave": one, "about": self.choice(("", "ZZK", one)),
            "since": "2026-01-01", "until": "2026-11-19", "ending": self.choice(("pdf", "docx")), "summary": word, "on": "2026-11-01",
            "counterpart": one, "mandate": one, "entry": one, "due": "2026-12-20", "countries": "ZZK", "country": "ZZK",
            "what": "resolution", "resolution": word, "symbol": word, "draft_symbol": word, "subject": word,
            "body": "upr", "step": "session", "quiet_days": "30", "treaty": "genocide", "standing": "party", "end_date": "2026-12-31",
            "desk": self.choice(("karvania", "south")), "taker": one, "sources": one, "scopes": "analyse", "contact": word, "words": word,
        }  # fmt: skip
