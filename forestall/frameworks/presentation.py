"""What the command line shows of frameworks: lines of words and tables, for the face to translate and lay out.

Text of a framework is shown in the reader's language and carries its notice until somebody has held it against the
official text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forestall.base.words import Words, say

from .difference import Change, Crosswalk, Difference
from .framework import Framework, Indicator, Nature, RiskFactor, Scope, Verification, in_language
from .holding import notice
from .wordingcheck import Comparison

Cell = Words | str


@dataclass(frozen=True)
class Table:
    """Rows under headings, every row as long as `columns`."""

    columns: tuple[Words, ...]
    rows: tuple[tuple[Cell, ...], ...]


Shown = list[Words | Table]

_NATURES = {
    Nature.STRUCTURAL: say("structural"),
    Nature.DYNAMIC: say("dynamic"),
    Nature.TRIGGER: say("trigger"),
}
_SCOPES = {
    Scope.COMMON: say("common to all crimes"),
    Scope.GENOCIDE: say("genocide"),
    Scope.CRIMES_AGAINST_HUMANITY: say("crimes against humanity"),
    Scope.WAR_CRIMES: say("war crimes"),
}
_MARKS = {
    Verification.VERIFIED: say("seen whole"),
    Verification.PARTLY: say("seen in part"),
    Verification.MEMORY: say("from memory"),
    Verification.UNCERTAIN: say("from memory, unsure"),
}
_ASPECTS = {
    "text": say("wording"),
    "title": say("title"),
    "nature": say("nature"),
    "scope": say("scope"),
    "verification": say("number and meaning"),
    "counterparts": say("counterparts"),
}


def nature_words(nature: Nature) -> Words:
    """The reader's word for a nature."""
    return _NATURES[nature]


def scope_words(scope: Scope) -> Words:
    """The reader's word for a scope."""
    return _SCOPES[scope]


def verification_words(verification: Verification) -> Words:
    """The reader's words for how well number and meaning are known."""
    return _MARKS[verification]


def show_list(frameworks: Iterable[Framework], *, language: str = "en") -> Shown:
    """One row for each framework."""
    rows = tuple(
        (
            each.id,
            each.version,
            in_language(each.title, language=language),
            str(len(each.factors)),
            str(len(each.indicators)),
            str(sum(indicator.held_in(language) for indicator in each.indicators)),
        )
        for each in frameworks
    )
    columns = (
        say("framework"), say("version"), say("title"), say("factors"), say("indicators"), say("wording held"),
    )  # fmt: skip
    return [Table(columns, rows)]


def show_framework(framework: Framework, *, factors: Sequence[str] = (), language: str = "en") -> Shown:
    """A framework, or only the `factors` asked for. Raises `Refused` for a factor it lacks."""
    chosen = [framework.factor(number) for number in factors] or list(framework.factors)
    shown: Shown = [
        _as_is(in_language(framework.title, language=language)),
        say(
            "%(id)s, version %(version)s, %(year)s. %(publisher)s. Digest %(digest)s.",
            id=framework.id,
            version=framework.version,
            year=framework.year,
            publisher=in_language(framework.publisher, language=language),
            digest=framework.digest[:16],
        ),
        _as_is(in_language(framework.note, language=language)),
        *_holding_line(framework, language=language),
    ]
    for factor in chosen:
        shown += _factor(factor, language=language)
    return shown


def show_difference(difference: Difference) -> Shown:
    """What changed between two editions."""
    between = {"old": difference.old, "new": difference.new}
    if difference.is_empty:
        return [say("%(old)s and %(new)s have the same factors and indicators.", **between)]
    shown: Shown = [say("From %(old)s to %(new)s:", **between)]
    if difference.added:
        shown.append(say("Added: %(numbers)s.", numbers=", ".join(difference.added)))
    if difference.removed:
        shown.append(say("Removed: %(numbers)s.", numbers=", ".join(difference.removed)))
    shown += [say("%(old)s is now %(new)s.", old=old, new=new) for old, new in difference.renumbered]
    if difference.changed:
        rows = tuple(_change_row(each) for each in difference.changed)
        shown.append(Table((say("number"), say("what"), say("before"), say("after")), rows))
    return shown


def show_crosswalk(crosswalk: Crosswalk, *, old: Framework, new: Framework, language: str = "en") -> Shown:
    """How two frameworks answer to each other, with what has no counterpart. The mapping is our own."""
    rows = tuple(
        (_title(old, number, language=language), "; ".join(_title(new, each, language=language) for each in answers))
        for number, answers in crosswalk.pairs
    )  # fmt: skip
    shown: Shown = [
        say("From %(old)s to %(new)s; the mapping is our own.", old=crosswalk.old, new=crosswalk.new),
        Table((_as_is(crosswalk.old), _as_is(crosswalk.new)), rows),
    ]
    for framework, alone in ((old, crosswalk.old_alone), (new, crosswalk.new_alone)):
        if alone:
            titles = "; ".join(_title(framework, number, language=language) for number in alone)
            shown.append(say("Without counterpart in %(framework)s: %(titles)s.",
                             framework=framework.id, titles=titles))  # fmt: skip
    return shown


def show_validation(framework: Framework, *, findings: Sequence[Words]) -> Shown:
    """What is to be mended, or that nothing is."""
    if not findings:
        return [
            say(
                "%(id)s %(version)s is sound: %(factors)s factors, %(indicators)s indicators. Digest %(digest)s.",
                id=framework.id,
                version=framework.version,
                factors=len(framework.factors),
                indicators=len(framework.indicators),
                digest=framework.digest,
            )
        ]
    return [
        say("%(id)s %(version)s has things to mend:", id=framework.id, version=framework.version),
        *findings,
    ]


def show_check(comparison: Comparison) -> Shown:
    """The framework beside a person's copy of the official text: numbers first, then titles, then wording."""
    shown: Shown = [
        say(
            "%(framework)s %(version)s beside the file %(digest)s:",
            framework=comparison.framework,
            version=comparison.version,
            digest=comparison.official_sha256[:16],
        ),
        *_number_lines(comparison),
        *_title_lines(comparison),
    ]
    if comparison.rows:
        shown.append(_wording_table(comparison))
        shown.append(
            say("Numbers are compared by machine. Wording is accepted by a named person who has read both.")
        )
    return shown


def _number_lines(comparison: Comparison) -> list[Words]:
    if comparison.numbers_agree:
        return [say("Factors and indicators have the same numbers in the same order.")]
    groups = (
        (comparison.factors_missing, say("Factors the file lacks:")),
        (comparison.factors_extra, say("Factors only the file has:")),
        (comparison.missing, say("Indicators the file lacks:")),
        (comparison.extra, say("Indicators only the file has:")),
        (comparison.out_of_order, say("Out of order in the file:")),
    )
    return [
        say("%(what)s %(numbers)s.", what=what, numbers=", ".join(numbers))
        for numbers, what in groups
        if numbers
    ]


def _title_lines(comparison: Comparison) -> list[Words]:
    lines = [
        say("The title of factor %(number)s is not found in the file: %(title)s", number=row.number, title=row.ours)
        for row in comparison.titles
        if row.agrees is False
    ]  # fmt: skip
    if comparison.repeated:
        numbers = ", ".join(comparison.repeated)
        lines.append(say("Found more than once, look where: %(numbers)s.", numbers=numbers))
    return lines


def _change_row(change: Change) -> tuple[Cell, ...]:
    aspect, _, language = change.aspect.partition(" ")
    what = say("%(what)s (%(language)s)", what=_ASPECTS[aspect], language=language)
    return (
        change.number,
        what if language else _ASPECTS[aspect],
        _value(aspect, spelled=change.before),
        _value(aspect, spelled=change.after),
    )


def _value(aspect: str, *, spelled: str) -> Cell:
    if aspect == "nature":
        return nature_words(Nature(spelled))
    if aspect == "scope":
        return scope_words(Scope(spelled))
    if aspect == "verification":
        return verification_words(Verification(spelled))
    return spelled


def _wording_table(comparison: Comparison) -> Table:
    columns = (
        say("number"),
        say("our wording"),
        say("official text"),
        say("page of the file"),
        say("accepted", context="wording"),
    )
    rows = tuple(
        (row.number, row.ours, row.official, str(row.page), say("yes") if row.held else say("not yet"))
        for row in comparison.rows
    )
    return Table(columns, rows)


def _factor(factor: RiskFactor, *, language: str) -> Shown:
    heading = say(
        "%(number)s. %(title)s (%(scope)s, %(nature)s)",
        number=factor.number,
        title=in_language(factor.title, language=language),
        scope=scope_words(factor.scope),
        nature=nature_words(factor.nature),
    )
    columns = (say("number"), say("our wording"), say("nature"), say("number and meaning"), say("wording"))
    rows = tuple(_row(each, language=language) for each in factor.indicators)
    text = _as_is(in_language(factor.text, language=language))
    return [heading, text, Table(columns, rows)]


def _row(indicator: Indicator, *, language: str) -> tuple[Cell, ...]:
    return (
        indicator.number,
        in_language(indicator.text, language=language),
        nature_words(indicator.nature),
        verification_words(indicator.verification),
        notice(indicator, language=language) or say("Held against the official text."),
    )


def _holding_line(framework: Framework, *, language: str) -> list[Words]:
    open_ones = sum(not each.held_in(language) for each in framework.indicators)
    if not open_ones:
        return []
    return [
        say(
            "Nobody has yet held the wording of %(open)s of %(all)s indicators against the official text.",
            open=open_ones,
            all=len(framework.indicators),
        )
    ]


def _title(framework: Framework, number: str, *, language: str) -> str:
    return f"{number} {in_language(framework.factor(number).title, language=language)}"


def _as_is(text: str) -> Words:
    # Already in the reader's language: not a sentence for the translators.
    return Words("%(text)s", {"text": text})
