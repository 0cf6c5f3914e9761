from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class LabelsConfig(AppConfig):
    name = "forestall.labels"
    label = "labels"

    def ready(self) -> None:
        from .rowsecurity import lay_after_migration
        from .telling import tell

        connection_created.connect(tell, dispatch_uid="labels.tell")
        post_migrate.connect(lay_after_migration, sender=self, dispatch_uid="labels.lay")
