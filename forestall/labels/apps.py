from django.apps import AppConfig


class LabelsConfig(AppConfig):
    name = "forestall.labels"
    label = "labels"
