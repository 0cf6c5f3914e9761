from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "forestall.monitoring"
    label = "monitoring"
