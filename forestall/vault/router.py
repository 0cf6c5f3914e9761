"""Which tables lie in the vault's own database file, and that nothing else does."""

from __future__ import annotations

from typing import Any

ALIAS = "vault"
SEALED = frozenset({"identity", "original", "guess"})
"""Tables of this room that lie in the vault; its others are records of the office, without any identity."""


class VaultRouter:
    """Sends the sealed tables to the vault's file and keeps every other table out of it."""

    def _is_sealed(self, model: Any) -> bool:
        return model._meta.app_label == "vault" and model._meta.model_name in SEALED

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return ALIAS if self._is_sealed(model) else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return ALIAS if self._is_sealed(model) else None

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool | None:
        is_sealed = app_label == "vault" and model_name in SEALED
        if db == ALIAS:
            return is_sealed
        return False if is_sealed else None
