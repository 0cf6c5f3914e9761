"""A document is cut where its language ends a sentence, and every passage can be found again in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forestall.reading.passage import Document, paragraphs, passages


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Troops moved on Monday. Nobody was hurt! Why?", 3),
        ("وصل الوفد أمس. هل بدأت المحادثات؟ لا أحد يعلم.", 3),
        ("代表团昨日抵达。谈判开始了吗？无人知晓！", 3),
        ("ልዑካኑ ደረሱ። ንግግሩ ተጀመረ።", 2),
        ("प्रतिनिधि पहुँचे। बातचीत शुरू हुई।", 2),
        ("ကိုယ်စားလှယ်များ ရောက်ရှိသည်။ ဆွေးနွေးပွဲ စတင်သည်။", 2),
        ("Делегация прибыла в 8 ч. утра. Переговоры начались.", 2),
    ],
)
def test_sentences_end_where_the_script_ends_them(text: str, count: int) -> None:
    assert len(passages(text)) == count


def test_titles_initials_and_numbers_do_not_end_a_sentence() -> None:
    assert len(passages("Mr. B. Oldan met Gen. Tarr at 7.30 p.m. on the road. They spoke.")) == 2


def test_a_blank_line_and_a_list_part_paragraphs_without_a_full_stop() -> None:
    assert [p.text for p in paragraphs("Title\n\nBody one\n- first\n- second")] == [
        "Title",
        "Body one",
        "- first",
        "- second",
    ]


@given(st.text(alphabet="ab .!?。؟।\n-1A"))
def test_offsets_give_back_the_passage_and_nothing_that_is_not_space_is_lost(text: str) -> None:
    cut = passages(text, within="k-1")
    assert all(text[p.start : p.end] == p.text for p in cut)
    assert "".join("".join(p.text.split()) for p in cut) == "".join(text.split())
    assert len({p.id for p in cut}) == len(cut)


def test_a_whole_document_reads_its_title_first() -> None:
    assert Document("k-1", "Body", title="Head").whole().text.startswith("Head")
