"""The second net: PostgreSQL's row security with the rule of `access.visibility`, on every table that has a label.

Laid anew by the owner of the tables after every migration, from the models there are: so none is forgotten, and the
database never holds an older rule than the program. The functions are bound to what they call when they are made
(`RETURN`, or a fixed `search_path`), so that nobody's own tables or functions come between.

A model may name `tables_behind` it, which nobody reads but the owner's `functions_before` it, which the application
may call: an index cannot be asked from outside where the rule would have to be held against every row first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from forestall.base.words import Words, say

from .models import Labelled
from .telling import Elevation, elevated, signing_key

KEY_TABLE = "forestall_sight_key"
_COLUMNS = ("level", "compartments", "audience", "embargo_until", "quarantined", "expunged", "consent")

_MAKE_SIGHT = """
DO $make$ BEGIN
    IF pg_catalog.to_regtype('forestall_sight') IS NULL THEN
        CREATE TYPE forestall_sight AS (
            elevation integer, person text, level integer, compartments text[], everywhere boolean,
            active boolean, reviewer boolean, purpose text, at timestamptz
        );
    END IF;
END $make$"""

_MAKE_KEY = f"""
CREATE TABLE IF NOT EXISTS {KEY_TABLE} (one boolean PRIMARY KEY DEFAULT true CHECK (one), inner_key bytea, outer_key bytea)"""

# HMAC-SHA-256 (RFC 2104) by hand: pgcrypto is an extension that an office's database may not have.
_READ_SIGHT = """
CREATE OR REPLACE FUNCTION forestall_sight() RETURNS forestall_sight
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $sight$
DECLARE
    told text := current_setting('forestall.sight', true);
    said bytea;
    inner_part bytea;
    outer_part bytea;
    who jsonb;
BEGIN
    IF told IS NULL OR length(told) < 66 THEN RETURN NULL; END IF;
    said := convert_to(substr(told, 65), 'UTF8');
    SELECT k.inner_key, k.outer_key INTO inner_part, outer_part FROM {schema}.{key_table} k;
    IF encode(sha256(outer_part || sha256(inner_part || said)), 'hex') IS DISTINCT FROM left(told, 64) THEN
        RETURN NULL;
    END IF;
    who := convert_from(said, 'UTF8')::jsonb;
    IF (who->>'process')::integer IS DISTINCT FROM pg_backend_pid() THEN RETURN NULL; END IF;
    RETURN ROW(
        (who->>'elevation')::integer, who->>'person', (who->>'level')::integer,
        string_to_array(btrim(who->>'compartments', ','), ','),
        who ? 'person' AND who->>'compartments' IS NULL,
        (who->>'active')::boolean, (who->>'reviewer')::boolean, who->>'purpose', (who->>'at')::timestamptz
    );
END $sight$"""

# One plain expression, so that the planner writes it into the query it guards: about a microsecond for each row.
_MAY_SEE = """
CREATE OR REPLACE FUNCTION forestall_may_see(
    sight forestall_sight, level integer, compartments text, audience text, embargo_until timestamptz,
    quarantined boolean, expunged boolean, consent text
) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN COALESCE((sight).elevation = 2 OR (
    (sight).active
    AND NOT expunged
    AND (NOT quarantined OR (sight).reviewer)
    AND level <= (sight).level
    AND ((sight).everywhere OR compartments = ''
        OR string_to_array(btrim(compartments, ','), ',') <@ (sight).compartments)
    AND (audience = '' OR (sight).everywhere OR strpos(audience, ',' || (sight).person || ',') > 0)
    AND (embargo_until IS NULL OR embargo_until <= (sight).at OR (sight).everywhere
        OR strpos(audience, ',' || (sight).person || ',') > 0)
    AND (consent = '' OR strpos(consent, ',' || (sight).purpose || ',') > 0)
), false)"""

_MAY_WRITE = """
CREATE OR REPLACE FUNCTION forestall_may_write(
    sight forestall_sight, level integer, compartments text, audience text, embargo_until timestamptz,
    quarantined boolean, expunged boolean, consent text
) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN COALESCE((sight).elevation >= 1, false)
    OR forestall_may_see(sight, level, compartments, audience, embargo_until, quarantined, expunged, consent)"""


def protected_models() -> list[type[models.Model]]:
    """Every table with rows that not everybody may see: those with a label, and those that say their own rule."""
    return [m for m in apps.get_models() if issubclass(m, Labelled) or hasattr(m, "row_rule")]


def lay(database: BaseDatabaseWrapper, *, application: str) -> None:
    """Lay functions, key, policies and rights. Run by the owner of the tables; `application` is the other role's name."""
    quoted = database.ops.quote_name
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_catalog.current_schema(), EXISTS (SELECT 1 FROM pg_catalog.pg_roles "
                       "WHERE rolname = %s AND rolname <> current_user)", [application])  # fmt: skip
        schema, known = cursor.fetchone()
        for statement in (_MAKE_SIGHT, _MAKE_KEY, _READ_SIGHT.format(schema=quoted(schema), key_table=KEY_TABLE)):
            cursor.execute(statement)
        _keep_key(cursor)
        for statement in (_MAY_SEE, _MAY_WRITE, *_shut(quoted(schema), quoted(database.settings_dict["NAME"]))):
            cursor.execute(statement)
        there = set(database.introspection.table_names(cursor))  # after a migration back, not all of them
        for model in (one for one in protected_models() if one._meta.db_table in there):
            for statement in _policies(model, quoted=quoted):
                cursor.execute(statement)
        for statement in _rights(quoted(schema), quoted(application), there, quoted=quoted) if known else ():
            cursor.execute(statement)


def _keep_key(cursor: Any) -> None:
    """Keep the two halves of the key as HMAC uses them, where only the owner reads."""
    padded = signing_key().ljust(64, b"\0")
    halves = [bytes(byte ^ mask for byte in padded) for mask in (0x36, 0x5C)]
    cursor.execute(f"DELETE FROM {KEY_TABLE}")  # noqa: S608 - our own name
    cursor.execute(f"INSERT INTO {KEY_TABLE} (inner_key, outer_key) VALUES (%s, %s)", halves)  # noqa: S608


def _policies(model: type[models.Model], *, quoted: Any) -> Iterator[str]:
    table = quoted(model._meta.db_table)
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    own = getattr(model, "row_rule", "")
    sees, writes = own or _asks("forestall_may_see", table), own or _asks("forestall_may_write", table)
    rules = {
        "select": f"FOR SELECT USING ({writes})",  # a row just written must be readable, or its UPDATE is refused
        "insert": f"FOR INSERT WITH CHECK ({writes})",
        "update": f"FOR UPDATE USING ({sees}) WITH CHECK ({writes})",
        "delete": f"FOR DELETE USING ({sees})",
    }
    for act, rule in rules.items():
        yield f"DROP POLICY IF EXISTS forestall_{act} ON {table}"
        yield f"CREATE POLICY forestall_{act} ON {table} {rule}"


def _asks(function: str, table: str) -> str:
    """Ask `function` with the sight of who reads, taken once for the whole statement, and the label of the row."""
    label = ", ".join(f"{table}.{column}" for column in _COLUMNS)
    return f"EXISTS (SELECT 1 FROM forestall_sight() AS sight WHERE {function}(sight, {label}))"  # noqa: S608 - our own names


def _shut(schema: str, database: str) -> Iterator[str]:
    """Nobody but the owner makes tables or functions, temporary ones included, or reads the key."""
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    yield f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC"
    yield "REVOKE ALL ON FUNCTION forestall_sight() FROM PUBLIC"
    yield f"REVOKE ALL ON TABLE {KEY_TABLE} FROM PUBLIC"


def _rights(schema: str, role: str, there: set[str], *, quoted: Any) -> Iterator[str]:
    """What the application may do: read and write rows, and nothing else; the log and its kin it only adds to."""
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"
    yield f"GRANT EXECUTE ON FUNCTION forestall_sight() TO {role}"
    yield f"REVOKE ALL ON TABLE {KEY_TABLE} FROM {role}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON TABLE django_migrations FROM {role}"
    for model in (one for one in apps.get_models() if one._meta.db_table in there):
        if getattr(model, "only_added_to", False):
            yield f"REVOKE UPDATE, DELETE ON TABLE {quoted(model._meta.db_table)} FROM {role}"
        for behind in getattr(model, "tables_behind", ()):
            yield f"REVOKE ALL ON TABLE {quoted(behind)} FROM {role}"
        for before in getattr(model, "functions_before", ()):
            yield f"GRANT EXECUTE ON FUNCTION {before} TO {role}"


@dataclass(frozen=True)
class Net:
    """Whether the second net stands, and a sentence for each thing that keeps it from standing."""

    faults: list[Words] = field(default_factory=list)

    @property
    def stands(self) -> bool:
        return not self.faults


def standing() -> Net:
    """Look whether the second net stands here and now, by what the database itself says of the role in use."""
    if connection.vendor != "postgresql":
        return Net([say("The home keeps its tables in a file, which has no row security.")])
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [[model._meta.db_table for model in protected_models()]])
        bypasses, owns, makes, open_tables = cursor.fetchone()
    told = (
        (bypasses, say("The role in use passes by row security: it is a superuser or has BYPASSRLS.")),
        (owns, say("The role in use owns the tables and could take the rules away. Name an owner of its own as database_owner.")),
        (makes, say("The role in use may make tables or functions.")),
        (open_tables, say("Tables without rules: %(tables)s. Start the server once more to lay them.", tables=", ".join(open_tables))),
    )  # fmt: skip
    faults = [words for holds, words in told if holds]
    return Net(faults or ([] if _answers() else [say("The database does not know this home's key. Start the server once more.")]))


def _answers() -> bool:
    """Whether the database believes what this home tells it."""
    with elevated(Elevation.RECORDING), connection.cursor() as cursor:
        cursor.execute("SELECT (forestall_sight()).elevation")
        return bool(cursor.fetchone()[0] == Elevation.RECORDING)


_STANDING = """
SELECT r.rolsuper OR r.rolbypassrls,
    EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.relname = ANY(t.names) AND pg_catalog.pg_has_role(c.relowner, 'USAGE')),
    pg_catalog.has_schema_privilege(pg_catalog.current_schema(), 'CREATE'),
    ARRAY(
        SELECT name FROM pg_catalog.unnest(t.names) AS name WHERE NOT EXISTS (
            SELECT 1 FROM pg_catalog.pg_class c
            WHERE c.oid = pg_catalog.to_regclass(name) AND c.relrowsecurity AND c.relforcerowsecurity
            AND 4 = (SELECT pg_catalog.count(*) FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid)
        )
    )
FROM pg_catalog.pg_roles r, (SELECT %s::text[] AS names) t WHERE r.rolname = current_user"""


@contextmanager
def as_owner() -> Iterator[None]:
    """Inside the block the connection is the owner's, who may change tables; where no owner is named, the one there is."""
    with _in_role(settings.DATABASE_OWNER):
        yield


@contextmanager
def as_application() -> Iterator[None]:
    """Inside the block, within one of the owner's, the connection is the application's again."""
    with _in_role(settings.DATABASE_APPLICATION):
        yield


@contextmanager
def _in_role(role: dict[str, str]) -> Iterator[None]:
    before = {key: connection.settings_dict[key] for key in role}
    if role != before:
        connection.close()
        connection.settings_dict.update(role)
    try:
        yield
    finally:
        if role != before:
            connection.close()
            connection.settings_dict.update(before)


def lay_after_migration(*, using: str, **_: Any) -> None:
    """Lay the net when tables have changed. Called by Django after every migration."""
    database = connections[using]
    if database.vendor == "postgresql":
        lay(database, application=settings.DATABASE_APPLICATION["USER"])
