"""Redactions: words leave one recorded state by decision of two, and the log says so. They never change either."""

import forestall.base.identifiers
from django.db import migrations, models

TABLE, REFUSAL = "record_redaction", "the record is never changed"
KEPT = "content leaves the record only by expunge or by redaction"
ACTS = "('expunged', 'redacted')"


def on_sqlite(schema_editor):
    for act in ("UPDATE", "DELETE"):
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    schema_editor.execute("DROP TRIGGER record_payload_no_delete")
    schema_editor.execute(
        "CREATE TRIGGER record_payload_no_delete BEFORE DELETE ON record_payload "
        f"WHEN NOT EXISTS (SELECT 1 FROM record_entry WHERE object_id = OLD.object_id AND verb IN {ACTS}) "
        f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
    )


def on_postgresql(schema_editor):
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_fixed BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION record_refuse()"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_not_emptied BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION record_refuse()"
    )
    schema_editor.execute(
        "CREATE OR REPLACE FUNCTION record_keep_payload() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT EXISTS (SELECT 1 FROM record_entry WHERE object_id = OLD.object_id AND verb IN {ACTS}) "
        f"THEN RAISE EXCEPTION '{KEPT}'; END IF; RETURN OLD; END $$"
    )


def lay(apps, schema_editor):
    {"sqlite": on_sqlite, "postgresql": on_postgresql}[schema_editor.connection.vendor](schema_editor)


class Migration(migrations.Migration):
    dependencies = [("record", "0005_keys_and_seals")]
    operations = [
        migrations.CreateModel(
            name="Redaction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=forestall.base.identifiers.new_id, help_text="Public id.", primary_key=True, serialize=False
                    ),
                ),
                ("revision_id", models.UUIDField(help_text="The revision whose payload was replaced.")),
                ("object_id", models.UUIDField(help_text="The thing's public id.")),
                ("entry_seq", models.BigIntegerField(help_text="The entry written with it.", unique=True)),
                (
                    "salt",
                    models.TextField(help_text="Random, so that the commitment cannot be guessed from the payload."),
                ),
                (
                    "commitment",
                    models.TextField(help_text="SHA-256 over salt and the payload that stands since, hexadecimal."),
                ),
                ("at", models.DateTimeField(help_text="UTC.")),
            ],
        ),
        migrations.RunPython(lay, migrations.RunPython.noop),
    ]
