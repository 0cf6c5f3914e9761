"""States as tables: which moves there are, who owns each, what each records and whom it tells.

A wing's `states.py` holds one `Machine` per workflow; its policies and actions read it, a test shows it complete, and
the diagrams in the reference are drawn from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .errors import Refused
from .words import Words, say, series


@dataclass(frozen=True)
class Move:
    """One allowed move. `verb` is what a person must hold, `records` the entry's verb, `tells` roles or offices."""

    verb: str
    records: str
    tells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Machine:
    """A workflow: its states with their names, where it starts, and every move there is."""

    name: str
    states: type[StrEnum]
    start: StrEnum
    words: Mapping[str, Words]
    moves: Mapping[tuple[StrEnum, StrEnum], Move]

    def move(self, here: str, there: str) -> Move:
        """The move between two states. Raises `Refused` when there is none, naming what can be done instead, and for a
        state that never was.
        """
        if there not in set(self.states):
            raise Refused(say("There is no such state. Choose one of those offered."))
        found = self.moves.get((self.states(here), self.states(there)))
        if found is None:
            raise Refused(self._no_move(here, there))
        return found

    def _no_move(self, here: str, there: str) -> Words:
        onward = self.onward(here)
        if not onward:
            return say("What is “%(here)s” stays so.", here=self.words[here])
        return say(
            "From “%(here)s” one cannot go to “%(there)s”. Next can be: %(onward)s.",
            here=self.words[here],
            there=self.words[there],
            onward=series([self.words[state] for state in onward]),
        )

    def onward(self, here: str) -> list[str]:
        """States that can follow."""
        return [str(there) for (start, there) in self.moves if start == here]

    def incomplete(self) -> list[str]:
        """What the tables lack: states without a name, states that no move reaches, moves between unknown states."""
        reached = {there for _, there in self.moves} | {self.start}
        return [
            *(f"{self.name}: {state} has no name" for state in self.states if str(state) not in self.words),
            *(f"{self.name}: nothing leads to {state}" for state in self.states if state not in reached),
        ]

    def diagram(self) -> str:
        """The workflow as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        lines += [f"    {here} --> {there}: {move.records}" for (here, there), move in self.moves.items()]
        return "\n".join(lines)


def fan(
    starts: Iterable[StrEnum], there: StrEnum, *, verb: str, records: str, tells: tuple[str, ...] = ()
) -> dict[tuple[StrEnum, StrEnum], Move]:
    """The same move from several states."""
    return {(here, there): Move(verb, records, tells) for here in starts}
