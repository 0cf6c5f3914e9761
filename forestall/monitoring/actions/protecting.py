"""Protecting the source of an item: who it is goes into the vault, a pseudonym stays, and then the past is cleared.

One source handler does the first at once. Taking the name out of what was recorded before needs two, because it
changes what the record shows of the past: each state is replaced by itself without the name, and the log says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from email.utils import getaddresses
from typing import Any
from uuid import UUID

from django.db import transaction

from forestall.access import actions as access
from forestall.access import decisions
from forestall.access import queries as people
from forestall.access.matters import Matter, register
from forestall.access.models import Decision
from forestall.access.session import Session, bound_to, system_reader
from forestall.base.canonical import canonical_json
from forestall.base.errors import Refused
from forestall.base.words import Words, say
from forestall.record import drafts, evidence, redaction, resting
from forestall.record.actions import set_beside, write
from forestall.record.models import ELSEWHERE, Evidence, Recorded
from forestall.record.verification import recorded_models
from forestall.vault import actions as vault
from forestall.vault import identities, queries
from forestall.vault import policies as rules
from forestall.vault.identities import Known
from forestall.vault.models import Pseudonym
from forestall.vault.states import PseudonymState

from ..models import Grading, Item, Passage, Source, Suggestion

NAME_OUT = queries.NAME_OUT


def words_of(item: Item) -> list[str]:
    """What a source handler will mostly want taken out: the reporter as given, name and address apart, parts of the name."""
    found = [item.reporter.strip()]
    for name, address in _senders(item):
        found += [name, address, *(part for part in name.split() if len(part) > 2)]
    return list(dict.fromkeys(word for word in found if word))


def sender(item: Item) -> tuple[str, str]:
    """Name and address of the reporter as given; either may be empty."""
    return next(iter(_senders(item)), ("", ""))


def _senders(item: Item) -> list[tuple[str, str]]:
    """Names with addresses; what holds no address is a name, whole."""
    if "@" not in item.reporter:
        return [(item.reporter.strip(), "")]
    return [(name, address if "@" in address else "") for name, address in getaddresses([item.reporter])]


def protect(
    item: Item, *, known: Known, desk: str, by: Session, scopes: Collection[str] = (), entry: UUID | None = None,
    onto: Pseudonym | None = None,
) -> Pseudonym:
    """Put who sent an item into the vault and leave a pseudonym wherever `known.words` stood. One source handler, at once.

    `onto` is a pseudonym of the desk that stands for the same person already. The original, which tells who it is, is
    sealed in the vault. What was recorded before keeps the name until two people agree: `propose_name_out`.
    """  # fmt: skip
    rules.check_words(words=known.words)
    if onto is not None:
        with transaction.atomic():
            vault.add(onto, by=by, told=known)
            _put_pseudonym(item, one=onto, words=known.words, by=by)
        return onto
    with vault.sealing(known, desk=desk, by=by, scopes=scopes, entry=entry) as made:
        one = vault.name(made, desk=desk, scopes=scopes, by=by)
        _put_pseudonym(item, one=one, words=known.words, by=by)
    return one


def _put_pseudonym(item: Item, *, one: Pseudonym, words: Collection[str], by: Session) -> None:
    rewrite = _rewriting(words, code=one.code)
    for each in _family(item):
        _seal_original(each, one=one, by=by)
        each.reporter = one.code if each.reporter or each is item else ""
        _rewrite_all(each, rewrite, by=by.person_id, verb="source protected")
    told = [each for kept in _family(item) for each in (kept, *_about(kept))]
    access.reword_notices(rewrite, about=[each.id for each in told])
    drafts.forget_where(lambda text: rules.holds_word(text, words=words), of=lambda person: _could_see(person, item))


def _could_see(person_id: str, item: Item) -> bool:
    """Whether somebody has the words from the item itself, by all they could sign in with."""
    person = people.person(person_id)
    return person is not None and decisions.at_widest(person).may_see(item.label)


def _rewriting(words: Collection[str], *, code: str) -> redaction.Rewrite:
    return lambda text: rules.replaced(text, words=words, by=code)


def _family(item: Item) -> list[Item]:
    """The item, the mail or archive it came in, and all that came in that, as far as it may be seen."""
    top = item
    while top.parent_id and (parent := Item.objects.filter(pk=top.parent_id).first()) is not None:
        top = parent
    found, waiting = [], [top]
    while waiting:
        one = waiting.pop()
        waiting += Item.objects.filter(parent_id=one.id)
        found.append(item if one.id == item.id else one)
    return found


def _rewrite_all(item: Item, rewrite: redaction.Rewrite, *, by: str, verb: str) -> None:
    """Rewrite an item and what else tells who sent it; what points into its text points to the same words after."""
    before = item.text
    redaction.rewrite_now(item, by=rewrite)
    write(item, by=by, verb=verb)
    for thing in _about(item):
        changed = redaction.rewrite_now(thing, by=rewrite)
        if isinstance(thing, Passage) and item.text != before:
            thing.start, changed = len(rewrite(before[: thing.start])), True
        if changed:
            write(thing, by=by, verb="name replaced")
            if isinstance(thing, Source):
                resting.raise_label(thing, label=item.label, by=by)
    for suggestion in Suggestion.objects.filter(item=item):
        suggestion.start, suggestion.end = len(rewrite(before[: suggestion.start])), len(rewrite(before[: suggestion.end]))
        suggestion.quote = rewrite(suggestion.quote)
        suggestion.parameters = redaction.rewritten(suggestion.parameters, by=rewrite)
        set_beside(suggestion)


def _about(item: Item) -> Iterator[Recorded]:
    """What else tells who sent an item: its source, the name of its bytes, what was quoted from it and said of it."""
    yield from Source.objects.filter(pk=item.source_id)
    yield from Evidence.objects.filter(pk=item.evidence_id)
    yield from Passage.objects.filter(item=item)
    yield from Grading.objects.filter(item=item)


def _seal_original(item: Item, *, one: Pseudonym, by: Session) -> None:
    """The bytes go into the vault; where they hold other items too, fewer people see them instead."""
    kept = Evidence.objects.filter(pk=item.evidence_id).first()
    if kept is None or kept.address == ELSEWHERE:
        return
    if set(Item.objects.filter(evidence=kept)) - set(_family(item)):
        resting.raise_label(kept, label=one.label, by=by.person_id)
        return
    identities.keep_original(evidence.content(kept), evidence=kept.id, entry=one.id)
    evidence.move_out(kept, by=by.person_id)


def still_told(words: Collection[str]) -> list[Recorded]:
    """Every recorded thing that the bound session sees and that still holds one of these words."""
    found: list[Recorded] = []
    for model in recorded_models():
        names = redaction.content_fields(model)
        for thing in model.objects.all() if names else ():
            told = canonical_json([getattr(thing, name) for name in names])
            if rules.holds_word(told, words=words):
                found.append(thing)
    return found


def items_under(code: str) -> list[Item]:
    """Items sent under a pseudonym, newest first, as far as they may be seen."""
    return list(Item.objects.filter(reporter=code).order_by("-received_at"))


def code_of(item: Item) -> str:
    """The pseudonym that an item was sent under; empty when its source is not protected."""
    return item.reporter if rules.SPELLED.fullmatch(item.reporter) else ""


def propose_name_out(item: Item, *, by: Session) -> Decision:
    """Propose that the name is taken out of what was recorded before. Raises `Refused` when nobody else could agree."""
    return decisions.propose(
        NAME_OUT, about=item, reason="Its source is protected.", by=by, terms={"code": code_of(item)}
    )


def _source(terms: Mapping[str, Any]) -> Pseudonym:
    found = queries.by_codes([str(terms["code"])])
    if not found or found[0].state == PseudonymState.ERASED:
        raise Refused(say("There is no identity in the vault behind this pseudonym."))
    return found[0]


def _check(item: Item, terms: Mapping[str, Any], proposer: str) -> None:
    if not code_of(item):
        raise Refused(say("Protect the source of this item first."))
    identities.read(_source(terms).id)


def _name_out(decision: Decision, item: Item, by: Session) -> None:
    """Everything made of the item is reached, also what neither of the two may see."""
    one = _source(decision.terms)
    rewrite = _rewriting(identities.read(one.id).telling, code=one.code)
    with bound_to(system_reader("keeper", reason="a name is taken out of the past")):
        for each in _family(item):
            _rewrite_all(each, rewrite, by=decision.proposer, verb="source protected")
            for thing in (each, *_about(each)):
                redaction.redact(thing, rewrite=rewrite, by=decision.proposer, second=by.person_id)
    by.forget_scope()


def _words(terms: Mapping[str, Any]) -> list[Words]:
    return [say("For the source %(code)s", code=str(terms["code"]))]


register(Matter(
    key=NAME_OUT,
    title=say("Take a source's name out of what was recorded before"),
    consequence=say("Every earlier state of the item, of its source and of what was quoted from it is replaced by itself without "
                    "the name. That this was done stays in the log, which still verifies."),
    verb="vault.open", check=_check, carry_out=_name_out, terms_words=_words,
))  # fmt: skip
