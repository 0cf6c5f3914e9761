"""A backup made while somebody writes without end is one moment of the record, whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from forestall.cli.restorebench import Round, rounds


def check(found: list[Round]) -> None:
    assert [one for one in found if not one.holds] == []
    assert found[0].confirmed < found[-1].live, "nobody wrote meanwhile"


def test_R10_G7_a_backup_made_under_writes_restores_whole(tmp_path: Path) -> None:
    check(rounds(tmp_path, times=1))


@pytest.mark.full
def test_R10_backups_made_under_writes_restore_whole_again_and_again(tmp_path: Path) -> None:
    check(rounds(tmp_path, times=5))


def test_the_bench_tells_a_round_that_does_not_hold() -> None:
    assert Round(5, 5, 6, True, 0, 0).holds
    assert not Round(5, 4, 6, True, 0, 0).holds
    assert not Round(5, 7, 6, True, 0, 0).holds
    assert not Round(5, 5, 6, False, 0, 0).holds
