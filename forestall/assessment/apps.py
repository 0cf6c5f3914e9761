from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "forestall.assessment"
    label = "assessment"
