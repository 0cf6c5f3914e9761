"""An invented note in English and Arabic, for tests and the gallery. Places, groups and people do not exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from forestall.base.words import say
from forestall.documents.sheet import Mark, Sentence, SignOff, Source

from .content import (
    AdvisoryNoteContent,
    Ask,
    Confidence,
    Factor,
    Likelihood,
    LikelihoodScale,
    LikelihoodTerm,
    Recommendation,
)

# The words and ranges of ICD 203 (Office of the Director of National Intelligence, analytic standards).
SCALE = LikelihoodScale(
    "ICD 203",
    (
        LikelihoodTerm(say("almost no chance"), 1, 5),
        LikelihoodTerm(say("very unlikely"), 5, 20),
        LikelihoodTerm(say("unlikely"), 20, 45),
        LikelihoodTerm(say("roughly even chance"), 45, 55),
        LikelihoodTerm(say("likely"), 55, 80),
        LikelihoodTerm(say("very likely"), 80, 95),
        LikelihoodTerm(say("almost certain"), 95, 99),
    ),
)
_DAY, _DECISION, _END = date(2026, 11, 22), date(2026, 11, 27), date(2027, 2, 20)
_SEVERE = (say("severe"), Mark.SEVERE)
_PRESENT = (say("present"), Mark.PRESENT)
_UNKNOWN = (say("no information"), Mark.NO_INFORMATION)
_ABSENT = (say("not present"), Mark.NOT_PRESENT)
_WORSE = (say("deteriorating"), Mark.DETERIORATING)
_BETTER = (say("improving"), Mark.IMPROVING)
_UNCLEAR = (say("unclear"), Mark.UNCLEAR)
_HIGH = (say("high"), Mark.CONFIDENCE_HIGH)
_MODERATE = (say("moderate"), Mark.CONFIDENCE_MODERATE)
_NOT_STATED = (say("not stated"), Mark.CONFIDENCE_NOT_STATED)
_JUDGED = (
    ("7", _SEVERE, _WORSE, _MODERATE),
    ("5", _PRESENT, _WORSE, _MODERATE),
    ("8", _PRESENT, _WORSE, _HIGH),
    ("9", _PRESENT, _WORSE, _HIGH),
    ("12", _UNKNOWN, _UNCLEAR, _NOT_STATED),
    ("14", _ABSENT, _BETTER, _MODERATE),
)


def _factors(*names: str) -> tuple[Factor, ...]:
    return tuple(
        Factor(number, name, *presence, *trend, *confidence)
        for name, (number, presence, trend, confidence) in zip(names, _JUDGED, strict=True)
    )


def _told(text: str, *citations: int) -> Sentence:
    return Sentence(text, citations=citations, href=f"/evidence/{citations[0]}/" if citations else "")


def english() -> AdvisoryNoteContent:
    """The note in English: it fits two pages and no check refuses it."""
    return AdvisoryNoteContent(
        number="2026/31",
        day=_DAY,
        language="en",
        level=2,
        exercise=True,
        from_="Special Adviser on the Prevention of Genocide",
        through="Chef de Cabinet",
        subject="Karvania: rising risk to the Velmiri population of North Tavel before 14 December",
        handling="Copy 1 of 3",
        ask=Ask(
            addressee="The Secretary-General",
            action="request the Interior Ministry of Karvania to suspend the household lists in North Tavel",
            decision_by=_DECISION,
            why="census results are published on 14 December and the lists can be used from that day",
        ),
        likelihood=Likelihood(
            event="armed groups attack Velmiri civilians in at least two districts of North Tavel",
            start=_DAY,
            end=_END,
            term=SCALE.terms[4],
            citations=(1, 2),
            href="/evidence/1/",
        ),
        confidence=Confidence(
            say("moderate"),
            "sources on arming and on the lists are several and independent, only one speaks of the lists being "
            "passed on, and two districts are closed to us",
        ),
        situation=(
            _told("Since September, Home Guard units in four districts have been armed and paid by them.", 1),
            _told("Household lists by declared language were requested in nine of fourteen districts.", 2),
            _told("Emergency decree 41 allows detention without charge for thirty days.", 3),
            _told("Two stations have stopped broadcasting in Velmiri.", 4),
        ),
        changed=(
            _told("Since 2 November, requests for lists have spread from five districts to nine.", 2),
            _told("A district official spoke on radio of cleaning the register before winter.", 4),
        ),
        populations=(
            _told(
                "About 41,000 Velmiri speakers, among them 6,000 displaced in three camps near Ostvel.", 2, 5
            ),
        ),
        factors=_factors(
            "Preparatory action",
            "Capacity",
            "Triggers",
            "Intergroup tensions",
            "Plan or policy",
            "Threats to aid",
        ),
        unknown=(
            _told("Whether the lists reach the Home Guard; one origin says so."),
            _told("What happens in Sarn and Upper Tavel, closed to us since 3 October."),
        ),
        mitigating=(
            _told("The mediation channel met on 16 November.", 5),
            _told("Convoys have reached Ostvel since 2 October.", 5),
        ),
        dissent=(
            _told(
                "One senior reviewer would judge preparatory action as present until a second origin confirms."
            ),
        ),
        recommendations=(
            Recommendation(
                "Quiet request to the Ministry.", lead="Special Adviser", by=_DECISION, asked=True
            ),
            Recommendation(
                "Regional forum on pay of the Home Guard.", lead="Regional office", by=date(2026, 12, 7)
            ),
            Recommendation("Presence in the camps.", lead="Resident Coordinator", by=date(2026, 12, 10)),
        ),
        scale=SCALE,
        sources=(
            Source(
                1, "Arming and pay of the Home Guard, four items", "B2", "three origins", "to 18 Nov 2026"
            ),
            Source(2, "Requests for household lists, seven items", "B2", "three origins", "to 19 Nov 2026"),
            Source(3, "Official gazette of Karvania", "A1", "gazette", "30 Sept 2026"),
            Source(4, "Radio monitoring, three items", "B2", "two origins", "to 17 Nov 2026"),
            Source(5, "Reports of the country team", "A2", "country team", "to 20 Nov 2026"),
        ),
        forecast=_told("One statistical model gives 41 % (28–56 %) for any month of that period.", 1),
        sign_offs=(
            SignOff(say("Drafted"), name="N. Arden", day=date(2026, 11, 19)),
            SignOff(say("First clearance"), "P. Lindqvist", acting_for="R. Okoth", day=date(2026, 11, 21)),
            SignOff(say("Second clearance")),
        ),
    )


def arabic() -> AdvisoryNoteContent:
    """The note in Arabic, shorter; it has a Latin name and figures in it, which must keep their order."""
    return replace(
        english(),
        language="ar",
        from_="المستشارة الخاصة المعنية بمنع الإبادة الجماعية",
        through="رئيسة الديوان",
        handling="النسخة 1 من 3",
        subject="كارفانيا: تزايد الخطر على سكان فلمير في تافل الشمالية قبل 14 كانون الأول/ديسمبر",
        ask=Ask(
            addressee="الأمين العام",
            action="أن تدعوا وزارة الداخلية في كارفانيا إلى تعليق قوائم الأسر المعيشية في تافل الشمالية",
            decision_by=_DECISION,
            why="تنشر نتائج التعداد في 14 كانون الأول/ديسمبر ويمكن استخدام القوائم اعتبارا من ذلك اليوم",
        ),
        likelihood=replace(
            english().likelihood, event="تهاجم جماعات مسلحة مدنيين من فلمير في مقاطعتين على الأقل"
        ),
        confidence=Confidence(
            say("moderate"), "المصادر متعددة ومستقلة، ولكن مصدرا واحدا يتحدث عن تسليم القوائم"
        ),
        situation=(
            _told("منذ أيلول/سبتمبر، جرى تسليح وحدات من الحرس الوطني في أربع مقاطعات.", 1),
            _told("ويجيز المرسوم رقم 41 (Decree 41) الاحتجاز دون تهمة لمدة 30 يوما.", 3),
        ),
        changed=(_told("منذ 2 تشرين الثاني/نوفمبر، ارتفع عدد المقاطعات من خمس إلى تسع.", 2),),
        populations=(_told("نحو 41,000 من سكان فلمير في أربع عشرة مقاطعة.", 2, 5),),
        factors=_factors(
            "الأعمال التحضيرية",
            "القدرة",
            "العوامل المفجرة",
            "التوترات بين الجماعات",
            "خطة أو سياسة",
            "تهديد المعونة",
        ),
        unknown=(_told("هل تصل القوائم إلى الحرس الوطني؛ يقول ذلك مصدر واحد."),),
        mitigating=(_told("اجتمعت قناة الوساطة في 16 تشرين الثاني/نوفمبر.", 5),),
        dissent=(_told("يرى أحد كبار المراجعين أن الأعمال التحضيرية حاضرة إلى أن يؤكد ذلك مصدر ثان."),),
        recommendations=(
            Recommendation("طلب هادئ إلى الوزارة.", lead="المستشارة الخاصة", by=_DECISION, asked=True),
            Recommendation("وجود الفريق القطري في المخيمات.", lead="المنسق المقيم", by=date(2026, 12, 10)),
        ),
        sources=(
            Source(1, "تسليح وحدات الحرس الوطني، أربعة بنود", "B2", "ثلاثة مصادر", "حتى 18/11/2026"),
            Source(2, "طلبات قوائم الأسر المعيشية، سبعة بنود", "B2", "ثلاثة مصادر", "حتى 19/11/2026"),
            Source(3, "الجريدة الرسمية لكارفانيا", "A1", "الجريدة", "30/9/2026"),
            Source(5, "تقارير الفريق القطري", "A2", "الفريق القطري", "حتى 20/11/2026"),
        ),
        forecast=None,
    )
