from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "forestall.workspace"
    label = "workspace"

    def ready(self) -> None:
        """From here on a form that is sent twice acts once."""
        from forestall.record.announcement import written

        from . import once

        written.connect(once.on_written, dispatch_uid="workspace.once")
