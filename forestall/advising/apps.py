from django.apps import AppConfig


class AdvisingConfig(AppConfig):
    name = "forestall.advising"
    label = "advising"
