"""Registers the wing with Django, and what two people decide here."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "forestall.monitoring"
    label = "monitoring"

    def ready(self) -> None:
        """The matters of this wing must be known before anybody proposes one."""
        from .actions import protecting, release  # noqa: F401 - registering is what it does on import
