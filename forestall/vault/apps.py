"""Registers the room with Django, and what two people decide here."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "forestall.vault"
    label = "vault"

    def ready(self) -> None:
        """The matters of this room must be known before anybody proposes one."""
        from . import deciding  # noqa: F401 - registering is what it does on import
