"""One refusal of its own: what arrived is built to do harm, not merely broken."""

from __future__ import annotations

from forestall.base.errors import Malformed


class Hostile(Malformed):
    """Built to exhaust, deceive or run. An archive that holds such a thing is quarantined whole."""
