"""A draft speaks of risk and never of verdicts, in six languages. All people, groups and places are invented."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forestall.base.errors import Refused
from forestall.documents.languagecheck import Kind, check, sentences

VERDICTS = [
    ("en", "The army is committing genocide against the Velmiri."),
    ("en", "Genocide is taking place in North Tavel."),
    ("en", "What is happening in Tavel is genocide."),
    ("en", "This is not genocide."),
    ("en", "The attacks constitute a crime against humanity."),
    ("en", "These acts amount to ethnic cleansing."),
    ("en", "The expulsions do not amount to ethnic cleansing."),
    ("en", "The Home Guard committed war crimes in Sarn."),
    ("en", "Since June, militias have been carrying out ethnic cleansing along the river."),
    ("en", "War crimes were committed in at least four districts."),
    ("en", "Crimes against humanity continue in the northern districts."),
    ("en", "The ongoing genocide must end."),
    ("en", "The Government pursues a genocidal policy."),
    ("en", "The campaign of ethnic cleansing began in May."),
    ("en", "The risk is high because the army is committing genocide."),
    ("en", "In May the Home Guard committed crimes against humanity."),
    ("en", "The Special Adviser concluded that genocide is taking place."),
    ("en", "We concluded that the attacks constitute war crimes."),
    ("en", "The army is committing “genocide”."),
    ("en", "Karvania has violated the Genocide Convention."),
    ("en", "The newspaper is right that genocide is under way."),
    ("en", "The pattern rises to the level of crimes against humanity."),
    ("en", "The militia is likely committing genocide."),
    (
        "en",
        "The Commission of Inquiry found that war crimes were committed, and the army is now committing genocide.",
    ),
    ("fr", "L’armée commet un génocide contre les Velmiri."),
    ("fr", "Un génocide est en cours dans le Tavel-Nord."),
    ("fr", "Ces attaques constituent des crimes contre l’humanité."),
    ("fr", "Il s’agit d’un nettoyage ethnique."),
    ("fr", "C’est un génocide."),
    ("fr", "Des crimes de guerre ont été commis à Sarn."),
    ("fr", "Le risque est élevé parce que l’armée commet des crimes de guerre."),
    ("es", "El ejército está cometiendo genocidio contra los velmiri."),
    ("es", "Los ataques constituyen crímenes de lesa humanidad."),
    ("es", "Lo que ocurre en Tavel es un genocidio."),
    ("es", "Se están cometiendo crímenes de guerra en cuatro distritos."),
    ("es", "El genocidio continúa en el norte."),
    ("es", "Las expulsiones equivalen a una limpieza étnica."),
    ("ru", "Армия совершает геноцид велмирийцев."),
    ("ru", "В Северном Тавеле происходит геноцид."),
    ("ru", "Эти нападения представляют собой преступления против человечности."),
    ("ru", "Это геноцид."),
    ("ru", "Выселения равносильны этнической чистке."),
    ("ru", "Военные преступления были совершены в четырёх районах."),
    ("ar", "يرتكب الجيش إبادة جماعية ضد الفلميريين."),
    ("ar", "الجيش يرتكب إبادةً جماعيةً في الشمال."),
    ("ar", "تشكل هذه الهجمات جرائم ضد الإنسانية."),
    ("ar", "ما يجري هو تطهير عرقي."),
    ("ar", "الإبادة الجماعية مستمرة في شمال تافل."),
    ("ar", "وقد ارتكبت القوات جرائم حرب في أربع مقاطعات."),
    ("zh", "军队正在实施种族灭绝。"),
    ("zh", "这些袭击构成危害人类罪。"),
    ("zh", "北塔韦尔正在发生灭绝种族。"),
    ("zh", "这就是族裔清洗。"),
    ("zh", "国民警卫队犯下了战争罪。"),
    ("en", "A genocide against the Velmiri people is now unfolding."),
    ("en", "Karvania's forces have committed numerous grave crimes against humanity."),
    ("en", "The Velmiri are victims of ethnic cleansing."),
    ("en", "There is genocide in North Tavel."),
    ("en", "We are witnessing genocide."),
    ("en", "The world is watching a genocide."),
    ("en", "These killings are acts of genocide."),
    ("en", "The authorities have the intent to destroy the Velmiri as a group."),
    ("en", "It is a war crime to burn villages, and the army did so."),
    ("en", "The deportations were a crime against humanity."),
    ("en", "The State is responsible for crimes against humanity."),
    ("en", "The legal threshold of genocide has been met."),
    ("fr", "Les forces armées ont commis de nombreux crimes contre l'humanité."),
    ("fr", "Nous assistons à un génocide."),
    ("fr", "Le gouvernement est responsable de crimes de guerre."),
    ("fr", "Le nettoyage ethnique se poursuit dans le nord."),
    ("es", "Las fuerzas armadas han cometido crímenes de guerra."),
    ("es", "Estamos ante un genocidio."),
    ("es", "El Gobierno es responsable de crímenes de lesa humanidad."),
    ("ru", "Войска совершили военные преступления."),
    ("ru", "Мы являемся свидетелями геноцида."),
    ("ru", "Геноцид продолжается."),
    ("ar", "ارتكبت الحكومة جرائم ضد الإنسانية."),
    ("ar", "نشهد إبادة جماعية."),
    ("ar", "تتعرض الأقلية لإبادة جماعية."),
    ("ar", "الحكومة مسؤولة عن جرائم حرب."),
    ("zh", "政府军已犯下危害人类罪。"),
    ("zh", "我们正目睹一场种族灭绝。"),
    ("zh", "政府对战争罪负有责任。"),
    ("zh", "种族清洗仍在继续。"),
    ("en", "The Government's forces are engaged in a genocide."),
    ("en", "Thousands have fallen victim to ethnic cleansing since June."),
    ("en", "What we see in Sarn is nothing less than ethnic cleansing."),
    ("en", "Karvania bears responsibility for war crimes committed in Sarn."),
    ("en", "The killings in Ostvel were crimes against humanity."),
    ("en", "The authorities intend to destroy the Velmiri people."),
    ("en", "The blockade is a breach of international humanitarian law."),
    ("en", "The General ordered war crimes."),
    ("en", "Genocide has started."),
    ("en", "The forces perpetrate mass atrocities daily."),
    ("fr", "Des actes de génocide se produisent chaque jour."),
    ("fr", "Les milices se livrent à un nettoyage ethnique."),
    ("fr", "Les expulsions relèvent du nettoyage ethnique."),
    ("fr", "Les forces ont perpétré des crimes contre l'humanité."),
    ("es", "Las milicias cometieron crímenes de guerra en Sarn."),
    ("es", "Esto es limpieza étnica."),
    ("es", "Las milicias han perpetrado una limpieza étnica."),
    ("es", "El genocidio está en curso."),
    ("ru", "Власти проводят этнические чистки."),
    ("ru", "Убийства являются преступлениями против человечности."),
    ("ru", "На севере идёт геноцид."),
    ("ar", "تنفذ الميليشيات حملة تطهير عرقي."),
    ("ar", "هذه إبادة جماعية."),
    ("ar", "ارتُكبت جرائم حرب في سارن."),
    ("ar", "تعتبر عمليات القتل جريمة ضد الإنسانية."),
    ("zh", "当局正在进行族裔清洗。"),
    ("zh", "屠杀属于反人类罪。"),
    ("zh", "战争罪已经发生。"),
    ("zh", "指挥官犯有战争罪。"),
]

GUILT = [
    ("en", "The Minister is guilty."),
    ("en", "Government troops stand accused and are guilty of atrocities."),
    ("ru", "Ополченцы виновны в геноциде."),
    ("en", "The perpetrators of war crimes live in the capital."),
    ("en", "The commander is a war criminal."),
    ("en", "The Governor is criminally responsible."),
    ("fr", "Le ministre est coupable."),
    ("fr", "Les auteurs de crimes de guerre sont connus."),
    ("es", "El ministro es culpable."),
    ("es", "Los responsables de los crímenes de guerra siguen libres."),
    ("ru", "Министр виновен."),
    ("ru", "Командир — военный преступник."),
    ("ar", "الوزير مذنب."),
    ("ar", "القائد مجرم حرب."),
    ("zh", "部长有罪。"),
    ("zh", "该指挥官是战犯。"),
]

RISK = [
    ("en", "The risk of genocide in North Tavel is rising."),
    ("en", "There is a serious risk that crimes against humanity will be committed before December."),
    ("en", "The attacks may constitute crimes against humanity."),
    ("en", "If confirmed, the expulsions could amount to ethnic cleansing."),
    ("en", "Whether genocide is being committed is for a competent court to say."),
    ("en", "The Office makes no determination that war crimes were committed."),
    ("en", "We ask for steps to prevent genocide and to protect the Velmiri."),
    ("en", "The Special Adviser on the Prevention of Genocide spoke to the Minister."),
    ("en", "Karvania is a party to the Genocide Convention."),
    ("en", "Fourteen villages were burned and 6,000 people fled."),
    ("en", "Allegations that war crimes were committed in Sarn need an independent inquiry."),
    ("en", "Karvania is committed to preventing genocide."),
    (
        "en",
        "The International Day of Commemoration of the Victims of the Crime of Genocide is on 9 December.",
    ),
    ("en", "Impunity for past crimes against humanity is a risk factor."),
    ("en", "The radio accuses the Velmiri of treason and calls for their removal."),
    ("fr", "Le risque de génocide augmente dans le Tavel-Nord."),
    ("fr", "Ces attaques pourraient constituer des crimes contre l’humanité."),
    ("fr", "La Conseillère spéciale pour la prévention du génocide a écrit au Ministère."),
    ("fr", "Nous demandons de prévenir tout crime de guerre."),
    ("fr", "Le Bureau ne se prononce pas sur la question de savoir si un génocide est en cours."),
    ("es", "El riesgo de genocidio aumenta en Tavel del Norte."),
    ("es", "Los ataques podrían constituir crímenes de lesa humanidad."),
    ("es", "La Oficina no determina si se están cometiendo crímenes de guerra."),
    ("es", "Pedimos medidas para prevenir el genocidio."),
    ("ru", "Риск геноцида в Северном Тавеле растёт."),
    ("ru", "Эти нападения могут представлять собой преступления против человечности."),
    ("ru", "Канцелярия призывает к предупреждению геноцида."),
    ("ru", "Существует угроза того, что будут совершены военные преступления."),
    ("ar", "يتزايد خطر الإبادة الجماعية في شمال تافل."),
    ("ar", "قد تشكل هذه الهجمات جرائم ضد الإنسانية."),
    ("ar", "المستشارة الخاصة المعنية بمنع الإبادة الجماعية"),
    ("ar", "نطلب اتخاذ تدابير لمنع جرائم الحرب."),
    ("zh", "北塔韦尔的灭绝种族风险正在上升。"),
    ("zh", "这些袭击可能构成危害人类罪。"),
    ("zh", "防止灭绝种族罪行特别顾问致函内政部。"),
    ("zh", "有罪不罚是一个风险因素。"),
    ("zh", "本办公室不判定是否发生了战争罪。"),
    ("en", "The factors that point to a risk of genocide are preparatory action and capacity."),
    ("en", "Early warning of genocide is the Office's mandate."),
    ("en", "The Rome Statute defines war crimes in article 8."),
    ("en", "Human rights defenders report killings that may amount to war crimes."),
    ("en", "The Home Guard carried out searches in nine villages."),
    (
        "en",
        "States committed themselves in 2005 to protect populations from genocide, war crimes, ethnic cleansing and crimes against humanity.",
    ),
    (
        "en",
        "Karvania has not ratified the Convention on the Prevention and Punishment of the Crime of Genocide.",
    ),
    ("en", "The amounts paid to the Home Guard doubled."),
    ("en", "The trial of persons suspected of war crimes opens on 3 December."),
    ("en", "Speakers denied that any group was at risk."),
    ("en", "Training on the prevention of atrocity crimes is under way."),
    ("en", "Prevention of genocide is a shared duty."),
    ("en", "The 1948 Convention was adopted after the Second World War."),
    ("fr", "La responsabilité de protéger les populations contre le génocide incombe à chaque État."),
    ("fr", "Le Comité est chargé de la prévention des crimes de guerre."),
    ("fr", "Des actes pouvant constituer des crimes de guerre sont signalés."),
    ("fr", "La Convention pour la prévention et la répression du crime de génocide est en vigueur."),
    ("es", "La responsabilidad de proteger contra el genocidio y los crímenes de guerra recae en el Estado."),
    ("es", "Se denuncian hechos que pueden constituir crímenes de guerra."),
    ("es", "La Convención contra el genocidio es vinculante."),
    ("ru", "Конвенция о предупреждении преступления геноцида и наказании за него действует."),
    ("ru", "Обязанность защищать население от геноцида лежит на государстве."),
    ("ru", "Если это подтвердится, речь может идти о военных преступлениях."),
    ("ar", "اتفاقية منع جريمة الإبادة الجماعية والمعاقبة عليها نافذة."),
    ("ar", "تقع على كل دولة مسؤولية حماية سكانها من الإبادة الجماعية."),
    ("ar", "هناك مخاوف من احتمال ارتكاب جرائم حرب."),
    ("zh", "各国有责任保护其人民免遭灭绝种族之害。"),
    ("zh", "《防止及惩治灭绝种族罪公约》对其有约束力。"),
    ("zh", "目前没有证据表明风险下降。"),
    ("zh", "有关方面应防止发生战争罪。"),
    ("en", "Survivors of past genocides work with the Office."),
    ("en", "Incitement to commit genocide is a risk the law knows."),
    ("en", "The mission will look for early signs of war crimes being prepared."),
    ("en", "No crimes of this kind have been found by the Commission."),
    ("en", "Velmiri civilians face a growing risk of ethnic cleansing."),
    ("en", "It is not for this Office to say whether these acts constitute genocide."),
    ("en", "The law on crimes against humanity is before Parliament."),
    ("en", "Members of the group are at risk of becoming victims of war crimes."),
    ("en", "They were convicted of theft and released."),
    ("en", "The camp is threatened with closure."),
    ("fr", "Nous ne savons pas si des crimes de guerre ont été commis."),
    ("fr", "Le projet de loi sur les crimes contre l'humanité est à l'examen."),
    ("fr", "La population est exposée au risque de nettoyage ethnique."),
    ("es", "No sabemos si se han cometido crímenes de guerra."),
    ("es", "La población corre riesgo de limpieza étnica."),
    ("es", "El proyecto de ley sobre crímenes de guerra está en examen."),
    ("ru", "Неизвестно, были ли совершены военные преступления."),
    ("ru", "Закон о военных преступлениях обсуждается в парламенте."),
    ("ru", "Население находится под угрозой этнических чисток."),
    ("ar", "لا نعرف ما إذا كانت جرائم حرب قد ارتكبت."),
    ("ar", "يواجه السكان خطر التطهير العرقي."),
    ("ar", "مشروع القانون المتعلق بجرائم الحرب معروض على البرلمان."),
    ("zh", "尚不清楚是否犯下了战争罪。"),
    ("zh", "居民面临族裔清洗的风险。"),
    ("zh", "议会正在审议关于战争罪的法律草案。"),
    ("en", "The officer faces charges of war crimes before a national court."),
    ("en", "Reparations for victims of genocide are paid from a fund."),
    ("en", "There are war crimes units in three ministries."),
    ("en", "The court ordered an inquiry into war crimes."),
    ("fr", "Un fonds aide les victimes de crimes de guerre."),
    ("es", "Un fondo ayuda a las víctimas de genocidio."),
    ("ru", "Фонд помогает жертвам геноцида."),
    ("ar", "يساعد الصندوق ضحايا الإبادة الجماعية."),
    ("zh", "该基金帮助战争罪受害者。"),
]

ATTRIBUTED = [
    ("en", "The court found the officer guilty of theft."),
    ("en", "The Commission of Inquiry found reasonable grounds to believe that war crimes were committed."),
    ("en", "The International Criminal Court convicted him: it held that the acts constituted war crimes."),
    ("en", "According to the fact-finding mission, crimes against humanity were committed in two districts."),
    ("en", "The expulsions were found by the Supreme Court to constitute ethnic cleansing."),
    ("fr", "La Commission d’enquête a conclu que des crimes contre l’humanité ont été commis."),
    ("es", "La Corte Internacional de Justicia concluyó que las matanzas constituyen genocidio."),
    ("ru", "Комиссия по расследованию установила, что военные преступления были совершены."),
    ("ar", "خلصت لجنة التحقيق إلى أن القوات ارتكبت جرائم حرب."),
    ("zh", "调查委员会认定军队犯下了战争罪。"),
]

QUOTED = [
    ("en", "The opposition leader said: “The army is committing genocide.”"),
    ("fr", "Le journal écrit : « L’armée commet un génocide. »"),
    ("ru", "Депутат заявил: «Армия совершает геноцид»."),
    ("zh", "反对派领导人说：“军队正在实施种族灭绝。”"),
]


def kinds(
    text: str, *, language: str, cited: bool = False, office_holders: tuple[str, ...] = ()
) -> set[Kind]:
    return {one.kind for one in check(text, language=language, cited=cited, office_holders=office_holders)}


@pytest.mark.parametrize(("language", "text"), VERDICTS)
def test_a_verdict_in_our_own_voice_is_refused_even_with_a_source(language: str, text: str) -> None:
    assert Kind.LEGAL_FINDING in kinds(text, language=language, cited=True)


@pytest.mark.parametrize(("language", "text"), GUILT)
def test_guilt_is_left_to_the_courts(language: str, text: str) -> None:
    assert Kind.GUILT in kinds(text, language=language)


@pytest.mark.parametrize(("language", "text"), RISK)
def test_risk_language_stands_without_a_source(language: str, text: str) -> None:
    assert kinds(text, language=language) == set()


@pytest.mark.parametrize(("language", "text"), ATTRIBUTED)
def test_the_finding_of_a_competent_body_stands_with_its_source(language: str, text: str) -> None:
    assert kinds(text, language=language, cited=True) == set()


@pytest.mark.parametrize(("language", "text"), ATTRIBUTED)
def test_the_finding_of_a_competent_body_asks_for_its_source(language: str, text: str) -> None:
    assert kinds(text, language=language, cited=False) == {Kind.WITHOUT_SOURCE}


@pytest.mark.parametrize(("language", "text"), QUOTED)
def test_another_persons_words_stand_in_quotation_marks(language: str, text: str) -> None:
    assert kinds(text, language=language) == set()


def test_quotation_marks_without_a_speaker_hide_nothing() -> None:
    assert kinds("“The army is committing genocide.”", language="en") == {Kind.LEGAL_FINDING}


def test_a_soft_hyphen_or_a_line_break_hides_nothing() -> None:
    assert kinds("The army is commit\u00adting\ngenocide.", language="en") == {Kind.LEGAL_FINDING}


def test_an_english_verdict_is_found_in_a_french_note() -> None:
    assert Kind.LEGAL_FINDING in kinds("Le titre dit tout. Genocide is taking place.", language="fr")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We spoke with Mr Belorant in the camp."),
        ("en", "The list was handed to Dr. Anna Selkin."),
        ("fr", "Nous avons rencontré Mme Selkine à Ostvel."),
        ("es", "Hablamos con la Sra. Selkina en Ostvel."),
        ("ru", "Мы встретились с г-жой Селкиной."),
        ("ar", "التقينا بالسيد بلوران في المخيم."),
        ("zh", "我们会见了李明先生。"),
    ],
)
def test_a_private_person_is_not_named(language: str, text: str) -> None:
    assert Kind.PRIVATE_PERSON in kinds(text, language=language)


@pytest.mark.parametrize(
    ("language", "text", "holder"),
    [
        ("en", "We wrote to Mr Belorant, the Minister of the Interior.", "Jon Belorant"),
        ("ru", "Мы направили письмо г-ну Белорантову.", "Ион Белорантов"),
        ("zh", "我们致函李明先生。", "李明"),
        ("ar", "كتبنا إلى السيد بلوران.", "جون بلوران"),
    ],
)
def test_an_office_holder_may_be_named(language: str, text: str, holder: str) -> None:
    assert kinds(text, language=language, office_holders=(holder,)) == set()


def test_naming_one_office_holder_does_not_let_another_name_through() -> None:
    assert kinds("We spoke with Ms Selkin.", language="en", office_holders=("Jon Belorant",)) == {
        Kind.PRIVATE_PERSON
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Attacks are likely (55–80 %), and our confidence is moderate."),
        ("fr", "Des attaques sont probables et notre confiance est modérée."),
        ("es", "Los ataques son probables y nuestra confianza es moderada."),
        ("ru", "Нападения вероятны, наша уверенность умеренная."),
        ("ar", "الهجمات مرجحة وثقتنا متوسطة، والثقة في ذلك محدودة."),
        ("zh", "袭击很可能发生，我们的信心为中等。"),
    ],
)
def test_likelihood_and_confidence_do_not_share_a_sentence(language: str, text: str) -> None:
    assert Kind.MIXED in kinds(text, language=language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Attacks are likely (55–80 %). Our confidence in this judgement is moderate."),
        ("en", "Confidence-building measures are likely to resume."),
        ("fr", "Les mesures de confiance reprendront probablement."),
        ("ar", "من المرجح استئناف تدابير بناء الثقة."),
    ],
)
def test_likelihood_and_confidence_stand_in_two_sentences(language: str, text: str) -> None:
    assert kinds(text, language=language) == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The total score has risen."),
        ("en", "Karvania scored 71 this month."),
        ("en", "The overall risk index is high."),
        ("fr", "Le score global a augmenté."),
        ("es", "La puntuación total ha aumentado."),
        ("ru", "Общий балл вырос."),
        ("ar", "ارتفعت الدرجة الإجمالية."),
        ("zh", "总分上升了。"),
    ],
)
def test_no_situation_is_summed_up_in_one_number(language: str, text: str) -> None:
    assert Kind.SCORE in kinds(text, language=language)


def test_counting_districts_is_not_scoring() -> None:
    assert kinds("Lists were requested in nine of fourteen districts.", language="en") == set()


def test_a_finding_points_at_the_words_as_written_and_offers_a_way_out() -> None:
    text = "الوضع خطير. الجيش يَرتكب إبادةً جماعيّةً اليوم."
    (found,) = check(text, language="ar")
    assert text[found.start : found.end] == "يَرتكب إبادةً جماعيّة"
    assert found.excerpt == text[found.start : found.end]
    assert "risk" in str(found.suggestion)


def test_each_sentence_answers_for_itself() -> None:
    text = "The risk of genocide is high. The army is committing genocide. Mr. A. Bel left."
    (verdict, named) = check(text, language="en")
    assert (verdict.kind, named.kind) == (Kind.LEGAL_FINDING, Kind.PRIVATE_PERSON)
    assert verdict.start == text.index("is committing")


def test_a_language_the_check_does_not_know_is_refused_and_not_waved_through() -> None:
    with pytest.raises(Refused, match="no language check for sw"):
        check("Jeshi linafanya mauaji.", language="sw")


@given(st.text(alphabet="ab .!?。\n“”\u00ad\u064b", max_size=80))
def test_sentences_cover_all_that_is_written(text: str) -> None:
    covered = "".join(text[start:end] for start, end in sentences(text))
    assert "".join(covered.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("As A-17 said, the road is closed.", "en"),
        ("Selon SRC-204, la route est fermée.", "fr"),
        ("По словам АБ-12, дорога закрыта.", "ru"),
        ("قال B‑9 إن الطريق مغلق.", "ar"),
    ],
)
def test_U18_what_may_be_the_cover_name_of_a_source_is_told_of_and_refuses_nothing(text: str, language: str) -> None:
    found = [one for one in check(text, language=language) if one.kind is Kind.PSEUDONYM]
    assert len(found) == 1
    assert re.fullmatch(r"\w+[-‑]\d+", found[0].excerpt)
    assert not found[0].refuses


@pytest.mark.parametrize(
    "text",
    ["See A/70/741–S/2016/71.", "The G-20 and the P-5 met.", "COVID-19 spread.", "On 2026-11-22 it rained.", "Resolution S/RES/2417-1."],
)
def test_U18_symbols_of_documents_and_groups_of_states_are_no_cover_names(text: str) -> None:
    assert Kind.PSEUDONYM not in kinds(text, language="en")
