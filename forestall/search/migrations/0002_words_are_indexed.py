"""The database's own index of the words: a table of FTS5 kept by triggers in SQLite, lexemes under GIN in PostgreSQL.

Both hold the very words of `search_document.words`, cut at the spaces and nowhere else. A later migration that makes
the table anew in SQLite must lay these triggers again.
"""

from django.db import migrations

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
    "ALTER TABLE search_document ADD COLUMN lexemes tsvector "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(btrim(words), ' '))) STORED",
    "CREATE INDEX search_document_lexemes ON search_document USING gin (lexemes)",
)


def lay(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]
