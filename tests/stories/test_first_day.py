"""The first day of a real office: from an empty folder to a cleared note on a file of its own."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from forestall.base.clock import today

from .pictures import keeper
from .serving import forestall, served
from .visitor import Visitor

pytestmark = [pytest.mark.story, pytest.mark.timeout(900)]

ROLES = {
    "ivo": ("Ivo Lanz", "Information officer"),
    "alice": ("Alice Morel", "Analyst"),
    "bob": ("Bob Tamar", "Senior reviewer"),
    "dan": ("Dan Okelo", "Director"),
    "sana": ("Sana Revik", "Special Adviser"),
    "lee": ("Lee Marun", "Liaison of the Secretary-General's office"),
}
OFFICES = {"Second reader": "bob", "Director": "dan", "Special Adviser": "sana"}
SITUATION = "The winter camp on the southern ice"
FILE = b"""Report from the winter camp. Everything in it is invented; nobody lives there.

In Antarctica armed guards at two gates of the camp ask every traveller for an identity card and send back those who
speak the language of the south. A militia was armed last week.
"""
SEEN = "Guards at two gates ask travellers for identity cards"
WARNING = "Travellers sorted by language at the winter camp"
SENTENCES = {
    "situation": ("Armed guards at two gates of the camp ask every traveller for an identity card.", True),
    "changed": ("Since last week they send back those who speak the language of the south.", True),
    "populations": ("At risk are travellers from the south.", True),
    "unknown": ("We do not know who gave the order.", False),
    "mitigating": ("The camp stays open to relief.", True),
}


@dataclass
class Officer:
    """Somebody of the office at their own screen, with their password and the secret of their codes."""

    visitor: Visitor
    username: str
    secret: str = ""
    used: int = field(default=0)
    has_key: bool = False

    @property
    def password(self) -> str:
        return f"the long winter of {self.username}"

    def come_in(self, invitation: str) -> None:
        """Open the invitation, choose a password, and sign in with it."""
        visitor = self.visitor
        visitor.open(invitation)
        visitor.heading("Welcome")
        visitor.look("invited")
        visitor.write("Password", self.password)
        visitor.write("The same again", self.password)
        visitor.press("Set the password")
        self.sign_in()

    def sign_in(self) -> None:
        """Sign in; with a code once codes are on."""
        visitor = self.visitor
        visitor.open("/sign-in/")
        visitor.heading("Sign in")
        visitor.look("sign-in")
        visitor.page.get_by_label("Username").fill(self.username)
        visitor.page.get_by_label("Password").fill(self.password)
        visitor.press("Sign in")
        if self.secret:
            visitor.heading("Your code")
            visitor.page.locator("input[name=code]").fill(self.next_code())
            visitor.press("Sign in")
        if self.has_key:
            visitor.heading("Your security key")
            visitor.look("sign-in-key")
            visitor.press("Use the security key")
        visitor.heading("Today")

    def add_a_key(self) -> None:
        """Plug a security key into this screen, enrol it, sign out, and come back with it: it opens every level."""
        visitor = self.visitor
        plugged_in(visitor)
        visitor.follow("Set up your security key or one-time codes; granting, exporting and removing ask for them")
        visitor.sees("No security key.")
        visitor.follow("Add a security key")
        visitor.heading("Confirm that it is you")
        visitor.page.get_by_label("Password").fill(self.password)
        visitor.press("Confirm")
        visitor.heading("Add a security key")
        visitor.look("key-new")
        visitor.write("What you call it", "blue")
        visitor.press("Add the key")
        visitor.heading("Recovery codes")
        visitor.look("recovery-codes")
        assert visitor.page.locator(".codes li").count() == 10
        visitor.page.reload()
        assert visitor.page.locator(".codes li").count() == 0, "they are shown once"
        self.has_key = True
        visitor.open("/sign-out/")
        visitor.press("Sign out")
        self.sign_in()
        visitor.open("/account/")
        visitor.sees("blue")
        visitor.sees("Strictly confidential", within=visitor.page.locator(".facts"))
        visitor.look("account-key")

    def turn_codes_on(self) -> None:
        """Set up one-time codes, sign out, and come back with one: a password alone opens what is internal."""
        visitor = self.visitor
        visitor.open("/account/")
        visitor.sees("You signed in with a password alone, which opens what is internal.")
        visitor.look("account")
        visitor.follow("Set up one-time codes")
        visitor.heading("Confirm that it is you")
        visitor.look("confirm")
        visitor.page.get_by_label("Password").fill(self.password)
        visitor.press("Confirm")
        visitor.heading("Set up codes")
        self.secret = visitor.field("Secret").input_value()
        visitor.look("codes")
        visitor.page.locator("input[name=code]").fill(self.next_code())
        visitor.press("Turn codes on")
        visitor.page.wait_for_url("**/account/recovery/**")
        visitor.open("/sign-out/")
        visitor.press("Sign out")

    def next_code(self) -> str:
        """The code of this half-minute; of the next when this one was used, for each works once, or is about to lapse."""
        now = time.time()
        if now // 30 <= self.used or now % 30 > 22:
            time.sleep(30 - now % 30 + 0.5)
        self.used = int(time.time() // 30)
        return one_time_code(self.secret, self.used)


def plugged_in(visitor: Visitor) -> None:
    """A security key in software, which asks its holder, plugged into this browser (WebDriver's virtual authenticator)."""
    wire = visitor.page.context.new_cdp_session(visitor.page)
    wire.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": key})


def one_time_code(secret: str, counter: int) -> str:
    """RFC 6238 with SHA-1 and six figures."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def test_the_codes_are_those_of_the_standard() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert one_time_code(secret, 59 // 30) == "287082"


def test_the_first_day_of_a_real_office(browsing: Callable[..., Any], tmp_path: Path) -> None:
    home = tmp_path / "office"
    told = forestall("init", "--name", "Ada Rowan", "--username", "ada", home=home)
    invitation = re.findall(r"/invited/\S+", told)[0]
    with served(home, log=tmp_path / "serve.log") as (address, link):
        assert link == "", "a real home has no link that opens every seat"
        address = address.replace("127.0.0.1", "localhost")  # security keys know no bare address
        photograph, seen = keeper("first-day", "people", "counterparts"), set[str]()

        def officer(username: str) -> Officer:
            return Officer(Visitor(browsing(), address, photograph=photograph, seen=seen), username)

        ada = officer("ada")
        ada.come_in(invitation)
        ada.visitor.look("first-day")
        ada.add_a_key()
        office = {username: officer(username) for username in ROLES}
        for username, link in invited(ada.visitor).items():
            office[username].come_in(link)
            office[username].turn_codes_on()
        named_to_clear(ada.visitor)
        ada.visitor.look("people")
        for one in office.values():
            one.sign_in()
        addressed(office["lee"].visitor)
        opened(office["alice"].visitor)
        item = handed_in(office["ivo"].visitor)
        ada.visitor.open(item)
        ada.visitor.heading("Nothing here")
        observed(office["alice"].visitor, item)
        assessment = assessed(office["alice"].visitor)
        for name, then in (("bob", "Director"), ("dan", "Cleared by two")):
            read_and_cleared(office[name].visitor, assessment, then=then)
        note = written(office["alice"].visitor, assessment)
        for name, verb, then in (
            ("bob", "Clear the content", "with the Director"),
            ("dan", "Clear for release", "with the Special Adviser"),
            ("sana", "Sign", "signed, to be transmitted"),
        ):
            visitor = office[name].visitor
            visitor.open(note)
            visitor.press(verb)
            visitor.sees(then)
        office["sana"].visitor.look("note-signed")
    assert "holds" in forestall("record", "verify", home=home)


def invited(ada: Visitor) -> dict[str, str]:
    """The administrator makes the desk, adds the people, puts them on it. Returns each one's invitation."""
    ada.open("/people/")
    ada.sees("You are alone here.")
    ada.look("people-alone")
    desks = ada.page.locator("#desks form")
    ada.write("Short name", "polar", within=desks)
    ada.write("Title", "Polar", within=desks)
    ada.write("Country codes", "ATA", within=desks)
    ada.press("Make or change the desk")
    return {
        username: _invited(ada, username, name=name, role=role) for username, (name, role) in ROLES.items()
    }


def _invited(ada: Visitor, username: str, *, name: str, role: str) -> str:
    ada.open("/people/")
    form = ada.page.locator("#add")
    ada.write("Name", name, within=form)
    ada.write("Name to sign in with", username, within=form)
    ada.choose("Clearance", "2", within=form)
    ada.choose("First role", f"{role}:", within=form)
    ada.press("Add", within=form)
    ada.heading(name)
    ada.choose("Desk", "polar", within=ada.page.locator("#sight"))
    ada.press("Put on this desk")
    ada.press("Make an invitation")
    ada.look("person")
    link = ada.page.locator("#invitation .mono").inner_text().strip()
    ada.page.reload()
    expect(ada.page.locator("#invitation .mono")).to_have_count(0)
    return link


def named_to_clear(ada: Visitor) -> None:
    """Who holds each office that clears."""
    ada.open("/people/")
    for office, username in OFFICES.items():
        form = ada.page.get_by_role("form", name=office)
        ada.choose("Holder", ROLES[username][0], within=form)
        ada.press("Keep", within=form)
        ada.sees("The office is kept.")


def addressed(lee: Visitor) -> None:
    """The liaison names whom a note may address."""
    lee.follow("Name whom a note may address")
    lee.look("counterparts")
    body = lee.page.locator("#add")
    lee.choose("Kind", "secretary_general", within=body)
    lee.write("Name", "Secretary-General", within=body)
    lee.press("Keep the body")
    holder = lee.page.locator("#holder")
    lee.write("Office", "Secretary-General", within=holder)
    lee.write("Name", "The Secretary-General", within=holder)
    lee.press("Keep the office-holder")
    lee.sees("The office-holder is kept.")


def opened(alice: Visitor) -> None:
    """The analyst opens a first situation for the desk."""
    alice.menu("Situations")
    alice.write("Title, as people will call it", SITUATION)
    alice.write("Countries", "Antarctica")
    alice.choose("Desk that keeps it", "polar")
    alice.write("Why it is watched", "A report was announced.")
    alice.press("Open the situation")
    alice.heading(SITUATION)


def handed_in(ivo: Visitor) -> str:
    """The information officer hands in a file of their own, grades it and files it."""
    ivo.open("/inbox/upload/")
    ivo.field("File").set_input_files({"name": "winter-camp.txt", "mimeType": "text/plain", "buffer": FILE})
    ivo.press("Hand it in")
    where = str(ivo.page.url)
    ivo.page.get_by_role("radio", name=re.compile("^B ")).check()
    ivo.page.get_by_role("radio", name=re.compile("^2 ")).check()
    ivo.press("Save the grade")
    ivo.press("File to %(situation)s", situation=SITUATION)
    ivo.open(where)
    ivo.sees("filed")
    return where


def observed(alice: Visitor, item: str) -> None:
    """The analyst confirms what the item says, under an indicator."""
    alice.open(item)
    alice.follow("Confirm an observation")
    alice.write("What happened", SEEN)
    alice.write("The words that say so", "ask every traveller for an identity card")
    alice.write("When", (today() - timedelta(days=1)).isoformat())
    alice.choose("Country", "ATA")
    alice.choose("Indicator", "unfaac-2014|7.12")
    alice.choose("Direction", "raises")
    alice.press("Confirm the observation")
    alice.sees("The observation was confirmed.")


def assessed(alice: Visitor) -> str:
    """A first reading: factor 7 on the one observation, of the others there is no information. Returns where it stands."""
    page = alice.page
    alice.menu("Situations")
    alice.follow(SITUATION)
    alice.press("Begin the draft", within=page.locator("#draft"))
    alice.look("first-reading")
    where = str(page.url)
    for number in range(1, 15):
        alice.open(f"{where}?factor={number}")
        block = page.locator(f'[id="n{number}"]')
        alice.unfold("Judge %(number)s", number=str(number), within=block)
        if number == 7:
            block.get_by_role("radio", name="emerging").check()
            block.get_by_role("checkbox", name=re.compile(SEEN)).check()
        else:
            block.get_by_role("radio", name="no information").check()
        block.get_by_role("radio", name="unclear").check()
        block.get_by_role("radio", name="low").check()
        alice.press("Keep the judgement of %(number)s", number=str(number), within=block)
    alice.open(where)
    alice.write(
        "Summary: what a Director reads first",
        "Travellers are sorted by language at two gates, on one report.",
    )
    alice.press("Save")
    alice.press("Send to the second reader")
    return where


def read_and_cleared(reader: Visitor, assessment: str, *, then: str) -> None:
    reader.open(assessment)
    reader.press("Clear")
    reader.sees(then, within=reader.page.get_by_role("region", name="Clearance"))


def written(alice: Visitor, assessment: str) -> str:
    """The analyst warns on the cleared reading and writes the note. Returns where it stands."""
    page = alice.page
    alice.open(assessment)
    alice.go(page.get_by_role("link", name="Raise a warning"))
    alice.write("Where and what, in a line", WARNING)
    alice.choose("Likelihood", "likely")
    alice.choose("Confidence", "low")
    alice.write("End of the window it speaks of", (today() + timedelta(days=60)).isoformat())
    alice.press("Raise the warning")
    alice.press("Begin the note")
    where = str(page.url)
    alice.choose("Addressee", "Secretary-General")
    alice.write("Ask, one action", "call the head of the camp and ask that the gates be opened")
    alice.write("Decision needed by", (today() + timedelta(days=4)).isoformat())
    alice.write("Why by then", "the next convoy leaves that day")
    alice.write("What may happen", "guards attack travellers from the south at the gates")
    alice.write("Why the confidence is what it is", "one report says so")
    alice.press("Keep")
    for section, (sentence, cites) in SENTENCES.items():
        alice.follow("Add a sentence", within=page.locator(f"#part-{section}"))
        alice.write("Sentence", sentence)
        if cites:
            page.get_by_role("checkbox", name=re.compile(SEEN)).check()
        alice.press("Keep", within=page.locator("#sentence"))
    alice.follow("Add one in your own words")
    alice.write("What should be done", "Send two human rights officers to the gates.")
    alice.write("Who leads", "The mission")
    page.get_by_role("checkbox", name=re.compile("^7 ")).check()
    alice.press("Recommend")
    alice.press("Submit")
    alice.sees("with the second reader")
    return where
