"""The language of a text decides who can read it; where the machine is unsure it says so."""

import pytest

from forestall.reading.passage import Passage
from forestall.suggesters.language.suggester import identify, make

SENTENCES = {
    "ar": "أعلنت اللجنة المحلية صباح اليوم أن الطريق المؤدي إلى السوق سيعاد فتحه بعد أسبوع.",
    "zh": "地方委员会今天上午宣布，通往市场的道路将在一周后重新开放。",
    "en": "The local committee said this morning that the road to the market would reopen within a week.",
    "fr": "Le comité local a annoncé ce matin que la route du marché serait rouverte dans une semaine.",
    "ru": "Местный комитет сообщил сегодня утром, что дорога к рынку откроется через неделю.",
    "es": "El comité local anunció esta mañana que el camino al mercado se abrirá de nuevo en una semana.",
    "pt": "O comité local anunciou esta manhã que a estrada para o mercado não será reaberta até domingo.",
    "sw": "Kamati ya mtaa ilisema asubuhi ya leo kwamba barabara ya kwenda sokoni itafunguliwa tena baada ya wiki.",
    "am": "የአካባቢው ኮሚቴ ወደ ገበያ የሚወስደው መንገድ ከአንድ ሳምንት በኋላ እንደሚከፈት ዛሬ ጠዋት አስታውቋል።",
    "ti": "እቲ ናይ ከባቢ ሽማግለ እቲ ናብ ዕዳጋ ዝወስድ መንገዲ ድሕሪ ሓደ ሰሙን ከም ዝኽፈት ሎሚ ንግሆ ኣፍሊጡ።",
    "my": "ဒေသဆိုင်ရာ ကော်မတီက ဈေးသို့သွားသောလမ်းကို တစ်ပတ်အတွင်း ပြန်ဖွင့်မည်ဟု ယနေ့နံနက် ပြောကြားခဲ့သည်။",
    "rw": "Komite y'akarere yavuze muri iki gitondo ko umuhanda ujya ku isoko uzongera gufungurwa mu cyumweru kimwe.",
    "so": "Guddiga degaanka ayaa saaka sheegay in waddada suuqa dib loo furi doono toddobaad gudaheed.",
    "ha": "Kwamitin yankin ya ce a safiyar yau za a sake buɗe hanyar zuwa kasuwa cikin mako guda.",
    "fa": "کمیته محلی امروز صبح اعلام کرد که راه بازار تا یک هفته دیگر دوباره باز خواهد شد.",
    "ps": "سیمه ییزې کمیټې نن سهار وویل چې د بازار لاره به په یوه اونۍ کې بېرته پرانیستل شي.",
    "ur": "مقامی کمیٹی نے آج صبح کہا کہ بازار جانے والی سڑک ایک ہفتے میں دوبارہ کھول دی جائے گی۔",
    "uk": "Місцевий комітет повідомив сьогодні вранці, що дорога до ринку відкриється за тиждень.",
    "hi": "स्थानीय समिति ने आज सुबह कहा कि बाज़ार जाने वाली सड़क एक सप्ताह में फिर खुलेगी।",
    "bn": "স্থানীয় কমিটি আজ সকালে জানিয়েছে যে বাজারের রাস্তা এক সপ্তাহের মধ্যে আবার খুলে দেওয়া হবে।",
    "tr": "Yerel komite bu sabah pazara giden yolun bir hafta içinde yeniden açılacağını söyledi.",
    "de": "Der örtliche Ausschuss teilte heute Morgen mit, dass die Straße zum Markt in einer Woche wieder öffnet.",
    "id": "Komite setempat mengatakan pagi ini bahwa jalan menuju pasar akan dibuka kembali dalam seminggu.",
    "vi": "Ủy ban địa phương sáng nay cho biết con đường ra chợ sẽ được mở lại trong vòng một tuần.",
    "ko": "지역 위원회는 오늘 아침 시장으로 가는 길이 일주일 안에 다시 열릴 것이라고 밝혔다.",
    "ja": "地元の委員会は今朝、市場への道が一週間以内に再開されると発表した。",
    "el": "Η τοπική επιτροπή ανακοίνωσε σήμερα το πρωί ότι ο δρόμος προς την αγορά θα ανοίξει σε μία εβδομάδα.",
    "he": "הוועדה המקומית הודיעה הבוקר כי הדרך לשוק תיפתח מחדש בתוך שבוע.",
    "th": "คณะกรรมการท้องถิ่นกล่าวเมื่อเช้านี้ว่าถนนไปตลาดจะเปิดอีกครั้งภายในหนึ่งสัปดาห์",
    "ka": "ადგილობრივმა კომიტეტმა დღეს დილით განაცხადა, რომ ბაზრისკენ მიმავალი გზა ერთ კვირაში გაიხსნება.",
    "hy": "Տեղական կոմիտեն այսօր առավոտյան հայտնեց, որ շուկա տանող ճանապարհը կվերաբացվի մեկ շաբաթից։",
    "ht": "Komite lokal la di maten an ke wout ki mennen nan mache a ap louvri ankò nan yon semèn.",
    "sg": "Bûngbïtë tî kodörö nî atene na ndâpêrêrê sô atene lêgë tî galâ ayeke zîngo nî na yâ tî yenga ôko.",
    "ln": "Komite ya mboka elobaki na ntɔ́ngɔ́ oyo ete nzela ya zando ekofungwama lisusu na kati ya poso moko.",
    "rn": "Komite y'ikibano yavuze muri iki gitondo ko ibarabara rija ku isoko rizosubira kwugururwa, canke ngo ribe ryugawe, mu ndwi imwe; abantu bose bazobimenyeshwa, kandi vyose bizokorwa neza.",
}


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_a_sentence_is_known_for_its_language(language: str) -> None:
    assert identify(SENTENCES[language]).language == language


def test_control_characters_addresses_and_handles_do_not_disturb() -> None:
    text = "\x00\x01RT @carol https://example.org/x \u202e" + SENTENCES["ru"] + "\x7f"
    assert identify(text).language == "ru"


@pytest.mark.parametrize("text", ["", "OK", "12 / 34", "@carol https://example.org", "..."])
def test_a_text_too_short_gets_no_language_but_a_reason(text: str) -> None:
    answer = make().suggest([Passage("p", text)])[0]
    assert answer == []
    assert answer.abstained is not None


def test_a_bulletin_in_two_languages_names_both_with_their_shares() -> None:
    text = "\n\n".join([SENTENCES["fr"], SENTENCES["fr"], SENTENCES["ar"]])
    answer = make().suggest([Passage("p", text)])[0]
    assert [suggestion.label for suggestion in answer] == ["fr", "ar"]
    assert sum(suggestion.share for suggestion in answer) == pytest.approx(1.0, abs=0.01)
    assert [suggestion.qualifier for suggestion in answer] == ["main", "part"]


def test_two_languages_of_one_script_are_told_apart_too() -> None:
    text = f"{SENTENCES['en']}\n\n{SENTENCES['sw']}"
    assert {found.label for found in make().suggest([Passage("p", text)])[0]} == {"en", "sw"}


def test_a_name_in_another_script_makes_no_second_language() -> None:
    text = SENTENCES["zh"] * 3 + "（Oldan Tarr）"
    assert [found.label for found in make().suggest([Passage("p", text)])[0]] == ["zh"]


def test_the_words_of_a_table_s_header_do_not_make_a_rare_language() -> None:
    table = "escola\tfamilias\tcriancas\nEscola A\t45\t112\nEscola B\t38\t90\nEscola C\t51\t140"
    answer = make().suggest([Passage("p", table)])[0]
    assert {found.label for found in answer} <= {"pt"}


def test_the_words_of_a_plain_table_are_believed() -> None:
    answer = make().suggest([Passage("p", "country\tdistrict\tschools\tpupils\nKenya\tGarissa\t45\t9120")])[0]
    assert [found.label for found in answer] == ["en"]
