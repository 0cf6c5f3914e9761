"""One account told five times is one account: copies are found whatever was done to them, and others left alone."""

import random

import pytest

from forestall.reading.passage import Document, Passage
from forestall.suggesters.copy.fingerprint import bare
from forestall.suggesters.copy.suggester import CopyIndex, copy_edges, independent_origins, make

STORY = (
    "Residents of the lower quarter of Oldan said on Tuesday that men in grey coats had stopped three buses at the "
    "bridge and asked every passenger for papers. Two teachers were led away and had not come home by nightfall. The "
    "district commissioner told reporters that the post had been set up after a theft of cattle and would be gone "
    "within a week. A nurse at the clinic, who asked not to be named, counted eleven people with bruises since "
    "Sunday. Shopkeepers shut early and the evening market did not open. A delegation of elders will meet the "
    "commissioner on Thursday to ask for the release of the two teachers and for the post to be moved."
)
ANOTHER_ACCOUNT = (
    "The bridge post in Oldan has become a place of fear, according to two drivers who crossed it this week. They "
    "described how guards sorted travellers by the name of their village, and how a pair of school masters was taken "
    "off the second bus. An official in the district said the measure was against cattle thieves. Elders are to seek "
    "a meeting. Medical staff reported injuries among those held there for some hours, none of them grave, and the "
    "market stayed closed on Tuesday night."
)
UNRELATED = (
    "The harvest festival drew more visitors than in any year since the flood. Growers from the northern valley "
    "brought forty kinds of apples, and a choir of pensioners sang on the steps of the old mill. The mayor opened "
    "the new footbridge with a pair of garden shears, as the scissors had been mislaid."
)
ARABIC = (
    "قال سكان الحي السفلي يوم الثلاثاء إن رجالا يرتدون معاطف رمادية أوقفوا ثلاث حافلات عند الجسر وطلبوا من كل راكب "
    "أوراقه الثبوتية. واقتيد معلمان إلى جهة مجهولة ولم يعودا إلى منزليهما حتى المساء. وقال مفوض المنطقة للصحفيين إن "
    "النقطة أقيمت بعد سرقة ماشية وستزال خلال أسبوع."
)
CHINESE = (
    "下城区居民星期二说，身穿灰色大衣的男子在桥头拦下三辆公共汽车，要求每名乘客出示证件。两名教师被带走，到晚上仍未回家。"
    "区专员对记者说，检查站是在牲畜被盗后设立的，一周内就会撤除。诊所一名护士说，自星期日以来已有十一人受伤。"
)


def _kinds(*texts: str) -> list[tuple[str, str, str]]:
    documents = [Document(f"k-{place}", text) for place, text in enumerate(texts, 1)]
    return [(edge.from_id, edge.to_id, edge.kind) for edge in copy_edges(documents)]


@pytest.mark.parametrize("text", [STORY, ARABIC, CHINESE])
def test_the_same_words_in_another_dress_are_an_exact_copy(text: str) -> None:
    dressed = text.replace(". ", ".\n\n  ").replace("the", "THE").replace("،", " ، ")
    assert _kinds(text, dressed) == [("k-2", "k-1", "exact")]


@pytest.mark.parametrize("text", [STORY, ARABIC, CHINESE])
def test_the_first_half_of_a_story_is_a_near_copy(text: str) -> None:
    assert _kinds(text, text[: len(text) * 6 // 10]) == [("k-2", "k-1", "near")]


def test_what_agencies_and_forwarders_add_does_not_hide_a_copy() -> None:
    forwarded = (
        f"---------- Forwarded message ----------\nFrom: Carol\nSubject: see below\n\nOLDAN (Reuters) - {STORY}\n"
        "(c) 2026 All rights reserved. Sign up for alerts."
    )
    assert bare(forwarded) == STORY
    assert _kinds(STORY, forwarded) == [("k-2", "k-1", "exact")]


def test_a_copy_with_words_changed_and_sentences_moved_is_still_found() -> None:
    order = random.Random(7)
    sentences = STORY.split(". ")
    moved = [sentences[0], *order.sample(sentences[1:], k=len(sentences) - 1)]
    words = ". ".join(moved).split()
    changed = " ".join(word if order.random() > 0.15 else "somewhat" for word in words)
    assert _kinds(STORY, changed) == [("k-2", "k-1", "near")]


def test_two_accounts_of_one_event_are_not_copies() -> None:
    assert _kinds(STORY, ANOTHER_ACCOUNT) == []


def test_a_quoted_stretch_is_an_excerpt_and_joins_no_stories() -> None:
    first_sentences = ". ".join(STORY.split(". ")[:3]) + "."
    review = f"{UNRELATED} {UNRELATED.upper()[:200]} From the press: {first_sentences}"
    documents = [Document("k-1", STORY), Document("k-2", UNRELATED), Document("k-3", review)]
    edges = copy_edges(documents)
    assert ("k-3", "k-1", "excerpt") in {(edge.from_id, edge.to_id, edge.kind) for edge in edges}
    groups = independent_origins(documents, edges=[edge for edge in edges if edge.to_id == "k-1"])
    assert groups == [["k-1"], ["k-2"], ["k-3"]]


@pytest.mark.parametrize(
    "notice",
    ["CORRECTION: ", "Corrigé : ", "CORRECCIÓN: ", "Исправленный текст. ", "تصحيح: ", "更正："],
)
def test_a_text_that_says_it_corrects_is_a_correction(notice: str) -> None:
    corrected = notice + STORY.replace("eleven", "seven").replace("three buses", "two buses")
    assert _kinds(STORY, corrected) == [("k-2", "k-1", "correction")]


def test_a_short_correction_is_tied_by_the_title_it_names() -> None:
    story = Document("k-1", STORY, title="Two teachers led away at Oldan bridge")
    notice = Document(
        "k-2",
        "In our report “Two teachers led away at Oldan bridge” the number of wounded should have read seven.",
        title="Correction",
    )
    (edge,) = copy_edges([story, notice])
    assert (edge.from_id, edge.to_id, edge.kind) == ("k-2", "k-1", "correction")


def test_two_tables_of_one_form_are_not_copies() -> None:
    head = "site,unit,people\n#loc+name,#adm1+name,#affected+displaced\n"
    january = (
        head + "Oldan school,North,410\nMellin field,South,620\nTarrow barns,South,300\nMill yard,East,1480"
    )
    june = (
        head + "Oldan school,North,977\nMellin field,South,2800\nTarrow barns,South,1600\nMill yard,East,3900"
    )
    assert _kinds(january, june) == []
    assert _kinds(january, january + "\n") == [("k-2", "k-1", "exact")]


@pytest.mark.parametrize(
    "notice",
    [
        "Two points in field note F-221 need correction: the forms are due on 30 November.",
        "This replaces the estimate in field note F-221: eleven household lists by mother tongue were seen.",
    ],
)
def test_a_correction_in_other_words_is_tied_to_what_it_names(notice: str) -> None:
    note = Document("k-1", ANOTHER_ACCOUNT, title="Field note F-221: household lists by mother tongue")
    others = [
        Document("k-2", STORY, title="Two teachers led away"),
        Document("k-3", UNRELATED, title="Harvest"),
    ]
    edges = copy_edges([note, *others, Document("k-4", notice, title="Correction to F-221")])
    assert [(edge.from_id, edge.to_id, edge.kind) for edge in edges] == [("k-4", "k-1", "correction")]


def test_a_correction_of_something_unknown_is_tied_to_nothing() -> None:
    notice = Document("k-2", "The name of the choir should have read otherwise.", title="Correction")
    assert copy_edges([Document("k-1", STORY, title="Two teachers led away"), notice]) == []


def test_the_reason_names_figures_that_differ() -> None:
    earlier = Document("k-1", STORY + " In all 12 were hurt.", title="Post at the bridge")
    later = Document("k-2", STORY + " In all 21 were hurt.", title="Post at the bridge")
    (edge,) = copy_edges([earlier, later])
    assert "12" in str(edge.reason)
    assert "21" in str(edge.reason)


def test_new_documents_are_held_against_those_added_before() -> None:
    index = CopyIndex()
    assert index.add([Document("k-1", STORY), Document("k-2", UNRELATED)]) == []
    assert [edge.to_id for edge in index.find(Document("k-9", STORY))] == ["k-1"]
    assert len(index) == 2
    assert [edge.to_id for edge in index.add([Document("k-3", STORY + " More tomorrow.")])] == ["k-1"]
    assert len(index) == 3


def test_copies_and_corrections_share_an_origin_with_what_they_repeat() -> None:
    documents = [
        Document("k-1", STORY),
        Document("k-2", ANOTHER_ACCOUNT),
        Document("k-3", STORY.upper()),
        Document("k-4", "CORRECTION: " + STORY.replace("eleven", "seven")),
    ]
    groups = independent_origins(documents, edges=copy_edges(documents))
    assert groups == [["k-1", "k-3", "k-4"], ["k-2"]]


def test_empty_and_tiny_texts_are_nobodys_copy() -> None:
    assert _kinds("", "", "OK", "Thanks", STORY) == []


def test_the_suggester_points_from_the_later_to_the_earlier() -> None:
    answers = make().suggest([Passage("k-1", STORY), Passage("k-2", STORY)])
    assert answers[0] == []
    assert [(found.label, found.qualifier) for found in answers[1]] == [("k-1", "exact")]
