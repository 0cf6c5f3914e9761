from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "forestall.search"
    label = "search"

    def ready(self) -> None:
        """From here on every write is indexed in its own transaction, and every removal is followed to the disk."""
        from django.db.models.signals import post_migrate

        from forestall.record.announcement import removed, written

        from . import index, residue

        written.connect(index.on_written, dispatch_uid="search.index")
        removed.connect(residue.on_removed, dispatch_uid="search.residue")
        post_migrate.connect(index.on_migrated, sender=self, dispatch_uid="search.begin")
