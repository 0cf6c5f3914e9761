"""The web entry point for `forestall serve` and for a web server of the office's own."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forestall.config.settings")
application = get_wsgi_application()
