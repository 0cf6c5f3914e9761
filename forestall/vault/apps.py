"""Registers the room with Django, and what two people decide here."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "forestall.vault"
    label = "vault"

    def ready(self) -> None:
        """The matters of this room must be known before anybody proposes one; originals go with their evidence."""
        from forestall.record.announcement import removed_elsewhere

        from . import deciding

        removed_elsewhere.connect(deciding.on_removed, dispatch_uid="vault.originals")
