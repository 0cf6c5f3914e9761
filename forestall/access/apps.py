from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "forestall.access"
    label = "access"

    def ready(self) -> None:
        from . import entrance  # noqa: F401 - its receivers listen from now on
