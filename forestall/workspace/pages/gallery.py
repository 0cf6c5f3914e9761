"""The gallery of marks and components, for those who build pages."""

from __future__ import annotations

from django.urls import path

from forestall.access.declared import page
from forestall.workspace.gallery import gallery

addresses = [path("gallery/", page()(gallery), name="gallery")]
