from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "forestall.record"
    label = "record"
