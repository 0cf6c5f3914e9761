"""Situations, and the Office's judgement of them against its frameworks (F2)."""
