"""UCDP events."""
