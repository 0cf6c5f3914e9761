"""How fast what arrives is kept: items as an office receives them, end to end, and a bulk file beside its bare reader.

Four in ten come by feed, three as a mail with a PDF, three as rows of a table; each is flushed to the disk with its
revision and its entry, and the suggesters read every text. As in an office the mails are the worker's, and another
process asks; both write to one home. The file of events is made up, with as many different names
and places as a real one has.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from forestall.base.clock import now
from forestall.base.home import Kind, create, open_home
from forestall.cli.command import migrate, set_up

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

    from forestall.access.session import Session
    from forestall.collecting.asking import Request
    from forestall.collecting.enquiry import Reply

FEED, MAIL = 0.4, 0.3
ENTRIES = 50
"""Of one feed."""
ROWS = 100
"""Of one table."""
BEFORE = 10
"""Of each kind, before the clock starts."""
ROUNDS = 9
"""Of a pair: the bare reader and ours, one after the other, so that whatever else the machine does befalls both."""
_WORDS = ["market", "road", "district", "river", "council", "elders", "school", "clinic", "families", "village", "patrol", "checkpoint", "identity", "lists", "radio", "speech", "guards", "convoy", "shelter", "water", "harvest", "border", "crossing", "meeting", "statement", "region", "province", "office", "report", "night", "morning", "fire", "houses", "people", "children", "women", "traders", "farmers", "herders", "officials", "observers", "soldiers", "militia", "fled", "closed"]


def measure(*, items: int, rows: int) -> dict[str, Any]:
    """Items a second end to end, counted as they arrive and, a mail's paper apart, as they are kept; and rows a second of a file of events, beside the bare reader, the middle of `ROUNDS`."""
    chance = random.Random(7)  # noqa: S311 - the same made-up texts each time
    with tempfile.TemporaryDirectory(prefix="forestall-bench-") as folder:
        place = Path(folder)
        set_up(create(place / "home", kind=Kind.EXERCISE))
        migrate()
        kept, seconds = _collected(place / "home", *_made(place, chance, items))
        events = _events(place, chance, rows)
    return {
        "items": items, "kept": kept, "seconds": round(seconds, 1), "items_per_second": round(items / seconds, 1),
        "kept_per_second": round(kept / seconds, 1), **events,
    }  # fmt: skip


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(words)).capitalize() + "."


def _made(place: Path, chance: random.Random, items: int) -> tuple[list[Path], list[bytes], list[bytes]]:
    """Two folders of mails, pages of feeds and tables: so many items in all, and before them one lot of each to begin with."""
    mails, entries = round(items * MAIL), round(items * FEED)
    folders = [_folder(chance, place / "first", range(BEFORE)), _folder(chance, place / "mails", range(BEFORE, BEFORE + mails))]
    feeds = [_feed(chance, first, count) for first, count in _lots(entries, ENTRIES)]
    tables = [_table(chance, first, count) for first, count in _lots(items - mails - entries, ROWS)]
    return folders, feeds, tables


def _folder(chance: random.Random, place: Path, numbers: Iterable[int]) -> Path:
    place.mkdir()
    for number in numbers:
        (place / f"{number:06}.eml").write_bytes(_mail(chance, number))
    return place


def _lots(count: int, size: int) -> Iterator[tuple[int, int]]:
    """The first number and the length of each lot: one of `BEFORE`, then `count` in lots of `size`."""
    yield 0, BEFORE
    for first in range(0, count, size):
        yield BEFORE + first, min(size, count - first)


def _mail(chance: random.Random, number: int) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"office-{number % 40}@mission.example.org", "inbox@office.example.org"
    mail["Subject"], mail["Message-ID"] = _text(chance, 6), f"<{number}@mission.example.org>"
    mail["Date"] = (now() - timedelta(hours=number % 500)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    mail.set_content(_text(chance, 60))
    mail.add_attachment(_pdf(_text(chance, 40)), maintype="application", subtype="pdf", filename=f"report-{number}.pdf")
    return mail.as_bytes()


def _pdf(text: str) -> bytes:
    """One page with one line of text."""
    shown = f"BT /F1 9 Tf 40 780 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 2400 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (table, len(out))


def _feed(chance: random.Random, first: int, count: int) -> bytes:
    entries = "".join(
        f"<item><title>{_text(chance, 7)}</title><guid>told-{first + n}</guid><link>https://herald.example.org/{first + n}</link>"
        f"<pubDate>{now():%a, %d %b %Y %H:%M:%S} +0000</pubDate><description>{_text(chance, 60)}</description></item>"
        for n in range(count)
    )
    return f"<rss version='2.0'><channel><title>Valley Herald</title><language>en</language>{entries}</channel></rss>".encode()


def _table(chance: random.Random, first: int, count: int) -> bytes:
    head = "id,type_of_violence,country_id,date_start,date_end,low,best,high,side_a,side_b,source_headline"
    lines = [
        f"{first + n},3,625,{now():%Y-%m-%d},{now():%Y-%m-%d},0,{chance.randrange(9)},9,Column,Civilians,{_text(chance, 20)}"
        for n in range(count)
    ]
    return "\n".join([head, *lines, ""]).encode()


class _Pages:
    """A producer that has these pages and gives one to each request."""

    def __init__(self, pages: list[bytes]) -> None:
        self._pages, self.requests = pages, 0

    def ask(self, request: Request) -> Reply:
        """The next page; nothing is there when all were given."""
        from forestall.collecting.enquiry import Reply

        self.requests += 1
        return Reply(200, {}, self._pages.pop(0), now()) if self._pages else Reply(404, {}, b"", now())


def _collected(home: Path, mails: list[Path], feeds: list[bytes], tables: list[bytes]) -> tuple[int, float]:
    """Collect everything as an office does: the worker takes in the mails, and beside it another process asks.

    Returns how many items and facts came, and the seconds. Both have done one of each kind before the clock starts, as
    processes have that run for weeks.
    """
    from forestall.access.session import bound_to, system_reader

    spawned = get_context("spawn")
    start = spawned.Barrier(3, timeout=120)
    both = [
        spawned.Process(target=_work, args=(home, mails, start)),
        spawned.Process(target=_ask, args=(home, feeds, tables, start)),
    ]
    for one in both:
        one.start()
    start.wait()
    with bound_to(system_reader("collector", reason="a measurement")):
        before = _held()
    start.wait()
    began = time.monotonic()
    for one in both:
        one.join()
    seconds = time.monotonic() - began
    if any(one.exitcode for one in both):
        raise RuntimeError("one of the two processes ended before its work was done")
    with bound_to(system_reader("collector", reason="a measurement")):
        return _held() - before, seconds


def _held() -> int:
    from forestall.monitoring import holdings
    from forestall.monitoring.models import Item

    held = holdings.holding("ucdp-ged")
    return Item.objects.count() + (held.events if held else 0)


@contextmanager
def _beside(home: Path, start: Barrier) -> Iterator[Session]:
    """A process of the office, from its start to its end; whoever waits for it learns when it does not come so far."""
    try:
        set_up(open_home(home))
        from forestall.access.session import bound_to, system_reader

        with bound_to(system_reader("collector", reason="a measurement")) as by:
            yield by
    except BaseException:
        start.abort()
        raise


def _begin_together(start: Barrier) -> None:
    """Wait until all are ready, and once more until what is there is counted."""
    start.wait()
    start.wait()


def _work(home: Path, mails: list[Path], start: Barrier) -> None:
    """Take in folders of mails; the first before the clock starts."""
    with _beside(home, start) as by:
        from forestall.collecting.childprocess import Child
        from forestall.monitoring.actions.copies import Memory
        from forestall.monitoring.actions.intake import take_in
        from forestall.monitoring.suggesting import office_readers

        memory, readers = Memory(), office_readers()
        with Child() as files:
            for number, folder in enumerate(mails):
                taken = list(take_in(folder, by=by, readers=readers, child=files))
                memory.recognise([item for one in taken for item in one.items], by=by)
                if number == 0:
                    _begin_together(start)


def _ask(home: Path, feeds: list[bytes], tables: list[bytes], start: Barrier) -> None:
    """Ask for pages of feeds and take in tables; the first of both before the clock starts."""
    with _beside(home, start) as by:
        from forestall.collecting.childprocess import AnsweringChild
        from forestall.collecting.received import Received
        from forestall.monitoring.actions import collecting, copies, rereading
        from forestall.monitoring.suggesting import office_readers
        from forestall.sources import all_sources

        sources, readers, memory = all_sources(), office_readers(), copies.Memory()
        with AnsweringChild() as reader:

            def asked(pages: list[bytes]) -> None:
                while pages:
                    outcome = collecting.collect(sources["feeds"], by=by, asker=_Pages(pages), reader=reader, readers=readers)
                    memory.recognise(outcome.items, by=by)

            def taken(number: int) -> None:
                received = Received(f"GEDEvent_v26_0_{number % 12 + 1}.csv", tables[number], now())
                rereading.take_file(sources["ucdp-ged"], received, by=by, reader=reader, readers=readers)

            asked([feeds[0]])
            taken(0)
            _begin_together(start)
            asked(feeds[1:])
            for number in range(1, len(tables)):
                taken(number)


def _events(place: Path, chance: random.Random, rows: int) -> dict[str, Any]:
    """Rows of events to Parquet by us, and by the bare reader: both read all columns and write them."""
    content = b"".join(_lines(chance, rows))
    took = [
        (_seconds(_bare, content, place / f"bare-{n}.parquet"), _seconds(_ours, content, place / f"ours-{n}"))
        for n in range(ROUNDS)
    ]
    bare, ours = (median(one) for one in zip(*took, strict=True))
    return {
        "gdelt_rows": rows, "gdelt_mb": round(len(content) / 1e6), "gdelt_rows_per_second": round(rows / ours),
        "bare_rows_per_second": round(rows / bare), "gdelt_ratio_to_bare": round(median(o / b for b, o in took), 2),
    }  # fmt: skip


def _seconds(work: Any, content: bytes, place: Path) -> float:
    began = time.monotonic()
    work(content, place)
    return time.monotonic() - began


def _ours(content: bytes, place: Path) -> None:
    import pyarrow as pa

    from forestall.panel.factstore import Load, merge
    from forestall.sources.gdelt_events.eventrows import batches

    read = [batch for batch in batches(content, source_id="gdelt-events", licence="made up") if isinstance(batch, pa.RecordBatch)]
    load = Load("gdelt-events", 0, {"events": pa.Table.from_batches(read)}, "made up", now(), by_arrival=True)
    merge(place, None, load)


def _bare(content: bytes, place: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pyarrow import csv

    from forestall.sources.gdelt_events.columns import EVENT

    table = csv.read_csv(
        pa.BufferReader(content), read_options=csv.ReadOptions(column_names=EVENT),
        parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
    )  # fmt: skip
    pq.write_table(table, place, compression="zstd")


def _lines(chance: random.Random, rows: int) -> Iterator[bytes]:
    from forestall.sources.gdelt_events.columns import EVENT

    codes = ("010", "036", "042", "051", "090", "111", "130", "141", "173", "180", "190", "193", "1823", "202")
    at = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
    for number in range(rows):
        day, code = f"{at - timedelta(days=chance.randrange(3)):%Y%m%d}", chance.choice(codes)
        given = {
            "GLOBALEVENTID": str(1_300_000_000 + number), "SQLDATE": day, "MonthYear": day[:6], "Year": day[:4],
            "Actor1Name": f"ACTOR {chance.randrange(3000)}", "Actor2Name": f"ACTOR {chance.randrange(3000)}", "IsRootEvent": "1",
            "EventCode": code, "EventBaseCode": code[:3], "EventRootCode": code[:2], "QuadClass": "4", "GoldsteinScale": "-9.0",
            "NumMentions": str(chance.randrange(1, 60)), "NumSources": "1", "NumArticles": "4",
            "AvgTone": f"{chance.uniform(-10, 10):.12f}", "ActionGeo_Type": "4",
            "ActionGeo_FullName": f"Town {chance.randrange(20_000)}, Province {chance.randrange(300)}, Valley",
            "ActionGeo_CountryCode": chance.choice(("OD", "SU", "IZ", "NI", "US")), "ActionGeo_Lat": f"{chance.uniform(-60, 60):.4f}",
            "ActionGeo_Long": f"{chance.uniform(-170, 170):.4f}", "DATEADDED": f"{at:%Y%m%d%H%M%S}",
            "SOURCEURL": f"https://herald-{chance.randrange(500)}.example.org/{number}/story-{chance.randrange(10**6)}.html",
        }  # fmt: skip
        yield ("\t".join(given.get(name, "") for name in EVENT) + "\n").encode()
