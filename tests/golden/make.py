"""Makes a golden database: the tables of a released schema with a few rows of a fictional office, and a log that verifies.

    python tests/golden/make.py HOME OUT [THINGS]

HOME is a new folder. Run it at each release and keep what it writes; never make an older one anew by a newer version.
The first tables are those of each app's first migration, with what those depend on.
"""

from __future__ import annotations

import gzip
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256 as digest_of
from pathlib import Path
from typing import Any
from uuid import UUID

AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
FILES = {"internal.txt": (1, b"Roadblocks on the Ward 7 road."), "confidential.txt": (2, b"Amina K. saw it.")}
TITLE = "Roadblocks around Ward"


def first_tables() -> Any:
    """Lay the tables of every app's first migration; the models as they were then."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    ours = {app for app, _ in executor.loader.disk_migrations if _is_ours(app)}
    firsts = [node for node in executor.loader.graph.root_nodes() if node[0] in ours]
    plan = executor.loader.graph.forwards_plan
    firsts = [node for node in firsts if not any(node in plan(other)[:-1] for other in firsts)]  # comes with the other
    firsts += [node for node in executor.loader.graph.leaf_nodes() if node[0] not in ours]
    return executor.migrate(firsts).apps


def _is_ours(app: str) -> bool:
    from django.apps import apps

    return apps.get_app_config(app).name.startswith("forestall.")


class Log:
    """Writes things, their revisions and entries into the tables as they were."""

    def __init__(self, models: Any) -> None:
        self._models, self._frontier, self._size = models, [], 0

    def model(self, name: str) -> Any:
        return self._models.get_model(name)

    def put(self, thing: Any, *, verb: str) -> Any:
        from forestall.base.canonical import canonical_json, sha256
        from forestall.record.models import Revision

        thing.save(force_insert=True)
        fields = {field.attname: self._plain(field, thing) for field in thing._meta.concrete_fields}
        body, salt = canonical_json(fields), "00"
        label = {name: getattr(thing, name) for name in ("level", "compartments", "quarantined")}
        told = {
            "id": UUID(int=self._size + 1), "kind": thing._meta.label_lower, "object_id": thing.id, "number": 1,
            "entry_seq": self._size, "salt": salt, "commitment": sha256(salt + body), "valid_from": AT, "recorded_at": AT,
            **label,
        }  # fmt: skip
        self.model("record.Revision")(**told).save(force_insert=True)
        self.model("record.Payload").objects.create(revision_id=told["id"], object_id=thing.id, body=body)
        self.note(verb, thing._meta.label_lower, thing.id, commitment=sha256(Revision(**told).binding()))
        return thing

    @staticmethod
    def _plain(field: Any, thing: Any) -> Any:
        value = field.value_from_object(thing)
        return value if isinstance(value, list | dict) or value is None else field.to_python(value)

    def note(self, verb: str, kind: str, object_id: UUID, *, commitment: str = "") -> None:
        from forestall.record import merkle
        from forestall.record.models import Entry

        told = {"seq": self._size, "at": AT, "by": "system:collector", "verb": verb, "kind": kind, "object_id": object_id,
                "commitment": commitment}  # fmt: skip
        self._frontier = merkle.append(self._frontier, size=self._size, leaf=merkle.leaf_hash(Entry(**told).leaf()))
        self.model("record.Entry")(**told, root=merkle.frontier_root(self._frontier).hex()).save(force_insert=True)
        self._size += 1

    def close(self) -> None:
        frontier = "".join(node.hex() for node in self._frontier)
        self.model("record.Head").objects.create(id=1, size=self._size, frontier=frontier)


def fill(models: Any, *, things: int) -> None:
    """A person with a role and a desk, two files, a source, items, and a file in quarantine."""
    log = Log(models)
    person = log.model("access.Person")(id=UUID(int=7001), username="alice", name="Alice", clearance=3, compartments=",desk:karvania,", password="!")
    person.save()
    log.note("person added", "access.person", person.id)
    log.model("access.Grant").objects.create(id=UUID(int=7002), person_id=person.id, role="analyst", since=AT.date())
    log.model("access.Desk").objects.create(key="karvania", title="Karvania", places=",ZZK,")
    kept = []
    for number, (name, (level, content)) in enumerate(FILES.items()):
        digest = digest_of(content).hexdigest()
        made = log.model("record.Evidence")(
            id=UUID(int=8001 + number), name=name, media_type="text", sha256=digest, size=len(content),
            address=f"{level}/{digest[:2]}/{digest}", received_at=AT, level=level,
        )  # fmt: skip
        kept.append(log.put(made, verb="received"))
    source = log.put(log.model("monitoring.Source")(
        id=UUID(int=9001), name="Field office", key="field", collector="mail", state="active", level=1), verb="source added")  # fmt: skip
    for number in range(things):
        log.put(log.model("monitoring.Item")(
            id=UUID(int=10_000 + number), source_id=source.id, evidence_id=kept[0].id, collector="mail", external_id=f"x{number}",
            content_hash=f"x{number}", title=f"{TITLE} {number}", text="They turn people back.", countries=["ZZK"],
            languages=["en"], published_at=AT, received_at=AT, level=2, compartments=",desk:karvania,"), verb="item received")  # fmt: skip
    log.put(log.model("monitoring.Quarantine")(
        id=UUID(int=9002), evidence_id=kept[1].id, name="locked.zip", collector="mail", message="It is locked.", level=2,
        quarantined=True), verb="set aside")  # fmt: skip
    log.close()


def lay_files(home: Path) -> None:
    """The bytes that the rows name, as a home of then kept them: in clear."""
    for level, content in FILES.values():
        digest = digest_of(content).hexdigest()
        path = home / "files" / str(level) / digest[:2] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def load(golden: Path, home: Path) -> None:
    """A golden database as the home's own, with its files."""
    with closing(sqlite3.connect(home / "forestall.sqlite3")) as database:
        database.executescript(gzip.decompress(golden.read_bytes()).decode())
    lay_files(home)


def main(place: str, out: str, things: str = "3") -> None:
    from forestall.base.home import Kind, create
    from forestall.cli.command import set_up

    home = set_up(create(Path(place).resolve(), kind=Kind.REAL))
    from django.db import connection, transaction

    models = first_tables()
    with transaction.atomic():
        fill(models, things=int(things))
    lay_files(home.path)
    connection.close()
    if out != "-":
        with closing(sqlite3.connect(home.database)) as database:
            dump = "\n".join(database.iterdump())
        Path(out).write_bytes(gzip.compress(dump.encode(), mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
