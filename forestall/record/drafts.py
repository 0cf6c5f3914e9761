"""Working drafts: kept while somebody types, outside the record, and gone once handed over or put away.

Nothing here writes an entry or a revision: those begin with what is shown to somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from forestall.base.clock import now
from forestall.labels.models import everything

from .models import WorkingDraft as WorkingDraft


def keep(*, person: str, form: str, fields: Mapping[str, Sequence[str]], level: int) -> WorkingDraft:
    """Keep what stands in `form`, in the place of what was kept before. `level`: its writer's.

    `fields` holds the texts of each field by its name, in the order of the form.
    """
    texts = {name: list(values) for name, values in fields.items()}
    kept, _ = WorkingDraft.objects.update_or_create(
        person=person, form=form, defaults={"fields": texts, "level": level, "at": now()}
    )
    return kept


def of(person: str, *, level: int) -> list[WorkingDraft]:
    """The drafts of `person` that somebody who sees up to `level` may read, by form."""
    return list(WorkingDraft.objects.filter(person=person, level__lte=level).order_by("form"))


def forget(*, person: str, form: str) -> None:
    """Forget one's own draft of a form: it was taken, or its writer wants it no more."""
    WorkingDraft.objects.filter(person=person, form=form).delete()


def forget_kept_before(moment: datetime) -> int:
    """Forget every draft last kept before `moment` (UTC). Returns how many."""
    return everything(WorkingDraft).filter(at__lt=moment).delete()[0]


def forget_about(thing: UUID) -> None:
    """Forget every draft that was being written about a thing whose content goes."""
    everything(WorkingDraft).filter(form__contains=str(thing)).delete()


def forget_where(holds: Callable[[str], bool], *, of: Callable[[str], bool]) -> None:
    """Forget drafts `of` these people (by id) in which some text holds what must stand nowhere any more.

    Not anybody's: whoever lost a draft would learn that its words are such words.
    """
    for draft in everything(WorkingDraft):
        if of(draft.person) and any(holds(text) for texts in draft.fields.values() for text in texts):
            everything(WorkingDraft).filter(pk=draft.pk).delete()
