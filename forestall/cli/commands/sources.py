"""`forestall sources`: what is asked and how it stands; who reports on which country; turn a source on or off; give a credential."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from typing import Any

from forestall.base.clock import now, today
from forestall.base.errors import Refused
from forestall.base.words import say, told
from forestall.cli.command import Arguments, Command, home_argument, open_chosen_home
from forestall.cli.commands.collect import named


def arguments(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    listing = below.add_parser("list", help="every source: whether it is asked, how its last turn ended, what is held")
    listing.add_argument("--json", action="store_true", help="print one JSON object")
    covering = below.add_parser("coverage", help="who reports on which country, in which language, and who has stopped")
    covering.add_argument("--country", metavar="ISO3", help="one country alone")
    covering.add_argument("--json", action="store_true", help="print one JSON object")
    below.add_parser("share", help="of how many independent origins so many are of the United Nations")
    for act, sentence in (("ask", "have the worker ask a source at its fixed times"), ("stop", "have it asked no more")):
        below.add_parser(act, help=sentence).add_argument("name", metavar="NAME", help="the source")
    giving = below.add_parser("credential", help="give what the producer gave you; it is typed, or read from standard input")
    giving.add_argument("name", metavar="NAME", help="the source")
    giving.add_argument("key", metavar="KEY", help="the name of the credential, such as token")
    setting = below.add_parser("set", help="have this office ask a source otherwise: its server, its forms, its desk")
    setting.add_argument("name", metavar="NAME", help="the source")
    setting.add_argument("key", metavar="KEY", help="the setting, such as forms")
    setting.add_argument("value", metavar="VALUE", help="its value; several with commas; empty goes back to the definition")
    for each in below.choices.values():
        home_argument(each)


def run(given: Arguments) -> int:
    home = open_chosen_home(given)
    if given.act == "credential":
        return _credential(given, home)
    acts = {"list": _list, "coverage": _coverage, "share": _share, "ask": _turn, "stop": _turn, "set": _set}
    return acts[given.act](given)


def _credential(given: Arguments, home: Any) -> int:
    from forestall.collecting.credentials import keep_credential

    source = named(given.name)
    value = getpass.getpass(f"{given.key}: ") if sys.stdin.isatty() else sys.stdin.readline()
    keep_credential(home.credentials, source, name=given.key, value=value)
    sys.stdout.write(f"{'Kept' if value.strip() else 'Forgotten'}: {given.key} of {source.title}. It is shown nowhere.\n")
    return 0


def _turn(given: Arguments) -> int:
    from django.conf import settings

    from forestall.access.session import bound_to, system_reader
    from forestall.monitoring.actions import collection

    source = named(given.name)
    on = given.act == "ask"
    if on and settings.HOME.is_exercise:
        raise Refused(say("This is an exercise: nothing outside is asked by itself. `forestall collect NAME --live` asks once."))
    with bound_to(system_reader("collector", reason="a source is turned on or off")) as by:
        collection.ask_for(source, asked=on, by=by)
    how = f"every {source.cadence_minutes} minutes" if on else "no more"
    sys.stdout.write(f"{source.title} is asked {how}.\n")
    return 0


def _set(given: Arguments) -> int:
    from forestall.access.session import bound_to, system_reader
    from forestall.monitoring.actions import collection

    source = named(given.name)
    with bound_to(system_reader("collector", reason="a source is set")) as by:
        collection.set_for_office(source, key=given.key, text=given.value, by=by)
        value = collection.of_office(source).settings[given.key]
    told = ", ".join(value) if isinstance(value, list) else value
    sys.stdout.write(f"{source.title}: {given.key} = {told or '–'}\n")
    return 0


def _list(given: Arguments) -> int:
    """Returns 1 when a source that is asked is not well."""
    from forestall.access.session import bound_to, system_reader
    from forestall.collecting import protections
    from forestall.monitoring.states import WITHOUT_ANSWER, RunState

    with bound_to(system_reader("collector", reason="how the sources stand")):
        found = [_standing(source) for source in _every()]
    if given.json:
        sys.stdout.write(json.dumps({"at": now().isoformat(), "sources": found}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(_line(one) for one in found))
        sys.stdout.write("".join(f"{words.text()}\n" for words in protections.sentences(protections.found())))
    unwell = {*WITHOUT_ANSWER, RunState.STALE, RunState.NOT_CONFIGURED}
    return 1 if any(one["asked"] and one["state"] in unwell for one in found) else 0


def _share(given: Arguments) -> int:
    """Over all that is held: a page tells the same of what its reader may see."""
    from forestall.access.session import bound_to, system_reader
    from forestall.monitoring import reporting

    with bound_to(system_reader("collector", reason="how much of what is heard is of the United Nations")):
        found = reporting.share(reporting.items_everywhere())
    part = "no share to tell" if found.percent is None else f"{found.percent} %"
    sys.stdout.write(
        f"{part}: {found.un_origins} of {found.origins} independent origins are of the United Nations "
        f"({found.un_items} of {found.items} items, copies included; {found.interested} of interested parties).\n"
    )
    return 0


def _every() -> list[Any]:
    from forestall.sources import all_sources

    return list(all_sources().values())


def _standing(source: Any) -> dict[str, Any]:
    from forestall.monitoring import holdings

    row, last, held = holdings.collection(source.id), holdings.last_run(source.id), holdings.holding(source.id)
    return {
        "id": source.id,
        "title": source.title,
        "asked": bool(row and row.asked),
        "proof": source.proof.value,
        "state": last.state if last else ("not_configured" if source.is_asked else ""),
        "why": told(last.message, last.parameters).text() if last and last.message else "",
        "last": last.started_at.isoformat() if last else None,
        "not_before": row.not_before.isoformat() if row and row.not_before else None,
        "newest": held.newest.isoformat() if held and held.newest else None,
        "events": held.events if held else 0,
        "measures": held.measures if held else 0,
        "findings": held.findings if held else 0,
    }


def _line(one: dict[str, Any]) -> str:
    from forestall.monitoring.states import RUN_STATES

    state = RUN_STATES[one["state"]].text() if one["state"] else "arrives by itself"
    facts = ", ".join(f"{one[name]} {name}" for name in ("events", "measures", "findings") if one[name])
    asked = "asked" if one["asked"] else "not asked"
    seen = "" if one["proof"] == "recorded" else ", not yet seen live"
    line = f"{one['id']:<20} {asked}, {state}{seen}{'; ' + facts if facts else ''}{'; newest ' + one['newest'] if one['newest'] else ''}\n"
    return line + (f"{'':<20} {one['why']}\n" if one["why"] else "")


def _coverage(given: Arguments) -> int:
    """Returns 1 when a country that was reported on is silent, or cannot be heard."""
    from forestall.access.session import bound_to, system_reader
    from forestall.monitoring import coverage
    from forestall.monitoring.states import CoverageState

    wanted = {given.country.upper()} if given.country else None
    with bound_to(system_reader("collector", reason="who reports on which country")):
        found = coverage.by_country(coverage.coverage(today=today(), iso3=wanted))
    told = {iso3: _covered(iso3, found.get(iso3, [])) for iso3 in sorted({*found, *(wanted or ())})}
    if given.json:
        sys.stdout.write(json.dumps({"at": now().isoformat(), "countries": list(told.values())}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(_covered_lines(one) for one in told.values()) or "Nobody has reported on any country.\n")
    heard = {CoverageState.REPORTING, CoverageState.LATE, CoverageState.FEW}
    return 1 if any(one["state"] not in heard for one in told.values()) else 0


def _covered(iso3: str, cells: list[Any]) -> dict[str, Any]:
    from forestall.monitoring import coverage

    return {"country": iso3, "state": coverage.state_of(cells).value, "sources": [_cell(one) for one in cells]}


def _cell(one: Any) -> dict[str, Any]:
    return {
        "source": one.source.name if one.source else one.collector,
        "collector": one.collector,
        "language": one.language,
        "state": one.state.value,
        "last": one.rhythm.last.isoformat() if one.rhythm.last else None,
        "days": one.rhythm.age(today()),
        "expected": one.rhythm.expected,
        "silent_after": one.rhythm.silent_after,
        "lag": one.rhythm.lag,
    }


def _covered_lines(country: dict[str, Any]) -> str:
    from forestall.monitoring.states import COVERAGE_STATES

    lines = [f"{country['country']}  {COVERAGE_STATES[country['state']].text()}\n"]
    for one in country["sources"]:
        last = f"last {one['last']}, {one['days']} days ago" if one["last"] else "nothing yet"
        expected = f"; expected every {one['expected']}" if one["expected"] else ""
        lines.append(f"     {one['source']} ({one['language'] or 'facts'}): {COVERAGE_STATES[one['state']].text()}; {last}{expected}\n")
    return "".join(lines)


COMMAND = Command("sources", say("what is asked and how it stands, who reports on which country; turn a source on or off, give a credential"), arguments, run, "collector", 33)
