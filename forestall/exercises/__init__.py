"""Fictional countries with a crisis written out, for the demo, the tests, the pictures and the seminars.

A folder with an `exercise.toml` is an exercise, and nothing else has to change. Everything is read from sources kept
readable in the folder; nothing here knows a table, a network or Django. An exercise's country has a user-assigned code
and enters no map, rank or count of real States.
"""

from .exercise import Exercise, entries, load

__all__ = ["Exercise", "entries", "load"]
