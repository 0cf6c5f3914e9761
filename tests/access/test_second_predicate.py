"""P11: the predicate, and the same policy written a second time, agree about everybody and everything in a small world."""

from __future__ import annotations

from forestall.access.visibility import Sight, may_see
from forestall.labels.label import Label

from .second_predicate import Paper, Reader, objections, opens
from .test_visibility import NOW, every_label, every_sight


def reader_of(sight: Sight) -> Reader:
    """The same reader in the words of the second writing."""
    system = sight.compartments is None
    return Reader(sight.person, sight.level, sight.compartments or frozenset(), sight.active, sight.reviewer, sight.purpose, system)


def paper_of(label: Label) -> Paper:
    """The same label in the words of the second writing."""
    return Paper(
        int(label.level), label.compartments, label.audience, label.embargo_until, label.quarantined, label.expunged, label.consent
    )


def test_two_writings_of_the_policy_agree_about_everybody_and_everything() -> None:
    labels = [(label, paper_of(label)) for label in every_label()]
    for sight in every_sight():
        reader = reader_of(sight)
        differing = [label for label, paper in labels if may_see(sight, label, at=NOW) != opens(reader, paper, at=NOW)]
        assert not differing, (sight, differing[0])


def test_each_objection_is_the_only_one_somewhere() -> None:
    """No clause of the policy stands idle in the small world: each of them alone keeps something shut."""
    alone = set()
    for sight in every_sight():
        reader = reader_of(sight)
        for label in every_label():
            found = list(objections(reader, paper_of(label), at=NOW))
            if len(found) == 1:
                alone.add(found[0])
    assert len(alone) == 8
