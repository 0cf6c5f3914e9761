"""Anchor: each State's own past."""
