from django.apps import AppConfig


class ForecastingConfig(AppConfig):
    name = "forestall.forecasting"
    label = "forecasting"
