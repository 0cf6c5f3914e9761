from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "forestall.institutions"
    label = "institutions"
