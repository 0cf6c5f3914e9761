"""The keys that sign for the log, the seals that witnesses are told, and who was told. Keys and seals never change."""

import forestall.base.identifiers
from django.db import migrations, models


FIXED, REFUSAL = ("record_signingkey", "record_seal"), "the record is never changed"


def lay(apps, schema_editor):
    for table in FIXED:
        if schema_editor.connection.vendor == "sqlite":
            for act in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
            continue
        schema_editor.execute(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION record_refuse()"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION record_refuse()"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0004_working_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('at', models.DateTimeField(help_text='The fixed time it stands for, UTC.', primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField(help_text='When it was made, UTC; not told.')),
                ('size', models.BigIntegerField(help_text='Number of entries it covers; not told.')),
                ('root', models.TextField(help_text='Root of those entries, hexadecimal; not told.')),
                ('salt', models.TextField(help_text='Random, so that size and root cannot be guessed; not told.')),
                ('previous', models.TextField(help_text='SHA-256 of the line before it; zeros for the first.')),
                ('commitment', models.TextField(help_text='SHA-256 over salt, size, root and time, hexadecimal.')),
                ('key', models.TextField(help_text='Public key that verifies it, hexadecimal.')),
                ('signature', models.TextField(help_text='Ed25519 signature, hexadecimal.')),
            ],
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('number', models.PositiveIntegerField(help_text='0 for the first key, then without gaps.', primary_key=True, serialize=False)),
                ('id', models.UUIDField(default=forestall.base.identifiers.new_id, help_text='Public id, under which the log names it.', unique=True)),
                ('public', models.TextField(help_text='Public half, hexadecimal.', unique=True)),
                ('previous', models.TextField(blank=True, default='', help_text='The key before it; empty for the first.')),
                ('since', models.DateTimeField(help_text='From when it signs, UTC; the one before it signs no more.')),
                ('why', models.TextField(help_text='first, rotated or lost.')),
                ('by', models.TextField(help_text='Who made it.')),
                ('second', models.TextField(blank=True, default='', help_text='The other officer, who states the loss too.')),
                ('reason', models.TextField(blank=True, default='', help_text='How the key before it was lost.')),
                ('signature', models.TextField(help_text='Its own signature over all that, hexadecimal.')),
                ('handed_over', models.TextField(blank=True, default='', help_text='The same, by the key before it; empty when lost.')),
                ('entry_seq', models.BigIntegerField(help_text='The entry written with it; none for the first.', null=True, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Telling',
            fields=[
                ('id', models.UUIDField(default=forestall.base.identifiers.new_id, help_text='Public id.', primary_key=True, serialize=False)),
                ('seal_at', models.DateTimeField(help_text='The seal, by its time, UTC.')),
                ('witness', models.TextField(help_text='The witness as the settings name it.')),
                ('told_at', models.DateTimeField(help_text='When it took the line, UTC; none while it has not.', null=True)),
                ('tried', models.PositiveIntegerField(default=0, help_text='How often it was tried in vain.')),
                ('failure', models.TextField(blank=True, default='', help_text='Why it did not take the line the last time.')),
                ('receipt', models.TextField(blank=True, default='', help_text='Its time stamp over the line, base64; else empty.')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('seal_at', 'witness'), name='record_telling_once_each')],
            },
        ),
        migrations.RunPython(lay, migrations.RunPython.noop),
    ]
