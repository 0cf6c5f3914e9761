"""The web entry point for `forestall serve` and for a web server of the office's own."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from forestall.base.home import check_open, chosen_path, open_home

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forestall.config.settings")
check_open(open_home(chosen_path()))
application = get_wsgi_application()
