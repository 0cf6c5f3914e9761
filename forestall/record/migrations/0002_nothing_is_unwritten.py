"""Triggers that forbid changing or deleting history, on SQLite and PostgreSQL."""

from django.db import migrations

FIXED = ("record_entry", "record_revision", "record_checkpoint")
REFUSAL = "the record is never changed"
KEPT = "content leaves the record only by expunge"


def sqlite_statements():
    for table in FIXED:
        for act in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
    yield (
        "CREATE TRIGGER record_payload_no_update BEFORE UPDATE ON record_payload "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
    yield (
        "CREATE TRIGGER record_payload_no_delete BEFORE DELETE ON record_payload "
        "WHEN NOT EXISTS (SELECT 1 FROM record_entry WHERE object_id = OLD.object_id AND verb = 'expunged') "
        f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
    )


def postgresql_statements():
    yield (
        "CREATE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    yield (
        "CREATE FUNCTION record_keep_payload() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NOT EXISTS (SELECT 1 FROM record_entry WHERE object_id = OLD.object_id AND verb = 'expunged') "
        f"THEN RAISE EXCEPTION '{KEPT}'; END IF; RETURN OLD; END $$"
    )
    for table in FIXED:
        yield (
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION record_refuse()"
        )
    for table in (*FIXED, "record_payload"):
        yield (
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION record_refuse()"
        )
    yield (
        "CREATE TRIGGER record_payload_fixed BEFORE UPDATE ON record_payload "
        "FOR EACH ROW EXECUTE FUNCTION record_refuse()"
    )
    yield (
        "CREATE TRIGGER record_payload_kept BEFORE DELETE ON record_payload "
        "FOR EACH ROW EXECUTE FUNCTION record_keep_payload()"
    )


def lay(apps, schema_editor):
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}[schema_editor.connection.vendor]
    for statement in statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]
