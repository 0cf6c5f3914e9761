"""From the inbox to an answered warning: eight people in turn, in English, in Arabic, and without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from forestall.base.clock import today
from forestall.base.words import say

from .pictures import keeper
from .serving import forestall, served
from .visitor import SLOW, Visitor

pytestmark = [pytest.mark.story, pytest.mark.timeout(900)]

SITUATION = "Karvania: Oshentari population of Northern Tavelune"
TITLE = "EXERCISE - Checkpoints on the Ostrelan road ask for identity cards"
SEEN = "Guards at four checkpoints ask travellers for identity cards"
WARNING = "Karvania: travellers sorted by language on the Ostrelan road"
ASK = "call the Governor and ask him to open the road to every traveller"
MAIL = f"""From: "UNAMKA, Ostrelan field office" <ostrelan@unamka.example>
To: inbox@office.example
Message-ID: <checkpoints@unamka.example>
Date: Fri, 20 Nov 2026 08:00:00 +0000
Subject: {TITLE}
Content-Type: text/plain; charset=utf-8

EXERCISE. Fictional training material: Karvania and everything in it are invented.

Armed guards at four checkpoints on the Ostrelan road in Karvania ask every traveller for an identity card and turn
back those who speak Oshentari. A militia was armed by the district office last week.
""".encode()
SENTENCES = {
    "situation": (
        "Guards at four checkpoints on the Ostrelan road ask every traveller for an identity card.",
        True,
    ),
    "changed": ("Since last week the guards turn back those who speak Oshentari.", True),
    "populations": ("At risk are Oshentari travellers on the Ostrelan road.", True),
    "unknown": ("We do not know who ordered the checkpoints.", False),
    "mitigating": ("The road stays open to relief convoys.", True),
}
LANGUAGES = {"en": "English", "ar": "العربيّة"}


@pytest.mark.parametrize(
    ("language", "javascript"),
    [("en", True), ("ar", True), ("en", False)],
    ids=["english", "arabic", "no script"],
)
def test_from_the_inbox_to_an_answered_warning(
    language: str, javascript: bool, exercise_home: Path, browsing: Callable[..., Any], tmp_path: Path
) -> None:
    with served(exercise_home, log=tmp_path / "serve.log") as (address, link):
        page = browsing(javascript=javascript)
        photograph = keeper("observation", "note-draft") if javascript and language == "en" else None
        visitor = Visitor(page, address, audited=javascript, photograph=photograph)
        visitor.enter(link)
        visitor.look("seats")
        if language != "en":
            visitor.read_in(language, name=LANGUAGES[language])
        item = collected(visitor)
        observed(visitor, item)
        judged(visitor)
        note = warned(visitor)
        cleared(visitor, note)
        answered(visitor, note)
        proven(visitor)
    assert "holds" in forestall("record", "verify", home=exercise_home)


def collected(visitor: Visitor) -> str:
    """The information officer hands in a message, weighs it and files it. Returns where the item stands."""
    visitor.sit("Hana Weld")
    visitor.look("today")
    visitor.menu("Inbox")
    visitor.look("inbox")
    visitor.follow("Hand in a file")
    visitor.look("upload")
    visitor.field("File").set_input_files(
        {"name": "checkpoints.eml", "mimeType": "message/rfc822", "buffer": MAIL}
    )
    visitor.press("Hand it in")
    visitor.heading(TITLE)
    visitor.look("item")
    visitor.page.get_by_role("radio", name=re.compile("^B ")).check()
    visitor.page.get_by_role("radio", name=re.compile("^2 ")).check()
    visitor.press("Save the grade")
    visitor.sees("Graded %(grade)s: %(title)s", grade="B2", title=TITLE)
    where = str(visitor.page.url)
    visitor.press("File to %(situation)s", situation=SITUATION)
    visitor.open(where)
    visitor.sees("filed")
    return where


def observed(visitor: Visitor, item: str) -> None:
    """The analyst confirms what the machine suggested, in the desk's own words and with the words of the item."""
    visitor.sit("Noor Arden")
    visitor.open(item)
    visitor.go(visitor.page.get_by_role("link", name=re.compile("7[.]12")).first)
    visitor.heading("Confirm an observation")
    visitor.look("observation")
    visitor.write("What happened", SEEN)
    visitor.write("The words that say so", "ask every traveller for an identity card")
    visitor.write("When", "2026-11-19")
    visitor.field("about that day").uncheck()
    visitor.press("Confirm the observation")
    visitor.sees("The observation was confirmed.")
    visitor.sees(SEEN)


def judged(visitor: Visitor) -> None:
    """The analyst begins a reading of the situation and judges one indicator anew, on the new observation."""
    page = visitor.page
    to_the_situation(visitor)
    visitor.look("situation")
    visitor.press("Begin the draft", within=page.locator("#draft"))
    visitor.look("assessment-draft")
    visitor.go(
        page.get_by_role("navigation", name=visitor.say("Factors")).get_by_role(
            "link", name=re.compile("^7 ")
        )
    )
    indicator = page.locator('[id="n7.12"]')
    visitor.unfold("Judge %(number)s", number="7.12", within=indicator)
    indicator.get_by_role("checkbox", name=re.compile(SEEN)).check()
    visitor.write("Why, in your words", "Travellers on the Ostrelan road are sorted too.", within=indicator)
    visitor.press("Keep the judgement of %(number)s", number="7.12", within=indicator)
    visitor.sees("Travellers on the Ostrelan road are sorted too.", within=page.locator('[id="n7.12"]'))
    visitor.look("factor-draft")


def to_the_situation(visitor: Visitor) -> None:
    visitor.menu("Situations")
    visitor.look("situations")
    visitor.follow(SITUATION)
    visitor.heading(SITUATION)


def warned(visitor: Visitor) -> str:
    """The analyst raises a warning on the issued assessment, writes its note and submits it. Returns where it stands."""
    page = visitor.page
    to_the_situation(visitor)
    visitor.go(page.locator("dd").filter(has_text=visitor.say("issued")).get_by_role("link"))
    visitor.go(page.get_by_role("link", name=visitor.say("Raise a warning")))
    visitor.look("warning-new")
    visitor.write("Where and what, in a line", WARNING)
    visitor.choose("Likelihood", "likely")
    visitor.choose("Confidence", "low")
    visitor.write("End of the window it speaks of", day(80))
    visitor.press("Raise the warning")
    visitor.heading(WARNING)
    visitor.press("Begin the note")
    where = str(page.url)
    written(visitor)
    for section, (sentence, cites) in SENTENCES.items():
        said(visitor, section, sentence=sentence, cites=cites)
    recommended(visitor)
    visitor.look("note-draft")
    visitor.press("Submit")
    visitor.sees("with the second reader")
    return where


def written(visitor: Visitor) -> None:
    """The form of the note: the one ask, of whom, by when and why."""
    visitor.choose("Addressee", "Secretary-General")
    visitor.write("Ask, one action", ASK)
    visitor.write("Decision needed by", day(5))
    visitor.write("Why by then", "the market opens that week")
    visitor.write("What may happen", "guards attack Oshentari travellers on the Ostrelan road")
    visitor.write("Why the confidence is what it is", "one field office reports it")
    visitor.press("Keep")


def said(visitor: Visitor, section: str, *, sentence: str, cites: bool) -> None:
    """One sentence of a part, with the observation it rests on."""
    page = visitor.page
    visitor.follow("Add a sentence", within=page.locator(f"#part-{section}"))
    if cites:
        visitor.write("Look among the situation's observations", "checkpoints")
        visitor.press("Look")
        page.get_by_role("checkbox", name=re.compile(SEEN)).check()
    visitor.write("Sentence", sentence)
    visitor.press("Keep", within=page.locator("#sentence"))
    visitor.sees(sentence, within=page.locator(f"#part-{section}"))


def recommended(visitor: Visitor) -> None:
    """Something to be done, by whom, by when, against a factor that is present."""
    visitor.follow("Add one in your own words")
    visitor.write("What should be done", "Send two human rights officers to the road.")
    visitor.write("Who leads", "The mission")
    visitor.write("By", day(7))
    visitor.page.get_by_role("checkbox", name=re.compile("^7 ")).check()
    visitor.press("Recommend")
    visitor.sees("Send two human rights officers to the road.", within=visitor.page.locator("main ol.told"))


def cleared(visitor: Visitor, note: str) -> None:
    """Three people who did not write it: the second reader, the Director, the Special Adviser; each finds it on Today."""
    for name, verb, then in (
        ("Petra Lindvall", "Clear the content", "with the Director"),
        ("Daniel Okore", "Clear for release", "with the Special Adviser"),
        ("Amara Selwyn", "Sign", "signed, to be transmitted"),
    ):
        visitor.sit(name)
        visitor.look(f"today-{name.split()[0].lower()}")
        visitor.follow(WARNING)
        assert visitor.page.url.startswith(note), "what waits for them leads to the note"
        visitor.look("note-in-clearance")
        visitor.press(verb)
        visitor.sees(then)


def answered(visitor: Visitor, note: str) -> None:
    """The liaison sends the note and records what came back."""
    visitor.sit("Luis Quevaro")
    visitor.open(note)
    visitor.unfold("Transmit")
    visitor.press("Transmit this note")
    visitor.sees("What left")
    visitor.look("note-transmitted")
    visitor.choose("Record what came back", "accepted")
    visitor.choose(say("Through", context="channel"), "call")
    visitor.write("What was said, in a sentence", "He will call the Governor today.")
    visitor.press(say("Record", context="verb"), within=visitor.page.locator("#response"))
    visitor.sees("outcome recorded")
    visitor.sees("He will call the Governor today.")
    visitor.look("note-answered")
    visitor.sit("Noor Arden")
    visitor.menu("Warnings")
    visitor.look("warnings")
    visitor.follow(WARNING)
    visitor.look("warning")


def proven(visitor: Visitor) -> None:
    """The records officer sees who did what, and that nothing was rewritten."""
    visitor.sit("Ruth Okelle")
    visitor.menu("Record")
    visitor.look("record")
    visitor.follow("Verify the record")
    visitor.press("Verify the record")
    expect(visitor.page.get_by_role("main").locator(".say.good")).to_be_visible(timeout=SLOW)
    visitor.look("verification")


def day(ahead: int) -> str:
    coming: date = today() + timedelta(days=ahead)
    return coming.isoformat()
