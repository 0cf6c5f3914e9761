"""One module per page, each with its `addresses`. A module in this folder is a page: nothing else is edited.

A view reads through `queries`, writes through `actions`, and is declared with `access.declared.page`. What it shows
goes through `workspace.showing.show`, which sets the band to the highest label on the page.
"""

from __future__ import annotations

import importlib
import pkgutil

from django.urls import URLPattern


def addresses() -> list[URLPattern]:
    """The addresses of every page module, in the order of their names."""
    found: list[URLPattern] = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        found += importlib.import_module(f"{__name__}.{module.name}").addresses
    return found
