"""Registers the room with Django, what two people decide here, and what it hears from the record."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "forestall.retention"
    label = "retention"

    def ready(self) -> None:
        """From here on every withdrawal of a consent makes its list for recall, and removals reach what is kept here."""
        from forestall.record.announcement import removed, withdrawn

        from . import disposal, recall, requests, times  # noqa: F401 - registering is what they do on import

        withdrawn.connect(recall.on_withdrawn, dispatch_uid="retention.recall")
        removed.connect(disposal.on_removed, dispatch_uid="retention.disposal")
