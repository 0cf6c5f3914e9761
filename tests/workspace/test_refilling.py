"""What was typed stands again in the form it was typed into, and nowhere else."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from forestall.workspace.refilling import Typed, refilled

PAGE = """<main><p>Draft &amp; note</p>
<details class="part"><summary>Judge</summary>
<form method="post"><input type="hidden" name="draft" value="judgement:7"><input type="hidden" name="was" value="before">
<input name="title" value="old &quot;title&quot;" required><input type="password" name="word" value="">
<textarea name="why" rows="3">old</textarea>
<input type="radio" name="presence" value="present" checked><input type="radio" name="presence" value="severe">
<input type="checkbox" name="rests" value="a" checked><input type="checkbox" name="rests" value="b">
<select name="who"><option value="">choose</option><option value="x" selected>X</option><option value="y">Y</option></select>
<button type="submit">Keep</button></form></details>
<details><summary>Other</summary><form method="post"><textarea name="why">other</textarea></form></details></main>"""


def put_back(**fields: list[str]) -> str:
    return refilled(PAGE, {"judgement:7": Typed(fields, notice="<p>not sent</p>")})


def test_every_kind_of_field_takes_what_was_typed() -> None:
    page = put_back(title=['new "one"'], why=["because <b>"], presence=["severe"], rests=["b"], who=["y"])
    assert '<input name="title" required value="new &quot;one&quot;">' in page
    assert ">\nbecause &lt;b&gt;</textarea>" in page
    assert 'value="severe" checked>' in page and 'value="present">' in page
    assert 'value="b" checked>' in page and 'value="a">' in page
    assert 'value="y" selected>' in page and 'value="x">' in page


def test_the_fold_that_hides_the_form_opens_and_no_other() -> None:
    page = put_back(why=["because"])
    assert '<details open class="part">' in page and page.count(" open") == 1
    assert '<textarea name="why">other</textarea>' in page


def test_the_line_that_says_so_stands_at_the_end_of_the_form() -> None:
    assert "Keep</button><p>not sent</p></form>" in put_back(why=["because"])


def test_what_the_page_says_and_what_is_secret_is_left_alone() -> None:
    page = put_back(was=["forged"], word=["hunter2"], draft=["other"])
    assert 'name="was" value="before"' in page and 'name="word" value=""' in page and "hunter2" not in page


def test_a_field_that_was_not_typed_into_stays() -> None:
    assert ">old</textarea>" in put_back(title=["new"])


def test_two_fields_of_one_name_keep_their_order() -> None:
    page = '<form><input type="hidden" name="draft" value="k"><input name="n"><input name="n"></form>'
    assert refilled(page, {"k": Typed({"n": ["first", "second"]})}).endswith(
        '<input name="n" value="first"><input name="n" value="second"></form>'
    )


def test_a_page_without_the_form_comes_back_to_the_byte() -> None:
    assert refilled(PAGE, {"judgement:8": Typed({"why": ["because"]}, notice="x")}) == PAGE


class _Areas(HTMLParser):
    text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1))
def test_whatever_was_typed_comes_back_and_breaks_nothing_around_it(text: str) -> None:
    page = '<form><input type="hidden" name="draft" value="k"><textarea name="n"></textarea></form><p>after</p>'
    areas = _Areas(convert_charrefs=True)
    areas.feed(refilled(page, {"k": Typed({"n": [text]})}))
    areas.close()
    assert areas.text == f"\n{text}after"
