"""Rules of weighing information, over plain values. `check_` refuses with a sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.collecting.encodings import OFFERED
from forestall.collecting.kinds import KIND_WORDS, Kind, claimed
from forestall.collecting.limits import LIMITS, megabytes
from forestall.collecting.names import ending, shown
from forestall.labels.label import CONSENT_WORDS, Label, Level

from .states import CREDIBILITY, DIRECTIONS, RELIABILITY, SOURCE_NATURES, SOURCE_STATES


def check_grade(*, reliability: str, credibility: str) -> None:
    """Raise `Refused` for a grade outside A–F and 1–6."""
    if len(reliability) != 1 or reliability not in RELIABILITY:
        raise Refused(say("Reliability is A (completely reliable) to F (cannot be judged)."))
    if len(credibility) != 1 or credibility not in CREDIBILITY:
        raise Refused(say("Credibility is 1 (confirmed) to 6 (cannot be judged)."))


def check_reason(*, reason: str) -> None:
    """Raise `Refused` when something is set aside without saying why."""
    if not reason.strip():
        raise Refused(say("Say why in a few words; the reason stays with the item."))


def check_explained(*, reason: str) -> None:
    """Raise `Refused` when a silence is explained without saying how."""
    if not reason.strip():
        raise Refused(say("Say why it is silent: a holiday, a source that closed, a line that is cut. The silence still shows."))


def check_observation(*, summary: str, iso3: str, on: date | None, today: date) -> None:
    """Raise `Refused` for an observation without what, where or when, or of a day to come."""
    if not summary.strip():
        raise Refused(say("Write in one sentence what happened."))
    if not iso3:
        raise Refused(say("Say in which country it happened."))
    if on is None:
        raise Refused(say("Say when it happened, as precisely as is known: a day, a month or a year."))
    if on > today:
        raise Refused(say("It cannot have happened on a day to come (%(day)s).", day=on.isoformat()))


def check_direction(*, direction: str) -> None:
    """Raise `Refused` unless an indicator is raised or lowered."""
    if direction not in DIRECTIONS:
        raise Refused(say("An observation raises or lowers an indicator; choose which."))


def check_quote(*, quote: str, text: str) -> None:
    """Raise `Refused` when the words quoted do not stand in the item."""
    if quote and quote not in text:
        raise Refused(say("These words do not stand in the item. Quote it exactly."))


def check_harm(harm: object) -> None:
    """Raise `Refused` unless every count is low ≤ best ≤ high, whole and not negative; unknown is empty, not zero."""
    if not isinstance(harm, dict):
        raise Refused(say("Harm is given as counts: low, best and high."))
    for name, counts in harm.items():
        if counts is None:
            continue
        known = [count for count in counts if count is not None]
        if any(not isinstance(count, int) or count < 0 for count in known) or known != sorted(known):
            raise Refused(say("%(name)s: give low, best and high in that order, as whole numbers.", name=name))


def check_source(*, name: str, nature: str, reliability: str, state: str, cadence_days: int | None) -> None:
    """Raise `Refused` for a source without a name, or with a nature, grade, state or cadence that there is not."""
    if not name.strip():
        raise Refused(say("Give the source the name by which the desk calls it."))
    if nature not in SOURCE_NATURES or state not in SOURCE_STATES:
        raise Refused(say("Choose the nature and the state of the source from those offered."))
    if len(reliability) != 1 or reliability not in RELIABILITY:
        raise Refused(say("Reliability is A (completely reliable) to F (cannot be judged)."))
    if cadence_days is not None and cadence_days < 1:
        raise Refused(say("Expected days between items are 1 or more; leave the field empty when nobody knows."))


TABLES = (Kind.DELIMITED, Kind.WORKBOOK, Kind.JSON_ROWS)
WRITTEN = (Kind.TEXT, Kind.HTML, Kind.FEED, Kind.JSON_FEED, Kind.DELIMITED, Kind.JSON_ROWS)
"""Kinds whose letters can be encoded in several ways, and whose reader takes a person's word for it."""


def check_readable(*, size: int, in_place: bool) -> None:
    """Raise `Refused` when there is nothing to read, or when reading it by itself would pass by what stopped it."""
    if in_place:
        raise Refused(say("It was stopped by how it lay in another file, and reading it alone would pass that by. Ask for it by itself."))
    if not size:
        raise Refused(say("No bytes of it are kept, so there is nothing to read. Ask for the file again."))


def check_new_name(name: str, *, hostile: bool) -> None:
    """Raise `Refused` for a name that may not be given: to what was built to do harm, or one that claims no kind."""
    if hostile:
        raise Refused(say("It was refused as built to do harm, so it is read only under the name it came under."))
    if shown(name) != name or "/" in name or "\\" in name:
        raise Refused(say("Give the name of a file alone: no folders and no invisible characters."))
    if claimed(ending(name)) is None:
        raise Refused(say("End the name in what the file is, such as .pdf or .csv: name and content must agree."))


def check_encoding(encoding: str) -> None:
    """Raise `Refused` for an encoding that is not offered."""
    if encoding and encoding not in OFFERED:
        raise Refused(say("Choose an encoding from those offered."))


def check_terms(*, kind: str, mapping: bool, encoding: bool) -> None:
    """Raise `Refused` when a mapping or an encoding is given for a kind whose reader would not heed it."""
    if kind not in set(Kind):
        return
    if mapping and kind not in TABLES:
        raise Refused(say("A mapping is for tables. This is %(kind)s: leave the mapping empty.", kind=KIND_WORDS[Kind(kind)]))
    if encoding and kind not in WRITTEN:
        raise Refused(say("An encoding is for text. This is %(kind)s: leave the encoding empty.", kind=KIND_WORDS[Kind(kind)]))


def check_refusal(*, reason: str) -> None:
    """Raise `Refused` when a file is refused without saying why."""
    if not reason.strip():
        raise Refused(say("Say why in a few words; the reason stays with the file."))


def originators(compartments: Collection[str]) -> list[str]:
    """Who gave it in confidence, by the compartments of a label."""
    return sorted(one.removeprefix("3P:") for one in compartments if one.startswith("3P:"))


def check_originator(*, originator: str, compartments: Collection[str]) -> None:
    """Raise `Refused` when the thing was not given in confidence by this originator."""
    if originator not in originators(compartments):
        raise Refused(say("It is not kept as given in confidence by %(name)s.", name=originator or "–"))


def check_leave_asked(*, addressee: str, wording: str) -> None:
    """Raise `Refused` when it is not said to whom and in which words it would be quoted."""
    if not addressee.strip() or not wording.strip():
        raise Refused(say("Say to whom it would be quoted, and in exactly which words."))


JUDICIAL = "judicial"
"""What a source must have agreed to before its material leaves in a package: to hand it to a court."""


def check_requested(*, requester: str, authority: str, purpose: str, received_on: date | None, today: date) -> None:
    """Raise `Refused` for a request that does not say who asks, on what authority, what for, and when it came."""
    if not requester.strip() or not authority.strip() or not purpose.strip():
        raise Refused(say("Say who asks, on what authority, and what for."))
    if received_on is None:
        raise Refused(say("Say on which day the request came."))
    if received_on > today:
        raise Refused(say("It cannot have come on a day to come (%(day)s).", day=received_on.isoformat()))


def check_may_be_packed(label: Label) -> None:
    """Raise `Refused` for what cannot be evidence for anybody: set aside unread."""
    if label.quarantined:
        raise Refused(say("What is in quarantine cannot be handed over. Decide on it first."))


def check_counsel(*, counsel: str, registrar: str, reason: str) -> None:
    """Raise `Refused` when whoever recorded a request would decide on it, or decides without a reason."""
    if counsel == registrar:
        raise Refused(say("You recorded this request. Somebody else decides as counsel."))
    if not reason.strip():
        raise Refused(say("Say why. The reason stays in the record."))


def check_apart(*, by: str, counsel: str) -> None:
    """Raise `Refused` when whoever decided as counsel would assemble the package or hand it over too."""
    if by == counsel:
        raise Refused(say("You decided this as counsel. Somebody else assembles the package and hands it over."))


def check_something_goes(numbers: Collection[int]) -> None:
    """Raise `Refused` when nothing would be in the package."""
    if not numbers:
        raise Refused(say("Nothing of it may leave now. Each piece says what stands in its way."))


def check_handed(*, to: str, how: str, on: date | None, assembled_on: date, today: date) -> None:
    """Raise `Refused` unless it is said who took the package, how and when: not before it was made, nor to come."""
    if not to.strip() or not how.strip() or on is None:
        raise Refused(say("Say who took it, how it was handed over, and on what day."))
    if not assembled_on <= on <= today:
        raise Refused(say("It was handed over between the day it was assembled (%(day)s) and today.", day=assembled_on.isoformat()))


def leave_wording(sha256: str) -> str:
    """What an originator is asked leave for when a whole file would be handed over: these bytes and no others."""
    return f"SHA-256 {sha256}"


def check_release(
    *, title: str, text: str, label: Label, of: Label, granted: Mapping[str, Collection[str]]
) -> None:
    """Raise `Refused` for a release without words, one that reaches nobody more, or one without an originator's leave.

    `granted` holds, for each originator, the exact words that may be quoted.
    """
    if not title.strip() or not text.strip():
        raise Refused(say("Write the words that are to be released, and a title."))
    if label.holds_closer(of):
        raise Refused(say("These words would reach nobody who does not see the thing already."))
    missing = [one for one in originators(of.compartments) if text.strip() not in granted.get(one, ())]
    if missing:
        raise Refused(say("%(name)s gave it in confidence and has not agreed to these words. Ask for leave first.", name=missing[0]))


def check_information_asked(*, question: str, due: date | None, today: date) -> None:
    """Raise `Refused` for a request for information without a question, or without a day to come."""
    if not question.strip():
        raise Refused(say("Write what is asked."))
    if due is None:
        raise Refused(say("Say by which day an answer is wanted."))
    if due < today:
        raise Refused(say("The day by which an answer is wanted lies in the past."))


def check_information_came(*, text: str, items: Collection[object], on: date | None, asked_on: date, today: date) -> None:
    """Raise `Refused` for an answer that says nothing, or came on a day when it cannot have."""
    if not text.strip() and not items:
        raise Refused(say("Write what came, or choose the items that came."))
    if on is None or not asked_on <= on <= today:
        raise Refused(say("It came between the day it was asked (%(day)s) and today.", day=asked_on.isoformat()))


DANGERS: dict[str, Words] = {
    "no": say("No"),
    "yes": say("Yes"),
    "unknown": say("I do not know"),
}
"""What a partner answers when asked whether somebody is in danger if it is known what they give."""
NEEDED = frozenset({"collect", "store"})
"""What a partner must agree to, or nothing can be taken from them."""
LONGEST_WORDS = 20_000
_DESK = "desk:"


def check_gift(*, scopes: Collection[str], danger: str, size: int, words: str) -> None:
    """Raise `Refused` for what may not be kept, is not there, or is too much; and for a danger that nobody was asked about."""
    if any(scope not in CONSENT_WORDS for scope in scopes):
        raise Refused(say("Choose from the list what you agree to."))
    if not set(scopes) >= NEEDED:
        raise Refused(say("Nothing was taken. Without your consent to collect and to keep it, the Office may not have it."))
    if danger not in DANGERS:
        raise Refused(say("Say whether anybody is in danger if this is known. “I do not know” is an answer."))
    if not size and not words.strip():
        raise Refused(say("Choose a file, or write what you know."))
    if size > LIMITS.file:
        raise Refused(say("The file has %(size)s MB; at most %(limit)s are read.", size=megabytes(size), limit=megabytes(LIMITS.file)))
    if len(words) > LONGEST_WORDS:
        raise Refused(say("These are more than %(most)s letters. Put them into a file.", most=LONGEST_WORDS))


def level_of_gift(*, danger: str) -> Level:
    """How closely a gift is held: confidential; where somebody is in danger, or may be, strictly confidential."""
    return Level.CONFIDENTIAL if danger == "no" else Level.STRICTLY_CONFIDENTIAL


def desk_of(*, compartments: Collection[str]) -> str:
    """The key of the desk that cares for a partner. Raises `Refused` when there is none: nobody could care for who it is."""
    desks = sorted(one.removeprefix(_DESK) for one in compartments if one.startswith(_DESK))
    if not desks:
        raise Refused(say("Nothing was taken. No desk cares for who you are yet, so your name cannot be kept apart. Ask whoever invited you."))
    return desks[0]


def left_of_consent(*, agreed: Collection[str], taken_back: Collection[str]) -> frozenset[str]:
    """What is left of a consent; nothing once it may no longer be kept or read. Raises `Refused` when nothing changes."""
    before = frozenset(agreed)
    left = before - frozenset(taken_back)
    if left == before:
        raise Refused(say("Choose what is taken back."))
    return left if left >= NEEDED | ({"analyse"} & before) else frozenset()
