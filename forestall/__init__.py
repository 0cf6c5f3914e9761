"""Forestall: from an item in the inbox to a warning that somebody must answer.

The package is a house of wings (the Office's functions, with tables and rules), catalogues (folders of like things,
without tables), faces (ways in) and ground. ARCHITECTURE.md draws it; the import contract in pyproject.toml holds it.
"""

__version__ = "0.1.0"
