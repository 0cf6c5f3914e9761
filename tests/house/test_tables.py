"""Rules about tables: every column explained and its privacy declared; every workflow complete; every page declared."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver

from forestall.access.roles import ROLES, VERBS
from forestall.base.moves import Machine
from forestall.labels.models import Labelled
from forestall.record.models import Recorded

OUR_MODELS = [model for model in apps.get_models() if model.__module__.startswith("forestall.")]
CLASSES = {"public", "internal", "personal", "protected-source", "secret", "as recorded"}


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_every_column_is_explained_and_its_privacy_declared(model: Any) -> None:
    declared = {**getattr(model, "label_privacy", {}), **model.privacy}
    named = {field.name for field in model._meta.concrete_fields if field.model is model}

    inherited = {"last_login", "password"}
    unexplained = [field.name for field in model._meta.concrete_fields if not field.help_text and field.name not in inherited]
    assert not unexplained, "A column needs help_text."
    assert named - set(declared) == set(), "Declare the privacy class of each column in `privacy`."
    assert set(declared.values()) <= CLASSES


@pytest.mark.parametrize("model", [m for m in OUR_MODELS if issubclass(m, Recorded)], ids=lambda m: m._meta.label)
def test_a_recorded_thing_points_only_at_recorded_things(model: Any) -> None:
    """So that any past day can be rebuilt from the revisions alone."""
    for field in model._meta.concrete_fields:
        if field.is_relation:
            assert issubclass(field.related_model, Recorded), f"{model._meta.label}.{field.name}"


@pytest.mark.parametrize("model", [m for m in OUR_MODELS if issubclass(m, Labelled)], ids=lambda m: m._meta.label)
def test_a_labelled_table_is_read_through_its_raising_manager(model: Any) -> None:
    assert model._meta.base_manager_name == "objects"
    assert type(model._default_manager).__name__ == "LabelledManager"


def machines() -> list[Machine]:
    found: list[Machine] = []
    for room in ("access", "vault", "monitoring", "assessment", "advising", "retention"):
        found += importlib.import_module(f"forestall.{room}.states").MACHINES
    return found


@pytest.mark.parametrize("machine", machines(), ids=lambda machine: machine.name)
def test_every_workflow_is_complete(machine: Machine) -> None:
    assert machine.incomplete() == []
    assert {move.verb for move in machine.moves.values()} <= set(VERBS)
    granted = frozenset().union(*(role.verbs for role in ROLES.values()))
    assert {move.verb for move in machine.moves.values()} <= granted, "Nobody could make this move."


def patterns(resolver: Any) -> list[URLPattern]:
    found: list[URLPattern] = []
    for one in resolver.url_patterns:
        found += [one] if isinstance(one, URLPattern) else patterns(one)
    return found


def test_every_address_is_declared() -> None:
    undeclared = [str(one.pattern) for one in patterns(get_resolver()) if not hasattr(one.callback, "declaration")]

    assert not undeclared, "Declare the page with access.declared.page or open_page."


def test_every_role_grants_verbs_that_exist() -> None:
    assert all(role.verbs <= set(VERBS) for role in ROLES.values())


def test_every_job_is_declared() -> None:
    from forestall.cli.schedule import JOBS

    assert all(hasattr(work, "declaration") for _, _, work in JOBS)


def test_every_command_says_as_whom_it_reads() -> None:
    from forestall.access.session import SYSTEM_READERS
    from forestall.cli.command import commands

    assert {command.reader for command in commands()} <= {"", "person", *SYSTEM_READERS}
