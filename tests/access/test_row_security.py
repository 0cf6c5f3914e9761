"""The second net: PostgreSQL itself shows nobody a row that the predicate hides, whatever the program forgets."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, connections, models, transaction
from django.db.models import Q

from forestall.access import visibility
from forestall.access.labelling import hold_closer
from forestall.access.session import Session, bound_to, system_reader
from forestall.base import clock
from forestall.institutions.models import Counterpart
from forestall.labels import rowsecurity
from forestall.labels.binding import bind
from forestall.labels.label import Label, Level
from forestall.labels.models import Labelled, everything, intern_compartments
from forestall.labels.telling import Elevation, elevated, spelled
from forestall.monitoring.models import Item
from forestall.record import actions, drafts, queries
from forestall.record.models import Payload, Recorded, Revision, WorkingDraft
from forestall.record.verification import recorded_models
from forestall.search import queries as search
from forestall.search.question import read
from tests.access.test_visibility import NOW, every_label, every_sight
from tests.leaks.hidden import HIDING, WORD

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not settings.DATABASE_OWNER, reason="row security needs PostgreSQL with two roles"),
]
SHUT = Label(Level.STRICTLY_CONFIDENTIAL, frozenset({"SRC", "desk:karvania"}))


def unfiltered(model: Any) -> Any:
    """A query in which somebody forgot the filter."""
    return models.QuerySet(model)


def ask(sql: str, *given: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given or None)
        return cursor.fetchall()


def body(name: str, label: Label) -> Counterpart:
    return Counterpart(kind_of_body="ministry", name=name, channel="letter").labelled(label)


def test_C6_the_second_net_sees_exactly_what_the_predicate_allows(keeper: Any) -> None:
    labels = every_label()
    rows = [body(str(place), label) for place, label in enumerate(labels)]
    for spelling in {row.compartments for row in rows}:
        intern_compartments(spelling)
    everything(Counterpart).bulk_create(rows, batch_size=500)

    with clock.fixed(NOW):
        for sight in every_sight():
            with bind(Session(sight=sight, name="a reader")):
                seen = set(unfiltered(Counterpart).values_list("name", flat=True))
            allowed = {str(at) for at, label in enumerate(labels) if visibility.may_see(sight, label, at=NOW)}
            assert seen == allowed, sight


@pytest.mark.parametrize("model", [m for m in apps.get_models() if issubclass(m, Labelled)], ids=lambda m: m._meta.label)
def test_every_labelled_table_lies_under_the_net(db: None, model: Any) -> None:
    assert ask("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", model._meta.db_table) == [
        (True, True)
    ]
    acts = ask("SELECT polcmd FROM pg_policy WHERE polrelid = %s::regclass", model._meta.db_table)
    assert {act for (act,) in acts} == {"r", "a", "w", "d"}


def test_the_net_stands_and_says_what_is_missing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rowsecurity.standing().faults == []

    desk = apps.get_model("access", "Desk")
    monkeypatch.setattr(rowsecurity, "protected_models", lambda: [Counterpart, desk])
    assert "access_desk" in str(rowsecurity.standing().faults[0])


def test_the_owner_alone_is_told_that_there_is_no_net(by_the_owner: None, db: None) -> None:
    told = " ".join(str(fault) for fault in rowsecurity.standing().faults)

    assert "owns the tables" in told
    assert "may make tables" in told


def test_with_nobody_bound_there_are_no_rows_and_no_error(keeper: Any) -> None:
    actions.write(body("Open", Label(Level.PUBLIC)), by="x", verb="added")
    assert unfiltered(Counterpart).count() == 1
    with _nobody():
        for model in rowsecurity.protected_models():
            assert unfiltered(model).count() == 0, model


def _nobody() -> Any:
    return bind(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("what", HIDING)
def test_V01_the_second_net_holds_where_the_first_is_removed(
    keeper: Any, make_item: Callable[..., Any], session_of: Callable[..., Any], signed_in: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch, what: str,
) -> None:  # fmt: skip
    make_item("A notice on wells", "The wells are shared.", level=1, desk=None)
    monkeypatch.setattr(visibility, "scope", lambda sight, *, at: Q())
    carol, dora, browser = session_of("carol"), session_of("dora"), signed_in("carol")
    addresses = ("/", "/inbox/", "/situations/", "/counterparts/", "/record/", "/sources/", "/morning/")

    def looks() -> list[Any]:
        found: list[Any] = []
        for reader in (carol, dora):
            with bound_to(reader):
                found += [sorted(map(str, model.objects.values_list("pk", flat=True))) for model in recorded_models()]
                found.append(Revision.objects.count())
                found.append(unfiltered(Payload).filter(body__contains=WORD).count())
                found.append([str(entry.object_id) for entry in queries.acts()])
                found.append([str(answer.object_id) for answer in search.answers(read(WORD))])
                found.append(ask("SELECT count(*) FROM forestall_matching(%s::tsquery)", f"'{WORD.lower()}'"))
        return found

    before = looks()
    with bound_to(system_reader("keeper", reason="hide")) as hider:
        hidden = HIDING[what](hider)
    assert looks() == before
    for address in addresses:
        assert WORD.encode() not in browser.get(address).content, address
    with bound_to(session_of("carol")):
        assert unfiltered(type(hidden)).filter(pk=hidden.pk).first() is None


def test_V01_a_past_day_opens_nothing_where_the_first_net_is_removed(
    keeper: Any, session_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    with clock.fixed(datetime(2026, 11, 1, tzinfo=UTC)):
        actions.write(body(WORD, SHUT), by="x", verb="added")
        actions.write(body("Open", Label(Level.INTERNAL)), by="x", verb="added")
        lowered = actions.write(body(WORD, SHUT), by="x", verb="added")
    lowered.name = "Lowered since"
    actions.write(lowered.labelled(Label(Level.INTERNAL)), by="x", verb="lowered")
    monkeypatch.setattr(visibility, "scope", lambda sight, *, at: Q())

    with bound_to(replace(session_of("carol"), as_of=datetime(2026, 11, 2, tzinfo=UTC).date())):
        assert [one.name for one in Counterpart.objects.all()] == ["Open"]


@pytest.mark.parametrize(
    "told",
    [
        '{"elevation":2}',
        "0" * 64 + '{"elevation":2}',
        "0" * 64 + "not json",
        "x",
    ],
)
def test_what_is_told_without_the_key_is_not_believed(keeper: Any, told: str) -> None:
    actions.write(body("Open", Label(Level.PUBLIC)), by="x", verb="added")
    with connection.cursor() as cursor:  # as one statement, so that nothing is told in between
        cursor.execute("WITH forged AS (SELECT set_config('forestall.sight', %s, true)) SELECT * FROM forged", [told])
        raw = connection.connection.cursor()
        raw.execute("SELECT count(*) FROM institutions_counterpart")
        assert raw.fetchone()[0] == 0


def test_what_was_told_to_another_process_is_not_believed(keeper: Any) -> None:
    actions.write(body("Open", Label(Level.PUBLIC)), by="x", verb="added")
    here = connection.connection.info.backend_pid
    for process, seen in ((here, 1), (here + 1, 0)):
        raw = connection.connection.cursor()
        raw.execute("SELECT set_config('forestall.sight', %s, true)", [spelled(process=process)])
        raw.execute("SELECT count(*) FROM institutions_counterpart")
        assert raw.fetchone()[0] == seen


@pytest.mark.parametrize(
    "attempt",
    [
        "SET ROLE {owner}",
        "SET SESSION AUTHORIZATION {owner}",
        "SET LOCAL row_security = off; SELECT * FROM institutions_counterpart",
        "ALTER TABLE institutions_counterpart DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE institutions_counterpart NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY forestall_select ON institutions_counterpart",
        "CREATE POLICY wide ON institutions_counterpart USING (true)",
        "CREATE VIEW wide AS SELECT * FROM institutions_counterpart",
        "CREATE TABLE wide (x integer)",
        "CREATE TEMPORARY TABLE record_revision (x integer)",
        "CREATE FUNCTION strpos(text, text) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION pg_temp.cheap(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE OR REPLACE FUNCTION forestall_sight() RETURNS forestall_sight LANGUAGE sql AS 'SELECT NULL'",
        "SELECT * FROM forestall_sight_key",
        "SELECT * FROM search_words",
        "DELETE FROM search_words",
        "UPDATE forestall_sight_key SET inner_key = ''",
        "TRUNCATE institutions_counterpart",
        "UPDATE record_entry SET verb = 'praised'",
        "DELETE FROM record_revision",
        "DELETE FROM django_migrations",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/hostname')",
    ],
)
def test_the_application_cannot_widen_its_sight_by_sql(keeper: Any, attempt: str) -> None:
    refused = pytest.raises(DatabaseError, match=r"denied|owner|row-level|superuser|must be")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attempt.format(owner=settings.DATABASE_OWNER["USER"]))


@pytest.mark.parametrize("reset", ["RESET ALL", "RESET ROLE", "RESET SESSION AUTHORIZATION", "SET forestall.sight = ''"])
def test_resetting_shows_less_and_never_more(keeper: Any, session_of: Callable[..., Any], reset: str) -> None:
    actions.write(body(WORD, SHUT), by="x", verb="added")
    with bound_to(session_of("carol")), connection.cursor() as cursor:
        cursor.execute(reset)
        assert unfiltered(Counterpart).count() == 0


def test_the_owner_too_sees_nothing_unless_a_reader_is_bound(by_the_owner: None, keeper: Any) -> None:
    actions.write(body(WORD, SHUT), by="x", verb="added")
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIEW wide AS SELECT * FROM institutions_counterpart")
    with _nobody():
        assert ask("SELECT count(*) FROM institutions_counterpart") == [(0,)]
        assert ask("SELECT count(*) FROM wide") == [(0,)]


def test_no_view_stands_between(db: None) -> None:
    assert ask("SELECT viewname FROM pg_views WHERE schemaname = current_schema()") == []
    assert ask("SELECT matviewname FROM pg_matviews WHERE schemaname = current_schema()") == []


def test_functions_of_the_same_name_on_the_search_path_change_nothing(by_the_owner: None, keeper: Any) -> None:
    actions.write(body(WORD, SHUT), by="x", verb="added")
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA evil")
        for name, result in (("strpos(text, text)", "integer AS 'SELECT 1'"), ("btrim(text, text)", "text AS 'SELECT '''''"),
                             ("left(text, integer)", "text AS 'SELECT repeat(''0'', 64)'"),
                             ("encode(bytea, text)", "text AS 'SELECT repeat(''0'', 64)'")):  # fmt: skip
            cursor.execute(f"CREATE FUNCTION evil.{name} RETURNS {result.replace(' AS ', ' LANGUAGE sql AS ')}")
        cursor.execute("SET LOCAL search_path = evil, pg_catalog, public")
        with _nobody():
            raw = connection.connection.cursor()
            forged = json.dumps({"elevation": 2, "process": connection.connection.info.backend_pid})
            raw.execute("SELECT pg_catalog.set_config('forestall.sight', repeat('0', 64) || %s, true)", [forged])
            raw.execute("SELECT count(*) FROM institutions_counterpart")
            assert raw.fetchone()[0] == 0


def test_V34_no_unique_column_tells_of_a_hidden_row(db: None) -> None:
    """A refused duplicate tells that the value exists: so only random ids and places in the log are unique."""
    unique = ask(
        "SELECT DISTINCT c.relname, array(SELECT attname::text FROM pg_attribute a WHERE a.attrelid = c.oid"
        " AND a.attnum = ANY(i.indkey) ORDER BY 1) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
        " WHERE i.indisunique AND c.relname = ANY(%s)",
        [model._meta.db_table for model in rowsecurity.protected_models()],
    )
    told = {(table, *columns) for table, columns in unique if columns != ["id"]}

    assert told == {
        ("record_revision", "entry_seq"),
        ("record_revision", "number", "object_id"),
        ("record_payload", "revision_id"),
        ("record_workingdraft", "form", "person"),
        ("record_redaction", "entry_seq"),
        ("search_document", "object_id"),
        ("retention_concern", "about_id", "request_id"),  # who adds to a request sees it, and what it concerns
        ("retention_keepingtime", "key"),  # a class of the schedule, which everybody reads
        ("vault_pseudonym", "code"),  # drawn at random by the house, and never typed in
        ("monitoring_contribution", "number"),  # drawn at random too
        ("monitoring_factrhythm", "collector"),  # a name of the catalogue, which everybody reads; the worker alone writes it
    }


def test_the_statistics_of_hidden_columns_are_not_told(by_the_owner: None, people: Any) -> None:
    actions.write(body(WORD, SHUT), by="x", verb="added")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE institutions_counterpart; ANALYZE access_desk")

    assert ask("SELECT count(*) > 0 FROM pg_stats WHERE tablename = 'access_desk'") == [(True,)]
    assert ask("SELECT count(*) FROM pg_stats WHERE tablename = 'institutions_counterpart'") == [(0,)]


def test_nobody_writes_a_row_that_they_could_not_see_unless_the_record_does(
    keeper: Any, session_of: Callable[..., Any]
) -> None:
    with bound_to(session_of("carol")) as carol:
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            body(WORD, SHUT).save()
        kept = actions.write(body(WORD, SHUT), by=carol.person_id, verb="proposed")
        assert unfiltered(Counterpart).filter(pk=kept.pk).first() is None
    assert Counterpart.objects.get(pk=kept.pk).name == WORD


def test_the_record_changes_nothing_that_its_writer_could_not_see(
    keeper: Any, session_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = actions.write(body("Rivers", SHUT), by="x", verb="added")
    monkeypatch.setattr(visibility, "scope", lambda sight, *, at: Q())
    with bound_to(session_of("carol")):
        kept.name = "Lies"
        with pytest.raises(DatabaseError), transaction.atomic():
            actions.write(kept, by="carol", verb="renamed")
    assert Counterpart.objects.get(pk=kept.pk).name == "Rivers"


def test_what_is_raised_out_of_sight_takes_its_content_and_its_acts_along(
    make_item: Callable[..., Any], session_of: Callable[..., Any]
) -> None:
    item = make_item("On wells", f"{WORD} speaks.", level=1)
    with bound_to(session_of("ivo")):
        assert unfiltered(Payload).filter(object_id=item.id).count() == 1
        assert item.id in {entry.object_id for entry in queries.acts()}
    with bound_to(session_of("alice")) as alice:
        hold_closer(Item.objects.get(pk=item.pk), label=item.label.raised_to(Level.STRICTLY_CONFIDENTIAL), by=alice)
    with bound_to(session_of("ivo")):
        assert unfiltered(Item).count() == 0
        assert item.id not in {entry.object_id for entry in queries.acts()}


def test_a_draft_is_its_writers_alone(people: Any, session_of: Callable[..., Any]) -> None:
    with bound_to(session_of("alice")) as alice:
        drafts.keep(person=alice.person_id, form="question", fields={"text": [WORD]}, level=3)
        assert unfiltered(WorkingDraft).count() == 1
    with bound_to(session_of("bob")):
        assert unfiltered(WorkingDraft).count() == 0
        unfiltered(WorkingDraft).delete()
    with bound_to(session_of("alice")):
        assert unfiltered(WorkingDraft).count() == 1


@pytest.fixture
def another(db: None) -> Iterator[str]:
    """The alias of a second connection of the application, with no transaction open."""
    connections["another"] = connections.create_connection("default")
    connections["another"].alias = "another"
    yield "another"
    connections["another"].close()
    del connections["another"]


@pytest.mark.parametrize("seed", range(16))
def test_the_database_knows_at_every_statement_who_reads(another: str, seed: int) -> None:
    """Through transactions, savepoints, errors, what is rolled back at either, and readers that change in between."""
    chance = random.Random(seed)

    def known() -> None:
        if chance.random() < 0.4:
            return
        with connections[another].cursor() as cursor:
            cursor.execute("SELECT current_setting('forestall.sight', true)")
            told = cursor.fetchone()[0]
        assert told == spelled(process=connections[another].connection.info.backend_pid)

    def go(depth: int) -> None:
        for _ in range(3):
            known()
            act = chance.choice(("reader", "atomic", "undone", "failed", "elevated", "nobody")) if depth else "none"
            try:
                if act == "reader":
                    with bound_to(system_reader("worker", reason="a test", level=chance.randrange(4))):
                        go(depth - 1)
                elif act == "nobody":
                    with _nobody():
                        go(depth - 1)
                elif act == "elevated":
                    with elevated(chance.choice(list(Elevation))):
                        go(depth - 1)
                elif act != "none":
                    with transaction.atomic(using=another):
                        go(depth - 1)
                        if act == "failed":
                            connections[another].cursor().execute("SELECT 1/0")
                        if act == "undone":
                            raise ZeroDivisionError
            except (ZeroDivisionError, DatabaseError):
                pass
            known()

    go(4)
    assert json.loads(spelled(process=1)[64:] or "{}") == {}


def test_a_recorded_thing_is_read_whole_by_the_record_alone(keeper: Any, session_of: Callable[..., Any]) -> None:
    actions.write(body(WORD, SHUT), by="x", verb="added")
    with bound_to(session_of("dora")):
        assert everything(Counterpart).count() == 1
        assert issubclass(Counterpart, Recorded)
        assert unfiltered(Counterpart).count() == 0
