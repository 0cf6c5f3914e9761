"""The form for monitors: it compiles, consent comes first, and an answer to it is known again."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from forestall.base.errors import Malformed
from forestall.cli.commands.forms import signs_of
from forestall.cli.main import main
from forestall.collecting.asking import BadRow
from forestall.collecting.childprocess import InProcess
from forestall.collecting.fieldreports import form, xlsform
from forestall.collecting.formats import workbook
from forestall.collecting.received import Received
from forestall.facts.vocabulary import event_types
from forestall.frameworks.loading import load
from forestall.sources import all_sources

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SIGNS = signs_of(load("unfaac-2014"))
ANSWERS = {
    "consent": "yes", "report/consent_scopes": "analyse contact_again", "report/report_kind": "precursor",
    "report/event_type": "threat", "report/event_date": "2026-11-19", "report/country": "SSD", "report/admin2": "AA0102",
    "report/exact_place": "Lower Ford", "report/risk_factors": "7", "report/indicators": "7.3 7.4",
    "report/what_happened": "The radio named them.", "report/how_known": "saw", "report/reporter_contact": "the tailor",
    "forestall_form": "forestall_field_report 1", "framework": "unfaac-2014 1",
}  # fmt: skip


@pytest.fixture(scope="module")
def compiled() -> xlsform.Compiled:
    return xlsform.compiled(xlsform.workbook(SIGNS))


def sheets(signs: form.Signs | None = None) -> dict[str, list[dict[str, str]]]:
    found = {}
    for sheet in workbook.read(xlsform.workbook(signs)).sheets:
        header, *rows = [row.cells for row in sheet.rows]
        found[sheet.name] = [dict(zip(header, row, strict=False)) for row in rows]
    return found


def test_the_form_compiles_with_a_framework_and_without(compiled):
    assert "forestall_field_report" in compiled.xform
    assert xlsform.compiled(xlsform.workbook()).warnings == compiled.warnings == ()


def test_consent_is_the_first_question_must_be_answered_and_everything_else_waits_for_a_yes():
    survey = sheets(SIGNS)["survey"]
    within = survey[survey.index(next(one for one in survey if one["type"] == "begin_group")) :]

    assert (survey[0]["name"], survey[0]["required"]) == ("consent", "yes")
    assert within[0]["relevant"] == "${consent} = 'yes'"
    outside = [one["type"] for one in survey if one not in within]
    assert outside == ["select_one yes_no", "note"]
    assert [one["type"] for one in within[within.index({**within[-1]}) :]] == ["calculate"]


def test_what_may_be_done_with_a_report_must_be_said():
    asked = {one["name"]: one for one in sheets()["survey"]}

    assert asked["consent_scopes"]["required"] == "yes"


def test_nothing_is_asked_that_a_telephone_would_tell_of_its_owner():
    types = {one["type"] for one in sheets(SIGNS)["survey"]}

    assert not types & {
        "deviceid",
        "username",
        "phonenumber",
        "simserial",
        "email",
        "audit",
        "geopoint",
        "start-geopoint",
    }


def test_every_fixed_question_and_choice_is_asked_in_six_languages():
    assert all(set(one.label) == set(form.LANGUAGES) for one in form.questions(SIGNS) if one.label)
    fixed = {name: found for name, found in form.choices().items() if name != "event_types"}
    assert all(
        one.label.get(language) for found in fixed.values() for one in found for language in form.LANGUAGES
    )


def test_its_types_of_events_are_those_of_the_vocabulary_and_its_indicators_those_handed_in():
    choices = sheets(SIGNS)["choices"]
    of = {
        name: [one["name"] for one in choices if one["list_name"] == name]
        for name in ("event_types", "indicators")
    }

    assert of["event_types"] == list(event_types())
    assert of["indicators"] == list(load("unfaac-2014").numbers)
    assert all(
        one["factor"] == one["name"].split(".")[0] for one in choices if one["list_name"] == "indicators"
    )


def test_a_form_that_does_not_compile_is_refused_with_the_compilers_words():
    with pytest.raises(Malformed, match="compile"):
        xlsform.compiled(xlsform.workbook(form.Signs("x", "1", (), ())))


@pytest.mark.parametrize("source", ["kobo", "odk"])
def test_an_answer_to_our_form_is_read_with_its_labels_and_its_signs_known_again(source):
    found = InProcess().read(Received("p.json", _page(source), NOW), source=all_sources()[source])
    record = found.records[0]

    assert form.recognised(record.native) == form.Recognised("threat", ("7.3", "7.4"), "unfaac-2014 1")
    assert "What kind of event is it?: Threat" in record.body
    assert "In which country or area?: South Sudan" in record.body
    assert record.identity["report/reporter_contact"] == "the tailor"
    assert record.identity["report/exact_place"] == "Lower Ford"
    assert "the tailor" not in record.body and "Lower Ford" not in record.body
    assert record.title == "Field report · Threat · AA0102 · 2026-11-20"


def _page(source: str) -> bytes:
    if source == "kobo":
        own = {"_id": 1, "_uuid": "u-1", "_submission_time": "2026-11-20T08:00:01"}
        return json.dumps(
            {"count": 1, "next": None, "previous": None, "results": [{**own, **ANSWERS}]}
        ).encode()
    report = {name.split("/")[1]: value for name, value in ANSWERS.items() if "/" in name}
    own = {"__id": "uuid:1", "__system": {"submissionDate": "2026-11-20T08:00:01.000Z", "edits": 0}}
    plain = {name: value for name, value in ANSWERS.items() if "/" not in name}
    return json.dumps({"value": [{**own, **plain, "report": report}]}).encode()


@pytest.mark.parametrize("language", sorted(form.LANGUAGES))
def test_an_export_with_our_labels_on_top_is_known_again_in_every_language(language):
    asked = {one.name: one for one in form.questions(SIGNS)}
    labels = {
        name: asked[name].label[language]
        for name in ("consent", "event_type", "what_happened", "reporter_contact")
    }
    yes = next(one.label[language] for one in form.choices()["yes_no"] if one.name == "yes")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([*labels.values(), "_uuid", "_submission_time"])
    writer.writerow([yes, "Threat", "The radio named them.", "the tailor", "u-1", "2026-11-20T08:00:01"])
    found = InProcess().read(Received("e.csv", out.getvalue().encode(), NOW), source=all_sources()["kobo"])

    assert form.recognised(found.records[0].native).event_type == "threat"
    assert found.records[0].identity == {"reporter_contact": "the tailor"}


def test_who_answers_no_to_our_form_is_set_aside():
    content = json.dumps([{"_uuid": "u-1", "consent": "no", "report/event_type": "threat"}]).encode()
    found = InProcess().read(Received("p.json", content, NOW), source=all_sources()["kobo"])

    assert (found.records, [type(one) for one in found.bad]) == ((), [BadRow])


def test_words_of_another_form_are_not_taken_for_ours():
    assert not form.recognised(
        {"incident/event_type": "hate_speech", "indicators": "many, about 7.3 percent"}
    )


def test_the_command_writes_the_form_and_says_what_it_asks_for(tmp_path, capsys):
    out = tmp_path / "form.xlsx"

    assert main(["forms", "xlsform", "--out", str(out), "--framework", "unfaac-2014"]) == 0
    assert f"with {len(SIGNS.indicators)} indicators of unfaac-2014" in capsys.readouterr().out
    assert xlsform.compiled(out.read_bytes()).xform


def test_the_command_names_the_frameworks_there_are_when_it_does_not_know_one(tmp_path, capsys):
    assert main(["forms", "xlsform", "--out", str(tmp_path / "form.xlsx"), "--framework", "none"]) == 2
    assert "unfaac-2014" in capsys.readouterr().err
    assert not (tmp_path / "form.xlsx").exists()
