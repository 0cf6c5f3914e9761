"""What did we know on that day? A database in memory, rebuilt from the revisions, that answers the same questions.

Every query of every room runs on it unchanged, because the manager of labelled records reads from the database that
the bound session names. A thing is there as it was last recorded by the end of the day, under the label it carried
then; what the reader may not see now is left out as well, so that the past opens nothing that the present has closed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper

from forestall.base.clock import end_of
from forestall.labels.models import everything

from .models import Payload, Recorded, Revision
from .verification import recorded_models

ALIAS = "past"


@contextmanager
def standing_at(day: date, *, visible_now: models.Q) -> Iterator[str]:
    """The alias of a database as of the end of `day` (UTC), for this thread, while the block lasts.

    The reader is bound. `visible_now` is its own scope: things it hides at present are left out.
    """
    connection = _empty_database()
    try:
        with connection.schema_editor() as editor:
            for model in recorded_models():
                editor.create_model(model)
        connection.disable_constraint_checking()
        for model in recorded_models():
            now_visible = set(models.QuerySet(model).filter(visible_now).values_list("id", flat=True))
            things = [thing for thing in states_at(model, day=day) if thing.id in now_visible]
            everything(model, using=ALIAS).bulk_create(things, batch_size=200)
        yield ALIAS
    finally:
        connection.close()
        del connections[ALIAS]


def _empty_database() -> BaseDatabaseWrapper:
    """This thread's own database in memory, with nothing in it; known to no other thread and to no setting."""
    described = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    settings = connections.configure_settings({"default": {}, ALIAS: described})[ALIAS]
    connections[ALIAS] = DatabaseWrapper(settings, ALIAS)
    return connections[ALIAS]


def states_at(model: type[Recorded], *, day: date) -> Iterator[Recorded]:
    """Every thing of a kind as it was last recorded by the end of `day`, whatever its label."""
    written = everything(Revision).filter(kind=model.kind(), recorded_at__lte=end_of(day)).order_by("number")
    last: dict[UUID, UUID] = dict(written.values_list("object_id", "id"))
    wanted = list(last.values())
    for start in range(0, len(wanted), 400):
        bodies = Payload.objects.filter(revision_id__in=wanted[start : start + 400]).values_list("body", flat=True)
        for body in bodies:
            yield model.from_payload(json.loads(body))
