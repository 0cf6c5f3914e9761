from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "forestall.access"
    label = "access"
