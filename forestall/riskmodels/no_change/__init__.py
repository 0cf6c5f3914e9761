"""Anchor: next year as this year."""
