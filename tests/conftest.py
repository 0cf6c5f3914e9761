"""The people of the tests: Alice drafts, Bob clears, Carol is of another desk, Dora sees nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Hash passwords cheaply: a test is about what a password opens, not about how long it resists.

    No example is too slow: how long one takes says how busy the machine is.
    """
    import hypothesis
    from django.conf import settings

    hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
    hypothesis.settings.load_profile("house")

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]


def pytest_sessionfinish() -> None:
    """Nothing of the stories stays on a server."""
    from tests.stories import server

    server.drop_all()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Make and drop the tables as their owner, where the application has a role of its own.

    On a server each worker of the tests has a database of its own; what is a file otherwise is in memory.
    """
    from django.conf import settings

    for database in settings.DATABASES.values():
        if database["ENGINE"] == "forestall.record.sqlite":
            database.setdefault("TEST", {})["NAME"] = ":memory:"
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
    from forestall.labels.rowsecurity import as_owner

    with as_owner():
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings: None, django_db_setup: None) -> Iterator[None]:
    """Test as the application, so that every test runs above the second net where there is one."""
    from forestall.labels.rowsecurity import as_application

    with as_application():
        yield


@pytest.fixture
def by_the_owner(django_db_setup: None) -> Iterator[None]:
    """The connection of this test is that of the tables' owner. Ask for it before the database."""
    from forestall.labels.rowsecurity import as_owner

    with as_owner():
        yield


@pytest.fixture(autouse=True)
def witness(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Path:
    """A witness of each test's own, so that one history is not held against another's checkpoints."""
    folder = tmp_path_factory.mktemp("witness")
    settings.WITNESSES = [str(folder)]
    return folder


@pytest.fixture
def keeper(db: None) -> Iterator[Any]:
    """The system reader that sets a home up, bound."""
    from forestall.access.session import bound_to, system_reader

    with bound_to(system_reader("keeper", reason="a test")) as session:
        yield session


@pytest.fixture
def people(keeper: Any) -> SimpleNamespace:
    """Alice (analyst), Bob (senior reviewer), Dan (Director), Sana (Special Adviser), Lee (liaison), Rita (records),
    Ivo (information officer), Ada (administrator), Carol (analyst of another desk), Dora (no roles, level 0).
    """
    from forestall.access import actions

    actions.keep_desk(key="karvania", title="Karvania", places=frozenset({"ZZK"}), by=keeper)
    actions.keep_desk(key="south", title="South", places=frozenset({"ZZS"}), by=keeper)
    made = {
        name: _person(name, roles, level, desks, by=keeper)
        for name, roles, level, desks in (
            ("alice", ("analyst",), 3, ("karvania",)),
            ("bob", ("senior_reviewer",), 3, ("karvania",)),
            ("dan", ("director",), 3, ("karvania", "south")),
            ("sana", ("special_adviser",), 3, ("karvania", "south")),
            ("lee", ("liaison",), 3, ("karvania",)),
            ("rita", ("records_officer",), 3, ("karvania", "south")),
            ("rolf", ("records_officer",), 3, ("karvania", "south")),
            ("ivo", ("information_officer",), 2, ("karvania",)),
            ("ada", ("administrator",), 1, ()),
            ("carol", ("analyst",), 3, ("south",)),
            ("dora", (), 0, ()),
        )
    }
    offices = (
        ("second_reader", "Second reader", "bob", None),
        ("director", "Director", "dan", None),
        ("special_adviser", "Special Adviser on the Prevention of Genocide", "sana", None),
    )
    for key, title, holder, alternate in offices:
        actions.keep_office(
            key=key, title=title, holder=made[holder], alternate=made[alternate] if alternate else None, by=keeper
        )
    return SimpleNamespace(**made)


def _person(name: str, roles: tuple[str, ...], level: int, desks: tuple[str, ...], *, by: Any) -> Any:
    from forestall.access import actions

    person = actions.add_person(
        username=name,
        name=name.capitalize(),
        clearance=level,
        compartments=frozenset(f"desk:{desk}" for desk in desks),
        password=f"the password of {name}",
        by=by,
    )
    for role in roles:
        actions.give_role(person, role=role, since=date(2025, 1, 1), by=by)
    return person


@pytest.fixture
def session_of(people: SimpleNamespace) -> Callable[..., Any]:
    """`session_of("alice")`: her session, signed in with the strongest key unless `assurance` says otherwise."""
    from forestall.access.session import Assurance, for_person

    def session(name: str, *, assurance: Assurance = Assurance.WEBAUTHN) -> Any:
        return for_person(getattr(people, name), assurance=assurance)

    return session


@pytest.fixture
def signed_in(people: SimpleNamespace) -> Callable[[str], Any]:
    """`signed_in("alice")`: a browser (Django's test client) in her seat, opened by the exercise link."""
    from django.test import Client

    from forestall.access.middleware import EXERCISE_LINK

    def browser(name: str) -> Client:
        client = Client()
        client.force_login(
            getattr(people, name), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        session = client.session
        session[EXERCISE_LINK] = True
        session.save()
        return client

    return browser


@pytest.fixture
def make_item(keeper: Any) -> Callable[..., Any]:
    """`make_item("Title", "text", level=2, desk="karvania", source="…")`: an item as a collector would keep it."""
    from forestall.base.canonical import sha256
    from forestall.labels.label import Label, Level
    from forestall.monitoring.models import Item, Source
    from forestall.record import evidence
    from forestall.record.actions import write

    def item(
        title: str,
        text: str = "",
        *,
        level: int = 2,
        desk: str | None = "karvania",
        source: str = "Field office",
        interested_party: bool = False,
        countries: tuple[str, ...] = ("ZZK",),
        languages: tuple[str, ...] = ("en",),
        published: datetime = datetime(2026, 11, 1, tzinfo=UTC),
    ) -> Any:
        label = Label(level=Level(level)).within(*([f"desk:{desk}"] if desk else []))
        said_by = Source.objects.filter(name=source).first() or write(
            Source(
                name=source, key=source, collector="mail", interested_party=interested_party, state="active"
            ).labelled(Label(level=Level.INTERNAL)),
            by="system:collector",
            verb="source added",
        )
        kept = evidence.keep(
            f"{title}\n{text}".encode(), name=f"{title}.txt", media_type="text", label=label, by="system:collector"
        )
        made = Item(
            source=said_by,
            evidence=kept,
            collector="mail",
            external_id=sha256(title + text),
            content_hash=sha256(title + text),
            title=title,
            text=text,
            countries=list(countries),
            languages=list(languages),
            published_at=published,
            received_at=published,
        ).labelled(label)
        return write(made, by="system:collector", verb="item received")

    return item


@pytest.fixture
def observe(make_item: Callable[..., Any], session_of: Callable[..., Any]) -> Callable[..., Any]:
    """`observe("7.5", sources=("A", "B"))`: an observation confirmed from graded items of these sources."""
    from forestall.access.session import bound_to
    from forestall.monitoring.actions import item as items
    from forestall.monitoring.actions import observation as observations

    def confirmed(
        number: str,
        *,
        sources: tuple[str, ...] = ("Field office",),
        grade: str = "B2",
        on: date = date(2026, 10, 20),
        direction: str = "raises",
        level: int = 2,
        summary: str = "",
    ) -> Any:
        kept = [
            make_item(f"Report of {source} on {number} {on}", f"{source} writes on {number}.", source=source, level=level)
            for source in sources
        ]
        alice = session_of("alice")
        with bound_to(alice):
            for one in kept:
                items.grade(one, reliability=grade[0], credibility=grade[1], by=alice)
            made = observations.confirm(
                item=kept[0],
                summary=summary or f"Something that bears on {number}",
                on=on,
                iso3="ZZK",
                indicators=[("unfaac-2014", number, direction)],
                by=alice,
            )
            for further in kept[1:]:
                made = observations.corroborate(made, item=further, by=alice)
        return made

    return confirmed


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A home of the test's own, so that its files can be searched and spoiled."""
    from django.conf import settings

    from forestall.base.home import Kind, create

    home = create(tmp_path / "home", kind=Kind.EXERCISE)
    monkeypatch.setattr(settings, "HOME", home)
    return home


@pytest.fixture
def counsel(people: SimpleNamespace, keeper: Any) -> Any:
    """Lena, legal counsel of the desk: decides whether evidence is handed over."""
    people.lena = _person("lena", ("counsel",), 3, ("karvania",), by=keeper)
    return people.lena


@pytest.fixture
def ask_for(counsel: Any, session_of: Callable[..., Any]) -> Callable[..., Any]:
    """`ask_for(item, other, by="alice")`: a request for their evidence, as a tribunal would make it."""
    from forestall.access.session import bound_to
    from forestall.monitoring.actions import package

    def asked(*items: Any, by: str = "alice", language: str = "en") -> Any:
        session = session_of(by)
        terms = package.Terms(
            requester="International tribunal, Ms. R. Osei", authority="Order 14 of 2 November 2026", purpose="Case 7, hearing of witnesses",
            received_on=date(2026, 11, 2), language=language,
        )  # fmt: skip
        with bound_to(session):
            return package.register(terms, things=[package.of_item(one) for one in items], by=session)

    return asked


@pytest.fixture
def assembled(ask_for: Callable[..., Any], session_of: Callable[..., Any]) -> Callable[..., Any]:
    """`assembled(item, …)`: a request that Lena granted and Rita assembled after a seal."""
    from forestall.access.session import bound_to
    from forestall.monitoring.actions import package, packing
    from forestall.record.seals import seal
    from forestall.record.witnesses import tell_all

    def made(*items: Any, opened: bool = False, withheld: tuple[int, ...] = (), language: str = "en") -> Any:
        one = ask_for(*items, language=language)
        lena, rita = session_of("lena"), session_of("rita")
        with bound_to(lena):
            package.decide(one, granted=True, reason="The order binds us.", withheld=withheld, opened=opened, by=lena)
        seal()
        tell_all()
        with bound_to(rita):
            return packing.assemble(one, by=rita)

    return made
