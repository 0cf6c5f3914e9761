"""Roles: what a person may do. A role grants verbs and nothing else; sight comes from clearance alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forestall.base.errors import Refused
from forestall.base.words import Words, say

VERBS: dict[str, Words] = {
    "item.collect": say("hand in and collect items"),
    "contribution.give": say("give the Office information as a partner"),
    "item.grade": say("grade, file, park and reject items"),
    "item.review": say("open the quarantine and decide on it"),
    "evidence.take": say("take an original out as it came"),
    "observation.confirm": say("confirm, change and reject what the machine suggests"),
    "source.keep": say("keep the list of sources"),
    "source.protect": say("put a source into the vault and care for it"),
    "vault.open": say("open who a source is, with a second person"),
    "situation.open": say("open a situation and move it"),
    "assessment.draft": say("draft an assessment and judge indicators"),
    "assessment.review": say("review, return and dissent"),
    "assessment.clear": say("clear an assessment"),
    "forecast.run": say("run the forecasts"),
    "warning.draft": say("draft a warning and its note"),
    "note.clear_content": say("clear a note's content as second reader"),
    "note.clear_release": say("clear a note's release as Director"),
    "note.sign": say("sign a note as Special Adviser"),
    "note.transmit": say("transmit a note and record receipt, answer or silence"),
    "counterpart.keep": say("keep the list of counterparts"),
    "mandate.keep": say("keep presences, mandates, resolutions, reviews and treaties"),
    "information.ask": say("ask an entity for information and record what came"),
    "package.request": say("record a request for evidence from outside"),
    "package.decide": say("decide as counsel whether evidence is handed over"),
    "package.hand_over": say("assemble an evidence package and hand it over"),
    "label.raise": say("raise a label"),
    "label.lower": say("lower a label, with a second person"),
    "table.take_out": say("take a long table out, with a second person"),
    "people.keep": say("invite people, give roles and desks"),
    "record.audit": say("read who did what, and verify the record"),
    "record.hold": say("keep something from deletion, and lift that with a second person"),
    "record.expunge": say("remove content, with a second person"),
    "retention.keep": say("keep the schedule of times, requests and lists for recall"),
    "retention.decide": say("change a time of keeping and decide a request, with a second person"),
    "glass.break": say("open what is kept apart in an emergency, with a second person"),
    "home.shut": say("shut everything at once"),
    "framework.accept": say("accept a framework's wording against the official text"),
    "library.read": say("read frameworks and guidance"),
}
"""Every verb there is, with what it lets a person do. A page, command or job that names another fails the build."""


@dataclass(frozen=True)
class Role:
    """A bundle of verbs under the name the Office uses."""

    id: str
    name: Words
    description: Words
    verbs: frozenset[str]


def _role(key: str, name: Words, description: Words, *verbs: str) -> Role:
    return Role(id=key, name=name, description=description, verbs=frozenset({*verbs, "library.read", "label.raise"}))


ROLES: dict[str, Role] = {
    role.id: role
    for role in (
        _role(
            "information_officer",
            say("Information officer"),
            say("Empties the inbox: hands in, grades and files what arrives."),
            "item.collect", "item.grade", "observation.confirm", "source.keep", "evidence.take", "table.take_out",
            "mandate.keep", "information.ask",
        ),
        _role(
            "analyst",
            say("Analyst"),
            say("Keeps situations current: confirms observations, judges indicators, drafts warnings."),
            "item.collect", "item.grade", "observation.confirm", "situation.open", "assessment.draft",
            "warning.draft", "forecast.run", "package.request", "table.take_out", "mandate.keep", "information.ask",
        ),
        _role(
            "senior_reviewer",
            say("Senior reviewer"),
            say("Challenges drafts, records dissent, clears content as second reader."),
            "item.review", "observation.confirm", "assessment.review", "note.clear_content", "label.lower",
            "evidence.take", "home.shut", "table.take_out",
        ),
        _role(
            "director",
            say("Director"),
            say("Clears assessments and the release of notes."),
            "assessment.review", "assessment.clear", "note.clear_release", "situation.open", "label.lower",
            "glass.break", "vault.open", "home.shut", "retention.decide", "table.take_out",
        ),
        _role(
            "special_adviser",
            say("Special Adviser"),
            say("Signs what leaves the Office."),
            "note.sign", "assessment.review", "label.lower", "glass.break", "home.shut", "table.take_out",
        ),
        _role(
            "liaison",
            say("Liaison of the Secretary-General's office"),
            say("Transmits notes and records receipt, answer or silence from any channel."),
            "note.transmit", "counterpart.keep", "table.take_out", "mandate.keep", "information.ask",
        ),
        _role(
            "records_officer",
            say("Records and data-protection officer"),
            say("Proves what was known and when; removes what must go."),
            "record.audit", "record.hold", "record.expunge", "item.review", "framework.accept", "glass.break",
            "evidence.take", "home.shut", "retention.keep", "retention.decide", "package.request", "package.hand_over",
            "table.take_out",
        ),
        _role(
            "source_handler",
            say("Source handler"),
            say("Protects the sources of their own desk and cares for them."),
            "source.protect", "vault.open",
        ),
        _role(
            "counsel",
            say("Legal counsel"),
            say("Decides whether evidence is handed to a court or another body outside."),
            "package.decide",
        ),
        _role(
            "duty_officer",
            say("Duty officer"),
            say("Is reached out of hours and passes a flash on."),
            "item.collect", "item.grade", "home.shut",
        ),
        _role(
            "administrator",
            say("Administrator"),
            say("Keeps accounts, desks and offices. Sees no content by this role."),
            "people.keep", "home.shut",
        ),
        Role(
            "partner",
            say("Partner"),
            say("Of another organisation: gives information and sees what they gave. Opens no other page, whatever else is granted."),
            frozenset({"contribution.give"}),
        ),
    )
}  # fmt: skip
OUTSIDE = frozenset({"partner"})
"""Roles of people who are not of the Office. Whoever ever held one sees nothing of the Office's and holds no other verb."""


OFFICE_VERBS: dict[str, frozenset[str]] = {
    "second_reader": frozenset({"assessment.review", "note.clear_content"}),
    "director": frozenset({"assessment.clear", "note.clear_release"}),
    "special_adviser": frozenset({"note.sign"}),
}
"""What each clearing office lets whoever acts in it do that day: its holder, its alternate, its officer-in-charge."""


def role(role_id: str) -> Role:
    """The role with this id. Raises `Refused` when there is none."""
    if role_id not in ROLES:
        raise Refused(say("There is no role %(role)s. Roles are: %(known)s.", role=role_id, known=", ".join(ROLES)))
    return ROLES[role_id]


def verbs_of(role_ids: Iterable[str], *, offices: Iterable[str] = ()) -> frozenset[str]:
    """Every verb that these roles grant together, and that acting in these offices lends."""
    granted = [role(role_id).verbs for role_id in role_ids]
    lent = [OFFICE_VERBS.get(office, frozenset()) for office in offices]
    return frozenset().union(*granted, *lent)
