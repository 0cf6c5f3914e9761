"""Collect and weigh information; keep the database of possible precursors (F1, F3)."""
