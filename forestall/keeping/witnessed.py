"""What the witnesses know of the time after a backup: how much is lost, and whether it is the same history at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from forestall.base.canonical import sha256
from forestall.base.words import Words, say
from forestall.record.models import Entry, Seal
from forestall.record.sealed import shown
from forestall.record.witnesses import lines_of

RESTORED = "restored from a backup"


class Line(NamedTuple):
    """A seal as a witness keeps it: the fixed time it stands for (UTC), and the hash of the line before it."""

    at: datetime
    previous: str
    text: str


def _read(witness: str) -> list[Line]:
    found = []
    for text in lines_of(witness):
        parts = text.split()
        if len(parts) == 6 and parts[0] == Seal.SCHEME:
            found.append(Line(datetime.fromisoformat(parts[1]), parts[2], text))
    return found


def held_against(witnesses: Iterable[str]) -> tuple[list[Words], list[Words]]:
    """What witnesses tell that can be read from here: faults, and what is lost. Called before anything is done again.

    A witness that was told a seal before the last restore of this very home may keep others: that was told then.
    """
    seals = list(Seal.objects.order_by("at"))
    before = Entry.objects.filter(verb=RESTORED).order_by("-seq").values_list("at", flat=True).first()
    faults: list[Words] = []
    lost: list[Words] = []
    for witness in dict.fromkeys(witnesses):
        lines = [one for one in _read(witness) if before is None or one.at > before]
        bad, later = _compared(lines, seals)
        if bad:
            faults.append(
                say("The witness %(where)s keeps a seal of %(at)s that this backup does not know: it is of another history.",
                    where=witness, at=shown(bad.at))
            )  # fmt: skip
        if later:
            lost.append(
                say("The witness %(where)s keeps %(count)s seals from after this backup, the last of %(at)s: what was recorded since is lost.",
                    where=witness, count=len(later), at=shown(later[-1].at))
            )  # fmt: skip
    return faults, lost


def _compared(lines: list[Line], seals: list[Seal]) -> tuple[Line | None, list[Line]]:
    """The first line that contradicts the seals, and those that came after them. The next one must name the last of ours."""
    if not lines or not seals:
        return None, lines
    ours, last = {seal.line() for seal in seals}, seals[-1]
    later = [one for one in lines if one.at > last.at]
    strange = [one for one in lines if one.at <= last.at and one.text not in ours]
    if not strange and later and last.line() in {one.text for one in lines} and later[0].previous != sha256(last.line()):
        strange = later[:1]
    return (strange[0] if strange else None), later


def folders_of(*homes: Path) -> list[str]:
    """The witness that each of these homes keeps itself, where there is one."""
    return [str(home / "witness") for home in homes if (home / "witness").is_dir()]
