"""One file of the quarantine has a page: a reviewer reads why, decides, and is told beside the form when it fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from forestall.access.session import bound_to
from forestall.labels.label import Level
from forestall.monitoring import queries, setaside
from forestall.monitoring.actions.intake import take_in
from forestall.monitoring.models import Item, Quarantine
from forestall.monitoring.suggesting import Readers
from forestall.record.models import Entry
from tests.collecting import corpus

pytestmark = pytest.mark.django_db
REPORT = corpus.pdf("Guards closed the road to Tavelune.")


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These are whole pages, with the product's own surroundings."""
    with translation.override("en"):
        yield


@pytest.fixture
def set_aside(keeper: Any, people: Any, tmp_path: Path) -> Callable[..., Any]:
    """`set_aside("report.doc", content)`: a file that could not be read."""

    def aside(name: str = "report.doc", content: bytes = REPORT, *, level: Level = Level.PUBLIC) -> Any:
        (tmp_path / name).write_bytes(content)
        with bound_to(keeper):
            list(take_in(tmp_path, by=keeper, readers=Readers(), level=level))
            return Quarantine.objects.get(name=name)

    return aside


def where(one: Any) -> str:
    return f"/sources/quarantine/{one.id}/"


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_the_page_tells_what_came_why_it_was_set_aside_and_what_was_done(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any]
) -> None:
    one = set_aside()
    told = words(signed_in("bob").get(where(one)))
    for said in (
        "report.doc says that it is an Office document of the old binary kind, but its content is a PDF document. Give it its true name, or ask what it is.",
        "Found a PDF document",
        f"Bytes {len(REPORT)}",
        one.evidence.sha256,
        "set aside",
        "Nothing is waived",
    ):
        assert said in told


def test_the_list_leads_to_the_page(signed_in: Callable[[str], Any], set_aside: Callable[..., Any]) -> None:
    one = set_aside()
    assert f'href="{where(one)}"' in signed_in("bob").get("/sources/quarantine/").content.decode()


def test_a_reviewer_reads_it_again_under_its_right_name_and_finds_its_items(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any], people: Any, keeper: Any
) -> None:
    one = set_aside()
    page = signed_in("bob").post(where(one), {"act": "read", "name": "report.pdf"}, follow=True)
    item = Item.objects.get()
    assert page.redirect_chain == [(where(one), 302)]
    assert "report.pdf was read and brought items: 1." in words(page)
    assert f'href="/items/{item.id}/"' in page.content.decode()
    assert 'value="preview"' not in page.content.decode()
    assert Entry.objects.get(object_id=one.id, verb="read again").by == str(people.bob.id)
    seen = words(signed_in("alice").get(f"/items/{item.id}/"))
    assert "It came as report.doc and was set aside. A reviewer had it read as report.pdf." in seen
    assert "let out of quarantine" in seen


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "report.docx"}, "It still cannot be read. report.docx says that it is a Word document, but its content is a PDF document. Give it its true name, or ask what it is."),
        ({"name": "report"}, "End the name in what the file is"),
        ({"name": "report.pdf", "mapping": "= nothing"}, "The mapping is not TOML"),
        ({"name": "report.pdf", "encoding": "koi8-r"}, "An encoding is for text."),
        ({"name": "report.pdf", "encoding": "rot13"}, "Select a valid choice"),
    ],
)  # fmt: skip
def test_what_fails_is_said_beside_the_form_and_what_was_typed_stays(
    signed_in: Callable[[str], Any],
    set_aside: Callable[..., Any],
    keeper: Any,
    sent: dict[str, str],
    said: str,
) -> None:
    one = set_aside()
    page = signed_in("bob").post(where(one), {"act": "read", **sent})
    form = page.content.decode().split('id="read-again"')[1].split("</section>")[0]
    assert page.status_code == 200
    assert said in re.sub(r"&#x27;", "'", form)
    assert f'value="{sent["name"]}"' in form
    assert not Item.objects.exists()


def test_a_marking_inside_raises_what_came_of_it_and_what_is_noted_of_it(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any], people: Any, keeper: Any
) -> None:
    people.bob.clearance = 2
    people.bob.save()
    one = set_aside("names.doc", corpus.pdf("STRICTLY CONFIDENTIAL", "Guards closed the road."))
    page = signed_in("bob").post(where(one), {"act": "read", "name": "names.pdf"}, follow=True)
    assert page.redirect_chain == [("/sources/quarantine/", 302)]
    assert "names.doc" not in words(page)
    assert (Item.objects.get().level, Quarantine.objects.get().level) == (3, 3)


def test_an_attempt_that_failed_is_told_with_its_reason_and_its_time(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any], keeper: Any
) -> None:
    one = set_aside()
    signed_in("bob").post(where(one), {"act": "read", "name": "report.docx"})
    told = words(signed_in("bob").get(where(one)))
    assert "Last read again without success:" in told
    assert "not readable again As report.docx : report.docx says that it is a Word document" in told.replace(
        "report.docx:", "report.docx :"
    )


def test_what_was_built_to_do_harm_is_offered_no_other_name(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any], keeper: Any
) -> None:
    one = set_aside("note.txt", corpus.EICAR)
    assert 'name="name"' not in signed_in("bob").get(where(one)).content.decode()
    told = words(signed_in("bob").post(where(one), {"act": "read", "name": "honest.csv"}))
    assert "It still cannot be read. It holds the test sign of virus scanners" in told
    assert not Item.objects.exists()


def test_refusing_asks_why_keeps_the_bytes_and_can_be_taken_back(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any], keeper: Any
) -> None:
    one, bob = set_aside(), signed_in("bob")
    page = bob.post(where(one), {"act": "refuse", "reason": "  "})
    assert page.status_code == 200
    assert "This field is required" in words(page)
    assert re.search(r'<details[^>]*id="refuse"[^>]*open', page.content.decode())
    page = bob.post(where(one), {"act": "refuse", "reason": "a forged letterhead"}, follow=True)
    assert "a forged letterhead" in words(page)
    assert 'value="preview"' not in page.content.decode()
    assert bob.get(f"{where(one)}bytes/").content == REPORT
    page = bob.post(where(one), {"act": "reopen"}, follow=True)
    assert "It waits again: report.doc" in words(page)
    assert 'value="preview"' in page.content.decode()


def test_an_older_form_cannot_undo_what_was_decided_since(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any], keeper: Any
) -> None:
    one, bob = set_aside(), signed_in("bob")
    bob.post(where(one), {"act": "read", "name": "report.pdf"})
    page = bob.post(where(one), {"act": "refuse", "reason": "late", "back": where(one)}, follow=True)
    assert "What is “read again” stays so." in words(page)
    page = bob.post(where(one), {"act": "read", "name": "report.pdf"}, follow=True)
    assert "It was read already." in words(page)
    assert Item.objects.count() == 1


@pytest.mark.parametrize("name", ["alice", "ivo", "carol", "dora", "ada"])
def test_whoever_does_not_review_learns_nothing_of_it_and_decides_nothing(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any], keeper: Any, name: str
) -> None:
    one = set_aside()
    for address in (where(one), f"/sources/quarantine/{uuid4()}/"):
        for answer in (
            signed_in(name).get(address),
            signed_in(name).post(address, {"act": "read", "name": "report.pdf"}),
            signed_in(name).post(address, {"act": "refuse", "reason": "no"}),
        ):
            assert answer.status_code == 403
            assert "report.doc" not in answer.content.decode()
    assert [entry.verb for entry in Entry.objects.filter(object_id=one.id)] == ["set aside"]


def test_a_reviewer_who_may_not_see_its_level_meets_what_never_was(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any], people: Any, keeper: Any
) -> None:
    people.bob.clearance = 2
    people.bob.save()
    one, bob = set_aside(level=Level(3)), signed_in("bob")
    hidden, never = bob.get(where(one)), bob.get(f"/sources/quarantine/{uuid4()}/")
    assert (hidden.status_code, never.status_code) == (404, 404)
    assert bob.post(where(one), {"act": "read", "name": "report.pdf"}).status_code == 404
    assert "files set aside" not in words(bob.get("/"))
    assert not Item.objects.exists()


def test_today_and_the_sources_tell_a_reviewer_how_many_wait(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any], keeper: Any
) -> None:
    one, bob = set_aside(), signed_in("bob")
    set_aside("odd.rtf", b"{\\rtf1 x}")
    told = "files set aside that wait for a reviewer's decision: 2"
    assert told in words(bob.get("/")).replace("&#x27;", "'")
    assert "2 files wait for a decision" in words(bob.get("/sources/"))
    bob.post(where(one), {"act": "refuse", "reason": "a forgery"})
    assert "1 file waits for a decision" in words(bob.get("/sources/"))
    assert "files set aside" not in words(signed_in("alice").get("/"))
    assert "waits for a decision" not in words(signed_in("alice").get("/sources/"))


def test_an_unreadable_file_that_is_handed_in_is_kept_at_the_level_chosen(
    signed_in: Callable[[str], Any], people: Any, keeper: Any
) -> None:
    import io

    file = io.BytesIO(b"{\\rtf1 hello}")
    file.name = "note.rtf"
    signed_in("alice").post("/inbox/upload/", {"file": file, "level": "3"})
    assert [one.level for one in queries.quarantined()] == [3]


def test_the_record_leads_a_reviewer_to_the_file(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any]
) -> None:
    one = set_aside()
    assert where(one) in signed_in("rita").get("/record/").content.decode()
    assert where(one) not in signed_in("alice").get("/record/").content.decode()


def test_something_else_than_a_decision_is_refused(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any]
) -> None:
    one = set_aside()
    page = signed_in("bob").post(where(one), {"act": "publish", "back": where(one)}, follow=True)
    assert "Choose what to do with the file." in words(page)


def test_after_a_refusal_comes_the_next_that_waits_and_after_the_last_the_first(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any], keeper: Any
) -> None:
    bob = signed_in("bob")
    first, second, third = (set_aside(name=f"{name}.doc", content=REPORT + name.encode()) for name in "abc")
    with bound_to(keeper):
        ways = {one.name: setaside.next_undecided(one) for one in (first, second, third)}
    assert {name: found.name if found else "" for name, found in ways.items()} in (
        {"a.doc": "b.doc", "b.doc": "c.doc", "c.doc": "a.doc"},
        {"a.doc": "c.doc", "c.doc": "b.doc", "b.doc": "a.doc"},
    )
    following = ways["b.doc"]
    assert following is not None
    sent = bob.post(where(second), {"act": "refuse", "reason": "a forged letterhead"})
    assert sent.headers["Location"] == where(following)
    for one in (first, third):
        sent = bob.post(where(one), {"act": "refuse", "reason": "the same"})
    assert sent.headers["Location"] == where(third)


def test_a_reviewer_sees_what_would_come_of_it_before_anything_is_taken_in(
    signed_in: Callable[[str], Any], set_aside: Callable[..., Any], keeper: Any
) -> None:
    one, bob = set_aside(), signed_in("bob")
    page = bob.post(where(one), {"act": "preview", "name": "report.pdf"})
    told = words(page)
    assert "Would be new 1" in told and "Nothing has been stored" in told
    assert 'value="read"' in page.content.decode() and 'value="report.pdf"' in page.content.decode()
    with bound_to(keeper):
        assert not Item.objects.exists() and Quarantine.objects.get().state == "waiting"
    assert "and brought items: 1" in words(bob.post(where(one), {"act": "read", "name": "report.pdf"}, follow=True))


def test_what_would_come_of_nothing_offers_nothing_to_take_in(signed_in: Callable[[str], Any], set_aside: Callable[..., Any]) -> None:
    page = signed_in("bob").post(where(set_aside()), {"act": "preview", "name": "report.docx"})
    assert "It still cannot be read." in words(page) and "but its content is a PDF document" in words(page)
    assert 'value="read"' not in page.content.decode()


def test_who_is_no_reviewer_gets_no_preview(signed_in: Callable[[str], Any], set_aside: Callable[..., Any]) -> None:
    one = set_aside()
    for name in ("alice", "dora"):
        answer = signed_in(name).post(where(one), {"act": "preview", "name": "report.pdf"})
        assert answer.status_code in (403, 404) and "Tavelune" not in answer.content.decode()
