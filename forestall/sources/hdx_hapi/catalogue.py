"""Answers of the catalogue of HDX (CKAN): each file of a dataset as a finding, and when it was last changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from forestall.base.canonical import canonical_json
from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow, Envelope, Ignored
from forestall.collecting.cells import as_text, instant_of
from forestall.collecting.contract import Found, Source
from forestall.facts import Finding, FindingForm, Quality
from forestall.places import find

PASSING = (
    "fs_check_info", "is_fresh", "overdue_date", "due_date", "pageviews_last_14_days", "total_res_downloads", "update_status",
)  # fmt: skip
"""Fields that change without the data changing: counters of visitors, and what follows from today's date alone."""


def is_answer(value: object) -> bool:
    """Whether a JSON value is an answer of the catalogue: an envelope, a dataset, or a file of one."""
    if isinstance(value, list):
        return bool(value) and all(_is_dataset(one) for one in value)
    return isinstance(value, dict) and ("success" in value or _is_dataset(value) or _is_resource(value))


def _is_dataset(value: object) -> bool:
    return isinstance(value, dict) and "resources" in value and "name" in value


def _is_resource(value: object) -> bool:
    return isinstance(value, dict) and "package_id" in value and "url" in value


def findings(value: Any, *, source: Source) -> Iterator[Found]:
    """Every file that an answer names, and what the answer says of itself. Raises `Malformed` in the catalogue's words."""
    answer = _result(value)
    total = answer.get("count") if isinstance(answer, dict) else None
    row = 0
    changed: list[dict[str, str]] = []
    for dataset in _datasets(answer):
        files = dataset.get("resources") or [{}]
        for file in files:
            row += 1
            if not isinstance(file, dict) or not (file.get("id") or dataset.get("id")):
                yield BadRow(f"row {row}", say("It is no entry of a dataset."), canonical_json(file)[:1000])
                continue
            yield _finding(dataset, file, row, source)
            changed += [_change(file)] if file.get("id") else []
    yield Ignored(PASSING)
    yield Envelope(
        total=total if isinstance(total, int) else None,
        high=max((one["changed"] for one in changed), default=""),
        more=canonical_json(changed),
    )


def _result(value: Any) -> Any:
    if isinstance(value, dict) and "success" in value:
        if not value["success"]:
            error = value.get("error")
            said = error.get("message") or canonical_json(error) if isinstance(error, dict) else str(error)
            raise Malformed(say("The catalogue of HDX refused. It says: “%(said)s”.", said=str(said)[:200]))
        return value.get("result")
    return value


def _datasets(answer: Any) -> list[dict[str, Any]]:
    if isinstance(answer, dict) and isinstance(answer.get("results"), list):
        answer = answer["results"]
    if _is_resource(answer):
        answer = {"id": answer["package_id"], "resources": [answer]}
    listed = answer if isinstance(answer, list) else [answer]
    if not all(isinstance(one, dict) for one in listed):
        raise Malformed(say("The catalogue of HDX answered without a dataset."))
    return listed


def _change(file: Mapping[str, Any]) -> dict[str, str]:
    address = as_text(file.get("download_url")) or as_text(file.get("url"))
    return {
        "id": str(file["id"]),
        "changed": as_text(file.get("last_modified")),
        "url": address,
        "format": as_text(file.get("format")).lower(),
        "name": address.rpartition("/")[2],
    }


def _finding(dataset: Mapping[str, Any], file: Mapping[str, Any], row: int, source: Source) -> Finding:
    changed = _changed(file) or _changed(dataset)
    countries, unknown = _countries(dataset)
    own = {name: value for name, value in file.items() if name not in PASSING}
    around = {name: value for name, value in dataset.items() if name not in (*PASSING, "resources")}
    return Finding(
        source_id=source.id,
        external_id=f"resource:{file['id']}" if file.get("id") else f"dataset:{dataset['id']}",
        rank=changed.isoformat() if changed else "",
        form=FindingForm.DATASET,
        source_form=as_text(file.get("format")),
        title=" · ".join(part for part in (as_text(dataset.get("title")), as_text(file.get("name"))) if part),
        text="\n".join(
            part for part in (as_text(file.get("description")), as_text(dataset.get("notes"))) if part
        ),
        body=_publisher(dataset),
        countries=countries,
        themes=tuple(_named(dataset.get("tags"))),
        dated=changed.date() if changed else None,
        published_at=changed,
        url=as_text(file.get("download_url")) or as_text(file.get("url")),
        licence=_licence(dataset) or source.licence,
        flags=(Quality.COUNTRY_UNKNOWN,) if unknown else (),
        row=row,
        own={**own, "dataset": around},
    )


def _changed(entry: Mapping[str, Any]) -> datetime | None:
    found = instant_of(as_text(entry.get("last_modified")) or as_text(entry.get("metadata_modified")))
    return found.astimezone(UTC) if found else None


def _countries(dataset: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
    """Codes of the countries that a dataset is filed under, and whether one is filed under a name nobody knows."""
    codes = [name.upper() for name in _named(dataset.get("groups")) if name.lower() != "world"]
    return tuple(code for code in codes if find(code) == [code]), any(find(code) != [code] for code in codes)


def _named(entries: object) -> list[str]:
    listed = entries if isinstance(entries, list) else []
    return [as_text(one.get("name")) for one in listed if isinstance(one, dict) and one.get("name")]


def _publisher(dataset: Mapping[str, Any]) -> str:
    office = dataset.get("organization")
    title = as_text(office.get("title")) if isinstance(office, dict) else ""
    return title or as_text(dataset.get("dataset_source"))


def _licence(dataset: Mapping[str, Any]) -> str:
    return as_text(dataset.get("license_other")) or as_text(dataset.get("license_title"))
