"""The label columns, and the manager through which every labelled record is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, NoReturn, Self, TypeVar

from django.db import models

from .binding import bound, reading
from .label import Label, Level, spell, unspell
from .telling import Elevation, elevated

Row = TypeVar("Row", bound=models.Model)


class CompartmentSet(models.Model):
    """Each distinct set of compartments that some label carries; the query twin looks sets up by their spelling."""

    spelling = models.TextField(
        primary_key=True, help_text="The compartments in order, as `,a,b,`; empty for none."
    )

    privacy: ClassVar[dict[str, str]] = {"spelling": "internal"}


def intern_compartments(spelling: str) -> None:
    """Make sure that `spelling` is among the known sets; readers then work their scope out anew."""
    reader = reading()
    if reader is not None and spelling in reader.interned:
        return
    _, made = CompartmentSet.objects.get_or_create(spelling=spelling)
    if reader is not None:
        reader.interned.add(spelling)
        if made:
            reader.forget_scope()


class LabelledQuerySet(models.QuerySet[Row]):
    """Reads only. Writing many rows at once would pass by the record, so it is refused."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("Labelled records are written one by one, by actions, so that the record sees each.")

    def delete(self) -> NoReturn:
        raise TypeError("Labelled records are never deleted; see record.actions.expunge.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Labelled records are written one by one, by actions, so that the record sees each.")

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Labelled records are written one by one, by actions, so that the record sees each.")


class LabelledManager(models.Manager[Row]):
    """Only what the bound session may see; raises `Unbound` when none is bound."""

    def get_queryset(self) -> LabelledQuerySet[Row]:
        reader = bound()
        seen = reader.querysets.get(self.model)
        if seen is None:
            seen = LabelledQuerySet(self.model, using=reader.database).filter(reader.scope())
            reader.querysets[self.model] = seen
        return seen.all()


class WholeQuerySet(models.QuerySet[Row]):
    """Its own statements pass the second net too. As a part of another query it sees no more than that one."""

    def _fetch_all(self) -> None:
        with elevated(Elevation.WHOLE):
            super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[Row]:
        with elevated(Elevation.WHOLE):
            found = list(super().iterator(chunk_size))
        return iter(found)

    def count(self) -> int:
        with elevated(Elevation.WHOLE):
            return super().count()

    def exists(self) -> bool:
        with elevated(Elevation.WHOLE):
            return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        with elevated(Elevation.WHOLE):
            return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        with elevated(Elevation.WHOLE):
            return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        with elevated(Elevation.WHOLE):
            return super().delete()

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Row]:
        with elevated(Elevation.WHOLE):
            return super().bulk_create(*args, **kwargs)


def everything(model: type[Row], *, using: str = "default") -> WholeQuerySet[Row]:
    """All rows of a model, whoever reads. For the record alone, which proves and rebuilds the whole history."""
    return WholeQuerySet(model, using=using)


class Labelled(models.Model):
    """A record with a label. Its columns are the label's, spelled so that both databases compare them alike."""

    level = models.PositiveSmallIntegerField(
        default=Level.CONFIDENTIAL, help_text="0 public, 1 internal, 2 confidential, 3 strictly confidential."
    )
    compartments = models.TextField(default="", blank=True, help_text="All of these are needed to see it.")
    audience = models.TextField(default="", blank=True, help_text="When not empty: only these persons see it.")
    embargo_until = models.DateTimeField(null=True, blank=True, help_text="Seen by its audience alone until then.")
    quarantined = models.BooleanField(default=False, help_text="Seen by reviewers alone; feeds nothing.")
    expunged = models.BooleanField(default=False, help_text="Its content was removed by decision of two.")
    hold = models.BooleanField(default=False, help_text="Must not be deleted while this stands.")
    consent = models.TextField(default="", blank=True, help_text="What the source agreed to; empty: not recorded.")

    objects: ClassVar[LabelledManager[Self]] = LabelledManager()

    label_privacy: ClassVar[dict[str, str]] = {
        "level": "internal",
        "compartments": "internal",
        "audience": "internal",
        "embargo_until": "internal",
        "quarantined": "internal",
        "expunged": "internal",
        "hold": "internal",
        "consent": "internal",
    }

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__gte=0, level__lte=3), name="%(app_label)s_%(class)s_level_known"
            )
        ]

    @property
    def label(self) -> Label:
        """The label as a value."""
        return Label(
            level=Level(self.level),
            compartments=unspell(self.compartments),
            audience=unspell(self.audience),
            embargo_until=self.embargo_until,
            quarantined=self.quarantined,
            expunged=self.expunged,
            hold=self.hold,
            consent=unspell(self.consent),
        )

    @label.setter
    def label(self, label: Label) -> None:
        self.level = label.level
        self.compartments = spell(label.compartments)
        self.audience = spell(label.audience)
        self.embargo_until = label.embargo_until
        self.quarantined = label.quarantined
        self.expunged = label.expunged
        self.hold = label.hold
        self.consent = spell(label.consent)

    def labelled(self, label: Label) -> Self:
        """This record, carrying `label` (not saved)."""
        self.label = label
        return self

    def spell_label(self) -> None:
        """What must hold before it is saved: its compartments in order, and their set among the known ones."""
        self.compartments = spell(unspell(self.compartments))
        intern_compartments(self.compartments)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.spell_label()
        super().save(*args, **kwargs)
