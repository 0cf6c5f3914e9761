"""What the exercise's information officers do with the inbox: name sources, grade, confirm what happened."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from forestall.access.session import Session
from forestall.exercises import Exercise
from forestall.exercises.item import Item as Written
from forestall.exercises.item import Observation as Expected
from forestall.labels.label import Label, Level
from forestall.monitoring.actions import group as groups
from forestall.monitoring.actions import item as items
from forestall.monitoring.actions import observation as observations
from forestall.monitoring.actions import source as sources
from forestall.monitoring.models import Group, Item, Observation
