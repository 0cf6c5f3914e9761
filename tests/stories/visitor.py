"""Somebody at a screen: finds things by the words on them, in the language of the pages, and sees only what is shown."""

from __future__ import annotations

import gettext
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

import forestall.workspace
from forestall.base.words import Words
from tests.workspace.browser import sideways, violations

from .pictures import Photograph

LOCALE = Path(forestall.workspace.__file__).parent / "locale"
SLOW = 30_000
"""Milliseconds for a page to come: the server shares the machine with other tests."""


class Visitor:
    """A person using the pages. Names of roles and labels are given in English and looked up in the page's language."""

    def __init__(
        self,
        page: Page,
        address: str,
        *,
        language: str = "en",
        audited: bool = True,
        photograph: Photograph | None = None,
        seen: set[str] | None = None,
    ) -> None:
        self.page, self.address, self.language, self.audited = page, address, language, audited
        self.photograph = photograph
        self.words = gettext.translation("django", LOCALE, languages=[language], fallback=True).gettext
        self.seen = set() if seen is None else seen
        page.set_default_timeout(SLOW)
        self.broken: list[str] = []
        page.on("pageerror", lambda error: self.broken.append(f"{page.url}: {error}"))

    def say(self, text: str | Words, **given: Any) -> str:
        """What the page says for this English sentence; `Words` tell which of its meanings is wanted."""
        told = text.text(self.words) if isinstance(text, Words) else self.words(text)
        return told % given if given else told

    def open(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(path if path.startswith("http") else f"{self.address}{path}")

    def read_in(self, language: str, *, name: str) -> None:
        """Choose the language of the pages in the head of the page."""
        menu = (
            self.page.get_by_role("banner")
            .locator("details")
            .filter(has=self.page.locator("[name=language]"))
        )
        menu.locator("summary").click()
        self.go(menu.get_by_role("button", name=name))
        self.language = language
        self.words = gettext.translation("django", LOCALE, languages=[language], fallback=True).gettext
        expect(self.page.locator("html")).to_have_attribute("lang", language, timeout=SLOW)

    def enter(self, link: str) -> None:
        """Open the exercise by the link that the terminal printed."""
        self.open(link)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(
            self.words("Take a seat"), timeout=SLOW
        )

    def sit(self, name: str) -> None:
        """Take the seat of one of the exercise's people."""
        self.open("/seats/")
        self.go(self.page.get_by_role("row", name=name).get_by_role("button"))
        self.heading("Today")
        expect(self.page.get_by_role("banner")).to_contain_text(name)

    def follow(self, text: str, *, within: Locator | None = None, **given: Any) -> None:
        """Follow the link that says this."""
        place = within or self.page.locator("main")
        self.go(place.get_by_role("link", name=self.say(text, **given)).first)

    def go(self, link: Locator) -> None:
        """Follow a link or press a button, and wait for the page that comes."""
        with self.page.expect_navigation():
            link.click()

    def menu(self, text: str) -> None:
        """Choose from the menu."""
        menu = self.page.get_by_role("navigation", name=self.words("Menu"))
        self.go(menu.get_by_role("link", name=self.words(text)))
        self.heading(text)

    def button(self, text: str | Words, *, within: Locator | None = None, **given: Any) -> Locator:
        """The button that says this."""
        return (within or self.page.locator("body")).get_by_role("button", name=self.say(text, **given)).first

    def press(self, text: str | Words, *, within: Locator | None = None, **given: Any) -> None:
        """Press the button that says this, and wait for the page that comes."""
        self.go(self.button(text, within=within, **given))

    def field(self, label: str | Words, *, within: Locator | None = None) -> Locator:
        """The field with this label; the label may go on after these words."""
        wanted = re.compile(r"^\s*" + re.escape(self.say(label)))
        return (within or self.page.locator("main")).get_by_label(wanted).first

    def write(self, label: str | Words, text: str, *, within: Locator | None = None) -> None:
        """Write into the field with this label."""
        self.field(label, within=within).fill(text)

    def choose(self, label: str | Words, value: str, *, within: Locator | None = None) -> None:
        """Choose from the list with this label, by value or, starting with it, by what it says."""
        field = self.field(label, within=within)
        values = field.locator("option").evaluate_all(
            "all => all.map(one => [one.value, one.textContent.trim()])"
        )
        chosen = next((one for one, said in values if one == value), None)
        chosen = chosen or next(one for one, said in values if said.startswith(value))
        field.select_option(chosen)

    def unfold(self, text: str, *, within: Locator | None = None, **given: Any) -> Locator:
        """Unfold what stands under this summary, unless it is open; returns what is inside."""
        said = self.say(text, **given)
        folded = (within or self.page.locator("body")).locator("details").filter(
            has=self.page.locator("summary", has_text=said)
        ).last  # fmt: skip
        if folded.get_attribute("open") is None:
            folded.locator("summary", has_text=said).first.click()
        return folded

    def heading(self, text: str, **given: Any) -> None:
        """See that the page is headed by this."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(
            self.say(text, **given), timeout=SLOW
        )

    def sees(self, text: str, *, within: Locator | None = None, **given: Any) -> None:
        """See these words on the page."""
        place = within or self.page.locator("main")
        expect(place.get_by_text(self.say(text, **given)).first).to_be_visible(timeout=SLOW)

    def look(self, name: str) -> None:
        """Look a page over, once in a story: axe finds nothing, nothing scrolls sideways; keep a picture if wanted."""
        if name in self.seen:
            return
        self.seen.add(name)
        assert self.page.evaluate("document.documentElement.lang") == self.language
        assert sideways(self.page) <= 0, f"{name} scrolls sideways"
        assert not self.broken, f"A script broke: {self.broken}"
        if self.audited:
            found = violations(self.page)
            assert not found, f"axe on {name} ({self.page.url}): " + "\n".join(found)
        if self.photograph is not None:
            self.photograph(self.page, name)
