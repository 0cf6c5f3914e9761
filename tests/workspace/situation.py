"""A situation as a page would hand it to the look: invented, and as full as a real one."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from forestall.workspace.gallery import SIDES
from forestall.workspace.templatetags.parts import Crumb, Entry, Factor, FactorGroup

NAMES = (
    "Armed conflict or other instability",
    "Record of serious violations",
    "Weakness of State structures",
    "Motives or incentives",
    "Capacity to commit atrocity crimes",
    "Absence of mitigating factors",
    "Enabling circumstances or preparatory action",
    "Triggering factors",
    "Intergroup tensions or discrimination",
    "Signs of an intent to destroy a protected group",
    "Signs of a widespread or systematic attack",
    "Signs of a plan or policy to attack civilians",
    "Threats to those protected under humanitarian law",
    "Threats to humanitarian or peacekeeping operations",
)
MOVED = (5, 7, 8, 14)
MENU = (
    ("Today", 9),
    ("Inbox", 47),
    ("States", None),
    ("Situations", 10),
    ("Warnings", 4),
    ("Engagements", None),
    ("Calendar", None),
    ("Programme", None),
    ("Library", None),
    ("Record", None),
)


def _factor(number: int) -> Factor:
    if number == 12:
        past, presence = ["not_assessed"] * 2 + ["no_information"] * 6, "no_information"
    elif number in MOVED:
        presence = "severe" if number == 7 else "present"
        past = ["not_present", *["emerging"] * 6, presence]
    else:
        presence, past = "present", ["emerging"] * 3 + ["present"] * 5
    trend = "deteriorating" if number in MOVED else "stable"
    confidence = "" if number == 12 else "moderate"
    return Factor(
        str(number), NAMES[number - 1], presence, trend, confidence, past, f"#f{number}", number in MOVED
    )


def profile() -> list[FactorGroup]:
    """Fourteen factors in the framework's order."""
    factors = [_factor(number) for number in range(1, 15)]
    return [
        FactorGroup("Common to all crimes", factors[:8], wide=True),
        FactorGroup("Specific to genocide", factors[8:10]),
        FactorGroup("Specific to crimes against humanity", factors[10:12]),
        FactorGroup("Specific to war crimes", factors[12:]),
    ]


def situation() -> SimpleNamespace:
    """What the specimen page shows."""
    groups = profile()
    return SimpleNamespace(
        name="Karvania: people of the northern hills",
        opened=date(2025, 3, 3),
        assessed=date(2026, 11, 12),
        review=date(2026, 11, 30),
        asks=SIDES[0].asks,
        profile=groups,
        moved=[factor for group in groups for factor in group.factors if factor.moved],
        side=SIDES[0],
    )


def surroundings(*, current: str = "Situations", exercise: bool = True) -> dict[str, object]:
    """What every page is given around its content."""
    menu = [Entry(label, f"/{label.lower()}", label == current, count) for label, count in MENU]
    person = SimpleNamespace(is_authenticated=True, get_full_name="N. Arden", get_username="arden")
    return {
        "home": SimpleNamespace(is_exercise=exercise),
        "menu": menu,
        "version": "0.1.0",
        "user": person,
        "crumbs": [Crumb("Today", "/today"), Crumb("Karvania, S-07")],
        "as_of_allowed": True,
        "band": 2,
        "band_note": "Desk west. Do not forward outside the Office.",
    }
