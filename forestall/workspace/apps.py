from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "forestall.workspace"
    label = "workspace"
