"""What an Office hands over from the command line, and what a statement proves about a day."""

from __future__ import annotations

import importlib.util
import json
import stat
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from forestall.access.session import bound_to
from forestall.base import clock
from forestall.base.canonical import canonical_json
from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.cli.commands.record import ACTS
from forestall.record import bundle, keys
from forestall.record.actions import write
from forestall.record.models import Entry, SigningKey
from forestall.record.seals import seal
from forestall.record.statement import state

_spec = importlib.util.spec_from_file_location("office_log", Path(__file__).with_name("office_log.py"))
assert _spec is not None and _spec.loader is not None
office = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(office)
verifier = office.verifier

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def passwords(people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("rita", "rolf", "alice"):
        monkeypatch.setenv(f"FORESTALL_PASSWORD_{name.upper()}", f"the password of {name}")


def run(act: str, **given: Any) -> int:
    return ACTS[act](Namespace(**{"second": "", "person": "rita", "holds": "entries", **given}))


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_L18_what_was_known_is_written_for_one_reader_or_by_two_officers(
    passwords: None, make_item: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    with clock.fixed(NOON):
        make_item("Lists", "of households", published=NOON)
    about = {"situation": None, "state": "ZZK", "since": NOON.date(), "until": NOON.date(), "language": "en"}

    def written(name: str, **given: Any) -> str:
        assert run("known", file=tmp_path / f"{name}.{ending}", **about, **given) == 0
        return capsys.readouterr().out.rpartition(" ")[2]

    with clock.fixed(NOON + timedelta(hours=2)):
        alone, by_two, again = written("one", person="alice"), written("two", second="rolf"), written("again", second="rolf")
        assert alone != by_two == again, "a password opens what is internal, and the item is confidential"
        assert (tmp_path / f"two.{ending}").read_bytes() == (tmp_path / f"again.{ending}").read_bytes()
        assert stat.S_IMODE((tmp_path / f"two.{ending}").stat().st_mode) == 0o600
        for given in ({"second": "alice"}, {"file": tmp_path / "known.txt"}):
            with pytest.raises(Refused):
                run("known", **{"file": tmp_path / f"no.{ending}", **about, **given})
    assert Entry.objects.filter(verb="exported: known, said, answered").count() == 5


def test_L17_a_package_is_verified_at_the_terminal_as_an_outsider_would(
    assembled: Callable[..., Any], make_item: Callable[..., Any], session_of: Callable[..., Any], tmp_path: Path, witness: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from forestall.cli.commands.package import COMMAND
    from forestall.monitoring.actions import packing

    one, rita = assembled(make_item("Report", "Homes burned.")), session_of("rita")
    with bound_to(rita):
        content = packing.take(one, by=rita).content
    path = tmp_path / "package.zip"
    for changed, status in ((content, 0), (content.replace(b"Homes burned.", b"Homes stand. "), 1), (b"PK nothing", 1), (b"none", 1)):
        path.write_bytes(changed)
        assert COMMAND.run(Namespace(act="verify", path=path, witness=[str(witness / "seals.txt")], key="")) == status
    told = capfd.readouterr()
    assert "the package holds" in told.out and "data/0001.txt was changed" in told.out


def test_the_verifier_and_a_bundle_are_written_for_their_owner_alone(
    passwords: None, make_item: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_item("Lists of households", "a private name")
    assert run("verifier", file=tmp_path / "forestall-verify") == 0
    assert run("bundle", file=tmp_path / "told") == 0
    assert stat.S_IMODE((tmp_path / "told").stat().st_mode) == 0o600
    assert b"a private name" not in (tmp_path / "told").read_bytes()
    assert verifier.main([str(tmp_path / "told")]) == 0
    with pytest.raises(Malformed):
        run("bundle", file=tmp_path / "told")
    assert Entry.objects.filter(verb="exported: bundle of the record, entries").exists()


def test_more_than_the_entries_needs_two_officers(passwords: None, make_item: Callable[..., Any], tmp_path: Path) -> None:
    make_item("Lists of households", "a private name")
    for holds in ("states", "content"):
        for second in ("", "rita", "alice"):
            with pytest.raises(Refused):
                run("bundle", file=tmp_path / holds, holds=holds, second=second)
        assert run("bundle", file=tmp_path / holds, holds=holds, second="rolf") == 0
        assert verifier.main([str(tmp_path / holds)]) == 0
        assert (b"a private name" in (tmp_path / holds).read_bytes()) is (holds == "content")
    with pytest.raises(Refused):
        run("bundle", file=tmp_path / "x", person="alice")


def test_a_bundle_that_fails_half_way_leaves_no_file(
    passwords: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops(_: str) -> Any:
        yield b"half"
        raise Unavailable("stopped")

    monkeypatch.setattr(bundle, "lines", stops)
    with pytest.raises(Unavailable):
        run("bundle", file=tmp_path / "told")
    assert not (tmp_path / "told").exists()


def test_content_removed_while_a_bundle_is_written_makes_it_unavailable(keeper: Any) -> None:
    office.made("Ministry")
    pieces = bundle.lines("content")
    next(pieces)
    thing = office.made("Another")
    from forestall.record.actions import expunge

    expunge(thing, by="rita", second="rolf", reason="asked")
    with pytest.raises(Unavailable):
        list(pieces)


def test_L13_a_key_is_rotated_and_stated_lost_by_records_officers(
    passwords: None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    began = clock.now() + timedelta(hours=1)
    with clock.fixed(began):
        seal()
    with clock.fixed(began + timedelta(minutes=5)):
        with pytest.raises(Refused):
            run("rotate-key", person="alice")
        assert run("rotate-key") == 0
        assert f"Key 1 signs from now on: {SigningKey.objects.get(number=1).public}" in capsys.readouterr().out
    with clock.fixed(began + timedelta(minutes=9)):
        for second in ("rita", "alice"):
            with pytest.raises(Refused):
                run("state-key-lost", second=second, reason="the disk burnt")
        assert run("state-key-lost", second="rolf", reason="the disk burnt") == 0
    with clock.fixed(began + timedelta(minutes=60)):
        seal()
        found = office.read(office.the_lines())
    assert not found.faults
    assert "the disk burnt" in found.worries[0][2]


def test_a_checkpoint_prints_a_line_that_serves_as_a_witness(
    keeper: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    office.made("Ministry")
    ACTS["checkpoint"](Namespace())
    (tmp_path / "printed").write_text(f"  > {capsys.readouterr().out}")
    office.made("Another")
    path = office.write_file(tmp_path, office.the_lines("entries"))
    assert verifier.examine(str(path), [str(tmp_path / "printed")]).agreed == {str(tmp_path / "printed"): 1}
    (tmp_path / "printed").write_text("1 " + (tmp_path / "printed").read_text().strip(" >").split(" ", 1)[1])
    assert not verifier.examine(str(path), [str(tmp_path / "printed")]).faults
    forged = [line for line in office.the_lines("entries") if not line.startswith(b"C ")]
    changed = [line.replace(b'"added"', b'"taken"') for line in forged]
    assert verifier.examine(str(office.write_file(tmp_path, changed, "changed")), [str(tmp_path / "printed")]).faults


@pytest.fixture
def renamed(keeper: Any) -> Any:
    """A ministry known since 20 November, renamed on the 22nd; sealed every day."""
    with clock.fixed(NOON):
        thing = office.made("Ministry of Wells")
    for day in (1, 2, 3):
        with clock.fixed(NOON + timedelta(days=day)):
            seal()
            if day == 2:
                thing.name = "Ministry of Water"
                write(thing, by="alice", verb="renamed")
            office.made(f"Ministry {day}")
    return thing


def stated(thing: Any, day: int, tmp_path: Path, **given: Any) -> Any:
    with clock.fixed(NOON + timedelta(days=4)):
        made = state(thing, on=(NOON + timedelta(days=day)).date(), by="rita", **given)
    path = tmp_path / f"statement-{day}"
    path.write_bytes(made)
    return verifier.examine(str(path))


def test_L18_a_statement_says_what_was_known_on_a_day_and_holds_outside(renamed: Any, tmp_path: Path) -> None:
    assert not stated(renamed, -1, tmp_path).told["known"]
    found = stated(renamed, 0, tmp_path, content=True)
    assert found.told["known"] and not found.faults
    said = "\n".join(verifier.told(found))
    assert "On 2026-11-20 it was known to the record." in said
    assert "entry 0: added" in said and "in the seal of 2026-11-21 12:00" in said
    assert "renamed" in said and "in the seal of 2026-11-23 12:00" in said
    assert [json.loads(act["content"])["name"] for act in found.told["acts"]] == ["Ministry of Wells", "Ministry of Water"]


def test_L18_a_statement_is_not_made_before_anything_is_sealed(keeper: Any) -> None:
    thing = office.made("Ministry")
    with pytest.raises(Unavailable):
        state(thing, on=NOON.date(), by="rita")


def _changed(told: dict[str, Any], name: str) -> dict[str, Any]:
    act = told["acts"][0]
    leaf = json.loads(act["leaf"])
    changes: dict[str, Callable[[], Any]] = {
        "day": lambda: told.update(on="2026-11-19"),
        "known": lambda: told.update(known=False),
        "leaf": lambda: act.update(leaf=canonical_json([*leaf[:2], "bob", *leaf[3:]])),
        "date": lambda: act.update(leaf=canonical_json([leaf[0], "2026-11-19T12:00:00+00:00", *leaf[2:]])),
        "proof": lambda: act.update(proof=["00" * 32, *act["proof"]]),
        "shorter proof": lambda: told["acts"][1].update(proof=told["acts"][1]["proof"][1:]),
        "state": lambda: act.update(state=act["state"].replace('"level":1', '"level":0')),
        "content": lambda: act.update(content=act["content"].replace("Wells", "Wills")),
        "other seal": lambda: act.update(seal=told["acts"][1]["seal"]),
        "root": lambda: told["seals"][0].update(root="00" * 32),
        "seal's date": lambda: told["seals"][0].update(at="2026-11-20T12:00:00+00:00"),
        "key": lambda: told["keys"][0].update(by="ada"),
    }
    changes[name]()
    return told


@pytest.mark.parametrize("resigned", [False, True], ids=["as-it-is", "signed-again-by-a-thief-of-the-key"])
@pytest.mark.parametrize(
    "name",
    ["day", "known", "leaf", "date", "proof", "shorter proof", "state", "content", "other seal", "root", "seal's date", "key"],
)
def test_L18_a_statement_that_was_changed_holds_nowhere(renamed: Any, tmp_path: Path, name: str, resigned: bool) -> None:
    with clock.fixed(NOON + timedelta(days=4)):
        first, signature = state(renamed, on=NOON.date(), by="rita", content=True).decode().splitlines()
    told = _changed(json.loads(first.split(" ", 1)[1]), name)
    if name == "day" and resigned:
        told["known"] = True
    line = f"forestall-statement-1 {canonical_json(told)}"
    if resigned:
        signature = keys.signing_key().sign(line.encode()).hex()
    (tmp_path / "told").write_text(f"{line}\n{signature}\n")
    assert verifier.examine(str(tmp_path / "told")).faults


def test_L18_a_witness_that_keeps_the_seal_vouches_for_the_statement(renamed: Any, tmp_path: Path) -> None:
    from forestall.record.models import Seal

    (tmp_path / "kept").write_text("".join(f"{one.line()}\n" for one in Seal.objects.order_by("at")))
    with clock.fixed(NOON + timedelta(days=4)):
        (tmp_path / "told").write_bytes(state(renamed, on=NOON.date(), by="rita"))
    assert not verifier.examine(str(tmp_path / "told"), [str(tmp_path / "kept")]).faults
    (tmp_path / "kept").write_text("".join(f"{one.line()}\n" for one in Seal.objects.order_by("at")[1:]))
    assert verifier.examine(str(tmp_path / "told"), [str(tmp_path / "kept")]).faults


def test_L18_what_an_officer_may_not_see_is_stated_of_by_two_alone(
    passwords: None, make_item: Callable[..., Any], tmp_path: Path
) -> None:
    item = make_item("Lists of households", "a private name")
    with clock.fixed(clock.now() + timedelta(hours=1)):
        seal()
        asked = {"kind": "monitoring.item", "id": item.id, "on": NOON.date(), "content": False, "file": tmp_path / "told"}
        with pytest.raises(Refused):
            run("statement", **asked)
        assert run("statement", **asked, second="rolf") == 0
    assert verifier.main([str(tmp_path / "told")]) == 0
    assert b"a private name" not in (tmp_path / "told").read_bytes()


def test_L18_acknowledgements_stand_in_a_statement_as_far_as_they_may_be_seen(
    session_of: Callable[..., Any], keeper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forestall.institutions.models import Counterpart, OfficeHolder
    from forestall.labels.label import Label, Level

    ministry = office.made("Ministry of Wells")
    open_one = OfficeHolder(counterpart=ministry, title="Minister", name="A. Varn", since=NOON.date())
    closed = OfficeHolder(counterpart=ministry, title="Deputy", name="B. Lorn", since=NOON.date())
    write(open_one.labelled(Label(Level.INTERNAL)), by="system:keeper", verb="receipt recorded")
    write(closed.labelled(Label(Level.INTERNAL, audience=frozenset({"nobody"}))), by="system:keeper", verb="silence recorded")
    monkeypatch.setattr(
        OfficeHolder, "resting_on",
        classmethod(lambda cls, thing: cls.objects.filter(counterpart=thing) if isinstance(thing, Counterpart) else ()),
    )  # fmt: skip
    with clock.fixed(clock.now() + timedelta(hours=1)):
        seal()
        with bound_to(session_of("rita")):
            told = json.loads(state(ministry, on=NOON.date(), by="rita").decode().splitlines()[0].split(" ", 1)[1])
    assert [json.loads(act["leaf"])[4] for act in told["acts"]] == ["added", "receipt recorded"]
