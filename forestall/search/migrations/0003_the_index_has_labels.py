"""The index has the label of each thing, so it is made anew, with the database's own index of the words behind it.

`search_words` holds the very words of `search_document.words`, cut at the spaces and nowhere else: a table of FTS5 in
SQLite, of lexemes under GIN in PostgreSQL, both kept by triggers. In PostgreSQL nobody reads it but
`forestall_matching`, which gives the documents of the bound reader alone: asked of the table itself, a rule on rows
would have to be held against every row before the index. The rows come back by themselves after the migration. A
later migration that makes the table anew in SQLite must lay these triggers again.
"""

from django.db import migrations, models

import forestall.labels.label

GONE = "INSERT INTO search_words(search_words, rowid, words) VALUES('delete', OLD.id, OLD.words);"
HERE = "INSERT INTO search_words(rowid, words) VALUES(NEW.id, NEW.words);"
SQLITE = (
    "CREATE VIRTUAL TABLE search_words USING fts5("
    "words, content='search_document', content_rowid='id', tokenize='ascii')",
    f"CREATE TRIGGER search_document_made AFTER INSERT ON search_document BEGIN {HERE} END",
    f"CREATE TRIGGER search_document_gone AFTER DELETE ON search_document BEGIN {GONE} END",
    f"CREATE TRIGGER search_document_changed AFTER UPDATE OF words ON search_document BEGIN {GONE} {HERE} END",
)
POSTGRESQL = (
    "CREATE TABLE search_words (id bigint PRIMARY KEY, lexemes tsvector NOT NULL)",
    "CREATE INDEX search_words_lexemes ON search_words USING gin (lexemes)",
    """
    CREATE FUNCTION search_words_keep() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $keep$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM {schema}.search_words WHERE id = OLD.id;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO {schema}.search_words (id, lexemes)
            VALUES (NEW.id, array_to_tsvector(string_to_array(btrim(NEW.words), ' ')));
        END IF;
        RETURN NULL;
    END $keep$""",
    "REVOKE ALL ON FUNCTION search_words_keep() FROM PUBLIC",
    "CREATE TRIGGER search_document_kept AFTER INSERT OR DELETE OR UPDATE OF words ON search_document "
    "FOR EACH ROW EXECUTE FUNCTION search_words_keep()",
    """
    CREATE FUNCTION forestall_matching(asked tsquery) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT d.id FROM {schema}.search_words w JOIN {schema}.search_document d USING (id) WHERE w.lexemes @@ asked;
    END""",
    "REVOKE ALL ON FUNCTION forestall_matching(tsquery) FROM PUBLIC",
)


def take_down(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE search_words")


def lay(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_catalog.current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
    for statement in POSTGRESQL:
        schema_editor.execute(statement.replace("{schema}", schema), params=None)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_words_are_indexed")]
    operations = [
        migrations.RunPython(take_down, migrations.RunPython.noop),
        migrations.DeleteModel("Document"),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('level', models.PositiveSmallIntegerField(default=forestall.labels.label.Level['CONFIDENTIAL'], help_text='0 public, 1 internal, 2 confidential, 3 strictly confidential.')),
                ('compartments', models.TextField(blank=True, default='', help_text='All of these are needed to see it.')),
                ('audience', models.TextField(blank=True, default='', help_text='When not empty: only these persons see it.')),
                ('embargo_until', models.DateTimeField(blank=True, help_text='Seen by its audience alone until then.', null=True)),
                ('quarantined', models.BooleanField(default=False, help_text='Seen by reviewers alone; feeds nothing.')),
                ('expunged', models.BooleanField(default=False, help_text='Its content was removed by decision of two.')),
                ('hold', models.BooleanField(default=False, help_text='Must not be deleted while this stands.')),
                ('consent', models.TextField(blank=True, default='', help_text='What the source agreed to; empty: not recorded.')),
                ('id', models.BigAutoField(help_text='Place in the index; shown to nobody.', primary_key=True, serialize=False)),
                ('kind', models.TextField(help_text='The kind of thing, as app.model.')),
                ('object_id', models.UUIDField(help_text="The thing's public id.", unique=True)),
                ('digest', models.TextField(help_text='SHA-256 over what was indexed, so that what has not changed is left alone.')),
                ('at', models.DateTimeField(help_text='What it is ordered by, UTC.')),
                ('countries', models.TextField(blank=True, default='', help_text='ISO3 codes, as `,A,B,`.')),
                ('languages', models.TextField(blank=True, default='', help_text='BCP-47, as `,a,b,`.')),
                ('source', models.UUIDField(help_text='Who says it: the id of a source.', null=True)),
                ('title_words', models.TextField(help_text='The title alone, as `words` are.')),
                ('words', models.TextField(help_text='Title and text as the normaliser gives them, a space around each word.')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['kind', '-at'], name='search_document_kind_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('level__gte', 0), ('level__lte', 3)), name='search_document_level_known')],
            },
        ),
        migrations.RunPython(lay, migrations.RunPython.noop),
    ]
