"""Tombstones: why content was removed, and by whom. They never change either."""

from django.db import migrations, models

TABLE, REFUSAL = "record_tombstone", "the record is never changed"


def lay(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for act in ("UPDATE", "DELETE"):
            schema_editor.execute(
                f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_fixed BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION record_refuse()"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_not_emptied BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION record_refuse()"
    )


class Migration(migrations.Migration):
    dependencies = [("record", "0002_nothing_is_unwritten")]
    operations = [
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "object_id",
                    models.UUIDField(help_text="The thing whose content went.", primary_key=True, serialize=False),
                ),
                ("kind", models.TextField(help_text="Its kind.")),
                ("reason", models.TextField(help_text="Why, without the content itself.")),
                ("by", models.TextField(help_text="Who removed it.")),
                ("second", models.TextField(help_text="Who agreed.")),
                ("at", models.DateTimeField(help_text="UTC.")),
            ],
        ),
        migrations.RunPython(lay, migrations.RunPython.noop),
    ]
