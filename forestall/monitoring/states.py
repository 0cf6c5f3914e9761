"""Workflows of what arrives and what is observed. Tables only; no Django."""

from __future__ import annotations

from enum import StrEnum

from forestall.base.moves import Machine, Move, fan
from forestall.base.words import say


class ItemState(StrEnum):
    """How far an item has come through the inbox."""

    RECEIVED = "received"
    TRIAGED = "triaged"
    GRADED = "graded"
    CODED = "coded"
    ACCEPTED = "accepted"
    PARKED = "parked"
    REJECTED = "rejected"


_OPEN = (ItemState.RECEIVED, ItemState.TRIAGED, ItemState.GRADED, ItemState.CODED, ItemState.PARKED)

ITEM = Machine(
    name="Item",
    states=ItemState,
    start=ItemState.RECEIVED,
    words={
        "received": say("unread"),
        "triaged": say("opened"),
        "graded": say("graded"),
        "coded": say("coded"),
        "accepted": say("filed"),
        "parked": say("parked"),
        "rejected": say("rejected"),
    },
    moves={
        **fan((ItemState.RECEIVED, ItemState.PARKED, ItemState.REJECTED), ItemState.TRIAGED, verb="item.grade", records="item opened"),
        **fan(_OPEN, ItemState.GRADED, verb="item.grade", records="item graded"),
        **fan((*_OPEN, ItemState.ACCEPTED), ItemState.CODED, verb="observation.confirm", records="item coded"),
        **fan(_OPEN, ItemState.ACCEPTED, verb="item.grade", records="item filed"),
        (ItemState.ACCEPTED, ItemState.GRADED): Move("item.grade", "item graded again"),
        **fan((ItemState.RECEIVED, ItemState.TRIAGED, ItemState.GRADED, ItemState.CODED, ItemState.ACCEPTED), ItemState.PARKED, verb="item.grade", records="item parked"),
        **fan((*_OPEN, ItemState.ACCEPTED), ItemState.REJECTED, verb="item.grade", records="item rejected"),
    },
)  # fmt: skip


class ObservationState(StrEnum):
    """How well founded an observation is."""

    REPORTED = "reported"
    CORROBORATED = "corroborated"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    RETRACTED = "retracted"


_STANDING = (ObservationState.REPORTED, ObservationState.CORROBORATED, ObservationState.CONFIRMED)

OBSERVATION = Machine(
    name="Observation",
    states=ObservationState,
    start=ObservationState.REPORTED,
    words={
        "reported": say("reported"),
        "corroborated": say("corroborated"),
        "confirmed": say("confirmed"),
        "disputed": say("disputed"),
        "retracted": say("retracted"),
    },
    moves={
        **fan((ObservationState.REPORTED, ObservationState.DISPUTED), ObservationState.CORROBORATED, verb="observation.confirm", records="observation corroborated"),
        **fan((ObservationState.REPORTED, ObservationState.CORROBORATED, ObservationState.DISPUTED), ObservationState.CONFIRMED, verb="observation.confirm", records="observation confirmed"),
        **fan(_STANDING, ObservationState.DISPUTED, verb="observation.confirm", records="observation disputed", tells=("analyst",)),
        **fan((*_STANDING, ObservationState.DISPUTED), ObservationState.RETRACTED, verb="observation.confirm", records="observation retracted", tells=("analyst",)),
        **fan((ObservationState.CORROBORATED,), ObservationState.REPORTED, verb="observation.confirm", records="observation lost corroboration"),
    },
)  # fmt: skip


class QuarantineState(StrEnum):
    """What became of a file that was set aside."""

    WAITING = "waiting"
    READ_AGAIN = "read_again"
    REFUSED = "refused"


# `receiver` is whoever handed the file in. A refusal tells nobody: only reviewers may know what is set aside.
QUARANTINE = Machine(
    name="Quarantine",
    states=QuarantineState,
    start=QuarantineState.WAITING,
    words={
        "waiting": say("waiting"),
        "read_again": say("read again"),
        "refused": say("refused"),
    },
    moves={
        (QuarantineState.WAITING, QuarantineState.READ_AGAIN): Move("item.review", "read again", ("receiver",)),
        (QuarantineState.WAITING, QuarantineState.WAITING): Move("item.review", "not readable again"),
        (QuarantineState.WAITING, QuarantineState.REFUSED): Move("item.review", "file refused"),
        (QuarantineState.REFUSED, QuarantineState.WAITING): Move("item.review", "file taken back"),
    },
)  # fmt: skip

class RunState(StrEnum):
    """How a turn of a collector ended, for whoever looks after it."""

    RUNNING = "running"
    HEALTHY = "healthy"
    PARTLY = "partly"
    EMPTY = "empty"
    FAILED = "failed"
    NOT_CONFIGURED = "not_configured"
    CREDENTIAL_MISSING = "credential_missing"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    MALFORMED = "malformed"
    SUSPICIOUSLY_EMPTY = "suspiciously_empty"
    STALE = "stale"
    OVER_BUDGET = "over_budget"


RUN_STATES = {
    "running": say("running"),
    "healthy": say("healthy"),
    "partly": say("some files could not be read"),
    "empty": say("nothing new"),
    "failed": say("stopped by an error"),
    "not_configured": say("not configured"),
    "credential_missing": say("credential missing"),
    "refused": say("refused by the producer"),
    "unreachable": say("unreachable"),
    "malformed": say("malformed answer"),
    "suspiciously_empty": say("suspiciously empty"),
    "stale": say("content is stale"),
    "over_budget": say("the day's requests are used up"),
}

WITHOUT_ANSWER = frozenset(
    {
        RunState.FAILED, RunState.CREDENTIAL_MISSING, RunState.REFUSED, RunState.UNREACHABLE, RunState.MALFORMED,
        RunState.SUSPICIOUSLY_EMPTY,
    }
)  # fmt: skip
"""Turns after which a source is left alone for a while, longer each time. None of them ever looks like calm."""

SOURCE_NATURES = {
    "un": say("United Nations"),
    "ngo": say("non-governmental organisation"),
    "media": say("media"),
    "state": say("government"),
    "armed": say("armed group or movement"),
    "regional": say("regional arrangement"),
    "academic": say("research"),
    "private": say("private person"),
    "other": say("other"),
}

SOURCE_STATES = {
    "proposed": say("proposed", context="source"),
    "active": say("active"),
    "restricted": say("restricted"),
    "retired": say("retired"),
}

RELIABILITY = "ABCDEF"
CREDIBILITY = "123456"
DIRECTIONS = {"raises": say("raises"), "lowers": say("lowers")}
RESPECTS = {
    "power": say("power"),
    "resources": say("resources"),
    "services": say("services"),
    "development": say("development"),
    "rights": say("rights"),
}
PERCEPTIONS = {"real": say("real"), "perceived": say("perceived"), "disputed": say("disputed", context="inequality")}


class LeaveState(StrEnum):
    """What an originator said about being quoted."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


LEAVE = Machine(
    name="Leave to quote",
    states=LeaveState,
    start=LeaveState.ASKED,
    words={
        "asked": say("asked, no answer yet"),
        "granted": say("granted", context="leave"),
        "refused": say("refused", context="leave"),
        "taken_back": say("taken back", context="leave"),
    },
    moves={
        (LeaveState.ASKED, LeaveState.GRANTED): Move("observation.confirm", "leave to quote granted"),
        (LeaveState.ASKED, LeaveState.REFUSED): Move("observation.confirm", "leave to quote refused"),
        (LeaveState.REFUSED, LeaveState.GRANTED): Move("observation.confirm", "leave to quote granted after all"),
        (LeaveState.GRANTED, LeaveState.TAKEN_BACK): Move("observation.confirm", "leave to quote taken back"),
    },
)


class PackageState(StrEnum):
    """How far a request for evidence has come."""

    RECEIVED = "received"
    GRANTED = "granted"
    REFUSED = "refused"
    ASSEMBLED = "assembled"
    HANDED_OVER = "handed_over"
    WITHDRAWN = "withdrawn"


# `registrar` is whoever recorded the request; the others are everybody who holds the verb and sees the request.
PACKAGE = Machine(
    name="Evidence package",
    states=PackageState,
    start=PackageState.RECEIVED,
    words={
        "received": say("request recorded"),
        "granted": say("granted by counsel"),
        "refused": say("refused by counsel"),
        "assembled": say("assembled"),
        "handed_over": say("handed over"),
        "withdrawn": say("withdrawn", context="request"),
    },
    moves={
        (PackageState.RECEIVED, PackageState.GRANTED): Move("package.decide", "package granted", ("registrar", "package.hand_over")),
        (PackageState.RECEIVED, PackageState.REFUSED): Move("package.decide", "package refused", ("registrar",)),
        (PackageState.RECEIVED, PackageState.WITHDRAWN): Move("package.request", "package request withdrawn"),
        **fan((PackageState.GRANTED, PackageState.ASSEMBLED), PackageState.ASSEMBLED, verb="package.hand_over", records="package assembled"),
        **fan((PackageState.GRANTED, PackageState.ASSEMBLED), PackageState.REFUSED, verb="package.decide", records="package refused after all", tells=("registrar", "package.hand_over")),
        (PackageState.ASSEMBLED, PackageState.HANDED_OVER): Move("package.hand_over", "package handed over", ("registrar",)),
        (PackageState.HANDED_OVER, PackageState.HANDED_OVER): Move("package.hand_over", "receipt recorded"),
    },
)  # fmt: skip

class CoverageState(StrEnum):
    """How far a source, or a country, is heard. The last four say why nothing is: none of them is calm."""

    REPORTING = "reporting"
    LATE = "late"
    SILENT = "silent"
    FEW = "few"
    NEVER = "never"
    UNREACHABLE = "unreachable"
    NOT_ASKED = "not_asked"
    WAY_STILL = "way_still"
    NOBODY = "nobody"


COVERAGE_STATES = {
    "reporting": say("reporting"),
    "late": say("late"),
    "silent": say("silent"),
    "few": say("too few to tell"),
    "never": say("never reported"),
    "unreachable": say("unreachable"),
    "not_asked": say("not asked"),
    "way_still": say("nothing arrives this way"),
    "nobody": say("nobody reports"),
}


class SilenceState(StrEnum):
    """What became of a silence that was noticed."""

    OPEN = "open"
    EXPLAINED = "explained"
    ENDED = "ended"


# The worker ends it when the source speaks again. `listeners` are information officers, and the desks of the country.
SILENCE = Machine(
    name="Silence",
    states=SilenceState,
    start=SilenceState.OPEN,
    words={
        "open": say("open", context="silence"),
        "explained": say("explained"),
        "ended": say("ended", context="silence"),
    },
    moves={
        (SilenceState.OPEN, SilenceState.EXPLAINED): Move("observation.confirm", "silence explained"),
        (SilenceState.EXPLAINED, SilenceState.EXPLAINED): Move("observation.confirm", "silence explained anew"),
        **fan((SilenceState.OPEN, SilenceState.EXPLAINED), SilenceState.ENDED, verb="item.collect", records="silence ended"),
    },
)  # fmt: skip


class InformationRequestState(StrEnum):
    """What came of a request for information. Silence is recorded as silence."""

    ASKED = "asked"
    ANSWERED = "answered"
    IN_PART = "answered_in_part"
    DECLINED = "declined"
    NO_RESPONSE = "no_response"
    WITHDRAWN = "withdrawn"


_OPEN_REQUEST = (InformationRequestState.ASKED, InformationRequestState.IN_PART, InformationRequestState.NO_RESPONSE)

# `asker` is whoever asked. An answer that comes late is taken all the same; what was said before stays in the record.
INFORMATION_REQUEST = Machine(
    name="Request for information",
    states=InformationRequestState,
    start=InformationRequestState.ASKED,
    words={
        "asked": say("asked", context="information"),
        "answered": say("answered", context="information"),
        "answered_in_part": say("answered in part", context="information"),
        "declined": say("declined", context="information"),
        "no_response": say("no response", context="information"),
        "withdrawn": say("withdrawn", context="information"),
    },
    moves={
        **fan((*_OPEN_REQUEST, InformationRequestState.DECLINED), InformationRequestState.ANSWERED, verb="information.ask", records="information received", tells=("asker",)),
        **fan((*_OPEN_REQUEST, InformationRequestState.DECLINED), InformationRequestState.IN_PART, verb="information.ask", records="information received in part", tells=("asker",)),
        **fan(_OPEN_REQUEST, InformationRequestState.DECLINED, verb="information.ask", records="information declined", tells=("asker",)),
        (InformationRequestState.ASKED, InformationRequestState.NO_RESPONSE): Move("information.ask", "no response recorded", ("asker",)),
        **fan(_OPEN_REQUEST, InformationRequestState.WITHDRAWN, verb="information.ask", records="request for information withdrawn"),
    },
)  # fmt: skip

MACHINES = (ITEM, OBSERVATION, QUARANTINE, LEAVE, PACKAGE, SILENCE, INFORMATION_REQUEST)
