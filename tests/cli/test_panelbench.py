"""Whoever is asked the panel bench's questions gives the same answers, and what is made up is made up the same."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from forestall.cli import panelbench
from forestall.cli.commands import bench
from forestall.cli.madeupevents import TOLD, furnished
from forestall.panel.factengine import digest
from forestall.panel.manifest import Manifest

ROWS, MONTHS = 3_000, 13


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    root = tmp_path_factory.mktemp("store")
    return root, furnished(root, events=ROWS, tell=lambda line: None, months=MONTHS)


@pytest.mark.parametrize("name", ["bare", "polars", "sqlite"])
def test_a_rival_gives_the_answers_that_ours_gives(store, name):
    if name == "polars" and importlib.util.find_spec("polars") is None:
        pytest.skip("needs polars (uv sync --group bench)")
    with panelbench.ENGINES["ours"](*store) as ours, panelbench.ENGINES[name](*store) as theirs:
        assert list(ours) == list(theirs)
        for question in ours:
            found = ours[question]()
            assert found.num_rows, question
            assert digest(found) == digest(theirs[question]()), question


def test_the_same_events_are_made_up_again_and_said_to_be_made_up(store, tmp_path):
    _, manifest = store
    again = furnished(tmp_path, events=ROWS, tell=lambda line: None, months=MONTHS)

    assert again == manifest
    assert manifest.rows() == ROWS
    assert json.loads((tmp_path / TOLD).read_text())["synthetic"] is True


def test_where_spark_is_missing_its_goal_is_neither_met_nor_missed(monkeypatch, capsys):
    found: dict[str, Any] = {"ratio_to_bare": 1.0, "peak_mb": 400, "same_hash_on_spark": None}
    monkeypatch.setattr(panelbench, "measure", lambda **given: found)
    parser = bench.argparse.ArgumentParser()
    bench.arguments(parser)
    code = bench.run(parser.parse_args(["panel"]))
    goals = {goal["name"]: goal["met"] for goal in json.loads(capsys.readouterr().out)["goals"]}

    assert (code, goals) == (0, {"ratio_to_bare": True, "peak_mb": True, "same_hash_on_spark": None})
