"""The larger components: what they say, whom they spare, and that they escape what they are given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django import forms
from django.utils import translation

from forestall.base.words import say
from forestall.workspace.templatetags.parts import Ask, Factor, FactorGroup, Step, Work

from .situation import profile

Draw = Callable[..., str]
HOSTILE = "<script>alert(1)</script>"


def test_a_panel_that_moved_says_so_in_words_too(draw: Draw) -> None:
    moved = Factor(
        "7", "Preparation", "severe", "deteriorating", "moderate", ["emerging", "severe"], "/f7", moved=True
    )
    drawn = draw("{% factor_panel factor %}", factor=moved)
    assert 'class="factor moved"' in drawn
    assert "moved since the last assessment" in drawn
    assert '<a href="/f7">Preparation</a>' in drawn
    assert "confidence moderate" in drawn


def test_a_panel_without_an_address_has_no_link(draw: Draw) -> None:
    assert "<a " not in draw("{% factor_panel factor %}", factor=Factor("7", "Preparation", "no_information"))


def test_a_profile_keeps_the_framework_s_order_and_adds_nothing_up(draw: Draw) -> None:
    drawn = draw("{% factor_profile groups %}", groups=profile())
    names = [factor.name for group in profile() for factor in group.factors]
    places = [drawn.index(f">{name}<") for name in names]
    assert places == sorted(places)
    assert "Open the 10 panels that did not move" in drawn
    assert "No total is calculated" in drawn


def test_a_profile_in_which_all_moved_offers_nothing_to_unfold(draw: Draw) -> None:
    groups = [FactorGroup("All", [Factor("1", "One", "present", moved=True)])]
    assert "unfold" not in draw("{% factor_profile groups %}", groups=groups)


@pytest.mark.parametrize(("state", "words"), [("done", "done"), ("here", "now here"), ("todo", "to come"), ("refused", "returned")])  # fmt: skip
def test_a_step_says_where_it_stands_to_those_who_do_not_see_its_shape(
    draw: Draw, state: str, words: str
) -> None:
    drawn = draw("{% steps steps %}", steps=[Step(HOSTILE, state, "N. Arden")])
    assert f"({words})" in drawn
    assert ('aria-current="step"' in drawn) == (state == "here")
    assert HOSTILE not in drawn


def test_the_clearance_bar_holds_steps_and_verbs(draw: Draw) -> None:
    drawn = draw("{% clear name='Clearance' %}<button>Clear</button>{% endclear %}")
    assert drawn == '<div class="clear" role="region" aria-label="Clearance"><button>Clear</button></div>'


ASK = {
    "what": "Suspend the lists",
    "addressee": "the country team",
    "sent": date(2026, 11, 13),
    "due": date(2026, 11, 20),
}


def test_lateness_is_told_in_days_where_it_is_for_the_reader(draw: Draw) -> None:
    assert "Reply due <time" in draw("{% ask_box ask %}", ask=Ask(**ASK, days_late=2))
    assert "2 days late" in draw("{% ask_box ask %}", ask=Ask(**ASK, days_late=2))
    assert "1 day late" in draw("{% ask_box ask %}", ask=Ask(**ASK, days_late=1))


def test_an_ask_whose_lateness_is_not_told_is_not_red(draw: Draw) -> None:
    drawn = draw("{% ask_box ask %}", ask=Ask(**ASK))
    assert "late" not in drawn.replace("template", "")


def test_silence_is_shown_only_when_it_was_recorded(draw: Draw) -> None:
    assert "No response recorded." in draw("{% ask_box ask %}", ask=Ask(**ASK, silent=True))
    assert "No response" not in draw("{% ask_box ask %}", ask=Ask(**ASK))


def test_an_answer_stands_where_silence_would(draw: Draw) -> None:
    drawn = draw("{% ask_box ask %}", ask=Ask(**ASK, silent=True, answer="Partly accepted."))
    assert "Partly accepted." in drawn
    assert "No response" not in drawn


def test_long_work_tells_how_far_and_gives_the_browser_plain_figures(draw: Draw) -> None:
    drawn = draw(
        "{% progress work %}",
        work=Work(say("Recognising copies"), 41_200, 96_000, "about 3 min left", "/stop"),
    )
    assert 'max="96000" value="41200"' in drawn
    assert "about 3 min left" in drawn
    assert "You may leave" in drawn


def test_an_empty_state_says_what_to_do_next(draw: Draw) -> None:
    drawn = draw("{% empty_state 'No judgement yet.' 'Four items wait.' url='/items' action='Read them' %}")
    assert '<b>No judgement yet.</b> Four items wait. <a href="/items">Read them</a>' in drawn
    assert draw("{% empty %}<a href='/x'>Go</a>{% endempty %}").startswith('<div class="empty"><a href=')


class Form(forms.Form):
    due = forms.DateField(label="Reply due", help_text="A day before the trigger")
    shared = forms.BooleanField(label="Share", required=False)
    silence = forms.ChoiceField(label="If silent", choices=[("r", "Remind")], widget=forms.RadioSelect)


def test_a_field_is_tied_to_its_label_hint_and_mistake(draw: Draw) -> None:
    drawn = draw("{% field form.due %}", form=Form({"due": "soon"}))
    assert '<label for="id_due">' in drawn
    assert 'id="id_due_error"' in drawn
    assert 'id="id_due_helptext"' in drawn
    assert 'aria-describedby="id_due_helptext id_due_error"' in drawn
    assert "field wrong" in drawn


def test_a_box_stands_before_its_label_and_a_group_has_a_legend(draw: Draw) -> None:
    assert '<label class="choice" for="id_shared"><input' in draw("{% field form.shared %}", form=Form())
    assert "<legend>If silent</legend>" in draw("{% field form.silence %}", form=Form())


def test_parts_of_a_line_are_set_apart_as_the_readers_language_does(draw: Callable[..., str]) -> None:
    source = "1{% comma %}2 {{ some|listed }} {{ some|listed_apart }} {{ none|listed }}"
    assert draw(source, some=["a", "b"]) == "1, 2 a, b a; b "
    with translation.override("ar"):
        assert draw(source, some=["a", "b"]) == "1، 2 a، b a؛ b "
