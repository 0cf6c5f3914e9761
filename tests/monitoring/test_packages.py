"""Evidence leaves by one way: a recorded request, counsel's decision, the originators' consent, a package, a receipt."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from forestall.access import labelling
from forestall.access.models import Notice
from forestall.access.session import bound_to
from forestall.base import clock
from forestall.base.clock import now
from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.labels.label import Label, Level, join
from forestall.monitoring import packages
from forestall.monitoring.actions import package, packing, thirdparty
from forestall.monitoring.models import LeaveToQuote, PackagePiece, PackageRequest
from forestall.monitoring.states import PACKAGE, LeaveState, PackageState
from forestall.record import evidence, resting
from forestall.record.actions import expunge
from forestall.record.models import Evidence
from forestall.record.queries import custody
from forestall.record.seals import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(make_item: Callable[..., Any]) -> Any:
    return make_item("Report from the hills", "Eleven homes burned.")


@pytest.fixture
def confided(make_item: Callable[..., Any], people: Any, counsel: Any, keeper: Any) -> Any:
    """Something that the Mission gave in confidence; Alice, Lena and Rita are let into it."""
    item = make_item("What the Mission saw", "Names of camps.")
    for name in ("alice", "lena", "rita"):
        getattr(people, name).grant("3P:Mission")
        getattr(people, name).save()
    resting.raise_label(item, label=Label(Level.CONFIDENTIAL).within("3P:Mission"), by="system:keeper")
    return item


def unpacked(made: packing.Packed) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made.content)) as packed:
        return {name.split("/", 1)[1]: packed.read(name) for name in packed.namelist()}


def fresh(one: Any) -> Any:
    return type(one).objects.get(pk=one.pk)


def listed(files: dict[str, bytes]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(files["package.json"])
    return told


def test_none_leaves_without_request_decision_and_consent(
    report: Any, ask_for: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    """Every order of the acts but one is refused."""
    lena, rita = session_of("lena"), session_of("rita")
    acts: dict[str, Callable[[Any], Any]] = {
        "decide": lambda one: package.decide(one, granted=True, reason="Binding.", by=lena),
        "assemble": lambda one: packing.assemble(one, by=rita),
        "take": lambda one: packing.take(one, by=rita),
        "hand over": lambda one: package.hand_over(one, to="Ms. Osei", how="by hand", on=now().date(), by=rita),
    }
    seal()
    whole = []
    for order in permutations(acts):
        one = ask_for(report)
        try:
            with bound_to(rita):
                for name in order:
                    with bound_to(lena if name == "decide" else rita):
                        acts[name](one)
        except Refused:
            continue
        whole.append(order)

    assert whole == [("decide", "assemble", "take", "hand over"), ("decide", "assemble", "hand over", "take")]


def test_the_way_is_a_table_and_each_step_needs_its_verb(
    report: Any, ask_for: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    one = ask_for(report)
    for name in ("alice", "bob", "rita", "carol"):
        with pytest.raises(Refused), bound_to(session_of(name)):
            package.decide(one, granted=True, reason="Binding.", by=session_of(name))
    with bound_to(session_of("lena")):
        package.decide(one, granted=True, reason="Binding.", by=session_of("lena"))
    seal()
    for name in ("alice", "lena", "bob"):
        with pytest.raises(Refused), bound_to(session_of(name)):
            packing.assemble(one, by=session_of(name))

    assert PACKAGE.incomplete() == []


def test_whoever_recorded_the_request_does_not_decide_on_it(
    report: Any, ask_for: Callable[..., Any], session_of: Callable[..., Any], people: Any, keeper: Any
) -> None:
    from forestall.access import actions

    actions.give_role(people.alice, role="counsel", since=date(2025, 1, 1), by=keeper)
    one = ask_for(report)
    with bound_to(session_of("alice")), pytest.raises(Refused, match="You recorded this request"):
        package.decide(one, granted=True, reason="I wish it.", by=session_of("alice"))


def test_whoever_decided_as_counsel_does_not_hand_it_over(
    report: Any, ask_for: Callable[..., Any], session_of: Callable[..., Any], people: Any, keeper: Any
) -> None:
    from forestall.access import actions

    actions.give_role(people.rita, role="counsel", since=date(2025, 1, 1), by=keeper)
    one, rita = ask_for(report), session_of("rita")
    with bound_to(rita):
        package.decide(one, granted=True, reason="Binding.", by=rita)
        seal()
        with pytest.raises(Refused, match="Somebody else assembles"):
            packing.assemble(one, by=rita)
    rolf = session_of("rolf")
    with bound_to(rolf):
        packing.assemble(one, by=rolf)
    with bound_to(rita):
        with pytest.raises(Refused, match="Somebody else assembles"):
            packing.take(one, by=rita)
        with pytest.raises(Refused, match="Somebody else assembles"):
            package.hand_over(one, to="Ms. Osei", how="by hand", on=now().date(), by=rita)


def test_V01_whoever_may_not_see_the_request_does_nothing_with_it(
    report: Any, assembled: Callable[..., Any], session_of: Callable[..., Any], keeper: Any
) -> None:
    one = assembled(report)
    resting.raise_label(report, label=Label(Level.CONFIDENTIAL).within("SRC"), by="system:keeper")
    one, lena, rita, alice = fresh(one), session_of("lena"), session_of("rita"), session_of("alice")
    acts: list[Callable[[], Any]] = [
        lambda: package.decide(one, granted=False, reason="No.", by=lena), lambda: packing.assemble(one, by=rita),
        lambda: packing.take(one, by=rita), lambda: package.hand_over(one, to="A", how="B", on=now().date(), by=rita),
        lambda: package.add(one, thing=package.Asked(Evidence.objects.get(pk=report.evidence_id)), by=alice),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(Refused, match="nothing here with this id"):
            act()


def test_a_decision_needs_a_reason_and_a_no_ends_it(
    report: Any, ask_for: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    one, lena = ask_for(report), session_of("lena")
    with bound_to(lena):
        with pytest.raises(Refused, match="Say why"):
            package.decide(one, granted=False, reason=" ", by=lena)
        package.decide(one, granted=False, reason="No jurisdiction.", by=lena)
        with pytest.raises(Refused):
            package.decide(one, granted=True, reason="After all.", by=lena)

    assert (one.state, one.reason, one.opened) == ("refused", "No jurisdiction.", False)


def test_counsel_can_take_a_yes_back_until_it_left(
    report: Any, assembled: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    one, lena, rita = assembled(report), session_of("lena"), session_of("rita")
    with bound_to(lena):
        package.decide(one, granted=False, reason="The order was set aside.", by=lena)
    with bound_to(rita), pytest.raises(Refused):
        packing.take(one, by=rita)


@pytest.mark.parametrize(
    "terms",
    [{"requester": " "}, {"authority": ""}, {"purpose": ""}, {"received_on": None}, {"received_on": date(2100, 1, 1)}],
    ids=["who", "authority", "purpose", "no day", "a day to come"],
)
def test_a_request_says_who_why_and_when(
    report: Any, counsel: Any, session_of: Callable[..., Any], terms: dict[str, Any]
) -> None:
    whole = package.Terms(requester="A", authority="B", purpose="C", received_on=date(2026, 11, 2))
    alice = session_of("alice")
    with bound_to(alice), pytest.raises(Refused):
        package.register(replace(whole, **terms), things=[package.of_item(report)], by=alice)


def test_a_request_may_be_recorded_before_its_items_are_found_and_nothing_leaves_without_one(
    counsel: Any, session_of: Callable[..., Any]
) -> None:
    alice, lena = session_of("alice"), session_of("lena")
    with bound_to(alice):
        one = package.register(package.Terms(requester="A", authority="B", purpose="C", received_on=date(2026, 11, 2)), things=[], by=alice)
    with bound_to(lena), pytest.raises(Refused):
        package.decide(one, granted=True, reason="An order.", by=lena)


def test_V30_a_request_is_held_as_closely_as_what_it_asks_for_and_raised_with_it(
    report: Any, confided: Any, ask_for: Callable[..., Any], session_of: Callable[..., Any], keeper: Any
) -> None:
    one = ask_for(report)
    assert one.label == Label(Level.CONFIDENTIAL).within("desk:karvania")

    with bound_to(session_of("alice")):
        package.add(one, thing=package.of_item(confided), by=session_of("alice"))
    assert fresh(one).label.compartments == {"desk:karvania", "3P:Mission"}
    with bound_to(session_of("bob")):
        assert packages.request(one.id) is None and packages.requests() == []

    labelling.hold_closer(report, label=report.label.raised_to(Level.STRICTLY_CONFIDENTIAL), by=keeper)
    assert fresh(one).level == Level.STRICTLY_CONFIDENTIAL


def test_V30_a_piece_is_as_hidden_as_the_request_it_belongs_to(
    report: Any, confided: Any, ask_for: Callable[..., Any], session_of: Callable[..., Any], signed_in: Callable[[str], Any], keeper: Any
) -> None:
    """Else whoever sees the file that is asked for learns from the record that somebody asks."""
    one, bob = ask_for(report), signed_in("bob")

    def told() -> bool:
        return "added to a package request" in bob.get("/record/").content.decode()

    assert told(), "he sees the request, and so what it asks for"
    with bound_to(session_of("alice")):
        package.add(one, thing=package.of_item(confided), by=session_of("alice"))
    with bound_to(keeper):
        assert {piece.label for piece in PackagePiece.objects.all()} == {fresh(one).label}
    assert not told()
    labelling.hold_closer(fresh(one), label=fresh(one).label.within("LEG"), by=keeper)
    with bound_to(keeper):
        assert {piece.label for piece in PackagePiece.objects.all()} == {fresh(one).label}
    assert resting.least_label(fresh(one)) == join([report.label, confided.label]), "its pieces do not hold it where it is"


def test_nobody_asks_for_what_they_may_not_see(
    report: Any, counsel: Any, session_of: Callable[..., Any], make_item: Callable[..., Any]
) -> None:
    carol = session_of("carol")
    with bound_to(carol), pytest.raises(Refused, match="nothing here with this id"):
        package.of_item(report)


def test_what_was_given_in_confidence_waits_for_its_originator(
    report: Any, confided: Any, ask_for: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    one, alice, lena, rita = ask_for(report, confided), session_of("alice"), session_of("lena"), session_of("rita")
    with bound_to(lena):
        package.decide(one, granted=True, reason="Binding.", by=lena)
    seal()

    def now_goes() -> list[int]:
        with bound_to(rita):
            packing.assemble(one, by=rita)
            told = listed(unpacked(packing.take(one, by=rita)))
        assert [file["number"] for file in told["files"]] + told["left_out"] == [1, 2]
        return [file["number"] for file in told["files"]]

    assert now_goes() == [1]  # nobody was asked
    with bound_to(alice):
        (_, second) = packages.pieces(one)
        assert "was not asked" in str(second.hindrance)
        leave = package.ask_originator(one, piece=second, originator="Mission", through="by letter", by=alice)
        assert leave.wording == f"SHA-256 {second.evidence.sha256}" and leave.addressee == one.requester
    assert now_goes() == [1]  # no answer yet
    with bound_to(alice):
        thirdparty.answer(leave, to=LeaveState.GRANTED, text="Yes, to this tribunal.", by=alice)
    assert now_goes() == [1, 2]
    with bound_to(alice):
        thirdparty.answer(leave, to=LeaveState.TAKEN_BACK, text="No longer.", by=alice)
    with bound_to(rita), pytest.raises(Refused, match="has changed since"):
        packing.take(one, by=rita)
    assert now_goes() == [1]


@pytest.mark.parametrize("what", ["addressee", "wording", "originator"])
def test_leave_for_somebody_or_something_else_is_no_leave_for_this(
    confided: Any, ask_for: Callable[..., Any], session_of: Callable[..., Any], what: str
) -> None:
    one, alice = ask_for(confided), session_of("alice")
    with bound_to(alice):
        (piece,) = packages.pieces(one)
        right = {"addressee": one.requester, "wording": f"SHA-256 {piece.evidence.sha256}", "originator": "Mission"}
        made = LeaveToQuote(
            about_kind=confided.kind(), about_id=confided.id, asked_by=alice.person_id, asked_at=now(), state="granted",
            **{**right, what: "another"},
        ).labelled(confided.label)  # fmt: skip
        from forestall.record.actions import write

        write(made, by=alice.person_id, verb="leave to quote granted")
        assert not packages.pieces(one)[0].goes


def test_what_a_source_did_not_agree_to_give_a_court_stays(
    report: Any, make_item: Callable[..., Any], assembled: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    kept = [make_item(f"Statement {n}", f"Words {n}") for n in range(2)]
    for item, scopes in zip(kept, ({"analyse", "store"}, {"analyse", "judicial"}), strict=True):
        resting.raise_label(item, label=replace(item.label, consent=frozenset(scopes)), by="system:keeper")
    one = assembled(report, *[fresh(item) for item in kept])

    with bound_to(session_of("rita")):
        told = [str(piece.hindrance) for piece in packages.pieces(one)]
    assert one.included == [1, 3]
    assert told == ["None", "Its source did not agree that it is handed to a court.", "None"]


def test_when_nothing_may_go_there_is_no_package(
    confided: Any, ask_for: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    one, lena, rita = ask_for(confided), session_of("lena"), session_of("rita")
    with bound_to(lena):
        with pytest.raises(Refused, match="Nothing of it"):
            package.decide(one, granted=True, reason="Binding.", withheld=(1,), by=lena)
        package.decide(one, granted=True, reason="Binding.", by=lena)
    seal()
    with bound_to(rita), pytest.raises(Refused, match="Nothing of it"):
        packing.assemble(one, by=rita)


def test_what_is_left_out_is_told_by_its_number_and_by_nothing_else(
    report: Any, make_item: Callable[..., Any], assembled: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    other = make_item("Zanziphore", "zanziphore speaks")
    one, rita = assembled(report, other, withheld=(2,)), session_of("rita")
    with bound_to(rita):
        made = packing.take(one, by=rita)
    files, told = unpacked(made), listed(unpacked(made))
    hidden = fresh(other)
    about = [b"anziphore", str(hidden.id).encode(), str(hidden.evidence_id).encode(), Evidence.objects.get(pk=hidden.evidence_id).sha256.encode()]

    assert told["left_out"] == [2]
    assert not [name for name, content in files.items() for secret in about if secret in content and name != "forestall-verify"]
    assert b"The order binds us" not in made.content  # counsel's reason stays inside


def test_X06_the_same_request_gives_the_same_bytes_whoever_looked_or_took_it_since(
    report: Any, assembled: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    one, rita, rolf = assembled(report), session_of("rita"), session_of("rolf")
    with bound_to(rita):
        first = packing.take(one, by=rita)
    evidence.viewed(report.evidence_id, by=rita.person_id)
    with clock.fixed(now() + timedelta(days=3)):
        seal()
        with bound_to(rolf):
            second = packing.take(fresh(one), by=rolf)
            packing.assemble(one, by=rolf)
            third = packing.take(one, by=rolf)

    assert first == second
    assert set(unpacked(first)) == set(unpacked(third))
    assert {name for name, content in unpacked(first).items() if unpacked(third)[name] != content} <= {
        "package.json", "package.json.sig", "cover.pdf", "bag-info.txt", "custody/0001.json", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt",
    }  # fmt: skip


def test_X05_nothing_in_it_tells_path_host_tool_officer_or_first_name(
    make_item: Callable[..., Any], assembled: Callable[..., Any], session_of: Callable[..., Any], own_home: Any
) -> None:
    item = make_item("From J. Okafor", "Eleven homes burned.")
    one, rita = assembled(item), session_of("rita")
    with bound_to(rita):
        made = packing.take(one, by=rita)
    files = unpacked(made)
    files.pop("forestall-verify"), files.pop("data/0001.txt")
    whole = b"".join(files.values()).lower() + made.name.encode().lower()

    for secret in ("okafor", "rita", "alice", "lena", str(own_home.path), "typst", "python-docx", "bagit.py", "/tmp"):
        assert secret.lower().encode() not in whole, secret
    with zipfile.ZipFile(io.BytesIO(made.content)) as packed:
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {(one.extra, one.comment) for one in packed.infolist()} == {(b"", b"")}


def test_X07_nothing_of_it_stays_on_the_disk(
    make_item: Callable[..., Any], assembled: Callable[..., Any], session_of: Callable[..., Any], own_home: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    item = make_item("Report", "Eleven homes burned.")
    one, rita = assembled(item), session_of("rita")
    before = sorted(path for path in own_home.path.rglob("*") if path.is_file())
    with bound_to(rita):
        packing.take(one, by=rita)

    assert sorted(path for path in own_home.path.rglob("*") if path.is_file()) == before
    assert list((tmp_path / "temporary").iterdir()) == []


def test_X06_what_no_longer_comes_to_the_same_bytes_is_not_handed_out(
    report: Any, assembled: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    from forestall.record.actions import write

    one, rita = assembled(report), session_of("rita")
    one.purpose = "Another case"
    write(one, by=rita.person_id, verb="edited")
    with bound_to(rita), pytest.raises(Refused, match="has changed since"):
        packing.take(one, by=rita)


def test_V24_who_looked_at_a_file_is_counted_and_not_named(
    report: Any, assembled: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    rita, bob = session_of("rita"), session_of("bob")
    for _ in range(2):
        evidence.viewed(report.evidence_id, by=bob.person_id)
    one = assembled(report)
    with bound_to(rita):
        files = unpacked(packing.take(one, by=rita))
    told = json.loads(files["custody/0001.json"])

    assert [json.loads(act["leaf"])[4] for act in told["acts"]] == ["received"]
    assert told["looks"] == {"viewed": 2, "working copy taken": 0, "people": 1}
    assert not [name for name, content in files.items() if bob.person_id.encode() in content]


def test_each_export_is_written_to_the_custody_of_each_file(
    report: Any, make_item: Callable[..., Any], assembled: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    kept = make_item("Other", "stays")
    one, rita = assembled(report, kept, withheld=(2,)), session_of("rita")
    with bound_to(rita):
        packing.take(one, by=rita)

    assert [entry.verb for entry in custody(report.evidence_id)] == ["received", "exported"]
    assert [entry.verb for entry in custody(kept.evidence_id)] == ["received"]
    assert custody(one.id)[-1].verb == "exported" and custody(one.id)[-1].by == rita.person_id


def test_L14_bytes_exchanged_in_the_store_are_not_handed_out(
    make_item: Callable[..., Any], assembled: Callable[..., Any], session_of: Callable[..., Any], own_home: Any
) -> None:
    item = make_item("Report", "Eleven homes burned.", level=1)
    one, rita = assembled(item), session_of("rita")
    path = evidence.path_of(Evidence.objects.get(pk=item.evidence_id).address)
    path.write_bytes(b"Report\nNothing happened here")
    with bound_to(rita), pytest.raises(Malformed, match="no longer match"):
        packing.take(one, by=rita)
    assert [entry.verb for entry in custody(item.evidence_id)] == ["received"]


def test_what_was_removed_since_is_handed_out_no_more(
    report: Any, make_item: Callable[..., Any], assembled: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    other = make_item("Other", "stays")
    one, rita, rolf = assembled(report, other), session_of("rita"), session_of("rolf")
    with bound_to(rita):
        expunge(report, by=rita.person_id, second=rolf.person_id, reason="A name.")
        with pytest.raises(Refused, match="has changed since"):
            packing.take(one, by=rita)
        packing.assemble(one, by=rita)
        assert listed(unpacked(packing.take(one, by=rita)))["left_out"] == [1]


def test_what_is_not_sealed_yet_is_not_assembled(
    report: Any, ask_for: Callable[..., Any], session_of: Callable[..., Any], make_item: Callable[..., Any]
) -> None:
    one, lena, rita = ask_for(report), session_of("lena"), session_of("rita")
    with bound_to(lena):
        package.decide(one, granted=True, reason="Binding.", by=lena)
    with bound_to(rita), pytest.raises(Unavailable, match="not sealed yet"):
        packing.assemble(one, by=rita)


def test_the_handing_over_says_who_took_it_and_the_receipt_comes_after(
    report: Any, assembled: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    one, rita, today = assembled(report), session_of("rita"), now().date()
    with bound_to(rita):
        for given in ({"to": "", "how": "by hand", "on": today}, {"to": "Ms. Osei", "how": "", "on": today},
                      {"to": "Ms. Osei", "how": "by hand", "on": None}, {"to": "Ms. Osei", "how": "by hand", "on": today + timedelta(days=1)},
                      {"to": "Ms. Osei", "how": "by hand", "on": today - timedelta(days=1)}):  # fmt: skip
            with pytest.raises(Refused):
                package.hand_over(one, by=rita, **given)
        with pytest.raises(Refused, match="Record first"):
            package.record_receipt(one, receipt="Signed.", by=rita)
        package.hand_over(one, to="Ms. Osei, registry", how="by hand", on=today, by=rita)
        package.record_receipt(one, receipt="Signed, stamp 44.", by=rita)
        with pytest.raises(Refused):
            package.hand_over(one, to="Another", how="by hand", on=today, by=rita)
        packing.take(one, by=rita)  # the very same, again

    assert (one.state, one.handed_to, one.receipt) == (PackageState.HANDED_OVER, "Ms. Osei, registry", "Signed, stamp 44.")


def test_those_who_may_do_the_next_are_told_and_nobody_else(
    report: Any, ask_for: Callable[..., Any], session_of: Callable[..., Any], people: Any
) -> None:
    one, lena = ask_for(report), session_of("lena")

    def told() -> set[str]:
        found = {str(notice.person_id) for notice in Notice.objects.filter(object_id=one.id)}
        Notice.objects.filter(object_id=one.id).delete()
        return {name for name, person in vars(people).items() if str(person.id) in found}

    assert told() == {"lena"}
    with bound_to(lena):
        package.decide(one, granted=True, reason="Binding.", by=lena)
    assert told() == {"alice", "rita", "rolf"}


def test_a_request_is_withdrawn_with_a_reason_and_before_counsel_decided(
    report: Any, ask_for: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    one, alice = ask_for(report), session_of("alice")
    with bound_to(alice):
        with pytest.raises(Refused):
            package.withdraw(one, reason="", by=alice)
        package.withdraw(one, reason="Recorded twice.", by=alice)
        with pytest.raises(Refused):
            package.add(one, thing=package.of_item(report), by=alice)
    assert PackageRequest.objects.get(pk=one.pk).state == "withdrawn"


def test_the_day_a_file_was_received_is_told_in_utc(report: Any, assembled: Callable[..., Any], session_of: Callable[..., Any]) -> None:
    one, rita = assembled(report), session_of("rita")
    with bound_to(rita):
        told = listed(unpacked(packing.take(one, by=rita)))
    assert datetime.fromisoformat(told["files"][0]["received_at"]).tzinfo == UTC
