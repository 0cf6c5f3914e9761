"""The pages of keeping and erasing in a browser: light, dark, narrow, from right to left; axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from forestall.access import labelling
from forestall.access.session import bound_to
from forestall.base import clock
from forestall.record import evidence
from forestall.record.actions import expunge
from forestall.retention import disposal, recall, requests
from tests.workspace.browser import (
    CHROMIUM,
    chromium,
    photograph,
    picture_folder,
    served,
    sideways,
    violations,
)

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs chromium")]
WAYS = {"light": (1440, "light", "en"), "dark": (1440, "dark", "en"), "phone": (390, "light", "en"), "arabic": (1440, "light", "ar")}


@pytest.fixture
def pages(
    make_item: Callable[..., Any], session_of: Callable[..., Any], signed_in: Callable[[str], Client], people: SimpleNamespace
) -> Callable[[str], dict[str, str]]:
    """`pages("ar")`: an office with something of everything, as Rita reads it: addresses to what is answered."""
    rita, rolf, bob = session_of("rita"), session_of("rolf"), session_of("bob")
    old = [make_item(f"Report on the wells of the upper villages, {n}", "wells", level=1) for n in range(4)]
    told, gone = make_item("A list of houses", level=1), make_item("Gone", level=1)
    late = clock.fixed(clock.now() + timedelta(days=3700))
    with late, bound_to(rolf):
        labelling.place_hold(old[0], reason="a court asks", by=rolf)
        disposal.propose([old[1]], reason="its time is over", by=rolf)
        evidence.exported(told.evidence_id, by=bob.person_id)
        evidence.working_copy_taken(told.evidence_id, by=rita.person_id)
        recall.withdraw_consent(told, scopes=frozenset(), reason="She called and said no.", by=rolf)
        expunge(gone, by=rolf.person_id, second=bob.person_id, reason="asked by the person it names")
        asked = requests.enter(wants="erasure", received_on=clock.today() - timedelta(days=27), name="Amina of the third house",
                               contact="by the mission", identity="Known to Rita", text="Remove what names me.", by=rolf)  # fmt: skip
        requests.link(asked, thing=old[0], by=rolf)
        (listed,) = recall.recalls()
        recall.told(recall.lines(listed)[0], how="by phone: destroyed", by=rolf)

    def answered(language: str) -> dict[str, str]:
        people.rita.language = language
        people.rita.save()
        with clock.fixed(clock.now() + timedelta(days=3700)):
            browser = signed_in("rita")
            browser.cookies["forestall-language"] = language
            addresses = ("/records/", f"/records/requests/{asked.id}/?q=wells", "/records/requests/new/", f"/records/recalls/{listed.id}/",
                         "/records/times/open/", f"/labels/monitoring.item/{old[2].id}/")  # fmt: skip
            return {address: browser.get(address).content.decode() for address in addresses}

    return answered


@pytest.mark.parametrize("way", list(WAYS))
def test_the_pages_of_keeping_are_for_everybody(way: str, pages: Callable[[str], dict[str, str]], tmp_path: Path) -> None:
    width, scheme, language = WAYS[way]
    made, folder = pages(language), picture_folder(tmp_path)
    with served(lambda path: made.get(path, "")) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        for number, path in enumerate(made):
            page.goto(address + path)
            photograph(page, folder / f"records-{number}-{way}.png")
            assert (path, violations(page)) == (path, [])
            assert (path, sideways(page)) == (path, 0)
