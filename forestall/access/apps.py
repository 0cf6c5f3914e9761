"""Registers the room with Django, and what two people decide here."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "forestall.access"
    label = "access"

    def ready(self) -> None:
        """The matters of this room must be known before anybody proposes one; what follows a sign-in listens."""
        from . import entrance, granting, labelling, takingout  # noqa: F401 - registering is what they do on import
